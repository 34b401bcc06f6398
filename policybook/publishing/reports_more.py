"""Uptake and means, for the page of measured reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pandas as pd

from policybook.analysis.directive_shares import shares_of_total
from policybook.analysis.uptake import Outcome, PlaceUptake, Uptake
from policybook.charts.bars import bar_chart
from policybook.charts.theme import Chart
from policybook.publishing.markup import Html, render
from policybook.publishing.reports_data import Reports, evidence_anchor
from policybook.publishing.reports_words import capitalise, percent
from policybook.publishing.tables import show_table
from policybook.words.say import listed, names_of, say

_TOLD: Mapping[Outcome, str] = {
    "later": "{} later",
    "same year": "{} in the same year",
    "before": "{} before the centre",
    "not yet": "{} not at all",
}


def uptake_sentence(reports: Reports) -> str:
    """Return how many words are new with the centre, and what became of them in each place."""
    found = reports.uptakes
    if not found:
        return "No word can be shown to be new with the centre in these years."
    parts = [f"Of the words compared, {len(found)} can be shown to be new with the centre in these years"]
    for place in reports.settings.places:
        outcomes = Counter(one.outcome for word in found for one in word.places if one.place == place)
        told = [text.format(outcomes[outcome]) for outcome, text in _TOLD.items() if outcomes[outcome]]
        unsaid = outcomes["too little"]
        rest = f"; for {unsaid} there is too little to tell" if unsaid else ""
        parts.append(f"{reports.name(place)} has {listed(told) or 'none that can be dated'}{rest}")
    return "; ".join(parts) + "."


def uptake_table(reports: Reports) -> Html:
    """Return a row for every word that is new with the centre: when there, and when in each place."""
    if not reports.uptakes:
        return render("nothing", sentence="No word can be shown to be new with the centre.")
    rows = [_uptake_row(reports, word) for word in reports.uptakes]
    labels = {"label": "Word", "first": f"New with {reports.name(reports.settings.centre)}"}
    labels |= {place: capitalise(reports.name(place)) for place in reports.settings.places}
    links = {"label": "href", "first": "href_centre"} | {place: f"href_{place}" for place in reports.settings.places}
    caption = "Words that are new with the centre, by the first year, and when each place has them"
    return show_table(pd.DataFrame(rows), labels, caption=caption, name="uptake", links=links)


def _uptake_row(reports: Reports, word: Uptake) -> dict[str, object]:
    row: dict[str, object] = {
        "concept": word.concept,
        "label": reports.label("concept", word.concept),
        "href": f"#{evidence_anchor('concept', word.concept)}",
        "href_centre": f"#{evidence_anchor('concept', word.concept, reports.settings.centre)}",
        "first": f"{word.first} ({word.blocks} blocks)",
    }
    for one in word.places:
        row[one.place] = _outcome(one)
        row[f"href_{one.place}"] = f"#{evidence_anchor('concept', word.concept, one.place)}" if one.blocks else ""
    return row


def _outcome(one: PlaceUptake) -> str:
    years = abs(one.years or 0)
    many = f"{years} year{'s' * (years != 1)}"
    return {
        "later": f"{many} later ({one.first})",
        "same year": "in the same year",
        "before": f"{many} before ({one.first})",
        "not yet": "not in these reports",
        "too little": say(f"measured.uptake.{one.why}") if one.why else "",
    }[one.outcome]


def directive_shares(reports: Reports, what: str) -> pd.DataFrame:
    """Return the shares of directives by instrument or strength in each place, as charts.bars takes them."""
    names = names_of(what)
    columns = [f"{what}_{code}" for code in names]
    blocks = reports.measured.blocks
    parts = []
    for place in reports.places:
        documents = reports.counts.select(place=place).documents["document"]
        shares = shares_of_total(blocks[blocks["document"].isin(documents)], columns)
        parts.append(
            shares.reset_index(drop=True).assign(
                category=list(names.values()), group=capitalise(reports.name(place)), href="#table-documents"
            )
        )
    return pd.concat(parts, ignore_index=True)


def means_sentence(reports: Reports) -> str:
    """Return which instrument and which strength are the most frequent in each place."""
    if not reports.age.holds("directives"):
        return f"Directives are not counted. {reports.not_counted}"
    parts = []
    for what in ("instrument", "strength"):
        rows = directive_shares(reports, what)
        if not rows["total"].sum():
            return "No directive was coded in these texts."
        said: dict[str, list[str]] = {}
        for place, some in zip(reports.places, (some for _, some in rows.groupby("group", sort=False)), strict=True):
            first = some.sort_values("count", ascending=False, kind="stable").iloc[0]
            said.setdefault(str(first["category"]), []).append(
                f"{reports.name(place)} {percent(float(first['share']))}"
            )
        told = listed([f"“{category}” ({', '.join(places)})" for category, places in said.items()])
        parts.append(f"The most frequent {what} is {told}.")
    return " ".join(parts)


def directive_chart(reports: Reports, what: str) -> Chart | Html:
    """Return a chart of the shares of directives by instrument or strength, place by place."""
    if not reports.age.holds("directives"):
        return render("nothing", sentence="Directives are not counted: these texts were measured with other rules.")
    rows = directive_shares(reports, what)
    if not rows["total"].sum():
        return render("nothing", sentence="No directive was coded in these texts.")
    caption = (
        f"Share of the directives of each place's documents by {what}, with 95 % intervals that take whole documents "
        "as what is sampled. In brackets: all directives. Bars lead to the documents with their counts."
    )
    return bar_chart(f"directives-{what}", rows.fillna({"low": 0.0, "high": 0.0}), caption, stacked=False)
