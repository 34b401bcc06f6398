"""Every number on the pages about plans resolves to a row of data/facts with an origin, or says how it came about."""

from __future__ import annotations

import csv
import io
import re
from copy import deepcopy
from typing import TYPE_CHECKING

import lxml.html
import pytest
import yaml
from lxml.html import HtmlElement
from number_origins import foreign, numbers_in, unexplained
from urbanization.checks import load_facts
from urbanization.facts import FactRow, Facts, Rate

from policybook.project import Project

if TYPE_CHECKING:
    from conftest import Page

PAGES = ["index", "chapters/plans", "chapters/targets", "chapters/who", "chapters/structure", "chapters/timeline"]
#: A page of counts alone: of measured texts, none of which is a row of facts.
COUNTS = "chapters/places"
#: How the names of tables and charts of counts begin on the other pages.
COUNTED = ("eras", "places", "own-texts", "decisions", "congress", "outlines", "people", "registration",
           "named", "organs", "below", "addressed", "addressees")
SOURCES = {"corpus", "assumption", "computation"}


@pytest.fixture(scope="module")
def facts(built: Project) -> Facts:
    return load_facts(built)


@pytest.fixture(scope="module")
def rows(facts: Facts) -> dict[str, FactRow]:
    return dict(facts.by_id)


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest, pages: dict[str, Page]) -> Page:
    return pages[request.param]


@pytest.fixture
def article(page: Page) -> HtmlElement:
    return page.select("article.bd-article")[0]


@pytest.mark.parametrize("name", [*PAGES, COUNTS])
def test_no_number_is_typed(pages: dict[str, Page], name: str):
    article = deepcopy(pages[name].select("article.bd-article")[0])
    for table, content in _counted(pages[name], article):
        held = _as_printed(content)
        for row in table.cssselect("tbody tr"):
            told = " ".join(row.itertext())
            assert numbers_in(told) <= held, told
        table.set("data-from", "corpus")
    assert unexplained(article) == []


def test_a_number_that_its_table_does_not_hold_would_be_found():
    held = _as_printed("share,ratio\r\n0.0229,0.4512\r\n")
    assert numbers_in("2.3 % 0.45 (.451)") <= held and not numbers_in("2.4 %") <= held


def test_a_number_that_is_typed_would_be_found():
    typed = lxml.html.fromstring(
        "<article><h2>The 18 indicators</h2><p>In 2020 it was <data data-rows='a'>63.89</data>, then 64.72 of "
        "<b>100</b>, on 30 March 2021.</p></article>"
    )
    assert unexplained(typed) == [", then 64.72 of ", "100"]


def test_a_number_that_its_row_does_not_hold_would_be_found(rows: dict[str, FactRow]):
    row = next(row for row in rows.values() if isinstance(row, Rate) and row.value_percent == "63.89")
    wrong = lxml.html.fromstring(
        f"<article><data data-rows='{row.id}'>63.98</data><data data-rows='{row.id}'>63.89</data></article>"
    )
    assert foreign(wrong, rows) == ["63.98 in '63.98'"]


def test_every_row_named_exists_and_stands_on_the_page_with_its_origin(
    article: HtmlElement, rows: dict[str, FactRow], built: Project
):
    """A document of the book is named by its title."""
    entries = yaml.safe_load(built.corpus_file.read_text(encoding="utf-8"))["documents"]
    titles = {str(entry["id"]): str(entry["title"]) for entry in entries}
    named = {name for e in article.cssselect("[data-rows]") for name in e.get("data-rows").split()}
    assert named
    assert named <= set(rows)
    shown = {e.get("id"): " ".join(e.text_content().split()) for e in article.cssselect("[id^='row-']")}
    for name in sorted(named):
        said = shown[f"row-{name}"]
        source = rows[name].source_title
        assert " ".join(titles.get(source, source).split()) in said, name


def test_every_number_of_a_row_stands_in_that_row(article: HtmlElement, rows: dict[str, FactRow]):
    assert foreign(article, rows) == []


def test_a_number_printed_leads_to_its_row(article: HtmlElement):
    links = article.cssselect("a.pb-fact")
    assert links or not article.cssselect("data[data-rows]:not([data-how])")
    for link in links:
        (number,) = link.cssselect("data[data-rows]")
        assert link.get("href") == f"#row-{number.get('data-rows').split()[0]}"
        assert number.get("value") == number.text_content().replace(",", "")


def test_computed_numbers_are_what_their_rows_give(article: HtmlElement, rows: dict[str, FactRow]):
    for number in article.cssselect("data[data-how]"):
        named = [rows[name] for name in number.get("data-rows").split()]
        value, how = number.get("value"), number.get("data-how")
        if how == "count":
            assert int(value) == len(set(named))
        elif how == "difference":
            first, last = named
            assert value == f"{last.value - first.value:.2f}"
        elif how == "pace":
            first, last = named
            assert value == f"{(last.value - first.value) / (int(last.year) - int(first.year)):.2f}"
        else:
            assert how == "other"
            assert named


def test_every_other_number_says_what_it_is(article: HtmlElement):
    assert {e.get("data-from") for e in article.cssselect("[data-from]")} <= SOURCES


def test_rows_that_conflict_say_so(pages: dict[str, Page], facts: Facts):
    (group,) = facts.conflicts()
    for row in group:
        (shown,) = pages["chapters/targets"].select(f"#row-{row.id}")
        links = [a.get("href") for a in shown.cssselect(".pb-conflict a")]
        assert sorted(links) == sorted(f"#row-{other.id}" for other in group if other is not row)


def test_addresses_are_those_of_the_rows(page: Page, facts: Facts):
    """Everything that is cited outside this book is a publisher's own address, as data/facts has it."""
    known = {url for row in facts.rows for url in (row.cite_url, getattr(row, "outcome_url", ""))}
    held = page.select("tr[id^='row-'] a[href^='http'], li[data-rows] a[href^='http']")
    assert {a.get("href") for a in held} <= known


def test_every_download_names_the_rows_it_is_made_of(page: Page, rows: dict[str, FactRow]):
    tables = [(name, text) for name, text in _tables(page) if not name.startswith(COUNTED)]
    assert tables
    for name, text in tables:
        lines = list(csv.DictReader(io.StringIO(text)))
        columns = [column for column in lines[0] if column == "rows" or column.startswith("row")] if lines else []
        assert columns or not lines, name
        named = {one for line in lines for column in columns for one in line[column].split()}
        assert named <= set(rows), name


@pytest.mark.parametrize("name", [*PAGES, COUNTS])
def test_figures_show_the_numbers_of_their_table(pages: dict[str, Page], name: str):
    for figure in pages[name].select("figure.pb-chart"):
        (link,) = figure.cssselect("a[download$='.csv']")
        content = pages[name].saved(link)
        counted = name == COUNTS or _name(link).startswith(COUNTED)
        plain = content.replace(",", " ")
        held = _as_printed(content) if counted else numbers_in(plain) | _rounded(plain)
        for text in figure.cssselect("svg text"):
            if text.get("class") != "pb-axis":
                assert numbers_in(text.text_content()) <= held, text.text_content()


def test_the_table_of_readings_works_without_scripts(pages: dict[str, Page]):
    page = pages["chapters/targets"]
    form = page.select("form.pb-own")[0]
    assert form.get("hidden") is not None
    assert len(page.select("#table-needs tbody tr")) >= 6


def _tables(page: Page) -> list[tuple[str, str]]:
    links = page.select("article a[download$='.csv']")
    return [(_name(a), page.saved(a)) for a in links]


def _name(link: HtmlElement) -> str:
    """Return what a file to save is called on its page: its name has the page's before it."""
    return re.sub(r"^[\w-]+\.(?:figure-)?(?=.*\.csv$)", "", link.get("download"))


def _counted(page: Page, article: HtmlElement) -> list[tuple[HtmlElement, str]]:
    """Return the tables of counts of an article, each with its download."""
    names = {name: text for name, text in _tables(page) if page.name == COUNTS or name.startswith(COUNTED)}
    found = {name.removesuffix(".csv"): text for name, text in names.items()}
    return [(table, text) for name, text in found.items() for table in article.cssselect(f"[id='table-{name}']")]


def _as_printed(content: str) -> set[str]:
    """Return the numbers of a table of counts as a page may print them: in percent, rounded, without 0 before them."""
    cells = [cell for line in csv.reader(io.StringIO(content)) for cell in line]
    numbers = [float(cell) for cell in cells if re.fullmatch(r"-?[\d.]+(e-?\d+)?", cell)]
    rounded = {f"{abs(times * one):.{digits}f}" for one in numbers for times in (1, 100) for digits in range(4)}
    written = numbers_in("\n".join(cells))
    return written | {one.lstrip("0") for one in written} | rounded | {one.partition(".")[2] for one in rounded}


def _rounded(text: str) -> set[str]:
    """Return the numbers of a table as a figure prints them: 37.0 as 37."""
    return {f"{float(n):g}" for n in numbers_in(text) if re.fullmatch(r"\d+\.?\d*", n)}
