"""What the pages of validation and of the codebook show: names of codes, charts of scores, every error, every code."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from policybook.analysis.agreement import Outcomes
from policybook.analysis.validation import Clauses
from policybook.charts.bars import score_chart
from policybook.charts.heatmap import HeatmapText, heatmap_chart
from policybook.charts.theme import Chart, download_link
from policybook.coding.gold import Codebook, known_codes
from policybook.coding.scheme import INSTRUMENTS, Concept, Scheme
from policybook.corpus.corpus import records
from policybook.pages.document import HTML_LANGUAGE
from policybook.pages.html import CellFormat, Html, address, mark_spans, render
from policybook.words.say import language_name, name_code, name_of, names_of, say

# Scores: how their tables are written, and their charts --------------------------------------------

#: How `show` writes the columns of the tables of policybook.analysis.validation: codes by their names, a share with
#: its interval.
SCORED: Mapping[str, CellFormat] = {
    **dict.fromkeys(("precision", "recall", "f1", "kappa", "mean", "value"), "interval"),
    "what": "name:scored", "by": "name:by", "measure": "name:measure", "enters": "name:enters",
    "language": language_name, "kind": name_code, "agreed": ".2f", "ratio": ".2f",
}  # fmt: skip


def say_scores(scores: pd.DataFrame, agreement: pd.DataFrame, clauses: pd.DataFrame | None = None) -> str:
    """Return the scores in sentences: first on texts nobody tuned on, then F1 by language, κ of the instruments.

    `scores` and `agreement` are those of score_table and agreement_table; where they have no row, nothing was coded.
    `clauses` are those of score_clauses, which may have none.
    """
    both = scores[(scores["source"] == "all") & scores["f1"].notna()]
    coded = [(name_of("scored", str(what)), list(records(some))) for what, some in both.groupby("what", sort=False)]
    kappa = agreement["kappa"].dropna()[:1].tolist()
    unseen = {} if clauses is None else {row.what: row for row in records(clauses[clauses["part"] == "test"])}
    return say("coded.scores.answer", coded=coded, kappa=kappa, unseen=unseen)


def say_clauses(clauses: Clauses | None) -> Mapping[str, str]:
    """Return what is said of the clauses of load_clauses: `sample`, `coder` and, where it is so, `stale`."""
    if clauses is None:
        return dict.fromkeys(("sample", "coder", "stale"), "")
    stale = say("coded.scores.stale") if clauses.stale else ""
    return {"sample": clauses.sample, "coder": clauses.coder, "stale": stale}


def scores_chart(scores: pd.DataFrame, caption: str) -> Chart | Html:
    """Draw F1 of everything coded by language and source; `what_href` of the scores is where a mark leads."""
    some = scores[scores["source"] != "all"]
    if some.empty:
        return render("nothing", sentence=say("coded.scores.none"))
    rows = pd.DataFrame({"group": some["what"].map(names_of("scored")), "label": some["language"].map(language_name),
                         "series": [say("coded.scores.source", source=source) for source in some["source"]],
                         "value": some["f1"], "low": some["f1_low"], "high": some["f1_high"],
                         "counted": [say("coded.scores.codes", codes=n) for n in some["gold"]],
                         "href": some["what_href"]})  # fmt: skip
    return score_chart("scores", rows, caption, axis=say("coded.scores.axis"))


def confusion_chart(confusion: pd.DataFrame, caption: str) -> Chart | Html:
    """Draw instruments by hand (rows) against those by rule (columns); what differs leads to its errors."""
    if not confusion.to_numpy().any():
        return render("nothing", sentence=say("coded.scores.no_directive"))
    links = {(str(gold), str(found)): f"#errors-instrument-{gold}-{found}" for gold, row in confusion.iterrows()
             for found, n in row.items() if n and gold != found}  # fmt: skip
    text = HeatmapText(name_of("by", "gold"), name_of("by", "found"), say("coded.caution.directives"))
    return heatmap_chart("confusion", confusion, caption, text=text, cell_links=links)


# Every error of the rules against the hand coding, sentence by sentence, for a reader to go through ---

#: What errors there are, in the order of the list: of things coded, then of directives that both have.
ERROR_KINDS = ("concept", "quantity", "actor", "directive", "instrument", "subtype", "strength")
ERROR_COLUMNS = ("error", "sentence", "language", "outcome", "gold", "found", "gold_text", "found_text", "text",
                 "start", "end")  # fmt: skip


def find_errors(outcomes: Outcomes, quotable: Collection[str], *, part: str) -> pd.DataFrame:
    """Return every error of one part: a row for each with ERROR_COLUMNS.

    `error` is one of ERROR_KINDS, `outcome` missed, extra or differs, `gold` and `found` the values of the two sides.
    `text` is the sentence, in which the words concerned stand from `start` to `end`. Of a received sentence that is
    not in `quotable` there are no words: its texts are "" and the places −1.
    """
    rows = [one for row in records(outcomes.rows[outcomes.rows["part"] == part]) for one in _errors_of(row)]
    sentences = outcomes.sentences[["sentence", "language", "source", "text"]]
    own = [column for column in ERROR_COLUMNS if column not in sentences or column == "sentence"]
    errors = pd.DataFrame(rows, columns=own, dtype=object).merge(sentences, on="sentence")
    hidden = (errors["source"] != "written") & ~errors["sentence"].isin(quotable)
    errors.loc[hidden, ["gold_text", "found_text", "text"]] = ""
    errors.loc[hidden, ["start", "end"]] = -1
    return errors[list(ERROR_COLUMNS)]


def _errors_of(row: Any) -> Iterator[dict[str, Any]]:
    """Yield the errors in one row of outcomes; none for a right one."""
    sides = ((row.gold_start, row.gold_text), (row.found_start, row.found_text))
    spans = [(start, start + len(text)) for start, text in sides if start >= 0]
    base = {name: getattr(row, name) for name in ("sentence", "outcome", "gold_text", "found_text")}
    base |= {"start": min((s for s, _ in spans), default=-1), "end": max((e for _, e in spans), default=-1)}
    if row.outcome != "hit":
        gold = _directive(row.gold, row.gold_instrument, row.gold_subtype)
        found = _directive(row.found, row.found_instrument, row.found_subtype)
        yield base | {"error": row.what, "gold": gold, "found": found}
    elif row.what == "directive":
        same = row.gold_instrument == row.found_instrument
        for error, gold, found in (("instrument", row.gold_instrument, row.found_instrument),
                                   ("subtype", row.gold_subtype, row.found_subtype if same else row.gold_subtype),
                                   ("strength", row.gold, row.found)):  # fmt: skip
            if gold != found:
                yield base | {"error": error, "outcome": "differs", "gold": gold, "found": found}


def _directive(value: str, instrument: str, subtype: str) -> str:

    return value + (f", {instrument}" if instrument else "") + (f" ({subtype})" if subtype else "")


def list_errors(errors: pd.DataFrame, name: str) -> Html:
    """Return errors (see find_errors) by what went wrong and by sentence, their words marked; all as NAME.csv."""
    groups = {kind: list(_entries(errors[errors["error"] == kind], kind)) for kind in ERROR_KINDS}
    return render(
        "errors", groups=groups, names=names_of("error"), outcomes=names_of("outcome"), languages=HTML_LANGUAGE,
        download=download_link(errors.drop(columns=["start", "end"]), name),
    )  # fmt: skip


def _entries(errors: pd.DataFrame, kind: str) -> Iterator[dict[str, Any]]:
    """Yield the errors of each sentence; those of instruments once for each pair of them, pairs together."""
    keys = ["gold", "found", "sentence"] if kind == "instrument" else ["sentence"]
    for _, some in errors.sort_values(keys[:-1], kind="stable").groupby(keys, sort=False) if len(errors) else ():
        first, *_ = rows = list(records(some))
        yield {"rows": rows, "number": len(rows), "sentence": first.sentence, "language": first.language,
               "text": _marked(first.text, some),
               "href": "" if first.sentence.startswith("written:") else address(first.sentence),
               "anchor": f"errors-instrument-{first.gold}-{first.found}" if kind == "instrument" else ""}  # fmt: skip


def _marked(text: str, errors: pd.DataFrame) -> Markup:
    """Return a sentence with the words concerned marked; overlapping ones as one mark."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted((row.start, row.end) for row in records(errors) if row.start >= 0):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return mark_spans(text, [(start, end, say("coded.scores.mark")) for start, end in merged])


# Every code with what bears it, what does not, and the words that carry it -------------------------

CODEBOOK_COLUMNS = ("of", "code", "theme", "term_zh", "term_en", "called", "definition", "example", "counter_example",
                    "forms", "anchor")  # fmt: skip


def codebook_table(scheme: Scheme, codebook: Codebook) -> pd.DataFrame:
    """Return every code with what it means: each theme before its concepts, each instrument before its subtypes.

    Columns (CODEBOOK_COLUMNS): what it is a code `of`; `theme`, `term_zh` and `term_en` of concepts and themes; as Html
    `called`, its name with a link to its row, and `forms`, the words by which the rules find a concept; `definition`,
    `example` and `counter_example` of the codebook, "" for a code without an entry; `anchor`, the row's id.
    """
    rows = []
    for theme in scheme.themes:
        if concepts := [one for one in scheme.concepts if one.theme == theme.id]:
            rows.append(_code(codebook, "theme", theme.id, theme.id, theme.label_zh, theme.label))
        for one in concepts:
            broader = scheme.by_id[one.broader] if one.broader else None
            row = _code(codebook, "concept", one.id, theme.id, one.term_zh, one.term_en, concept=one, broader=broader)
            rows.append(row | {"forms": render("code_forms", concept=one)})
    known = known_codes(())
    for of in ("quantity_kind", "qualifier", "actor", "directive", "strength"):
        rows += [_code(codebook, of, code) for code in known[of]]
    for instrument, subtypes in INSTRUMENTS.items():
        rows += [_code(codebook, "instrument", instrument), *(_code(codebook, "subtype", one) for one in subtypes)]
    return pd.DataFrame(rows, columns=list(CODEBOOK_COLUMNS), dtype=object).fillna("")


def _code(codebook: Codebook, of: str, code: str, theme: str = "", term_zh: str = "", term_en: str = "",
          concept: Concept | None = None, broader: Concept | None = None) -> dict[str, Any]:  # fmt: skip
    """Return what the codebook says of one code, with its name and address."""
    entry = codebook.by_code.get((of, code))
    anchor = f"{of}-{code}".replace("_", "-")
    told = {"term_zh": term_zh, "name": term_en or code, "concept": concept, "broader": broader}
    called = render("code_name", **told)
    said = entry.model_dump(include={"definition", "example", "counter_example"}) if entry else {}
    terms = {"theme": theme, "term_zh": term_zh, "term_en": term_en}
    return {"of": of, "code": code, "called": called, "anchor": anchor, **terms, **said}
