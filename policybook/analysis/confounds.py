"""What else differs between the sides of a comparison, besides what it asks about."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from policybook.analysis.comparisons import Comparison, Side

_Describe = Callable[[Side], set[str]]


def find_confounds(comparison: Comparison, label: Callable[[str], str]) -> list[str]:
    """Return a sentence for every confound the tables show; `label` names eras and places for a reader."""
    return [*_single_documents(comparison), *_differences(comparison, label), *_shared(comparison)]


def _single_documents(comparison: Comparison) -> Iterator[str]:
    for side in comparison.sides:
        documents = side.corpus.documents
        if documents.empty:
            yield f"No passage of this corpus is on the side “{side.label}”."
        elif len(documents) == 1:
            yield (f"The side “{side.label}” is one document: what looks like its side's emphasis may be its author's.")


def _differences(comparison: Comparison, label: Callable[[str], str]) -> Iterator[str]:
    """Fields on which the sides differ although no selection names them."""
    selected = {field for side in comparison.sides for field in side.selection}
    fields: tuple[tuple[str, str, _Describe], ...] = (
        ("era", "Era is mixed in", lambda side: {label(era) for era in side.corpus.passages["era"]}),
        (
            "speaker",
            "Standpoint is mixed in",
            lambda side: {label(s) for s in side.corpus.documents["speaker"]},
        ),
        ("voice", "Voice is mixed in", lambda side: set(side.corpus.documents["voice"])),
        (
            "language",
            "Language is mixed in",
            lambda side: set(side.corpus.documents["language"].map(_language)),
        ),
        (
            "machine_translated",
            "Translation is mixed in",
            lambda side: {
                "machine-translated" if translated else "as written"
                for translated in side.corpus.documents["machine_translated"]
            },
        ),
    )
    for field, words, describe in fields:
        values = [describe(side) for side in comparison.sides]
        if field in selected or not all(values) or all(value == values[0] for value in values):
            continue
        listed = "; ".join(
            f"{side.label}: {', '.join(sorted(value))}" for side, value in zip(comparison.sides, values, strict=True)
        )
        yield f"{words} ({listed}), so a difference between the sides may be its doing."


def _shared(comparison: Comparison) -> Iterator[str]:
    if shared := comparison.shared_passages:
        passages, are = ("passage stands", "is") if shared == 1 else ("passages stand", "are")
        yield f"{shared} {passages} on more than one side and {are} counted on each."


def _language(code: str) -> str:
    return {"zh": "Chinese", "en": "English"}.get(code, code)
