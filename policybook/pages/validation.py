"""What the pages of validation and of the codebook show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from policybook.analysis.agreement import SCORED_CODES, Outcomes, score_outcomes
from policybook.analysis.thresholds import ALIGNED_FACTOR, ALIGNED_SEGMENTS, CORRELATED_SEGMENTS
from policybook.analysis.validation import (
    AlignedTexts,
    Official,
    agreement_table,
    confusion_table,
    load_aligned,
    load_official,
    matched_directives,
    pair_table,
    score_certain,
    score_kinds,
    score_presence,
    score_table,
)
from policybook.charts.bars import score_chart
from policybook.charts.heatmap import HeatmapText, heatmap_chart
from policybook.charts.theme import Chart, download_link
from policybook.coding.gold import Codebook, CodebookEntry, Details, codebook_file, has_gold, load_codebook, load_gold
from policybook.coding.scheme import INSTRUMENTS, KINDS, QUALIFIERS, STRENGTHS, Concept
from policybook.corpus.corpus import records
from policybook.pages.book import Book
from policybook.pages.document import HTML_LANGUAGE, LANGUAGE_CODES
from policybook.pages.html import Html, dense, mark_spans, render, show_estimates, show_scores, show_table
from policybook.words.say import counted, name_of

# Every error of the rules against the hand coding, sentence by sentence, for a reader to go through ---


#: What errors there are, in the order of the list: heading, and what an error of that kind is.
ERROR_KINDS = {
    "concept": "Concepts",
    "quantity": "Quantities",
    "actor": "Actors",
    "directive": "Directives",
    "instrument": "Instruments of directives that both have",
    "subtype": "Subtypes of instruments that both have",
    "strength": "Strengths of directives that both have",
}
OUTCOME_NAMES = {"missed": "missed", "extra": "found, but not there by hand", "differs": "not the same"}
ERROR_COLUMNS = ("error", "sentence", "outcome", "gold", "found", "gold_text", "found_text")


def list_errors(outcomes: Outcomes, book: Book, *, part: str) -> Html:
    """Return the errors of one part, grouped by what went wrong and by sentence, with all of them as CSV.

    A sentence is shown where it may be: written ones are ours, of the received those that the book may quote.
    """
    rows = pd.DataFrame(find_errors(outcomes, book.quotable, part=part), columns=[*ERROR_COLUMNS, "start", "end"])
    sentences = {row.sentence: row for row in records(outcomes.sentences)}
    groups = []
    for kind, label in ERROR_KINDS.items():
        some = rows[rows["error"] == kind]
        entries = [
            _entry(sentences[str(identifier)], group, kind, book) for identifier, group in _by_sentence(some, kind)
        ]
        groups.append({"id": kind, "label": label, "number": len(some), "entries": entries})
    return render("errors", groups=groups, part=part, download=download_link(rows[list(ERROR_COLUMNS)], f"errors-{part}"))


def find_errors(outcomes: Outcomes, quotable: frozenset[str], *, part: str) -> Iterator[dict[str, Any]]:
    """Yield the errors of one part with COLUMNS, and where the words concerned stand, `start` and `end`.

    Words of a sentence that may not be shown are left out.
    """
    own = set(outcomes.sentences.loc[outcomes.sentences["source"] == "written", "sentence"])
    rows = outcomes.rows[outcomes.rows["part"] == part]
    for row in records(rows):
        shown = row.sentence in own or row.sentence in quotable
        starts = [n for n in (row.gold_start, row.found_start) if n >= 0]
        ends = [
            n + len(text) for n, text in ((row.gold_start, row.gold_text), (row.found_start, row.found_text)) if n >= 0
        ]
        where = {"start": min(starts), "end": max(ends)} if shown and starts else {"start": -1, "end": -1}
        words = {"gold_text": row.gold_text if shown else "", "found_text": row.found_text if shown else ""}
        for error, outcome, gold, found in _errors_of(row):
            yield {
                "error": error, "sentence": row.sentence, "outcome": outcome, "gold": gold, "found": found, **words,
                **where,
            }  # fmt: skip


def _errors_of(row: Any) -> Iterator[tuple[str, str, str, str]]:
    """Yield error, outcome, value by hand and value found of one row of outcomes; none for a right one."""
    gold, found = row.gold, row.found
    if row.what == "directive":
        gold = f"{row.gold}, {_instrument(row.gold_instrument, row.gold_subtype)}" if row.gold else ""
        found = f"{row.found}, {_instrument(row.found_instrument, row.found_subtype)}" if row.found else ""
    if row.outcome != "hit":
        yield row.what, row.outcome, gold, found
    elif row.what == "directive":
        if row.gold_instrument != row.found_instrument:
            yield "instrument", "differs", row.gold_instrument, row.found_instrument
        elif row.gold_subtype != row.found_subtype:
            yield "subtype", "differs", row.gold_subtype, row.found_subtype
        if row.gold != row.found:
            yield "strength", "differs", row.gold, row.found


def _by_sentence(rows: pd.DataFrame, kind: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the errors of each sentence; those of instruments once for each pair of them, pairs together."""
    if kind == "instrument":
        for _, pair in rows.groupby(["gold", "found"]):
            yield from ((str(key), group) for key, group in pair.groupby("sentence", sort=False))
    else:
        yield from ((str(key), group) for key, group in rows.groupby("sentence", sort=False))


def _entry(sentence: Any, errors: pd.DataFrame, kind: str, book: Book) -> dict[str, Any]:
    received = sentence.source == "received"
    document, _, place = sentence.sentence.partition(":")
    first = errors.iloc[0]
    return {
        "id": sentence.sentence,
        "anchor": f"errors-instrument-{first['gold']}-{first['found']}" if kind == "instrument" else "",
        "href": f"../documents/{document}.html#{place.rpartition('.')[0]}" if received else "",
        "language": HTML_LANGUAGE[sentence.language],
        "text": _marked(sentence.text, errors) if not received or sentence.sentence in book.quotable else None,
        "errors": [
            {
                "outcome": OUTCOME_NAMES[row.outcome],
                "gold": _side(row.gold_text, row.gold),
                "found": _side(row.found_text, row.found),
            }
            for row in records(errors)
        ],
    }  # fmt: skip


def _side(text: str, value: str) -> dict[str, str] | None:
    return {"text": text, "value": value} if value else None


def _marked(text: str, errors: pd.DataFrame) -> Markup:
    """Return a sentence with the words concerned marked; overlapping ones as one mark."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted((row.start, row.end) for row in records(errors) if row.start >= 0):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return mark_spans(text, [(start, end, "what the codes differ about") for start, end in merged])


def _instrument(instrument: str, subtype: str) -> str:
    return f"{instrument} ({subtype})" if subtype else instrument


# What the page about the trust that the coding deserves shows --------------------------------------


NAMES = {"concept": "Concepts", "quantity": "Quantities", "actor": "Actors", "directive": "Directives"}
SOURCE_NAMES = {"received": "received", "written": "written", "all": "both"}
_ORDER = {key: n for n, key in enumerate((*NAMES, *LANGUAGE_CODES, *SOURCE_NAMES, "test", "tuning"))}
NOTHING_CODED = "Nothing was coded by hand in this project, so how well the rules do on its texts is not known."


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
        return render("hand_coding", coding=coding if self.outcomes else None, nothing=NOTHING_CODED)

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
        table["language"] = table["language"].map(LANGUAGE_CODES)
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
                "label": table["language"].map(LANGUAGE_CODES),
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
            language=table["language"].map(LANGUAGE_CODES),
            source=table["source"].map(SOURCE_NAMES),
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
        table["language"] = table["language"].map(LANGUAGE_CODES)
        caption = "Concepts on the test part, mentions in an ambiguous form taken for not found"
        return show_scores(table, {"language": "Language"}, caption=caption, name="scores-certain")

    def presence(self) -> Html:
        """Whether sentences with a directive are told from those without, on the test part."""
        if self.outcomes is None:
            return _nothing()
        table = score_presence(self.outcomes, "directive", part="test")
        table["language"] = table["language"].map(LANGUAGE_CODES)
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
        order = {kind: n for n, kind in enumerate((*SCORED_CODES, *called, *KINDS, *STRENGTHS))}
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
        table["language"] = table["language"].map({"": "both", **LANGUAGE_CODES})
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
            return NOTHING_CODED
        table = score_table(self.outcomes, ["language"], part="test")
        parts = []
        for what, name in NAMES.items():
            some = table[table["what"] == what]
            shown = [
                f"{value:.2f} in {LANGUAGE_CODES[language]}"
                for language, value in zip(some["language"], some["f1"], strict=True)
                if pd.notna(value)
            ]
            parts.append(f"{name.lower()} {' and '.join(shown) or 'not known'}")
        kappa = agreement_table(self.outcomes, part="test").iloc[0]
        agreed = f"; κ of instruments {kappa['kappa']:.2f}" if pd.notna(kappa["kappa"]) else ""
        return f"F1 on the sentences kept for testing, 1 being perfect: {', '.join(parts)}{agreed}."


def _nothing(sentence: str = NOTHING_CODED) -> Html:
    return render("nothing", sentence=sentence)


# What the page of the codebook shows: every code with what bears it, what does not, and the words that carry it ---


#: Forms of a concept as the scheme has them, and what they are called.
FORMS = {
    "zh": "Chinese",
    "en": "English",
    "ambiguous_zh": "Chinese, ambiguous",
    "ambiguous_en": "English, ambiguous",
    "not_zh": "Not meant, Chinese",
    "not_en": "Not meant, English",
}
EXCLUDED = {"corpus": "not compared: a word that defines the corpus", "institution": "not compared: an institution"}
CODEBOOK_COLUMNS = ("of", "code", "term_zh", "term_en", "theme", "definition", "example", "counter_example")


@dataclass(frozen=True)
class CodebookPage:
    """The page of the codebook. A code without an entry in data/gold/codebook.yml is shown by its name alone."""

    book: Book

    @cached_property
    def codebook(self) -> Codebook:
        """The entries; none where the project has no codebook."""
        if not codebook_file(self.book.project).is_file():
            return Codebook((), None, Details())
        return load_codebook(self.book.project)

    @property
    def values(self) -> dict[str, object]:
        """What the page's prose says."""
        concepts = self.book.scheme.concepts
        return {
            "n_concepts": len(concepts),
            "n_themes": len(self.book.scheme.themes),
            "n_entries": len(self.codebook.entries),
        }

    def concepts(self) -> Html:
        """Every concept, theme by theme, with its forms."""
        scheme = self.book.scheme
        groups = [
            {
                "id": f"theme-{theme.id}",
                "label": theme.label,
                "label_zh": theme.label_zh,
                "codes": [self._concept(concept) for concept in scheme.concepts if concept.theme == theme.id],
            }
            for theme in scheme.themes
        ]
        return self._show(groups, self.codebook.details.concept, "codebook-concepts", contents=True)

    def groups(self) -> Html:
        """The named groups of words that forms refer to."""
        return render("form_groups", groups=dict(self.book.scheme.groups))

    def quantities(self) -> Html:
        """Kinds of quantity and qualifiers."""
        groups = [
            {"id": "", "label": "Kinds", "label_zh": "", "codes": self._codes("quantity_kind", KINDS)},
            {"id": "", "label": "Qualifiers", "label_zh": "", "codes": self._codes("qualifier", QUALIFIERS)},
        ]
        return self._show(groups, self.codebook.details.quantity, "codebook-quantities")

    def actors(self) -> Html:
        """What an actor is."""
        groups = [{"id": "", "label": "", "label_zh": "", "codes": self._codes("actor", ("actor",))}]
        return self._show(groups, self.codebook.details.actor, "codebook-actors")

    def directives(self) -> Html:
        """What a directive is, and how strongly it binds."""
        groups = [
            {"id": "", "label": "", "label_zh": "", "codes": self._codes("directive", ("directive",))},
            {"id": "", "label": "Strengths", "label_zh": "", "codes": self._codes("strength", STRENGTHS)},
        ]
        return self._show(groups, self.codebook.details.directive, "codebook-directives")

    def instruments(self) -> Html:
        """Instruments, each with its subtypes."""
        groups = [
            {
                "id": "",
                "label": instrument.capitalize(),
                "label_zh": "",
                "codes": [*self._codes("instrument", (instrument,)), *self._codes("subtype", subtypes)],
            }
            for instrument, subtypes in INSTRUMENTS.items()
        ]
        return self._show(groups, None, "codebook-instruments")

    def _show(self, groups: list[dict[str, Any]], details: str | None, name: str, *, contents: bool = False) -> Html:
        rows = [
            {column: code.get(column) or "" for column in CODEBOOK_COLUMNS} | {"theme": group["label"]}
            for group in groups
            for code in group["codes"]
        ]
        download = download_link(pd.DataFrame(rows, columns=list(CODEBOOK_COLUMNS)), name)
        return render("codes", groups=groups, details=details, contents=contents, download=download)

    def _concept(self, concept: Concept) -> dict[str, Any]:
        excluded = EXCLUDED.get(concept.exclude_from_comparison or "", "")
        broader = self.book.scheme.by_id[concept.broader] if concept.broader else None
        return self._code("concept", concept.id) | {
            "term_zh": concept.term_zh,
            "term_en": concept.term_en,
            "name": concept.term_en,
            "chips": [excluded] if excluded else [],
            "broader": {"id": f"concept-{broader.id}", "term_zh": broader.term_zh} if broader else None,
            "forms": list(_forms(concept)),
            "note": concept.note or "",
        }

    def _codes(self, of: str, codes: Iterable[str]) -> list[dict[str, Any]]:
        return [self._code(of, code) for code in codes]

    def _code(self, of: str, code: str) -> dict[str, Any]:
        entry: CodebookEntry | None = self.codebook.by_code.get((of, code))
        said = entry.model_dump() if entry else {"definition": "", "example": "", "counter_example": ""}
        nothing: dict[str, Any] = {"term_zh": "", "term_en": "", "chips": [], "broader": None, "forms": [], "note": ""}
        return {**said, **nothing, "of": of, "code": code, "id": f"{of}-{code}".replace("_", "-"), "name": code}


def _forms(concept: Concept) -> Iterator[dict[str, Any]]:
    """Yield the forms of a concept in the notation of the scheme: those for certain, then those by context."""
    for field, label in FORMS.items():
        if forms := getattr(concept, field):
            yield {"label": label, "language": field[-2:], "forms": forms}
    for rule in concept.rules:
        beside = "; ".join(
            f"{word} near: {', '.join(words)}"
            for word, words in (("with", rule.when), ("without", rule.unless))
            if words
        )
        label = f"{'Chinese' if rule.language == 'zh' else 'English'} by context ({rule.undecided} else)"
        yield {"label": label, "language": rule.language, "forms": [*(rule.zh or rule.en), beside]}


# How the rules do on texts that are not shipped: aligned Chinese and English, and official reports ---


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
            return _none_outside()
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
            return _none_outside()
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
            return _none_outside()
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


def _none_outside() -> Html:
    return render("nothing", sentence="")
