"""`policybook concept`: what a form would find, and a new concept of the coding scheme."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from policybook.errors import shown
from policybook.project import Project

#: So many places are printed unless --most says otherwise.
_PLACES = 25


@click.group("concept")
def concept_commands() -> None:
    """Try a form of the coding scheme, or add a concept to it."""


@concept_commands.command("try")
@click.argument("form")
@click.argument("selection", required=False)
@click.option("--language", type=click.Choice(["zh", "en"]), help="Of the form; default: the one it is written in.")
@click.option("--most", type=click.IntRange(1), help=f"So many places; default {_PLACES}, as CSV all.")
@click.option("--csv", "as_csv", is_flag=True, help="The places as CSV.")
@click.pass_obj
def try_command(folder: Path | None, form: str, selection: str | None, language: str | None, most: int | None,
                as_csv: bool) -> None:  # fmt: skip
    """Show every place where FORM would be found, in context, and which concepts carry it already; write nothing.

    FORM is in the notation of data/lexicon/concepts.yml, such as 'move to (cities | towns)'. SELECTION is typed like
    plan=PLAN,places=PLACE; without it all documents are searched.
    """
    from policybook.analysis.compare import check_filled
    from policybook.charts.theme import to_csv
    from policybook.coding.scheme import load_scheme
    from policybook.coding.store import load_coded
    from policybook.corpus.corpus import parse_selection
    from policybook.intake.scheme_change import try_form
    from policybook.words.say import say, use_words_of

    try:
        wanted = parse_selection(selection) if selection else {}
    except ValueError as error:
        raise click.UsageError(f"SELECTION: {error}") from None
    project = Project.find(folder)
    use_words_of(project)
    scheme, corpus = load_scheme(project), load_coded(project, together=True)
    part = corpus.select(wanted)
    check_filled(part, selection or "everything")
    places = try_form(form, part, scheme, language or "")
    if as_csv:
        sys.stdout.write(to_csv(places.head(most or len(places))))
        return
    told = {"form": shown(form), "all": len(part.documents)}
    if places.empty:
        click.echo(say("scheme.tried.none", **told))
        if concept := scheme.by_id.get(form.strip()):
            click.echo(say("scheme.tried.id", **told, one=next(iter((*concept.en, *concept.zh)), concept.term)))
        return
    states = [(state, int((places["state"] == state).sum())) for state in ("new", "taken", "held", "shared")]
    documents = places["document"].value_counts()
    click.echo(say("scheme.tried.found", **told, count=len(places), documents=len(documents),
                   states=[one for one in states if one[1]]))  # fmt: skip
    for document, number in documents.items():
        click.echo("  " + say("scheme.tried.document", document=document, number=int(number)))
    for row in places.head(most or _PLACES).to_dict("records"):
        click.echo(say(f"scheme.mark.{row['state']}", sentence=row["sentence"], concepts=row["concepts"]))
        around = {name: shown(re.sub(r"\s", " ", row[name])) for name in ("left", "text", "right")}
        click.echo("  " + say("scheme.tried.place", **around))
    if (more := len(places) - (most or _PLACES)) > 0:
        click.echo(say("scheme.tried.rest", number=more))


@concept_commands.command("add")
@click.argument("identifier", metavar="ID")
@click.option("--en", multiple=True, metavar="FORM", help="An English form; may be given several times.")
@click.option("--zh", multiple=True, metavar="FORM", help="A Chinese form; may be given several times.")
@click.option("--theme", required=True, metavar="THEME", help="The id of its theme.")
@click.option("--new-theme", metavar="LABEL", help="Make the theme, and call it so.")
@click.option("--new-theme-zh", metavar="LABEL", help="What the new theme is called in Chinese.")
@click.option("--term-en", metavar="NAME", help="Its usual English; default: its first plain English form, or its id.")
@click.option("--term-zh", metavar="NAME", help="Its name in Chinese; default: its first plain Chinese form.")
@click.option("--pinyin", metavar="TEXT", help="How that is read; default: as a dictionary has it.")
@click.option("--broader", metavar="CONCEPT", help="The concept that contains it.")
@click.option("--note", metavar="TEXT", help="Why it is as it is.")
@click.pass_obj
def add_command(folder: Path | None, /, identifier: str, en: tuple[str, ...], zh: tuple[str, ...],
                **said: str | None) -> None:  # fmt: skip
    """Write the concept ID into data/lexicon/concepts.yml, checked; nothing else in the file changes.

    \b
    policybook concept add data-centres --en 'data (center | centre)' --theme means
    policybook concept add algae --en algae --zh 水藻 --theme water --new-theme Water
    """
    from policybook.intake.edit import undoable
    from policybook.intake.scheme_change import NewConcept, add_concept
    from policybook.words.say import say, use_words_of

    project = Project.find(folder)
    use_words_of(project)
    new = NewConcept(identifier, en=en, zh=zh, **{name: value or "" for name, value in said.items()})
    with undoable(project, f"added the concept {identifier}"):
        added = add_concept(project, new)
    file = project.name(project.lexicon / "concepts.yml")
    click.echo(say("scheme.added.done", concept=added.id, file=file, theme=new.theme if new.new_theme else ""))
    click.echo(say("scheme.added.next", form=shown((*added.en, *added.zh)[0])))
