from __future__ import annotations

import re
from itertools import pairwise

import pandas as pd
import pytest
from kinds import MakeProject

from policybook.corpus.build import make_corpus
from policybook.corpus.corpus import Corpus, records
from policybook.corpus.manifest import load_manifest
from policybook.corpus.scope import ScopeRules, Vocabulary, load_vocabulary
from policybook.errors import InvalidDataError
from policybook.project import Project
from policybook.tables import parse_span

Reading = dict[tuple[str, int], tuple[set[str], str, str, str]]

#: What only a person can know: 002 ¶8 speaks of a national rule; 000 ¶39–41 are not about the action plan.
OVERRIDDEN = {
    ("mysheen-2024-liaoning-income-gap", 8),
    *(("web-2024-county-mobilization", paragraph) for paragraph in (39, 40, 41)),
}


@pytest.fixture(scope="module")
def rules(vocabulary: Vocabulary) -> ScopeRules:
    return ScopeRules(vocabulary)


def by_rule(corpus: Corpus) -> Reading:
    return {
        (row.document, row.paragraph): (set(row.places), row.level or "", row.plan, row.era)
        for row in records(corpus.passages)
    }


def by_hand(reference: pd.DataFrame) -> Reading:
    passages = reference[reference["is_boilerplate"] == "no"]
    return {
        (row.document, int(row.paragraph)): (set(row.places.split()), row.level, row.plan, row.era)
        for row in records(passages)
    }


def test_scope_agrees_with_a_person_on_every_passage(corpus: Corpus, reference: pd.DataFrame) -> None:
    assert by_rule(corpus) == by_hand(reference)


def test_without_overrides_exactly_the_overridden_passages_differ(
    project: Project, vocabulary: Vocabulary, reference: pd.DataFrame
) -> None:
    entries = [entry.model_copy(update={"overrides": []}) for entry in load_manifest(project, vocabulary)]
    received = [(entry, (project.documents / entry.file).read_bytes()) for entry in entries]
    found, expected = by_rule(make_corpus(received, vocabulary, project)), by_hand(reference)
    assert {key for key in expected if found[key] != expected[key]} == OVERRIDDEN


def test_overridden_passages_are_marked(corpus: Corpus) -> None:
    marked = corpus.passages[corpus.passages["overridden"].astype(bool)]
    assert set(zip(marked["document"], marked["paragraph"], strict=True)) == OVERRIDDEN


@pytest.mark.parametrize(
    ("sentences", "places"),
    [
        (["Fuzhou and Xiamen in Fujian lead."], ["fujian"]),
        (["Our province supports Shenyang."], ["liaoning"]),
        (["全省推进城镇化。"], ["liaoning"]),
        (["The State Council issued it.", "Provinces follow."], ["national"]),
        (["China grows.", "China builds.", "Fujian follows."], ["national"]),
        (["China grows.", "Fujian follows."], ["national", "fujian"]),
        (["重庆、四川要推动建设。"], ["chengdu-chongqing"]),
        (["Beijing, Shanghai and Fujian have done so."], ["default"]),
        (["China, like Beijing, Shanghai and Fujian, has done so."], ["national"]),
        (["Nothing is named."], ["default"]),
        (["隆重庆祝，日照充足，长治久安。"], ["default"]),
        ([], ["default"]),
    ],
)
def test_places_are_those_that_most_sentences_name(rules: ScopeRules, sentences: list[str], places: list[str]) -> None:
    assert rules.places(sentences, "liaoning", ["default"]) == tuple(places)


@pytest.mark.parametrize(
    ("speaker", "sentence", "places"),
    [
        ("henan", "宁德时代在本地投产。", ["default"]),
        ("chongqing", "建成渝黔铁路，完成渝北区改造。", ["default"]),
        ("henan", "建设美丽江苏，打造美丽江西。", ["jiangsu", "jiangxi"]),
        ("henan", "丽江开通航线。", ["yunnan"]),
        ("henan", "太湖南岸、太行山东麓与洱海南岸。", ["default"]),
        ("henan", "推广东部做法，健全国资监管。", ["default"]),
        ("henan", "形成都市圈，集中建成都市农业区。", ["default"]),
        ("henan", "成都外环高速通车。", ["sichuan"]),
        ("henan", "三沙市与海南。", ["hainan"]),
        ("hubei", "南通市区学习了经验。", ["jiangsu"]),
        ("liaoning", "长春街改造，上海南路通车。", ["default"]),
        ("liaoning", "全省银行业支持企业。", ["liaoning"]),
        ("tianjin", "上海合作组织峰会召开。", ["default"]),
        ("hainan", "郑州商品交易所、北京大学、吉林银行来此设点。", ["default"]),
        ("liaoning", "支持朝阳创建高新区。", ["liaoning"]),
        ("beijing", "支持朝阳创建高新区。", ["default"]),
        ("liaoning", "培育新的朝阳产业。", ["default"]),
        ("qinghai", "扩大海南、海西可再生能源基地。", ["qinghai"]),
        ("qinghai", "与海南省合作。", ["hainan"]),
        ("guangdong", "与海南合作。", ["hainan"]),
        ("national", "支持西部地区发展。", ["western-region"]),
        ("hainan", "支持西部地区供水。", ["default"]),
        ("hainan", "融入西部大开发。", ["western-region"]),
    ],
)
def test_what_only_looks_like_a_place_is_none_and_some_names_depend_on_the_speaker(
    rules: ScopeRules, speaker: str, sentence: str, places: list[str]
) -> None:
    assert rules.places([sentence], speaker, ["default"]) == tuple(places)


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("《国家新型城镇化规划（2014—2020年）》收官", "nnup-2014"),
        ("国家新型城镇化规划(2014-2020)", "nnup-2014"),
        ("编制新一轮国家新型城镇化规划", "default"),
        ("落实“十四五”规划，《国家新型城镇化规划(2014-2020年)》，“十四五”规划", "fyp14"),
        ("the National New-Type Urbanization Plan (2014–2020)", "nnup-2014"),
        ("the 14th Five-Year Plan", "fyp14"),
        ("a five-year action plan for something else", "default"),
    ],
)
def test_a_passage_is_about_the_plan_it_names(rules: ScopeRules, text: str, plan: str) -> None:
    assert rules.plan(text, "default") == plan


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("推进县域城镇化", "county"),
        ("reforms at the county level", "county"),
        ("the county towns and county seats", "county"),
        ("a county among many cities", None),
        ("the country as a whole", None),
        ("", None),
    ],
)
def test_level_needs_one_clear_word_or_several_weak_ones(rules: ScopeRules, text: str, level: str | None) -> None:
    assert rules.level(text) == level


@pytest.mark.parametrize(
    ("written", "era"),
    [
        ("2014-03-15", "before-2014"),
        ("2014-03-16", "2014-2020"),
        ("2014-08/2015", "2014-2020"),
        ("2020-12-31", "2014-2020"),
        ("2021", "2021-2024"),
        ("2014", None),  # two eras share the year
        ("2024", None),
        ("2014-03", "2014-2020"),  # it holds most of the month
        ("2024-01-17/2024-07", "2021-2024"),
        ("2024-07-30", "2021-2024"),
        ("2024-07-31", "2024-"),
        ("2031", "2024-"),
        ("1911", None),
    ],
)
def test_a_text_belongs_to_the_era_that_holds_most_of_its_writing(
    vocabulary: Vocabulary, written: str, era: str | None
) -> None:
    assert vocabulary.era_of(written) == era


def test_eras_follow_each_other_without_gap_or_overlap(vocabulary: Vocabulary) -> None:
    for earlier, later in pairwise(vocabulary.eras):
        assert earlier.ends is not None
        assert (parse_span(later.begins)[0] - parse_span(earlier.ends)[1]).days == 1
    assert vocabulary.eras[-1].ends is None


def test_no_word_names_two_places_or_two_plans(vocabulary: Vocabulary) -> None:
    for entries in (vocabulary.places, vocabulary.plans):
        words = [word.lower() for entry in entries for word in (*entry.zh, *entry.en)]
        assert len(words) == len(set(words))


def test_every_province_is_known(vocabulary: Vocabulary) -> None:
    assert {"national", "liaoning", "fujian", "chengdu-chongqing", "guizhou", "tibet", "xinjiang"} <= set(
        vocabulary.place_ids
    )


def test_labels_are_for_readers_and_unknown_ids_stay(vocabulary: Vocabulary) -> None:
    assert vocabulary.label("liaoning") == "Liaoning"
    assert vocabulary.label("atlantis") == "atlantis"
    assert vocabulary.short_plan("nnup-2014") == "2014 plan"
    assert vocabulary.short_plan("nnup-2014", chinese=True) == "2014年规划"
    assert [vocabulary.label_zh(one) for one in ("liaoning", "nnup-2014", "atlantis")] == [
        "辽宁", "国家新型城镇化规划（2014—2020年）", "",
    ]  # fmt: skip
    assert vocabulary.short_plan("none") == "none"


def test_every_mistake_in_both_files_is_reported_at_once(make_project: MakeProject) -> None:
    project = make_project()
    places, plans = project.lexicon / "places.yml", project.lexicon / "plans.yml"
    text = places.read_text(encoding="utf-8")
    text = text.replace("- id: liaoning\n    label: Liaoning\n", "- id: fujian\n    label: Liaoning\n")
    text = text.replace("within: national", "within: natinal", 1)
    text = text.replace("label_zh: 天津", "lable_zh: 天津").replace("weak_needed: 2", "weak_needed: two")
    places.write_text(text, encoding="utf-8")
    plans.write_text(
        plans.read_text(encoding="utf-8").replace("begins: 2014-03-16", "begins: 2014-03-32"),
        encoding="utf-8",
    )
    with pytest.raises(InvalidDataError) as caught:
        load_vocabulary(project)
    found = str(caught.value)
    for line in (
        r"places\.yml:\d+: places\[\d+\]\.id: 'fujian' is used twice\. Give each its own id\.",
        r"places\.yml:\d+: places\[\d+\]\.within: unknown place 'natinal'\. Did you mean 'national'\?",
        r"places\.yml:\d+: places\[\d+\]\.lable_zh: no such field\. Did you mean 'label_zh'\?",
        r"places\.yml:\d+: places\[\d+\]\.spoken_in: unknown place 'liaoning'\.",
        r"places\.yml:\d+: levels\[1\]\.weak_needed: .*'two'",
        r"plans\.yml:\d+: eras\[2\]\.begins: '2014-03-32' is not in the calendar\.",
    ):
        assert re.search(line, found), f"not reported: {line}\n{found}"
    assert len(caught.value.problems) == 6


def test_no_two_places_have_one_colour(make_project: MakeProject) -> None:
    project = make_project()
    places = project.lexicon / "places.yml"
    text = places.read_text(encoding="utf-8")
    assert load_vocabulary(project).colour("fujian") == 2
    places.write_text(text.replace("label: Fujian\n    colour: 2", "label: Fujian\n    colour: 1"), encoding="utf-8")
    with pytest.raises(InvalidDataError, match=r"places\.yml:\d+: .*colour: 'fujian' has the colour of 'liaoning'"):
        load_vocabulary(project)
    places.write_text(text.replace("label: Fujian\n    colour: 2", "label: Fujian\n    colour: 9"), encoding="utf-8")
    with pytest.raises(InvalidDataError, match="colour"):
        load_vocabulary(project)


def test_a_missing_file_does_not_hide_mistakes_in_the_other(make_project: MakeProject) -> None:
    project = make_project()
    (project.lexicon / "places.yml").unlink()
    (project.lexicon / "plans.yml").write_text("plans: [", encoding="utf-8")
    with pytest.raises(InvalidDataError) as caught:
        load_vocabulary(project)
    assert {problem.file for problem in caught.value.problems} == {
        "data/lexicon/plans.yml",
        "data/lexicon/places.yml",
    }


def test_a_project_may_have_neither_plans_nor_eras(make_project: MakeProject) -> None:
    project = make_project()
    (project.lexicon / "plans.yml").unlink()
    vocabulary = load_vocabulary(project)
    assert (vocabulary.plan_ids, vocabulary.era_ids, vocabulary.era_of("2001")) == (["none"], [], None)


def test_things_of_the_wrong_kind_are_mistakes_not_crashes(make_project: MakeProject) -> None:
    project = make_project()
    (project.lexicon / "places.yml").write_text(
        "places:\n"
        "  - {id: [a], label: A, label_zh: 甲}\n"
        "  - 7\n"
        "  - {id: b, label: B, label_zh: 乙, within: [c]}\n"
        "levels: no\nself_reference: [x]\n",
        encoding="utf-8",
    )
    with pytest.raises(InvalidDataError) as caught:
        load_vocabulary(project)
    assert sorted({problem.line for problem in caught.value.problems}) == [2, 3, 4, 5, 6]
