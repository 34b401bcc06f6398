"""The box that filters a list of entries, on a page of its own: no book has to be built for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from policybook.build.site import LOOKS

PAGE = """<!doctype html><meta charset="utf-8"><title>Terms</title>
<p id="box" hidden data-pb-filter="#terms"><label for="typed">Show</label> <input id="typed" type="search">
<span role="status"></span></p>
<div id="terms">
<details id="term-a" data-pb-words="市民化 citizenization shi min hua"><summary>市民化</summary></details>
<details id="term-b" data-pb-words="城镇化 Urbanization cheng zhen hua"><summary>城镇化</summary></details>
<details id="term-c" data-pb-words="城乡融合 urban-rural integration cheng xiang"><summary>城乡融合</summary></details>
</div>
<script src="filter.js"></script>
"""

pytestmark = pytest.mark.browser


@pytest.fixture
def tab(browser: Browser, tmp_path: Path) -> Tab:
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "filter.js").write_bytes((LOOKS / "static" / "filter.js").read_bytes())
    tab = browser.new_page()
    tab.goto((tmp_path / "page.html").as_uri())
    return tab


def left(tab: Tab) -> list[str]:
    return tab.locator("details:visible").evaluate_all("all => all.map(one => one.id.slice(5))")


@pytest.mark.parametrize(
    ("typed", "entries"),
    [
        ("", ["a", "b", "c"]),
        ("市民化", ["a"]),
        ("URBAN", ["b", "c"]),
        ("urban rural", ["c"]),
        ("chéng zhèn", ["b"]),
        ("chengzhen", ["b"]),
        ("nowhere", []),
        (".*(", []),
    ],
)
def test_it_shows_the_entries_that_hold_what_is_typed(tab: Tab, typed: str, entries: list[str]) -> None:
    tab.fill("#typed", typed)
    assert left(tab) == entries
    assert tab.inner_text("[role=status]") == (f"{len(entries)} of 3" if typed else "")


def test_a_link_to_an_entry_that_is_filtered_out_shows_it(tab: Tab) -> None:
    tab.fill("#typed", "市民化")
    tab.evaluate("location.hash = '#term-b'")
    tab.wait_for_function("() => !document.getElementById('term-b').hidden")
    assert left(tab) == ["a", "b", "c"]


def test_without_the_script_the_list_is_whole_and_no_box_promises_more(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    tab = browser.new_page(java_script_enabled=False)
    tab.goto((tmp_path / "page.html").as_uri())
    assert tab.locator("details:visible").count() == 3
    assert not tab.is_visible("#box")
