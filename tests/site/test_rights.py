"""A document held back shows the sentences that evidence points to, and no other anywhere; others are whole."""

from __future__ import annotations

import html
import json
from pathlib import Path

import pytest
from copies import SIXTH

from policybook.coding.code import quotable_sentences
from policybook.pages.book import Book
from policybook.project import Project

#: Shorter sentences may stand somewhere by chance.
LONG_ENOUGH = {"en": 40, "zh": 12}


@pytest.fixture(scope="module")
def left_out(book: Book) -> list[str]:
    """The sentences that nothing points to, of documents that are held back."""
    shown = quotable_sentences(book.corpus)
    languages = book.corpus.documents.set_index("document")["language"]
    sentences = book.corpus.sentences
    quoted = " ".join(sentences.loc[sentences["sentence"].isin(shown), "text"])
    return [
        row.text
        for row in sentences.itertuples()
        if row.sentence not in shown
        and len(row.text) >= LONG_ENOUGH[languages[row.document]]
        and row.text not in quoted
    ]


@pytest.fixture(scope="module")
def shown(book: Book) -> list[str]:
    """Some sentences that are shown, to see that looking for a sentence can find one."""
    sentences = book.corpus.sentences
    keep = sentences["sentence"].isin(quotable_sentences(book.corpus)) & (sentences["document"] != SIXTH)
    return list(sentences.loc[keep, "text"])


def test_there_are_sentences_to_leave_out(left_out: list[str]):
    assert len(left_out) > 3


def test_no_left_out_sentence_is_published(left_out: list[str], published_text: str):
    """Pages, search index, and every other file of the site."""
    assert [s for s in left_out if any(form in published_text for form in _forms(s))] == []


def test_no_left_out_sentence_is_in_an_executed_notebook(left_out: list[str], built: Project):
    notebooks = "\n".join(path.read_text(encoding="utf-8") for path in built.book.rglob("*.ipynb"))
    assert [s for s in left_out if any(form in notebooks for form in _forms(s))] == []


def test_a_shown_sentence_would_be_found_in_the_search_index(shown: list[str], site: Path, published_text: str):
    """So that the two tests above cannot pass because they look in the wrong place."""
    assert list((site / "search").glob("[0-9]*.js"))
    found = [s for s in shown if json.dumps(s, ensure_ascii=False)[1:-1] in published_text]
    assert len(found) > len(shown) / 3


def test_what_is_left_out_is_marked_where_it_stood(pages, book: Book):
    sentences = book.corpus.sentences
    for document in book.corpus.documents.itertuples():
        own = sentences[sentences["document"] == document.document]
        page = pages[f"documents/{document.document}"]
        marked = sum(int(text.strip("[").split()[0]) for text in page.text(".pb-passage .pb-left-out"))
        assert len(page.select(".pb-sentence")) + marked == len(own), document.document


def test_a_document_with_full_rights_is_shown_whole(pages):
    page = pages[f"documents/{SIXTH}"]
    assert page.select(".pb-passage .pb-left-out") == []
    assert "天气晴朗的日子里，老街上的茶馆坐满了人，大家说起从前赶集的路。" in page.text("p.pb-passage")


def _forms(sentence: str) -> set[str]:
    """Return a sentence as it would stand in text, in HTML, and either in JSON."""
    escaped = html.escape(sentence)
    in_text = {
        sentence,
        escaped,
        html.escape(sentence, quote=False),
        escaped.replace("&quot;", "&#34;").replace("&#x27;", "&#39;"),
    }
    return in_text | {json.dumps(form, ensure_ascii=False)[1:-1] for form in in_text}
