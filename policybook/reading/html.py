"""A web page: its main text, headings, lists and tables as paragraphs; what surrounds them labelled as furniture.

resiliparse makes the tree, as a browser would; here it is walked without recursion, so depth costs nothing.
"""

import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin
from resiliparse.parse.html import CommentNode, DOMContext, ElementNode, HTMLTree, Node, TextNode, traverse_dom

from policybook.errors import many
from policybook.reading.encodings import Decoded

from policybook.reading.received import (  # isort: skip
    LISTS, Received, RefusedError, ends_sentence, join_lines, squeeze_spaces, stated_date,
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _reasons(names: Mapping[str, str]) -> Mapping[str, str]:
    """Return name → reason, from reason → names."""
    return {name: reason for reason, listed in names.items() for name in listed.split()}


#: Elements and texts of one page: long pages with tables have some 50,000.
_TAGS = 150_000
#: Stands in the text of a block for <br>.
_BREAK = "\x00"
_BLOCKS = _words(LISTS["blocks"])
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_NOT_TEXT = _words(LISTS["not_text"])
_FURNITURE_TAGS = _reasons(LISTS["furniture_tags"])
_ROLES = _reasons(LISTS["furniture_roles"])
_REASON_OF = _reasons(LISTS["furniture_names"])
_CONTENT_WORDS = _words(LISTS["content_words"])
_PLACES = _words("content wrapper main article")
_FAR_OFF = r"-(?:9{3,}|\d{5,})(?:\.\d+)?[a-z]+"
#: What hides an element in a style: the property and its values. The first two are handed down, until a style inside
#: says otherwise; scripts that let a text fade in set the second and third on each of its paragraphs.
_HIDING = {"font-size": "0+(?:px|pt|r?em|%)?", "visibility": "hidden|collapse", "opacity": r"0?\.?0+%?",
           "display": "none", "mso-hide": "all", "text-indent": _FAR_OFF, "left": _FAR_OFF, "top": _FAR_OFF,
           "clip": r"rect\(\s*(?:0|1px)(?:px)?\b.*"}  # fmt: skip
_INHERITED, _FADING = frozenset(("font-size", "visibility")), frozenset(("visibility", "opacity"))
_DECLARED = re.compile(rf"(?<![-\w])({'|'.join(_HIDING)})\s*:\s*([^;!]*)(!?)", re.IGNORECASE)
#: Rules of a page's own style sheets, without those for paper or small screens; selectors of names alone.
_APART_IN_SHEET = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->|@[^{};@]*+(?:;|\{(?:[^{}]++|\{[^{}]*+\})*+\})", re.DOTALL)
_RULE = re.compile(r"(?<![^{}])([^{}]*+)\{([^{}]*+)\}")
_NAMES = r"[.#]?[a-z][\w-]*+(?:[.#][a-z][\w-]*+)*+"
_STEP, _NAME, _ELEMENT = re.compile(r">|[^\s>]+"), re.compile(r"[.#]?[\w-]+"), re.compile(r"(?<![\w.#-])\w")
_SELECTOR = re.compile(rf"{_NAMES}(?:[\s>]+{_NAMES}){{0,5}}", re.IGNORECASE)
#: Characters of a page's style sheets, selectors in them, how far around an element and how often in all these look.
_SHEET, _SELECTORS, _AROUND, _LOOKS = 300_000, 2_000, 30, 1_000_000
_MAIN_NAMES = _words(LISTS["main_names"])
_PAGES = _words("html body")
_APART = {"img": "picture", "iframe": "frame", "frame": "frame", "embed": "frame", "object": "frame"}
_TITLE_NAMES, _DATE_NAMES = LISTS["title_names"].split(), LISTS["date_names"].split()
_JSON_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')
_CELL = " | "
_LONG_CELL = 300  # characters: a table with longer cells in several paragraphs lays out a page
_LINKED = 0.8  # share of a block's characters in links that makes it a list of links
_LINKS_IN_A_ROW = 3
_SIDE_LINKED = 0.6  # share of a cell's characters in links that makes it a column of links beside a text
_READINGS = ("reading set above a character (ruby) was", "readings set above characters (ruby) were")
_HIDDEN_TEXT = ("character of hidden text was", "characters of hidden text were")
_LITTLE = 100  # characters of text beside the title: the text of such a page may stand in its pictures
_FULL_LINE = 25  # characters: a line shorter than this was broken on purpose
_VISIBLE = re.compile("[^\\s\xad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
#: Attributes of one element that are looked at.
_ATTRIBUTES = 200
#: A comment put after a page: where the tree does not show it, something that never ends has swallowed it.
_END = "the page ends here"
#: Characters of a page's tags, or marks of a text, that cannot take a parser more than a moment, however they are set.
_SMALL = 10_000
_MARKUP = re.compile("<[^>]*+>?")
#: Parses a page in a process that may take 4 seconds and 800 MB, many times what the longest page needs.
_TRIAL = """
import sys
from contextlib import suppress
with suppress(ImportError):
    import resource
    resource.setrlimit(resource.RLIMIT_CPU, (4, 4))
    resource.setrlimit(resource.RLIMIT_AS, (800_000_000, 800_000_000))
from resiliparse.parse.html import HTMLTree
HTMLTree.parse(sys.stdin.buffer.read().decode())
"""


@dataclass
class _Block:
    """A run of text between block boundaries."""

    text: str
    element: str  # the block element that holds it
    reason: str = ""  # why it is furniture, where an element says so
    mains: tuple[int, ...] = ()  # the main-text elements around it, numbered
    linked: int = 0  # characters inside links
    row: tuple[int, int, int] | None = None  # table, row and cell, all numbered
    veils: tuple[int, ...] = ()  # the elements around it that a style hides, numbered


@dataclass
class _Page:
    blocks: list[_Block] = field(default_factory=list)
    title: str = ""
    metadata: list[dict[str, str]] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)  # JSON-LD, which may hold the date
    readings: int = 0  # ruby annotations left out
    nested: set[int] = field(default_factory=set)  # tables that hold tables
    cells: dict[int, list[int]] = field(default_factory=dict)  # row -> its cells, empty ones too
    unclosed: str = ""  # what never ends, an element or a tag, and so hides the rest
    bodies: set[int] = field(default_factory=set)  # hidden elements that by their names hold the page's text
    hidden: int = 0  # characters inside a line that a style hides
    apart: Counter[str] = field(default_factory=Counter)  # pictures and frames, where text may stand that is not read


@dataclass(frozen=True)
class _Paragraph:
    text: str
    block: _Block


def read_html(decoded: Decoded) -> Received:
    """Return a decoded web page as paragraphs. Raises RefusedError when it shows no text."""
    page = _page(decoded.text)
    shown, left_out = _unveil(page)
    paragraphs = [one for one in _paragraphs(page) if _VISIBLE.search(one.text)]
    if not paragraphs:
        raise RefusedError(*_no_text(page))
    title = _page_title(page, [p.text for p in paragraphs if p.block.element == "h1"], {p.text for p in paragraphs})
    reasons = _furniture([_unheaded(one, title) for one in paragraphs])
    furniture = {number: reason for number, reason in enumerate(reasons, 1) if reason}
    warnings = list(decoded.warnings)
    if page.readings:
        warnings.append(f"{many(page.readings, *_READINGS)} left out.")
    if page.unclosed:
        warnings.append(f"A {page.unclosed} never ends and hides whatever follows it.")
    if shown:
        warnings.append(f"{many(shown, *_HIDDEN_TEXT)} read: the page shows that when its scripts run.")
    if left_out:
        warnings.append(f"{many(left_out, *_HIDDEN_TEXT)} left out.")
    text = sum(len(one.text) for n, one in enumerate(paragraphs, 1) if n not in furniture and one.text != title)
    if page.apart and text < _LITTLE and not page.unclosed:
        apart = " and ".join(many(count, what) for what, count in sorted(page.apart.items()))
        warnings.append(f"The page holds {apart} and little text; text in them was not read.")
    if len(furniture) == len(paragraphs):
        warnings.append("All of the page's text stands in navigation, head, foot or the like.")
    texts = tuple(one.text for one in paragraphs)
    return Received("html", decoded.encoding, texts, furniture, title, _page_published(page), tuple(warnings),
                    left_out=left_out)  # fmt: skip


def _unveil(page: _Page) -> tuple[int, int]:
    """Leave out the blocks that styles hide, but for the page's own text; return the characters shown and left out.

    Saved pages hide their text until a script runs: an element is read that is named as the place of the text, or that
    holds a sentence and more than all that the page shows.
    """
    sizes = Counter[int]()
    visible = 0
    for block in page.blocks:
        size = len(_VISIBLE.findall(block.text)) if not block.reason else 0
        sizes.update(dict.fromkeys(block.veils, size))
        visible += size if not block.veils else 0
    lifted = {veil for veil, size in sizes.items() if veil in page.bodies or size > max(visible, _FULL_LINE)}
    hidden = [block for block in page.blocks if block.veils]
    page.blocks = [block for block in page.blocks if lifted.issuperset(block.veils)]
    shown = sum(len(squeeze_spaces(block.text)) for block in hidden if lifted.issuperset(block.veils))
    return shown, sum(len(squeeze_spaces(block.text)) for block in hidden) - shown + page.hidden


def _no_text(page: _Page) -> tuple[str, str]:
    if page.unclosed and page.unclosed not in {"script element", "style element"}:
        return f"a {page.unclosed} that never ends hides the page's text", "end it, or get a sound copy of the page"
    if page.scripts or page.unclosed:
        return "the page shows text only through scripts", "open it in a browser and save its text or print it as PDF"
    return "the page holds no text", "open it in a browser and save its text"


def _paragraphs(page: _Page) -> Iterator[_Paragraph]:
    """Yield the paragraphs of a page: blocks split at <br>, and rows of data tables as one paragraph each."""
    layout = _layout_tables(page)
    row: list[_Block] = []
    for block in page.blocks:
        here = block.row if block.row and block.row[1] and block.row[2] and block.row[0] not in layout else None
        if row and (here is None or row[0].row is None or row[0].row[1] != here[1]):
            yield _row(row, page)
            row = []
        if here:
            row.append(block)
        else:
            yield from (_Paragraph(text, block) for text in _split(block))
    if row:
        yield _row(row, page)


def _layout_tables(page: _Page) -> set[int]:
    """Return the tables that lay out a page: they hold tables, or long cells of several paragraphs."""
    blocks = Counter(block.row for block in page.blocks if block.row)
    long = Counter[tuple[int, int, int]]()
    for block in page.blocks:
        if block.row:
            long[block.row] += len(block.text)
    lengthy = {row[0] for row, size in long.items() if size > _LONG_CELL and blocks[row] > 2}
    return page.nested | lengthy | _beside_links(page)


def _beside_links(page: _Page) -> set[int]:
    """Return the tables in which a column of links stands beside a text, and label those links."""
    cells: dict[tuple[int, int, int], list[_Block]] = defaultdict(list)
    for block in page.blocks:
        if block.row and block.row[2]:
            cells[block.row].append(block)
    links, texts = set(), set()
    for cell, blocks in cells.items():
        size = sum(len(_VISIBLE.findall(block.text)) for block in blocks)
        linked = sum(block.linked for block in blocks)
        if linked >= _SIDE_LINKED * size and sum(block.text.count(_BREAK) + 1 for block in blocks) > 1:
            links.add(cell)
        elif not linked and size > _FULL_LINE and any(ends_sentence(block.text) for block in blocks):
            texts.add(cell[0])
    for block in (block for cell in links if cell[0] in texts for block in cells[cell]):
        block.reason = block.reason or "links to other pages"
    return {cell[0] for cell in links} & texts


def _row(blocks: Sequence[_Block], page: _Page) -> _Paragraph:
    """Return a row as one paragraph, its cells in order, empty ones kept so that columns stay in place."""
    texts: dict[int, str] = {}
    for block in blocks:
        assert block.row is not None  # rows are made of blocks in cells
        for text in _split(block):
            texts[block.row[2]] = join_lines(texts.get(block.row[2], ""), text)
    assert blocks[0].row is not None
    cells = page.cells.get(blocks[0].row[1], sorted(texts))
    joined = _CELL.join(texts.get(cell, "") for cell in cells)
    merged = replace(blocks[0], element="tr", linked=sum(block.linked for block in blocks))
    return _Paragraph(joined if joined.strip(" |") else "", merged)


def _split(block: _Block) -> list[str]:
    """Return the paragraphs of one block. A <br> splits unless it only breaks a line in mid-sentence."""
    if block.element in {"pre", "textarea", "xmp", "listing"}:
        lines = block.text.replace(_BREAK, "\n").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return [text for line in lines if (text := squeeze_spaces(line))]
    paragraphs: list[str] = []
    apart = True
    for raw in block.text.split(_BREAK):
        text = squeeze_spaces(raw)
        if not text:
            apart = True
            continue
        indented = raw.lstrip("\r\n\t ").startswith(("\u3000", "\xa0\xa0", "\u2003"))
        if not apart and not indented and _runs_on(paragraphs[-1], text, block.element):
            paragraphs[-1] = join_lines(paragraphs[-1], text)
        else:
            paragraphs.append(text)
        apart = False
    return paragraphs


def _runs_on(before: str, after: str, element: str) -> bool:
    if element in _HEADINGS or element in {"td", "th", "caption", "figcaption"}:
        return True
    if before.isascii() and after[0].islower():
        return True
    return len(before) >= _FULL_LINE and not ends_sentence(before)


def _unheaded(paragraph: _Paragraph, title: str | None) -> _Paragraph:
    """Return the page's title as text although it stands in the page's head."""
    block = paragraph.block
    if block.element == "h1" and block.reason == "page head" and title and paragraph.text == title:
        return _Paragraph(paragraph.text, replace(block, reason=""))
    return paragraph


def _furniture(paragraphs: Sequence[_Paragraph]) -> list[str]:
    """Return for every paragraph why it is furniture, or nothing."""
    reasons = [one.block.reason for one in paragraphs]
    main = _main(paragraphs)
    for index, one in enumerate(paragraphs):
        if main and main not in one.block.mains and one.block.element != "h1":
            reasons[index] = reasons[index] or "outside the main text"
    for start, end in _link_lists(paragraphs):
        reasons[start:end] = [reason or "links to other pages" for reason in reasons[start:end]]
    if all(reasons):  # rules that leave no text have misjudged the page
        reasons = [one.block.reason if one.block.element != "p" else "" for one in paragraphs]
    return reasons


def _main(paragraphs: Sequence[_Paragraph]) -> int:
    """Return the number of the main-text element that holds most of the page's text, the innermost such, or 0."""
    sizes: Counter[int] = Counter()
    total = 0
    for one in paragraphs:
        if not one.block.reason:
            total += len(one.text)
            sizes.update(dict.fromkeys(one.block.mains, len(one.text)))
    large = [number for number, size in sizes.items() if size >= 0.6 * total]
    return max(large, default=0)


def _link_lists(paragraphs: Sequence[_Paragraph]) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of runs of at least three paragraphs that are all but links."""
    start = 0
    for index in range(len(paragraphs) + 1):
        if index < len(paragraphs) and _is_linked(paragraphs[index]):
            continue
        if index - start >= _LINKS_IN_A_ROW:
            yield start, index
        start = index + 1


def _is_linked(paragraph: _Paragraph) -> bool:
    size = len("".join(paragraph.block.text.split())) if paragraph.block.element != "tr" else len(paragraph.text)
    return paragraph.block.linked >= _LINKED * size


def _page_title(page: _Page, headings: Sequence[str], lines: Container[str]) -> str | None:
    """Return the page's title: what it calls its article, its only first heading, or <title>."""
    named = _named(page, _TITLE_NAMES)
    whole = squeeze_spaces(page.title)
    for heading in headings:
        if heading and (heading == named or heading in whole):
            return heading
    if named or not whole:
        return named or (headings[0] if headings else None)
    return _without_site(whole, lines)


def _page_published(page: _Page) -> str | None:
    """Return the ISO date on which the page says it was published."""
    stated = [_named(page, (name,)) for name in _DATE_NAMES]
    scripted = [found.group(1) for script in page.scripts if (found := _JSON_DATE.search(script))]
    timed = page.times[:1]
    return next((day for text in (*stated, *scripted, *timed) if text and (day := stated_date(text))), None)


def _named(page: _Page, names: Sequence[str]) -> str | None:
    for name in names:
        for one in page.metadata:
            said = one.get("name") or one.get("property") or one.get("itemprop") or ""
            if said.lower() == name and (content := squeeze_spaces(one.get("content", ""))):
                return content
    return None


_SITE_NAME = re.compile(LISTS["site_name"], re.IGNORECASE)
_BETWEEN_NAMES = re.compile(r"\s?[_|]+\s?|\s[-–—»·]+\s|(?<=[\u4e00-\u9fff》）)])[-–](?=[\u4e00-\u9fff])")


def _without_site(title: str, lines: Container[str]) -> str:
    """Return <title> without the site's name: the part that is a line of the page, or the first (标题_栏目_网站)."""
    parts = _BETWEEN_NAMES.split(" ".join(title.split()))
    own = [part for part in (*parts, *title.split()) if part in lines and len(part) >= 4]
    if not own and len(parts) > 1 and _SITE_NAME.fullmatch(parts[0]):
        return max((part for part in parts if not _SITE_NAME.fullmatch(part)), key=len, default=parts[0])
    return max(own, key=len, default=parts[0] if len(parts[0]) >= 4 else title)


def _page(source: str) -> _Page:
    """Return the blocks and metadata of a page. Raises RefusedError when it is too large or made to break parsers."""
    source = _with_comments_closed(source)
    _check_parser(source)
    document = HTMLTree.parse(f"{source}<!--{_END}-->").document
    walk = _Walk(_Sheets(_style_sheets(document) if document and "<style" in source.lower() else ""))
    if document is not None:
        traverse_dom(document, walk.take)
    return walk.finished()


def _style_sheets(document: Node) -> str:
    """Return the page's own style sheets, those for paper and for some screens left out."""
    found: list[str] = []

    def take(context: DOMContext) -> None:
        node = context.node
        if isinstance(node, ElementNode) and node.tag == "style":
            found.extend([node.text or ""] if (node.getattr("media") or "all").lower() in {"all", "screen"} else [])

    traverse_dom(document, take)
    return "\n".join(found)


def _with_comments_closed(source: str) -> str:
    """Return a page in which a comment that never closes hides nothing."""
    closed = max(source.rfind("-->") + 3, source.rfind("--!>") + 4)
    return source[:closed] + source[closed:].replace("<!--", "<!>")


def _check_parser(source: str) -> None:
    """Raise RefusedError when parsing a page takes far more time or memory than its length explains.

    Thousands of attributes, end tags without a start or formatting that is never closed take the parser quadratic
    time or memory, and it cannot be interrupted: hence a trial in a process of its own, but for pages of few tags.
    """
    if sum(map(len, _MARKUP.findall(source))) <= _SMALL:
        return
    content = source.encode("utf-8", "replace")
    done = subprocess.run([sys.executable, "-P", "-c", _TRIAL], input=content, capture_output=True, check=False)
    if done.returncode:
        raise RefusedError("the page's tags take more time or memory to read than those of any real page",
                           "save only its text")  # fmt: skip


@dataclass(slots=True)
class _Open:
    """An element around the place that the walk has reached; all but the name is handed down."""

    name: str
    block: str = ""  # the nearest block element
    hidden: bool = False
    faint: bool = False  # hidden by a style within a line
    veils: tuple[int, ...] = ()
    reason: str = ""
    mains: tuple[int, ...] = ()
    cell: tuple[int, int, int] | None = None
    article: bool = False
    link: bool = False
    names: frozenset[str] = frozenset()  # p, .class and #id, where the page has style sheets


class _Sheets:
    """What the page's own style sheets say of the properties that hide, in the order that browsers give it."""

    def __init__(self, text: str) -> None:
        stated = [(chosen.strip(), name.lower(), value.strip(), strong)
                  for names, style in _RULE.findall(_APART_IN_SHEET.sub(" ", text[:_SHEET]))
                  for name, value, strong in _DECLARED.findall(style) for chosen in names.split(",")]  # fmt: skip
        hiding = {name for _, name, value, _ in stated if _hides(name, value)}
        fit = [one for one in stated if one[1] in hiding and _SELECTOR.fullmatch(one[0][:1000])]
        kept = list({(*one[:2], one[3]): one for one in fit}.values())[-_SELECTORS:]
        kept.sort(key=lambda one: (one[3], one[0].count("#"), one[0].count("."), len(_ELEMENT.findall(one[0]))))
        self._left = _LOOKS
        self.rules: dict[str, list[tuple[int, list[frozenset[str]], str]]] = defaultdict(list)
        for order, (chosen, name, value, strong) in enumerate(kept, 1):
            steps = [frozenset(_NAME.findall(step)) for step in _STEP.findall(chosen)]
            self.rules[min(steps[-1])].append((order if strong else order - len(kept) - 1, steps, f"{name}:{value}"))

    def style(self, own: str, one: _Open, around: Sequence[_Open]) -> str:
        """Return the style of an element: what the sheets say, then its own, then what they say with stress."""
        rules = [rule for name in one.names for rule in self.rules.get(name, ())]
        self._left -= len(rules)
        if not rules or self._left < 0:
            return own
        said = sorted((order, style) for order, steps, style in rules
                      if steps[-1] <= one.names and _stands_in(steps[:-1], around))  # fmt: skip
        return ";".join([*(style for order, style in said if order < 0), own,
                         *(style for order, style in said if order > 0)])  # fmt: skip


def _stands_in(steps: Sequence[frozenset[str]], around: Sequence[_Open]) -> bool:
    """Tell whether what surrounds an element is what a selector asks for; the names of ">" are none."""
    outer = reversed(around[-_AROUND:])
    direct = False
    for step in reversed(steps):
        if not step:
            direct = True
            continue
        if not (step <= next(outer, _Open("")).names if direct else any(step <= one.names for one in outer)):
            return False
        direct = False
    return True


class _Walk:
    """Takes the nodes of a page's tree in document order and gathers its blocks."""

    def __init__(self, sheets: _Sheets) -> None:
        self._sheets = sheets
        self._page = _Page()
        self._stack: list[_Open] = [_Open("")]  # the first stands for the document
        self._buffer: list[str] = []
        self._blank = True  # nothing but white space in the buffer
        self._cover: tuple[int, ...] = ()  # what hides all of the buffer's text
        self._linked = 0
        self._count = 0  # numbers tables, rows, cells and main elements
        self._nodes = 0
        self._ended = False
        self._veils: dict[int, frozenset[str]] = {}  # what hides an element, by its number
        self._fading: dict[tuple[str, str, frozenset[str]], int] = {}

    def take(self, context: DOMContext) -> None:
        """Take the next node. Raises RefusedError when there have been too many."""
        self._nodes += 1
        if self._nodes > _TAGS:
            raise RefusedError(f"the page has more than {_TAGS:,} tags and texts", "save only its text and give that")
        while len(self._stack) > max(1, context.depth):
            self._close()
        node = context.node
        if isinstance(node, TextNode):
            self._text(node.value or "")
        elif isinstance(node, ElementNode):
            self._open(node.tag or "", {name: node.getattr(name) or "" for name in node.attrs[:_ATTRIBUTES]})
        elif isinstance(node, CommentNode):
            self._ended = node.value == _END

    def finished(self) -> _Page:
        """Return the page after its last node."""
        while len(self._stack) > 1:
            self._close()
        if not self._ended and not self._page.unclosed:
            self._page.unclosed = "tag"
        return self._page

    def _text(self, text: str) -> None:
        top = self._stack[-1]
        if text.endswith(f"<!--{_END}-->"):
            text, self._page.unclosed = text.removesuffix(f"<!--{_END}-->"), f"{top.name} element"
        if top.name == "title" and not self._stack[-2].hidden:
            self._page.title = self._page.title or text
        elif top.name == "script":
            self._page.scripts.append(text[:100_000])
        elif top.faint and not top.hidden:
            self._page.hidden += len(_VISIBLE.findall(text))
        elif not top.hidden:
            self._buffer.append(text)
            if text.strip():
                self._cover = top.veils if self._blank else min(self._cover, top.veils, key=len)
                self._blank = False
            self._linked += len("".join(text.split())) if top.link else 0

    def _open(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "br":
            self._buffer.append(_BREAK)
        elif name == "meta":
            self._page.metadata.append(dict(attributes))
        elif name == "time" and attributes.get("datetime"):
            self._page.times.append(attributes["datetime"])
        elif name == "script":
            self._page.scripts.append("")  # one that is loaded from elsewhere is a script too
        elif name == "rt":
            self._page.readings += 1
        if name in _BLOCKS:
            self._flush()
        one = replace(self._stack[-1], name=name)
        if self._sheets.rules:
            one.names = frozenset((name, f"#{attributes.get('id', '')}",
                                   *(f".{kind}" for kind in attributes.get("class", "").split()[:50])))  # fmt: skip
        self._veil(one, attributes)
        one.hidden = one.hidden or name in _NOT_TEXT or name == "title"
        if name in _APART and not one.veils:
            self._page.apart[_APART[name]] += 1
        one.link = one.link or (name == "a" and "href" in attributes)
        if name in _BLOCKS or self._blank:
            one.reason = one.reason or _furniture_reason(name, attributes, one.article)
        if name in _BLOCKS:
            one.block = name
        if _is_main(name, attributes):
            one.mains, one.article = (*one.mains[-8:], self._number()), True
        self._place(one)
        self._stack.append(one)

    def _veil(self, one: _Open, attributes: Mapping[str, str]) -> None:
        """Note whether an element is hidden, or shown again within one that is."""
        style = attributes.get("style", "")
        said = _DECLARED.findall(self._sheets.style(style, one, self._stack) if one.names else style)
        stated = {name.lower(): _hides(name, value) for name, value, _ in said}
        hidden = frozenset(name for name, hides in stated.items() if hides)
        if one.veils and (shown := _INHERITED & (stated.keys() - hidden)):
            one.veils = tuple(veil for veil in one.veils if not self._veils.get(veil, _FADING) <= shown)
        if "hidden" not in attributes and not hidden:
            return
        if one.name not in _BLOCKS:
            one.faint = True
            return
        number = self._number()
        if hidden and hidden <= _FADING:
            number = self._fading.setdefault((one.name, attributes.get("class", ""), hidden), number)
        self._veils[number] = hidden or frozenset(("hidden",))
        one.veils = (*one.veils[-8:], number)
        if one.name in _PAGES or _is_main(one.name, attributes):
            self._page.bodies.add(number)

    def _place(self, one: _Open) -> None:
        if one.name == "table":
            if one.cell:
                self._page.nested.add(one.cell[0])
            one.cell = (self._number(), 0, 0)
        elif one.name == "tr" and one.cell:
            one.cell = (one.cell[0], self._number(), 0)
            self._page.cells[one.cell[1]] = []
        elif one.name in {"td", "th"} and one.cell:
            one.cell = (one.cell[0], one.cell[1], self._number())
            self._page.cells.setdefault(one.cell[1], []).append(one.cell[2])

    def _number(self) -> int:
        self._count += 1
        return self._count

    def _close(self) -> None:
        one = self._stack[-1]
        if one.name in _BLOCKS or (one.reason != self._stack[-2].reason and self._buffer):
            self._flush()
        self._stack.pop()

    def _flush(self) -> None:
        text = "".join(self._buffer)
        if text.strip(_BREAK + " \t\r\n\f\xa0"):
            top, veils = self._stack[-1], self._cover
            self._page.blocks.append(_Block(text, top.block, top.reason, top.mains, self._linked, top.cell, veils))
        self._buffer.clear()
        self._blank, self._linked = True, 0


def _hides(name: str, value: str) -> bool:
    return bool(re.fullmatch(_HIDING[name.lower()], value.strip(), re.IGNORECASE))


def _furniture_reason(name: str, attributes: Mapping[str, str], inside_article: bool) -> str:
    if name in {"html", "body", "main", "article", "h1", "td", "th", "tr", "tbody"}:
        return ""
    if name == "header" and inside_article:
        return ""
    if reason := _FURNITURE_TAGS.get(name) or _ROLES.get(attributes.get("role", "").lower(), ""):
        return reason
    for value in (attributes.get("class", ""), attributes.get("id", "")):
        if reason := _named_reason(value):
            return reason
    return ""


def _named_reason(value: str) -> str:
    for one in value[:500].split():
        parts = re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", one).lower())
        if parts and not _CONTENT_WORDS & set(parts[:-1]) and parts[-1] not in _PLACES:
            for word in (parts[-1], parts[0], "".join(parts)):
                if word in _REASON_OF:
                    return _REASON_OF[word]
    return ""


def _is_main(name: str, attributes: Mapping[str, str]) -> bool:
    if name in {"main", "article"} or attributes.get("role", "").lower() == "main":
        return True
    names = f"{attributes.get('class', '')[:500]} {attributes.get('id', '')[:200]}".lower().split()
    return not _MAIN_NAMES.isdisjoint(names)

# Markdown stands for a page ------------------------------------------------------------------------

#: Seconds and bytes that turning a text into a page may take, in a process of its own but for small ones; table cells.
_RENDERING, _MEMORY, _CELLS = 8, 800_000_000, 20_000
#: A line that ends a Chinese sentence, or stands before an indented one, ends a paragraph for those who write it.
_LINE = re.compile(r"(?<=[。！？；：])[ \t]{0,9}\n(?=[^\s>|#*+`~-])|\n(?=\u3000)")
#: A heading whose sign touches it; what other programs put into a text: a place for contents, names of headings.
_TOUCHING = re.compile(r"^( {0,3}#{1,6})(?=[\u3400-\u9fff（“《【「])(?!.*#)", re.MULTILINE)
_SIGN = re.compile(
    r"^ {0,3}(?:\[{1,2}_{0,2}TOC_{0,2}\]{1,2}|> ?\[![A-Z]+\])[ \t]*$|[ \t]\{[#.][\w .#:-]{0,80}\}$", re.MULTILINE | re.I
)
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_MARKS = re.compile("[^\\w\\s\u3000-\u303f\uff00-\uffef]|_")
_STRONG = re.compile(
    r"(?<!\*)\*\*(?![*\s、，。；：！？”’》）】」』])([^*\n]{1,500})(?<![\s“‘《（【「『])\*\*(?!\*)"
)
_RENDERER = f"""
import sys
from contextlib import suppress
with suppress(ImportError):
    import resource
    resource.setrlimit(resource.RLIMIT_CPU, ({_RENDERING}, {_RENDERING}))
    resource.setrlimit(resource.RLIMIT_AS, ({_MEMORY}, {_MEMORY}))
from policybook.reading.html import _render
sys.stdout.buffer.write(_render(sys.stdin.buffer.read().decode()).encode("utf-8", "replace"))
"""


@lru_cache(maxsize=8)
def page_of_markdown(text: str) -> str:
    """Return the page that a Markdown text stands for, as HTML; "" for a text without any.

    Its marks can be arranged so that the parser takes quadratic time or memory, and it cannot be interrupted.
    Raises RefusedError when it takes far more than any real text.
    """
    lines = text.split("\n")
    if len(_MARKS.findall(text)) <= _SMALL and max(line.count("|") for line in lines) * len(lines) <= _CELLS:
        page = _render(text)
    else:
        places = {"PYTHONPATH": os.pathsep.join(sys.path), "OPENBLAS_NUM_THREADS": "1"}
        done = subprocess.run([sys.executable, "-P", "-c", _RENDERER], input=text.encode("utf-8", "replace"),
                              capture_output=True, check=False, env=os.environ | places)  # fmt: skip
        if done.returncode:
            raise RefusedError("its marks take more time or memory to read than those of any real text",
                               "save its text without them as .txt")  # fmt: skip
        page = done.stdout.decode()
    return f"<!DOCTYPE html><html><body>{page}</body></html>" if page.strip() else ""


def _render(text: str) -> str:
    """Return a text as HTML: without links, so that nothing looks like navigation; with numbers and comments."""
    text = _SIGN.sub("", _TOUCHING.sub(r"\1 ", _LINE.sub("  \n", _STRONG.sub(_unmarked, text))))
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("code")
    parser.use(footnote_plugin).use(deflist_plugin).use(tasklists_plugin).disable(["footnote_tail", "footnote_inline"])
    parser.validateLink = lambda _: True  # type: ignore[method-assign, assignment]  # none is followed
    for name in ("link_open", "link_close", "footnote_ref"):
        parser.add_render_rule(name, lambda *_: "")
    for name in ("footnote_reference_open", "footnote_reference_close"):
        parser.add_render_rule(name, lambda *_: "<hr>")
    for name, rule in (("image", _image), ("html_block", _html), ("html_inline", _html)):
        parser.add_render_rule(name, rule)
    said: dict[str, Any] = {"comments": []}
    tokens = parser.parse(text, said)
    _keep_numbers(tokens)
    page = str(parser.renderer.render(tokens, parser.options, said))
    return page + "".join(f'<p class="sourcecomment">{escapeHtml(one)}</p>' for one in said["comments"])


def _unmarked(strong: re.Match[str]) -> str:
    """Return emphasis without signs where Chinese stands about its punctuation: the rules take them for no signs."""
    inside, about = strong[1], strong.string[max(0, strong.start() - 1) : strong.end() + 1]
    plain = (inside[0].isalnum() and inside[-1].isalnum()) or about.isascii()
    return strong[0] if plain else inside


def _image(renderer: RendererHTML, tokens: Sequence[Token], n: int, options: Any, said: dict[str, Any]) -> str:
    return escapeHtml(renderer.renderInlineAsText(tokens[n].children or [], options, said))


def _html(_: RendererHTML, tokens: Sequence[Token], n: int, __: Any, said: dict[str, Any]) -> str:
    said["comments"] += _COMMENT.findall(tokens[n].content)
    return _COMMENT.sub(" ", tokens[n].content)


def _keep_numbers(tokens: Sequence[Token]) -> None:
    """Put the numbers of lists before their items as they are written, or counted where all are written alike."""
    lists: list[tuple[str, int]] = []  # of each that is open the last number as written, and as counted
    due = ""
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append(("", 0))
        elif token.type.endswith("_list_close"):
            lists.pop()
        elif token.type == "list_item_open" and token.info:
            written, counted = lists[-1]
            lists[-1] = token.info, counted + 1 if token.info == written else int(token.info)
            due = f"{lists[-1][1]}{token.markup} "
        elif token.type == "inline":
            token.children = [Token("text", "", 0, content=due), *(token.children or ())]
            due = ""
