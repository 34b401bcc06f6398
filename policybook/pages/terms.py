"""What the page of terms and their renderings shows."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from policybook.analysis.renderings import (
    BorrowedPair,
    chinese_mentions,
    count_renderings,
    find_borrowed,
    find_shared,
    kwic_lines,
    load_glossary,
    normalise,
    pair_borrowed,
    rank_variety,
    rendered_mentions,
    usual_english,
)
from policybook.charts.bars import bar_chart
from policybook.charts.theme import Chart, download_link
from policybook.coding.scheme import Concept, Scheme
from policybook.corpus.corpus import records
from policybook.pages.book import Book, trust_in_coding
from policybook.pages.document import group_by
from policybook.pages.html import Html, address, held_by_document, number, passages_by_document, render
from policybook.words.say import counted, say_hidden, say_shared, say_variety

# The entries of the translation concordance: a term, its renderings, its Chinese forms, its lines ---


@dataclass(frozen=True)
class TermEntries:
    """Tables of policybook.analysis.renderings as entries; `room` letters of context are shown on either side."""

    book: Book
    english: pd.DataFrame
    chinese: pd.DataFrame
    renderings: pd.DataFrame
    borrowed: pd.DataFrame
    room: int

    def show(self) -> Html:
        """Every term that occurs, in the order of its pinyin: renderings, Chinese forms, keyword in context."""
        lines = pd.DataFrame(self._lines())
        scheme = self.book.scheme
        found = {*self.english["concept"], *self.chinese["concept"]}
        concepts = sorted((c for c in scheme.concepts if c.id in found), key=lambda c: (_letters(c.pinyin), c.id))
        by_concept = group_by(lines, "concept") if len(lines) else {}
        return render(
            "terms",
            terms=[self._term(concept, by_concept) for concept in concepts],
            absent=[(c.term_zh, c.term_en) for c in scheme.concepts if c.id not in found],
            renderings=download_link(self._named(self.renderings).round(4), "renderings"),
            lines=download_link(self._named(lines.drop(columns=["passage"], errors="ignore")), "kwic"),
        )

    @cached_property
    def _glossary(self) -> Mapping[str, str]:
        return load_glossary(self.book.project)

    def _term(self, concept: Concept, lines: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
        english = self.english[self.english["concept"] == concept.id]
        chinese = self.chinese[self.chinese["concept"] == concept.id]
        renderings = self.renderings[self.renderings["concept"] == concept.id]
        official = self._glossary.get(concept.term_zh, "")
        known = {normalise(words) for words in (*official.split(";"), *usual_english(concept))}
        others = self.borrowed[self.borrowed["concept"] == concept.id].groupby("rendering")["other"].agg(list)
        rows = [
            {
                **row._asdict(),
                "usual": normalise(row.rendering) in known,
                "others": [name_term(self.book.scheme, other) for other in others.get(row.rendering, [])],
                "documents": passages_by_document(english[english["rendering"] == row.rendering]),
            }
            for row in records(renderings)
        ]
        forms = [
            {"text": text, "count": len(some), "documents": passages_by_document(some)}
            for text, some in sorted(group_by(chinese, "text").items(), key=lambda item: (-len(item[1]), item[0]))
        ]
        return {
            **name_term(self.book.scheme, concept.id),
            "official": official,
            "note": concept.note,
            "theme": self.book.scheme.theme_label[concept.theme],
            "n_english": len(english),
            "n_chinese": len(chinese),
            "renderings": rows,
            "forms": forms,
            "lines": _by_language(lines.get(concept.id)),
            "words": " ".join([_letters(concept.pinyin), *(row["rendering"] for row in rows)]),
        }

    def _lines(self) -> list[dict[str, Any]]:
        """Return a line for every mention that may be shown, those of one rendering together."""
        ordered = self.english.assign(count=self.english.groupby(["concept", "rendering"])["text"].transform("size"))
        ordered = ordered.sort_values(["count", "rendering"], ascending=[False, True], kind="stable")
        lines = []
        for language, mentions in (("en", ordered), ("zh", self.chinese)):
            shown = mentions[mentions["sentence"].isin(self.book.quotable)]
            for line in kwic_lines(self.book.corpus, shown, self.room):
                lines.append({**line._asdict(), "language": language})
        return lines

    def _named(self, table: pd.DataFrame) -> pd.DataFrame:
        if "concept" not in table:
            return table
        by_id = self.book.scheme.by_id
        return table.assign(term_zh=[by_id[c].term_zh for c in table["concept"]])


def name_term(scheme: Scheme, identifier: str) -> dict[str, str]:
    """Return what a page calls a term: its id, its Chinese, its pinyin and its usual English."""
    concept = scheme.by_id[identifier]
    return {"id": identifier, "term_zh": concept.term_zh, "term_en": concept.term_en, "pinyin": concept.pinyin}


def _by_language(lines: pd.DataFrame | None) -> list[tuple[str, list[dict[str, object]]]]:
    if lines is None:
        return []
    return [(language, [_link(row) for row in records(some)]) for language, some in group_by(lines, "language").items()]


def _link(line: Any) -> dict[str, object]:
    return {**line._asdict(), "href": address(line.sentence), "number": number(line.sentence)}


def _letters(pinyin: str) -> str:
    """Return pinyin without tones and in small letters, as people type it."""
    decomposed = unicodedata.normalize("NFD", pinyin.lower())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


# What the translation concordance shows ------------------------------------------------------------


#: So many renderings of a term have a part of its bar; the others share one.
RANKS = ("commonest rendering", "second", "third", "fourth", "fifth", "sixth")
OTHER_TERMS = "all others"


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
            "various": say_variety(self.book.scheme, self.variety),
            "hidden": say_hidden(self.book.scheme, self._pairs),
            "shared": say_shared(self.renderings),
            "most": self.most,
        }

    def trust(self) -> Html:
        """Where to read how good the coding is."""
        return trust_in_coding(self.book.project)

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
            row._asdict()
            | name_term(self.book.scheme, row.concept)
            | {"bits": f"{row.bits:.2f}", "effective": f"{row.effective:.1f}"}
            for row in records(self.variety)
        ]
        data = self.variety.assign(term_zh=self.variety["concept"].map(lambda c: self.book.scheme.by_id[c].term_zh))
        return render("term_variety", rows=rows, first=self.most, download=download_link(data.round(4), "variety"))

    def hidden(self) -> Html:
        """Renderings in which a reader will see another term, by document."""
        rows = [
            {
                "concept": name_term(self.book.scheme, pair.concept),
                "other": name_term(self.book.scheme, pair.other),
                "times": len(pair.held),
                "of": len(pair.mentions),
                "renderings": list(pair.renderings.items()),
                "documents": held_by_document(pair.mentions, pair.held),
            }
            for pair in self._pairs
        ]
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

    @cached_property
    def _pairs(self) -> list[BorrowedPair]:
        return pair_borrowed(self.borrowed, self.english)

    def _bars(self, row: Any, renderings: pd.DataFrame) -> list[dict[str, Any]]:
        term = self.book.scheme.by_id[row.concept].term_zh
        bar = {"group": term, "total": row.mentions, "href": f"#term-{row.concept}"}
        first, rest = renderings.head(len(RANKS)), renderings.iloc[len(RANKS) :]
        bars = [
            {**bar, "category": rank, "called": one.rendering, "count": int(one.count)}
            for rank, one in zip(RANKS, records(first), strict=False)
        ]
        others = {**bar, "category": OTHER_TERMS, "called": f"{len(rest)} others", "count": int(rest["count"].sum())}
        return [*bars, others] if len(rest) else bars

    def _rendered(self, concept: str, rendering: str) -> pd.DataFrame:
        return self.english[(self.english["concept"] == concept) & (self.english["rendering"] == rendering)]
