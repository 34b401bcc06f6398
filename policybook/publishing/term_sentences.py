"""What the translation concordance says in a sentence or two."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from policybook.analysis.renderings import BorrowedPair, find_shared, usual_english
from policybook.coding.scheme import Scheme
from policybook.corpus.model import records
from policybook.publishing.places import held_by_document
from policybook.words.say import counted


def say_variety(scheme: Scheme, variety: pd.DataFrame) -> str:
    """Say which term is rendered most variously (see `rank_variety`)."""
    if variety.empty:
        return "No term was found in an English document."
    first = next(iter(records(variety)))
    several = int((variety["renderings"] > 1).sum())
    if not several:
        return "Every term that was found in English stands under one rendering only."
    concept = scheme.by_id[first.concept]
    return (
        f"Of {counted(len(variety), 'term')} found in English {several:,} stand under more than one rendering. The "
        f"most various is {concept.term_zh}, {usual_english(concept)[0]}: {counted(first.mentions, 'mention')} under "
        f"{counted(first.renderings, 'rendering')}, H = {first.bits:.2f} bits, as various as {first.effective:.1f} "
        "renderings that are used equally often."
    )


def say_hidden(scheme: Scheme, pairs: Sequence[BorrowedPair]) -> str:
    """Say where most mentions of a term read like another one, document by document (see `pair_borrowed`)."""
    if not pairs:
        return "No rendering holds the usual English of another term of the scheme."
    pair = pairs[0]
    own, other = scheme.by_id[pair.concept], scheme.by_id[pair.other]
    documents = held_by_document(pair.mentions, pair.held)
    parts = ", ".join(f"{one['held']} of {one['times']} in {one['document']}" for one in documents)
    return (
        f"{own.term_zh} stands in words that hold “{usual_english(other)[0]}”, the usual English of {other.term_zh}, "
        f"in {len(pair.held)} of {counted(len(pair.mentions), 'place')}: {parts}. Who reads only the English cannot "
        "tell the two apart there."
    )


def say_shared(renderings: pd.DataFrame) -> str:
    """Say how many renderings stand for several terms or are ambiguous."""
    shared = find_shared(renderings)
    if shared.empty:
        return "No rendering stands for several terms, and none was found to be ambiguous."
    return (
        f"{counted(shared['rendering'].nunique(), 'rendering')} of several terms, or of words that can also mean "
        "something else and whose context does not settle it: "
        f"{counted(int(shared['ambiguous'].sum()), 'ambiguous mention')}, left out of every comparison."
    )
