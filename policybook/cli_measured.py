"""`policybook measure`: texts that are not shipped become tables of counts, from wherever they lie."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from policybook.errors import many, shown
from policybook.parquet import MANY
from policybook.project import Project


@click.command()
@click.argument("texts", metavar="FOLDER")
@click.option(
    "--metadata",
    required=True,
    metavar="TABLE",
    help="CSV or Parquet, a row a document: file, title, place, year; also id, kind, era, language, licence, sha256.",
)
@click.option("--out", required=True, metavar="DIR", type=click.Path(path_type=Path),
              help="Where the tables go: data/measured/NAME, or any folder; see compare --corpus.")  # fmt: skip
@click.option("--no-blocks", is_flag=True, help="Keep the counts of documents only, which take up a tenth.")
@click.option("--parquet", is_flag=True,
              help=f"Write partitioned Parquet, as is done outside data/ with more than {MANY:,} documents.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Processes here; default: as many as there are cores.")
@click.option("--scheduler", metavar="ADDRESS", help="Or the workers of a Dask cluster: its address, such as tcp://….")
@click.pass_obj
def measure_command(folder: Path | None, texts: str, metadata: str, out: Path, no_blocks: bool, parquet: bool,
                    jobs: int | None, scheduler: str | None) -> None:  # fmt: skip
    """Count what stands in the texts of FOLDER and keep the counts only, no text.

    FOLDER and TABLE are paths or addresses such as s3://bucket/texts, for which fsspec needs a package such as s3fs.
    Stopped, it goes on where it was. Documents that cannot be measured are named at the end, and not in the tables.
    """
    if jobs and scheduler:
        raise click.UsageError("--jobs are processes here, --scheduler has workers of its own. Choose one.")
    from policybook.coding.described import read_metadata
    from policybook.coding.executors import Workers
    from policybook.coding.measure import measure_into
    from policybook.coding.measured import check_target
    from policybook.coding.measured_parquet import is_parquet
    from policybook.corpus.scope import load_vocabulary
    from policybook.reading.addresses import locate

    project = Project.find(folder)
    check_target(out)
    is_parquet(out, project, 0, parquet)
    documents = read_metadata(locate(texts), locate(metadata), load_vocabulary(project))
    workers = Workers(jobs or 0, scheduler) if jobs or scheduler else None
    made = measure_into(out, documents, project, blocks=not no_blocks, workers=workers,
                        parquet=is_parquet(out, project, len(documents), parquet))  # fmt: skip
    sizes = f"{many(made.documents, 'document')}, {many(made.blocks, 'block')}"
    click.echo(f"{sizes} in {shown(out)}. The tables hold counts, no text.")
    if made.failures:
        failed = f"{len(made.failures)} of {len(documents)} documents could not be measured"
        click.echo(f"policybook: {failed} and are not in the tables:", err=True)
        for identifier, why in made.failures.items():
            click.echo(f"  {identifier}: {shown(why, 400)}", err=True)
        click.echo("Put that right, or take them out, and run again: only they are measured then.", err=True)
        sys.exit(1)
