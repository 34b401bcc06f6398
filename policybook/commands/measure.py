"""The command that measures texts which are not shipped."""

from __future__ import annotations

from pathlib import Path

import click

from policybook.project import Project


@click.command()
@click.argument("texts", metavar="FOLDER", type=click.Path(path_type=Path))
@click.option(
    "--metadata", required=True, metavar="CSV", type=click.Path(path_type=Path),
    help="One row a document: file, title, place, year; also id, publisher, kind, era, language, address, sha256.",
)
@click.option(
    "--out", required=True, metavar="DIR", type=click.Path(path_type=Path),
    help="Where the tables go: data/measured/NAME, to compare with --corpus NAME.",
)
@click.pass_obj
def measure(folder: Path | None, texts: Path, metadata: Path, out: Path) -> None:
    """Count what stands in the texts of FOLDER and keep the counts only, no text."""
    from policybook.coding.measured_folder import check_target, write_measured
    from policybook.coding.measuring import measure as count
    from policybook.coding.metadata import read_metadata
    from policybook.corpus.files import shown
    from policybook.corpus.vocabulary import load_vocabulary

    project = Project.find(folder)
    check_target(out)
    measured = count(read_metadata(texts, metadata, load_vocabulary(project)), project)
    write_measured(out, measured)
    sizes = f"{len(measured.documents)} documents, {len(measured.blocks)} blocks"
    click.echo(f"{sizes} in {shown(out)}. The tables hold counts, no text.")
