"""The built book on this computer: whom the server answers, with what, and how a change comes to the reader."""

from __future__ import annotations

import base64
import hashlib
import http.client
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import psutil
import pytest
import yaml
from copies import copy_project, hear_ctrl_c
from site_server import serve_folder

from policybook.build import serve as serving
from policybook.build.new import make_project
from policybook.build.serve import BookServer, content_policy, find_file, make_server, watch
from policybook.build.state import input_states
from policybook.errors import BuildError
from policybook.project import Project

THEME = "<script data-x>mode()</script><script src='a.js'></script><script>d.pagename = 'search';</script>"
SMUGGLED = "alert(1)"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with a page, files of some kinds, and ways out of it."""
    site = tmp_path / "html"
    (site / "part").mkdir(parents=True)
    (site / "bare").mkdir()
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (tmp_path / "html-secret").mkdir()
    (tmp_path / "html-secret" / "x.txt").write_text("secret", encoding="utf-8")
    (site / "index.html").write_text("<head></head>front", encoding="utf-8")
    (site / "search.html").write_text(THEME, encoding="utf-8")
    (site / "part" / "index.html").write_text("part", encoding="utf-8")
    (site / "part" / "城.html").write_text(f"<script>{SMUGGLED}</script>", encoding="utf-8")
    (site / "bare" / "x.txt").write_text("x", encoding="utf-8")
    (site / ".hidden").write_text("hidden", encoding="utf-8")
    (site / "out.txt").symlink_to(tmp_path / "secret.txt")
    (site / "out").symlink_to(tmp_path)
    (site / "round").symlink_to(site / "round")
    (site / "in.html").symlink_to(site / "index.html")
    os.mkfifo(site / "pipe.txt")
    return site


@pytest.fixture
def server(site: Path) -> Iterator[BookServer]:
    """The site as `serve --watch` shows it."""
    with make_server(site, 0, watched=True) as server:
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server
        server.shutdown()


def ask(
    server: BookServer | str, target: str, method: str = "GET", host: str | None = ""
) -> tuple[int, http.client.HTTPMessage, bytes]:
    """Return the status, headers and content of an answer; the Host is the server's unless another is said."""
    port = server.server_port if isinstance(server, BookServer) else urlsplit(server).port
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest(method, target, skip_host=True)
    if host is not None:
        connection.putheader("Host", host or f"127.0.0.1:{port}")
    connection.endheaders()
    answer = connection.getresponse()
    got = answer.status, answer.headers, answer.read()
    connection.close()
    return got


@pytest.mark.parametrize(
    ("host", "status"),
    [("127.0.0.1:{}", 200), ("localhost:{}", 200), ("LocalHost:{}", 200), ("127.0.0.1", 421), ("localhost", 421),
     ("evil.example:{}", 421), ("127.0.0.1.evil.example:{}", 421), ("localhost.:{}", 421), ("[::1]:{}", 421),
     ("0.0.0.0:{}", 421), ("127.0.0.1:1", 421), (" ", 421), (None, 421)],
)  # fmt: skip
def test_it_answers_only_to_its_own_name(server: BookServer, host: str | None, status: int) -> None:
    got, _, content = ask(server, "/", host=host.format(server.server_port) if host else host)
    assert got == status
    assert (b"front" in content) is (status == 200)
    assert status == 200 or f"http://127.0.0.1:{server.server_port}/" in content.decode()


def test_two_names_are_none(server: BookServer) -> None:
    own = f"127.0.0.1:{server.server_port}"
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=10) as line:
        line.sendall(f"GET / HTTP/1.1\r\nHost: {own}\r\nHost: evil.example\r\n\r\n".encode())
        assert line.recv(100).startswith(b"HTTP/1.0 421 ")


@pytest.mark.parametrize(
    ("target", "name"),
    [("/", "index.html"), ("/index.html", "index.html"), ("/part/", "part/index.html"),
     ("/part/%E5%9F%8E.html", "part/城.html"), ("/in.html", "index.html"), ("/bare/x.txt", "bare/x.txt")],
)  # fmt: skip
def test_files_of_the_site_are_found(site: Path, server: BookServer, target: str, name: str) -> None:
    assert find_file(site, target) == site / name
    status, headers, content = ask(server, target)
    assert (status, headers["content-length"]) == (200, str(len(content)))
    assert ask(server, f"{target}?q=a/../b")[2] == content


@pytest.mark.parametrize(
    "target",
    ["/bare/", "/../secret.txt", "/part/../index.html", "/%2e%2e/secret.txt", "/%2E%2E%2fsecret.txt",
     "/..%5csecret.txt", "/part\\index.html", "/part/./index.html", "/%252e%252e/secret.txt", "/..%c0%afsecret.txt",
     "/index.html%00.txt", "/index.html%0a", "/.hidden", "/%2ehidden", "/part//index.html", "/%2F%2Fetc/passwd",
     "//etc/passwd", "/%2Fetc%2Fpasswd", "/out.txt", "/out/secret.txt", "/out/html/index.html/", "/round", "/pipe.txt",
     "/missing", "/index.html/", "/in.html/x", "/../html-secret/x.txt", "/%ff", "/" + "x" * 5000, "/" + "x/" * 9000,
     "http://127.0.0.1/index.html", "/C:/x", "*"],
)  # fmt: skip
def test_nothing_else_is_found(site: Path, server: BookServer, target: str) -> None:
    assert find_file(site, target) is None
    status, headers, content = ask(server, target)
    assert status in (404, 400)
    assert b"secret" not in content and b"<" not in content
    assert headers["content-type"].startswith("text/plain")


def test_a_folder_with_a_page_leads_there_and_one_without_is_not_listed(server: BookServer) -> None:
    status, headers, _ = ask(server, "/part?x=1")
    assert (status, headers["location"]) == (301, "/part/")
    assert ask(server, "/bare")[0] == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "CONNECT", "TRACE", "WHAT"])
def test_only_reading_is_possible(server: BookServer, method: str) -> None:
    assert ask(server, "/", method)[0] == 501


def test_a_head_is_an_answer_without_content(server: BookServer) -> None:
    status, headers, content = ask(server, "/", "HEAD")
    assert (status, headers["content-length"], content) == (200, str(len(ask(server, "/")[2])), b"")


@pytest.mark.parametrize(
    ("target", "host"), [("/", ""), ("/bare/x.txt", ""), ("/no", ""), ("/part", ""), ("/", "evil")]
)
def test_every_answer_says_what_a_page_may_do(server: BookServer, target: str, host: str) -> None:
    headers = ask(server, target, host=host)[1]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    rules = dict(rule.strip().partition(" ")[::2] for rule in headers["content-security-policy"].split(";"))
    assert {"default-src", "object-src", "base-uri", "form-action", "frame-ancestors"} <= rules.keys()
    assert "unsafe-inline" not in rules["script-src"] and "'unsafe-eval'" not in rules["script-src"]


def test_of_scripts_in_a_page_only_the_themes_may_run(site: Path, server: BookServer) -> None:
    policy = ask(server, "/part/%E5%9F%8E.html")[1]["content-security-policy"]
    assert _hash("mode()") in policy and _hash("d.pagename = 'part/城';") in policy
    assert _hash(SMUGGLED) not in policy and _hash("") not in policy
    assert _hash("mode()") not in content_policy(site), "what is no page runs no script of a page"


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.html", "text/html; charset=utf-8"), ("a.css", "text/css; charset=utf-8"), ("a.svg", "image/svg+xml"),
     ("a.JSON", "application/json; charset=utf-8"), ("a.wasm", "application/wasm"), ("a.woff2", "font/woff2"),
     ("a.png", "image/png"), ("a.csv", "text/csv; charset=utf-8"), ("a.pdf", "application/pdf"),
     ("a.unknown", "application/octet-stream"),
     ("a.csv.gz", "application/gzip"), ("noending", "application/octet-stream")],
)  # fmt: skip
def test_every_kind_is_named_alike_on_every_machine(site: Path, server: BookServer, name: str, kind: str) -> None:
    (site / name).write_bytes(b"x")
    assert ask(server, f"/{name}")[1]["content-type"] == kind


def test_scripts_are_named_as_scripts(site: Path, server: BookServer) -> None:
    (site / "a.js").write_bytes(b"x")
    assert ask(server, "/a.js")[1]["content-type"].partition(";")[0] in ("text/javascript", "application/javascript")


def test_a_reader_who_goes_away_is_not_spoken_of(
    site: Path, server: BookServer, capfd: pytest.CaptureFixture[str]
) -> None:
    (site / "large.txt").write_bytes(b"x" * 20_000_000)
    request = f"GET /large.txt HTTP/1.1\r\nHost: 127.0.0.1:{server.server_port}\r\n\r\n".encode()
    for sent in (b"", b"GET /lar", request):
        with socket.create_connection(("127.0.0.1", server.server_port)) as line:
            line.sendall(sent)
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    for _ in range(3):
        assert ask(server, "/")[0] == 200
        time.sleep(0.1)
    assert capfd.readouterr().err == ""


def test_a_port_that_is_taken_and_a_book_that_is_not_there_are_sentences(server: BookServer, tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=f"port {server.server_port} cannot be used .*--port"):
        make_server(server.site, server.server_port)
    with pytest.raises(BuildError, match="policybook build"):
        make_server(tmp_path, 0)


# While somebody writes ------------------------------------------------------------------------------


def test_open_pages_are_told_of_a_new_edition_only_where_they_are_watched(site: Path, server: BookServer) -> None:
    shown = ask(server, "/")[2].decode()
    assert f'<script src="/-/reload.js?{server.edition}"></script></head>' in shown
    assert b"/-/edition" in ask(server, f"/-/reload.js?{server.edition}")[2]
    before = ask(server, "/-/edition")[2].decode()
    server.edition = "next"
    assert ask(server, "/-/edition")[2].decode() == "next" != before
    with serve_folder(site) as address:
        assert ask(address, "/")[2].decode() == "<head></head>front"
        assert {ask(address, target)[0] for target in ("/-/edition", "/-/reload.js")} == {404}


def test_every_input_counts_and_nothing_that_a_build_or_an_editor_leaves(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    before = input_states(project)
    for name in (
        *("book/documents/a.ipynb", "book/comparisons/a.ipynb", "book/chapters/a.ipynb", "book/index.ipynb"),
        *("book/index.ipynb.part", "_build/html/index.html", "data/.corpus.yml.swp", "data/corpus.yml~"),
        *("notebooks/urbanization/__pycache__/a.pyc", "notebooks/.ipynb_checkpoints/a.ipynb", ".venv/x.py"),
    ):
        _write(project.root / name)
        assert input_states(project) == before, name
    for name in (
        *("data/lexicon/concepts.yml", "data/documents/new.txt", "notebooks/runs.yml", "notebooks/urbanization/new.py"),
        *("book/how-to-read.md", "book/documents.md", "book/_static/new.css", "words/en/new.yml", "_config.yml"),
        *("_toc.yml", "CITATION.cff"),
    ):
        _write(project.root / name)
        assert input_states(project) != before, name
        before = input_states(project)
    (project.book / "how-to-read.md").unlink()
    assert input_states(project) != before
    package = Path(sys.modules[make_server.__module__].__file__ or "")
    assert str(package) in before


def test_a_change_amid_a_build_is_built_too_and_one_that_goes_on_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = _small(tmp_path / "project")
    builds, looks = [], 0

    def build(*_: object) -> None:
        builds.append(looks)
        if looks == 0:
            _write(project.book / "index.md", "written amid the first build")
        _write(project.book / "documents" / f"{looks}.ipynb")

    def look_again(_: float) -> None:
        nonlocal looks
        looks += 1
        if looks in (8, 9, 10):
            _write(project.corpus_file, "x" * looks)
        if looks == 20:
            raise KeyboardInterrupt

    monkeypatch.setattr(serving, "_build_anew", build)
    monkeypatch.setattr(serving.time, "sleep", look_again)
    before = {sign: signal.getsignal(sign) for sign in (signal.SIGTERM, signal.SIGHUP)}
    try:
        with pytest.raises(KeyboardInterrupt), make_server(project.site, 0, watched=True) as watched:
            watch(project, watched)
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)
    assert builds == [0, 2, 11]


def test_a_change_is_built_and_shown_a_mistake_is_said_and_nothing_is_left_behind(tmp_path: Path) -> None:
    """One run: a mistake while an old book stands there, put right with a new page, and Ctrl-C amid the next build."""
    project = _small(tmp_path / "project")
    right = project.corpus_file.read_bytes()
    _write(project.site / "index.html", "an old page")
    _write(project.corpus_file, "documents: [")
    heard = tmp_path / "heard.txt"
    with watching(project, heard) as running:
        assert running.stdout
        address = running.stdout.readline().split()[0]
        _until(lambda: "Not built" in heard.read_text(encoding="utf-8"))
        assert "data/corpus.yml:" in heard.read_text(encoding="utf-8")
        assert ask(address, "/")[2] == b"an old page"
        before = ask(address, "/-/edition")[2]
        _write(project.book / "index.md", "# A page\n\nNew words.\n")
        project.corpus_file.write_bytes(right)
        _until(lambda: ask(address, "/-/edition")[2] != before)
        assert b"New words." in (shown := ask(address, "/")[2])
        assert b"/-/reload.js" in shown
        own = psutil.Process(running.pid)
        _until(lambda: own.children(recursive=True) == [])
        time.sleep(1.5)
        assert own.children(recursive=True) == [], "what the build made has not started another"
        _write(project.book / "index.md", "# A page\n\nNewer words.\n")
        _until(lambda: bool(own.children()))
        started = own.children(recursive=True)
        running.send_signal(signal.SIGINT)
        assert running.wait(20) == 0
    assert left_of(started) == []
    assert "Traceback" not in heard.read_text(encoding="utf-8")


def test_a_build_ends_with_whoever_watches_however_that_ends(tmp_path: Path) -> None:
    project = _small(tmp_path / "project")
    with watching(project, tmp_path / "heard.txt") as running:
        own = psutil.Process(running.pid)
        _until(lambda: bool(own.children()))
        started = own.children(recursive=True)
        running.kill()
    _until(lambda: left_of(started) == [])


@contextmanager
def watching(project: Project, heard: Path) -> Iterator[subprocess.Popen[str]]:
    """Run `serve --watch`; what it says to people goes to the file `heard`."""
    command = [sys.executable, "-m", "policybook.cli", "--project", project.root, "serve", "--watch", "--port", "0"]
    with (
        heard.open("w", encoding="utf-8") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, preexec_fn=hear_ctrl_c) as running,
        closing(Killed(running)),
    ):
        yield running


def left_of(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Return those that still run."""
    return [one for one in processes if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


class Killed:
    """Ends a process at the end of a block, in which a test may have failed: nobody waits for it then."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.close = process.kill


def _small(folder: Path) -> Project:
    """A project whose book is a single page that no notebook makes."""
    project = Project(make_project(folder))
    text = "The town of Ashford will lay new pipes for drinking water by 2035.\n"
    _write(project.documents / "a.txt", text)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    said = {"title": "Pipes", "publisher": "us", "written": "2031", "speaker": "national", "voice": "official"}
    entry = {
        "id": "a",
        "file": "a.txt",
        "sha256": sha256,
        "language": "en",
        "rights": "full",
        "rights_note": "x",
        **said,
    }
    _write(project.corpus_file, yaml.safe_dump({"documents": [entry]}))
    _write(project.runs_file, "runs: []\n")
    _write(project.root / "_toc.yml", "format: jb-book\nroot: index\n")
    _write(project.book / "index.md", "# A page\n\nOld words.\n")
    return project


def _until(true: Callable[[], bool], seconds: float = 300) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


def _write(path: Path, text: str = "x") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
