"""On what a statement about a plan rests: on the plan's own text, or on what others say of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policybook.corpus.model import Corpus
from policybook.corpus.selection import Selection

if TYPE_CHECKING:
    from policybook.analysis.comparisons import Comparison, Side


@dataclass(frozen=True)
class Basis:
    """What a corpus holds about one plan: ids of documents that are its own text, and how much there is in all."""

    plan: str
    texts: tuple[str, ...]
    others: tuple[str, ...]
    passages: int
    sentences: int
    blocks: int
    own_blocks: int

    @property
    def is_own(self) -> bool:
        """Whether the plan's own text is among the documents."""
        return bool(self.texts)


def plan_basis(corpus: Corpus, plan: str) -> Basis:
    """Return what the passages about a plan are. Raises SelectionError for a plan the project does not know."""
    part = corpus.select(plan=plan)
    own = part.documents["text_of"] == plan
    texts = tuple(part.documents.loc[own, "document"])
    return Basis(
        plan=plan,
        texts=texts,
        others=tuple(part.documents.loc[~own, "document"]),
        passages=len(part.passages),
        sentences=len(part.sentences),
        blocks=len(part.blocks),
        own_blocks=int(part.blocks["document"].isin(texts).sum()),
    )


def plans_at_hand(corpus: Corpus) -> frozenset[str]:
    """Return the plans whose own text is among the documents."""
    return frozenset(corpus.documents["text_of"].dropna())


def narrow_to_own_text(corpus: Corpus, selection: Selection) -> Selection:
    """Return a selection of one plan narrowed to that plan's own text, where the corpus has it; else the selection.

    A selection that names documents already, or no single plan, is returned as it is.
    """
    plan = selection.get("plan")
    if not isinstance(plan, str) or "document" in selection:
        return selection
    texts = plan_basis(corpus, plan).texts
    return {**selection, "document": texts[0] if len(texts) == 1 else list(texts)} if texts else selection


def rests_on(comparison: Comparison, label: Callable[[str], str]) -> list[str]:
    """Return a sentence for every side that is about one plan: what it rests on. `label` names plans for a reader."""
    return [sentence for side in comparison.sides for sentence in _side(side, label)]


def _side(side: Side, label: Callable[[str], str]) -> Iterator[str]:
    plan = side.selection.get("plan")
    if not isinstance(plan, str) or plan == "none" or side.corpus.passages.empty:
        return
    basis = plan_basis(side.corpus, plan)
    if not basis.is_own:
        told = f"{_many(len(basis.others), 'document')} {'says' if len(basis.others) == 1 else 'say'}"
        yield (
            f"The side “{side.label}” rests on what {told} about the plan, in {_many(basis.passages, 'passage')}. "
            "The plan itself is not among the documents."
        )
    elif basis.others:
        yield (
            f"The side “{side.label}” rests on the plan itself, {label(plan)}, with {basis.own_blocks} of "
            f"{basis.blocks} blocks, and beside it on what others say about it."
        )
    else:
        yield f"The side “{side.label}” rests on the plan itself: {label(plan)}, {_many(basis.blocks, 'block')}."


def plans_sentence(corpus: Corpus, plans: Sequence[str], short: Callable[[str], str]) -> str:
    """Return in words which of `plans` stand among the documents themselves, and what follows for a comparison."""
    bases = [plan_basis(corpus, plan) for plan in plans]
    parts = [f"{_there(basis)} about the {short(basis.plan)}" for basis in bases if not basis.is_own]
    own = [f"the {short(b.plan)} itself ({_many(b.own_blocks, 'block')})" for b in bases if b.is_own]
    if not own:
        return (
            f"None of these plans stands among the texts; they hold {' and '.join(parts)}. So they cannot say whether "
            "national emphasis shifted between the plans."
        )
    if parts:
        return (
            f"The texts hold {' and '.join(own)}, but only {' and '.join(parts)}. So they cannot say whether national "
            "emphasis shifted between the plans."
        )
    return (
        f"The texts hold {' and '.join(own)}. They can be set beside each other; that the centre's emphasis shifted in "
        "general, two documents cannot show."
    )


def missing_plans(corpus: Corpus, plans: Sequence[str], short: Callable[[str], str]) -> str:
    """Return the plans whose own text is not among the documents, in words; empty where none is missing."""
    at_hand = plans_at_hand(corpus)
    missing = [f"the {short(plan)}" for plan in plans if plan not in at_hand]
    if not missing:
        return ""
    return f"{' and '.join(missing)} {'itself' if len(missing) == 1 else 'themselves'}"


def _there(basis: Basis) -> str:
    return f"{_many(basis.passages, 'passage')} ({_many(basis.sentences, 'sentence')})"


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
