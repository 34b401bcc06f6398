"""What else differs between the sides of a comparison, besides what it asks about."""

from __future__ import annotations

from collections.abc import Iterator

from policybook.analysis.comparisons import Comparison, Side
from policybook.analysis.findings import Finding

#: The fields that may differ, and whether they are of passages or of documents.
_FIELDS = {
    "era": "passages", "speaker": "documents", "voice": "documents", "language": "documents",
    "machine_translated": "documents",
}  # fmt: skip


def find_confounds(comparison: Comparison) -> list[Finding]:
    """Return every confound that the tables show.

    `empty_side` and `one_document` (side); `mixed` (field, and sides with side and the values of the field, where no
    selection names it); `shared` (passages that stand on more than one side).
    """
    return [*_single_documents(comparison), *_differences(comparison), *_shared(comparison)]


def _single_documents(comparison: Comparison) -> Iterator[Finding]:
    for side in comparison.sides:
        documents = side.corpus.documents
        if len(documents) < 2:
            yield Finding("empty_side" if documents.empty else "one_document", {"side": side.label})


def _differences(comparison: Comparison) -> Iterator[Finding]:
    """Yield the fields on which the sides differ although no selection names them."""
    selected = {field for side in comparison.sides for field in side.selection}
    for field, table in _FIELDS.items():
        values = [_values(side, table, field) for side in comparison.sides]
        if field in selected or not all(values) or all(value == values[0] for value in values):
            continue
        sides = [{"side": s.label, "values": sorted(v)} for s, v in zip(comparison.sides, values, strict=True)]
        yield Finding("mixed", {"field": field, "sides": sides})


def _values(side: Side, table: str, field: str) -> set[str]:
    return {str(value) for value in getattr(side.corpus, table)[field]}


def _shared(comparison: Comparison) -> Iterator[Finding]:
    if shared := comparison.shared_passages:
        yield Finding("shared", {"passages": shared})
