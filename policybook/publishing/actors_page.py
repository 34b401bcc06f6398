"""What the page about actors shows: who is named, with whom, and who is asked to do what."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import networkx as nx
import pandas as pd

from policybook.analysis.actor_network import Within, actor_network, edge_table
from policybook.analysis.addressees import addressees
from policybook.analysis.coded_shares import Part, count_codes, find_cautions, split_parts
from policybook.charts.bars import bar_chart
from policybook.charts.network import network_chart
from policybook.charts.theme import COLOURS, Chart, download_link
from policybook.coding.actor_scheme import ActorScheme
from policybook.corpus.model import records
from policybook.publishing.book import Book
from policybook.publishing.clauses import quote_clauses
from policybook.publishing.document_page import group_by
from policybook.publishing.markup import Html, render
from policybook.publishing.other_pages import trust_in_coding
from policybook.publishing.places import passages_by_document
from policybook.words.coded import caution_words, say_addressees, say_named, say_together
from policybook.words.say import counted, name_of, names_of

REST = "others"


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
        return found if len(found) <= len(COLOURS) else [*found[: len(COLOURS) - 1], REST]

    @cached_property
    def _parts(self) -> list[Part]:
        parts = split_parts(self.book.corpus, "document", "actors")
        kinds = self.named["kind"].where(self.named["kind"].isin(self._kinds), REST)
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
