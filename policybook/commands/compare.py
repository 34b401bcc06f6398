"""The command that compares two selections."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policybook.project import Project

if TYPE_CHECKING:
    from policybook.analysis.block_counts import BlockCounts
    from policybook.analysis.compare import PairComparison
    from policybook.coding.scheme import Scheme
    from policybook.corpus.selection import Value

_WIDTH = 40


@click.command()
@click.argument("left")
@click.argument("right")
@click.option("--corpus", "name", metavar="NAME", help="Measured counts under data/measured; default: the documents.")
@click.option("--json", "as_json", is_flag=True, help="Everything, as one JSON object.")
@click.option("--csv", "as_csv", is_flag=True, help="The rows as CSV.")
@click.pass_obj
def compare(folder: Path | None, left: str, right: str, name: str | None, as_json: bool, as_csv: bool) -> None:
    """Compare the selections LEFT and RIGHT, such as plan=nnup-2014,places=national; + joins alternatives."""
    if as_json and as_csv:
        raise click.UsageError("--json and --csv are two answers. Choose one.")
    selections = read_selection("LEFT", left), read_selection("RIGHT", right)
    from policybook.analysis.aligned import load_aligned
    from policybook.analysis.compare import compare as compare_counts
    from policybook.analysis.placebo import find_placebo
    from policybook.analysis.presence import design_effect
    from policybook.analysis.reporting import label_of, to_json, to_table
    from policybook.charts.theme import to_csv
    from policybook.words.comparisons import answer, placebo_sentence, reason_words
    from policybook.words.say import use_words_of

    project = Project.find(folder)
    use_words_of(project)
    counts, scheme, not_counted = _open(project, name)
    aligned = load_aligned(project)
    comparable = aligned.comparable if aligned else None
    sides = [counts.select(selection) for selection in selections]
    result = compare_counts(
        sides[0], sides[1], serial=design_effect(counts), labels=(left, right), comparable=comparable
    )
    if not_counted and (as_csv or as_json):
        click.echo(not_counted, err=True)
    if as_csv:
        sys.stdout.write(to_csv(to_table(result, scheme, reason_words)))
        return
    placebo = find_placebo(counts, result, comparable)
    if as_json:
        click.echo(json.dumps(to_json(result, selections, placebo, scheme, reason_words), separators=(",", ":")))
        return
    click.echo(answer(result, lambda row: label_of(row, scheme)))
    click.echo()
    for line in _table(result, scheme):
        click.echo(line)
    click.echo()
    click.echo(placebo_sentence(result, placebo))
    if not_counted:
        click.echo(f"\n{not_counted}")


def read_selection(argument: str, text: str) -> dict[str, Value | list[Value]]:
    """Return the selection typed as an argument. Raises UsageError, naming the argument, when it cannot be read."""
    from policybook.corpus.selection_syntax import parse_selection

    try:
        return parse_selection(text)
    except ValueError as error:
        raise click.UsageError(f"{argument}: {error}") from None


def _open(project: Project, name: str | None) -> tuple[BlockCounts, Scheme, str]:
    """Return the counts of the documents, or of the measured corpus of that name, the scheme, and what is not counted."""
    from policybook.analysis.block_counts import block_counts
    from policybook.analysis.measured_counts import open_counts
    from policybook.analysis.not_counted import not_counted_sentence
    from policybook.coding.concepts import code_concepts
    from policybook.coding.scheme import load_scheme
    from policybook.corpus.build import load_corpus

    scheme = load_scheme(project)
    if name is not None:
        counts, age = open_counts(project, name, scheme)
        return counts, scheme, not_counted_sentence(age, scheme, name)
    return block_counts(code_concepts(load_corpus(project), scheme), scheme), scheme, ""


def _table(result: PairComparison, scheme: Scheme) -> list[str]:
    """Return the rows that can be judged as lines, themes first; the others are counted."""
    from policybook.analysis.reporting import label_of

    lines = [f"{'':{_WIDTH}} {'left':>12} {'right':>12}  {'difference (all at once)':>26}  verdict"]
    for row in result.rows:
        if not row.eligible:
            continue
        cells = [f"{side.blocks} ({100 * side.share:.1f} %)" for side in (row.left, row.right)]
        bounds = f"{100 * row.difference:+.1f} ({100 * row.low:+.1f} to {100 * row.high:+.1f})"
        label = label_of(row, scheme)
        name = label if len(label) <= _WIDTH else f"{label[: _WIDTH - 1]}…"
        fragile = ", fragile" if row.fragile else ""
        lines.append(f"{name:{_WIDTH}} {cells[0]:>12} {cells[1]:>12}  {bounds:>26}  {row.verdict}{fragile}")
    others = sum(row.counted and not row.eligible for row in result.rows)
    lines.append(f"{others} more rows have too little evidence to be judged; --csv gives them all, with reasons.")
    if uncounted := sum(not row.counted for row in result.rows):
        lines.append(f"{uncounted} row{'s were' if uncounted != 1 else ' was'} not counted.")
    return lines
