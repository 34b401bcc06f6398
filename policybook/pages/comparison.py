"""What the page of one comparison shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from typing import Any

import pandas as pd
from markupsafe import Markup

from policybook.analysis import thresholds
from policybook.analysis.compare import Estimates, PairComparison, estimate_sides, within_language
from policybook.analysis.comparisons import (
    Comparison,
    find_confounds,
    load_elsewhere,
    plans_at_hand,
    rests_on,
    wanted_texts,
)
from policybook.analysis.counts import FAMILIES, BlockCounts, Row, RowKey, members
from policybook.analysis.decide import rows_of
from policybook.analysis.power import MOST_BLOCKS, Settling, what_would_settle
from policybook.analysis.robustness import PlaceboPair, SensitivityCheck, check_sensitivity, find_placebo, make_variants
from policybook.analysis.thresholds import MIN_DIFFERENCE
from policybook.charts.differences import difference_chart, period_chart
from policybook.charts.theme import Chart, download_link
from policybook.coding.measured import load_measured, measured_names
from policybook.coding.scheme import Scheme
from policybook.corpus.corpus import Selection, records
from policybook.corpus.manifest import load_recommended
from policybook.pages.book import Book, made_pages
from policybook.pages.document import HTML_LANGUAGE
from policybook.pages.html import Html, in_words, mark_spans, render
from policybook.words.comparisons import (
    answer,
    answer_sequence,
    cannot_say,
    change_words,
    clash_words,
    confound_words,
    digits_of,
    in_percent,
    in_points,
    label_of,
    lacking_words,
    placebo_sentence,
    reason_words,
    rests_words,
    row_name,
    settling_sentence,
    to_table,
    unchanged_words,
    verdict_words,
)
from policybook.words.say import language_name, percent, say

# The chart of a comparison: differences between two sides, or shares along a sequence of periods ---


#: Concepts too rare to be judged are drawn while a chart has fewer rows of concepts than this.
CONCEPTS_DRAWN = 12
#: … and at most so many that can be judged without being clear: the largest differences.
MOST_CONCEPTS = 30
#: Panels of concepts in small multiples.
PANELS = 6
_CLEAR, _NOT_JUDGED = (0, 0.0), (2, 0.0)


def comparison_chart(estimates: Estimates, scheme: Scheme, name: str, prefix: str = "") -> Chart | None:
    """Return the chart of estimates, None where no row may enter. A mark leads to its row of the table."""
    rows = charted_rows(estimates)
    if not rows:
        return None
    if estimates.is_sequence:
        return _periods(estimates, rows, scheme, name, prefix)
    return _differences(estimates.pairs[0], rows, scheme, name, prefix)


def charted_rows(estimates: Estimates) -> list[RowKey]:
    """Return the rows to draw: themes that may enter and stand anywhere, concepts that can be judged, a few more."""
    if not estimates.pairs:
        return []
    side = estimates.sides[0]
    marks = zip(side.rows, rows_of(side, estimates.usable).usable, strict=True)
    usable = {key for key, mark in marks if mark}
    found = {key: number for key, number in blocks_of_rows(estimates).items() if key in usable and number}
    themes = [key for key in found if key[0] == "theme"]
    concepts = [key for key in found if key[0] == "concept"]
    rank = _ranks(estimates)
    concepts.sort(key=lambda key: (rank.get(key, _NOT_JUDGED), -found[key]))
    judged = sum(key in rank for key in concepts)
    clear = sum(rank[key] == _CLEAR for key in concepts if key in rank)
    most = max(min(judged, MOST_CONCEPTS), clear, CONCEPTS_DRAWN)
    return [*themes, *concepts[: PANELS if estimates.is_sequence else most]]


def _ranks(estimates: Estimates) -> dict[RowKey, tuple[int, float]]:
    """Return for every row that can be judged in some pair what to draw first: what is clear, then what is large."""
    ranks: dict[RowKey, tuple[int, float]] = {}
    for row in (row for pair in estimates.pairs for row in pair.rows if row.eligible):
        rank = _CLEAR if row.verdict.startswith("more") else (1, -abs(row.difference))
        key: RowKey = (row.family, row.id)
        ranks[key] = min(rank, ranks.get(key, rank))
    return ranks


def blocks_of_rows(estimates: Estimates) -> dict[RowKey, int]:
    """Return for every row the blocks of all sides that carry it."""
    totals: dict[RowKey, int] = {}
    for family in FAMILIES:
        blocks = pd.concat([table["blocks"] for table in estimates.shares(family)], axis=1).sum(axis=1)
        totals |= {(family, str(identifier)): int(number) for identifier, number in blocks.items()}
    return totals


def _differences(pair: PairComparison, rows: Sequence[RowKey], scheme: Scheme, name: str, prefix: str) -> Chart:
    labels = {key: _label(key, scheme) for key in rows}
    content: list[dict[str, Any]] = []
    for family, identifier in rows:
        row = pair.row((family, identifier))
        content.append(
            {name: getattr(row, name) for name in ("family", "id", "difference", "low95", "high95", "low", "high")}
            | {"eligible": row.eligible, "verdict": row.verdict, "label": labels[family, identifier]}
            | {"left_blocks": row.left.blocks, "right_blocks": row.right.blocks}
            | {"left_total": len(pair.left.blocks), "right_total": len(pair.right.blocks)}
            | {"href": f"#row-{prefix}{family}-{identifier}"}
        )
    caption = say("comparison.chart.differences", others=_left_out(pair, rows))
    return difference_chart(name, pd.DataFrame(content), *pair.labels, caption, MIN_DIFFERENCE)


def _left_out(pair: PairComparison, rows: Sequence[RowKey]) -> int:
    """Return how many concepts that can be judged are not drawn."""
    drawn = set(rows)
    return sum(row.eligible and row.family == "concept" and ("concept", row.id) not in drawn for row in pair.rows)


def _periods(estimates: Estimates, rows: Sequence[RowKey], scheme: Scheme, name: str, prefix: str) -> Chart:
    shares = {family: [table.to_dict("index") for table in estimates.shares(family)] for family in FAMILIES}
    content: list[dict[str, Any]] = []
    for family, identifier in rows:
        for n, (side, label) in enumerate(zip(estimates.sides, estimates.labels, strict=True)):
            row = shares[family][n][identifier]
            content.append(
                {"family": family, "id": identifier, "label": _label((family, identifier), scheme), "period": label}
                | {column: float(row[column]) for column in ("share", "low", "high")}
                | {"blocks": int(row["blocks"]), "total": len(side.blocks)}
                | {"href": f"#row-{prefix}{family}-{identifier}"}
            )
    return period_chart(name, pd.DataFrame(content), say("comparison.chart.periods"))


def _label(key: RowKey, scheme: Scheme) -> str:
    family, identifier = key
    return scheme.theme_label[identifier] if family == "theme" else scheme.by_id[identifier].term_en


# What stands beside the estimates of a comparison: its placebo, its sensitivity, and what would settle it ---


#: At most so many pairs of documents stand in the table of the placebo, the largest differences first.
PLACEBO_PAIRS_SHOWN = 30


@dataclass(frozen=True)
class ComparisonChecks:
    """The estimates of one comparison held against what else could have made them; `selections` are its sides'."""

    book: Book
    estimates: Estimates
    selections: tuple[Selection, ...]
    name: str

    def placebo(self) -> Html:
        """What the same procedure finds between documents of the same place."""
        told, found = [], dict[tuple[str, str], PlaceboPair]()
        for pair in self.estimates.pairs:
            placebo = find_placebo(self.book.counts, pair, self.book.comparable)
            told.append({"between": self._between(pair), "sentence": placebo_sentence(pair, placebo)})
            found |= {(one.left, one.right): one for one in placebo}
        judged = [one for one in found.values() if one.eligible]
        judged.sort(key=lambda one: (-(one.largest_difference or 0.0), one.left, one.right))
        table = pd.DataFrame(list(found.values()), columns=list(PlaceboPair.__dataclass_fields__))
        return render(
            "placebo",
            told=told,
            hindrance=clash_words(self.estimates.hindrance),
            rows=[self._placebo_row(one) for one in judged[:PLACEBO_PAIRS_SHOWN]],
            unshown=len(judged) - len(judged[:PLACEBO_PAIRS_SHOWN]),
            too_small=len(found) - len(judged),
            download=download_link(table, f"{self.name}-placebo") if found else "",
        )

    def sensitivity(self) -> Html:
        """What becomes of the verdicts when something is left out or cut otherwise."""
        told = []
        for pair, selections in zip(self.estimates.pairs, self._pairs_of_selections(), strict=False):
            checks = check_sensitivity(
                pair,
                selections,
                self._variants,
                self.book.comparable,
                in_sequence=self.estimates.is_sequence,
            )
            told.append(self._survival(pair, checks))
        return render("sensitivity", told=told, hindrance=clash_words(self.estimates.hindrance))

    def settling(self) -> Html:
        """Where too little is known: the power of the present blocks, how many more it takes, and texts with them."""
        told = [self._open_rows(pair) for pair in self.estimates.pairs]
        return render(
            "settling",
            told=[one for one in told if one["open"] or one["other"]],
            alone=self._alone(),
            settled=bool(told) and not any(one["open"] or one["other"] for one in told),
            points=f"{100 * thresholds.SETTLED_DIFFERENCE:.0f}",
            often=percent(thresholds.SETTLED_POWER),
            most=MOST_BLOCKS,
            hindrance=clash_words(self.estimates.hindrance),
            texts=self._texts() if not told or any(one["open"] or one["other"] for one in told) else [],
        )

    @cached_property
    def _variants(self) -> Any:
        return make_variants(self.book.corpus, self.book.scheme)

    def _between(self, pair: PairComparison) -> str:
        return f"“{pair.labels[0]}” and “{pair.labels[1]}”" if self.estimates.is_sequence else ""

    def _pairs_of_selections(self) -> list[tuple[Selection, Selection]]:
        """Return the selections of every pair, in the order of the pairs."""
        steps = list(pairwise(self.selections))
        return [*steps, (self.selections[0], self.selections[-1])] if len(steps) > 1 else steps

    def _placebo_row(self, one: PlaceboPair) -> dict[str, Any]:
        largest = one.largest_difference
        return {
            "documents": (one.left, one.right),
            "place": self.book.vocabulary.label(one.place),
            "eligible": one.eligible,
            "directional": one.directional,
            "largest": f"{100 * largest:.0f}" if largest is not None else "–",
        }

    def _survival(self, pair: PairComparison, checks: Sequence[SensitivityCheck]) -> dict[str, Any]:
        verdicts = {(row.family, row.id): row for row in pair.rows if row.verdict != "too little evidence"}
        rows = []
        for check in checks:
            of = [check.outcomes[key] for key in verdicts]
            kept, impossible = of.count("survives"), of.count("not possible")
            changed = [self._change(key, check, pair) for key in verdicts if key in check.changed]
            gained = [self._change(key, check, pair) for key in check.changed if key not in verdicts]
            rows.append({"name": change_words(check.what), "kept": kept, "impossible": impossible, "changed": changed,
                         "gained": gained, "why": unchanged_words(check.why)})  # fmt: skip
        return {
            "between": self._between(pair),
            "verdicts": len(verdicts),
            "directional": sum(row.verdict.startswith("more") for row in verdicts.values()),
            "fragile": [row_name(key, self.book.scheme) for key, row in verdicts.items() if row.fragile],
            "rows": rows,
        }

    def _change(self, key: RowKey, check: SensitivityCheck, pair: PairComparison) -> str:
        verdict = verdict_words(check.changed[key], pair.labels)
        return say("comparison.change.becomes", row=row_name(key, self.book.scheme), verdict=verdict)

    def _open_rows(self, pair: PairComparison) -> dict[str, Any]:
        """Return what would settle each theme that is too little known, the most frequent first."""
        usable = rows_of(pair.left, pair.usable).usable
        unsettled = [
            (row, bool(mark))
            for row, mark in zip(pair.rows, usable, strict=True)
            if row.family == "theme" and row.verdict == "too little evidence"
        ]
        rows = sorted((row for row, mark in unsettled if mark and _blocks(row)), key=_blocks, reverse=True)
        found = [(row, what_would_settle(pair, ("theme", row.id))) for row in rows]
        label = self.book.scheme.theme_label
        needs: dict[tuple[str, ...], list[str]] = {}
        for row, settling in found:
            needs.setdefault(_needs(settling, pair), []).append(label[row.id])
        return {
            "between": self._between(pair),
            "labels": pair.labels,
            "sizes": (len(pair.left.blocks), len(pair.right.blocks)),
            "sentence": settling_sentence(pair, found[0][1]) if found else "",
            "theme": label[found[0][0].id] if found else "",
            "open": [{"labels": labels, "cells": cells} for cells, labels in needs.items()],
            "other": [label[row.id] for row, mark in unsettled if not mark],
            "silent": [label[row.id] for row, mark in unsettled if mark and not _blocks(row)],
            "concepts": sum(row.family == "concept" and row.verdict == "too little evidence" for row in pair.rows),
        }

    def _alone(self) -> list[str]:
        """Return the sides of one document, where a verdict is fragile for that."""
        fragile = any(row.fragile for pair in self.estimates.pairs for row in pair.rows)
        sides = zip(self.estimates.labels, self.estimates.sides, strict=True)
        return [label for label, side in sides if fragile and len(side.documents) == 1]

    def _texts(self) -> list[dict[str, Any]]:
        """Return for every side the recommended texts that would bring passages to it."""
        documents = self.book.corpus.documents
        at_hand = {*documents["document"], *documents["recommended"].dropna()}
        recommended = load_recommended(self.book.project, self.book.vocabulary)
        found = []
        for label, selection in zip(self.estimates.labels, self.selections, strict=True):
            wanted = wanted_texts(recommended, selection, at_hand, self.book.vocabulary)
            groups = dict.fromkeys(text.group for text in wanted if text.group)
            found.append(
                {
                    "label": label,
                    "plan": selection.get("plan"),
                    "texts": [(text, language_name(text.language)) for text in wanted if not text.group],
                    "groups": {name: [text for text in wanted if text.group == name] for name in groups},
                }
            )
        return found


def _blocks(row: Row) -> int:
    return row.left.blocks + row.right.blocks


def _needs(settling: Settling, pair: PairComparison) -> tuple[str, ...]:
    """Return the cells of a row: the power now, and the blocks needed on the left, on the right, on each side."""
    left, right = len(pair.left.blocks), len(pair.right.blocks)
    cells = [percent(settling.power)]
    for need, there in ((settling.left, left), (settling.right, right), (settling.each, max(left, right))):
        cells.append("–" if need is None else say("comparison.settling.enough") if need <= there else f"{need:,}")
    return tuple(cells)


# The sentences that rows of a comparison were counted from: evidence, and the side-by-side reading ---


#: A cell of the side-by-side reading quotes at most this many sentences and links to the rest.
QUOTES_PER_CELL = 4
#: The evidence of a row quotes at most this many sentences a side and refers to the rest.
QUOTES_PER_ROW = 25


@dataclass(frozen=True)
class Quotes:
    """The sentences of a book as quotations with the words marked that they are quoted for."""

    book: Book

    def of(self, sentences: Iterable[str], concepts: Collection[str] | None = None) -> list[dict[str, Any]]:
        """Return quotations of `sentences` (ids) in which the counted mentions of `concepts` are marked, or all."""
        return [self._quote(identifier, concepts) for identifier in sentences]

    def some(
        self, sentences: Sequence[str], concepts: Collection[str] | None, most: int, in_turn: bool = False
    ) -> dict[str, Any]:
        """Return at most so many quotations, and references to the other sentences by document.

        Quotations stand in reading order, or with one of every document before any has a second.
        """
        ordered = _in_turn(sentences) if in_turn else list(sentences)
        more = sorted(ordered[most:], key=lambda identifier: identifier.split(":")[0])  # stable: reading order stays
        references = [
            {"sentence": one, "anchor": self._sentences[one].passage.split(":")[1], "document": one.split(":")[0]}
            for one in more
        ]
        by_document = [(d, list(rest)) for d, rest in groupby(references, key=lambda one: str(one["document"]))]
        return {
            "quotes": self.of(ordered[:most], concepts),
            "number": len(sentences),
            "n_more": len(more),
            "more": by_document,
        }

    def mentioning(self, side: BlockCounts) -> list[dict[str, Any]]:
        """Return quotations of every sentence of a side that mentions anything, compared or not."""
        mentions = self.book.corpus.mentions
        found = mentions.loc[mentions["block"].isin(side.blocks["block"]), "sentence"]
        return self.of(dict.fromkeys(found))

    def _quote(self, identifier: str, concepts: Collection[str] | None) -> dict[str, Any]:
        row = self._sentences[identifier]
        spans = [
            (mention.start, mention.end, self._names[mention.concept])
            for mention in self._mentions.get(identifier, ())
            if concepts is None or (mention.concept in concepts and mention.counted)
        ]
        return {
            "id": identifier,
            "document": row.document,
            "anchor": row.passage.split(":")[1],
            "language": HTML_LANGUAGE[self._languages[row.document]],
            "text": mark_spans(row.text, spans),
        }

    @cached_property
    def _names(self) -> dict[str, str]:
        return {one.id: row_name(("concept", one.id), self.book.scheme) for one in self.book.scheme.concepts}

    @cached_property
    def _sentences(self) -> dict[str, Any]:
        return {row.sentence: row for row in records(self.book.corpus.sentences)}

    @cached_property
    def _mentions(self) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        for mention in records(self.book.corpus.mentions):
            found.setdefault(mention.sentence, []).append(mention)
        return found

    @cached_property
    def _languages(self) -> dict[str, str]:
        documents = self.book.corpus.documents
        return dict(zip(documents["document"], documents["language"], strict=True))


def show_evidence(quotes: Quotes, estimates: Estimates, keys: Sequence[RowKey], name: str, prefix: str = "") -> Html:
    """Return for every row the sentences on each side that it was counted from, folded.

    `prefix` tells the ids of several tables on one page apart. What has a `name` is folded together under it.
    """
    rows = []
    for family, identifier in keys:
        key = (family, identifier)
        concepts = frozenset(members(estimates.sides[0], key, estimates.usable))
        cells = [
            {"label": label, **quotes.some(found, concepts, QUOTES_PER_ROW)}
            for label, found in zip(estimates.labels, estimates.evidence(key), strict=True)
        ]
        label = row_name(key, quotes.book.scheme)
        rows.append({"id": f"{prefix}{family}-{identifier}", "family": family, "label": label, "cells": cells})
    return render("evidence", rows=rows, name=name, prefix=prefix)


def show_reading(quotes: Quotes, estimates: Estimates) -> Html:
    """Return themes of the smallest side, each with the sentences of every side; themes only others have are named."""
    sides, labels, scheme = estimates.sides, estimates.labels, quotes.book.scheme
    smallest = min(range(len(sides)), key=lambda n: len(sides[n].blocks))
    in_theme = {theme.id: [c.id for c in scheme.concepts if c.theme == theme.id] for theme in scheme.themes}
    present = [theme for theme in scheme.themes if sides[smallest].evidence(in_theme[theme.id])]
    rows = [
        {
            "label": theme.label,
            "cells": [
                quotes.some(side.evidence(in_theme[theme.id]), in_theme[theme.id], QUOTES_PER_CELL, in_turn=True)
                for side in sides
            ],
        }
        for theme in present
    ]
    return render(
        "reading",
        sides=labels,
        rows=rows,
        smallest=labels[smallest],
        absent=[theme.label for theme in scheme.themes if theme not in present],
        whole=[] if present else quotes.mentioning(sides[smallest]),
    )


def _in_turn(sentences: Sequence[str]) -> list[str]:
    """Return sentences so that every document has its first before any has its second."""
    seen: Counter[str] = Counter()
    rank = []
    for identifier in sentences:
        document = identifier.split(":")[0]
        rank.append(seen[document])
        seen[document] += 1
    return [identifier for _, identifier in sorted(zip(rank, sentences, strict=True), key=lambda pair: pair[0])]


# The rows of a comparison as tables: blocks, shares, differences with their intervals, verdicts and reasons ---


#: Prefix of the ids of themes with every concept counted, where languages let only some enter the comparison.
ALL = "all-"


@dataclass(frozen=True)
class Ids:
    """What rows are called on the page, their ids, and those of their evidence: of a concept there is only one."""

    scheme: Scheme
    prefix: str
    evidence: str

    def named(self, key: RowKey) -> dict[str, Any]:
        """Return the names and ids of one row."""
        family, identifier = key
        concept = self.scheme.by_id[identifier] if family == "concept" else None
        return {
            "id": f"{self.prefix}{family}-{identifier}",
            "evidence": f"{'' if concept else self.evidence}{family}-{identifier}",
            "label": concept.term_en if concept else self.scheme.theme_label[identifier],
            "term_zh": concept.term_zh if concept else None,
        }


def found_rows(estimates: Estimates) -> list[RowKey]:
    """Return the rows that stand on some side: themes in the scheme's order, concepts by blocks."""
    totals = blocks_of_rows(estimates)
    themes = [key for key, blocks in totals.items() if key[0] == "theme" and blocks]
    concepts = [key for key, blocks in totals.items() if key[0] == "concept" and blocks]
    return [*themes, *sorted(concepts, key=lambda key: -totals[key])]


def show_rows(estimates: Estimates, scheme: Scheme, name: str, prefix: str = "", evidence: str = "") -> Html:
    """Return every row that stands on some side, with links to its evidence, and all rows as CSV.

    `prefix` tells the ids of several tables on one page apart, `evidence` those of the themes' evidence.
    """
    ids = Ids(scheme, prefix, evidence)
    keys = found_rows(estimates)
    shut_out = [key for key in keys if _shut_out(estimates, key)]
    whole = [key for key in keys if key not in shut_out]
    labels, mixed = estimates.labels, not estimates.usable.all()
    complete = estimates.with_every_concept()
    split = [*(key for key in found_rows(complete) if mixed and key[0] == "theme"), *shut_out]
    return render(
        "estimates" if len(estimates.pairs) == 1 else "periods",
        prefix=prefix,
        sides=[(label, len(side.blocks)) for label, side in zip(labels, estimates.sides, strict=True)],
        families=[
            {"name": family, "rows": _rows(estimates, [k for k in whole if k[0] == family], ids)}
            for family in FAMILIES
        ],
        pairs=[_pair(pair, ids) for pair in estimates.pairs],
        hindrance=clash_words(estimates.hindrance),
        reason=_one_reason(estimates, whole),
        split=_by_language(complete, split, Ids(scheme, ALL, ALL)),
        languages=[language_name(code) for code in estimates.languages],
        download=download_link(comparison_table(estimates, scheme), name),
    )


def comparison_table(estimates: Estimates, scheme: Scheme) -> pd.DataFrame:
    """Return all rows for download: of two sides as `policybook compare --csv`, else for every pair, or every side."""
    if len(estimates.pairs) == 1:
        return to_table(estimates.pairs[0], scheme, reason_words)
    if estimates.pairs:
        tables = [
            to_table(pair, scheme, reason_words).assign(left=pair.labels[0], right=pair.labels[1])
            for pair in estimates.pairs
        ]
        table = pd.concat(tables)
        first = ["left", "right"]  # evidence would stand in every pair again: the page has it
        return table[[*first, *(c for c in table.columns if c not in first and not c.startswith("evidence"))]]
    parts = [
        shares.reset_index(names="id").assign(family=family, side=label, all_blocks=len(side.blocks))
        for family in FAMILIES
        for shares, label, side in zip(estimates.shares(family), estimates.labels, estimates.sides, strict=True)
    ]
    columns = ["family", "id", "side", "all_blocks", "blocks", "passages", "documents", "mentions", "share", "low"]
    return pd.concat(parts)[[*columns, "high"]].round(4)


def _shut_out(estimates: Estimates, key: RowKey) -> bool:
    """Return whether a concept may not enter because the sides are not of one language."""
    return key[0] == "concept" and not estimates.usable[estimates.sides[0].concepts.index(key[1])]


def _rows(estimates: Estimates, keys: Sequence[RowKey], ids: Ids) -> list[dict[str, Any]]:
    pair = estimates.pairs[0] if len(estimates.pairs) == 1 else None
    shares = [table.to_dict("index") for table in estimates.shares(keys[0][0])] if keys else []
    rows = []
    for key in keys:
        cells = [
            _cell(table[key[1]], len(side.blocks), pair) for table, side in zip(shares, estimates.sides, strict=True)
        ]
        rows.append(ids.named(key) | {"cells": cells} | (_judged(pair.row(key), pair) if pair else {}))
    return rows


def _one_reason(estimates: Estimates, keys: Sequence[RowKey]) -> str:
    """Return the reason that all rows share; empty where they differ."""
    if len(estimates.pairs) != 1:
        return ""
    reasons = {reason_words(estimates.pairs[0].row(key).reason) for key in keys}
    return reasons.pop() if len(reasons) == 1 else ""


def _cell(row: Mapping[Any, Any], total: int, pair: PairComparison | None) -> dict[str, Any]:
    digits = digits_of(pair) if pair else 0
    return {
        "blocks": int(row["blocks"]),
        "mentions": int(row["mentions"]),
        "share": in_percent(row["share"], digits) if total else "–",
        "interval": f"{100 * row['low']:.0f}–{100 * row['high']:.0f}",
    }


def _judged(row: Row, pair: PairComparison) -> dict[str, Any]:
    """Return what a row's cells say of its difference; of rows that cannot be judged only the reason."""
    digits = digits_of(pair)
    return {
        "difference": in_points(row.difference, digits) if row.eligible else "",
        "interval95": f"{in_points(row.low95, digits)} to {in_points(row.high95, digits)}",
        "interval": f"{in_points(row.low, digits)} to {in_points(row.high, digits)}",
        "verdict": verdict_words(row.verdict, pair.labels),
        "directional": row.verdict.startswith("more"),
        "fragile": row.fragile,
        "reason": reason_words(row.reason),
    }


def _pair(pair: PairComparison, ids: Ids) -> dict[str, Any]:
    """Return the rows of one step of a sequence that can be judged, and how many cannot."""
    eligible = [row for row in pair.rows if row.eligible]
    others = [row for row in pair.rows if not row.eligible and row.left.blocks + row.right.blocks]
    rows = [ids.named((row.family, row.id)) | _judged(row, pair) for row in eligible]
    return {"labels": pair.labels, "rows": rows, "others": len(others)}


def _by_language(estimates: Estimates, keys: Sequence[RowKey], ids: Ids) -> list[dict[str, Any]]:
    """Return for each row the blocks of every side and language that carry it, all concepts counted."""
    parts = []
    for side in estimates.sides:
        for code in estimates.languages:
            of = side.documents.loc[side.documents["language"] == code, "document"]
            parts.append(side.keep(side.blocks["document"].isin(of).to_numpy(dtype=bool), code))
    rows = []
    for key in keys:
        columns = [estimates.sides[0].concepts.index(concept) for concept in members(parts[0], key, estimates.usable)]
        cells = [(int(part.mentions[:, columns].any(axis=1).sum()), len(part.blocks)) for part in parts]
        rows.append(ids.named(key) | {"cells": cells})
    return rows


@dataclass(frozen=True)
class ComparisonPage:
    """The page of one comparison. Raises UnknownPageError when there is no such entry."""

    book: Book
    comparison: str

    @cached_property
    def result(self) -> Comparison:
        """What stands on each side."""
        return self.book.compare(self.comparison)

    @cached_property
    def estimates(self) -> Estimates:
        """What was estimated between the sides."""
        return estimate_sides(
            [self.book.counts.select(selection) for selection in self._selections],
            [side.label for side in self.result.sides],
            serial=self.book.effect,
            comparable=self.book.comparable,
        )

    @cached_property
    def by_language(self) -> dict[str, Estimates]:
        """The same comparison within each language in which every side is large enough, where languages are mixed."""
        found = {code: within_language(self.estimates, code) for code in self.estimates.shared_languages}
        return {code: estimates for code, estimates in found.items() if estimates.pairs and estimates.large}

    @property
    def values(self) -> dict[str, object]:
        """What the page's prose says."""
        return {
            "title": self.result.entry.title,
            "question": self.result.entry.question,
            "answer": self._answer(),
            "effect": f"{self.result.effect:.2f}",
        }

    def elsewhere(self) -> Html:
        """Where more texts are counted than stand here; empty where nothing is measured or no page says it."""
        to, project = load_elsewhere(self.book.project), self.book.project
        if to is None or to.measured not in measured_names(project) or to.page not in made_pages(project):
            return Html(Markup(""))
        number = int((load_measured(project, to.measured).documents["kind"] == to.kind).sum())
        sentence = in_words(to.sentence.replace("{documents}", str(number))).markup
        address = f"../{to.page}.html#{to.anchor}"
        return render("headline", lead=to.lead, sentence=sentence, address=address, link=to.link)

    def sides(self) -> Html:
        """What can be said within one language, and the sides: what each selects and how much it holds."""
        rows = [
            {
                "label": side.label,
                "selection": ", ".join(f"{field}: {_listed(value)}" for field, value in side.selection.items()),
                "documents": [(d.document, d.title) for d in records(side.corpus.documents)],
                "passages": len(side.corpus.passages),
                "sentences": len(side.corpus.sentences),
                "blocks": len(side.corpus.blocks),
                "mentions": side.counted_mentions,
                "languages": ", ".join(_names(sorted(set(side.corpus.documents["language"])))),
            }
            for side in self.result.sides
        ]
        within = [self._says(one, _alone(code)) for code, one in self.by_language.items() if _any_judged(one)]
        rests = rests_words(rests_on(self.result), self.book.vocabulary.label)
        mixed = len(find_confounds(self.result))
        return render("sides", rows=rows, within=within, rests=rests, mixed=mixed)

    def side_by_side(self) -> Chart | Html:
        """The chart where every side is large enough, else the passages themselves, theme by theme."""
        chart = None if self.result.too_small else self._chart(self.estimates, "")
        return chart or show_reading(self._quotes, self.estimates)

    def counts(self) -> Html:
        """Every theme and concept that stands on some side: blocks, shares, differences, verdicts and reasons."""
        return show_rows(self.estimates, self.book.scheme, f"{self.comparison}-counts")

    def within_language(self) -> Html:
        """The same comparison within each language that all sides share."""
        parts = [self._within(code, estimates) for code, estimates in self.by_language.items()]
        shared, languages = self.estimates.shared_languages, self.estimates.languages
        return render("within_language", parts=parts, languages=_names(languages), shared=_names(shared))

    def evidence(self) -> Html:
        """For every row of the tables, the sentences on each side that it was counted from."""
        shown = [show_evidence(self._quotes, self.estimates, found_rows(self.estimates), "")]
        if not self.estimates.usable.all():
            complete = self.estimates.with_every_concept()
            themes = [key for key in found_rows(complete) if key[0] == "theme"]
            shown.append(show_evidence(self._quotes, complete, themes, say("comparison.every_concept"), ALL))
        return Html(Markup("\n").join(one.markup for one in shown))

    def placebo(self) -> Html:
        """What the same procedure finds between documents of the same place."""
        return self._checks.placebo()

    def sensitivity(self) -> Html:
        """What becomes of the verdicts when something is left out or cut otherwise."""
        return self._checks.sensitivity()

    def settling(self) -> Html:
        """What would settle the rows of which too little is known."""
        return self._checks.settling()

    def not_concluded(self) -> Html:
        """What may not be concluded: what the author of the comparison says, and what the tables show."""
        confounds = confound_words(find_confounds(self.result), self.book.vocabulary.label)
        stated = self.result.entry.limits(plans_at_hand(self.book.corpus))
        return render("not_concluded", stated=stated, confounds=confounds)

    @cached_property
    def _selections(self) -> tuple[Selection, ...]:
        return tuple(side.selection for side in self.result.sides)

    @cached_property
    def _quotes(self) -> Quotes:
        return Quotes(self.book)

    @cached_property
    def _checks(self) -> ComparisonChecks:
        return ComparisonChecks(self.book, self.estimates, self._selections, self.comparison)

    def _label(self, row: Row) -> str:
        return label_of(row, self.book.scheme)

    def _answer(self) -> str:
        if self.result.too_small:
            why = " and ".join(lacking_words(one) for one in self.result.too_small)
            return say("comparison.answer.read_on", answer=cannot_say(self.estimates.labels, why))
        return self._says(self.estimates)

    def _says(self, estimates: Estimates, words: str = "") -> str:
        if not estimates.pairs:
            return cannot_say(estimates.labels, clash_words(estimates.hindrance).rstrip("."))
        if estimates.is_sequence:
            return answer_sequence(estimates.pairs, estimates.labels, self._label, words)
        return answer(estimates.pairs[0], self._label, words)

    def _chart(self, estimates: Estimates, prefix: str) -> Chart | None:
        name = "-".join(part for part in ("differences", self.comparison, prefix.rstrip("-")) if part)
        return comparison_chart(estimates, self.book.scheme, name, prefix)

    def _within(self, code: str, estimates: Estimates) -> dict[str, object]:
        """Return what the section within one language shows; no chart where nothing can be judged."""
        eligible = any(row.eligible for pair in estimates.pairs for row in pair.rows)
        chart = self._chart(estimates, f"{code}-") if eligible else None
        name = f"{self.comparison}-{code}-counts"
        return {
            "code": code,
            "language": language_name(code),
            "says": self._says(estimates, _alone(code)),
            "sizes": [(label, len(side.blocks)) for label, side in zip(estimates.labels, estimates.sides, strict=True)],
            "chart": Markup(chart._repr_html_()) if chart else "",
            "table": show_rows(estimates, self.book.scheme, name, f"{code}-", ALL).markup,
        }


def _any_judged(estimates: Estimates) -> bool:
    """Whether any theme has a verdict other than too little evidence."""
    rows = [row for pair in estimates.pairs for row in pair.rows if row.family == "theme"]
    return any(row.verdict != "too little evidence" for row in rows)


def _alone(code: str) -> str:
    return say("comparison.scope.one_language", language=language_name(code))


def _listed(value: object) -> str:
    return " or ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _names(codes: Sequence[str]) -> list[str]:
    return [language_name(code) for code in codes]
