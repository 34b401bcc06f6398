"""The sample that tells when the coding rules have changed: fixed texts, measured with a fixed lexicon, and kept.

    .venv/bin/python tests/rules_sample.py

measures them again and keeps that, unless what is found has changed and the numbers in RULES have not.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from policybook.coding.described import read_metadata
from policybook.coding.measure import measure
from policybook.coding.measured import Measured, read_measured, write_measured
from policybook.coding.rules import RULES, Part
from policybook.corpus.scope import load_vocabulary
from policybook.project import Project

SAMPLE = Project(Path(__file__).resolve().parent / "reference" / "rules")
KEPT = SAMPLE.root / "measured"
_COLUMNS: Mapping[Part, str] = {
    "concepts": "concepts", "quantities": "quantity_.*", "directives": "directives|(?:instrument|subtype|strength)_.*",
}  # fmt: skip


def measure_sample() -> Measured:
    described = read_metadata(SAMPLE.root / "texts", SAMPLE.root / "metadata.csv", load_vocabulary(SAMPLE))
    return measure(described, SAMPLE, quiet=True)


def read_kept() -> Measured:
    return read_measured(KEPT, SAMPLE)


def changed_parts(before: Measured, after: Measured) -> Iterator[tuple[Part, str]]:
    """Yield part and language of what is found otherwise; where blocks end otherwise, nothing else is compared."""
    for language in RULES["text"]:
        old, new = (_of_language(one, language) for one in (before, after))
        if not _same(old, new, "document|number|length") or not _same_sizes(before, after, language):
            yield "text", language
        else:
            yield from ((part, language) for part, columns in _COLUMNS.items() if not _same(old, new, columns))


def not_raised(before: Measured, after: Measured) -> list[tuple[Part, str]]:
    """Return what has changed without a number in RULES that says so."""
    numbers = before.record.rules.versions
    return [one for one in changed_parts(before, after) if numbers[one[0]][one[1]] == RULES[one[0]][one[1]]]


def _of_language(measured: Measured, language: str) -> pd.DataFrame:
    documents = measured.documents.loc[measured.documents["language"] == language, "document"]
    return measured.blocks[measured.blocks["document"].isin(documents)].reset_index(drop=True)


def _same(old: pd.DataFrame, new: pd.DataFrame, columns: str) -> bool:
    pattern = f"^(?:{columns})$"
    return bool(old.filter(regex=pattern).astype(str).equals(new.filter(regex=pattern).astype(str)))


def _same_sizes(before: Measured, after: Measured, language: str) -> bool:
    sizes = ["document", "characters", "passages", "sentences", "blocks_100"]
    old, new = (
        one.documents.loc[one.documents["language"] == language, sizes].astype(str).reset_index(drop=True)
        for one in (before, after)
    )
    return bool(old.equals(new))


def main() -> None:
    after = measure_sample()
    if KEPT.is_dir() and (parts := not_raised(read_kept(), after)):
        said = ", ".join(f"RULES[{part!r}][{language!r}]" for part, language in parts)
        sys.exit(f"Other things are found than before. Raise {said} in policybook/coding/rules.py first.")
    write_measured(KEPT, after)


if __name__ == "__main__":
    main()
