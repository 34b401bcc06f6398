"""The command line: policybook COMMAND. Exit 0 done, 1 something in the input must be put right, 2 wrong usage."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policybook import __version__
from policybook.commands import compare, documents, measure, words
from policybook.errors import InvalidDataError, PolicybookError, UnknownPageError, suggest
from policybook.project import Project

if TYPE_CHECKING:
    from policybook.publishing.runs import Run


class _Front(click.Group):
    """Turns everything a user can put right into one message and exit status 1, without a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except InvalidDataError as error:
            count = len(error.problems)
            click.echo(str(error), err=True)
            click.echo(
                f"{count} mistake{'s' if count != 1 else ''} to put right; nothing was changed.", err=True
            )
            ctx.exit(1)
        except PolicybookError as error:
            click.echo(f"policybook: {error}", err=True)
            ctx.exit(1)
        except (click.exceptions.ClickException, click.exceptions.Exit, click.exceptions.Abort, BrokenPipeError):
            raise
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
@click.option(
    "--project",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The project; default: at or above the working directory.",
)
@click.pass_context
def main(ctx: click.Context, folder: Path | None) -> None:
    """Turn a folder of policy documents into a book that compares them."""
    ctx.obj = folder


@main.command()
@click.pass_obj
def check(folder: Path | None) -> None:
    """Name every mistake in data/ and notebooks/runs.yml; execute nothing."""
    from policybook.publishing.check import check_project, left_behind, not_counted

    project = Project.find(folder)
    runs = check_project(project)
    for sentence in left_behind(project, runs):
        click.echo(sentence, err=True)
    click.echo(f"No mistakes. The book has {len(runs)} pages made by notebooks.")
    for sentence in not_counted(project):
        click.echo(sentence)


for command in (
    documents.inspect,
    documents.add,
    documents.remove,
    documents.replace,
    documents.new,
    measure.measure,
    compare.compare,
    words.print_words,
):
    main.add_command(command)


_JOBS = click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    default=min(2, os.cpu_count() or 1),
    show_default=True,
    help="Notebooks at a time.",
)
_FORCE = click.option("--force", is_flag=True, help="Execute every notebook, changed or not.")


@main.command()
@click.argument("pages", nargs=-1, metavar="[PAGE…]")
@_FORCE
@_JOBS
@click.pass_obj
def execute(folder: Path | None, pages: tuple[str, ...], force: bool, jobs: int) -> None:
    """Execute the notebooks whose inputs changed, or those that make PAGE (documents/ID, index, …)."""
    _execute(Project.find(folder), pages, force=force or bool(pages), jobs=jobs)


@main.command()
@_FORCE
@_JOBS
@click.option("--only", metavar="PAGE", help="Execute the notebook of this page only.")
@click.pass_obj
def build(folder: Path | None, force: bool, jobs: int, only: str | None) -> None:
    """Execute what changed, build the site at _build/html and index it for the search."""
    from policybook.publishing.site import build_site

    project = Project.find(folder)
    runs = _execute(project, (only,) if only else (), force=force or bool(only), jobs=jobs, complete=True)
    front = build_site(project, runs)
    click.echo(f"The book is at {project.name(front)}. To read it with its search: policybook serve")


@main.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes any free one."
)
@click.pass_obj
def serve(folder: Path | None, port: int) -> None:
    """Show the built book on 127.0.0.1 until Ctrl-C."""
    from policybook.publishing.serve import make_server

    with make_server(Project.find(folder).site, port) as server:
        click.echo(f"http://127.0.0.1:{server.server_port}/ (Ctrl-C stops)")
        sys.stdout.flush()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo("Stopped.")


@main.command()
@click.argument("target")
@click.option(
    "--style", type=click.Choice(["gb-t-7714", "apa", "bibtex"]), default="gb-t-7714", show_default=True
)
@click.pass_obj
def cite(folder: Path | None, target: str, style: str) -> None:
    """Print the reference of TARGET: a page, PAGE#anchor, or a passage such as DOCUMENT:p07."""
    from policybook.publishing.cite import cite_target

    click.echo(cite_target(Project.find(folder), target, style))


def _execute(
    project: Project, pages: tuple[str, ...], *, force: bool, jobs: int, complete: bool = False
) -> tuple[Run, ...]:
    """Execute `pages`, or every page; with `complete` also those that were never made. Return all runs."""
    from policybook.publishing.check import check_project
    from policybook.publishing.execute import execute_runs, remove_stale_pages

    runs = check_project(project)
    known = [run.page for run in runs]
    for page in pages:
        if page not in known:
            raise UnknownPageError(f"no page {page!r} in this book. {suggest(page, known)}")
    for stale in remove_stale_pages(project, runs):
        click.echo(f"Removed {stale}: nothing makes it any more.", err=True)
    execute_runs(project, [run for run in runs if not pages or run.page in pages], force=force, jobs=jobs)
    if complete and pages:
        execute_runs(
            project, [run for run in runs if not (project.book / f"{run.page}.ipynb").is_file()], jobs=jobs
        )
    return runs


if __name__ == "__main__":
    main()
