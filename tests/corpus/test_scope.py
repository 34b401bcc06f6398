from __future__ import annotations

import pandas as pd
import pytest

from policybook.corpus.build import make_corpus
from policybook.corpus.manifest import load_manifest
from policybook.corpus.model import Corpus, records
from policybook.corpus.scope import ScopeRules
from policybook.corpus.vocabulary import Vocabulary
from policybook.project import Project

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
