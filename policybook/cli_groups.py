"""`policybook compare --each FIELD`: every two values of a field of the documents, or each value and all others."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from policybook.errors import suggest
from policybook.project import Project

if TYPE_CHECKING:  # a command imports the rooms that it needs
    from policybook.analysis.compare import Estimates
    from policybook.coding.scheme import Scheme


def compare_each(project: Project, field: str, selection: Mapping[str, Any], rest: bool, form: str) -> None:
    """Print what is settled between every two values of `field` in the passages of a selection, a line a pair.

    `rest` compares each value with all others together; `form` is "" for sentences, "csv" or "json". Raises UsageError
    for a field that selections do not have, or of which the texts have one value, or too many.
    """
    from policybook.analysis.compare import estimate_groups
    from policybook.analysis.comparisons import MOST_PAIRS, ComparisonEntry, find_copies, with_groups
    from policybook.analysis.counts import block_counts, design_effect
    from policybook.analysis.validation import load_aligned
    from policybook.coding.scheme import load_scheme
    from policybook.coding.store import load_coded
    from policybook.words.comparisons import confound_words
    from policybook.words.say import say

    corpus, scheme, aligned = load_coded(project, together=True), load_scheme(project), load_aligned(project)
    if field not in corpus.known:
        raise click.UsageError(f"--each: a selection has no field {field!r}. {suggest(field, sorted(corpus.known))}")
    entry = ComparisonEntry(id="each", title=field, question=field, each=field, select={**selection},
                            against="rest" if rest else None)  # fmt: skip
    entry = with_groups(entry, corpus, lambda name, value: f"{name}={value}")
    groups = entry.groups or []
    if len(groups) < 2:
        raise click.UsageError(f"--each: the texts have fewer than two values of {field!r}, so nothing differs.")
    if len(entry.pairs) > MOST_PAIRS:
        raise click.UsageError(f"--each: {len(groups)} values of {field!r} make {len(entry.pairs)} pairs, and at most "
                               f"{MOST_PAIRS} are compared. Compare each with all others (--rest), or select fewer.")
    counts = block_counts(corpus, scheme)
    once = [group.once_in(corpus) for group in groups]
    for sentence in dict.fromkeys(confound_words(find_copies([one for _, left in once for one in left]), str)):
        click.echo(sentence, err=True)
    sides = [counts.select(selected) for selected, _ in once]
    estimates = estimate_groups(counts, sides, [group.label for group in groups], entry.pairs,
                                say("comparison.groups.rest"), serial=design_effect(counts),
                                comparable=aligned.comparable if aligned else None)  # fmt: skip
    _print(estimates, scheme, form)


def _print(estimates: Estimates, scheme: Scheme, form: str) -> None:
    import pandas as pd

    from policybook.charts.theme import to_csv
    from policybook.words.comparisons import answer, groups_answer, label_of, to_json, to_table
    from policybook.words.say import say, say_finding

    if form == "csv":
        tables = [to_table(pair, scheme).assign(left=pair.labels[0], right=pair.labels[1]) for pair in estimates.pairs]
        rows = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=["left", "right"])
        sys.stdout.write(to_csv(rows[["left", "right", *(one for one in rows if one not in ("left", "right"))]]))
        return
    if form == "json":
        told = [to_json(pair, ({}, {}), [], scheme) | {"labels": pair.labels} for pair in estimates.pairs]
        click.echo(json.dumps({"pairs": told}, separators=(",", ":")))
        return
    label = partial(label_of, scheme=scheme)
    click.echo(groups_answer(estimates, label))
    for pair in estimates.pairs:
        click.echo(f"\n{answer(pair, label)}")
    rest = say("comparison.groups.rest")
    for places, why in estimates.hindered.items():
        sides = [estimates.labels[n] if n >= 0 else rest for n in places]
        click.echo(f"\n{say('comparison.groups.pairs', sides=sides)}: {say_finding('comparison.clash', why)}")
