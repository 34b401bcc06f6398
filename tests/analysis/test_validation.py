"""Tables of scores from outcomes made by hand, against values computed here or published."""

from __future__ import annotations

import hashlib
import importlib.util
import math
import re
import shutil
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from copies import ROOT
from kinds import MakeProject
from scipy.stats import binomtest, spearmanr

from policybook.analysis.agreement import OUTCOME_COLUMNS, SENTENCE_COLUMNS, Outcomes, score_outcomes
from policybook.analysis.validation import (
    FIELDS,
    AlignedTexts,
    Coded,
    Official,
    Segment,
    agreement_table,
    aligned_file,
    code_clauses,
    code_sentence,
    comparable_concepts,
    confusion_table,
    correlate,
    count_concepts,
    count_gold,
    digest,
    found_file_of,
    likeness_table,
    load_aligned,
    load_clauses,
    load_hand_coded,
    load_official,
    mean_overlap,
    official_file,
    pair_table,
    read_hits,
    save_aligned,
    save_clauses,
    save_found,
    score_certain,
    score_clauses,
    score_kinds,
    score_official,
    score_presence,
    score_table,
)
from policybook.coding import rules
from policybook.coding.code import Coding
from policybook.coding.described import read_metadata
from policybook.coding.gold import load_gold
from policybook.coding.rules import find_rules
from policybook.coding.scheme import Scheme
from policybook.corpus.corpus import Corpus
from policybook.corpus.scope import Vocabulary
from policybook.errors import InvalidDataError
from policybook.project import Project


def segments(*sides: tuple[str, str], times: int = 1) -> tuple[Segment, ...]:
    return tuple(
        Segment(2008 + n, n + 1, frozenset(zh.split()), frozenset(en.split()))
        for n, (zh, en) in enumerate(sides * times)
    )


def texts(*sides: tuple[str, str], times: int = 1) -> AlignedTexts:
    return AlignedTexts(segments(*sides, times=times), 1000, "a" * 64, "b" * 64, Path("concepts.yml"))


def test_concepts_are_counted_by_segment_in_each_language_and_both() -> None:
    table = count_concepts(segments(("a b", "a"), ("a", "b"), ("", "c")))
    assert table.to_dict("index") == {
        "a": {"zh": 2, "en": 1, "both": 1},
        "b": {"zh": 1, "en": 1, "both": 0},
        "c": {"zh": 0, "en": 1, "both": 0},
    }


def test_the_correlation_is_scipys_over_concepts_found_five_times() -> None:
    often = segments(("a b", "a c"), ("a", "a b"), ("b c", "c"), ("d", "a"), times=5)
    rare = segments(("x", ""), ("", "y"), times=2)
    expected = spearmanr([10, 10, 5, 5], [15, 5, 10, 0]).statistic
    assert correlate([*often, *rare]) == pytest.approx(expected)
    assert math.isnan(correlate(rare))


def test_the_mean_overlap_is_over_segments_with_a_concept() -> None:
    assert mean_overlap(segments(("a b", "a"), ("a", "a"), ("a", "b"))) == pytest.approx((0.5 + 1 + 0) / 3)
    assert math.isnan(mean_overlap([]))


def test_intervals_hold_the_estimate_and_are_the_same_each_time() -> None:
    first, second = (texts(("a b", "a"), ("a", "a"), ("b", "b c"), ("c", "c"), times=30) for _ in range(2))
    for estimate in (first.mean_jaccard, first.spearman):
        assert estimate.low <= estimate.value <= estimate.high
    assert first.mean_jaccard == second.mean_jaccard
    # the standard error of a mean of 120 values, half of them 1 and half .5
    assert first.mean_jaccard.high - first.mean_jaccard.low == pytest.approx(2 * 1.96 * 0.25 / math.sqrt(120), rel=0.15)


def test_a_concept_is_comparable_when_both_languages_find_it_equally_often() -> None:
    ten = [("even", "even")] * 10 + [("more", "more")] * 8 + [("more", "")] * 2 + [("few", "few")] * 9
    assert texts(*ten).comparable == {"even", "more"}  # 10 : 8 is the factor that is allowed
    assert texts(*ten, ("more", "")).comparable == {"even"}


def test_aligned_texts_as_tables(scheme: Scheme) -> None:
    one, other, excluded = (c.id for c in [*[c for c in scheme.concepts if scheme.counted(c.id)][:2],
                                           next(c for c in scheme.concepts if not scheme.counted(c.id))])  # fmt: skip
    made = texts(*[(f"{one} {excluded}", f"{one} {excluded}")] * 10, *[(other, "")] * 9, ("gone", "gone"))
    table = comparable_concepts(made, scheme).set_index("concept")
    assert table["enters"].to_dict() == {one: "yes", excluded: "excluded", other: "no"}
    assert table.loc[one, ["term_zh", "zh", "en", "both"]].tolist() == [scheme.by_id[one].term_zh, 10, 10, 10]
    assert table.loc[one, "ratio"] == 1 and math.isnan(table.loc[other, "ratio"])
    alike = likeness_table(made).set_index("measure")
    assert alike["over"].to_dict() == {"spearman": 3, "jaccard": 20}
    assert alike.loc["jaccard", ["value", "value_low", "value_high"]].tolist() == list(made.mean_jaccard)
    assert likeness_table(None).empty and comparable_concepts(None, scheme).empty


def test_the_file_can_be_written_and_read(make_project: MakeProject) -> None:
    project = make_project()
    made = replace(texts(("b a", "a"), ("", "c")), lexicon_sha256=digest(project.lexicon / "concepts.yml"))
    save_aligned(aligned_file(project), made)
    read = load_aligned(project)
    assert read is not None
    assert (read.segments, read.total, read.input_sha256) == (made.segments, 1000, "a" * 64)
    assert not read.stale
    with (project.lexicon / "concepts.yml").open("a", encoding="utf-8") as file:
        file.write("# a change\n")
    changed = load_aligned(project)
    assert changed is not None and changed.stale


def test_without_the_file_there_is_nothing(make_project: MakeProject) -> None:
    project = make_project()
    aligned_file(project).unlink()
    assert load_aligned(project) is None


def test_every_mistake_is_named(make_project: MakeProject) -> None:
    project = make_project()
    aligned_file(project).write_text(
        "# input sha256: abc\n# segments: many\nyear,segment,zh,en\n2008,1,a,b\n2008,x,a,b\n2008,3,,\n",
        encoding="utf-8",
    )
    with pytest.raises(InvalidDataError) as caught:
        load_aligned(project)
    remedy = "Write the file anew with benchmarks/parallel.py --write."
    assert [str(problem) for problem in caught.value.problems] == [
        f"data/gold/parallel.csv:1: 'many' is no number of segments. {remedy}",
        f"data/gold/parallel.csv:1: no line '# lexicon sha256: …' stands at its head. {remedy}",
        f"data/gold/parallel.csv:5: segment: 'x' is no whole number. {remedy}",
        f"data/gold/parallel.csv:6: no concept stands on either side. {remedy}",
    ]


def test_the_columns_must_be_there(make_project: MakeProject) -> None:
    project = make_project()
    shutil.copy(project.facts / "events.csv", aligned_file(project))
    with pytest.raises(InvalidDataError, match=r"no column year, segment, zh, en\."):
        load_aligned(project)


def test_the_real_texts_are_coded_alike_with_the_scheme_as_it_stands(project: Project) -> None:
    aligned = load_aligned(project)
    assert aligned is not None
    assert not aligned.stale, "run benchmarks/parallel.py --write with the texts at hand"
    assert aligned.spearman.value >= 0.9
    assert aligned.mean_jaccard.low >= 0.7
    assert len(aligned.segments) < aligned.total
    assert len(aligned.comparable) >= 8


# Codes of official sentences: scored from two files without a word of the texts --------------------


GOLD = (
    Coded("a:p01.1", ("县域", "户籍 / 户口"), ("percent", "percent", "year"), ("supply", "supply", "demand")),
    Coded("a:p01.2", (), (), ()),
    Coded("a:p02.1", (), ("count",), ("none",)),
)
FOUND = (
    Coded("a:p01.1", ("县域", "县城"), ("percent", "year", "year"), ("supply", "demand")),
    Coded("a:p01.2", (), (), ("supply",)),
    Coded("a:p02.1", (), ("count",), ("none", "none")),
)
RECORD = {"texts_sha256": "ab" * 32, "made_by": "policybook 0"}


def write(project: Project, gold: tuple[Coded, ...] = GOLD, found: tuple[Coded, ...] = FOUND) -> None:
    """Write both files as they would stand in a project."""
    save_found(official_file(project), gold, rules_sha256="", **RECORD)
    save_found(found_file_of(project), found, rules_sha256=find_rules(project).sha256, **RECORD)


def test_codes_are_scored_as_bags(make_project: MakeProject) -> None:
    project = make_project()
    write(project)
    table = score_official(load_official(project)).set_index("what")
    assert {what: tuple(row) for what, row in table[["gold", "found", "hits"]].iterrows()} == {
        "concepts": (2, 2, 1),
        "quantities": (4, 4, 3),
        "directives": (4, 5, 3),
        "directive_sentences": (2, 3, 2),
        "instruments": (4, 5, 3),
    }
    assert table.loc["directives", "f1"] == pytest.approx(2 * 3 / 9)
    assert score_official(None).columns.tolist() == [table.index.name, *table.columns]


def test_a_term_with_spaces_survives_the_file(make_project: MakeProject) -> None:
    project = make_project()
    write(project)
    assert load_hand_coded(project) == GOLD
    official = load_official(project)
    assert official is not None
    assert (official.found, official.texts_sha256, official.stale) == (FOUND, "ab" * 32, False)


def is_stale(project: Project) -> bool:
    official = load_official(project)
    assert official is not None
    return official.stale


def test_a_changed_scheme_makes_what_was_found_stale_and_a_comment_does_not(make_project: MakeProject) -> None:
    project = make_project()
    write(project)
    path = project.lexicon / "places.yml"
    path.write_text(f"# one more line\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    assert not is_stale(project)
    path.write_text(path.read_text(encoding="utf-8").replace("我省", "我们省"), encoding="utf-8")
    assert is_stale(project)


def test_changed_rules_make_what_was_found_stale(make_project: MakeProject, monkeypatch: pytest.MonkeyPatch) -> None:
    project = make_project()
    write(project)
    monkeypatch.setattr(rules, "RULES", {**rules.RULES, "directives": {"zh": 99, "en": 99}})
    assert is_stale(project)


@pytest.mark.parametrize("missing", ["official.csv", "official_found.csv"])
def test_without_one_of_the_files_there_is_nothing(missing: str, make_project: MakeProject) -> None:
    project = make_project()
    write(project)
    (project.data / "gold" / missing).unlink()
    assert load_official(project) is None


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("official.csv", "县域", "县域域", "Did you mean '县域'"),
        ("official.csv", "percent|", "percentage|", "Did you mean 'percent'"),
        ("official.csv", "none", "noone", "official.csv:4: instruments: 'noone' is no code"),
        ("official.csv", "a:p01.2", "a:p01.1", "'a:p01.1' is given twice"),
        ("official.csv", "sentence,", "sentences,", "no column sentence"),
        ("official_found.head.txt", "# rules", "# roules", "no line '# rules sha256: …'"),
        ("official_found.csv", "a:p02.1", "a:p03.1", "its sentences are not those of data/gold/official.csv"),
    ],
)
def test_a_mistake_is_named(name: str, old: str, new: str, message: str, make_project: MakeProject) -> None:
    project = make_project()
    write(project)
    path = project.data / "gold" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InvalidDataError) as caught:
        load_official(project)
    assert message in str(caught.value)
    assert f"data/gold/{name.removesuffix('.head.txt').removesuffix('.csv')}.csv" in str(caught.value)


def test_a_sentence_is_coded_by_kinds_alone(coding: Coding) -> None:
    text = "到2025年，要推进县域经济发展，县域常住人口城镇化率达到60%左右。"
    coded = code_sentence("x:p01.1", text, "zh", coding)
    assert coded.sentence == "x:p01.1"
    assert len(coded.concepts) == len(set(coded.concepts)) > 0
    assert "percent" in coded.quantities
    assert coded.instruments


def test_the_official_sentences_of_this_project_were_drawn_as_they_say(project: Project) -> None:
    official = load_official(project)
    assert official is not None
    assert len(official.gold) == 150
    assert official.coder and official.sample
    text = found_file_of(project).read_text(encoding="utf-8")
    assert len(official.texts_sha256) == len(hashlib.sha256().hexdigest())
    codes = {code for one in official.found for field in FIELDS[1:] for code in getattr(one, field)}
    rows = [line for line in text.splitlines() if not line.startswith("#")][1:]
    left = [cell for row in rows for part in row.split(",")[1:] for cell in part.split("|")]
    assert {cell.strip('"') for cell in left if cell} <= codes, "nothing but codes stands in the file"


CLAUSE_GOLD = {"a:p01.1": {0: "market", 2: "services"}, "a:p01.2": {}, "b:p01.1": {0: "goals", 1: "regulation"}}
CLAUSE_FOUND = {"a:p01.1": {0: "market", 2: "people"}, "a:p01.2": {0: "none"}, "b:p01.1": {1: "market"}}


def write_clauses(project: Project) -> None:
    rows = "".join(f"{one},{'tuning' if one[0] == 'b' else 'test'},{'|'.join(f'{n} {s}' for n, s in of.items())}\n"
                   for one, of in CLAUSE_GOLD.items())  # fmt: skip
    (project.data / "gold" / "clauses.csv").write_text(f"sentence,part,directives\n{rows}", encoding="utf-8")
    head = {**RECORD, "rules_sha256": find_rules(project).sha256}
    save_clauses(project.data / "gold" / "clauses_found.csv", CLAUSE_FOUND, **head)


def test_clauses_are_scored_by_part_with_intervals_by_sentence(make_project: MakeProject) -> None:
    project = make_project()
    assert score_clauses(None).empty
    write_clauses(project)
    clauses = load_clauses(project)
    assert clauses is not None and not clauses.stale
    assert clauses.sentences == tuple((CLAUSE_GOLD[one], CLAUSE_FOUND[one]) for one in CLAUSE_GOLD)
    table = score_clauses(clauses).set_index(["part", "what"])
    assert table.loc[("test", "directives"), "value"] == pytest.approx(2 * 2 / (2 + 3))
    assert table.loc[("test", "instruments"), "value"] == 1  # market, and services or people: both are supply
    assert table.loc[("test", "subtypes"), "value"] == pytest.approx((1 / 2 - 1 / 4) / (1 - 1 / 4))
    assert table.loc[("tuning", "directives"), "compared"] == 1
    assert (table["value_low"].dropna() <= table["value_high"].dropna()).all()


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("clauses.csv", "0 market", "0 markets", "'0 markets' is no directive"),
        ("clauses.csv", "tuning", "tuned", "tuned"),
        ("clauses_found.csv", "a:p01.2", "c:p01.2", "its sentences are not those of data/gold/clauses.csv"),
    ],
)
def test_a_mistake_in_clauses_is_named(name: str, old: str, new: str, message: str, make_project: MakeProject) -> None:
    project = make_project()
    write_clauses(project)
    path = project.data / "gold" / name
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(InvalidDataError, match=re.escape(message)):
        load_clauses(project)


def test_a_clause_is_coded_by_its_number(coding: Coding) -> None:
    text = "近年来，城市更大了。要编制规划，开工建设学校。"
    assert code_clauses(text, "zh", coding) == {2: "goals", 3: "infrastructure"}


def test_missing_files_are_no_error(tmp_path: Path) -> None:
    assert load_official(Project(tmp_path)) is None


def test_scores_need_every_sentence_of_both(project: Project) -> None:
    official = load_official(project)
    assert isinstance(official, Official)
    assert [one.sentence for one in official.found] == [one.sentence for one in official.gold]


SENTENCES = [
    ("zh1", "zh", "written", "test", "en1", "…"),
    ("en1", "en", "written", "test", "zh1", "…"),
    ("zh2", "zh", "written", "test", "en2", "…"),
    ("en2", "en", "written", "test", "zh2", "…"),
    ("zh3", "zh", "received", "test", None, "…"),
    ("zh4", "zh", "received", "tuning", None, "…"),
]


def outcomes(*rows: dict[str, object]) -> Outcomes:
    """Return outcomes of SENTENCES; of each row what is not given is that of a hit without anything special."""
    sentences = pd.DataFrame(SENTENCES, columns=list(SENTENCE_COLUMNS), dtype=object)
    by_id = sentences.set_index("sentence")[["language", "source", "part"]].to_dict("index")
    usual: dict[str, object] = dict.fromkeys(OUTCOME_COLUMNS, "")
    usual |= {"outcome": "hit", "gold_start": 0, "found_start": 0, "ambiguous": False}
    made = [usual | by_id[str(row["sentence"])] | row for row in rows]
    return Outcomes(sentences, pd.DataFrame(made, columns=list(OUTCOME_COLUMNS), dtype=object), 0)


def codes(what: str, sentence: str, **numbers: int) -> list[dict[str, object]]:
    return [
        {"what": what, "sentence": sentence, "outcome": outcome} for outcome, n in numbers.items() for _ in range(n)
    ]


def test_scores_count_a_difference_on_both_sides() -> None:
    table = score_table(
        outcomes(*codes("quantity", "zh3", hit=8, missed=1, extra=2, differs=1)), part="test"
    )  # fmt: skip
    row = table.query("what == 'quantity' and language == 'zh' and source == 'received'").iloc[0]
    assert (row["sentences"], row["gold"], row["found"], row["hits"]) == (1, 10, 11, 8)
    assert (row["precision"], row["recall"]) == (pytest.approx(8 / 11), pytest.approx(8 / 10))
    assert row["f1"] == pytest.approx(2 * 8 / (10 + 11))
    exact = binomtest(8, 10).proportion_ci(method="wilson")
    assert (row["recall_low"], row["recall_high"]) == (pytest.approx(exact.low), pytest.approx(exact.high))


def test_every_group_has_a_row_also_when_nothing_was_coded_in_it() -> None:
    table = score_table(outcomes(*codes("actor", "zh3", hit=1)), part="test")
    assert len(table) == 4 * (3 + 2)  # what × (languages and sources of the test part, and the languages)
    empty = table.query("what == 'directive'").iloc[0]
    assert (empty["gold"], empty["found"]) == (0, 0)
    assert math.isnan(empty["f1"])


def test_parts_are_never_mixed() -> None:
    made = outcomes(*codes("actor", "zh3", hit=2), *codes("actor", "zh4", missed=5))
    actors = "what == 'actor' and language == 'zh' and source == 'all'"
    assert score_table(made, part="test").query(actors)["gold"].tolist() == [2]
    assert score_table(made, part="tuning").query(actors)["gold"].tolist() == [5]


def test_both_sources_together_have_the_codes_of_each() -> None:
    made = outcomes(*codes("actor", "zh3", hit=2), *codes("actor", "zh1", hit=1, extra=4))
    table = score_table(made, part="test").query("what == 'actor' and language == 'zh'").set_index("source")
    assert table["found"].to_dict() == {"received": 2, "written": 5, "all": 7}
    assert table["sentences"].to_dict() == {"received": 1, "written": 2, "all": 3}


def test_what_was_coded_by_hand_is_counted_without_what_was_found_only() -> None:
    made = outcomes(*codes("actor", "zh3", hit=2, extra=3), *codes("concept", "zh3", missed=1))
    table = count_gold(made).set_index(["language", "source", "part"])
    assert table.loc[("zh", "received", "test")].to_dict() == {
        "sentences": 1, "concepts": 1, "quantities": 0, "actors": 2, "directives": 0,
    }  # fmt: skip
    assert table.index.tolist()[:2] == [("zh", "received", "test"), ("zh", "received", "tuning")]
    assert table["sentences"].sum() == len(SENTENCES)


def test_ambiguous_mentions_are_taken_for_not_found() -> None:
    rows = [
        {"what": "concept", "sentence": "en1", "gold": "a", "found": "a"},
        {"what": "concept", "sentence": "en1", "gold": "b", "found": "b", "ambiguous": True},
        {"what": "concept", "sentence": "en1", "outcome": "extra", "found": "c", "ambiguous": True},
        {"what": "concept", "sentence": "en1", "outcome": "extra", "found": "d"},
    ]
    row = score_certain(outcomes(*rows), part="test").set_index("language").loc["en"]
    assert (row["gold"], row["found"], row["hits"]) == (2, 2, 1)


def test_presence_asks_only_whether_there_is_one() -> None:
    made = outcomes(
        *codes("directive", "zh1", hit=1, missed=3),
        *codes("directive", "zh2", missed=1),
        *codes("directive", "zh3", extra=2),
    )
    row = score_presence(made, "directive", part="test").set_index("language").loc["zh"]
    assert (row["sentences"], row["gold"], row["found"], row["hits"]) == (3, 2, 2, 1)


def test_kinds_are_scored_apart() -> None:
    rows = [
        {"what": "quantity", "sentence": "zh3", "kind": "percent"},
        {"what": "quantity", "sentence": "zh3", "kind": "money", "outcome": "missed"},
    ]
    table = score_kinds(outcomes(*rows), part="test").set_index("kind")
    assert table["recall"].to_dict() == {"percent": 1.0, "money": 0.0}
    assert table.index.tolist() == ["percent", "money"], "kinds stand in the order of KINDS"


def directive(gold: str, found: str, outcome: str = "hit", sentence: str = "zh1") -> dict[str, object]:
    instruments = {"gold_instrument": gold, "found_instrument": found, "gold": "requirement", "found": "requirement"}
    return {"what": "directive", "sentence": sentence, "outcome": outcome, **instruments}


#: The well-known 2 × 2 table with κ = 0.4 (20, 5; 10, 15).
FIFTY = [("supply", "supply")] * 20 + [("supply", "demand")] * 5 + [("demand", "supply")] * 10
FIFTY += [("demand", "demand")] * 15


def test_kappa_is_that_of_the_matched_directives() -> None:
    made = outcomes(*(directive(*pair) for pair in FIFTY), directive("supply", "", "missed"))
    table = agreement_table(made, part="test").set_index(["of", "language"])
    row = table.loc[("instrument", "all")]
    assert row["directives"] == 50
    assert row["agreed"] == pytest.approx(0.7)
    assert row["kappa"] == pytest.approx(0.4)
    assert row["kappa_low"] < 0.4 < row["kappa_high"]
    assert math.isnan(table.loc[("strength", "all"), "kappa"]), "all have one label"
    assert table.loc[("instrument", "en"), "directives"] == 0


def test_the_confusion_table_has_every_instrument_and_the_hand_in_its_rows() -> None:
    table = confusion_table(outcomes(*(directive(*pair) for pair in FIFTY)), part="test")
    assert table.index.tolist() == table.columns.tolist() == ["supply", "environment", "demand", "none"]
    assert (table.loc["supply", "demand"], table.loc["demand", "supply"]) == (5, 10)
    assert table.to_numpy().sum() == 50


def concept(sentence: str, gold: str, found: str) -> dict[str, object]:
    outcome = "hit" if gold and found else "missed" if gold else "extra"
    return {"what": "concept", "sentence": sentence, "gold": gold, "found": found, "outcome": outcome}


def test_pairs_are_as_alike_as_their_concepts() -> None:
    rows = [
        concept("zh1", "a", "a"), concept("zh1", "b", "b"), concept("en1", "a", "a"), concept("en1", "b", ""),
        concept("zh2", "", "c"), concept("en2", "", "c"),
    ]  # fmt: skip
    table = pair_table(outcomes(*rows), part="test").set_index("by")
    assert table.loc["found", ["pairs", "mean"]].tolist() == [2, pytest.approx(0.75)]
    assert table.loc["gold", ["pairs", "mean"]].tolist() == [1, pytest.approx(1.0)]
    assert 0.5 <= table.loc["found", "mean_low"] <= 0.75 <= table.loc["found", "mean_high"] <= 1
    pd.testing.assert_frame_equal(table, pair_table(outcomes(*rows), part="test").set_index("by"))


def test_without_pairs_the_mean_is_not_defined() -> None:
    table = pair_table(outcomes(*codes("actor", "zh4", hit=1)), part="tuning")
    assert table["pairs"].tolist() == [0, 0]
    assert table["mean"].isna().all()


@pytest.fixture(scope="module")
def real(project: Project, corpus: Corpus, coding: Coding) -> Outcomes:
    return score_outcomes(load_gold(project), corpus, coding)


def test_every_code_of_the_gold_has_one_outcome(real: Outcomes, project: Project) -> None:
    gold = load_gold(project)
    counted = real.rows[real.rows["outcome"] != "extra"]["what"].value_counts()
    assert counted["directive"] == len(gold.directives)
    assert counted["quantity"] == len(gold.quantities)
    assert counted["actor"] == len(gold.actors)
    assert counted["concept"] == len(gold.concepts.drop_duplicates(["sentence", "term_zh"]))
    assert real.absent == 0
    assert (real.rows.loc[real.rows["outcome"] != "extra", "gold_start"] >= 0).all()


def test_offsets_are_those_of_the_words(real: Outcomes) -> None:
    texts = real.sentences.set_index("sentence")["text"]
    for side in ("gold", "found"):
        for row in real.rows[real.rows[f"{side}_text"] != ""].to_dict("records"):
            start, words = row[f"{side}_start"], row[f"{side}_text"]
            assert texts[row["sentence"]][start : start + len(words)] == words


# benchmarks/official_gold.py on texts of our own ---------------------------------------------------


TEXT = "一、工作安排\n要推进户籍制度改革，城镇化率提高到58%。要建设20所学校。\n"
METADATA = "file,title,place,year,era\nqinghe-2019.txt,青河省2019年政府工作报告,yunnan,2019,2014-2020\n"


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("official_gold", ROOT / "benchmarks" / "official_gold.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def validation_texts(tmp_path: Path) -> tuple[Path, Path]:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "qinghe-2019.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "metadata.csv").write_text(METADATA, encoding="utf-8")
    return folder, tmp_path / "metadata.csv"


def test_what_is_found_is_written_as_codes(
    benchmark: ModuleType, validation_texts: tuple[Path, Path], make_project: MakeProject, vocabulary: Vocabulary
) -> None:
    project = make_project()
    gold = [Coded("qinghe-2019:p02.1", ("户籍制度改革", "城镇化率"), ("percent",), ("environment", "environment"))]
    save_found(official_file(project), gold, texts_sha256="", rules_sha256="", made_by="")
    documents = read_metadata(*validation_texts, vocabulary)
    benchmark.write_found(project, documents)
    before = found_file_of(project).read_bytes()
    official = load_official(project)
    assert official is not None
    assert official.found[0].quantities == ("percent",)
    assert "户籍制度改革" in official.found[0].concepts
    assert "学校" not in before.decode("utf-8")
    benchmark.write_found(project, documents)
    assert found_file_of(project).read_bytes() == before


def test_a_sentence_that_the_texts_do_not_have_is_named(
    benchmark: ModuleType, validation_texts: tuple[Path, Path], make_project: MakeProject, vocabulary: Vocabulary
) -> None:
    project = make_project()
    gold = [Coded("qinghe-2019:p09.1", (), (), ())]
    save_found(official_file(project), gold, texts_sha256="", rules_sha256="", made_by="")
    with pytest.raises(InvalidDataError, match=r"data/gold/official.csv: sentence: no 'qinghe-2019:p09.1'"):
        benchmark.write_found(project, read_metadata(*validation_texts, vocabulary))


def test_hits_that_were_read_have_a_share_with_its_interval(make_project: MakeProject) -> None:
    """Wilson's interval of 38 in 40."""
    project = make_project()
    path = project.data / "gold" / "precision.csv"
    path.unlink()
    assert read_hits(project).empty
    heading = "concept,language,corpus,seed,hits,read,right,false_form,date,reader\n"
    path.write_text(f"{heading}county,zh,reports,1,50,40,38,,,\n", encoding="utf-8")
    row = read_hits(project).iloc[0]
    assert row["precision"] == 0.95
    assert (row["precision_low"], row["precision_high"]) == pytest.approx((0.8350, 0.9862), abs=1e-4)
    path.write_text(f"{heading}county,zh,reports,1,50,40,41,,,\ncountry,zh,reports,1,5,4,3,,,\n", encoding="utf-8")
    with pytest.raises(InvalidDataError, match=r"precision\.csv:3: concept: "):
        read_hits(project)
    path.write_text(f"{heading}county,zh,reports,1,50,40,41,,,\n", encoding="utf-8")
    with pytest.raises(InvalidDataError, match=r"precision\.csv:2: read"):
        read_hits(project)
