"""What is not counted: never 0 in a comparison, and a sentence that says which, why, and how to count it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_counts import made_counts

from policybook.analysis.compare import PairComparison, compare_counts
from policybook.analysis.counts import BlockCounts, count_rows
from policybook.coding.rules import Age, Part, Why
from policybook.coding.scheme import Concept, Scheme, Theme
from policybook.words.comparisons import not_counted_sentence


def compared(*uncounted: str) -> PairComparison:
    why: dict[str, Why] = dict.fromkeys(uncounted, "new")
    texts = {f"{place}{n}": ["farm school", "forest", "farm", "factory"] * 6 for place in "ab" for n in range(4)}
    counts = replace(made_counts(texts), not_counted=why)
    one, other = (counts.select(place=place) for place in "ab")
    return compare_counts(one, other, serial=1.0)


def counted(comparison: PairComparison) -> set[str]:
    return {row.id for row in comparison.rows if row.counted}


def test_a_concept_that_nobody_counted_is_no_row_to_judge() -> None:
    result = compared("forest")
    assert counted(compared()) - counted(result) == {"forest"}
    row = result.row(("concept", "forest"))
    assert (row.eligible, row.verdict) == (False, "too little evidence")
    assert [one.code for one in row.reason] == ["not_counted"]


def test_a_theme_is_judged_by_those_of_its_concepts_that_were_counted() -> None:
    whole, part = (result.row(("theme", "land")) for result in (compared(), compared("forest")))
    assert part.counted and part.eligible and part.left.blocks < whole.left.blocks
    assert [one.values for one in part.reason if one.code == "without"] == [{"concepts": ["forest"]}]
    assert "without" not in {one.code for one in whole.reason}


def test_a_theme_without_any_is_not_counted() -> None:
    result = compared("farm", "forest")
    assert not result.row(("theme", "land")).counted
    assert result.row(("theme", "jobs")).counted


def test_what_was_not_counted_is_no_row_of_counts() -> None:
    counts: BlockCounts = compared("farm", "forest").left
    assert list(count_rows(counts, "theme", 1.0).index) == ["jobs", "services"]
    assert list(count_rows(counts, "concept", 1.0).index) == ["factory", "school"]


def concept(name: str, theme: str) -> Concept:
    return Concept(id=name, term_zh=name, term_en=f"the {name}", pinyin=name, theme=theme, en=[name])


SCHEME = Scheme(
    (Theme(id="land", label="Land", label_zh="地"), Theme(id="jobs", label="Jobs", label_zh="工")),
    (concept("farm", "land"), concept("forest", "land"), concept("factory", "jobs")),
)


def test_nothing_is_said_where_all_is_counted() -> None:
    assert not_counted_sentence(Age(), SCHEME, "reports") == ""
    assert not_counted_sentence(Age(gone=("orchard",)), SCHEME, "reports") == ""


def test_concepts_are_named_with_why_and_their_themes() -> None:
    said = not_counted_sentence(Age({"forest": "new", "factory": "changed"}), SCHEME, "reports")
    assert "“the forest”, new in the scheme" in said and "“the factory”, whose forms have changed" in said
    assert "“Land” is judged without" in said and "Jobs" not in said
    assert said.endswith("--metadata data/measured/reports/documents.csv --out data/measured/reports")


@pytest.mark.parametrize(
    ("part", "which", "lost"),
    [
        ("text", "cut into blocks", "anything"), ("concepts", "concepts are found", "any concept"),
        ("quantities", "quantities are found", "quantities"), ("directives", "directives are found", "directives"),
    ],
)  # fmt: skip
def test_rules_are_named_with_what_nobody_counted(part: Part, which: str, lost: str) -> None:
    said = not_counted_sentence(Age(rules=(part,)), SCHEME, "reports")
    assert which in said and f"nobody counted {lost}." in said


def test_a_file_of_the_lexicon_is_named() -> None:
    assert "(data/lexicon/places.yml or plans.yml)" in not_counted_sentence(Age(lexicon=("text",)), SCHEME, "reports")
