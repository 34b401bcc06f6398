"""Adding, removing and replacing: all of it happens, or nothing does."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from kinds import MakeProject

from policybook import adding, revising
from policybook.adding import Answers, Desk
from policybook.corpus import store
from policybook.corpus.build import load_corpus
from policybook.corpus.fetch import Fetched
from policybook.corpus.manifest import load_manifest
from policybook.corpus.vocabulary import load_vocabulary
from policybook.errors import (
    AnswerError,
    DuplicateDocumentError,
    FolderError,
    InvalidDataError,
    PolicybookError,
    UnknownDocumentError,
)
from policybook.project import Project

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
        "load_manifest": (store, "load_manifest"), "copymode": (shutil, "copymode"),
        "mkstemp": (store.tempfile, "mkstemp"),
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
                    revising.replace(copy, "gmw-2023-county-migrants", text)
                else:
                    revising.remove(copy, "gmw-2023-county-migrants")
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
    named = revising.remove(copy, entry.id)
    assert len(named) == 1 and "'one'" in named[0] and "comparisons.yml" in named[0]
    after = state(copy)
    after["data/comparisons.yml"] = before["data/comparisons.yml"]
    assert after == before
    with pytest.raises(UnknownDocumentError, match="Known"):
        revising.remove(copy, entry.id)


def test_removing_the_very_entry_that_has_the_mistake(copy: Project) -> None:
    manifest = copy.corpus_file.read_text(encoding="utf-8")
    copy.corpus_file.write_text(manifest + "\n  - id: bad\n    file: ../../escape.txt\n", encoding="utf-8")
    outside = copy.root.parent / "escape.txt"
    outside.write_text("x", encoding="utf-8")
    revising.remove(copy, "bad")
    assert copy.corpus_file.read_text(encoding="utf-8") == manifest
    assert outside.exists()


def test_all_documents_can_go_and_one_come_again(copy: Project, text: Path) -> None:
    for entry in load_manifest(copy, load_vocabulary(copy)):
        revising.remove(copy, entry.id)
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
    done = revising.replace(copy, identifier, better)
    sums = [hashlib.sha256(content).hexdigest() for content in (old.encode(), better.read_bytes())]
    assert copy.corpus_file.read_text(encoding="utf-8") == manifest.replace(*sums)
    assert (copy.documents / f"{identifier}.txt").read_bytes() == better.read_bytes()
    assert [w for w in done.warnings if "paragraph 8" in w]
    assert not list(copy.documents.glob(".*"))
    with pytest.raises(DuplicateDocumentError, match="these very bytes"):
        revising.replace(copy, identifier, better)


def test_replacing_by_another_format_renames_the_file(copy: Project, tmp_path: Path) -> None:
    page = tmp_path / "page"
    page.write_text(
        "<!DOCTYPE html><html><head><title>T</title></head><body><article><p>" + "County towns need schools. " * 20
        + "</p></article></body></html>", encoding="utf-8",
    )  # fmt: skip
    done = revising.replace(copy, "gmw-2023-county-migrants", page)
    assert done.entry.file == "gmw-2023-county-migrants.html"
    assert not (copy.documents / "gmw-2023-county-migrants.txt").exists()
    load_corpus(copy)


def test_replacing_by_a_text_too_short_for_its_overrides_changes_nothing(copy: Project, tmp_path: Path) -> None:
    before = state(copy)
    short = tmp_path / "short.txt"
    short.write_text("One sentence only.\n", encoding="utf-8")
    with pytest.raises(InvalidDataError, match="there is no paragraph"):
        revising.replace(copy, "web-2024-county-mobilization", short)
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
    def answer(_: str) -> Fetched:
        return Fetched(text.read_bytes(), "https://www.example.org/a?b=1")

    monkeypatch.setattr(adding, "fetch", answer)
    desk = Desk.open(copy)
    entry = desk.add(desk.draft("https://example.org/x", YES), YES)
    assert entry.url == "https://www.example.org/a?b=1"
    assert entry.accessed is not None and len(entry.accessed) == 10
    assert entry.id.startswith("example-2024")
