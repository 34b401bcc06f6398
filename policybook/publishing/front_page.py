"""What the front page shows besides its prose."""

from __future__ import annotations

from policybook.publishing.book import Book
from policybook.publishing.markup import Html, render


def ways(book: Book) -> Html:
    """Return the comparisons with their questions, and the documents, as links from the front page."""
    return render("ways", comparisons=book.comparisons, documents=book.corpus.documents.to_dict("records"))
