"""What the pages of documents and of the corpus show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

import pandas as pd
from markupsafe import Markup

from policybook.analysis.briefs import COUNT, Brief, Supported
from policybook.analysis.counts import count_rows, serial_correlation
from policybook.charts.cloud import cloud_chart
from policybook.charts.lines import span_chart
from policybook.charts.theme import Chart, download_link
from policybook.coding.actors import ActorScheme
from policybook.coding.frequencies import term_frequencies
from policybook.coding.scheme import Scheme
from policybook.corpus.corpus import Corpus, records
from policybook.pages.book import Book, heading_level, list_contents
from policybook.pages.html import Html, mark_spans, render, show_table
from policybook.tables import parse_span
from policybook.words.say import counted, figure_in_words, name_code, name_of, names_of, number_in_words

# The brief at the head of a document's page --------------------------------------------------------


_NONE = "Nobody has written a brief of this document yet. Its passages stand below."


def show_brief(brief: Brief | None, scheme: Scheme, shown: Container[str]) -> Html:
    """Return the statements with links to their passages; `shown` are the sentences that the page prints."""
    if brief is None:
        return render("nothing", sentence=_NONE)
    rows = [
        {
            "text": brief_text(statement),
            "links": [_link(brief.document, reference, shown) for reference in statement.passages],
            "terms": [f"{scheme.by_id[c].term_zh} · {scheme.by_id[c].term_en}" for c in statement.concepts],
        }
        for statement in brief.statements
    ]
    return render("brief", rows=rows)


def brief_text(statement: Supported) -> str:
    """Return a statement with its figures in it, as they were found."""
    words = {name: figure_in_words(figure) for name, figure in statement.figures.items()}
    text = statement.filled(words | {COUNT: number_in_words(len(statement.passages), small=True)})
    return text[:1].upper() + text[1:]


def _link(document: str, reference: str, shown: Container[str]) -> dict[str, str]:
    """Return where a reference leads: to a sentence where the page shows it, else to its passage."""
    passage, _, sentence = reference.partition(".")
    anchor = reference if sentence and f"{document}:{reference}" in shown else passage
    name = f"¶{int(passage[1:])}" + (f".{sentence}" if sentence else "")
    return {"anchor": anchor, "name": name}


# Quantities, actors and directives of one document, as tables on its page --------------------------


#: Kinds whose numbers are names of years and not amounts.
_PLAIN = ("year", "year_range", "ordinal", "doc_number", "date")


def show_quantities(corpus: Corpus, document: str) -> Html:
    """Return the quantities of a document with value, unit, kind and indicator, linked to their sentences."""
    rows = [
        {
            "text": row.text,
            "value": print_value(row.value, row.kind),
            "unit": "%" if row.unit == "percent" else name_code(row.unit or ""),
            "qualifier": name_code(row.qualifier),
            "kind": name_code(row.kind),
            "indicator": row.indicator or "",
            "place": _place(row),
        }
        for row in records(corpus.quantities)
    ]
    data = corpus.quantities.drop(columns=["block", "document"])
    return render("quantities", rows=rows, download=download_link(data, f"{document}-quantities"))


def show_actors(corpus: Corpus, scheme: ActorScheme, document: str) -> Html:
    """Return the actors that a document names, the one named most often first, with a link to every passage."""
    rows = []
    for actor, times in sorted(Counter(corpus.actors["actor"]).items(), key=lambda item: (-item[1], item[0])):
        entry = scheme.by_id[actor]
        places = Counter(_place(row).partition(".")[0] for row in records(corpus.actors) if row.actor == actor)
        rows.append(
            {
                "name_zh": entry.name_zh, "name_en": entry.name_en, "kind": name_of("actor_kind", entry.kind),
                "times": times, "places": [(place, int(place[1:]), count) for place, count in places.items()],
            }
        )  # fmt: skip
    data = corpus.actors.drop(columns=["block", "document"])
    return render("document_actors", rows=rows, download=download_link(data, f"{document}-actors"))


def show_directives(corpus: Corpus, language: str, document: str) -> Html:
    """Return the directives of a document with strength and instrument, linked to their sentences."""
    instruments, strengths = names_of("instrument"), names_of("strength")
    rows = [
        {
            "text": row.text,
            "strength": strengths[row.strength].partition(" (")[0],
            "instrument": instruments[row.instrument],
            "subtype": name_code(row.subtype or ""),
            "place": _place(row),
        }
        for row in records(corpus.directives)
    ]
    counts = Counter(row["instrument"] for row in rows)
    told = [(name, counts[name]) for name in instruments.values() if counts[name]]
    data = corpus.directives.drop(columns=["block", "document"])
    return render(
        "document_directives", rows=rows, counts=told, language=language,
        download=download_link(data, f"{document}-directives"),
    )  # fmt: skip


def print_value(value: Any, kind: str) -> str:
    """Return a quantity's value as a page prints it: amounts with thousands parted, ranges with a dash."""
    if isinstance(value, list | tuple):
        return "–".join(print_value(one, kind) for one in value)
    if kind in _PLAIN or isinstance(value, str) or pd.isna(value):
        return "" if value is None else str(value)
    return f"{value:,.10g}" if isinstance(value, float) else f"{value:,}"


def _place(row: Any) -> str:
    """Return the anchor of a row's sentence on its document's page."""
    return str(row.sentence).partition(":")[2]


# What the page of one document shows ---------------------------------------------------------------


LANGUAGE_CODES = {"zh": "Chinese", "en": "English"}
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
            ("Language", f"{LANGUAGE_CODES[row['language']]}{script}"),
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


# What the page about the corpus as a whole shows ---------------------------------------------------


@dataclass(frozen=True)
class CorpusPage:
    """The page about the corpus."""

    book: Book

    @property
    def values(self) -> dict[str, object]:
        """What the page's prose says."""
        corpus = self.book.corpus
        documents = corpus.documents
        sizes = {
            "document": documents,
            "passage": corpus.passages,
            "sentence": corpus.sentences,
            "block": corpus.blocks,
            "mention": corpus.mentions,
        }
        effect = self.book.effect
        return {
            **{f"{noun}s": counted(len(table), noun) for noun, table in sizes.items()},
            **{f"n_{noun}s": len(table) for noun, table in sizes.items()},
            "boilerplate": counted(len(corpus.boilerplate), "paragraph"),
            "n_boilerplate": len(corpus.boilerplate),
            "n_counted": int(corpus.mentions["counted"].astype(bool).sum()),
            "n_chinese": int((documents["language"] == "zh").sum()),
            "n_translated": int(documents["machine_translated"].astype(bool).sum()),
            "n_left_out": int((~corpus.sentences["sentence"].isin(self.book.quotable)).sum()),
            "n_overridden": int(corpus.passages["overridden"].astype(bool).sum()),
            "r_measured": f"{serial_correlation(self.book.counts):.2f}",
            "r": f"{(effect - 1) / (effect + 1):.2f}",
            "effect": f"{effect:.2f}",
        }

    def documents(self) -> Html:
        """A row a document, linked to its page."""
        corpus, label = self.book.corpus, self.book.vocabulary.label
        sizes = {
            name: table.groupby("document").size()
            for name, table in (("passages", corpus.passages), ("blocks", corpus.blocks))
        }
        rows = [
            {
                "title": d.title,
                "document": d.document,
                "page": f"../documents/{d.document}.html",
                "publisher": d.publisher,
                "written": d.written or d.published,
                "published": d.published or "",
                "speaker": label(d.speaker),
                "voice": d.voice,
                "language": LANGUAGE_CODES[d.language] + (", machine-translated" if d.machine_translated else ""),
                "passages": int(sizes["passages"].get(d.document, 0)),
                "blocks": int(sizes["blocks"].get(d.document, 0)),
                "sha256": d.sha256,
            }
            for d in records(corpus.documents)
        ]
        labels = {
            "title": "Document", "written": "Written", "speaker": "Speaker", "voice": "Voice",
            "language": "Language", "passages": "Passages", "blocks": "Blocks",
        }  # fmt: skip
        return show_table(
            pd.DataFrame(rows),
            labels,
            caption="The documents and their size",
            name="documents",
            links={"title": "page"},
        )

    def spans(self) -> Chart:
        """When each document was written and published."""
        rows = []
        for d in records(self.book.corpus.documents):
            first, last = parse_span(d.written or d.published)
            published = parse_span(d.published)[0] if d.published else None
            rows.append(
                {"label": d.document, "written_from": first, "written_to": last, "published": published}
            )
        caption = (
            "When each document was written, as far as it tells, and when its page was published. A text belongs "
            "to the era in which it was written."
        )
        return span_chart("spans", pd.DataFrame(rows), caption)

    def scopes(self) -> Html:
        """Passages and blocks for every plan, era, place and level."""
        corpus, vocabulary = self.book.corpus, self.book.vocabulary
        rows = []
        for field, name in (
            ("plan", "about the plan"),
            ("era", "written in"),
            ("places", "speaks of"),
            ("level", "level"),
        ):
            passages = corpus.passages[field].explode().dropna().value_counts(sort=False)
            blocks = corpus.blocks[field].explode().dropna().value_counts(sort=False)
            order = {value: n for n, value in enumerate(corpus.known[field])}
            for value in sorted(passages.index, key=lambda v: order.get(v, len(order))):
                text = "no plan" if (field, value) == ("plan", "none") else vocabulary.label(value)
                rows.append(
                    {
                        "field": name,
                        "value": text,
                        "passages": int(passages[value]),
                        "blocks": int(blocks[value]),
                    }
                )
        labels = {"field": "Scope", "value": "Value", "passages": "Passages", "blocks": "Blocks"}
        return show_table(pd.DataFrame(rows), labels, caption="What the passages are about", name="scopes")

    def repairs(self) -> Html:
        """Repairs by kind and document."""
        rows = [
            {
                "document": d.document,
                "page": f"../documents/{d.document}.html#repaired",
                "repair": REPAIRS.get(kind, kind),
                "times": count,
            }
            for d in records(self.book.corpus.documents)
            for kind, count in d.repairs.items()
        ]
        labels = {"document": "Document", "repair": "Repair", "times": "Times"}
        data = pd.DataFrame(rows, columns=["document", "page", "repair", "times"])
        return show_table(
            data, labels, caption="What was repaired", name="repairs", links={"document": "page"}
        )

    def boilerplate(self) -> Html:
        """Paragraphs set aside as site furniture, by the rule that found them."""
        reasons = Counter(str(reason).split(":")[0] for reason in self.book.corpus.boilerplate["reason"])
        rows = pd.DataFrame(reasons.most_common(), columns=["reason", "paragraphs"])
        labels = {"reason": "Why", "paragraphs": "Paragraphs"}
        return show_table(
            rows, labels, caption="Paragraphs that are not part of the text", name="boilerplate"
        )

    def themes(self) -> Html:
        """Blocks of each document that carry each theme."""
        scheme = self.book.scheme
        rows = []
        for document in self.book.corpus.documents["document"]:
            part = self.book.corpus.select(document=document)
            counts = count_rows(self.book.counts.select(document=document), "theme", 1.0)["blocks"]
            named = {theme.label: int(counts[theme.id]) for theme in scheme.themes}
            rows.append(
                {
                    "document": document,
                    "page": f"../documents/{document}.html#concepts",
                    "all": len(part.blocks),
                }
                | named
            )
        labels = {"document": "Document", "all": "Blocks"} | {
            theme.label: theme.label for theme in scheme.themes
        }
        return show_table(
            pd.DataFrame(rows),
            labels,
            caption="Blocks that carry each theme",
            name="themes",
            links={"document": "page"},
        )
