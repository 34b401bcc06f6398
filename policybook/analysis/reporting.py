"""A comparison as JSON and as a table, in the forms that other people's scripts rely on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from policybook.analysis import thresholds
from policybook.analysis.compare import PairComparison
from policybook.analysis.counts import BlockCounts, Row
from policybook.analysis.decide import Finding
from policybook.analysis.robustness import PlaceboPair
from policybook.coding.scheme import Scheme
from policybook.corpus.corpus import Selection

#: Makes a sentence of the reason for a verdict.
SayReason = Callable[[Sequence[Finding]], str]
# Shares and differences are printed to a millionth; rounding keeps the order of the bounds.
_DIGITS = 6


def to_json(
    comparison: PairComparison,
    selections: tuple[Selection, Selection],
    placebo: Sequence[PlaceboPair],
    scheme: Scheme,
    say: SayReason,
) -> dict[str, Any]:
    """Return what `policybook compare --json` prints: sides, thresholds, placebo and rows; `say` words reasons.

    Of a row that was not counted, every number is null: it is unknown, not 0.
    """
    left, right = (
        _side_json(counts, selection, mentions)
        for counts, selection, mentions in zip(
            (comparison.left, comparison.right), selections, comparison.mentions, strict=True
        )
    )
    return {
        "left": left,
        "right": right,
        "thresholds": _thresholds(comparison),
        "placebo": [_rounded(asdict(pair)) for pair in placebo],
        "rows": [_row(row, scheme, say) for row in comparison.rows],
    }


def to_table(comparison: PairComparison, scheme: Scheme, say: SayReason) -> pd.DataFrame:
    """Return one row a theme or concept, with what each side holds and what was estimated; `say` words reasons.

    Where languages differ and a concept is not known to be found equally often in both, the columns by language say
    in how many of the blocks of each it stands.
    """
    languages = sorted(comparison.left.languages | comparison.right.languages)
    return pd.DataFrame([_flat(row, scheme, say, languages if len(languages) > 1 else []) for row in comparison.rows])


def label_of(row: Row, scheme: Scheme) -> str:
    """Return the English label of a row."""
    return scheme.theme_label[row.id] if row.family == "theme" else scheme.by_id[row.id].term_en


def _side_json(counts: BlockCounts, selection: Selection, mentions: int) -> dict[str, Any]:
    passages = len(np.unique(counts.pieces.passage)) if counts.pieces is not None else None
    return {
        "selection": {
            field: value if isinstance(value, str | bool) else list(value) for field, value in selection.items()
        },
        "documents": len(counts.documents),
        "passages": passages,
        "blocks": len(counts.blocks),
        "mentions": mentions,
        "languages": sorted(counts.languages),
    }


def _thresholds(comparison: PairComparison) -> dict[str, float]:
    """Return every constant, and what this comparison made of them: its design effect and rows tested at once."""
    constants = {name.lower(): value for name, value in vars(thresholds).items() if name.isupper()}
    tested = {
        f"{family}s_tested": sum(row.eligible for row in comparison.rows if row.family == family)
        for family in ("theme", "concept")
    }
    return {**constants, "design_effect": round(comparison.serial, _DIGITS), **tested}


def _row(row: Row, scheme: Scheme, say: SayReason) -> dict[str, Any]:
    theme = next((theme for theme in scheme.themes if theme.id == row.id), None) if row.family == "theme" else None
    return {
        "family": row.family,
        "id": row.id,
        "label": label_of(row, scheme),
        "term_zh": theme.label_zh if theme else scheme.by_id[row.id].term_zh,
        **_numbers(row),
        "eligible": row.eligible,
        "verdict": row.verdict,
        "reason": say(row.reason),
        "fragile": row.fragile,
        "evidence": {"left": list(row.evidence_left), "right": list(row.evidence_right)},
    }


def _numbers(row: Row) -> dict[str, Any]:
    """Return what each side holds and what was estimated; null for all of it where the row was not counted."""
    left, right = _rounded(asdict(row.left)), _rounded(asdict(row.right))
    estimates = _rounded({name: getattr(row, name) for name in ("difference", "low95", "high95", "low", "high")})
    if not row.counted:
        left, right, estimates = dict.fromkeys(left), dict.fromkeys(right), dict.fromkeys(estimates)
    return {"left": left, "right": right, **estimates}


def _flat(row: Row, scheme: Scheme, say: SayReason, languages: Sequence[str]) -> dict[str, Any]:
    cells = _row(row, scheme, say)
    evidence = cells.pop("evidence")
    for side in ("left", "right"):
        cells |= {f"{side}_{name}": value for name, value in cells.pop(side).items()}
    found = {count.language: count for count in row.by_language}
    for language in languages:
        count = found.get(language)
        cells[f"left_{language}"] = f"{count.left} of {count.left_blocks}" if count else ""
        cells[f"right_{language}"] = f"{count.right} of {count.right_blocks}" if count else ""
    return {**cells, **{f"evidence_{side}": " ".join(ids) for side, ids in evidence.items()}}


def _rounded(cells: Mapping[str, Any]) -> dict[str, Any]:
    return {name: round(value, _DIGITS) if isinstance(value, float) else value for name, value in cells.items()}
