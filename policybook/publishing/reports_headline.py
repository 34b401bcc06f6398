"""What other pages take from the measured reports: their answer in a sentence, and a link to their page."""

from __future__ import annotations

from markupsafe import Markup

from policybook.coding.measured import measured_names
from policybook.publishing.book import Book
from policybook.publishing.markup import Html, render
from policybook.publishing.reports_data import Reports
from policybook.publishing.reports_settings import PAGE, find_settings
from policybook.publishing.reports_words import answer


def headline(book: Book, base: str = "") -> Html:
    """Return what the reports answer, with a link to their page; empty where nothing is measured or no page made.

    `base` leads from the page it stands on to the root of the site ("" or "../").
    """
    found = _measured(book)
    if found is None:
        return Html(Markup(""))
    link = "How this was counted, and what else the reports show."
    return render("headline", sentence=answer(found), address=f"{base}{PAGE}.html#answer", link=link)


def emphasis_link(book: Book, base: str = "../") -> Html:
    """Return where a page about few texts sends those who ask about emphasis; empty where nothing is measured."""
    found = _measured(book)
    if found is None:
        return Html(Markup(""))
    number = len(found.counts.documents)
    sentence = (
        f"For emphasis, {number} official texts are measured apart from these: a {found.settings.kind} of each year."
    )
    return render("headline", sentence=sentence, address=f"{base}{PAGE}.html#answer", link="What they show.")


def _measured(book: Book) -> Reports | None:
    settings = find_settings(book.project)
    if settings is None or settings.corpus not in measured_names(book.project):
        return None
    return Reports(book, settings)
