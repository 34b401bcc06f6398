from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from kinds import MakeProject

from policybook.build.new import make_project
from policybook.corpus.scope import Vocabulary, load_vocabulary
from policybook.errors import AnswerError, InvalidDataError
from policybook.intake.add import Answers
from policybook.intake.entries import EditError, EntryLine
from policybook.intake.fetch import Given
from policybook.intake.metadata import (
    COLUMNS,
    DocumentTable,
    PlaceNames,
    Told,
    add_places,
    at_row,
    entry_rows,
    read_changes,
    select_entries,
    split_places,
    write_changes,
)
from policybook.project import Project


@pytest.fixture
def empty(tmp_path: Path) -> Project:
    return Project(make_project(tmp_path / "book", None))


def table(folder: Path, text: str, vocabulary: Vocabulary) -> DocumentTable:
    (folder / "m.csv").write_text(text, encoding="utf-8")
    return DocumentTable.read(folder / "m.csv", vocabulary)


def given(*names: str) -> list[Given]:
    return [Given(name, bytes) for name in names]


def test_places_of_a_cell_are_parted_as_people_part_them() -> None:
    assert split_places(" a, b+c；d、 e ,") == ("a", "b", "c", "d", "e")


@pytest.mark.parametrize(
    ("cell", "found"),
    [("liaoning", "liaoning"), ("Liaoning", "liaoning"), ("辽宁", "liaoning"), ("NATIONAL", "national"), ("xx", None)],
)
def test_a_place_is_found_by_whatever_it_is_called(vocabulary: Vocabulary, cell: str, found: str | None) -> None:
    assert PlaceNames(vocabulary).find(cell) == found


def test_rows_and_files_are_matched_by_the_ends_of_paths(tmp_path: Path, vocabulary: Vocabulary) -> None:
    made = table(tmp_path, "file\na.txt\nx/b.txt\nb.txt\n./y\\c.txt\nlost.txt\n", vocabulary)
    files = given("t/a.txt", "t/x/b.txt", "t/z/b.txt", "t/y/c.txt", "t/aa.txt", f"{tmp_path}/m.csv", "t/last.txt")
    matched, left = made.match(files)
    found = [one if isinstance(one, str) else one.name for _, one in matched]
    assert [found[n] for n in (0, 1, 3)] == ["t/a.txt", "t/x/b.txt", "t/y/c.txt"]
    assert "m.csv:4: file: 2 files have the name 'b.txt': t/x/b.txt, t/z/b.txt. Write their folders too." in found[2]
    assert found[4].endswith("m.csv:6: file: there is no file 'lost.txt' in what was given. Did you mean 'last.txt'?")
    assert [one.name for one in left] == ["t/aa.txt", "t/last.txt"], "the table itself is no document"


def test_a_row_is_answers_and_other_fields_of_an_entry(tmp_path: Path, vocabulary: Vocabulary) -> None:
    heads = "file,speaker,places,written,language,title_zh,machine_translated,voice"
    text = f"{heads}\na,辽宁,Fujian+national,2014/8/9,zh,甲,TRUE,\n"
    made = table(tmp_path, text, vocabulary)
    told = made.told(made.rows[0], vocabulary)
    assert told.answers == Answers(speaker="liaoning", places=("fujian", "national"), written="2014-08-09")
    assert told.more == {"language": "zh", "title_zh": "甲", "machine_translated": True}
    assert told.answers_with(Answers(voice="official", speaker="fujian")).voice == "official"
    lines = [EntryLine("id", "x"), EntryLine("language", "en"), EntryLine("script", "latn"), EntryLine("notes", ("n",))]
    assert [(line.field, line.value) for line in told.describe(lines)] == [
        ("id", "x"), ("language", "zh"), ("title_zh", "甲"), ("machine_translated", True), ("notes", ("n",)),
    ]  # fmt: skip


def test_what_to_do_about_an_unknown_place_is_said_once(tmp_path: Path, vocabulary: Vocabulary) -> None:
    made = table(tmp_path, "file,speaker,places\na,New Elm,\nb,Old Elm,New Elm\n", vocabulary)
    unknown = made.unknown_places(vocabulary, [2, 3])
    said = []
    for row in made.rows:
        with pytest.raises(InvalidDataError) as refused:
            made.told(row, vocabulary, unknown)
        said.append(str(refused.value))
    assert "unknown place 'New Elm'" in said[0]
    assert "Or give --yes to add it" in said[0]
    assert "unknown place 'New Elm'. See line 2." in said[1]
    assert said[1].count("--yes") == 1, "of Old Elm"


def test_names_that_spreadsheets_were_kept_from_computing_are_read_back(tmp_path: Path, vocabulary: Vocabulary) -> None:
    made = table(tmp_path, "file,publisher,title\na,'=1+1,'quoted\n", vocabulary)
    assert made.told(made.rows[0], vocabulary).answers == Answers(publisher="=1+1", title="'quoted")


def test_places_get_entries_that_check_accepts(empty: Project) -> None:
    made = add_places(empty, ["New Elm", "青溪县", "Élan", "新 Elm", "new elm"])
    assert made == {"New Elm": "new-elm", "青溪县": "qingxixian", "Élan": "elan", "新 Elm": "xin-elm",
                    "new elm": "new-elm-2"}  # fmt: skip
    places = {place.id: place for place in load_vocabulary(empty).places}
    assert places["qingxixian"].zh == ["青溪县"] and places["qingxixian"].label_zh == "青溪县"
    assert places["new-elm"].en == ["New Elm"] and places["new-elm"].label_zh == ""
    assert places["elan"].within == "national"
    before = (empty.lexicon / "places.yml").read_bytes()
    for name in ("???", "x" * 70):
        with pytest.raises(AnswerError, match="is no name of a place"):
            add_places(empty, ["Sound", name])
    assert (empty.lexicon / "places.yml").read_bytes() == before


def test_the_table_of_this_book_has_every_document_and_comes_back(project: Project, vocabulary: Vocabulary,
                                                                  tmp_path: Path) -> None:  # fmt: skip
    rows = entry_rows(project)
    listed = yaml.safe_load(project.corpus_file.read_bytes())["documents"]
    assert [row["id"] for row in rows] == [one["id"] for one in listed] and list(rows[0]) == list(COLUMNS)
    assert {row["machine_translated"] for row in rows} <= {"yes", "no", ""}
    path = tmp_path / "t.csv"
    path.write_text("id,voice\n" + "".join(f"{row['id']},{row['voice']}\n" for row in rows[1:]), encoding="utf-8")
    found = read_changes(project, path, vocabulary)
    assert (found.changes, found.without_row, found.edited) == ((), (rows[0]["id"],), found.manifest)


def test_a_table_taken_back_may_name_places_by_their_labels(project: Project, vocabulary: Vocabulary,
                                                            tmp_path: Path) -> None:  # fmt: skip
    row = next(row for row in entry_rows(project) if row["speaker"] == "liaoning")
    (tmp_path / "t.csv").write_text(f"id,speaker,places\n{row['id']},福建,\"Liaoning, 福建\"\n", encoding="utf-8")
    changes = read_changes(project, tmp_path / "t.csv", vocabulary).changes
    assert {one.field: one.value for one in changes} == {"speaker": "fujian", "places": ("liaoning", "fujian")}
    (tmp_path / "t.csv").write_text(f"id,speaker\n{row['id']},Liaoning\n", encoding="utf-8")
    assert read_changes(project, tmp_path / "t.csv", vocabulary).changes == ()


@pytest.mark.parametrize(("heads", "said"), [
    ("File, Title ,SPEAKER", ""), ("file,date", "no such column 'date'. Did you mean 'published'?"),
    ("file,Country", "no such column 'Country'. Did you mean 'speaker'?"),
])  # fmt: skip
def test_headings_may_begin_with_a_capital_and_others_are_understood(tmp_path: Path, vocabulary: Vocabulary,
                                                                     heads: str, said: str) -> None:  # fmt: skip
    text = f"{heads}\na.txt{',' * heads.count(',')}\n"
    if not said:
        assert list(table(tmp_path, text, vocabulary).rows[0].cells) == ["file", "title", "speaker"]
        return
    with pytest.raises(InvalidDataError, match=said):
        table(tmp_path, text, vocabulary)


def test_what_was_shown_is_what_is_written(make_project: MakeProject, vocabulary: Vocabulary, tmp_path: Path) -> None:
    project = make_project()
    identifier = entry_rows(project)[0]["id"]
    (tmp_path / "t.csv").write_text(f"id,title\n{identifier},New\n", encoding="utf-8")
    found = read_changes(project, tmp_path / "t.csv", vocabulary)
    text = project.corpus_file.read_text(encoding="utf-8")
    project.corpus_file.write_text(f"{text}# by hand\n", encoding="utf-8")
    with pytest.raises(EditError, match="has changed meanwhile"):
        write_changes(project, found)
    assert project.corpus_file.read_text(encoding="utf-8") == f"{text}# by hand\n"


def test_a_selection_of_entries(project: Project) -> None:
    rows = entry_rows(project)
    wanted = [row["id"] for row in rows if row["speaker"] == "liaoning"]
    assert wanted and select_entries(project, {"speaker": "liaoning"}) == wanted
    assert select_entries(project, {"machine_translated": True, "speaker": ["liaoning", "national"]}) == [
        row["id"] for row in rows if row["machine_translated"] == "yes"
    ]
    with pytest.raises(AnswerError, match=r"no field 'speeker'\. Did you mean 'speaker'"):
        select_entries(project, {"speeker": "x"})
    with pytest.raises(AnswerError, match="no document has voice=offical"):
        select_entries(project, {"voice": "offical"})


def test_an_error_about_a_document_becomes_one_about_its_row(tmp_path: Path, vocabulary: Vocabulary) -> None:
    assert at_row("m.csv", 7, AnswerError("--id: 'A' is no id.")) == "m.csv:7: id: 'A' is no id."
    assert at_row("m.csv", 7, ValueError("other")) is None
    with pytest.raises(InvalidDataError, match=r"m\.csv:1: no such column 'plase'\. Did you mean 'places'"):
        table(tmp_path, "file,plase\na,b\n", vocabulary)
    assert Told(2, "a", Answers(), {}).describe([EntryLine("language", "en")]) == [EntryLine("language", "en")]
