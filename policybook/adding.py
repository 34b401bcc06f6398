"""Adding a document to a project: read it, work out what can be known, and write file and entry at once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from policybook.coding.inspect import Inspection, Inspector
from policybook.corpus.build import make_corpus
from policybook.corpus.entries import Line, append_entry, one_line
from policybook.corpus.fetch import fetch, is_address
from policybook.corpus.files import read_file, shown
from policybook.corpus.guesses import Guesses
from policybook.corpus.manifest import SLUG, DocumentEntry, load_manifest
from policybook.corpus.naming import host_words, make_id
from policybook.corpus.nearness import Near, nearest_document
from policybook.corpus.store import add_document, read_manifest, writing
from policybook.corpus.vocabulary import Vocabulary
from policybook.errors import AnswerError, DuplicateDocumentError, suggest
from policybook.project import Project
from policybook.tables import parse_span

_SOURCE = re.compile(r"(?:来源|來源|Source)\s*[:：]\s*([^\s|,，;；]+(?: [A-Z][^\s|,，;；]*)*)", re.IGNORECASE)
_LONGEST_TITLE = 300
NO_PUBLISHER = "not named"
NOTES = {
    "quote": "received without a licence; the book prints only the sentences that evidence points to",
    "full": "shown whole, as the person said who added it",
}


@dataclass(frozen=True)
class Answers:
    """What the user says of a document; None where nothing is said."""

    id: str | None = None
    title: str | None = None
    published: str | None = None
    written: str | None = None
    plan: str | None = None
    places: tuple[str, ...] | None = None
    speaker: str | None = None
    rights: str | None = None
    publisher: str | None = None
    voice: str | None = None


@dataclass(frozen=True)
class Draft:
    """A document as received, with what was worked out about it; nothing is written yet."""

    name: str
    content: bytes
    inspection: Inspection
    guesses: Guesses
    near: Near | None
    publisher: str
    url: str | None = None
    accessed: str | None = None
    doubts: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The repaired text without furniture."""
        return "\n".join(self.inspection.corpus.passages["text"])

    @property
    def warnings(self) -> list[str]:
        """Everything doubtful about the document."""
        found = [*self.doubts, *self.inspection.warnings]
        if self.near:
            found.append(f"{self.near.share:.0%} of it, or of {self.near.document!r}, stands in the other too")
        return found

    def unknown(self, answers: Answers) -> list[str]:
        """Return the fields that neither the document nor the answers tell."""
        guesses = self.guesses
        dated = answers.published or answers.written or guesses.published.value or guesses.written.value
        open_fields = [
            ("title", not answers.title and not guesses.title.sure),
            ("written", not dated),
            ("speaker", not answers.speaker and not guesses.speaker.sure),
            ("rights", not answers.rights),
        ]
        return [name for name, is_open in open_fields if is_open]


@dataclass
class Desk:
    """Where documents are added to one project; knows the texts that stand there already."""

    project: Project
    inspector: Inspector
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)

    @classmethod
    def open(cls, project: Project) -> Desk:
        """Read the project. Raises InvalidDataError when its data has mistakes."""
        desk = cls(project, Inspector(project))
        vocabulary = desk.inspector.guesser.vocabulary
        entries = load_manifest(project, vocabulary, may_be_empty=True)
        received = [(entry, (project.documents / entry.file).read_bytes()) for entry in entries]
        corpus = make_corpus(received, vocabulary, project)
        for entry in entries:
            own = corpus.passages.loc[corpus.passages["document"] == entry.id, "text"]
            desk._remember(entry.language, entry.id, "\n".join(own), entry.sha256 or "")
        return desk

    def draft(self, source: str, answers: Answers) -> Draft:
        """Read or fetch a document and work out what can be known. Writes nothing.

        Raises UnreadableDocumentError, DownloadError, AnswerError or DuplicateDocumentError.
        """
        check_answers(answers, self.inspector.guesser.vocabulary)
        url = accessed = None
        if is_address(source):
            fetched = fetch(source)
            content, url, accessed = fetched.content, fetched.url, date.today().isoformat()
        else:
            content = read_file(Path(source))
        if known := self.known.get(hashlib.sha256(content).hexdigest()):
            raise _twice(source, known)
        seen = self.inspector.inspect(content, shown(source), address=url, published=answers.published)
        if seen.guesses is None:
            raise _twice(source, seen.entry.id)
        text = "\n".join(seen.corpus.passages["text"])
        near = nearest_document(text, seen.guesses.language, self.texts.get(seen.guesses.language, {}))
        publisher = _publisher(seen.received.paragraphs, url)
        return Draft(source, content, seen, seen.guesses, near, publisher, url, accessed)

    def add(
        self, draft: Draft, answers: Answers, describe: Callable[[list[Line]], list[Line]] = list
    ) -> DocumentEntry:
        """Write the document and its entry. When this raises, nothing on the disk has changed.

        `describe` may put in what somebody knows of the document besides the answers.
        """
        with writing(self.project):
            manifest = read_manifest(self.project)
            entries = load_manifest(self.project, self.inspector.guesser.vocabulary, may_be_empty=True)
            for entry in entries:
                if entry.sha256 == draft.inspection.sha256:
                    raise _twice(draft.name, entry.id)
            taken = {entry.id for entry in entries}
            if answers.id in taken:
                raise DuplicateDocumentError(f"--id: {answers.id!r} is taken in data/corpus.yml. Choose another.")
            lines = describe(entry_lines(draft, answers, taken | self._files()))
            values = {line.field: str(line.value) for line in lines}
            add_document(self.project, values["file"], draft.content, append_entry(manifest, lines))
        self._remember(draft.guesses.language, values["id"], draft.text, draft.inspection.sha256)
        entries = load_manifest(self.project, self.inspector.guesser.vocabulary)
        return next(entry for entry in entries if entry.id == values["id"])

    def _files(self) -> set[str]:
        """Return the names, without their endings, of what lies in data/documents for whatever reason."""
        folder = self.project.documents
        return {path.stem.lower() for path in folder.iterdir()} if folder.is_dir() else set()

    def _remember(self, language: str, identifier: str, text: str, sha256: str) -> None:
        self.texts.setdefault(language, {})[identifier] = text
        self.known[sha256] = identifier


def check_answers(answers: Answers, vocabulary: Vocabulary) -> None:
    """Raise AnswerError for an answer that data/corpus.yml could not hold, naming the flag and what may stand there."""
    if answers.id is not None and (not SLUG.fullmatch(answers.id) or len(answers.id) > 100):
        raise AnswerError(f"--id: {shown(answers.id)!r} is no id. Use lower-case letters, digits and single hyphens.")
    for flag in ("published", "written"):
        value = getattr(answers, flag)
        try:
            if value is not None:
                parse_span(value)
        except ValueError as error:
            raise AnswerError(f"--{flag}: {error}") from None
    for flag in ("title", "publisher"):
        value = getattr(answers, flag)
        if value is not None and not one_line(value):
            raise AnswerError(f"--{flag}: it is empty. Give it or leave the flag out.")
    named = [("speaker", answers.speaker, vocabulary.place_ids), ("plan", answers.plan, vocabulary.plan_ids)]
    named += [("places", place, vocabulary.place_ids) for place in answers.places or ()]
    for flag, value, known in named:
        if value is not None and value not in known:
            raise AnswerError(f"--{flag}: unknown {value!r}. {suggest(value, known)}")


def entry_lines(draft: Draft, answers: Answers, taken: set[str]) -> list[Line]:
    """Return the lines of the new entry, each guess with its reason as a comment."""
    guesses, today = draft.guesses, date.today().isoformat()
    title = one_line(answers.title or guesses.title.value)[:_LONGEST_TITLE] or "untitled"
    publisher = one_line(answers.publisher or draft.publisher)
    published = answers.published or guesses.published.value
    written, evidence = _written(draft, answers, published)
    year = (published or written)[:4]
    named = host_words(urlsplit(draft.url).hostname or "") if draft.url and not answers.publisher else publisher
    identifier = answers.id or make_id("" if named == NO_PUBLISHER else named, year, title, taken)
    rights = answers.rights or "quote"
    return [
        Line("id", identifier, f"added by `policybook add` on {today}; what has a # behind it was guessed: correct it"),
        Line("file", f"{identifier}.{draft.inspection.received.format}"),
        Line("sha256", draft.inspection.sha256),
        Line("title", title, "" if answers.title else guesses.title.reason),
        Line("publisher", publisher, "" if answers.publisher else "as the page or its address tells"),
        Line("published", published, "" if answers.published else guesses.published.reason),
        Line("written", written, "" if answers.written else "guessed, see written_evidence"),
        Line("written_evidence", evidence),
        Line("language", guesses.language),
        Line("script", guesses.script),
        Line("machine_translated", bool(guesses.translation), _translation(guesses)),
        Line("speaker", answers.speaker or guesses.speaker.value, "" if answers.speaker else guesses.speaker.reason),
        Line("voice", answers.voice or guesses.voice.value, "" if answers.voice else guesses.voice.reason),
        Line("url", draft.url),
        *([Line("accessed", draft.accessed)] if draft.accessed else []),
        Line("rights", rights, "" if answers.rights else "the careful choice"),
        Line("rights_note", NOTES[rights]),
        Line("plan", answers.plan or guesses.plan.value, "" if answers.plan else guesses.plan.reason),
        *([Line("places", answers.places)] if answers.places else []),
        *([Line("notes", tuple(_sentence(one) for one in draft.warnings))] if draft.warnings else []),
    ]


def _written(draft: Draft, answers: Answers, published: str | None) -> tuple[str, str]:
    """Return when the text was written and how that is known, in words for data/corpus.yml."""
    guess = draft.guesses.written
    if answers.written:
        return answers.written, "as the person said who added it"
    if guess.value:
        return guess.value, guess.reason
    if published:
        return published, "as published"
    year = str(date.today().year)
    return (
        year,
        "not known: neither page nor text tells; the year in which it was added stands here until someone knows",
    )


def _twice(source: str, identifier: str) -> DuplicateDocumentError:
    return DuplicateDocumentError(f"{shown(source)}: it stands in data/corpus.yml already, as {identifier!r}.")


def _translation(guesses: Guesses) -> str:
    if guesses.language == "zh":
        return ""
    return f"suspected: {'; '.join(guesses.translation)}" if guesses.translation else "it reads as written in English"


def _publisher(paragraphs: Sequence[str], url: str | None) -> str:
    """Return who published a document: the source that a short line names, the server, or NO_PUBLISHER."""
    for paragraph in paragraphs:
        if len(paragraph) <= 120 and (match := _SOURCE.search(paragraph)):
            return one_line(match[1])[:80] or NO_PUBLISHER
    return (urlsplit(url).hostname or NO_PUBLISHER) if url else NO_PUBLISHER


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "”")) else ".")
