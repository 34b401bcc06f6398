"""The answer to a comparison in a sentence that a policy reader understands."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from policybook.analysis import thresholds
from policybook.analysis.compare import PairComparison
from policybook.analysis.rows import Row

Label = Callable[[Row], str]
#: So many themes without a clear difference are named.
_NAMED = 4


def answer(comparison: PairComparison, label: Label, words: str = "") -> str:
    """Return what the texts say of the difference between the sides, or why they cannot say.

    `words` say of which texts, by default those of scope_words.
    """
    themes = [row for row in comparison.rows if row.family == "theme"]
    if not any(_judged(row) for row in themes):
        return cannot_say(comparison.labels, _hindrance(comparison))
    said = _themes(words or scope_words(comparison), comparison, themes, label)
    parts = (said, _concepts(comparison, label), _languages(comparison))
    return " ".join(part for part in parts if part)


def answer_sequence(
    pairs: Sequence[PairComparison], labels: Sequence[str], label: Label, words: str = ""
) -> str:
    """Return what the texts say of the differences along a sequence of periods, or why they cannot say."""
    if not any(_judged(row) for pair in pairs for row in pair.rows if row.family == "theme"):
        return cannot_say(labels, "; ".join(dict.fromkeys(_hindrance(pair) for pair in pairs)))
    told = "; ".join(_step(pair, label) for pair in pairs)
    return " ".join(part for part in (f"{words or _scope(pairs)}, {told}.", _languages(pairs[0])) if part)


def cannot_say(labels: Sequence[str], why: str) -> str:
    """Return that these texts cannot say how the sides differ, because of `why`."""
    sides = listed([f"“{label}”" for label in labels])
    return f"These texts cannot say how {sides} differ in emphasis, because {why}."


def scope_words(comparison: PairComparison) -> str:
    """Return "In these texts", unless both sides have documents enough for a general statement."""
    return _scope([comparison])


def _scope(pairs: Sequence[PairComparison]) -> str:
    few = min(len(side.documents) for pair in pairs for side in (pair.left, pair.right))
    return "In these texts" if few < thresholds.MIN_DOCUMENTS else "Judged by these documents as a sample of their kind"


def _judged(row: Row) -> bool:
    return row.verdict != "too little evidence"


def _hindrance(comparison: PairComparison) -> str:
    """Return what hinders every theme, and how to get round it where languages do."""
    blocks = [len(side.blocks) for side in (comparison.left, comparison.right)]
    if lacking := _lacking(comparison, blocks, thresholds.MIN_BLOCKS, "blocks"):
        return lacking
    if not any(row.counted for row in comparison.rows):
        return "nobody counted any concept in them with the rules as they are now"
    if lacking := _lacking(comparison, comparison.mentions, thresholds.MIN_MENTIONS, "mentions"):
        return lacking
    if any(row.eligible for row in comparison.rows if row.family == "theme"):
        return (
            "they are too short: the difference in no theme is known to better than "
            f"±{100 * thresholds.MAX_HALF_WIDTH:.0f} points, even by itself"
        )
    if comparison.one_language:
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


def _step(pair: PairComparison, label: Label) -> str:
    """Return what is found between one period and another."""
    themes = [row for row in pair.rows if row.family == "theme"]
    between = f"between “{pair.labels[0]}” and “{pair.labels[1]}”"
    if not any(_judged(row) for row in themes):
        return f"{between} nothing can be judged"
    if found := _found(pair, themes, label):
        return f"{between} {found}"
    return f"{between} {_unclear([row for row in themes if _judged(row)], label, bool(found))}"


def _themes(words: str, comparison: PairComparison, themes: Sequence[Row], label: Label) -> str:
    judged = [row for row in themes if _judged(row)]
    found = _found(comparison, themes, label)
    uncounted = sum(not row.counted for row in themes)
    unsaid = len(themes) - len(judged) - uncounted
    others = _unclear([row for row in judged if not row.verdict.startswith("more")], label, bool(found))
    unknown = f"for {unsaid} there is too little evidence" if unsaid else ""
    missing = f"{uncounted} {'were' if uncounted != 1 else 'was'} not counted" if uncounted else ""
    rest = " and ".join(part for part in (others, unknown, missing) if part)
    said = f"{words}, {found}" if found else f"{words}, {rest}"
    return f"{said}; {rest}." if found and rest else f"{said}."


def _unclear(rows: Sequence[Row], label: Label, others: bool) -> str:
    """Return how many themes show no clear difference, and which where they are few; empty for none."""
    if not rows:
        return ""
    named = f" ({'; '.join(label(row) for row in rows)})" if len(rows) <= _NAMED else ""
    plural = len(rows) != 1
    return f"{len(rows)} {'other ' * others}theme{'s' * plural}{named} show{'s' * (not plural)} no clear difference"


def _concepts(comparison: PairComparison, label: Label) -> str:
    concepts = [row for row in comparison.rows if row.family == "concept"]
    found = _found(comparison, concepts, label)
    judged = sum(_judged(row) for row in concepts)
    counted = f"{judged} concepts" if judged != 1 else "one concept"
    if found:
        return f"Of {counted} that can be judged, {found}."
    return f"Of {counted} that can be judged, none is clearly more frequent on one side." if judged else ""


def _languages(comparison: PairComparison) -> str:
    """Return how much could be counted at all where the sides are not of one language; else nothing."""
    if comparison.one_language or comparison.usable.all():
        return ""
    return (
        f"The sides are not of one language, so only {int(comparison.usable.sum())} of "
        f"{len(comparison.usable)} concepts could enter: those that both languages are known to find equally often."
    )


def _found(comparison: PairComparison, rows: Sequence[Row], label: Label) -> str:
    """Return who speaks more often of what; empty where nobody does."""
    parts = []
    for side, verdict in zip(comparison.labels, ("more in left", "more in right"), strict=True):
        named = [_named(row, label) for row in rows if row.verdict == verdict]
        if named:
            parts.append(f"“{side}” speaks more often of {listed(named)}")
    return ", and ".join(parts)


def share_words(row: Row) -> str:
    """Return the larger share against the smaller one, and whether the verdict is fragile."""
    more, less = max(row.left.share, row.right.share), min(row.left.share, row.right.share)
    digits = 0 if more >= 0.1 and less >= 0.1 else 1
    fragile = ", fragile" if row.fragile else ""
    return f"{100 * more:.{digits}f} % of its blocks against {100 * less:.{digits}f} %{fragile}"


def _named(row: Row, label: Label) -> str:
    return f"{label(row)} ({share_words(row)})"


def listed(words: Sequence[str]) -> str:
    """Return words with commas between them and "and" before the last."""
    return ", ".join(words[:-1]) + f" and {words[-1]}" if len(words) > 1 else words[0]
