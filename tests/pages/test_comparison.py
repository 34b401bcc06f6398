"""The page of a comparison: every number leads to its sentences, and every part says what it must."""

from __future__ import annotations

import base64
import csv
import io
import re
from collections import Counter
from functools import partial

import lxml.html
import pytest
from coded_books import ENGLISH, BookOf
from copies import copy_project
from kinds import MakeProject
from lxml.html import HtmlElement

from policybook.analysis.compare import compare_counts, estimate_groups
from policybook.analysis.robustness import find_halves
from policybook.analysis.thresholds import MIN_BLOCKS
from policybook.charts.theme import Chart
from policybook.corpus.manifest import load_recommended
from policybook.pages import comparison as view
from policybook.pages.book import Book, open_book
from policybook.pages.comparison import ComparisonPage, Quotes
from policybook.pages.html import MOST_DOCUMENTS, Html, render, show
from policybook.project import Project
from policybook.words import comparisons as wording
from policybook.words.say import language_name, say, say_finding

COMPARISONS = ("plans-2014-2024", "eras", "national-liaoning", "national-fujian", "liaoning-fujian")


@pytest.fixture(scope="module")
def pages(book: Book) -> dict[str, ComparisonPage]:
    return {name: ComparisonPage(book, name) for name in COMPARISONS}


@pytest.fixture(scope="module")
def pieces(pages: dict[str, ComparisonPage]) -> dict[str, dict[str, list[Html | Chart]]]:
    """What the notebook shows of every page, by section."""
    return {name: made(page) for name, page in pages.items()}


@pytest.fixture(scope="module")
def shown(pieces: dict[str, dict[str, list[Html | Chart]]]) -> dict[str, dict[str, HtmlElement]]:
    return {name: {part: tree(*some) for part, some in parts.items()} for name, parts in pieces.items()}


def made(page: ComparisonPage) -> dict[str, list[Html | Chart]]:
    """Return what the sections of a page show, as notebooks/comparison.ipynb does."""
    estimates, scheme = page.estimates, page.book.scheme
    rows, steps = view.row_table(estimates, scheme), view.step_table(estimates, scheme)
    themes = rows[rows["family"] == "theme"]
    chart = None if page.result.too_small else view.comparison_chart(themes, estimates, "shares")
    languages = view.language_table(estimates, scheme)
    return {
        "sides": [view.tell_within(page), show(view.side_table(page.result)), view.tell_sides(page)],
        "side_by_side": [view.show_reading(page)],
        "chart": [chart] if chart else [],
        "counts": [
            *view.row_tables(rows, estimates),
            *([show(steps, **wording.step_looks())] if len(steps) else []),
            view.download(wording.comparison_table(estimates, scheme), f"{page.comparison}-counts"),
        ],
        "languages": [show(languages, **wording.language_looks(languages))] if len(languages) else [],
        "within_language": [view.show_within(page)],
        "evidence": [view.show_evidence(page)],
        "texts": [view.texts_wanted(page)],
        "not_concluded": [view.not_concluded(page)],
    }


def tree(*shown: Html | Chart) -> HtmlElement:
    return lxml.html.fromstring(f"<div>{''.join(one._repr_html_() for one in shown)}</div>")


def told(key: str, gap: str, **values: object) -> str:
    """Return what is said of `key` up to the value named `gap`."""
    return say(key, **values, **{gap: "…"}).partition("…")[0]


def text(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_no_id_stands_twice_on_a_page_and_every_link_within_it_leads_somewhere(shown) -> None:
    sections = {"not-concluded"}
    for name, parts in shown.items():
        ids = Counter(e.get("id") for part in parts.values() for e in part.cssselect("[id]"))
        assert [i for i, count in ids.items() if count > 1] == [], name
        links = {a.get("href")[1:] for part in parts.values() for a in part.cssselect("a[href^='#']")}
        assert links - set(ids) - sections == set(), name


@pytest.mark.parametrize("name", COMPARISONS)
def test_the_blocks_of_a_row_are_those_of_its_evidence(shown, book: Book, name: str) -> None:
    """Counted from the page alone: the sentences quoted for a cell stand in as many blocks as the cell says."""
    block_of = dict(zip(book.corpus.sentences["sentence"], book.corpus.sentences["block"], strict=True))
    evidence = {e.get("id"): e for e in shown[name]["evidence"].cssselect("details[id]")}
    rows = shown[name]["counts"].cssselect("tr[id]")
    assert rows
    for row in rows:
        cells = [cell for cell in row.cssselect("td.pb-number") if cell.get("data-label") != "Difference"]
        told = [int(re.match(r"\d+", text(cell))[0]) for cell in cells]
        quoted = _blocks_quoted(evidence[row.get("id").replace("row-", "evidence-", 1)], block_of)
        assert quoted == told, row.get("id")


def test_each_language_by_itself_adds_up_to_the_evidence(shown, book: Book) -> None:
    block_of = dict(zip(book.corpus.sentences["sentence"], book.corpus.sentences["block"], strict=True))
    parts = shown["national-liaoning"]
    evidence = {e.get("id"): e for e in parts["evidence"].cssselect("details[id]")}
    rows = parts["languages"].cssselect("tbody tr")
    assert len(rows) > 40
    for row in rows:
        told = [int(text(cell).split()[0]) if text(cell) != "–" else 0 for cell in row.cssselect("td.pb-number")]
        target = row.cssselect("a")[0].get("href")[1:]
        counts = [cell for cell in row.cssselect("td.pb-number") if text(cell) != "–"]
        leads = {a.get("href") for cell in counts for a in cell.cssselect("a")}
        assert leads == {f"#{target}"}
        assert _blocks_quoted(evidence[target], block_of) == [told[0] + told[1], told[2] + told[3]], target


def _blocks_quoted(details: HtmlElement, block_of: dict[str, str]) -> list[int]:
    """Return the number of different blocks quoted for each side."""
    found: list[set[str]] = []
    for element in details.iterchildren():
        if element.get("class") == "pb-side":
            found.append(set())
        elif element.get("class") == "pb-quote":
            found[-1].add(block_of[element.cssselect(".pb-source")[0].get("title")])
        elif element.get("class") == "pb-more":
            found[-1] |= {block_of[a.get("data-sentence")] for a in element.cssselect("a")}
    return [len(one) for one in found]


def test_a_side_too_small_is_read_and_not_charted(pages, pieces, shown) -> None:
    page = pages["plans-2014-2024"]
    sides = [side.label for side in page.result.sides]
    assert page.answer.startswith(told("comparison.answer.cannot_say", "why", sides=sides))
    assert re.search(rf"“{sides[0]}” has 2 of the {MIN_BLOCKS}\b", page.answer)
    assert not pieces["plans-2014-2024"]["chart"]
    assert len(shown["plans-2014-2024"]["side_by_side"].cssselect(".pb-reading-cell blockquote")) > 3
    reason = f"{told('comparison.rows.one_reason', 'reason')}“{sides[0]}” has 2"
    assert reason in text(shown["plans-2014-2024"]["counts"])


def test_large_sides_are_charted_and_marks_lead_to_rows(pieces, shown) -> None:
    for name in ("eras", "national-liaoning"):
        assert isinstance(pieces[name]["chart"][0], Chart)
        assert len(shown[name]["side_by_side"].cssselect(".pb-reading-cell blockquote")) > 3, "but is read first"
        targets = {a.get("href")[1:] for a in shown[name]["chart"].cssselect("svg a")}
        assert targets
        assert targets <= {row.get("id") for row in shown[name]["counts"].cssselect("tr[id]")}


def test_the_answer_names_both_sides_and_what_keeps_it_from_saying_more(pages) -> None:
    page = pages["national-liaoning"]
    assert all(f"“{side.label}”" in page.answer for side in page.result.sides)
    assert say_finding("comparison.hindrance", page.estimates.pairs[0].hindrance) in page.answer


def test_within_one_language_is_the_comparison_of_its_texts(book: Book, pages) -> None:
    within = pages["national-liaoning"].by_language["en"].pairs[0]
    sides = [book.counts.select(speaker=who, language="en") for who in ("national", "liaoning")]
    alone = compare_counts(sides[0], sides[1], serial=book.effect)
    assert [(row.left.blocks, row.right.blocks, row.verdict) for row in within.rows] == [
        (row.left.blocks, row.right.blocks, row.verdict) for row in alone.rows
    ]
    assert within.usable.all()


def test_sides_of_different_languages_or_of_one_say_so(shown, pages) -> None:
    said = {}
    for name, shares in (("plans-2014-2024", False), ("liaoning-fujian", False), ("national-fujian", True)):
        estimates = pages[name].estimates
        codes = {"languages": estimates.languages, "shared": estimates.shared_languages}
        assert bool(estimates.shared_languages) == shares
        names = {what: [language_name(code) for code in found] for what, found in codes.items()}
        said[name] = text(shown[name]["within_language"])
        assert said[name] == text(tree(render("within_language", parts=[], **names)))
    assert len(set(said.values())) == 3


def test_texts_that_would_help_are_named(shown, book: Book) -> None:
    wanted = {text.id: text for text in load_recommended(book.project, book.vocabulary)}
    plans, provinces = (
        [text(one).removeprefix("policybook add --recommended ") for one in shown[name]["texts"].cssselect("li code")]
        for name in ("plans-2014-2024", "liaoning-fujian")
    )
    assert plans[0] == "nnup-2014" and "implementation-2022" not in plans
    first = shown["plans-2014-2024"]["texts"].cssselect("li")[0]
    assert text(first.cssselect("em")[0]) == wanted["nnup-2014"].title
    assert "work-reports" in provinces
    reports = [one.title for one in wanted.values() if one.group == "work-reports"]
    assert {text(one) for one in shown["liaoning-fujian"]["texts"].cssselect("em")} & set(reports)


def test_without_recommended_texts_none_is_named(make_project: MakeProject) -> None:
    project = make_project()
    project.recommended_file.unlink()
    found = tree(view.texts_wanted(ComparisonPage(open_book(project.root), "liaoning-fujian")))
    assert text(found) == text(tree(render("texts_wanted", texts=[])))
    assert not found.cssselect("li")


def test_the_table_can_be_downloaded_with_every_row(shown, book: Book) -> None:
    for name, least in (("national-liaoning", 1), ("eras", 3)):
        link = shown[name]["counts"].cssselect("a[download]")[-1]
        assert link.get("download") == f"{name}-counts.csv"
        content = base64.b64decode(link.get("href").partition(",")[2]).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(content)))
        assert len(rows) == least * len(book.counts.rows)
        assert all(row["verdict"] and row["reason"] for row in rows)


OWN = """
  - id: own
    title: A comparison of one's own
    question: What differs?
    left:
      label: "<b>all</b>"
      select: {{speaker: national}}
    right:
      label: some
      select: {right}
"""


def own_page(project: Project, right: str) -> ComparisonPage:
    with project.comparisons_file.open("a", encoding="utf-8") as file:
        file.write(OWN.format(right=right))
    return ComparisonPage(open_book(project.root), "own")


def test_sides_that_overlap_say_so_in_place_of_estimates(make_project: MakeProject) -> None:
    page = own_page(make_project(), "{document: guizhou-2024-two-strategies}")
    assert "overlap: 28 blocks of text" in page.answer
    pieces = made(page)
    assert not pieces["chart"]
    shown = {part: tree(*some) for part, some in pieces.items()}
    for part, element in shown.items():
        assert not element.cssselect("b"), part
    assert f"{told('comparison.rows.hindrance', 'why')}“<b>all</b>” and “some” overlap" in text(shown["counts"])


def test_statistics_are_folded_behind_one_line(pieces) -> None:
    parts = [*pieces["eras"]["chart"], *pieces["eras"]["counts"]]
    details = tree(view.fold_statistics("<b>all</b>", *parts)).cssselect("details")
    assert len(details) == 1 and text(details[0].cssselect("summary")[0]) == "<b>all</b>"
    assert details[0].cssselect("figure") and len(details[0].cssselect("table")) >= 2


def test_an_empty_side_is_named(make_project: MakeProject) -> None:
    page = own_page(make_project(), "{places: tibet}")
    assert "“some” has 0 of the 12 blocks needed" in page.answer
    shown = {part: tree(*some) for part, some in made(page).items()}
    assert "no passage fits “some”" in text(shown["counts"])


def test_evidence_beyond_what_is_quoted_is_referred_to(shown, monkeypatch: pytest.MonkeyPatch, book: Book) -> None:
    monkeypatch.setattr("policybook.pages.comparison.QUOTES_PER_ROW", 3)
    short = tree(view.show_evidence(ComparisonPage(book, "national-liaoning")))
    whole = shown["national-liaoning"]["evidence"]
    block_of = dict(zip(book.corpus.sentences["sentence"], book.corpus.sentences["block"], strict=True))
    themes = "details[id^=evidence-theme]"
    for one, other in zip(short.cssselect(themes), whole.cssselect(themes), strict=True):
        assert _blocks_quoted(one, block_of) == _blocks_quoted(other, block_of)
        assert len(one.cssselect("blockquote")) <= 6
    assert short.cssselect("details.pb-more")


GROUPS = """comparisons:
  - id: each
    title: Each
    question: What?
    each: document
    select: {language: en}
  - id: rest
    title: Rest
    question: What?
    each: places
    against: rest
"""


@pytest.fixture(scope="module")
def grouped(tmp_path_factory: pytest.TempPathFactory) -> Book:
    project = copy_project(tmp_path_factory.mktemp("grouped") / "project")
    project.comparisons_file.write_text(GROUPS, encoding="utf-8")
    return open_book(project.root)


@pytest.mark.parametrize(("name", "pairs", "rows"), [("each", 6, 3), ("rest", 4, 4)])
def test_groups_stand_in_a_matrix_that_leads_to_every_pair(grouped: Book, name: str, pairs: int, rows: int) -> None:
    page = ComparisonPage(grouped, name)
    matrix, folds = tree(view.groups_matrix(page)), tree(view.group_pairs(page))
    ids = [fold.get("id") for fold in folds.iter("details")]
    led = [a.get("href") for a in matrix.iter("a") if str(a.get("href")).startswith("#pair")]
    assert sorted(led) == sorted(f"#{one}" for one in ids) and len(ids) == pairs
    assert len(matrix.findall(".//tbody/tr")) == rows
    assert all(re.fullmatch(r"pair-[a-z0-9-]+", str(one)) for one in ids)
    evidence = set(tree(view.show_evidence(page)).xpath("//@id"))
    assert {str(a.get("href"))[1:] for a in folds.iter("a") if "evidence" in str(a.get("href"))} <= evidence
    if name == "rest":  # a group of which nothing can be judged is not said to have nothing unsettled
        judged = [any(row.eligible for row in pair.rows if row.family == "theme") for pair in page.estimates.pairs]
        cells = [row[-1].text_content() for row in matrix.findall(".//tbody/tr")]
        assert [bool(cell) for cell in cells] == judged and False in judged
    table = view.row_table(page.estimates, grouped.scheme)
    assert f"side_{len(page.result.sides)}" in table, "all groups stand in one table"
    assert "of " in page.answer and len(view.step_table(page.estimates, grouped.scheme)) == 0


def test_groups_of_which_nothing_can_be_judged_are_not_called_alike(book_of: BookOf) -> None:
    book = book_of(ENGLISH)
    sides = [book.counts.select(document=one) for one in ENGLISH]
    found = estimate_groups(book.counts, sides, list(ENGLISH), [(0, 1)], "rest", serial=1.0, comparable=None)
    said = wording.groups_answer(found, partial(wording.label_of, scheme=book.scheme))
    assert said.startswith("These texts cannot say how the two groups differ") and "clearly apart" not in said


def test_halves_of_one_text_are_a_placebo_where_each_side_is_one(pages: dict[str, ComparisonPage], book: Book) -> None:
    assert "neither can be halved" in tree(view.tell_halves(pages["liaoning-fujian"])).text_content()
    assert not tree(view.tell_halves(pages["national-liaoning"])).text_content().strip()
    texts = "guizhou-2024-two-strategies", "mysheen-2024-liaoning-income-gap"
    sides = [book.counts.select(document=one) for one in texts]
    found = find_halves(compare_counts(sides[0], sides[1], serial=1.0))
    assert [(pair.left, pair.right) for pair in found] == [(text, text) for text in texts]


@pytest.mark.parametrize(("documents", "places"), [(5, 11), (12, 32), (50, MOST_DOCUMENTS)])
def test_of_many_documents_the_first_place_is_named_and_how_many_there_are(
    book_of: BookOf, documents: int, places: int
) -> None:
    text = "The city should build new schools. The city should build new roads. The city should build new parks."
    book = book_of({f"text-{n}": text for n in range(documents)})
    cell = Quotes(book).some(book.corpus.sentences["sentence"].tolist(), None, 4)
    named = [one for _, _, places in cell["more"] for one in places]
    assert cell["number"] == 3 * documents == 4 + cell["n_more"]
    assert len(named) == places
    assert sum(one["times"] for one in named) == cell["n_more"] - 3 * cell["n_documents_more"]
