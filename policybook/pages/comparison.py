"""What the page of one comparison shows: its sides, its rows, and what stands beside them, as tables and as text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import groupby
from operator import itemgetter
from typing import Any

import pandas as pd
from markupsafe import Markup

from policybook.analysis import comparisons
from policybook.analysis.compare import Estimates, PairComparison, estimate_groups, estimate_sides, within_language
from policybook.analysis.comparisons import Comparison
from policybook.analysis.counts import FAMILIES, BlockCounts, Row, RowKey, members
from policybook.analysis.robustness import find_halves
from policybook.analysis.thresholds import MAX_PERIODS
from policybook.charts.bars import dot_chart
from policybook.charts.lines import slope_chart
from policybook.charts.theme import Chart, download_link
from policybook.coding.measured import load_measured, measured_names
from policybook.coding.scheme import Scheme
from policybook.corpus.corpus import records
from policybook.corpus.manifest import RecommendedText, load_recommended
from policybook.pages.book import Book, made_pages
from policybook.pages.document import HTML_LANGUAGE, term_mark
from policybook.pages.html import MOST_DOCUMENTS, Html, in_words, mark_spans, render, show
from policybook.words import comparisons as wording
from policybook.words.say import language_name, listed, percent, points, say, say_finding

#: A cell of the side-by-side reading quotes at most this many sentences and links to the rest.
QUOTES_PER_CELL = 4
#: The evidence of a row quotes at most this many sentences a side and refers to the rest.
QUOTES_PER_ROW = 25
#: And so many where there are many documents.
QUOTES_PER_ROW_OF_MANY = 8
#: So many groups stand side by side at the most.
MOST_BESIDE = 3
#: Prefix of the ids of themes with every concept counted, where languages let only some enter the comparison.
ALL = "all-"


# A comparison with all that is worked out for its page ---------------------------------------------

@dataclass(frozen=True)
class ComparisonPage:
    """One entry of data/comparisons.yml, counted and estimated. Raises UnknownPageError when there is no such entry."""

    book: Book
    comparison: str

    @cached_property
    def result(self) -> Comparison:
        """What stands on each side."""
        return self.book.compare(self.comparison)

    @cached_property
    def estimates(self) -> Estimates:
        """What was estimated between the sides, or between groups."""
        entry, labels = self.result.entry, [side.label for side in self.result.sides]
        if entry.is_grouped:
            sides = [self.book.counts.select(side.selection) for side in self.result.sides]
            return estimate_groups(self.book.counts, sides, labels, entry.pairs, say("comparison.groups.rest"),
                                   serial=self.book.effect, comparable=self.book.comparable)  # fmt: skip
        return estimate_sides([self.book.counts.select(side.selection) for side in self.result.sides],
                              labels, serial=self.book.effect, comparable=self.book.comparable)  # fmt: skip

    @cached_property
    def by_language(self) -> dict[str, Estimates]:
        """The same comparison within each language in which every side is large enough, where languages are mixed."""
        if self.estimates.is_grouped:
            return {}
        found = {code: within_language(self.estimates, code) for code in self.estimates.shared_languages}
        return {code: estimates for code, estimates in found.items() if estimates.pairs and estimates.large}

    @cached_property
    def quotes(self) -> Quotes:
        """The sentences of the book as quotations."""
        return Quotes(self.book)

    @property
    def answer(self) -> str:
        """What the texts say of the difference between the sides, or why they cannot say."""
        if self.estimates.is_grouped:
            return wording.groups_answer(self.estimates, partial(wording.label_of, scheme=self.book.scheme))
        if self.result.too_small:
            why = listed(say_finding("comparison.lacking", one) for one in self.result.too_small)
            return say("comparison.answer.read_on", answer=wording.cannot_say(self.estimates.labels, why))
        return _says(self.estimates, self.book.scheme)


def _is_steps(estimates: Estimates) -> bool:
    return estimates.is_sequence and not estimates.is_grouped


def _says(estimates: Estimates, scheme: Scheme, words: str = "") -> str:
    if not estimates.pairs:
        return wording.cannot_say(estimates.labels, say_finding("comparison.clash", estimates.hindrance).rstrip("."))
    label = partial(wording.label_of, scheme=scheme)
    if estimates.is_sequence:
        return wording.answer_sequence(estimates.pairs, estimates.labels, label, words)
    return wording.answer(estimates.pairs[0], label, words)


def elsewhere(book: Book) -> Html:
    """Return where more texts are counted than stand here; empty where nothing is measured or no page says it."""
    to, project = comparisons.load_elsewhere(book.project), book.project
    if to is None or to.measured not in measured_names(project) or to.page not in made_pages(project):
        return Html(Markup(""))
    number = int((load_measured(project, to.measured).documents["kind"] == to.kind).sum())
    sentence = in_words(to.sentence.replace("{documents}", str(number))).markup
    address = f"../{to.page}.html#{to.anchor}"
    return render("headline", lead=to.lead, sentence=sentence, address=address, link=to.link)


def tell(told: Iterable[tuple[str, str]]) -> Html:
    """Return sentences as paragraphs, each behind the step of a sequence that it is about, where it is about one."""
    return render("told", told=told)


def download(data: pd.DataFrame, name: str) -> Html:
    """Return a link that saves `data` as NAME.csv."""
    return Html(Markup("<p>{}</p>").format(download_link(data, name)))


# The sides ------------------------------------------------------------------------------------------

def side_table(result: Comparison) -> pd.DataFrame:
    """Return one row a side: side, selection (in words), titles (linked), languages, and how much it holds: n_passages,
    n_sentences, n_blocks, and n_mentions that enter comparisons.
    """
    link = Markup('<a href="../documents/{}.html">{}</a>').format
    return pd.DataFrame([
        {"side": side.label,
         "selection": "; ".join(f"{field}: {_listed(value)}" for field, value in side.selection.items()),
         "titles": [Html(link(row.document, row.title)) for row in records(side.corpus.documents.head(MOST_DOCUMENTS))]
         + [say("frame.more_documents", number=len(side.corpus.documents) - MOST_DOCUMENTS)]
         * (len(side.corpus.documents) > MOST_DOCUMENTS),
         "languages": [language_name(code) for code in sorted(set(side.corpus.documents["language"]))],
         "n_passages": len(side.corpus.passages), "n_sentences": len(side.corpus.sentences),
         "n_blocks": len(side.corpus.blocks), "n_mentions": side.counted_mentions}
        for side in result.sides
    ])  # fmt: skip


def _listed(value: object) -> str:
    return listed(value, "or") if isinstance(value, list | tuple) else str(value)


def tell_within(page: ComparisonPage) -> Html:
    """Return what can be said within each language that all sides share."""
    return render("says_within", within=[_says(one, page.book.scheme, _alone(code))
                                         for code, one in page.by_language.items() if _any_settled(one)])  # fmt: skip


def tell_halves(page: ComparisonPage) -> Html:
    """Return, where each side is one text, how far halves of the same text differ and what that can mean."""
    pairs = page.estimates.pairs if not page.estimates.is_sequence else ()
    told = (wording.halves_sentence(pair, find_halves(pair, page.book.comparable)) for pair in pairs)
    return tell(("", sentence) for sentence in told if sentence)


def tell_sides(page: ComparisonPage) -> Html:
    """Return on what sides about a plan rest, and how much else sets the sides apart."""
    rests = wording.rests_words(comparisons.rests_on(page.result), page.book.vocabulary.label)
    return render("rests", rests=rests, mixed=len(comparisons.find_confounds(page.result)))


def not_concluded(page: ComparisonPage) -> Html:
    """Return what may not be concluded: what the author of the comparison says, and what the tables show."""
    confounds = wording.confound_words(comparisons.find_confounds(page.result), page.book.vocabulary.label)
    stated = page.result.entry.limits(comparisons.plans_at_hand(page.book.corpus))
    return render("not_concluded", stated=stated, confounds=confounds)


def _any_settled(estimates: Estimates) -> bool:
    themes = (row for pair in estimates.pairs for row in pair.rows if row.family == "theme")
    return any(row.verdict not in ("too little evidence", "not settled") for row in themes)


def _alone(code: str) -> str:
    return say("comparison.scope.one_language", language=language_name(code))


# The rows: blocks, shares, differences with their intervals, verdicts and reasons -------------------

#: What a row of two sides says of its difference (see policybook.analysis.counts.Row).
ESTIMATED = ("difference", "low95", "high95", "low", "high", "eligible", "verdict", "fragile")
_COUNT = Markup('<a class="pb-count" href="{}">{}</a> <span class="pb-quiet">{}</span>')


def row_table(estimates: Estimates, scheme: Scheme, prefix: str = "", evidence: str = "") -> pd.DataFrame:
    """Return the rows of a comparison: every theme or concept that may enter and stands on some side.

    - `family`, `id`, `label`, `term_zh` (of a concept); `anchor`, its id on the page, and `label_href`, its evidence.
    - of side n, from 1: `blocks_n` that carry it, of `total_n`; `share_n` with its 95 % interval `low_n` to `high_n`;
      `mentions_n`; `side_n`, what a page shows of these.
    - of two sides ESTIMATED and `reason`, and what a page shows of them, `estimate` and `judgement`.

    Themes stand in the scheme's order, concepts by blocks. `prefix` tells the ids of several tables on one page apart,
    `evidence` those of the themes' evidence.
    """
    pair = estimates.pairs[0] if len(estimates.pairs) == 1 and not estimates.is_grouped else None
    shares = {family: estimates.shares(family) for family in FAMILIES}
    keys = [key for key in found_rows(estimates) if not _shut_out(estimates, key)]
    reasons = {wording.reason_words(pair.row(key).reason) for key in keys} if pair else set()
    rows = []
    for key in keys:
        row = _named(key, scheme, prefix, evidence)
        for n, (table, side) in enumerate(zip(shares[key[0]], estimates.sides, strict=True), 1):
            cells = table.loc[key[1]].to_dict()
            row |= {f"{c}_{n}": int(cells[c]) for c in ("blocks", "mentions")} | {f"total_{n}": len(side.blocks)}
            row |= {f"{c}_{n}": float(cells[c]) for c in ("share", "low", "high")}
            row[f"side_{n}"] = Html(_COUNT.format(row["label_href"], row[f"blocks_{n}"], _share(row, n, pair)))
        rows.append(row | (_estimated(pair.row(key), pair, reasons if len(reasons) == 1 else ()) if pair else {}))
    return pd.DataFrame(rows, columns=None if rows else ["family", "id", "label", "anchor", "label_href"])


def groups_matrix(page: ComparisonPage) -> Html:
    """Return groups × groups with what is settled between each two or, each against the rest, a row a group."""
    estimates, ids = page.estimates, page.result.entry.group_ids
    if any(other < 0 for _, other in (*estimates.between, *estimates.hindered)):
        return _against_rest(page)
    cells = {pair: _settled(found) for pair, found in zip(estimates.between, estimates.pairs, strict=True)}
    cells |= dict.fromkeys(estimates.hindered, say("comparison.groups.clash"))
    rows = []
    for n, label in enumerate(estimates.labels):
        row: dict[str, object] = {"group": label}
        for m, other in enumerate(ids[1:], 1):
            row[f"with-{other}"] = cells[n, m] if n < m else ""
            row[f"with-{other}_href"] = f"#{_pair_id(ids, (n, m))}" if n < m else ""
        rows.append(row)
    others = zip(ids[1:], estimates.labels[1:], strict=True)
    labels = {"group": say("comparison.groups.group")} | {f"with-{other}": label for other, label in others}
    return show(pd.DataFrame(rows[:-1]), labels=labels, caption=say("comparison.groups.matrix"),
                name=f"{page.comparison}-matrix", dense=True)  # fmt: skip


def _against_rest(page: ComparisonPage) -> Html:
    estimates, scheme = page.estimates, page.book.scheme
    rows: list[dict[str, object]] = []
    for pair, found in zip(estimates.between, estimates.pairs, strict=True):
        by = defaultdict[str, list[str]](list)
        for row in found.rows:
            if row.family == "theme":
                by[row.verdict].append(wording.label_of(row, scheme))
        told: dict[str, object] = {"more": by["more in left"], "less": by["more in right"], "alike": by["alike"]}
        judged = any(row.eligible for row in found.rows if row.family == "theme")
        rows.append({"group": found.labels[0], **told, "unclear": len(by["not settled"]) if judged else None,
                     "group_href": f"#{_pair_id(page.result.entry.group_ids, pair)}"})  # fmt: skip
    labels = {name: say(f"comparison.groups.{name}") for name in ("group", "more", "less", "alike", "unclear")}
    table = pd.DataFrame(rows, columns=[*labels, "group_href"]).astype({"unclear": "Int64"})
    return show(table, labels=labels, stacked=True,
                caption=say("comparison.groups.against_rest"), name=f"{page.comparison}-matrix")  # fmt: skip


def _pair_id(ids: Sequence[str], pair: tuple[int, int]) -> str:
    return f"pair-{ids[pair[0]]}-{ids[pair[1]] if pair[1] >= 0 else 'rest'}"


def _settled(pair: PairComparison) -> str:
    """Return in a few words how many themes of a pair are settled."""
    themes = [row for row in pair.rows if row.family == "theme"]
    apart, same = (sum(row.verdict.startswith(verdict) for row in themes) for verdict in ("more", "alike"))
    if apart or same:
        return say("comparison.groups.cell", apart=apart, same=same)
    return say(f"comparison.groups.{'unsettled' if any(row.eligible for row in themes) else 'unjudged'}")


def group_pairs(page: ComparisonPage) -> Html:
    """Return what was estimated between each two groups, a fold a pair, under the id that the matrix leads to."""
    estimates, scheme, parts = page.estimates, page.book.scheme, list[dict[str, object]]()
    label, evidence = partial(wording.label_of, scheme=scheme), "" if estimates.usable.all() else ALL
    for pair, found in zip(estimates.between, estimates.pairs, strict=True):
        rows = [_named((row.family, row.id), scheme, "", evidence) | _estimated(row, found)
                for row in found.rows if row.eligible]  # fmt: skip
        table = show(pd.DataFrame(rows).drop(columns="anchor"), **wording.pair_looks()) if rows else None
        parts.append({"id": _pair_id(page.result.entry.group_ids, pair), "sides": found.labels,
                      "answer": wording.answer(found, label), "table": table, "why": ""})  # fmt: skip
    for pair, why in estimates.hindered.items():
        sides = [estimates.labels[n] if n >= 0 else say("comparison.groups.rest") for n in pair]
        parts.append({"id": _pair_id(page.result.entry.group_ids, pair), "sides": sides, "answer": "", "table": None,
                      "why": say_finding("comparison.clash", why)})  # fmt: skip
    return render("group_pairs", parts=parts)


def step_table(estimates: Estimates, scheme: Scheme, evidence: str = "") -> pd.DataFrame:
    """Return the rows of a sequence that can be judged, step by step; none of two sides.

    Columns: `between` (which periods), and as of row_table family, id, label, term_zh, label_href, ESTIMATED, reason,
    estimate and judgement. `evidence` as there.
    """
    rows = [{"between": wording.between_words(pair, estimates)} | _named((row.family, row.id), scheme, "", evidence)
            | _estimated(row, pair) for pair in (estimates.pairs if _is_steps(estimates) else ()) for row in pair.rows
            if row.eligible]  # fmt: skip
    return pd.DataFrame(rows).drop(columns="anchor", errors="ignore")


def language_table(estimates: Estimates, scheme: Scheme) -> pd.DataFrame:
    """Return in how many blocks of each side's texts in each language a row stands, where languages are mixed.

    Rows are the themes with all their concepts counted, and the concepts that may not enter. Columns: `label`,
    `term_zh`, `anchor`, `label_href`, and one a side and language, headed by them, with "3 of 28" or "–" without texts.
    """
    if estimates.usable.all():
        return pd.DataFrame()
    complete, parts, rows = estimates.with_every_concept(), {}, []
    for label, side in zip(complete.labels, complete.sides, strict=True):
        for code in complete.languages:
            of = side.documents.loc[side.documents["language"] == code, "document"]
            part = side.keep(side.blocks["document"].isin(of).to_numpy(dtype=bool), code)
            parts[say("comparison.rows.side_language", side=label, language=language_name(code))] = part
    for key in _themes(complete) + [key for key in found_rows(estimates) if _shut_out(estimates, key)]:
        concepts = members(complete.sides[0], key, complete.usable)
        columns = [complete.sides[0].concepts.index(concept) for concept in concepts]
        cells = {name: _of_all(int(part.mentions[:, columns].any(axis=1).sum()), part) for name, part in parts.items()}
        named = _named(key, scheme, ALL, ALL)
        leads = {f"{name}_href": named["label_href"] for name, cell in cells.items() if "–" not in cell}
        rows.append(named | cells | leads)
    return pd.DataFrame(rows).drop(columns=["family", "id"], errors="ignore")


def show_within(page: ComparisonPage) -> Html:
    """Return the same comparison within each language that all sides share, or why there is none."""
    parts = [_within(page, code, estimates) for code, estimates in page.by_language.items()]
    both = (page.estimates.languages, page.estimates.shared_languages)
    languages, shared = ([language_name(code) for code in codes] for codes in both)
    return render("within_language", parts=parts, languages=languages, shared=shared)


def _within(page: ComparisonPage, code: str, estimates: Estimates) -> dict[str, object]:

    scheme = page.book.scheme
    tables = row_tables(row_table(estimates, scheme, f"{code}-", ALL), estimates)
    if len(steps := step_table(estimates, scheme, ALL)):
        tables.append(show(steps, **wording.step_looks()))
    tables.append(download(wording.comparison_table(estimates, scheme), f"{page.comparison}-{code}-counts"))
    return {"code": code, "language": language_name(code), "says": _says(estimates, scheme, _alone(code)),
            "sizes": [(label, len(side.blocks)) for label, side in zip(estimates.labels, estimates.sides, strict=True)],
            "table": Markup("\n").join(one.markup for one in tables)}  # fmt: skip


def row_tables(rows: pd.DataFrame, estimates: Estimates) -> list[Html]:
    """Return rows of row_table as a page shows them: what holds of all, a table of themes and one of concepts."""
    families = [(family, rows[rows["family"] == family]) for family in FAMILIES]
    tables = [show(some, **wording.row_looks(estimates, family, bool(some["term_zh"].any())))
              for family, some in families if len(some)]  # fmt: skip
    return [tell(wording.row_sentences(rows, estimates)), *tables]


def fold_statistics(line: str, *parts: Html | Chart) -> Html:
    """Return what a page shows, all of it folded away behind one line."""
    return render("fold", line=line, parts=[Markup(part._repr_html_()) for part in parts])


def found_rows(estimates: Estimates) -> list[RowKey]:
    """Return the rows that stand on some side: themes in the scheme's order, concepts by blocks."""
    found: list[RowKey] = []
    for family in FAMILIES:
        blocks = sum(table["blocks"] for table in estimates.shares(family))
        standing = blocks[blocks > 0] if isinstance(blocks, pd.Series) else pd.Series(dtype=int)
        if family == "concept":
            standing = standing.sort_values(ascending=False, kind="stable")
        found += [(family, str(identifier)) for identifier in standing.index]
    return found


def _themes(estimates: Estimates) -> list[RowKey]:
    return [key for key in found_rows(estimates) if key[0] == "theme"]


def _shut_out(estimates: Estimates, key: RowKey) -> bool:
    """Return whether a concept may not enter because the sides are not of one language."""
    return key[0] == "concept" and not estimates.usable[estimates.sides[0].concepts.index(key[1])]


def _named(key: RowKey, scheme: Scheme, prefix: str = "", evidence: str = "") -> dict[str, Any]:
    """Return what a row is called on the page, its id, and the address of its evidence: of a concept there is one."""
    (family, identifier), (chinese, english) = key, wording.row_terms(key, scheme)
    is_concept = family == "concept"
    return {"family": family, "id": identifier, "label": english, "term_zh": chinese if is_concept else None,
            "anchor": f"row-{prefix}{family}-{identifier}",
            "label_href": f"#evidence-{'' if is_concept else evidence}{family}-{identifier}"}  # fmt: skip


def _share(row: Mapping[str, Any], n: int, pair: PairComparison | None) -> str:
    """Return the share of side n, and in a sequence its interval and mentions."""
    share = percent(row[f"share_{n}"], wording.digits_of(pair) if pair else 0) if row[f"total_{n}"] else "–"
    if pair:
        return share
    return f"· {share} ({100 * row[f'low_{n}']:.0f}–{100 * row[f'high_{n}']:.0f}) · {row[f'mentions_{n}']}"


def _estimated(row: Row, pair: PairComparison, said: Collection[str] = ()) -> dict[str, Any]:
    """Return what a row says of its difference, and what a page shows of that: no reason that was `said` of all."""
    digits, reason = wording.digits_of(pair), wording.reason_words(row.reason)
    told = {name: points(getattr(row, name), digits, signed=True) for name in ESTIMATED[:5]} if row.eligible else {}
    judgement = render("judgement", fragile=row.fragile, reason="" if reason in said else reason,
                       verdict=wording.verdict_words(row.verdict, pair.labels),
                       directional=row.verdict.startswith("more"))  # fmt: skip
    shown = {"reason": reason, "estimate": render("estimate", eligible=row.eligible, **told), "judgement": judgement}
    return {name: getattr(row, name) for name in ESTIMATED} | shown


def _of_all(found: int, part: BlockCounts) -> str:
    return say("comparison.rows.of", found=found, all=len(part.blocks)) if len(part.blocks) else "–"


def comparison_chart(themes: pd.DataFrame, estimates: Estimates, name: str) -> Chart | None:
    """Return the chart of themes of row_table, whose labels lead to their rows; None where none can be estimated."""
    if not estimates.pairs or themes.empty or len(estimates.sides) > MAX_PERIODS:
        return None
    rows = themes.assign(href="#" + themes["anchor"], looks="")
    sides = pd.concat([
        rows.assign(**dict.fromkeys(("period", "unit", "name", "group"), label), share=rows[f"share_{n}"],
                    value=rows[f"share_{n}"], count=rows[f"blocks_{n}"], total=rows[f"total_{n}"])
        for n, label in enumerate(estimates.labels, 1)
    ])  # fmt: skip
    if _is_steps(estimates):
        return slope_chart(name, sides, say("comparison.chart.periods"))
    return dot_chart(name, sides, say("comparison.chart.sides"), axis=say("charts.slopes.axis"))


def texts_wanted(page: ComparisonPage) -> Html:
    """Return for every side the recommended texts that would bring passages to it, where some theme is open."""
    themes = [row for pair in page.estimates.pairs for row in pair.rows if row.family == "theme"]
    if themes and all(map(wording.is_judged, themes)):
        return Html(Markup(""))
    book, documents, found = page.book, page.book.corpus.documents, []
    at_hand = {*documents["document"], *documents["recommended"].dropna()}
    recommended = load_recommended(book.project, book.vocabulary)
    for side in page.result.sides:
        plan, groups = side.selection.get("plan"), defaultdict[str, list[RecommendedText]](list)
        wanted = comparisons.wanted_texts(recommended, side.selection, at_hand, book.vocabulary)
        own = [text for text in wanted if not text.group or text.text_of == plan is not None]
        for text in wanted:
            if text.group and text not in own:
                groups[text.group].append(text)
        texts = [(text, language_name(text.language)) for text in own]
        found.append({"label": side.label, "plan": plan, "texts": texts, "groups": groups})
    return render("texts_wanted", texts=found)


# The sentences that rows of a comparison were counted from: evidence, and the side-by-side reading ---

@dataclass(frozen=True)
class Quotes:
    """The sentences of a book as quotations with the words marked that they are quoted for."""

    book: Book

    def some(self, sentences: Sequence[str], concepts: Collection[str] | None, most: int,
             in_turn: bool = False) -> dict[str, Any]:  # fmt: skip
        """Return at most so many quotations, and references to the other sentences by document.

        Quotations stand in reading order, or with one of every document before any has a second.
        """
        ordered = _in_turn(sentences) if in_turn else list(sentences)
        more = sorted(ordered[most:], key=lambda identifier: identifier.split(":")[0])  # stable: reading order stays
        references = [
            {"sentence": one, "anchor": one.split(":")[1], "document": one.split(":")[0], "times": 1,
             "place": one.partition(":p")[2].lstrip("0")}
            for one in more
        ]
        by_document = [(d, list(rest)) for d, rest in groupby(references, key=itemgetter("document"))]
        if len(by_document) > MOST_DOCUMENTS:  # of each the first, and how many there are
            by_document = [(d, [rest[0] | {"times": len(rest)}]) for d, rest in by_document]
        named = [(document, self.book.called[document], rest) for document, rest in by_document[:MOST_DOCUMENTS]]
        quotes = [self.quote(one, concepts) for one in ordered[:most]]
        return {"quotes": quotes, "number": len(sentences), "n_more": len(more), "more": named,
                "n_documents_more": max(len(by_document) - MOST_DOCUMENTS, 0)}  # fmt: skip

    def mentioning(self, side: BlockCounts) -> list[dict[str, Any]]:
        """Return quotations of every sentence of a side that mentions anything, compared or not."""
        mentions = self.book.corpus.mentions
        found = mentions.loc[mentions["block"].isin(side.blocks["block"]), "sentence"]
        return [self.quote(one) for one in dict.fromkeys(found)]

    def quote(self, identifier: str, concepts: Collection[str] | None = None) -> dict[str, Any]:
        """Return the quotation of a sentence in which the counted mentions of `concepts` are marked, or all."""
        row, found = self._sentences[identifier], self._mentions.get(identifier, ())
        spans = [(one.start, one.end, term_mark(self.book, one.concept)) for one in found
                 if concepts is None or (one.concept in concepts and one.counted)]  # fmt: skip
        language = HTML_LANGUAGE[self._languages[row.document]]
        return {"id": identifier, "document": row.document, "place": self.book.place(identifier),
                "anchor": identifier.split(":")[1], "language": language, "text": mark_spans(row.text, spans)}

    @cached_property
    def _sentences(self) -> dict[str, Any]:
        return {row.sentence: row for row in records(self.book.corpus.sentences)}

    @cached_property
    def _mentions(self) -> dict[str, list[Any]]:
        found = defaultdict[str, list[Any]](list)
        for mention in records(self.book.corpus.mentions):
            found[mention.sentence].append(mention)
        return found

    @cached_property
    def _languages(self) -> dict[str, str]:
        documents = self.book.corpus.documents
        return dict(zip(documents["document"], documents["language"], strict=True))


def show_evidence(page: ComparisonPage) -> Html:
    """Return for every row of the tables the sentences on each side that it was counted from, folded."""
    estimates = page.estimates
    shown = [_evidence(page.quotes, estimates, found_rows(estimates), "")]
    if not estimates.usable.all():
        complete = estimates.with_every_concept()
        shown.append(_evidence(page.quotes, complete, _themes(complete), say("comparison.every_concept"), ALL))
    return Html(Markup("\n").join(shown))


def _evidence(quotes: Quotes, estimates: Estimates, keys: Sequence[RowKey], name: str, prefix: str = "") -> Markup:
    """Return the evidence of rows; `prefix` tells ids apart, and what has a `name` is folded together under it."""
    rows, most = [], QUOTES_PER_ROW_OF_MANY if quotes.book.is_large else QUOTES_PER_ROW
    for key in keys:
        concepts = frozenset(members(estimates.sides[0], key, estimates.usable))
        sides = zip(estimates.labels, estimates.evidence(key), strict=True)
        cells = [{"label": label, **quotes.some(found, concepts, most)} for label, found in sides]
        label = wording.row_name(key, quotes.book.scheme)
        rows.append({"id": f"{prefix}{'-'.join(key)}", "family": key[0], "label": label, "cells": cells})
    return render("evidence", rows=rows, name=name, prefix=prefix).markup


def show_reading(page: ComparisonPage) -> Html:
    """Return themes of the smallest side, each with the sentences of every side; themes only others have are named."""
    quotes, sides, labels, scheme = page.quotes, page.estimates.sides, page.estimates.labels, page.book.scheme
    if page.estimates.is_grouped and len(sides) > MOST_BESIDE:
        return Html(Markup("<p>{}</p>").format(say("comparison.groups.reading", groups=len(sides))))
    smallest = min(range(len(sides)), key=lambda n: len(sides[n].blocks))
    in_theme = {theme.id: [c.id for c in scheme.concepts if c.theme == theme.id] for theme in scheme.themes}
    present = [theme for theme in scheme.themes if sides[smallest].evidence(in_theme[theme.id])]
    rows = []
    for theme in present:
        of = in_theme[theme.id]
        cells = [quotes.some(side.evidence(of), of, QUOTES_PER_CELL, in_turn=True) for side in sides]
        rows.append({"label": theme.label, "cells": cells})
    return render(
        "reading", sides=labels, rows=rows, smallest=labels[smallest],
        absent=[theme.label for theme in scheme.themes if theme not in present],
        whole=[] if present else quotes.mentioning(sides[smallest]), short=bool(page.result.too_small),
    )  # fmt: skip


def _in_turn(sentences: Sequence[str]) -> list[str]:
    """Return sentences so that every document has its first before any has its second."""
    ids = pd.Series(sentences, dtype=object)
    rank = ids.groupby(ids.str.split(":").str[0]).cumcount()
    return list(ids[rank.sort_values(kind="stable").index])
