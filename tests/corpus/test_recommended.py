"""data/recommended.yml: the real one holds, and every mistake in it is named by file and line."""

from __future__ import annotations

import pytest
from kinds import MakeProject

from policybook.corpus.recommended import load_recommended, names_of
from policybook.corpus.vocabulary import Vocabulary
from policybook.errors import InvalidDataError
from policybook.project import Project

ENTRY = """\
texts:
  - id: one
    title: A report
    publisher: the tests
    written: 2020
    language: zh
    speaker: national
    voice: official
    rights: quote
    rights_note: made for a test
"""


@pytest.fixture
def copy(make_project: MakeProject) -> Project:
    return make_project()


def mistakes(project: Project, vocabulary: Vocabulary, text: str) -> list[str]:
    project.recommended_file.write_text(text, encoding="utf-8")
    try:
        load_recommended(project, vocabulary)
    except InvalidDataError as error:
        return [str(problem) for problem in error.problems]
    return []


def test_the_three_plans_are_recommended_each_in_its_own_era(project: Project, vocabulary: Vocabulary):
    texts = {text.id: text for text in load_recommended(project, vocabulary)}
    assert {"nnup-2014", "implementation-2022", "action-2024"} <= set(texts)
    eras = [texts[name].era for name in ("nnup-2014", "implementation-2022", "action-2024")]
    assert eras == ["2014-2020", "2021-2024", "2024-"]
    for text in texts.values():
        assert text.text_of in (None, text.plan)
        assert text.address or text.find, "a person must know where to look"
        assert text.doc_number is None or text.id != "nnup-2014" or "doc_number" in text.unverified


def test_without_the_file_nothing_is_recommended(copy: Project, vocabulary: Vocabulary):
    copy.recommended_file.unlink()
    assert load_recommended(copy, vocabulary) == ()


def test_groups_can_be_asked_for_once(copy: Project, vocabulary: Vocabulary):
    second = ENTRY.removeprefix("texts:\n").replace("id: one", "id: two")
    assert mistakes(copy, vocabulary, ENTRY + "    group: all\n" + second + "    group: all\n") == []
    assert names_of(load_recommended(copy, vocabulary)) == ["one", "two", "all"]


@pytest.mark.parametrize(
    ("more", "line", "message"),
    [
        ("    plan: nnup\n", 11, "unknown plan 'nnup'. Did you mean 'nnup-2014'?"),
        ("    text_of: none\n", 11, "unknown plan 'none'."),
        ("    era: 2014-2021\n", 11, "unknown era"),
        ("    places: [fuijan]\n", 11, "Did you mean 'fujian'?"),
        ("    published: 2019\n", 5, "after it was published"),
        ("    address: ftp://x\n", 11, "no web address"),
        ("    sha256: abc\n", 11, "no sha256"),
        ("    file: ../x.txt\n", 11, "no name of a file"),
        ("    unverified: [number]\n", 11, "there is no field 'number'."),
        ("    group: one\n", 11, "'one' is the id of a text."),
        ("    number: x\n", 11, "no such field"),
        (ENTRY.removeprefix("texts:\n"), 11, "'one' is used twice."),
    ],
)
def test_a_mistake_is_named(copy: Project, vocabulary: Vocabulary, more: str, line: int, message: str):
    said = mistakes(copy, vocabulary, ENTRY + more)
    assert any(one.startswith(f"data/recommended.yml:{line}: ") and message in one for one in said), said
