"""The way to other editions, and what addresses of earlier ones lead to, in a real browser."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from site_server import serve_folder

from policybook.build.anchors import NEXT, Published, earlier_places
from policybook.build.targets import load_record

DOCUMENT = "documents/web-2021-joint-conference"
ROWS = [
    Published(DOCUMENT, "p03", "passage", "", "", "0.1.0", now=f"{DOCUMENT}#p04"),
    Published(DOCUMENT, "p90", "passage", "", "", "0.1.0", now=f"{DOCUMENT}#p06"),
    Published(DOCUMENT, "p90.2", "sentence", "", "", "0.1.0", now=f"{DOCUMENT}#p06.2"),
    Published(DOCUMENT, "p91", "passage", "", "", "0.1.0", gone=NEXT),
    Published(DOCUMENT, "figure-old", "figure", "A <figure>", "", "0.1.0", now="chapters/corpus#documents"),
]


@pytest.fixture(scope="module")
def editions(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Two editions beside each other, of which the earlier has no page of the corpus, and the address of both."""
    root = tmp_path_factory.mktemp("published")
    shutil.copytree(site, root / "book" / "v0.2.0", ignore=shutil.ignore_patterns("search", "downloads"))
    shutil.copytree(root / "book" / "v0.2.0", root / "book" / "v0.1.0")
    (root / "book" / "v0.1.0" / "chapters" / "corpus.html").unlink()
    (root / "book" / "editions.json").write_text(json.dumps(["v0.2.0", "v0.1.0"]), encoding="utf-8")
    shutil.copytree(root / "book" / "v0.2.0", root / "alone" / "v0.2.0")
    (root / "index.html").write_text("", encoding="utf-8")
    page = root / "book" / "v0.2.0" / f"{DOCUMENT}.html"
    record = load_record(site, DOCUMENT)
    assert record is not None
    listed = earlier_places(ROWS, record, "0.2.0")  # type: ignore[arg-type]
    page.write_text(page.read_text(encoding="utf-8").replace("</article>", f"{listed}</article>"), encoding="utf-8")
    with serve_folder(root) as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.set_default_timeout(20_000)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page
    assert wrong == []
    context.close()


def test_a_page_leads_to_itself_in_the_other_editions(page: Page, editions: str):
    page.goto(f"{editions}book/v0.2.0/chapters/methods.html")
    box = page.locator(".pb-editions")
    expect(box.locator("summary")).to_have_text("v0.2.0")
    expect(box.locator("summary")).to_have_accessible_name("Edition v0.2.0. Editions of this book")
    box.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(box.locator("a")).to_have_text(["v0.2.0 (newest)", "v0.1.0"])
    expect(box.locator("a[aria-current]")).to_have_text("v0.2.0 (newest)")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("Escape")
    expect(box.locator("ul")).to_be_hidden()
    box.locator("summary").click()
    box.locator("a").nth(1).click()
    page.wait_for_url("**/v0.1.0/chapters/methods.html")


def test_an_edition_without_the_page_shows_its_front_page(page: Page, editions: str):
    page.goto(f"{editions}book/v0.2.0/chapters/corpus.html")
    page.locator(".pb-editions summary").click()
    page.locator(".pb-editions a").nth(1).click()
    page.wait_for_url("**/v0.1.0/")


@pytest.mark.parametrize("where", ["alone/v0.2.0/index.html", "book/v0.2.0/../../alone/v0.2.0/chapters/methods.html"])
def test_without_a_list_nothing_is_shown(page: Page, editions: str, where: str):
    with page.expect_response("**/editions.json"):
        page.goto(f"{editions}{where}")
    expect(page.locator(".pb-editions")).to_be_hidden()


def test_a_book_that_stands_alone_asks_for_no_list(page: Page, address: str):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}chapters/methods.html")
    expect(page.locator(".pb-editions")).to_be_hidden()
    assert [one for one in asked if "editions.json" in one] == []


def hash_of(page: Page) -> str:
    return str(page.evaluate("location.hash"))


def test_an_address_of_an_earlier_edition_leads_to_its_words(page: Page, editions: str):
    there = f"{editions}book/v0.2.0/{DOCUMENT}.html"
    page.goto(f"{there}#p90")
    expect(page.locator(".pb-earlier-note")).to_contain_text("Paragraph 90 of edition 0.1.0 is now paragraph 6")
    assert hash_of(page) == "#p06"
    page.goto("about:blank")
    page.goto(f"{there}#p90.2")
    expect(page.locator(".pb-earlier-note")).to_be_visible()
    assert hash_of(page) == "#p06.2"
    page.goto("about:blank")
    page.goto(f"{there}#figure-old")
    page.wait_for_url("**/chapters/corpus.html#documents")


def test_who_comes_from_outside_is_led_to_the_old_words_and_a_link_within_is_what_it_says(page: Page, editions: str):
    there = f"{editions}book/v0.2.0/{DOCUMENT}.html"
    page.goto(f"{there}#p03")
    expect(page.locator(".pb-earlier-note")).to_contain_text("Paragraph 3 of edition 0.1.0 is now paragraph 4")
    assert hash_of(page) == "#p04"
    page.evaluate("location.hash = '#p03'")
    page.wait_for_function("location.hash === '#p03'")
    note = page.locator(".pb-earlier-note")
    expect(note).to_have_count(1)
    assert note.evaluate("note => note.nextElementSibling.id") == "p03"
    assert hash_of(page) == "#p03"


def test_what_is_gone_says_so_with_and_without_scripts(page: Page, browser: Browser, editions: str):
    there = f"{editions}book/v0.2.0/{DOCUMENT}.html#p91"
    page.goto(there)
    expect(page.locator("#p91")).to_contain_text("stood here and is gone since edition 0.2.0.")
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(there)
    expect(plain.locator("#p91")).to_be_in_viewport()
    expect(plain.locator("#p90 a")).to_have_attribute("href", "#p06")
    context.close()


def test_an_address_that_a_later_edition_published_anew_stays(site: Path):
    record = load_record(site, DOCUMENT)
    assert record is not None
    anew = replace(ROWS[0], edition="0.2.0", now="")
    assert "data-leads" in earlier_places(ROWS[:1], record, "0.2.0")  # type: ignore[arg-type]
    assert "data-leads" not in earlier_places([*ROWS[:1], anew], record, "0.2.0")  # type: ignore[arg-type]
