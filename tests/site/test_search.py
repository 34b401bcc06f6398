"""The search, from every page, in both languages, down to the passage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

import pytest
from copies import SIXTH
from playwright.sync_api import Browser, TimeoutError
from playwright.sync_api import Page as Tab
from views import WIDE, in_view

pytestmark = pytest.mark.browser

RESULTS = "#pb-search a[href]"
RESULT = "#pb-search li"
PASSAGE = re.compile(r"documents/[a-z0-9-]+\.html#p\d{2,}$")
TERMS = ("新型城镇化", "household registration")


@pytest.fixture
def tab(browser: Browser) -> Iterator[Tab]:
    """A fresh reader's tab."""
    tab = browser.new_page(viewport=WIDE)
    yield tab
    tab.close()


def test_the_search_finds_passages_from_every_page(tab: Tab, pages, address: str):
    """The two languages by turns; a passage among the first results is waited for, not the rest of them."""
    lost = {}
    for number, name in enumerate(pages):
        tab.goto(f"{address}{name}.html", wait_until="domcontentloaded")
        _type(tab, TERMS[number % len(TERMS)])
        with suppress(TimeoutError):
            tab.wait_for_function(
                "([results, passage]) => [...document.querySelectorAll(results)].some(a => a.href.match(passage))",
                arg=[RESULTS, PASSAGE.pattern],
            )
        found = tab.locator(RESULTS).evaluate_all("all => all.map(a => a.href)")
        if not any(PASSAGE.search(href) for href in found):
            lost[name] = found
    assert lost == {}


@pytest.mark.parametrize("term", TERMS)
def test_every_result_leads_to_a_place_that_exists(tab: Tab, pages, address: str, term: str):
    tab.goto(f"{address}index.html")
    for href in _search(tab, term):
        name, _, anchor = href.removeprefix(address).partition(".html")
        assert name in pages, href
        assert not anchor or pages[name].select(anchor), href


@pytest.mark.parametrize("term", [*TERMS, "青溪县"])
def test_a_result_lands_on_its_passage(tab: Tab, address: str, term: str):
    tab.goto(f"{address}chapters/corpus.html")
    href = next(href for href in _search(tab, term) if PASSAGE.search(href))
    path = href.removeprefix(address)
    tab.locator(f"#pb-search a[href$='{path}']").first.click()
    tab.wait_for_url(f"**/{path}")
    assert tab.locator("p.pb-passage:target").count() == 1
    assert in_view(tab, path.partition("#")[2])


def test_the_passage_found_holds_the_words(tab: Tab, address: str):
    tab.goto(f"{address}index.html")
    found = [href.removeprefix(address) for href in _search(tab, "茶馆")]
    assert any(href.endswith(f"documents/{SIXTH}.html#p08") for href in found)


def test_a_left_out_sentence_is_in_no_result(tab: Tab, book, address: str):
    sentences = book.corpus.sentences
    hidden = sentences[~sentences["sentence"].isin(book.quotable) & (sentences["length"] > 12)]
    text = str(hidden.iloc[0]["text"])
    tab.goto(f"{address}search.html")
    _type(tab, " ".join(text.split()[:3]))
    tab.wait_for_function("() => /result/i.test(document.getElementById('pb-search').innerText)")
    assert text[:30] not in " ".join(tab.locator(RESULT).all_inner_texts())


def test_the_search_button_does_what_the_keys_do(tab: Tab, address: str):
    tab.goto(f"{address}comparisons/eras.html")
    tab.locator("button.search-button__button:visible").first.click()
    tab.keyboard.type(TERMS[0])
    tab.keyboard.press("Enter")
    tab.wait_for_selector(RESULTS)
    assert tab.url.startswith(f"{address}search.html?q=")


def test_a_search_can_be_linked_to(tab: Tab, address: str):
    tab.goto(f"{address}search.html?q=%E6%88%B7%E7%B1%8D%E5%88%B6%E5%BA%A6%E6%94%B9%E9%9D%A9")
    tab.wait_for_selector(RESULTS)
    assert tab.locator("#pb-search input").first.input_value() == "户籍制度改革"


def test_words_in_the_address_are_no_markup(tab: Tab, address: str):
    dialogs: list[str] = []
    tab.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    tab.goto(f"{address}search.html?q=%3Cimg%20src%3Dx%20onerror%3Dalert(3)%3E%22%3E%3Cscript%3Ealert(4)%3C/script%3E")
    tab.wait_for_load_state("networkidle")
    assert dialogs == []


def _search(tab: Tab, words: str) -> list[str]:
    """Search as a reader does and return the addresses of the results."""
    _type(tab, words)
    tab.wait_for_selector(RESULTS)
    tab.wait_for_load_state("networkidle")  # results come one by one
    return [str(href) for href in tab.locator(RESULTS).evaluate_all("all => all.map(a => a.href)")]


def _type(tab: Tab, words: str) -> None:
    """Type words into the search field of the theme and wait for the search page."""
    tab.keyboard.press("Control+k")
    tab.keyboard.type(words)
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/search.html?q=*", wait_until="domcontentloaded")
