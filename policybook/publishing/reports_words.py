"""What the page of measured reports says in sentences; every number in them comes from the tables."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from policybook.analysis import thresholds
from policybook.analysis.by_place import Sides
from policybook.analysis.compare import PairComparison
from policybook.analysis.rows import Row
from policybook.publishing.reports_data import Reports, span
from policybook.words.comparisons import lacking_words, share_words
from policybook.words.say import listed

LEFT, RIGHT = "more in left", "more in right"
#: What stands in the place of a number that nobody counted.
NOT_COUNTED = "not counted"


def answer(reports: Reports) -> str:
    """Return who speaks more often of what, over all years and within all blocks."""
    documents = len(reports.counts.documents)
    every = [year for years in reports.years.values() for year in years]
    start = f"Judged by {documents} {reports.settings.kind}s of {span(every)}"
    pairs = [sides for sides in reports.compared[0] if sides.over_all_years]
    return f"{start}, {_clauses(reports, pairs)}."


def answer_within(reports: Reports) -> str:
    """Return the end of a sentence that says the same within the blocks that speak of the field."""
    pairs = [sides for sides in reports.compared[1] if sides.over_all_years]
    return f"{_clauses(reports, pairs)}."


def answer_concepts(reports: Reports) -> str:
    """Return which concepts differ between two places over all years and within all blocks."""
    pairs = [sides.result for sides in reports.compared[0] if sides.over_all_years and sides.result]
    rows = [[row for row in result.rows if row.family == "concept"] for result in pairs]
    found = [clause for result, some in zip(pairs, rows, strict=True) for clause in _directions(reports, result, some)]
    if not found:
        return "Of the single concepts, none is clearly more frequent in one place than in another."
    return f"Of the single concepts, {'; '.join(found)}."


def answer_change(reports: Reports) -> str:
    """Return what changed in the places between eras that have documents enough."""
    made = [sides.result for sides in reports.changes if sides.result]
    changed = [row for one in made for row in one.rows if row.family == "theme" and row.verdict in (LEFT, RIGHT)]
    if not made:
        return "No place has documents enough in two eras for a statement on change."
    if changed:
        return changes_sentence(reports)
    spans = listed(list(dict.fromkeys(f"{one.labels[0]} to {one.labels[1]}" for one in made)))
    places = listed(list(dict.fromkeys(reports.name(str(sides.place)) for sides in reports.changes)))
    return f"From {spans}, no theme changed clearly in the reports of {places}."


def eras_sentence(reports: Reports) -> str:
    """Return what holds in each era, and where there are too few documents to say."""
    parts = []
    for era in reports.eras:
        pairs = [sides for sides in reports.compared[0] if sides.era == era]
        if any(sides.result for sides in pairs):
            parts.append(f"In {reports.era_name(era)}, {_clauses(reports, pairs)}.")
        else:
            why = listed(list(dict.fromkeys(lacking_words(part) for sides in pairs for part in sides.why)))
            parts.append(f"For {reports.era_name(era)} nothing can be said in general: {why}.")
    return " ".join(parts)


def changes_sentence(reports: Reports) -> str:
    """Return what changed in each place from era to era."""
    parts = []
    for place in reports.places:
        own = [sides for sides in reports.changes if sides.place == place]
        name = capitalise(reports.name(place))
        if not own:
            parts.append(f"{name} has no two eras with {thresholds.MIN_DOCUMENTS} documents each.")
        for sides in own:
            assert sides.result is not None
            parts.append(f"{name}, {_change(reports, sides.result)}.")
    left_out = [
        f"{reports.era_name(era)} of {reports.name(place)}"
        for place in reports.places
        for era in reports.eras
        if 0 < len(reports.counts.select(place=place, era=era).documents) < thresholds.MIN_DOCUMENTS
    ]
    few = f" Too few documents for a general statement: {listed(left_out)}." if left_out else ""
    return " ".join(parts) + few


def concepts_sentence(reports: Reports, result: PairComparison) -> str:
    """Return which concepts differ between two places, and how many can be judged."""
    rows = [row for row in result.rows if row.family == "concept"]
    judged = sum(row.verdict != "too little evidence" for row in rows)
    found = _directions(reports, result, rows)
    said = "; ".join(found) if found else "none is clearly more frequent on one side"
    return f"Of {judged} concepts that can be judged, {said}."


def capitalise(text: str) -> str:
    """Return a sentence with a capital letter."""
    return text[:1].upper() + text[1:]


def percent(share: float) -> str:
    """Return a share in percent, with a decimal where it is small."""
    if math.isnan(share):
        return "–"
    return f"{100 * share:.{0 if share >= 0.1 else 1}f} %"


def _clauses(reports: Reports, pairs: Iterable[Sides]) -> str:
    """Return a clause for every pair; those without any difference are told together."""
    found, same, unsaid = [], [], []
    for sides in pairs:
        both = f"{reports.name(sides.left)} and {reports.name(sides.right)}"
        themes = [row for row in sides.result.rows if row.family == "theme"] if sides.result else []
        if sides.result and (clauses := _directions(reports, sides.result, themes)):
            found += clauses
        elif any(row.eligible for row in themes):
            same.append(both)
        else:
            unsaid.append(both)
    if same and not found and not unsaid and len(same) > 1:
        return "no theme differs clearly between any two of them"
    if same:
        found.append(f"between {' or between '.join(same)} no theme differs clearly")
    if unsaid:
        found.append(f"of {' and of '.join(unsaid)} nothing can be said")
    return "; ".join(found)


def _directions(reports: Reports, result: PairComparison, rows: Sequence[Row]) -> list[str]:
    left, right = result.labels
    clauses = []
    for verdict, more, less in ((RIGHT, right, left), (LEFT, left, right)):
        named = [_named(reports, row) for row in rows if row.verdict == verdict]
        if named:
            clauses.append(f"{more} speaks more often than {less} of {listed(named)}")
    return clauses


def _change(reports: Reports, result: PairComparison) -> str:
    rows = [row for row in result.rows if row.family == "theme" and row.counted]
    before, after = result.labels
    parts = [
        f"{word} often of {listed(named)}"
        for verdict, word in ((RIGHT, "more"), (LEFT, "less"))
        if (named := [_named(reports, row) for row in rows if row.verdict == verdict])
    ]
    when = f"in {after} against {before}"
    judged = sum(row.verdict != "too little evidence" for row in rows)
    if not parts:
        largest = max(rows, key=lambda row: abs(row.difference))
        shares = f"{percent(largest.left.share)} to {percent(largest.right.share)}"
        return (
            f"{when}: none of {judged} themes that can be judged differs clearly; the largest difference is in "
            f"“{reports.label(largest.family, largest.id)}” ({shares})"
        )
    return f"{when}: speaks {' and '.join(parts)}"


def _named(reports: Reports, row: Row) -> str:
    return f"“{reports.label(row.family, row.id)}” ({share_words(row)})"
