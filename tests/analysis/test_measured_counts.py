"""Measured tables as counts: the same numbers as the texts themselves give."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_counts import made_counts
from measuring_texts import lay_texts
from scipy.stats import poisson

from policybook.analysis import thresholds
from policybook.analysis.counts import BlockCounts, block_counts
from policybook.analysis.measured_counts import (
    PlaceUptake,
    Uptake,
    blocks_speaking,
    find_uptakes,
    measured_counts,
    speaking_concepts,
)
from policybook.coding.code import Coding, code_corpus
from policybook.coding.measured import BLOCK_COLUMNS, make_measured, measure, read_metadata
from policybook.coding.rules import Age, CodingRules
from policybook.coding.scheme import Concept, Scheme, Theme
from policybook.corpus.build import make_corpus
from policybook.corpus.scope import Vocabulary
from policybook.errors import SelectionError
from policybook.project import Project


def test_counts_equal_those_of_the_texts(
    tmp_path: Path, project: Project, vocabulary: Vocabulary, coding: Coding
) -> None:
    described = read_metadata(*lay_texts(tmp_path), vocabulary)
    measured = measured_counts(measure(described, project), Age(), coding.scheme, vocabulary, made_from="a test")
    corpus = make_corpus([(one.entry, one.content) for one in described], vocabulary, project)
    direct = block_counts(code_corpus(corpus, coding), coding.scheme)
    assert measured.mentions.sum() > 5
    np.testing.assert_array_equal(measured.mentions, direct.mentions)
    assert measured.blocks["block"].tolist() == direct.blocks["block"].tolist()
    assert measured.evidence(direct.concepts) == ("qingshan-2019", "qingshan-2023")


def test_selections_name_what_exists(
    tmp_path: Path, project: Project, vocabulary: Vocabulary, coding: Coding
) -> None:
    described = read_metadata(*lay_texts(tmp_path), vocabulary)
    counts = measured_counts(measure(described, project), Age(), coding.scheme, vocabulary, made_from="a test")
    assert set(counts.select(era="2021-2024").blocks["document"]) == {"qingshan-2023"}
    assert len(counts.select(places="yunnan").blocks) == len(counts.blocks)
    with pytest.raises(SelectionError, match="Known: yunnan"):
        counts.select(place="liaoning")


# Blocks that speak of a field ----------------------------------------------------------------------


def concept(identifier: str, theme: str, **more: str) -> Concept:
    return Concept.model_validate(
        {"id": identifier, "term_zh": identifier, "term_en": identifier, "pinyin": identifier, "theme": theme, **more}
    )


SCHEME = Scheme(
    themes=(Theme(id="land", label="Land", label_zh="土地"), Theme(id="goals", label="Goals", label_zh="目标")),
    concepts=(
        concept("farm", "land"),
        concept("ministry", "land", exclude_from_comparison="institution"),
        concept("topic", "goals", exclude_from_comparison="corpus"),
        concept("aim", "goals"),
        concept("small-aim", "goals", broader="aim"),
    ),
)


def test_a_theme_brings_its_concepts_but_no_institution():
    assert speaking_concepts(SCHEME, ["land"], []) == {"farm"}
    assert speaking_concepts(SCHEME, ["goals"], []) == {"topic", "aim", "small-aim"}


def test_a_concept_brings_what_it_contains_and_an_institution_counts_if_named():
    assert speaking_concepts(SCHEME, [], ["aim", "ministry"]) == {"aim", "small-aim", "ministry"}
    assert speaking_concepts(SCHEME, [], ["small-aim"]) == {"small-aim"}


@pytest.mark.parametrize(("themes", "concepts", "said"), [(["lnad"], [], "'land'"), ([], ["fram"], "'farm'")])
def test_what_is_unknown_is_named_with_the_nearest(themes: list[str], concepts: list[str], said: str):
    with pytest.raises(SelectionError, match=said):
        speaking_concepts(SCHEME, themes, concepts)


def test_blocks_speak_if_they_mention_one_of_them():
    concepts = ["farm:2 aim:1", "", "ministry:1", "small-aim:3"]
    blocks = pd.DataFrame({"concepts": concepts}).reindex(columns=BLOCK_COLUMNS)
    rules = CodingRules(versions={}, lexicon={}, concepts={})
    measured = make_measured(pd.DataFrame(), pd.DataFrame(), blocks, made_by="test", rules=rules)
    assert blocks_speaking(measured, frozenset({"farm", "small-aim"})).tolist() == [True, False, False, True]


# Words that are new with the centre, and when other places have them -------------------------------


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
