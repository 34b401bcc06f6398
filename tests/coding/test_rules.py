"""The version of the coding rules: raised when other things are found, and what of earlier counts holds after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from kinds import MakeProject
from rules_sample import changed_parts, measure_sample, not_raised, read_kept

from policybook.coding.measured import Measured
from policybook.coding.rules import RULES, CodingRules, find_age, find_rules, hash_concept
from policybook.coding.scheme import Concept, Scheme
from policybook.project import Project


@pytest.fixture(scope="module")
def kept() -> Measured:
    return read_kept()


@pytest.fixture(scope="module")
def now(project: Project) -> CodingRules:
    return find_rules(project)


def test_the_version_is_raised_when_other_things_are_found(kept: Measured) -> None:
    said = "raise their numbers in RULES (policybook/coding/rules.py), then run tests/rules_sample.py"
    after = measure_sample()
    assert not_raised(kept, after) == [], said
    assert list(changed_parts(kept, after)) == [], "the numbers are raised: run tests/rules_sample.py"
    assert kept.record.rules.versions == RULES, "run tests/rules_sample.py"


def test_the_sample_has_something_of_every_part_in_both_languages(kept: Measured) -> None:
    for language in RULES["text"]:
        documents = kept.documents.loc[kept.documents["language"] == language, "document"]
        blocks = kept.blocks[kept.blocks["document"].isin(documents)]
        assert (blocks["concepts"] != "").sum() > 30
        assert (blocks.filter(regex="^(instrument|strength|quantity)_").sum() > 0).sum() >= 14


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (lambda blocks: blocks.assign(length=blocks["length"] + 1), "text"),
        (lambda blocks: blocks.assign(concepts=""), "concepts"),
        (lambda blocks: blocks.assign(quantity_money=9), "quantities"),
        (lambda blocks: blocks.assign(strength_obligation=9), "directives"),
    ],
)
def test_what_is_found_otherwise_is_told_by_part(
    kept: Measured, change: Callable[[pd.DataFrame], pd.DataFrame], part: str
) -> None:
    changed = replace(kept, blocks=change(kept.blocks))
    assert not_raised(kept, changed) == [(part, "zh"), (part, "en")]


def test_nothing_is_old_where_nothing_changed(now: CodingRules) -> None:
    assert find_age(now, now, ["zh", "en"]).current


def test_a_new_a_changed_and_a_missing_concept_are_told_apart(now: CodingRules) -> None:
    first, second, third, *_ = now.concepts
    before = {**now.concepts, second: "other", "no-more": "x"}
    del before[first]
    age = find_age(now.model_copy(update={"concepts": before}), now, ["zh"])
    assert (age.not_counted, age.gone, age.current) == ({first: "new", second: "changed"}, ("no-more",), False)
    assert third not in age.not_counted and age.holds("concepts")


@pytest.mark.parametrize(
    ("part", "lost"),
    [
        ("text", {"text", "concepts", "quantities", "directives"}), ("concepts", {"concepts"}),
        ("quantities", {"quantities"}), ("directives", {"directives"}),
    ],
)  # fmt: skip
def test_other_rules_of_a_part_make_what_rests_on_them_old(now: CodingRules, part: Any, lost: set[str]) -> None:
    before = {**now.versions, part: {"zh": 0, "en": now.versions[part]["en"]}}
    age = find_age(now.model_copy(update={"versions": before}), now, ["zh"])
    assert age.rules == (part,)
    assert {one for one in RULES if not age.holds(one)} == lost
    assert list(age.not_counted) == (list(now.concepts) if "concepts" in lost else [])
    assert find_age(now.model_copy(update={"versions": before}), now, ["en"]).current


@pytest.mark.parametrize(
    ("file", "before", "after", "part"),
    [
        ("places.yml", "我省", "我们省", "text"), ("plans.yml", "begins: 1949", "begins: 1950", "text"),
        ("quantities.yml", "per cent, ", "", "quantities"), ("instruments.yml", "务必, ", "", "directives"),
    ],
)  # fmt: skip
def test_a_file_of_the_lexicon_makes_its_part_old(
    make_project: MakeProject, now: CodingRules, file: str, before: str, after: str, part: str
) -> None:
    project = make_project()
    path = project.lexicon / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")
    assert find_age(now, find_rules(project), ["zh"]).lexicon == (part,)


def test_what_decides_nothing_makes_nothing_old(make_project: MakeProject, now: CodingRules) -> None:
    project = make_project()
    for file, before, after in (
        ("places.yml", "label: National", "label: The nation"), ("concepts.yml", "term_en: ", "term_en: the "),
        ("plans.yml", "short: ", "short: the "), ("actors.yml", "中办, ", ""),
    ):  # fmt: skip
        path = project.lexicon / file
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text("# a comment\n" + text.replace(before, after), encoding="utf-8")
    assert find_age(now, find_rules(project), ["zh", "en"]).current


def made(**fields: Any) -> str:
    shown = {"id": "orchard", "term_zh": "果园", "term_en": "orchard", "pinyin": "guǒ yuán", "theme": "land"}
    scheme = Scheme((), (), {"trees": "apple | pear"})
    return hash_concept(Concept.model_validate({**shown, **fields}), scheme)


def test_a_concept_is_its_forms_and_not_their_order_or_its_names() -> None:
    assert made(en=["orchard", "<trees> garden"]) == made(
        en=["(apple | pear) garden", "orchard"], theme="jobs", note="A note.", exclude_from_comparison="corpus",
        chosen_by_outcome=True,
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"en": ["orchards"]}, {"zh": ["果园"]}, {"ambiguous_en": ["garden"]}, {"not_en": ["orchard road"]},
        {"rules": [{"en": ["garden"], "when": ["tree"]}]},
        {"rules": [{"en": ["garden"], "when": ["tree"], "otherwise": "nothing"}]},
    ],
)  # fmt: skip
def test_other_forms_make_another_concept(changed: dict[str, Any]) -> None:
    assert made(**{"en": ["orchard"], **changed}) != made(en=["orchard"])


def test_a_group_that_changes_changes_the_concepts_that_name_it() -> None:
    concept = Concept(id="a", term_zh="a", term_en="a", pinyin="a", theme="land", en=["<trees> garden"])
    one, other = (hash_concept(concept, Scheme((), (), {"trees": group})) for group in ("apple", "apple | pear"))
    assert one != other
