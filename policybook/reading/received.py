"""What reading a file gives: its text as received, within limits; why a file is refused; how printed lines become text.

All formats share this, so it imports none of them.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

from policybook.tables import YamlFile

#: The formats that are read, each named as the files that are kept end.
Format = Literal["txt", "md", "html", "docx", "odt", "pdf"]
_FORMATS: tuple[str, ...] = get_args(Format)
#: What to do with a file of another format.
GIVE_TEXT = f"give its text as a {', '.join(_FORMATS[:-1])} or {_FORMATS[-1]} file"
#: What the readers know of pages and of words; the file says what each list is for.
LISTS: Mapping[str, Any] = YamlFile(Path(__file__).with_name("words.yml"), "words.yml").content

#: Characters of text in one document, unless POLICYBOOK_TEXT_LIMIT says otherwise. A five-year plan has some 70,000;
#: more than this would keep a reader waiting for over ten seconds.
LIMIT = 500_000
#: The environment variable that sets another limit.
LIMIT_VARIABLE = "POLICYBOOK_TEXT_LIMIT"

_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’…—"
_ENDS_SENTENCE = re.compile(r"[。！？；!?;：:.…][\"”’'」』）)\]】]*\s*$")
_SPACE = re.compile("[ \t\r\n\f\v\xa0]+")
_WIDE_CHARACTER = re.compile(f"[{_WIDE}]")
_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[-/.年]?\s*(\d{1,2})\s*[-/.月]?\s*(\d{1,2})(?!\d{3})")
_PARTS = frozenset(LISTS["compound_parts"].split())


@dataclass(frozen=True)
class Received:
    """The text of one file as numbered paragraphs, and everything doubtful about it.

    format      what the content shows it to be; the file's name is asked only whether a text is Markdown
    encoding    of the text as decoded, "" where the format has none of its own (pdf, docx, odt)
    paragraphs  in order, none empty; paragraph n is item n - 1
    furniture   paragraph number -> reason, where the format itself shows that it is not text
    title       from the file's own metadata or headings
    published   date from the file's own metadata, in ISO form where it is a full one in numbers
    warnings    one sentence each: what is doubtful
    publisher   from the file's own metadata
    language    as the file's own metadata names it, such as en or zh-CN
    left_out    characters of hidden text, which are in no paragraph
    unfit       one sentence, also a warning: why it is not the text of one document and is not added
    """

    format: Format
    encoding: str
    paragraphs: tuple[str, ...]
    furniture: Mapping[int, str] = field(default_factory=dict)
    title: str | None = None
    published: str | None = None
    warnings: tuple[str, ...] = ()
    publisher: str | None = None
    language: str | None = None
    left_out: int = 0
    unfit: str = ""


class RefusedError(Exception):
    """A file cannot be read: `wrong` says why and `remedy` what to do, neither of them names the file."""

    def __init__(self, wrong: str, remedy: str) -> None:
        self.wrong, self.remedy = wrong, remedy
        super().__init__(f"{wrong}; {remedy}.")


def text_limit(limit: int | None = None) -> int:
    """Return `limit`, or what the environment variable POLICYBOOK_TEXT_LIMIT says, or LIMIT."""
    if limit is not None:
        return limit
    stated = os.environ.get(LIMIT_VARIABLE, "").replace("_", "").replace(",", "")
    return int(stated) if stated.isascii() and stated.isdigit() else LIMIT


def check_length(characters: int, limit: int) -> None:
    """Raise RefusedError when a text is longer than the limit."""
    if characters > limit:
        raise RefusedError(f"the text has {characters:,} characters and at most {limit:,} are read",
                           f"split it into several documents or set {LIMIT_VARIABLE} to a higher number")  # fmt: skip


def ends_sentence(line: str) -> bool:
    """Tell whether a line ends with punctuation that ends a sentence."""
    return bool(_ENDS_SENTENCE.search(line))


def squeeze_spaces(text: str) -> str:
    """Return text as a browser shows it: one space for white space, none for a line end between Chinese characters."""
    return _SPACE.sub(_shown_space, text).strip(" \u3000\u2002\u2003\ufeff")


def join_lines(before: str, after: str) -> str:
    """Return two lines of one paragraph joined: Chinese without a space, English with one, hyphens undone."""
    before, after = before.rstrip(), after.lstrip()
    if not before or not after:
        return before or after
    if before.endswith("\xad"):
        return before[:-1] + after
    if re.search(r"[a-z]-$", before) and after[0].islower():
        return _dehyphenated(before, after)
    if _WIDE_CHARACTER.match(before[-1]) or (_WIDE_CHARACTER.match(after[0]) and before[-1] not in ".,;:!?"):
        return before + after
    return f"{before} {after}"


def stated_date(text: str) -> str | None:
    """Return the first date in a text as ISO, or None: 2024-07-31 10:00, 2024年7月31日, 20240731."""
    for found in _DATE.finditer(text[:200]):
        try:
            return date(*(int(part) for part in found.groups())).isoformat()
        except ValueError:
            continue
    return None


def _shown_space(match: re.Match[str]) -> str:
    start, end, text = match.start(), match.end(), match.string
    if start == 0 or end == len(text) or not ("\n" in match.group() or "\r" in match.group()):
        return " "
    between_wide = _WIDE_CHARACTER.match(text[start - 1]) and _WIDE_CHARACTER.match(text[end])
    return "" if between_wide else " "


def _dehyphenated(before: str, after: str) -> str:
    """Undo a hyphen at the end of a line, unless the word keeps it: well-being, rural-urban."""
    left = re.search(r"(?<![A-Za-z])([A-Za-z]+)-$", before)
    right = re.match(r"[a-z]+", after)
    if left and right and _is_compound(left.group(1).lower(), right.group()):
        return before + after
    return before[:-1] + after


def _is_compound(left: str, right: str) -> bool:
    return left in _PARTS and (right in _PARTS or left in {"self", "socio", "well", "non"})
