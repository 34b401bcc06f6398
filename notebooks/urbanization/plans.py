"""What became of policy between plans: facts and texts side by side, pairs of one genre, all places between eras."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from policybook.analysis.measured_counts import make_panel
from policybook.analysis.paired import Contrast, Panel, contrast
from policybook.build.runs import template_parameters
from policybook.charts.theme import Chart
from policybook.coding.measured import Measured, age_of, load_measured, measured_names, text_link
from policybook.coding.rules import Age
from policybook.corpus.corpus import Selection, records
from policybook.pages.book import Book, made_pages
from policybook.pages.comparison import Quotes
from policybook.pages.html import Html, in_words, nothing, of_rows, render
from policybook.words.comparisons import not_counted_sentence, reason_words, row_terms
from policybook.words.say import mark, name_of, percent, say, term_in_words
from urbanization.facts import FactRow, Facts, Target
from urbanization.rates import origin_rows
from urbanization.targets import target_rows

PLANS_PAGE = "chapters/plans"
#: A theme or concept: its family and id.
RowName = tuple[str, str]

# Facts side by side: what a cell says is of rows of data/facts, each with its source and passage -------

def fact_sides(book: Book, facts: Facts, sides: Mapping[str, Sequence[Iterable[FactRow]]],
               names: Sequence[str]) -> pd.DataFrame:  # fmt: skip
    """Return one row for everything that is set side by side, with a column a side that lists what rows of facts say.

    `sides` maps what a row is about to the rows of each side, `names` are the sides' names.
    Columns: about, one a name (pieces of a page), and rows, the ids of all of them.
    """
    held = {about: [list(side) for side in of] for about, of in sides.items()}
    every = [row for of in held.values() for side in of for row in side]
    origins = origin_rows(book, every).set_index("row")["origin"]
    verdicts = target_rows(facts).set_index("row")["verdict"].to_dict()
    table = []
    for about, of in held.items():
        told = [Markup("").join(_fact(row, origins[row.id], verdicts) for row in side) for side in of]
        cells = [Html(one or Markup("–")) for one in told]
        table.append({"about": about, **dict(zip(names, cells, strict=True)),
                      "rows": " ".join(row.id for side in of for row in side)})  # fmt: skip
    return pd.DataFrame(table)


def _fact(row: FactRow, origin: Html, verdicts: Mapping[Any, str]) -> Markup:
    values: dict[str, object] = {"row": row}
    if isinstance(row, Target):
        verdict = verdicts[row.id]
        values |= {"became": name_of("target_verdict", verdict) if verdict in ("met", "missed") else ""}
    said = of_rows(say(f"plans.fact.{row.name}", **values), row)
    return Markup('<p>{}<br><span class="pb-quiet">{}</span></p>').format(said.markup, origin.markup)


def goals_of(facts: Facts, plan: str, figures: bool) -> list[Target]:
    """Return the goals of a plan that are numbers, or those that are words."""
    found = [row for row in facts.targets(plan) if row.group != "rule"]
    return [row for row in found if (row.target is not None and row.target.number is not None) == figures]


def quote_sides(book: Book, concepts: Sequence[str], sides: Mapping[str, Selection], most: int = 3) -> Html:
    """Return for every concept that any side mentions the sentences of each side that do; `sides` are selections."""
    quotes, rows = Quotes(book), []
    mentions = {label: book.corpus.select(selection).mentions for label, selection in sides.items()}
    for concept in concepts:
        found = [list(dict.fromkeys(of.loc[of["concept"] == concept, "sentence"])) for of in mentions.values()]
        if any(found):
            cells = [quotes.some(sentences, [concept], most, in_turn=True) for sentences in found]
            rows.append({"label": row_terms(("concept", concept), book.scheme)[1], "cells": cells})
    return render("reading", sides=list(sides), rows=rows, smallest="", absent=[], whole=[])


# Documents of which counts were measured, one beside the other ------------------------------------------

@dataclass(frozen=True)
class MeasuredTexts:
    """A measured corpus of a book, its official pages at hand."""

    book: Book
    name: str

    @cached_property
    def measured(self) -> Measured:
        """The tables as measured."""
        return load_measured(self.book.project, self.name)

    @cached_property
    def age(self) -> Age:
        """What of the tables does not hold with the rules as they are now."""
        return age_of(self.measured, self.book.project)

    def panel_of(self, length: int) -> Panel:
        """Return its documents, counted by blocks of so many characters."""
        return make_panel(self.measured, self.age, self.book.scheme, self.book.vocabulary, length=length)

    @cached_property
    def panel(self) -> Panel:
        """Its documents, counted by blocks of 100 characters."""
        return self.panel_of(100)

    @cached_property
    def missing(self) -> str:
        """Why something or all of it is not shown; empty where everything is."""
        if self.name not in measured_names(self.book.project):
            return say("plans.none_measured", corpus=self.name)
        return not_counted_sentence(self.age, self.book.scheme, self.name)

    @cached_property
    def nothing(self) -> str:
        """Why there is nothing to show: nothing was measured, or nothing with the rules of now; else empty."""
        measured = self.name in measured_names(self.book.project)
        return "" if measured and self.panel.counted.any() else self.missing

    @cached_property
    def forms(self) -> Mapping[tuple[str, RowName], str]:
        """The words of a document that a count leads to: of a theme those of its concept used most."""
        themes, found = (self.measured.counts[self.measured.counts["kind"] == kind] for kind in ("theme", "concept"))
        found = found.assign(theme=found["id"].map(self.book.scheme.compared_themes["theme-before"]))
        leading = found[found["theme"].notna() & (found["form"] != "")].sort_values("mentions", kind="stable")
        every = pd.concat([themes, leading.assign(kind="theme", id=leading["theme"]), found])
        rows = every[["document", "kind", "id", "form"]].to_numpy()
        return {(document, (kind, of)): form for document, kind, of, form in rows}

    @cached_property
    def addresses(self) -> Mapping[str, str]:
        """The official page of each document."""
        return dict(zip(self.measured.documents["document"], self.measured.documents["address"], strict=True))

    def link(self, document: str, key: RowName) -> str:
        """Return where a count of a document leads: to the words on the official page, or the page, or nowhere."""
        form = self.forms.get((document, key))
        return "" if form is None else text_link(self.addresses.get(document, ""), form)

    def label(self, key: RowName) -> str:
        """Return what a theme or concept is called in English."""
        return row_terms(key, self.book.scheme)[1]


def genre_shares(texts: MeasuredTexts, **selection: str) -> pd.DataFrame:
    """Return the share of the blocks of every selected document that carry each theme, as slope_chart takes them.

    Concepts that are in the scheme because they moved between eras do not count for their theme.
    Columns: id, label, period (the document's year), share, count, total, looks, href.
    """
    panel = texts.panel.between_eras().select(selection)
    rows, documents = [], list(records(panel.documents))
    for n, theme in panel.rows.loc[panel.families == 0, "id"].items():
        label = texts.label(("theme", theme))
        for one, carrying in zip(documents, panel.carrying[:, n], strict=True):
            href = texts.link(one.document, ("theme", theme))
            rows.append((theme, label, str(one.year), carrying / one.blocks, carrying, one.blocks, "", href))
    columns = ["id", "label", "period", "share", "count", "total", "looks", "href"]
    return pd.DataFrame(rows, columns=columns).sort_values("period", kind="stable").dropna(subset="share")


def word_changes(texts: MeasuredTexts, **selection: str) -> pd.DataFrame:
    """Return how often each of the selected documents uses each concept, and which came and which went.

    Columns: id, label, term_zh, change ("came": not in the first document but in the last, "went": the other way
    round, "stayed"), a column a year, YEAR_href (the words on the official page), and order, the larger count.
    Those that no document uses, or that nobody counted, are left out.
    """
    panel = texts.panel.select(selection)
    order = panel.documents["year"].argsort(kind="stable").tolist()
    years = [str(panel.documents["year"][n]) for n in order]
    rows = []
    for n, row in enumerate(records(panel.rows)):
        counts = panel.mentions[order, n]
        if row.family == "concept" and counts.sum() > 0:
            change = "came" if not counts[0] and counts[-1] else "went" if counts[0] and not counts[-1] else "stayed"
            key = ("concept", row.id)
            told: dict[str, Any] = dict(zip(("term_zh", "label"), row_terms(key, texts.book.scheme), strict=True))
            told |= {"id": row.id, "change": change, "order": int(max(counts[0], counts[-1]))}
            for year, count, d in zip(years, counts, order, strict=True):
                told |= {year: int(count), f"{year}_href": texts.link(panel.documents["document"][d], key)}
            rows.append(told)
    columns = ["id", "label", "term_zh", "change", *years, *(f"{year}_href" for year in years), "order"]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values(["change", "order"], ascending=[True, False], kind="stable", ignore_index=True)


# All places between eras --------------------------------------------------------------------------------

@dataclass(frozen=True)
class EraShift:
    """The documents of all places of one level, era by era; places are the pairs.

    `eras` are three: before, after, and since. Contrasts are of a later era (left) with an earlier one (right).
    With `groups` (names → ids of concepts) the concepts of each count together as one row of that name; a block
    counts once for each of them. `aside` is a theme not named first, `page` the address of the evidence, if another.
    """

    texts: MeasuredTexts
    eras: Sequence[str]
    level: int = 1
    aside: str = ""
    page: str = ""
    groups: Mapping[str, Sequence[str]] | None = None

    @cached_property
    def sides(self) -> list[Panel]:
        """The documents of each era."""
        panel = self.texts.panel.keep((self.texts.panel.documents["level"] == self.level).to_numpy())
        if self.groups:
            numbers = [[panel.column("concept", one) for one in ids] for ids in self.groups.values()]
            tables: dict[str, Any] = {
                name: np.column_stack([getattr(panel, name)[:, some].sum(axis=1) for some in numbers])
                for name in ("carrying", "mentions", "before")
            }
            why = [max(panel.rows["why"].iloc[some]) for some in numbers]
            rows = pd.DataFrame({"family": "concept", "id": list(self.groups), "why": why, "chosen": False})
            panel = replace(panel, rows=rows, **tables)
        return [panel.select(era=era) for era in self.eras]

    @cached_property
    def changed(self) -> Contrast:
        """The second era against the first."""
        return contrast(self.sides[1], self.sides[0])

    @cached_property
    def since(self) -> Contrast:
        """The third era against the second."""
        return contrast(self.sides[2], self.sides[1])

    @cached_property
    def overall(self) -> Contrast:
        """The third era against the first."""
        return contrast(self.sides[2], self.sides[0])

    @cached_property
    def years(self) -> list[str]:
        """The years of each era's documents."""
        spans = [(side.documents["year"].min(), side.documents["year"].max()) for side in self.sides]
        return [f"{first}{mark('range')}{last}" if first != last else str(first) for first, last in spans]

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Every theme and concept that was counted: its shares in the three eras, what changed, and its course.

        Columns: family, id, label, term_zh, theme, chosen (by the outcome: not tested), before, after and since (shares
        of blocks, with X_blocks), ratio, ratio_low and ratio_high of after to before, p_family, places (that moved as
        the whole did) of pairs, verdict, verdict_since and verdict_overall, why, course, href (its evidence).
        """
        first, later, overall = (one.rows for one in (self.changed, self.since, self.overall))
        rows = self.changed.left.rows
        keys = list(zip(rows["family"], rows["id"], strict=True))
        terms = [("", key[1]) if self.groups else row_terms(key, self.texts.book.scheme) for key in keys]
        table = pd.DataFrame({
            "family": rows["family"], "id": rows["id"], "chosen": rows["chosen"].astype(bool),
            "term_zh": [zh for zh, _ in terms],
            "label": [name_of("word_group", en) if self.groups else term_in_words(en.partition(" (")[0], zh)[0]
                      for zh, en in terms],
            "theme": ["" if self.groups else self._theme(key) for key in keys],
            "before": first["right_share"], "after": first["left_share"], "since": later["left_share"],
            "before_blocks": first["right_blocks"], "after_blocks": first["left_blocks"],
            "since_blocks": later["left_blocks"],
            "difference": first["difference"], **{name: first[name] for name in ("ratio", "ratio_low", "ratio_high")},
            "p_family": first["p_family"], "places": first["same_direction"], "pairs": first["pairs"],
            "verdict": first["verdict"], "verdict_since": later["verdict"], "verdict_overall": overall["verdict"],
            "why": [reason_words(reason) for reason in first["reason"]],
            "href": [f"{self.page}#{evidence_anchor(key)}" for key in keys],
        })  # fmt: skip
        table["course"] = [find_course(row) for row in records(table)]
        return table[self.changed.left.counted & (table[["before", "after", "since"]].sum(axis=1) > 0)]

    def settled(self, family: str) -> pd.DataFrame:
        """Return the rows of a family that changed from the first era to the second; no chosen one was tested."""
        rows = self.rows
        return rows[(rows["family"] == family) & rows["verdict"].isin(["more in left", "more in right"])]

    def widest(self, most: int) -> pd.DataFrame:
        """Return the concepts that changed in most places (see changes), those of the theme `aside` left out."""
        found = self.settled("concept")
        return self.changes(found[found["theme"] != (self._theme(("theme", self.aside)) if self.aside else "")], most)

    def _theme(self, key: RowName) -> str:
        scheme = self.texts.book.scheme
        theme = key[1] if key[0] == "theme" else scheme.by_id[key[1]].theme
        return term_in_words(*reversed(row_terms(("theme", theme), scheme)))[0]

    def periods(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return rows of `rows` three times, once an era, as slope_chart takes them (see genre_shares)."""
        parts = [
            rows[["id", "label", "href"]].assign(
                period=years, share=rows[era], count=rows[f"{era}_blocks"], total=int(side.blocks.sum()),
                looks=rows["verdict"].map(MOVES).fillna(""),
            )
            for era, years, side in zip(("before", "after", "since"), self.years, self.sides, strict=True)
        ]  # fmt: skip
        return pd.concat(parts, ignore_index=True)

    def changes(self, rows: pd.DataFrame, most: int) -> pd.DataFrame:
        """Return those rows that rose, then those that fell, at most so many each, as change_chart takes them.

        Those on which more places agree come first, then those whose share changed more.
        """
        rows = rows.assign(size=rows["difference"].abs(), looks=rows["verdict"].map(MOVES).fillna("untested"))
        rows = rows.sort_values(["places", "size"], ascending=False, kind="stable")
        rows = rows.assign(
            group=[say(f"plans.{'rose' if one > 0 else 'fell'}") for one in rows["difference"]],
            said=[say("plans.in_places", places=int(row.places), pairs=int(row.pairs)) for row in records(rows)],
        )
        both = (rows[rows["difference"] > 0].head(most), rows[rows["difference"] < 0].head(most))
        return pd.concat([side.sort_values("size", ascending=False, kind="stable") for side in both], ignore_index=True)

    def evidence(self, rows: pd.DataFrame, most: int = 5) -> Html:
        """Return for every row the documents of each era that speak of it most, with links to the official pages."""
        parts = [self._evidence((row.family, row.id), row.label, most) for row in records(rows)]
        return Html(Markup("\n").join(parts))

    def _evidence(self, key: RowName, label: str, most: int) -> Markup:
        number, cells = self.changed.left.column(*key), []
        for years, side in zip(self.years, self.sides, strict=True):
            documents, carrying = side.documents[["document", "place", "year"]], side.carrying[:, number]
            top = np.lexsort((documents["document"].to_numpy(str), -carrying))[:most]
            told = [
                {"where": f"{self.texts.book.vocabulary.label(one.place)} {one.year}", "count": int(blocks),
                 "href": self.texts.link(one.document, key)}
                for one, blocks in zip(records(documents.iloc[top]), carrying[top], strict=True) if blocks > 0
            ]  # fmt: skip
            cells.append({"years": years, "number": int((carrying > 0).sum()), "of": len(documents), "documents": told})
        return render("era_evidence", anchor=evidence_anchor(key), label=label, cells=cells).markup


def tell_rows(rows: pd.DataFrame, by: str, shares: Sequence[str] = ("before", "after")) -> Html:
    """Return rows in words, those with one value of `by` together: with a link, their shares, and `said` if any."""
    groups = [(name, [{"label": row.label, "href": row.href, "said": getattr(row, "said", ""),
                       "shares": [percent(getattr(row, one), 1 + (getattr(row, one) < 0.01)) for one in shares]}
                      for row in records(some)])
              for name, some in rows.groupby(by, sort=False)]  # fmt: skip
    return render("told_rows", groups=groups)


def drawn(draw: Callable[..., Chart], name: str, rows: pd.DataFrame, *more: object, **options: object) -> Chart | Html:
    """Return a chart of rows, or a sentence where there are none."""
    return draw(name, rows, *more, **options) if len(rows) else nothing("plans.nothing")


#: How a chart tells verdicts on a later era (left) apart.
MOVES: Mapping[str, str] = {"more in left": "rose", "more in right": "fell", "alike": "same", "not settled": "same"}


def evidence_anchor(key: RowName) -> str:
    """Return the anchor of the evidence of a theme or concept."""
    return f"evidence-{key[0]}-{key[1]}"


def find_course(row: Any) -> str:
    """Return the course of a row over three eras, from its three verdicts alone.

    "rose" or "fell" (from the first era to the second), with "and stayed …" where the third differs from the first in
    the same direction, with "and came back" or "fell back" where it does not but differs from the second in the other;
    "not settled" where the first two eras were not shown to differ.
    """
    moved = {"more in left": "rose", "more in right": "fell"}.get(row.verdict)
    if moved is None:
        return "not settled"
    up = moved == "rose"
    if row.verdict_overall == row.verdict:
        return "rose and stayed up" if up else "fell and stayed down"
    back = row.verdict_since == ("more in right" if up else "more in left")
    return moved if not back else "rose and fell back" if up else "fell and came back"


# What the front page takes from this one ------------------------------------------------------------------

def find_eras(book: Book, base: str = "") -> tuple[EraShift, EraShift] | None:
    """Return the eras as the page on the plans compares them: word by word, and groups of words together.

    None in a book without that page or counts that hold. `base` leads to the root of the site ("" or "../").
    """
    if PLANS_PAGE not in made_pages(book.project):
        return None
    declared = template_parameters(book.project.notebooks / "plans.ipynb")
    texts = MeasuredTexts(book, declared["reports"])
    words = EraShift(texts, declared["eras"], aside=declared["slogans"], page=f"{base}{PLANS_PAGE}.html")
    return None if texts.nothing else (words, replace(words, groups=declared["groups"]))


def eras_headline(found: tuple[EraShift, EraShift] | None, most: int = 3) -> Html:
    """Return what came and what left between the eras, with a link to its page; empty where there is nothing."""
    if found is None:
        return Html(Markup(""))
    words, joint = found
    themes = words.settled("theme")
    lists = [tell_rows(rows, "group", ()).markup for rows in (words.widest(most), words.changes(themes, most - 1))]
    told = say("plans.answer", years=words.years, groups=list(records(joint.rows)), themes=len(themes),
               of=int((words.rows["family"] == "theme").sum()))  # fmt: skip
    first, second, end = (in_words(part).markup for part in told.split("|"))
    sentence = Markup("").join((first, lists[0], second, lists[1], end))
    return lead_on(sentence, f"{words.page}#brief", "plans.headline")


def short_plan(book: Book) -> Callable[[str], str]:
    """Return what gives a plan's short name."""
    names = book.vocabulary
    return lambda plan: term_in_words(names.short_plan(plan), names.short_plan(plan, chinese=True))[0]


def lead_on(sentence: str, address: str, words: str) -> Html:
    """Return a sentence that another page's numbers make, behind `words`.lead and before a link, `words`.link."""
    return render("headline", sentence=sentence, address=address, **{n: say(f"{words}.{n}") for n in ("lead", "link")})
