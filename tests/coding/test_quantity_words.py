from __future__ import annotations

from decimal import Decimal

import pytest
from kinds import MakeProject

from policybook.coding.quantity_words import QuantityWords, load_quantity_words, percent_of, plain_number
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
        assert " " not in (unit.unit or "")
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
        load_quantity_words(project)
    changed = path.read_text(encoding="utf-8").split("\n")
    line = next(n for n, (old, new) in enumerate(zip(text.split("\n"), changed, strict=True), 1) if old != new)
    assert all(problem.file == "data/lexicon/quantities.yml" for problem in error.value.problems)
    assert any(message in str(problem) for problem in error.value.problems), str(error.value)
    assert any(abs(problem.line - line) <= 3 for problem in error.value.problems if message in str(problem))


def test_a_file_that_is_no_mapping(make_project: MakeProject) -> None:
    project = make_project()
    (project.lexicon / "quantities.yml").write_text("- 1\n", encoding="utf-8")
    with pytest.raises(InvalidDataError, match=r"data/lexicon/quantities\.yml:1: a mapping is expected"):
        load_quantity_words(project)


def test_percentages_are_exact_or_have_two_decimals() -> None:
    assert percent_of(Decimal(1), Decimal(8)) == Decimal("12.5")
    assert percent_of(Decimal(2), Decimal(7)) == Decimal("28.57")
    assert isinstance(plain_number(Decimal("60.0")), int)
    assert plain_number(Decimal("0.3")) == 0.3
