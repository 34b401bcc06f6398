"""A form is tried on texts, and a concept comes into concepts.yml without a byte of the rest changing."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from kinds import CorpusOf, MakeProject

from policybook.coding.code import Coding, code_corpus
from policybook.coding.scheme import load_scheme
from policybook.corpus.corpus import Corpus
from policybook.errors import AnswerError
from policybook.intake.entries import EditError
from policybook.intake.scheme_change import TRIED_COLUMNS, NewConcept, add_concept, try_form
from policybook.project import Project

TEXTS = {
    "one": "Cities should plan quiet gardens. A quiet garden needs water, and the county seat has a quiet garden wall.",
    "two": "The county seats grow. Nothing else is said here.",
}
CHINESE = "要在县城建设屋顶花园。屋顶花园是城市的客厅。"


@pytest.fixture
def texts(corpus_of: CorpusOf, coding: Coding) -> Corpus:
    return code_corpus(corpus_of(TEXTS), coding)


def states(found: pd.DataFrame) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(row["text"], row["state"], row["concepts"]) for row in found.to_dict("records")]


def test_a_form_finds_its_inflections_and_nothing_is_written(texts: Corpus, coding: Coding) -> None:
    before = texts.mentions.copy()
    found = try_form("quiet garden", texts, coding.scheme)
    assert list(found.columns) == list(TRIED_COLUMNS)
    assert states(found) == [("quiet gardens", "new", ()), ("quiet garden", "new", ()), ("quiet garden", "new", ())]
    assert found["sentence"].tolist() == ["one:p01.1", "one:p01.2", "one:p01.2"]
    assert found["left"][0] == "Cities should plan " and found["right"][2] == " wall."
    pd.testing.assert_frame_equal(texts.mentions, before)
    assert try_form("water | wall", texts, coding.scheme)["text"].tolist() == ["water", "wall"]


def test_places_that_concepts_carry_already_are_told_apart(texts: Corpus, coding: Coding) -> None:
    assert {state for _, state, _ in states(try_form("county seat", texts, coding.scheme))} == {"shared"}
    taken = try_form("the county seat", texts, coding.scheme)
    assert states(taken)[0] == ("the county seat", "taken", ("county-seat",))
    assert states(try_form("county", texts, coding.scheme))[0] == ("county", "held", ("county-seat",))


def test_a_chinese_form_is_found_in_chinese_texts_alone(corpus_of: CorpusOf, coding: Coding) -> None:
    corpus = code_corpus(corpus_of({"three": CHINESE}, language="zh"), coding)
    assert len(try_form("屋顶花园", corpus, coding.scheme)) == 2
    assert len(try_form("屋顶(花园|菜园)", corpus, coding.scheme)) == 2
    assert try_form("garden", corpus, coding.scheme).empty
    with pytest.raises(AnswerError, match="is not closed"):
        try_form("屋顶(公园", corpus, coding.scheme)


GARDENS = NewConcept("gardens", "space", en=["quiet garden", "(roof | wall) garden"], note='a "note": # yes')


def text_of(project: Project) -> str:
    return (project.lexicon / "concepts.yml").read_bytes().decode()


def test_an_entry_comes_and_no_other_byte_changes(make_project: MakeProject) -> None:
    project = make_project()
    before = text_of(project)
    assert add_concept(project, GARDENS).term_en == "quiet garden"
    after = text_of(project)
    assert after.startswith(before) and after.count("\n") == before.count("\n") + 5
    assert load_scheme(project).by_id["gardens"].note == 'a "note": # yes'
    assert [path.name for path in project.lexicon.glob(".*")] == []


def test_a_new_theme_is_made_with_it_and_chinese_names_are_worked_out(make_project: MakeProject) -> None:
    project = make_project()
    before = text_of(project)
    add_concept(project, NewConcept("parks", "green", zh=["屋顶花园"], new_theme="Green: parks", new_theme_zh="绿化"))
    after, scheme = text_of(project), load_scheme(project)
    lines = after.splitlines()
    assert [line for line in before.splitlines() if line not in lines] == []
    assert scheme.theme_label["green"] == "Green: parks"
    parks = scheme.by_id["parks"]
    assert (parks.term_zh, parks.pinyin) == ("屋顶花园", "wū dǐng huā yuán")
    assert (parks.term_en, parks.theme) == ("parks", "green")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("themes: []\nconcepts: []\n# the end\n", "# the end\n"),
        ("# head\r\nthemes:\r\n- {id: a, label: A}\r\n\r\nconcepts:\r\n- id: x\r\n  term_en: x\r\n  theme: a\r\n"
         "  en: [x]\r\n", "# head\r\n"),
        ("\ufeffconcepts:\n    - id: x\n      term_en: x\n      theme: a\n      en:\n        - x  # why\n"
         "    # after x\n"
         "\n# about themes\nthemes:\n    - id: a\n      label: A", "      en:\n        - x  # why\n"),
    ],
)  # fmt: skip
def test_other_ways_to_lay_the_file_out(make_project: MakeProject, text: str, kept: str) -> None:
    project = make_project()
    (project.lexicon / "concepts.yml").write_bytes(text.encode())
    if "id: x" not in text:  # an empty scheme is a mistake of no file
        assert load_scheme(project).concepts == ()
    add_concept(project, NewConcept("gardens", "b", en=["quiet garden"], new_theme="B"))
    after = text_of(project)
    assert kept in after
    assert ("\r\n" in text) == ("\r\n" in after) and after.count("\n") - after.count("\r\n") in (0, after.count("\n"))
    assert load_scheme(project).by_id["gardens"].theme == "b"
    assert [line for line in text.splitlines() if line.rstrip(" []") not in after] == []


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"id": "Gardens"}, "'Gardens' is no id"),
        ({"id": "county-seat"}, "has a concept 'county-seat' already"),
        ({"theme": "spcae"}, "Did you mean 'space'"),
        ({"new_theme": "Space"}, "Leave out --new-theme"),
        ({"theme": "No id", "new_theme": "Space"}, "no id of a theme"),
        ({"en": []}, "no form is given"),
        ({"en": ["  "]}, "no form is given"),
        ({"en": ["roof", "屋顶"]}, "'屋顶' is no English form"),
        ({"en": ["a (b"]}, "cannot be read: a '\\(' is not closed"),
        ({"en": ["county seat"]}, "belongs to 'county-seat' already"),
        ({"broader": "county-saet"}, "no concept 'county-saet'"),
        ({"en": [], "zh": ["屋顶(花园|菜园)"]}, "--term-zh"),
    ],
)
def test_what_cannot_be_used_is_a_sentence_and_nothing_is_written(
    make_project: MakeProject, said: dict[str, Any], message: str
) -> None:
    project = make_project()
    before = text_of(project)
    with pytest.raises(AnswerError, match=message) as caught:
        add_concept(project, NewConcept(**{"id": "gardens", "theme": "space", "en": ["quiet garden"], **said}))
    assert "\n" not in str(caught.value)
    assert text_of(project) == before


def test_a_list_in_brackets_is_not_edited(make_project: MakeProject) -> None:
    project = make_project()
    text = "themes: [{id: space, label: A}]\nconcepts: [{id: x, term_en: x, theme: space, en: [x]}]\n"
    (project.lexicon / "concepts.yml").write_text(text, encoding="utf-8")
    with pytest.raises(EditError, match="stands in brackets"):
        add_concept(project, GARDENS)
    assert text_of(project) == text
