from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner
from copies import policybook_here
from pace import within

from policybook.cli import main
from policybook.coding.scheme import load_scheme
from policybook.corpus.corpus import Corpus
from policybook.errors import UnreadableDocumentError
from policybook.intake.inspect import Inspector
from policybook.project import Project

KEYS = {
    "": ["document", "passages", "boilerplate", "concepts", "quantities", "actors", "directives"],
    "document": ["file", "sha256", "format", "encoding", "language", "script", "title", "published", "repairs",
                 "warnings"],
    "passages": ["id", "paragraph", "text", "plan", "era", "places", "level", "sentences"],
    "boilerplate": ["paragraph", "text", "reason"],
    "concepts": ["concept", "term_zh", "sentence", "start", "end", "text"],
}  # fmt: skip


def run(project: Project, *files: Path | str) -> subprocess.CompletedProcess[str]:
    """Inspect with the command as others call it."""
    return subprocess.run(
        [sys.executable, "-m", "policybook.cli", "inspect", "--json", *map(str, files)],
        cwd=project.root, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def printed(project: Project, corpus: Corpus) -> list[dict[str, Any]]:
    """The five documents of the book through the command."""
    done = run(project, *(project.documents / f for f in corpus.documents["file"]))
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_json_has_exactly_the_keys_that_others_rely_on(printed: list[dict[str, Any]]) -> None:
    assert len(printed) == 5
    for one in printed:
        assert list(one) == KEYS[""]
        assert list(one["document"]) == KEYS["document"]
        for part in ("passages", "boilerplate", "concepts"):
            assert all(list(item) == KEYS[part] for item in one[part])
        assert all(list(item) == ["actor", "sentence", "start", "end", "text"] for item in one["actors"])
        found = ["sentence", "start", "end", "text", "instrument", "subtype"]
        assert all(list(item) == found for item in one["directives"])
        assert all(list(s) == ["id", "text"] for p in one["passages"] for s in p["sentences"])


def test_offsets_count_characters_of_the_sentence(printed: list[dict[str, Any]]) -> None:
    for one in printed:
        sentences = {s["id"]: s["text"] for p in one["passages"] for s in p["sentences"]}
        assert one["concepts"]
        for found in one["concepts"]:
            assert sentences[found["sentence"]][found["start"] : found["end"]] == found["text"]
        for passage in one["passages"]:
            assert passage["id"] == f"p{passage['paragraph']:02d}"
            assert all(s["id"].startswith(f"{passage['id']}.") for s in passage["sentences"])


def test_the_terms_are_spelled_as_the_glossary_does(project: Project, printed: list[dict[str, Any]]) -> None:
    """The scheme holds the glossary's terms as they are spelled there, and what is printed is the scheme's."""
    by_id = load_scheme(project).by_id
    assert set(pd.read_csv(project.facts / "glossary.csv")["term_zh"]) <= {one.term_zh for one in by_id.values()}
    found = [concept for one in printed for concept in one["concepts"]]
    assert found and all(one["term_zh"] == by_id[one["concept"]].term_zh for one in found)


def test_the_documents_of_the_book_are_read_with_their_entries(
    printed: list[dict[str, Any]], reference: pd.DataFrame, corpus: Corpus
) -> None:
    """A person's reading of every paragraph comes out of the command."""
    ids = corpus.documents["document"].tolist()
    for identifier, one in zip(ids, printed, strict=True):
        passages = {p["paragraph"]: p for p in one["passages"]}
        furniture = {b["paragraph"] for b in one["boilerplate"]}
        rows = reference[reference["document"] == identifier]
        assert len(rows) == len(passages) + len(furniture)
        for row in rows.itertuples():
            number = int(str(row.paragraph))
            assert (number in furniture) == (row.is_boilerplate == "yes"), (identifier, number)
            if number in passages:
                got = passages[number]
                assert got["plan"] == row.plan and got["era"] == row.era, (identifier, number)
                assert (got["level"] or "") == row.level, (identifier, number)
                assert set(got["places"]) == set(str(row.places).split()), (identifier, number)


def test_unreadable_files_are_objects_too_and_the_others_are_done(project: Project, tmp_path: Path) -> None:
    good = tmp_path / "好 \u202e名\n字.txt"
    good.write_text("推进城镇化。\n", encoding="utf-8")
    empty = tmp_path / "empty.txt"
    empty.touch()
    files = (tmp_path / "missing.txt", good, empty, tmp_path, "/dev/zero")
    done = policybook_here("inspect", "--json", *map(str, files), project=project)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.exit_code == 1
    assert done.stderr.splitlines() == [f"policybook: {line['error']}" for line in lines if "error" in line]
    refused = [list(line) == ["document", "error"] for line in lines]
    assert refused == [True, False, True, True, False, True], "the folder stands for the two files in it"
    assert lines[1]["document"]["file"] == lines[4]["document"]["file"] == str(good)
    for line in (line for line, is_refused in zip(lines, refused, strict=True) if is_refused):
        assert list(line["document"]) == ["file"]
        assert line["error"].endswith(".") and "\n" not in line["error"]


def test_letters_read_as_digits_are_told(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "scan.txt"
    path.write_text("示例市城镇化措施\n到2O25年，城镇化率达到6O%，户籍制度改革取得进展。\n", encoding="utf-8")
    seen = Inspector(project).inspect(path.read_bytes(), "scan.txt")
    assert "letters stand in numbers and were read as digits: 2O25, 6O" in seen.warnings
    assert list(seen.corpus.quantities["value"]) == [2025, 60]


def test_outside_a_project_it_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["inspect", "--json", "x.txt"])
    assert done.exit_code == 1 and done.stdout == ""
    assert "data/corpus.yml" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


TEXTS = {
    "zh": "推进以县城为重要载体的城镇化建设\n\n县城是关键支撑；要尊重规律。一是补齐短板，二是强化弱项。\n"
    "（一）科学把握功能定位。（二）分类引导发展！谁来落实？“各级政府”要负责（包括市、县）。\n",
    "zh-numbers": "2023年末，常住人口城镇化率为66.16%，比上年末提高0.94个百分点。全国GDP增长5.2%（按不变价格计算）。\n"
    "到2035年，目标是75%左右……\n",
    "en": "County towns and their people\n\nThe county has 3.5 million people, e.g. in Dr. Li's district. First, build "
    "schools; second, repair roads.\nWill it work? “It must,” said the mayor. See https://example.org/a.html.\n",
    "en-list": "What the plan asks for\n1. Homes for newcomers.\n2. Schools for their children!\n(a) Clinics, too.\n",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_clean_text_loses_no_sentence(project: Project, text: str) -> None:
    inspector = Inspector(project)
    got = inspector.to_json("x", inspector.inspect(text.encode(), "x"))
    parts = {p["paragraph"]: " ".join(s["text"] for s in p["sentences"]) for p in got["passages"]}
    parts |= {b["paragraph"]: b["text"] for b in got["boilerplate"]}
    joined = "".join("".join(parts[n].split()) for n in sorted(parts))
    assert joined == "".join(text.split())
    for passage in got["passages"]:
        assert "".join("".join(s["text"] for s in passage["sentences"]).split()) == "".join(passage["text"].split())


@pytest.mark.parametrize("shape", ["a", "国", "<!---->", "\n", " ", "aB. ", "Source: A "])
def test_a_long_run_of_one_kind_is_inspected_within_seconds(project: Project, shape: str) -> None:
    inspector = Inspector(project)
    run = shape * (150_000 // len(shape))
    for text in (f"The council will repair wells by 2031.\n{run}x\nThe end.\n", f"{run}x"):
        with within(300), suppress(UnreadableDocumentError):  # reading anew from every character would take minutes
            inspector.inspect(text.encode(), "x.txt")


@pytest.mark.parametrize("text", ["# # # #\n", "**\n", "[2020-01-01]\n", "title: “—”\n", "。\n", "| | |\n"])
@pytest.mark.parametrize("name", ["x.md", "x.txt", "-.txt"])
def test_a_text_of_marks_alone_has_a_title_or_is_refused(project: Project, text: str, name: str) -> None:
    with suppress(UnreadableDocumentError):
        assert Inspector(project).inspect(text.encode(), name).entry.title.strip()


def test_what_a_document_loses_is_told(project: Project) -> None:
    inspector = Inspector(project)
    text = "县政府将修建学校、医院和住房，让进城务工人员安居乐业。"
    page = f"<html><p>{text}</p><footer>某市人民政府办公室主办</footer><p hidden>秘密</p></html>"
    seen = inspector.inspect(page.encode(), "x")
    assert seen.account == "40 characters received; 27 kept; set aside: page foot 11; left out: hidden text 2"
    assert any(warning.startswith(seen.account) for warning in seen.warnings)
    assert not any("fifth" in warning for warning in inspector.inspect(text.encode(), "x").warnings)


@pytest.mark.parametrize(
    ("text", "little"),
    [("某市城镇化规划\n附件：\n1. 某市城镇化规划.pdf\n", True), ("The plan\nDownload the plan (PDF)\n", True),
     ("关于开会的通知\n定于5月20日召开会议。\n", False), ("The plan\nThe office is closed on Monday.\n", False)],
)  # fmt: skip
def test_a_document_without_its_text_is_doubtful(project: Project, text: str, little: bool) -> None:
    assert any("hardly any text" in one for one in Inspector(project).inspect(text.encode(), "x").warnings) == little
