"""The commands about documents: they are inspected, come, change and go, alone or by tables, and this is undone."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace as exchange
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from policybook.errors import (  # isort: skip
    AnswerError, DuplicateDocumentError, PolicybookError, UnreadableDocumentError, shown,
)
from policybook.project import Project, follow, pad, report_line, text_width

# Only what is light is imported here; a command imports the rooms that it needs.
if TYPE_CHECKING:
    from policybook.intake.add import Answers, Desk, Draft, Wanted
    from policybook.intake.fetch import Given
    from policybook.intake.inspect import Inspection, Inspector
    from policybook.intake.metadata import Told

RIGHTS = ("quote", "evidence", "full")


_FILES = click.argument("files", nargs=-1, required=True, metavar="FILE…")


@click.command()
@_FILES
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, in order.")
@click.pass_obj
def inspect(folder: Path | None, files: tuple[str, ...], as_json: bool) -> None:
    """Show all that is known of FILE, in the corpus or not; write nothing."""
    from policybook.intake.inspect import Inspector

    inspector = Inspector(Project.find(folder))

    def look_at(one: Given) -> tuple[str, str]:
        seen = inspector.inspect(one.read(), shown(one.name))
        if as_json:
            click.echo(json.dumps(inspector.to_json(one.name, seen), separators=(",", ":")))
        else:
            click.echo(_card(one.name, seen, inspector))
        return _outcome("read", one.name, seen.warnings)

    def tell(name: str, message: str) -> None:
        if as_json:
            click.echo(json.dumps({"document": {"file": name}, "error": message}, separators=(",", ":")))

    found, packed = _found(files)
    if "refused" in _each(found, look_at, tell, summary=packed and not as_json):
        sys.exit(1)


def _found(sources: Sequence[str]) -> tuple[list[Given], bool]:
    """Return the files that are meant, and whether some are not named but stand in a folder or an archive that is."""
    from policybook.intake.fetch import find_files

    found = [one for source in sources for one in find_files(source)]
    return found, [one.name for one in found] != list(sources)


def _outcome(done: str, name: str, warnings: Sequence[str]) -> tuple[str, str]:
    return (f"{done}, with doubts", shown(f"{name}: {' '.join(warnings)}", 400)) if warnings else (done, shown(name))


class _RowError(PolicybookError):
    """What a table says of a document is wrong; the message names the line."""


class _LeftOutError(click.Abort):
    """The user does not want this document."""


def _each(found: Sequence[Given], work: Callable[[Given], tuple[str, str]],
          tell: Callable[[str, str], object] = lambda *_: None, *, summary: bool,
          bar: bool = False) -> Mapping[str, list[str]]:  # fmt: skip
    """Do a work on each file, whatever that does to a library, and return what became of them → a line for each.

    `work` returns the two; `tell` is given the name of a file that was refused, and the sentence. With `bar` it is
    shown on a terminal how far that is, and elsewhere a line is printed for each file.
    """
    lines: dict[str, list[str]] = {}
    for n, one in enumerate(follow(found, len(found), unit="file", what="Adding") if bar else found, 1):
        if one.skipped:
            became, line = "skipped", f"{shown(one.name)}: {one.skipped}"
        else:
            try:
                became, line = work(one)
            except _LeftOutError:
                became, line = "left out, as you said", shown(one.name)
            except click.Abort:
                raise
            except Exception as error:
                if not isinstance(error, PolicybookError) and os.environ.get("POLICYBOOK_DEBUG"):
                    raise
                became, line = "refused", _sentence(one.name, error)
                tell(one.name, line)
                report_line(f"policybook: {line}") if bar else click.echo(f"policybook: {line}", err=True)
        if bar and became != "refused" and not sys.stderr.isatty():
            said = shown(one.name) if summary and became != "added" else line  # the summary says the rest
            click.echo(f"[{n}/{len(found)}] {became}: {said}")
        lines.setdefault(became, []).append(line)
    if summary:
        click.echo(f"Of {len(found)} files: {'; '.join(f'{len(of)} {became}' for became, of in lines.items())}.")
        for became, line in ((became, line) for became, of in lines.items() for line in of):
            if not bar or became != "added":  # what went well has been said
                click.echo(f"  {became}: {line}")
    return lines


@click.command()
@click.argument("sources", nargs=-1, metavar="FILE|FOLDER|URL…")
@click.option("--metadata", metavar="CSV", type=click.Path(path_type=Path),
              help="A table, a row a document: file, and any of the options below or other fields of an entry.")
@click.option("--recommended", metavar="ID", help="A text, or a group of texts, of data/recommended.yml.")
@click.option("--from", "given", metavar="FILE|URL", help="Where that text is; default: its official address.")
@click.option("--id", "identifier", help="The document's id; default: from publisher, year and title.")
@click.option("--title", help="Its title; default: what the file says of itself.")
@click.option("--published", metavar="DATE", help="The date on the page: 2014, 2014-08 or 2014-08-19.")
@click.option("--written", metavar="DATE", help="When it was written; also a span 2014-08/2015.")
@click.option("--plan", help="The plan that it is about (data/lexicon/plans.yml), or none.")
@click.option("--places", help="The places of a passage that names none, separated by commas.")
@click.option("--speaker", metavar="PLACE", help="The place from whose standpoint it is written.")
@click.option("--rights", type=click.Choice(RIGHTS), help="quote: every sentence; evidence: what was coded; full: all.")
@click.option("--publisher", help="Who published it.")
@click.option("--voice", type=click.Choice(["official", "reported", "commentary"]), help="Who speaks.")
@click.option("--yes", is_flag=True, help="Ask nothing: take the guesses, rights: quote, and places of a table as new.")
@click.option("--allow-private", is_flag=True, help="Fetch a URL from this computer or a private network too.")
@click.pass_obj
def add(
    folder: Path | None,
    /,
    sources: tuple[str, ...],
    metadata: Path | None,
    recommended: str | None,
    given: str | None,
    identifier: str | None,
    places: str | None,
    yes: bool,
    allow_private: bool,
    **said: str | None,
) -> None:
    """Add documents to the corpus: each file as received, and an entry in data/corpus.yml.

    Of a FOLDER, or a zip archive, every file is added; with --metadata those that its table has a row for.
    """
    from policybook.intake.add import Answers, Desk
    from policybook.intake.edit import undoable
    from policybook.intake.metadata import split_places

    found, packed = _found(sources)
    if (many := packed or len(sources) > 1 or metadata is not None) and (identifier or said["title"]):
        raise click.UsageError("--id and --title are for one document. Add the documents one by one.")
    if bool(sources) == bool(recommended) or (given and not recommended) or (metadata and recommended):
        raise click.UsageError("Give a FILE or URL, or --recommended ID with its file behind --from.")
    answers = Answers(id=identifier, places=split_places(places) or None if places else None, **said)
    project = Project.find(folder)
    with undoable(project, "added documents") as change, _places_known(project, answers, yes=yes) as answers:
        if metadata is not None:
            became = _add_described(project, found, metadata, answers, yes=yes, allow_private=allow_private)
        elif recommended:
            change.what = f"added the recommended {recommended}"
            desk = Desk.open(project, allow_private=allow_private)
            if not _add_recommended(desk, recommended, given, answers, asking=not yes and _can_ask()):
                sys.exit(1)
            return
        else:
            desk = Desk.open(project, allow_private=allow_private)
            adding = _Adding(desk, answers, yes=yes, quiet=many and yes)
            if many:
                became = _each(found, adding.add, summary=True, bar=yes)
                adding.show_doubts()
            else:
                became = {(outcome := adding.add(found[0]))[0]: [outcome[1]]}
        added = sum(len(lines) for one, lines in became.items() if one.startswith("added"))
        change.what = f"added {added} document{'s' * (added != 1)}"
    if added:
        click.echo("Next: policybook build")
    if "refused" in became:
        sys.exit(1)


class _Adding:
    """Adds documents one after the other, and remembers what of each was guessed and is doubtful."""

    def __init__(self, desk: Desk, answers: Answers, *, yes: bool, quiet: bool,
                 told: Mapping[str, Told] | None = None, table: str = "") -> None:  # fmt: skip
        self._desk, self._answers, self._yes, self._quiet = desk, answers, yes, quiet
        self._told, self._table = told or {}, table
        self._doubts: dict[tuple[str, str, str], list[str]] = {}

    def add(self, one: Given) -> tuple[str, str]:
        """Add a document, and return what became of it and a line about that."""
        told = self._told.get(one.name)
        if told is None:
            return self._add(one, self._answers)
        from policybook.intake.metadata import at_row

        try:
            return self._add(one, told.answers_with(self._answers), told)
        except PolicybookError as error:
            if sentence := at_row(self._table, told.line, error):
                raise _RowError(sentence) from None
            raise

    def _add(self, one: Given, answers: Answers, told: Told | None = None) -> tuple[str, str]:
        from policybook.intake.metadata import describes_documents

        source, desk = one.name, self._desk
        if describes_documents(source, one.read):
            raise AnswerError(f"{shown(source)}: it describes documents and is none. Give it as --metadata.")
        draft = desk.draft(source, answers, one.read)
        unknown = draft.unknown(answers)
        asking = not self._yes and told is None and _can_ask()
        if unknown and not self._yes and not asking:
            if told:
                raise AnswerError(f"it does not say {', '.join(unknown)}. Fill that in, or give --yes to take guesses.")
            flags = ", ".join(f"--{name}" for name in unknown)
            raise AnswerError(f"{shown(source)}: give {flags}, or --yes to take the guesses.")
        if not self._quiet:
            click.echo(_card(source, draft.inspection, desk.inspector, draft))
        if asking:
            answers = _ask(desk, draft, answers, unknown)
        entry = desk.add(draft, answers, told.describe) if told else desk.add(draft, answers)
        for doubt in draft.doubtful(answers):
            self._doubts.setdefault(doubt, []).append(entry.id)
        if not self._quiet:
            if not self._yes and not answers.written and "written" in unknown:
                click.echo("Nothing tells when it was written, so its era is unknown: see data/corpus.yml.", err=True)
            click.echo(f"Added {entry.id}: data/documents/{entry.file}, and an entry at the end of data/corpus.yml.")
        return _outcome("added", f"{source} as {entry.id}", draft.warnings)

    def show_doubts(self) -> None:
        """Print a table of what was guessed and is doubtful: a line for each field, value and reason."""
        if not self._doubts:
            return
        rows = [(field, value, why, f"{len(ids)}: {', '.join(ids[:3])}{', …' * (len(ids) > 3)}")
                for (field, value, why), ids in sorted(self._doubts.items())]  # fmt: skip
        click.echo("Guessed and doubtful; to correct many at once: policybook documents --csv, and --from")
        _print_table(("field", "taken", "because", "documents"), rows, (10, 28, 44, 80))


def _add_described(project: Project, found: Sequence[Given], metadata: Path, answers: Answers, *,
                   yes: bool, allow_private: bool) -> Mapping[str, list[str]]:  # fmt: skip
    """Add the files that a table has rows for, and return what became of each."""
    from policybook.corpus.scope import load_vocabulary
    from policybook.intake.add import Desk, check_answers
    from policybook.intake.metadata import DocumentTable

    vocabulary = load_vocabulary(project)
    table = DocumentTable.read(metadata, vocabulary)
    check_answers(answers, vocabulary)
    matched, without_row = table.match(found)
    asking = not yes and _can_ask()
    sound = [row.line for row, one in matched if row.line not in table.wrong and not isinstance(one, str)]
    unknown = table.unknown_places(vocabulary, sound)
    where = {name: f"line {', '.join(map(str, lines[:5]))}{', …' * (len(lines) > 5)}"
             for name, lines in unknown.items()}  # fmt: skip
    _offer_places(project, where, "the table", yes=yes, asking=asking)
    desk = Desk.open(project, allow_private=allow_private)
    told: dict[str, Told] = {}
    work: list[Given] = [one for one in found if one.skipped]
    for row, one in matched:
        wrong = " ".join([*table.wrong.get(row.line, ()), *([one] if isinstance(one, str) and one else [])])
        known = None
        try:
            known = None if wrong else table.told(row, desk.inspector.guesser.vocabulary, unknown)
        except PolicybookError as error:
            wrong = " ".join(str(error).split())
        if known is None or isinstance(one, str):
            work.append(_refused(f"{table.name}:{row.line}", wrong))
        else:
            told[one.name] = known
            work.append(one)
    in_rows = {row.line for row in table.rows}
    work += [_refused(f"{table.name}:{line}", " ".join(of)) for line, of in table.wrong.items() if line not in in_rows]
    work += [_refused(one.name, f"{shown(one.name)}: {table.name} has no row for it. Add one, or leave the file out.")
             for one in without_row]  # fmt: skip
    question = f"Add {len(told)} documents? What the table does not say is guessed, and listed at the end."
    if told and asking and not click.confirm(question, default=True):
        raise click.Abort
    adding = _Adding(desk, answers, yes=yes or asking, quiet=True, told=told, table=table.name)
    became = _each(work, adding.add, summary=True, bar=True)
    adding.show_doubts()
    return became


@contextmanager
def _places_known(project: Project, answers: Answers, *, yes: bool) -> Iterator[Answers]:
    """Give answers whose places are called by their ids; those that places.yml lacks are offered as of a table.

    Where no document comes in they are taken out again.
    """
    from policybook.corpus.scope import UNKNOWN, load_vocabulary
    from policybook.intake.edit import put_checked
    from policybook.intake.metadata import PlaceNames

    speaker = [answers.speaker] if answers.speaker and answers.speaker != UNKNOWN else []
    named = dict.fromkeys(speaker, "--speaker") | dict.fromkeys(answers.places or (), "--places")
    names, file = PlaceNames(load_vocabulary(project)), project.lexicon / "places.yml"
    unknown = {name: option for name, option in named.items() if names.find(name) is None}
    before = [one.read_bytes() if one.is_file() else b"" for one in (project.corpus_file, file)]
    _offer_places(project, unknown, "the command", yes=yes, asking=not yes and _can_ask())
    names = PlaceNames(load_vocabulary(project))
    known = {name: names.find(name) or name for name in named}
    places = tuple(known[name] for name in answers.places) if answers.places else answers.places
    try:
        yield exchange(answers, speaker=known.get(answers.speaker or "", answers.speaker), places=places)
    finally:
        after = [one.read_bytes() if one.is_file() else b"" for one in (project.corpus_file, file)]
        if after[0] == before[0] and after[1] != before[1]:
            put_checked(file, before[1].decode("utf-8"), lambda: load_vocabulary(project))
            click.echo("No document was added, so data/lexicon/places.yml is as it was.", err=True)


def _offer_places(project: Project, unknown: Mapping[str, str], of: str, *, yes: bool, asking: bool) -> None:
    """Add places that places.yml lacks, name → where it is named, if that is wanted."""
    from policybook.corpus.scope import load_vocabulary
    from policybook.errors import nearest
    from policybook.intake.metadata import add_places

    vocabulary = load_vocabulary(project)
    if not unknown or not (yes or asking):
        return
    if asking:
        click.echo(f"data/lexicon/places.yml lacks these places of {of}:")
        for name, where in unknown.items():
            click.echo(f"  {shown(name, 80)} ({where})")
        if not click.confirm("Add them?", default=True):
            return
    for name, identifier in add_places(project, unknown).items():
        close = nearest(name, [one for place in vocabulary.places for one in (place.id, place.label)])
        like = f" Its name is spelled much like {close!r}: if that is meant, policybook undo." if close else ""
        click.echo(f"Added the place {identifier} ({shown(name, 80)}) to data/lexicon/places.yml.{like}")


def _refused(name: str, sentence: str) -> Given:
    """Return what stands for a document that cannot be added."""
    from policybook.intake.fetch import Given

    def refuse() -> bytes:
        raise UnreadableDocumentError(sentence)

    return Given(name, refuse)


def _add_recommended(desk: Desk, name: str, given: str | None, answers: Answers, *, asking: bool) -> bool:
    """Add the recommended text or group `name`; return whether every text stands in the corpus now.

    One that stands there already is no failure of a group. Raises PolicybookError for a single text.
    """
    from policybook.intake.add import check_answers, choose

    check_answers(answers, desk.inspector.guesser.vocabulary)
    wanted = choose(desk, name, given)
    if len(wanted) > 1 and (answers.id or answers.title):
        raise click.UsageError("--id and --title are for one document. Add the texts one by one.")
    failed = False
    for one in wanted:
        try:
            _add_listed(desk, one, answers, asking)
        except PolicybookError as error:
            if len(wanted) == 1:
                raise
            failed = failed or not isinstance(error, DuplicateDocumentError)
            message = " ".join(str(error).split())
            named = message if one.text.id in message else f"{one.text.id}: {message}"
            click.echo(f"policybook: {named}", err=True)
    click.echo("Next: policybook build")
    return not failed


def _add_listed(desk: Desk, wanted: Wanted, answers: Answers, asking: bool) -> None:
    from policybook.intake.add import add_recommended, draft_recommended

    text = wanted.text
    draft = draft_recommended(desk, wanted, answers)
    source = draft.url or wanted.given or text.id
    click.echo(_card(source, draft.inspection, desk.inspector, draft))
    if asking and not click.confirm("Add it?", default=True):
        raise click.Abort
    entry = add_recommended(desk, wanted, draft, answers)
    click.echo(f"Added {entry.id}: data/documents/{entry.file}, and an entry at the end of data/corpus.yml.")


def _card(name: str, seen: Inspection, inspector: Inspector, draft: Draft | None = None) -> str:
    from policybook.intake.inspect import make_card
    from policybook.words.say import language_name

    language = language_name(seen.entry.language)
    if draft is None:
        return make_card(name, seen, inspector.guesser.vocabulary, language)
    return make_card(name, seen, inspector.guesser.vocabulary, language, draft.publisher, draft.warnings)


def _can_ask() -> bool:
    return sys.stdin.isatty()


def _ask(desk: Desk, draft: Draft, answers: Answers, unknown: list[str]) -> Answers:
    """Ask for what cannot be known, until every answer can be used, then whether to add it at all."""
    from policybook.intake.add import NO_PUBLISHER, check_answers

    guesses, vocabulary = draft.guesses, desk.inspector.guesser.vocabulary
    questions = [("title", "Title", guesses.title.value),
                 ("written", "Written (2014, 2014-08, 2014-08-19 or a span 2014-08/2015)", None),
                 ("speaker", "Speaker (the place for which it speaks)", guesses.speaker.value),
                 ("rights", "Rights (quote: every sentence; evidence: what was coded; full)", "quote")]  # fmt: skip
    wanted = [question for question in questions if question[0] in unknown]
    if not answers.publisher and draft.publisher == NO_PUBLISHER:
        wanted.append(("publisher", "Publisher", NO_PUBLISHER))
    if not answers.voice:
        wanted.append(("voice", "Voice (official, reported, commentary)", guesses.voice.value))
    choices = {"rights": RIGHTS, "voice": ["official", "reported", "commentary"]}
    for name, text, default in wanted:
        kind = click.Choice(choices[name]) if name in choices else None
        while True:
            said: dict[str, Any] = {name: click.prompt(text, default=default, type=kind, show_choices=False)}
            answered = exchange(answers, **said)
            try:
                check_answers(answered, vocabulary)
            except AnswerError as error:
                click.echo(str(error), err=True)
                continue
            answers = answered
            break
    if not click.confirm("Add it?", default=True):
        raise _LeftOutError
    return answers


@click.command()
@click.argument("identifiers", metavar="ID…", nargs=-1)
@click.option("--where", metavar="SELECTION", help="All whose entries fit, such as speaker=north,voice=reported.")
@click.option("--yes", is_flag=True, help="Ask nothing.")
@click.pass_obj
def remove_command(folder: Path | None, identifiers: tuple[str, ...], where: str | None, yes: bool) -> None:
    """Take documents out of the corpus: their entries and their files; all of them or none."""
    from policybook.intake.add import remove
    from policybook.intake.edit import undoable

    if bool(identifiers) == bool(where):
        raise click.UsageError("Name the documents by ID, or say --where SELECTION.")
    project = Project.find(folder)
    ids = _where(project, where) if where else list(dict.fromkeys(identifiers))
    if not yes and (len(ids) > 1 or where):
        click.echo("\n".join(shown(one) for one in ids))
        if _can_ask() and not click.confirm(f"Remove {_documents(len(ids))}?", default=False):
            raise click.Abort
        if not _can_ask() and where:
            raise AnswerError("--where: nobody is here to be asked. Add --yes to remove these documents.")
    with undoable(project, f"removed {_documents(len(ids))}"):
        named = remove(project, *ids)
    for one in ids:
        click.echo(f"Removed {shown(one)}: its entry and its file.")
    for sentence in named:
        click.echo(sentence, err=True)
    click.echo("Next: policybook build")


def _documents(count: int) -> str:
    return f"{count} document{'s' * (count != 1)}"


def _where(project: Project, typed: str) -> list[str]:
    """Return the ids of the documents that a selection means."""
    from policybook.corpus.corpus import parse_selection
    from policybook.intake.metadata import select_entries

    try:
        selection = parse_selection(typed)
    except ValueError as error:
        raise click.UsageError(f"--where: {error}") from None
    if not (ids := select_entries(project, selection)):
        raise AnswerError(f"--where: no document fits {shown(typed)}.")
    return ids


@click.command()
@click.argument("identifier", metavar="ID")
@click.argument("file")
@click.pass_obj
def replace_command(folder: Path | None, identifier: str, file: str) -> None:
    """Exchange the received bytes of the document ID for FILE; its entry keeps everything else."""
    from policybook.build.anchors import keep_addresses
    from policybook.intake.add import replace_bytes
    from policybook.intake.edit import undoable

    project = Project.find(folder)
    with undoable(project, f"replaced {identifier}"):
        done = replace_bytes(project, identifier, Path(file))
        moved = [*keep_addresses(project, identifier, *done.texts)] if done.texts else []
    click.echo(f"Replaced {identifier}: data/documents/{done.entry.file} and its sha256 in data/corpus.yml.")
    for warning in done.warnings:
        click.echo(f"Look at this: {shown(warning, 400)}.", err=True)
    for line in moved:
        click.echo(line)
    click.echo("Next: policybook build")


def _sentence(file: str, error: Exception) -> str:
    """Return what went wrong with a file as one line that names it."""

    if isinstance(error, PolicybookError):
        message = " ".join(str(error).split())
        named = shown(file) in message or isinstance(error, _RowError)
        return message if named else f"{shown(file)}: {message}"
    kind = type(error).__name__
    return f"{shown(file)}: it cannot be read ({kind}). Save its text as UTF-8 and try again, and please report it."


@click.command("documents")
@click.option("--csv", "as_csv", is_flag=True, help="All fields as CSV, to be edited (UTF-8).")
@click.option("--from", "edited", metavar="CSV", type=click.Path(path_type=Path),
              help="Take an edited table back: what it changes is shown first.")  # fmt: skip
@click.option("--yes", is_flag=True, help="With --from: ask nothing, change what the table changes.")
@click.pass_obj
def documents_command(folder: Path | None, as_csv: bool, edited: Path | None, yes: bool) -> None:
    """List the documents of data/corpus.yml, or change their entries by an edited table of them.

    A table may have fewer columns and fewer rows: what is not in it stays. An emptied cell empties its field.
    """
    if as_csv and edited:
        raise click.UsageError("--csv gives the table, --from takes it back. Choose one.")
    project = Project.find(folder)
    if edited:
        _take_back(project, edited, yes)
        return
    from policybook.intake.metadata import COLUMNS, entry_rows

    rows = entry_rows(project)
    if as_csv:
        import pandas as pd

        from policybook.charts.theme import to_csv

        sys.stdout.write(to_csv(pd.DataFrame(rows, columns=list(COLUMNS))))
        return
    heads = ("id", "written", "language", "speaker", "voice", "plan", "title")
    listed = [[row[name] or (row["published"] if name == "written" else "") for name in heads] for row in rows]
    _print_table(heads, listed, (80, 21, 8, 20, 10, 16, 60))
    click.echo(f"{_documents(len(rows))} in data/corpus.yml.")


def _take_back(project: Project, edited: Path, yes: bool) -> None:
    """Show what an edited table changes, and change it if that is wanted."""
    from policybook.corpus.scope import load_vocabulary
    from policybook.intake.edit import undoable
    from policybook.intake.metadata import read_changes, write_changes

    found = read_changes(project, edited, load_vocabulary(project))
    if found.without_row:
        listed = " ".join(found.without_row[:8]) + " …" * (len(found.without_row) > 8)
        click.echo(f"{_documents(len(found.without_row))} without a row in {shown(edited)}: nothing changes there, and "
                   f"none is removed. To remove: policybook remove {shown(listed, 400)}", err=True)  # fmt: skip
    if not found.changes:
        click.echo("Nothing changes.")
        return
    rows = [(one.id, one.field, one.old or "(empty)", "→", one.new or "(empty)") for one in found.changes]
    _print_table(("id", "field", "old", "", "new"), rows, (80, 18, 50, 1, 50))
    told = f"{len(rows)} field{'s' * (len(rows) != 1)} of {_documents(len(found.by_document))}"
    if not yes:
        if not _can_ask():
            raise AnswerError(f"{shown(edited)}: nothing was changed, since nobody is here to be asked. Add --yes.")
        if not click.confirm(f"Change {told}?", default=False):
            raise click.Abort
    with undoable(project, f"changed {told}"):
        write_changes(project, found)
    click.echo(f"Changed {told} in data/corpus.yml.")
    click.echo("Next: policybook build")


@click.command()
@click.pass_obj
def undo(folder: Path | None) -> None:
    """Undo the last change that a command made to data/: every file has its bytes of before again."""
    from policybook.intake.edit import undo_last

    done = undo_last(Project.find(folder))
    click.echo(f"Undone: {shown(done.what, 400)} ({done.when}).")
    for what, names in (("as before", done.put_back), ("taken away", done.taken_away)):
        if names:
            more = f" and {len(names) - 8} more" * (len(names) > 8)
            click.echo(f"  {what}: {', '.join(map(shown, names[:8]))}{more}")
    if done.next:
        click.echo(f"A further undo would undo: {shown(done.next, 400)}.")
    click.echo("Next: policybook build")


def _print_table(heads: Sequence[str], rows: Sequence[Sequence[str]], most: Sequence[int]) -> None:
    """Print rows under headings, a column as wide as its widest cell or `most`; no cell can trick a terminal."""
    cells = [[shown(cell, 2000) for cell in row] for row in rows]
    widths = [max([text_width(head), *(min(text_width(row[n]), most[n]) for row in cells)])
              for n, head in enumerate(heads)]  # fmt: skip
    for row in [list(heads), *cells]:
        click.echo("  ".join(pad(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip())


COMMANDS = (inspect, add, remove_command, replace_command, documents_command, undo)
