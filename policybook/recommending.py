"""Adding a text of data/recommended.yml: where it is taken from, and what data/corpus.yml will say of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from policybook.adding import Answers, Desk, Draft
from policybook.coding.inspect import guessed_entry
from policybook.corpus.dating import Dating
from policybook.corpus.entries import Line
from policybook.corpus.fetch import is_address
from policybook.corpus.files import shown
from policybook.corpus.guesses import Guess
from policybook.corpus.manifest import DocumentEntry, RecommendedText, load_manifest, load_recommended, names_of
from policybook.corpus.matching import fold
from policybook.errors import AnswerError, DownloadError, DuplicateDocumentError, UnknownDocumentError, suggest


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
        known = suggest(name, names_of(texts))
        raise UnknownDocumentError(f"--recommended: {file} has no text {shown(name)!r}. {known}")
    if given is None:
        return [Wanted(text, None) for text in group]
    if nameless := [text.id for text in group if text.file is None]:
        raise AnswerError(
            f"--from: {nameless[0]!r} has no 'file' in data/recommended.yml to look for in a folder. Add the texts of "
            f"{name!r} one by one."
        )
    return [Wanted(text, _inside(given, str(text.file))) for text in group]


def draft_recommended(desk: Desk, wanted: Wanted, answers: Answers) -> Draft:
    """Read or fetch a recommended text. Writes nothing.

    Raises DuplicateDocumentError when it stands in the corpus, DownloadError when it cannot be had from its official
    address, AnswerError when it is not the file whose sha256 was recorded, and what Desk.draft raises.
    """
    text = wanted.text
    if known := _added(desk, text):
        raise _there_already(text, known)
    source = wanted.given or text.address
    where = f" at {text.find}" if text.find else ""
    if source is None:
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
    if known := _added(desk, wanted.text):
        raise _there_already(wanted.text, known)
    return desk.add(
        draft, merge_answers(wanted.text, answers), lambda lines: recommended_lines(wanted.text, draft, answers, lines)
    )


def merge_answers(text: RecommendedText, answers: Answers) -> Answers:
    """Return what the user says, and for the rest what data/recommended.yml says."""
    return Answers(
        id=answers.id or text.id,
        title=answers.title or text.title,
        published=answers.published or text.published,
        written=answers.written or text.written,
        plan=answers.plan or text.plan,
        places=answers.places or (tuple(text.places) if text.places else None),
        speaker=answers.speaker or text.speaker,
        rights=answers.rights or text.rights,
        publisher=answers.publisher or text.publisher,
        voice=answers.voice or text.voice,
    )


def recommended_lines(text: RecommendedText, draft: Draft, answers: Answers, lines: Sequence[Line]) -> list[Line]:
    """Return the lines of a new entry with what only data/recommended.yml knows put in or put right."""
    today = date.today().isoformat()
    known: dict[str, object] = {"machine_translated": text.machine_translated}
    if not answers.written:
        known["written_evidence"] = text.written_evidence or "as data/recommended.yml says"
    if (answers.rights or text.rights) == text.rights:
        known["rights_note"] = text.rights_note
    if draft.url is None:
        known["url"] = text.address
    behind = {
        "title": [("title_zh", text.title_zh)],
        "publisher": [("doc_number", text.doc_number)],
        "written_evidence": [("era", text.era if not answers.written else None)],
        "plan": [("text_of", text.text_of), ("recommended", text.id)],
    }
    made: list[Line] = []
    for line in lines:
        if line.field == "notes":
            continue
        if line.field == "id":
            line = replace(line, comment=f"added by `policybook add --recommended {text.id}` on {today}")
        made.append(Line(line.field, known[line.field]) if line.field in known else line)
        made += [Line(field, value) for field, value in behind.get(line.field, ()) if value]
    notes = [*text.notes, *_unverified(text), *_official(text, draft), *(_sentence(one) for one in draft.warnings)]
    return [*made, Line("notes", tuple(notes))] if notes else made


def _inside(given: str, name: str) -> str:
    """Return the source of one file of a folder, which may stand at a web address."""
    return f"{given.rstrip('/')}/{name}" if is_address(given) else str(Path(given) / name)


def _added(desk: Desk, text: RecommendedText) -> str | None:
    entries = load_manifest(desk.project, desk.inspector.guesser.vocabulary, may_be_empty=True)
    return next((entry.id for entry in entries if entry.recommended == text.id), None)


def _there_already(text: RecommendedText, known: str) -> DuplicateDocumentError:
    return DuplicateDocumentError(
        f"{text.id}: it stands in data/corpus.yml already, as {known!r}. To put in another file: policybook replace "
        f"{known} FILE."
    )


def _described(text: RecommendedText, known: Answers, draft: Draft) -> Draft:
    """Return a draft whose guesses are what is known, so that its card says so and no guess casts doubt on it."""

    def told(value: str | None) -> Guess:
        return Guess(value or "", "as data/recommended.yml or you say")

    guesses = replace(
        draft.guesses,
        title=told(known.title),
        published=Dating(known.published, "as data/recommended.yml or you say"),
        written=Dating(known.written, text.written_evidence or "as data/recommended.yml or you say"),
        speaker=told(known.speaker),
        voice=told(known.voice),
        plan=told(known.plan),
    )
    inspection = replace(draft.inspection, guesses=guesses, entry=guessed_entry(guesses, draft.inspection.sha256))
    return replace(draft, guesses=guesses, inspection=inspection, publisher=known.publisher or draft.publisher)


def _check_bytes(text: RecommendedText, draft: Draft) -> None:
    received = hashlib.sha256(draft.content).hexdigest()
    if text.sha256 is not None and received != text.sha256:
        raise AnswerError(
            f"{shown(draft.name)}: it is not the file that data/recommended.yml recommends as {text.id!r} (sha256 "
            f"{received[:12]}… instead of {text.sha256[:12]}…). Add it as any other document: policybook add FILE."
        )


def _doubts(text: RecommendedText, draft: Draft) -> Iterable[str]:
    """Yield what speaks against the file being that text."""
    names = [name for name in (text.title_zh, text.title) if name]
    heads = fold(f"{draft.guesses.title.value}\n{draft.inspection.received.title or ''}\n{draft.text}")
    if not any("".join(fold(name).split()) in "".join(heads.split()) for name in names):
        yield f"its title, “{names[0]}”, stands nowhere in it: is it the right file?"
    if draft.guesses.language != text.language:
        yield f"its language is {draft.guesses.language}, not {text.language}: is it the right file?"


def _unverified(text: RecommendedText) -> list[str]:
    named = ", ".join(field.replace("doc_number", "document number").replace("_", " ") for field in text.unverified)
    return [f"Recalled and not verified: {named}."] if named else []


def _official(text: RecommendedText, draft: Draft) -> list[str]:
    elsewhere = draft.url is not None and text.address is not None and draft.url != text.address
    return [f"Its official address is {text.address}; the file came from elsewhere."] if elsewhere else []


def _sentence(warning: str) -> str:
    return warning[:1].upper() + warning[1:] + ("" if warning.endswith((".", "”", "?")) else ".")
