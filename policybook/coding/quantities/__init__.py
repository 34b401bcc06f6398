"""Finding quantities: numbers with their unit, qualifier and kind."""

from __future__ import annotations

from policybook.coding.quantities.finder import QuantityFinder
from policybook.coding.quantities.found import FoundQuantity
from policybook.coding.quantities.words import load_quantity_words
from policybook.project import Project

__all__ = ["FoundQuantity", "QuantityFinder", "load_quantity_finder"]


def load_quantity_finder(project: Project) -> QuantityFinder:
    """Return the finder with the words of data/lexicon/quantities.yml.

    Raises InvalidDataError when the file has mistakes.
    """
    return QuantityFinder(load_quantity_words(project))
