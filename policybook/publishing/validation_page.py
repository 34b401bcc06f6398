"""What the page about the trust that the coding deserves shows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from policybook.analysis.outcomes import CODED, Outcomes, score_outcomes
from policybook.analysis.validation import (
    agreement_table,
    confusion_table,
    matched_directives,
    pair_table,
    score_certain,
    score_kinds,
    score_presence,
    score_table,
)
from policybook.charts.heatmap import HeatmapText, heatmap_chart
from policybook.charts.scores import score_chart
from policybook.charts.theme import Chart
from policybook.coding.codebook import Codebook, codebook_file, load_codebook
from policybook.coding.codes import INSTRUMENTS, KINDS, STRENGTHS
from policybook.coding.gold import has_gold, load_gold
from policybook.publishing.book import Book
from policybook.publishing.document_page import LANGUAGES
from policybook.publishing.errors_list import list_errors
from policybook.publishing.markup import Html, render
from policybook.publishing.score_tables import dense, show_estimates, show_scores
from policybook.publishing.tables import show_table
from policybook.words.say import counted

NAMES = {"concept": "Concepts", "quantity": "Quantities", "actor": "Actors", "directive": "Directives"}
SOURCES = {"received": "received", "written": "written", "all": "both"}
_ORDER = {key: n for n, key in enumerate((*NAMES, *LANGUAGES, *SOURCES, "test", "tuning"))}
NOTHING = "Nothing was coded by hand in this project, so how well the rules do on its texts is not known."


@dataclass(frozen=True)
class ValidationPage:
    """The page of scores. Where data/gold holds no hand coding, every part of it says so."""

    book: Book

    @cached_property
    def outcomes(self) -> Outcomes | None:
        """What became of every code of the gold; None where there is none."""
        if not has_gold(self.book.project):
            return None
        return score_outcomes(load_gold(self.book.project), self.book.corpus, self.book.coding)

    @cached_property
    def codebook(self) -> Codebook | None:
        """Who coded and how; None where there is no codebook."""
        return load_codebook(self.book.project) if codebook_file(self.book.project).is_file() else None

    @property
    def values(self) -> dict[str, object]:
        """What the page's prose says."""
        return {"answer": self._answer()}

    def hand_coding(self) -> Html:
        """Who coded, in which order, and how the sentences were split."""
        coding = self.codebook.coding if self.codebook else None
        return render("hand_coding", coding=coding if self.outcomes else None, nothing=NOTHING)

    def sentences(self) -> Html:
        """How many sentences and codes there are, by language, source and part."""
        if self.outcomes is None:
            return _nothing()
        sentences, rows = self.outcomes.sentences, self.outcomes.rows
        keys = ["language", "source", "part"]
        table = sentences.groupby(keys).size().rename("sentences").to_frame()
        codes = rows[rows["outcome"] != "extra"].groupby([*keys, "what"]).size().unstack(fill_value=0)
        table = table.join(codes).reindex(columns=["sentences", *NAMES]).fillna(0).astype(int).reset_index()
        table = table.sort_values(keys, key=lambda column: column.map(_ORDER), kind="stable")
        table["language"] = table["language"].map(LANGUAGES)
        labels = {"language": "Language", "source": "Source", "part": "Part", "sentences": "Sentences", **NAMES}
        caption = "Sentences coded by hand, and the codes they were given; a concept counts once a sentence"
        return dense(show_table(table, labels, caption=caption, name="hand-coded"))

    def absent(self) -> Html:
        """Say how many hand-coded sentences are of documents that are not in the corpus, if any."""
        n = self.outcomes.absent if self.outcomes else 0
        sentence = f"{counted(n, 'hand-coded sentence')} of documents that are not in the corpus are left out."
        return render("nothing", sentence=sentence if n else "")

    def chart(self) -> Chart | Html:
        """F1 of everything coded, on the test part, by language and source."""
        if self.outcomes is None:
            return _nothing()
        table = score_table(self.outcomes, part="test")
        rows = pd.DataFrame(
            {
                "group": table["what"].map(NAMES),
                "label": table["language"].map(LANGUAGES),
                "series": table["source"] + " sentences",
                "value": table["f1"],
                "low": table["f1_low"],
                "high": table["f1_high"],
                "counted": [f"{n} codes" for n in table["gold"]],
                "href": "#errors-" + table["what"].astype(str),
            }
        )
        caption = (
            "F1 on the test part, with its 95 % interval; at the right, how many codes were given by hand. A mark "
            "leads to the errors."
        )
        return score_chart("scores", rows, caption, axis="F1 (95 % interval)")

    def scores(self, part: str = "test") -> Html:
        """Precision, recall and F1 of one part, by what was coded, language and source."""
        if self.outcomes is None:
            return _nothing()
        pooled = score_table(self.outcomes, ["language"], part=part).assign(source="all")
        table = pd.concat([score_table(self.outcomes, part=part), pooled])
        table = table.sort_values(["what", "language", "source"], key=lambda column: column.map(_ORDER), kind="stable")
        table = table.assign(
            what=table["what"].map(NAMES),
            language=table["language"].map(LANGUAGES),
            source=table["source"].map(SOURCES),
        )
        labels = {"what": "Coded", "language": "Language", "source": "Source"}
        links = {name: f"#errors-{what}" for what, name in NAMES.items()} if part == "test" else None
        caption = f"Scores on the {part} part, with 95 % intervals"
        return show_scores(table, labels, caption=caption, name=f"scores-{part}", links=links)

    def certain(self) -> Html:
        """Scores of concepts on the test part without mentions in an ambiguous form, which enter no comparison."""
        if self.outcomes is None:
            return _nothing()
        table = score_certain(self.outcomes, part="test")
        table["language"] = table["language"].map(LANGUAGES)
        caption = "Concepts on the test part, mentions in an ambiguous form taken for not found"
        return show_scores(table, {"language": "Language"}, caption=caption, name="scores-certain")

    def presence(self) -> Html:
        """Whether sentences with a directive are told from those without, on the test part."""
        if self.outcomes is None:
            return _nothing()
        table = score_presence(self.outcomes, "directive", part="test")
        table["language"] = table["language"].map(LANGUAGES)
        caption = "Sentences of the test part that hold a directive"
        return show_scores(
            table, {"language": "Language", "sentences": "Sentences"}, caption=caption, name="scores-presence"
        )

    def kinds(self) -> Html:
        """Scores on the test part by theme, kind of quantity and strength of directive."""
        if self.outcomes is None:
            return _nothing()
        table = score_kinds(self.outcomes, part="test")
        called = dict(self.book.scheme.theme_label)
        order = {kind: n for n, kind in enumerate((*CODED, *called, *KINDS, *STRENGTHS))}
        table = table.sort_values(["what", "kind"], key=lambda column: column.map(order), kind="stable")
        table["kind"] = [called.get(kind, kind.replace("_", " ")) for kind in table["kind"]]
        table["what"] = table["what"].map(NAMES)
        labels = {"what": "Coded", "kind": "Theme, kind or strength"}
        return show_scores(table, labels, caption="Scores on the test part by kind", name="scores-kinds")

    def agreement(self) -> Html:
        """Cohen's κ of instruments, subtypes and strengths over the directives that were found, on the test part."""
        if self.outcomes is None:
            return _nothing()
        table = agreement_table(self.outcomes, part="test")
        table["of"] = table["of"].str.capitalize()
        table["language"] = table["language"].map({"": "both", **LANGUAGES})
        labels = {"of": "Of a directive", "language": "Language", "directives": "Directives", "agreed": "Share agreed"}
        caption = "Agreement of hand and rule on the directives of the test part that both have"
        return show_estimates(table, labels, "kappa", heading="Cohen's κ", caption=caption, name="kappa")

    def confusion(self) -> Chart | Html:
        """Instruments by hand against instruments by rule, on the test part."""
        if self.outcomes is None or matched_directives(self.outcomes, part="test").empty:
            return _nothing("No directive of the hand coding was found, so no instruments can be compared.")
        table = confusion_table(self.outcomes, part="test")
        links = {
            (gold, found): f"#errors-instrument-{gold}-{found}"
            for gold in INSTRUMENTS
            for found in INSTRUMENTS
            if gold != found and table.loc[gold, found]
        }
        caption = (
            "Instruments of the directives that both have, on the test part: by hand in the rows, by rule in the "
            "columns. Off the diagonal a number leads to its directives."
        )
        text = HeatmapText("by hand", "by rule", "directives")
        return heatmap_chart("confusion", table, caption, text=text, cell_links=links)

    def pairs(self) -> Html:
        """How alike the concepts of a sentence and of its translation are."""
        if self.outcomes is None:
            return _nothing()
        table = pd.concat([pair_table(self.outcomes, part=part).assign(part=part) for part in ("test", "tuning")])
        table["by"] = table["by"].map({"found": "by rule", "gold": "by hand"})
        caption = "Concepts that a Chinese sentence and its English counterpart share, of those either has"
        labels = {"part": "Part", "by": "Coded", "pairs": "Pairs"}
        return show_estimates(table, labels, "mean", heading="Mean Jaccard", caption=caption, name="pairs")

    def errors(self) -> Html:
        """Every error of the test part."""
        if self.outcomes is None:
            return _nothing()
        return list_errors(self.outcomes, self.book, part="test")

    def _answer(self) -> str:
        if self.outcomes is None:
            return NOTHING
        table = score_table(self.outcomes, ["language"], part="test")
        parts = []
        for what, name in NAMES.items():
            some = table[table["what"] == what]
            shown = [
                f"{value:.2f} in {LANGUAGES[language]}"
                for language, value in zip(some["language"], some["f1"], strict=True)
                if pd.notna(value)
            ]
            parts.append(f"{name.lower()} {' and '.join(shown) or 'not known'}")
        kappa = agreement_table(self.outcomes, part="test").iloc[0]
        agreed = f"; κ of instruments {kappa['kappa']:.2f}" if pd.notna(kappa["kappa"]) else ""
        return f"F1 on the sentences kept for testing, 1 being perfect: {', '.join(parts)}{agreed}."


def _nothing(sentence: str = NOTHING) -> Html:
    return render("nothing", sentence=sentence)
