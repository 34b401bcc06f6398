"""The answer to a comparison in a sentence that a policy reader understands."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from policybook.analysis import thresholds
from policybook.analysis.compare import PairComparison
from policybook.analysis.rows import Row

Label = Callable[[Row], str]


def answer(comparison: PairComparison, label: Label) -> str:
    """Return what the texts say of the difference between the sides, or why they cannot say."""
    themes = [row for row in comparison.rows if row.family == "theme"]
    if not any(row.eligible for row in themes):
        left, right = comparison.labels
        return (
            f"These texts cannot say how “{left}” and “{right}” differ in emphasis, because {_hindrance(comparison)}."
        )
    return " ".join(part for part in (_themes(comparison, themes, label), _concepts(comparison, label)) if part)


def scope_words(comparison: PairComparison) -> str:
    """Return "In these texts", unless both sides have documents enough for a general statement."""
    few = min(len(comparison.left.documents), len(comparison.right.documents))
    return "In these texts" if few < thresholds.MIN_DOCUMENTS else "Judged by these documents as a sample of their kind"


def _hindrance(comparison: PairComparison) -> str:
    """Return what hinders every theme, and how to get round it where languages do."""
    blocks = [len(side.blocks) for side in (comparison.left, comparison.right)]
    if lacking := _lacking(comparison, blocks, thresholds.MIN_BLOCKS, "blocks"):
        return lacking
    if lacking := _lacking(comparison, comparison.mentions, thresholds.MIN_MENTIONS, "mentions"):
        return lacking
    if comparison.usable.all():
        return "no theme is in enough blocks"
    shared = sorted(comparison.left.languages & comparison.right.languages)
    within = f"; within one language they can be compared: add language={shared[0]} to both" if shared else ""
    return f"they are not in one language, and too few concepts are known to be found equally often in both{within}"


def _lacking(comparison: PairComparison, sizes: Sequence[int], needed: int, what: str) -> str:
    """Return which sides have fewer than are needed; empty where none has."""
    lacking = [
        f"“{label}” has {have} of the {needed} {what} needed"
        for label, have in zip(comparison.labels, sizes, strict=True)
        if have < needed
    ]
    return " and ".join(lacking)


def _themes(comparison: PairComparison, themes: Sequence[Row], label: Label) -> str:
    words = scope_words(comparison)
    judged = [row for row in themes if row.verdict != "too little evidence"]
    found = _found(comparison, themes, label)
    rest = len(judged) - sum(row.verdict.startswith("more") for row in judged)
    unsaid = len(themes) - len(judged)
    others = f"{rest} {'other ' * bool(found)}theme{'s show' if rest != 1 else ' shows'} no clear difference"
    unknown = f" and for {unsaid} there is too little evidence" if unsaid else ""
    return f"{words}, {found}; {others}{unknown}." if found else f"{words}, {others}{unknown}."


def _concepts(comparison: PairComparison, label: Label) -> str:
    concepts = [row for row in comparison.rows if row.family == "concept"]
    found = _found(comparison, concepts, label)
    judged = sum(row.verdict != "too little evidence" for row in concepts)
    if found:
        return f"Of {judged} concepts that can be judged, {found}."
    return f"Of {judged} concepts that can be judged, none is clearly more frequent on one side." if judged else ""


def _found(comparison: PairComparison, rows: Sequence[Row], label: Label) -> str:
    """Return who speaks more often of what; empty where nobody does."""
    parts = []
    for side, verdict in zip(comparison.labels, ("more in left", "more in right"), strict=True):
        named = [_named(row, label) for row in rows if row.verdict == verdict]
        if named:
            parts.append(f"“{side}” speaks more often of {_listed(named)}")
    return ", and ".join(parts)


def _named(row: Row, label: Label) -> str:
    more, less = max(row.left.share, row.right.share), min(row.left.share, row.right.share)
    digits = 0 if more >= 0.1 else 1
    fragile = ", fragile" if row.fragile else ""
    return f"{label(row)} ({100 * more:.{digits}f} % of its blocks against {100 * less:.{digits}f} %{fragile})"


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words[:-1]) + f" and {words[-1]}" if len(words) > 1 else words[0]
