"""Words that are new with the centre, and when other places have them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from made_counts import made_counts
from scipy.stats import poisson

from policybook.analysis import thresholds
from policybook.analysis.counts import BlockCounts
from policybook.analysis.uptake import PlaceUptake, Uptake, find_uptakes


def texts(farm_by_year: Mapping[int, int], place: str, blocks: int = 60) -> dict[str, list[str]]:
    """One document a year of so many blocks, of which the first ones speak of farms."""
    return {
        f"{place}-{year}": ["farm"] * carrying + ["school"] * (blocks - carrying)
        for year, carrying in farm_by_year.items()
    }


def made(*places: dict[str, list[str]]) -> BlockCounts:
    documents = {name: text for one in places for name, text in one.items()}
    years = {name: name.partition("-")[2] for name in documents}
    of = {name: name.partition("-")[0] for name in documents}
    return made_counts(documents, year=years, place=of)


def farm(counts: BlockCounts, serial: float = 1.0) -> Uptake | None:
    found = find_uptakes(counts, "centre", [p for p in counts.known["place"] if p != "centre"], serial=serial)
    return next((one for one in found if one.concept == "farm"), None)


CENTRE = texts({2014: 0, 2015: 0, 2016: 5, 2017: 6, 2018: 5}, "centre")


@pytest.mark.parametrize(
    ("own", "outcome", "years"),
    [
        ({2014: 0, 2015: 0, 2016: 0, 2017: 0, 2018: 4}, "later", 2),
        ({2014: 0, 2015: 0, 2016: 3, 2017: 4, 2018: 4}, "same year", 0),
        ({2014: 3, 2015: 0, 2016: 0, 2017: 0, 2018: 4}, "before", -2),
        ({2014: 0, 2015: 0, 2016: 0, 2017: 1, 2018: 0}, "not yet", None),
        ({2016: 0, 2017: 0, 2018: 4}, "too little", None),
        ({2016: 3, 2017: 4, 2018: 4}, "too little", None),
    ],
)
def test_what_became_of_a_word(own: dict[int, int], outcome: str, years: int | None):
    found = farm(made(CENTRE, texts(own, "b")))
    assert found is not None and (found.first, found.blocks) == (2016, 5)
    [place] = found.places
    assert (place.outcome, place.years) == (outcome, years)
    assert (place.why in ("too_rare", "no_document_before", "may_be_chance")) == (outcome == "too little")


def test_a_delay_that_may_be_chance_is_too_little():
    """In a short report of the year between, a word at the centre's rate may be missing by chance."""
    own = texts({2014: 0, 2015: 0}, "b") | texts({2016: 0}, "b", blocks=20) | texts({2017: 4, 2018: 4}, "b")
    found = farm(made(CENTRE, own))
    assert found is not None
    assert found.places == (PlaceUptake("b", 2017, 8, "too little", None, "may_be_chance"),)


def test_the_test_of_absence_is_poisson_at_the_centres_rate():
    """With 2 blocks needed, absence from n blocks means something from the n on at which P(X ≤ 1) ≤ .05."""
    share = (5 + 6 + 5) / 180
    enough = next(n for n in range(1, 500) if poisson.cdf(1, share * n) <= thresholds.UPTAKE_CHANCE)
    for blocks, outcome in ((enough, "later"), (enough - 1, "too little")):
        own = texts({2014: 0, 2015: 0}, "b") | texts({2016: 0}, "b", blocks) | texts({2017: 4, 2018: 4}, "b")
        found = farm(made(CENTRE, own))
        assert found is not None and found.places[0].outcome == outcome


@pytest.mark.parametrize("centre", [{2014: 4, 2015: 0, 2016: 5}, {2014: 0, 2015: 1, 2016: 1}])
def test_a_word_that_was_there_from_the_start_or_never_often_is_not_new(centre: dict[int, int]):
    assert farm(made(texts(centre, "centre"), texts({2014: 0, 2016: 4}, "b"))) is None


def test_a_word_that_may_have_been_missing_by_chance_is_not_new():
    early = texts({2014: 0}, "centre", blocks=15) | texts({2015: 5, 2016: 5}, "centre")
    assert farm(made(early, texts({2014: 0}, "b"))) is None


def test_neighbours_that_resemble_each_other_make_absence_mean_less():
    counts = made(CENTRE, texts({2014: 0, 2015: 0, 2016: 0, 2017: 4, 2018: 4}, "b"))
    at_once, alike = farm(counts), farm(counts, serial=1.9)
    assert at_once is not None and at_once.places[0].outcome == "later"
    assert alike is not None and alike.places[0].outcome == "too little"


def test_words_come_by_their_first_year():
    counts = made(CENTRE, texts({2014: 0}, "b"))
    found = find_uptakes(counts, "centre", ["b"], serial=1.0)
    assert [one.first for one in found] == sorted(one.first for one in found)
