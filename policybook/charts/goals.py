"""Where a goal started, what was set and what was reached: one line a goal."""

from __future__ import annotations

import textwrap
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from policybook.charts.theme import COLOURS, INK, Chart, figure, to_svg
from policybook.corpus.model import records

COLUMNS = (
    "label", "unit", "baseline", "baseline_recalled", "target", "target_recalled", "outcome", "outcome_recalled",
    "verdict", "row", "origin",
)  # fmt: skip
_COLOUR = {"met": COLOURS[2], "missed": COLOURS[1], "not comparable": COLOURS[4]}
_NO_VERDICT = COLOURS[6]
_WIDTH = 34


def goal_chart(
    name: str, goals: pd.DataFrame, caption: str, alt: str, *, percent: tuple[float, float] = (0, 100)
) -> Chart:
    """Draw `goals` (columns COLUMNS): numbers or NaN, one panel for each unit, in the order given.

    A ring is the baseline, a bar the target, a diamond the outcome in the colour of its verdict (met, missed, not
    comparable, else grey). What is only recalled is drawn faint. The numbers stand at the end of the line. `percent` is
    the span of the axis of percentages.
    """
    units = list(dict.fromkeys(goals["unit"]))
    sizes = [max(1, int((goals["unit"] == unit).sum())) for unit in units]
    height = 1.0 + 0.52 * sum(sizes) + 0.35 * (len(units) - 1)
    with figure(7.4, height) as drawing:
        panels = drawing.subplots(len(units), 1, squeeze=False, gridspec_kw={"height_ratios": sizes})
        for axes, unit in zip(panels[:, 0], units, strict=True):
            _panel(axes, goals[goals["unit"] == unit], unit, percent)
        _explain(panels[0, 0], goals)
        svg = to_svg(drawing, name, alt)
    return Chart(name, svg, caption, alt, goals.reindex(columns=list(COLUMNS)))


def _panel(axes: Axes, goals: pd.DataFrame, unit: str, percent: tuple[float, float]) -> None:
    for n, goal in enumerate(records(goals)):
        ends = [v for v in (goal.baseline, goal.target, goal.outcome) if not pd.isna(v)]
        axes.plot([min(ends), max(ends)], [n, n], color=INK, alpha=0.25, lw=1.2, zorder=1)
        if not pd.isna(goal.baseline):
            axes.scatter([goal.baseline], [n], **_ring(goal.baseline_recalled))
        if not pd.isna(goal.target):
            axes.scatter([goal.target], [n], **_bar(goal.target_recalled))
        if not pd.isna(goal.outcome):
            axes.scatter([goal.outcome], [n], **_diamond(goal.verdict, goal.outcome_recalled))
        axes.annotate(
            numbers(goal), (1, n), xycoords=("axes fraction", "data"), xytext=(8, 0), textcoords="offset points",
            va="center", fontsize=8.5, color=INK,
        )  # fmt: skip
    axes.set_yticks(range(len(goals)), [textwrap.fill(label, _WIDTH) for label in goals["label"]], fontsize=8.5)
    axes.set_ylim(len(goals) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    if unit == "%":
        axes.set_xlim(*percent)
    else:
        axes.set_xlim(left=0)
        axes.margins(x=0.1)
    axes.set_xlabel(unit)
    axes.grid(axis="x", color=INK, lw=0.4, alpha=0.2)


def numbers(goal: Any) -> str:
    """Return "35.3 → 45: 45.4", with a dash for what is not known."""
    shown = ["–" if pd.isna(v) else f"{v:g}" for v in (goal.baseline, goal.target, goal.outcome)]
    return f"{shown[0]} → {shown[1]}: {shown[2]}"


def _explain(axes: Axes, goals: pd.DataFrame) -> None:
    axes.scatter([], [], label="baseline", **_ring(False))
    axes.scatter([], [], label="target", **_bar(False))
    for verdict in dict.fromkeys(goals.loc[goals["outcome"].notna(), "verdict"]):
        known = verdict if verdict in _COLOUR else "no verdict"
        axes.scatter([], [], label=f"outcome: {known}", **_diamond(verdict, False))
    columns = [f"{which}_recalled" for which in ("baseline", "target", "outcome")]
    if goals[columns].astype(bool).to_numpy().any():
        axes.scatter([], [], label="faint: recalled", **_bar(True))
    axes.legend(
        loc="lower right", bbox_to_anchor=(1.22, 1), ncols=6, frameon=False, borderaxespad=0.2, fontsize=7.5,
        columnspacing=0.8, handletextpad=0.2,
    )  # fmt: skip


def _ring(recalled: bool) -> dict[str, Any]:
    return {
        "marker": "o", "s": 42, "facecolor": "none", "edgecolor": COLOURS[0], "linewidth": 1.5, "zorder": 3,
        "alpha": 0.35 if recalled else 1,
    }  # fmt: skip


def _bar(recalled: bool) -> dict[str, Any]:
    return {
        "marker": "|", "s": 190, "clip_on": False, "color": INK, "linewidth": 2.2, "zorder": 2,
        "alpha": 0.3 if recalled else 1,
    }  # fmt: skip


def _diamond(verdict: str, recalled: bool) -> dict[str, Any]:
    return {
        "marker": "D", "s": 36, "clip_on": False, "color": _COLOUR.get(verdict, _NO_VERDICT), "zorder": 4,
        "alpha": 0.35 if recalled else 1,
    }  # fmt: skip
