"""The coding of one text in two languages, segment by segment: how alike are they?

    python benchmarks/parallel.py INPUT.tsv [--years 2008,2009] [--show 20] [--write]

INPUT has the columns year, segment, zh and en, tab-separated. `--write` makes data/gold/parallel.csv, which holds the
concepts of every segment that has any and no word of the texts; the validation page is computed from it.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import click

from policybook.analysis.validation import (
    AlignedTexts,
    Segment,
    aligned_file,
    correlate,
    count_concepts,
    digest,
    mean_overlap,
    save_aligned,
)
from policybook.coding.concepts import ConceptFinder
from policybook.coding.scheme import load_scheme
from policybook.project import Project

csv.field_size_limit(sys.maxsize)


class Pair(NamedTuple):
    """One segment of the input with what was found in it; `unsure` has the ambiguous mentions too."""

    zh: str
    en: str
    sure: Segment
    unsure: Segment


@click.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--years", default="", help="Only these years, joined by commas.")
@click.option("--show", default=0, help="Print so many of the segments that disagree.")
@click.option("--write", is_flag=True, help="Write data/gold/parallel.csv.")
def main(source: Path, years: str, show: int, write: bool) -> None:
    """Code both sides of aligned texts and print how alike they are."""
    project = Project.find(Path(__file__).parent)
    pairs = [pair for pair in _code(project, source) if not years or str(pair.sure.year) in years.split(",")]
    for label in ("sure", "unsure"):
        segments = [one for pair in pairs if (one := getattr(pair, label)).zh or one.en]
        click.echo("certain mentions only" if label == "sure" else "ambiguous mentions too")
        _print_scores(segments)
    certain = [pair.sure for pair in pairs if pair.sure.zh or pair.sure.en]
    click.echo(count_concepts(certain).assign(missed=lambda t: t[["zh", "en"]].max(axis=1) - t["both"]).to_string())
    for pair in [pair for pair in pairs if pair.unsure.zh != pair.unsure.en][:show]:
        one = pair.unsure
        click.echo(f"\n{one.year}.{one.segment} zh only {sorted(one.zh - one.en)}, en only {sorted(one.en - one.zh)}")
        click.echo(f"  {pair.zh}\n  {pair.en}")
    if write:
        concepts = project.lexicon / "concepts.yml"
        made = AlignedTexts(tuple(certain), len(pairs), digest(source), digest(concepts), concepts)
        save_aligned(aligned_file(project), made)


def _code(project: Project, source: Path) -> Iterator[Pair]:
    finder = ConceptFinder(load_scheme(project))
    with source.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            found = {language: list(finder.find(row[language], language)) for language in ("zh", "en")}
            coded = []
            for with_unsure in (False, True):
                sides = (
                    frozenset(one.concept for one in found[language] if with_unsure or not one.ambiguous)
                    for language in ("zh", "en")
                )
                coded.append(Segment(int(row["year"]), int(row["segment"]), *sides))
            yield Pair(row["zh"], row["en"], *coded)


def _print_scores(segments: Sequence[Segment]) -> None:
    for year in [None, *sorted({segment.year for segment in segments})]:
        some = [segment for segment in segments if year in (None, segment.year)]
        click.echo(
            f"  {year or 'all':<5} segments {len(some):4}   Spearman {correlate(some):.3f}   "
            f"mean Jaccard {mean_overlap(some):.3f}"
        )


if __name__ == "__main__":
    main()
