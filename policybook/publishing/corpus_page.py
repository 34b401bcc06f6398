"""What the page about the corpus as a whole shows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pandas as pd

from policybook.analysis.presence import count_rows, serial_correlation
from policybook.charts.spans import span_chart
from policybook.charts.theme import Chart
from policybook.corpus.model import records
from policybook.publishing.book import Book
from policybook.publishing.document_page import LANGUAGES, REPAIRS
from policybook.publishing.markup import Html
from policybook.publishing.tables import show_table
from policybook.tables import parse_span
from policybook.words.say import counted


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
                "language": LANGUAGES[d.language] + (", machine-translated" if d.machine_translated else ""),
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
