from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from policybook.errors import DownloadError
from policybook.intake.fetch import fetch, is_address

PAGE = "<html><body><p>城镇化</p></body></html>".encode()
REDIRECTS = {
    "/loop": "/loop",
    "/to-file": "file:///etc/passwd",
    "/to-ftp": "ftp://127.0.0.1/x",
    "/to-data": "data:text/plain,hello",
    "/to-script": "javascript:alert(1)",
    "/to-user": "http://me:secret@127.0.0.1/",
    "/to-nothing": "http://[::1",
    "/once": "/page",
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path = self.path
        if path.startswith("/hops/"):
            left = int(path.rpartition("/")[2])
            self.redirect(f"/hops/{left - 1}" if left > 1 else "/page")
        elif path in REDIRECTS:
            self.redirect(REDIRECTS[path])
        elif path == "/slow":
            self.send_response(200)
            self.end_headers()
            for _ in range(100):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.1)
        elif path == "/silent":
            time.sleep(3)
        elif path == "/slow-head":
            for _ in range(50):
                self.wfile.write(b"HTTP/1.0 200 OK\r\nX-A: b\r\n"[:1])
                self.wfile.flush()
                time.sleep(0.1)
        elif path == "/large":
            self.answer(b"x" * 300_000)
        elif path == "/bomb":
            self.answer(gzip.compress(b"x" * 30_000_000), encoding="gzip")
        elif path == "/zipped":
            self.answer(gzip.compress(PAGE), encoding="gzip")
        elif path == "/cut":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(PAGE)
        elif path == "/empty":
            self.answer(b"")
        elif path == "/rubbish":
            self.wfile.write(b"\x00\x01\x02 what\r\n\r\n")
        elif path == "/image":
            self.answer(PAGE, kind="image/png")
        elif path.startswith("/page") or path == "/%E5%9F%8E":
            self.answer(PAGE)
        else:
            self.send_error(404)

    def redirect(self, target: str) -> None:
        self.send_response(302)
        self.send_header("Location", target)
        self.end_headers()

    def answer(self, content: bytes, *, kind: str = "text/html", encoding: str = "") -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        if encoding:
            self.send_header("Content-Encoding", encoding)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


class QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with QuietServer(("127.0.0.1", 0), Handler) as one:
        threading.Thread(target=one.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{one.server_port}"
        one.shutdown()


def test_the_received_bytes_and_the_last_address_come_back(server: str) -> None:
    got = fetch(f"{server}/page?a=1#part")
    assert got.content == PAGE
    assert got.url == f"{server}/page?a=1"
    assert fetch(f"{server}/once").url == f"{server}/page"
    assert fetch(f"{server}/城").content == PAGE
    assert fetch(f"{server}/zipped").content == PAGE
    assert fetch(f"{server}/image").content == PAGE, "content decides what a document is, not the server's word"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/loop", "more than 5 redirects"),
        ("/to-file", "only http and https"),
        ("/to-ftp", "only http and https"),
        ("/to-data", "only http and https"),
        ("/to-script", "only http and https"),
        ("/to-user", "user name"),
        ("/to-nothing", "no web address|only http"),
        ("/missing", "answered 404"),
        ("/cut", "broke off|bytes came"),
        ("/empty", "sent nothing"),
        ("/rubbish", "no answer|broke off"),
    ],
)
def test_every_refusal_is_a_sentence(server: str, path: str, message: str) -> None:
    with pytest.raises(DownloadError, match=message) as caught:
        fetch(server + path, seconds=5)
    assert "\n" not in str(caught.value) and str(caught.value).endswith(".")
    assert "secret" not in str(caught.value)


def test_five_redirects_are_followed_and_six_are_not(server: str) -> None:
    assert fetch(f"{server}/hops/5").content == PAGE
    with pytest.raises(DownloadError, match="more than 5"):
        fetch(f"{server}/hops/6")


@pytest.mark.parametrize("path", ["/slow", "/silent", "/slow-head"])
def test_the_time_limit_holds_for_a_server_that_sends_a_byte_now_and_then(server: str, path: str) -> None:
    began = time.monotonic()
    with pytest.raises(DownloadError, match=r"within 0\.5 seconds|broke off"):
        fetch(server + path, seconds=0.5)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("path", ["/large", "/bomb"])
def test_what_is_too_large_is_refused_also_when_packed(server: str, path: str) -> None:
    with pytest.raises(DownloadError, match="larger than"):
        fetch(server + path, limit=200_000)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://x/y", "data:text/plain,x", "http://", "http://[::1", "http://a:b@127.0.0.1/"]
)
def test_other_addresses_are_refused_before_anything_is_asked(url: str) -> None:
    with pytest.raises(DownloadError):
        fetch(url)


def test_nobody_there_is_a_sentence() -> None:
    with pytest.raises(DownloadError, match="no answer"):
        fetch("http://127.0.0.1:1/", seconds=5)


@pytest.mark.parametrize(
    ("source", "is_one"),
    [("http://x/y", True), ("HTTPS://x", True), ("file:///x", True), ("data:text/plain,x", True), ("a.txt", False),
     ("C:\\x.txt", False), ("a:b.txt", False), ("会议：一.txt", False), ("-x", False)],
)  # fmt: skip
def test_addresses_and_file_names_are_told_apart(source: str, is_one: bool) -> None:
    assert is_address(source) is is_one
