"""What the pages of actors and of instruments show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import networkx as nx
import pandas as pd

from policybook.analysis.directives import (
    Part,
    Within,
    actor_network,
    addressees,
    commonest,
    count_codes,
    edge_table,
    find_cautions,
    in_reading_order,
    split_parts,
)
from policybook.charts.bars import bar_chart
from policybook.charts.network import network_chart
from policybook.charts.theme import COLOURS, Chart, download_link
from policybook.coding import scheme
from policybook.coding.actors import ActorScheme
from policybook.corpus.corpus import records
from policybook.pages.book import Book, trust_in_coding
from policybook.pages.document import HTML_LANGUAGE, group_by
from policybook.pages.html import Html, address, number, passages_by_document, render
from policybook.words.say import (
    caution_words,
    counted,
    name_code,
    name_of,
    names_of,
    say_addressees,
    say_named,
    say_together,
)

# Directives as quotations: the clause, and a link to its passage -----------------------------------


def quote_clauses(
    directives: pd.DataFrame, languages: Mapping[str, str], quotable: Collection[str], most: int
) -> dict[str, Any]:
    """Return at most `most` clauses that may be shown, as clauses.html takes them, and how many more there are."""
    shown = directives[directives["sentence"].isin(quotable)]
    quotes = [
        {
            "text": row.text,
            "id": row.sentence,
            "href": address(row.sentence),
            "document": row.document,
            "number": number(row.sentence),
            "language": HTML_LANGUAGE[languages[row.document]],
        }
        for row in records(shown.head(most))
    ]
    return {"quotes": quotes, "more": len(directives) - len(quotes)}


# What the page about actors shows: who is named, with whom, and who is asked to do what ------------


OTHER_ACTORS = "others"


@dataclass(frozen=True)
class ActorsPage:
    """Actors named `within` one sentence or passage are together; `most` are drawn, `quotes` clauses listed of each."""

    book: Book
    within: Within = "sentence"
    most: int = 28
    quotes: int = 60

    @cached_property
    def named(self) -> pd.DataFrame:
        """Every time an actor is named, with the actor's kind."""
        by_id, actors = self.scheme.by_id, self.book.corpus.actors
        return actors.assign(kind=[str(by_id[actor].kind) for actor in actors["actor"]])

    @property
    def scheme(self) -> ActorScheme:
        """The actors of data/lexicon/actors.yml."""
        return self.book.coding.actors.scheme

    @cached_property
    def network(self) -> nx.Graph[str]:
        """The actors, joined where they are named together."""
        return actor_network(self.book.corpus, self.scheme, self.within)

    @cached_property
    def addressed(self) -> pd.DataFrame:
        """A row for each directive and actor that it addresses."""
        return addressees(self.book.corpus)

    @property
    def values(self) -> dict[str, object]:
        """What the page's prose says."""
        return {
            "mentions": counted(len(self.named), "time"),
            "actors": counted(self.named["actor"].nunique(), "actor"),
            "documents": counted(len(self.book.corpus.documents), "document"),
            "n_naming": self.named["document"].nunique(),
            "within": self.within,
            "named": say_named(self.scheme, self.named),
            "together": say_together(self.scheme, edge_table(self.network), self.within),
            "asked": say_addressees(self.scheme, self.addressed),
        }

    def trust(self) -> Html:
        """Where to read how good the coding is."""
        return trust_in_coding(self.book.project)

    def kinds(self) -> Chart | Html:
        """Kinds of actors in the documents that are long enough, as parts of a bar."""
        counts = count_codes([part for part in self._parts if not part.small], "kind", self._kinds)
        counts = counts[counts["total"] > 0]
        if counts.empty:
            return render("nothing", sentence="No document that names actors is long enough for shares.")
        names = [name_of("actor_kind", code) for code in counts["code"]]
        bars = counts.rename(columns={"value": "group"}).drop(columns=["low", "high"])
        caption = (
            "Kinds of actors named in each document that is long enough. In brackets: how often the document names any."
        )
        bars = bars.assign(category=names, href="#table-actors")
        return bar_chart("actor-kinds", bars, caption, unit="times that an actor is named")

    def cautions(self) -> Html:
        """What the sizes of the documents forbid to conclude."""
        documents = [part.value for part in self._parts]
        found = find_cautions(self._parts, documents, "document")
        return render("cautions", sentences=caution_words(found, "document", "actors"))

    def table(self) -> Html:
        """Every actor, the one named most often first: names, kind, where it is named and in which words."""
        by_actor = group_by(self.named, "actor")
        rows = [self._row(str(actor), by_actor[actor]) for actor in self.network]
        told = [(r["id"], r["name_zh"], r["name_en"], r["kind"], r["times"], r["documents_naming"]) for r in rows]
        columns = ["actor", "name_zh", "name_en", "kind", "times", "documents"]
        data = pd.DataFrame(told, columns=columns)
        first = sum(row["times"] > 1 for row in rows) or len(rows)
        return render("actors", rows=rows, first=first, download=download_link(data, "actors"))

    def network_chart(self) -> Chart | Html:
        """The actors named most often, joined where they are named together."""
        if not len(self.network):
            return render("nothing", sentence="No actor is named, so there is no network to draw.")
        nodes = [
            {"id": actor, "label": node["name_en"], "group": name_of("actor_kind", node["kind"]),
             "mentions": node["mentions"], "href": f"#actor-{actor}"}
            for actor, node in self.network.nodes(data=True)
        ]  # fmt: skip
        edges = [
            {"source": row.actor, "target": row.with_actor, "weight": row.weight, "href": f"#{_pair(row)}"}
            for row in records(edge_table(self.network))
        ]
        caption = (
            f"Actors that one {self.within} names together: marks are larger where named more often, lines thicker "
            "where more often together. Distances mean nothing exact. Marks lead to the table above, lines to the "
            "one below."
        )
        columns = ["source", "target", "weight", "href"]
        table = pd.DataFrame(edges, columns=columns)
        return network_chart("actors", pd.DataFrame(nodes), table, caption, most=self.most)

    def pairs(self) -> Html:
        """Every pair of actors named together, most often first, with the passages."""
        places = {actor: set(rows[self.within]) for actor, rows in group_by(self.named, "actor").items()}
        rows = []
        for row in records(edge_table(self.network)):
            both = self.named[
                (self.named["actor"] == row.actor)
                & self.named[self.within].isin(places[row.actor] & places[row.with_actor])
            ].drop_duplicates(self.within)
            names = [self.scheme.by_id[actor] for actor in (row.actor, row.with_actor)]
            rows.append(
                {"id": _pair(row), "names": names, "times": row.weight, "documents": passages_by_document(both)}
            )
        return render("actor_pairs", rows=rows, within=self.within)

    def asked(self) -> Html:
        """For every actor addressed, its directives by instrument, and the clauses."""
        told = self.addressed[self.addressed["actor"].notna()]
        corpus = self.book.corpus
        languages = dict(zip(corpus.documents["document"], corpus.documents["language"], strict=True))
        rows = []
        for actor, some in sorted(group_by(told, "actor").items(), key=lambda item: (-len(item[1]), item[0])):
            counts = Counter(some["instrument"])
            rows.append(
                {
                    "actor": self.scheme.by_id[actor],
                    "times": len(some),
                    "counts": [counts[code] for code in names_of("instrument")],
                    "clauses": quote_clauses(some, languages, self.book.quotable, self.quotes),
                }
            )
        shown = self.addressed[self.addressed["sentence"].isin(self.book.quotable)]
        instruments = list(names_of("instrument").values())
        return render(
            "addressees", rows=rows, instruments=instruments, download=download_link(shown, "addressees")
        )

    @cached_property
    def _kinds(self) -> list[str]:
        """Return the kinds that a chart tells apart: the commonest ones, and others."""
        found = [kind for kind, _ in Counter(self.named["kind"]).most_common()]
        return found if len(found) <= len(COLOURS) else [*found[: len(COLOURS) - 1], OTHER_ACTORS]

    @cached_property
    def _parts(self) -> list[Part]:
        parts = split_parts(self.book.corpus, "document", "actors")
        kinds = self.named["kind"].where(self.named["kind"].isin(self._kinds), OTHER_ACTORS)
        return [replace(part, rows=part.rows.assign(kind=kinds.loc[part.rows.index])) for part in parts]

    def _row(self, actor: str, rows: pd.DataFrame) -> dict[str, Any]:
        entry = self.scheme.by_id[actor]
        forms = Counter(" ".join(str(text).split()) for text in rows["text"])
        return {
            "id": actor, "name_zh": entry.name_zh, "name_en": entry.name_en,
            "kind": name_of("actor_kind", entry.kind), "times": len(rows),
            "documents_naming": rows["document"].nunique(),
            "forms": sorted(forms, key=lambda form: (-forms[form], form)),
            "documents": passages_by_document(rows),
        }  # fmt: skip


def _pair(row: Any) -> str:
    """Return the id of a row for two actors."""
    return f"pair-{row.actor}-and-{row.with_actor}"


# How directives are set out: by which field of the corpus and which of their codes; the clauses behind each cell ---


@dataclass(frozen=True)
class View:
    """One way of setting directives out: parts by `field`, each by the codes of `column`."""

    id: str
    title: str
    field: str
    column: Literal["instrument", "strength"]
    #: What a part is, where several documents may stand in one.
    kind: str

    @property
    def names(self) -> Mapping[str, str]:
        """The codes of the column and what they are called."""
        return names_of(self.column)

    def anchor(self, value: str, code: str) -> str:
        """Return the id under which a page lists the clauses of one cell."""
        return f"evidence-{self.id}-{value}-{code}"


VIEWS = {
    view.id: view
    for view in (
        View("document", "By document", "document", "instrument", "document"),
        View("strength", "By strength", "document", "strength", "document"),
        View("speaker", "By speaker", "speaker", "instrument", "speaker"),
        View("plan", "By plan", "plan", "instrument", "plan"),
        View("era", "By era", "era", "instrument", "era"),
    )
}


def table_rows(view: View, parts: Sequence[Part], labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return a row a part, with the count, share and interval of every code; a cell leads to its clauses."""
    counts = count_codes(parts, view.column, tuple(view.names))
    rows = []
    for part in parts:
        cells = [
            {
                "count": row.count,
                "href": f"#{view.anchor(part.value, row.code)}" if row.count else "",
                "share": "" if pd.isna(row.share) else f"{100 * row.share:.0f}",
                "interval": "" if pd.isna(row.share) else f"{100 * row.low:.0f}–{100 * row.high:.0f}",
            }
            for row in records(counts[counts["value"] == part.value])
        ]
        rows.append({"label": labels[part.value], "part": part, "all": len(part.rows), "cells": cells})
    return rows


def chart_rows(view: View, parts: Sequence[Part], labels: Mapping[str, str]) -> pd.DataFrame:
    """Return the rows of a bar chart for the parts that are large enough for shares."""
    counts = count_codes([part for part in parts if not part.small], view.column, tuple(view.names))
    return pd.DataFrame(
        [
            {
                "group": labels[row.value], "category": view.names[row.code], "count": row.count, "total": row.total,
                "low": row.low, "high": row.high,
                "href": f"#{view.anchor(row.value, row.code)}" if row.count else "",
            }
            for row in records(counts[counts["total"] > 0])
        ],
        columns=["group", "category", "count", "total", "low", "high", "href"],
    )  # fmt: skip


def subtype_rows(parts: Sequence[Part]) -> list[dict[str, Any]]:
    """Return a row a subtype of an instrument, with its count in every part of the view by document."""
    rows = []
    for instrument, subtypes in scheme.INSTRUMENTS.items():
        for subtype in subtypes:
            counts = [(part.value, int((part.rows["subtype"] == subtype).sum())) for part in parts]
            code = f"{instrument}-{slug(subtype)}"
            cells = [
                {"count": n, "href": f"#{VIEWS['document'].anchor(value, code)}" if n else ""} for value, n in counts
            ]
            total = sum(n for _, n in counts)
            rows.append(
                {"instrument": instrument, "subtype": subtype, "name": name_code(subtype), "cells": cells, "all": total}
            )
    return rows


def evidence_rows(
    view: View, parts: Sequence[Part], labels: Mapping[str, str], languages: Mapping[str, str],
    quotable: Collection[str], most: int,
) -> list[dict[str, Any]]:  # fmt: skip
    """Return for every part and code its clauses, at most `most` of each list, under the anchor of its cell.

    In the view by document the clauses of an instrument are parted by subtype.
    """
    rows = []
    for part in parts:
        cells = []
        for code, name in view.names.items():
            found = part.rows[part.rows[view.column] == code]
            if found.empty:
                continue
            anchor = view.anchor(part.value, code)
            split = [("", found)] if view.id != "document" else _by_subtype(found, code)
            lists = [
                {
                    "anchor": f"{anchor}-{slug(subtype)}" if subtype else "",
                    "name": name_code(subtype),
                    "clauses": quote_clauses(some, languages, quotable, most),
                }
                for subtype, some in split
            ]
            cells.append({"anchor": anchor, "name": name, "count": len(found), "lists": lists})
        if cells:
            rows.append({"label": labels[part.value], "value": part.value, "cells": cells})
    return rows


def slug(code: str) -> str:
    """Return a code as a part of an address."""
    return code.replace("_", "-")


def _by_subtype(found: pd.DataFrame, instrument: str) -> list[tuple[str, pd.DataFrame]]:
    subtypes = scheme.INSTRUMENTS[instrument]
    parted = [(subtype, found[found["subtype"] == subtype]) for subtype in subtypes]
    return [(subtype, some) for subtype, some in parted if len(some)] or [("", found)]


# What the page about policy instruments shows ------------------------------------------------------


@dataclass(frozen=True)
class InstrumentsPage:
    """Directives by instrument, subtype and strength; at most `most` clauses are listed for one cell of a table."""

    book: Book
    most: int = 60

    @cached_property
    def directives(self) -> pd.DataFrame:
        """All directives in reading order."""
        return in_reading_order(self.book.corpus, self.book.corpus.directives)

    @property
    def values(self) -> dict[str, object]:
        """What the page's prose says."""
        documents, found = self.book.corpus.documents, self.directives
        return {
            "directives": counted(len(found), "directive"),
            "sentences": counted(found["sentence"].nunique(), "sentence"),
            "n_sentences": f"{len(self.book.corpus.sentences):,}",
            "n_holding": found["document"].nunique(),
            "documents": counted(len(documents), "document"),
            "means": "; ".join(f"{names_of('instrument')[code]}: {text}" for code, text in names_of('means').items()),
            "answer": self._answer(),
            "strengths": self._strengths(),
        }

    def trust(self) -> Html:
        """Where to read how good the coding is."""
        return trust_in_coding(self.book.project)

    def chart_documents(self) -> Chart | Html:
        """Instruments in the documents that are long enough, as parts of a bar."""
        rows = self._bars(VIEWS["document"])
        if rows.empty:
            return render("nothing", sentence="No document is long enough for shares; the tables give the counts.")
        caption = (
            "Directives by instrument in each document that is long enough. In brackets: all directives of the "
            "document. A bar leads to its clauses."
        )
        return bar_chart("instruments-document", rows, caption)

    def chart_speakers(self) -> Chart | Html:
        """Instruments by speaker with intervals, where two or more speak at length."""
        rows = self._bars(VIEWS["speaker"])
        if rows["group"].nunique() < 2:
            return render("nothing", sentence="There are not two speakers with text enough to be set side by side.")
        caption = (
            "Directives by instrument and speaker with 95 % Wilson intervals, as if every directive were drawn by "
            "itself. Clauses of one text share its topic, so the truth is less sure than the lines show."
        )
        return bar_chart("instruments-speaker", rows, caption, stacked=False)

    def table(self, view: str) -> Html:
        """Directives by the codes of a view (see VIEWS): counts that lead to their clauses, shares, intervals."""
        chosen = VIEWS[view]
        parts = self._parts(chosen)
        counts = count_codes(parts, chosen.column, tuple(chosen.names)).round(4)
        return render(
            "instrument_table", view=chosen, rows=table_rows(chosen, parts, self._labels(chosen)),
            download=download_link(counts.rename(columns={"value": chosen.field}), f"directives-{view}"),
        )  # fmt: skip

    def subtypes(self) -> Html:
        """Directives by subtype for every document; every count leads to its clauses."""
        parts = self._parts(VIEWS["document"])
        rows = subtype_rows(parts)
        data = [
            (row["instrument"], row["subtype"], part.value, cell["count"])
            for row in rows
            for part, cell in zip(parts, row["cells"], strict=True)
        ]
        table = pd.DataFrame(data, columns=["instrument", "subtype", "document", "directives"])
        return render(
            "subtypes", rows=[row for row in rows if row["all"]], parts=[part.value for part in parts],
            absent=[row["name"] for row in rows if not row["all"]], names=names_of("instrument"),
            download=download_link(table, "subtypes"),
        )  # fmt: skip

    def cautions(self, view: str) -> Html:
        """What the sizes of the parts of a view forbid to conclude."""
        chosen = VIEWS[view]
        parts, labels = self._parts(chosen), self._labels(chosen)
        found = find_cautions(parts, [labels[p.value] for p in parts], chosen.kind)
        return render("cautions", sentences=caution_words(found, chosen.kind))

    def evidence(self) -> Html:
        """For every cell of the tables its clauses."""
        corpus = self.book.corpus
        languages = dict(zip(corpus.documents["document"], corpus.documents["language"], strict=True))
        views = [
            (view, evidence_rows(view, self._parts(view), self._labels(view), languages, self.book.quotable, self.most))
            for view in VIEWS.values()
        ]
        shown = self.directives[self.directives["sentence"].isin(self.book.quotable)].drop(columns=["block"])
        return render("instrument_evidence", views=views, download=download_link(shown, "directives"))

    @cached_property
    def _split(self) -> Mapping[str, list[Part]]:
        return {field: split_parts(self.book.corpus, field) for field in {view.field for view in VIEWS.values()}}

    def _parts(self, view: View) -> list[Part]:
        return self._split[view.field]

    def _labels(self, view: View) -> dict[str, str]:
        label = self.book.vocabulary.label
        names = {"none": "no plan"}
        return {
            part.value: part.value if view.field == "document" else names.get(part.value) or label(part.value)
            for part in self._parts(view)
        }

    def _bars(self, view: View) -> pd.DataFrame:
        return chart_rows(view, self._parts(view), self._labels(view))

    def _answer(self) -> str:
        found = commonest(self.directives, "instrument")
        if not found:
            return "No directive was found in these documents."
        total = len(self.directives)
        names = names_of("instrument")
        parts = ", ".join(f"{names[code]} {count} ({100 * count / total:.0f} %)" for code, count in found)
        most = commonest(self.directives, "subtype")[:4]
        subtypes = ", ".join(f"{name_code(code)} ({count})" for code, count in most)
        often = f" Most often the means is {subtypes}." if subtypes else ""
        return f"Of {counted(total, 'directive')} in these texts: {parts}.{often}"

    def _strengths(self) -> str:
        found = commonest(self.directives, "strength")
        if not found:
            return "There is no directive whose strength could be told."
        names = names_of("strength")
        return f"By strength: {', '.join(f'{names[code]} {count}' for code, count in found)}."
