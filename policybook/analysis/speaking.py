"""Which blocks speak of a field of policy, so that shares can be taken within it as well as within all blocks."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from policybook.analysis.block_counts import BoolArray
from policybook.coding.measured import Measured, parse_concepts
from policybook.coding.scheme import Scheme
from policybook.errors import SelectionError, suggest


def speaking_concepts(scheme: Scheme, themes: Iterable[str], concepts: Iterable[str]) -> frozenset[str]:
    """Return the concepts that mark a field: those of `themes`, `concepts`, and what these contain.

    Words that define a corpus count here, which they do not in comparisons: they say what a block speaks of. Names of
    institutions do not, unless they are named in `concepts`.
    Raises SelectionError for an unknown theme or concept, with the nearest spelling.
    """
    wanted_themes, wanted = frozenset(themes), frozenset(concepts)
    for what, asked, known in (
        ("theme", wanted_themes, list(scheme.theme_label)),
        ("concept", wanted, list(scheme.by_id)),
    ):
        for unknown in sorted(asked - set(known)):
            raise SelectionError(f"unknown {what} {unknown!r}. {suggest(unknown, known)}")
    return frozenset(
        concept.id
        for concept in scheme.concepts
        if wanted & {concept.id, *scheme.broader(concept.id)}
        or (concept.theme in wanted_themes and concept.exclude_from_comparison != "institution")
    )


def blocks_speaking(measured: Measured, concepts: frozenset[str]) -> BoolArray:
    """Return, for every block of measured tables in their order, whether it mentions one of `concepts`."""
    return np.array([bool(concepts & parse_concepts(cell).keys()) for cell in measured.blocks["concepts"]], dtype=bool)
