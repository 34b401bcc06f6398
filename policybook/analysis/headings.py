"""The headings of plans, coded with the concept scheme and set side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from policybook.analysis.facts.rows import Heading
from policybook.coding.concepts import ConceptFinder
from policybook.coding.scheme import Scheme


@dataclass(frozen=True)
class CodedHeading:
    """A heading and the concepts that it carries, in the order of the scheme."""

    heading: Heading
    concepts: tuple[str, ...]


@dataclass(frozen=True)
class Family:
    """Headings of several plans that share a concept, or their very wording: plan → headings."""

    concepts: tuple[str, ...]
    headings: Mapping[str, tuple[CodedHeading, ...]]

    def status(self, plans: Sequence[str]) -> str:
        """Return "in all", "new", "gone" or "in some" over `plans`, earliest first; "" where nothing is coded.

        "New" is a family that only the last plan has, "gone" one that the last plan has not.
        """
        if not self.concepts:
            return ""
        present = [bool(self.headings.get(plan)) for plan in plans]
        if all(present):
            return "in all"
        if not present[-1]:
            return "gone"
        return "in some" if any(present[:-1]) else "new"


def code_headings(headings: Sequence[Heading], scheme: Scheme) -> list[CodedHeading]:
    """Code the Chinese headings, also with forms that stand within longer ones.

    A heading is too short to be counted by its longest forms only: one that names people moving out of farming *and*
    their citizenship is about both. Words that define the corpus, and institutions, are left out.
    """
    finder = ConceptFinder(scheme)
    order = {concept.id: n for n, concept in enumerate(scheme.concepts)}
    coded = []
    for heading in headings:
        found = {concept for concept in _within(heading.title_zh, finder) if scheme.counted(concept)}
        coded.append(CodedHeading(heading, tuple(sorted(found, key=order.__getitem__))))
    return coded


def set_side_by_side(headings: Sequence[CodedHeading], scheme: Scheme) -> list[Family]:
    """Return the families, in the order of the scheme; headings without a concept come last, each by its wording.

    Two headings are counterparts when they share a concept, or are the same words; counterparts of counterparts belong
    to one family.
    """
    groups: list[list[CodedHeading]] = []
    for heading in headings:
        related = [group for group in groups if any(_counterparts(heading, other) for other in group)]
        groups = [group for group in groups if group not in related]
        groups.append([one for group in related for one in group] + [heading])
    order = {concept.id: n for n, concept in enumerate(scheme.concepts)}
    families = [_family(group, order) for group in groups]
    last = len(order)
    return sorted(families, key=lambda f: min((order[c] for c in f.concepts), default=last))


def _family(group: Sequence[CodedHeading], order: Mapping[str, int]) -> Family:
    concepts = {concept for heading in group for concept in heading.concepts}
    plans = dict.fromkeys(one.heading.plan_id for one in group)
    of_plan = {plan: tuple(one for one in group if one.heading.plan_id == plan) for plan in plans}
    return Family(tuple(sorted(concepts, key=order.__getitem__)), of_plan)


def _counterparts(one: CodedHeading, other: CodedHeading) -> bool:
    return bool(set(one.concepts) & set(other.concepts)) or one.heading.title_zh == other.heading.title_zh


def _within(text: str, finder: ConceptFinder) -> Iterator[str]:
    for found in finder.find(text, "zh"):
        yield found.concept
        form = text[found.start : found.end]
        yield from _within(form[1:], finder)
        yield from _within(form[:-1], finder)
