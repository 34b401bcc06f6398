"""What the page about policy instruments shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from policybook.analysis.coded_shares import Part, commonest, count_codes, find_cautions, in_reading_order, split_parts
from policybook.charts.bars import bar_chart
from policybook.charts.theme import Chart, download_link
from policybook.publishing.book import Book
from policybook.publishing.instrument_views import VIEWS, View, chart_rows, evidence_rows, subtype_rows, table_rows
from policybook.publishing.markup import Html, render
from policybook.publishing.other_pages import trust_in_coding
from policybook.words.coded import caution_words, name_code
from policybook.words.say import counted, names_of


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
