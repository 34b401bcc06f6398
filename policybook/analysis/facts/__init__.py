"""Figures from outside the documents: rows with an origin each, read, checked and judged."""

from __future__ import annotations

from policybook.analysis.facts.dataset import Facts
from policybook.analysis.facts.loading import load_facts
from policybook.analysis.facts.rows import CONFIDENCE, Break, Count, Event, Heading, Plan, Rate, Row, Target

__all__ = ["CONFIDENCE", "Break", "Count", "Event", "Facts", "Heading", "Plan", "Rate", "Row", "Target", "load_facts"]
