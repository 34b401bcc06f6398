"""Square tables in colour with their values printed: similarity of documents, confusion of categories."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from policybook.charts.theme import (  # isort: skip
    COLOURS, FULL_WIDTH, GREY, INK, MOST_ROWS, NARROW_WIDTH, Chart, at_both_widths, check_columns, figure,
    first_of, is_narrow, label_address, to_chart, width, wrap,
)
from policybook.corpus.corpus import records
from policybook.words.say import percent, say

#: The darkest cell lets so much of the colour through; then the page's text colour can be read on it, light and dark.
_DARKEST = 0.62
#: Inches a cell has, of small and of large tables, and how many rows make one large.
_CELL, _SMALL_CELL, _LARGE = 0.46, 0.32, 12
#: Inches that stand beside the cells on a telephone, and the least that a printed number needs.
_ASIDE, _LEGIBLE = 1.35, 0.25


@dataclass(frozen=True)
class HeatmapText:
    """The words of a heat map: what stands in the rows, in the columns and in a cell (by default similarity)."""

    rows: str = ""
    columns: str = ""
    cell: str = ""


#: A map has at most so many cells, or a row.
_CELLS = 900


@at_both_widths
def heatmap_chart(name: str, table: pd.DataFrame, caption: str, *, text: HeatmapText = HeatmapText(),
                  labels: Mapping[str, str] | None = None, links: Mapping[str, str] | None = None,
                  cell_links: Mapping[tuple[str, str], str] | None = None, diagonal: bool = True) -> Chart:  # fmt: skip
    """Draw a table of numbers, a cell darker where its value is higher, in the order given.

    Whole numbers are printed as they are, others with two decimals; nan as "–". Labels of `labels` (id → label) stand
    at the rows; where rows and columns are the same, columns bear the numbers of the rows, else their labels. `links`
    maps ids of rows to addresses, `cell_links` (row, column). With `diagonal` false the cells in which a thing
    meets itself stay empty. Darkness runs from the lowest to the highest value that is drawn; for counts from 0.
    Put alike beside alike first, by policybook.analysis.similarity.cluster_order.
    Raises ValueError when there is no row or column, or one stands twice.
    """
    if table.empty or not (table.index.is_unique and table.columns.is_unique):
        raise ValueError("no row to draw" if table.empty else "a row or column stands twice")
    drawn, caption = first_of(table.index, caption, min(max(_CELLS // len(table.columns), 1), MOST_ROWS))
    table = table.iloc[: len(drawn)]
    rows, columns = [str(row) for row in table.index], [str(column) for column in table.columns]
    called = {key: (labels or {}).get(key, key) for key in [*rows, *columns]}
    values = table.to_numpy(dtype=float)
    diagonal = diagonal or rows != columns
    if not diagonal:
        values = np.where(np.eye(len(rows), dtype=bool), np.nan, values)
    counts = all(np.issubdtype(kind, np.integer) for kind in table.dtypes)
    numbered = rows == columns and text.rows == text.columns
    cells = {(row, column): (values[i, j], "" if not diagonal and row == column else _printed(values[i, j], counts))
             for i, row in enumerate(rows) for j, column in enumerate(columns)}  # fmt: skip
    shades = dict(zip(cells, _shades(values, counts).ravel(), strict=True))
    size = _CELL if max(table.shape) <= _LARGE else _SMALL_CELL
    size = min(size, (NARROW_WIDTH - _ASIDE) / len(columns)) if is_narrow() else size
    high = max(size, _CELL) if is_narrow() else size  # room for a name of three lines
    with figure(size * len(columns), high * len(rows)) as drawing:
        drawing.set_layout_engine("none")
        axes = drawing.add_axes((0, 0, 1, 1))
        for (row, column), (_, shown) in cells.items():
            place = (columns.index(column), rows.index(row))
            told = say("charts.heatmap.title", row=called[row], column=called[column], value=shown)
            link = label_address((cell_links or {}).get((row, column)), told)
            _draw_cell(axes, place, shown, shades[row, column], link, size)
        _frame(axes, rows, columns, called, numbered, links or {}, text)
        _fit(drawing, axes)
        alt = _describe(cells, called, text)
        return to_chart(drawing, name, caption, alt, _data(cells, called, text), natural=True)


def _shades(values: np.ndarray[Any, np.dtype[np.float64]], counts: bool) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return how dark each cell is, 0 to _DARKEST; 0 where there is no value."""
    if np.isnan(values).all():
        return np.zeros_like(values)
    low, high = (0.0 if counts else float(np.nanmin(values))), float(np.nanmax(values))
    spread = high - low
    share = (values - low) / spread if spread > 0 else np.full_like(values, 0.5)
    # the lowest value of a similarity is not nothing: it keeps a tint
    return np.nan_to_num((share if counts else 0.1 + 0.9 * share) * _DARKEST)


def _printed(value: float, counts: bool) -> str:
    if np.isnan(value):
        return "–"
    shown = f"{value:.0f}" if counts else f"{value:.2f}"
    return shown[1:] if shown.startswith("0.") else shown.replace("-", "−")


def _draw_cell(axes: Axes, place: tuple[int, int], shown: str, shade: float, link: str | None, size: float) -> None:
    x, y = place
    corner = (x - 0.5, y - 0.5)
    axes.add_patch(Rectangle(corner, 1, 1, facecolor=(COLOURS[0], shade), edgecolor=GREY, lw=0.3))
    if size >= _LEGIBLE:
        axes.text(x, y, shown, ha="center", va="center_baseline", fontsize=9.0 if size > _SMALL_CELL else 8.0)
    if link:  # one link a cell, over its number; without any opacity it could not be clicked
        axes.add_patch(Rectangle(corner, 1, 1, facecolor=(0.5, 0.5, 0.5, 0.004), lw=0, zorder=4, url=link))


def _frame(axes: Axes, rows: list[str], columns: list[str], called: Mapping[str, str], numbered: bool,
           links: Mapping[str, str], text: HeatmapText) -> None:  # fmt: skip
    axes.set(xlim=(-0.5, len(columns) - 0.5), ylim=(len(rows) - 0.5, -0.5))
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    numbers = {row: f"{n}" for n, row in enumerate(rows, 1)}
    beside = [wrap(called[row], *((18, 3) if is_narrow() else (36, 2))) for row in rows]
    above = [numbers[column] if numbered else wrap(called[column], 16) for column in columns]
    turned = not numbered and max(width(label) for label in above) > 5
    axes.set_xticks(range(len(columns)), above, fontsize=8.5)
    if turned:
        for tick in axes.get_xticklabels():
            tick.set(rotation=70 if is_narrow() else 35, ha="left", rotation_mode="anchor", linespacing=0.9)
    axes.set_yticks(range(len(rows)), beside, fontsize=8 if is_narrow() or len(rows) > _LARGE else 9, linespacing=1.0)
    for tick, row in zip(axes.get_yticklabels(), rows, strict=True):
        tick.set_url(label_address(links.get(row)))
    if numbered:
        _number(axes, len(rows))
    axes.set_xlabel(text.columns, fontsize=9, labelpad=6)
    axes.set_ylabel(text.rows, fontsize=9, labelpad=6)


def _number(axes: Axes, rows: int) -> None:
    """Put the numbers of rows beside them; of a wide table also at its end, where one may have scrolled to."""
    axes.tick_params(axis="y", pad=20)
    sides = [(0.0, -4, "right"), (1.0, 4, "left")]
    for x, offset, side in sides[: 1 if rows <= _LARGE else 2]:
        for n in range(rows):
            axes.annotate(f"{n + 1}", (x, n), xycoords=("axes fraction", "data"), xytext=(offset, 0), fontsize=8.5,
                          textcoords="offset points", ha=side, va="center", annotation_clip=False)  # fmt: skip


def _fit(drawing: Figure, axes: Axes) -> None:
    """Widen the figure by what stands around the cells, leaving the cells their size."""
    wide, high = drawing.get_size_inches()
    drawing.draw_without_rendering()
    box = axes.get_tightbbox()
    assert box is not None
    left, low, right, top = (value / drawing.dpi for value in box.extents)
    margin = 0.06
    left, low, right, top = (margin - min(left, 0), margin - min(low, 0), max(right, wide) + margin,
                             max(top, high) + margin)  # fmt: skip
    drawing.set_size_inches(left + right, low + top)
    axes.set_position((left / (left + right), low / (low + top), wide / (left + right), high / (low + top)))


def _describe(cells: Mapping[tuple[str, str], tuple[float, str]], called: Mapping[str, str], text: HeatmapText) -> str:
    """Say the highest and lowest cells; the table behind the chart has them all."""
    apart = {pair: cell for pair, cell in cells.items() if pair[0] != pair[1] and not np.isnan(cell[0])}
    ranked = sorted(apart, key=lambda pair: (-apart[pair][0], pair))
    told = [pair for n, pair in enumerate(ranked) if (pair[1], pair[0]) not in ranked[:n]]
    named = [say("charts.heatmap.named", row=called[row], column=called[column], value=apart[row, column][1])
             for row, column in told]  # fmt: skip
    rows, columns = len({row for row, _ in cells}), len({column for _, column in cells})
    cell = text.cell or say("charts.heatmap.cell")
    return say("charts.heatmap.alt", rows=rows, columns=columns, cell=cell, named=named)


def _data(cells: Mapping[tuple[str, str], tuple[float, str]], called: Mapping[str, str],
          text: HeatmapText) -> pd.DataFrame:  # fmt: skip
    data = [(row, called[row], column, called[column], None if np.isnan(value) else round(value, 4))
            for (row, column), (value, _) in cells.items()]  # fmt: skip
    names = ["row", "row_label", "column", "column_label", (text.cell or "similarity").replace(" ", "_")]
    return pd.DataFrame(data, columns=names)


# Maps of tiles: one a place, darker where its value is higher ---------------------------------------

TILE_COLUMNS = ("id", "label", "unit", "name", "code", "row", "column", "value", "group")


@at_both_widths
def tile_chart(name: str, rows: pd.DataFrame, caption: str) -> Chart:
    """Draw one map for every id of `rows`, two side by side, and on it a square for every unit at its row and column.

    `rows` has TILE_COLUMNS: a share (0 to 1), `code` is written on the square, `name` is what it stands for; units
    whose `group` is not "" are framed; with a column href a square leads there. Darkness runs from the lowest to the
    highest value of a map.
    Raises ValueError when a column is missing or there is no row.
    """
    check_columns(rows, TILE_COLUMNS)
    ids = list(dict.fromkeys(rows["id"]))
    across = 1 if is_narrow() else 2
    lines = -(-len(ids) // across)
    high, wide = int(rows["row"].max()) + 1, int(rows["column"].max()) + 1
    with figure(FULL_WIDTH, lines * (3.7 * high / wide + 0.3)) as drawing:
        grid = list(drawing.subplots(lines, across, squeeze=False).flat)
        for identifier, axes in zip(ids, grid, strict=False):
            _draw_map(axes, rows[rows["id"] == identifier], high, wide)
        for axes in grid[len(ids) :]:
            axes.set_visible(False)
        told = [_describe_map(some) for _, some in rows.groupby("id", sort=False)]
        data = rows[list(TILE_COLUMNS)].round(5)
        return to_chart(drawing, name, caption, say("charts.tiles.alt", rows=told), data)


def _draw_map(axes: Axes, rows: pd.DataFrame, high: int, wide: int) -> None:
    shades = _shades(rows["value"].to_numpy(dtype=float), counts=False)
    for row, shade in zip(records(rows), shades, strict=True):
        corner, edge = (row.column - 0.48, row.row - 0.48), (INK, 1.6) if row.group else (GREY, 0.3)
        axes.add_patch(Rectangle(corner, 0.96, 0.96, facecolor=(COLOURS[0], shade), edgecolor=edge[0], lw=edge[1]))
        axes.text(row.column, row.row - 0.2, row.code, ha="center", va="center", fontsize=8)
        axes.text(row.column, row.row + 0.24, f"{100 * row.value:.0f}", ha="center", va="center", fontsize=8)
        if link := label_address(getattr(row, "href", ""), say("charts.dots.title", row=row)):
            axes.add_patch(Rectangle(corner, 0.96, 0.96, facecolor=(0.5, 0.5, 0.5, 0.004), lw=0, zorder=4, url=link))
    axes.set(xlim=(-0.5, wide - 0.5), ylim=(high - 0.5, -0.5), aspect="equal")
    axes.set_title(wrap(str(rows["label"].iloc[0]), 48, 1), fontsize=9, loc="left", pad=3)
    axes.axis("off")


def _describe_map(rows: pd.DataFrame) -> str:
    ordered = rows.dropna(subset="value").sort_values("value", ascending=False)
    most, least = ([f"{row.name} {percent(row.value, 1)}" for row in records(part)]
                   for part in (ordered[:3], ordered[-3:]))  # fmt: skip
    return say("charts.tiles.map", label=rows["label"].iloc[0], most=most, least=least)
