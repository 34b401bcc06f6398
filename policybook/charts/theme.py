"""How charts look: fonts, colours, labels, links, alternative text and downloads."""

import base64
import html
import io
import re
import unicodedata
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import matplotlib as mpl
import noto_cjk_sans_otc
import pandas as pd
from fontTools.ttLib import TTCollection
from markupsafe import Markup
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from policybook.errors import MissingGlyphError
from policybook.words.say import say

#: Okabe and Ito's colours (2008), told apart by the colour-blind; each side also has its own mark for print.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7F7F7F", "#A6761D")
CHART_MARKS = ("o", "s", "^", "D", "v", "P", "X", "*")
#: Text and axes are drawn in this colour, which the page replaces by its own text colour, light or dark.
INK = "#010203"
#: What is hollow is filled with this, which the page replaces by its background.
PAPER = "#fdfefc"
#: Neither side: told apart from the sides' colours by lightness and lack of colour.
GREY = "#7F7F7F"
FAMILY = "Noto Sans CJK SC"
#: The width of a figure that fills its column, 46 rem, in inches.
FULL_WIDTH = 7.4


@dataclass(frozen=True)
class Chart:
    """A figure as a page shows it: SVG, caption, text alternative, and the numbers behind it."""

    name: str
    svg: str
    caption: str
    alt: str
    data: pd.DataFrame

    def _repr_html_(self) -> str:
        return (f'<figure class="pb-chart" id="figure-{self.name}"><div class="pb-chart-scroll">{self.svg}</div>'
                f"<figcaption>{html.escape(self.caption)} {download_link(self.data, self.name)}</figcaption>"
                "</figure>")  # fmt: skip


def download_link(data: pd.DataFrame, name: str) -> Markup:
    """Return a link that saves `data` as NAME.csv; it needs no file beside the page."""
    encoded = base64.b64encode(to_csv(data).encode("utf-8-sig")).decode("ascii")
    link = Markup('<a class="pb-download" download="{}.csv" href="data:text/csv;charset=utf-8;base64,{}">{}</a>')
    return link.format(name, encoded, say("charts.download"))


def to_csv(data: pd.DataFrame) -> str:
    """Return `data` as CSV (RFC 4180) in which no cell can act as a spreadsheet formula."""

    def defuse(value: object) -> object:
        text = value if isinstance(value, str) else None
        return f"'{text}" if text and text.lstrip()[:1] in tuple("=+-@＝＋－＠") else value

    return data.map(defuse).to_csv(index=False, lineterminator="\r\n")


@contextmanager
def figure(width: float, height: float) -> Iterator[Figure]:
    """Give a Figure of `width` by `height` inches in the book's look; a missing glyph is an error."""
    _register_fonts()
    settings: dict[Any, Any] = {"font.family": [FAMILY], "font.size": 10, "svg.fonttype": "none",
                                "svg.hashsalt": "policybook", "axes.edgecolor": INK, "axes.labelcolor": INK,
                                "axes.spines.top": False, "axes.spines.right": False, "axes.unicode_minus": False,
                                "text.color": INK, "xtick.color": INK, "ytick.color": INK, "figure.facecolor": "none",
                                "axes.facecolor": "none", "savefig.facecolor": "none"}  # fmt: skip
    with mpl.rc_context(settings), warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph")
        try:
            yield Figure(figsize=(width, height), layout="constrained")
        except UserWarning as warning:
            if not str(warning).startswith("Glyph"):
                raise
            raise MissingGlyphError(f"{warning} Spell the label without it.") from None


def mark_years(axes: Axes) -> None:
    """Put the marks of the horizontal axis on whole years."""
    axes.xaxis.set_major_locator(MaxNLocator("auto", steps=[1, 2, 5, 10], integer=True))


def groups_of(rows: pd.DataFrame) -> list[str]:
    """Return the groups of rows that stand out, in their order; ValueError where colours do not tell them apart."""
    groups = [str(group) for group in dict.fromkeys(rows["group"]) if group]
    if len(groups) > len(COLOURS):
        raise ValueError(f"{len(groups)} groups cannot be told apart; at most {len(COLOURS)} can")
    return groups


def legend_of(drawing: Figure, groups: Sequence[str], others: bool = False) -> None:
    """Write above a figure which colour and mark is which group's, and that the grey ones are others."""
    looks = [(COLOURS[n], CHART_MARKS[n], group) for n, group in enumerate(groups)]
    looks += [(GREY, "o", say("charts.dots.others"))] * others
    marks = [Line2D([], [], color=colour, marker=mark, ls="", label=label) for colour, mark, label in looks]
    columns = min(len(marks), int(drawing.get_figwidth() / 1.8))
    drawing.legend(handles=marks, loc="outside upper left", ncols=columns, frameon=False, fontsize=9)


def to_svg(drawing: Figure, name: str, alt: str, titles: Mapping[str, str] | None = None, natural: bool = False) -> str:
    """Return a figure as inline SVG: its own ids, the page's colours, an accessible name, no date.

    `titles` maps an address to what its links say when pointed at or read out. A `natural` figure keeps its size,
    so that a small one does not fill the page and a wide one scrolls before its text becomes too small; the
    others fill their column.
    """
    buffer = io.StringIO()
    drawing.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.S)
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    svg = re.sub(r'(xlink:href="#|url\(#)', rf"\g<1>{name}-", svg)
    svg = svg.replace(INK, "currentColor").replace(PAPER, "var(--pst-color-background, #fff)")
    svg = re.sub(r'(<a )xlink:href="(@?)([^"]*)"', lambda to: f'{to[1]}href="{"#" * bool(to[2])}{to[3]}"', svg)
    svg = svg.replace(' target="_blank"', "")
    if titles:
        svg = re.sub(r'<a href="([^"]*)">', partial(_titled, titles), svg)
    svg = accessible(svg, alt, "group" if "<a " in svg else "img")
    return svg.replace("<svg ", f'<svg style="{_natural_size(drawing.get_figwidth())}" ', 1) if natural else svg


def _natural_size(inches: float) -> str:
    """Return the limits of the width of a figure of so many inches."""
    most = 6.25 * inches
    return f"min-width: {most if round(inches, 6) > FULL_WIDTH else 0.8 * most:.4g}rem; max-width: {most:.4g}rem"


def _titled(titles: Mapping[str, str], found: re.Match[str]) -> str:
    title = titles.get(html.unescape(found[1]))
    return f"{found[0]}<title>{html.escape(title)}</title>" if title else found[0]


def accessible(svg: str, alt: str, role: str = "img") -> str:
    """Return inline SVG with a role and a text alternative, scaled to its column."""
    opening = re.match(r"<svg[^>]*>", svg)
    assert opening is not None
    size = re.search(r'viewBox="[^"]*"', opening.group(0))
    box = size.group(0) if size else _view_box(opening.group(0))
    tag = (f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {box} '
           f'role="{role}" aria-label="{html.escape(alt)}">')  # fmt: skip
    return tag + svg[opening.end() :]


def _view_box(opening: str) -> str:
    width, height = (re.search(rf'{side}="([\d.]+)', opening) for side in ("width", "height"))
    assert width is not None and height is not None
    return f'viewBox="0 0 {width.group(1)} {height.group(1)}"'


def font_file() -> Path:
    """Return the font collection that figures are drawn with."""
    return Path(noto_cjk_sans_otc.__file__).with_name("NotoSansCJK-Regular.ttc")


@cache
def font_number() -> int:
    """Return the place of the Simplified Chinese face in the collection."""
    with TTCollection(str(font_file()), lazy=True) as fonts:
        names = [font["name"].getDebugName(1) for font in fonts]
    return names.index(FAMILY)


@cache
def _register_fonts() -> None:
    font_manager.fontManager.addfont(str(font_file()))


# What the rows of a chart are called and where they lead: checked columns, wrapped labels, safe addresses ---

_SAFE = re.compile(r"#?[\w.~/%-]+(?:\?[\w.~/=&%-]*)?(?:#[\w.~:%-]+)?|https?://[^\s\"'<>]+")
#: Chinese characters with their punctuation, for use within a character class.
_HAN = "\u2e80-\u9fff\uff00-\uffef"


def check_columns(rows: pd.DataFrame, columns: Iterable[str], least: int = 1) -> None:
    """Raise ValueError when a table lacks a column, or has fewer than `least` rows to draw."""
    missing = [column for column in columns if column not in rows.columns]
    if missing:
        raise ValueError(f"the table lacks {', '.join(missing)}")
    if len(rows) < least:
        raise ValueError("no row to draw" if not len(rows) else f"a chart of this kind needs at least {least} rows")


def label_address(href: object) -> str | None:
    """Return a link as matplotlib takes it, None where there is none.

    `href` is an anchor of the page ("#row-land"), a relative page with or without anchor, or an http address.
    Raises ValueError for anything else: an address never comes from a document's text.
    """
    if href is None or pd.isna(href) or href == "":  # type: ignore[call-overload]
        return None
    if not isinstance(href, str) or not _SAFE.fullmatch(href) or href.startswith("//"):
        raise ValueError(f"{href!r} is no address of a page or of an anchor on it")
    return f"@{href[1:]}" if href.startswith("#") else href


def width(text: str) -> int:
    """Return how many Latin letters a text takes the room of; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def wrap(label: str, room: int, lines: int = 2) -> str:
    """Break a label into at most `lines` lines of about `room` Latin letters; what is left is cut off with "…".

    Breaks stand at spaces and before a run of Chinese; within one only where it is longer than a line.
    """
    pieces = []
    for piece in re.findall(rf"\s*(?:[^\s{_HAN}]+|[{_HAN}]+)", label.strip()):
        pieces += re.findall(rf"\s*[^\s{_HAN}]+|\s*[{_HAN}]", piece) if width(piece.strip()) > room else [piece]
    out = [""]
    for piece in pieces:
        if out[-1] and width(out[-1] + piece) > room:
            if len(out) == lines:
                return "\n".join(out).rstrip() + " …"
            out.append("")
        out[-1] += piece if out[-1] else piece.lstrip()
    return "\n".join(line.rstrip() for line in out)
