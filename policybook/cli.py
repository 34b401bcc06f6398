"""The command line: every command reads its arguments here and hands them to the rooms."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policybook import __version__

from policybook.errors import (  # isort: skip
    ComparisonError, InvalidDataError, PolicybookError, UnknownPageError, many, shown, suggest,
)
from policybook.build.anchors import anchors_command
from policybook.cli_documents import COMMANDS
from policybook.cli_measured import measure_command
from policybook.cli_scheme import concept_commands
from policybook.project import ONE_THREAD, Project

# Only what is light is imported here; a command imports the rooms that it needs.
if TYPE_CHECKING:
    import pandas as pd

    from policybook.analysis.counts import BlockCounts
    from policybook.analysis.paired import Contrast
    from policybook.build.runs import Run
    from policybook.build.site import SphinxProcess
    from policybook.build.state import Pages
    from policybook.coding.scheme import Scheme
    from policybook.corpus.corpus import Corpus, Selection, Value

@click.command()
@click.argument("left", required=False)
@click.argument("right", required=False)
@click.option("--each", "field", metavar="FIELD", help="Every two values of a field, within LEFT if it is given.")
@click.option("--rest", is_flag=True, help="With --each: each value and all others together.")
@click.option("--corpus", "name", metavar="NAME",
              help="Measured counts: a name under data/measured, or a folder; default: the documents.")  # fmt: skip
@click.option("--peers", is_flag=True, help="Where a place stands among the places of its level.")
@click.option("--json", "as_json", is_flag=True, help="Everything, as one JSON object.")
@click.option("--csv", "as_csv", is_flag=True, help="The rows as CSV.")
@click.pass_obj
def compare_command(folder: Path | None, left: str | None, right: str | None, field: str | None, rest: bool,
                    name: str | None, peers: bool, as_json: bool, as_csv: bool) -> None:  # fmt: skip
    """Compare the selections LEFT and RIGHT, such as plan=first-plan,places=north+south; + joins alternatives."""
    if as_json and as_csv:
        raise click.UsageError("--json and --csv are two answers. Choose one.")
    if peers and name is None:
        raise click.UsageError("--peers asks for a measured corpus. Name it with --corpus.")
    if field is None and not (left and right):
        lacks = "RIGHT" if left else "LEFT"
        raise click.UsageError(f"Missing argument '{lacks}'. Give LEFT and RIGHT, or --each FIELD.")
    if (field is None and rest) or (field is not None and (right or name)):
        raise click.UsageError("--rest goes with --each; --each with one selection of the documents at most.")
    within = read_selection("LEFT", left) if left else {}
    from policybook.words.say import use_words_of

    project = Project.find(folder)
    use_words_of(project)
    form = "csv" if as_csv else "json" if as_json else ""
    if field is not None:
        from policybook.cli_groups import compare_each

        compare_each(project, field, within, rest, form)
        return
    labels = str(left), str(right)
    selections = within, read_selection("RIGHT", labels[1])
    if name is None or not _compare_documents(project, name, selections, labels, peers, form):
        _compare_blocks(project, name, selections, labels, form)


def _compare_documents(project: Project, name: str, selections: tuple[Selection, Selection], labels: tuple[str, str],
                       peers: bool, form: str) -> bool:  # fmt: skip
    """Print a comparison of measured documents; return False where they are too few and their blocks were kept."""
    from policybook.analysis.measured_queries import open_panel
    from policybook.analysis.paired import compare_peers, contrast
    from policybook.coding.scheme import load_scheme
    from policybook.words.comparisons import not_counted_sentence

    scheme = load_scheme(project)
    panel, age = open_panel(project, name, scheme, () if peers else selections)
    sides, whole = (panel.select(selections[0]), panel.select(selections[1])), panel if peers else None
    del panel  # which may be large
    found = contrast(*sides)
    if found.design == "blocks" and found.left.has_blocks:
        return False
    beside = [compare_peers(whole, found, selections, side) for side in (0, 1)] if whole is not None else []
    if not_counted := not_counted_sentence(age, scheme, name):
        click.echo(not_counted, err=True)
    _print_contrast(found, selections, labels, scheme, beside, form)
    return True


def _print_contrast(found: Contrast, selections: tuple[Selection, Selection], labels: tuple[str, str], scheme: Scheme,
                    peers: list[pd.DataFrame | None], form: str) -> None:  # fmt: skip
    from policybook.charts.theme import to_csv
    from policybook.words.comparisons import contrast_json, contrast_lines, contrast_table

    if form == "csv":
        sys.stdout.write(to_csv(contrast_table(found, scheme, peers)))
    elif form == "json":
        told = contrast_json(found, selections, scheme, peers)
        click.echo(json.dumps(told, separators=(",", ":"), allow_nan=False))
    else:
        click.echo("\n".join(contrast_lines(found, labels, scheme, peers)))


def _compare_blocks(project: Project, name: str | None, selections: tuple[Selection, Selection],
                    labels: tuple[str, str], form: str) -> None:  # fmt: skip
    from policybook.analysis import thresholds
    from policybook.analysis.compare import check_sides, compare_counts, usable_concepts
    from policybook.analysis.paired import contrast, panel_of
    from policybook.analysis.robustness import find_halves, find_placebo
    from policybook.analysis.validation import load_aligned
    from policybook.charts.theme import to_csv

    from policybook.words.comparisons import (  # isort: skip
        answer, comparison_lines, halves_sentence, label_of, placebo_sentence, to_json, to_table,
    )

    counts, scheme, not_counted, selections, serial = _open(project, name, selections)
    aligned = load_aligned(project)
    comparable = aligned.comparable if aligned else None
    sides = counts.select(selections[0]), counts.select(selections[1])
    if min(len(side.documents) for side in sides) >= thresholds.MIN_DOCUMENTS:
        check_sides(*sides, labels)
        usable = usable_concepts(sides, comparable)
        found = contrast(panel_of(sides[0], usable), panel_of(sides[1], usable))
        _print_contrast(found, selections, labels, scheme, [], form)
        return
    result = compare_counts(*sides, serial=serial, labels=labels, comparable=comparable)
    if not_counted and form:
        click.echo(not_counted, err=True)
    if form == "csv":
        sys.stdout.write(to_csv(to_table(result, scheme)))
        return
    placebo = find_placebo(counts, result, comparable)
    if form == "json":
        click.echo(json.dumps(to_json(result, selections, placebo, scheme), separators=(",", ":")))
        return
    click.echo(answer(result, lambda row: label_of(row, scheme)))
    click.echo()
    for line in comparison_lines(result, scheme):
        click.echo(line)
    click.echo()
    click.echo(placebo_sentence(result, placebo))
    if halves := halves_sentence(result, find_halves(result, comparable)):
        click.echo(f"\n{halves}")
    if not_counted:
        click.echo(f"\n{not_counted}")


def read_selection(argument: str, text: str) -> dict[str, Value | list[Value]]:
    """Return the selection typed as an argument. Raises UsageError, naming the argument, when it cannot be read."""
    from policybook.corpus.corpus import parse_selection

    try:
        return parse_selection(text)
    except ValueError as error:
        raise click.UsageError(f"{argument}: {error}") from None


def _open(project: Project, name: str | None, selections: tuple[Selection, Selection]
          ) -> tuple[BlockCounts, Scheme, str, tuple[Selection, Selection], float]:  # fmt: skip
    """Return the counts of the documents, or of the measured corpus `name`, the scheme, what is not counted, the
    selections without documents that stand in them twice, which are named, and the design effect."""
    from policybook.analysis.comparisons import count_once, find_copies
    from policybook.analysis.counts import block_counts, design_effect
    from policybook.analysis.measured_queries import open_blocks
    from policybook.coding.scheme import load_scheme
    from policybook.coding.store import load_coded
    from policybook.words.comparisons import confound_words, not_counted_sentence

    scheme = load_scheme(project)
    if name is not None:
        counts, age, serial = open_blocks(project, name, scheme, selections)
        return counts, scheme, not_counted_sentence(age, scheme, name), selections, serial
    corpus = load_coded(project, together=True)
    (left, left_out), (right, other_left_out) = (count_once(corpus, selection) for selection in selections)
    for sentence in dict.fromkeys(confound_words(find_copies([*left_out, *other_left_out]), str)):
        click.echo(sentence, err=True)
    counts = block_counts(corpus, scheme)
    return counts, scheme, "", (left, right), design_effect(counts)


@click.command()
@click.argument("target", metavar="DIR")
@click.option("--from", "source", metavar="PROJECT", help="A project whose coding scheme it takes, with its codebook.")
def new(target: str, source: str | None) -> None:
    """Make an empty project in DIR, with an example of a coding scheme to replace."""
    from policybook.build.new import make_project

    scheme_of = Project.find(source) if source else None
    made = make_project(Path(target), scheme_of)
    scheme = f"the coding scheme of {shown(scheme_of.root)}" if scheme_of else "an example of a coding scheme"
    click.echo(f"Made {shown(made)} with {scheme}.")
    click.echo("Next: go there and add a document: policybook add FILE")


#: So many words of a language are printed unless --most says otherwise.
_MOST = 25


@click.command("words")
@click.argument("selection", required=False)
@click.option("--against", metavar="SELECTION", help="List what sets the first selection apart from this one.")
@click.option("--uncoded", is_flag=True, help="Only what no concept of the coding scheme carries, with an example.")
@click.option("--language", type=click.Choice(["zh", "en"]), help="Words of this language only.")
@click.option("--most", type=click.IntRange(1), help=f"So many words of each language; default {_MOST}, as CSV all.")
@click.option("--csv", "as_csv", is_flag=True, help="The rows as CSV.")
@click.pass_obj
def print_words(folder: Path | None, selection: str | None, against: str | None, uncoded: bool, language: str | None,
                most: int | None, as_csv: bool) -> None:  # fmt: skip
    """List the words and phrases of SELECTION, or of everything, or with --against those that set two selections apart.

    A selection is typed like plan=PLAN,places=PLACE; + joins alternatives. Phrases are the terms of the coding
    scheme, each one word wherever a form of it stands; stop words are left out. Share is of all words that are left.
    With --uncoded phrases are words that stand side by side at least twice.
    """
    if uncoded and against is not None:
        raise click.UsageError("--uncoded lists the words of one selection. Leave out --against, or --uncoded.")
    typed = [("SELECTION", selection), *([("--against", against)] if against is not None else [])]
    sides = [(text or "everything", read_selection(name, text) if text is not None else {}) for name, text in typed]
    from policybook.analysis.keyness import frequent_terms, key_terms, uncoded_terms
    from policybook.charts.theme import to_csv
    from policybook.words.comparisons import uncoded_lines, word_lines

    corpus, terms = _list_sides(Project.find(folder), sides, language)
    labels = [label for label, _ in sides]
    if uncoded:
        rows = uncoded_terms(terms[0], corpus)
    elif against is not None:
        rows = key_terms(terms[0], terms[1], (labels[0], labels[1]))
    else:
        rows = frequent_terms(terms[0])
    kept = rows.groupby("language").head(most or (len(rows) if as_csv else _MOST))
    if as_csv:
        sys.stdout.write(to_csv(kept))
        return
    told = uncoded_lines(kept, labels[0]) if uncoded else word_lines(kept, list(zip(labels, terms, strict=True)))
    for line in told:
        click.echo(line)


def _list_sides(project: Project, sides: Sequence[tuple[str, Selection]],
                language: str | None) -> tuple[Corpus, list[pd.DataFrame]]:  # fmt: skip
    """Return the corpus and the terms of each side. Raises ComparisonError when one is empty or two share text."""
    from policybook.analysis.compare import check_filled, check_sides
    from policybook.analysis.keyness import list_terms
    from policybook.coding.scheme import load_scheme
    from policybook.coding.store import load_coded

    scheme = load_scheme(project)
    corpus = load_coded(project, together=True)
    only = {"language": language} if language else {}
    parts = [corpus.select(selection).select(only) for _, selection in sides]
    labels = [f"{label},language={language}" if language else label for label, _ in sides]
    check_filled(parts[0], labels[0])
    if len(parts) > 1:
        check_sides(parts[0], parts[1], (labels[0], labels[1]))
    return corpus, [list_terms(part, scheme, project) for part in parts]


class _Front(click.Group):
    """Turns everything a user can put right into one message and exit status 1, without a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except InvalidDataError as error:
            count = len(error.problems)
            click.echo(str(error), err=True)
            click.echo(f"{count} mistake{'s' if count != 1 else ''} to put right; nothing was changed.", err=True)
            ctx.exit(1)
        except ComparisonError as error:
            from policybook.words.say import say_finding

            click.echo(f"policybook: {say_finding('comparison.clash', error)}", err=True)
            ctx.exit(1)
        except PolicybookError as error:
            click.echo(f"policybook: {error}", err=True)
            ctx.exit(1)
        except (click.exceptions.ClickException, click.exceptions.Exit, click.exceptions.Abort, BrokenPipeError):
            raise
        except OSError as error:
            name = shown(error.filename or "a file")
            click.echo(f"policybook: {name}: {error.strerror or error}. Put that right and try again.", err=True)
            ctx.exit(1)
        except Exception as error:  # a fault of ours: said in a sentence, shown in full to who asks for it
            if os.environ.get("POLICYBOOK_DEBUG"):
                raise
            kind = type(error).__name__
            click.echo(
                f"policybook: it stopped unexpectedly ({kind}: {error}). Set POLICYBOOK_DEBUG=1 to see where, and "
                "please report it.",
                err=True,
            )
            ctx.exit(1)


@click.group(cls=_Front, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="policybook")
@click.option("--project", "folder", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="The project; default: at or above the working directory.")  # fmt: skip
@click.pass_context
def main(ctx: click.Context, folder: Path | None) -> None:
    """Turn a folder of policy documents into a book that compares them."""
    ctx.obj = folder


@main.command()
@click.pass_obj
def check(folder: Path | None) -> None:
    """Name every mistake in data/ and notebooks/runs.yml; execute nothing."""
    from policybook.build import check as checks
    from policybook.build.anchors import check_anchors
    from policybook.build.edition import read_about

    project = Project.find(folder)
    notes: list[str] = []
    runs = checks.check_project(project, read_about, check_anchors, notes=notes)
    notes += [*checks.placeholders_left(project, runs), *checks.not_listed(project, runs)]
    for sentence in (*notes, *checks.left_behind(project, runs), *checks.other_languages(project, runs)):
        click.echo(sentence, err=True)
    click.echo(f"No mistakes. The book has {many(len(runs), 'page')} made by notebooks.")
    for sentence in checks.not_counted(project):
        click.echo(sentence)


for command in (*COMMANDS, new, measure_command, compare_command, print_words, anchors_command, concept_commands):
    main.add_command(command)


_JOBS = click.option("--jobs", type=click.IntRange(1, 64), default=min(2, os.cpu_count() or 1), show_default=True,
                     help="Notebooks at a time.")  # fmt: skip
_FORCE = click.option("--force", is_flag=True, help="Execute every notebook, changed or not.")


@main.command()
@click.argument("pages", nargs=-1, metavar="[PAGE…]")
@_FORCE
@_JOBS
@click.pass_obj
def execute(folder: Path | None, pages: tuple[str, ...], force: bool, jobs: int) -> None:
    """Execute the notebooks whose inputs changed, or those that make PAGE (documents/ID, index, …)."""
    from policybook.build.state import one_build

    project = Project.find(folder)
    with one_build(project):
        _execute(project, pages, force or bool(pages), jobs)


@main.command()
@_FORCE
@_JOBS
@click.option("--only", metavar="PAGE", help="Execute the notebook of this page only.")
@click.option("--pdf", "printed", is_flag=True, help="Print the book too, at _build/book.pdf; it needs Chromium.")
@click.pass_obj
def build(folder: Path | None, force: bool, jobs: int, only: str | None, printed: bool) -> None:
    """Execute what changed, build the site at _build/html and index it for the search."""
    from policybook.build.state import note_finished, nothing_changed, one_build

    project = Project.find(folder)
    if printed:
        from policybook.build.pdf import print_book, require_browser

        require_browser()  # before all else, which takes minutes
    with one_build(project):
        if not (force or only) and nothing_changed(project):
            click.echo("Nothing has changed since the last build: no page and no site was made.", err=True)
        else:
            from policybook.build.site import SphinxProcess, build_site

            with SphinxProcess() as sphinx:
                pages, runs = _execute(project, (only,) if only else (), force or bool(only), jobs, sphinx)
                build_site(project, runs, sphinx)
            note_finished(pages)
        if printed:
            click.echo(f"The printed edition is at {project.name(print_book(project))}.")
    front = project.name(project.site / "index.html")
    click.echo(f"The book is at {front}. To read it with its search: policybook serve")


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes any free one.")
@click.option("--watch", "watched", is_flag=True, help="Build whatever changes, and load open pages again.")
@click.pass_obj
def serve(folder: Path | None, port: int, watched: bool) -> None:
    """Show the built book on 127.0.0.1 until Ctrl-C."""
    from policybook.build.serve import make_server, watch
    from policybook.build.site import recover_site

    project = Project.find(folder)
    recover_site(project)
    with make_server(project.site, port, watched=watched) as server:
        click.echo(f"http://127.0.0.1:{server.server_port}/ (Ctrl-C stops)")
        sys.stdout.flush()
        try:
            watch(project, server) if watched else server.serve_forever()
        except KeyboardInterrupt:
            click.echo("Stopped.")


#: The styles of references (see policybook.build.cite, which is not loaded for a word of help).
_STYLES = ["gb-t-7714", "gb-t-7714-2015", "apa", "chicago", "biblatex", "bibtex", "ris", "csl-json"]


def _complete_target(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Return what could be cited that begins so: pages, and behind # or : the parts of one."""
    from policybook.build.targets import complete_target

    folder = ctx.find_root().params.get("folder")
    try:
        return complete_target(Project.find(folder).site, incomplete)
    except PolicybookError:
        return []


@main.command()
@click.argument("target", required=False, shell_complete=_complete_target)
@click.option("--of", "side", type=click.Choice(["source", "book", "both"]),
              help="A document's own reference, the book's, or both; default: both for documents and passages.")
@click.option("--style", type=click.Choice(_STYLES), help="Default: gb-t-7714; with --all biblatex.")
@click.option("--all", "everything", is_flag=True, help="All pages, documents, figures and tables of the built book.")
@click.pass_obj
def cite(folder: Path | None, target: str | None, side: str | None, style: str | None, everything: bool) -> None:
    """Print the reference of TARGET: a page, PAGE#anchor, a passage such as DOCUMENT:p07, or an address of one."""
    from policybook.build.cite import cite_all, cite_target

    if everything == (target is not None):
        raise click.UsageError("Name a TARGET, or give --all instead of one.")
    project = Project.find(folder)
    click.echo(cite_all(project, style or "biblatex") if target is None
               else cite_target(project, target, style or "gb-t-7714", side,
                                tell=lambda sentence: click.echo(sentence, err=True)))  # fmt: skip


@main.command()
@click.argument("target", metavar="DIR", type=click.Path(path_type=Path))
@click.pass_obj
def export(folder: Path | None, target: Path) -> None:
    """Copy all tables of the built book into the new folder DIR, as CSV, with a description of every column."""
    from policybook.build.export import export_tables
    from policybook.build.targets import PACKAGE

    count = export_tables(Project.find(folder), target)
    click.echo(f"{count} tables are in {shown(target)}; {PACKAGE} there describes them.")


def _execute(project: Project, only: tuple[str, ...], force: bool, jobs: int,
             sphinx: SphinxProcess | None = None) -> tuple[Pages, tuple[Run, ...]]:  # fmt: skip
    """Execute the pages `only`, or every page; where `sphinx` will make a site of them, which is got ready meanwhile,
    also those that were never made. Return all runs."""
    os.environ.update(ONE_THREAD)  # before anything that starts threads is imported: a process with one can be forked
    from policybook.build.anchors import check_anchors
    from policybook.build.check import check_project, other_languages
    from policybook.build.choice import choose_pages
    from policybook.build.edition import read_about
    from policybook.build.execute import execute_chosen, execute_runs, remove_stale_pages
    from policybook.build.kernels import KernelServer
    from policybook.build.runs import all_pages
    from policybook.build.state import Pages, note_unfinished

    note_unfinished(project)
    with KernelServer(project, sorted(path.stem for path in project.notebooks.glob("*.ipynb"))) as server:
        pages = Pages(project)
        runs = check_project(project, read_about, check_anchors)
        pages.names = all_pages(project, runs)
        known = [run.page for run in runs]
        for page in only:
            if page not in known:
                raise UnknownPageError(f"no page {page!r} in this book. {suggest(page, known)}")
        for stale in remove_stale_pages(project, runs):
            click.echo(f"Removed {stale}: nothing makes it any more.", err=True)
        if sphinx:
            sphinx.start()
        chosen = execute_chosen(pages, runs, only, force=force, jobs=jobs, server=server)
    if sphinx and only:
        missing = {run.page for run in runs if not (run.document or project.page(run.page).is_file())}
        execute_runs(pages, [run for run in runs if run.page in missing], jobs=jobs)
        chosen = choose_pages(project, runs) if missing else chosen
        execute_runs(pages, [run for run in chosen if not project.page(run.page).is_file()], jobs=jobs)
    if sphinx:
        remove_stale_pages(project, chosen)
    runs = chosen
    for sentence in other_languages(project, runs):
        click.echo(sentence, err=True)
    return pages, runs


if __name__ == "__main__":
    main()
