"""The built book on this computer: a server for nobody else, and one that builds and reloads while somebody writes."""

from __future__ import annotations

import base64
import hashlib
import mimetypes
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Condition, Thread
from urllib.parse import quote, unquote

from policybook.errors import BuildError
from policybook.project import Project, report_line

_RELOAD = Path(__file__).with_name("looks") / "reload.js"
#: Where a page whose inputs are watched asks for news, and the script that asks; no page of a book can be named so.
_NEWS, _SCRIPT = "/-/changes", "/-/reload.js"
#: Python's own list of kinds, which is the same on every machine.
_KINDS = mimetypes.MimeTypes()
for _ending, _kind in ((".woff2", "font/woff2"), (".ttf", "font/ttf"), (".webp", "image/webp")):
    _KINDS.add_type(_kind, _ending)

_INLINE = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
#: MathJax, which a page with a formula asks for: where it comes from, and how Jupyter Book sets it up.
_MATHJAX = "https://cdn.jsdelivr.net/npm/mathjax@3/"
_MATHJAX_SET_UP = (
    'window.MathJax = {"options": {"processHtmlClass": "tex2jax_process|mathjax_process|math|output_area"}}'
)
# Beside its own files a page may use styles in its text, for every figure has some, and pictures in its text.
_POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' {scripts}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data: {fonts}; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


def find_file(site: Path, target: str) -> Path | None:
    """Return the file that a request's target names; None for what is not there, no regular file or not in the site.

    A folder stands for its index.html only with a slash behind it; names that begin with a dot are nobody's business.
    """
    try:
        path = unquote(target.partition("?")[0], errors="strict")
        if not path.startswith("/") or re.search(r"[\\\x00-\x1f\x7f]|//|/\.", path):
            return None
        root = site.resolve()
        file = (root / (path[1:] + ("index.html" if path.endswith("/") else ""))).resolve(strict=True)
    except (OSError, RuntimeError, ValueError):  # nothing, a loop of links, a name that is no text or too long
        return None
    return file if file.is_relative_to(root) and file.is_file() else None


def content_policy(site: Path, page: str = "") -> str:
    """Return the Content-Security-Policy of `page` ("documents/x"), or of what is no page.

    Of scripts that stand in a page's text only those run that the theme puts into every page. They are read from the
    search page, which shows no text of a document; what a document smuggles into its own page stays text.
    """
    try:
        theme = _INLINE.findall((site / "search.html").read_text(encoding="utf-8")) if page else []
    except (OSError, ValueError):
        theme = []
    scripts = {script.replace("pagename = 'search'", f"pagename = '{page}'") for script in [*theme, _MATHJAX_SET_UP]}
    hashes = sorted(base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    return _POLICY.format(scripts=" ".join([_MATHJAX, *(f"'sha256-{one}'" for one in hashes)]), fonts=_MATHJAX)


class BookServer(ThreadingHTTPServer):
    """Serves one site on 127.0.0.1. While it is watched, its pages are told of every new edition."""

    def __init__(self, site: Path, port: int, watched: bool) -> None:
        self.site, self.watched, self.edition = site, watched, str(time.time_ns())
        self._renewed = Condition()
        super().__init__(("127.0.0.1", port), _Handler)

    def renew(self) -> None:
        """Let every open page load again."""
        with self._renewed:
            self.edition = str(time.time_ns())
            self._renewed.notify_all()

    def editions(self) -> Iterator[str]:
        """Yield the edition now, and again every five seconds and whenever there is a new one."""
        while True:
            said = self.edition
            yield said
            with self._renewed:
                if self.edition == said:
                    self._renewed.wait(5)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a reader who went away."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD for files of the site, to a browser that asked for this server by its own name."""

    server: BookServer
    server_version, sys_version = "policybook", ""
    error_content_type, error_message_format = "text/plain; charset=utf-8", "%(code)d %(explain)s\n"
    timeout = 30
    page = ""

    def do_GET(self) -> None:
        port = self.server.server_port
        names = {f"{name}:{port}" for name in ("127.0.0.1", "localhost")}
        if [name.lower() for name in self.headers.get_all("Host", [])] not in [[name] for name in names]:
            where = f"http://127.0.0.1:{port}/"
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST, explain=f"This server answers only at {where}.")
        elif self.server.watched and self.path == _NEWS:
            self._tell_editions()
        elif self.server.watched and self.path.partition("?")[0] == _SCRIPT:
            self._send(_RELOAD.read_bytes(), "text/javascript; charset=utf-8")
        elif file := find_file(self.server.site, self.path):
            self._send_file(file)
        elif find_file(self.server.site, folder := self.path.partition("?")[0] + "/"):
            self._send(b"", "text/plain", HTTPStatus.MOVED_PERMANENTLY, quote(folder, safe="/%"))
        else:
            self.send_error(HTTPStatus.NOT_FOUND, explain="This book has no such page.")

    def do_HEAD(self) -> None:
        self.do_GET()

    def _send_file(self, file: Path) -> None:
        kind, packed = _KINDS.guess_type(file.name)
        kind = "application/gzip" if packed else kind or "application/octet-stream"
        script = f'<script src="{_SCRIPT}?{self.server.edition}"></script></head>'
        try:
            content = file.read_bytes()
        except OSError:
            self.send_error(HTTPStatus.NOT_FOUND, explain="This file of the book cannot be read.")
            return
        if kind == "text/html":
            self.page = file.relative_to(self.server.site.resolve()).with_suffix("").as_posix()
            if self.server.watched:
                content = content.replace(b"</head>", script.encode(), 1)
        textual = kind.startswith("text/") or kind.endswith(("javascript", "json"))
        self._send(content, f"{kind}; charset=utf-8" if textual else kind)

    def _send(self, content: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK, location: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    def _tell_editions(self) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for edition in self.server.editions() if self.command == "GET" else ():
            self.wfile.write(f"data: {edition}\n\n".encode())

    def end_headers(self) -> None:
        """Add what every answer says: what a page may do, and that nobody else may use or keep it."""
        self.send_header("Content-Security-Policy", content_policy(self.server.site, self.page))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing a request."""


def make_server(site: Path, port: int, *, watched: bool = False) -> BookServer:
    """Return a server for `site` on 127.0.0.1; port 0 takes any free one. A site that is watched may be missing yet.

    Raises BuildError when there is no built book or the port cannot be used.
    """
    if not watched and not (site / "index.html").is_file():
        raise BuildError(f"{site}: there is no built book yet. Run: policybook build")
    try:
        return BookServer(site, port, watched)
    except OSError as error:
        raise BuildError(
            f"port {port} cannot be used ({error.strerror}). Name another: policybook serve --port 8001"
        ) from None


# What is written changes the book that is read ------------------------------------------------------

#: Seconds between two looks at the inputs. A library that is told of changes would save these looks (a millisecond or
#: two each) and bring two packages, limits of the kernel and no news from network drives.
PAUSE = 0.5
#: Seconds that a build is given to end by itself when Ctrl-C ends the server.
_LAST_WORDS = 5


def read_inputs(project: Project) -> dict[str, tuple[int, int, int]]:
    """Return every file that a book is made from, the package included, with its time, size and number.

    What a build makes in book/ is none of them, nor what editors put beside a file.
    """
    folders, found = [project.root, Path(__file__).resolve().parents[1]], []
    while folders:
        with suppress(OSError), os.scandir(folder := folders.pop()) as inside:
            for entry in inside:
                if not _is_made_from(project, folder, entry):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    folders.append(Path(entry.path))
                else:
                    found.append(entry)
    seen = {}
    for entry in found:
        with suppress(OSError):  # gone meanwhile
            status = entry.stat()
            seen[entry.path] = (status.st_mtime_ns, status.st_size, status.st_ino)
    return seen


def _is_made_from(project: Project, folder: Path, entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith((".", "__pycache__")) or entry.name.endswith(("~", ".part")):
        return False
    if folder == project.root:
        return entry.is_file() or entry.name in ("data", "notebooks", "book", "words")
    return folder != project.book or entry.name not in ("documents", "comparisons", "chapters", "index.ipynb")


def watch(project: Project, server: BookServer) -> None:
    """Serve, and build whenever an input has changed and then stays for a moment; ends by KeyboardInterrupt only.

    A build that fails has said why, and the book that stands there is served as before.
    """
    for sign in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(sign) == signal.SIG_DFL:
            signal.signal(sign, signal.default_int_handler)
    Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
    built: object = None
    last = read_inputs(project)
    try:
        while True:
            now = read_inputs(project)
            if now == last and now != built:
                built = now
                _build_anew(project, server)
            last = now
            time.sleep(PAUSE)
    finally:
        server.shutdown()


def _build_anew(project: Project, server: BookServer) -> None:
    """Build in a process of its own, which has read no code yet, and take it and its own along when interrupted."""
    began = time.monotonic()
    command = [sys.executable, "-m", "policybook.cli", "--project", str(project.root), "build"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True) as child:
        try:
            failed = child.wait()
        except BaseException:
            for sign in (signal.SIGTERM, signal.SIGKILL):
                with suppress(ProcessLookupError, subprocess.TimeoutExpired):
                    os.killpg(child.pid, sign)
                    child.wait(_LAST_WORDS)
            raise
    if failed:
        report_line("Not built; the pages stay as they were. The next change is waited for.")
    else:
        server.renew()
        report_line(f"Built in {time.monotonic() - began:.1f} s; open pages load again.")
