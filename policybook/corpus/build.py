"""From the manifest and the received bytes to a corpus of numbered, scoped passages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from policybook.corpus.blocks import Row, join_blocks
from policybook.corpus.boilerplate import label_boilerplate
from policybook.corpus.manifest import DocumentEntry, Override, load_manifest
from policybook.corpus.model import CODED, Corpus, table
from policybook.corpus.repair import Repairer, guess_script
from policybook.corpus.scope import Scope, ScopeRules
from policybook.corpus.sections import find_headings, sections
from policybook.corpus.segment import length, split_sentences
from policybook.corpus.selection import known_values
from policybook.corpus.vocabulary import Vocabulary, load_vocabulary
from policybook.project import Project
from policybook.reading.read import read_received


@dataclass(frozen=True)
class ReadDocument:
    """The rows of every table that one document fills."""

    document: Row
    passages: list[Row]
    boilerplate: list[Row]
    sentences: list[Row]
    blocks: list[Row]


def load_corpus(project: Project) -> Corpus:
    """Read, repair, split and scope every document of a project; nothing is coded yet.

    Raises InvalidDataError when data/ has mistakes and UnreadableDocumentError when a text cannot be read.
    """
    vocabulary = load_vocabulary(project)
    entries = load_manifest(project, vocabulary)
    return make_corpus(
        [(entry, (project.documents / entry.file).read_bytes()) for entry in entries], vocabulary, project
    )


def make_corpus(documents: Sequence[tuple[DocumentEntry, bytes]], vocabulary: Vocabulary, project: Project) -> Corpus:
    """Return the corpus of (entry, received bytes) pairs."""
    rules = ScopeRules(vocabulary)
    return join_documents(
        [read_document(entry, content, vocabulary, rules, project) for entry, content in documents], vocabulary
    )


def join_documents(read: Sequence[ReadDocument], vocabulary: Vocabulary) -> Corpus:
    """Return the corpus of documents that have been read."""
    return Corpus(
        documents=table("documents", (one.document for one in read)),
        passages=table("passages", (row for one in read for row in one.passages)),
        boilerplate=table("boilerplate", (row for one in read for row in one.boilerplate)),
        sentences=table("sentences", (row for one in read for row in one.sentences)),
        blocks=table("blocks", (row for one in read for row in one.blocks)),
        **{name: table(name, ()) for name in CODED},
        made_from=tuple(f"{one.document['document']} sha256:{one.document['sha256']}" for one in read),
        known=known_values(vocabulary, [str(one.document["document"]) for one in read]),
    )


def read_document(
    entry: DocumentEntry, content: bytes, vocabulary: Vocabulary, rules: ScopeRules, project: Project
) -> ReadDocument:
    """Return the table rows of one document, from the bytes received."""
    received = read_received(content, project.name(project.documents / entry.file))
    raw = received.paragraphs
    script = entry.script or guess_script("\n".join(raw), entry.language)
    repaired: list[str] = []
    repairs: Counter[str] = Counter()
    repairer = Repairer("\n".join(raw), entry.language, script)
    for paragraph in raw:
        fixed, counts = repairer.repair(paragraph)
        repaired.append(fixed)
        repairs += counts
    overrides = {number: override for override in entry.overrides for number in override.paragraphs}
    reasons = _apply_boilerplate_overrides(_boilerplate(repaired, received.furniture, entry.language), overrides)
    era = entry.era_in(vocabulary)
    running = {number: text for number, text in enumerate(repaired, 1) if number not in reasons}
    headings = find_headings(running, entry.language)
    under = sections(list(running), headings)
    passages: list[Row] = []
    sentences: list[Row] = []
    boilerplate: list[Row] = []
    for number, (before, after) in enumerate(zip(raw, repaired, strict=True), 1):
        base: Row = {
            "document": entry.id,
            "paragraph": number,
            "anchor": anchor(number),
            "text": after,
            "raw": before,
        }
        if number in reasons:
            boilerplate.append(base | {"reason": reasons[number]})
            continue
        identifier = f"{entry.id}:{anchor(number)}"
        spans = split_sentences(after, entry.language)
        scope = _scope(entry, after, [after[a:b] for a, b in spans], era, rules, overrides.get(number))
        section = {
            "section": tuple(anchor(heading) for heading in under[number]),
            "heading": headings[number].text if number in headings else None,
        }
        passages.append(base | {"passage": identifier, **scope.__dict__, "overridden": number in overrides} | section)
        sentences.extend(
            {
                "sentence": f"{identifier}.{n}",
                "passage": identifier,
                "document": entry.id,
                "number": n,
                "start": start,
                "end": end,
                "text": after[start:end],
                "length": length(after[start:end], entry.language),
            }
            for n, (start, end) in enumerate(spans, 1)
        )
    blocks = list(join_blocks(entry.id, entry.language, passages, sentences))
    document: Row = entry.model_dump(exclude={"overrides"}) | {
        "document": entry.id,
        "script": script,
        "era": era,
        "places": entry.default_places,
        "format": received.format,
        "encoding": received.encoding,
        "warnings": received.warnings,
        "characters": sum(map(len, raw)),
        "paragraphs": len(raw),
        "repairs": dict(repairs),
        "notes": tuple(entry.notes),
    }
    return ReadDocument(document, passages, boilerplate, sentences, blocks)


def rescope_document(
    read: ReadDocument, entry: DocumentEntry, vocabulary: Vocabulary, rules: ScopeRules
) -> ReadDocument:
    """Return a document that was read without overrides as `entry` says: same id, language, script."""
    texts: dict[object, list[str]] = {}
    for sentence in read.sentences:
        texts.setdefault(sentence["passage"], []).append(str(sentence["text"]))
    era = entry.era_in(vocabulary)
    passages = [
        row | _scope(entry, str(row["text"]), texts.get(row["passage"], []), era, rules, None).__dict__
        for row in read.passages
    ]
    sentences = [dict(row) for row in read.sentences]
    blocks = list(join_blocks(entry.id, entry.language, passages, sentences))
    document = read.document | entry.model_dump(exclude={"overrides", "script"})
    document |= {"era": era, "places": entry.default_places, "notes": tuple(entry.notes)}
    return ReadDocument(document, passages, read.boilerplate, sentences, blocks)


def anchor(paragraph: int) -> str:
    """Return the address of a paragraph within its page: p07."""
    return f"p{paragraph:02d}"


def _boilerplate(repaired: Sequence[str], furniture: Mapping[int, str], language: str) -> dict[int, str]:
    """Return the reasons that the format gives, and those of the general rules for the paragraphs that are left."""
    if len(furniture) == len(repaired):
        return label_boilerplate(repaired, language)
    left = [number for number in range(1, len(repaired) + 1) if number not in furniture]
    found = label_boilerplate([repaired[number - 1] for number in left], language)
    return dict(furniture) | {left[number - 1]: reason for number, reason in found.items()}


def _apply_boilerplate_overrides(reasons: dict[int, str], overrides: Mapping[int, Override]) -> dict[int, str]:
    for number, override in overrides.items():
        if override.boilerplate:
            reasons[number] = override.why
        elif override.boilerplate is False:
            reasons.pop(number, None)
    return reasons


def _scope(
    entry: DocumentEntry,
    text: str,
    sentences: Sequence[str],
    era: str,
    rules: ScopeRules,
    override: Override | None,
) -> Scope:
    plan = entry.text_of or rules.plan(text, entry.plan)  # a plan's own text stays its own, whatever it names
    places = rules.places(sentences, entry.speaker, entry.default_places)
    level = rules.level(text)
    if override:
        plan = override.plan or plan
        places = tuple(override.places) if override.places is not None else places
        level = level if override.level is None else None if override.level == "none" else override.level
        era = override.era or era
    return Scope(plan, era, places, level)
