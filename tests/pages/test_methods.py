"""What the methods page computes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from policybook.analysis import thresholds
from policybook.pages.book import Book
from policybook.pages.methods import (
    REPAIR_COLUMNS,
    TRUST_COLUMNS,
    comparison_forms,
    repair_scores,
    simulated_errors,
    threshold_table,
    thresholds_in_words,
    trust_table,
)
from policybook.project import Project


@pytest.fixture(scope="module")
def forms(book: Book) -> pd.DataFrame:
    return comparison_forms(book)


def test_every_threshold_stands_with_what_it_is_for() -> None:
    table = threshold_table().set_index("name")
    assert set(table.index) == {name for name in vars(thresholds) if name.isupper()}
    assert table["value"].to_dict() == {name: getattr(thresholds, name) for name in table.index}
    assert (table["purpose"].str.len() > 10).all()


def test_the_prose_names_thresholds_as_they_are() -> None:
    words = thresholds_in_words()
    assert words["min_difference"] == f"{100 * thresholds.MIN_DIFFERENCE:g} points"
    assert words["settled_difference"] == f"{100 * thresholds.SETTLED_DIFFERENCE:g} points"
    assert words["settled_power"] == "80 %"
    assert words["permutations"] == f"{thresholds.PERMUTATIONS:,}"


def test_the_simulations_that_were_kept_are_of_the_counts_as_they_are(book: Book) -> None:
    errors = simulated_errors(book)
    assert len(errors) and errors["current"].all()
    assert errors[["false_themes", "false_concepts"]].max(axis=None) <= 0.05


def test_every_comparison_stands_in_the_table_of_forms(book: Book, forms: pd.DataFrame) -> None:
    assert dict(zip(forms["comparison"], forms["form"], strict=True)) == {
        entry.title: "chart" if entry.id in ("eras", "national-liaoning") else "reading" for entry in book.comparisons
    }
    assert ((forms["why"] == "") == (forms["form"] == "chart")).all()


def test_verdicts_of_the_whole_book_are_counted(forms: pd.DataFrame) -> None:
    judged = forms[["themes", "concepts"]].sum(axis=1)
    assert (forms["rows"] >= judged).all() and judged.sum() > 0
    assert forms["different"].sum() == 0


def test_a_book_without_cases_of_repair_has_no_scores(book: Book, tmp_path: Path) -> None:
    assert tuple(repair_scores(book.project).columns) == REPAIR_COLUMNS
    none = repair_scores(Project(tmp_path))
    assert none.empty and tuple(none.columns) == REPAIR_COLUMNS


def test_every_two_sides_that_can_be_estimated_stand_with_what_is_to_be_trusted(book: Book) -> None:
    trust = trust_table(book)
    assert tuple(trust.columns) == TRUST_COLUMNS
    assert len(trust) == len(book.comparisons) + 2, "a sequence of three periods has three steps"
    assert (trust["kept"] + trust["changed"] + trust["impossible"] == trust["verdicts"]).all()
    assert (trust["found"] <= trust["judged"]).all() and trust["says"].str.len().min() > 0
    waiting = trust[trust["open"] > 0].set_index("comparison_href")
    plans = waiting.loc["../comparisons/plans-2014-2024.html#counts"]
    assert plans["power"] == 0 and plans["left"] == "–"
    assert waiting["theme"].isin(book.scheme.theme_label.values()).all()
