"""On what a statement about a plan rests: on the plan's own text, or on what others say of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policybook.analysis.findings import Finding
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


def rests_on(comparison: Comparison) -> list[Finding]:
    """Return for every side that is about one plan what it rests on.

    `others` (documents, passages), `mixed` (own_blocks, blocks) or `own` (blocks), each with side and plan.
    """
    return [finding for side in comparison.sides for finding in _side(side)]


def _side(side: Side) -> Iterator[Finding]:
    plan = side.selection.get("plan")
    if not isinstance(plan, str) or plan == "none" or side.corpus.passages.empty:
        return
    basis, values = plan_basis(side.corpus, plan), {"side": side.label, "plan": plan}
    if not basis.is_own:
        yield Finding("others", {**values, "documents": len(basis.others), "passages": basis.passages})
    elif basis.others:
        yield Finding("mixed", {**values, "own_blocks": basis.own_blocks, "blocks": basis.blocks})
    else:
        yield Finding("own", {**values, "blocks": basis.blocks})
