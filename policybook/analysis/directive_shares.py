"""Shares of coded things, such as directives by instrument, in some documents, with documents as what is sampled."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from policybook.analysis.intervals import wilson
from policybook.analysis.thresholds import CONFIDENCE, MIN_DOCUMENTS


def shares_of_total(blocks: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return for each of `columns` its share in their common total: index the columns; count, total, share, low, high.

    `blocks` has a column document and counts. The interval is Wilson's at the effective size, total ÷ f, where f is the
    variance of the share as a ratio over documents, over its variance were all things independent, at least 1
    (Rao and Scott 1992; see whole_documents). With fewer than MIN_DOCUMENTS documents f is not known well, and low and
    high are NaN.
    """
    x = blocks.groupby("document", sort=False)[list(columns)].sum().to_numpy(dtype=float)
    n = x.sum(axis=1)
    total, documents = float(n.sum()), len(n)
    count = x.sum(axis=0)
    share = count / total if total else np.full(len(columns), np.nan)
    table = pd.DataFrame({"count": count.astype(int), "total": int(total), "share": share}, index=list(columns))
    if not total or documents < MIN_DOCUMENTS:
        return table.assign(low=np.nan, high=np.nan)
    off = x - share * n[:, None]
    clustered = documents / (documents - 1) * (off**2).sum(axis=0) / total**2
    independent = share * (1 - share) / total
    ratio = np.divide(clustered, independent, out=np.ones_like(share), where=independent > 0)
    effect = np.maximum(ratio, 1.0)
    low, high = wilson(count / effect, total / effect, CONFIDENCE)
    return table.assign(low=low, high=high)
