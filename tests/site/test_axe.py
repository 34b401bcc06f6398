"""What axe, the checker that others judge pages with, finds on the built site: nothing serious."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ViewportSize
from views import NARROW

pytestmark = pytest.mark.browser

#: Of WCAG 2.2, A and AA, and what axe recommends besides.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: Takes three quarters of the time; test_accessible measures it of every text, light and dark, at both widths.
CONTRAST = {"color-contrast": {"enabled": False}}
#: One page of each kind but the two longest.
KINDS = (
    "index", "chapters/plans", "chapters/targets", "chapters/topic-land", "chapters/timeline", "chapters/corpus",
    "documents/web-2021-joint-conference", "comparisons/national-fujian", "how-to-read", "search", "zh/index",
    "zh/search",
)  # fmt: skip


def test_axe_finds_nothing_serious_on_any_page(browser: Browser, pages, address: str):
    wide = {"width": 1366, "height": 900}
    assert dict(_found(browser, address, [*pages, "404"], wide, "light", rules=CONTRAST)) == {}


def test_axe_finds_nothing_serious_on_a_telephone_in_the_dark(browser: Browser, address: str):
    assert dict(_found(browser, address, KINDS, NARROW, "dark")) == {}


def _found(browser: Browser, address: str, names: Iterable[str], size: ViewportSize, scheme: str,
           **options: object) -> Iterator[tuple[str, list[str]]]:  # fmt: skip
    """Yield of every page on which something serious is wrong "rule: what" of the first places of each rule."""
    for name in names:
        tab = browser.new_page(viewport=size, color_scheme=scheme, bypass_csp=True)
        tab.goto(f"{address}{name}.html", wait_until="load")
        said = Axe().run(tab, options={"resultTypes": ["violations"], "runOnly": RULES, **options}).response
        tab.close()
        if wrong := [f"{one['id']}: {node['html'][:200]}" for one in said["violations"]
                     if one["impact"] in ("serious", "critical") for node in one["nodes"][:3]]:  # fmt: skip
            yield name, wrong
