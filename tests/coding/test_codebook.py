from __future__ import annotations

import pandas as pd
import pytest
from kinds import MakeProject

from policybook.coding.codebook import codebook_file, known_codes, load_codebook
from policybook.coding.gold import load_gold
from policybook.errors import InvalidDataError
from policybook.project import Project


def test_every_code_has_an_entry(project: Project) -> None:
    codebook = load_codebook(project)
    glossary = pd.read_csv(project.facts / "glossary.csv", dtype=str, keep_default_na=False)
    assert {entry.term_zh for entry in codebook.entries if entry.of == "concept"} == set(glossary["term_zh"])
    for of, codes in known_codes([]).items():
        assert {entry.code for entry in codebook.entries if entry.of == of} >= set(codes), of


def test_no_example_is_a_sentence_that_the_rules_are_scored_on(project: Project) -> None:
    scored = set(load_gold(project).sentences["text"])
    assert not [entry.code for entry in load_codebook(project).entries if entry.example in scored]


def test_entries_are_found_by_code(project: Project) -> None:
    codebook = load_codebook(project)
    assert codebook.by_code["concept", "citizenization"].term_zh == "市民化"
    assert codebook.by_code["instrument", "none"].term_zh is None
    assert len(codebook.by_code) == len(codebook.entries)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("code: percent\n", "code: percents\n", "unknown quantity_kind 'percents'. Did you mean 'percent'?"),
        ("code: almost\n", "code: about\n", "'about' is given twice."),
        ('term_zh: "市民化"', 'term_zh: "城镇化"', "'城镇化' is not its term. Write '市民化'."),
        ("of: qualifier\n", "of: qualifiers\n", "'qualifiers' is not allowed."),
        ("  coder: >-", "  coders: >-", "no such field. Did you mean 'coder'?"),
        ("  directive: >-", "  directives: >-", "no such field. Did you mean 'directive'?"),
    ],
)
def test_a_mistake_is_named(old: str, new: str, message: str, make_project: MakeProject) -> None:
    project = make_project()
    path = project.data / "gold" / "codebook.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InvalidDataError) as caught:
        load_codebook(project)
    assert message in str(caught.value)
    assert "data/gold/codebook.yml:" in str(caught.value)


def test_the_codebook_says_who_coded(project: Project) -> None:
    codebook = load_codebook(project)
    assert codebook.coding is not None
    assert "language model" in codebook.coding.coder
    assert all((codebook.coding.order, codebook.coding.split, codebook.details.directive))


def test_who_coded_and_details_may_be_left_out(make_project: MakeProject) -> None:
    project = make_project()
    path = codebook_file(project)
    path.write_text("entries: []\n", encoding="utf-8")
    codebook = load_codebook(project)
    assert (codebook.entries, codebook.coding, codebook.details.concept) == ((), None, None)
