"""From texts that are recommended to the same tables again: fetched over a server, measured, checked, compared."""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from copies import ROOT, copy_project, policybook_here
from invented_reports import GROUP, lay_reports, make_texts, recommended_entries, title_of
from measuring_texts import TEXTS, Own, change_scheme, contents, copy_of, lay_texts, measure_own, measured_as
from site_server import serve_folder

from policybook.analysis.measured_counts import measured_counts
from policybook.coding import rules
from policybook.coding.described import read_metadata
from policybook.coding.measure import check_measured, measure
from policybook.coding.measured import (
    BLOCKS,
    COUNTED,
    COUNTS,
    DOCUMENTS,
    LENGTHS,
    RECORD,
    age_of,
    make_measured,
    parse_concepts,
    read_measured,
    show_concepts,
    text_link,
    write_measured,
)
from policybook.coding.scheme import INSTRUMENTS, load_scheme, spell_out
from policybook.corpus.scope import load_vocabulary
from policybook.errors import InvalidDataError, SelectionError
from policybook.project import Project
from policybook.words.say import say

#: The rows of `compare --json` by family and id, and what it says besides.
Compared = tuple[dict[tuple[str, str], dict[str, Any]], str]

# Measuring: counts and no text, the same bytes each time, and every fault in a folder of tables ----


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Own:
    """A project with two texts measured as `own`, and the texts with their metadata. Change a copy of it."""
    return measure_own(tmp_path_factory)


def without_forms(tables: str) -> str:
    """Return the text of tables without the last column of counts.csv: forms of the scheme, as another test finds."""
    return re.sub(r"(?m)(,concept,.*),[^,\n]*$", r"\1", tables)


def test_tables_hold_what_the_coding_finds(own: Own) -> None:
    found_in = read_measured(own[0].measured / "own", own[0])
    assert found_in.documents["document"].tolist() == ["qingshan-2019", "qingshan-2023"]
    assert found_in.documents["blocks_100"].sum() == len(found_in.blocks)
    found = [parse_concepts(cell) for cell in found_in.blocks["concepts"]]
    assert any("hukou-reform" in counts for counts in found)
    assert any(counts.get("county-economy") == 1 for counts in found)


def test_no_run_of_four_characters_of_a_text_is_in_the_tables(own: Own) -> None:
    tables = without_forms("\n".join(content.decode() for content in contents(own[0].measured / "own").values()))
    titles = "".join(read_measured(own[0].measured / "own", own[0]).documents["title"])
    for text in TEXTS.values():
        for run in re.findall("[\u4e00-\u9fff]{4,}", text):
            for n in range(len(run) - 3):
                assert run[n : n + 4] in titles or run[n : n + 4] not in tables


def test_the_same_texts_give_the_same_bytes(own: Own, tmp_path: Path) -> None:
    """In another folder, and over the tables that stand there."""
    project = copy_of(own[0], tmp_path)
    before = contents(project.measured / "own")
    for name in ("own", "two"):
        assert measured_as(name, project, *own[1:]).exit_code == 0
        assert contents(project.measured / name) == before
    ours = {path.name for path in (ROOT / "data" / "measured").glob("*")}
    assert {path.name for path in project.measured.iterdir()} - ours == {"own", "two"}


@pytest.mark.parametrize(
    ("file", "before", "after", "message"),
    [
        ("blocks.csv", "qingshan-2019,1,", "qingshan-2019,7,", "blocks.csv: it is not the file that was measured"),
        ("counts.csv", ",城市更新", ",更新", "counts.csv: it is not the file that was measured"),
        ("documents.csv", "yunnan", "liaoning", "its hash differs"),
        ("measured.yml", "made_by", "made_bye", "no such field"),
    ],
)
def test_a_changed_table_is_found(own: Own, tmp_path: Path, file: str, before: str, after: str, message: str) -> None:
    folder = tmp_path / "own"
    shutil.copytree(own[0].measured / "own", folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert before in text
    (folder / file).write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(InvalidDataError, match=re.escape(message)):
        read_measured(folder, own[0])


def test_texts_at_hand_are_held_against_their_counts(own: Own, tmp_path: Path) -> None:
    project, texts = copy_of(own[0], tmp_path), own[1]
    folder = project.measured / "own"
    assert measured_as("two", project, texts, folder / "documents.csv").exit_code == 0
    assert (folder / "blocks.csv").read_bytes() == (folder.with_name("two") / "blocks.csv").read_bytes()
    (project.documents / "received.txt").write_bytes((texts / "qingshan-2019.txt").read_bytes())
    check_measured(project, load_vocabulary(project))
    measured = read_measured(folder, project)
    forged = measured.blocks.assign(quantity_money=measured.blocks["quantity_money"] + 1)
    record = measured.record
    wrong = make_measured(measured.documents, measured.counts, forged, made_by=record.made_by, rules=record.rules)
    write_measured(folder, wrong)
    done = policybook_here("check", project=project)
    assert done.exit_code == 1
    assert "qingshan-2019: its counts are not those of its text in data/documents." in done.output
    assert "qingshan-2023" not in done.output


def test_a_folder_with_something_else_in_it_is_left_alone(own: Own, tmp_path: Path) -> None:
    texts, metadata = lay_texts(tmp_path)
    done = policybook_here("measure", str(texts), "--metadata", str(metadata), "--out", str(texts), project=own[0])
    assert done.exit_code == 1
    assert "which is no measured table" in done.output
    assert sorted(path.name for path in texts.iterdir()) == sorted(TEXTS)


def test_a_disk_that_refuses_leaves_the_old_tables(own: Own, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = copy_of(own[0], tmp_path)
    folder = project.measured / "own"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    real = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if path.name == "new":
            raise OSError(28, "No space left on device")
        return real(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    done = measured_as("own", project, *own[1:])
    assert done.exit_code == 1
    assert "No space left on device" in done.output
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_concepts_cells_go_there_and_back() -> None:
    counts = {"county": 2, "all-round-rural-revitalization": 1}
    assert show_concepts(counts) == "all-round-rural-revitalization:1 county:2"
    assert parse_concepts(show_concepts(counts)) == counts
    assert parse_concepts("") == {}


#: A run of so many characters of a text, found in a table, is text that leaked.
RUN = 6


MEASURED_REPORTS_TEXTS = make_texts(years=range(2017, 2021), places=["national", "yunnan"])


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return lay_reports(tmp_path_factory.mktemp("texts"), MEASURED_REPORTS_TEXTS)


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory, texts: tuple[Path, Path]) -> Project:
    """A project with the invented reports measured, and recommended, but not at hand."""
    project = copy_project(tmp_path_factory.mktemp("projects") / "project")
    shutil.rmtree(project.measured, ignore_errors=True)
    project.recommended_file.write_text(f"texts:\n{recommended_entries(MEASURED_REPORTS_TEXTS)}", encoding="utf-8")
    folder, metadata = texts
    out = project.measured / "invented"
    done = policybook_here("measure", str(folder), "--metadata", str(metadata), "--out", str(out), project=project)
    assert done.exit_code == 0, done.output
    return project


@pytest.fixture(scope="module")
def fetched(tmp_path_factory: pytest.TempPathFactory, measured: Project, texts: tuple[Path, Path]) -> Project:
    """The same project after the texts were fetched from a server."""
    root = tmp_path_factory.mktemp("projects") / "fetched"
    shutil.copytree(measured.root, root)
    (texts[0] / "index.html").touch()  # the server wants a front page
    with serve_folder(texts[0]) as address:
        arguments = ("add", "--recommended", GROUP, "--from", address, "--yes", "--allow-private")
        done = policybook_here(*arguments, project=Project(root))
    assert done.exit_code == 0, done.output
    return Project(root)


def test_whoever_fetches_the_texts_makes_the_same_tables(measured: Project, fetched: Project, tmp_path: Path):
    before, again = measured.measured / "invented", tmp_path / "again"
    metadata = str(before / DOCUMENTS)
    done = policybook_here(
        "measure", str(fetched.documents), "--metadata", metadata, "--out", str(again), project=fetched
    )
    assert done.exit_code == 0, done.output
    assert contents(again) == contents(before)


def test_the_check_passes_with_and_without_the_texts(measured: Project, fetched: Project):
    check_measured(measured, load_vocabulary(measured))
    done = policybook_here("check", project=fetched)
    assert done.exit_code == 0, done.output


def falsify(project: Project, tmp_path: Path) -> Project:
    """Copy a project and change one count, with the record put right so that no hash gives it away."""
    root = tmp_path / "false"
    shutil.copytree(project.root, root)
    folder = Project(root).measured / "invented"
    path = folder / BLOCKS
    table = path.read_text(encoding="utf-8")
    wrong = re.sub(r"county-economy:1", "county-economy:2", table, count=1)
    assert wrong != table
    path.write_text(wrong, encoding="utf-8")
    old, new = (hashlib.sha256(text.encode()).hexdigest() for text in (table, wrong))
    record = (folder / RECORD).read_text(encoding="utf-8")
    (folder / RECORD).write_text(record.replace(old, new), encoding="utf-8")
    return Project(root)


def test_the_check_holds_tables_against_texts_at_hand(measured: Project, fetched: Project, tmp_path: Path):
    unknowing, knowing = falsify(measured, tmp_path / "a"), falsify(fetched, tmp_path / "b")
    check_measured(unknowing, load_vocabulary(unknowing))
    with pytest.raises(InvalidDataError, match="are not those of its text"):
        check_measured(knowing, load_vocabulary(knowing))


def test_no_text_is_in_the_tables(measured: Project):
    tables = without_forms("\n".join(content.decode() for content in contents(measured.measured / "invented").values()))
    for name in MEASURED_REPORTS_TEXTS:
        tables = tables.replace(title_of(name), "").replace(name.removesuffix(".txt"), "")
    for text in MEASURED_REPORTS_TEXTS.values():
        lines = text.splitlines()[1:]  # the title may stand there
        runs = {line[at : at + RUN] for line in lines for at in range(len(line) - RUN + 1)}
        assert [run for run in runs if run in tables] == []


def test_the_counts_tell_the_places_apart(measured: Project):
    space = compared(measured)[0]["theme", "space"]
    assert space["right"]["share"] > space["left"]["share"] and space["same_direction"] == space["pairs"]


SIDE = {"selection", "documents", "passages", "blocks", "mentions", "languages"}
ROW = {
    "family", "id", "label", "term_zh", "left", "right", "difference", "low95", "high95", "low", "high", "eligible",
    "verdict", "reason", "fragile", "evidence", "ratio", "ratio_low", "ratio_high", "p_family", "pairs",
    "same_direction", "influence",
}  # fmt: skip
VERDICTS = {"more in left", "more in right", "alike", "not settled", "too little evidence"}


def test_the_json_of_a_measured_corpus_keeps_its_contract(measured: Project):
    words = ["compare", "place=national", "place=yunnan,era=2014-2020", "--corpus", "invented", "--json"]
    done = policybook_here(*words, project=measured)
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert set(said) == {"design", "left", "right", "thresholds", "placebo", "rows"}
    assert set(said["left"]) == set(said["right"]) == SIDE
    assert said["left"]["selection"] == {"place": "national"} and said["left"]["passages"] is None
    documents = pd.read_csv(measured.measured / "invented" / DOCUMENTS)
    assert said["right"]["documents"] == documents["place"].eq("yunnan").sum()
    assert said["right"]["blocks"] == documents.loc[documents["place"] != "national", "blocks_100"].sum()
    assert said["rows"] and all(set(row) == ROW for row in said["rows"])
    for row in said["rows"]:
        assert set(row["left"]) == {"blocks", "passages", "documents", "mentions", "share"}
        assert row["verdict"] in VERDICTS
        assert row["low"] <= row["low95"] <= row["difference"] <= row["high95"] <= row["high"]
        assert set(row["evidence"]["left"]) <= set(documents["document"])
        assert len(row["evidence"]["right"]) == row["right"]["documents"]


def test_a_corpus_that_is_not_there_is_named_with_the_nearest(measured: Project):
    done = policybook_here("compare", "place=yunnan", "place=national", "--corpus", "invneted", project=measured)
    assert done.exit_code == 1 and "'invented'" in done.stderr and len(done.stderr.splitlines()) == 1


#: A concept that the invented texts do carry: what nobody counted would be a false 0.
NEW = """concepts:
  - id: old-bridge
    term_zh: 老桥
    term_en: old bridge
    pinyin: lǎo qiáo
    theme: space
    zh: [老桥]
    en: [old bridge]
"""


def compared(project: Project) -> Compared:
    """Return the rows of `compare --json` and what it says besides."""
    words = ["compare", "place=national", "place=yunnan", "--corpus", "invented"]
    done = policybook_here(*words, "--json", project=project)
    assert done.exit_code == 0, done.output
    rows = {(row["family"], row["id"]): row for row in json.loads(done.stdout)["rows"]}
    for row in rows.values():
        assert set(row) == ROW and row["verdict"] in VERDICTS
    return rows, done.stderr


def uncounted(rows: dict[tuple[str, str], dict[str, Any]]) -> set[tuple[str, str]]:
    """Return the rows that are not counted, having looked that they hold no number and give no verdict."""
    found = {key for key, row in rows.items() if row["reason"].startswith("Not counted")}
    for key, row in rows.items():
        numbers = [*row["left"].values(), *row["right"].values()]
        numbers += [row[name] for name in ("difference", "low95", "high95", "low", "high")]
        if key in found:
            assert set(numbers) == {None} and not row["eligible"] and row["verdict"] == "too little evidence"
        else:
            assert row["left"]["share"] is not None and row["difference"] is not None
    return found


@pytest.fixture(scope="module")
def unchanged(measured: Project) -> Compared:
    """What `compare --json` says where the scheme is that of the counts."""
    return compared(measured)


def test_everything_is_counted_where_nothing_changed(measured: Project, unchanged: Compared):
    rows, said = unchanged
    assert uncounted(rows) == set() and said == ""
    checked = policybook_here("check", project=measured).stdout
    assert checked.startswith("No mistakes.") and "counted" not in checked


def test_a_new_concept_is_not_counted(measured: Project, unchanged: Compared, tmp_path: Path):
    before, _ = unchanged
    project = copy_of(measured, tmp_path)
    change_scheme(project, "concepts:\n", NEW)
    rows, said = compared(project)
    assert uncounted(rows) == {("concept", "old-bridge"), ("theme", "space")}, "of either, nobody knows"
    assert "“old bridge”, new in the scheme" in said and "policybook measure FOLDER --metadata" in said
    for key, row in before.items():
        if key != ("theme", "space"):
            assert rows[key] == row, key
    done = policybook_here("check", project=project)
    assert done.exit_code == 0 and "data/measured/invented: Not counted" in done.stdout and "old bridge" in done.stdout
    words = ["compare", "place=national", "place=yunnan", "--corpus", "invented"]
    cells = pd.read_csv(io.StringIO(policybook_here(*words, "--csv", project=project).stdout)).set_index("id")
    assert cells.loc["old-bridge", ["left_blocks", "right_share", "difference"]].isna().all()
    shown = policybook_here(*words, project=project).stdout
    assert "2 rows were not counted." in shown


def test_a_concept_with_other_forms_is_not_counted(measured: Project, tmp_path: Path):
    project = copy_of(measured, tmp_path)
    change_scheme(project, "zh: [县域经济", "zh: [县里的经济, 县域经济")
    rows, said = compared(project)
    assert uncounted(rows) == {("concept", "county-economy"), ("theme", "industry")}
    assert "whose forms have changed" in said


def test_with_other_rules_of_finding_concepts_none_is_counted(measured: Project, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rules, "RULES", {**rules.RULES, "concepts": {"zh": 99, "en": 1}})
    rows, said = compared(measured)
    assert uncounted(rows) == set(rows)
    assert say("measured.rules.concepts") in said and "nobody counted any concept" in said
    assert "nobody counted any concept" in policybook_here("check", project=measured).stdout


def test_other_rules_of_directives_and_of_english_touch_no_concept(measured: Project, monkeypatch: pytest.MonkeyPatch):
    changed = {"concepts": {**rules.RULES["concepts"], "en": 99}, "directives": {"zh": 99, "en": 99}}
    monkeypatch.setattr(rules, "RULES", {**rules.RULES, **changed})
    assert uncounted(compared(measured)[0]) == set()
    assert "nobody counted directives" in policybook_here("check", project=measured).stdout


def test_a_record_without_rules_is_to_be_made_again(measured: Project, tmp_path: Path):
    project = copy_of(measured, tmp_path)
    path = project.measured / "invented" / RECORD
    path.write_text(re.sub(r"(?ms)^rules:.*?(?=^documents)", "", path.read_text(encoding="utf-8")), encoding="utf-8")
    done = policybook_here("check", project=project)
    assert done.exit_code == 1 and "Measure again" in done.stderr


# Counts by document: what they are, at every length of block, and where they lead -------------------


def test_the_counts_of_a_document_are_those_of_its_blocks(measured: Project):
    """Recounted from the other table, which is made another way."""
    made, scheme = read_measured(measured.measured / "invented", measured), load_scheme(measured)
    found = made.counts.set_index(["document", "kind", "id"])
    theme_of = {concept.id: concept.theme for concept in scheme.concepts if scheme.counted(concept.id)}
    for document, blocks in made.blocks.groupby("document"):
        cells = [parse_concepts(cell) for cell in blocks["concepts"]]
        concepts = {concept for cell in cells for concept in cell}
        expected = {("concept", one): [cell.get(one, 0) for cell in cells] for one in concepts}
        for theme in {theme_of[concept] for concept in concepts if concept in theme_of}:
            within = [sum(n for c, n in cell.items() if theme_of.get(c) == theme) for cell in cells]
            expected["theme", theme] = within
        own = found.loc[document]
        assert len(own.drop("theme-before", errors="ignore")) == len(expected)
        for key, counts in expected.items():
            assert (own.loc[key, "mentions"], own.loc[key, "blocks_100"]) == (sum(counts), sum(map(bool, counts)))
    for instrument, subtypes in INSTRUMENTS.items():
        parts = made.blocks[[f"subtype_{one}" for one in subtypes]].sum(axis=1)
        assert not subtypes or (parts == made.blocks[f"instrument_{instrument}"]).all()
    assert made.blocks["subtype_services"].any()
    sums = made.blocks.groupby("document")[[*COUNTS]].sum()
    assert made.documents.set_index("document")[[*COUNTS]].sort_index().equals(sums)


def test_longer_blocks_are_fewer(measured: Project):
    made = read_measured(measured.measured / "invented", measured)
    columns = [f"blocks_{length}" for length in LENGTHS]
    for short, long in pairwise(columns):
        assert (made.documents[short] > made.documents[long]).all()
        assert made.counts[short].sum() > made.counts[long].sum()
    assert (made.counts["mentions"] >= made.counts["blocks_50"]).all() and made.counts[columns].ge(1).all(axis=None)


def test_a_form_is_written_in_the_scheme_and_leads_to_the_words(measured: Project):
    made, scheme = read_measured(measured.measured / "invented", measured), load_scheme(measured)
    concepts = made.counts[made.counts["kind"] == "concept"]
    assert (concepts["form"] != "").any() and (made.counts["form"][made.counts["kind"] != "concept"] == "").all()
    for concept, form in set(zip(concepts["id"], concepts["form"], strict=True)):
        one = scheme.by_id[concept]
        written = [*one.zh, *(form for rule in one.rules for form in rule.zh)]
        steps = (steps for words in written for steps in spell_out(scheme.parse(words, "zh")))
        assert form in {"", *("".join(step for step in some if isinstance(step, str)) for some in steps)}
    assert (
        text_link("https://a.example/b", "城市更新")
        == "https://a.example/b#:~:text=%E5%9F%8E%E5%B8%82%E6%9B%B4%E6%96%B0"
    )
    assert text_link("https://a.example/b#c", "new-type") == "https://a.example/b#c:~:text=new%2Dtype"
    assert text_link("https://a.example/b", "") == "https://a.example/b" and text_link("", "城市更新") == ""


@pytest.mark.parametrize("address", ["javascript:alert(1)", "", "https://", "http://[", "data:text/html,x"])
def test_only_addresses_of_the_web_are_linked(address: str) -> None:
    assert text_link(address, "") == text_link(address, "城市更新") == ""


def test_a_concept_that_is_marked_counts_in_its_theme_but_not_before(tmp_path: Path, measured: Project):
    project = copy_of(measured, tmp_path)
    change_scheme(project, "  - id: county-economy\n", "  - id: county-economy\n    chosen_by_outcome: true\n")
    assert age_of(read_measured(project.measured / "invented", project), project).themes == ("industry",)
    texts, metadata = lay_texts(tmp_path)
    counts = measure(read_metadata(texts, metadata, load_vocabulary(project)), project).counts
    rows = counts[counts["document"] == "qingshan-2019"].set_index(["kind", "id"])["mentions"]
    theme = load_scheme(project).by_id["county-economy"].theme
    assert rows["concept", "county-economy"] == 1
    assert rows["theme", theme] - rows.get(("theme-before", theme), 0) == 1


def test_without_blocks_documents_are_counted_all_the_same(own: Own, tmp_path: Path) -> None:
    project, texts, metadata = own
    out = tmp_path / "small"
    arguments = ("measure", str(texts), "--metadata", str(metadata), "--out", str(out), "--no-blocks")
    assert policybook_here(*arguments, project=project).exit_code == 0
    assert sorted(path.name for path in out.iterdir()) == [COUNTED, DOCUMENTS, RECORD]
    assert (out / COUNTED).read_bytes() == (project.measured / "own" / COUNTED).read_bytes()
    small, scheme, vocabulary = read_measured(out, project), load_scheme(project), load_vocabulary(project)
    with pytest.raises(SelectionError, match=r"small holds no blocks\.csv"):
        measured_counts(small, age_of(small, project), scheme, vocabulary, made_from="small")
