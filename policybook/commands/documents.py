"""The commands about documents: inspect, add, remove, replace, and new for a project without any."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace as exchange
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from policybook.errors import AnswerError, PolicybookError
from policybook.project import Project

if TYPE_CHECKING:
    from policybook.adding import Answers, Desk, Draft

_FILES = click.argument("files", nargs=-1, required=True, metavar="FILE…")


@click.command()
@_FILES
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, in order.")
@click.pass_obj
def inspect(folder: Path | None, files: tuple[str, ...], as_json: bool) -> None:
    """Show all that is known of FILE, in the corpus or not; write nothing."""
    from policybook.coding.inspect import Inspector
    from policybook.commands.card import make_card
    from policybook.corpus.files import read_file, shown

    inspector = Inspector(Project.find(folder))
    failed = False
    for file in files:
        try:
            seen = inspector.inspect(read_file(Path(file)), shown(file))
            if as_json:
                line = json.dumps(inspector.to_json(file, seen), separators=(",", ":"))
            else:
                line = make_card(file, seen, inspector.guesser.vocabulary)
            click.echo(line)
        except Exception as error:  # whatever a file does to a library, the others are still to be read
            if not isinstance(error, PolicybookError) and os.environ.get("POLICYBOOK_DEBUG"):
                raise
            failed = True
            message = _sentence(file, error)
            if as_json:
                click.echo(json.dumps({"document": {"file": file}, "error": message}, separators=(",", ":")))
            else:
                click.echo(f"policybook: {message}", err=True)
    if failed:
        sys.exit(1)


@click.command()
@click.argument("sources", nargs=-1, metavar="FILE|URL…")
@click.option("--recommended", metavar="ID", help="A text, or a group of texts, of data/recommended.yml.")
@click.option("--from", "given", metavar="FILE|URL", help="Where that text is; default: its official address.")
@click.option("--id", "identifier", help="The document's id; default: from publisher, year and title.")
@click.option("--title", help="Its title; default: what the file says of itself.")
@click.option("--published", metavar="DATE", help="The date on the page: 2014, 2014-08 or 2014-08-19.")
@click.option("--written", metavar="DATE", help="When it was written; also a span 2014-08/2015.")
@click.option("--plan", help="The plan that it is about (data/lexicon/plans.yml), or none.")
@click.option("--places", help="The places of a passage that names none, separated by commas.")
@click.option("--speaker", metavar="PLACE", help="The place from whose standpoint it is written.")
@click.option("--rights", type=click.Choice(["full", "quote"]), help="full: shown whole; quote: only evidence.")
@click.option("--publisher", help="Who published it.")
@click.option("--voice", type=click.Choice(["official", "reported", "commentary"]), help="Who speaks.")
@click.option("--yes", is_flag=True, help="Ask nothing: take the guesses, and rights: quote.")
@click.pass_obj
def add(
    folder: Path | None,
    /,
    sources: tuple[str, ...],
    recommended: str | None,
    given: str | None,
    identifier: str | None,
    places: str | None,
    yes: bool,
    **said: str | None,
) -> None:
    """Add a document to the corpus: its file as received, and an entry in data/corpus.yml."""
    from policybook.adding import Answers, Desk
    from policybook.commands.recommended import add_texts

    if len(sources) > 1 and (identifier or said["title"]):
        raise click.UsageError("--id and --title are for one document. Add the documents one by one.")
    if bool(sources) == bool(recommended) or (given and not recommended):
        raise click.UsageError("Give a FILE or URL, or --recommended ID with its file behind --from.")
    listed = tuple(p.strip() for p in places.replace("+", ",").split(",") if p.strip()) if places else None
    answers = Answers(id=identifier, places=listed, **said)
    desk = Desk.open(Project.find(folder))
    if recommended:
        if not add_texts(desk, recommended, given, answers, asking=not yes and _can_ask()):
            sys.exit(1)
        return
    failed = False
    for source in sources:
        try:
            _add_one(desk, source, answers, yes)
        except PolicybookError as error:
            if len(sources) == 1:
                raise
            failed = True
            click.echo(f"policybook: {_sentence(source, error)}", err=True)
    if failed:
        sys.exit(1)


def _add_one(desk: Desk, source: str, answers: Answers, yes: bool) -> None:
    from policybook.commands.card import make_card
    from policybook.corpus.files import shown

    draft = desk.draft(source, answers)
    unknown = draft.unknown(answers)
    asking = not yes and _can_ask()
    if unknown and not yes and not asking:
        flags = ", ".join(f"--{name}" for name in unknown)
        raise AnswerError(f"{shown(source)}: give {flags}, or --yes to take the guesses.")
    click.echo(make_card(source, draft.inspection, desk.inspector.guesser.vocabulary, draft))
    if asking:
        answers = _ask(desk, draft, answers, unknown)
    entry = desk.add(draft, answers)
    if not yes and not answers.written and "written" in unknown:
        click.echo("Nothing tells when it was written; put 'written:' right in data/corpus.yml.", err=True)
    click.echo(f"Added {entry.id}: data/documents/{entry.file}, and an entry at the end of data/corpus.yml.")
    click.echo("Next: policybook build")


def _can_ask() -> bool:
    return sys.stdin.isatty()


def _ask(desk: Desk, draft: Draft, answers: Answers, unknown: list[str]) -> Answers:
    """Ask for what cannot be known, until every answer can be used, then whether to add it at all."""
    from policybook.adding import NO_PUBLISHER, check_answers

    guesses, vocabulary = draft.guesses, desk.inspector.guesser.vocabulary
    questions = [
        ("title", "Title", guesses.title.value),
        ("written", "Written (2014, 2014-08, 2014-08-19 or a span 2014-08/2015)", None),
        ("speaker", "Speaker (the place for which it speaks)", guesses.speaker.value),
        ("rights", "Rights (quote: only evidence is shown; full: the whole text)", "quote"),
    ]
    wanted = [question for question in questions if question[0] in unknown]
    if not answers.publisher and draft.publisher == NO_PUBLISHER:
        wanted.append(("publisher", "Publisher", NO_PUBLISHER))
    if not answers.voice:
        wanted.append(("voice", "Voice (official, reported, commentary)", guesses.voice.value))
    choices = {"rights": ["quote", "full"], "voice": ["official", "reported", "commentary"]}
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
        raise click.Abort
    return answers


@click.command()
@click.argument("identifier", metavar="ID")
@click.pass_obj
def remove(folder: Path | None, identifier: str) -> None:
    """Take the document ID out of the corpus: its entry and its file."""
    from policybook.revising import remove as take_out

    named = take_out(Project.find(folder), identifier)
    click.echo(f"Removed {identifier}: its entry and its file.")
    for sentence in named:
        click.echo(sentence, err=True)
    click.echo("Next: policybook build")


@click.command()
@click.argument("identifier", metavar="ID")
@click.argument("file")
@click.pass_obj
def replace(folder: Path | None, identifier: str, file: str) -> None:
    """Exchange the received bytes of the document ID for FILE; its entry keeps everything else."""
    from policybook.corpus.files import shown
    from policybook.revising import replace as put_in

    done = put_in(Project.find(folder), identifier, Path(file))
    click.echo(f"Replaced {identifier}: data/documents/{done.entry.file} and its sha256 in data/corpus.yml.")
    for warning in done.warnings:
        click.echo(f"Look at this: {shown(warning, 400)}.", err=True)
    click.echo("Next: policybook build")


@click.command()
@click.argument("target", metavar="DIR")
@click.option("--from", "source", metavar="PROJECT", help="A project whose coding scheme it takes, with its codebook.")
def new(target: str, source: str | None) -> None:
    """Make an empty project in DIR, with an example of a coding scheme to replace."""
    from policybook.corpus.files import shown
    from policybook.publishing.new import make_project

    scheme_of = Project.find(source) if source else None
    made = make_project(Path(target), scheme_of)
    scheme = f"the coding scheme of {shown(scheme_of.root)}" if scheme_of else "an example of a coding scheme"
    click.echo(f"Made {shown(made)} with {scheme}.")
    click.echo("Next: go there and add a document: policybook add FILE")


def _sentence(file: str, error: Exception) -> str:
    """Return what went wrong with a file as one line that names it."""
    from policybook.corpus.files import shown

    if isinstance(error, PolicybookError):
        message = " ".join(str(error).split())
        return message if shown(file) in message else f"{shown(file)}: {message}"
    kind = type(error).__name__
    return f"{shown(file)}: it cannot be read ({kind}). Save its text as UTF-8 and try again, and please report it."
