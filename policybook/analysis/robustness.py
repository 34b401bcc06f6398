"""Whether a verdict survives: placebo, what is left out or cut otherwise; and how much text would settle a row."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy

from policybook.analysis import thresholds
from policybook.analysis.compare import PairComparison, find_verdicts, usable_concepts
from policybook.analysis.counts import BlockCounts, Finding, RowKey, block_counts, design_effect, make_side
from policybook.analysis.decide import LEFT, VERDICTS, decide, leave_out, rows_of, simultaneous_confidence
from policybook.analysis.intervals import FloatArray, IntArray, newcombe_difference
from policybook.coding.concepts import ConceptFinder, code_concepts
from policybook.coding.scheme import Scheme
from policybook.corpus.build import BLOCK_LENGTH, reblock, with_all_paragraphs, without_headings
from policybook.corpus.corpus import Corpus, Selection
from policybook.errors import ComparisonError

# The placebo beside a comparison: the same procedure between documents of the same place, where nothing is asked ---

@dataclass(frozen=True)
class PlaceboPair:
    """Two documents of one place, compared. Of the rows that could be judged (`eligible`), how many got a direction.

    `largest_difference` is that of the eligible themes, without its sign; None where none could be judged.
    """

    left: str
    right: str
    place: str
    eligible: int
    directional: int
    largest_difference: float | None


def find_placebo(counts: BlockCounts, comparison: PairComparison,
                 comparable: frozenset[str] | None = None) -> tuple[PlaceboPair, ...]:  # fmt: skip
    """Return the pairs of documents of the same place, each compared as the two sides were.

    The documents are those of `counts` (the whole corpus) whose place is that of a document of the comparison, with
    all their blocks. Pairs that the comparison itself sets against each other, one only on the left and one only on
    the right, are left out; of more than MAX_PLACEBO_PAIRS, as many are taken at even steps.
    """
    left, right = (frozenset(side.documents["document"]) for side in (comparison.left, comparison.right))
    places = set(comparison.left.documents["place"]) | set(comparison.right.documents["place"])
    pairs = placebo_pairs(counts.documents[counts.documents["place"].isin(places)], left, right)
    alone = {document: counts.select(document=document) for document in {one for pair in pairs for one in pair[:2]}}
    return tuple(_compare_pair(alone, *pair, comparison.serial, comparable) for pair in pairs)


def placebo_pairs(documents: pd.DataFrame, left: frozenset[str],
                  right: frozenset[str]) -> list[tuple[str, str, str]]:  # fmt: skip
    """Return the pairs of `find_placebo` with their place, among documents with the columns document and place.

    `left` and `right` are the documents of each side. Pairs are counted, and only those that are taken are made.
    """
    groups = [(str(place), group["document"].tolist()) for place, group in documents.groupby("place", sort=True)]
    marks = [np.array([(one in left - right) - (one in right - left) for one in group]) for _, group in groups]
    sizes = [_allowed(mark) for mark in marks]
    ends = np.cumsum(np.concatenate([np.zeros(0, dtype=np.int64), *sizes]))
    total = int(ends[-1]) if len(ends) else 0
    taken = np.arange(total)
    if total > thresholds.MAX_PLACEBO_PAIRS:
        taken = np.linspace(0, total - 1, thresholds.MAX_PLACEBO_PAIRS).round().astype(int)
    starts = np.cumsum([0, *(len(size) for size in sizes)])
    pairs = []
    for number in taken:
        at = int(np.searchsorted(ends, number, side="right"))
        of = int(np.searchsorted(starts, at, side="right")) - 1
        (place, group), mark, one = groups[of], marks[of], at - int(starts[of])
        others = one + 1 + np.flatnonzero((mark[one + 1 :] != -mark[one]) | (mark[one] == 0))
        pairs.append((str(group[one]), str(group[others[number - (ends[at] - sizes[of][one])]]), place))
    return pairs


def _allowed(mark: IntArray) -> IntArray:
    """Return with how many of those behind it each document stands in a pair: not with any of the other side alone."""
    behind = [np.cumsum((mark == side)[::-1])[::-1] - (mark == side) for side in (1, -1)]
    against = np.where(mark == 1, behind[1], 0) + np.where(mark == -1, behind[0], 0)
    return np.asarray(np.arange(len(mark))[::-1] - against, dtype=np.int64)


def judge_placebo(comparison: PairComparison, pairs: Sequence[PlaceboPair]) -> Finding:
    """Return what the placebo says of the comparison: whether documents of the same place differ as much.

    `none` where no pair could be judged. Else, with judged and found (pairs, and those that differ in some row) and
    usual (the median of their largest differences of a theme): `alone` where no row of the comparison can be judged;
    with its own largest difference, `as_much_few` or `as_much_many` (by the documents a side), `less` or `unclear`.
    """
    judged = [pair for pair in pairs if pair.eligible]
    if not judged:
        return Finding("none")
    usual = float(np.median([pair.largest_difference or 0.0 for pair in judged]))
    values = {"judged": len(judged), "found": sum(pair.directional > 0 for pair in judged), "usual": usual}
    rows = [row for row in comparison.rows if row.eligible]
    if not rows:
        return Finding("alone", values)
    largest = max((abs(row.difference) for row in rows if row.family == "theme"), default=0.0)
    directional = sum(row.verdict.startswith("more") for row in rows)
    rate = sum(pair.directional for pair in judged) / sum(pair.eligible for pair in judged)
    if rate >= directional / len(rows) and usual >= largest:
        few = min(len(side.documents) for side in (comparison.left, comparison.right)) < thresholds.MIN_DOCUMENTS
        code = "as_much_few" if few else "as_much_many"
    else:
        code = "less" if directional else "unclear"
    return Finding(code, {**values, "largest": largest})


def find_halves(comparison: PairComparison, comparable: frozenset[str] | None = None) -> tuple[PlaceboPair, ...]:
    """Return, where each side is one text, the first half of each compared with its second as the sides were.

    Halves are of a side's blocks in reading order. None where a side holds more texts than one.
    """
    sides = comparison.left, comparison.right
    if any(len(side.documents) != 1 for side in sides):
        return ()
    found = []
    for side in sides:
        document, place = side.documents[["document", "place"]].iloc[0]
        first = np.arange(len(side.blocks)) < len(side.blocks) // 2
        alone = {"1": side.keep(first, "first half"), "2": side.keep(~first, "second half")}
        pair = _compare_pair(alone, "1", "2", str(place), comparison.serial, comparable)
        found.append(replace(pair, left=str(document), right=str(document)))
    return tuple(found)


def judge_halves(comparison: PairComparison, halves: Sequence[PlaceboPair]) -> Finding | None:
    """Return what halves of the same text (see find_halves) say of a comparison of two texts; None without halves.

    `short` (blocks: what halves would need) where none could be judged; else, with judged (texts), found (those whose
    halves differ in some row), usual (the largest difference of a theme between halves) and largest (between the
    sides), `within` where halves differ as much as the sides do, and `beyond` where they do not.
    """
    if not halves:
        return None
    judged = [pair for pair in halves if pair.eligible]
    rows = [row for row in comparison.rows if row.eligible and row.family == "theme"]
    if not judged or not rows:
        return Finding("short", {"needed": 2 * thresholds.MIN_BLOCKS})
    usual = max(pair.largest_difference or 0.0 for pair in judged)
    largest = max(abs(row.difference) for row in rows)
    values = {"judged": len(judged), "found": sum(pair.directional > 0 for pair in judged), "usual": usual}
    return Finding("within" if usual >= largest else "beyond", {**values, "largest": largest})


def _compare_pair(alone: dict[str, BlockCounts], left: str, right: str, place: str, serial: float,
                  comparable: frozenset[str] | None) -> PlaceboPair:  # fmt: skip
    usable = usable_concepts((alone[left], alone[right]), comparable)
    rows = rows_of(alone[left], usable)
    decision = decide(make_side(alone[left], usable), make_side(alone[right], usable), rows, serial)
    themes = decision.eligible & (rows.families == 0)
    largest = float(np.abs(decision.at_95.difference[themes]).max()) if themes.any() else None
    directional = int((decision.verdict >= LEFT).sum())
    return PlaceboPair(left, right, place, int(decision.eligible.sum()), directional, largest)


# Whether verdicts survive: without each passage, each document, machine translation; with other blocks, other text ---

CheckOutcome = Literal["survives", "does not survive", "not possible"]


@dataclass(frozen=True)
class SensitivityCheck:
    """One thing changed, and what becomes of each row's verdict.

    `what` is changed: `without_each` (unit), `not_translated`, `blocks` (en and zh, their lengths), `no_headings`,
    `every_paragraph`, or `other_text` for these three where there are no texts. `why` says why it is not possible, None
    where it is: `no_texts`, `no_units` (unit), `nothing_left` or `too_little_left` (sides). `changed` names, for rows
    whose verdict does not survive, the verdict that takes its place (for what is left out one by one: the first that
    changes it).
    """

    what: Finding
    outcomes: Mapping[RowKey, CheckOutcome]
    changed: Mapping[RowKey, str]
    why: Finding | None = None


@dataclass(frozen=True, eq=False)
class Variant:
    """A corpus counted by another rule (see Check); `effect` is its design effect."""

    what: Finding
    counts: BlockCounts
    effect: float


def make_variants(corpus: Corpus, scheme: Scheme, finder: ConceptFinder | None = None) -> tuple[Variant, ...]:
    """Return the corpus with blocks half and twice as long, without headings, and with every paragraph.

    `finder` is that of the scheme, if made.
    """
    half = {language: size // 2 for language, size in BLOCK_LENGTH.items()}
    twice = {language: size * 2 for language, size in BLOCK_LENGTH.items()}
    corpora = ((Finding("blocks", half), reblock(corpus, half)), (Finding("blocks", twice), reblock(corpus, twice)),
               (Finding("no_headings"), without_headings(corpus)),
               (Finding("every_paragraph"), code_concepts(with_all_paragraphs(corpus), scheme, finder)))  # fmt: skip
    counted = [(what, block_counts(varied, scheme)) for what, varied in corpora]
    return tuple(Variant(what, counts, design_effect(counts)) for what, counts in counted)


def check_sensitivity(comparison: PairComparison, selections: tuple[Selection, Selection], variants: Sequence[Variant],
                      comparable: frozenset[str] | None = None,
                      in_sequence: bool = False) -> tuple[SensitivityCheck, ...]:  # fmt: skip
    """Return every check of a comparison of two `selections`; without variants, texts were not at hand to make them.

    A comparison `in_sequence` is one of several: its intervals go on holding for as many rows at once as they did.
    """
    tested = _tested(comparison) if in_sequence else None
    again = partial(_compare_again, comparison, comparable=comparable, tested=tested)
    written = comparison.left.written(), comparison.right.written()
    left_out = [] if comparison.decision.by_documents else [*_leaving_out(comparison)]
    checks = [*left_out, again(Finding("not_translated"), *written, comparison.serial)]
    for variant in variants:
        sides = [variant.counts.select(selection) for selection in selections]
        checks.append(again(variant.what, sides[0], sides[1], variant.effect))
    if not variants:
        checks.append(_not_possible(Finding("other_text"), comparison, Finding("no_texts")))
    return tuple(checks)


def _leaving_out(comparison: PairComparison) -> Iterator[SensitivityCheck]:
    """Yield the checks without each passage and without each document, both sides together."""
    decision, keys = comparison.decision, comparison.left.rows
    sides = [make_side(side, comparison.usable) for side in (comparison.left, comparison.right)]
    rows = rows_of(comparison.left, comparison.usable)
    without = list(leave_out(sides[0], sides[1], rows, decision.confidence, decision.effect))
    for unit in ("passage", "document"):
        versions = [one for one in without if one.unit == unit]
        what = Finding("without_each", {"unit": unit})
        if not versions:
            yield _not_possible(what, comparison, Finding("no_units", {"unit": unit}))
            continue
        verdicts = np.vstack([one.verdicts[one.possible] for one in versions])
        empty = [comparison.labels[one.side] for one in versions if not one.possible.all()]
        others = {key: verdicts[verdicts[:, n] != decision.found[n], n] for n, key in enumerate(keys)}
        changed = {key: VERDICTS[found[0]] for key, found in others.items() if len(found)}
        kept: CheckOutcome = "not possible" if empty else "survives"
        outcomes: dict[RowKey, CheckOutcome] = {key: "does not survive" if key in changed else kept for key in keys}
        why = Finding("too_little_left", {"sides": list(dict.fromkeys(empty))}) if empty else None
        yield SensitivityCheck(what, outcomes, changed, why)


def _tested(comparison: PairComparison) -> IntArray:
    """Return over how many rows each row's interval holds at once."""
    rows: IntArray = np.rint((1 - thresholds.CONFIDENCE) / (1 - comparison.decision.confidence)).astype(np.int64)
    return rows


def _compare_again(comparison: PairComparison, what: Finding, left: BlockCounts, right: BlockCounts, serial: float, *,
                   comparable: frozenset[str] | None, tested: IntArray | None) -> SensitivityCheck:  # fmt: skip
    labels = comparison.labels
    try:
        again = find_verdicts(left, right, serial=serial, labels=labels, comparable=comparable, tested=tested)
    except ComparisonError:
        empty = [label for label, side in zip(comparison.labels, (left, right), strict=True) if not len(side.blocks)]
        return _not_possible(what, comparison, Finding("nothing_left", {"sides": empty}))
    pairs = zip(comparison.left.rows, comparison.rows, again, strict=True)
    changed = {key: after for key, before, after in pairs if before.verdict != after}
    outcomes: dict[RowKey, CheckOutcome] = {key: "does not survive" if key in changed else "survives"
                                            for key in comparison.left.rows}  # fmt: skip
    return SensitivityCheck(what, outcomes, changed)


def _not_possible(what: Finding, comparison: PairComparison, why: Finding) -> SensitivityCheck:
    return SensitivityCheck(what, dict.fromkeys(comparison.left.rows, "not possible"), {}, why)


# What would settle it: how likely a difference of 30 points is to be found, and how many blocks that takes ---

#: More blocks than this are not asked for on any side.
MOST_BLOCKS = 1000
_DRAWS = 1000


def shares_apart(middle: float) -> tuple[float, float]:
    """Return two shares SETTLED_DIFFERENCE apart, around `middle` where there is room, else from 0 or up to 1."""
    difference = thresholds.SETTLED_DIFFERENCE
    low = min(max(middle - difference / 2, 0.0), 1.0 - difference)
    return low + difference, low


def power(left: Sequence[int], right: Sequence[int], p1: float, p2: float, effect: float, confidence: float) -> float:
    """Return the probability of the verdict "more in left", where the true shares are p1 > p2.

    `left` and `right` are the blocks of each unit that is left out (passages). Each unit's share is taken for normal
    around the true one, with `effect` times the variance of independent blocks. The verdict is reached when the
    difference exceeds the smallest worth a sentence and the reach of the interval of `confidence` towards 0, with
    everything and without each unit that can be left out. 0 where a side is smaller than a comparison needs.
    """
    sizes = [np.asarray(side, dtype=float) for side in (left, right)]
    totals = [float(side.sum()) for side in sizes]
    if min(totals) < thresholds.MIN_BLOCKS:
        return 0.0
    split, units = len(sizes[0]), len(sizes[0]) + len(sizes[1])
    noise = _noise(1 << (units - 1).bit_length())[:, :units]
    parts = zip(sizes, (noise[:, :split], noise[:, split:]), (p1, p2), strict=True)
    carrying = [side * p + z * np.sqrt(p * (1 - p) * effect * side) for side, z, p in parts]
    with_all = [side.sum(axis=1, keepdims=True) for side in carrying]
    versions = [(with_all[0], totals[0] * np.ones(1), with_all[1], totals[1] * np.ones(1)),
                (*_without(carrying[0], sizes[0]), with_all[1], totals[1] * np.ones(1)),
                (with_all[0], totals[0] * np.ones(1), *_without(carrying[1], sizes[1]))]  # fmt: skip
    apart = np.hstack([x1 / n1 - x2 / n2 for x1, n1, x2, n2 in versions])
    left_trials, right_trials = np.hstack([np.broadcast_arrays(n1, n2) for _, n1, _, n2 in versions])
    needed = np.maximum(reach(left_trials, right_trials, p1, p2, effect, confidence), thresholds.MIN_DIFFERENCE)
    return float((apart >= needed).all(axis=1).mean())


def blocks_needed(left: Sequence[int], right: Sequence[int], p1: float, p2: float, effect: float, confidence: float,
                  size: int) -> tuple[int | None, int | None, int | None]:  # fmt: skip
    """Return how many blocks it takes on the left, on the right, or on each side for SETTLED_POWER.

    Blocks come in new documents of `size` blocks beside those that are there. The other side stays as it is; "on each
    side", both grow to the number given. None where MOST_BLOCKS would not do.
    """

    def powerful(to_left: int, to_right: int) -> bool:
        grown = _grow(left, to_left, size), _grow(right, to_right, size)
        return power(*grown, p1, p2, effect, confidence) >= thresholds.SETTLED_POWER

    n1, n2 = sum(left), sum(right)
    return (_least(n1, size, lambda n: powerful(n, n2)), _least(n2, size, lambda n: powerful(n1, n)),
            _least(max(n1, n2), size, lambda n: powerful(n, n)) if max(n1, n2) else None)  # fmt: skip


def reach(n1: npt.ArrayLike, n2: npt.ArrayLike, p1: float, p2: float, effect: npt.ArrayLike,
          confidence: npt.ArrayLike) -> FloatArray:  # fmt: skip
    """Return the smallest difference p̂₁ − p̂₂ > 0 whose interval excludes 0, given the mean share of p1 and p2."""
    m1, m2 = np.asarray(n1, dtype=float) / effect, np.asarray(n2, dtype=float) / effect
    middle = (m1 * p1 + m2 * p2) / (m1 + m2)
    low, high = np.zeros_like(middle), np.ones_like(middle)
    for _ in range(14):  # bisection: a larger difference is further from 0 than its interval reaches
        gap = (low + high) / 2
        one = np.clip(middle + gap * m2 / (m1 + m2), gap, 1.0)
        other = np.clip(one - gap, 0.0, 1.0)
        clear = newcombe_difference(one * m1, m1, other * m2, m2, confidence)[0] > 0
        low, high = np.where(clear, low, gap), np.where(clear, gap, high)
    return high


def _without(carrying: FloatArray, sizes: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the blocks that carry the row, and all blocks, without each unit that leaves the side large enough."""
    rest = sizes.sum() - sizes
    possible = rest >= thresholds.MIN_BLOCKS
    return (carrying.sum(axis=1, keepdims=True) - carrying)[:, possible], rest[possible]


@lru_cache(maxsize=8)
def _noise(units: int) -> FloatArray:
    """Return draws × units of a standard normal: the same quantiles for every unit, in another order."""
    rng = np.random.default_rng(thresholds.SEED)
    quantiles = scipy.special.ndtri((np.arange(_DRAWS) + 0.5) / _DRAWS)
    return np.column_stack([rng.permutation(quantiles) for _ in range(units)])


def _grow(sizes: Sequence[int], total: int, size: int) -> list[int]:
    more = total - sum(sizes)
    return [*sizes, *([size] * (more // size)), *([more % size] if more % size else [])]


def _least(present: int, size: int, enough: Callable[[int], bool]) -> int | None:
    """Return the least number of blocks, in whole documents of `size`, that is enough; None beyond MOST_BLOCKS."""
    low, step = present, size
    if enough(present):
        return present
    while not enough(present + step):
        low = present + step
        step *= 2
        if present + step > MOST_BLOCKS:
            return None
    high = present + step
    while high - low > size:
        middle = low + max((high - low) // (2 * size), 1) * size
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


# What would settle a comparison: its power as it stands, and the blocks that would give it enough ---

@dataclass(frozen=True)
class Settling:
    """For one row: the probability that a difference of SETTLED_DIFFERENCE is found with the blocks that there are.

    `left` and `right`: how many blocks that side would need, the other staying as it is; `each`: how many both would.
    None where MOST_BLOCKS would not do. New text is taken to come in documents of the median size of those there are.
    """

    key: RowKey
    power: float
    left: int | None
    right: int | None
    each: int | None


def what_would_settle(comparison: PairComparison, key: RowKey) -> Settling:
    """Return the power of one row, and how many blocks it takes for SETTLED_POWER."""
    row = comparison.left.rows.index(key)
    sides = (comparison.left, comparison.right)
    left, right = (tuple(leave_out_units(side)) for side in sides)
    size = max(1, int(np.median(np.concatenate([blocks_by_document(side) for side in sides]))))
    found = comparison.rows[row].left.blocks + comparison.rows[row].right.blocks
    shares = shares_apart(found / sum(len(side.blocks) for side in sides))
    confidence = float(simultaneous_confidence(np.array(rows_to_test(comparison, key))))
    situation = (*shares, float(comparison.decision.effect[row]), confidence)
    return Settling(key, *_worked_out(left, right, *situation, size))


@lru_cache(maxsize=256)  # many rows of one comparison are in the same situation: too rare for it to matter how rare
def _worked_out(left: tuple[int, ...], right: tuple[int, ...], p1: float, p2: float, effect: float, confidence: float,
                size: int) -> tuple[float, int | None, int | None, int | None]:  # fmt: skip
    """Return the power as it stands, and the blocks needed on the left, on the right and on each side."""
    situation = (p1, p2, effect, confidence)
    return power(left, right, *situation), *blocks_needed(left, right, *situation, size)


def leave_out_units(counts: BlockCounts) -> list[int]:
    """Return the blocks of every passage, or all in one where passages are not known."""
    if counts.pieces is None:
        return [len(counts.blocks)]
    _, first = np.unique(counts.pieces.block, return_index=True)
    _, blocks = np.unique(counts.pieces.passage[first], return_counts=True)
    return [int(n) for n in blocks]


def blocks_by_document(counts: BlockCounts) -> list[int]:
    """Return the blocks of every document."""
    return [int(n) for n in counts.blocks.groupby("document", sort=False).size()]


def rows_to_test(comparison: PairComparison, key: RowKey) -> int:
    """Return over how many rows of the family intervals would hold: those eligible now, at least the themes that occur.

    With more text more rows become eligible, so the few of a small side would promise too much.
    """
    rows = comparison.rows
    eligible = sum(row.eligible for row in rows if row.family == key[0])
    themes = sum(row.left.blocks + row.right.blocks > 0 for row in rows if row.family == "theme")
    return max(eligible, themes, 1)
