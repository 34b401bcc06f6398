"""The concordance: any word or term in context, sorted, filtered, linked to and saved, without a server too."""

from __future__ import annotations

import csv
import gzip
import io
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab
from views import NARROW, WIDE

pytestmark = pytest.mark.browser

PAGE = "chapters/terms.html"
STATUS = "#pb-concordance [role=status]"
ROWS = "#pb-concordance tbody tr"
MOST_BYTES = 150_000


@pytest.fixture
def tab(browser: Browser) -> Iterator[Tab]:
    """A reader's tab in which nothing may go wrong unseen."""
    tab = browser.new_page(viewport=WIDE)
    errors: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.on("dialog", lambda dialog: (errors.append(dialog.message), dialog.dismiss()))
    yield tab
    tab.close()
    assert errors == []


def ask(tab: Tab, address: str, **query: str) -> list[dict[str, str]]:
    """Open the concordance with this in its address and return its lines."""
    tab.goto(f"{address}{PAGE}?{urlencode(query)}#concordance")
    expect(tab.locator(STATUS)).to_have_text(re.compile("line|word"))
    return lines(tab)


def lines(tab: Tab) -> list[dict[str, str]]:
    found = tab.locator(ROWS).evaluate_all(
        """all => all.map(row => [...row.cells].map(one => one.textContent).concat(row.querySelector("a").href))"""
    )
    return [dict(zip(("left", "keyword", "right", "where", "href"), row, strict=True)) for row in found]


def places(found: list[dict[str, str]]) -> list[str]:
    return [one["href"].rpartition("/")[2] for one in found]


@pytest.mark.parametrize(
    ("typed", "same"),
    [("農業轉移人口", "农业转移人口"), ("１亿", "1亿"), ("labour", "labor"), ("URBANISATION", "urbanization")],
)
def test_forms_of_the_same_word_give_the_same_lines(tab: Tab, address: str, typed: str, same: str) -> None:
    found = ask(tab, address, word=typed)
    assert found
    assert places(found) == places(ask(tab, address, word=same))


def test_a_line_leads_to_its_sentence_which_holds_the_keyword(tab: Tab, address: str, pages) -> None:
    for line in ask(tab, address, word="户籍") + ask(tab, address, word="county towns"):
        name, anchor = line["href"].removeprefix(address).split(".html#")
        (sentence,) = pages[name].select(f'[id="{anchor}"]')
        assert line["keyword"].split()[0] in sentence.text_content()


def test_a_concept_shows_every_mention_in_both_languages(tab: Tab, address: str, book) -> None:
    concept = "citizenization-of-rural-migrants"
    mentions = book.corpus.mentions[book.corpus.mentions["concept"] == concept]
    shown = mentions[mentions["sentence"].isin(book.quotable)]
    found = ask(tab, address, concept=concept)
    assert sorted(one["keyword"] for one in found) == sorted(shown["text"])
    assert {unicodedata.name(one["keyword"][0])[:3] for one in found} == {"CJK", "LAT"}
    assert str(len(found)) in tab.inner_text(STATUS)


@pytest.mark.parametrize(
    ("typed", "offered"), [("县域", True), ("縣域", True), ("rural revitalization", True), ("茶馆", False)]
)
def test_the_name_of_a_term_leads_to_its_lines_in_both_languages(
    tab: Tab, address: str, typed: str, offered: bool
) -> None:
    found = ask(tab, address, word=typed)
    link = tab.locator(".pb-as-term a:visible")
    assert link.count() == int(offered)
    if offered:
        link.click()
        expect(tab.locator(STATUS)).not_to_contain_text(f"“{typed}”")
        concept = parse_qs(urlsplit(tab.url).query)["concept"]
        assert concept and lines(tab) and places(lines(tab)) != places(found)


def test_a_card_leads_to_the_lines_of_its_term(tab: Tab, address: str) -> None:
    tab.goto(f"{address}{PAGE}#term-household-registration")
    link = tab.locator("#term-household-registration").get_by_role("link", name="All its lines in context")
    link.click()
    expect(tab.locator(ROWS).first).to_be_visible()
    assert parse_qs(urlsplit(tab.url).query) == {"concept": ["household-registration"]}


def test_lines_are_sorted_by_what_stands_beside_the_keyword(tab: Tab, address: str) -> None:
    def first(text: str) -> str:
        return "".join(char for char in text.lower() if char.isalpha() or char == " ").strip()

    found = ask(tab, address, word="rural", sort="right", document="guizhou-2024-two-strategies")
    after = [first(one["right"]).split()[0] for one in found if first(one["right"])]
    assert len(after) > 3
    assert after == sorted(after)
    found = ask(tab, address, word="rural", sort="left", document="guizhou-2024-two-strategies")
    before = [first(one["left"].replace("-", " ")).split()[-1] for one in found if first(one["left"])]
    assert before == sorted(before)
    assert places(found) != places(ask(tab, address, word="rural", document="guizhou-2024-two-strategies"))


@pytest.mark.parametrize("field", ["document", "place", "era", "theme"])
def test_lines_are_filtered(tab: Tab, address: str, book, field: str) -> None:
    every = ask(tab, address, word="urban")
    values = tab.locator(f"select[name={field}] option").evaluate_all("all => all.map(one => one.value)")[1:]
    passages = book.corpus.passages.set_index("passage")
    counted = 0
    for value in values:
        found = ask(tab, address, word="urban", **{field: value})
        assert len(found) <= len(every)
        counted += len(found)
        for line in found:
            document, anchor = line["href"].rpartition("/")[2].split(".html#")
            passage = passages.loc[f"{document}:{anchor.partition('.')[0]}"]
            there = {"document": document, "place": passage["places"], "era": passage["era"]}
            assert field == "theme" or value in there[field]
    assert counted > 0
    assert field not in {"document", "era"} or counted == len(every) or len(every) == 100


def test_what_is_chosen_stands_in_the_address(tab: Tab, address: str) -> None:
    tab.goto(f"{address}{PAGE}")
    tab.get_by_label("Word or phrase").fill("county")
    tab.get_by_label("In the order of").select_option("left")
    tab.wait_for_url("**?word=county&sort=left#concordance")
    found = lines(tab)
    tab.reload()
    expect(tab.locator(ROWS).first).to_be_visible()
    assert lines(tab) == found
    tab.get_by_role("button", name="Clear").click()
    expect(tab.locator(ROWS)).to_have_count(0)
    assert urlsplit(tab.url).query == ""


def test_the_file_holds_what_is_shown_and_no_formula(tab: Tab, address: str) -> None:
    found = ask(tab, address, word="urban", document="guizhou-2024-two-strategies")
    with tab.expect_download() as saved:
        tab.get_by_role("button", name="Download").click()
    text = Path(saved.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["keyword"] for row in rows][: len(found)] == [one["keyword"] for one in found]
    assert {row["document"] for row in rows} == {"guizhou-2024-two-strategies"}
    assert [row["address"].split("#")[1] for row in rows][: len(found)] == [one.split("#")[1] for one in places(found)]
    cells = [cell for row in rows for cell in row.values()]
    assert [cell for cell in cells if cell.strip().startswith(tuple("=+-@＝＋－＠"))] == []
    assert saved.value.suggested_filename == "concordance.csv"


HOSTILE = ["<img src=x onerror=alert(1)>", '"><script>alert(2)</script>', "((((", "[a-", "a" * 5000, "\\", "\u202e户籍"]


@pytest.mark.parametrize("text", HOSTILE)
def test_an_address_may_hold_anything(tab: Tab, address: str, text: str) -> None:
    """Words are looked for as they stand; a choice that is not offered is none."""
    assert len(ask(tab, address, word=text)) < 100
    fields = dict.fromkeys(("concept", "document", "place", "era", "theme", "sort"), text)
    tab.goto(f"{address}{PAGE}?{urlencode(fields)}")
    expect(tab.locator(STATUS)).to_have_text(re.compile("Type a word"))
    assert tab.locator("#pb-concordance img, #pb-concordance script").count() == 0


def test_a_left_out_sentence_is_marked_and_not_found(tab: Tab, address: str) -> None:
    found = ask(tab, address, word="the", document="guizhou-2024-two-strategies")
    assert "[left out]" in " ".join(one["left"] + one["right"] for one in found)
    assert ask(tab, address, word='"left out"') == []


def test_it_works_in_a_folder_without_a_server(tab: Tab, site: Path) -> None:
    found = ask(tab, f"{site.as_uri()}/", word="何立峰")
    assert found
    assert Path(found[0]["href"].removeprefix("file://").partition("#")[0]).is_file()


def test_without_scripts_a_sentence_says_so(browser: Browser, address: str) -> None:
    tab = browser.new_page(java_script_enabled=False)
    tab.goto(f"{address}{PAGE}")
    assert tab.get_by_text("The concordance needs JavaScript").is_visible()
    assert not tab.locator("#pb-concordance").is_visible()
    tab.close()


def test_its_data_are_small_and_loaded_on_its_page_only(tab: Tab, site: Path, address: str) -> None:
    assert len(gzip.compress((site / "search" / "concordance.js").read_bytes())) < MOST_BYTES
    for name, wanted in (("index.html", 0), (PAGE, 1)):
        tab.goto(f"{address}{name}", wait_until="networkidle")
        if wanted:  # it asks for a word when it has them
            expect(tab.locator(STATUS)).to_have_text(re.compile("word"))
        loaded = tab.evaluate("performance.getEntriesByType('resource').map(one => one.name)")
        assert sum("search/concordance.js" in url for url in loaded) == wanted


@pytest.mark.parametrize("word", ["户籍", "labour"])
def test_lines_can_be_read_by_all(browser: Browser, address: str, word: str) -> None:
    """On a telephone in the dark: nothing wider than the page, Chinese marked as such, headers and lines announced."""
    tab = browser.new_page(viewport=NARROW, color_scheme="dark")
    ask(tab, address, word=word)
    assert tab.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert tab.locator("#pb-concordance thead th[scope=col]").count() == 4
    unmarked = tab.locator("#pb-concordance").evaluate(
        r"""box => {
          const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT), found = [];
          while (walker.nextNode())
            if (/[\u3400-\u9fff]/.test(walker.currentNode.data) &&
                !walker.currentNode.parentElement.closest("[lang]").lang.startsWith("zh"))
              found.push(walker.currentNode.data);
          return found;
        }"""
    )
    assert unmarked == []
    tab.close()
