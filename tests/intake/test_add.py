"""Adding the plans themselves: from an address or a file, described by data/recommended.yml, and used at once."""

from __future__ import annotations

import hashlib
import http.server
import os
import re
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import yaml
from copies import copy_project, keep_documents, policybook_here
from kinds import MakeProject
from markupsafe import escape
from plan_texts import as_gazette, as_library, write_actions, write_plan
from site_server import serve_folder as serve_site

from policybook.analysis.comparisons import rests_on
from policybook.charts.theme import Chart
from policybook.coding import store
from policybook.coding.scheme import Scheme
from policybook.coding.store import load_coded
from policybook.corpus.build import load_corpus
from policybook.corpus.manifest import load_manifest
from policybook.corpus.scope import load_vocabulary
from policybook.errors import (
    AnswerError,
    DuplicateDocumentError,
    FolderError,
    InvalidDataError,
    PolicybookError,
    UnknownDocumentError,
    UnreadableDocumentError,
)
from policybook.intake import add, edit, inspect
from policybook.intake.add import Answers, Desk
from policybook.intake.fetch import Fetched
from policybook.intake.guess import Near
from policybook.pages.book import Book, open_book
from policybook.pages.comparison import (
    ComparisonPage,
    comparison_chart,
    not_concluded,
    row_table,
    show_evidence,
    tell_sides,
    texts_wanted,
)
from policybook.pages.document import show_passages
from policybook.project import Project
from policybook.words.say import say

# Adding, removing and replacing: all of it happens, or nothing does --------------------------------


TEXT = """\
青溪县推进以县城为重要载体的城镇化建设
发布时间：2024-09-10 来源：青溪日报
云南省青溪县今年召开推进新型城镇化工作会议，研究落实新型城镇化战略五年行动计划。
会议提出，要深化户籍制度改革，让农业转移人口在县城落得下、住得稳。
我省将把青溪县的做法用于其他县城，促进城乡融合发展和乡村振兴。
"""
YES = Answers(rights="quote")


@pytest.fixture
def copy(make_project: MakeProject) -> Project:
    return make_project()


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "青溪.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def state(project: Project) -> dict[str, bytes]:
    """Every file of a project, the hidden ones too."""
    return {str(p.relative_to(project.root)): p.read_bytes() for p in project.root.rglob("*") if p.is_file()}


def test_adding_writes_the_bytes_and_an_entry_and_nothing_else(copy: Project, text: Path) -> None:
    before = state(copy)
    desk = Desk.open(copy)
    entry = desk.add(desk.draft(str(text), YES), YES)
    after = state(copy)
    assert set(after) - set(before) == {f"data/documents/{entry.file}"}
    assert after[f"data/documents/{entry.file}"] == text.read_bytes()
    assert after["data/corpus.yml"].startswith(before["data/corpus.yml"])
    assert {k: v for k, v in after.items() if k in before and k != "data/corpus.yml"} == {
        k: v for k, v in before.items() if k != "data/corpus.yml"
    }
    assert entry.id == "qing-xi-2024-qing-xi-xian-tui-jin-yi"
    assert entry.published == "2024-09-10" and entry.speaker == "yunnan" and entry.language == "zh"
    assert entry.publisher == "青溪日报" and entry.plan == "action-2024" and entry.rights == "quote"
    loaded = load_corpus(copy).select(document=entry.id)
    assert "".join("".join(loaded.sentences["text"]).split()) == "".join(
        "".join(TEXT.splitlines()[n] for n in (0, 2, 3, 4)).split()
    )


def test_adding_codes_nothing_and_reads_no_document_again_that_is_kept(
    copy: Project, text: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_coded(copy)

    def never(*_: object) -> None:
        raise AssertionError("it is not needed for adding")

    for module, name in ((inspect, "code_corpus"), (store, "read_document"), (store, "code_corpus")):
        monkeypatch.setattr(module, name, never)
    desk = Desk.open(copy)
    twin = text.with_name("twin.txt")
    twin.write_bytes((copy.documents / "gmw-2023-county-migrants.txt").read_bytes() + "\n完。\n".encode())
    assert desk.draft(str(twin), YES).near == Near("gmw-2023-county-migrants", pytest.approx(1, abs=0.02))
    desk.add(desk.draft(str(text), YES), YES)


def test_what_nothing_tells_is_unknown_and_asked_for(copy: Project, tmp_path: Path) -> None:
    path = tmp_path / "county-notes.txt"
    path.write_text("城镇化情况\n我县推进城镇化，农业转移人口增加，户籍制度改革深化。", encoding="utf-8")
    desk = Desk.open(copy)
    draft = desk.draft(str(path), YES)
    assert draft.unknown(Answers()) == ["written", "speaker", "rights"]
    entry = desk.add(draft, YES)
    assert (entry.era, entry.speaker, entry.published) == ("unknown", "unknown", None)
    passages = load_corpus(copy).select(document=entry.id).passages
    assert set(passages["era"]) == {"unknown"} and set(passages["places"]) == {("unknown",)}


def test_every_answer_is_taken(copy: Project, text: Path) -> None:
    answers = Answers(
        id="my-id", title='Title: "x" # y', published="2024-01", written="2023-12/2024-01", plan="none",
        places=("liaoning", "fujian"), speaker="liaoning", rights="full", publisher="P", voice="official",
    )  # fmt: skip
    desk = Desk.open(copy)
    entry = desk.add(desk.draft(str(text), answers), answers)
    for field in ("id", "title", "published", "written", "plan", "speaker", "rights", "publisher", "voice"):
        assert getattr(entry, field) == getattr(answers, field)
    assert entry.places == ["liaoning", "fujian"]


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        (Answers(id="../x"), "--id"),
        (Answers(id="A b"), "--id"),
        (Answers(id="x\n- y"), "--id"),
        (Answers(published="yesterday"), "--published"),
        (Answers(written="2024-13"), "--written"),
        (Answers(speaker="liaonign"), "Did you mean 'liaoning'"),
        (Answers(plan="nnup"), "--plan"),
        (Answers(places=("fujian", "fuijan")), "--places"),
        (Answers(title=" \u202e "), "--title"),
    ],
)
def test_an_answer_that_cannot_be_used_names_its_flag(
    copy: Project, text: Path, answers: Answers, message: str
) -> None:
    with pytest.raises(AnswerError, match=message) as caught:
        Desk.open(copy).draft(str(text), answers)
    assert "\n" not in str(caught.value)


def test_the_same_bytes_and_the_same_id_are_refused(copy: Project, text: Path) -> None:
    desk = Desk.open(copy)
    draft = desk.draft(str(text), YES)
    first = desk.add(draft, YES)
    before = state(copy)
    with pytest.raises(DuplicateDocumentError, match=first.id):
        desk.add(draft, YES)
    with pytest.raises(DuplicateDocumentError, match=first.id):
        desk.draft(str(text), YES)
    text.write_text(TEXT + "又一句。\n", encoding="utf-8")
    again = desk.draft(str(text), YES)
    assert again.near is not None and again.near.document == first.id and again.near.share > 0.9
    with pytest.raises(DuplicateDocumentError, match="taken"):
        desk.add(again, Answers(id=first.id))
    assert state(copy) == before
    assert desk.add(again, YES).id == f"{first.id}-2"


def test_what_is_not_the_text_of_one_document_is_refused(copy: Project, tmp_path: Path) -> None:
    desk = Desk.open(copy)
    table = "题,正文\n甲,完善户籍制度，让农民工安居。\n乙,发展县域经济，建设中心城镇。\n"
    for content in ("<html><h1>403 Forbidden</h1></html>", table):
        (tmp_path / "x").write_text(content, encoding="utf-8")
        with pytest.raises(UnreadableDocumentError, match=r"x: (?:The page holds no text|It is a table)"):
            desk.draft(str(tmp_path / "x"), YES)


def test_a_file_in_the_way_is_left_alone(copy: Project, text: Path) -> None:
    (copy.documents / "mine.txt").write_text("另一个文件。", encoding="utf-8")
    (copy.documents / "link.txt").symlink_to(copy.root / "nowhere.txt")
    before = state(copy)
    desk = Desk.open(copy)
    for identifier in ("mine", "link"):
        answers = Answers(id=identifier)
        with pytest.raises(PolicybookError, match="Choose another id"):
            desk.add(desk.draft(str(text), answers), answers)
    assert state(copy) == before and not (copy.root / "nowhere.txt").exists()


STEPS = ("os.fsync", "Path.replace", "Path.chmod", "load_manifest", "copymode", "mkstemp")


def failing(monkeypatch: pytest.MonkeyPatch, step: str, number: int, error: BaseException) -> list[int]:
    """Make the `number`th call of a step fail, and return a list that counts the calls."""
    calls: list[int] = []

    def wrap(real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **keywords: object) -> object:
            calls.append(1)
            if len(calls) == number:
                raise error
            return real(*arguments, **keywords)

        return call

    places: dict[str, tuple[object, str]] = {
        "os.fsync": (os, "fsync"), "Path.replace": (Path, "replace"), "Path.chmod": (Path, "chmod"),
        "load_manifest": (edit, "load_manifest"), "copymode": (shutil, "copymode"),
        "mkstemp": (tempfile, "mkstemp"),
    }  # fmt: skip
    owner, name = places[step]
    monkeypatch.setattr(owner, name, wrap(getattr(owner, name)))
    return calls


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=["disk", "ctrl-c"])
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("command", ["add", "replace", "remove"])
def test_a_failure_at_any_step_changes_nothing(
    copy: Project, text: Path, monkeypatch: pytest.MonkeyPatch, command: str, step: str, error: BaseException
) -> None:
    keep_documents(copy, 2)  # the fewer there are, the sooner the desk is open
    desk = Desk.open(copy)
    draft = desk.draft(str(text), YES)
    before = state(copy)
    for number in range(1, 8):
        with monkeypatch.context() as patch:
            calls = failing(patch, step, number, error)
            try:
                if command == "add":
                    desk.add(draft, YES)
                elif command == "replace":
                    add.replace_bytes(copy, "guizhou-2024-two-strategies", text)
                else:
                    add.remove(copy, "guizhou-2024-two-strategies")
            except (FolderError, KeyboardInterrupt):
                pass
        if len(calls) < number:
            assert number > 1 or step in ("load_manifest",), f"{step} is never called"
            assert state(copy) != before
            break
        if state(copy) != before:  # the last step was over: then all of it must have happened
            manifest = copy.corpus_file.read_bytes()
            assert manifest != before["data/corpus.yml"]
            load_manifest(copy, load_vocabulary(copy))
            break
    else:
        pytest.fail("it failed every time")
    assert not list(copy.data.rglob(".policybook-*")) or command == "replace"


def test_removing(copy: Project, text: Path) -> None:
    before = state(copy)
    desk = Desk.open(copy)
    entry = desk.add(desk.draft(str(text), YES), YES)
    with copy.comparisons_file.open("a", encoding="utf-8") as file:
        file.write(
            "\n  - id: one\n    title: One\n    question: One?\n    left: {label: a, select: {document: "
            + entry.id
            + "}}\n"
            "    right: {label: b, select: {voice: reported}}\n"
        )
    named = add.remove(copy, entry.id)
    assert len(named) == 1 and "'one'" in named[0] and "comparisons.yml" in named[0]
    after = state(copy)
    after["data/comparisons.yml"] = before["data/comparisons.yml"]
    assert after == before
    with pytest.raises(UnknownDocumentError, match="Known"):
        add.remove(copy, entry.id)


def test_removing_the_very_entry_that_has_the_mistake(copy: Project) -> None:
    manifest = copy.corpus_file.read_text(encoding="utf-8")
    copy.corpus_file.write_text(manifest + "\n  - id: bad\n    file: ../../escape.txt\n", encoding="utf-8")
    outside = copy.root.parent / "escape.txt"
    outside.write_text("x", encoding="utf-8")
    add.remove(copy, "bad")
    assert copy.corpus_file.read_text(encoding="utf-8") == manifest
    assert outside.exists()


def test_all_documents_can_go_and_one_come_again(copy: Project, text: Path) -> None:
    for entry in load_manifest(copy, load_vocabulary(copy)):
        add.remove(copy, entry.id)
    assert not list(copy.documents.iterdir())
    with pytest.raises(InvalidDataError, match="Add one: policybook add FILE"):
        load_corpus(copy)
    desk = Desk.open(copy)
    desk.add(desk.draft(str(text), YES), YES)
    assert len(load_corpus(copy).documents) == 1


def test_replacing_keeps_the_entry_and_names_the_overrides_to_look_at(copy: Project, tmp_path: Path) -> None:
    identifier = "mysheen-2024-liaoning-income-gap"
    old = (copy.documents / f"{identifier}.txt").read_text(encoding="utf-8")
    manifest = copy.corpus_file.read_text(encoding="utf-8")
    better = tmp_path / "-better\n.txt"
    better.write_text(old.replace("adhere to people-oriented", "put people first"), encoding="utf-8")
    done = add.replace_bytes(copy, identifier, better)
    sums = [hashlib.sha256(content).hexdigest() for content in (old.encode(), better.read_bytes())]
    assert copy.corpus_file.read_text(encoding="utf-8") == manifest.replace(*sums)
    assert (copy.documents / f"{identifier}.txt").read_bytes() == better.read_bytes()
    assert [w for w in done.warnings if "paragraph 8" in w]
    assert not list(copy.documents.glob(".*"))
    with pytest.raises(DuplicateDocumentError, match="these very bytes"):
        add.replace_bytes(copy, identifier, better)


def test_replacing_by_another_format_renames_the_file(copy: Project, tmp_path: Path) -> None:
    page = tmp_path / "page"
    page.write_text(
        "<!DOCTYPE html><html><head><title>T</title></head><body><article><p>" + "County towns need schools. " * 20
        + "</p></article></body></html>", encoding="utf-8",
    )  # fmt: skip
    done = add.replace_bytes(copy, "gmw-2023-county-migrants", page)
    assert done.entry.file == "gmw-2023-county-migrants.html"
    assert not (copy.documents / "gmw-2023-county-migrants.txt").exists()
    load_corpus(copy)


def test_replacing_by_a_text_too_short_for_its_overrides_changes_nothing(copy: Project, tmp_path: Path) -> None:
    before = state(copy)
    short = tmp_path / "short.txt"
    short.write_text("One sentence only.\n", encoding="utf-8")
    with pytest.raises(InvalidDataError, match="there is no paragraph"):
        add.replace_bytes(copy, "web-2024-county-mobilization", short)
    assert state(copy) == before


def test_links_that_lead_out_of_data_are_not_followed(copy: Project, text: Path) -> None:
    outside = copy.root.parent / "elsewhere"
    copy.documents.rename(outside)
    copy.documents.symlink_to(outside)
    with pytest.raises(PolicybookError):
        desk = Desk.open(copy)
        desk.add(desk.draft(str(text), YES), YES)
    assert not [p for p in outside.iterdir() if "qing" in p.name]


def test_a_broken_manifest_is_put_right_first(copy: Project, text: Path) -> None:
    copy.corpus_file.write_text(
        copy.corpus_file.read_text(encoding="utf-8").replace("speaker: liaoning", "speaker: liaonign"), encoding="utf-8"
    )
    before = state(copy)
    with pytest.raises(InvalidDataError, match="Did you mean 'liaoning'"):
        Desk.open(copy).draft(str(text), YES)
    assert state(copy) == before


def test_the_address_and_the_day_are_recorded(copy: Project, text: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(_: str, **__: object) -> Fetched:
        return Fetched(text.read_bytes(), "https://www.example.org/a?b=1")

    monkeypatch.setattr(add, "fetch", answer)
    desk = Desk.open(copy)
    entry = desk.add(desk.draft("https://example.org/x", YES), YES)
    assert entry.url == "https://www.example.org/a?b=1"
    assert entry.accessed is not None and len(entry.accessed) == 10
    assert entry.id.startswith("example-2024")


OLD, NEW = "国家新型城镇化规划（2014－2020年）", "深入实施以人为本的新型城镇化战略五年行动计划"
COMPARISON = "plans-2014-2024"


def serve_folder(folder: Path) -> AbstractContextManager[str]:
    """Serve any folder: the server wants a front page."""
    (folder / "index.html").touch()
    return serve_site(folder)


@pytest.fixture
def recommending_copy(make_project: MakeProject) -> Project:
    return make_project()


@pytest.fixture(scope="session")
def plans(tmp_path_factory: pytest.TempPathFactory, scheme: Scheme) -> Path:
    """A folder with the pages of a government's site that hold both plans, and one of them as somebody saved it."""
    folder = tmp_path_factory.mktemp("plans")
    old = write_plan(scheme, title=OLD, seed=14, weights={"space": 4, "people": 2}, last=3)
    new = write_actions(scheme, title=NEW, seed=24, weights={"people": 5, "services": 3, "countryside": 0.2},
                        characters=33_000)  # fmt: skip
    (folder / "old.html").write_text(as_gazette(old), encoding="utf-8")
    (folder / "new.html").write_text(as_library(new, number="国发〔2024〕17号"), encoding="utf-8")
    (folder / "new.txt").write_text(new, encoding="utf-8")
    return folder


def at(project: Project, identifier: str, address: str) -> None:
    """Put another address of a recommended text in the place of its official one."""
    path = project.recommended_file
    before, entry = path.read_text(encoding="utf-8").split(f"  - id: {identifier}\n")
    entry = re.sub(r"    address: .*", f"    address: {address}", entry, count=1)
    path.write_text(f"{before}  - id: {identifier}\n{entry}", encoding="utf-8")


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory, plans: Path) -> Project:
    """A copy with both plans, fetched in one command; the address of the third does not answer."""
    project = copy_project(tmp_path_factory.mktemp("added") / "project")
    with serve_folder(plans) as address:
        for identifier, page in (("nnup-2014", "old"), ("action-2024", "new"), ("implementation-2022", "none")):
            at(project, identifier, f"{address}{page}.html")
        done = policybook_here("add", "--recommended", "plans", "--yes", "--allow-private", project=project)
    assert done.exit_code == 1 and len(done.stderr.splitlines()) == 1, done.output
    assert "implementation-2022" in done.stderr and "in a browser" in done.stderr
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
    assert new["era"] == "2024-" and new["doc_number"] == "国发〔2024〕17号" and new["accessed"]
    notes = [note for note in new.get("notes", []) if "stands in the other too" not in note]  # ours are alike
    assert notes == [], "nothing about it is in doubt"
    assert policybook_here("check", project=added).exit_code == 0


def test_its_length_is_that_of_a_plan_and_hardly_anything_is_set_aside(book: Book):
    for document in ("nnup-2014", "action-2024"):
        part = book.corpus.select(document=document)
        assert 250 < len(part.blocks) < 450
        aside = part.boilerplate["text"]
        contents = part.boilerplate["reason"].eq("table of contents").sum()
        assert contents == (40 if document == "nnup-2014" else 0), part.boilerplate[["text", "reason"]]
        assert len(aside) - contents <= 20 and aside.str.len().max() < 80, part.boilerplate[["text", "reason"]]
        left = part.passages["text"]
        furniture = "页面生成时间|门户网站|字体：|打印|相关链接|相关稿件|版权|发文机关|成文日期|扫一扫"
        assert not left.str.contains(furniture).any(), left[left.str.len() < 40]


def test_every_chapter_is_a_section_and_the_page_lists_them(book: Book):
    part = book.corpus.select(document="nnup-2014")
    headings = part.passages[part.passages["heading"].notna()]
    depths = headings["section"].map(len).value_counts()
    assert dict(depths) == {1: 8, 2: 31, 3: 62}
    body = part.passages[part.passages["heading"].isna()].iloc[5:]
    assert set(body["section"].map(len)) == {3}
    html = str(show_passages(book, "nnup-2014").markup)
    assert html.count('<li class="pb-depth-1">') == 8 and html.count('<li class="pb-depth-2">') == 31


def test_every_passage_of_a_plan_is_about_it_whatever_it_names(book: Book, recommending_copy: Project, tmp_path: Path):
    assert set(book.corpus.select(document="action-2024").passages["plan"]) == {"action-2024"}
    path = tmp_path / "p.txt"
    path.write_text(f"{OLD}\n第一章　总则\n同《{NEW}》相衔接，推进户籍制度改革。\n", encoding="utf-8")
    done = policybook_here("add", "--recommended", "nnup-2014", "--from", str(path), project=recommending_copy)
    assert done.exit_code == 0
    assert set(open_book(recommending_copy.root).corpus.select(document="nnup-2014").passages["plan"]) == {"nnup-2014"}


def test_the_comparison_of_the_plans_rests_on_the_plans_at_once(book: Book):
    page = ComparisonPage(book, COMPARISON)
    for side, document in zip(page.result.sides, ("nnup-2014", "action-2024"), strict=True):
        assert list(side.corpus.documents["document"]) == [document]
        assert len(side.corpus.blocks) > 250
    assert page.result.too_small == []
    assert [found.code for found in rests_on(page.result)] == ["own", "own"]
    printed = str(not_concluded(page).markup)
    limits = page.result.entry.not_concluded
    assert {limit.unless is None for limit in limits} == {True, False}
    assert [str(escape(limit)) in printed for limit in limits] == [limit.unless is None for limit in limits]


def test_with_both_plans_the_page_shows_real_verdicts(book: Book):
    """The texts were made so that the old one speaks more of space, the new one more of people and of services."""
    page = ComparisonPage(book, COMPARISON)
    found = {row.id: row for row in page.estimates.pairs[0].rows if row.family == "theme"}
    assert found["space"].verdict == "more in left"
    assert found["people"].verdict == "more in right"
    assert found["space"].low > 0 and found["space"].fragile, "a side that is one document cannot be tried without it"
    said = page.answer
    assert said.startswith("In these texts, “about the 2014 plan” speaks more often of ")
    assert "too little evidence" not in said.split(".")[0]
    rows = row_table(page.estimates, book.scheme)
    assert isinstance(comparison_chart(rows[rows["family"] == "theme"], page.estimates, "plans"), Chart)
    counts = "".join(str(cell.markup) for cell in rows["judgement"])
    assert "more in “about the 2014 plan”" in counts and "more in “about the 2024 action plan”" in counts
    alone = say("comparison.reason.fragile", sides=[{"side": "", "alone": True}]).partition("”")[2]
    assert alone and alone in counts
    assert "policybook add --recommended nnup-2014" not in str(texts_wanted(page).markup)
    assert 'id="evidence-theme-space"' in str(show_evidence(page).markup)


def test_without_the_plans_the_page_says_so(project: Project):
    page = ComparisonPage(open_book(project.root), COMPARISON)
    missing = say("comparison.rests.others", side="", documents=1, passages=1).rpartition(". ")[2]
    assert missing and str(tell_sides(page).markup).count(missing) == 2
    assert "Each side is one plan" not in str(not_concluded(page).markup)


def test_a_name_that_is_not_recommended_gets_the_nearest_and_all(recommending_copy: Project):
    done = policybook_here("add", "--recommended", "nnup-2041", project=recommending_copy)
    assert done.exit_code == 1 and len(done.stderr.splitlines()) == 1
    assert "Did you mean 'nnup-2014'?" in done.stderr and "implementation-2022" in done.stderr


def test_without_an_address_the_sentence_says_what_to_do(recommending_copy: Project):
    before = recommending_copy.corpus_file.read_bytes()
    done = policybook_here("add", "--recommended", "work-report-national-2014", "--yes", project=recommending_copy)
    assert done.exit_code == 1 and len(done.stderr.splitlines()) == 1
    assert "in a browser" in done.stderr and "--from FILE" in done.stderr and "2014年政府工作报告" in done.stderr
    assert recommending_copy.corpus_file.read_bytes() == before


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
def test_an_address_that_cannot_be_had_says_to_use_a_browser(recommending_copy: Project, tmp_path: Path, answer: str):
    with serve_folder(tmp_path) as address:
        url = "http://127.0.0.1:1/x.html" if answer == "unreachable" else f"{address}x.html"
        recommend(recommending_copy, ENTRY.format(id="far") + f"    address: {url}\n")
        done = policybook_here("add", "--recommended", "far", "--yes", "--allow-private", project=recommending_copy)
    assert done.exit_code == 1 and len(done.stderr.splitlines()) == 1
    assert url in done.stderr and "in a browser" in done.stderr and "--from FILE" in done.stderr


def test_the_official_address_is_taken_where_no_other_is_given(recommending_copy: Project, tmp_path: Path):
    (tmp_path / "x.txt").write_text("A report about near\n辽宁推进户籍制度改革。\n", encoding="utf-8")
    with serve_folder(tmp_path) as address:
        recommend(recommending_copy, ENTRY.format(id="near") + f"    address: {address}x.txt\n")
        done = policybook_here("add", "--recommended", "near", "--allow-private", project=recommending_copy)
    assert done.exit_code == 0, done.output
    entry = entries(recommending_copy)["near"]
    assert entry["url"] == f"{address}x.txt" and entry["speaker"] == "liaoning" and "text_of" not in entry


def test_what_a_user_says_stands_above_what_is_recommended(recommending_copy: Project, plans: Path):
    flags = ["--id", "mine", "--rights", "quote", "--written", "2024-07-01"]
    source = str(plans / "new.txt")
    done = policybook_here("add", "--recommended", "action-2024", "--from", source, *flags, project=recommending_copy)
    assert done.exit_code == 0, done.output
    entry = entries(recommending_copy)["mine"]
    assert entry["rights"] == "quote" and "article 5" not in str(entry["rights_note"])
    assert str(entry["written"]) == "2024-07-01" and "the person said" in str(entry["written_evidence"])
    assert entry["recommended"] == "action-2024"


def test_it_is_added_once(added: Project, plans: Path):
    before = added.corpus_file.read_bytes()
    source = str(plans / "old.html")
    done = policybook_here("add", "--recommended", "nnup-2014", "--from", source, project=added)
    assert done.exit_code == 1 and "policybook replace nnup-2014 FILE" in done.stderr
    assert added.corpus_file.read_bytes() == before


def test_another_text_is_added_with_a_doubt(recommending_copy: Project, tmp_path: Path):
    path = tmp_path / "wrong.txt"
    path.write_text("青溪县城镇化建设方案\n推进户籍制度改革。\n", encoding="utf-8")
    done = policybook_here("add", "--recommended", "nnup-2014", "--from", str(path), project=recommending_copy)
    assert done.exit_code == 0 and "is it the right file?" in done.stdout
    assert any("stands nowhere in it" in str(note) for note in entries(recommending_copy)["nnup-2014"]["notes"])


@pytest.fixture
def group(recommending_copy: Project, tmp_path: Path) -> Path:
    """A folder with the files of a group of three, of which one is not the file that was recommended."""
    folder = tmp_path / "reports"
    folder.mkdir()
    for n in range(3):
        text = f"A report about report-{n}\n第{n}份报告：辽宁推进户籍制度改革。\n"
        (folder / f"report-{n}.txt").write_text(text, encoding="utf-8")
        digest = hashlib.sha256(text.encode() if n else b"another").hexdigest()
        lines = f"    group: reports\n    file: report-{n}.txt\n    sha256: {digest}\n"
        recommend(recommending_copy, ENTRY.format(id=f"report-{n}") + lines)
    return folder


@pytest.mark.parametrize("served", [False, True])
def test_a_group_is_added_as_a_whole_and_says_what_failed(recommending_copy: Project, group: Path, served: bool):
    with serve_folder(group) as address:
        source = [address, "--allow-private"] if served else [str(group)]
        done = policybook_here("add", "--recommended", "reports", "--from", *source, "--yes", project=recommending_copy)
    assert done.exit_code == 1
    assert "report-0" in done.stderr and "sha256" in done.stderr and len(done.stderr.splitlines()) == 1
    assert {"report-1", "report-2"} <= set(entries(recommending_copy)) and "report-0" not in entries(recommending_copy)
    assert policybook_here("check", project=recommending_copy).exit_code == 0
    again = policybook_here("add", "--recommended", "reports", "--from", str(group), project=recommending_copy)
    assert "report-1: it stands in data/corpus.yml already" in again.stderr and again.exit_code == 1


def test_a_group_without_file_names_is_added_one_by_one(recommending_copy: Project, tmp_path: Path):
    entries = [ENTRY.format(id=name) + "    group: more\n" for name in ("one", "two")]
    recommend(recommending_copy, "".join(entries))
    done = policybook_here("add", "--recommended", "more", "--from", str(tmp_path), project=recommending_copy)
    assert done.exit_code == 1 and "one by one" in done.stderr


@pytest.mark.parametrize(
    "arguments", [[], ["x.txt", "--recommended", "nnup-2014"], ["x.txt", "--from", "y.txt"], ["--from", "y.txt"]]
)
def test_wrong_usage(recommending_copy: Project, arguments: list[str]):
    assert policybook_here("add", *arguments, project=recommending_copy).exit_code == 2


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


def test_an_address_of_ones_own_that_fails_is_named(recommending_copy: Project, refusing: str):
    done = policybook_here(
        "add", "--recommended", "nnup-2014", "--from", refusing, "--allow-private", project=recommending_copy
    )
    assert done.exit_code == 1 and refusing in done.stderr and "503" in done.stderr
