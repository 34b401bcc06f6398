"""A measured corpus as comparisons want it: its counts within all blocks, and within those that speak of a field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from policybook.analysis.block_counts import BlockCounts
from policybook.analysis.measured_counts import measured_counts
from policybook.analysis.presence import design_effect
from policybook.analysis.speaking import blocks_speaking, speaking_concepts
from policybook.coding.measured import Measured
from policybook.coding.rules import Age
from policybook.coding.scheme import Scheme
from policybook.corpus.vocabulary import Vocabulary


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
