"""Shares of blocks with their intervals, side by side: a row a theme or concept, a mark a side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from policybook.charts.theme import COLOURS, INK, MARKS, Chart, figure, to_svg
from policybook.words.say import say


def share_chart(
    name: str,
    sides: Mapping[str, pd.DataFrame],
    totals: Sequence[int],
    labels: Mapping[str, str],
    caption: str,
) -> Chart:
    """Draw the share of blocks for every row of `labels` (id → label), one mark with its interval a side.

    `sides` maps a side's label to a table indexed by id with blocks, share, low and high (0 to 1); `totals`
    are the blocks of each side. A mark links to the element of the page whose id is `row-<id>`.
    """
    ids = list(labels)
    height = 0.8 + 0.24 * len(sides) + 0.34 * len(ids) * max(1.0, len(sides) / 2)
    alt = _describe(sides, totals, labels)
    with figure(7.4, height) as drawing:
        axes = drawing.subplots()
        step = 0.7 / len(sides)
        for n, ((side, rows), total) in enumerate(zip(sides.items(), totals, strict=True)):
            colour = COLOURS[n]
            for row, identifier in enumerate(ids):
                y = row + (n - (len(sides) - 1) / 2) * step
                values = _values(rows, identifier)
                axes.plot([100 * values["low"], 100 * values["high"]], [y, y], color=colour, lw=1.6, alpha=0.55)
                axes.scatter(
                    [100 * values["share"]], [y], s=42, marker=MARKS[n], color=colour, zorder=3,
                    urls=[f"@row-{identifier}"], clip_on=False,
                    label=say("charts.shares.side", side=side, blocks=total) if not row else None,
                )  # fmt: skip
                axes.annotate(
                    f"{int(values['blocks'])}", (1.01, y), xycoords=("axes fraction", "data"), color=colour,
                    va="center", fontsize=8.5,
                )  # fmt: skip
        axes.set_yticks(range(len(ids)), [labels[i] for i in ids])
        axes.set_ylim(len(ids) - 0.5, -0.5)
        axes.set_xlim(0, 100)
        axes.set_xlabel(say("charts.shares.axis"))
        axes.tick_params(axis="y", length=0)
        for row in range(1, len(ids)):
            axes.axhline(row - 0.5, color=INK, lw=0.4, alpha=0.2)
        drawing.legend(loc="outside upper left", ncols=1, frameon=False)
        svg = to_svg(drawing, name, alt)
    return Chart(name, svg, caption, alt, _table(sides, totals, labels))


def _describe(sides: Mapping[str, pd.DataFrame], totals: Sequence[int], labels: Mapping[str, str]) -> str:
    parts = [
        say(
            "charts.told",
            label=label,
            cells=[
                say("charts.of_all", label=side, count=int(_values(rows, identifier)["blocks"]), all=total)
                for (side, rows), total in zip(sides.items(), totals, strict=True)
            ],
        )
        for identifier, label in labels.items()
    ]
    return say("charts.shares.alt", rows=parts)


def _table(sides: Mapping[str, pd.DataFrame], totals: Sequence[int], labels: Mapping[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "id": identifier,
                "label": label,
                "side": side,
                "blocks_with": int(values["blocks"]),
                "blocks": total,
                "share": round(float(values["share"]), 4),
                "low95": round(float(values["low"]), 4),
                "high95": round(float(values["high"]), 4),
            }
            for identifier, label in labels.items()
            for (side, rows), total in zip(sides.items(), totals, strict=True)
            for values in [_values(rows, identifier)]
        ]
    )


def _values(rows: pd.DataFrame, identifier: str) -> Mapping[str, Any]:
    return {str(column): rows.loc[identifier, column] for column in rows.columns}
