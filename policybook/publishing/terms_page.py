"""What the translation concordance shows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from policybook.analysis.renderings import (
    chinese_mentions,
    count_renderings,
    find_borrowed,
    find_shared,
    rank_variety,
    rendered_mentions,
    usual_english,
)
from policybook.charts.bars import bar_chart
from policybook.charts.theme import Chart, download_link
from policybook.corpus.model import records
from policybook.publishing.book import Book
from policybook.publishing.document_page import group_by
from policybook.publishing.markup import Html, counted, render
from policybook.publishing.term_entries import TermEntries, name_term
from policybook.publishing.places import passages_by_document

#: So many renderings of a term have a part of its bar; the others share one.
RANKS = ("commonest rendering", "second", "third", "fourth", "fifth", "sixth")
REST = "all others"


@dataclass(frozen=True)
class TermsPage:
    """The translation concordance; `most` terms are charted, `room` letters of context shown on either side."""

    book: Book
    most: int = 12
    room: int = 50

    @cached_property
    def english(self) -> pd.DataFrame:
        """Mentions in English documents with their rendering."""
        return rendered_mentions(self.book.corpus)

    @cached_property
    def chinese(self) -> pd.DataFrame:
        """Mentions in Chinese documents."""
        return chinese_mentions(self.book.corpus)

    @cached_property
    def renderings(self) -> pd.DataFrame:
        """How often every term stands under every rendering."""
        return count_renderings(self.english)

    @cached_property
    def variety(self) -> pd.DataFrame:
        """How variously every term is rendered."""
        return rank_variety(self.renderings)

    @cached_property
    def borrowed(self) -> pd.DataFrame:
        """Renderings that hold the usual English of another term."""
        return find_borrowed(self.renderings, self.book.scheme)

    @property
    def values(self) -> dict[str, object]:
        """What the page's prose says."""
        documents, found = self.book.corpus.documents, {*self.english["concept"], *self.chinese["concept"]}
        english = documents[documents["language"] == "en"]
        return {
            "terms": counted(len(found), "term"),
            "n_scheme": len(self.book.scheme.concepts),
            "english": counted(len(english), "English document"),
            "n_translated": int(english["machine_translated"].astype(bool).sum()),
            "chinese": counted(int((documents["language"] == "zh").sum()), "Chinese document"),
            "mentions": counted(len(self.english), "mention"),
            "renderings": counted(len(self.renderings), "rendering"),
            "n_chinese": counted(len(self.chinese), "mention"),
            "various": self._various(),
            "hidden": self._hidden(),
            "shared": self._shared(),
            "most": self.most,
        }

    def variety_chart(self) -> Chart | Html:
        """The terms rendered most variously, with how often each rendering is used."""
        ranked = self.variety[self.variety["renderings"] > 1].head(self.most)
        if ranked.empty:
            return render("nothing", sentence="No term stands under more than one rendering.")
        by_concept = group_by(self.renderings, "concept")
        rows = [bar for row in records(ranked) for bar in self._bars(row, by_concept[row.concept])]
        caption = (
            "The terms that are rendered most variously: how often each stands under its commonest rendering, the "
            "second, and so on. In brackets: mentions in English documents. A bar leads to the term below."
        )
        return bar_chart("renderings", pd.DataFrame(rows), caption, unit="mentions of the term")

    def variety_table(self) -> Html:
        """Number of renderings, entropy and commonest rendering of every term, the most various first."""
        rows = [
            {**row._asdict(), **name_term(self.book.scheme, row.concept), "bits": f"{row.bits:.2f}", "effective": f"{row.effective:.1f}"}
            for row in records(self.variety)
        ]
        data = self.variety.assign(term_zh=self.variety["concept"].map(lambda c: self.book.scheme.by_id[c].term_zh))
        return render("term_variety", rows=rows, first=self.most, download=download_link(data.round(4), "variety"))

    def hidden(self) -> Html:
        """Renderings in which a reader will see another term, by document."""
        rows = []
        for (concept, other), some in self.borrowed.groupby(["concept", "other"], sort=False):
            mentions = self.english[self.english["concept"] == concept]
            held = mentions[mentions["rendering"].isin(some["rendering"])]
            rows.append(
                {
                    "concept": name_term(self.book.scheme, str(concept)),
                    "other": name_term(self.book.scheme, str(other)),
                    "times": len(held),
                    "of": len(mentions),
                    "renderings": [(row.rendering, row.count) for row in some.itertuples(index=False)],
                    "documents": _of_all(mentions, held),
                }
            )
        rows.sort(key=lambda row: (-row["times"], -row["times"] / row["of"], row["concept"]["id"], row["other"]["id"]))
        return render("term_hidden", rows=rows, download=download_link(self.borrowed.round(4), "hidden-distinctions"))

    def shared(self) -> Html:
        """Renderings that stand for several terms, or whose words may mean something else."""
        rows = [
            {
                **row._asdict(),
                "concept": name_term(self.book.scheme, row.concept),
                "note": self.book.scheme.by_id[row.concept].note,
                "documents": passages_by_document(self._rendered(row.concept, row.rendering)),
            }
            for row in records(find_shared(self.renderings))
        ]
        return render("term_shared", rows=rows)

    def terms(self) -> Html:
        """Every term that occurs, in the order of its pinyin: renderings, Chinese forms, keyword in context."""
        return TermEntries(self.book, self.english, self.chinese, self.renderings, self.borrowed, self.room).show()

    def _bars(self, row: Any, renderings: pd.DataFrame) -> list[dict[str, Any]]:
        bar = {"group": self.book.scheme.by_id[row.concept].term_zh, "total": row.mentions, "href": f"#term-{row.concept}"}
        first, rest = renderings.head(len(RANKS)), renderings.iloc[len(RANKS) :]
        bars = [
            {**bar, "category": rank, "called": one.rendering, "count": int(one.count)}
            for rank, one in zip(RANKS, records(first), strict=False)
        ]
        others = {**bar, "category": REST, "called": f"{len(rest)} others", "count": int(rest["count"].sum())}
        return [*bars, others] if len(rest) else bars

    def _rendered(self, concept: str, rendering: str) -> pd.DataFrame:
        return self.english[(self.english["concept"] == concept) & (self.english["rendering"] == rendering)]

    def _various(self) -> str:
        if self.variety.empty:
            return "No term was found in an English document."
        first = next(iter(records(self.variety)))
        several = int((self.variety["renderings"] > 1).sum())
        concept = self.book.scheme.by_id[first.concept]
        if not several:
            return "Every term that was found in English stands under one rendering only."
        return (
            f"Of {counted(len(self.variety), 'term')} found in English {several:,} stand under more than one rendering. The "
            f"most various is {concept.term_zh}, {usual_english(concept)[0]}: {counted(first.mentions, 'mention')} under "
            f"{counted(first.renderings, 'rendering')}, H = {first.bits:.2f} bits, as various as {first.effective:.1f} "
            f"renderings that are used equally often."
        )

    def _hidden(self) -> str:
        if self.borrowed.empty:
            return "No rendering holds the usual English of another term of the scheme."
        totals = self.borrowed.groupby(["concept", "other"])["count"].sum().sort_values(ascending=False, kind="stable")
        (concept, other), times = next(iter(totals.items()))
        mentions = self.english[self.english["concept"] == concept]
        own, stranger = self.book.scheme.by_id[concept], self.book.scheme.by_id[other]
        words = self.borrowed.loc[(self.borrowed["concept"] == concept) & (self.borrowed["other"] == other), "rendering"]
        parts = [
            f"{part['held']} of {part['times']} in {part['document']}"
            for part in _of_all(mentions, mentions[mentions["rendering"].isin(words)])
        ]
        return (
            f"{own.term_zh} stands in words that hold “{usual_english(stranger)[0]}”, the usual English of "
            f"{stranger.term_zh}, in {times} of {counted(len(mentions), 'place')}: {', '.join(parts)}. Who reads only the English "
            "cannot tell the two apart there."
        )

    def _shared(self) -> str:
        shared = find_shared(self.renderings)
        if shared.empty:
            return "No rendering stands for several terms, and none was found to be ambiguous."
        return (
            f"{counted(shared['rendering'].nunique(), 'rendering')} stand for several terms here, or consist of words that can "
            f"also mean something else and whose context does not settle it: {counted(int(shared['ambiguous'].sum()), 'mention')}, "
            "left out of every comparison."
        )


def _of_all(mentions: pd.DataFrame, held: pd.DataFrame) -> list[dict[str, Any]]:
    """Return, by document, how many of the mentions there are and how many are held, with links to these."""
    by_document = {one["document"]: one for one in passages_by_document(held)}
    found = []
    for document, some in mentions.groupby("document", sort=False):
        one = by_document.get(str(document), {"times": 0, "links": []})
        found.append({"document": str(document), "times": len(some), "held": one["times"], "links": one["links"]})
    return found
