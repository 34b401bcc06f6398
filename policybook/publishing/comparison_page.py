"""What the page of one comparison shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from policybook.analysis.comparisons import Comparison, load_elsewhere
from policybook.analysis.confounds import find_confounds
from policybook.analysis.estimates import Estimates, estimate_sides, within_language
from policybook.analysis.reporting import label_of
from policybook.analysis.rests_on import plans_at_hand, rests_on
from policybook.analysis.rows import Row
from policybook.charts.theme import Chart
from policybook.coding.measured import load_measured, measured_names
from policybook.corpus.model import records
from policybook.corpus.selection import Selection
from policybook.publishing.book import Book
from policybook.publishing.comparison_charts import comparison_chart
from policybook.publishing.comparison_checks import ComparisonChecks
from policybook.publishing.comparison_quotes import Quotes, show_evidence, show_reading
from policybook.publishing.comparison_tables import ALL, found_rows, show_rows
from policybook.publishing.markup import Html, render
from policybook.publishing.numbers import in_words
from policybook.publishing.other_pages import made_pages
from policybook.words.comparisons import (
    answer,
    answer_sequence,
    cannot_say,
    clash_words,
    confound_words,
    lacking_words,
    rests_words,
)
from policybook.words.say import language_name, say


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
        within = [self._says(one, _alone(code)) for code, one in self.by_language.items() if _judged(one)]
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


def _judged(estimates: Estimates) -> bool:
    """Whether any theme has a verdict other than too little evidence."""
    rows = [row for pair in estimates.pairs for row in pair.rows if row.family == "theme"]
    return any(row.verdict != "too little evidence" for row in rows)


def _alone(code: str) -> str:
    return say("comparison.scope.one_language", language=language_name(code))


def _listed(value: object) -> str:
    return " or ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _names(codes: Sequence[str]) -> list[str]:
    return [language_name(code) for code in codes]
