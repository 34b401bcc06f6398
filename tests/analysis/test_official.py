"""Codes of official sentences: scored from two files without a word of the texts."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from kinds import MakeProject

from policybook.analysis.official import (
    FIELDS,
    Coded,
    Official,
    code_sentence,
    found_file_of,
    load_hand_coded,
    load_official,
    official_file,
    save_found,
)
from policybook.coding import rules
from policybook.coding.code import Coding
from policybook.coding.rules import find_rules
from policybook.errors import InvalidDataError
from policybook.project import Project

GOLD = (
    Coded("a:p01.1", ("县域", "户籍 / 户口"), ("percent", "percent", "year"), ("supply", "supply", "demand")),
    Coded("a:p01.2", (), (), ()),
    Coded("a:p02.1", (), ("count",), ("none",)),
)
FOUND = (
    Coded("a:p01.1", ("县域", "县城"), ("percent", "year", "year"), ("supply", "demand")),
    Coded("a:p01.2", (), (), ("supply",)),
    Coded("a:p02.1", (), ("count",), ("none", "none")),
)
RECORD = {"texts_sha256": "ab" * 32, "made_by": "policybook 0"}


def write(project: Project, gold: tuple[Coded, ...] = GOLD, found: tuple[Coded, ...] = FOUND) -> None:
    """Write both files as they would stand in a project."""
    save_found(official_file(project), gold, rules_sha256="", **RECORD)
    save_found(found_file_of(project), found, rules_sha256=find_rules(project).sha256, **RECORD)


def test_codes_are_scored_as_bags(make_project: MakeProject) -> None:
    project = make_project()
    write(project)
    official = load_official(project)
    assert official is not None
    table = official.scores().set_index("what")[["gold", "found", "hits"]]
    assert {what: tuple(row) for what, row in table.iterrows()} == {
        "concepts": (2, 2, 1),
        "quantities": (4, 4, 3),
        "directives": (4, 5, 3),
        "directive_sentences": (2, 3, 2),
        "instruments": (4, 5, 3),
    }
    assert official.scores().set_index("what").loc["directives", "f1"] == pytest.approx(2 * 3 / 9)


def test_a_term_with_spaces_survives_the_file(make_project: MakeProject) -> None:
    project = make_project()
    write(project)
    assert load_hand_coded(project) == GOLD
    official = load_official(project)
    assert official is not None
    assert (official.found, official.texts_sha256, official.stale) == (FOUND, "ab" * 32, False)


def is_stale(project: Project) -> bool:
    official = load_official(project)
    assert official is not None
    return official.stale


def test_a_changed_scheme_makes_what_was_found_stale_and_a_comment_does_not(make_project: MakeProject) -> None:
    project = make_project()
    write(project)
    path = project.lexicon / "places.yml"
    path.write_text(f"# one more line\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    assert not is_stale(project)
    path.write_text(path.read_text(encoding="utf-8").replace("我省", "我们省"), encoding="utf-8")
    assert is_stale(project)


def test_changed_rules_make_what_was_found_stale(make_project: MakeProject, monkeypatch: pytest.MonkeyPatch) -> None:
    project = make_project()
    write(project)
    monkeypatch.setattr(rules, "RULES", {**rules.RULES, "directives": {"zh": 99, "en": 99}})
    assert is_stale(project)


@pytest.mark.parametrize("missing", ["official.csv", "official_found.csv"])
def test_without_one_of_the_files_there_is_nothing(missing: str, make_project: MakeProject) -> None:
    project = make_project()
    write(project)
    (project.data / "gold" / missing).unlink()
    assert load_official(project) is None


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("official.csv", "县域", "县域域", "Did you mean '县域'"),
        ("official.csv", "percent|", "percentage|", "Did you mean 'percent'"),
        ("official.csv", "none", "noone", "official.csv:8: instruments: 'noone' is no code"),
        ("official.csv", "a:p01.2", "a:p01.1", "'a:p01.1' is given twice"),
        ("official.csv", "sentence,", "sentences,", "no column sentence"),
        ("official_found.csv", "# rules", "# roules", "no line '# rules sha256: …'"),
        ("official_found.csv", "a:p02.1", "a:p03.1", "its sentences are not those of data/gold/official.csv"),
    ],
)
def test_a_mistake_is_named(name: str, old: str, new: str, message: str, make_project: MakeProject) -> None:
    project = make_project()
    write(project)
    path = project.data / "gold" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InvalidDataError) as caught:
        load_official(project)
    assert message in str(caught.value)
    assert f"data/gold/{name}" in str(caught.value)


def test_a_sentence_is_coded_by_kinds_alone(coding: Coding) -> None:
    text = "到2025年，要推进县域经济发展，县域常住人口城镇化率达到60%左右。"
    coded = code_sentence("x:p01.1", text, "zh", coding)
    assert coded.sentence == "x:p01.1"
    assert len(coded.concepts) == len(set(coded.concepts)) > 0
    assert "percent" in coded.quantities
    assert coded.instruments


def test_the_official_sentences_of_this_project_were_drawn_as_they_say(project: Project) -> None:
    official = load_official(project)
    assert official is not None
    assert len(official.gold) == 150
    assert official.coder and official.sample
    text = found_file_of(project).read_text(encoding="utf-8")
    assert len(official.texts_sha256) == len(hashlib.sha256().hexdigest())
    codes = {code for one in official.found for field in FIELDS[1:] for code in getattr(one, field)}
    rows = [line for line in text.splitlines() if not line.startswith("#")][1:]
    left = [cell for row in rows for part in row.split(",")[1:] for cell in part.split("|")]
    assert {cell.strip('"') for cell in left if cell} <= codes, "nothing but codes stands in the file"


def test_missing_files_are_no_error(tmp_path: Path) -> None:
    assert load_official(Project(tmp_path)) is None


def test_scores_need_every_sentence_of_both(project: Project) -> None:
    official = load_official(project)
    assert isinstance(official, Official)
    assert [one.sentence for one in official.found] == [one.sentence for one in official.gold]
