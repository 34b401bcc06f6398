"""What a reader needs who cannot see the page, or not well, or has no mouse: checked on every page in a browser."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab
from views import NARROW

pytestmark = pytest.mark.browser

SIZES = ({"width": 1366, "height": 900}, NARROW)
#: A first visit weighs no more, gzipped: the front page with all that it asks for.
MOST_BYTES = 300_000
MOST_NODES = 9_000

#: Words in figures that reach beyond their left or right edge.
CUT = """
() => [...document.querySelectorAll("figure.pb-chart svg")].filter(one => one.checkVisibility()).flatMap(one => {
  const edge = one.getBoundingClientRect();
  return [...one.querySelectorAll("text")].filter(text => {
    const box = text.getBoundingClientRect();
    return box.width && (box.left < edge.left - 2 || box.right > edge.right + 2);
  }).map(text => `${one.closest("figure").id}: ${text.textContent}`);
})
"""

#: What of a page is wrong, each as "rule: what". Only what is shown is looked at.
CHECKS = r"""
() => {
  const wrong = [], say = (rule, element) =>
    wrong.push(`${rule}: ${(element.outerHTML || element).slice(0, 160)}`);
  const shown = element => element.checkVisibility({checkOpacity: true, checkVisibilityCSS: true});
  const han = /[\u3400-\u9fff\uf900-\ufaff]/;

  const named = element => [
    element.getAttribute("aria-label"), element.getAttribute("title"), element.textContent,
    ...(element.labels ? [...element.labels].map(one => one.textContent) : []),
    ...(element.getAttribute("aria-labelledby") || "").split(/\s+/).filter(Boolean)
      .map(id => (document.getElementById(id) || {}).textContent),
    ...[...element.querySelectorAll("img[alt], svg[aria-label]")].map(one => one.alt || one.getAttribute("aria-label")),
  ].some(text => (text || "").trim());
  document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary").forEach(one => {
    if (shown(one) && !named(one)) say("no name", one);
  });

  let level = 0;
  document.querySelectorAll("article h1, article h2, article h3, article h4, article h5, article h6").forEach(one => {
    const own = Number(one.tagName[1]);
    if (shown(one) && own > level + 1) say(`heading ${level} to ${own}`, one);
    if (shown(one)) level = own;
  });

  document.querySelectorAll("main *").forEach(one => {
    if (one.closest("svg") || !shown(one)) return;
    const style = getComputedStyle(one), roll = /auto|scroll/;
    const wide = roll.test(style.overflowX) && one.scrollWidth > one.clientWidth + 1;
    const long = roll.test(style.overflowY) && one.scrollHeight > one.clientHeight + 1;
    if ((wide || long) && one.tabIndex < 0 && !one.querySelector("a[href], button, input, summary, [tabindex='0']"))
      say("cannot be scrolled by keys", one);
  });

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const {data, parentElement} = walker.currentNode;
    if (!han.test(data) || parentElement.closest("script, style, svg title")) continue;
    if (!parentElement.closest("[lang]").getAttribute("lang").startsWith("zh")) say("Chinese without lang", data);
  }

  const paint = document.createElement("canvas").getContext("2d", {willReadFrequently: true}), known = new Map();
  const rgba = colour => {
    if (!known.has(colour)) {
      paint.clearRect(0, 0, 1, 1); paint.fillStyle = colour; paint.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = paint.getImageData(0, 0, 1, 1).data;
      known.set(colour, [r, g, b, a / 255]);
    }
    return known.get(colour);
  };
  const over = (front, back) => [0, 1, 2].map(n => front[n] * front[3] + back[n] * (1 - front[3])).concat(1);
  const behind = element => {
    if (!element) return [255, 255, 255, 1];
    const colour = rgba(getComputedStyle(element).backgroundColor);
    return colour[3] === 1 ? colour : over(colour, behind(element.parentElement));
  };
  const light = colour => {
    const linear = v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    const [r, g, b] = colour.slice(0, 3).map(v => linear(v / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const one = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || one.closest("svg, script, style, noscript") || !shown(one)) continue;
    const style = getComputedStyle(one), back = behind(one);
    let faded = 1;
    for (let e = one; e; e = e.parentElement) faded *= Number(getComputedStyle(e).opacity);
    const [r, g, b, a] = rgba(style.color), front = over([r, g, b, a * faded], back);
    const both = [light(front), light(back)].sort((x, y) => y - x), ratio = (both[0] + 0.05) / (both[1] + 0.05);
    const size = parseFloat(style.fontSize), large = size >= 24 || size >= 18.66 && Number(style.fontWeight) >= 700;
    if (ratio < (large ? 3 : 4.5) - 0.01) say(`contrast ${ratio.toFixed(2)}`, one);
  }
  return [...new Set(wrong)];
}
"""


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def tab(browser: Browser, scheme: str) -> Iterator[Tab]:
    """A fresh reader's tab, in the light and in the dark."""
    tab = browser.new_page(color_scheme=scheme)
    yield tab
    tab.close()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size["width"]))
def test_every_page_can_be_read_by_all(tab: Tab, pages, address: str, size: dict[str, int]):
    """Names of links and buttons, order of headings, scrolling by keys, language of Chinese, contrast of text."""
    tab.set_viewport_size(size)
    wrong = {}
    for name in pages:
        tab.goto(f"{address}{name}.html")
        if found := tab.evaluate(CHECKS):
            wrong[name] = found[:5]
    assert wrong == {}


#: On paper: light text, dark grounds, and whether the title is there, of what is shown.
ON_PAPER = r"""
() => {
  const paint = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const light = colour => {
    paint.clearRect(0, 0, 1, 1); paint.fillStyle = "#808080"; paint.fillStyle = colour; paint.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = paint.getImageData(0, 0, 1, 1).data;
    return a < 128 ? null : (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
  };
  const wrong = [], shown = one => one.checkVisibility({checkOpacity: true, checkVisibilityCSS: true});
  for (const one of [document.body, ...document.querySelectorAll("article, article *")]) {
    if (!shown(one)) continue;
    const style = getComputedStyle(one), drawn = one.closest("svg");
    const says = [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    const text = light(drawn ? style.fill : style.color), ground = light(style.backgroundColor);
    if (says && text !== null && text > 0.55) wrong.push(`light text: ${one.outerHTML.slice(0, 120)}`);
    if (!drawn && ground !== null && ground < 0.8) wrong.push(`dark ground: ${one.outerHTML.slice(0, 120)}`);
  }
  if (!shown(document.querySelector("article h1"))) wrong.push("no title");
  return [...new Set(wrong)];
}
"""


def test_a_page_is_printed_in_black_on_white_from_the_dark_too(browser: Browser, pages, address: str):
    """Text, tables, code and the letters of charts; with its title."""
    tab, wrong = browser.new_page(color_scheme="dark"), {}
    for name in pages:
        tab.emulate_media(media="screen")
        tab.goto(f"{address}{name}.html")
        assert tab.evaluate("document.documentElement.dataset.theme") == "dark"
        tab.emulate_media(media="print")
        if found := tab.evaluate(ON_PAPER):
            wrong[name] = found[:5]
    tab.close()
    assert wrong == {}


def test_the_keys_reach_text_and_search_first(browser: Browser, address: str):
    tab = browser.new_page()
    tab.goto(f"{address}index.html")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.getAttribute('href')") == "#main-content"
    tab.keyboard.press("Control+k")
    assert tab.evaluate("document.activeElement.type") == "search"
    tab.close()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size["width"]))
def test_no_page_is_too_large_for_a_simple_device(browser: Browser, pages, address: str, size: dict[str, int]):
    tab = browser.new_page(viewport=size)
    counted = {}
    for name in pages:
        tab.goto(f"{address}{name}.html")
        counted[name] = tab.evaluate("document.querySelectorAll('*').length")
    tab.close()
    assert {name: count for name, count in counted.items() if count > MOST_NODES} == {}


@pytest.mark.parametrize("way", ["address", "fold"])
def test_what_a_page_keeps_aside_is_made_when_it_is_wanted(browser: Browser, pages, address: str, way: str):
    """Rows of a long fold: by an address that leads to one, and by opening the fold."""
    name, kept = next((name, kept) for name, page in pages.items() for kept in page.select("details template.pb-kept"))
    row = next(one.get("id") for one in kept.iter("tr") if one.get("id"))
    tab = browser.new_page()
    tab.goto(f"{address}{name}.html" + f"#{row}" * (way == "address"))
    shown = tab.locator(f"[id='{row}']")
    if way == "fold":
        assert shown.count() == 0
        tab.locator("details", has=tab.locator("template.pb-kept")).first.locator("summary").click()
    shown.wait_for()
    assert tab.locator("template.pb-kept").count() == len(pages[name].select("template.pb-kept")) - 1
    tab.close()


def test_a_figure_is_drawn_for_the_width_it_has(browser: Browser, address: str):
    tab = browser.new_page()
    tab.goto(f"{address}index.html")
    for size, shown in zip((*SIZES, SIZES[0]), ("pb-wide", "pb-narrow", "pb-wide"), strict=True):
        tab.set_viewport_size(size)
        tab.locator(f"figure.pb-chart div.{shown} svg").first.wait_for()
        assert tab.locator("figure.pb-chart svg").count() == tab.locator("figure.pb-chart").count()
    tab.close()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size["width"]))
def test_no_letter_of_a_figure_is_cut(browser: Browser, pages, address: str, size: dict[str, int]):
    tab = browser.new_page(viewport=size)
    cut = {}
    for name in (name for name, page in pages.items() if page.select("figure.pb-chart")):
        tab.goto(f"{address}{name}.html")
        tab.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        if found := tab.evaluate(CUT):
            cut[name] = found
    tab.close()
    assert cut == {}


def test_a_first_visit_is_light(browser: Browser, site: Path, address: str):
    tab = browser.new_page()
    asked: set[str] = set()
    tab.on("response", lambda response: asked.add(response.url))
    tab.goto(f"{address}index.html", wait_until="networkidle")
    tab.close()
    names = {url.removeprefix(address).partition("?")[0] for url in asked if url.startswith(address)}
    assert names > {"index.html", "_static/policybook.css"}
    assert sum(len(gzip.compress((site / name).read_bytes())) for name in names) < MOST_BYTES
