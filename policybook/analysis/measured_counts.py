"""Measured counts as blocks that can be compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from policybook.analysis.counts import BlockCounts, BoolArray, design_effect
from policybook.coding.measured import Measured, age_of, load_measured, parse_concepts
from policybook.coding.rules import Age
from policybook.coding.scheme import Scheme
from policybook.corpus.corpus import KnownValues
from policybook.corpus.scope import Vocabulary, load_vocabulary
from policybook.errors import SelectionError, suggest
from policybook.project import Project

# Measured tables as counts to compare: their evidence is documents, not sentences ------------------


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


# Which blocks speak of a field of policy, so that shares can be taken within it as well as within all blocks ---


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


# A measured corpus as comparisons want it: its counts within all blocks, and within those that speak of a field ---


@dataclass(frozen=True, eq=False)
class Denominator:
    """The blocks that shares are of, and the design effect of neighbours among them."""

    name: str
    counts: BlockCounts
    serial: float


def make_denominators(
    measured: Measured,
    age: Age,
    scheme: Scheme,
    vocabulary: Vocabulary,
    *,
    kind: str,
    themes: Iterable[str],
    concepts: Iterable[str],
) -> tuple[Denominator, Denominator]:
    """Return "all" blocks of the documents of one kind, and "within": those that speak of `themes` or `concepts`.

    In the second, blocks stand beside each other that did not in the document; a document none of whose blocks speak
    of the field is not in it. A concept that `age` says was not counted marks no block. Raises SelectionError for an unknown kind, theme or concept.
    """
    counts = measured_counts(measured, age, scheme, vocabulary, made_from="measured")
    speaking = speaking_concepts(scheme, themes, concepts) - set(age.not_counted)
    field = counts.keep(blocks_speaking(measured, speaking), "within the field")
    whole, within = counts.select(kind=kind), field.select(kind=kind)
    return Denominator("all", whole, design_effect(whole)), Denominator("within", within, design_effect(within))
