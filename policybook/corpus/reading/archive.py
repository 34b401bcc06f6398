"""The parts of a Word file, read from its zip archive within limits. Nothing is ever unpacked to disk."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from policybook.corpus.reading.limits import MEMBER_BYTES, MEMBERS, UNPACKED_BYTES
from policybook.corpus.reading.received import RefusedError

_SAVE_AGAIN = "open it in Word and save it again as .docx"
_TEXT = "give its text as a txt, html, pdf or docx file"
#: What a member of the archive shows it to be, if it is no Word file.
_OTHERS = (
    ("xl/workbook.xml", "it is an Excel file"),
    ("ppt/presentation.xml", "it is a PowerPoint file"),
    ("META-INF/container.xml", "it is an electronic book (EPUB)"),
    ("content.xml", "it is an OpenDocument file"),
    ("AndroidManifest.xml", "it is a program for Android"),
    ("META-INF/MANIFEST.MF", "it is a Java archive"),
)
_UNSAFE = re.compile(r"^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)|[\x00-\x1f]")


class Archive:
    """The members of a zip archive."""

    def __init__(self, content: bytes) -> None:
        """Open an archive. Raises RefusedError when it is damaged, a bomb, or has paths that lead out of it."""
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            members = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError, UnicodeDecodeError):
            raise RefusedError("it is a damaged zip archive or Word file", _SAVE_AGAIN) from None
        if len(members) > MEMBERS:
            raise RefusedError(f"it is an archive of {len(members):,} files, which no Word file is", _SAVE_AGAIN)
        if (size := sum(member.file_size for member in members)) > UNPACKED_BYTES:
            raise RefusedError(f"it would unpack to {size:,} bytes, as a zip bomb does", _SAVE_AGAIN)
        if any(_UNSAFE.search(member.filename) for member in members):
            raise RefusedError("it is an archive with paths that lead out of it, as no Word file has", _SAVE_AGAIN)
        self._members = {member.filename: member for member in members}

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def refuse_other_kinds(self) -> None:
        """Raise RefusedError when the archive is another kind of file than Word's."""
        for member, what in _OTHERS:
            if member in self._members:
                raise RefusedError(what, _TEXT)
        if any(name.startswith("word/") for name in self._members) or "[Content_Types].xml" in self._members:
            raise RefusedError("it is a Word file without its text (word/document.xml)", _SAVE_AGAIN)
        raise RefusedError("it is a zip archive and not a document", "unpack it and give the documents inside")

    def read(self, name: str) -> bytes:
        """Return the bytes of one member, never more than MEMBER_BYTES whatever the archive declares."""
        member = self._members[name]
        if member.flag_bits & 1:
            raise RefusedError("it is an archive that needs a password", "save it without one")
        try:
            with self._zip.open(member) as file:
                content = file.read(MEMBER_BYTES + 1)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
            raise RefusedError(f"its part {name} is damaged", _SAVE_AGAIN) from None
        if len(content) > MEMBER_BYTES:
            raise RefusedError(f"its part {name} unpacks to more than {MEMBER_BYTES:,} bytes", _SAVE_AGAIN)
        return content
