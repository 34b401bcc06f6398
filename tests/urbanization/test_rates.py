from __future__ import annotations

import pytest
from kinds import MakeProject
from urbanization.checks import load_facts
from urbanization.facts import Facts
from urbanization.rates import needed_paces, origin_rows, show_origins
from urbanization.targets import document_times, event_list, event_rows

from policybook.pages.book import open_book
from policybook.project import Project

RESIDENT = "常住人口城镇化率"


@pytest.fixture(scope="module")
def facts(project: Project) -> Facts:
    return load_facts(project)


def test_every_reading_of_a_goal_is_worked_out(facts: Facts) -> None:
    start = facts.rate("China", RESIDENT, 2023)
    needed = needed_paces([start], (69.5, 70), (2023, 2028, 2029))
    found = needed.set_index(["goal", "by"])["a_year"].round(2).to_dict()
    assert found == {(69.5, 2028): 0.67, (69.5, 2029): 0.56, (70, 2028): 0.77, (70, 2029): 0.64}


def test_hostile_cells_stay_text(make_project: MakeProject) -> None:
    project = make_project()
    path = project.facts / "events.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("中央城镇化工作会议", "<script>alert(1)</script>", 1), encoding="utf-8")
    book = open_book(project.root)
    facts = load_facts(project)
    assert "elsewhere" in set(event_rows(facts, ["China"])["lane"])
    held = show_origins(origin_rows(book, facts.events), "e", "E")
    shown = event_list(book, facts, document_times(book))._repr_html_() + held._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
