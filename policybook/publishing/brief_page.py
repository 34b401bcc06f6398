"""The brief at the head of a document's page."""

from __future__ import annotations

from collections.abc import Container

from policybook.analysis.brief_support import COUNT
from policybook.analysis.briefs import Brief, Supported
from policybook.coding.scheme import Scheme
from policybook.publishing.markup import Html, render
from policybook.words.coded import figure_in_words, number_in_words

_NONE = "Nobody has written a brief of this document yet. Its passages stand below."


def show_brief(brief: Brief | None, scheme: Scheme, shown: Container[str]) -> Html:
    """Return the statements with links to their passages; `shown` are the sentences that the page prints."""
    if brief is None:
        return render("nothing", sentence=_NONE)
    rows = [
        {
            "text": brief_text(statement),
            "links": [_link(brief.document, reference, shown) for reference in statement.passages],
            "terms": [f"{scheme.by_id[c].term_zh} · {scheme.by_id[c].term_en}" for c in statement.concepts],
        }
        for statement in brief.statements
    ]
    return render("brief", rows=rows)


def brief_text(statement: Supported) -> str:
    """Return a statement with its figures in it, as they were found."""
    words = {name: figure_in_words(figure) for name, figure in statement.figures.items()}
    text = statement.filled(words | {COUNT: number_in_words(len(statement.passages), small=True)})
    return text[:1].upper() + text[1:]


def _link(document: str, reference: str, shown: Container[str]) -> dict[str, str]:
    """Return where a reference leads: to a sentence where the page shows it, else to its passage."""
    passage, _, sentence = reference.partition(".")
    anchor = reference if sentence and f"{document}:{reference}" in shown else passage
    name = f"¶{int(passage[1:])}" + (f".{sentence}" if sentence else "")
    return {"anchor": anchor, "name": name}
