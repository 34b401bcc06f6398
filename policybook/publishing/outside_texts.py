"""How the rules do on texts that are not shipped: aligned Chinese and English, and official reports."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from policybook.analysis.aligned import AlignedTexts, load_aligned
from policybook.analysis.official import Official, load_official
from policybook.analysis.thresholds import ALIGNED_FACTOR, ALIGNED_SEGMENTS, CORRELATED_SEGMENTS
from policybook.publishing.book import Book
from policybook.publishing.markup import Html, render
from policybook.publishing.score_tables import dense, show_estimates, show_scores
from policybook.publishing.tables import show_table
from policybook.words.say import counted, name_of

NO_ALIGNED = "No aligned texts were coded in this project, so no concept enters a comparison across languages."
NO_OFFICIAL = "No sentences of official texts were coded by hand in this project."


@dataclass(frozen=True)
class OutsideTexts:
    """The codes that are kept of texts which are not ours to show: data/gold/parallel.csv and official*.csv."""

    book: Book

    @cached_property
    def aligned(self) -> AlignedTexts | None:
        """Aligned segments as coded; None where there are none."""
        return load_aligned(self.book.project)

    @cached_property
    def official(self) -> Official | None:
        """Sentences of official texts, as coded by hand and by rule; None where there are none."""
        return load_official(self.book.project)

    @property
    def values(self) -> dict[str, object]:
        """What the page's prose says."""
        return {"least": ALIGNED_SEGMENTS, "factor": f"{ALIGNED_FACTOR:g}", "often": CORRELATED_SEGMENTS}

    def made_of(self) -> Html:
        """What the aligned texts were, and whether the rules have changed since they were coded."""
        return render("aligned", aligned=self.aligned, years=self._years(), nothing=NO_ALIGNED)

    def alike(self) -> Html:
        """Rank correlation and mean overlap of the two languages."""
        aligned = self.aligned
        if aligned is None:
            return _nothing()
        either = len(aligned.segments)
        both = int((aligned.concepts[["zh", "en"]].max(axis=1) >= CORRELATED_SEGMENTS).sum())
        rows = [
            ("Spearman's rank correlation of the counts", counted(both, "concept"), *_bounds(aligned.spearman)),
            ("Mean Jaccard of the concepts of a segment", counted(either, "segment"), *_bounds(aligned.mean_jaccard)),
        ]
        table = pd.DataFrame(rows, columns=["measure", "over", "value", "low", "high"])
        labels = {"measure": "Measure", "over": "Over"}
        caption = "How alike the coding of aligned Chinese and English is, with 95 % intervals"
        return show_estimates(table, labels, "value", heading="Value", caption=caption, name="aligned")

    def by_concept(self) -> Html:
        """For each concept the segments in which each language finds it, and whether it may be compared across them."""
        aligned = self.aligned
        if aligned is None:
            return _nothing()
        by_id = self.book.scheme.by_id
        table = aligned.concepts.reset_index()
        table = table[table["concept"].isin(by_id)]
        more, less = table[["zh", "en"]].max(axis=1), table[["zh", "en"]].min(axis=1)
        ratio = (more / less.where(less > 0)).astype(float)
        table = table.assign(
            term_zh=[by_id[str(concept)].term_zh for concept in table["concept"]],
            term_en=[by_id[str(concept)].term_en for concept in table["concept"]],
            ratio=[f"{value:.2f}" if np.isfinite(value) else "–" for value in ratio],
            enters=[self._enters(str(concept)) for concept in table["concept"]],
        )
        labels = {
            "term_zh": "Concept", "term_en": "Meaning", "zh": "Chinese", "en": "English", "both": "Both",
            "ratio": "More ÷ less", "enters": "May be compared",
        }  # fmt: skip
        entering = int((table["enters"] == "yes").sum())
        caption = (
            f"Aligned segments in which each language finds each concept; of {len(table)} concepts that occur "
            f"{entering} may be compared across languages"
        )
        return dense(show_table(table, labels, caption=caption, name="aligned-concepts"))

    def official_coding(self) -> Html:
        """Who coded the official sentences and how they were drawn; whether the rules have changed since."""
        return render("official_coding", official=self.official, nothing=NO_OFFICIAL)

    def official_scores(self) -> Html:
        """Precision, recall and F1 on the official sentences."""
        if self.official is None:
            return _nothing()
        table = self.official.scores()
        table["what"] = [name_of("scored", what) for what in table["what"]]
        caption = f"Scores on {counted(len(self.official.gold), 'sentence')} of official texts, with 95 % intervals"
        return show_scores(table, {"what": "Coded"}, caption=caption, name="scores-official")

    def _enters(self, concept: str) -> str:
        assert self.aligned is not None
        if concept not in self.aligned.comparable:
            return "no"
        return "yes" if self.book.scheme.counted(concept) else "no: it is compared nowhere"

    def _years(self) -> str:
        years = sorted({segment.year for segment in self.aligned.segments}) if self.aligned else []
        return ", ".join(str(year) for year in years)


def _bounds(estimate: object) -> tuple[float, float, float]:
    value, low, high = (float(getattr(estimate, name)) for name in ("value", "low", "high"))
    return value, low, high


def _nothing() -> Html:
    return render("nothing", sentence="")
