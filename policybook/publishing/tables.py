"""DataFrames as accessible HTML tables with their data to download."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from policybook.charts.theme import download_link
from policybook.publishing.markup import Html, render


def show_table(
    data: pd.DataFrame,
    labels: Mapping[str, str],
    *,
    caption: str,
    name: str,
    links: Mapping[str, str] | None = None,
) -> Html:
    """Return the columns of `labels` (column → heading) as a table under `caption`, with all of `data` as NAME.csv.

    `links` gives, for a column, the column that holds its address; an empty address makes no link.
    """
    columns = [
        {"label": label, "number": pd.api.types.is_numeric_dtype(data[c])} for c, label in labels.items()
    ]
    rows = [
        [
            {"text": _text(row[column]), "href": row[links[column]] if links and column in links else ""}
            for column in labels
        ]
        for row in data.to_dict("records")
    ]
    return render("table", name=name, caption=caption, columns=columns, rows=rows, download=download_link(data, name))


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else str(value)
