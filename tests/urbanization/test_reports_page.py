"""The page of measured reports on reports of our own, and what other pages take from it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from copies import copy_project
from invented_reports import KIND, OUTLINE, RATES, YEARS, lay_reports, make_texts
from urbanization import reports_page as page_of
from urbanization.reports import (
    Reports,
    document_rows,
    evidence,
    find_settings,
    measuring_steps,
    outline_chart,
    outline_rows,
    outline_table,
    side_rows,
    web_address,
    year_rows,
)
from urbanization.reports_page import headline, open_reports, report_values, reports_limits

from policybook.analysis import thresholds
from policybook.analysis.paired import make_panel, peers_of
from policybook.analysis.simulation import SIMULATION_COLUMNS, read_simulation, simulate_places
from policybook.coding.measured import load_measured, measure, read_metadata, write_measured
from policybook.coding.rules import CodingRules
from policybook.corpus.scope import load_vocabulary
from policybook.errors import InvalidDataError, SelectionError
from policybook.pages.book import Book, open_book
from policybook.pages.html import show
from policybook.project import Project

PLACES = [place for place in RATES if place != "national"]
SETTINGS = {
    "corpus": "invented", "kind": KIND, "outlines": OUTLINE, "centre": "national", "places": PLACES,
    "eras": ["2014-2020", "2021-2024", "2024-"], "themes": ["people", "countryside", "services"],
    "concepts": ["county-seat", "urban-renewal"],
}  # fmt: skip


def charts(reports: Reports) -> list[Any]:
    """Return the charts of the page, as its notebook does: what takes long to draw."""
    by = {what: page_of.directive_shares(reports, what) for what in ("instrument", "strength")}
    return [
        page_of.difference_charts(reports, page_of.pairs_of(reports)),
        page_of.year_chart(reports, year_rows(reports)),
        *(page_of.directive_chart(reports, rows, what) for what, rows in by.items()),
        outline_chart(outline_rows(reports)),
    ]


def tables(reports: Reports) -> list[Any]:
    """Return what the page shows besides its prose and its charts."""
    sides, shares, documents = side_rows(reports), outline_rows(reports), document_rows(reports)
    words, links = page_of.uptake_rows(reports), dict.fromkeys(["documents", "blocks"], "href")
    return [
        show(sides, links=links, name="sides", empty="-"), page_of.pair_tables(reports),
        page_of.era_parts(reports), grid(reports), show(words, name="uptake", empty="-"),
        show(outline_table(shares), name="outlines", anchors="anchor", empty="-"),
        show(page_of.sensitivity_rows(reports), name="sensitivity", empty="-"),
        show(page_of.simulation_rows(reports), name="simulation", empty="-"),
        show(documents.drop(columns="document", errors="ignore"), name="documents", anchors="anchor", empty="-"),
        evidence(reports), measuring_steps(reports),
    ]  # fmt: skip


def grid(reports: Reports) -> Any:
    """Return the table of themes and concepts over the eras."""
    return page_of.show_grid(page_of.change_rows(reports), "", "over-time", "-")


def soup_of(pieces: Sequence[Any]) -> BeautifulSoup:
    return BeautifulSoup("\n".join(piece._repr_html_() for piece in pieces), "html.parser")


def shown_by(reports: Reports) -> BeautifulSoup:
    return soup_of([*charts(reports), *tables(reports)])


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = copy_project(tmp_path_factory.mktemp("projects") / "project")
    shutil.rmtree(project.measured, ignore_errors=True)
    return project


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory, empty: Project) -> Book:
    """A book with the invented reports measured, and a page of them."""
    root = tmp_path_factory.mktemp("projects") / "measured"
    shutil.copytree(empty.root, root)
    project = Project(root)
    folder, metadata = lay_reports(tmp_path_factory.mktemp("texts"), make_texts())
    described = read_metadata(folder, metadata, load_vocabulary(project))
    write_measured(project.measured / "invented", measure(described, project, quiet=True))
    runs = project.runs_file.read_text(encoding="utf-8")
    parameters = f"    parameters: {SETTINGS!r}\n"
    changed = runs.replace("    page: chapters/reports\n", f"    page: chapters/reports\n{parameters}")
    project.runs_file.write_text(changed, encoding="utf-8")
    return open_book(project.root)


@pytest.fixture(scope="module")
def page(book: Book) -> Reports:
    opened = open_reports(book, **SETTINGS)
    assert not opened.nothing
    return opened


@pytest.fixture(scope="module")
def values(page: Reports) -> Mapping[str, object]:
    return report_values(page)


@pytest.fixture(scope="module")
def soup(page: Reports) -> BeautifulSoup:
    """Everything that the page shows besides its prose."""
    return shown_by(page)


def test_the_answer_is_that_of_the_verdicts(values: Mapping[str, object]):
    said = str(values["answer"])
    assert said.startswith(f"Judged by {len(RATES) * len(YEARS)} {KIND}s of 2017–2024, ")
    for place in ("Yunnan", "Guizhou"):
        assert f"{place} speaks more often than the centre of “Cities, counties and space”" in said
    assert "the centre speaks more often than Yunnan of" in said and "“People and citizenship”" in said
    assert said.endswith("between Yunnan and Guizhou no theme differs clearly.")


def test_a_share_in_the_answer_is_that_of_its_evidence(values: Mapping[str, object], soup: BeautifulSoup):
    share = re.search(r"Yunnan speaks .*?space” \(([\d.]+) % of its blocks against", str(values["answer"]))
    evidence = soup.find(id="evidence-theme-space-yunnan")
    assert share and evidence
    counts = re.search(r"Yunnan: (\d+) of (\d+) blocks", evidence.text)
    assert counts and abs(100 * int(counts[1]) / int(counts[2]) - float(share[1])) <= 0.5
    single = re.findall(r"\d{4}\xa0(\d+)/(\d+)", evidence.find_next("p").text)
    assert sum(int(blocks) for blocks, _ in single) == int(counts[1])


def test_eras_with_too_few_documents_are_named(values: Mapping[str, object]):
    said = str(values["eras"])
    assert "In 2014–2020," in said and "In 2021–2024," in said


def test_missing_years_are_computed(page: Reports):
    assert page.missing_years("yunnan") == []


def test_every_link_on_the_page_leads_somewhere_on_it(soup: BeautifulSoup):
    ids = {str(tag["id"]) for tag in soup.find_all(id=True)}
    wanted = {str(a["href"])[1:] for a in soup.find_all("a", href=True) if str(a["href"]).startswith("#")}
    assert len(wanted) > 60 and wanted - ids == set()
    every = [str(tag["id"]) for tag in soup.find_all(id=True)]
    assert len(every) == len(set(every))


def test_documents_have_official_addresses_where_they_are_known(soup: BeautifulSoup):
    rows = soup.select("#table-documents tbody tr")
    assert len(rows) == len(make_texts())
    linked = {str(row["id"]): [str(a["href"]) for a in row.select("a")] for row in rows}
    assert linked["document-yunnan-2019"] == ["https://example.org/2019"]
    assert linked["document-guizhou-2019"] == []


@pytest.mark.parametrize("address", ["javascript:alert(1)", "ftp://example.org/x", "", "http://", "//example.org"])
def test_an_address_that_is_not_of_the_web_is_no_link(address: str):
    assert web_address(address) == ""
    assert web_address("https://example.org/a?b=1") == "https://example.org/a?b=1"


def test_outlines_are_counted_and_not_judged(page: Reports, soup: BeautifulSoup, values: Mapping[str, object]):
    assert "no difference between them is tested" in str(values["outlines_note"])
    row = soup.find(id="row-outline-theme-people")
    assert row
    of = [int(n) for n in re.findall(r"\((\d+) blocks\)", str(values["outlines_note"]))]
    counts = [int(a.text) for a in row.select("a")]
    assert set(outline_rows(page)["total"]) == set(of)
    assert len(counts) == len(of) == 2 and all(0 < count <= total for count, total in zip(counts, of, strict=True))


def test_directives_are_shared_out_by_instrument_and_strength(values: Mapping[str, object], soup: BeautifulSoup):
    assert "The most frequent instrument is" in str(values["means"])
    assert soup.find(id="figure-directives-instrument") and soup.find(id="figure-directives-strength")


def test_sensitivity_says_what_is_not_possible(soup: BeautifulSoup):
    table = soup.find(id="table-sensitivity")
    assert table and "not possible" in table.text


def test_the_steps_make_the_tables_again(soup: BeautifulSoup):
    steps = soup.find_all("pre")[-1].text
    assert "measure data/documents --metadata data/measured/invented/documents.csv" in steps
    assert "--recommended" not in steps, "these texts are not recommended"


def test_no_word_of_a_text_stands_on_the_page(soup: BeautifulSoup):
    said = soup.get_text()
    for name, text in make_texts().items():
        lines = text.splitlines()[1:]
        runs = {line[at : at + 12] for line in lines for at in range(len(line) - 11)}
        assert [run for run in runs if run in said] == [], name


def test_other_pages_take_the_answer_and_link_to_it(book: Book, values: Mapping[str, object]):
    shown = headline(book).markup
    assert str(values["answer"]).split(",")[0] in shown.striptags()
    assert 'data-from="corpus"' in shown and 'href="chapters/reports.html#answer"' in shown
    assert "Yunnan" in str(reports_limits(book).markup)


def test_settings_are_those_of_the_run(book: Book):
    found = find_settings(book.project)
    assert found is not None and found.corpus == "invented" and list(found.places) == PLACES


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"corpus": "invneted"}, "invented"), ({"kind": "work reports of our own"}, KIND),
        ({"places": ["yunan"]}, "yunnan"), ({"themes": ["peolpe"]}, "people"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_named(book: Book, changed: dict[str, object], said: str):
    with pytest.raises(SelectionError, match=said):
        report_values(open_reports(book, **{**SETTINGS, **changed}))


def test_where_nothing_is_measured_the_page_says_so_and_others_are_silent(empty: Project, values: Mapping[str, object]):
    book = open_book(empty.root)
    opened = open_reports(book, **SETTINGS)
    assert report_values(opened).keys() == values.keys()
    assert "policybook measure" in str(report_values(opened)["answer"]) == opened.nothing
    assert shown_by(opened).get_text().strip(" -\n") == ""
    assert [str(take(book).markup) for take in (headline, reports_limits)] == ["", ""]


@pytest.fixture
def kept(book: Book, page: Reports) -> Iterator[Path]:
    """The summary of a simulation with few draws, kept where the page looks for it."""
    panel = make_panel(page.measured, page.age, book.scheme, book.vocabulary)
    sha256, pairs = page.measured.record.counts_sha256, [("yunnan", "guizhou")]
    rows = list(simulate_places(peers_of(panel, "yunnan"), pairs, counts_sha256=sha256, draws=40, seed=3))
    path = book.project.measured / "invented-simulation.csv"
    lines = [",".join(SIMULATION_COLUMNS), *(",".join(str(row[name]) for name in SIMULATION_COLUMNS) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    yield path
    path.unlink()


def test_the_simulation_holds_its_bar_and_the_page_says_so(book: Book, page: Reports, kept: Path):
    table = read_simulation(book.project, "invented")
    assert table is not None and len(table) == 1
    allowed = 1 - thresholds.CONFIDENCE
    assert table["false_themes"].max() <= allowed + 2 * (allowed * (1 - allowed) / 40) ** 0.5
    said = page_of.simulation_sentence(page)
    assert "every year 40 times" in said and "earlier measurement" not in said
    kept.write_text(kept.read_text(encoding="utf-8").replace("judged_themes", "judged"), encoding="utf-8")
    with pytest.raises(InvalidDataError, match="simulation_places"):
        read_simulation(book.project, "invented")


ALL = {"zh": 99, "en": 99}


def aged(book: Book, tmp_path: Path, change: Callable[[CodingRules], CodingRules]) -> Book:
    """Return the book with its tables measured by other rules: `change` is made to their record."""
    root = tmp_path / "aged"
    shutil.copytree(book.project.root, root)
    project = Project(root)
    measured = load_measured(project, "invented")
    record = measured.record.model_copy(update={"rules": change(measured.record.rules)})
    write_measured(project.measured / "invented", replace(measured, record=record))
    return replace(book, project=project)


def without(*concepts: str) -> Callable[[CodingRules], CodingRules]:
    return lambda rules: rules.model_copy(
        update={"concepts": {name: entry for name, entry in rules.concepts.items() if name not in concepts}}
    )


def with_rules(part: str) -> Callable[[CodingRules], CodingRules]:
    return lambda rules: rules.model_copy(update={"versions": {**rules.versions, part: ALL}})


def test_a_concept_that_was_not_counted_is_so_on_every_part_of_the_page(
    book: Book, values: Mapping[str, object], tmp_path: Path
):
    old = aged(book, tmp_path, without("county-economy"))
    opened = open_reports(old, **SETTINGS)
    shown = soup_of(tables(opened))
    label = book.scheme.by_id["county-economy"].term_en
    evidence = shown.find(id="evidence-concept-county-economy")
    assert evidence and "not counted" in evidence.text and "0 of" not in evidence.text
    rows = [row for row in shown.select("table tr") if row.th and row.th.get_text(" ", strip=True) == label]
    cells = [row for row in shown.select("table tr") if row.find("a", href="#evidence-concept-county-economy")]
    assert cells and all("not counted" in row.text and not re.search(r"\d", row.text) for row in (*rows, *cells))
    assert shown.find(id="row-outline-concept-county-economy")
    said = str(report_values(opened)["answer"])
    assert f"“{label}”, new in the scheme" in said and "policybook measure" in said and "judged without" in said
    assert "not counted" not in str(values["answer"]).lower()
    assert label in headline(old).markup.striptags() and label in str(reports_limits(old).markup)
    ids = {str(tag["id"]) for tag in shown.find_all(id=True)}
    assert {str(a["href"])[1:] for a in shown.find_all("a", href=True) if str(a["href"]).startswith("#")} <= ids


def test_a_theme_of_which_nothing_was_counted_is_in_no_chart(book: Book, tmp_path: Path):
    gone = [c.id for c in book.scheme.concepts if c.theme == "space" and c.exclude_from_comparison is None]
    opened = open_reports(aged(book, tmp_path, without(*gone)), **SETTINGS)
    label = book.scheme.theme_label["space"]
    assert label not in set(year_rows(opened)["label"])
    shown = soup_of([page_of.year_chart(opened, year_rows(opened)), grid(opened)])
    eras = shown.find(id="table-over-time")
    assert eras and re.search(rf"{label}\s*(not counted\s*)+", eras.text)
    assert f"Not counted: {label}." in shown.text
    assert "space" not in str(report_values(opened)["answer"]).split("Not counted")[0]


@pytest.mark.parametrize("part", ["text", "concepts"])
def test_with_other_rules_the_page_and_the_front_page_say_so_and_nothing_else(book: Book, tmp_path: Path, part: str):
    old = aged(book, tmp_path, with_rules(part))
    opened = open_reports(old, **SETTINGS)
    assert opened.nothing and shown_by(opened).get_text().strip(" -\n") == ""
    for said in (str(report_values(opened)["answer"]), *(str(take(old).markup) for take in (headline,))):
        assert "measured with other rules" in said and "policybook measure" in said and "speaks more often" not in said


def test_with_other_rules_of_directives_only_these_are_not_counted(
    book: Book, values: Mapping[str, object], tmp_path: Path
):
    old = aged(book, tmp_path, with_rules("directives"))
    opened = open_reports(old, **SETTINGS)
    assert "not counted" in page_of.means_sentence(opened)
    assert page_of.directive_shares(opened, "instrument").empty
    assert set(document_rows(opened)["directives"]) == {"not counted"}
    assert str(report_values(opened)["answer"]).startswith(str(values["answer"]))
