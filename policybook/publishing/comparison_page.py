"""What the page of one comparison shows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

import pandas as pd

from policybook.analysis import thresholds
from policybook.analysis.comparisons import Comparison, Side
from policybook.analysis.confounds import find_confounds
from policybook.analysis.rests_on import plans_at_hand, rests_on
from policybook.charts.shares import share_chart
from policybook.charts.theme import Chart, download_link
from policybook.corpus.model import records
from policybook.publishing.book import Book
from policybook.publishing.document_page import HTML_LANGUAGE, LANGUAGES, group_by, mark_mentions
from policybook.publishing.markup import Html, render

#: A cell of the side-by-side reading quotes at most this many sentences and links to the rest.
QUOTES_PER_CELL = 4


@dataclass(frozen=True)
class ComparisonPage:
    """The page of one comparison. Raises UnknownPageError when there is no such entry."""

    book: Book
    comparison: str

    @cached_property
    def result(self) -> Comparison:
        """What was counted."""
        return self.book.compare(self.comparison)

    @property
    def values(self) -> dict[str, object]:
        """What the page's prose says."""
        return {
            "title": self.result.entry.title,
            "question": self.result.entry.question,
            "answer": self._answer(),
            "effect": f"{self.result.effect:.2f}",
        }

    def sides(self) -> Html:
        """The sides: what each selects and how much it holds."""
        rows = [
            {
                "label": side.label,
                "selection": ", ".join(f"{field}: {value}" for field, value in side.selection.items()),
                "documents": [(d.document, d.title) for d in records(side.corpus.documents)],
                "passages": len(side.corpus.passages),
                "sentences": len(side.corpus.sentences),
                "blocks": len(side.corpus.blocks),
                "mentions": side.counted_mentions,
                "languages": ", ".join(
                    LANGUAGES[code] for code in sorted(set(side.corpus.documents["language"]))
                ),
            }
            for side in self.result.sides
        ]
        return render("sides", rows=rows, rests=rests_on(self.result, self.book.vocabulary.label))

    def side_by_side(self) -> Chart | Html:
        """The chart where every side is large enough, else the passages themselves, theme by theme."""
        return self._reading() if self.result.too_small else self._chart()

    def counts(self) -> Html:
        """Blocks and mentions on each side, theme by theme and concept by concept, with links to the evidence."""
        families = [
            {
                "name": family,
                "rows": [self._count_row(family, identifier) for identifier in self._found(family)],
            }
            for family in ("theme", "concept")
        ]
        return render(
            "counts",
            families=families,
            sides=[(side.label, len(side.corpus.blocks)) for side in self.result.sides],
            download=download_link(self._table(), f"{self.comparison}-counts"),
        )

    def evidence(self) -> Html:
        """For every row of the counts, the sentences on each side that it was counted from."""
        rows = [
            {
                "id": f"{family}-{identifier}",
                "family": family,
                "label": self._label(family, identifier),
                "cells": [
                    {"label": side.label, "quotes": self._quotes(side, family, identifier)}
                    for side in self.result.sides
                ],
            }
            for family in ("theme", "concept")
            for identifier in self._found(family)
        ]
        return render("evidence", rows=rows)

    def not_concluded(self) -> Html:
        """What may not be concluded: what the author of the comparison says, and what the tables show."""
        confounds = find_confounds(self.result, self.book.vocabulary.label)
        stated = self.result.entry.limits(plans_at_hand(self.book.corpus))
        return render("not_concluded", stated=stated, confounds=confounds)

    def _answer(self) -> str:
        result = self.result
        if result.too_small:
            names = " and ".join(f"“{side.label}”" for side in result.sides)
            return (
                f"These texts cannot say how {names} differ in emphasis, because one side is too small for that "
                f"({'; '.join(result.too_small)}). What they do say stands side by side below."
            )
        parts = []
        for side in result.sides:
            first = side.themes.sort_values("blocks", ascending=False, kind="stable").iloc[0]
            parts.append(
                f"“{side.label}” speaks most often of {self.book.scheme.theme_label[str(first.name)].lower()} "
                f"({int(first['blocks'])} of {len(side.corpus.blocks)} blocks)"
            )
        few = min(len(side.corpus.documents) for side in result.sides)
        limit = (
            f" With {few} document{'s' if few != 1 else ''} on the smallest side, fewer than the "
            f"{thresholds.MIN_DOCUMENTS} that a general statement needs, this describes these texts and no more."
            if few < thresholds.MIN_DOCUMENTS
            else ""
        )
        return f"In these texts, {'; '.join(parts)}.{limit}"

    def _chart(self) -> Chart:
        sides = self.result.sides
        caption = (
            "Share of blocks that carry each theme, with 95 % intervals for each share by itself at the effective "
            "size. Overlapping intervals are no test of a difference, and neither are separate ones. A mark leads "
            "to its counts and evidence."
        )
        tables = {side.label: side.themes.rename(index=lambda i: f"theme-{i}") for side in sides}
        labels = {f"theme-{theme.id}": theme.label for theme in self.book.scheme.themes}
        totals = [len(side.corpus.blocks) for side in sides]
        return share_chart(f"shares-{self.comparison}", tables, totals, labels, caption)

    def _reading(self) -> Html:
        """Themes of the smallest side, each with the sentences of every side; themes only others have are named."""
        smallest = min(self.result.sides, key=lambda side: len(side.corpus.blocks))
        present = [t for t in self.book.scheme.themes if smallest.themes.loc[t.id, "blocks"]]
        absent = [t.label for t in self.book.scheme.themes if not smallest.themes.loc[t.id, "blocks"]]
        rows = []
        for theme in present:
            cells = []
            for side in self.result.sides:
                quotes = _in_turn(self._quotes(side, "theme", theme.id))
                more = quotes[QUOTES_PER_CELL:]
                in_order = sorted(more, key=lambda quote: quote["document"])
                by_document = [
                    (d, list(rest)) for d, rest in groupby(in_order, key=lambda quote: quote["document"])
                ]
                cells.append({"quotes": quotes[:QUOTES_PER_CELL], "n_more": len(more), "more": by_document})
            rows.append({"label": theme.label, "cells": cells})
        return render(
            "reading",
            sides=[side.label for side in self.result.sides],
            rows=rows,
            smallest=smallest.label,
            absent=absent,
            whole=self._quotes(smallest, None, None) if not present else [],
        )

    def _found(self, family: str) -> list[str]:
        """Ids of the family that stand on some side: themes in the scheme's order, concepts by blocks."""
        tables = [side.themes if family == "theme" else side.concepts for side in self.result.sides]
        total = pd.concat([table["blocks"] for table in tables], axis=1).sum(axis=1)
        found = total[total > 0]
        if family == "concept":
            found = found.sort_values(ascending=False, kind="stable")
        return [str(identifier) for identifier in found.index]

    def _count_row(self, family: str, identifier: str) -> dict[str, Any]:
        cells = []
        for side in self.result.sides:
            row = (side.themes if family == "theme" else side.concepts).to_dict("index")[identifier]
            total = len(side.corpus.blocks)
            cells.append(
                {
                    "blocks": int(row["blocks"]),
                    "mentions": int(row["mentions"]),
                    "share": f"{100 * row['share']:.0f} %" if total else "–",
                    "interval": f"{100 * row['low']:.0f}–{100 * row['high']:.0f}",
                }
            )
        concept = self.book.scheme.by_id[identifier] if family == "concept" else None
        return {
            "id": f"{family}-{identifier}",
            "label": concept.term_en if concept else self.book.scheme.theme_label[identifier],
            "term_zh": concept.term_zh if concept else None,
            "cells": cells,
        }

    def _label(self, family: str, identifier: str) -> str:
        if family == "theme":
            return self.book.scheme.theme_label[identifier]
        concept = self.book.scheme.by_id[identifier]
        return f"{concept.term_zh} · {concept.term_en}"

    def _quotes(self, side: Side, family: str | None, identifier: str | None) -> list[dict[str, Any]]:
        """Return the sentences of one side that carry a theme or concept (all that carry any, for None)."""
        mentions = side.corpus.mentions
        if family is not None:
            mentions = mentions[mentions["counted"].astype(bool)]
            by_id = self.book.scheme.by_id
            keys = (
                mentions["concept"]
                if family == "concept"
                else mentions["concept"].map(lambda c: by_id[c].theme)
            )
            mentions = mentions[keys == identifier]
        languages = side.corpus.documents.set_index("document")["language"]
        grouped = group_by(mentions, "sentence")
        return [
            {
                "id": row.sentence,
                "document": row.document,
                "anchor": row.passage.split(":")[1],
                "language": HTML_LANGUAGE[languages[row.document]],
                "text": mark_mentions(self.book, row.text, grouped[row.sentence]),
            }
            for row in records(side.corpus.evidence(mentions))
        ]

    def _table(self) -> pd.DataFrame:
        """The counts of every row on every side, also of rows that stand on none."""
        parts = []
        for side in self.result.sides:
            for family, rows in (("theme", side.themes), ("concept", side.concepts)):
                table = rows.reset_index(names="id").assign(
                    family=family, side=side.label, all_blocks=len(side.corpus.blocks)
                )
                parts.append(table)
        columns = [
            "family",
            "id",
            "side",
            "all_blocks",
            "blocks",
            "passages",
            "documents",
            "mentions",
            "share",
            "low",
            "high",
        ]
        return pd.concat(parts)[columns].round(4)


def _in_turn(quotes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return quotations so that every document has its first before any has its second."""
    seen: Counter[str] = Counter()
    rank = []
    for quote in quotes:
        rank.append(seen[quote["document"]])
        seen[quote["document"]] += 1
    return [quote for _, quote in sorted(zip(rank, quotes, strict=True), key=lambda pair: pair[0])]
