from __future__ import annotations

import gzip
import socket
import threading
import time
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from making import docx, odt, p, run

from policybook.errors import DownloadError, UnreadableDocumentError
from policybook.intake import fetch as fetching
from policybook.intake.fetch import Fetched, fetch, find_files, is_address, is_public

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
    "/to-inside": "http://127.0.0.2:1/",
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path = self.path
        ASKED.append(path)
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


#: What the server was asked for.
ASKED: list[str] = []


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


def fetch_here(url: str, **limits: Any) -> Fetched:
    return fetch(url, allow_private=True, **limits)


def test_the_received_bytes_and_the_last_address_come_back(server: str) -> None:
    got = fetch_here(f"{server}/page?a=1#part")
    assert got.content == PAGE
    assert got.url == f"{server}/page?a=1"
    assert fetch_here(f"{server}/once").url == f"{server}/page"
    assert fetch_here(f"{server}/城").content == PAGE
    assert fetch_here(f"{server}/zipped").content == PAGE
    assert fetch_here(f"{server}/image").content == PAGE, "content decides what a document is, not the server's word"


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
        fetch_here(server + path, seconds=5)
    assert "\n" not in str(caught.value) and str(caught.value).endswith(".")
    assert "secret" not in str(caught.value)


def test_five_redirects_are_followed_and_six_are_not(server: str) -> None:
    assert fetch_here(f"{server}/hops/5").content == PAGE
    with pytest.raises(DownloadError, match="more than 5"):
        fetch_here(f"{server}/hops/6")


@pytest.mark.parametrize("path", ["/slow", "/silent", "/slow-head"])
def test_the_time_limit_holds_for_a_server_that_sends_a_byte_now_and_then(server: str, path: str) -> None:
    began = time.monotonic()
    with pytest.raises(DownloadError, match=r"within 0\.5 seconds|broke off"):
        fetch_here(server + path, seconds=0.5)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("path", ["/large", "/bomb"])
def test_what_is_too_large_is_refused_also_when_packed(server: str, path: str) -> None:
    with pytest.raises(DownloadError, match="larger than"):
        fetch_here(server + path, limit=200_000)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://x/y", "data:text/plain,x", "http://", "http://[::1", "http://a:b@127.0.0.1/"]
)
def test_other_addresses_are_refused_before_anything_is_asked(url: str) -> None:
    with pytest.raises(DownloadError):
        fetch(url)


def test_nobody_there_is_a_sentence() -> None:
    with pytest.raises(DownloadError, match="no answer"):
        fetch_here("http://127.0.0.1:1/", seconds=5)


@pytest.mark.parametrize(
    ("source", "is_one"),
    [("http://x/y", True), ("HTTPS://x", True), ("file:///x", True), ("data:text/plain,x", True), ("a.txt", False),
     ("C:\\x.txt", False), ("a:b.txt", False), ("会议：一.txt", False), ("-x", False)],
)  # fmt: skip
def test_addresses_and_file_names_are_told_apart(source: str, is_one: bool) -> None:
    assert is_address(source) is is_one


# Only public addresses are asked, unless somebody means it -----------------------------------------


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
     "100.64.0.1", "100.100.100.200", "192.0.0.192", "168.63.129.16", "192.0.2.1", "198.18.0.1", "203.0.113.1",
     "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0",
     "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe",
     "::127.0.0.1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2001:0:1:2::5", "64:ff9b::7f00:1",
     "64:ff9b::169.254.169.254", "64:ff9b:1::1", "2001:db8::1", "100::1", "3fff::1", "5f00::1"],
)  # fmt: skip
def test_addresses_of_private_networks_are_known(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "8.8.8.8", "172.15.0.1", "172.32.0.1", "100.63.255.255", "100.128.0.1", "223.255.255.1",
     "2606:4700::1111", "2400:3200::1", "::ffff:8.8.8.8", "2002:808:808::1", "64:ff9b::8.8.8.8"],
)  # fmt: skip
def test_public_addresses_are_known(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0x7f.1", "0", "[::1]",
     "１２７.０.０.１", "①②⑦.⓪.⓪.①",
     "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "169.254.169.254", "[fd00:ec2::254]"],
)  # fmt: skip
def test_however_it_is_spelt_nobody_inside_is_asked(server: str, host: str) -> None:
    ASKED.clear()
    port = server.rpartition(":")[2]
    with pytest.raises(DownloadError, match=r"private network.*--allow-private\.$") as caught:
        fetch(f"http://{host}:{port}/page", seconds=5)
    assert ASKED == [] and "\n" not in str(caught.value)
    assert not host.isascii() or host.strip("[]") in str(caught.value)


@pytest.mark.parametrize("host", ["LOCALHOST.", "127.0.0.1\\@example.org"])
def test_what_only_some_read_as_an_address_inside_asks_nobody_either(server: str, host: str) -> None:
    ASKED.clear()
    with pytest.raises(DownloadError):
        fetch(f"http://{host}:{server.rpartition(':')[2]}/page", seconds=5)
    assert ASKED == []


def test_a_redirect_into_a_private_network_is_not_followed(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "is_public", lambda one: one == "127.0.0.1")
    assert fetch(f"{server}/once").content == PAGE
    with pytest.raises(DownloadError, match=r"^127\.0\.0\.2: .*--allow-private"):
        fetch(f"{server}/to-inside")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_name_that_leads_elsewhere_when_it_is_asked_hears_nothing(
    scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "_resolved", lambda _: ["8.8.8.8"])
    with socket.create_server(("127.0.0.1", 0)) as listening:
        with pytest.raises(DownloadError, match=r"^localhost: .*--allow-private"):
            fetch(f"{scheme}://localhost:{listening.getsockname()[1]}/", seconds=5)
        line, _ = listening.accept()
        with line:
            assert line.recv(100) == b""


def test_what_was_asked_for_safely_is_not_followed_in_the_open() -> None:
    checked = fetching._checked("http://example.org/a", "http://example.org/")
    assert checked == fetching._checked(checked, "") == "http://example.org/a"
    assert fetching._checked("https://example.org/a", "http://example.org/") == "https://example.org/a"
    with pytest.raises(DownloadError, match=r"redirects to http://example\.org/a; .*Give that address"):
        fetching._checked("http://example.org/a", "https://example.org/")


def test_a_proxy_may_be_anywhere_but_what_it_is_asked_for_may_not(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", server)
    monkeypatch.setenv("no_proxy", "")
    ASKED.clear()
    with pytest.raises(DownloadError, match="answered 404"):
        fetch("http://example.invalid/page", seconds=5)
    with pytest.raises(DownloadError, match="--allow-private"):
        fetch("http://10.0.0.1/page", seconds=5)
    assert ASKED == ["http://example.invalid/page"]


def test_a_chinese_name_of_a_server_is_asked_for_as_such(server: str) -> None:
    assert fetching._checked("http://政务.CN:8080/城?q=1", "") == "http://xn--zfr164b.cn:8080/%E5%9F%8E?q=1"
    assert fetch_here(f"http://①②⑦.⓪.⓪.①:{server.rpartition(':')[2]}/page").content == PAGE


# What a folder or an archive holds ----------------------------------------------------------------------


def test_the_files_of_a_folder_come_in_order_and_links_are_not_walked(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "sub/c.txt", ".git/d.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "sub" / "ring").symlink_to(tmp_path)
    found = find_files(str(tmp_path))
    names = [Path(one.name).relative_to(tmp_path).as_posix() for one in found]
    assert names == [".git", "a.txt", "b.txt", "sub/c.txt", "sub/ring"]
    assert [bool(one.skipped) for one in found] == [True, False, False, False, False]
    assert found[1].read() == b"a.txt"
    with pytest.raises(UnreadableDocumentError, match="ring"):
        found[4].read()


def test_a_folder_with_too_much_is_refused_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "_FILES", 2)
    for n in range(3):
        (tmp_path / f"{n}.txt").touch()
    (only,) = find_files(str(tmp_path))
    with pytest.raises(UnreadableDocumentError, match="more than 2 files"):
        only.read()


def test_an_archive_of_files_is_told_from_a_document_by_content(tmp_path: Path) -> None:
    for name, content in (("a.zip", docx(p(run("x")))), ("b.zip", odt("<text:p>x</text:p>")), ("c.zip", b"PK\x03\x04")):
        (tmp_path / name).write_bytes(content)
        assert [one.name for one in find_files(str(tmp_path / name))] == [str(tmp_path / name)]
    assert [one.name for one in find_files("https://a.cn/x.zip")] == ["https://a.cn/x.zip"]


def test_names_that_programs_in_china_wrote_are_read(tmp_path: Path) -> None:
    path, written = tmp_path / "a.docx", "规划.md".encode("gb18030")
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("x" * len(written), "文")
    path.write_bytes(path.read_bytes().replace(b"x" * len(written), written))
    (only,) = find_files(str(path))
    assert (only.name, only.read().decode()) == (f"{path}/规划.md", "文")


def test_an_archive_unpacks_no_more_than_so_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "UNPACKED_BYTES", 10)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as made:
        for name, size in (("a", 8), ("b", 5), ("c", 2)):
            made.writestr(name, "x" * size)
    first, second, third = find_files(str(tmp_path / "a.zip"))
    assert (len(first.read()), len(third.read())) == (8, 2)
    with pytest.raises(UnreadableDocumentError, match="too much"):
        second.read()
