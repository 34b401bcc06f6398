"""Adding the plans themselves: from an address or a file, described by data/recommended.yml, and used at once."""

from __future__ import annotations

import hashlib
import http.server
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import yaml
from copies import copy_project, policybook_here
from kinds import MakeProject
from plan_texts import as_page, write_plan
from site_server import serve_folder as serve_site

from policybook.charts.theme import Chart
from policybook.coding.scheme import Scheme
from policybook.project import Project
from policybook.publishing.book import Book, open_book
from policybook.publishing.comparison_page import ComparisonPage
from policybook.publishing.document_page import DocumentPage

OLD, NEW = "国家新型城镇化规划（2014－2020年）", "深入实施以人为本的新型城镇化战略五年行动计划"
COMPARISON = "plans-2014-2024"


def serve_folder(folder: Path) -> AbstractContextManager[str]:
    """Serve any folder: the server wants a front page."""
    (folder / "index.html").touch()
    return serve_site(folder)


@pytest.fixture
def copy(make_project: MakeProject) -> Project:
    return make_project()


@pytest.fixture(scope="session")
def plans(tmp_path_factory: pytest.TempPathFactory, scheme: Scheme) -> Path:
    """A folder with both plans as somebody could have saved them."""
    folder = tmp_path_factory.mktemp("plans")
    old = write_plan(scheme, title=OLD, seed=14, weights={"space": 4, "people": 2})
    new = write_plan(scheme, title=NEW, seed=24, weights={"people": 5, "services": 3, "countryside": 0.2})
    (folder / "old.html").write_text(as_page(old), encoding="utf-8")
    (folder / "new.txt").write_text(new, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory, plans: Path) -> Project:
    """A copy with both plans, one fetched and one from a file."""
    project = copy_project(tmp_path_factory.mktemp("added") / "project")
    with serve_folder(plans) as address:
        done = policybook_here("add", "--recommended", "nnup-2014", "--from", f"{address}old.html", project=project)
        assert done.exit_code == 0, done.output
    new = str(plans / "new.txt")
    done = policybook_here("add", "--recommended", "action-2024", "--from", new, "--yes", project=project)
    assert done.exit_code == 0, done.output
    return project


@pytest.fixture(scope="module")
def book(added: Project) -> Book:
    return open_book(added.root)


def entries(project: Project) -> dict[str, dict[str, object]]:
    return {one["id"]: one for one in yaml.safe_load(project.corpus_file.read_bytes())["documents"]}


def test_the_entry_is_complete_and_checks(added: Project):
    old, new = entries(added)["nnup-2014"], entries(added)["action-2024"]
    assert old["title_zh"] == OLD and old["plan"] == old["text_of"] == old["recommended"] == "nnup-2014"
    assert (old["era"], old["speaker"], old["voice"], old["rights"]) == ("2014-2020", "national", "official", "full")
    assert str(old["url"]).startswith("http://127.0.0.1") and old["accessed"]
    assert old["doc_number"] == "中发〔2014〕4号" and "Recalled and not verified: document number." in old["notes"]
    assert new["era"] == "2024-" and new["doc_number"] == "国发〔2024〕17号" and new["url"] is None
    notes = [note for note in new.get("notes", []) if "stands in the other too" not in note]  # ours are alike
    assert notes == [], "nothing about it is in doubt"
    assert policybook_here("check", project=added).exit_code == 0


def test_its_length_is_that_of_a_plan_and_hardly_anything_is_set_aside(book: Book):
    for document in ("nnup-2014", "action-2024"):
        part = book.corpus.select(document=document)
        assert 250 < len(part.blocks) < 450
        assert len(part.boilerplate) <= 3, part.boilerplate[["text", "reason"]]


def test_every_chapter_is_a_section_and_the_page_lists_them(book: Book):
    part = book.corpus.select(document="nnup-2014")
    headings = part.passages[part.passages["heading"].notna()]
    depths = headings["section"].map(len).value_counts()
    assert dict(depths) == {1: 8, 2: 32, 3: 64}
    body = part.passages[part.passages["heading"].isna()].iloc[5:]
    assert set(body["section"].map(len)) == {3}
    html = str(DocumentPage(book, "nnup-2014").passages().markup)
    assert html.count('<li class="pb-depth-1">') == 8 and html.count('<li class="pb-depth-2">') == 32


def test_every_passage_of_a_plan_is_about_it_whatever_it_names(book: Book, copy: Project, tmp_path: Path):
    assert set(book.corpus.select(document="action-2024").passages["plan"]) == {"action-2024"}
    path = tmp_path / "p.txt"
    path.write_text(f"{OLD}\n第一章　总则\n同《{NEW}》相衔接，推进户籍制度改革。\n", encoding="utf-8")
    assert policybook_here("add", "--recommended", "nnup-2014", "--from", str(path), project=copy).exit_code == 0
    assert set(open_book(copy.root).corpus.select(document="nnup-2014").passages["plan"]) == {"nnup-2014"}


def test_the_comparison_of_the_plans_rests_on_the_plans_at_once(book: Book):
    page = ComparisonPage(book, COMPARISON)
    for side, document in zip(page.result.sides, ("nnup-2014", "action-2024"), strict=True):
        assert list(side.corpus.documents["document"]) == [document]
        assert len(side.corpus.blocks) > 250
    assert page.result.too_small == []
    said = str(page.sides().markup)
    assert said.count("rests on the plan itself") == 2 and "not among the documents" not in said
    limits = str(page.not_concluded().markup)
    assert "the plan itself is not among" not in limits and "not the plan" not in limits
    assert "Each side is one plan" in limits


def test_with_both_plans_the_page_shows_real_verdicts(book: Book):
    """The texts were made so that the old one speaks more of space, the new one more of people and of services."""
    page = ComparisonPage(book, COMPARISON)
    found = {row.id: row for row in page.estimates.pairs[0].rows if row.family == "theme"}
    assert found["space"].verdict == "more in left"
    assert {found["people"].verdict, found["services"].verdict} == {"more in right"}
    assert found["space"].low > 0 and found["space"].fragile, "a side that is one document cannot be tried without it"
    said = str(page.values["answer"])
    assert said.startswith("In these texts, “about the 2014 plan” speaks more often of ")
    assert "too little evidence" not in said.split(".")[0]
    assert isinstance(page.side_by_side(), Chart)
    counts = str(page.counts().markup)
    assert "more in “about the 2014 plan”" in counts and counts.count("more in “about the 2024 action plan”") >= 2
    assert "is one document, so whether it depends on that cannot be checked" in counts
    assert "Fragile: " in str(page.sensitivity().markup)
    assert "policybook add --recommended nnup-2014" not in str(page.settling().markup)
    assert 'id="evidence-theme-space"' in str(page.evidence().markup)


def test_without_the_plans_the_page_says_so(project: Project):
    page = ComparisonPage(open_book(project.root), COMPARISON)
    assert str(page.sides().markup).count("The plan itself is not among the documents.") == 2
    assert "Each side is one plan" not in str(page.not_concluded().markup)


def test_a_name_that_is_not_recommended_gets_the_nearest_and_all(copy: Project):
    done = policybook_here("add", "--recommended", "nnup-2041", project=copy)
    assert done.exit_code == 1 and len(done.stderr.splitlines()) == 1
    assert "Did you mean 'nnup-2014'?" in done.stderr and "implementation-2022" in done.stderr


def test_without_an_address_the_sentence_says_what_to_do(copy: Project):
    before = copy.corpus_file.read_bytes()
    done = policybook_here("add", "--recommended", "nnup-2014", "--yes", project=copy)
    assert done.exit_code == 1 and len(done.stderr.splitlines()) == 1
    assert "in a browser" in done.stderr and "--from FILE" in done.stderr and OLD in done.stderr
    assert copy.corpus_file.read_bytes() == before


def recommend(project: Project, text: str) -> None:
    """Add an entry to data/recommended.yml."""
    path = project.recommended_file
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


ENTRY = """
  - id: {id}
    title: A report about {id}
    publisher: the tests
    written: 2020
    language: zh
    speaker: liaoning
    voice: official
    rights: quote
    rights_note: made for a test
"""


@pytest.mark.parametrize("answer", ["unreachable", "missing"])
def test_an_address_that_cannot_be_had_says_to_use_a_browser(copy: Project, tmp_path: Path, answer: str):
    with serve_folder(tmp_path) as address:
        url = "http://127.0.0.1:1/x.html" if answer == "unreachable" else f"{address}x.html"
        recommend(copy, ENTRY.format(id="far") + f"    address: {url}\n")
        done = policybook_here("add", "--recommended", "far", "--yes", project=copy)
    assert done.exit_code == 1 and len(done.stderr.splitlines()) == 1
    assert url in done.stderr and "in a browser" in done.stderr and "--from FILE" in done.stderr


def test_the_official_address_is_taken_where_no_other_is_given(copy: Project, tmp_path: Path):
    (tmp_path / "x.txt").write_text("A report about near\n辽宁推进户籍制度改革。\n", encoding="utf-8")
    with serve_folder(tmp_path) as address:
        recommend(copy, ENTRY.format(id="near") + f"    address: {address}x.txt\n")
        done = policybook_here("add", "--recommended", "near", project=copy)
    assert done.exit_code == 0, done.output
    entry = entries(copy)["near"]
    assert entry["url"] == f"{address}x.txt" and entry["speaker"] == "liaoning" and "text_of" not in entry


def test_what_a_user_says_stands_above_what_is_recommended(copy: Project, plans: Path):
    flags = ["--id", "mine", "--rights", "quote", "--written", "2024-07-01"]
    source = str(plans / "new.txt")
    done = policybook_here("add", "--recommended", "action-2024", "--from", source, *flags, project=copy)
    assert done.exit_code == 0, done.output
    entry = entries(copy)["mine"]
    assert entry["rights"] == "quote" and "article 5" not in str(entry["rights_note"])
    assert str(entry["written"]) == "2024-07-01" and "the person said" in str(entry["written_evidence"])
    assert entry["recommended"] == "action-2024"


def test_it_is_added_once(added: Project, plans: Path):
    before = added.corpus_file.read_bytes()
    source = str(plans / "old.html")
    done = policybook_here("add", "--recommended", "nnup-2014", "--from", source, project=added)
    assert done.exit_code == 1 and "policybook replace nnup-2014 FILE" in done.stderr
    assert added.corpus_file.read_bytes() == before


def test_another_text_is_added_with_a_doubt(copy: Project, tmp_path: Path):
    path = tmp_path / "wrong.txt"
    path.write_text("青溪县城镇化建设方案\n推进户籍制度改革。\n", encoding="utf-8")
    done = policybook_here("add", "--recommended", "nnup-2014", "--from", str(path), project=copy)
    assert done.exit_code == 0 and "is it the right file?" in done.stdout
    assert any("stands nowhere in it" in str(note) for note in entries(copy)["nnup-2014"]["notes"])


@pytest.fixture
def group(copy: Project, tmp_path: Path) -> Path:
    """A folder with the files of a group of three, of which one is not the file that was recommended."""
    folder = tmp_path / "reports"
    folder.mkdir()
    for n in range(3):
        text = f"A report about report-{n}\n第{n}份报告：辽宁推进户籍制度改革。\n"
        (folder / f"report-{n}.txt").write_text(text, encoding="utf-8")
        digest = hashlib.sha256(text.encode() if n else b"another").hexdigest()
        lines = f"    group: reports\n    file: report-{n}.txt\n    sha256: {digest}\n"
        recommend(copy, ENTRY.format(id=f"report-{n}") + lines)
    return folder


@pytest.mark.parametrize("served", [False, True])
def test_a_group_is_added_as_a_whole_and_says_what_failed(copy: Project, group: Path, served: bool):
    with serve_folder(group) as address:
        source = address if served else str(group)
        done = policybook_here("add", "--recommended", "reports", "--from", source, "--yes", project=copy)
    assert done.exit_code == 1
    assert "report-0" in done.stderr and "sha256" in done.stderr and len(done.stderr.splitlines()) == 1
    assert {"report-1", "report-2"} <= set(entries(copy)) and "report-0" not in entries(copy)
    assert policybook_here("check", project=copy).exit_code == 0
    again = policybook_here("add", "--recommended", "reports", "--from", str(group), project=copy)
    assert "report-1: it stands in data/corpus.yml already" in again.stderr and again.exit_code == 1


def test_a_group_without_file_names_is_added_one_by_one(copy: Project, tmp_path: Path):
    recommend(copy, ENTRY.format(id="one") + "    group: more\n" + ENTRY.format(id="two") + "    group: more\n")
    done = policybook_here("add", "--recommended", "more", "--from", str(tmp_path), project=copy)
    assert done.exit_code == 1 and "one by one" in done.stderr


@pytest.mark.parametrize(
    "arguments", [[], ["x.txt", "--recommended", "nnup-2014"], ["x.txt", "--from", "y.txt"], ["--from", "y.txt"]]
)
def test_wrong_usage(copy: Project, arguments: list[str]):
    assert policybook_here("add", *arguments, project=copy).exit_code == 2


class _Stalling(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(503)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def refusing() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Stalling) as one:
        threading.Thread(target=one.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{one.server_port}/plan.html"
        one.shutdown()


def test_an_address_of_ones_own_that_fails_is_named(copy: Project, refusing: str):
    done = policybook_here("add", "--recommended", "nnup-2014", "--from", refusing, project=copy)
    assert done.exit_code == 1 and refusing in done.stderr and "503" in done.stderr
