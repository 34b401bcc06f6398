"""The commands about documents as a new user types them, with one mistake each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from kinds import MakeProject

from policybook.cli import main
from policybook.project import Project
from policybook.publishing.new import make_project

TEXT = """\
青溪县推进以县城为重要载体的城镇化建设
发布时间：2024-09-10
云南省青溪县今年召开推进新型城镇化工作会议，研究深化户籍制度改革。
我省将促进城乡融合发展和乡村振兴。
"""


@pytest.fixture
def copy(make_project: MakeProject) -> Project:
    return make_project()


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "text.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def run(project: Project, *arguments: str | Path, answers: str | None = None) -> Result:
    return CliRunner().invoke(main, ["--project", str(project.root), *map(str, arguments)], input=answers)


def state(project: Project) -> dict[str, bytes]:
    return {str(p.relative_to(project.root)): p.read_bytes() for p in project.root.rglob("*") if p.is_file()}


def refused(result: Result, *words: str) -> None:
    assert result.exit_code == 1, result.output
    assert "Traceback" not in result.output and "stopped unexpectedly" not in result.output
    for word in words:
        assert word in result.output


def ids(project: Project) -> list[str]:
    return [entry["id"] for entry in yaml.safe_load(project.corpus_file.read_bytes())["documents"]]


def test_add_with_yes_says_what_it_found_and_what_is_next(copy: Project, text: Path) -> None:
    result = run(copy, "add", text, "--yes")
    assert result.exit_code == 0, result.output
    for word in ("青溪县", "2024-09-10", "Yunnan", "Added 2024-qing", "policybook build"):
        assert word in result.output
    assert run(copy, "check").exit_code == 0


def test_nobody_to_ask_names_the_flags(copy: Project, text: Path) -> None:
    before = state(copy)
    refused(run(copy, "add", text), "--rights", "--yes", str(text))
    assert state(copy) == before
    assert run(copy, "add", text, "--rights", "full").exit_code == 0


def test_a_document_without_date_gets_one_that_says_it_is_none(copy: Project, tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("推进城镇化。\n", encoding="utf-8")
    refused(run(copy, "add", path), "--written", "--rights")
    assert run(copy, "add", path, "--yes").exit_code == 0
    entry = yaml.safe_load(copy.corpus_file.read_bytes())["documents"][-1]
    assert entry["published"] is None and "not known" in entry["written_evidence"]


def hostile(folder: Path) -> dict[str, str]:
    """Make things that are no documents; name -> what the message must say."""
    os.mkfifo(folder / "fifo.txt")
    (folder / "folder").mkdir()
    (folder / "dangling.txt").symlink_to("nothing.txt")
    (folder / "out.txt").symlink_to("/etc/passwd")
    (folder / "loop.txt").symlink_to("loop.txt")
    (folder / "empty.txt").touch()
    (folder / "nul.txt").write_bytes(b"\x00" * 100)
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 40)
    with (folder / "huge.txt").open("wb") as file:
        file.truncate(60_000_000)
    return {
        "fifo.txt": "pipe", "folder": "folder", "dangling.txt": "nothing", "out.txt": "leads out of its folder",
        "loop.txt": "", "empty.txt": "", "nul.txt": "", "binary.txt": "", "huge.txt": "larger than",
        "missing.txt": "no such",
        "/dev/zero": "device", "/dev/null": "device", "x\0y": "", "a" * 300: "",
    }  # fmt: skip


@pytest.mark.parametrize("command", ["inspect", "add"])
def test_what_is_no_document_is_one_sentence_and_never_waits(copy: Project, tmp_path: Path, command: str) -> None:
    before = state(copy)
    for name, word in hostile(tmp_path).items():
        began = time.monotonic()
        result = run(copy, command, str(tmp_path / name), *(["--yes"] if command == "add" else []))
        refused(result, word)
        assert len(result.output.strip().splitlines()) == 1, result.output
        assert time.monotonic() - began < 10
    assert state(copy) == before


@pytest.mark.parametrize(
    "name",
    [
        "..txt",
        "-x.txt",
        "--yes",
        "a\nb.txt",
        "会议 纪要.txt",
        "\u202etxt.exe",
        "a'\"$(touch x)`.txt",
        "id: x\n- y",
        "x" * 240,
    ],
)
def test_odd_names_become_harmless_ids_and_lines(copy: Project, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(TEXT, encoding="utf-8")
    result = run(copy, "inspect", path)
    assert result.exit_code == 0 and "\u202e" not in result.output
    assert json.loads(run(copy, "inspect", "--json", path).stdout)["document"]["file"] == str(path)
    result = run(copy, "add", "--yes", "--", path)
    assert result.exit_code == 0, result.output
    new = [p.name for p in copy.documents.iterdir() if p.name.startswith("2024-")]
    assert new == ["2024-qing-xi-xian-tui-jin-yi.txt"]
    assert run(copy, "check").exit_code == 0


def test_a_leading_dash_is_an_option_to_the_shell_user(copy: Project) -> None:
    assert run(copy, "add", "-x.txt").exit_code == 2
    assert run(copy, "inspect").exit_code == 2
    assert run(copy, "add", "a.txt", "b.txt", "--id", "c").exit_code == 2
    assert run(copy, "add", "a.txt", "--rights", "all").exit_code == 2


def test_of_several_files_the_good_ones_are_added(copy: Project, text: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("关于教育的报告\n2024-01-02\n办好教育，让孩子们都上学。\n", encoding="utf-8")
    result = run(copy, "add", text, tmp_path / "missing.txt", text, other, "--yes")
    assert result.exit_code == 1
    assert len(ids(copy)) == 7
    assert "missing.txt" in result.output and "already" in result.output


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1/x", "file:///etc/passwd", "data:text/plain,x", "http://127.0.0.1:1/x", "http://"]
)
def test_addresses_that_are_refused(copy: Project, url: str) -> None:
    before = state(copy)
    refused(run(copy, "add", url, "--yes"))
    assert state(copy) == before


class Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(TEXT.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as one:
        threading.Thread(target=one.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{one.server_port}"
        one.shutdown()


def test_a_page_is_added_from_its_address(copy: Project, server: str) -> None:
    result = run(copy, "add", f"{server}/2023/a.html#top", "--yes")
    assert result.exit_code == 0, result.output
    entry = yaml.safe_load(copy.corpus_file.read_bytes())["documents"][-1]
    assert entry["url"] == f"{server}/2023/a.html" and entry["accessed"]
    assert (copy.documents / entry["file"]).read_bytes() == TEXT.encode()


def test_two_that_add_at_once_add_both_and_one_document_once(copy: Project, tmp_path: Path) -> None:
    paths = []
    for n in range(3):
        paths.append(tmp_path / f"{n}.txt")
        paths[-1].write_text(TEXT + f"这是第{n}个文件。\n", encoding="utf-8")
    command = [sys.executable, "-m", "policybook.cli", "--project", str(copy.root), "add", "--yes"]
    running = [
        subprocess.Popen([*command, str(path)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for path in (paths[0], paths[0], paths[1], paths[2])
    ]
    said = [one.communicate(timeout=120)[0] for one in running]
    assert sorted(one.returncode for one in running) == [0, 0, 0, 1], said
    assert len(ids(copy)) == len(set(ids(copy))) == 8
    assert run(copy, "check").exit_code == 0


def test_a_folder_that_cannot_be_written_is_a_sentence(
    copy: Project, text: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state(copy)
    if os.geteuid() == 0:  # root may write anywhere

        def deny(*_: object, **__: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr("policybook.corpus.store.tempfile.mkstemp", deny)
    else:
        copy.documents.chmod(0o555)
    try:
        refused(run(copy, "add", text, "--yes"), "cannot be written", "Permission denied")
        if os.geteuid() == 0:
            refused(run(copy, "remove", "gmw-2023-county-migrants"), "cannot be written")
    finally:
        copy.documents.chmod(0o755)
    assert state(copy) == before


def test_a_person_is_asked_only_what_cannot_be_known(
    copy: Project, text: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("policybook.commands.documents._can_ask", lambda: True)
    before = state(copy)
    assert run(copy, "add", text, answers="quote\n\n\nn\n").exit_code == 1
    assert run(copy, "add", text, answers="").exit_code == 1, "Ctrl-D"
    assert state(copy) == before
    result = run(copy, "add", text, answers="all\nfull\nThe people\nreported\ny\n")
    assert result.exit_code == 0, result.output
    entry = yaml.safe_load(copy.corpus_file.read_bytes())["documents"][-1]
    assert (entry["rights"], entry["publisher"], entry["voice"]) == ("full", "The people", "reported")
    assert "Speaker (" not in result.output and "Title:" not in result.output


def test_remove_and_replace_say_what_they_did(copy: Project, text: Path) -> None:
    result = run(copy, "replace", "gmw-2023-county-migrants", text)
    assert result.exit_code == 0 and "the new text is zh" in result.output
    assert run(copy, "remove", "gmw-2023-county-migrants").exit_code == 0
    refused(run(copy, "remove", "gmw-2023-county-migrant"), "no document")
    refused(run(copy, "replace", "guizhou-2024-two-strategie", text), "Did you mean 'guizhou-2024-two-strategies'")
    refused(run(copy, "replace", "guizhou-2024-two-strategies", "missing.txt"), "missing.txt")
    assert run(copy, "check").exit_code == 0


def test_a_brief_goes_with_its_document_and_one_left_behind_is_named(copy: Project) -> None:
    for path in copy.briefs.glob("*.yml"):
        path.write_text("statements:\n  - says: A text.\n    passages: [p01]\n    words: [\"\"]\n", encoding="utf-8")
    brief = copy.briefs / "gmw-2023-county-migrants.yml"
    result = run(copy, "remove", "gmw-2023-county-migrants")
    assert result.exit_code == 0 and "data/briefs/gmw-2023-county-migrants.yml, is gone" in result.output
    assert not brief.exists() and len(list(copy.briefs.iterdir())) == 4
    for path in copy.briefs.glob("[gmw]*.yml"):
        path.unlink()
    (copy.briefs / "another-2019.yml").write_text("statements: []\n", encoding="utf-8")
    result = run(copy, "check")
    assert result.exit_code == 0 and "data/briefs/another-2019.yml" in result.stderr and "Delete it" in result.stderr


def test_a_new_project_is_empty_and_takes_documents(copy: Project, text: Path, tmp_path: Path) -> None:
    target = tmp_path / "new book"
    result = run(copy, "new", target, "--from", copy.root)
    assert result.exit_code == 0 and "policybook add FILE" in result.output
    made = Project(target)
    refused(run(made, "check"), "it lists no document yet. Add one: policybook add FILE")
    assert ids(made) == []
    refused(run(made, "add", "--recommended", "nnup-2014"), "data/recommended.yml has no text 'nnup-2014'")
    assert json.loads(run(made, "inspect", "--json", text).stdout)["document"]["language"] == "zh"
    assert run(made, "add", text, "--yes").exit_code == 0
    assert run(made, "check").exit_code == 0
    assert run(made, "remove", ids(made)[0]).exit_code == 0
    refused(run(made, "check"), "Add one")


def test_the_pages_of_a_new_project_can_be_made(copy: Project, text: Path, tmp_path: Path) -> None:
    from policybook.publishing.check import check_project
    from policybook.publishing.execute import execute_run
    from policybook.publishing.toc import write_toc

    made = Project(make_project(tmp_path / "made", copy))
    assert run(made, "add", text, "--yes").exit_code == 0
    runs = check_project(made)
    write_toc(made, [one.page for one in runs], tmp_path / "toc.yml")
    assert [execute_run(made.root, one) for one in runs] == [""] * len(runs)
