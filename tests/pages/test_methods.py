"""What the methods page computes."""

from __future__ import annotations

import re

import lxml.html
import pytest

from policybook.analysis import thresholds
from policybook.pages.book import Book, open_book
from policybook.pages.methods import MethodsPage, count_verdicts
from policybook.project import Project


@pytest.fixture(scope="module")
def book(project: Project) -> Book:
    return open_book(project.root)


@pytest.fixture(scope="module")
def page(book: Book) -> MethodsPage:
    return MethodsPage(book, draws=20)


def test_every_threshold_is_printed_with_what_it_is_for(page: MethodsPage) -> None:
    table = lxml.html.fromstring(str(page.thresholds().markup))
    rows = {row[0].text_content(): row for row in table.cssselect("tbody tr")}
    constants = {name for name in vars(thresholds) if name.isupper()}
    # A comment serves the constants that follow it closely.
    assert len(constants - set(rows)) == 0, constants - set(rows)
    assert all(len(row[2].text_content()) > 10 for row in rows.values())


def test_the_prose_names_thresholds_as_they_are(page: MethodsPage) -> None:
    values = page.values
    assert values["min_difference"] == f"{100 * thresholds.MIN_DIFFERENCE:g} points"
    assert values["large_min_difference"] == "1 point"
    assert values["settled_power"] == "80 %"
    assert values["permutations"] == f"{thresholds.PERMUTATIONS:,}"


def test_the_simulation_is_of_sizes_at_which_something_can_be_judged(page: MethodsPage) -> None:
    table = lxml.html.fromstring(str(page.simulation().markup))
    names = [row[0].text_content() for row in table.cssselect("tbody tr")]
    assert "national-liaoning" in names and sum(name.startswith("eras: ") for name in names) == 3
    assert "plans-2014-2024" not in names
    assert re.fullmatch(r"\d+\.\d %", str(page.values["worst"]))


def test_every_comparison_stands_in_the_table_of_forms(page: MethodsPage, book: Book) -> None:
    table = lxml.html.fromstring(str(page.comparisons().markup))
    forms = {row[0].text_content(): row[1].text_content() for row in table.cssselect("tbody tr")}
    assert forms == {
        entry.title: "chart" if entry.id in ("eras", "national-liaoning") else "reading" for entry in book.comparisons
    }


def test_verdicts_of_the_whole_book_are_counted(book: Book) -> None:
    counts = count_verdicts(book)
    assert counts["n_rows"] > counts["n_judged"] > counts["n_clear"] == 0
