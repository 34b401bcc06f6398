"""Tables of scores: counts, and shares with their intervals, as a page shows them and as data to download."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from markupsafe import Markup

from policybook.charts.theme import download_link
from policybook.publishing.markup import Html, render

MEASURES = {"precision": "Precision", "recall": "Recall", "f1": "F1"}
COUNTS = {"gold": "By hand", "found": "Found"}


def show_scores(
    data: pd.DataFrame, labels: Mapping[str, str], *, caption: str, name: str, links: Mapping[str, str] | None = None
) -> Html:
    """Return a table of scores under `caption`, with all of `data` as NAME.csv.

    `labels` (column → heading) are the columns that say what a row is; behind them stand COUNTS and MEASURES, as
    policybook.analysis.validation makes them. `links` maps a value of the first column to an address.
    """
    columns = [
        {"label": label, "number": pd.api.types.is_numeric_dtype(data[column])} for column, label in labels.items()
    ]
    columns += [{"label": label, "number": True} for label in (*COUNTS.values(), *MEASURES.values())]
    first = next(iter(labels))
    rows = []
    for row in data.to_dict("records"):
        texts = [str(row[column]) for column in (*labels, *COUNTS)]
        texts += [with_interval(row[m], row[f"{m}_low"], row[f"{m}_high"]) for m in MEASURES]
        rows.append([{"text": text, "href": ""} for text in texts])
        rows[-1][0]["href"] = (links or {}).get(str(row[first]), "")
    download = download_link(data.round(4), name)
    return dense(render("table", name=name, caption=caption, columns=columns, rows=rows, download=download))


def show_estimates(
    data: pd.DataFrame, labels: Mapping[str, str], value: str, *, heading: str, caption: str, name: str
) -> Html:
    """Return a table of one estimate a row: the columns of `labels`, then `value` with the bounds low and high."""
    columns = [
        {"label": label, "number": pd.api.types.is_numeric_dtype(data[column])} for column, label in labels.items()
    ]
    columns.append({"label": heading, "number": True})
    rows = [
        [{"text": _text(row[column]), "href": ""} for column in labels]
        + [{"text": with_interval(row[value], row["low"], row["high"]), "href": ""}]
        for row in data.to_dict("records")
    ]
    download = download_link(data.round(4), name)
    return dense(render("table", name=name, caption=caption, columns=columns, rows=rows, download=download))


def dense(table: Html) -> Html:
    """Return a table set closely: three intervals a row would not fit a page otherwise."""
    return Html(Markup('<div class="pb-dense">{}</div>').format(table.markup))


def with_interval(value: float, low: float, high: float) -> str:
    """Return a share with its interval, `0.93 (.89–.96)`; "–" where it is not defined."""
    if pd.isna(value):
        return "–"
    bounds = [f"{bound:.2f}".replace("0.", ".", 1) if abs(bound) < 0.995 else f"{bound:.2f}" for bound in (low, high)]
    return f"{value:.2f} ({'–'.join(bounds)})".replace("-", "−")


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}" if pd.notna(value) else "–"
    return str(value)
