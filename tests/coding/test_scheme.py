from __future__ import annotations

import re
from collections import Counter

import pandas as pd
import pytest
from kinds import MakeProject

from policybook.coding import scheme as module
from policybook.coding.scheme import Gap, NotationError, Scheme, load_scheme, parse, plain_form, spell_out
from policybook.errors import InvalidDataError
from policybook.project import Project

GROUPS = {"cities": "city | <towns>", "towns": "town | small town", "loop": "a | <loop>",
          "many": " | ".join(["<more>"] * 1_000), "more": "a" * 1_000}  # fmt: skip


def spelt(form: str, language: str = "en") -> list[str]:
    return [plain_form(steps, language) or "gap" for steps in spell_out(parse(form, language, GROUPS))]


@pytest.mark.parametrize(
    ("form", "language", "spellings"),
    [
        ("permanent resident", "en", ["permanent resident"]),
        ("people (who | that)? move", "en", ["people who move", "people that move", "people move"]),
        ("(a | b (c | d)) e", "en", ["a e", "b c e", "b d e"]),
        ("a | b", "en", ["a", "b"]),
        ("settle in <cities>", "en", ["settle in city", "settle in town", "settle in small town"]),
        ("farms, towns", "en", ["farm , towns", "farms , towns", "farms towns"][1:]),
        ("two-way Flow of labour", "en", ["two way flow of labor"]),
        ("migrants' pay", "en", ["migrants pay"]),
        ("(农业|农村)转移(的)?人口", "zh", ["农业转移的人口", "农业转移人口", "农村转移的人口", "农村转移人口"]),
        ("农业，农村", "zh", ["农业,农村"]),
    ],
)
def test_a_form_stands_for_these_spellings(form: str, language: str, spellings: list[str]) -> None:
    assert spelt(form, language) == spellings


@pytest.mark.parametrize(
    ("form", "language", "most"), [("a … b", "en", 3), ("a …5 b", "en", 5), ("a ... b", "en", 3), ("城…镇", "zh", 6)]
)
def test_a_gap_has_a_length(form: str, language: str, most: int) -> None:
    (steps,) = spell_out(parse(form, language))
    assert steps[1] == Gap(most)
    assert plain_form(steps, language) is None


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ("a (b", "a '(' is not closed"),
        ("a b)", "a ')' has no '('"),
        ("a b?", "a '?' stands behind no ')'"),
        ("a (b | )", "an alternative is empty"),
        ("", "it is empty"),
        ("(a)?", "all of it is optional"),
        ("… a", "a gap stands at its beginning or end"),
        ("a …", "a gap stands at its beginning or end"),
        ("a …0 b", "a gap of 0 is not between 1 and 12"),
        ("a …99 b", "a gap of 99 is not between 1 and 12"),
        ("settle in <citys>", "no group is named 'citys'. Did you mean 'cities'?"),
        ("<loop>", "its groups name each other without end"),
        ("<many>", "with its groups it is longer than 20,000 characters"),
        ("(" * 9_000 + "a" + ")" * 9_000, "more than 20 brackets stand within each other"),
    ],
)
def test_a_mistake_is_named(form: str, message: str) -> None:
    with pytest.raises(NotationError) as caught:
        parse(form, "en", GROUPS)
    assert str(caught.value).startswith(message)


def test_every_term_of_the_glossary_is_one_concept(project: Project, scheme: Scheme) -> None:
    glossary = pd.read_csv(project.facts / "glossary.csv", dtype=str, keep_default_na=False)
    assert len(glossary) == 85
    terms = Counter(concept.term_zh for concept in scheme.concepts)
    assert [term for term in glossary["term_zh"] if terms[term] != 1] == []


def test_ids_are_unique_and_every_reference_is_to_something(scheme: Scheme) -> None:
    assert len(scheme.by_id) == len(scheme.concepts)
    themes = {theme.id for theme in scheme.themes}
    for concept in scheme.concepts:
        assert concept.theme in themes
        assert concept.broader is None or concept.broader in scheme.by_id
        assert concept.broader != concept.id
    assert {concept.theme for concept in scheme.concepts} == themes


def test_every_concept_has_forms_in_both_languages_and_they_are_in_the_right_one(scheme: Scheme) -> None:
    for concept in scheme.concepts:
        chinese = [*concept.zh, *concept.ambiguous_zh, *(form for rule in concept.rules for form in rule.zh)]
        english = [*concept.en, *concept.ambiguous_en, *(form for rule in concept.rules for form in rule.en)]
        assert chinese and english, concept.id
        assert all(re.search("[一-鿿]", form) for form in chinese), concept.id
        assert not any(re.search("[一-鿿]", form) for form in english), concept.id
        assert not set(concept.en) & set(concept.ambiguous_en), concept.id


def test_words_are_the_forms_written_out_the_first_one_first(scheme: Scheme) -> None:
    words = list(scheme.words(scheme.by_id["hukou-reform"], "zh"))
    assert {"户籍制度改革", "户籍管理制度改革", "户籍管理"} <= set(words)
    assert not any(mark in word for word in words for mark in "()|?…<>")
    assert next(scheme.words(scheme.by_id["metropolitan-area"], "zh")) == "大都市圈"


def test_broader_concepts_are_named_nearest_first(scheme: Scheme) -> None:
    assert list(scheme.broader("people-oriented-new-urbanization")) == ["new-urbanization", "urbanization"]
    assert list(scheme.broader("county")) == []


def test_mistakes_in_the_notation_are_reported_by_line(make_project: MakeProject) -> None:
    project = make_project()
    (project.lexicon / "concepts.yml").write_text(
        "groups:\n"
        "  towns: town\n"
        "  cities: [city, <town]\n"
        "themes:\n"
        "  - {id: land, label: Land, label_zh: 土地}\n"
        "concepts:\n"
        "  - id: farm\n"
        "    term_zh: 田\n"
        "    term_en: farm\n"
        "    pinyin: tián\n"
        "    theme: land\n"
        "    broader: farm\n"
        "    zh: [田, (地]\n"
        "    en:\n"
        "      - farm\n"
        "      - farm in <citys>\n"
        "    rules:\n"
        "      - en: [land, '…3 land']\n"
        "        when: ['(farm)?']\n"
        "  - id: field\n"
        "    term_zh: 野\n"
        "    term_en: field\n"
        "    pinyin: yě\n"
        "    theme: land\n"
        "    zh: [野]\n"
        "    en: [(farm | field)]\n"
        "    rules:\n"
        "      - {en: [green], zh: [绿], when: [grass]}\n"
        "      - en: [green]\n",
        encoding="utf-8",
    )
    with pytest.raises(InvalidDataError) as caught:
        load_scheme(project)
    assert [str(problem).removeprefix("data/lexicon/concepts.yml:") for problem in caught.value.problems] == [
        "2: groups.towns: this is not a list of forms. Write 'name: [form, form]'.",
        "12: concepts[1].broader: 'farm' contains itself. Break the circle.",
        "13: concepts[1].zh[2]: the form '(地' cannot be read: a '(' is not closed. See the head of the file.",
        "16: concepts[1].en[2]: the form 'farm in <citys>' cannot be read: no group is named 'citys'. "
        "Did you mean 'cities'? Known: cities. See the head of the file.",
        "18: concepts[1].rules[1].en[2]: the form '…3 land' cannot be read: "
        "a gap stands at its beginning or end. See the head of the file.",
        "19: concepts[1].rules[1].when[1]: the form '(farm)?' cannot be read: "
        "all of it is optional. See the head of the file.",
        "28: concepts[2].rules[1]: a rule has forms in one language: write either 'zh' or 'en'.",
        "29: concepts[2].rules[2]: a rule needs 'when' or 'unless'.",
    ]  # fmt: skip


def test_pinyin_has_a_tone_marked_syllable_for_each_character(scheme: Scheme) -> None:
    for concept in scheme.concepts:
        characters = re.findall("[一-鿿]", re.split(r"\s*[/(（]", concept.term_zh)[0])
        syllables = re.findall("[aeiouüāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]+", concept.pinyin)
        assert len(syllables) == len(characters), concept.id


def test_names_in_chinese_are_needed_where_there_are_chinese_forms_only(make_project: MakeProject) -> None:
    project = make_project()
    path = project.lexicon / "concepts.yml"
    text = "themes:\n  - {id: land, label: Land}\nconcepts:\n  - {id: farm, term_en: farm, theme: land, en: [farm]}\n"
    path.write_text(text, encoding="utf-8")
    (farm,) = load_scheme(project).concepts
    assert (farm.term, farm.term_zh, farm.pinyin) == ("farm", "", "")
    path.write_text(text.replace("en: [farm]", "zh: [田]"), encoding="utf-8")
    with pytest.raises(InvalidDataError, match="'farm' has Chinese forms and no term_zh and no pinyin"):
        load_scheme(project)


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
        "  - {id: x, term_zh: 甲, theme: land, form: [x], exclude_from_comparison: yes}\n",
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
        "7: concepts[4]: 'term_en' is missing. Add a line 'term_en: …'.",
        "7: concepts[4].exclude_from_comparison: True is not allowed. Known: corpus, institution.",
        "7: concepts[4].form: no such field. Known: id, term_zh, term_en, english_seen, pinyin, theme, "
        "broader, exclude_from_comparison, chosen_by_outcome, zh, en, ambiguous_zh, ambiguous_en, not_zh, "
        "not_en, rules, note.",
    ]  # fmt: skip


def test_words_are_the_same_whether_a_text_is_short_or_long(scheme: Scheme, project: Project,
                                                            monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    texts = [path.read_text(encoding="utf-8") for path in sorted((project.data / "gold").glob("*.csv"))]
    found = [scheme.words_in("zh", text[:40_000]) for text in [*texts, ""]]
    assert sum(map(len, found)) > 200
    monkeypatch.setattr(module, "_LONG", 0)
    assert [scheme.words_in("zh", text[:40_000]) for text in [*texts, ""]] == found
    monkeypatch.setattr(module, "_MOST_WORDS", 50)  # a form of more words is looked for by itself
    capped = Scheme(scheme.themes, scheme.concepts, scheme.groups)
    assert capped.words_in("zh", texts[0][:40_000]) == found[0]
