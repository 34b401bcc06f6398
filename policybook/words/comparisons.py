"""What a comparison says: its answer, reasons and doubts, what was not counted, and all of it as JSON and CSV."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from policybook.analysis import thresholds
from policybook.analysis.compare import PairComparison
from policybook.analysis.comparisons import Basis, plan_basis, plans_at_hand
from policybook.analysis.counts import BlockCounts, Finding, Row, RowKey
from policybook.analysis.power import MOST_BLOCKS, Settling
from policybook.analysis.robustness import PlaceboPair, judge_placebo
from policybook.coding.rules import Age, Part, Why
from policybook.coding.scheme import Scheme
from policybook.corpus.corpus import Corpus, Selection
from policybook.words.say import language_name, listed, say

# A comparison as JSON and as a table, in the forms that other people's scripts rely on -------------


#: Makes a sentence of the reason for a verdict.
SayReason = Callable[[Sequence[Finding]], str]
# Shares and differences are printed to a millionth; rounding keeps the order of the bounds.
_DIGITS = 6


def to_json(
    comparison: PairComparison,
    selections: tuple[Selection, Selection],
    placebo: Sequence[PlaceboPair],
    scheme: Scheme,
    say: SayReason,
) -> dict[str, Any]:
    """Return what `policybook compare --json` prints: sides, thresholds, placebo and rows; `say` words reasons.

    Of a row that was not counted, every number is null: it is unknown, not 0.
    """
    left, right = (
        _side_json(counts, selection, mentions)
        for counts, selection, mentions in zip(
            (comparison.left, comparison.right), selections, comparison.mentions, strict=True
        )
    )
    return {
        "left": left,
        "right": right,
        "thresholds": _thresholds(comparison),
        "placebo": [_rounded(asdict(pair)) for pair in placebo],
        "rows": [_row(row, scheme, say) for row in comparison.rows],
    }


def to_table(comparison: PairComparison, scheme: Scheme, say: SayReason) -> pd.DataFrame:
    """Return one row a theme or concept, with what each side holds and what was estimated; `say` words reasons.

    Where languages differ and a concept is not known to be found equally often in both, the columns by language say
    in how many of the blocks of each it stands.
    """
    languages = sorted(comparison.left.languages | comparison.right.languages)
    return pd.DataFrame([_flat(row, scheme, say, languages if len(languages) > 1 else []) for row in comparison.rows])


def label_of(row: Row, scheme: Scheme) -> str:
    """Return the English label of a row."""
    return scheme.theme_label[row.id] if row.family == "theme" else scheme.by_id[row.id].term_en


def _side_json(counts: BlockCounts, selection: Selection, mentions: int) -> dict[str, Any]:
    passages = len(np.unique(counts.pieces.passage)) if counts.pieces is not None else None
    return {
        "selection": {
            field: value if isinstance(value, str | bool) else list(value) for field, value in selection.items()
        },
        "documents": len(counts.documents),
        "passages": passages,
        "blocks": len(counts.blocks),
        "mentions": mentions,
        "languages": sorted(counts.languages),
    }


def _thresholds(comparison: PairComparison) -> dict[str, float]:
    """Return every constant, and what this comparison made of them: its design effect and rows tested at once."""
    constants = {name.lower(): value for name, value in vars(thresholds).items() if name.isupper()}
    tested = {
        f"{family}s_tested": sum(row.eligible for row in comparison.rows if row.family == family)
        for family in ("theme", "concept")
    }
    return {**constants, "design_effect": round(comparison.serial, _DIGITS), **tested}


def _row(row: Row, scheme: Scheme, say: SayReason) -> dict[str, Any]:
    theme = next((theme for theme in scheme.themes if theme.id == row.id), None) if row.family == "theme" else None
    return {
        "family": row.family,
        "id": row.id,
        "label": label_of(row, scheme),
        "term_zh": theme.label_zh if theme else scheme.by_id[row.id].term_zh,
        **_numbers(row),
        "eligible": row.eligible,
        "verdict": row.verdict,
        "reason": say(row.reason),
        "fragile": row.fragile,
        "evidence": {"left": list(row.evidence_left), "right": list(row.evidence_right)},
    }


def _numbers(row: Row) -> dict[str, Any]:
    """Return what each side holds and what was estimated; null for all of it where the row was not counted."""
    left, right = _rounded(asdict(row.left)), _rounded(asdict(row.right))
    estimates = _rounded({name: getattr(row, name) for name in ("difference", "low95", "high95", "low", "high")})
    if not row.counted:
        left, right, estimates = dict.fromkeys(left), dict.fromkeys(right), dict.fromkeys(estimates)
    return {"left": left, "right": right, **estimates}


def _flat(row: Row, scheme: Scheme, say: SayReason, languages: Sequence[str]) -> dict[str, Any]:
    cells = _row(row, scheme, say)
    evidence = cells.pop("evidence")
    for side in ("left", "right"):
        cells |= {f"{side}_{name}": value for name, value in cells.pop(side).items()}
    found = {count.language: count for count in row.by_language}
    for language in languages:
        count = found.get(language)
        cells[f"left_{language}"] = f"{count.left} of {count.left_blocks}" if count else ""
        cells[f"right_{language}"] = f"{count.right} of {count.right_blocks}" if count else ""
    return {**cells, **{f"evidence_{side}": " ".join(ids) for side, ids in evidence.items()}}


def _rounded(cells: Mapping[str, Any]) -> dict[str, Any]:
    return {name: round(value, _DIGITS) if isinstance(value, float) else value for name, value in cells.items()}


# What of measured counts is too old to be shown, in a sentence, and how to measure again -----------


_FOUND: Mapping[Part, str] = {
    "text": "by which texts are repaired and cut into blocks",
    "concepts": "by which concepts are found",
    "quantities": "by which quantities are found",
    "directives": "by which directives are found and classed",
}
_FILES: Mapping[Part, str] = {
    "text": "data/lexicon/places.yml or plans.yml",
    "quantities": "data/lexicon/quantities.yml",
    "directives": "data/lexicon/instruments.yml",
}
_NOT_COUNTED: Mapping[Part, str] = {
    "text": "anything",
    "concepts": "any concept",
    "quantities": "quantities",
    "directives": "directives",
}
_WHY: Mapping[Why, str] = {"new": "new in the scheme", "changed": "whose forms have changed"}


def not_counted_sentence(age: Age, scheme: Scheme, corpus: str) -> str:
    """Return what is not counted in data/measured/CORPUS, why, and the command that counts it; empty if all is."""
    parts = [*_rules(age)]
    if age.holds("concepts") and age.not_counted:
        parts.append(_concepts(age, scheme))
    return f"{' '.join(parts)} {measure_again(corpus)}" if parts else ""


def measure_again(corpus: str) -> str:
    """Return how to make the tables of a measured corpus anew."""
    folder = f"data/measured/{corpus}"
    return f"To measure again: policybook measure FOLDER --metadata {folder}/documents.csv --out {folder}"


def _rules(age: Age) -> Sequence[str]:
    changed = [part for part in _FOUND if part in age.rules or part in age.lexicon]
    if not changed:
        return []
    which = listed([_FOUND[part] + (f" ({_FILES[part]})" if part in age.lexicon else "") for part in changed])
    lost = [_NOT_COUNTED["text"]] if "text" in changed else [_NOT_COUNTED[part] for part in changed]
    told = f"These texts were measured with other rules, those {which}"
    return [f"{told}; with the rules of now nobody counted {_either(lost)}."]


def _concepts(age: Age, scheme: Scheme) -> str:
    told = []
    for why, said in _WHY.items():
        concepts = [concept for concept, reason in age.not_counted.items() if reason == why]
        if concepts:
            told.append(f"{listed([f'“{scheme.by_id[concept].term_en}”' for concept in concepts])}, {said}")
    lacking = {scheme.by_id[concept].theme for concept in age.not_counted if scheme.counted(concept)}
    whole = {
        theme
        for theme in lacking
        if all(c.id in age.not_counted for c in scheme.concepts if c.theme == theme and scheme.counted(c.id))
    }
    partly = [f"“{theme.label}”" for theme in scheme.themes if theme.id in lacking - whole]
    themes = f" {listed(partly)} {'are' if len(partly) > 1 else 'is'} judged without them." if partly else ""
    rest = " All other counts are those of the scheme as it was."
    return f"Not counted, because these texts were measured before: {'; '.join(told)}.{themes}{rest}"


def _either(words: Sequence[str]) -> str:
    return " or ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else words[0]


# What a comparison says: its answer, the reasons of its verdicts, and what stands beside them ------


Label = Callable[[Row], str]
#: So many themes without a clear difference are named.
_NAMED = 4
_TOO_LITTLE = "too little evidence"


_LABEL, _TERM = 40, 36  # characters for the name of a row, and for a term
_FREQUENCY = {"count": ("count", "d"), "share": ("share", ".2%"), "documents": ("documents", "d"), "dp": ("DP", ".2f")}
_SIDE = {"count": "d", "share": ".2%", "dp": ".2f"}
_KEYNESS = {
    **{f"{name}_left": ({"count": "left", "dp": "DP"}.get(name, name), form) for name, form in _SIDE.items()},
    **{f"{name}_right": ({"count": "right", "dp": "DP"}.get(name, name), form) for name, form in _SIDE.items()},
    **{"g2": ("G2", "+.1f"), "log_ratio": ("log ratio", "+.2f"), "log_odds_z": ("z", "+.2f"), "q": ("q", ".3f")},
}
_KEYNESS_NOTE = (
    "Above 0: more in left. G2: log-likelihood of four cells; z: log-odds with a Dirichlet prior; q: the p of G2,\n"
    "adjusted for all words of the language (Benjamini-Hochberg); DP: Gries's, over blocks, on each side.\n"
    "Words of one text are not independent of each other: this describes and tests nothing. For a verdict: "
    "policybook compare."
)


def comparison_lines(comparison: PairComparison, scheme: Scheme) -> list[str]:
    """Return the rows that can be judged as lines for a terminal, themes first; the others are counted."""
    lines = [f"{'':{_LABEL}} {'left':>12} {'right':>12}  {'difference (all at once)':>26}  verdict"]
    for row in comparison.rows:
        if not row.eligible:
            continue
        cells = [f"{side.blocks} ({100 * side.share:.1f} %)" for side in (row.left, row.right)]
        bounds = f"{100 * row.difference:+.1f} ({100 * row.low:+.1f} to {100 * row.high:+.1f})"
        label = label_of(row, scheme)
        name = label if len(label) <= _LABEL else f"{label[: _LABEL - 1]}…"
        fragile = ", fragile" if row.fragile else ""
        lines.append(f"{name:{_LABEL}} {cells[0]:>12} {cells[1]:>12}  {bounds:>26}  {row.verdict}{fragile}")
    others = sum(row.counted and not row.eligible for row in comparison.rows)
    lines.append(f"{others} more rows have too little evidence to be judged; --csv gives them all, with reasons.")
    if uncounted := sum(not row.counted for row in comparison.rows):
        lines.append(f"{uncounted} row{'s were' if uncounted != 1 else ' was'} not counted.")
    return lines


def word_lines(rows: pd.DataFrame, sides: Sequence[tuple[str, pd.DataFrame]]) -> Iterator[str]:
    """Yield the words of one selection, or those that set two apart, as lines for a terminal, a table a language.

    `rows` are those of frequent_terms or key_terms, `sides` the label and the terms of each selection.
    """
    columns = _KEYNESS if len(sides) > 1 else _FREQUENCY
    widths = {name: max(8, len(heading) + 2) for name, (heading, _) in columns.items()}
    for language, part in rows.groupby("language"):
        for label, terms in sides:
            own = terms[terms["language"] == language]
            texts = f"documents: {own['document'].nunique()}, blocks: {own['block'].nunique()}"
            yield f"{label}: {len(own):,} words in {language} ({texts})"
        yield " " * _TERM + "".join(f"{heading:>{widths[name]}}" for name, (heading, _) in columns.items())
        for row in part.to_dict("records"):
            cells = (
                f"{'-' if pd.isna(row[name]) else format(row[name], form):>{widths[name]}}"
                for name, (_, form) in columns.items()
            )
            yield _pad(str(row["term"])) + "".join(cells)
        yield ""
    if len(sides) > 1:
        yield _KEYNESS_NOTE


def _pad(term: str) -> str:
    """Return a term cut or filled to the width of its column; a Chinese character is as wide as two others."""
    wide = [2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in term]
    if sum(wide) > _TERM:
        kept = next(n for n in range(len(term), 0, -1) if sum(wide[:n]) < _TERM)
        return _pad(f"{term[:kept]}…")
    return term + " " * (_TERM - sum(wide))


def answer(comparison: PairComparison, label: Label, words: str = "") -> str:
    """Return what the texts say of the difference between the sides, or why they cannot say.

    `words` say of which texts, by default those of scope_words.
    """
    themes = _of_family(comparison, "theme")
    if not any(_judged(row) for row in themes):
        return cannot_say(comparison.labels, hindrance_words(comparison.hindrance))
    judged = [row for row in themes if _judged(row)]
    found = _found(comparison, themes, label)
    unclear = _unclear([row for row in judged if not row.verdict.startswith("more")], label, bool(found))
    missing = sum(not row.counted for row in themes)
    unsaid = len(themes) - len(judged) - missing
    unknown = say("comparison.answer.unknown", number=unsaid) if unsaid else ""
    uncounted = say("comparison.answer.uncounted", number=missing) if missing else ""
    told = {"words": words or scope_words(comparison), "found": found, "unclear": unclear, "unknown": unknown}
    told["uncounted"] = uncounted
    parts = (say("comparison.answer.themes", **told), _comparisons_concepts(comparison, label), _languages(comparison))
    return " ".join(part for part in parts if part)


def answer_sequence(pairs: Sequence[PairComparison], labels: Sequence[str], label: Label, words: str = "") -> str:
    """Return what the texts say of the differences along a sequence of periods, or why they cannot say."""
    if not any(_judged(row) for pair in pairs for row in _of_family(pair, "theme")):
        return cannot_say(labels, "; ".join(dict.fromkeys(hindrance_words(pair.hindrance) for pair in pairs)))
    steps = [_step(pair, label) for pair in pairs]
    told = say("comparison.answer.sequence", words=words or _scope(pairs), steps=steps)
    return " ".join(part for part in (told, _languages(pairs[0])) if part)


def cannot_say(labels: Sequence[str], why: str) -> str:
    """Return that these texts cannot say how the sides differ, because of `why`."""
    return say("comparison.answer.cannot_say", sides=labels, why=why)


def scope_words(comparison: PairComparison) -> str:
    """Return "In these texts", unless both sides have documents enough for a general statement."""
    return _scope([comparison])


def share_words(row: Row) -> str:
    """Return the larger share against the smaller one, and whether the verdict is fragile."""
    more, less = max(row.left.share, row.right.share), min(row.left.share, row.right.share)
    digits = 0 if more >= 0.1 and less >= 0.1 else 1
    return say("comparison.answer.shares", more=more, less=less, digits=digits, fragile=row.fragile)


def hindrance_words(hindrance: Finding) -> str:
    """Return the end of a sentence: what hinders a verdict on every theme (see PairComparison.hindrance)."""
    return say(f"comparison.hindrance.{hindrance.code}", **hindrance.values)


def clash_words(hindrance: Finding | None) -> str:
    """Return why nothing is estimated between sides (see Estimates); empty where something is."""
    return say(f"comparison.clash.{hindrance.code}", **hindrance.values) if hindrance else ""


def lacking_words(lacking: Finding) -> str:
    """Return what a side lacks: “left” has 2 of the 12 blocks needed (see findings.too_small, by_place.Sides)."""
    return say(f"comparison.lacking.{lacking.code}", **lacking.values)


def reason_words(reason: Sequence[Finding]) -> str:
    """Return a sentence or two on the verdict of a row (see reasons.give_reason)."""
    return " ".join(say(f"comparison.reason.{one.code}", **one.values) for one in reason)


def confound_words(confounds: Iterable[Finding], label: Callable[[str], str]) -> list[str]:
    """Return a sentence a confound (see find_confounds); `label` names eras and places for a reader."""
    named: dict[str, Callable[[str], str]] = {"era": label, "speaker": label, "language": language_name}
    named["machine_translated"] = lambda mark: say(
        f"comparison.confound.{'translated' if mark == 'True' else 'written'}"
    )
    told = []
    for one in confounds:
        values = dict(one.values)
        if name := named.get(values.get("field", "")):
            values["sides"] = [{**side, "values": sorted(map(name, side["values"]))} for side in values["sides"]]
        told.append(say(f"comparison.confound.{one.code}", **values))
    return told


def rests_words(rests: Iterable[Finding], label: Callable[[str], str]) -> list[str]:
    """Return a sentence a side: on what it rests (see rests_on); `label` names plans for a reader."""
    return [say(f"comparison.rests.{one.code}", **one.values, label=label(one.values["plan"])) for one in rests]


def plans_sentence(corpus: Corpus, plans: Sequence[str], short: Callable[[str], str]) -> str:
    """Return in words which of `plans` stand among the documents themselves, and what follows for a comparison."""
    bases = [plan_basis(corpus, plan) for plan in plans]
    own = [_plan_words("itself", one, short, blocks=one.own_blocks) for one in bases if one.is_own]
    others = [
        _plan_words("about", one, short, passages=one.passages, sentences=one.sentences)
        for one in bases
        if not one.is_own
    ]
    return say(f"comparison.plans.{'none' if not own else 'some' if others else 'all'}", own=own, others=others)


def missing_plans(corpus: Corpus, plans: Sequence[str], short: Callable[[str], str]) -> str:
    """Return the plans whose own text is not among the documents, in words; empty where none is missing."""
    at_hand = plans_at_hand(corpus)
    missing = [short(plan) for plan in plans if plan not in at_hand]
    return say("comparison.plans.missing", plans=missing) if missing else ""


def placebo_sentence(comparison: PairComparison, pairs: Sequence[PlaceboPair]) -> str:
    """Return what the placebo says of the comparison (see judge_placebo)."""
    found = judge_placebo(comparison, pairs)
    if found.code == "none":
        return say("comparison.placebo.none")
    numbers = {name: found.values[name] for name in ("judged", "found", "usual")}
    measured = say("comparison.placebo.measured", **numbers)
    if found.code == "alone":
        return say("comparison.placebo.alone", measured=measured)
    judgement = say(f"comparison.placebo.{found.code}")
    return say("comparison.placebo.here", measured=measured, largest=found.values["largest"], judgement=judgement)


def change_words(change: Finding) -> str:
    """Return what is changed to see whether verdicts survive (see sensitivity.Check)."""
    return say(f"comparison.change.{change.code}", **change.values)


def unchanged_words(why: Finding | None) -> str:
    """Return why such a change is not possible; empty where it is."""
    return say(f"comparison.unchanged.{why.code}", **why.values) if why else ""


def settling_sentence(comparison: PairComparison, settling: Settling) -> str:
    """Return what the power and the blocks needed mean for a reader who would gather more text."""
    blocks = len(comparison.left.blocks), len(comparison.right.blocks)
    ways = [
        say("comparison.settling.on_one_side", blocks=needed, side=label)
        for needed, label, there in zip((settling.left, settling.right), comparison.labels, blocks, strict=True)
        if needed is not None and needed > there
    ]
    if settling.each is not None:
        ways.append(say("comparison.settling.on_each_side", blocks=settling.each))
    return say(
        "comparison.settling.sentence",
        left=comparison.labels[0], right=comparison.labels[1], blocks=blocks, power=settling.power,
        difference=thresholds.SETTLED_DIFFERENCE, often=thresholds.SETTLED_POWER, ways=ways, most=MOST_BLOCKS,
        size=settling.document_size,
    )  # fmt: skip


def row_name(key: RowKey, scheme: Scheme) -> str:
    """Return what a row is called where there is room: a theme's label, a concept in Chinese and English."""
    family, identifier = key
    if family == "theme":
        return scheme.theme_label[identifier]
    concept = scheme.by_id[identifier]
    return f"{concept.term_zh} · {concept.term_en}"


def verdict_words(verdict: str, labels: Sequence[str]) -> str:
    """Return a verdict with the names of the sides in place of left and right."""
    return say(f"comparison.verdict.{verdict}", left=labels[0], right=labels[1])


def digits_of(pair: PairComparison) -> int:
    """Return how many decimals a percentage is worth: one where both sides are large."""
    return int(min(len(pair.left.blocks), len(pair.right.blocks)) >= thresholds.LARGE_BLOCKS)


def in_points(share: float, digits: int = 0) -> str:
    """Return a difference of shares (−1 to 1) in percentage points with its sign: +12, −3.4, 0."""
    text = f"{100 * share:+.{digits}f}"
    return text.replace("-", "−") if float(text) else "0"


def in_percent(share: float, digits: int = 0) -> str:
    """Return a share (0 to 1) in percent."""
    return f"{100 * share:.{digits}f}\u00a0%"


def _scope(pairs: Sequence[PairComparison]) -> str:
    few = min(len(side.documents) for pair in pairs for side in (pair.left, pair.right))
    return say(f"comparison.scope.{'few' if few < thresholds.MIN_DOCUMENTS else 'many'}_documents")


def _of_family(pair: PairComparison, family: str) -> list[Row]:
    return [row for row in pair.rows if row.family == family]


def _judged(row: Row) -> bool:
    return row.verdict != _TOO_LITTLE


def _step(pair: PairComparison, label: Label) -> str:
    """Return what is found between one period and another."""
    themes, sides = _of_family(pair, "theme"), {"left": pair.labels[0], "right": pair.labels[1]}
    judged = [row for row in themes if _judged(row)]
    if not judged:
        return say("comparison.answer.step_unjudged", **sides)
    found = _found(pair, themes, label)
    return say("comparison.answer.step", **sides, found=found, unclear="" if found else _unclear(judged, label, False))


def _unclear(rows: Sequence[Row], label: Label, others: bool) -> str:
    """Return how many themes show no clear difference, and which where they are few; empty for none."""
    if not rows:
        return ""
    named = [label(row) for row in rows] if len(rows) <= _NAMED else []
    return say("comparison.answer.unclear", number=len(rows), others=others, named=named)


def _comparisons_concepts(comparison: PairComparison, label: Label) -> str:
    concepts = _of_family(comparison, "concept")
    found, judged = _found(comparison, concepts, label), sum(_judged(row) for row in concepts)
    return say("comparison.answer.concepts", judged=judged, found=found) if found or judged else ""


def _languages(comparison: PairComparison) -> str:
    """Return how much could be counted at all where the sides are not of one language; else nothing."""
    usable = comparison.usable
    if comparison.one_language or usable.all():
        return ""
    return say("comparison.answer.languages", usable=int(usable.sum()), concepts=len(usable))


def _found(comparison: PairComparison, rows: Sequence[Row], label: Label) -> str:
    """Return who speaks more often of what; empty where nobody does."""
    clauses = []
    for side, verdict in zip(comparison.labels, ("more in left", "more in right"), strict=True):
        named = [
            say("comparison.answer.row", label=label(row), shares=share_words(row))
            for row in rows
            if row.verdict == verdict
        ]
        if named:
            clauses.append(say("comparison.answer.found", side=side, rows=named))
    return say("comparison.answer.found_both", clauses=clauses) if clauses else ""


def _plan_words(text: str, basis: Basis, short: Callable[[str], str], **numbers: int) -> str:
    return say(f"comparison.plans.{text}", plan=short(basis.plan), **numbers)
