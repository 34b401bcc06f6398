from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
import pytest
from kinds import CorpusOf, MakeProject

from policybook.analysis import thresholds
from policybook.analysis.comparisons import (
    Comparison,
    ComparisonEntry,
    compare_sides,
    find_confounds,
    find_copies,
    load_comparisons,
    made_groups,
    narrow_to_own_text,
    plan_basis,
    plans_at_hand,
    rests_on,
    wanted_texts,
)
from policybook.analysis.counts import BlockCounts, Finding, block_counts, design_effect
from policybook.coding.code import Coding, code_corpus
from policybook.coding.concepts import ConceptFinder, code_concepts
from policybook.coding.scheme import Scheme
from policybook.corpus.build import make_corpus
from policybook.corpus.corpus import Corpus, Selection
from policybook.corpus.manifest import DocumentEntry, load_manifest, load_recommended
from policybook.corpus.scope import Vocabulary
from policybook.errors import InvalidDataError, SelectionError
from policybook.project import Project


@pytest.fixture(scope="module")
def comparisons(project: Project, coded: Corpus, counts: BlockCounts, effect: float) -> Mapping[str, Comparison]:
    entries = load_comparisons(project, coded.known)
    return {entry.id: compare_sides(coded, counts, effect, entry) for entry in entries}


def sizes(comparison: Comparison) -> list[int]:
    return [len(side.corpus.passages) for side in comparison.sides]


def test_the_sides_are_as_large_as_a_person_counted(
    comparisons: Mapping[str, Comparison], reference: pd.DataFrame
) -> None:
    """Counted in the hand reading, without the corpus room."""
    hand = reference[reference["is_boilerplate"] == "no"]
    places = hand["places"].str.split()
    liaoning_speaks = hand["document"] == "mysheen-2024-liaoning-income-gap"
    of_fujian, of_the_nation = (
        places.map(lambda named, place=place: place in named) for place in ("fujian", "national")
    )
    assert {id: sizes(comparison) for id, comparison in comparisons.items()} == {
        "plans-2014-2024": [int((hand["plan"] == plan).sum()) for plan in ("nnup-2014", "action-2024")],
        "eras": [int((hand["era"] == era).sum()) for era in ("2014-2020", "2021-2024", "2024-")],
        "national-liaoning": [int((~liaoning_speaks).sum()), int(liaoning_speaks.sum())],
        "national-fujian": [int((of_the_nation & ~liaoning_speaks).sum()), int(of_fujian.sum())],
        "liaoning-fujian": [int(liaoning_speaks.sum()), int(of_fujian.sum())],
    }
    assert sizes(comparisons["plans-2014-2024"]) == [2, 34]


def test_sides_too_small_for_a_chart_are_named_with_the_reason(comparisons: Mapping[str, Comparison]) -> None:
    lacking = {id: [(one.code, *one.values.values()) for one in c.too_small] for id, c in comparisons.items()}
    assert lacking == {
        "plans-2014-2024": [("too_few_blocks", "about the 2014 plan", 2, thresholds.MIN_BLOCKS)],
        "eras": [],
        "national-liaoning": [],
        "national-fujian": [("too_few_blocks", "passages about Fujian", 1, thresholds.MIN_BLOCKS)],
        "liaoning-fujian": [("too_few_blocks", "passages about Fujian", 1, thresholds.MIN_BLOCKS)],
    }


def test_enough_blocks_with_too_few_mentions_are_too_small(
    comparisons: Mapping[str, Comparison], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thresholds, "MIN_MENTIONS", 10_000)
    found = [(one.code, one.values["needed"]) for one in comparisons["eras"].too_small]
    assert found == [("too_few_mentions", 10_000)] * 3


def test_every_side_counts_its_own_blocks(comparisons: Mapping[str, Comparison]) -> None:
    for comparison in comparisons.values():
        for side in comparison.sides:
            blocks = len(side.corpus.blocks)
            for rows in (side.themes, side.concepts):
                assert (rows["blocks"] <= blocks).all()
                assert (rows["share"] * blocks).round(6).equals(rows["blocks"].astype(float))
                assert ((rows["low"] <= rows["share"]) & (rows["share"] <= rows["high"])).all()
            assert side.themes["mentions"].sum() == side.concepts["mentions"].sum() == side.counted_mentions


def test_the_design_effect_is_that_of_the_whole_corpus(comparisons: Mapping[str, Comparison]) -> None:
    assert len({comparison.effect for comparison in comparisons.values()}) == 1


def entry(left: Mapping[str, object], right: Mapping[str, object]) -> ComparisonEntry:
    sides = {side: {"label": side, "select": select} for side, select in (("left", left), ("right", right))}
    return ComparisonEntry.model_validate({"id": "x", "title": "X", "question": "?", **sides})


def test_passages_on_both_sides_are_counted_and_told(coded: Corpus, counts: BlockCounts) -> None:
    comparison = compare_sides(coded, counts, 1.5, entry({"places": "national"}, {"speaker": "liaoning"}))
    both = [p for p in coded.select(speaker="liaoning").passages["places"] if "national" in p]
    assert comparison.shared_passages == len(both) == 3


def test_a_side_that_nothing_fits_is_empty_and_too_small(coded: Corpus, counts: BlockCounts) -> None:
    comparison = compare_sides(coded, counts, 1.5, entry({"places": "tibet"}, {"places": "tibet"}))
    assert sizes(comparison) == [0, 0]
    found = [(one.code, one.values["side"], one.values["have"]) for one in comparison.too_small]
    assert found == [("too_few_blocks", "left", 0), ("too_few_blocks", "right", 0)]
    assert comparison.shared_passages == 0


def test_a_corpus_of_one_document_can_be_compared(corpus_of: CorpusOf, scheme: Scheme, finder: ConceptFinder) -> None:
    corpus = code_concepts(
        corpus_of({"only": "Rural revitalization leads.\nFujian builds county towns."}), scheme, finder
    )
    counts = block_counts(corpus, scheme)
    two = entry({"places": "national"}, {"places": "fujian"})
    comparison = compare_sides(corpus, counts, design_effect(counts), two)
    assert sizes(comparison) == [1, 1]
    assert comparison.effect >= 1.0


def test_more_periods_than_a_figure_can_tell_apart_are_refused(make_project: MakeProject, coded: Corpus) -> None:
    project = make_project()
    period = "      - {label: one, select: {era: 2024-}}\n"
    project.comparisons_file.write_text(
        "comparisons:\n  - id: a\n    title: A\n    question: What?\n    periods:\n" + 9 * period, encoding="utf-8"
    )
    with pytest.raises(InvalidDataError, match=r":5: comparisons\[1\]\.periods: the list is too long\. .*at most 8"):
        load_comparisons(project, coded.known)


def test_every_mistake_is_reported_at_once_by_line_and_with_a_fix(make_project: MakeProject, coded: Corpus) -> None:
    project = make_project()
    project.comparisons_file.write_text(
        "comparisons:\n"
        "  - id: a\n"
        "    title: A\n"
        "    question: What?\n"
        "    left: {label: l, select: {plam: none}}\n"
        "    right:\n"
        "      label: r\n"
        "      select:\n"
        "        places: [fujian, fujien]\n"
        "        era: 2024\n"
        "        plan:\n"
        "  - id: a\n"
        "    title: B\n"
        "    question: Which?\n"
        "    left: {label: l, select: {plan: none}}\n"
        "  - id: C 1\n"
        "    title: C\n"
        "    periods:\n"
        "      - {label: one, select: {era: 2024-}}\n",
        encoding="utf-8",
    )
    with pytest.raises(InvalidDataError) as caught:
        load_comparisons(project, coded.known)
    found = [str(problem).removeprefix("data/comparisons.yml:") for problem in caught.value.problems]
    beginnings = [
        "5: comparisons[1].left.select.plam: a selection has no field 'plam'. Did you mean 'plan'?",
        "9: comparisons[1].right.select.places: unknown places 'fujien'. Did you mean 'fujian'?",
        "10: comparisons[1].right.select.era: unknown era 2024.",
        "11: comparisons[1].right.select.plan: unknown plan None.",
        "12: comparisons[2]: give either 'left' and 'right' or 'periods', 'groups' or 'each'. Keep one of these forms.",
        "12: comparisons[2].id: 'a' is used twice. Give each its own id.",
        "16: comparisons[3]: 'question' is missing. Add a line 'question: …'.",
        "16: comparisons[3].id: 'C 1' is no id. Use lower-case letters",
        "18: comparisons[3].periods: the list is empty or too short. List should have at least 2 items",
    ]
    assert len(found) == len(beginnings)
    for line, beginning in zip(found, beginnings, strict=True):
        assert line.startswith(beginning)


FindConfounds = Callable[..., list[Finding]]


@pytest.fixture
def confounds(coded: Corpus, counts: BlockCounts, effect: float) -> FindConfounds:
    """Return a function that names the confounds between two selections."""

    def find(left: dict[str, object], right: dict[str, object]) -> list[Finding]:
        sides = {side: {"label": side, "select": select} for side, select in (("left", left), ("right", right))}
        entry = ComparisonEntry.model_validate({"id": "x", "title": "X", "question": "?", **sides})
        return find_confounds(compare_sides(coded, counts, effect, entry))

    return find


def alone(found: list[Finding]) -> list[str]:
    return [one.values["side"] for one in found if one.code == "one_document"]


def mixed(found: list[Finding]) -> dict[str, list[list[str]]]:
    """Return what is mixed in: field → its values on the left and on the right."""
    return {
        one.values["field"]: [side["values"] for side in one.values["sides"]] for one in found if one.code == "mixed"
    }


def test_place_against_place_names_era_voice_and_the_single_document(confounds: FindConfounds) -> None:
    found = confounds({"speaker": "national"}, {"speaker": "liaoning"})
    assert alone(found) == ["right"]
    assert mixed(found)["era"][1] == ["2014-2020"]
    assert "voice" in mixed(found) and "speaker" not in mixed(found)


def test_plan_against_plan_names_language_translation_and_both_documents(confounds: FindConfounds) -> None:
    found = confounds({"plan": "nnup-2014"}, {"plan": "action-2024"})
    assert alone(found) == ["left", "right"]
    assert mixed(found)["language"] == [["zh"], ["en"]]
    assert mixed(found)["machine_translated"] == [["False"], ["True"]]


def test_what_a_comparison_asks_about_is_no_confound(confounds: FindConfounds) -> None:
    found = mixed(confounds({"era": "2014-2020"}, {"era": "2024-"}))
    assert "era" not in found
    assert found["speaker"] == [["liaoning"], ["national"]]


def test_sides_that_agree_have_no_confound_but_their_shared_passages(confounds: FindConfounds, coded: Corpus) -> None:
    english = len(coded.select(language="en").passages)
    found = confounds({"language": "en"}, {"machine_translated": True})
    assert found == [Finding("shared", {"passages": english})]


def test_an_empty_side_is_told(confounds: FindConfounds) -> None:
    found = confounds({"places": "tibet"}, {"places": "fujian"})
    assert [(one.code, one.values["side"]) for one in found] == [("empty_side", "left"), ("one_document", "right")]


# On what a side rests, and which sentences hold only while a plan's own text is missing ------------


SIDE = {"side": "the plan", "plan": "nnup-2014"}
NEWS = "报道\n《国家新型城镇化规划（2014－2020年）》提出推进户籍制度改革。会议强调推进城乡融合发展。\n"
PLAN = "规划\n推进户籍制度改革，建设县城。\n同“十四五”规划相衔接。\n"


@pytest.fixture(scope="module")
def corpora(project: Project, vocabulary: Vocabulary, coding: Coding) -> dict[str, Corpus]:
    """News about the 2014 plan alone, and with the plan itself."""
    shared = {"title": "T", "publisher": "P", "language": "zh", "speaker": "national", "rights": "full"}
    shared |= {"rights_note": "made for a test", "written": "2021"}
    news = DocumentEntry.model_validate(shared | {"id": "news", "file": "news.txt", "voice": "reported"})
    own = {"id": "own", "file": "own.txt", "voice": "official", "plan": "nnup-2014", "text_of": "nnup-2014"}
    plan = DocumentEntry.model_validate(shared | own)
    texts = {"without": [(news, NEWS.encode())], "with": [(news, NEWS.encode()), (plan, PLAN.encode())]}
    return {name: code_corpus(make_corpus(pairs, vocabulary, project), coding) for name, pairs in texts.items()}


def rests_on_entry(*, own_text: bool) -> ComparisonEntry:
    side = {"label": "the plan", "select": {"plan": "nnup-2014"}, "own_text": own_text}
    other = {"label": "all", "select": {"speaker": "national"}}
    return ComparisonEntry.model_validate({"id": "x", "title": "X", "question": "?", "left": side, "right": other})


def test_what_others_say_and_what_the_plan_says(corpora: dict[str, Corpus]):
    basis = plan_basis(corpora["without"], "nnup-2014")
    assert (basis.texts, basis.others, basis.is_own, basis.own_blocks) == ((), ("news",), False, 0)
    basis = plan_basis(corpora["with"], "nnup-2014")
    assert (basis.texts, basis.others, basis.is_own) == (("own",), ("news",), True)
    assert basis.passages == 4 and 0 < basis.own_blocks < basis.blocks
    assert plans_at_hand(corpora["without"]) == frozenset() and plans_at_hand(corpora["with"]) == {"nnup-2014"}
    with pytest.raises(SelectionError):
        plan_basis(corpora["with"], "nnup-2041")


def test_a_selection_is_narrowed_only_where_it_can_be(corpora: dict[str, Corpus]):
    selection = {"plan": "nnup-2014", "speaker": "national"}
    assert narrow_to_own_text(corpora["without"], selection) == selection
    assert narrow_to_own_text(corpora["with"], selection) == {**selection, "document": "own"}
    for other in ({"plan": ["nnup-2014", "fyp14"]}, {"plan": "nnup-2014", "document": "news"}, {"era": "2021-2024"}):
        assert narrow_to_own_text(corpora["with"], other) == other


@pytest.mark.parametrize(
    ("name", "own_text", "documents", "found"),
    [
        ("without", True, ["news"], Finding("others", SIDE | {"documents": 1, "passages": 1})),
        ("with", True, ["own"], Finding("own", SIDE | {"blocks": 1})),
        ("with", False, ["news", "own"], Finding("mixed", SIDE | {"own_blocks": 1, "blocks": 2})),
    ],
)
def test_a_side_says_what_it_rests_on(
    corpora: dict[str, Corpus], coding: Coding, name: str, own_text: bool, documents: list[str], found: Finding
):
    counts = block_counts(corpora[name], coding.scheme)
    result = compare_sides(corpora[name], counts, 1.5, rests_on_entry(own_text=own_text))
    assert sorted(result.sides[0].corpus.documents["document"]) == documents
    assert rests_on(result) == [found], "the other side is about no plan"


def test_what_stands_twice_counts_once(corpus_of: CorpusOf, coding: Coding) -> None:
    texts = {
        "first": "推进户籍制度改革，建设县城。加快农业转移人口市民化，提高城镇化质量。",
        "again": "转载。推进户籍制度改革，建设县城。加快农业转移人口市民化，提高城镇化质量。",
        "other": "发展县域经济，培育特色产业，保障粮食安全，改善人居环境和基础设施。",
    }
    corpus = code_corpus(corpus_of(texts, language="zh"), coding)
    counts = block_counts(corpus, coding.scheme)
    sides = {"left": ["first", "again"], "right": ["again", "other"]}
    entry = {name: {"label": name, "select": {"document": documents}} for name, documents in sides.items()}
    entry |= {"id": "x", "title": "X", "question": "?"}
    left, right = compare_sides(corpus, counts, 1.5, ComparisonEntry.model_validate(entry)).sides
    assert list(left.corpus.documents["document"]) == ["first"]
    assert list(right.corpus.documents["document"]) == ["again", "other"], "its first stands on the other side"
    assert [(name, near.document) for name, near in left.copies] == [("again", "first")]
    alone = counts.select(document="first").mentions.sum()
    assert counts.select(left.selection).mentions.sum() == alone > 0
    (found,) = find_copies(left.copies)
    assert (found.code, found.values["document"], found.values["of"]) == ("copy", "again", "first")
    assert found.values["share"] > 0.8


def test_a_limit_holds_when_and_unless() -> None:
    limits = [
        "always",
        {"text": "missing", "unless": {"text_of": "a"}},
        {"text": "one", "when": {"text_of": "a"}, "unless": {"text_of": "b"}},
        {"text": "both", "when": {"text_of": ["a", "b"]}},
    ]
    made = rests_on_entry(own_text=True).model_dump(exclude={"not_concluded", "periods"})
    one = ComparisonEntry.model_validate({**made, "not_concluded": limits})
    assert one.limits(()) == ["always", "missing"]
    assert one.limits({"a"}) == ["always", "one"]
    assert one.limits({"a", "b"}) == ["always", "both"]
    assert [str(limit) for limit in one.not_concluded] == ["always", "missing", "one", "both"]


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("unless: {text_of: nnup-2014}", "unless: {text_of: nnup-2041}", "Did you mean 'nnup-2014'?"),
        ("unless: {text_of: nnup-2014}", "unless: {text_of: none}", "unknown plan 'none'"),
        ("unless: {text_of: nnup-2014}", "unless: {text: nnup-2014}", "no such field"),
        ("      own_text: true", "      own_text: perhaps", "own_text"),
    ],
)
def test_a_condition_with_a_mistake_is_named(
    make_project: MakeProject, corpus: Corpus, right: str, wrong: str, message: str
):
    project = make_project()
    text = project.comparisons_file.read_text(encoding="utf-8")
    assert right in text
    project.comparisons_file.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    line = 1 + text.split(right)[0].count("\n")
    with pytest.raises(InvalidDataError) as caught:
        load_comparisons(project, corpus.known)
    assert any(str(p).startswith(f"data/comparisons.yml:{line}: ") and message in str(p) for p in caught.value.problems)


def test_the_text_of_an_unknown_plan_is_a_mistake(make_project: MakeProject, vocabulary: Vocabulary):
    project = make_project()
    text = project.corpus_file.read_text(encoding="utf-8")
    edited = text.replace("    plan: fyp14\n", "    plan: fyp14\n    text_of: fyp\n")
    project.corpus_file.write_text(edited, encoding="utf-8")
    with pytest.raises(InvalidDataError, match=r"unknown plan 'fyp'\. Did you mean 'fyp14'"):
        load_manifest(project, vocabulary)


def test_the_five_documents_are_no_plans(coded: Corpus, corpus_of: CorpusOf):
    assert plans_at_hand(coded) == frozenset()
    assert plan_basis(coded, "nnup-2014").texts == ()
    assert plans_at_hand(corpus_of({"one": PLAN}, language="zh", text_of="fyp14")) == {"fyp14"}


NATIONAL = ["nnup-2014", "implementation-2022", "action-2024"]


@pytest.mark.parametrize(
    ("selection", "ids"),
    [
        ({"plan": "nnup-2014"}, ["nnup-2014"]),
        ({"plan": "nnup-2014", "places": "national", "language": "zh"}, ["nnup-2014"]),
        ({"plan": "nnup-2014", "language": "en"}, []),
        ({"era": "2021-2024"}, ["implementation-2022"]),
        ({"era": ["2014-2020", "2024-"]}, ["nnup-2014", "action-2024"]),
        ({"speaker": "national"}, NATIONAL),
        ({"machine_translated": False, "voice": "official"}, NATIONAL),
        ({"speaker": "liaoning"}, []),
        ({"level": "county"}, []),
        ({"document": "nnup-2014"}, []),
    ],
)
def test_texts_fit_a_side_by_every_field(
    project: Project, vocabulary: Vocabulary, selection: Selection, ids: list[str]
) -> None:
    texts = [text for text in load_recommended(project, vocabulary) if text.group == "plans"]
    assert [text.id for text in wanted_texts(texts, selection, (), vocabulary)] == ids


def test_a_text_speaks_for_its_place(project: Project, vocabulary: Vocabulary) -> None:
    texts = load_recommended(project, vocabulary)
    found = wanted_texts(texts, {"places": "fujian"}, (), vocabulary)
    assert found
    assert all("fujian" in (text.speaker, *(text.places or ())) for text in found)
    assert {text.speaker for text in found} >= {"fujian"}


def test_what_is_there_is_not_wanted_again(project: Project, vocabulary: Vocabulary) -> None:
    texts = load_recommended(project, vocabulary)
    wanted = wanted_texts(texts, {"speaker": "national"}, {"nnup-2014"}, vocabulary)
    assert [text.id for text in wanted if text.group == "plans"] == NATIONAL[1:]


EACH = "comparisons:\n  - id: a\n    title: A\n    question: What?\n"


def grouped(project: Project, coded: Corpus, text: str) -> tuple[ComparisonEntry, ...]:
    project.comparisons_file.write_text(EACH + text, encoding="utf-8")
    return made_groups(project, load_comparisons(project, coded.known), coded, lambda _, value: str(value).upper())


def test_each_value_of_a_field_that_the_texts_have_is_a_group(make_project: MakeProject, coded: Corpus) -> None:
    project = make_project()
    (entry,) = grouped(project, coded, "    each: era\n    select: {language: en}\n")
    assert [(side.label, side.select) for side in entry.sides] == [
        (era.upper(), {"language": "en", "era": era}) for era in ("2014-2020", "2021-2024", "2024-")
    ]
    assert (entry.is_grouped, entry.pairs) == (True, [(0, 1), (0, 2), (1, 2)])
    assert entry.group_ids == ("2014-2020", "2021-2024", "2024")
    (entry,) = grouped(project, coded, "    each: document\n    against: rest\n")
    assert entry.pairs == [(n, -1) for n in range(5)] and entry.group_ids[0] == "web-2024-county-mobilization"
    (entry,) = grouped(project, coded, "    each: machine_translated\n")
    assert entry.group_ids == ("true", "false") and not entry.is_grouped


def test_groups_may_be_listed(make_project: MakeProject, coded: Corpus) -> None:
    sides = "".join(f"      - {{label: {one}, select: {{era: {era}}}}}\n"
                    for one, era in (("One", "2014-2020"), ("二", "2021-2024"), ("One!", "2024-")))  # fmt: skip
    (entry,) = grouped(make_project(), coded, f"    groups:\n{sides}")
    assert entry.group_ids == ("one", "group-2", "group-3")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("    each: era\n    select: {language: zh}\n", ":5: .*each: the texts have one value of 'era'"),
        ("    each: level\n    select: {document: web-2021-joint-conference, era: 2024-}\n", "no value of 'level'"),
        ("    each: speeker\n", r":5: comparisons\[1\]\.each: .*no field 'speeker'. Did you mean 'speaker'"),
        ("    each: era\n    select: {langage: zh}\n", "langage"),
        ("    each: era\n    periods: [{label: a, select: {era: 2024-}}, {label: b, select: {era: 2021-2024}}]\n",
         "give either"),
        ("    left: {label: a, select: {era: 2024-}}\n    right: {label: b, select: {era: 2021-2024}}\n"
         "    against: rest\n", r"\.against: it goes with 'groups' and 'each' only"),
        ("    groups: [{label: a, select: {era: 2024-}}, {label: b, select: {era: 2021-2024}}]\n    against: rest\n"
         "    select: {language: zh}\n", r"\.select: it goes with 'each' only"),
        ("    groups:\n" + "".join(f"      - {{label: l{n}, select: {{era: 2024-, places: {one}}}}}\n" for n, one in
         enumerate(("national", "liaoning", "fujian", "beijing", "tianjin", "hebei", "shanxi", "jilin", "shanghai",
                    "jiangsu", "zhejiang"))),
         "11 groups make 55 pairs, and at most 45 are compared"),
    ],
)  # fmt: skip
def test_what_makes_no_groups_is_a_sentence(make_project: MakeProject, coded: Corpus, text: str, message: str) -> None:
    with pytest.raises(InvalidDataError, match=message):
        grouped(make_project(), coded, text)
