"""Labels of places shuffled within years, with few draws: bars are held within twice the Monte Carlo error."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from simulation_places import false_verdicts, paired_power, shuffle_places

from policybook.analysis.measured_queries import open_panel
from policybook.analysis.paired import Panel
from policybook.coding.scheme import load_scheme
from policybook.project import Project

#: The share of draws in which some row of a family may be found where nothing is to be found.
FALSE = 0.05


@pytest.fixture(scope="module")
def places(project: Project) -> Panel:
    """The places of the level of which most is measured in this book."""
    panel = open_panel(project, "provinces", load_scheme(project))[0]
    panel = panel.select(kind=panel.documents["kind"].mode().iloc[0])
    return panel.keep((panel.documents["level"] == panel.documents["level"].mode().iloc[0]).to_numpy())


def first_rows(panel: Panel, rows: int) -> Panel:
    """The same documents with so many rows only; themes come first."""
    kept = {name: getattr(panel, name)[:, :rows] for name in ("carrying", "mentions", "before")}
    return replace(panel, rows=panel.rows.iloc[:rows], **kept)


def test_shuffled_labels_of_places_make_no_more_false_verdicts_than_allowed(places: Panel) -> None:
    for right in ("fujian", None):
        false = false_verdicts(first_rows(places, 60), "liaoning", right, draws=40, seed=7).mean(axis=0)
        assert (false <= FALSE + 2 * np.sqrt(FALSE * (1 - FALSE) / 40)).all(), (right, false)


def test_what_is_put_in_is_found_the_more_often_the_larger_it_is(places: Panel) -> None:
    themes = first_rows(places, int((places.families == 0).sum()))
    small, large = (paired_power(themes, "liaoning", "fujian", ratio, draws=4, seed=7)[0] for ratio in (1.5, 2.0))
    assert small < large and large > 0.25


def test_labels_are_shuffled_within_years_and_nothing_else_is(places: Panel) -> None:
    shuffled = shuffle_places(places, np.random.default_rng(1)).documents
    assert (shuffled["unit"] != places.documents["unit"]).any()
    for year, own in places.documents.groupby("year"):
        assert sorted(shuffled.loc[shuffled["year"] == year, "unit"]) == sorted(own["unit"])
    assert shuffled.drop(columns="unit").equals(places.documents.drop(columns="unit"))
