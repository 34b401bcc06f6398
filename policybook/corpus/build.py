"""Received documents become one corpus: repaired, scoped, cut into sentences and blocks."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from policybook.corpus.corpus import CODED, Corpus, known_values, records, table
from policybook.corpus.furniture import ENDS_A_SENTENCE, label_boilerplate
from policybook.corpus.manifest import DocumentEntry, Override, load_manifest
from policybook.corpus.repair import Repairer, for_matching, full_width_marks, guess_script
from policybook.corpus.scope import Scope, ScopeRules, Vocabulary, load_vocabulary
from policybook.corpus.sentences import find_headings, language_of, length, sections, split_sentences
from policybook.project import Project, read_file
from policybook.reading.read import read_received
from policybook.reading.received import Received, join_wrapped

#: A block closes when it holds this many English words or Chinese characters.
BLOCK_LENGTH: Mapping[str, int] = {"en": 60, "zh": 100}

BlockRow = dict[str, object]


def join_blocks(document: object, language: str, passages: list[BlockRow], sentences: list[BlockRow],
                full: int | None = None) -> Iterator[BlockRow]:  # fmt: skip
    """Join consecutive sentences of one scope into blocks, and note in each sentence which block it is in.

    A block closes when it holds `full` English words or Chinese characters; by default BLOCK_LENGTH.
    A rest shorter than half a block that follows a block of the same scope joins that block.
    """
    scopes = {row["passage"]: (row["plan"], row["era"], row["places"], row["level"]) for row in passages}
    full = full or BLOCK_LENGTH[language]
    groups: list[list[BlockRow]] = []
    size, scope = 0, None
    for sentence in sentences:
        if scope != scopes[sentence["passage"]] or size >= full:
            groups.append([])
            size, scope = 0, scopes[sentence["passage"]]
        groups[-1].append(sentence)
        size += int(str(sentence["length"]))
    merged: list[list[BlockRow]] = []
    for group in groups:
        short = sum(int(str(s["length"])) for s in group) * 2 < full
        if short and merged and scopes[merged[-1][-1]["passage"]] == scopes[group[0]["passage"]]:
            merged[-1].extend(group)
        else:
            merged.append(group)
    for number, group in enumerate(merged, 1):
        identifier = f"{document}:b{number:02d}"
        for sentence in group:
            sentence["block"] = identifier
        plan, era, places, level = scopes[group[0]["passage"]]
        size = sum(int(str(s["length"])) for s in group)
        yield {"block": identifier, "document": document, "number": number, "plan": plan, "era": era, "places": places,
               "level": level, "sentences": len(group), "length": size}  # fmt: skip


@dataclass(frozen=True)
class ReadDocument:
    """The rows of every table that one document fills."""

    document: BlockRow
    passages: list[BlockRow]
    boilerplate: list[BlockRow]
    sentences: list[BlockRow]
    blocks: list[BlockRow]


def load_corpus(project: Project) -> Corpus:
    """Read, repair, split and scope every document of a project; nothing is coded yet.

    Raises InvalidDataError when data/ has mistakes and UnreadableDocumentError when a text cannot be read.
    """
    vocabulary = load_vocabulary(project)
    entries = load_manifest(project, vocabulary)
    return make_corpus([(entry, read_file(project.documents / entry.file)) for entry in entries], vocabulary, project)


def make_corpus(documents: Sequence[tuple[DocumentEntry, bytes]], vocabulary: Vocabulary, project: Project) -> Corpus:
    """Return the corpus of (entry, received bytes) pairs."""
    rules = ScopeRules(vocabulary)
    return join_documents([read_document(entry, content, vocabulary, rules, project) for entry, content in documents],
                          vocabulary)  # fmt: skip


def join_documents(read: Sequence[ReadDocument], vocabulary: Vocabulary) -> Corpus:
    """Return the corpus of documents that have been read."""
    return Corpus(documents=table("documents", (one.document for one in read)),
                  passages=table("passages", (row for one in read for row in one.passages)),
                  boilerplate=table("boilerplate", (row for one in read for row in one.boilerplate)),
                  sentences=table("sentences", (row for one in read for row in one.sentences)),
                  blocks=table("blocks", (row for one in read for row in one.blocks)),
                  **{name: table(name, ()) for name in CODED},
                  made_from=tuple(f"{one.document['document']} sha256:{one.document['sha256']}" for one in read),
                  known=known_values(vocabulary, [str(one.document["document"]) for one in read]))  # fmt: skip


def read_document(entry: DocumentEntry, content: bytes, vocabulary: Vocabulary, rules: ScopeRules,
                  project: Project) -> ReadDocument:  # fmt: skip
    """Return the table rows of one document, from the bytes received."""
    received = read_received(content, project.name(project.documents / entry.file))
    whole = "\n".join(received.paragraphs)
    script = entry.script or guess_script(whole, entry.language)
    overrides = {number: override for override in entry.overrides for number in override.paragraphs}
    raw = _lines_of_paragraphs(received, overrides)
    repaired: dict[int, str] = {}
    repairs: Counter[str] = Counter({"joined_line": len(received.paragraphs) - len(raw)})
    repairer = Repairer(whole, entry.language, script)
    for number, lines in raw.items():
        repaired[number], counts = repairer.repair(join_wrapped(lines))
        repairs += counts
    plain = {number: for_matching(text, script) for number, text in repaired.items()}
    reasons = _apply_boilerplate_overrides(_boilerplate(plain, received.furniture, entry.language), overrides)
    era = entry.era_in(vocabulary)
    running = {number: text for number, text in plain.items() if number not in reasons}
    elsewhere = rules.elsewhere(entry.speaker, "\n".join(running.values()))
    headings = find_headings(running, entry.language)
    under = sections(list(running), headings)
    passages: list[BlockRow] = []
    sentences: list[BlockRow] = []
    boilerplate: list[BlockRow] = []
    for number, after in repaired.items():
        place: BlockRow = {"document": entry.id, "paragraph": number, "anchor": anchor(number)}
        base = place | {"text": after, "raw": "\n".join(raw[number])}
        if number in reasons:
            boilerplate.append(base | {"reason": reasons[number]})
            continue
        identifier = f"{entry.id}:{anchor(number)}"
        spans = split_sentences(after, language_of(after, entry.language))
        scope = _scope(entry, plain[number], [plain[number][a:b] for a, b in spans], era, rules, overrides.get(number),
                       elsewhere=elsewhere)  # fmt: skip
        section = {"section": tuple(anchor(heading) for heading in under[number]),
                   "heading": _as_shown(headings[number].text, plain[number], after) if number in headings else None}
        passages.append(base | {"passage": identifier, **scope.__dict__, "overridden": number in overrides} | section)
        sentences += _sentence_rows(entry.id, identifier, after, spans, entry.language)
    blocks = list(join_blocks(entry.id, entry.language, passages, sentences))
    document: BlockRow = entry.model_dump(exclude={"overrides"}) | {
        "document": entry.id, "script": script, "era": era, "places": entry.default_places,
        "format": received.format, "encoding": received.encoding, "warnings": received.warnings,
        "characters": sum(map(len, received.paragraphs)), "paragraphs": len(received.paragraphs),
        "repairs": dict(repairs), "notes": tuple(entry.notes),
    }  # fmt: skip
    return ReadDocument(document, passages, boilerplate, sentences, blocks)


def _as_shown(part: str, plain: str, shown: str) -> str:
    """Return the part of a text as shown that stands where a part of its plain form does."""
    start = plain.find(part)
    return shown[start : start + len(part)]


def _sentence_rows(document: str, passage: str, text: str, spans: Sequence[tuple[int, int]],
                   language: str) -> Iterator[BlockRow]:  # fmt: skip
    for n, (start, end) in enumerate(spans, 1):
        sentence = text[start:end]
        yield {"sentence": f"{passage}.{n}", "passage": passage, "document": document, "number": n, "start": start,
               "end": end, "text": sentence, "length": length(sentence, language)}  # fmt: skip


def rescope_document(read: ReadDocument, entry: DocumentEntry, vocabulary: Vocabulary,
                     rules: ScopeRules) -> ReadDocument:  # fmt: skip
    """Return a document that was read without overrides as `entry` says: same id, language, script."""
    texts: dict[object, list[str]] = {}
    script = str(read.document["script"])
    for sentence in read.sentences:
        texts.setdefault(sentence["passage"], []).append(for_matching(str(sentence["text"]), script))
    era = entry.era_in(vocabulary)
    plain = [for_matching(str(row["text"]), script) for row in read.passages]
    elsewhere = rules.elsewhere(entry.speaker, "\n".join(plain))
    passages = [row | _scope(entry, text, texts.get(row["passage"], []), era, rules, None, elsewhere=elsewhere).__dict__
                for row, text in zip(read.passages, plain, strict=True)]  # fmt: skip
    sentences = [dict(row) for row in read.sentences]
    blocks = list(join_blocks(entry.id, entry.language, passages, sentences))
    document = read.document | entry.model_dump(exclude={"overrides", "script"})
    document |= {"era": era, "places": entry.default_places, "notes": tuple(entry.notes)}
    return ReadDocument(document, passages, read.boilerplate, sentences, blocks)


def anchor(paragraph: int) -> str:
    """Return the address of a paragraph within its page: p07."""
    return f"p{paragraph:02d}"


def _lines_of_paragraphs(received: Received, overrides: Container[int]) -> dict[int, list[str]]:
    """Return paragraph number → its lines; a line that runs on is of an earlier one, unless an override names it."""
    lines: dict[int, list[str]] = {}
    first: dict[int, int] = {}
    for number, line in enumerate(received.paragraphs, 1):
        start = number if number in overrides else received.runs_on.get(number, number)
        first[number] = first.get(start, start)
        lines.setdefault(first[number], []).append(line)
    return lines


def _boilerplate(repaired: Mapping[int, str], furniture: Mapping[int, str], language: str) -> dict[int, str]:
    """Return the reasons that the format gives, and those of the general rules for the paragraphs that are left."""
    reasons = {number: reason for number, reason in furniture.items() if number in repaired}
    if len(reasons) == len(repaired):
        reasons = {}
    left = [number for number in repaired if number not in reasons]
    found = label_boilerplate([repaired[number] for number in left], language)
    numbered = {left[n - 1]: re.sub(r"\d+", lambda m: str(left[int(m.group()) - 1]), reason)
                for n, reason in found.items()}  # fmt: skip
    return reasons | numbered


def _apply_boilerplate_overrides(reasons: dict[int, str], overrides: Mapping[int, Override]) -> dict[int, str]:
    for number, override in overrides.items():
        if override.boilerplate:
            reasons[number] = override.why
        elif override.boilerplate is False:
            reasons.pop(number, None)
    return reasons


def _scope(entry: DocumentEntry, text: str, sentences: Sequence[str], era: str, rules: ScopeRules,
           override: Override | None, *, elsewhere: bool) -> Scope:  # fmt: skip
    plan = entry.text_of or rules.plan(text, entry.plan)  # a plan's own text stays its own, whatever it names
    places = rules.places(sentences, entry.speaker, entry.default_places, elsewhere=elsewhere)
    level = rules.level(text)
    if override:
        plan = override.plan or plan
        places = tuple(override.places) if override.places is not None else places
        level = level if override.level is None else None if override.level == "none" else override.level
        era = override.era or era
    return Scope(plan, era, places, level)


def reblock(corpus: Corpus, lengths: Mapping[str, int] = BLOCK_LENGTH) -> Corpus:
    """Return the corpus with its sentences joined anew into blocks of `lengths`, by language; what is coded is kept."""
    blocks: list[BlockRow] = []
    sentences: list[BlockRow] = []
    passages_of, sentences_of = (_rows_by_document(rows) for rows in (corpus.passages, corpus.sentences))
    for document in records(corpus.documents):
        passages, own = passages_of[document.document], sentences_of[document.document]
        blocks += join_blocks(document.document, document.language, passages, own, lengths[document.language])
        sentences += own
    block_of = {str(row["sentence"]): str(row["block"]) for row in sentences}
    coded = {name: getattr(corpus, name) for name in CODED}
    return replace(
        corpus, blocks=table("blocks", blocks), sentences=table("sentences", sentences),
        made_from=(*corpus.made_from, f"blocks of {dict(lengths)}"),
        **{name: rows.assign(block=rows["sentence"].map(block_of)) for name, rows in coded.items()},
    )  # fmt: skip


def in_print(corpus: Corpus) -> Corpus:
    """Return the corpus with its Chinese in full-width punctuation (see full_width_marks), counted as a repair.

    Ids and offsets stay, `raw` too; so do documents in another language.
    """
    chinese = corpus.documents.loc[corpus.documents["language"] == "zh", "document"]
    if chinese.empty:
        return corpus
    texts: dict[str, str] = {}
    made: Counter[str] = Counter()
    for row in records(corpus.passages[corpus.passages["document"].isin(chinese)]):
        texts[row.passage], times = full_width_marks(row.text)
        made[row.document] += times
    sentences = {row.sentence: texts[row.passage][row.start : row.end] if row.passage in texts else row.text
                 for row in records(corpus.sentences)}  # fmt: skip

    def put(rows: pd.DataFrame, column: str, value: Callable[[Any], object]) -> pd.DataFrame:
        return rows.assign(**{column: pd.Series([*map(value, records(rows))], rows.index, dtype=object)})

    def heading(row: Any) -> str | None:
        return full_width_marks(row.heading)[0] if row.heading and row.passage in texts else row.heading

    def repairs(row: Any) -> dict[str, int]:
        return {**row.repairs, **({"full_width_mark": made[row.document]} if made[row.document] else {})}

    tables: dict[str, Any] = {name: put(getattr(corpus, name), "text", lambda row: (
        sentences[row.sentence][row.start : row.end])) for name in CODED}  # fmt: skip
    tables["sentences"] = put(corpus.sentences, "text", lambda row: sentences[row.sentence])
    tables["passages"] = put(put(corpus.passages, "text", lambda row: texts.get(row.passage, row.text)),
                             "heading", heading)  # fmt: skip
    return replace(corpus, documents=put(corpus.documents, "repairs", repairs), **tables)


def without_headings(corpus: Corpus) -> Corpus:
    """Return the corpus without passages that hold no end of a sentence: headings, captions, lists of names."""
    kept = corpus.passages[[bool(ENDS_A_SENTENCE.search(text)) for text in corpus.passages["text"]]]
    coded = {name: getattr(corpus, name) for name in ("sentences", *CODED)}
    smaller = replace(
        corpus, passages=kept, made_from=(*corpus.made_from, "without passages that hold no end of a sentence"),
        **{name: rows[rows["passage"].isin(kept["passage"])] for name, rows in coded.items()},
    )  # fmt: skip
    return reblock(smaller)


def with_all_paragraphs(corpus: Corpus) -> Corpus:
    """Return the corpus, not coded, with every paragraph a passage: nothing is boilerplate.

    A paragraph that was boilerplate has the scope of its document.
    """
    documents = {row.document: row for row in records(corpus.documents)}
    passages, sentences = _rows(corpus.passages), _rows(corpus.sentences)
    for row in records(corpus.boilerplate):
        document = documents[row.document]
        identifier = f"{row.document}:{row.anchor}"
        scope = {"plan": document.plan, "era": document.era, "places": document.places, "level": None}
        passages.append({**row._asdict(), "passage": identifier, **scope, "overridden": False})
        spans = split_sentences(row.text, language_of(row.text, document.language))
        sentences += _sentence_rows(row.document, identifier, row.text, spans, document.language)
    paragraphs = {str(row["passage"]): int(row["paragraph"]) for row in passages}
    order = {document: n for n, document in enumerate(documents)}
    passages.sort(key=lambda row: (order[row["document"]], row["paragraph"]))
    sentences.sort(key=lambda row: (order[row["document"]], paragraphs[row["passage"]], row["number"]))
    uncoded: dict[str, Any] = {name: table(name, ()) for name in CODED}
    complete = replace(corpus, passages=table("passages", passages), sentences=table("sentences", sentences),
                       boilerplate=table("boilerplate", ()), made_from=(*corpus.made_from, "with every paragraph"),
                       **uncoded)  # fmt: skip
    return reblock(complete)


def _rows(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as new dictionaries."""
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


def _rows_by_document(rows: pd.DataFrame) -> defaultdict[str, list[dict[str, Any]]]:
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in _rows(rows):
        found[row["document"]].append(row)
    return found
