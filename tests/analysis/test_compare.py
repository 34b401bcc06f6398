from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from made_counts import blocks, made_counts
from pace import within

from policybook.analysis import thresholds
from policybook.analysis.compare import (
    PairComparison,
    compare_counts,
    compare_periods,
    estimate_sides,
    usable_concepts,
    within_language,
)
from policybook.analysis.counts import BlockCounts, Finding, Pieces
from policybook.analysis.decide import VERDICTS
from policybook.corpus.corpus import Corpus
from policybook.errors import ComparisonError


@pytest.fixture(scope="module")
def liaoning(counts: BlockCounts, effect: float) -> PairComparison:
    """The English national texts and the Liaoning text."""
    left = counts.select(speaker="national", language="en")
    return compare_counts(left, counts.select(speaker="liaoning"), serial=effect, labels=("nation", "Liaoning"))


def test_every_row_holds_together(liaoning: PairComparison) -> None:
    assert [(row.family, row.id) for row in liaoning.rows] == list(liaoning.left.rows)
    for row in liaoning.rows:
        assert row.low <= row.low95 <= row.difference <= row.high95 <= row.high
        assert row.difference == pytest.approx(row.left.share - row.right.share)
        assert row.verdict in VERDICTS
        assert row.reason
        assert row.eligible or row.verdict == "too little evidence"
        if row.verdict.startswith("more"):
            assert row.low > 0 or row.high < 0


def test_counts_agree_with_the_mentions(liaoning: PairComparison, coded: Corpus) -> None:
    part = coded.select(speaker="liaoning")
    counted = part.mentions[part.mentions["counted"].astype(bool)]
    for row in liaoning.rows:
        if row.family == "concept":
            found = counted[counted["concept"] == row.id]
            expected = (found["block"].nunique(), found["passage"].nunique(), found["document"].nunique(), len(found))
            right = row.right
            assert (right.blocks, right.passages, right.documents, right.mentions) == expected
            assert set(row.evidence_right) == set(found["sentence"])
    assert liaoning.mentions[1] == len(counted)


def test_nothing_in_the_five_documents_is_more_on_one_side(counts: BlockCounts, effect: float) -> None:
    """The sides of the book's comparisons that are large enough, with every concept taken for comparable."""
    everything = frozenset(counts.concepts)
    for left, right in (({"speaker": "national"}, {"speaker": "liaoning"}), ({"era": "2014-2020"}, {"era": "2024-"})):
        result = compare_counts(counts.select(left), counts.select(right), serial=effect, comparable=everything)
        assert any(row.eligible for row in result.rows)
        assert not any(row.verdict.startswith("more") for row in result.rows)


def test_a_side_too_small_says_so_in_every_row(counts: BlockCounts, effect: float) -> None:
    everything = frozenset(counts.concepts)
    left = counts.select(plan="nnup-2014")
    result = compare_counts(left, counts.select(plan="action-2024"), serial=effect, comparable=everything)
    assert {row.verdict for row in result.rows} == {"too little evidence"}
    (reason,) = result.rows[0].reason
    assert reason.code == "sides_too_small"
    lacking = Finding("too_few_blocks", {"side": "left", "have": 2, "needed": thresholds.MIN_BLOCKS})
    assert reason.values["lacking"] == [lacking] == result.hindrance.values["lacking"]


def test_a_verdict_of_one_document_is_fragile_and_says_why() -> None:
    translated = made_counts({"a": blocks(40, 60)}, machine_translated={"a": True})
    row = compare_counts(translated, made_counts({"b": blocks(10, 60)}), serial=1.0).row(("theme", "land"))
    assert (row.verdict, row.fragile) == ("more in left", True)
    apart, fragile, translated = row.reason
    assert (apart.code, fragile.code, translated.code) == ("apart", "fragile", "machine_translated")
    sides = [{"side": "left", "blocks": 40, "all": 60}, {"side": "right", "blocks": 10, "all": 60}]
    assert (apart.values["sides"], apart.values["difference"]) == (sides, pytest.approx(0.5))
    assert apart.values["least"] == pytest.approx(row.low)
    assert [(one["side"], one["alone"]) for one in fragile.values["sides"]] == [("left", True), ("right", True)]


def test_a_side_mostly_of_one_document_says_so() -> None:
    left = made_counts({"a1": blocks(40, 60), "a2": ["", "school"]})
    right = made_counts({f"b{n}": blocks(10, 60) for n in range(2)})
    row = compare_counts(left, right, serial=1.0).row(("theme", "land"))
    assert (row.verdict, row.fragile) == ("more in left", True)
    assert [one.code for one in row.reason] == ["apart", "fragile"]
    assert row.reason[1].values["sides"] == [{"side": "left", "unit": "document", "alone": False}]


def test_what_rests_on_one_document_names_it() -> None:
    left = made_counts({"a1": blocks(30, 30), "a2": blocks(5, 30), "a3": blocks(5, 30)})
    right = made_counts({f"b{n}": blocks(5, 30) for n in range(3)})
    row = compare_counts(left, right, serial=1.0).row(("theme", "land"))
    assert (row.verdict, row.fragile) == ("more in left", True)
    assert row.reason[1] == Finding("rests_on_document", {"name": "a1"})
    assert row.influence == ("a1", pytest.approx(10 / 60 - 40 / 90))


def test_small_differences_are_said_of_many_blocks() -> None:
    left = made_counts({f"a{n}": blocks(8, 120, rest="school") for n in range(4)})
    right = made_counts({f"b{n}": blocks(1, 120, rest="school") for n in range(4)})
    row = compare_counts(left, right, serial=1.0).row(("theme", "land"))
    assert (row.verdict, row.fragile) == ("more in left", False)
    assert row.reason[0].values["difference"] == pytest.approx(7 / 120)


def test_across_languages_only_comparable_concepts_enter() -> None:
    words = ["farm school", "forest farm"] * 20
    left = made_counts({"a": words}, language={"a": "en"})
    right = made_counts({"b": ["school"] * 40}, language={"b": "zh"})
    result = compare_counts(left, right, serial=1.0, comparable=frozenset(["school"]))
    assert result.mentions == (80, 40)
    assert not result.row(("theme", "land")).eligible
    assert result.row(("theme", "land")).reason == (Finding("theme_across_languages"),)
    farm = result.row(("concept", "farm"))
    assert (farm.eligible, farm.verdict) == (False, "too little evidence")
    assert farm.reason == (Finding("concept_across_languages"),)
    assert farm.left.blocks == 40
    cells = [(c.language, c.left, c.left_blocks, c.right, c.right_blocks) for c in farm.by_language]
    assert cells == [("en", 40, 40, 0, 0), ("zh", 0, 0, 0, 40)]
    school = result.row(("concept", "school"))
    assert school.by_language == ()
    assert school.left.blocks == 20


@pytest.mark.parametrize(
    ("left", "right", "all_enter"),
    [("en", "en", True), ("zh", "zh", True), ("en", "zh", False), ("both", "both", False), ("en", "both", False)],
)
def test_only_sides_of_one_same_language_compare_everything(left: str, right: str, all_enter: bool) -> None:
    """Two sides that mix both languages alike may still mix them differently where it matters."""
    codes = {"en": ["en"], "zh": ["zh"], "both": ["en", "zh"]}
    sides = []
    for name, held in (("a", codes[left]), ("b", codes[right])):
        documents = {f"{name}{n}": ["farm"] for n in range(len(held))}
        sides.append(made_counts(documents, language=dict(zip(documents, held, strict=True))))
    assert bool(usable_concepts(sides, None).all()) is all_enter


def test_an_empty_side_the_same_side_and_overlapping_sides_are_refused(counts: BlockCounts) -> None:
    some, none = counts.select(speaker="liaoning"), counts.select(places="tibet")
    with pytest.raises(ComparisonError, match="empty_side") as empty:
        compare_counts(some, none, serial=1.0)
    assert empty.value.values == {"side": "right"}
    with pytest.raises(ComparisonError, match="same_sides"):
        compare_counts(some, counts.select(document="mysheen-2024-liaoning-income-gap"), serial=1.0)
    with pytest.raises(ComparisonError, match="overlap") as shared:
        compare_counts(counts.select(places="national"), some, serial=1.0, labels=("nation", "Liaoning"))
    assert (shared.value.values["sides"], shared.value.values["shared"]) == (("nation", "Liaoning"), 6)


def test_periods_are_compared_with_the_next_and_the_first_with_the_last(counts: BlockCounts, effect: float) -> None:
    eras = ["2014-2020", "2021-2024", "2024-"]
    everything = frozenset(counts.concepts)
    periods = [counts.select(era=era) for era in eras]
    result = compare_periods(periods, serial=effect, labels=eras, comparable=everything)
    assert [pair.labels for pair in result] == [(eras[0], eras[1]), (eras[1], eras[2]), (eras[0], eras[2])]
    eligible = sum(row.eligible for pair in result for row in pair.rows if row.family == "theme")
    assert eligible > max(sum(r.eligible for r in pair.rows if r.family == "theme") for pair in result)
    for pair in result:
        assert pair.decision.confidence[0] == pytest.approx(1 - 0.05 / eligible)
        alone = compare_counts(pair.left, pair.right, serial=effect, comparable=everything)
        assert pair.rows[0].low <= alone.rows[0].low
        assert pair.rows[0].low95 == alone.rows[0].low95


def test_two_periods_are_one_pair_and_one_is_none() -> None:
    one, other = made_counts({"a": blocks(5, 20)}), made_counts({"b": blocks(5, 20)})
    pairs = compare_periods([one, other], serial=1.0, labels=["a", "b"])
    assert len(pairs) == 1
    alone = compare_counts(one, other, serial=1.0)
    assert [(row.low, row.verdict) for row in pairs[0].rows] == [(row.low, row.verdict) for row in alone.rows]
    with pytest.raises(ComparisonError, match="one_period"):
        compare_periods([one], serial=1.0, labels=["a"])


def test_the_same_comparison_gives_the_same_numbers_and_swapped_sides_their_mirror_image() -> None:
    rng = np.random.default_rng(4)
    sides = [made_counts({f"{name}{n}": blocks(int(rng.integers(3, 30)), 40) for n in range(5)}) for name in ("a", "b")]
    one, again = (compare_counts(sides[0], sides[1], serial=1.3) for _ in range(2))
    mirror = compare_counts(sides[1], sides[0], serial=1.3)
    for row, same, other in zip(one.rows, again.rows, mirror.rows, strict=True):
        assert row == same
        assert (row.low, row.high, row.fragile) == (
            pytest.approx(-other.high),
            pytest.approx(-other.low),
            other.fragile,
        )
        assert row.verdict == other.verdict.replace("left", "L").replace("right", "left").replace("L", "right")


def test_large_sides_take_about_a_second_at_most() -> None:
    """Two sides of 13 documents and 1,690 blocks, 69 concepts in passages of three blocks."""
    rng = np.random.default_rng(0)
    concepts = tuple(f"c{n}" for n in range(69))
    sides = []
    for name, share in (("a", 0.04), ("b", 0.06)):
        base = made_counts({f"{name}{n:02d}": [""] * 130 for n in range(13)})
        mentions = (rng.random((1690, 69)) < share).astype(np.int64)
        sides.append(
            BlockCounts(
                concepts=concepts,
                theme_of=tuple(f"t{n % 8}" for n in range(69)),
                themes=tuple(f"t{n}" for n in range(8)),
                documents=base.documents,
                blocks=base.blocks,
                mentions=mentions,
                pieces=Pieces(np.arange(1690), np.arange(1690) // 3, mentions),
                passages=tuple(f"{name}:p{n}" for n in range(564)),
                found=pd.DataFrame({"sentence": [], "block": [], "concept": []}),
                known={},
            )
        )
    with within(50):
        result = compare_counts(sides[0], sides[1], serial=1.2)
    assert any(row.verdict == "more in right" for row in result.rows)


LABELS = ("one", "two", "three")


def mixed(name: str, english: int, chinese: int) -> BlockCounts:
    """Forty blocks in each language, so many of which carry a concept."""
    documents = {f"{name}-en": blocks(english, 40), f"{name}-zh": blocks(chinese, 40, "school")}
    return made_counts(documents, language={f"{name}-en": "en", f"{name}-zh": "zh"})


def test_two_sides_are_compared_once_and_a_sequence_step_by_step() -> None:
    sides = [made_counts({name: blocks(count, 60)}) for name, count in (("a", 40), ("b", 10), ("c", 12))]
    pair = estimate_sides(sides[:2], LABELS[:2], serial=1.0, comparable=None)
    assert [p.labels for p in pair.pairs] == [("one", "two")] and not pair.is_sequence
    assert pair.pairs[0].rows == compare_counts(sides[0], sides[1], serial=1.0, labels=("one", "two")).rows
    sequence = estimate_sides(sides, LABELS, serial=1.0, comparable=None)
    assert [p.labels for p in sequence.pairs] == [("one", "two"), ("two", "three"), ("one", "three")]
    expected = compare_periods(sides, serial=1.0, labels=LABELS)
    assert [p.rows for p in sequence.pairs] == [p.rows for p in expected]


def test_what_cannot_be_estimated_says_why_and_still_has_shares() -> None:
    empty = made_counts({"a": blocks(5, 20)}).select(place="a")
    nothing = empty.keep(empty.blocks["block"].eq("no such block").to_numpy(dtype=bool), "nothing")
    found = estimate_sides([empty, nothing], LABELS[:2], serial=1.0, comparable=None)
    assert found.pairs == () and found.hindrance == Finding("empty_side", {"side": "two"})
    assert found.shares("theme")[0].loc["land", "blocks"] == 5
    assert not found.large


def test_only_concepts_that_may_enter_are_shared_and_proved() -> None:
    found = estimate_sides([mixed("a", 30, 20), mixed("b", 10, 20)], LABELS[:2], serial=1.0,
                           comparable=frozenset(["school"]))  # fmt: skip
    assert found.languages == found.shared_languages == ("en", "zh")
    assert [table.loc["land", "blocks"] for table in found.shares("theme")] == [0, 0]
    assert found.evidence(("theme", "land")) == [(), ()]
    complete = found.with_every_concept()
    assert [table.loc["land", "blocks"] for table in complete.shares("theme")] == [30, 10]
    assert complete.evidence(("theme", "land")) == [("a-en",), ("b-en",)]
    assert complete.pairs == ()


@pytest.mark.parametrize(("language", "row", "blocks_there"), [("en", "land", (30, 10)), ("zh", "services", (20, 20))])
def test_within_one_language_every_concept_enters(language: str, row: str, blocks_there: tuple[int, int]) -> None:
    found = within_language(estimate_sides([mixed("a", 30, 20), mixed("b", 10, 20)], LABELS[:2], serial=1.0,
                                           comparable=None), language)  # fmt: skip
    assert found.usable.all() and found.languages == (language,) and found.shared_languages == ()
    theme = found.pairs[0].row(("theme", row))
    assert (theme.left.blocks, theme.right.blocks) == blocks_there


def test_one_measure_serves_a_whole_sequence() -> None:
    """Two periods of one language are not measured otherwise than the one of two languages between them."""
    sides = [made_counts({"a": blocks(30, 40)}), mixed("b", 10, 20), made_counts({"c": blocks(5, 40, often=7)})]
    found = estimate_sides(sides, LABELS, serial=1.0, comparable=frozenset(["school"]))
    assert not any(pair.row(("theme", "land")).eligible for pair in found.pairs)
    assert within_language(found, "en").pairs[2].row(("theme", "land")).verdict == "more in left"
