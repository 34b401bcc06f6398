"""What tests of the analysis share: the counts of this repository's five documents."""

from __future__ import annotations

import pytest

from policybook.analysis.counts import BlockCounts, block_counts, design_effect
from policybook.coding.scheme import Scheme
from policybook.corpus.corpus import Corpus


@pytest.fixture(scope="session")
def counts(coded: Corpus, scheme: Scheme) -> BlockCounts:
    """The five documents as block counts."""
    return block_counts(coded, scheme)


@pytest.fixture(scope="session")
def effect(counts: BlockCounts) -> float:
    """How many of their blocks are worth one independent block."""
    return design_effect(counts)
