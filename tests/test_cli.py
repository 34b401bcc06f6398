"""`policybook words` as a user types it, also with one mistake each."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from copies import copy_project, policybook, policybook_here
from kinds import MakeProject
from making import archive
from notebooks_here import run_here
from site_server import serve_folder
from tiny_templates import WriteRuns, WriteTemplate

from policybook import __version__
from policybook.build.check import check_project
from policybook.build.new import make_project
from policybook.build.site import write_toc
from policybook.cli import main
from policybook.corpus.manifest import load_manifest
from policybook.corpus.scope import load_vocabulary
from policybook.project import Project

# The command line as a new user meets it, one mistake at a time: a sentence and an exit status, never a traceback ---


#: One mistake in every file: what is replaced, by what, and what the message must name.
MISTAKES = {
    "data/corpus.yml": ("speaker: liaoning", "speaker: laioning", "'liaoning'"),
    "data/comparisons.yml": ("plan: nnup-2014", "plan: nnup-2041", "'nnup-2014'"),
    "data/lexicon/concepts.yml": ("    theme: people\n", "    theme: peopel\n", "people"),
    "data/facts/plan_targets.csv": (",official,http", ",oficial,http", "official"),
    "notebooks/runs.yml": ("most: 60", "mots: 60", "'most'"),
}


@pytest.fixture
def broken(tmp_path: Path) -> Project:
    """A copy with a mistake in every file that a person edits."""
    project = copy_project(tmp_path / "project")
    for name, (right, wrong, _) in MISTAKES.items():
        path = project.root / name
        text = path.read_text(encoding="utf-8")
        assert right in text, f"{name} has changed: choose another mistake to make"
        path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    return project


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy that these tests only read."""
    return copy_project(tmp_path_factory.mktemp("copied") / "project")


def test_check_names_every_mistake_of_every_file_with_its_line_and_changes_nothing(broken: Project):
    before = _files(broken)
    done = policybook_here("check", project=broken)
    assert done.exit_code == 1
    for name, (_, wrong, hint) in MISTAKES.items():
        line = 1 + (broken.root / name).read_text(encoding="utf-8").split(wrong.rstrip("\n"))[0].count("\n")
        found = [said for said in done.stderr.splitlines() if said.startswith(f"{name}:{line}:")]
        assert found, f"{name}:{line} in {done.stderr}"
        assert hint in found[0]
    assert "nothing was changed" in done.stderr
    assert _files(broken) == before


@pytest.mark.parametrize(
    ("right", "wrong", "hint"),
    [
        ('document: "{id}"', 'docment: "{id}"', "Did you mean 'document'?"),
        ('document: "{id}"', 'document: "web-2024-county-mobilisation"', "'web-2024-county-mobilization'"),
        ('comparison: "{id}"', 'comparison: "nationl-fujian"', "'national-fujian'"),
        ("most: 60", "most: sixty", "a whole number"),
        ("most: 60", "most: true", "a whole number"),
        ("template: front", "template: frond", "'front'"),
        ("page: chapters/methods", "page: chapters/Methods", "lower case"),
        ("page: chapters/limits", "page: chapters/methods", "made twice"),
        ("each: comparisons", "each: comparison", "'comparisons'"),
    ],
)
def test_a_run_that_cannot_be_made_starts_no_kernel(tmp_path: Path, right: str, wrong: str, hint: str):
    project = copy_project(tmp_path / "project")
    text = project.runs_file.read_text(encoding="utf-8")
    assert right in text
    project.runs_file.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    done = policybook_here("execute", project=project)
    assert done.exit_code == 1
    assert hint in done.stderr
    assert re.search(r"^notebooks/runs\.yml:\d+: ", done.stderr, re.MULTILINE)
    assert list(project.book.rglob("*.ipynb")) == []
    assert not (project.build / "pages").exists()


@pytest.mark.parametrize("arguments", [("execute", "documents/web-2021"), ("build", "--only", "documents/web-2021")])
def test_an_unknown_page_is_answered_with_the_nearest(copied: Project, arguments: tuple[str, ...]):
    done = policybook_here(*arguments, project=copied)
    assert done.exit_code == 1
    assert "Did you mean 'documents/web-2021-joint-conference'?" in done.stderr


@pytest.mark.parametrize(
    ("target", "hint"),
    [
        ("web-2021-joint-conference:p99", "'p99'"),
        ("web-2021-joint-conferense:p01", "web-2021-joint-conference"),
        ("comparisons/eras#anser", "'answer'"),
        ("comparisons/era", "'comparisons/eras'"),
    ],
)
def test_citing_what_is_not_there_is_answered_with_the_nearest(copied: Project, target: str, hint: str):
    done = policybook_here("cite", target, project=copied)
    assert done.exit_code == 1
    assert hint in done.stderr
    assert "Known:" in done.stderr


def test_serving_without_a_book_says_how_to_make_one(copied: Project):
    done = policybook_here("serve", "--port", "0", project=copied)
    assert done.exit_code == 1
    assert "policybook build" in done.stderr


@pytest.mark.parametrize("command", [("check",), ("build",), ("execute",), ("serve",), ("cite", "index")])
def test_outside_a_project_one_sentence_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 1
    assert len(done.stderr.splitlines()) == 1
    assert "--project" in done.stderr


def test_the_installed_command_ends_with_a_sentence_and_no_traceback(tmp_path: Path):
    done = policybook("check", cwd=tmp_path)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [("build", "--forse"), ("bild",), ("execute", "--jobs", "0"), ("serve", "--port", "http"), ("cite",),
     ("cite", "index", "--style", "mla"), ("--project", "/nowhere/at/all", "check")],
)  # fmt: skip
def test_wrong_usage_is_status_2(copied: Project, arguments: tuple[str, ...]):
    done = policybook_here(*arguments, project=copied)
    assert done.exit_code == 2
    assert done.stderr.startswith("Usage: ")


def test_the_project_is_found_from_a_folder_inside_it(copied: Project, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(copied.data / "lexicon")
    done = CliRunner().invoke(main, ["check"])
    assert (done.exit_code, done.stderr) == (0, "")
    assert "No mistakes" in done.stdout


def test_the_version_is_the_packages(tmp_path: Path):
    assert policybook("--version", cwd=tmp_path).stdout.strip().endswith(__version__)


def test_a_port_that_is_taken_is_named(copied: Project):
    copied.site.mkdir(parents=True, exist_ok=True)
    (copied.site / "index.html").write_text("<p>a book</p>", encoding="utf-8")
    with serve_folder(copied.site) as address:
        port = address.rstrip("/").rpartition(":")[2]
        done = policybook_here("serve", "--port", port, project=copied)
    assert done.exit_code == 1
    assert f"port {port}" in done.stderr


def _files(project: Project) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(project.root.rglob("*")) if path.is_file()}


# `policybook compare` as a user types it, also with one mistake each -------------------------------


GUIZHOU, LIAONING = "document=guizhou-2024-two-strategies", "speaker=liaoning"


def compare(project: Project, *arguments: str) -> Result:
    return policybook_here("compare", *arguments, project=project)


def test_the_answer_comes_first_then_the_table_and_the_placebo(project: Project) -> None:
    done = compare(project, GUIZHOU, LIAONING)
    assert done.exit_code == 0
    first, _, heading, *lines = done.stdout.splitlines()
    assert GUIZHOU in first and LIAONING in first
    assert heading.split() == ["left", "right", "difference", "(all", "at", "once)", "verdict"]
    assert any(line.startswith("Countryside") for line in lines)
    assert lines[-1].startswith("Each side is one text. Placebo: ")


def test_json_is_one_object_and_the_same_every_time(project: Project) -> None:
    one, again = (compare(project, GUIZHOU, LIAONING, "--json").stdout for _ in range(2))
    assert one == again
    printed = json.loads(one)
    assert printed["left"]["selection"] == {"document": "guizhou-2024-two-strategies"}
    assert {row["family"] for row in printed["rows"]} == {"theme", "concept"}


def test_csv_has_every_row(project: Project) -> None:
    done = compare(project, GUIZHOU, LIAONING, "--csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert {row["verdict"] for row in rows} <= {
        "more in left", "more in right", "alike", "not settled", "too little evidence",
    }  # fmt: skip
    assert all(row["reason"] for row in rows)
    assert next(row for row in rows if row["id"] == "county")["evidence_left"].startswith(
        "guizhou-2024-two-strategies:p"
    )


def test_a_term_cannot_become_a_formula(make_project: MakeProject) -> None:
    project = make_project()
    scheme = project.lexicon / "concepts.yml"
    text = scheme.read_text(encoding="utf-8")
    label = "label: People and residency"
    assert label in text
    scheme.write_text(text.replace(label, "label: '=1+1'"), encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(compare(project, GUIZHOU, LIAONING, "--csv").stdout)))
    assert rows[0]["label"] == "'=1+1"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((LIAONING, LIAONING), "select the same passages. Change one of them"),
        (("places=national", LIAONING), "overlap: 6 blocks of text"),
        (("places=tibet", LIAONING), "no passage fits “places=tibet”. Ask for less"),
        (("plam=none", LIAONING), "no field 'plam'. Did you mean 'plan'?"),
        (("plan=nnup-204", LIAONING), "unknown plan 'nnup-204'. Did you mean 'nnup-2014'?"),
        ((GUIZHOU, LIAONING, "--corpus", "no-such"), "no measured corpus 'no-such'"),
    ],
)
def test_what_cannot_be_compared_is_a_sentence(project: Project, arguments: tuple[str, ...], message: str) -> None:
    done = compare(project, *arguments)
    assert done.exit_code == 1
    assert done.stdout == ""
    assert message in done.stderr
    assert done.stderr.startswith("policybook: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("plan", LIAONING), "LEFT: 'plan' is not field=value"),
        ((LIAONING, "plan=a,plan=b"), "RIGHT: 'plan' stands twice"),
        ((GUIZHOU, LIAONING, "--json", "--csv"), "Choose one"),
        ((GUIZHOU,), "Missing argument 'RIGHT'"),
        (("--each", "spaeker"), "no field 'spaeker'. Did you mean 'speaker'?"),
        (("--each", "plan", LIAONING), "fewer than two values of 'plan'"),
        ((GUIZHOU, LIAONING, "--rest"), "--rest goes with --each"),
    ],
)
def test_wrong_usage_is_told_apart(project: Project, arguments: tuple[str, ...], message: str) -> None:
    done = compare(project, *arguments)
    assert done.exit_code == 2
    assert message in done.stderr


# The commands about documents as a new user types them, with one mistake each ----------------------


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
        assert time.monotonic() - began < 60, "what waits for a pipe or for an end waits for ever"
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
    assert len(load_manifest(copy, load_vocabulary(copy))) == 6


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


SECOND = """\
---
title: 白河县的做法
date: 2024-05-06
author: 白河日报
---

# 白河县的做法

白河县**推进城镇化**，办好教育。
"""


def packed(folder: Path) -> Path:
    """Make an archive with one text, in a folder, and with what is refused or passed over."""
    path = folder / "texts.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in {
            "texts/": "", "texts/b.md": SECOND, "__MACOSX/texts/._b.md": "x", "__MACOSX/._c": "x", "../out.txt": TEXT,
            "bomb.txt": "a" * 70_000_000, "in.zip": archive({"a.txt": TEXT}), "c.png": b"\x89PNG",
        }.items():  # fmt: skip
            made.writestr(name, content)
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = 0o120777 << 16
        made.writestr(link, "/etc/passwd")
    return path


def test_every_file_of_a_folder_and_of_an_archive_is_added_or_named(copy: Project, text: Path, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    (folder / "sub").mkdir(parents=True)
    shutil.copy(text, folder / "sub" / "a.txt")
    (folder / ".DS_Store").write_bytes(b"x")
    (folder / "~$a.docx").write_bytes(b"x")
    (folder / "out.txt").symlink_to("/etc/passwd")
    (folder / "etc").symlink_to("/etc")
    (folder / "bad.txt").write_bytes(b"\x00")
    (folder / "nested.zip").write_bytes(archive({"a.txt": TEXT}))
    before = len(ids(copy))
    result = run(copy, "add", folder, packed(tmp_path), "--yes")
    refused(result, "Of 14 files: ", "2 added", "9 refused", "3 skipped")
    assert len(ids(copy)) == before + 2
    entries = {entry.title: entry for entry in load_manifest(copy, load_vocabulary(copy))}
    assert entries["白河县的做法"].file.endswith(".md") and entries["白河县的做法"].publisher == "白河日报"
    summary = result.output[result.output.index("Of 14 files") :]
    for name in ("out.txt", "etc", "bad.txt", "nested.zip", "../out.txt", "bomb.txt", "in.zip", "c.png", "link.txt"):
        assert re.search(rf"refused: .*/{re.escape(name)}: ", summary), name
    for name in (".DS_Store", "~$a.docx", "__MACOSX"):
        assert re.search(rf"skipped: .*/{re.escape(name)}: ", summary), name
    assert result.output.count("policybook build") == 1
    assert run(copy, "check").exit_code == 0


def test_a_folder_is_inspected_file_by_file(copy: Project, text: Path, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    shutil.copy(text, folder / "a.txt")
    (folder / "b.md").write_text(SECOND, encoding="utf-8")
    lines = [json.loads(line) for line in run(copy, "inspect", "--json", folder).stdout.splitlines()]
    assert [line["document"]["format"] for line in lines] == ["txt", "md"]
    assert [one["text"] for one in lines[1]["passages"]] == ["白河县的做法", "白河县推进城镇化，办好教育。"]
    told = run(copy, "inspect", folder)
    assert told.exit_code == 0 and "Of 2 files: 2 read." in told.output


def test_what_is_for_one_document_and_an_empty_folder_are_refused(copy: Project, tmp_path: Path) -> None:
    assert run(copy, "add", tmp_path, "--title", "x").exit_code == 2
    (tmp_path / "empty").mkdir()
    refused(run(copy, "add", tmp_path / "empty", "--yes"), "a folder without files")


def test_who_declines_one_of_several_is_asked_for_the_next(
    copy: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    for name, body in (("a.md", SECOND), ("b.md", SECOND.replace("教育", "医疗"))):
        (folder / name).write_text(body, encoding="utf-8")
    monkeypatch.setattr("policybook.cli_documents._can_ask", lambda: True)
    result = run(copy, "add", folder, "--rights", "quote", "--voice", "official", answers="n\ny\n")
    assert result.exit_code == 0, result.output
    assert "1 left out, as you said; 1 added" in result.output


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
    before = state(copy)
    refused(run(copy, "add", f"{server}/2023/a.html", "--yes"), "127.0.0.1", "--allow-private")
    assert state(copy) == before
    result = run(copy, "add", f"{server}/2023/a.html#top", "--yes", "--allow-private")
    assert result.exit_code == 0, result.output
    entry = yaml.safe_load(copy.corpus_file.read_bytes())["documents"][-1]
    assert entry["url"] == f"{server}/2023/a.html" and entry["accessed"]
    assert (copy.documents / entry["file"]).read_bytes() == TEXT.encode()


def test_two_that_add_at_once_add_both_and_one_document_once(copy: Project, tmp_path: Path) -> None:
    paths = []
    for n in range(2):
        paths.append(tmp_path / f"{n}.txt")
        paths[-1].write_text(TEXT + f"这是第{n}个文件。\n", encoding="utf-8")
    command = [sys.executable, "-m", "policybook.cli", "--project", str(copy.root), "add", "--yes"]
    running = [
        subprocess.Popen([*command, str(path)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for path in (paths[0], paths[0], paths[1])
    ]
    said = [one.communicate(timeout=300)[0] for one in running]
    assert sorted(one.returncode for one in running) == [0, 0, 1], said
    assert len(ids(copy)) == len(set(ids(copy))) == 7
    assert run(copy, "check").exit_code == 0


def test_a_folder_that_cannot_be_written_is_a_sentence(
    copy: Project, text: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state(copy)
    if os.geteuid() == 0:  # root may write anywhere

        def deny(*_: object, **__: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr("policybook.intake.edit.tempfile.mkstemp", deny)
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
    monkeypatch.setattr("policybook.cli_documents._can_ask", lambda: True)
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
        path.write_text('statements:\n  - says: A text.\n    passages: [p01]\n    words: [""]\n', encoding="utf-8")
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
    made = Project(make_project(tmp_path / "made", copy))
    assert run(made, "add", text, "--yes").exit_code == 0
    runs = check_project(made)
    write_toc(made, [one.page for one in runs], tmp_path / "toc.yml")
    assert all(run_here(made, one) for one in runs)


NATIONAL, CLI_WORDS_LIAONING, CHINESE = "speaker=national", "speaker=liaoning", "document=web-2021-joint-conference"


def words(project: Project, *arguments: str) -> Result:
    return policybook_here("words", *arguments, project=project)


def rows_of(done: Result) -> list[dict[str, str]]:
    assert done.exit_code == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout)))


def test_words_of_everything_are_listed_by_language_most_frequent_first(project: Project) -> None:
    done = words(project, "--most", "3")
    english, chinese = done.stdout.strip().split("\n\n")
    assert english.startswith("everything: ")
    assert "documents: 4" in english and "documents: 1" in chinese
    assert len(english.splitlines()) == len(chinese.splitlines()) == 5
    counts = [int(line[36:].split()[0]) for line in english.splitlines()[2:]]
    assert counts == sorted(counts, reverse=True)


def test_csv_has_every_word_and_shares_that_add_up(project: Project) -> None:
    rows = rows_of(words(project, CLI_WORDS_LIAONING, "--csv"))
    assert len(rows) > 200
    assert sum(float(row["share"]) for row in rows) == pytest.approx(1)
    assert all(0 <= float(row["dp"]) < 1 and row["documents"] == "1" for row in rows)
    assert len(rows_of(words(project, CLI_WORDS_LIAONING, "--csv", "--most", "4"))) == 4


def test_words_that_no_concept_carries_come_with_an_example(project: Project) -> None:
    rows = rows_of(words(project, CLI_WORDS_LIAONING, "--uncoded", "--csv"))
    assert len(rows) > 100
    assert all(row["term"] in row["example"].lower() for row in rows)
    assert all(row["sentence"].startswith("mysheen-2024-liaoning-income-gap:p") for row in rows)
    lines = words(project, "--uncoded", "--most", "2").stdout.splitlines()
    assert len(lines) == 10
    assert "no concept" in lines[0]


def test_against_turns_every_sign_and_leaves_q(project: Project) -> None:
    one, other = (rows_of(words(project, *pair, "--csv")) for pair in (
        (NATIONAL, "--against", CLI_WORDS_LIAONING, "--language", "en"), (CLI_WORDS_LIAONING, "--against", NATIONAL),
    ))  # fmt: skip
    turned = {row["term"]: row for row in other}
    assert len(one) == len(turned)
    for row in one:
        back = turned[row["term"]]
        assert (row["count_left"], row["count_right"]) == (back["count_right"], back["count_left"])
        for column in ("g2", "log_ratio", "log_odds_z"):
            assert float(row[column]) == pytest.approx(-float(back[column]), abs=1e-9)
        assert float(row["q"]) == pytest.approx(float(back["q"]))
    assert "p" not in one[0]


def test_the_table_of_two_selections_names_its_measures_and_sends_on_for_a_verdict(project: Project) -> None:
    lines = words(project, NATIONAL, "--against", CLI_WORDS_LIAONING, "--most", "2").stdout.splitlines()
    assert [line.split(":")[0] for line in lines[:2]] == [NATIONAL, CLI_WORDS_LIAONING]
    assert lines[2].split() == ["left", "share", "DP", "right", "share", "DP", "G2", "log", "ratio", "z", "q"]
    assert lines[5] == ""
    assert "four cells" in lines[6]
    assert lines[-1].endswith("policybook compare.")


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        ((CLI_WORDS_LIAONING, "--against", CHINESE), 1, "Choose two selections that share a language."),
        ((CLI_WORDS_LIAONING, "--language", "zh"), 1, "no passage fits “speaker=liaoning,language=zh”"),
        ((CLI_WORDS_LIAONING, "--against", "places=tibet"), 1, "no passage fits “places=tibet”"),
        (("--against", CLI_WORDS_LIAONING), 1, "“everything” and “speaker=liaoning” overlap"),
        ((CLI_WORDS_LIAONING, "--against", CLI_WORDS_LIAONING), 1, "select the same passages"),
        (("liaoning",), 2, "SELECTION: 'liaoning' is not field=value."),
        ((CLI_WORDS_LIAONING, "--against", ""), 2, "--against: '' is not field=value."),
        ((CLI_WORDS_LIAONING, "--most", "0"), 2, "--most"),
        ((CLI_WORDS_LIAONING, "--uncoded", "--against", CHINESE), 2, "Leave out --against, or --uncoded."),
    ],
)
def test_a_mistake_is_one_sentence(project: Project, arguments: tuple[str, ...], status: int, sentence: str) -> None:
    done = words(project, *arguments)
    assert done.exit_code == status
    assert done.stdout == ""
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["pages", "hashes.json"])
def test_what_stands_in_the_way_of_a_build_is_named(
    tiny: Project, write_template: WriteTemplate, write_runs: WriteRuns, name: str
):
    """A file in the place of a folder, and a folder in the place of a file: a sentence."""
    write_template("tiny", "n = 1")
    write_runs({"template": "tiny", "page": "chapters/tiny"})
    way = tiny.build / name
    way.parent.mkdir()
    way.mkdir() if way.suffix else way.write_text("in the way", encoding="utf-8")
    done = policybook_here("execute", project=tiny)
    assert done.exit_code == 1
    assert str(way) in done.stderr and "Put that right" in done.stderr
