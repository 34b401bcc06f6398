"""Folders and files by their address: on this computer, or wherever a package for fsspec reads, such as s3://."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from policybook.errors import UnreadableDocumentError, shown
from policybook.project import LARGEST_FILE, read_file

#: Who is asked for at an address: a name and a password are not repeated in any sentence.
_WHO = re.compile(r"(?<=://)[^/@\s]*@")


def locate(text: str) -> Path | Address:
    """Return what a path or an address leads to; file:// is a path, so that all that holds for paths holds there."""
    scheme, mark, _ = text.partition("://")
    if not mark:
        return Path(text)
    if scheme.lower() in ("file", "local"):
        parts = urlsplit(text, allow_fragments=False)
        host = "" if parts.netloc == "localhost" else parts.netloc
        return Path(unquote(host + parts.path + (f"?{parts.query}" if parts.query else "")))
    return Address(text)


def read_place(place: Path | Address, *, limit: int = LARGEST_FILE) -> bytes:
    """Return the bytes of a file. Raises UnreadableDocumentError where it cannot be read or holds more than `limit`."""
    return read_file(place, limit=limit) if isinstance(place, Path) else place.read(limit)


def file_names(folder: Path | Address) -> list[str]:
    """Return the names of the files in a folder but hidden ones, in alphabetical order; none where there is none."""
    if isinstance(folder, Address):
        return folder.names()
    paths = folder.iterdir() if folder.is_dir() else ()
    return sorted(path.name for path in paths if path.is_file() and not path.name.startswith("."))


@dataclass(frozen=True)
class Address:
    """A file or folder elsewhere, by its address; shown without who asks for it."""

    url: str

    def __str__(self) -> str:
        return _WHO.sub("", self.url)

    def __truediv__(self, name: str) -> Address:
        return Address(f"{self.url.rstrip('/')}/{name}")

    @property
    def name(self) -> str:
        """The last part of it."""
        return self.url.rstrip("/").rpartition("/")[2]

    def is_dir(self) -> bool:
        """Return whether it is a folder. Raises UnreadableDocumentError when nobody can be asked."""
        with self._asked() as (system, path):
            return bool(system.isdir(path))

    def names(self) -> list[str]:
        """Return the names of the files in the folder that are not hidden. Raises UnreadableDocumentError."""
        with self._asked() as (system, path):
            found = [str(one["name"]).rstrip("/").rpartition("/")[2]
                     for one in system.ls(path, detail=True) if one.get("type") == "file"]  # fmt: skip
        return sorted(name for name in found if not name.startswith("."))

    def read(self, limit: int) -> bytes:
        """Return the bytes of the file. Raises UnreadableDocumentError where there is none, or more than `limit`."""
        with self._asked() as (system, path), system.open(path, "rb") as file:
            content = bytes(file.read(limit + 1))
        if len(content) > limit:
            size = f"{limit / 1024 / 1024:.3g} MB"
            raise UnreadableDocumentError(f"{shown(self)}: it is larger than {size}. Split it.")
        return content

    @contextmanager
    def _asked(self) -> Iterator[tuple[Any, str]]:
        """Yield whoever can be asked, and what for; say in a sentence what goes wrong meanwhile."""
        from fsspec.core import url_to_fs

        name = shown(self)
        try:
            yield url_to_fs(self.url)
        except UnreadableDocumentError:
            raise
        except ImportError as error:
            package = _package(self.url.partition("://")[0].rpartition("::")[2], error)
            fix = f"Install it with: pip install {package}."
            raise UnreadableDocumentError(f"{name}: that needs the package {package}. {fix}") from None
        except FileNotFoundError:
            raise UnreadableDocumentError(f"{name}: there is no such file. Check the name.") from None
        except Exception as error:  # each kind of address has errors of its own
            why = shown(" ".join(str(error).split()) or type(error).__name__)
            fix = "Check the address, the network and your rights there."
            raise UnreadableDocumentError(f"{name}: it cannot be read ({why}). {fix}") from None


def _package(protocol: str, error: ImportError) -> str:
    """Return the package that a kind of address needs: the one that fsspec would load, or what that one lacks."""
    from fsspec.registry import known_implementations

    wanted = str(known_implementations.get(protocol, {}).get("class", "")).partition(".")[0]
    lacking = getattr(error.__cause__, "name", None) or error.name
    return wanted if wanted and wanted != "fsspec" else str(lacking or f"for {protocol}://")
