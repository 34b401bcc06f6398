"""What a comparison says: its answer, reasons and doubts, what was not counted, and all of it as JSON and CSV."""

import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, get_args

import numpy as np
import pandas as pd

from policybook.analysis import thresholds
from policybook.analysis.compare import Estimates, PairComparison
from policybook.analysis.comparisons import plan_basis, plans_at_hand
from policybook.analysis.counts import FAMILIES, BlockCounts, Family, Finding, Row, RowKey
from policybook.analysis.paired import Contrast
from policybook.analysis.robustness import PlaceboPair, judge_halves, judge_placebo
from policybook.coding.rules import Age, Part
from policybook.coding.scheme import Scheme
from policybook.corpus.corpus import Corpus, Selection
from policybook.project import pad
from policybook.words.say import language_name, say, say_finding

# A comparison as JSON and as a table, in the forms that other people's scripts rely on -------------

# Shares and differences are printed to a millionth; rounding keeps the order of the bounds.
_DIGITS = 6
_ESTIMATES = ("difference", "low95", "high95", "low", "high")


def to_json(comparison: PairComparison, selections: tuple[Selection, Selection], placebo: Sequence[PlaceboPair],
            scheme: Scheme) -> dict[str, Any]:  # fmt: skip
    """Return what `policybook compare --json` prints: sides, thresholds, placebo and rows.

    Of a row that was not counted, every number is null: it is unknown, not 0.
    """
    sides = zip((comparison.left, comparison.right), selections, comparison.mentions, strict=True)
    left, right = (_side_json(counts, selection, mentions) for counts, selection, mentions in sides)
    return {"design": "blocks", "left": left, "right": right, "thresholds": _thresholds(comparison),
            "placebo": [_rounded(asdict(pair)) for pair in placebo],
            "rows": [_row(row, scheme) for row in comparison.rows]}  # fmt: skip


def to_table(comparison: PairComparison, scheme: Scheme) -> pd.DataFrame:
    """Return one row a theme or concept, with what each side holds and what was estimated.

    Columns: family, id, label, term_zh; left_ and right_ blocks, passages, documents, mentions, share; difference with
    low95, high95 and, for all rows at once, low and high; eligible, verdict, reason, fragile; influence_document and
    influence_change; evidence_left and evidence_right (ids of sentences, or of documents where there are no texts),
    joined by spaces. Where languages differ and a concept is not known to be found equally often in both, the columns
    by language say in how many of the blocks of each it stands.
    """
    languages = sorted(comparison.left.languages | comparison.right.languages)
    return pd.DataFrame([_flat(row, scheme, languages if len(languages) > 1 else []) for row in comparison.rows])


def contrast_json(found: Contrast, selections: tuple[Selection, Selection], scheme: Scheme,
                  peers: Sequence[pd.DataFrame | None] = ()) -> dict[str, Any]:  # fmt: skip
    """Return what `policybook compare --json` prints of sides compared in pairs of documents (see paired.contrast).

    What is infinite (a ratio to nothing) or was not counted is null. `peers`: compare_peers of each side, where asked.
    """
    rows = [_contrast_row(found, n, row, scheme, peers) for n, row in enumerate(found.rows.to_dict("records"))]
    tested = {f"{family}s_tested": sum(r["eligible"] for r in rows if r["family"] == family) for family in FAMILIES}
    left, right = ({"selection": _selection_json(selection), "documents": len(side.documents), "passages": None,
                    "blocks": int(side.blocks.sum()), "mentions": int(np.nansum(side.mentions[:, side.families == 1])),
                    "languages": sorted(set(side.documents["language"]))}
                   for side, selection in zip((found.left, found.right), selections, strict=True))  # fmt: skip
    return {"design": found.design, "left": left, "right": right, "thresholds": {**_constants(), **tested},
            "placebo": [], "rows": rows}  # fmt: skip


def contrast_table(found: Contrast, scheme: Scheme, peers: Sequence[pd.DataFrame | None] = ()) -> pd.DataFrame:
    """Return the rows of contrast_json flat: left_, right_, influence_ and left_peers_ before their names."""
    rows = contrast_json(found, ({}, {}), scheme, peers)["rows"]
    table = pd.json_normalize(rows, sep="_")
    return table.assign(**{name: table[name].map(" ".join) for name in ("evidence_left", "evidence_right")})


def _contrast_row(found: Contrast, number: int, row: Mapping[Any, Any], scheme: Scheme,
                  peers: Sequence[pd.DataFrame | None]) -> dict[str, Any]:  # fmt: skip
    counted = bool(found.left.counted[number])
    sides: dict[str, dict[str, Any]] = {}
    for n, name in enumerate(("left", "right")):
        counts = {one: _whole(row[f"{name}_{one}"]) for one in ("blocks", "documents", "mentions")}
        sides[name] = {**counts, "passages": None, "share": _finite(row[f"{name}_share"])}
        if peers:
            sides[name]["peers"] = _peers_json(peers[n], number)
    term_zh, label = row_terms((row["family"], row["id"]), scheme)
    influence = {"document": row["influence_document"] if counted else None, "change": _finite(row["influence_change"])}
    return {"family": row["family"], "id": row["id"], "label": label, "term_zh": term_zh, **sides,
            **{name: _finite(row[name]) for name in (*_ESTIMATES, "ratio", "ratio_low", "ratio_high", "p_family")},
            "pairs": _whole(row["pairs"]), "same_direction": _whole(row["same_direction"]) if counted else None,
            "influence": influence, "eligible": bool(row["eligible"]), "verdict": row["verdict"],
            "reason": reason_words(row["reason"]), "fragile": bool(row["fragile"]),
            "evidence": {"left": found.evidence(number, 0), "right": found.evidence(number, 1)}}  # fmt: skip


def _peers_json(table: pd.DataFrame | None, number: int) -> dict[str, Any] | None:
    if table is None:
        return None
    row = table.iloc[number]
    whole = {name: _whole(row[name]) for name in ("of", "rank", "rank_low", "rank_high", "same_direction")}
    return whole | {name: _finite(row[name]) for name in ("difference", "p_family")}


def _finite(value: float) -> float | None:
    return round(float(value), _DIGITS) if np.isfinite(value) else None


def _whole(value: float) -> int | None:
    return int(value) if np.isfinite(value) else None


def row_terms(key: tuple[str, str], scheme: Scheme) -> tuple[str, str]:
    """Return what a row is called in Chinese and in English."""
    if key[0] == "concept":
        return scheme.by_id[key[1]].term_zh, scheme.by_id[key[1]].term_en
    return next((theme.label_zh, theme.label) for theme in scheme.themes if theme.id == key[1])


def label_of(row: Row, scheme: Scheme) -> str:
    """Return the English label of a row."""
    return row_terms((row.family, row.id), scheme)[1]


def _side_json(counts: BlockCounts, selection: Selection, mentions: int) -> dict[str, Any]:
    passages = len(np.unique(counts.pieces.passage)) if counts.pieces is not None else None
    return {"selection": _selection_json(selection), "documents": len(counts.documents), "passages": passages,
            "blocks": len(counts.blocks), "mentions": mentions, "languages": sorted(counts.languages)}  # fmt: skip


def _selection_json(selection: Selection) -> dict[str, Any]:
    return {field: value if isinstance(value, str | bool) else list(value) for field, value in selection.items()}


def _constants() -> dict[str, float]:
    return {name.lower(): value for name, value in vars(thresholds).items() if name.isupper()}


def _thresholds(comparison: PairComparison) -> dict[str, float]:
    """Return every constant, and what this comparison made of them: its design effect and rows tested at once."""
    tested = {f"{family}s_tested": sum(row.eligible for row in _of_family(comparison, family)) for family in FAMILIES}
    return {**_constants(), "design_effect": round(comparison.serial, _DIGITS), **tested}


def _row(row: Row, scheme: Scheme) -> dict[str, Any]:
    term_zh, label = row_terms((row.family, row.id), scheme)
    return {
        "family": row.family, "id": row.id, "label": label, "term_zh": term_zh, **_numbers(row),
        "eligible": row.eligible, "verdict": row.verdict, "reason": reason_words(row.reason),
        "fragile": row.fragile, "evidence": {"left": list(row.evidence_left), "right": list(row.evidence_right)},
    }  # fmt: skip


def _numbers(row: Row) -> dict[str, Any]:
    """Return what each side holds and what was estimated; null for all of it where the row was not counted."""
    left, right = _rounded(asdict(row.left)), _rounded(asdict(row.right))
    estimates = _rounded({name: getattr(row, name) for name in _ESTIMATES})
    if not row.counted:
        left, right, estimates = map(dict.fromkeys, (left, right, estimates))
    return {"left": left, "right": right, **estimates}


def _flat(row: Row, scheme: Scheme, languages: Sequence[str]) -> dict[str, Any]:
    cells = _row(row, scheme)
    evidence = cells.pop("evidence")
    for side in ("left", "right"):
        cells |= {f"{side}_{name}": value for name, value in cells.pop(side).items()}
    document, change = row.influence or ("", None)
    cells |= {"influence_document": document, "influence_change": change and round(change, _DIGITS)}
    cells |= {f"{side}_{language}": "" for language in languages for side in ("left", "right")}
    for one in row.by_language if languages else ():
        cells[f"left_{one.language}"] = f"{one.left} of {one.left_blocks}"
        cells[f"right_{one.language}"] = f"{one.right} of {one.right_blocks}"
    return {**cells, **{f"evidence_{side}": " ".join(ids) for side, ids in evidence.items()}}


def _rounded(cells: Mapping[str, Any]) -> dict[str, Any]:
    return {name: round(value, _DIGITS) if isinstance(value, float) else value for name, value in cells.items()}


# The tables of a comparison as a page shows them: headings and captions, verdicts in words ----------


def comparison_table(estimates: Estimates, scheme: Scheme) -> pd.DataFrame:
    """Return all rows for download: of two sides as `policybook compare --csv`, else for every pair, or every side."""
    if len(estimates.pairs) == 1:
        return to_table(estimates.pairs[0], scheme)
    if estimates.pairs:
        table = pd.concat(to_table(p, scheme).assign(left=p.labels[0], right=p.labels[1]) for p in estimates.pairs)
        first = ["left", "right"]  # evidence would stand in every pair again: the page has it
        return table[[*first, *(c for c in table.columns if c not in first and not c.startswith("evidence"))]]
    parts = [
        shares.reset_index(names="id").assign(family=family, side=label, all_blocks=len(side.blocks))
        for family in FAMILIES
        for shares, label, side in zip(estimates.shares(family), estimates.labels, estimates.sides, strict=True)
    ]
    columns = ["family", "id", "side", "all_blocks", "blocks", "passages", "documents", "mentions", "share", "low"]
    return pd.concat(parts)[[*columns, "high"]].round(4)


def between_words(pair: PairComparison, estimates: Estimates) -> str:
    """Return which step of a sequence a pair is: “a” and “b”; empty of two sides."""
    return say("comparison.between", sides=pair.labels) if estimates.is_sequence else ""


def row_looks(estimates: Estimates, family: Family, chinese: bool = True) -> dict[str, Any]:
    """Return how `show` sets the rows of one family: their caption, headings, and which columns are numbers.

    `chinese`: concepts have names in Chinese.
    """
    sides = {f"side_{n}": say("comparison.rows.side", side=label, blocks=len(side.blocks))
             for n, (label, side) in enumerate(zip(estimates.labels, estimates.sides, strict=True), 1)}  # fmt: skip
    two = len(estimates.pairs) == 1 and not estimates.is_grouped
    first = _headings(label=family, **({"term_zh": "term_zh"} if family == "concept" and chinese else {}))
    caption = say("comparison.rows.caption", family=family, two=two)
    labels = first | sides | (_headings(**_ESTIMATE) if two else {})
    return {**_LOOKS, "caption": caption, "labels": labels, "formats": dict.fromkeys(["estimate", *sides], "")}


def step_looks() -> dict[str, Any]:
    """Return how `show` sets the steps of a sequence."""
    labels, caption = _headings(between="between", label="row", **_ESTIMATE), say("comparison.rows.steps")
    return {**_LOOKS, "anchors": "", "caption": caption, "labels": labels, "formats": {"estimate": ""}}


def pair_looks() -> dict[str, Any]:
    """Return how `show` sets what was estimated between two of several groups."""
    labels, caption = _headings(label="row", **_ESTIMATE), say("comparison.groups.caption")
    return {**_LOOKS, "anchors": "", "caption": caption, "labels": labels, "formats": {"estimate": ""}}


def language_looks(table: pd.DataFrame) -> dict[str, Any]:
    """Return how `show` sets a language_table: a side and language a column."""
    counts = [column for column in table if column not in ("label", "term_zh", "anchor") and "_href" not in str(column)]
    first = {"label": "row"} | ({"term_zh": "term_zh"} if table["term_zh"].any() else {})
    labels = _headings(**first) | {column: column for column in counts}
    caption = say("comparison.rows.by_language")
    return {"caption": caption, "labels": labels, "formats": dict.fromkeys(counts, ""), "anchors": "anchor"}


_ESTIMATE = {"estimate": "estimate", "judgement": "judgement"}
_LOOKS: Mapping[str, Any] = {"anchors": "anchor", "stacked": True, "dense": True}


def _headings(**columns: str) -> dict[str, str]:
    return {column: say(f"comparison.rows.{key}") for column, key in columns.items()}


# What stands beside these tables: sentences, each with the step of a sequence that it is about, or with "" ---


def one_reason(rows: pd.DataFrame) -> str:
    """Return the reason that all rows of two sides share (column `reason`); empty where they differ."""
    reasons = set(rows["reason"]) if "reason" in rows else set()
    return str(reasons.pop()) if len(reasons) == 1 else ""


def row_sentences(rows: pd.DataFrame, estimates: Estimates) -> list[tuple[str, str]]:
    """Return what holds of all rows: that there are none, a reason they share, why no difference can be estimated."""
    told = [] if len(rows) else [say("comparison.rows.none")]
    if reason := one_reason(rows):
        told.append(say("comparison.rows.one_reason", reason=reason))
    if estimates.hindrance:
        told.append(say("comparison.rows.hindrance", why=say_finding("comparison.clash", estimates.hindrance)))
    for pair in estimates.pairs if estimates.is_sequence and not estimates.is_grouped else ():
        judged = sum(row.eligible for row in pair.rows)
        others = sum(not row.eligible and row.left.blocks + row.right.blocks > 0 for row in pair.rows)
        told.append(say("comparison.rows.unjudged", sides=pair.labels, judged=judged, others=others))
    return [("", one) for one in told]


# What of measured counts is too old to be shown, in a sentence, and how to measure again -----------


def not_counted_sentence(age: Age, scheme: Scheme, corpus: str, most: int | None = None) -> str:
    """Return what is not counted in data/measured/CORPUS, why, and the command that counts it; empty if all is.

    With `most` so many concepts are named, and then how many more there are.
    """
    parts = _rules(age)
    if age.holds("concepts") and age.not_counted:
        parts.append(_concepts(age, scheme, most))
    elif age.holds("concepts") and age.themes:
        parts.append(say("measured.not_counted.themes", themes=[scheme.theme_label[theme] for theme in age.themes]))
    folder = corpus if "/" in corpus else f"data/measured/{corpus}"
    table = "TABLE" if "/" in corpus else f"{folder}/documents.csv"
    return " ".join([*parts, say("measured.not_counted.again", folder=folder, table=table)]) if parts else ""


def _rules(age: Age) -> list[str]:
    changed = [part for part in get_args(Part) if part in age.rules or part in age.lexicon]
    if not changed:
        return []
    files = {part: f" ({say(f'measured.files.{part}')})" for part in age.lexicon}
    which = [say(f"measured.rules.{part}") + files.get(part, "") for part in changed]
    lost = [say(f"measured.lost.{part}") for part in (["text"] if "text" in changed else changed)]
    return [say("measured.not_counted.rules", which=which, lost=lost)]


def _concepts(age: Age, scheme: Scheme, most: int | None) -> str:
    named = {why: [scheme.by_id[concept].term_en for concept, reason in age.not_counted.items() if reason == why]
             for why in ("new", "changed")}  # fmt: skip
    lacking = {scheme.by_id[concept].theme for concept in age.not_counted if scheme.counted(concept)}
    left = {c.theme for c in scheme.concepts if scheme.counted(c.id) and c.id not in age.not_counted}
    partly = [theme.label for theme in scheme.themes if theme.id in lacking & left]
    told = {why: names[:most] for why, names in named.items()}
    more = {f"more_{why}": len(names) - len(told[why]) for why, names in named.items()}
    return say("measured.not_counted.concepts", **told, **more, partly=partly)


# What a comparison says: its answer, the reasons of its verdicts, and what stands beside them ------

Label = Callable[[Row], str]
#: So many themes without a clear difference are named.
_NAMED = 4
_LABEL, _TERM, _LINE = 40, 36, 115  # characters for the name of a row, for a term, and for a line of prose
#: Columns of words for a terminal, with the form of their numbers; words comparison.terminal.columns has headings.
_FREQUENCY = {"count": "d", "share": ".2%", "documents": "d", "dp": ".2f"}
_SIDE = {"count": "d", "share": ".2%", "dp": ".2f"}
_KEYNESS = {**{f"{name}_{side}": form for side in ("left", "right") for name, form in _SIDE.items()},
            **{"g2": "+.1f", "log_ratio": "+.2f", "log_odds_z": "+.2f", "q": ".3f"}}  # fmt: skip


def comparison_lines(comparison: PairComparison, scheme: Scheme) -> list[str]:
    """Return the rows that can be judged as lines for a terminal, themes first; the others are counted."""
    columns = {name: say(f"comparison.terminal.{name}") for name in ("left", "right", "difference", "verdict")}
    lines = ["{:{}} {left:>12} {right:>12}  {difference:>26}  {verdict}".format("", _LABEL, **columns)]
    for row in filter(lambda row: row.eligible, comparison.rows):
        left, right = (f"{side.blocks} ({100 * side.share:.1f} %)" for side in (row.left, row.right))
        bounds = f"{100 * row.difference:+.1f} ({100 * row.low:+.1f} to {100 * row.high:+.1f})"
        judged = say("comparison.terminal.judged", verdict=row.verdict, fragile=row.fragile)
        lines.append(f"{_name(label_of(row, scheme))} {left:>12} {right:>12}  {bounds:>26}  {judged}")
    others = sum(row.counted and not row.eligible for row in comparison.rows)
    return lines + _not_shown(others, sum(not row.counted for row in comparison.rows))


def contrast_lines(found: Contrast, labels: tuple[str, str], scheme: Scheme,
                   peers: Sequence[pd.DataFrame | None] = ()) -> list[str]:  # fmt: skip
    """Return what sides compared in pairs show, as lines for a terminal: how, every row with a verdict, the others."""
    sizes = [say("comparison.terminal.size", label=label, kept=len(side.documents), out=len(out))
             for label, side, out in zip(labels, (found.left, found.right), found.left_out, strict=True)]  # fmt: skip
    pairs = int(found.rows["pairs"].iloc[0])
    lines = [say(f"comparison.design.{found.design}", pairs=pairs, sizes=sizes)]
    told = {name: say(f"comparison.terminal.{name}") for name in ("left", "right", "ratio", "p", "pairs", "verdict")}
    if found.rows["eligible"].any():
        lines += ["", "{:{}} {left:>7} {right:>7} {ratio:>22} {p:>6} {pairs:>6}  {verdict}".format("", _LABEL, **told)]
    for n, row in enumerate(found.rows.to_dict("records")):
        if row["eligible"]:
            ranks = [
                say("comparison.terminal.rank", label=label, **table.iloc[n])
                for label, table in zip(labels, peers, strict=True) if table is not None
            ] if peers else []  # fmt: skip
            lines.append(_contrast_line(row, row_terms((row["family"], row["id"]), scheme)[1], ranks))
    uncounted = int((~found.left.counted).sum())
    return [*lines, "", *_not_shown(int((~found.rows["eligible"]).sum()) - uncounted, uncounted)]


def _not_shown(others: int, uncounted: int) -> list[str]:
    told = [say("comparison.terminal.others", number=others)]
    return told + ([say("comparison.terminal.uncounted", number=uncounted)] if uncounted else [])


def _name(label: str) -> str:
    return f"{label if len(label) <= _LABEL else f'{label[: _LABEL - 1]}…':{_LABEL}}"


def _contrast_line(row: Mapping[Any, Any], name: str, ranks: Sequence[str]) -> str:
    ratio = f"{row['ratio']:.2f} ({row['ratio_low']:.2f} to {row['ratio_high']:.2f})"
    shares = f"{100 * row['left_share']:>5.1f} % {100 * row['right_share']:>5.1f} %"
    p = f"{row['p_family']:.3f}" if row["p_family"] >= 0.0005 else "<.001"
    told = "; ".join([row["verdict"], *ranks])
    return f"{_name(name)} {shares} {ratio:>22} {p:>6} {row['same_direction']:>3}/{row['pairs']:<2}  {told}"


def word_lines(rows: pd.DataFrame, sides: Sequence[tuple[str, pd.DataFrame]]) -> Iterator[str]:
    """Yield the words of one selection, or those that set two apart, as lines for a terminal, a table a language.

    `rows` are those of frequent_terms or key_terms, `sides` the label and the terms of each selection.
    """
    columns = _KEYNESS if len(sides) > 1 else _FREQUENCY
    headings = {name: say(f"comparison.terminal.columns.{name}") for name in columns}
    widths = {name: max(8, len(heading) + 2) for name, heading in headings.items()}
    for language, part in rows.groupby("language"):
        for label, terms in sides:
            own = terms[terms["language"] == language]
            sizes = {name: own[name[:-1]].nunique() for name in ("documents", "blocks")}
            yield say("comparison.terminal.words", label=label, words=len(own), language=language, **sizes)
        yield " " * _TERM + "".join(f"{heading:>{widths[name]}}" for name, heading in headings.items())
        for row in part.to_dict("records"):
            cells = {name: "-" if pd.isna(row[name]) else format(row[name], form) for name, form in columns.items()}
            yield pad(str(row["term"]), _TERM) + "".join(f"{cell:>{widths[name]}}" for name, cell in cells.items())
        yield ""
    if len(sides) > 1:
        yield from textwrap.wrap(say("comparison.terminal.keyness"), _LINE)


def uncoded_lines(rows: pd.DataFrame, label: str) -> Iterator[str]:
    """Yield the rows of uncoded_terms as lines for a terminal, a table a language."""
    for language, part in rows.groupby("language"):
        yield say("comparison.terminal.uncoded", label=label, language=language)
        heads = [say(f"comparison.terminal.{name}") for name in ("columns.count", "columns.documents", "example")]
        yield " " * _TERM + f"{heads[0]:>8}{heads[1]:>11}  {heads[2]}"
        for row in part.to_dict("records"):
            counts = f"{row['count']:>8}{row['documents']:>11}"
            yield f"{pad(str(row['term']), _TERM)}{counts}  {row['sentence']}: {row['example']}"
        yield ""



def answer(comparison: PairComparison, label: Label, words: str = "") -> str:
    """Return what the texts say of the difference between the sides, or why they cannot say.

    `words` say of which texts, by default those of scope_words.
    """
    themes = _of_family(comparison, "theme")
    concepts = _concepts_found(comparison, label)
    if not any(map(is_judged, themes)):
        why = comparison.hindrance
        said = cannot_say(comparison.labels, say_finding("comparison.hindrance", why))
        concepts = concepts if any(map(is_judged, comparison.rows)) else ""
        languages = _languages(comparison) if why.code == "not_settled" else ""
        return " ".join(filter(None, (said, concepts, languages)))
    told = {"words": words or scope_words(comparison), "found": _found(comparison, themes, label)}
    for name, verdict in (("alike", "alike"), ("unclear", "not settled")):
        told[name] = _unclear([row for row in themes if row.verdict == verdict], label, bool(told["found"]))
    missing = sum(not row.counted for row in themes)
    unsaid = sum(row.verdict == "too little evidence" for row in themes) - missing
    for name, n in (("unknown", unsaid), ("uncounted", missing)):
        told[name] = say(f"comparison.answer.{name}", number=n) if n else ""
    return " ".join(filter(None, (say("comparison.answer.themes", **told), concepts, _languages(comparison))))


def answer_sequence(pairs: Sequence[PairComparison], labels: Sequence[str], label: Label, words: str = "") -> str:
    """Return what the texts say of the differences along a sequence of periods, or why they cannot say."""
    if not any(is_judged(row) for pair in pairs for row in _of_family(pair, "theme")):
        hindrances = dict.fromkeys(say_finding("comparison.hindrance", pair.hindrance) for pair in pairs)
        return cannot_say(labels, "; ".join(hindrances))
    steps = [_step(pair, label) for pair in pairs]
    told = say("comparison.answer.sequence", words=words or _scope(pairs), steps=steps)
    return " ".join(filter(None, (told, _languages(pairs[0]))))


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


def reason_words(reason: Sequence[Finding]) -> str:
    """Return a sentence or two on the verdict of a row (see reasons.give_reason)."""
    return " ".join(say(f"comparison.reason.{one.code}", **one.values) for one in reason)


def confound_words(confounds: Iterable[Finding], label: Callable[[str], str]) -> list[str]:
    """Return a sentence a confound (see find_confounds); `label` names eras and places for a reader."""
    translated = {"True": say("comparison.confound.translated"), "False": say("comparison.confound.written")}
    named: dict[str, Callable[[str], str]] = {
        "era": label, "speaker": label, "language": language_name, "machine_translated": translated.__getitem__,
    }  # fmt: skip
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
    own = [say("comparison.plans.itself", plan=short(one.plan), blocks=one.own_blocks) for one in bases if one.is_own]
    others = [say("comparison.plans.about", plan=short(one.plan), passages=one.passages, sentences=one.sentences)
              for one in bases if not one.is_own]  # fmt: skip
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
    measured = say("comparison.placebo.measured", **{n: found.values[n] for n in ("judged", "found", "usual")})
    if found.code == "alone":
        return say("comparison.placebo.alone", measured=measured)
    told = {"measured": measured, "largest": found.values["largest"]}
    return say("comparison.placebo.here", **told, judgement=say(f"comparison.placebo.{found.code}"))


def halves_sentence(comparison: PairComparison, halves: Sequence[PlaceboPair]) -> str:
    """Return what halves of the same text say of a comparison of two texts; empty where the sides hold more."""
    return say_finding("comparison.halves", judge_halves(comparison, halves))


def groups_answer(estimates: Estimates, label: Label) -> str:
    """Return what the texts say of the differences between groups, or why they cannot say."""
    if not estimates.pairs:
        return cannot_say(estimates.labels, say_finding("comparison.clash", estimates.hindrance).rstrip("."))
    pairs = len(estimates.pairs) + len(estimates.hindered)
    if not any(row.eligible for pair in estimates.pairs for row in _of_family(pair, "theme")):
        return say("comparison.groups.none_judged", pairs=pairs)
    told = [(pair, _found(pair, _of_family(pair, "theme"), label)) for pair in estimates.pairs]
    apart = [say("comparison.groups.pair", sides=pair.labels, found=found) for pair, found in told if found]
    return say("comparison.groups.answer", words=_scope(estimates.pairs), pairs=pairs, apart=apart,
               named=apart[:_NAMED])  # fmt: skip


def row_name(key: RowKey, scheme: Scheme) -> str:
    """Return what a row is called where there is room: a theme's label, a concept in Chinese and English."""
    chinese, english = row_terms(key, scheme)
    return english if key[0] == "theme" or not chinese else f"{chinese} · {english}"


def verdict_words(verdict: str, labels: Sequence[str]) -> str:
    """Return a verdict with the names of the sides in place of left and right."""
    return say(f"comparison.verdict.{verdict}", left=labels[0], right=labels[1])


def digits_of(pair: PairComparison) -> int:
    """Return how many decimals a percentage is worth: one where documents are compared as such, which are many."""
    return int(pair.decision.by_documents)


def _scope(pairs: Sequence[PairComparison]) -> str:
    few = min(len(side.documents) for pair in pairs for side in (pair.left, pair.right))
    return say(f"comparison.scope.{'few' if few < thresholds.MIN_DOCUMENTS else 'many'}_documents")


def _of_family(pair: PairComparison, family: str) -> list[Row]:
    return [row for row in pair.rows if row.family == family]


def is_judged(row: Row) -> bool:
    """Return whether a row's verdict says anything of the sides."""
    return row.verdict == "alike" or row.verdict.startswith("more")


def _step(pair: PairComparison, label: Label) -> str:

    themes, sides = _of_family(pair, "theme"), dict(zip(("left", "right"), pair.labels, strict=True))
    if not (judged := list(filter(is_judged, themes))):
        return say("comparison.answer.step_unjudged", **sides)
    found = _found(pair, themes, label)
    return say("comparison.answer.step", **sides, found=found, unclear="" if found else _unclear(judged, label, False))


def _unclear(rows: Sequence[Row], label: Label, others: bool) -> str:
    """Return how many themes are alike or not settled, by the verdict of the first, and which where they are few."""
    if not rows:
        return ""
    named = [label(row) for row in rows] if len(rows) <= _NAMED else []
    verdict = verdict_words(rows[0].verdict, ("", ""))
    return say("comparison.answer.unclear", number=len(rows), others=others, named=named, verdict=verdict)


def _concepts_found(comparison: PairComparison, label: Label) -> str:
    concepts = _of_family(comparison, "concept")
    found, judged = _found(comparison, concepts, label), sum(row.eligible for row in concepts)
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
        some = [row for row in rows if row.verdict == verdict]
        if named := [say("comparison.answer.row", label=label(row), shares=share_words(row)) for row in some]:
            clauses.append(say("comparison.answer.found", side=side, rows=named))
    return say("comparison.answer.found_both", clauses=clauses) if clauses else ""
