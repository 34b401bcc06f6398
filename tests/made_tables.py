"""Measured tables of made documents, as the store gives their rows: as many as a test wants, in no time."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from policybook.coding.measured import BLOCK_COLUMNS, COUNT_COLUMNS, DOCUMENT_COLUMNS, csv_lines
from policybook.coding.measured_store import MeasuredRows

PLACES = ("liaoning", "fujian")
BLOCKS = 5


def made_rows(documents: int, concepts: Sequence[str], each: int, seed: int = 18) -> Iterator[tuple[MeasuredRows, str]]:
    """Yield rows of documents of two places and five years, each with so many concepts; and a licence."""
    chance = random.Random(seed)
    for n in range(documents):
        name, year = f"d{n:06d}", str(2016 + n // 2 % 5)
        texts = {"document": name, "title": f"T, “{n}”", "publisher": "nobody", "kind": "report",
                 "place": PLACES[n % 2], "era": "2014-2020", "year": year, "language": "zh"}  # fmt: skip
        numbers = {"characters": 500, "length": 500, "passages": 5, "sentences": 9, "blocks_50": 2 * BLOCKS,
                   "blocks_100": BLOCKS, "blocks_200": 3, "blocks_400": 2}  # fmt: skip
        said = sorted(chance.sample(concepts, each))
        row = [texts.get(one, "") if one in _TEXTS else numbers.get(one, 0) for one in DOCUMENT_COLUMNS]
        carried = {concept: chance.randint(1, BLOCKS) for concept in said}
        counts = [(name, "concept", one, many, many, many, min(many, 3), min(many, 2), "")
                  for one, many in carried.items()]  # fmt: skip
        blocks = []
        for number in range(1, BLOCKS + 1):
            pairs = " ".join(f"{one}:1" for one, many in carried.items() if many >= number)
            blocks.append((name, number, pairs, 100, *[0] * (len(BLOCK_COLUMNS) - 4)))
        assert all(len(one) == len(COUNT_COLUMNS) for one in counts)
        yield MeasuredRows(csv_lines([row]), csv_lines(counts), csv_lines(blocks), BLOCKS), ("CC BY", "")[n % 2]


_TEXTS = {"document", "title", "publisher", "kind", "place", "city", "era", "year", "language", "address", "sha256"}
