"""The entries of the translation concordance: a term, its renderings, its Chinese forms, its lines."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from policybook.analysis.glossary import load_glossary
from policybook.analysis.kwic import kwic_lines
from policybook.analysis.renderings import normalise, usual_english
from policybook.charts.theme import download_link
from policybook.coding.scheme import Concept, Scheme
from policybook.corpus.model import records
from policybook.publishing.book import Book
from policybook.publishing.document_page import group_by
from policybook.publishing.markup import Html, render
from policybook.publishing.places import address, number, passages_by_document


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
