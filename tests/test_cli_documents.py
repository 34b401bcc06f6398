"""Documents by the table, as a new user meets it: an empty project, a folder of texts, tables with mistakes."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from policybook.build.new import make_project
from policybook.cli import main
from policybook.corpus.manifest import load_manifest
from policybook.corpus.scope import load_vocabulary
from policybook.project import Project

TEXT = """\
{place} will mend its {thing}
{year}-04-03

The council of {place} will mend its {thing} within three years and report each spring what that costs.
Our region shall train {year} people for it.
"""
PAGE = "<!DOCTYPE html><html lang=en><title>{0}</title><body><article><h1>{0}</h1>{1}</article></body></html>"


@pytest.fixture
def book(tmp_path: Path) -> Project:
    return Project(make_project(tmp_path / "book", None))


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """A folder with four texts of two kinds, one of them in a folder of its own."""
    folder = tmp_path / "texts"
    (folder / "pages").mkdir(parents=True)
    for n, (place, thing) in enumerate([("Riverton", "bridges"), ("Northland", "mills"), ("Saint-Elm", "wells")]):
        (folder / f"{n}.txt").write_text(TEXT.format(place=place, thing=thing, year=2011 + n), encoding="utf-8")
    kinds = ("old", "new", "small", "large", "other")
    body = "".join(f"<p>Riverton will mend its {one} schools and say each year what that costs.</p>" for one in kinds)
    page = PAGE.format("Schools of Riverton", f"<p>Published: 2015-06-07</p>{body}")
    (folder / "pages" / "3.html").write_text(page, encoding="utf-8")
    return folder


def row(file: str, place: str = "Riverton", **other: str) -> dict[str, str]:
    return {"file": file, "speaker": place, "written": "2012", "publisher": "the council", "voice": "official",
            "rights": "quote", **other}  # fmt: skip


ROWS = [row("0.txt", title="Bridges", written="2011"), row("1.txt", "Northland"),
        row("2.txt", "Saint-Elm", written="2013"),
        row("3.html", places="Riverton+Northland", written="2015")]  # fmt: skip


def write(path: Path, rows: Sequence[Mapping[str, str]], mark: str = ",", encoding: str = "utf-8-sig") -> Path:
    made = io.StringIO(newline="")
    heads = list(dict.fromkeys(name for one in rows for name in one))
    table = csv.DictWriter(made, heads, restval="", delimiter=mark)
    table.writeheader()
    table.writerows(rows)
    path.write_bytes(made.getvalue().encode(encoding))
    return path


def run(project: Project, *arguments: str | Path, answers: str | None = None) -> Result:
    done = CliRunner().invoke(main, ["--project", str(project.root), *map(str, arguments)], input=answers)
    assert done.exception is None or isinstance(done.exception, SystemExit), repr(done.exception)
    assert "stopped unexpectedly" not in done.output and "Traceback" not in done.output
    return done


def data(project: Project) -> dict[str, bytes]:
    return {str(p.relative_to(project.root)): p.read_bytes() for p in project.data.rglob("*") if p.is_file()}


def entries(project: Project) -> list[dict[str, object]]:
    return list(yaml.safe_load(project.corpus_file.read_bytes())["documents"])


@pytest.fixture
def filled(book: Project, texts: Path, tmp_path: Path) -> Project:
    assert run(book, "add", texts, "--metadata", write(tmp_path / "m.csv", ROWS), "--yes").exit_code == 0
    return book


def test_a_folder_is_added_as_its_table_says_and_undone_as_one(book: Project, texts: Path, tmp_path: Path) -> None:
    before = data(book)
    done = run(book, "add", texts, "--metadata", write(tmp_path / "m.csv", ROWS), "--yes")
    assert done.exit_code == 0, done.output
    assert "Of 4 files: 4 added." in done.output and done.output.count("policybook build") == 1
    assert "Added the place saint-elm (Saint-Elm)" in done.output
    assert [line[:5] for line in done.output.splitlines() if line[:1] == "["] == [f"[{n}/4]" for n in (1, 2, 3, 4)]
    vocabulary = load_vocabulary(book)
    assert {"riverton", "northland", "saint-elm"} <= set(vocabulary.place_ids)
    made = load_manifest(book, vocabulary)
    assert [one.speaker for one in made] == ["riverton", "northland", "saint-elm", "riverton"]
    assert made[0].title == "Bridges" and made[3].places == ["riverton", "northland"]
    assert made[3].published == "2015-06-07" and made[3].written == "2015", "what the table leaves open is guessed"
    assert run(book, "check").exit_code == 0
    undone = run(book, "undo")
    assert "Undone: added 4 documents" in undone.output
    assert data(book) == before
    assert "Nothing to undo" in run(book, "undo").output


def test_a_place_that_the_command_names_is_offered_as_that_of_a_table(book: Project, texts: Path) -> None:
    before = data(book)
    done = run(book, "add", texts / "0.txt", "--speaker", "Riverton", "--written", "2014", "--rights", "quote")
    assert done.exit_code == 1 and data(book) == before
    assert "--speaker: unknown 'Riverton'." in done.stderr and "Or give --yes to add it" in done.stderr
    done = run(book, "add", texts / "0.txt", "--speaker", "Riverton", "--places", "Saint Elm", "--yes")
    assert done.exit_code == 0, done.output
    assert "Added the place riverton (Riverton) to data/lexicon/places.yml." in done.output
    (entry,) = entries(book)
    assert (entry["speaker"], entry["places"]) == ("riverton", ["saint-elm"])
    assert run(book, "check").exit_code == 0
    run(book, "undo")
    assert data(book) == before


def test_where_no_document_comes_no_place_comes_either(book: Project, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    before = data(book)
    done = run(book, "add", tmp_path / "empty.txt", "--speaker", "Riverton", "--yes")
    assert done.exit_code == 1 and "No document was added" in done.stderr
    assert data(book) == before


def test_what_is_doubtful_is_a_table_at_the_end(book: Project, texts: Path, tmp_path: Path) -> None:
    table = write(tmp_path / "m.csv", [{"file": f"{n}.txt", "speaker": "Riverton"} for n in range(3)])
    done = run(book, "add", *sorted(texts.glob("*.txt")), "--metadata", table, "--yes")
    assert done.exit_code == 0, done.output
    told = done.output[done.output.index("Guessed and doubtful") :].splitlines()
    assert told[1].split() == ["field", "taken", "because", "documents"]
    fields = {line.split()[0]: line for line in told[2:] if not line.startswith("Next")}
    assert "  3: " in fields["rights"] and "not named" in fields["publisher"] and "speaker" not in fields


def test_every_mistake_of_a_table_is_named_by_line_and_stops_no_other_document(
    book: Project, texts: Path, tmp_path: Path
) -> None:
    rows = [row("O.txt"), row("1.txt", written="Aug-14"), row("1.txt", voice="offical"),
            row("2.txt", published="2001", written="2013"), row("3.html", written="2015/6/7")]  # fmt: skip
    table = write(tmp_path / "m.csv", rows, ";")
    with table.open("a", encoding="utf-8") as file:
        file.write("0.txt;x\n")
    done = run(book, "add", texts, "--metadata", table, "--yes")
    assert done.exit_code == 1
    said = done.stderr.splitlines()
    for line, words in ((2, "no file 'O.txt'"), (3, "'Aug-14' is not a date"), (4, "Did you mean 'official'?"),
                        (4, "stands already in line 3"), (5, "after it was published '2001'"), (7, "2 cells under")):
        assert [one for one in said if one.startswith(f"policybook: {table}:{line}: ") and words in one], (line, words)
    assert [one for one in said if "0.txt: " in one and "has no row for it" in one]
    assert [(one["file"], one["written"].isoformat()) for one in entries(book)] == [
        ("the-council-2015-schools-riverton.html", "2015-06-07")
    ]
    assert run(book, "check").exit_code == 0


@pytest.mark.parametrize(
    ("heads", "words"),
    [
        ("file,tilte\n", "m.csv:1: no such column 'tilte'. Did you mean 'title'?"),
        ("title,speaker\n", "m.csv:1: no column file."),
        ("file,title\n", "m.csv: it describes no document."),
        ("", "m.csv: the file is empty."),
    ],
)
def test_what_is_no_table_of_documents_adds_nothing(
    book: Project, texts: Path, tmp_path: Path, heads: str, words: str
) -> None:
    (tmp_path / "m.csv").write_text(heads, encoding="utf-8")
    before = data(book)
    done = run(book, "add", texts, "--metadata", tmp_path / "m.csv", "--yes")
    assert done.exit_code == 1 and words in done.output
    assert data(book) == before and not (book.root / ".policybook").exists()
    assert "missing.csv" in run(book, "add", texts, "--metadata", "missing.csv", "--yes").output


def test_a_table_of_documents_is_no_document(book: Project, tmp_path: Path) -> None:
    before = book.corpus_file.read_bytes()
    for text in ("file,title\na.txt,A\n", '\ufeff"File";"Title"\r\n"a.txt";"A"\r\n'):
        (tmp_path / "m.csv").write_text(text, encoding="utf-8")
        done = run(book, "add", tmp_path / "m.csv", "--yes")
        assert done.exit_code == 1 and "it describes documents and is none. Give it as --metadata." in done.output
    assert book.corpus_file.read_bytes() == before


def test_nobody_to_ask_adds_no_place_and_takes_no_guess(book: Project, texts: Path, tmp_path: Path) -> None:
    before = data(book)
    done = run(book, "add", texts, "--metadata", write(tmp_path / "m.csv", ROWS))
    assert done.exit_code == 1 and "m.csv:2: speaker: unknown place 'Riverton'." in done.stderr
    assert data(book) == before
    unsaid = row("0.txt", "national", written="2011", rights="")
    table = write(tmp_path / "m.csv", [unsaid, row("1.txt", "national", title="Mills")])
    done = run(book, "add", *sorted(texts.glob("[01].txt")), "--metadata", table)
    assert "m.csv:2: it does not say rights. Fill that in" in done.stderr
    assert [one["title"] for one in entries(book)] == ["Mills"]
    write(table, [unsaid])
    assert run(book, "add", texts / "0.txt", "--metadata", table, "--rights", "full").exit_code == 0
    assert entries(book)[-1]["rights"] == "full", "an option holds for all rows that say nothing else"


def test_a_person_is_asked_once_for_places_and_once_for_all(
    book: Project, texts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("policybook.cli_documents._can_ask", lambda: True)
    table, before = write(tmp_path / "m.csv", ROWS), data(book)
    assert run(book, "add", texts, "--metadata", table, answers="n\n").exit_code == 1
    assert data(book) == before
    done = run(book, "add", texts, "--metadata", table, answers="y\ny\n")
    assert done.exit_code == 0 and "Saint-Elm (line 4)" in done.output and "Add 4 documents?" in done.output
    assert len(entries(book)) == 4


def test_an_archive_and_chinese_saved_by_a_spreadsheet(book: Project, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as made:
        for name, place in (("甲.txt", "青溪县"), ("乙.txt", "白河县")):
            text = f"{place}推进城镇化的报告\n2024-01-02\n{place}要办好教育，让孩子们都上学。\n"
            made.writestr(f"texts/{name}", text)
    rows = [row("甲.txt", "青溪县", publisher="青溪日报"), row("texts/乙.txt", "白河县", written="2024/1/2")]
    for mark, encoding in ((";", "gb18030"), ("\t", "utf-16")):
        table = write(tmp_path / "m.csv", rows, mark, encoding)
        done = run(book, "add", tmp_path / "t.zip", "--metadata", table, "--yes")
        assert done.exit_code == 0, done.output
        one, other = load_manifest(book, vocabulary := load_vocabulary(book))
        assert (one.speaker, one.publisher, other.written) == ("qingxixian", "青溪日报", "2024-01-02")
        assert vocabulary.label_zh("baihexian") == "白河县"
        assert run(book, "check").exit_code == 0
        assert run(book, "undo").exit_code == 0


def test_the_table_of_entries_comes_back_without_a_change(filled: Project, tmp_path: Path) -> None:
    before = data(filled)
    listed = run(filled, "documents")
    assert "4 documents in data/corpus.yml." in listed.output
    assert all(str(one["id"]) in listed.output for one in entries(filled))
    table = tmp_path / "t.csv"
    table.write_bytes(run(filled, "documents", "--csv").stdout_bytes)
    done = run(filled, "documents", "--from", table, "--yes")
    assert (done.exit_code, done.output) == (0, "Nothing changes.\n")
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert rows[3]["places"] == "riverton, northland"
    write(table, rows, ";", "gb18030")
    assert run(filled, "documents", "--from", table, "--yes").output == "Nothing changes.\n"
    assert data(filled) == before
    assert run(filled, "documents", "--csv", "--from", table).exit_code == 2


def edited(project: Project, path: Path, changes: Mapping[int, Mapping[str, str]], left_out: int | None = None) -> Path:
    rows = list(csv.DictReader(io.StringIO(run(project, "documents", "--csv").stdout)))
    for n, cells in changes.items():
        rows[n] |= cells
    return write(path, [one for n, one in enumerate(rows) if n != left_out])


def test_an_edited_table_shows_what_it_changes_and_is_undone(filled: Project, tmp_path: Path) -> None:
    head = filled.corpus_file.read_text(encoding="utf-8")
    filled.corpus_file.write_text(head.replace("    voice: official\n", "    voice: official  # by hand\n", 1), "utf-8")
    before = data(filled)
    changes = {0: {"title": "A: # 'b'", "voice": "reported", "url": "https://x.org/"},
               1: {"title_zh": "磨坊", "written_evidence": ""}}  # fmt: skip
    table = edited(filled, tmp_path / "t.csv", changes, left_out=2)
    asked = run(filled, "documents", "--from", table)
    assert asked.exit_code == 1 and "Add --yes" in asked.stderr and data(filled) == before
    assert "official" in asked.output and "reported" in asked.output and "(empty)" in asked.output
    assert "1 document without a row" in asked.stderr and "policybook remove " in asked.stderr
    done = run(filled, "documents", "--from", table, "--yes")
    assert "Changed 5 fields of 2 documents" in done.output
    after = entries(filled)
    assert (after[0]["title"], after[0]["url"], after[1]["title_zh"]) == ("A: # 'b'", "https://x.org/", "磨坊")
    assert after[1]["written_evidence"] is None and len(after) == 4
    assert "    voice: reported  # by hand\n" in filled.corpus_file.read_text(encoding="utf-8")
    assert run(filled, "check").exit_code == 0
    assert "A further undo would undo: added 4 documents" in run(filled, "undo").output
    assert data(filled) == before


def test_an_edited_table_with_a_mistake_changes_nothing(filled: Project, tmp_path: Path) -> None:
    before, first = data(filled), str(entries(filled)[0]["id"])
    for cells, words in (
        ({"id": f"{first}s"}, f"t.csv:2: id: no document '{first}s' in data/corpus.yml."),
        ({"speaker": "rivertom"}, "t.csv:2: speaker: unknown place 'rivertom'. Did you mean 'riverton'?"),
        ({"places": "riverton, north"}, "t.csv:2: places: unknown place 'north'."),
        ({"title": ""}, "t.csv:2: title: the cell is empty. Fill it."),
        ({"file": "x.txt"}, "t.csv:2: file: a table does not change the file."),
        ({"url": "ftp:x"}, "t.csv:2: url: 'ftp:x' is no web address."),
        ({"published": "1999"}, "t.csv:2: written: written '2011' after it was published '1999'."),
        ({"machine_translated": "maybe"}, "t.csv:2: machine_translated: 'maybe' is neither yes nor no."),
    ):
        table = edited(filled, tmp_path / "t.csv", {0: cells, 1: {"title": "New"}})
        done = run(filled, "documents", "--from", table, "--yes")
        assert done.exit_code == 1 and words in done.output, done.output
        assert data(filled) == before


def test_several_are_removed_or_none_and_a_hand_in_between_stops_undoing(filled: Project) -> None:
    before, ids = data(filled), [str(one["id"]) for one in entries(filled)]
    done = run(filled, "remove", ids[0], "no-such", ids[3])
    assert done.exit_code == 1 and "'no-such'" in done.output and data(filled) == before
    assert run(filled, "remove", ids[0], ids[3]).exit_code == 0
    assert [one["id"] for one in entries(filled)] == ids[1:3] and len(list(filled.documents.iterdir())) == 2
    text = filled.corpus_file.read_text(encoding="utf-8")
    filled.corpus_file.write_text(f"{text}# mine\n", encoding="utf-8")
    stopped = run(filled, "undo")
    assert stopped.exit_code == 1 and "data/corpus.yml has been changed since" in stopped.stderr
    filled.corpus_file.write_text(text, encoding="utf-8")
    assert "removed 2 documents" in run(filled, "undo").output
    assert data(filled) == before


def test_a_selection_is_removed_when_that_is_wanted(filled: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    before = data(filled)
    assert "Add --yes" in run(filled, "remove", "--where", "speaker=riverton").stderr
    assert "Did you mean 'riverton'?" in run(filled, "remove", "--where", "speaker=rivertom", "--yes").stderr
    assert "no field 'speker'" in run(filled, "remove", "--where", "speker=riverton", "--yes").stderr
    assert run(filled, "remove", "--where", "speaker").exit_code == run(filled, "remove").exit_code == 2
    monkeypatch.setattr("policybook.cli_documents._can_ask", lambda: True)
    assert run(filled, "remove", "--where", "speaker=riverton", answers="n\n").exit_code == 1
    assert data(filled) == before
    done = run(filled, "remove", "--where", "speaker=riverton,voice=official", answers="y\n")
    assert done.exit_code == 0 and "Remove 2 documents?" in done.output
    assert [one["speaker"] for one in entries(filled)] == ["northland", "saint-elm"]


def test_replacing_is_undone_too_and_one_further_back(filled: Project, tmp_path: Path) -> None:
    before, first = data(filled), str(entries(filled)[0]["id"])
    page = tmp_path / "new.html"
    page.write_text(PAGE.format("Bridges", "<p>The council of Riverton mends its bridges.</p>" * 5), encoding="utf-8")
    assert run(filled, "replace", first, page).exit_code == 0
    assert run(filled, "remove", str(entries(filled)[1]["id"])).exit_code == 0
    assert "removed 1 document" in run(filled, "undo").output
    assert f"replaced {first}" in run(filled, "undo").output
    assert data(filled) == before
