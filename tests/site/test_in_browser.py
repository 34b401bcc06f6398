"""Every page opened in a real browser: nothing fails, nothing leaves this computer, everything can be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from copies import HOSTILE, SIXTH
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab
from views import NARROW, WIDE, in_view

pytestmark = pytest.mark.browser

#: For every text node inside the element: the colours of its text and of what is painted behind it.
COLOURS = """
selector => {
  const paint = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const rgba = colour => {
    paint.clearRect(0, 0, 1, 1); paint.fillStyle = colour; paint.fillRect(0, 0, 1, 1);
    return [...paint.getImageData(0, 0, 1, 1).data];
  };
  const behind = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = rgba(getComputedStyle(e).backgroundColor);
      if (colour[3] > 250) return colour;
    }
    return [255, 255, 255, 255];
  };
  return [...document.querySelectorAll(selector)]
    .filter(e => e.textContent.trim() && e.getClientRects().length)
    .map(e => {
      const style = getComputedStyle(e);
      const colour = e instanceof SVGElement ? style.fill : style.color;
      return {text: e.textContent.trim().slice(0, 40), front: rgba(colour), back: behind(e)};
    });
}
"""


@dataclass
class Visit:
    """What a reader's browser met on one page."""

    said: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    unloaded: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    overflow: dict[str, int] = field(default_factory=dict)


@pytest.fixture(scope="module")
def visits(browser: Browser, pages, address: str) -> dict[str, Visit]:
    """Every page opened once, each by a reader who was never here."""
    return {name: _visit(browser, f"{address}{name}.html", address) for name in pages}


@pytest.fixture
def tab(browser: Browser) -> Iterator[Tab]:
    """A fresh reader's tab."""
    tab = browser.new_page(viewport=WIDE)
    yield tab
    tab.close()


def test_no_page_reports_an_error(visits: dict[str, Visit]):
    assert {name: visit.said for name, visit in visits.items() if visit.said} == {}


def test_nothing_that_a_page_asks_for_is_missing(visits: dict[str, Visit]):
    assert {name: visit.failed for name, visit in visits.items() if visit.failed} == {}


def test_no_page_asks_another_host_for_anything(visits: dict[str, Visit]):
    assert {name: visit.elsewhere for name, visit in visits.items() if visit.elsewhere} == {}


def test_every_image_is_loaded(visits: dict[str, Visit]):
    assert {name: visit.unloaded for name, visit in visits.items() if visit.unloaded} == {}


def test_no_text_of_a_document_runs_as_a_script(visits: dict[str, Visit]):
    assert {name: visit.dialogs for name, visit in visits.items() if visit.dialogs} == {}


def test_every_passage_and_quotation_takes_up_room(visits: dict[str, Visit]):
    assert {name: visit.unseen for name, visit in visits.items() if visit.unseen} == {}


def test_no_page_is_wider_than_a_telephone(visits: dict[str, Visit]):
    assert {name: visit.overflow for name, visit in visits.items() if visit.overflow} == {}


def test_chinese_is_drawn_with_glyphs_of_its_own(tab: Tab, address: str):
    """A font without Chinese draws the same box for every character: two different ones must look different."""
    tab.goto(f"{address}documents/web-2021-joint-conference.html")
    drawn = tab.evaluate(
        """() => {
          const font = getComputedStyle(document.querySelector("p.pb-passage")).fontFamily;
          return [..."城镇的"].map(character => {
            const canvas = Object.assign(document.createElement("canvas"), {width: 60, height: 60});
            const paint = canvas.getContext("2d");
            paint.font = `40px ${font}`;
            paint.fillText(character, 5, 45);
            return canvas.toDataURL();
          });
        }"""
    )
    assert len(set(drawn)) == 3


def test_hostile_text_is_read_as_text(tab: Tab, address: str):
    tab.goto(f"{address}documents/{SIXTH}.html")
    shown = " ".join(tab.locator("p.pb-passage").all_inner_texts())
    assert [one for one in HOSTILE if one not in shown] == []


@pytest.mark.parametrize(
    "place",
    [
        f"documents/{SIXTH}.html#p07",
        "documents/web-2024-county-mobilization.html#p37",
        "documents/web-2021-joint-conference.html#p07",
        f"documents/{SIXTH}.html#concepts",
        "comparisons/eras.html#not-concluded",
        "chapters/corpus.html#scopes",
    ],
)
def test_a_link_lands_on_what_it_names(tab: Tab, address: str, place: str):
    tab.goto(f"{address}{place}")
    assert in_view(tab, place.partition("#")[2])


def test_a_link_within_the_page_lands_under_no_header(tab: Tab, address: str):
    tab.goto(f"{address}documents/web-2024-county-mobilization.html")
    tab.locator("#concepts details").last.locator("summary").click()
    tab.locator("#concepts td a[href^='#p']").last.click()
    anchor = tab.evaluate("location.hash.slice(1)")
    assert anchor.startswith("p")
    assert in_view(tab, anchor)
    assert tab.evaluate("id => document.getElementById(id).matches(':target')", anchor)


@pytest.mark.parametrize("comparison", ["eras", "national-liaoning", "national-fujian"])
def test_a_link_to_evidence_opens_it(tab: Tab, address: str, comparison: str):
    tab.goto(f"{address}comparisons/{comparison}.html")
    identifier = tab.locator("details[id^='evidence-']").last.get_attribute("id")
    tab.goto(f"{address}index.html")
    tab.goto(f"{address}comparisons/{comparison}.html#{identifier}")
    tab.wait_for_function("id => document.getElementById(id).open", arg=identifier)
    assert in_view(tab, str(identifier))


def test_a_number_leads_to_its_sentences(tab: Tab, address: str):
    """From a row of the counts to the evidence, and from there to the passage."""
    tab.goto(f"{address}comparisons/eras.html")
    tab.locator("#counts summary").first.click()
    tab.locator("#counts tbody a.pb-count").first.click()
    tab.wait_for_selector("details[open] .pb-source")
    source = tab.locator("details[open] .pb-source").first
    sentence = str(source.get_attribute("title"))
    source.click()
    tab.wait_for_url("**/documents/*.html#p*")
    document, _, passage = sentence.partition(":")
    assert tab.url.endswith(f"documents/{document}.html#{passage}")
    assert in_view(tab, passage)


def test_a_mark_of_a_chart_leads_to_its_counts(tab: Tab, address: str):
    tab.goto(f"{address}comparisons/eras.html")
    tab.locator("#counts summary").first.click()
    mark = tab.locator("figure svg a[href^='#']:visible").first
    target = mark.get_attribute("href")
    mark.scroll_into_view_if_needed()
    place = mark.evaluate(
        """link => {
          const drawn = link.querySelector("path"), point = drawn.getPointAtLength(drawn.getTotalLength() / 3);
          const there = new DOMPoint(point.x, point.y).matrixTransform(drawn.getScreenCTM());
          return [there.x, there.y];
        }"""
    )
    tab.mouse.click(*place)
    assert tab.evaluate("location.hash") == target
    assert in_view(tab, str(target)[1:])


def test_the_sidebar_leads_through_the_book(tab: Tab, address: str):
    tab.goto(f"{address}index.html")
    tab.locator("nav.bd-docs-nav li.toctree-l1 > a").nth(1).click()
    tab.wait_for_url("**/chapters/places.html")
    assert tab.locator("nav.bd-docs-nav li.current").count() == 1


def test_columns_stand_side_by_side_on_a_wide_screen(tab: Tab, address: str):
    tab.goto(f"{address}chapters/corpus.html")
    sidebar, article = tab.locator(".bd-sidebar-primary").bounding_box(), tab.locator("article").bounding_box()
    assert sidebar["x"] + sidebar["width"] <= article["x"]
    assert article["width"] > 500


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", ["comparisons/eras", f"documents/{SIXTH}", "chapters/corpus", "index"])
def test_text_stands_out_from_its_background(browser: Browser, address: str, scheme: str, page: str):
    """At least 3 to 1 (WCAG's bound for large text), in figures too; the words of a cloud are large."""
    context = browser.new_context(color_scheme=scheme, viewport=WIDE)
    tab = context.new_page()
    tab.goto(f"{address}{page}.html")
    found = tab.evaluate(COLOURS, "article p, article td, article th, article h2, article svg text, .pb-left-out")
    context.close()
    assert [one["text"] for one in found if _contrast(one["front"], one["back"]) < 3] == []


def _visit(browser: Browser, address: str, home: str) -> Visit:
    visit = Visit()
    context = browser.new_context(viewport=WIDE)
    tab = context.new_page()
    tab.on("console", lambda said: visit.said.append(said.text) if said.type in ("error", "warning") else None)
    tab.on("pageerror", lambda error: visit.said.append(str(error)))
    tab.on("requestfailed", lambda request: visit.failed.append(request.url))
    tab.on("response", lambda answer: visit.failed.append(answer.url) if answer.status >= 400 else None)
    tab.on("dialog", lambda dialog: (visit.dialogs.append(dialog.message), dialog.dismiss()))

    def note(request) -> None:
        if not request.url.startswith((home, "data:", "blob:")):
            visit.elsewhere.append(request.url)

    tab.on("request", note)
    tab.goto(address, wait_until="networkidle")
    visit.unloaded = tab.evaluate(
        "() => [...document.images].filter(i => !i.complete || !i.naturalWidth).map(i => i.src)"
    )
    visit.unseen = tab.evaluate(
        """() => [...document.querySelectorAll("p.pb-passage, details[open] blockquote, .pb-reading blockquote")]
          .filter(e => { const box = e.getBoundingClientRect(); return box.width < 50 || box.height < 10; })
          .map(e => e.id || e.textContent.slice(0, 40))"""
    )
    tab.set_viewport_size(NARROW)
    visit.overflow = tab.evaluate(
        """() => {
          const page = document.documentElement;
          return page.scrollWidth <= innerWidth + 1 ? {} : {width: page.scrollWidth, window: innerWidth};
        }"""
    )
    context.close()
    return visit


def _contrast(front: list[int], back: list[int]) -> float:
    """Return the contrast of two colours after WCAG 2; what is half transparent shows half of what is behind."""
    alpha = front[3] / 255
    mixed = [alpha * f + (1 - alpha) * b for f, b in zip(front[:3], back[:3], strict=True)]
    bright, dim = sorted((_luminance(mixed), _luminance(back[:3])), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(colour: list[float]) -> float:
    red, green, blue = (c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
