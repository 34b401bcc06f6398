"""How charts look: widths, fonts, colours, labels, links, alternative text and downloads."""

import base64
import html
import io
import re
import unicodedata
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cache, partial, wraps
from itertools import repeat
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, cast

import matplotlib as mpl
import noto_cjk_sans_otc
import pandas as pd
from fontTools.ttLib import TTCollection
from lxml import etree
from markupsafe import Markup
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from policybook.charts.kept import keep_drawing
from policybook.errors import MissingGlyphError
from policybook.words.say import say, words_in_use

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
#: The width in inches of a figure that fills its column, 46 rem, and of one on a telephone.
FULL_WIDTH, NARROW_WIDTH = 7.4, 3.3
_narrow: ContextVar[bool] = ContextVar("narrow", default=False)
P = ParamSpec("P")


@dataclass(frozen=True)
class Chart:
    """A figure as a page shows it: SVG for both widths, PNG, caption, text alternative, and its numbers as CSV."""

    name: str
    svg: str
    caption: str
    alt: str
    csv: str
    png: bytes = b""
    narrow: str = ""

    @property
    def data(self) -> pd.DataFrame:
        """The numbers behind it, as its file has them."""
        return pd.read_csv(io.StringIO(self.csv))

    def __repr__(self) -> str:
        return f"<chart {self.name}: {self.caption}>"

    def _repr_html_(self) -> str:
        drawn = f'<div class="pb-chart-scroll{" pb-wide" * bool(self.narrow)}">{self.svg}</div>'
        drawn += f'<template class="pb-narrow">{self.narrow}</template>' * bool(self.narrow)
        name = f"figure-{self.name}"
        links = [_saved(self.csv.encode("utf-8-sig"), name, "csv"), _saved(_alone(self.svg).encode(), name, "svg")]
        links += [_saved(self.png, name, "png")] * bool(self.png)
        number = Markup('<a class="pb-figure-number" href="#{}">{}</a>').format(name, say("charts.figure"))
        return (f'<figure class="pb-chart" id="{name}">{drawn}<figcaption>{number} {html.escape(self.caption)} '
                f'<span class="pb-downloads">{" ".join(links)}</span></figcaption></figure>')  # fmt: skip


_KINDS = {"csv": "text/csv;charset=utf-8", "svg": "image/svg+xml", "png": "image/png"}


def download_link(data: pd.DataFrame, name: str) -> Markup:
    """Return a link that saves `data` as NAME.csv; it holds the file, which a built page lays beside itself."""
    return _saved(to_csv(data).encode("utf-8-sig"), name, "csv")


def _saved(content: bytes, name: str, kind: str) -> Markup:
    encoded = base64.b64encode(content).decode("ascii")
    link = Markup('<a class="pb-download" download="{}.{}" href="data:{};base64,{}">{}</a>')
    return link.format(name, kind, _KINDS[kind], encoded, say(f"charts.download.{kind}"))


def _alone(svg: str) -> str:
    """Return a page's SVG as a file of its own: black on nothing, with no link that leads from the page."""
    plain = re.sub(r"var\(--[\w-]+, ([^)]*)\)", r"\1", svg.replace("currentColor", "#000"))
    return re.sub(r"<a [^>]*>|</a>", "", plain)


def at_both_widths(draw: Callable[Concatenate[str, P], Chart]) -> Callable[Concatenate[str, P], Chart]:
    """Have a chart (whose first argument is its name) drawn twice, for a wide page and for a telephone, and kept."""

    @wraps(draw)
    def drawn(name: str, /, *given: P.args, **named: P.kwargs) -> Chart:
        def draw_both() -> Chart:
            wide, token = draw(name, *given, **named), _narrow.set(True)
            try:
                return replace(wide, narrow=draw(f"{name}-narrow", *given, **named).svg)
            finally:
                _narrow.reset(token)

        made_of = (draw.__module__, draw.__qualname__, name, given, named, words_in_use())
        return cast(Chart, keep_drawing(made_of, draw_both, Chart))

    return drawn


def is_narrow() -> bool:
    """Return whether a figure is being drawn for a telephone."""
    return _narrow.get()


def to_csv(data: pd.DataFrame) -> str:
    """Return `data` as CSV (RFC 4180) in which no cell can act as a spreadsheet formula."""

    def defuse(value: object) -> object:
        text = value if isinstance(value, str) else None
        return f"'{text}" if text and text.lstrip()[:1] in tuple("=+-@＝＋－＠") else value

    return data.map(defuse).to_csv(index=False, lineterminator="\r\n")


class _Figure(Figure):
    """A figure that is laid out, and not also drawn for nobody to see, before matplotlib draws what it saves.

    What it saves it draws without a layout engine (see FigureCanvasBase.print_figure).
    """

    def draw(self, renderer: RendererBase) -> None:
        """Lay the figure out if that is to be done, else draw it."""
        engine = self.get_layout_engine()
        if isinstance(engine, ConstrainedLayoutEngine):
            engine.execute(self)
        else:
            super().draw(renderer)


@contextmanager
def figure(width: float, height: float) -> Iterator[Figure]:
    """Give a Figure of `width` by `height` inches in the book's look, on a telephone as wide as that.

    A missing glyph is an error.
    """
    width = min(width, NARROW_WIDTH) if is_narrow() else width
    _register_fonts()
    settings: dict[Any, Any] = {"font.family": [FAMILY], "font.size": 10, "svg.fonttype": "none",
                                "svg.hashsalt": "policybook", "axes.edgecolor": INK, "axes.labelcolor": INK,
                                "axes.spines.top": False, "axes.spines.right": False, "axes.unicode_minus": False,
                                "text.parse_math": False,  # a title may hold $ signs
                                "text.color": INK, "xtick.color": INK, "ytick.color": INK, "figure.facecolor": "none",
                                "axes.facecolor": "none", "savefig.facecolor": "none"}  # fmt: skip
    with mpl.rc_context(settings), warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph")
        try:
            yield _Figure(figsize=(width, height), layout="constrained")
        except UserWarning as warning:
            if not str(warning).startswith("Glyph"):
                raise
            raise MissingGlyphError(f"{warning} Spell the label without it.") from None


def mark_years(axes: Axes) -> None:
    """Put the marks of the horizontal axis on whole years."""
    axes.xaxis.set_major_locator(MaxNLocator("auto", steps=[1, 2, 5, 10], integer=True))


def groups_of(rows: pd.DataFrame) -> dict[str, int]:
    """Return the groups of rows that stand out, in their order, and the number of the colour and mark of each.

    It is that of the column `look`, where there is one and it names one, from 1; others take what is left in turn.
    Raises ValueError where colours do not tell the groups apart.
    """
    groups = [str(group) for group in dict.fromkeys(rows["group"]) if group]
    if len(groups) > len(COLOURS):
        raise ValueError(f"{len(groups)} groups cannot be told apart; at most {len(COLOURS)} can")
    named = dict(zip(rows["group"], rows["look"], strict=True)) if "look" in rows else {}
    own = {group: int(named[group]) - 1 for group in groups if pd.notna(named.get(group, pd.NA))}
    if len({*own.values()}) < len(own):  # two with one colour: nobody could tell them apart
        own = {}
    left = iter(n for n in range(len(COLOURS)) if n not in own.values())
    return {group: own[group] if group in own else next(left) for group in groups}


def legend_of(drawing: Figure, groups: Mapping[str, int], others: bool = False) -> None:
    """Write above a figure which colour and mark is which group's, and that the grey ones are others."""
    looks = [(COLOURS[n], CHART_MARKS[n], group) for group, n in groups.items()]
    looks += [(GREY, "o", say("charts.dots.others"))] * others
    marks = [Line2D([], [], color=colour, marker=mark, ls="", label=label) for colour, mark, label in looks]
    columns = min(len(marks), int(drawing.get_figwidth() / 1.7))
    drawing.legend(handles=marks, loc="outside upper left", ncols=columns, frameon=False, fontsize=9)


def name_rows(axes: Axes, places: Iterable[float], labels: Iterable[str], links: Iterable[object] | None = None, *,
              room: int = 30, lines: int = 2, lift: float = 7) -> None:  # fmt: skip
    """Name the rows of a chart at their left; on a telephone above them, `lift` points over their middle."""
    addresses = repeat(None) if links is None else map(label_address, links)
    told = list(zip(places, map(str, labels), addresses, strict=False))
    shown = [] if is_narrow() else told
    axes.set_yticks([place for place, _, _ in shown], [wrap(label, room, lines) for _, label, _ in shown], fontsize=9)
    axes.tick_params(axis="y", length=0)
    for tick, (_, _, link) in zip(axes.get_yticklabels(), shown, strict=True):
        tick.set(url=link, linespacing=1.05)
    for place, label, link in told[len(shown) :]:
        axes.annotate(wrap(label.replace("\n", " "), 46, 1), (0, place), xycoords=("axes fraction", "data"),
                      xytext=(0, lift), textcoords="offset points", va="bottom", fontsize=9, color=INK, url=link,
                      annotation_clip=False)  # fmt: skip


def to_chart(drawing: Figure, name: str, caption: str, alt: str, data: pd.DataFrame,
             titles: Mapping[str, str] | None = None, natural: bool = False) -> Chart:  # fmt: skip
    """Return a figure as a chart (see to_svg), with the picture of the wide one."""
    for axes in drawing.axes if is_narrow() else ():
        axes.set_xlabel(wrap(axes.get_xlabel(), 44, 3))
    svg, picture = to_svg(drawing, name, alt, titles, natural), io.BytesIO()
    if not is_narrow():
        drawing.set_layout_engine(None)  # all has its place by now
        drawing.savefig(picture, format="png", dpi=180, facecolor="white", metadata={"Software": None})
    return Chart(name, svg, caption, alt, to_csv(data), picture.getvalue())


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
    svg = _without_empty_groups(re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.S))
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    svg = re.sub(r'(xlink:href="#|url\(#)', rf"\g<1>{name}-", svg)
    svg = re.sub(r'(?<= )(?:d|x|y|transform|points)="[^"]*"', _rounded, svg)
    svg = svg.replace(f"'{FAMILY}'", f"'{FAMILY}', sans-serif")
    svg = coloured(svg.replace(INK, "currentColor").replace(PAPER, "var(--pst-color-background, #fff)"))
    link = partial(_link, titles or {}, set())
    svg = re.sub(r'<a xlink:href="(@?)([^" ]*) ?([^"]*)" target="_blank"([^>]*)>', link, svg)
    svg = accessible(svg, alt, "group" if "<a " in svg else "img")
    size = _natural_size(drawing.get_figwidth())
    return svg.replace("<svg ", f'<svg style="{size}" ', 1) if natural and not is_narrow() else svg


def _without_empty_groups(svg: str) -> str:
    """Return matplotlib's SVG without the groups and ids that change nothing: half of its elements.

    What is written at an axis is of the class pb-axis.
    """
    root = etree.fromstring(svg, etree.XMLParser(remove_comments=True, remove_blank_text=True))
    for text in root.iterfind(".//{*}text"):
        if any("axis_" in group.get("id", "") for group in text.iterancestors()):
            text.set("class", "pb-axis")
    for one in root.iterdescendants("{*}g", "{*}text", "{*}path"):
        if one.get("id") and f"#{one.get('id')}" not in svg:
            del one.attrib["id"]
    for parent in reversed([*root.iterdescendants("{*}g", "{*}a")]):
        inner = [one for one in parent if not one.tag.endswith(("}defs", "}title"))]
        clips = {one.get("clip-path") for one in inner}
        holders = all(one.tag.endswith(("}g", "}a")) and "transform" not in one.attrib for one in inner)
        if holders and len(clips) == 1 and (clip := clips.pop()) and "clip-path" not in parent.attrib:
            parent.set("clip-path", clip)
            for one in inner:
                del one.attrib["clip-path"]
    for group in [*root.iterdescendants("{*}g")]:
        place = group.getparent()
        if not group.attrib and place is not None:
            place[place.index(group) : place.index(group) + 1] = group
    return str(etree.tostring(root, encoding="unicode"))


def coloured(svg: str) -> str:
    """Return an SVG whose colours the page may set anew, for the dark and for print."""
    for n, colour in enumerate(COLOURS, 1):
        svg = re.sub(colour, f"var(--pb-colour-{n}, {colour})", svg, flags=re.I)
    return svg


def _rounded(attribute: re.Match[str]) -> str:
    return re.sub(r"(\.\d\d)\d+", r"\1", " ".join(attribute[0].split()))


def _natural_size(inches: float) -> str:
    """Return the limits of the width of a figure of so many inches."""
    most = 6.25 * inches
    return f"min-width: {most if round(inches, 6) > FULL_WIDTH else 0.8 * most:.4g}rem; max-width: {most:.4g}rem"


def _link(titles: Mapping[str, str], seen: set[str], found: re.Match[str]) -> str:
    """Return a link as a page has it; by keyboard one comes to each address once in a figure."""
    address, title = "#" * bool(found[1]) + found[2], found[3]
    title = title or html.escape(titles.get(html.unescape(address), ""))
    again = ' tabindex="-1"' * (address in seen)
    seen.add(address)
    return f'<a href="{address}"{again}{found[4]}>' + f"<title>{title}</title>" * bool(title)


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


def get_ready() -> None:
    """Draw something for nobody to see: the first drawing of a process reads the font and much else."""
    with figure(2, 1) as drawing:
        axes = drawing.subplots()
        axes.plot([0, 1], label="Aa 一")
        axes.legend()
        to_chart(drawing, "ready", "", "", pd.DataFrame())


# What the rows of a chart are called and where they lead: checked columns, wrapped labels, safe addresses ---

_SAFE = re.compile(r"#?[\w.~/%-]+(?:\?[\w.~/=&%-]*)?(?:#[\w.~:%-]+)?|https?://[^\s\"'<>]+")
#: Chinese characters with their punctuation, for use within a character class.
_HAN = "\u2e80-\u9fff\uff00-\uffef"


#: A chart has at most so many rows or points: more cannot be told apart, and a page has room for so many marks.
MOST_ROWS = 60


def first_of(names: Iterable[object], caption: str, most: int = MOST_ROWS) -> tuple[list[str], str]:
    """Return at most `most` of the different names, and the caption, which says so where there are more."""
    all_ = list(dict.fromkeys(map(str, names)))
    if len(all_) <= most:
        return all_, caption
    return all_[:most], say("charts.first", caption=caption, most=most, number=len(all_))


def check_columns(rows: pd.DataFrame, columns: Iterable[str], least: int = 1) -> None:
    """Raise ValueError when a table lacks a column, or has fewer than `least` rows to draw."""
    missing = [column for column in columns if column not in rows.columns]
    if missing:
        raise ValueError(f"the table lacks {', '.join(missing)}")
    if len(rows) < least:
        raise ValueError("no row to draw" if not len(rows) else f"a chart of this kind needs at least {least} rows")


def label_address(href: object, says: str = "") -> str | None:
    """Return a link as matplotlib takes it, None where there is none; `says` is shown when it is pointed at.

    `href` is an anchor of the page ("#row-land"), a relative page with or without anchor, or an http address.
    Raises ValueError for anything else: an address never comes from a document's text.
    """
    if href is None or pd.isna(href) or href == "":  # type: ignore[call-overload]
        return None
    if not isinstance(href, str) or not _SAFE.fullmatch(href) or href.startswith("//"):
        raise ValueError(f"{href!r} is no address of a page or of an anchor on it")
    return (f"@{href[1:]}" if href.startswith("#") else href) + f" {says}" * bool(says)


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
