from __future__ import annotations

import re
from collections import Counter

import pandas as pd
import pytest
from kinds import MakeProject

from policybook.coding.scheme import Scheme, load_scheme
from policybook.corpus.phrases import fold, plural
from policybook.errors import InvalidDataError
from policybook.project import Project


def test_every_term_of_the_glossary_is_one_concept(project: Project, scheme: Scheme) -> None:
    glossary = pd.read_csv(project.facts / "glossary.csv", dtype=str, keep_default_na=False)
    assert len(glossary) == 85
    assert Counter(concept.term_zh for concept in scheme.concepts) == Counter(glossary["term_zh"])


def test_ids_are_unique_and_every_reference_is_to_something(scheme: Scheme) -> None:
    assert len(scheme.by_id) == len(scheme.concepts)
    themes = {theme.id for theme in scheme.themes}
    for concept in scheme.concepts:
        assert concept.theme in themes
        assert concept.broader is None or concept.broader in scheme.by_id
        assert concept.broader != concept.id
    assert {concept.theme for concept in scheme.concepts} == themes


def test_every_form_belongs_to_one_concept_also_in_the_plural(scheme: Scheme) -> None:
    owners: dict[str, set[str]] = {}
    for concept in scheme.concepts:
        for form in (*concept.zh, *concept.en, *concept.ambiguous_en):
            spellings = {fold(form)}
            if form.isascii() and form[-1].isalpha():
                spellings.add(plural(fold(form)))
            for spelling in spellings:
                owners.setdefault(spelling, set()).add(concept.id)
    assert {form: ids for form, ids in owners.items() if len(ids) > 1} == {}


def test_every_concept_has_forms_in_both_languages_and_they_are_in_the_right_one(scheme: Scheme) -> None:
    for concept in scheme.concepts:
        assert concept.zh, concept.id
        assert concept.en or concept.ambiguous_en, concept.id
        assert all(re.search("[一-鿿]", form) for form in concept.zh), concept.id
        assert not any(re.search("[一-鿿]", form) for form in (*concept.en, *concept.ambiguous_en)), concept.id
        assert not set(concept.en) & set(concept.ambiguous_en), concept.id


def test_pinyin_has_a_tone_marked_syllable_for_each_character(scheme: Scheme) -> None:
    for concept in scheme.concepts:
        characters = re.findall("[一-鿿]", re.split(r"\s*[/(（]", concept.term_zh)[0])
        syllables = re.findall(r"[^\W\d_]+", concept.pinyin)
        assert len(syllables) == len(characters), concept.id


def test_what_defines_the_corpus_or_names_an_institution_is_not_counted(scheme: Scheme) -> None:
    for concept in ("urbanization", "new-urbanization", "state-council", "ndrc", "action-plan"):
        assert not scheme.counted(concept)
    for concept in ("rural-migrants", "county-seat", "rural-revitalization"):
        assert scheme.counted(concept)


def test_every_mistake_is_reported_at_once_by_line_and_with_a_fix(make_project: MakeProject) -> None:
    project = make_project()
    (project.lexicon / "concepts.yml").write_text(
        "themes:\n"
        "  - {id: land, label: Land, label_zh: 土地}\n"
        "concepts:\n"
        "  - {id: farm, term_zh: 田, term_en: farm, pinyin: tián, theme: lnad, zh: [田], en: [farm]}\n"
        "  - {id: farm, term_zh: 地, term_en: land, pinyin: dì, theme: land, zh: [地], en: [Farm]}\n"
        "  - {id: Lot, term_zh: 块, term_en: lot, pinyin: kuài, theme: land, broader: fram, zh: [田]}\n"
        "  - {id: x, term_zh: 甲, term_en: x, theme: land, form: [x], exclude_from_comparison: yes}\n",
        encoding="utf-8",
    )
    with pytest.raises(InvalidDataError) as caught:
        load_scheme(project)
    assert [str(problem).removeprefix("data/lexicon/concepts.yml:") for problem in caught.value.problems] == [
        "4: concepts[1].theme: unknown theme 'lnad'. Did you mean 'land'? Known: land.",
        "5: concepts[2].id: 'farm' is used twice. Give each its own id.",
        "6: concepts[3]: the form '田' belongs to 'farm' already. Take it out of one of them.",
        "6: concepts[3].broader: unknown concept 'fram'. Did you mean 'farm'? Known: farm, farm, Lot.",
        "6: concepts[3].id: 'Lot' is no id. Use lower-case letters, digits and hyphens.",
        "7: concepts[4]: 'pinyin' is missing. Add a line 'pinyin: …'.",
        "7: concepts[4].exclude_from_comparison: True is not allowed. Known: corpus, institution.",
        "7: concepts[4].form: no such field. Known: id, term_zh, term_en, pinyin, theme, "
        "broader, exclude_from_comparison, zh, en, ambiguous_en, note.",
    ]  # fmt: skip
