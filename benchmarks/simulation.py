"""How often the comparisons of this book err: false verdicts, coverage and power, on sides drawn from real blocks.

    .venv/bin/python benchmarks/simulation.py [--draws N] [--corpus NAME] [--seed N]

Both sides are drawn from the same blocks, in runs of neighbours, at the sizes of each comparison in
data/comparisons.yml; then with a difference of 30 points made by choosing runs. The same seed gives the same numbers.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from policybook.analysis.counts import BlockCounts
from policybook.analysis.measured_counts import open_counts
from policybook.analysis.simulation import Sizes, error_rates, measured_power, run_length, sizes_in_book, sizes_of
from policybook.pages.book import open_book


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", help="measured counts; sizes are those of every two places in them")
    options = parser.parse_args()
    book = open_book(Path(__file__).parent)
    counts = open_counts(book.project, options.corpus, book.scheme)[0] if options.corpus else book.counts
    sizes = _places(counts) if options.corpus else sizes_in_book(counts, book.comparisons)
    usual = run_length(len(counts.blocks))
    for run in sorted({3, usual, 2 * usual}):
        print(f"\nNo difference, runs of {run} blocks{' (the rule)' * (run == usual)}, {options.draws} draws")
        print(f"{'':44} {'blocks':>11} {'false themes':>13} {'false concepts':>15} {'coverage':>9}")
        for one in sizes:
            rate = error_rates(counts, one, draws=options.draws, run=run, seed=options.seed)
            print(f"{_name(one)} {rate.themes:13.3f} {rate.concepts:15.3f} {rate.coverage:9.3f}")
    print(f"A rate of .05 is known to ± {rate.uncertainty:.3f}.")
    print(f"\nA difference of 30 points in a theme, runs of {usual} blocks")
    print(f"{'':44} {'blocks':>11} {'theme':>13} {'found':>15} {'calculated':>10}")
    for one in sizes:
        for theme in counts.themes:
            try:
                power = measured_power(counts, one, theme, draws=options.draws // 4, seed=options.seed)
            except ValueError:
                continue  # no choice of runs makes such a difference
            print(f"{_name(one)} {theme:>13} {power.found:15.3f} {power.calculated:10.3f}")


def _places(counts: BlockCounts) -> list[Sizes]:
    places = sorted(set(counts.documents["place"]))
    sides = {place: counts.select(speaker=place) for place in places}
    return [sizes_of(f"{a}, {b}", sides[a], sides[b]) for a in places for b in places if a < b]


def _name(sizes: Sizes) -> str:
    return f"{sizes.name[:44]:44} {f'{sum(sizes.left)}, {sum(sizes.right)}':>11}"


if __name__ == "__main__":
    main()
