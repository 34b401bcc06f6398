"""Pictures in which things find their own place: networks of what stands together, and clouds of words."""

import base64
import html
import io
import math
import re
import tempfile
import textwrap
from collections.abc import Mapping
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
from fontTools import subset
from fontTools.ttLib import TTFont
from markupsafe import Markup
from matplotlib.axes import Axes
from wordcloud import WordCloud

from policybook.charts.theme import (  # isort: skip
    COLOURS, FULL_WIDTH, GREY, INK, NARROW_WIDTH, PAPER, Chart, accessible, at_both_widths, check_columns, coloured,
    figure, first_of, font_file, font_number, is_narrow, label_address, to_chart, to_csv, width, wrap,
)
from policybook.corpus.corpus import records
from policybook.words.say import say

# Where labels of a drawing stand so that they cover little: a place a node, the best of eight around it ---

Placement = tuple[float, float]
#: Left, bottom, right and top.
Box = tuple[float, float, float, float]


def boxes_around(place: Placement, radius: float, size: tuple[float, float]) -> list[Box]:
    """Return boxes for a label around a node: right, left, above, below and the corners."""
    (x, y), (wide, high) = place, size
    gap = radius + 3
    boxes = []
    for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1)):
        near = 0.75 if dx and dy else 1.0
        cx, cy = x + dx * (near * gap + wide / 2), y + dy * (near * gap + high / 2)
        boxes.append((cx - wide / 2, cy - high / 2, cx + wide / 2, cy + high / 2))
    return boxes


def points_along(start: Placement, end: Placement) -> list[Placement]:
    """Return points on a line, one about every 8 points of length."""
    steps = max(2, int(math.dist(start, end) / 8))
    return [(start[0] + (end[0] - start[0]) * n / steps, start[1] + (end[1] - start[1]) * n / steps)
            for n in range(steps)]  # fmt: skip


def cost(taken: list[Box], lines: np.ndarray[Any, np.dtype[np.float64]], area: Placement, box: Box) -> float:
    """Return how much a label would cover of labels, nodes and lines, or stand outside: about square points."""
    covered = 0.0
    for other in taken:
        wide, high = min(box[2], other[2]) - max(box[0], other[0]), min(box[3], other[3]) - max(box[1], other[1])
        covered += max(wide, 0.0) * max(high, 0.0)
    if len(lines):
        x, y = lines[:, 0], lines[:, 1]
        covered += 4 * int(((x > box[0]) & (x < box[2]) & (y > box[1]) & (y < box[3])).sum())
    outside = max(-box[0], 0.0) + max(box[2] - area[0], 0.0) + max(-box[1], 0.0) + max(box[3] - area[1], 0.0)
    return covered + 400 * outside


# Networks of actors: who is named together, drawn with the same layout for the same data -----------

NODE_COLUMNS = ("id", "label", "group", "mentions", "href")
EDGE_COLUMNS = ("source", "target", "weight", "href")
#: Everything is placed in points: the room that a node named alone has, the size of labels.
_ALONE, _FONT = 34.0, 8.5
#: A group of so many stands beside others, in a row of this height.
_FEW, _ROW = 4, 120.0
#: The corners of squares and diamonds reach beyond the circle of the same size.
_REACH = 1.3
_MARKS = ("o", "s", "D", "^", "v", "P", "X", "h")


@at_both_widths
def network_chart(name: str, nodes: pd.DataFrame, edges: pd.DataFrame, caption: str, most: int = 40,
                  seed: int = 7) -> Chart:  # fmt: skip
    """Draw actors as circles, larger where named more often, and lines between them, thicker where more often together.

    `nodes` has NODE_COLUMNS: a group (an empty one for none) gives the colour and mark; `mentions` counts.
    `edges` has EDGE_COLUMNS: ids of two nodes, how often they stand together, and where that is shown. Only the
    `most` actors named most often are drawn, those named with no other below the rest; the data behind the chart
    hold all. Places come from Fruchterman and Reingold's layout (1991, Software: Practice and Experience 21,
    1129–1164), begun at `seed`; distances mean nothing exact.
    Raises ValueError when a column is missing, there is no node, an id is used twice or an edge has an unknown end.
    """
    check_columns(nodes, NODE_COLUMNS)
    check_columns(edges, EDGE_COLUMNS, least=0)
    _check_ends(nodes, edges)
    nodes = nodes.assign(group=nodes["group"].fillna("").astype(str))
    shown = nodes.sort_values(["mentions", "id"], ascending=[False, True]).head(most)
    ids = set(shown["id"])
    lines = edges[edges["source"].isin(ids) & edges["target"].isin(ids) & (edges["source"] != edges["target"])]
    places, high = _layout(shown, lines, seed)
    with figure(_points_wide() / 72, high / 72 + 0.35) as drawing:
        axes = drawing.subplots()
        axes.set(xlim=(0, _points_wide()), ylim=(0, high))
        axes.axis("off")
        _draw_lines(axes, lines, places)
        radii = _radii(shown)
        _draw_nodes(axes, shown, places, radii)
        _draw_labels(axes, shown, lines, places, radii)
        if any(shown["group"]):
            drawing.legend(loc="outside lower left", ncols=1 if is_narrow() else 4, frameon=False, fontsize=8.5)
        alt, titles = _describe(nodes, shown, lines), _titles(shown, lines)
        return to_chart(drawing, name, caption, alt, _data(nodes, edges), titles, natural=True)


# Maps of two axes: what lies near what -------------------------------------------------------------

MAP_COLUMNS = ("id", "label", "group", "x", "y", "href")
#: The radius of a mark, and the room at the edges for labels, in points; so many points have their labels.
_DOT, _MARGIN, _LABELLED = 5.0, (70.0, 26.0), 60


@at_both_widths
def map_chart(name: str, points: pd.DataFrame, caption: str, axes_called: tuple[str, str]) -> Chart:
    """Draw points in a plane, a mark and colour a group, with both axes on one scale and lines through the origin.

    `points` has MAP_COLUMNS. All have their label where there are few; of many, and on a telephone, the last group has.
    Raises ValueError when a column is missing or there is no point.
    """
    check_columns(points, MAP_COLUMNS)
    last = points["group"] == points["group"].iloc[-1]
    drawn, caption = first_of(points.loc[~last, "id"], caption)
    points = points[last | points["id"].astype(str).isin(drawn)]
    few = len(points) <= _LABELLED and not is_narrow()
    labelled = points if few else points[points["group"] == points["group"].iloc[-1]]
    area = (_points_wide(), _points_wide() * (1.15 if is_narrow() else 0.68))
    x, y = points["x"].to_numpy(dtype=float), points["y"].to_numpy(dtype=float)
    reach = [max(np.ptp(np.append(values, 0.0)), 1e-9) for values in (x, y)]
    margins = (_MARGIN[0] / (2 if is_narrow() else 1), _MARGIN[1])
    scale = min((room - 2 * margin) / size for room, margin, size in zip(area, margins, reach, strict=True))
    middle = [(np.append(values, 0.0).max() + np.append(values, 0.0).min()) / 2 for values in (x, y)]
    at = [(area[n] / 2 + scale * (values - middle[n])) for n, values in enumerate((x, y))]
    places = {str(i): (float(px), float(py)) for i, px, py in zip(points["id"], *at, strict=True)}
    with figure(area[0] / 72, area[1] / 72 + 0.35) as drawing:
        axes = drawing.subplots()
        axes.set(xlim=(0, area[0]), ylim=(0, area[1]))
        axes.set_xticks([])
        axes.set_yticks([])
        axes.set_xlabel(axes_called[0], fontsize=9)
        axes.set_ylabel(axes_called[1], fontsize=9)
        axes.axvline(area[0] / 2 - scale * middle[0], color=GREY, linewidth=0.8, zorder=1)
        axes.axhline(area[1] / 2 - scale * middle[1], color=GREY, linewidth=0.8, zorder=1)
        radii = dict.fromkeys(places, _DOT)
        _draw_nodes(axes, points, places, radii)
        _draw_labels(axes, labelled, pd.DataFrame(columns=list(EDGE_COLUMNS)), places, radii)
        drawing.legend(loc="outside lower left", ncols=1 if is_narrow() else 4, frameon=False, fontsize=8.5)
        told = points.assign(out=np.hypot(x, y)).sort_values("out", ascending=False, kind="stable").head(6)
        alt = say("charts.map.alt", groups=list(dict.fromkeys(points["group"])), number=len(points),
                  rows=[say("charts.map.row", label=row.label, x=row.x, y=row.y) for row in records(told)])  # fmt: skip
        titles = {str(row.href): str(row.label) for row in records(points) if row.href}
        return to_chart(drawing, name, caption, alt, points.drop(columns="href"), titles, natural=True)


def _points_wide() -> float:
    return 72 * (NARROW_WIDTH if is_narrow() else FULL_WIDTH)


def _check_ends(nodes: pd.DataFrame, edges: pd.DataFrame) -> None:
    if nodes["id"].duplicated().any():
        raise ValueError(f"the actor {nodes['id'][nodes['id'].duplicated()].iloc[0]!r} stands twice")
    if unknown := sorted((set(edges["source"]) | set(edges["target"])) - set(nodes["id"])):
        raise ValueError(f"an edge leads to {unknown[0]!r}, which is no actor of the network")


def _layout(nodes: pd.DataFrame, edges: pd.DataFrame, seed: int) -> tuple[dict[str, Placement], float]:
    """Return a place in points for every node, and the height they need.

    From below: nodes named alone, four side by side; small groups that hang together, three side by side; then each
    larger group in a band of its own, the largest on top. On a telephone two stand side by side, and bands are higher.
    """
    wide, across, beside = _points_wide(), *((2, 1) if is_narrow() else (4, 3))
    graph = nx.Graph(list(zip(edges["source"], edges["target"], strict=True)))
    groups = sorted((sorted(group) for group in nx.connected_components(graph)), key=lambda g: (len(g), g))
    alone = [i for i in nodes["id"] if i not in graph]
    high = _ALONE * math.ceil(len(alone) / across)
    places = {i: (24 + (wide - 24) * (n % across) / across, high - _ALONE * (n // across + 0.5))
              for n, i in enumerate(alone)}  # fmt: skip
    few = [group for group in groups[:-1] if len(group) <= _FEW]
    for n, group in enumerate(few):
        left, low = wide * (n % beside) / beside, high + _ROW * (n // beside)
        places |= _spread(group, edges, seed, (left + 60, low + 22, left + wide / beside - 60, low + _ROW - 22))
    high += _ROW * math.ceil(len(few) / beside)
    for group in groups[len(few) :]:
        room, side = (120.0 + 24 * len(group), 42) if is_narrow() else (min(390.0, 120 + 12 * len(group)), 70)
        places |= _spread(group, edges, seed, (side, high + 26, wide - side, high + room - 26))
        high += room
    return places, high


def _spread(ids: list[str], edges: pd.DataFrame, seed: int, area: Box) -> dict[str, Placement]:
    """Return places for nodes that hang together within an area (left, bottom, right and top)."""
    left, low, right, top = area
    mine = edges[edges["source"].isin(ids)]
    return {i: (left + x * (right - left), low + y * (top - low)) for i, (x, y) in _forces(ids, mine, seed).items()}


def _forces(ids: list[str], edges: pd.DataFrame, seed: int) -> dict[str, Placement]:
    """Return a place between 0 and 1 for linked nodes, so that the area is filled."""
    graph = nx.Graph()
    graph.add_nodes_from(ids)
    heaviest = max(edges["weight"])
    for row in records(edges):
        graph.add_edge(row.source, row.target, weight=0.15 + 0.85 * row.weight / heaviest)
    spots = nx.spring_layout(graph, k=2.4 / math.sqrt(len(graph)), iterations=400, seed=seed)
    points = np.array([spots[i] for i in ids])
    # ranks pull apart what the forces have crowded; half and half with the places themselves
    ranks = points.argsort(axis=0).argsort(axis=0) / max(1, len(ids) - 1)
    low, spread = points.min(axis=0), np.ptp(points, axis=0)
    scaled = np.where(spread > 1e-9, (points - low) / np.where(spread > 1e-9, spread, 1), 0.5)
    return {i: (float(x), float(y)) for i, (x, y) in zip(ids, (scaled + ranks) / 2, strict=True)}


def _radii(nodes: pd.DataFrame) -> dict[str, float]:
    """Return radii in points: areas grow with mentions."""
    highest = max(1, int(nodes["mentions"].max()))
    return {row.id: 3.5 + 12 * math.sqrt(row.mentions / highest) for row in records(nodes)}


def _draw_lines(axes: Axes, edges: pd.DataFrame, places: dict[str, Placement]) -> None:
    heaviest = max(edges["weight"], default=1)
    for row in records(edges):
        (x1, y1), (x2, y2) = places[row.source], places[row.target]
        share = row.weight / heaviest
        axes.plot([x1, x2], [y1, y2], color=GREY, lw=0.6 + 4 * share, alpha=0.3 + 0.4 * share, zorder=1,
                  url=label_address(row.href))  # fmt: skip


def _draw_nodes(axes: Axes, nodes: pd.DataFrame, places: dict[str, Placement], radii: dict[str, float]) -> None:
    groups = sorted(set(nodes["group"]))
    for n, group in enumerate(groups):
        for row in records(nodes[nodes["group"] == group]):
            axes.scatter([places[row.id][0]], [places[row.id][1]], s=(2 * radii[row.id]) ** 2,
                         marker=_MARKS[n % len(_MARKS)], color=COLOURS[n % len(COLOURS)], edgecolor=PAPER, linewidth=1,
                         zorder=2, urls=[label_address(row.href)], clip_on=False)  # fmt: skip
        if group:
            axes.scatter([], [], s=50, color=COLOURS[n % len(COLOURS)], marker=_MARKS[n % len(_MARKS)], label=group)


def _draw_labels(axes: Axes, nodes: pd.DataFrame, edges: pd.DataFrame, places: dict[str, Placement],
                 radii: dict[str, float]) -> None:  # fmt: skip
    """Write every label at that side of its node where it covers least, the most named first."""
    taken: list[Box] = [(x - radii[i], y - radii[i], x + radii[i], y + radii[i]) for i, (x, y) in places.items()]
    ends = [(places[row.source], places[row.target]) for row in records(edges)]
    lines = np.array([point for pair in ends for point in points_along(*pair)])
    area = (_points_wide(), axes.get_ylim()[1])
    for row in records(nodes):
        text = wrap(str(row.label), *((15, 3) if is_narrow() else (22, 2)))
        size = (max(width(line) for line in text.split("\n")) * 0.56 * _FONT, (text.count("\n") + 1) * 1.25 * _FONT)
        boxes = boxes_around(places[row.id], _REACH * radii[row.id], size)
        box = min(boxes, key=partial(cost, taken, lines, area))
        taken.append(box)
        axes.text((box[0] + box[2]) / 2, (box[1] + box[3]) / 2, text, ha="center", va="center", fontsize=_FONT,
                  color=INK, linespacing=1.0, zorder=1.5, url=label_address(row.href),
                  bbox={"facecolor": PAPER, "alpha": 0.75, "edgecolor": "none", "pad": 0.6})  # fmt: skip


def _titles(nodes: pd.DataFrame, edges: pd.DataFrame) -> dict[str, str]:
    called = dict(zip(nodes["id"], nodes["label"], strict=True))
    titles = {str(row.href): say("charts.network.together", one=called[row.source], other=called[row.target],
                                 times=row.weight)
              for row in records(edges)}  # fmt: skip
    return titles | {str(row.href): say("charts.network.mentions", label=row.label, mentions=row.mentions)
                     for row in records(nodes)}  # fmt: skip


def _describe(nodes: pd.DataFrame, shown: pd.DataFrame, edges: pd.DataFrame) -> str:
    called = dict(zip(shown["id"], shown["label"], strict=True))
    strongest = edges.sort_values(["weight", "source", "target"], ascending=[False, True, True]).head(5)
    return say("charts.network.alt", actors=len(shown), links=len(edges), left_out=len(nodes) - len(shown),
               most=[(row.label, row.mentions) for row in records(shown.head(8))],
               pairs=[(called[row.source], called[row.target], row.weight) for row in records(strongest)])  # fmt: skip


def _data(nodes: pd.DataFrame, edges: pd.DataFrame) -> pd.DataFrame:
    """Return nodes and edges in one table, told apart by kind."""
    called: dict[Any, Any] = dict(zip(nodes["id"], nodes["label"], strict=True))
    actors = nodes[["id", "label", "group", "mentions"]].assign(kind="actor")
    ends = {"label": edges["source"].map(called), "target_label": edges["target"].map(called)}
    links = edges[["source", "target", "weight"]].assign(kind="link", **ends)
    columns = ["kind", "id", "label", "group", "mentions", "target", "target_label", "weight"]
    return pd.concat([actors, links.rename(columns={"source": "id"})]).reindex(columns=columns).reset_index(drop=True)


# Clouds of words, drawn from frequencies, with the right Chinese glyphs -----------------------------

#: A longer term is cut off in the picture, not in its table.
LONGEST_WORD = 36


@at_both_widths
def cloud_chart(name: str, frequencies: pd.Series, caption: str, most: int = 60,
                links: Mapping[str, str] | None = None) -> Chart:  # fmt: skip
    """Draw the `most` frequent terms of `frequencies` (term → count), larger where more frequent.

    `links` maps terms to where they lead. Size is the only thing that carries meaning; colours only separate
    neighbours. Terms in scripts that the font does not have are left out. Raises ValueError when no term is left.
    """
    known = [bool(term) and known_glyphs().issuperset(map(ord, term)) for term in map(str, frequencies.index)]
    top = frequencies[known].head(most)
    if top.empty:
        raise ValueError("no term to draw")
    shown = {term: textwrap.shorten(str(term), LONGEST_WORD, placeholder=" …") for term in top.index}
    with tempfile.TemporaryDirectory() as folder:
        font, (content, web_font) = Path(folder) / "cloud.otf", _subset_font("".join(shown.values()))
        font.write_bytes(content)
        for height in range(360 + 40 * is_narrow(), 640, 80):  # until every term has room
            cloud = WordCloud(
                font_path=str(font), width=350 if is_narrow() else 740, height=height, margin=3, min_font_size=12,
                max_font_size=44 if is_narrow() else 64, prefer_horizontal=1.0, random_state=7, collocations=False,
                relative_scaling=0.5, max_words=most, mode="RGBA", background_color=None,
                color_func=lambda *_, random_state, **__: random_state.choice(COLOURS[:3]),
            ).generate_from_frequencies({shown[term]: float(count) for term, count in top.items()})  # fmt: skip
            if len(cloud.layout_) == len(set(shown.values())):
                break
        svg, picture = cloud.to_svg(), io.BytesIO()
        if not is_narrow():
            cloud.to_image().save(picture, "png")
    family, source = f"cloud-{name}", f"data:font/woff;base64,{base64.b64encode(web_font).decode('ascii')}"
    face = f'@font-face{{font-family:\'{family}\';src:url("{source}")format("woff")}}'
    svg = re.sub(r"<style>text\{font-family:[^;}]*", f"<style>{face}text{{font-family:'{family}'", svg, count=1)
    svg = svg.replace("text{", f".pb-cloud-{name} text{{").replace("<rect width", '<rect fill="none" width')
    drawn = {item[0][0] for item in cloud.layout_}  # what found no room is in no table either
    top = top[[shown[term] in drawn for term in top.index]]
    alt = say("charts.cloud.alt", terms=len(top), leading=list(top.head(15).items()))
    data = pd.DataFrame({"term": top.index, "count": top.to_numpy()})
    for term, count in top.items():
        if link := (links or {}).get(str(term)):
            word, said = html.escape(shown[term], quote=False), say("charts.cloud.title", term=term, count=count)
            opening = Markup('<a href="{}"><title>{}</title>').format(link, said).replace("\\", "")
            svg = re.sub(f"(<text[^>]*>{re.escape(word)}</text>)", rf"{opening}\1</a>", svg, count=1)
    body = accessible(coloured(svg), alt, "group" if links else "img")
    body = body.replace("<svg ", f'<svg class="pb-cloud-{name}" ', 1)
    return Chart(name, body, caption, alt, to_csv(data), picture.getvalue())


@cache
def known_glyphs() -> frozenset[int]:
    """Return the numbers of the characters that the font has."""
    with TTFont(str(font_file()), fontNumber=font_number(), lazy=True) as font:
        return frozenset(font.getBestCmap())


@lru_cache(1)  # a cloud is drawn twice, for a wide page and for a telephone
def _subset_font(characters: str) -> tuple[bytes, bytes]:
    """Return a small font with only `characters` of the Simplified Chinese face, and the same as browsers take it.

    The wordcloud library would make the second slowly.
    """
    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True, name_IDs=[1, 2],
                             desubroutinize=True)  # fmt: skip
    options.drop_tables += ["BASE", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx"]  # which take time to be read
    maker, font_made, web_font = subset.Subsetter(options), io.BytesIO(), io.BytesIO()
    maker.populate(text=characters + " ")
    with TTFont(str(font_file()), fontNumber=font_number(), lazy=True, recalcTimestamp=False) as font:
        maker.subset(font)
        font["head"].modified = font["head"].created
        font.save(font_made)
    with TTFont(io.BytesIO(font_made.getvalue()), recalcTimestamp=False) as font:
        font.flavor = "woff"
        font.save(web_font)
    return font_made.getvalue(), web_font.getvalue()
