"""What reading a file gives: its text as received, within limits; why a file is refused; how printed lines become text.

All formats share this, so it imports none of them.
"""

import os
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
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
    runs_on     paragraph number -> the paragraph it goes on with, where printed lines were taken for paragraphs
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
    runs_on: Mapping[int, int] = field(default_factory=dict)


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
    if _HYPHENATED.search(before) and after[0].islower():
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


# Text cut into lines of one width by a mail program, a PDF or a screen: every line looks like a paragraph. Two things
# together show it. The lines that stop in mid-sentence are full: the first word of the next would not have stood on
# them, which is so in no list, verse or table. And they stop anywhere: between any two characters in Chinese, before
# a small letter in English. What begins anew (an item, a row, a further indent, a blank line) is never joined.
_BEGINS_ANEW, _ROW = (re.compile("".join(LISTS[form].split())) for form in ("begins_anew", "row"))
_FIRST_UNIT = re.compile(rf"(?:[^\s{_WIDE}]{{1,60}}|[{_WIDE}])[，。、；：！？）》」』】”’]{{0,3}}")
_QUOTED = re.compile(r"(?:>\s?)+")
_OPEN_END = re.compile(r"[\w，、,]$")
_NUMBER_CUT = re.compile(r"\d[.,]?$")  # in Chinese, where no space would part two numbers
_HYPHENATED = re.compile("[a-z][-\xad]$")
#: Columns of the narrowest and the widest line that text is cut to; a Chinese character takes two, or one where a
#: program counted characters: then full lines are of one length.
_NARROWEST, _WIDEST = 24, 200
#: Columns that no line of Chinese verse takes.
_VERSE = 48
#: A line is full where less than this share of the width, and two columns, were left when its next word is added.
_RAGGED = 0.07
#: The share of lines, of them all, that an indent or a distance needs for being the plain one.
_PLAIN = 0.15
#: Where fewer of a text's lines stop in mid-sentence, they are headings.
_SHARE = 0.2


@dataclass(frozen=True)
class _Line:
    """A printed line: its text without indent and marks of quotation, and where it stands, in columns."""

    number: int
    text: str
    quoted: str
    indent: int
    end: int
    gap: int
    wide: int = 2

    def room(self, following: "_Line") -> float:
        """Return the columns that it would take with the first word of the next one on it; endless if hyphenated."""
        if _HYPHENATED.search(self.text) and following.text[0].islower():
            return float("inf")
        unit = _FIRST_UNIT.match(following.text)
        return self.end + self._spaced(following) + _columns(unit.group() if unit else "", self.wide)

    def _spaced(self, following: "_Line") -> bool:
        return not (_WIDE_CHARACTER.match(self.text[-1]) or _WIDE_CHARACTER.match(following.text[0]))

    def stops_anywhere(self, following: "_Line") -> bool:
        """Tell whether it ends where no line of verse, of a list or of a table would."""
        if self._spaced(following):
            return not following.text[0].isupper()
        return self.text[-1].isalnum() or self.end > _VERSE


# What stands at the edges of pages ------------------------------------------------------------------

_NUMBER = re.compile(
    r"^[\W_]*+(?:(?:page|p\.|第)\s*+)?(?:\d{1,4}|[ivxlc]{1,7})\s*+页?(?:\s*+(?:/|of|，|,|共)\s*+(?:共\s*+)?\d{1,4}\s*+页?)?[\W_]*+$",
    re.IGNORECASE,
)
_OF = r"\s{0,3}页?(?:\s{0,3}(?:/|of|，|,|共)\s{0,3}(?:共\s{0,3})?\d{1,4}\s{0,3}页?)?"
_LAST_NUMBER = re.compile(
    rf"(?P<apart>[\s|·•,，—–-]{{0,6}})(?P<mark>page|p\.|第)?\s{{0,3}}(?<!\d)(?P<number>\d{{1,4}}){_OF}[\s|·•—–-]{{0,6}}$",
    re.IGNORECASE,
)
_FIRST_NUMBER = re.compile(
    rf"[\s|·•—–-]{{0,6}}(?P<mark>page|p\.|第(?=.{{1,6}}页))?\s{{0,3}}(?P<number>\d{{1,4}})(?!\d){_OF}(?P<apart>[\s|·•—–-]{{1,6}})",
    re.IGNORECASE,
)
_NAME = 5  # Chinese characters, or half as many words: a shorter name with a number may be a heading
#: Lines at the head and at the foot of a page that may be furniture.
EDGE = 2
_REPEATED = 0.4  # share of the pages on which a running head stands (left and right pages may differ)


def repeated_edges(pages: Sequence[tuple[int, Collection[str]]]) -> frozenset[str]:
    """Return the heads and feet of many pages, word for word or but for a number that counts the pages.

    A page is its number and the lines at its edges.
    """
    counts: Counter[str] = Counter()
    counted: Counter[tuple[str, int]] = Counter()
    for page, texts in pages:
        counts.update(map(_squeezed, texts))
        counted.update({(rest, number - page) for rest, number in map(_without_page, texts) if rest})
    least = max(2, _REPEATED * len(pages))
    alike = [text for text, count in counts.items() if text and count >= least]
    return frozenset([*alike, *(rest for (rest, _), count in counted.items() if count >= least)])


def edge_reason(text: str, repeated: frozenset[str], *, head: bool) -> str:
    """Return why a line at the edge of a page is no text of it, or an empty string where it is."""
    if _NUMBER.match(text):
        return "page number"
    if not repeated.isdisjoint((_squeezed(text), _without_page(text)[0])):
        return "running head" if head else "running foot"
    return ""


def _without_page(text: str) -> tuple[str, int]:
    """Return a line of a head or foot without the page's number at its end or beginning, and that number.

    Returns "" where there is none: a number that no word calls a page's stands apart from a name that is no sentence,
    for the first lines of pages may differ in a number and be text: Project 1, Project 2.
    """
    for found in (_LAST_NUMBER.search(text), _FIRST_NUMBER.match(text)):
        if found:
            rest = _squeezed(text[: found.start()] + text[found.end() :])
            words = len(rest) if not rest.isascii() else 2 * len(text.split())
            if found["mark"] or (words > _NAME and found["apart"] and not ends_sentence(text)):
                return rest, int(found["number"])
    return "", 0


def _squeezed(text: str) -> str:
    return "".join(text.split())


# Lines that belong together --------------------------------------------------------------------------


def wrapped_lines(paragraphs: Sequence[str], gaps: Sequence[int] = (), apart: Collection[int] = ()) -> dict[int, int]:
    """Return paragraph number -> the paragraph whose text goes on in it; nothing where every line is a paragraph.

    `gaps` are the blank lines before each, as far as the format shows them; paragraphs of `apart` are never joined.
    A line without a letter (a page number) between two that belong together is passed over. Takes linear time.
    """
    for wide in (2, 1) if any(map(_WIDE_CHARACTER.search, paragraphs)) else (2,):
        lines = [_line(n, text, gaps[n - 1] if gaps else 0, wide)
                 for n, text in enumerate(paragraphs, 1) if n not in apart]  # fmt: skip
        joined = _joined([line for line in lines if re.search(r"[^\W\d_]", line.text)])
        if joined:
            return joined
    return {}


def _joined(lines: Sequence[_Line]) -> dict[int, int]:
    pairs = list(_neighbours(lines))
    broken = [(line, after) for line, after in pairs if not ends_sentence(line.text)]
    width = _width_of(broken, lines)
    joined: dict[int, int] = {}
    for line, after in pairs if width else ():
        ended = ends_sentence(line.text) and not after.text[0].islower()
        if line.end <= _most(width) and line.room(after) > (width - 3 if ended else _least(width, line.wide)):
            joined[after.number] = joined.get(line.number, line.number)
    return joined


def join_wrapped(lines: Sequence[str]) -> str:
    """Return the lines of one paragraph as one text, the marks of a quoted mail left out behind the first."""
    text = lines[0].rstrip()
    for line in lines[1:]:
        line = (_QUOTED.sub("", line, count=1) if _QUOTED.match(text) else line).strip()
        number = _NUMBER_CUT.search(text) and line[:1].isdigit() and _WIDE_CHARACTER.search(text)
        text = text + line if number else join_lines(text, line)
    return text


def _line(number: int, received: str, gap: int, wide: int = 2) -> _Line:
    quoted = _QUOTED.match(received)
    bare = received[quoted.end() if quoted else 0 :].rstrip()
    text = bare.lstrip()
    indent = _columns(bare[: len(bare) - len(text)].expandtabs(4), wide)
    mark = "".join(quoted.group().split()) if quoted else ""
    return _Line(number, text, mark, indent, indent + _columns(text, wide), gap, wide)


def _columns(text: str, wide: int) -> int:
    return len(text) + (wide - 1) * len(_WIDE_CHARACTER.findall(text))


def _plain(values: Sequence[int]) -> int:
    """Return the smallest value that is no exception."""
    counts = Counter(values)
    return min((value for value, count in counts.items() if count >= _PLAIN * len(values)), default=0)


def _neighbours(lines: Sequence[_Line]) -> Iterator[tuple[_Line, _Line]]:
    """Yield each line with the next, unless that one begins anew by what it looks like."""
    gap, indent = _plain([line.gap for line in lines[1:]]), _plain([line.indent for line in lines])
    item: int | None = None  # the indent of the item of a list, below which its other lines hang
    for line, after in pairwise(lines):
        if _BEGINS_ANEW.match(line.text):
            item = line.indent
        elif item is not None and line.indent <= item:
            item = None
        indented = after.indent >= indent + 2 and (item is None or after.indent <= item)
        rows = _ROW.search(line.text) or _ROW.search(after.text)
        if not (after.gap > gap or indented or rows or after.quoted != line.quoted or _BEGINS_ANEW.match(after.text)):
            yield line, after


def _width_of(broken: Sequence[tuple[_Line, _Line]], lines: Sequence[_Line]) -> int:
    """Return the columns that the lines of a text were cut to, or 0 where they were not."""
    ends = Counter(line.end for line, _ in broken if _NARROWEST <= line.end <= _WIDEST)
    best, full = 0, list[tuple[_Line, _Line]]()
    rooms = [(pair[0].end, pair[0].room(pair[1]), pair) for pair in broken]
    for width in ends:
        most, least = _most(width), _least(width, broken[0][0].wide)
        found = [pair for end, room, pair in rooms if end <= most and room > least]
        if (len(found), width) > (len(full), best):
            best, full = width, found
    longer = sum(line.end for line in lines if line.end > _most(best))
    halts = sum(0.6 * best <= line.end <= _most(best) for line, _ in broken) - len(full)
    anywhere = sum(line.stops_anywhere(after) for line, after in full)
    last = {after.number: after for _, after in full}
    for line, _ in full:
        last.pop(line.number, None)
    ended = sum(not _OPEN_END.search(after.text) for after in last.values())
    wrapped = (len(full) >= max(2, _SHARE * len(lines)) and longer <= _PLAIN * sum(line.end for line in lines)
               and halts <= 0.3 * len(full) and anywhere * 2 >= len(full) and ended * 2 >= len(last))  # fmt: skip
    return best if wrapped else 0


def _most(width: int) -> float:
    return width * 1.03 + 1


def _least(width: int, wide: int) -> float:
    return width * (1 - _RAGGED) - 2 if wide > 1 else width - 2
