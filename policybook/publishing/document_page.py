"""What the page of one document shows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

import pandas as pd
from markupsafe import Markup

from policybook.charts.cloud import cloud_chart
from policybook.charts.theme import Chart
from policybook.coding.terms import term_frequencies
from policybook.corpus.model import Corpus, records
from policybook.publishing.book import Book
from policybook.publishing.brief_page import show_brief
from policybook.publishing.coded_tables import show_actors, show_directives, show_quantities
from policybook.publishing.contents import heading_level, list_contents
from policybook.publishing.markup import Html, mark_spans, render
from policybook.words.say import counted

LANGUAGES = {"zh": "Chinese", "en": "English"}
SCRIPTS = {"hans": "Simplified", "hant": "Traditional", "latn": "Latin"}
FORMATS = {"txt": "plain text", "html": "web page", "pdf": "PDF with a text layer", "docx": "Word file"}
RIGHTS = {
    "full": "shown whole",
    "quote": "quoted: only sentences in which something was coded are shown",
}
REPAIRS = {
    "invisible_character": "invisible or control characters and superfluous spaces removed",
    "pinyin_gloss": "readings in brackets removed behind Chinese characters",
    "traditional_character": "Traditional or variant characters converted to Simplified",
    "doubled_punctuation": "doubled punctuation marks made single",
    "fullwidth_digit": "full-width digits and letters made half-width",
    "glued_word": "English words glued together parted",
    "missing_space": "missing spaces put in behind full stops, commas and semicolons",
}
HTML_LANGUAGE = {"zh": "zh-Hans", "en": "en"}


@dataclass(frozen=True)
class DocumentPage:
    """The page of one document. Raises SelectionError when the corpus has no such document."""

    book: Book
    document: str
    most: int = 60

    @cached_property
    def corpus(self) -> Corpus:
        """The part of the corpus that is this document."""
        return self.book.corpus.select(document=self.document)

    @cached_property
    def row(self) -> pd.Series:
        """The document's row."""
        return self.book.corpus.document(self.document)

    @property
    def values(self) -> dict[str, object]:
        """What the page's prose says."""
        shown = self.corpus.sentences["sentence"].isin(self.book.quotable).sum()
        return {
            "title": self.row["title"],
            "paragraphs": counted(int(self.row["paragraphs"]), "paragraph"),
            "passages": counted(len(self.corpus.passages), "passage"),
            "n_boilerplate": len(self.corpus.boilerplate),
            "sentences": counted(len(self.corpus.sentences), "sentence"),
            "n_shown": shown,
            "blocks": counted(len(self.corpus.blocks), "block"),
            "mentions": counted(len(self.corpus.mentions), "mention"),
            "concepts": counted(self.corpus.mentions["concept"].nunique(), "concept"),
            "quantities": counted(len(self.corpus.quantities), "figure"),
            "actors": counted(self.corpus.actors["actor"].nunique(), "actor"),
            "directives": counted(len(self.corpus.directives), "directive"),
            "n_repairs": sum(self.row["repairs"].values()),
        }

    def brief(self) -> Html:
        """What the document says in a person's words, every statement linked to its passages."""
        return show_brief(self.book.briefs.get(self.document), self.book.scheme, self.book.quotable)

    def identity(self) -> Html:
        """The identity card: what the document is, where it came from and what is doubtful about it."""
        row, label = self.row, self.book.vocabulary.label
        script = f", {SCRIPTS[row['script']]} script as received" if row["language"] == "zh" else ""
        fields = [
            ("Id", row["document"]),
            ("Title in Chinese", row["title_zh"]),
            ("Document number", row["doc_number"]),
            ("Publisher", row["publisher"]),
            ("Published", row["published"] or "no date on the page"),
            ("Written", f"{row['written'] or row['published']}"),
            ("How that is known", row["written_evidence"]),
            ("Era", label(row["era"])),
            ("Received as", FORMATS[row["format"]] + (f", {row['encoding']}" if row["encoding"] else "")),
            ("Language", f"{LANGUAGES[row['language']]}{script}"),
            ("Translation", "by machine, from Chinese" if row["machine_translated"] else "none: as written"),
            ("Speaker", label(row["speaker"])),
            ("Voice", row["voice"]),
            ("About the plan", label(row["plan"])),
            ("Is the text of", label(row["text_of"]) if row["text_of"] else None),
            ("Rights", RIGHTS[row["rights"]]),
            ("Why it may stand here", row["rights_note"]),
            ("sha256 as received", row["sha256"]),
        ]
        return render(
            "identity",
            fields=[field for field in fields if field[1]],
            url=row["url"],
            accessed=row["accessed"],
            notes=row["notes"],
            doubtful=row["warnings"],
        )

    def repairs(self) -> Html:
        """What was repaired, kind by kind."""
        made = [(REPAIRS.get(kind, kind), count) for kind, count in self.row["repairs"].items()]
        return render("repairs", repairs=made)

    def passages(self) -> Html:
        """Every paragraph under its anchor, with its scope; sentences that may not be shown are marked."""
        sentences = group_by(self.corpus.sentences, "passage")
        mentions = group_by(self.corpus.mentions, "sentence")
        whole = self.row["rights"] == "full"
        items: list[dict[str, Any]] = [
            {"number": row.paragraph, "anchor": row.anchor, "reason": row.reason, "text": row.text if whole else None}
            for row in records(self.corpus.boilerplate)
        ]
        items += [
            {
                "number": row.paragraph,
                "anchor": row.anchor,
                "reason": None,
                "heading": heading_level(row),
                "scope": self._scope(row),
                "pieces": self._pieces(sentences[row.passage], mentions),
            }
            for row in records(self.corpus.passages)
        ]
        items.sort(key=lambda item: int(item["number"]))
        contents = list_contents(self.corpus, self.book.quotable)
        return render("passages", items=items, contents=contents, language=HTML_LANGUAGE[self.row["language"]])

    def concepts(self) -> Html:
        """Every concept found, most mentions first, with links to its passages."""
        scheme = self.book.scheme
        rows: list[dict[str, Any]] = []
        for identifier, found in group_by(self.corpus.mentions, "concept").items():
            concept = scheme.by_id[identifier]
            places = Counter(str(passage).split(":")[1] for passage in found["passage"])
            rows.append(
                {
                    "id": concept.id,
                    "term_zh": concept.term_zh,
                    "term_en": concept.term_en,
                    "theme": scheme.theme_label[concept.theme],
                    "mentions": len(found),
                    "ambiguous": int(found["ambiguous"].sum()),
                    "counted": scheme.counted(concept.id),
                    "forms": sorted({str(text).lower() for text in found["text"]}),
                    "passages": [(place, int(place[1:]), count) for place, count in places.items()],
                }
            )
        rows.sort(key=lambda row: (-row["mentions"], row["id"]))
        return render("concepts", rows=rows)

    def quantities(self) -> Html:
        """Every figure, date and number of a paper, in reading order."""
        return show_quantities(self.corpus, self.document)

    def actors(self) -> Html:
        """Every actor named, most often first."""
        return show_actors(self.corpus, self.book.coding.actors.scheme, self.document)

    def directives(self) -> Html:
        """Every directive, in reading order."""
        return show_directives(self.corpus, HTML_LANGUAGE[self.row["language"]], self.document)

    def cloud(self) -> Chart | Html:
        """The word cloud of the document; a sentence where it has no term that can be drawn."""
        frequencies = term_frequencies(self.corpus, self.book.scheme, self.book.project)
        caption = (
            "The most frequent terms of this document, larger where more frequent; terms of the coding scheme "
            "count as one. Colours carry no meaning."
        )
        try:
            return cloud_chart(f"cloud-{self.document}", frequencies, caption, self.most)
        except ValueError:
            return render("nothing", sentence="No term of this document can be drawn as a word cloud.")

    def _scope(self, passage: Any) -> list[str]:
        label = self.book.vocabulary.label
        places = ", ".join(label(place) for place in passage.places)
        plan = "" if passage.plan == "none" else self.book.vocabulary.short_plan(passage.plan)
        level = f"{label(passage.level)} level" if passage.level else ""
        return [part for part in (places, level, plan) if part]

    def _pieces(self, sentences: pd.DataFrame, mentions: dict[str, pd.DataFrame]) -> list[dict[str, Any]]:
        pieces: list[dict[str, Any]] = []
        for shown, group in groupby(records(sentences), key=lambda row: row.sentence in self.book.quotable):
            found = list(group)
            if not shown:
                pieces.append({"left_out": len(found)})
                continue
            for row in found:
                text = mark_mentions(self.book, row.text, mentions.get(row.sentence))
                pieces.append({"left_out": 0, "id": row.sentence.split(":")[1], "text": text})
        return pieces


def group_by(table: pd.DataFrame, column: str) -> dict[str, pd.DataFrame]:
    """Return value → rows for every value of a column of ids."""
    return {str(value): rows for value, rows in table.groupby(column, sort=False)}


def mark_mentions(book: Book, text: str, mentions: pd.DataFrame | None) -> Markup:
    """Return a sentence as HTML with every mention marked, and its concept as the mark's title."""
    spans = [] if mentions is None else [(m.start, m.end, _name(book, m.concept)) for m in records(mentions)]
    return mark_spans(text, spans)


def _name(book: Book, concept: str) -> str:
    found = book.scheme.by_id[concept]
    return f"{found.term_zh} · {found.term_en}"
