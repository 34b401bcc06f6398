"""A document is fetched from its address."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import requests
from requests.utils import requote_uri

from policybook import __version__
from policybook.errors import DownloadError, shown

#: Seconds for the whole of it, bytes of the document, and redirects that are followed.
SECONDS = 30.0
LARGEST_PAGE = 50 * 1024 * 1024
REDIRECTS = 5
_CHUNK = 64 * 1024


@dataclass(frozen=True)
class Fetched:
    """A document as received, and the address it came from in the end."""

    content: bytes
    url: str


def is_address(source: str) -> bool:
    """Whether a source is meant as a web address (of whatever scheme) and not as a file."""
    return bool(re.match(r"[A-Za-z][A-Za-z0-9+.-]*://|(?:data|javascript|mailto):", source))


def fetch(url: str, *, seconds: float = SECONDS, limit: int = LARGEST_PAGE, redirects: int = REDIRECTS) -> Fetched:
    """Return what stands at `url`. Raises DownloadError with a sentence when it cannot be had within the limits.

    The work is done in a thread of its own, because no time limit of a socket covers a server that sends a
    byte now and then.
    """
    address = _checked(url.strip(), "")
    done: list[Fetched] = []
    failed: list[DownloadError] = []
    deadline = time.monotonic() + seconds

    def work() -> None:
        try:
            done.append(_follow(address, deadline, seconds, limit, redirects))
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


def _follow(address: str, deadline: float, seconds: float, limit: int, redirects: int) -> Fetched:
    with requests.Session() as session:
        session.auth = lambda request: request  # no password from ~/.netrc goes out
        for _ in range(redirects + 1):
            left = deadline - time.monotonic()
            if left <= 0:
                raise _too_slow(address, seconds)
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
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise DownloadError(f"{name}: {led}that is no web address. Check it.") from None
    if parts.scheme.lower() not in ("http", "https"):
        raise DownloadError(
            f"{name}: {led}only http and https addresses are fetched. Save the document and add the file."
        )
    if not host:
        raise DownloadError(f"{name}: {led}no server is named in the address. Check it.")
    if parts.username is not None or parts.password is not None:
        raise DownloadError(
            f"{name.split('//')[0]}//…: the address holds a user name, which data/corpus.yml would make public. "
            "Save the document and add the file."
        )
    quoted: str = requote_uri(parts._replace(fragment="").geturl())
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
