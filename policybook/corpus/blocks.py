"""Blocks, the units of counting: consecutive sentences of one document and one scope."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

#: A block closes when it holds this many English words or Chinese characters.
BLOCK_LENGTH: Mapping[str, int] = {"en": 60, "zh": 100}

Row = dict[str, object]


def join_blocks(
    document: str, language: str, passages: list[Row], sentences: list[Row], full: int | None = None
) -> Iterator[Row]:
    """Join consecutive sentences of one scope into blocks, and note in each sentence which block it is in.

    A block closes when it holds `full` English words or Chinese characters; by default BLOCK_LENGTH.
    A rest shorter than half a block that follows a block of the same scope joins that block.
    """
    scopes = {row["passage"]: (row["plan"], row["era"], row["places"], row["level"]) for row in passages}
    full = full or BLOCK_LENGTH[language]
    groups: list[list[Row]] = []
    size, scope = 0, None
    for sentence in sentences:
        if scope != scopes[sentence["passage"]] or size >= full:
            groups.append([])
            size, scope = 0, scopes[sentence["passage"]]
        groups[-1].append(sentence)
        size += int(str(sentence["length"]))
    merged: list[list[Row]] = []
    for group in groups:
        short = sum(int(str(s["length"])) for s in group) * 2 < full
        if short and merged and scopes[merged[-1][-1]["passage"]] == scopes[group[0]["passage"]]:
            merged[-1].extend(group)
        else:
            merged.append(group)
    for number, group in enumerate(merged, 1):
        identifier = f"{document}:b{number:02d}"
        for sentence in group:
            sentence["block"] = identifier
        plan, era, places, level = scopes[group[0]["passage"]]
        yield {
            "block": identifier,
            "document": document,
            "number": number,
            "plan": plan,
            "era": era,
            "places": places,
            "level": level,
            "sentences": len(group),
            "length": sum(int(str(s["length"])) for s in group),
        }
