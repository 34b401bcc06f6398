"""The built book on this computer: a server for nobody else, and one that builds and reloads while somebody writes."""

import base64
import hashlib
import mimetypes
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote, unquote

from policybook.build.state import input_states
from policybook.errors import BuildError
from policybook.project import Project, report_line

_RELOAD = Path(__file__).with_name("looks") / "reload.js"
#: Where a page whose inputs are watched asks for the edition, and the script that asks; no page has such a name.
_EDITION, _SCRIPT = "/-/edition", "/-/reload.js"
#: Python's own list of kinds, which is the same on every machine.
_KINDS = mimetypes.MimeTypes()
_KINDS.add_type("font/woff2", ".woff2")

_INLINE = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
#: MathJax, which a page with a formula asks for: where it comes from, and how Jupyter Book sets it up.
_MATHJAX = "https://cdn.jsdelivr.net/npm/mathjax@3/"
_MATHJAX_SET_UP = (
    'window.MathJax = {"options": {"processHtmlClass": "tex2jax_process|mathjax_process|math|output_area"}}'
)
# Beside its own files a page may use styles in its text, for every figure has some, and pictures in its text.
_POLICY = (
    "default-src 'self'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data: {fonts}; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
            "Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-store"}  # fmt: skip


def find_file(site: Path, asked: str) -> Path | None:
    """Return the file that a request's path names; None for what is not there, no regular file or not in the site.

    A folder stands for its index.html only with a slash behind it; names that begin with a dot are nobody's business.
    """
    try:
        path = unquote(asked, errors="strict")
        if not path.startswith("/") or re.search(r"[\\\x00-\x1f\x7f]|//|/\.", path):
            return None
        root = site.resolve()
        file = (root / (path[1:] + ("index.html" if path.endswith("/") else ""))).resolve(strict=True)
    except (OSError, RuntimeError, ValueError):  # nothing, a loop of links, a name that is no text or too long
        return None
    return file if file.is_relative_to(root) and file.is_file() and os.access(file, os.R_OK) else None


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
    """Serves one site on 127.0.0.1. Pages of one that is watched ask for `edition` and load again when it is new."""

    def __init__(self, site: Path, port: int, watched: bool) -> None:
        self.site, self.watched, self.edition = site, watched, str(time.time_ns())
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, *request: Any) -> None:
        """Say nothing of a reader who went away, nor of a file that did."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(*request)


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD for files of the site, to a browser that asked for this server by its own name."""

    server: BookServer
    server_version, sys_version = "policybook", ""
    error_content_type, error_message_format = "text/plain; charset=utf-8", "%(code)d %(explain)s\n"
    timeout = 30
    page = ""

    def do_GET(self) -> None:
        site, watched, edition = self.server.site, self.server.watched, self.server.edition
        path, port = self.path.partition("?")[0], "" if self.server.server_port == 80 else f":{self.server.server_port}"
        if [host.lower() for host in self.headers.get_all("Host", [])] not in (
            [f"127.0.0.1{port}"],
            [f"localhost{port}"],
        ):
            where = f"This server answers only at http://127.0.0.1{port}/."
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST, explain=where)
        elif watched and path == _EDITION:
            self._send(edition.encode(), "text/plain")
        elif watched and path == _SCRIPT:
            self._send(_RELOAD.read_bytes(), "text/javascript")
        elif file := find_file(site, path):
            content, kind = file.read_bytes(), _kind(file)
            if kind == "text/html":
                self.page = file.relative_to(site.resolve()).with_suffix("").as_posix()
                script = f'<script src="{_SCRIPT}?{edition}"></script></head>' if watched else "</head>"
                content = content.replace(b"</head>", script.encode(), 1)
            self._send(content, kind)
        elif find_file(site, path + "/"):
            self._send(b"", "text/plain", HTTPStatus.MOVED_PERMANENTLY, Location=quote(f"{path}/", safe="/%"))
        else:
            self.send_error(HTTPStatus.NOT_FOUND, explain="This book has no such page.")

    def do_HEAD(self) -> None:
        self.do_GET()

    def _send(self, content: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK, **headers: str) -> None:
        textual = kind.startswith("text/") or kind.endswith(("javascript", "json"))
        headers |= {"Content-Type": f"{kind}; charset=utf-8" if textual else kind}
        self.send_response(status)
        for name, value in (headers | {"Content-Length": str(len(content))}).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    def end_headers(self) -> None:
        """Add what every answer says: what a page may do, and that nobody else may use or keep it."""
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Security-Policy", content_policy(self.server.site, self.page))
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing a request."""


def _kind(file: Path) -> str:
    kind, packed = _KINDS.guess_type(file.name)
    return "application/gzip" if packed else kind or "application/octet-stream"


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

#: Seconds between two looks at the inputs: milliseconds each, where a library that is told of changes would bring two
#: packages, limits of the kernel and no news from network drives. Seconds that a build is given to end after Ctrl-C.
_PAUSE, _LAST_WORDS = 0.5, 5
#: A build that ends with us, however we end.
_BUILD = """
from policybook.build.kernels import die_with_parent
die_with_parent()
from policybook.cli import main
main()
"""


def watch(project: Project, server: BookServer) -> None:
    """Serve, and build whenever an input has changed and then stays for a moment; ends by KeyboardInterrupt only.

    A build that fails has said why, and the book that stands there is served as before.
    """
    for sign in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(sign) == signal.SIG_DFL:
            signal.signal(sign, signal.default_int_handler)
    Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
    built: object = None
    last = input_states(project)
    try:
        while True:
            now = input_states(project)
            if now == last and now != built:
                built = now
                _build_anew(project, server)
            last = now
            time.sleep(_PAUSE)
    finally:
        server.shutdown()


def _build_anew(project: Project, server: BookServer) -> None:
    """Build in a process of its own, which has read no code yet, and take it and its own along when interrupted."""
    began = time.monotonic()
    command = [sys.executable, "-c", _BUILD, "--project", str(project.root), "build"]
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
        server.edition = str(time.time_ns())
        report_line(f"Built in {time.monotonic() - began:.1f} s; open pages load again.")
