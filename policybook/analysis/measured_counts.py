"""Measured tables as counts to compare: their evidence is documents, not sentences."""

from __future__ import annotations

import numpy as np
import pandas as pd

from policybook.analysis.block_counts import BlockCounts
from policybook.coding.measured import Measured, age_of, load_measured, parse_concepts
from policybook.coding.rules import Age
from policybook.coding.scheme import Scheme
from policybook.corpus.selection import KnownValues
from policybook.corpus.vocabulary import Vocabulary, load_vocabulary
from policybook.project import Project


def open_counts(project: Project, name: str, scheme: Scheme) -> tuple[BlockCounts, Age]:
    """Return the counts of the measured corpus NAME, which stand in data/measured/NAME, and what of them is too old.

    Raises SelectionError when there is no such folder, InvalidDataError when its files have mistakes.
    """
    measured = load_measured(project, name)
    age = age_of(measured, project)
    return measured_counts(measured, age, scheme, load_vocabulary(project), made_from=f"data/measured/{name}"), age


def measured_counts(
    measured: Measured, age: Age, scheme: Scheme, vocabulary: Vocabulary, *, made_from: str
) -> BlockCounts:
    """Return measured tables as BlockCounts: concepts that enter comparisons, without passages and sentences.

    Every block speaks for its document's place, so `places`, `place` and `speaker` select the same. A concept that
    the scheme no longer has is left out; those that `age` says were not counted have no mentions and are marked.
    """
    concepts = [concept for concept in scheme.concepts if scheme.counted(concept.id)]
    column = {concept.id: n for n, concept in enumerate(concepts)}
    mentions = np.zeros((len(measured.blocks), len(concepts)), dtype=np.int64)
    for row, cell in enumerate(measured.blocks["concepts"]):
        for concept, number in parse_concepts(cell).items():
            if concept in column and concept not in age.not_counted:
                mentions[row, column[concept]] = number
    documents = measured.documents.assign(
        speaker=measured.documents["place"], places=measured.documents["place"], machine_translated=False
    )
    return BlockCounts(
        concepts=tuple(column),
        theme_of=tuple(concept.theme for concept in concepts),
        themes=tuple(theme.id for theme in scheme.themes),
        documents=documents,
        blocks=_blocks(measured.blocks),
        mentions=mentions,
        pieces=None,
        passages=None,
        found=None,
        known=_known(documents, vocabulary),
        made_from=(f"{made_from} sha256:{measured.record.blocks_sha256}",),
        not_counted={concept: why for concept, why in age.not_counted.items() if concept in column},
    )


def _blocks(blocks: pd.DataFrame) -> pd.DataFrame:
    identifiers = blocks["document"] + ":b" + blocks["number"].astype(str).str.zfill(2)
    return blocks[["document", "number", "length"]].assign(block=identifiers).reset_index(drop=True)


def _known(documents: pd.DataFrame, vocabulary: Vocabulary) -> KnownValues:
    """Return the values that each field of a selection may have: those that occur, in the vocabulary's order."""
    there = set(documents["place"])
    places = tuple(place for place in vocabulary.place_ids if place in there)
    eras = set(documents["era"])
    return {
        **dict.fromkeys(("places", "place", "speaker"), places),
        "era": tuple(era for era in (*vocabulary.era_ids, "unknown") if era in eras),
        **{
            field: tuple(sorted(set(documents[field]) - {""}))
            for field in ("document", "kind", "year", "language")
        },
    }
