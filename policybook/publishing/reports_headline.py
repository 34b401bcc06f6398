"""What other pages take from the measured reports: their answer in a sentence, what they are not, and a link."""

from __future__ import annotations

from markupsafe import Markup

from policybook.coding.measured import measured_names
from policybook.publishing.book import Book
from policybook.publishing.markup import Html, render
from policybook.publishing.numbers import in_words
from policybook.publishing.reports_data import Reports
from policybook.publishing.reports_settings import PAGE, find_settings
from policybook.publishing.reports_texts import early_sentence, missing_sentence, texts_sentence
from policybook.publishing.reports_words import answer, answer_change


def headline(book: Book, base: str = "") -> Html:
    """Return what the reports answer, with a link to their page; empty where nothing is measured or no page is made.

    `base` leads from the page it stands on to the root of the site ("" or "../").
    """
    found = _measured(book)
    if found is None:
        return _empty()
    sentence = f"{answer(found)} {answer_change(found)}" if found.countable else ""
    sentence = f"{sentence} {found.not_counted}".strip()
    lead = "The centre and the provinces in their own reports."
    return _sentence(sentence, base, "answer", "What else they show, and how it was counted", lead)


def reports_limits(book: Book, base: str = "../") -> Html:
    """Return which measured texts there are and which are missing; empty where nothing is measured."""
    found = _measured(book)
    if found is None:
        return _empty()
    sentence = " ".join(part for part in (texts_sentence(found), missing_sentence(found), early_sentence(found), found.not_counted) if part)
    return _sentence(sentence, base, "texts", "More on these texts", "What was measured.")


def _measured(book: Book) -> Reports | None:
    settings = find_settings(book.project)
    if settings is None or settings.corpus not in measured_names(book.project):
        return None
    return Reports(book, settings)


def _sentence(sentence: str, base: str, anchor: str, link: str, lead: str) -> Html:
    said = in_words(sentence).markup
    return render("headline", lead=lead, sentence=said, address=f"{base}{PAGE}.html#{anchor}", link=link)


def _empty() -> Html:
    return Html(Markup(""))
