"""The command `add --recommended`: one text, or all of a group."""

from __future__ import annotations

import click

from policybook.adding import Answers, Desk, check_answers
from policybook.commands.card import make_card
from policybook.errors import DuplicateDocumentError, PolicybookError
from policybook.recommending import Wanted, add_recommended, choose, draft_recommended


def add_texts(desk: Desk, name: str, given: str | None, answers: Answers, *, asking: bool) -> bool:
    """Add the recommended text or group `name`; return whether every text stands in the corpus now.

    One that stands there already is no failure of a group. Raises PolicybookError for a single text.
    """
    check_answers(answers, desk.inspector.guesser.vocabulary)
    wanted = choose(desk, name, given)
    if len(wanted) > 1 and (answers.id or answers.title):
        raise click.UsageError("--id and --title are for one document. Add the texts one by one.")
    failed = False
    for one in wanted:
        try:
            _add(desk, one, answers, asking)
        except PolicybookError as error:
            if len(wanted) == 1:
                raise
            failed = failed or not isinstance(error, DuplicateDocumentError)
            message = " ".join(str(error).split())
            named = message if one.text.id in message else f"{one.text.id}: {message}"
            click.echo(f"policybook: {named}", err=True)
    click.echo("Next: policybook build")
    return not failed


def _add(desk: Desk, wanted: Wanted, answers: Answers, asking: bool) -> None:
    text = wanted.text
    draft = draft_recommended(desk, wanted, answers)
    source = draft.url or wanted.given or text.id
    click.echo(make_card(source, draft.inspection, desk.inspector.guesser.vocabulary, draft))
    if asking and not click.confirm("Add it?", default=True):
        raise click.Abort
    entry = add_recommended(desk, wanted, draft, answers)
    click.echo(f"Added {entry.id}: data/documents/{entry.file}, and an entry at the end of data/corpus.yml.")
