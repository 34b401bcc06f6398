"""Tables of scores as a page shows them."""

from __future__ import annotations

import lxml.html
import pandas as pd
import pytest
from lxml.html import HtmlElement

from policybook.analysis.validation import SCORES
from policybook.publishing.markup import Html
from policybook.publishing.score_tables import show_estimates, show_scores, with_interval

NAN = float("nan")
ROW = {"what": "<i>Concepts</i>", **dict.fromkeys(SCORES, 0.5), "gold": 4, "found": 5, "hits": 2}


def tree(html: Html) -> HtmlElement:
    return lxml.html.fragment_fromstring(str(html.markup), create_parent=True)


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [
        ((0.934, 0.891, 0.96), "0.93 (.89–.96)"),
        ((1.0, 0.9, 1.0), "1.00 (.90–1.00)"),
        ((0.0, 0.0, 0.12), "0.00 (.00–.12)"),
        ((0.99, 0.9, 0.997), "0.99 (.90–1.00)"),
        ((-0.2, -0.5, 0.1), "−0.20 (−.50–.10)"),
        ((NAN, 0.0, 1.0), "–"),
    ],
)
def test_a_share_is_shown_with_its_interval(numbers: tuple[float, float, float], shown: str) -> None:
    assert with_interval(*numbers) == shown


def test_a_table_of_scores_is_escaped_and_links_its_rows() -> None:
    data = pd.DataFrame([ROW])
    page = tree(show_scores(data, {"what": "Coded"}, caption="C", name="n", links={ROW["what"]: "#errors-concept"}))
    assert page.cssselect("i") == []
    assert [a.get("href") for a in page.cssselect("tbody a")] == ["#errors-concept"]
    assert [th.text for th in page.cssselect("thead th")] == ["Coded", "By hand", "Found", "Precision", "Recall", "F1"]
    assert [td.text_content() for td in page.cssselect("tbody td")][1:3] == ["4", "5"]
    assert page.cssselect("a[download='n.csv']")
    assert page.cssselect("caption")[0].text == "C"


def test_a_table_of_estimates_shows_numbers_that_are_not_known_as_a_dash() -> None:
    data = pd.DataFrame([{"of": "Strength", "n": 3, "agreed": NAN, "kappa": NAN, "low": NAN, "high": NAN}])
    labels = {"of": "Of", "n": "Number", "agreed": "Share"}
    page = tree(show_estimates(data, labels, "kappa", heading="κ", caption="C", name="n"))
    assert [td.text_content() for td in page.cssselect("tbody td")] == ["Strength", "3", "–", "–"]
