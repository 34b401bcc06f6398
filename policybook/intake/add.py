"""Documents come, change and go: add, add from the recommended list, replace, remove."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from policybook.coding.store import passage_texts
from policybook.corpus.build import make_corpus
from policybook.corpus.corpus import Corpus, records

from policybook.corpus.manifest import (  # isort: skip
    SLUG, DocumentEntry, RecommendedText, document_path, load_manifest, load_recommended, offered_names,
)
from policybook.corpus.matching import fold
from policybook.corpus.repair import guess_language
from policybook.corpus.scope import UNKNOWN, Vocabulary, load_vocabulary

from policybook.errors import (  # isort: skip
    AnswerError, DownloadError, DuplicateDocumentError, InvalidDataError, UnknownDocumentError, UnreadableDocumentError,
    shown, suggest,
)
from policybook.intake import edit
from policybook.intake.edit import writing
from policybook.intake.entries import Appended, EntryLine, append_entry, one_line, remove_entries, set_fields
from policybook.intake.fetch import fetch, is_address
from policybook.intake.guess import Copies, Dating, Guess, Guesses, Near, host_words, make_id
from policybook.intake.inspect import Inspection, Inspector, guessed_entry, listed_entry
from policybook.project import Project, read_file
from policybook.reading.read import read_received, without_old_word
from policybook.reading.received import Received
from policybook.tables import YamlFile, parse_span

_SOURCE = re.compile(r"(?:来源|來源|Source)\s*[:：]\s*([^\s|,，;；]+(?: [A-Z][^\s|,，;；]*)*)", re.IGNORECASE)
_LONGEST_TITLE = 300
NO_PUBLISHER = "not named"
NOTES = {"quote": "received without a licence; the book quotes its sentences, each with its source",
         "evidence": "received without a licence; the book prints only the sentences that evidence points to",
         "full": "shown whole, as the person said who added it"}  # fmt: skip


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
        return "\n".join(self.inspection.uncoded.passages["text"])

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
        told = {"title": answers.title or guesses.title.sure, "written": dated,
                "speaker": answers.speaker or guesses.speaker.sure, "rights": answers.rights}  # fmt: skip
        return [name for name, is_told in told.items() if not is_told]


    def doubtful(self, answers: Answers) -> list[tuple[str, str, str]]:
        """Return what nobody says and nothing tells for sure: field, what was taken, why."""
        guesses = self.guesses
        dated = {"published": guesses.published, "written": guesses.written}
        found = [(name, one.value, one.reason, one.sure) for name in ("title", "speaker", "voice", "plan")
                 if (one := getattr(guesses, name))]  # fmt: skip
        found += [(name, one.value or "no date", one.reason, bool(one.value) and not one.doubt)
                  for name, one in dated.items() if name == "written" or not one.value]  # fmt: skip
        found.append(("publisher", self.publisher, "nothing names one", self.publisher != NO_PUBLISHER))
        found.append(("rights", "quote", "nobody said", False))
        return [(name, str(value), why) for name, value, why, sure in found if not sure and not getattr(answers, name)]


@dataclass
class Desk:
    """Where documents are added to one project; knows the texts that stand there already."""

    project: Project
    inspector: Inspector
    allow_private: bool = False
    copies: Copies = field(default_factory=Copies)
    known: dict[str, str] = field(default_factory=dict)
    _ids: set[str] = field(default_factory=set)
    _appended: Appended | None = None  # data/corpus.yml as it was left when a document was added last

    @classmethod
    def open(cls, project: Project, *, allow_private: bool = False) -> Desk:
        """Read the project. With `allow_private` documents are fetched from private networks too.

        Raises InvalidDataError when its data has mistakes.
        """
        desk = cls(project, Inspector(project), allow_private)
        vocabulary = desk.inspector.guesser.vocabulary
        entries = load_manifest(project, vocabulary, may_be_empty=True)
        for entry, text in passage_texts(project, entries):
            desk._remember(entry.language, entry.id, text, entry.sha256 or "")
        return desk

    def draft(self, source: str, answers: Answers, read: Callable[[], bytes] | None = None) -> Draft:
        """Read or fetch a document and work out what can be known. Writes nothing.

        `read` gives the bytes of one that stands in a folder or an archive.

        Raises UnreadableDocumentError, DownloadError, AnswerError or DuplicateDocumentError.
        """
        check_answers(answers, self.inspector.guesser.vocabulary)
        url = accessed = None
        if is_address(source):
            fetched = fetch(source, allow_private=self.allow_private)
            content, url, accessed = fetched.content, fetched.url, date.today().isoformat()
        else:
            content = read() if read else read_file(Path(source))
        content, doubt = without_old_word(content, shown(source))
        if known := self.known.get(hashlib.sha256(content).hexdigest()):
            raise _twice(source, known)
        seen = self.inspector.inspect(content, shown(source), address=url, published=answers.published, is_new=True)
        _check_fit(source, seen.received)
        told = seen.guesses
        assert told is not None  # of what is new
        if answers.written:  # then nothing is doubtful about it
            told = replace(told, written=Dating(answers.written, "as given"))
            seen = replace(seen, guesses=told, entry=guessed_entry(told, seen.sha256))
        text = "\n".join(seen.uncoded.passages["text"])
        near = self.copies.nearest(text, told.language)
        publisher = one_line(seen.received.publisher or "")[:80] or _publisher(seen.received.paragraphs, url)
        return Draft(source, content, seen, told, near, publisher, url, accessed, (doubt,) if doubt else ())

    def add(self, draft: Draft, answers: Answers,
            describe: Callable[[list[EntryLine]], list[EntryLine]] = list) -> DocumentEntry:  # fmt: skip
        """Write the document and its entry. When this raises, nothing on the disk has changed.

        `describe` may put in what somebody knows of the document besides the answers.
        """
        with writing(self.project):
            manifest = edit.read_manifest(self.project)
            as_left = self._appended is not None and self._appended.text == manifest
            if not as_left:
                self._appended = None
                file = YamlFile.of(self.project, self.project.corpus_file)
                raw = [one for one in file.entries("documents") if isinstance(one, dict)]
                self._ids = {str(one.get("id")) for one in raw}
                self.known |= {str(one.get("sha256")): str(one.get("id")) for one in raw}
            if known := self.known.get(draft.inspection.sha256):
                raise _twice(draft.name, known)
            taken = self._ids
            files = {path.stem.lower() for path in self.project.documents.glob("*")}
            if answers.id in taken:
                raise DuplicateDocumentError(f"--id: {answers.id!r} is taken in data/corpus.yml. Choose another.")
            lines = describe(entry_lines(draft, answers, taken | files, self.inspector.guesser.vocabulary))
            values = {line.field: str(line.value) for line in lines}
            entry = self._put(values["file"], draft.content, manifest, lines)
        self._ids.add(entry.id)
        self._remember(draft.guesses.language, entry.id, draft.text, draft.inspection.sha256)
        return entry

    def _put(self, name: str, content: bytes, manifest: str, lines: Sequence[EntryLine]) -> DocumentEntry:
        """Write a document and its entry behind those that were added before it, of which nothing is read again.

        What a person may have written is read whole, for the first documents that are added.
        """
        vocabulary = load_vocabulary(self.project)
        if self._appended:
            appended, alone = self._appended.another(lines)
            with suppress(InvalidDataError):  # the whole file is read then, so that the sentence names the line
                edit.add_document(self.project, name, content, appended.text, alone)
                self._appended = appended
                return load_manifest(self.project, vocabulary, path=alone.encode("utf-8"))[0]
        edited = append_entry(manifest, lines)
        edit.add_document(self.project, name, content, edited)
        self._appended = Appended.of(edited, manifest)
        return load_manifest(self.project, vocabulary)[-1]

    def _remember(self, language: str, identifier: str, text: str, sha256: str) -> None:
        self.copies.remember(identifier, language, text)
        self.known[sha256] = identifier


def check_answers(answers: Answers, vocabulary: Vocabulary) -> None:
    """Raise AnswerError for an answer that data/corpus.yml could not hold, naming the flag and what may stand there."""
    if answers.id is not None and (not SLUG.fullmatch(answers.id) or len(answers.id) > 100):
        raise AnswerError(f"--id: {shown(answers.id)!r} is no id. Use lower-case letters, digits and single hyphens.")
    for flag, value in (("published", answers.published), ("written", answers.written)):
        try:
            if value is not None:
                parse_span(value)
        except ValueError as error:
            raise AnswerError(f"--{flag}: {error}") from None
    for flag, value in (("title", answers.title), ("publisher", answers.publisher)):
        if value is not None and not one_line(value):
            raise AnswerError(f"--{flag}: it is empty. Give it or leave the flag out.")
    places = [*vocabulary.place_ids, UNKNOWN]
    named = [("speaker", answers.speaker, places), ("plan", answers.plan, vocabulary.plan_ids)]
    named += [("places", place, vocabulary.place_ids) for place in answers.places or ()]
    for flag, value, known in named:
        if value is not None and value not in known:
            more = "" if flag == "plan" else " Or give --yes to add it to data/lexicon/places.yml."
            raise AnswerError(f"--{flag}: unknown {value!r}. {suggest(value, known)}{more}")


def entry_lines(draft: Draft, answers: Answers, taken: set[str], vocabulary: Vocabulary) -> list[EntryLine]:
    """Return the lines of the new entry, each guess with its reason as a comment."""
    guesses, today = draft.guesses, date.today().isoformat()
    title = one_line(answers.title or guesses.title.value)[:_LONGEST_TITLE] or "untitled"
    publisher = one_line(answers.publisher or draft.publisher)
    published = answers.published or guesses.published.value
    written, evidence = _written(draft, answers, published, vocabulary)
    told = bool(answers.written or draft.guesses.written.value or published)
    open_era = bool(vocabulary.eras) and not (told and vocabulary.era_of(written))
    year = (published or written)[:4] if told else ""
    named = host_words(urlsplit(draft.url).hostname or "") if draft.url and not answers.publisher else publisher
    identifier = answers.id or make_id("" if named == NO_PUBLISHER else named, year, title, taken)
    rights = answers.rights or "quote"

    def said(name: str) -> EntryLine:
        """Return the line of a field that the answers tell, or else a guess."""
        answer, guess = getattr(answers, name), getattr(guesses, name)
        return EntryLine(name, answer or guess.value, "" if answer else guess.reason)

    added = f"added by `policybook add` on {today}; what has a # behind it was guessed: correct it"
    return [
        EntryLine("id", identifier, added), EntryLine("file", f"{identifier}.{draft.inspection.received.format}"),
        EntryLine("sha256", draft.inspection.sha256),
        EntryLine("title", title, "" if answers.title else guesses.title.reason),
        EntryLine("publisher", publisher, "" if answers.publisher else "as the page or its address tells"),
        said("published"), EntryLine("written", written, "" if answers.written else "guessed, see written_evidence"),
        EntryLine("written_evidence", evidence), *([EntryLine("era", UNKNOWN)] if open_era else []),
        EntryLine("language", guesses.language), EntryLine("script", guesses.script),
        EntryLine("machine_translated", bool(guesses.translation), _translation(guesses)),
        said("speaker"), said("voice"), EntryLine("url", draft.url),
        *([EntryLine("accessed", draft.accessed)] if draft.accessed else []),
        EntryLine("rights", rights, "" if answers.rights else "as a quotation; evidence shows less"),
        EntryLine("rights_note", NOTES[rights]), said("plan"),
        *([EntryLine("places", answers.places)] if answers.places else []),
        *([EntryLine("notes", tuple(_sentence(one) for one in draft.warnings))] if draft.warnings else []),
    ]  # fmt: skip


def _written(draft: Draft, answers: Answers, published: str | None, vocabulary: Vocabulary) -> tuple[str, str]:
    """Return when the text was written and how that is known, in words for data/corpus.yml."""
    guess = draft.guesses.written
    if answers.written:
        return answers.written, "as the person said who added it"
    if guess.value:
        return guess.value, guess.reason
    if published:
        return published, "as published"
    first = vocabulary.eras[0].begins if vocabulary.eras else str(date.today().year)
    unknown = "not known: neither page nor text tells; all that is sure is that it was there when it was added"
    return f"{first}/{date.today().isoformat()}", unknown


def _twice(source: str, identifier: str) -> DuplicateDocumentError:
    return DuplicateDocumentError(f"{shown(source)}: it stands in data/corpus.yml already, as {identifier!r}.")


def _check_fit(source: str, received: Received) -> None:
    """Raise UnreadableDocumentError for what was read and is not the text of one document."""
    if received.unfit:
        raise UnreadableDocumentError(f"{shown(source)}: {received.unfit}")


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
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "”", "?")) else ".")


@dataclass(frozen=True)
class Wanted:
    """A text that is to be added, and the file or address it comes from; None where its official one is meant."""

    text: RecommendedText
    given: str | None


def choose(desk: Desk, name: str, given: str | None) -> list[Wanted]:
    """Return the text of this id, or the texts of this group. `given` is their file, or the folder of a group's files.

    Raises UnknownDocumentError for a name that data/recommended.yml does not have, with the nearest spelling, and
    AnswerError for a group whose texts have no file names to look for in a folder.
    """
    texts = load_recommended(desk.project, desk.inspector.guesser.vocabulary)
    if one := next((text for text in texts if text.id == name), None):
        return [Wanted(one, given)]
    group = [text for text in texts if text.group == name]
    if not group:
        file = desk.project.name(desk.project.recommended_file)
        known = suggest(name, offered_names(texts))
        raise UnknownDocumentError(f"--recommended: {file} has no text {shown(name)!r}. {known}")
    if given is None:
        return [Wanted(text, None) for text in group]
    if nameless := [text.id for text in group if text.file is None]:
        nameless_one = f"--from: {nameless[0]!r} has no 'file' in data/recommended.yml to look for in a folder."
        raise AnswerError(f"{nameless_one} Add the texts of {name!r} one by one.")
    return [Wanted(text, f"{given.rstrip('/')}/{text.file}" if is_address(given) else str(Path(given, str(text.file))))
            for text in group]  # fmt: skip


def draft_recommended(desk: Desk, wanted: Wanted, answers: Answers) -> Draft:
    """Read or fetch a recommended text. Writes nothing.

    Raises DuplicateDocumentError when it stands in the corpus, DownloadError when it cannot be had from its official
    address, AnswerError when it is not the file whose sha256 was recorded, and what Desk.draft raises.
    """
    text = wanted.text
    _refuse_again(desk, text)
    source = wanted.given or text.address
    if source is None:
        where = f" at {text.find}" if text.find else ""
        raise DownloadError(
            f"{text.id}: its official address is not known. Look for “{text.title_zh or text.title}”{where}, save it "
            "in a browser, and give the file: --from FILE."
        )
    try:
        draft = desk.draft(source, merge_answers(text, answers))
    except DownloadError as error:
        if wanted.given:
            raise
        raise DownloadError(f"{error} To go on: save {source} in a browser, and give the file: --from FILE.") from None
    _check_bytes(text, draft)
    return _described(text, merge_answers(text, answers), replace(draft, doubts=tuple(_doubts(text, draft))))


def add_recommended(desk: Desk, wanted: Wanted, draft: Draft, answers: Answers) -> DocumentEntry:
    """Write a recommended text and its entry. When this raises, nothing on the disk has changed."""
    _refuse_again(desk, wanted.text)
    return desk.add(
        draft, merge_answers(wanted.text, answers), lambda lines: recommended_lines(wanted.text, draft, answers, lines)
    )


def merge_answers(text: RecommendedText, answers: Answers) -> Answers:
    """Return what the user says, and for the rest what data/recommended.yml says."""
    known = {one.name: getattr(answers, one.name) or getattr(text, one.name) or None for one in fields(Answers)}
    return Answers(**known | {"places": tuple(known["places"]) if known["places"] else None})


def recommended_lines(text: RecommendedText, draft: Draft, answers: Answers,
                      lines: Sequence[EntryLine]) -> list[EntryLine]:  # fmt: skip
    """Return the lines of a new entry with what only data/recommended.yml knows put in or put right."""
    today = date.today().isoformat()
    known: dict[str, object] = {"machine_translated": text.machine_translated}
    if not answers.written:
        known["written_evidence"] = text.written_evidence or "as data/recommended.yml says"
    if (answers.rights or text.rights) == text.rights:
        known["rights_note"] = text.rights_note
    if draft.url is None:
        known["url"] = text.address
    behind = {"title": [("title_zh", text.title_zh)], "publisher": [("doc_number", text.doc_number)],
              "written_evidence": [("era", text.era if not answers.written else None)],
              "plan": [("text_of", text.text_of), ("recommended", text.id)]}  # fmt: skip
    made: list[EntryLine] = []
    for line in (line for line in lines if line.field != "notes" and not (line.field == "era" and text.era)):
        if line.field == "id":
            line = replace(line, comment=f"added by `policybook add --recommended {text.id}` on {today}")
        made.append(EntryLine(line.field, known[line.field]) if line.field in known else line)
        made += [EntryLine(field, value) for field, value in behind.get(line.field, ()) if value]
    notes = [*text.notes, *_remarks(text, draft), *map(_sentence, draft.warnings)]
    return [*made, EntryLine("notes", tuple(notes))] if notes else made


def _refuse_again(desk: Desk, text: RecommendedText) -> None:
    entries = load_manifest(desk.project, desk.inspector.guesser.vocabulary, may_be_empty=True)
    if known := next((entry.id for entry in entries if entry.recommended == text.id), None):
        there = f"{text.id}: it stands in data/corpus.yml already, as {known!r}."
        raise DuplicateDocumentError(f"{there} To put in another file: policybook replace {known} FILE.")


def _described(text: RecommendedText, known: Answers, draft: Draft) -> Draft:
    """Return a draft whose guesses are what is known, so that its card says so and no guess casts doubt on it."""
    said = "as data/recommended.yml or you say"
    names = ("title", "speaker", "voice", "plan")
    told: dict[str, Any] = {name: Guess(getattr(known, name) or "", said) for name in names}
    written = Dating(known.written, text.written_evidence or said)
    guesses = replace(draft.guesses, published=Dating(known.published, said), written=written, **told)
    inspection = replace(draft.inspection, guesses=guesses, entry=guessed_entry(guesses, draft.inspection.sha256))
    return replace(draft, guesses=guesses, inspection=inspection, publisher=known.publisher or draft.publisher)


def _check_bytes(text: RecommendedText, draft: Draft) -> None:
    received = hashlib.sha256(draft.content).hexdigest()
    if text.sha256 is not None and received != text.sha256:
        raise AnswerError(
            f"{shown(draft.name)}: it is not the file that data/recommended.yml recommends as {text.id!r} (sha256 "
            f"{received[:12]}… instead of {text.sha256[:12]}…). Add it as any other document: policybook add FILE."
        )


def _doubts(text: RecommendedText, draft: Draft) -> Iterator[str]:
    names = [name for name in (text.title_zh, text.title) if name]
    heads = fold(f"{draft.guesses.title.value}\n{draft.inspection.received.title or ''}\n{draft.text}")
    if not any("".join(fold(name).split()) in "".join(heads.split()) for name in names):
        yield f"its title, “{names[0]}”, stands nowhere in it: is it the right file?"
    if draft.guesses.language != text.language:
        yield f"its language is {draft.guesses.language}, not {text.language}: is it the right file?"


def _remarks(text: RecommendedText, draft: Draft) -> Iterator[str]:
    named = [field.replace("doc_number", "document number").replace("_", " ") for field in text.unverified]
    if named:
        yield f"Recalled and not verified: {', '.join(named)}."
    if None not in (draft.url, text.address) and draft.url != text.address:
        yield f"Its official address is {text.address}; the file came from elsewhere."


@dataclass(frozen=True)
class Replaced:
    """A document whose bytes were exchanged, and what its owner should look at."""

    entry: DocumentEntry
    warnings: tuple[str, ...]
    texts: tuple[Corpus, Corpus] | None = None  # before and after; None where there was no text before


def remove(project: Project, *identifiers: str) -> list[str]:
    """Take entries, files and briefs of documents away and return what else went or names them still, as sentences.

    Works also where data/corpus.yml has mistakes: the entry that has them may be the one to go.
    Raises UnknownDocumentError when one of them has no entry; then nothing has changed.
    """
    with writing(project):
        manifest = edit.read_manifest(project)
        raw = [one for one in YamlFile.of(project, project.corpus_file).entries("documents") if isinstance(one, dict)]
        known = [str(one.get("id")) for one in raw]
        if unknown := [one for one in identifiers if one not in known]:
            told = " ".join(f"No document {shown(one)!r}. {suggest(one, known)}" for one in unknown[:1])
            others = f" Nor {', '.join(map(repr, map(shown, unknown[1:])))}." if unknown[1:] else ""
            raise UnknownDocumentError(f"data/corpus.yml: {told[:1].lower()}{told[1:]}{others}")
        gone = [raw[known.index(identifier)] for identifier in dict.fromkeys(identifiers)]
        staying = {one.get("file") for one in raw if not any(one is other for other in gone)}
        names = [one["file"] for one in gone if isinstance(one.get("file"), str)]
        edited = remove_entries(manifest, identifiers)
        edit.remove_documents(project, [name for name in names if name not in staying], edited)
        briefs = [brief for identifier in identifiers if (brief := _remove_brief(project, identifier))]
    told_of = [f"Its brief, {brief}, is gone with it." for brief in briefs]
    told_of += [sentence for identifier in identifiers for sentence in _still_named(project, identifier)]
    return told_of + [f"{name} stays in data/documents: another entry has it too." for name in names if name in staying]


def replace_bytes(project: Project, identifier: str, file: Path) -> Replaced:
    """Exchange the bytes of a document for those of `file`; its entry keeps everything but sha256 and file.

    Raises UnreadableDocumentError, DuplicateDocumentError, or InvalidDataError when the overrides no longer fit;
    then nothing has changed.
    """
    content, doubt = without_old_word(read_file(file), shown(file))
    inspector = Inspector(project)
    received = read_received(content, shown(file))
    _check_fit(str(file), received)
    sha256 = hashlib.sha256(content).hexdigest()
    with writing(project):
        manifest = edit.read_manifest(project)
        raw = [one for one in YamlFile.of(project, project.corpus_file).entries("documents") if isinstance(one, dict)]
        if (old := listed_entry(project, "id", identifier)) is None:
            known = suggest(identifier, [str(one.get("id")) for one in raw])
            raise UnknownDocumentError(f"data/corpus.yml has no document {identifier!r}. {known}")
        for one in raw:
            if one.get("sha256") == sha256:
                raise DuplicateDocumentError(f"{shown(file)}: {one.get('id')!r} has these very bytes already.")
        path = document_path(project, old.file)
        before = path.read_bytes() if path is not None and path.is_file() else None
        same = path is not None and path.suffix == f".{received.format}"
        name = old.file if same else f"{identifier}.{received.format}"
        changed = {"sha256": sha256} | ({} if same else {"file": name})
        edit.replace_document(project, old.file, name, content, set_fields(manifest, identifier, changed))
    new = next(one for one in load_manifest(project, inspector.guesser.vocabulary) if one.id == identifier)
    warnings = [*received.warnings, *([doubt] if doubt else [])]
    if (language := guess_language("\n".join(received.paragraphs))) != new.language:
        warnings.append(f"the entry says language: {new.language}, but the new text is {language}")
    if before is None:
        return Replaced(new, tuple(warnings))
    texts = [make_corpus([given], inspector.guesser.vocabulary, project) for given in ((old, before), (new, content))]
    if old.overrides:
        warnings += _changed_paragraphs(new, *texts)
    return Replaced(new, tuple(warnings), (texts[0], texts[1]))


def _remove_brief(project: Project, identifier: str) -> str:
    """Delete the brief of a document that has gone, and return its name; empty where it had none."""
    path = project.briefs / f"{identifier}.yml"
    if Path(identifier).name != identifier or not path.is_file():
        return ""
    path.unlink()
    return project.name(path)


def _changed_paragraphs(entry: DocumentEntry, *corpora: Corpus) -> list[str]:
    texts = []
    for corpus in corpora:
        rows = [*records(corpus.passages), *records(corpus.boilerplate)]
        texts.append({int(row.paragraph): " ".join(str(row.text).split()) for row in rows})
    numbers = sorted({n for override in entry.overrides for n in override.paragraphs})
    changed = [n for n in numbers if texts[0].get(n) != texts[1].get(n)]
    if not changed:
        return []
    listed = ", ".join(map(str, changed))
    return [f"the overrides of paragraph{'s' * (len(changed) > 1)} {listed} were made for another text: check them"]


def _still_named(project: Project, identifier: str) -> Iterator[str]:

    for path, key, label in ((project.comparisons_file, "comparisons", "id"), (project.runs_file, "runs", "page")):
        try:
            file = YamlFile(path, project.name(path))
            entries = file.entries(key)
        except InvalidDataError:
            continue
        for n, entry in enumerate(entries):
            if _names(entry, identifier):
                what = entry.get(label) if isinstance(entry, dict) else n + 1
                yield f"{project.name(path)}:{file.line([key, n])}: {what!r} names it still. Take it out there."


def _names(node: Any, identifier: str) -> bool:
    """Whether a selection's `document`, or a parameter, is this id; texts that merely mention it do not count."""
    if isinstance(node, dict):
        named = [value for key, value in node.items() if key in ("document", "documents")]
        if any(identifier in (one if isinstance(one, list) else [one]) for one in named):
            return True
        node = list(node.values())
    return isinstance(node, list) and any(_names(one, identifier) for one in node)
