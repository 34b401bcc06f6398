"""Sentences, headings and sections of a text."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sentencex

from policybook.corpus.matching import read_patterns
from policybook.reading.encodings import CHARACTERS_TO_A_WORD

_FORMS = read_patterns(__file__)
# A text longer than this is cut behind a full stop before the library sees it.
_PORTION = 6_000

# So many words of another language are text, and not a name.
_WORDS = 6
_LATIN = re.compile("[A-Za-z][A-Za-z'’-]+")

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


def split_sentences(text: str, language: str) -> list[tuple[int, int]]:
    """Return the (start, end) of every sentence of a passage, in code points, white space left out.

    Boundaries are the sentencex library's (Wikimedia), and besides: after ； in either language, before an item of
    a list behind a colon (：一是…), after a full stop with a quotation mark, and after a full stop before a small
    letter (texts in small letters). The number of an item stays with its text.
    """
    boundaries = {match.end() for match in _FORMS["ended"].finditer(text)}
    end = 0
    for piece in _segment(text, language):
        end += len(piece)
        boundaries.add(end)
    spans: list[tuple[int, int]] = []
    start = 0
    for end in sorted(boundaries | {len(text)}):
        trimmed = text[start:end].strip()
        if trimmed:
            first = start + text[start:end].index(trimmed)
            spans.append((first, first + len(trimmed)))
        start = end
    return _joined(text, spans)


def _segment(text: str, language: str) -> Iterator[str]:
    """Yield the library's sentences; its time grows with the square of the text, so a long one goes in portions."""
    start = 0
    for end in (*(stop.end() for stop in _FORMS["full_stop"].finditer(text)), len(text)):
        while start < end and (end - start >= _PORTION or end == len(text)):
            stop = min(end, start + 2 * _PORTION)  # where nothing ends in so much it is no prose, and is cut anywhere
            yield from sentencex.segment(language, text[start:stop])
            start = stop


def length(text: str, language: str) -> int:
    """Return the length of a text in the unit of its language: Chinese characters or English words."""
    return len((_HAN if language == "zh" else _FORMS["word"]).findall(text))


def language_of(text: str, language: str) -> str:
    """Return the language of a text in a document of `language`: the other one where two thirds of it are that.

    Names and terms of another language make no text of it: it takes six words, or text that is nothing else.
    """
    english, chinese = len(_LATIN.findall(text)), length(text, "zh") / CHARACTERS_TO_A_WORD
    other, own, much = ("en", chinese, english) if language == "zh" else ("zh", english, chinese)
    return other if much > 2 * own and (much >= _WORDS or not own) else language


def _joined(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join what is no sentence by itself with the one that follows."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        before = text[joined[-1][0] : joined[-1][1]] if joined else ""
        opened = _FORMS["number_goes_on"].search(before[-8:])
        typed_apart = opened and _FORMS["number_tail"].match(text, start)
        numbered = typed_apart or _FORMS["item_number"].fullmatch(before)
        if before and (numbered or _FORMS["abbreviation"].search(before[-12:])):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


# Headings are told by their numbers: 第一篇, 第一章, 第一节, 一、, （一） and 1. in Chinese, Part, Chapter and Section
# with a number in English. A heading may be a paragraph of its own or open one (（一）深化改革。……). No heading
# is dropped or changed: it keeps its paragraph, and the address of a section is that of its heading's paragraph.
#: The forms of numbers of headings, the widest section first; a heading ends every section as wide or narrower.
_NUMBERED = {"zh": [_FORMS[f"zh_{n}"] for n in range(6)], "en": [_FORMS[f"en_{n}"] for n in range(3)]}
#: From this form on (一、 and narrower) a heading may open a paragraph, its text running on behind it.
_RUNNING_ON = 3
#: Below this form a heading only counts inside a wider section: a plain numbered list has none.
_INSIDE = 5
#: Fewer headings in a row, all of which stand again below, are no table of contents.
_SHORTEST_CONTENTS = 3
#: Characters of the heading over a table of contents.
_HEAD = 30
_LONGEST = {"zh": 45, "en": 140}


@dataclass(frozen=True)
class Heading:
    """A heading: its form (0 is the widest), its text, and whether the text of its section runs on behind it."""

    form: int
    text: str
    runs_on: bool


def find_headings(paragraphs: Mapping[int, str], language: str) -> dict[int, Heading]:
    """Return paragraph number → its heading, for the paragraphs that are or begin with one.

    The lines of a table of contents are none. Takes linear time.
    """
    found = _headings(paragraphs, language)
    contents = _table_of_contents(list(paragraphs), found)
    kept: dict[int, Heading] = {}
    wider = False
    for n, heading in found.items():
        if n in contents or (heading.form >= _INSIDE and not wider):
            continue
        wider = wider or heading.form < _INSIDE
        kept[n] = heading
    return kept


def table_of_contents(paragraphs: Mapping[int, str], language: str) -> set[int]:
    """Return the paragraphs that are a table of contents: its lines, and the one above them that calls it so."""
    lines = _table_of_contents(list(paragraphs), _headings(paragraphs, language)) | _lines_with_pages(paragraphs)
    above = {n - 1 for n in lines if n - 1 in paragraphs}
    return lines | {n for n in above if _FORMS["contents"].fullmatch(paragraphs[n][:_HEAD])}


def _lines_with_pages(paragraphs: Mapping[int, str]) -> set[int]:
    """Return the lines that lead to pages by dots, and what a heading calls contents: with pages, or standing again."""
    last = {_key(text): n for n, text in paragraphs.items()}
    listed: set[int] = set()
    run: dict[str, int] = {}
    pages: list[int] = []
    headed = False
    until = 0  # where the first line of the contents stands again
    for n, text in (*paragraphs.items(), (0, "")):
        key = _key(text)
        ended = len(text) > 2 * _LONGEST["zh"] or _FORMS["sentence"].search(text[-2:]) or key in run or not text
        leader, page = _FORMS["leader"].fullmatch(text), _FORMS["page"].search(text[-_HEAD:])
        if leader or (headed and not ended and (page or last[key] > n or n < until)):
            until = until or last[key]
            run[key] = n
            pages += [int(page[1])] if page and page[1].isdigit() else []
            continue
        if len(run) > 1 and pages == sorted(pages):
            listed.update(run.values())
        run, pages, until = {}, [], 0
        headed = bool(_FORMS["contents"].fullmatch(text[:_HEAD]))
    return listed


def _headings(paragraphs: Mapping[int, str], language: str) -> dict[int, Heading]:
    return {n: heading for n, text in paragraphs.items() if (heading := _heading(_bare(text), language))}


def sections(numbers: list[int], headings: Mapping[int, Heading]) -> dict[int, tuple[int, ...]]:
    """Return paragraph number → the paragraphs of the headings it stands under, the widest first.

    A heading stands under itself. `numbers` are the paragraphs of the text in order.
    """
    stack: list[tuple[int, int]] = []
    under: dict[int, tuple[int, ...]] = {}
    for number in numbers:
        if heading := headings.get(number):
            stack = [(n, form) for n, form in stack if form < heading.form]
            stack.append((number, heading.form))
        under[number] = tuple(n for n, _ in stack)
    return under


def _table_of_contents(numbers: Sequence[int], found: Mapping[int, Heading]) -> set[int]:
    """Return the headings that stand in a list of them, one behind the other, and again further down."""
    last = {_key(heading.text): n for n, heading in found.items()}
    listed: set[int] = set()
    run: list[int] = []
    fresh = True  # whether every heading since the last running text stands again further down
    for n in numbers:
        if n not in found:
            run, fresh = [], True
        elif fresh and last[_key(found[n].text)] != n:
            run.append(n)
            if len(run) >= _SHORTEST_CONTENTS:
                listed.update(run[-_SHORTEST_CONTENTS:])
        else:
            fresh = False
    return listed


def _heading(text: str, language: str) -> Heading | None:
    longest = _LONGEST[language]
    head = text[: longest + 20]  # whatever follows cannot make it a heading
    for form, pattern in enumerate(_NUMBERED[language]):
        if not (number := pattern.match(head)):
            continue
        title = head[number.end() :]
        end = _FORMS["sentence"].search(title)
        if end is None:
            whole = len(text) <= longest and title.strip() and not _FORMS["ends_otherwise"].search(text)
            return Heading(form, text, runs_on=False) if whole else None
        opening = title[: end.start()].strip()
        if form < _RUNNING_ON or language != "zh" or not opening or _FORMS["pause"].search(opening):
            return None
        runs_on = bool(text[number.end() + end.end() :].strip())
        return Heading(form, head[: number.end()] + opening, runs_on) if len(opening) <= longest else None
    return None


def _bare(text: str) -> str:
    return _FORMS["markdown"].sub("", text.strip(), count=1) if text.lstrip().startswith("#") else text.strip()


def _key(text: str) -> str:
    """Return a heading's text without the dots and page number of a table of contents, and without spaces."""
    return "".join(_FORMS["contents_line"].sub("", text).split()).lower()
