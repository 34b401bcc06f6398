"""What is a mistake in the tables of facts, and what of the documents agrees with them."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from kinds import CorpusOf, MakeProject
from urbanization.checks import FactCheck, check_quantities, columns, load_facts
from urbanization.facts import TABLES, Facts
from urbanization.targets import tell_check

from policybook.coding.concepts import ConceptFinder, code_concepts
from policybook.corpus.corpus import Corpus, table
from policybook.errors import InvalidDataError
from policybook.project import Project


@pytest.fixture
def mistakes(make_project: MakeProject) -> Callable[..., list[str]]:
    """Return a function that changes cells of one row of a table and gives the mistakes that are then named."""

    def change(table: str, where: dict[str, str], **cells: str) -> list[str]:
        project = make_project()
        edit(project.facts / f"{table}.csv", where, cells)
        with pytest.raises(InvalidDataError) as caught:
            load_facts(project)
        return [str(problem) for problem in caught.value.problems]

    return change


def edit(path: Path, where: dict[str, str], cells: dict[str, str]) -> int:
    """Change the first row that fits and return its line."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows, names = list(reader), list(reader.fieldnames or ())
    n, row = next((n, row) for n, row in enumerate(rows, 2) if where.items() <= row.items())
    row.update(cells)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return n


def test_what_the_book_says_of_the_columns_is_what_they_are(project: Project) -> None:
    """data/facts/README.md documents every column of every table, and no other."""
    text = (project.facts / "README.md").read_text(encoding="utf-8")
    common, *sections = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    said = {
        name: [column for line in section.splitlines() if line.startswith("| `") for column in _named(line)]
        for section in sections
        for name in re.findall(r"(\w+)\.csv", section.splitlines()[0])
    }
    shared = [column for line in common.splitlines() if line.startswith("| `") for column in _named(line)]
    for name, kind in TABLES.items():
        required, optional = columns(kind)
        wanted = set(required + optional)
        if name in ("vintages", "hosts"):
            assert wanted < set(said[name])
        else:
            assert set(said[name]) | set(shared) == wanted, name


def _named(line: str) -> list[str]:
    return re.findall(r"`(\w+)`", line.split("|")[1])


def test_every_table_read_is_there_and_has_its_columns_in_the_file(project: Project) -> None:
    for name, kind in TABLES.items():
        head = (project.facts / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
        required, optional = columns(kind)
        assert set(required) <= set(head) <= {*required, *optional}


def test_the_tables_of_a_new_project_are_empty(make_project: MakeProject) -> None:
    project = make_project()
    for path in project.facts.glob("*.csv"):
        path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    assert load_facts(project).rows == ()


def test_every_mistake_is_reported_at_once_by_line_and_with_a_fix(make_project: MakeProject) -> None:
    project = make_project()
    rates, plans = project.facts / "urbanization_rate.csv", project.facts / "plan_targets.csv"
    head = rates.read_text(encoding="utf-8").splitlines()[0].removesuffix(",note_zh")
    rates.write_text(
        f"{head}\n"
        "20x0,rate,率,China,65,as first published,,A title,us,2020,official,,,\n"
        '2020,rate,率,China,65%,as first published,"over\ntwo lines",A title,us,2020,official,,,\n'
        "2020,rate,率,China,65,as first published,,,us,2020,oficial,,,\n"
        "2020,rate,率,China,nan,as first published,,A title,us,2020,official,,,\n"
        "2020,rate,率,China\n",
        encoding="utf-8",
    )
    plans.write_text("plan_id,confidence,plan_id\nx,official,y\n", encoding="utf-8")
    with pytest.raises(InvalidDataError) as caught:
        load_facts(project)
    said = {(p.file.removeprefix("data/facts/"), p.line, p.field) for p in caught.value.problems}
    assert said == {
        ("plan_targets.csv", 1, ""), ("plan_targets.csv", 1, "plan_id"),
        ("urbanization_rate.csv", 2, "year"), ("urbanization_rate.csv", 3, "value_percent"),
        ("urbanization_rate.csv", 5, "source_title"), ("urbanization_rate.csv", 5, "confidence"),
        ("urbanization_rate.csv", 6, "value_percent"), ("urbanization_rate.csv", 7, ""),
    }  # fmt: skip


def test_a_table_that_the_pages_need_is_named_where_it_is_missing(make_project: MakeProject) -> None:
    project = make_project()
    (project.facts / "events.csv").unlink()
    with pytest.raises(InvalidDataError, match=r"events\.csv: the file is missing"):
        load_facts(project)


AN_OUTCOME = {"plan_id": "nnup-2014", "indicator_no": "18"}


@pytest.mark.parametrize(
    ("table", "where", "cells", "said"),
    [
        ("plan_targets", {"indicator_no": "16"}, {"met": "yes"}, "met: 'yes' is no verdict that .* no outcome was fo"),
        ("plan_targets", {"indicator_no": "18"}, {"met": "yes"}, "the outcome falls short. Write 'no'"),
        ("plan_targets", {"indicator_no": "16"}, {"met": "maybe"}, "unknown met 'maybe'"),
        ("plan_targets", {"indicator_no": "16"}, {"target_value": "5o"}, "target_value: '5o' is neither a number"),
        ("plan_targets", {"indicator_no": "16"}, {"unit": "per cent"}, "unit: unknown unit 'per cent'. Known"),
        ("plan_targets", {"indicator_no": "16"}, {"target_year": "2012"}, "target_year: 2012 is not after"),
        ("plan_targets", AN_OUTCOME, {"outcome_source": ""}, "an outcome without an origin"),
        ("plan_targets", AN_OUTCOME, {"outcome_url": "https://soolun.net/x"}, "outcome_url: the host soolun.net is"),
        ("plan_targets", {"plan_id": "fyp14-2021"}, {"met": "no"}, "by the rise, .* 4.4 points .* by 5.18. Write 'y"),
        ("counts", {"confidence": "document"}, {"passage": ""}, "passage: no passage of the document is named"),
        ("events", {"jurisdiction": "Fujian"}, {"source_publisher": "-"}, "source_publisher: '-' is no origin"),
        ("plan_targets", {"target_value": "100 (1亿)"}, {"target_value": "100 (10亿)"}, "two different numbers"),
        ("plan_targets", {"indicator_no": "16"}, {"plan_id": "nnup-2041"}, "Did you mean 'nnup-2014'"),
        ("plan_structure", {"level": "part"}, {"plan_id": "nnup"}, "unknown plan 'nnup'"),
        ("urbanization_rate", {"region": "Fujian"}, {"vintage": "as first publishd"}, "Did you mean 'as first publ"),
        ("urbanization_rate", {"region": "Fujian"}, {"value_percent": "157.1"}, "157.1 is more than 100"),
        ("urbanization_rate", {"region": "Fujian"}, {"conflicts_with": "rate-x"}, "conflicts_with: no row 'rate-x'"),
        ("events", {"jurisdiction": "Fujian"}, {"date": "2024-13"}, "is not in the calendar"),
        ("events", {"jurisdiction": "Fujian"}, {"source_title": ""}, "source_title: the cell is empty"),
    ],
)  # fmt: skip
def test_a_broken_rule_is_named_by_line(
    make_project: MakeProject, table: str, where: dict[str, str], cells: dict[str, str], said: str
) -> None:
    project = make_project()
    line = edit(project.facts / f"{table}.csv", where, cells)
    with pytest.raises(InvalidDataError, match=said) as caught:
        load_facts(project)
    assert {(p.file, p.line) for p in caught.value.problems} == {(f"data/facts/{table}.csv", line)}


@pytest.mark.parametrize("publisher", ["中新网 (reprint)", "gov.cn (big5 mirror)", "from memory", "AFP via a blog"])
def test_no_mirror_blog_or_memory_is_an_origin(mistakes: Callable[..., list[str]], publisher: str) -> None:
    (said,) = mistakes("events", {"jurisdiction": "Fujian"}, source_publisher=publisher)
    assert f"source_publisher: {publisher!r} is no origin" in said


def test_no_address_of_a_mirror_is_a_citation(mistakes: Callable[..., list[str]]) -> None:
    (said,) = mistakes("events", {"jurisdiction": "Fujian"}, cite_url="http://big5.www.gov.cn/gate/x.htm")
    assert "is a mirror, not the publisher's own page. Leave the cell empty" in said


def test_only_listed_hosts_may_be_cited(mistakes: Callable[..., list[str]]) -> None:
    (said,) = mistakes("events", {"jurisdiction": "Fujian"}, cite_url="https://soolun.net/x.html")
    assert "soolun.net is not known as a publisher's own" in said
    assert "hosts.csv" in said


def test_no_two_vintages_in_one_series(mistakes: Callable[..., list[str]]) -> None:
    row = {"region": "China", "year": "2012", "vintage": "as first published", "value_percent": "52.57"}
    (said,) = mistakes("urbanization_rate", {**row, "value_percent": "53.1", "vintage": "revised after 2020 census"},
                       vintage="as first published")  # fmt: skip
    assert "two vintages in one series" in said
    assert "gives 52.57 for 2012, this one 53.1" in said


def test_sources_that_differ_must_name_each_other(make_project: MakeProject) -> None:
    project = make_project()
    path = project.facts / "urbanization_rate.csv"
    line = edit(path, {"year": "2014", "value_percent": "36.3"}, {"conflicts_with": ""})
    edit(path, {"year": "2014", "value_percent": "35.9"}, {"conflicts_with": ""})
    with pytest.raises(InvalidDataError, match=rf":{line}: value_percent: .* name the other row in conflicts_with"):
        load_facts(project)


def test_no_row_stands_twice(make_project: MakeProject) -> None:
    project = make_project()
    path = project.facts / "events.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[4]]) + "\n", encoding="utf-8")
    with pytest.raises(InvalidDataError, match=rf"events\.csv:{len(lines) + 1}: the row of line 5 stands here again"):
        load_facts(project)


Checked = Callable[..., FactCheck]


@pytest.fixture(scope="module")
def checks_facts(project: Project) -> Facts:
    return load_facts(project)


@pytest.fixture
def checked(corpus_of: CorpusOf, finder: ConceptFinder, checks_facts: Facts) -> Checked:
    """Return a function that checks one quantity of a one-sentence document."""

    def check(text: str, quantity: str, value: float, unit: str | None, kind: str = "count", **more: str) -> FactCheck:
        language = "en" if text.isascii() else "zh"
        corpus = code_concepts(corpus_of({"one": text}, language=language, written="2024"), finder.scheme, finder)
        (sentence,) = corpus.sentences.to_dict("records")
        start = sentence["text"].index(quantity)
        row = {
            "sentence": sentence["sentence"], "passage": sentence["passage"], "block": sentence["block"],
            "document": "one", "start": start, "end": start + len(quantity), "text": quantity, "value": value,
            "unit": unit, "qualifier": more.get("qualifier", "exact"), "kind": kind, "indicator": more.get("indicator"),
        }  # fmt: skip
        (found,) = check_quantities(replace(corpus, quantities=table("quantities", [row])), checks_facts, finder)
        return found

    return check


def test_a_rate_of_a_year_agrees(checked: Checked) -> None:
    found = checked("2023年末我国常住人口城镇化率为66.16%。", "66.16%", 66.16, "percent", "percent")
    assert found.outcome == "agrees"
    assert {figure.year for figure in found.figures} == {2023}


def test_another_rate_for_the_same_year_disagrees_and_says_what_the_facts_have(checked: Checked) -> None:
    found = checked("2023年末我国常住人口城镇化率为68.2%。", "68.2%", 68.2, "percent", "percent")
    assert found.outcome == "disagrees"
    assert "66.16 in 2023" in tell_check(found)


def test_two_vintages_of_one_year_are_each_agreement(checked: Checked) -> None:
    for value in (52.57, 53.10):
        found = checked(f"2012年常住人口城镇化率为{value}%。", f"{value}%", value, "percent", "percent")
        assert found.outcome == "agrees"


def test_without_a_year_nothing_contradicts(checked: Checked) -> None:
    found = checked("常住人口城镇化率曾为31.4%。", "31.4%", 31.4, "percent", "percent")
    assert found.outcome == "not in the facts"


def test_a_goal_agrees_with_the_goal_of_the_plan(checked: Checked) -> None:
    text = "The plan aims at a permanent resident urbanization rate of about 60% by 2020."
    found = checked(text, "60%", 60, "percent", "percent", qualifier="about", indicator="urbanization-rate-permanent")
    assert found.outcome == "agrees"
    assert found.figures[0].row.id.startswith("target-nnup-2014-1-")


@pytest.mark.parametrize(
    ("year", "outcome"), [("2022年，", "agrees"), ("", "at another time"), ("2018年，", "at another time")]
)
def test_a_count_agrees_only_with_its_year(checked: Checked, year: str, outcome: str) -> None:
    found = checked(f"{year}部际联席会议由27个部门组成。", "27个部门", 27, "department")
    assert found.outcome == outcome
    assert "28 in 2019" in tell_check(found)


@pytest.mark.parametrize(("text", "outcome"), [
    ("辽宁省2020年常住人口城镇化率为{}。", "agrees"), ("2020年常住人口城镇化率为{}。", "disagrees"),
    ("福建省2020年常住人口城镇化率为{}。", "not in the facts"), ("辽宁省常住人口城镇化率为{}。", "not in the facts"),
])  # fmt: skip
def test_a_rate_agrees_only_with_its_place_and_year(checked: Checked, text: str, outcome: str) -> None:
    assert checked(text.format("72.14%"), "72.14%", 72.14, "percent", "percent").outcome == outcome


def test_nearly_70_is_the_goal_of_the_plan_and_not_a_city_of_70(checked: Checked) -> None:
    text = "深入实施以人为本的新型城镇化战略五年行动计划提出，常住人口城镇化率提升至接近70%。"
    about = {"qualifier": "almost", "indicator": "urbanization-rate-permanent"}
    found = checked(text, "接近70%", 70, "percent", "percent", **about)
    assert {figure.row.id for figure in found.figures} == {"target-action-2024-permanent-resident-urbanization-rate"}


def test_the_documents_own_counts_are_right_at_their_own_time(
    coded: Corpus, checks_facts: Facts, finder: ConceptFinder
) -> None:
    """27 units in the report of 2021, 28 departments in that of 2024: neither contradicts the other."""
    rows = []
    for passage, text, value in (
        ("web-2021-joint-conference:p03", "27", 27),
        ("web-2024-county-mobilization:p40", "28", 28),
    ):
        sentence = next(s for s in coded.sentences.to_dict("records") if s["passage"] == passage and text in s["text"])
        start = sentence["text"].index(text)
        place = {name: sentence[name] for name in ("sentence", "passage", "block", "document")}
        rows.append({**place, "start": start, "end": start + 2, "text": text, "value": value, "unit": None,
                     "qualifier": "exact", "kind": "count", "indicator": None})  # fmt: skip
    checks = check_quantities(replace(coded, quantities=table("quantities", rows)), checks_facts, finder)
    assert [check.outcome for check in checks] == ["at another time", "at another time"]
    assert "28 in 2019" in tell_check(checks[0])
    assert tell_check(checks[1]) == "true of its own time; the facts have 27 in 2021 and 2022"


def test_a_threshold_is_held_against_no_count(checked: Checked) -> None:
    text = "Cities with a permanent resident population of less than 500 million cancel their limits."
    found = checked(text, "less than 500 million", 5e8, "person", qualifier="under")
    assert found.outcome == "not in the facts"


def test_rounded_numbers_agree_only_when_they_say_so(checked: Checked) -> None:
    text = "城镇常住人口在2024年{}9.4亿人。"
    about = checked(text.format("约"), "9.4亿人", 9.4e8, "person", qualifier="about")
    exact = checked(text.format("为"), "9.4亿人", 9.4e8, "person")
    assert (about.outcome, exact.outcome) == ("agrees", "disagrees")


def test_of_several_years_the_one_beside_counts(checked: Checked) -> None:
    text = "Permanent urban residents rose from 172 million in 1978 to over 930 million in 2023."
    assert checked(text, "172 million", 1.72e8, "person").outcome == "not in the facts"
    assert checked(text, "over 930 million", 9.3e8, "person", qualifier="over").outcome == "agrees"


def test_dates_and_ordinals_are_not_checked(corpus_of: CorpusOf, finder: ConceptFinder, checks_facts: Facts) -> None:
    corpus = code_concepts(corpus_of({"one": "部际联席会议第二次会议。"}, language="zh"), finder.scheme, finder)
    (sentence,) = corpus.sentences.to_dict("records")
    place = {name: sentence[name] for name in ("sentence", "passage", "block", "document")}
    row = {**place, "start": 6, "end": 9, "text": "第二次", "value": 2, "unit": None, "qualifier": "exact",
           "kind": "ordinal", "indicator": None}  # fmt: skip
    assert check_quantities(replace(corpus, quantities=table("quantities", [row])), checks_facts, finder) == []
