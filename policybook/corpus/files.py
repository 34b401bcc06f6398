"""Opening what a user names: regular files only, of a size that can be read, and never waiting for one."""

from __future__ import annotations

import os
import stat
import unicodedata
from pathlib import Path

from policybook.errors import UnreadableDocumentError

#: The largest file that is read, in bytes.
LARGEST = 50 * 1024 * 1024


def shown(name: object, most: int = 200) -> str:
    """Return a name as one harmless line: control, bidi and undecodable characters as escapes, the middle cut."""
    text = "".join(
        char if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") else _escape(char)
        for char in str(name)
    )
    return text if len(text) <= most else f"{text[: most // 2]} … {text[-most // 2 :]}"


def read_file(path: Path, *, limit: int = LARGEST) -> bytes:
    """Return the bytes of a regular file.

    Raises UnreadableDocumentError for whatever else the name leads to: nothing, a folder, a pipe, a device, a
    link out of its own folder, a file over `limit` bytes or without permission. Never waits.
    """
    name = shown(path)
    try:
        if path.is_symlink() and not path.resolve().is_relative_to(path.parent.resolve()):
            raise UnreadableDocumentError(
                f"{name}: it is a link that leads out of its folder. Name the file itself, or copy it here."
            )
        kind = path.stat().st_mode
        if stat.S_ISDIR(kind):
            raise UnreadableDocumentError(f"{name}: it is a folder. Name the files in it.")
        if not stat.S_ISREG(kind):
            raise UnreadableDocumentError(f"{name}: it is no regular file but a pipe or a device. Save it as a file.")
        with open(path, "rb", opener=_open_without_waiting) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):  # exchanged since it was looked at
                raise UnreadableDocumentError(f"{name}: it is no regular file. Save it as a file.")
            content = file.read(limit + 1)
    except FileNotFoundError:
        kind_of = "the link leads to nothing" if path.is_symlink() else "there is no such file"
        raise UnreadableDocumentError(f"{name}: {kind_of}. Check the name.") from None
    except (OSError, RuntimeError, ValueError) as error:  # RuntimeError: a loop of links; ValueError: NUL in a name
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "its name cannot be used"
        raise UnreadableDocumentError(
            f"{name}: it cannot be opened ({reason}). Check its name and permissions."
        ) from None
    if len(content) > limit:
        size = f"{limit / 1024 / 1024:.3g} MB"
        raise UnreadableDocumentError(f"{name}: it is larger than {size}. Split it, or take out what is not text.")
    return content


def _open_without_waiting(name: str, flags: int) -> int:
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))


def _escape(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"
