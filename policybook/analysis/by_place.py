"""Places compared with each other, over all years and era by era, and one place's eras with each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from policybook.analysis import thresholds
from policybook.analysis.block_counts import BlockCounts
from policybook.analysis.compare import PairComparison, compare, compare_periods
from policybook.analysis.findings import Finding
from policybook.corpus.selection import Selection


@dataclass(frozen=True, eq=False)
class Sides:
    """Two selections to be compared, and what was found; `why` says what was lacking where nothing was.

    `left` and `right` are places, or eras of one place where `place` is given; `era` is None for all years.
    """

    left: str
    right: str
    era: str | None
    place: str | None
    selections: tuple[Selection, Selection]
    documents: tuple[int, int]
    result: PairComparison | None
    why: tuple[Finding, ...] = ()

    @property
    def over_all_years(self) -> bool:
        """Whether two places are compared over all years."""
        return self.era is None and self.place is None


def compare_places(
    counts: BlockCounts, places: Sequence[str], eras: Sequence[str], *, serial: float, labels: Sequence[str]
) -> tuple[Sides, ...]:
    """Return every two of `places` compared, the earlier one on the left: over all years, then in each era.

    A comparison needs MIN_DOCUMENTS documents on each side; one that lacks them says so. `labels` name the places.
    Raises SelectionError for an unknown place or era.
    """
    names = dict(zip(places, labels, strict=True))
    made = []
    for era in (None, *eras):
        for left, right in combinations(places, 2):
            fields = {"era": era} if era else {}
            selections: tuple[Selection, Selection] = ({"place": left, **fields}, {"place": right, **fields})
            sides = [counts.select(selection) for selection in selections]
            sizes = len(sides[0].documents), len(sides[1].documents)
            both = names[left], names[right]
            why = _lacking(list(zip(both, sizes, strict=True)))
            result = None if why else compare(sides[0], sides[1], serial=serial, labels=both)
            made.append(Sides(left, right, era, None, selections, sizes, result, why))
    return tuple(made)


def compare_eras(
    counts: BlockCounts, places: Sequence[str], eras: Sequence[str], *, serial: float, labels: Sequence[str]
) -> tuple[Sides, ...]:
    """Return, for each place, its eras compared: each with the next, and the first with the last.

    Eras with fewer than MIN_DOCUMENTS documents of the place are left out; the others' intervals hold at once.
    `labels` name the eras. Raises SelectionError for an unknown place or era.
    """
    return tuple(one for place in places for one in _eras_of(counts, place, eras, serial, labels))


def _eras_of(
    counts: BlockCounts, place: str, eras: Sequence[str], serial: float, labels: Sequence[str]
) -> Iterator[Sides]:
    selected = {era: counts.select(place=place, era=era) for era in eras}
    names = dict(zip(eras, labels, strict=True))
    enough = [era for era in eras if len(selected[era].documents) >= thresholds.MIN_DOCUMENTS]
    if len(enough) < 2:
        return
    order = [*pairwise(enough), *([(enough[0], enough[-1])] if len(enough) > 2 else [])]
    compared = compare_periods(
        [selected[era] for era in enough], serial=serial, labels=[names[era] for era in enough]
    )
    for (one, other), result in zip(order, compared.pairs, strict=True):
        selections: tuple[Selection, Selection] = ({"place": place, "era": one}, {"place": place, "era": other})
        sizes = len(selected[one].documents), len(selected[other].documents)
        yield Sides(one, other, None, place, selections, sizes, result)


def _lacking(sizes: Sequence[tuple[str, int]]) -> tuple[Finding, ...]:
    """Return which sides have fewer documents than a general statement needs (side, have, needed)."""
    return tuple(
        Finding("too_few_documents", {"side": name, "have": number, "needed": thresholds.MIN_DOCUMENTS})
        for name, number in sizes
        if number < thresholds.MIN_DOCUMENTS
    )
