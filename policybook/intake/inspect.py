"""All that is known of a document, added or not."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from policybook.coding.code import Coding, code_corpus, load_coding
from policybook.coding.quantities import misread_digits
from policybook.corpus.build import join_documents, make_corpus, rescope_document
from policybook.corpus.corpus import Corpus, records
from policybook.corpus.manifest import DocumentEntry
from policybook.corpus.scope import Vocabulary
from policybook.corpus.sentences import length
from policybook.errors import Problem, many, raise_problems, shown
from policybook.intake.guess import Guesser, Guesses, provisional_entry
from policybook.project import Project
from policybook.reading.read import read_received
from policybook.reading.received import Received
from policybook.tables import YamlFile

#: The share of a document's words that may be set aside or left out before that is doubtful.
_FIFTH = 0.2
#: Characters of a word.
_CHARACTERS = {"zh": 1, "en": 6}
#: What in a reason is of one paragraph only.
_REASON = re.compile(r"(?:: .*|\bof paragraph \d+| \d+)$")


@dataclass(frozen=True)
class Inspection:
    """One document as read: what was received, what it is held to be, its coded corpus of one document.

    `guesses` is None for a document that data/corpus.yml describes.
    """

    received: Received
    sha256: str
    entry: DocumentEntry
    guesses: Guesses | None
    uncoded: Corpus
    coding: Coding = field(repr=False)

    @cached_property
    def corpus(self) -> Corpus:
        """The document with its coded tables, which are made when they are first asked for."""
        return code_corpus(self.uncoded, self.coding)

    @property
    def title(self) -> str | None:
        """The title; None where a text has none."""
        return None if self.guesses and not self.guesses.title.sure else self.entry.title

    @property
    def warnings(self) -> list[str]:
        """Everything doubtful, each once."""
        found = [*self.received.warnings, *(self.guesses.warnings if self.guesses else ())]
        stated = (self.received.language or "").lower()[:2]
        if stated in {"en", "zh"} - {self.entry.language}:
            found.append(f"the file says that its language is {stated}, but its text is {self.entry.language}")
        if misread := misread_digits("\n".join(self.uncoded.sentences["text"])):
            found.append(f"letters stand in numbers and were read as digits: {', '.join(misread[:3])}")
        lost = [f"{self.account} (more than a fifth of its words is not kept)"] if self._lost_share > _FIFTH else []
        return list(dict.fromkeys([*found, *lost]))

    @property
    def account(self) -> str:
        """What became of the characters received: kept, set aside for each reason, left out."""
        aside = Counter[str]()
        for row in records(self.uncoded.boilerplate):
            aside[_REASON.sub("", row.reason)] += len(row.raw)
        parts = [f"{reason} {count:,}" for reason, count in aside.most_common()]
        kept = sum(map(len, self.uncoded.passages["raw"]))
        left_out = self.received.left_out
        told = [f"{many(kept + aside.total() + left_out, 'character')} received", f"{kept:,} kept"]
        told += [f"set aside: {', '.join(parts)}"] if parts else []
        return "; ".join(told + ([f"left out: hidden text {left_out:,}"] if left_out else []))

    @property
    def _lost_share(self) -> float:
        """The share of the words received that is not kept."""
        language = self.entry.language
        kept, aside = (sum(length(text, language) for text in table["raw"])
                       for table in (self.uncoded.passages, self.uncoded.boilerplate))  # fmt: skip
        lost = aside + self.received.left_out / _CHARACTERS[language]
        return lost / max(1.0, kept + lost)


class Inspector:
    """Reads documents with the lexicon of one project."""

    def __init__(self, project: Project) -> None:
        """Load the lexicon. Raises InvalidDataError when it has mistakes."""
        self.project = project
        self.guesser = Guesser(project)
        self.coding = load_coding(project)

    def inspect(self, content: bytes, name: str, *, address: str | None = None, published: str | None = None,
                is_new: bool = False) -> Inspection:  # fmt: skip
        """Return all that is known of a document. `name` is what messages call it.

        Of one that data/corpus.yml does not list, `address` is where it came from and `published` its date if known;
        of one that is known to be new (`is_new`) that file is not asked.

        Raises UnreadableDocumentError when the bytes are no text, InvalidDataError when data/corpus.yml lists
        the document with a mistake.
        """
        received = read_received(content, name)
        sha256 = hashlib.sha256(content).hexdigest()
        entry = None if is_new else listed_entry(self.project, "sha256", sha256)
        guesses = None
        if entry is None:
            guesses, read = self.guesser.guess(received, content, name=name, address=address, published=published)
            entry = guessed_entry(guesses, sha256)
            read = rescope_document(read, entry, self.guesser.vocabulary, self.guesser.rules)
            corpus = join_documents([read], self.guesser.vocabulary)
        else:
            corpus = make_corpus([(entry, content)], self.guesser.vocabulary, self.project)
        return Inspection(received, sha256, entry, guesses, corpus, self.coding)

    def to_json(self, file: str, seen: Inspection) -> dict[str, Any]:
        """Return an inspection as the object that --json prints; `file` is the document as the user named it."""
        row, tables = seen.corpus.documents.iloc[0], seen.corpus
        terms = [self.coding.scheme.by_id[concept].term_zh for concept in tables.mentions["concept"]]
        sentences: dict[str, list[dict[str, str]]] = defaultdict(list)
        for sentence in records(tables.sentences):
            sentences[sentence.passage].append({"id": _local(sentence.sentence), "text": sentence.text})
        return {
            "document": {"file": file, "sha256": seen.sha256, "format": seen.received.format,
                         "encoding": seen.received.encoding, "language": seen.entry.language, "script": row["script"],
                         "title": seen.title, "published": seen.entry.published,
                         "repairs": {kind: int(count) for kind, count in row["repairs"].items()},
                         "warnings": seen.warnings},
            "passages": [
                {"id": passage.anchor, "paragraph": int(passage.paragraph), "text": passage.text, "plan": passage.plan,
                 "era": passage.era, "places": list(passage.places), "level": passage.level,
                 "sentences": sentences[passage.passage]}
                for passage in records(tables.passages)
            ],
            "boilerplate": tables.boilerplate[["paragraph", "text", "reason"]].to_dict("records"),
            "concepts": _listed(tables.mentions.assign(term_zh=terms), first=("concept", "term_zh")),
            "quantities": _listed(tables.quantities, behind=("value", "unit", "qualifier", "kind")),
            "actors": _listed(tables.actors, first=("actor",)),
            "directives": _listed(tables.directives, behind=("instrument", "subtype")),
        }  # fmt: skip


def listed_entry(project: Project, field: str, value: str) -> DocumentEntry | None:
    """Return the entry of data/corpus.yml with this value, or None. Raises InvalidDataError when it has mistakes."""
    file = YamlFile.of(project, project.corpus_file)
    for n, raw in enumerate(file.entries("documents")):
        if isinstance(raw, dict) and raw.get(field) == value:
            problems: list[Problem] = []
            entry = file.parse(DocumentEntry, raw, ["documents", n], problems)
            raise_problems(problems)
            return entry
    return None


def guessed_entry(guesses: Guesses, sha256: str) -> DocumentEntry:
    """Return the entry that a document would have if every guess about it were right."""
    return provisional_entry(sha256=sha256, title=guesses.title.value, published=guesses.published.value,
                             written=guesses.written.value, language=guesses.language, script=guesses.script,
                             machine_translated=bool(guesses.translation), speaker=guesses.speaker.value,
                             voice=guesses.voice.value, plan=guesses.plan.value)  # fmt: skip


def _listed(coded: pd.DataFrame, *, first: Sequence[str] = (), behind: Sequence[str] = ()) -> list[Any]:
    """Return rows of a coded table as --json prints them: where they stand, with fields in front and behind."""
    table = coded.assign(sentence=coded["sentence"].map(_local))
    return table[[*first, "sentence", "start", "end", "text", *behind]].to_dict("records")


def _local(identifier: str) -> str:
    return identifier.rpartition(":")[2]


_SCRIPTS = {"hans": ", Simplified", "hant": ", Traditional", "latn": ""}
_LABEL = 13  # characters for what a line of the card is about


def make_card(document: str, seen: Inspection, vocabulary: Vocabulary, language: str, publisher: str = "",
              warnings: Sequence[str] | None = None) -> str:  # fmt: skip
    """Return the card of a document, one fact a line, in characters that a terminal cannot be tricked by.

    `language` is its language in words; `publisher` and `warnings` are known of one that is to be added.
    """
    entry, guesses, tables = seen.entry, seen.guesses, seen.corpus
    row = tables.documents.iloc[0]
    encoding = f", {seen.received.encoding}" if seen.received.encoding else ""

    facts = [] if guesses else [("id", entry.id, "in data/corpus.yml")]
    told = {
        "title": entry.title, "is": f"{language}{_SCRIPTS[str(row['script'])]}, {seen.received.format}{encoding}",
        "published": entry.published or "no date", "written": entry.written or entry.published or "not known",
        "speaker": vocabulary.label(entry.speaker), "voice": entry.voice, "plan": vocabulary.label(entry.plan),
    }  # fmt: skip
    facts += [(name, value, str(getattr(guesses, name).reason) if guesses and name != "is" else "")
              for name, value in told.items()]  # fmt: skip
    if guesses:
        facts.append(("places named", _counts((vocabulary.label(p), n) for p, n in guesses.places[:6]) or "none", ""))
    if publisher:
        facts.append(("publisher", publisher, ""))
    sizes = (
        f"{many(len(tables.passages), 'passage')}, {many(len(tables.sentences), 'sentence')}, "
        f"{many(len(tables.boilerplate), 'line')} set aside, {many(len(tables.mentions), 'mention')} of terms"
    )
    repaired = _counts((kind.replace("_", " "), n) for kind, n in row["repairs"].items())
    facts += [("text", sizes, ""), ("characters", seen.account, ""), ("repaired", repaired or "nothing", "")]
    lines = [f"{name:<{_LABEL}}{shown(value, 160)}{f'  ({shown(why)})' if why else ''}" for name, value, why in facts]
    lines += [f"{'doubtful':<{_LABEL}}{shown(one, 400)}" for one in (seen.warnings if warnings is None else warnings)]
    return "\n  ".join([shown(document), *lines])


def _counts(pairs: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{label} {count}×" for label, count in pairs)
