"""How alike two texts are, whatever the order of their parts: shared runs of characters (Broder 1997)."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

#: Texts that share less than this of the shorter one are not called near-duplicates.
NEAR = 0.5
_RUN = {"zh": 6, "en": 20}
#: Of long texts one run in so many is compared, chosen by its own content: so the same run is chosen in every text.
_LONG, _KEPT = 2000, 4


@dataclass(frozen=True)
class Near:
    """Another document, and the share of the shorter text that stands in both."""

    document: str
    share: float


def nearest_document(text: str, language: str, others: Mapping[str, str]) -> Near | None:
    """Return the document of `others` (id -> text, same language) most like `text`, if any is a near-duplicate."""
    own = _runs(text, language)
    near = [Near(identifier, _shared(own, _runs(other, language))) for identifier, other in others.items()]
    return max((one for one in near if one.share >= NEAR), key=lambda one: one.share, default=None)


def _runs(text: str, language: str) -> frozenset[int]:
    """Return every run of a text's letters, digits and characters, as a checksum."""
    squeezed = re.sub(r"[\W_]+", "", text.lower())
    size = _RUN[language]
    return frozenset(zlib.crc32(squeezed[n : n + size].encode()) for n in range(max(1, len(squeezed) - size + 1)))


def _shared(one: frozenset[int], other: frozenset[int]) -> float:
    if min(len(one), len(other)) > _LONG:
        one, other = (frozenset(run for run in runs if run % _KEPT == 0) for runs in (one, other))
    return len(one & other) / max(1, min(len(one), len(other)))
