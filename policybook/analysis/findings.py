"""What analysis finds, as codes with the numbers that a sentence about it needs; the words are made elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from policybook.analysis import thresholds


@dataclass(frozen=True)
class Finding:
    """One thing found: `code` names it, `values` are its labels, codes and numbers (shares from 0 to 1)."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


def too_small(label: str, blocks: int, mentions: int) -> Finding | None:
    """Return what a side called `label` lacks to be compared, None where it has enough.

    The code is `too_few_blocks` or `too_few_mentions`, the values are side, have and needed.
    """
    for code, have, needed in (
        ("too_few_blocks", blocks, thresholds.MIN_BLOCKS),
        ("too_few_mentions", mentions, thresholds.MIN_MENTIONS),
    ):
        if have < needed:
            return Finding(code, {"side": label, "have": have, "needed": needed})
    return None
