"""How rows, verdicts and differences are called on the page of a comparison."""

from __future__ import annotations

from collections.abc import Sequence

from policybook.analysis.block_counts import RowKey
from policybook.analysis.compare import PairComparison
from policybook.analysis.thresholds import LARGE_BLOCKS
from policybook.coding.scheme import Scheme


def row_name(key: RowKey, scheme: Scheme) -> str:
    """Return what a row is called where there is room: a theme's label, a concept in Chinese and English."""
    family, identifier = key
    if family == "theme":
        return scheme.theme_label[identifier]
    concept = scheme.by_id[identifier]
    return f"{concept.term_zh} · {concept.term_en}"


def verdict_words(verdict: str, labels: Sequence[str]) -> str:
    """Return a verdict with the names of the sides in place of left and right."""
    sides = {"more in left": labels[0], "more in right": labels[1]}
    return f"more in “{sides[verdict]}”" if verdict in sides else verdict


def digits_of(pair: PairComparison) -> int:
    """Return how many decimals a percentage is worth: one where both sides are large."""
    return int(min(len(pair.left.blocks), len(pair.right.blocks)) >= LARGE_BLOCKS)


def in_points(share: float, digits: int = 0) -> str:
    """Return a difference of shares (−1 to 1) in percentage points with its sign: +12, −3.4, 0."""
    text = f"{100 * share:+.{digits}f}"
    return text.replace("-", "−") if float(text) else "0"


def in_percent(share: float, digits: int = 0) -> str:
    """Return a share (0 to 1) in percent."""
    return f"{100 * share:.{digits}f}\u00a0%"
