"""What a marked term says of itself when pointed at, tapped or reached with keys, on a page of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from policybook.build.site import LOOKS

MARK = '<mark title="{0} · pīnyīn · English of {0} · A theme" class="pb-theme-{1}" data-concept="c-{1}">{0}</mark>'
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Marks</title>
<link rel="stylesheet" href="policybook.css"><body>
<nav><a href="chapters/terms.html">Terms</a></nav>
<article class="bd-article" data-pb-lines="All its lines">
<fieldset class="pb-themes" hidden><legend>Themes</legend>
<label class="pb-theme-1"><input type="checkbox" checked value="1"> One</label>
<label class="pb-theme-2"><input type="checkbox" checked value="2"> Two</label></fieldset>
<div class="pb-passages"><p lang="zh-Hans" id="a">推进{first}和{second}。</p>
<p id="b">Also {third} <b>here</b>.</p></div>
<p id="end"><a href="#end">behind</a></p></article>
<script src="fold.js"></script><script src="marks.js"></script>
""".format(first=MARK.format("市民化", 1), second=MARK.format("城镇化", 2), third=MARK.format("land", 2))

pytestmark = pytest.mark.browser


@pytest.fixture
def file(tmp_path: Path) -> str:
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    for name in ("policybook.css", "fold.js", "marks.js"):
        (tmp_path / name).write_bytes((LOOKS / "static" / name).read_bytes())
    return (tmp_path / "page.html").as_uri()


@pytest.fixture
def tab(browser: Browser, file: str) -> Iterator[Tab]:
    context = browser.new_context(viewport={"width": 390, "height": 500}, has_touch=True)
    tab = context.new_page()
    errors: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.goto(file)
    yield tab
    context.close()
    assert errors == []


def said(tab: Tab) -> list[str]:
    """Return what is said of a term, a line each; nothing when nothing is."""
    note = tab.locator(".pb-term")
    return note.inner_text().split("\n") if note.is_visible() else []


OF_FIRST = ["市民化", "pīnyīn", "English of 市民化", "A theme", "All its lines"]


def test_a_term_that_is_pointed_at_says_what_it_is_and_stays(tab: Tab) -> None:
    tab.hover("mark >> nth=0")
    assert said(tab) == OF_FIRST
    tab.hover(".pb-term")
    tab.wait_for_timeout(500)
    assert said(tab) == OF_FIRST
    tab.keyboard.press("Escape")
    assert said(tab) == []
    tab.hover("mark >> nth=0", position={"x": 3, "y": 3})
    tab.hover("#end")
    expect(tab.locator(".pb-term")).to_be_hidden()


def test_a_tap_says_it_and_a_tap_elsewhere_ends_it(tab: Tab) -> None:
    tab.tap("mark >> nth=2")
    assert said(tab)[2] == "English of land"
    tab.tap("mark >> nth=0")
    assert said(tab) == OF_FIRST
    tab.touchscreen.tap(200, 490)
    assert said(tab) == []


def test_keys_go_from_paragraph_to_paragraph_and_from_term_to_term(tab: Tab) -> None:
    tab.focus("input >> nth=1")
    tab.keyboard.press("Tab")
    assert said(tab) == OF_FIRST
    tab.keyboard.press("ArrowRight")
    assert said(tab)[0] == "城镇化"
    assert tab.locator("mark:focus").get_attribute("aria-describedby") == tab.locator(".pb-term").get_attribute("id")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.href").endswith("chapters/terms.html?concept=c-2#concordance")
    tab.keyboard.press("Tab")
    assert said(tab)[0] == "land"
    tab.keyboard.press("Escape")
    assert said(tab) == []
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "behind"


def test_it_fits_the_page_and_its_chinese_is_told(tab: Tab) -> None:
    tab.tap("mark >> nth=1")
    box = tab.locator(".pb-term").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    assert tab.locator(".pb-term").get_attribute("lang") == "en"
    assert tab.locator(".pb-term [lang=zh]").first.inner_text() == "城镇化"


def test_themes_that_are_not_chosen_are_not_marked(tab: Tab) -> None:
    tab.get_by_label("Two").uncheck()
    assert tab.locator("mark.pb-off").all_inner_texts() == ["城镇化", "land"]
    tab.hover("mark >> nth=1")
    assert said(tab) == []
    assert tab.locator("#b mark[tabindex='0']").count() == 0
    tab.get_by_label("Two").check()
    assert tab.locator("mark.pb-off").count() == 0


def test_without_the_script_titles_say_it(browser: Browser, file: str) -> None:
    tab = browser.new_page(java_script_enabled=False)
    tab.goto(file)
    assert "pīnyīn" in tab.locator("mark").first.get_attribute("title")
    assert not tab.locator("fieldset").is_visible()
    tab.close()
