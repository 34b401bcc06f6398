"""How fast a rate moved, and how fast it would have to move to reach a target."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from policybook.analysis.facts.rows import Rate


@dataclass(frozen=True)
class Pace:
    """Points a year between two rates of one place; `alike` says that both were measured on one base."""

    first: Rate
    last: Rate
    alike: bool

    @property
    def points(self) -> float:
        """The rise in percentage points."""
        return self.last.value - self.first.value

    @property
    def years(self) -> int:
        """How many years it took."""
        return int(self.last.year) - int(self.first.year)

    @property
    def a_year(self) -> float:
        """Percentage points a year."""
        return self.points / self.years


@dataclass(frozen=True)
class Need:
    """What it takes to get from a rate to a goal: `goal` in percent, reached at the end of `year`."""

    start: Rate
    goal: float
    year: int

    @property
    def points(self) -> float:
        """The rise that is still needed, in percentage points."""
        return self.goal - self.start.value

    @property
    def years(self) -> int:
        """How many years there are."""
        return self.year - int(self.start.year)

    @property
    def a_year(self) -> float:
        """Percentage points a year."""
        return self.points / self.years


def pace(first: Rate, last: Rate, breaks: Iterable[int] = ()) -> Pace:
    """Return the pace between two rates.

    They are alike where no year of `breaks` lies between them: the year of a recount is itself on the new base, and
    a revised figure of an earlier year as well. Raises ValueError unless `last` is later and of the same series.
    """
    if (first.region, first.indicator_zh) != (last.region, last.indicator_zh) or first.year >= last.year:
        raise ValueError(f"there is no pace from {first.id} to {last.id}.")
    recounted = any(int(first.year) < year <= int(last.year) for year in breaks)
    return Pace(first, last, alike=not recounted or first.vintage.startswith("revised"))


def needs(starts: Iterable[Rate], goals: Iterable[float], years: Iterable[int]) -> Iterator[Need]:
    """Yield every combination of where to start, what to reach and when, earlier starts first."""
    goals, years = tuple(goals), tuple(years)
    for start in starts:
        for goal in goals:
            for year in years:
                if year > int(start.year):
                    yield Need(start, goal, year)
