"""What the page about institutions and events shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from policybook.analysis.facts import Event, Facts, load_facts
from policybook.charts.theme import Chart, download_link
from policybook.charts.timeline import DOCUMENTS, EVENTS, timeline_chart
from policybook.corpus.model import records
from policybook.publishing.book import Book
from policybook.publishing.markup import Html, render
from policybook.publishing.numbers import row_anchor, tally
from policybook.publishing.origins import as_table, conflicting, describe, passage_links
from policybook.tables import parse_span


@dataclass(frozen=True)
class TimelinePage:
    """Events by place, and the documents at the time they were written; `places` have a lane each."""

    book: Book
    places: Sequence[str]

    @cached_property
    def facts(self) -> Facts:
        """The tables of data/facts."""
        return load_facts(self.book.project)

    @cached_property
    def events(self) -> list[Event]:
        """Events in the order of their dates; within a year those known by the year only come first."""
        return sorted(self.facts.events, key=lambda event: (parse_span(event.date)[0], event.line))

    def lanes(self, event: Event) -> list[str]:
        """Where an event belongs: the places that its jurisdiction names, else everywhere else."""
        return [place for place in self.places if place in event.jurisdiction] or ["elsewhere"]

    def tallies(self) -> dict[str, Html]:
        """How many events there are, and for which place."""
        found = {"n_events": tally(self.events)}
        for lane in (*self.places, "elsewhere"):
            found[f"n_{lane.lower()}"] = tally([event for event in self.events if lane in self.lanes(event)])
        return found

    def chart(self, plans: Sequence[str], caption: str) -> Chart:
        """Events in their lanes, the documents below them, the plans' periods behind."""
        rows = [
            (lane, event.date, *parse_span(event.date), event.event_en, event.id, row_anchor(event))
            for lane in (*self.places, "elsewhere")
            for event in self.events
            if lane in self.lanes(event)
        ]
        periods = [(p.short, int(p.first_year), int(p.last_year)) for p in map(self.facts.plan, plans)]
        alt = f"{caption} " + "; ".join(
            f"{lane}: {sum(row[0] == lane for row in rows)} events" for lane in dict.fromkeys(row[0] for row in rows)
        )
        documents = self._documents()
        alt += "; documents: " + "; ".join(f"{row.label}, written {row.written}" for row in records(documents))
        return timeline_chart(
            "timeline", pd.DataFrame(rows, columns=list(EVENTS)), documents,
            pd.DataFrame(periods, columns=["label", "first", "last"]), caption, alt,
        )  # fmt: skip

    def list(self) -> Html:
        """Every event and document in order of time, a year at a time."""
        items = [(parse_span(event.date)[0], self._event(event)) for event in self.events]
        items += [(row.written_from, self._document(row)) for row in records(self._documents())]
        items.sort(key=lambda item: item[0])
        years: dict[int, list[dict[str, object]]] = {}
        for day, item in items:
            years.setdefault(day.year, []).append(item)
        return render("timeline", years=years, download=download_link(as_table(self.events), "events"))

    def _event(self, event: Event) -> dict[str, object]:
        return {
            "kind": "event",
            "anchor": row_anchor(event),
            "row": event.id,
            "when": event.date,
            "precision": event.date_precision if event.date_precision not in ("day", "year", "month") else "",
            "title": event.event_en,
            "url": event.cite_url,
            "name": event.event_zh_name,
            "facts": [fact for fact in (event.document_no, event.actors) if fact],
            "places": [place.strip() for place in event.jurisdiction.split(";")],
            "note": event.note,
            "origin": event.origin.removesuffix(" (recalled, unverified)"),
            "recalled": event.recalled,
            "passages": passage_links(self.book, event),
            "conflicts": [{"row": row.id, "said": describe(row)} for row in conflicting(self.facts, event)],
        }

    @staticmethod
    def _document(row: Any) -> dict[str, object]:
        return {"kind": "document", **row._asdict()}

    def _documents(self) -> pd.DataFrame:
        """Columns DOCUMENTS and title and published, in the order of writing."""
        rows = [
            (d.document, d.written or d.published, *parse_span(d.written or d.published), f"document-{d.document}",
             d.title, d.published)
            for d in records(self.book.corpus.documents)
        ]  # fmt: skip
        ordered = sorted(rows, key=lambda row: (row[2], row[3], row[0]))
        return pd.DataFrame(ordered, columns=[*DOCUMENTS, "title", "published"], dtype=object)
