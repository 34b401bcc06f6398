from __future__ import annotations

import pytest
from kinds import MakeProject

from policybook.coding.quantities import load_quantity_finder
from policybook.coding.quantities.words import QuantityWords, load_quantity_words
from policybook.errors import InvalidDataError
from policybook.project import Project


@pytest.fixture(scope="module")
def words(project: Project) -> QuantityWords:
    return load_quantity_words(project)


def test_every_list_has_words(words: QuantityWords) -> None:
    assert words.units and words.measures and words.things and words.qualifiers and words.indicators
    assert {one.qualifier for one in words.qualifiers} == {"about", "almost", "over", "at_least", "at_most", "under"}


def test_units_are_named_the_same_way(words: QuantityWords) -> None:
    for unit in (*words.units, *words.things):
        assert " " not in unit.unit
        assert unit.zh or unit.en or getattr(unit, "direct", ()) or getattr(unit, "before", ()), unit.unit


@pytest.mark.parametrize(
    ("wrong", "right", "message"),
    [
        ("kind: area", "kind: areas", "'areas' is not allowed. Did you mean 'area'?"),
        (
            "  - {unit: percent, kind: percent, one: true, zh: ['%']",
            "  - {kind: percent, one: true, zh: ['%']",
            "missing",
        ),
        ("factor: 10,", "factors: 10,", "no such field. Did you mean 'factor'?"),
        ("zh: [公顷]", "zh: [公顷, 亩]", "the form '亩' belongs to 'mu' already."),
        ("第N产业", "第一产业", "'第一产业' is no pattern. Write N, once, where the number stands."),
        ("{id: gdp,", "{id: GDP,", "'GDP' is no id."),
        ("{id: births,", "{id: urbanization-rate,", "'urbanization-rate' is used twice."),
        ("qualifier: almost", "qualifier: nearly", "'nearly' is not allowed."),
        ("noun_phrases:", "noun_phrase:", "no such field. Did you mean 'noun_phrases'?"),
        ("zh: [公顷]", "zh: ['']", "at least 1 character"),
        ("zh: [公顷]", "zh: [12]", "12 is not text. Put it in quotes."),
    ],
)
def test_a_mistake_is_named_by_file_and_line(make_project: MakeProject, wrong: str, right: str, message: str) -> None:
    project = make_project()
    path = project.lexicon / "quantities.yml"
    text = path.read_text(encoding="utf-8")
    assert wrong in text
    path.write_text(text.replace(wrong, right, 1), encoding="utf-8")
    with pytest.raises(InvalidDataError) as error:
        load_quantity_finder(project)
    changed = path.read_text(encoding="utf-8").split("\n")
    line = next(n for n, (old, new) in enumerate(zip(text.split("\n"), changed, strict=True), 1) if old != new)
    assert all(problem.file == "data/lexicon/quantities.yml" for problem in error.value.problems)
    assert any(message in str(problem) for problem in error.value.problems), str(error.value)
    assert any(abs(problem.line - line) <= 3 for problem in error.value.problems if message in str(problem))


def test_a_file_that_is_no_mapping(make_project: MakeProject) -> None:
    project = make_project()
    (project.lexicon / "quantities.yml").write_text("- 1\n", encoding="utf-8")
    with pytest.raises(InvalidDataError, match=r"data/lexicon/quantities\.yml:1: a mapping is expected"):
        load_quantity_finder(project)


def test_a_person_can_add_a_unit_a_name_and_an_indicator(make_project: MakeProject) -> None:
    project = make_project()
    path = project.lexicon / "quantities.yml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("\nunits:\n", "\nunits:\n  - {unit: li, one: true, zh: [华里], en: [li]}\n", 1)
    text = text.replace("patterns: [", "patterns: [N号院, ", 1)
    text = text.replace(
        "indicators:\n", "indicators:\n  - {id: x, term_zh: 绿道长度, zh: [绿道长度], en: [greenway length]}\n", 1
    )
    path.write_text(text, encoding="utf-8")
    finder = load_quantity_finder(project)
    (found,) = finder.find("5号院的绿道长度超过30华里。", "zh")
    assert (found.value, found.unit, found.qualifier, found.indicator) == (30, "li", "over", "绿道长度")
    (english,) = finder.find("The greenway length is 30 li.", "en")
    assert (english.value, english.unit, english.indicator) == (30, "li", "绿道长度")
