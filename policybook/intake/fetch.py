"""A document is fetched from its address, or found: a file, or those of a folder or of a zip archive."""

from __future__ import annotations

import os
import re
import socket
import stat
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import requote_uri

from policybook import __version__
from policybook.errors import DownloadError, UnreadableDocumentError, shown
from policybook.project import read_file
from policybook.reading.docx import UNPACKED_BYTES, UNSAFE, Archive
from policybook.reading.received import RefusedError

#: Seconds for the whole of it, bytes of the document, and redirects that are followed.
SECONDS = 30.0
LARGEST_PAGE = 50 * 1024 * 1024
REDIRECTS = 5
_CHUNK = 64 * 1024

#: What Python's own lists miss in some of its versions: Oracle's and Azure's metadata, relays, documentation.
_NOT_PUBLIC = [ip_network(one) for one in ("192.0.0.0/24", "168.63.129.16/32", "192.88.99.0/24", "3fff::/20")]
#: IPv6 that anybody may be reached by, and that stands for IPv4 (RFC 6052) in its last four bytes.
_UNICAST, _NAT64 = ip_network("2000::/3"), ip_network("64:ff9b::/96")


@dataclass(frozen=True)
class Fetched:
    """A document as received, and the address it came from in the end."""

    content: bytes
    url: str


def is_address(source: str) -> bool:
    """Whether a source is meant as a web address (of whatever scheme) and not as a file."""
    return bool(re.match(r"[A-Za-z][A-Za-z0-9+.-]*://|(?:data|javascript|mailto):", source))


def is_public(address: str) -> bool:
    """Whether an IP address is one that anybody may reach: not this computer's, its network's or a provider's own."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        inside = ip.ipv4_mapped or ip.sixtofour or (IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None)
        if inside or ip not in _UNICAST:
            return inside is not None and is_public(str(inside))
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or any(ip in network for network in _NOT_PUBLIC))


def fetch(url: str, *, allow_private: bool = False, seconds: float = SECONDS, limit: int = LARGEST_PAGE,
          redirects: int = REDIRECTS) -> Fetched:  # fmt: skip
    """Return what stands at `url`. Raises DownloadError with a sentence when it cannot be had within the limits.

    Only public addresses are asked, also after a redirect, unless `allow_private`.
    The work is done in a thread of its own, because no time limit of a socket covers a server that sends a
    byte now and then.
    """
    address = _checked(url.strip(), "")
    done: list[Fetched] = []
    failed: list[DownloadError] = []
    deadline = time.monotonic() + seconds

    def work() -> None:
        try:
            done.append(_follow(address, deadline, seconds, limit, redirects, allow_private))
        except DownloadError as error:
            failed.append(error)
        except Exception as error:  # the libraries below raise many kinds for what a server may send
            failed.append(DownloadError(f"{shown(address)}: the answer cannot be read ({type(error).__name__})."))

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds + 0.5)
    if failed:
        raise failed[0]
    if not done:
        raise _too_slow(address, seconds)
    return done[0]


def _public_only() -> HTTPAdapter:
    """Return what talks only to public addresses: who is at the other end is looked at before a byte is sent.

    What a name resolved to a moment before does not count. A proxy, which the user named, may be anywhere.
    """
    adapter = HTTPAdapter()
    kinds = adapter.poolmanager.pool_classes_by_scheme
    adapter.poolmanager.pool_classes_by_scheme = {scheme: _guarded(kind) for scheme, kind in kinds.items()}
    return adapter


def _guarded(pool: Any) -> Any:
    def connect(connection: Any) -> socket.socket:
        opened: socket.socket = pool.ConnectionCls._new_conn(connection)
        try:
            _check_public(connection.host, opened.getpeername()[0])
        except BaseException:
            opened.close()
            raise
        return opened

    guarded = type("Guarded", (pool.ConnectionCls,), {"_new_conn": connect})
    return type("GuardedPool", (pool,), {"ConnectionCls": guarded})


def _check_public(host: str, *addresses: str) -> None:
    for one in addresses:
        if not is_public(one):
            raise DownloadError(
                f"{shown(host)}: it is {one}, an address of this computer or a private network, and only public ones "
                "are asked. If you mean it, add --allow-private."
            )


def _resolved(address: str) -> list[str]:
    """Return the IP addresses of a web address's server; none where only a proxy may know them."""
    parts = urlsplit(address)
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(parts.hostname, parts.port, type=socket.SOCK_STREAM)]
    except (OSError, ValueError):  # unknown here; an empty or overlong part of the name
        return []


def _follow(address: str, deadline: float, seconds: float, limit: int, redirects: int, allow_private: bool) -> Fetched:
    with requests.Session() as session:
        if not allow_private:
            session.mount("http://", _public_only())
            session.mount("https://", _public_only())
        session.auth = lambda request: request  # no password from ~/.netrc goes out
        for _ in range(redirects + 1):
            left = deadline - time.monotonic()
            if left <= 0:
                raise _too_slow(address, seconds)
            if not allow_private:
                _check_public(urlsplit(address).hostname or "", *_resolved(address))
            try:
                response = session.get(
                    address,
                    timeout=left,
                    stream=True,
                    allow_redirects=False,
                    headers={"User-Agent": f"policybook/{__version__}", "Accept-Encoding": "identity"},
                )
            except ValueError as error:  # also requests' own kinds for an address, which it follows in thought
                raise DownloadError(
                    f"{shown(address)}: it leads to what is no web address ({type(error).__name__}). Check it."
                ) from None
            except requests.Timeout:
                raise _too_slow(address, seconds) from None
            except requests.RequestException:
                raise DownloadError(
                    f"{shown(address)}: no answer from the server. Check the address and the network, or save the "
                    "page and add the file."
                ) from None
            with response:
                if response.is_redirect:
                    address = _checked(_joined(address, response.headers["location"]), address)
                    continue
                if response.status_code != 200:
                    raise DownloadError(
                        f"{shown(address)}: the server answered {response.status_code} {shown(response.reason or '')}."
                        " Check the address, or save the page and add the file."
                    )
                content = _read(response, address, deadline, seconds, limit)
                return Fetched(content, address)
    raise DownloadError(f"{shown(address)}: more than {redirects} redirects. Give the address it ends at.")


def _read(response: requests.Response, address: str, deadline: float, seconds: float, limit: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        if time.monotonic() > deadline:
            raise _too_slow(address, seconds)
        try:
            chunk = response.raw.read1(_CHUNK, decode_content=True)
        except Exception as error:  # urllib3 and http.client raise their own kinds
            raise DownloadError(
                f"{shown(address)}: the connection broke off ({type(error).__name__}). Try again."
            ) from None
        if not chunk:
            break
        parts.append(chunk)
        size += len(chunk)
        if size > limit:
            raise DownloadError(
                f"{shown(address)}: it is larger than {limit / 1024 / 1024:.3g} MB. Add a part of it as a file."
            )
    stated = response.headers.get("content-length", "")
    if stated.isdigit() and size < int(stated) and "content-encoding" not in response.headers:
        raise DownloadError(f"{shown(address)}: only {size} of {stated} bytes came. Try again.")
    if not size:
        raise DownloadError(f"{shown(address)}: the server sent nothing. Check the address.")
    return b"".join(parts)


def _checked(address: str, before: str) -> str:
    """Return an address that may be asked, its odd characters quoted, its fragment cut off."""
    name = shown(before or address)
    led = f"it redirects to {shown(address)}; " if before else ""
    try:
        parts = urlsplit(address)
        host, _ = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        raise DownloadError(f"{name}: {led}that is no web address. Check it.") from None
    if parts.scheme.lower() not in ("http", "https"):
        raise DownloadError(
            f"{name}: {led}only http and https addresses are fetched. Save the document and add the file."
        )
    if before.startswith("https:") and parts.scheme.lower() == "http":
        raise DownloadError(
            f"{name}: {led}there anyone on the way can read and change the text. Give that address itself if you "
            "accept this."
        )
    if not host:
        raise DownloadError(f"{name}: {led}no server is named in the address. Check it.")
    if parts.username is not None or parts.password is not None:
        raise DownloadError(
            f"{name.split('//')[0]}//…: the address holds a user name, which data/corpus.yml would make public. "
            "Save the document and add the file."
        )
    server = parts.netloc.lower().replace(str(parts.hostname), host)
    quoted: str = requote_uri(parts._replace(netloc=server, fragment="").geturl())
    return quoted.replace("'", "%27")


def _joined(address: str, target: str) -> str:
    try:
        return urljoin(address, target)
    except ValueError:  # a host in broken brackets: _checked says so
        return target


def _too_slow(address: str, seconds: float) -> DownloadError:
    return DownloadError(
        f"{shown(address)}: it did not come within {seconds:g} seconds. Try again, or save the page and add the file."
    )


# What a user gives may be a file, or a folder or a zip archive with many ---------------------------

#: Files of one folder, and names that programs leave in folders beside what a person put there.
_FILES = 10_000
_LEFT_THERE = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini"})
_SKIPPED = "hidden, or left there by a program"


@dataclass(frozen=True)
class Given:
    """One file that a user gave, by itself or in a folder or archive: what messages call it, and how it is read.

    `read` raises UnreadableDocumentError. `skipped` says why the file is passed over, "" where it is not.
    """

    name: str
    read: Callable[[], bytes]
    skipped: str = ""


def find_files(source: str) -> list[Given]:
    """Return the files that a name leads to: what it names, or the files in that folder or zip archive, by their names.

    Nothing is raised for what cannot be read: `read` of what stands for it does.
    """
    alone = Given(source, partial(read_file, Path(source)))
    if is_address(source):
        return [alone]
    if os.path.isdir(source):  # noqa: PTH112 what is no name at all is no folder
        found = list(islice(_in_folder(Path(source)), _FILES + 1))
        if len(found) > _FILES:
            return [_refused(source, f"it is a folder with more than {_FILES:,} files. Name a smaller one")]
        return found or [_refused(source, "it is a folder without files. Put some there, or name another")]
    try:
        archive = Archive(alone.read())
    except (UnreadableDocumentError, RefusedError):
        return [alone]
    return (list(_in_archive(source, archive)) if archive.holds_files else []) or [alone]


def _is_hidden(name: str) -> bool:
    return (name.startswith((".", "~$")) and name not in {".", ".."}) or name in _LEFT_THERE


def _refused(name: str, wrong: str) -> Given:
    return Given(name, partial(_refuse, f"{shown(name)}: {wrong}."))


def _refuse(sentence: str) -> bytes:
    raise UnreadableDocumentError(sentence)


def _unpacked(archive: Archive, name: str, called: str) -> bytes:
    try:
        return archive.read(name)
    except RefusedError as error:
        raise UnreadableDocumentError(f"{shown(called)}: {error.wrong}. Give a sound copy of it.") from None


def _in_folder(folder: Path) -> Iterator[Given]:
    denied: list[Given] = []
    wrong = "it is a folder that cannot be opened. Check its permissions"
    for here, folders, names in os.walk(folder, onerror=lambda error: denied.append(_refused(error.filename, wrong))):
        place = Path(here)
        links = [name for name in folders if (place / name).is_symlink()]
        hidden = [name for name in (*folders, *names) if _is_hidden(name)]
        folders[:] = sorted({*folders} - {*hidden, *links})
        for name in sorted({*names, *links, *hidden}):
            path = place / name
            yield Given(str(path), partial(read_file, path), _SKIPPED if name in hidden else "")
    yield from denied


def _in_archive(source: str, archive: Archive) -> Iterator[Given]:
    left, hidden = UNPACKED_BYTES, set[str]()
    for name, member in sorted(archive.members.items()):
        parts = re.split(r"[/\\]", name)
        called = f"{source}/{name}"
        if (n := next((n for n, part in enumerate(parts) if _is_hidden(part)), None)) is not None:
            called = "/".join([source, *parts[: n + 1]])
            if called not in hidden:
                yield Given(called, bytes, _SKIPPED)
            hidden.add(called)
        elif UNSAFE.search(name):
            yield _refused(called, "its path leads out of the archive. Pack it again, or give the file itself")
        elif stat.S_ISLNK(member.external_attr >> 16):
            yield _refused(called, "it is a link. Pack the file that it leads to")
        elif member.file_size > left:
            yield _refused(called, f"it unpacks to {member.file_size:,} bytes, which is too much. Give the file itself")
        elif not member.is_dir():
            left -= member.file_size
            yield Given(called, partial(_unpacked, archive, name, called))
