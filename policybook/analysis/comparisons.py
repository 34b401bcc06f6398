"""The entries of data/comparisons.yml: their sides, what else sets them apart, what they rest on."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

import pandas as pd
from pydantic import Field, field_validator

from policybook.analysis import thresholds
from policybook.analysis.counts import FAMILIES, BlockCounts, Finding, count_rows, too_small
from policybook.corpus.corpus import DOCUMENT_FIELDS, Corpus, KnownValues, Selection, Value, check_values
from policybook.corpus.manifest import SLUG, RecommendedText
from policybook.corpus.scope import Vocabulary
from policybook.errors import Problem, SelectionError, raise_problems, suggest
from policybook.intake.guess import Near, near_copies
from policybook.project import Project
from policybook.tables import FileModel, YamlFile

# On what a statement about a plan rests: on the plan's own text, or on what others say of it -------

@dataclass(frozen=True)
class Basis:
    """What a corpus holds about one plan: ids of documents that are its own text, and how much there is in all."""

    plan: str
    texts: tuple[str, ...]
    others: tuple[str, ...]
    passages: int
    sentences: int
    blocks: int
    own_blocks: int

    @property
    def is_own(self) -> bool:
        """Whether the plan's own text is among the documents."""
        return bool(self.texts)


def plan_basis(corpus: Corpus, plan: str) -> Basis:
    """Return what the passages about a plan are. Raises SelectionError for a plan the project does not know."""
    part = corpus.select(plan=plan)
    own = part.documents["text_of"] == plan
    texts, others = (tuple(part.documents.loc[marks, "document"]) for marks in (own, ~own))
    own_blocks = int(part.blocks["document"].isin(texts).sum())
    return Basis(plan, texts, others, len(part.passages), len(part.sentences), len(part.blocks), own_blocks)


def plans_at_hand(corpus: Corpus) -> frozenset[str]:
    """Return the plans whose own text is among the documents."""
    return frozenset(corpus.documents["text_of"].dropna())


def narrow_to_own_text(corpus: Corpus, selection: Selection) -> Selection:
    """Return a selection of one plan narrowed to that plan's own text, where the corpus has it; else the selection.

    A selection that names documents already, or no single plan, is returned as it is.
    """
    plan = selection.get("plan")
    if not isinstance(plan, str) or "document" in selection:
        return selection
    texts = plan_basis(corpus, plan).texts
    return {**selection, "document": texts[0] if len(texts) == 1 else list(texts)} if texts else selection


def count_once(corpus: Corpus, selection: Selection) -> tuple[Selection, list[tuple[str, Near]]]:
    """Return a selection without the documents that are near-duplicates of others in it, and these with their others.

    A selection without such documents is returned as it is.
    """
    names = corpus.select(selection).documents["document"]
    copies = near_copies(corpus.select(document=list(names))) if len(names) > 1 else []
    left_out = {name for name, _ in copies}
    kept = [name for name in names if name not in left_out]
    return ({**selection, "document": kept} if copies else selection), copies


def rests_on(comparison: Comparison) -> list[Finding]:
    """Return for every side that is about one plan what it rests on.

    `others` (documents, passages), `mixed` (own_blocks, blocks) or `own` (blocks), each with side and plan.
    """
    return [found for side in comparison.sides if (found := _basis_of(side))]


def _basis_of(side: Side) -> Finding | None:
    plan = side.selection.get("plan")
    if not isinstance(plan, str) or plan == "none" or side.corpus.passages.empty:
        return None
    basis, values = plan_basis(side.corpus, plan), {"side": side.label, "plan": plan}
    if not basis.is_own:
        return Finding("others", {**values, "documents": len(basis.others), "passages": basis.passages})
    if basis.others:
        return Finding("mixed", {**values, "own_blocks": basis.own_blocks, "blocks": basis.blocks})
    return Finding("own", {**values, "blocks": basis.blocks})


# The comparisons of a project: which selections stand side by side, and what is counted on each ----

class SideEntry(FileModel):
    """One side of a comparison as data/comparisons.yml describes it."""

    label: str
    select: dict[str, Any]
    own_text: bool = False

    def once_in(self, corpus: Corpus) -> tuple[Selection, list[tuple[str, Near]]]:
        """Return what the side selects in a corpus, and the near-duplicates it leaves out (see count_once).

        With `own_text` it selects a plan's own text, where the corpus has it.
        """
        return count_once(corpus, narrow_to_own_text(corpus, self.select) if self.own_text else self.select)

    def selection_in(self, corpus: Corpus) -> Selection:
        """Return what the side selects in a corpus."""
        return self.once_in(corpus)[0]


class PlanTexts(FileModel):
    """A condition: the plans whose own text is among the documents."""

    text_of: list[str] = Field(min_length=1)

    @field_validator("text_of", mode="before")
    @classmethod
    def _may_be_one(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value

    def holds(self, at_hand: Collection[str]) -> bool:
        """Whether the texts of all these plans are at hand."""
        return set(self.text_of) <= set(at_hand)


class Limit(FileModel):
    """What may not be concluded, and when that holds: `when` these texts are at hand, `unless` they are."""

    text: str
    when: PlanTexts | None = None
    unless: PlanTexts | None = None

    def __str__(self) -> str:
        return self.text

    def holds(self, at_hand: Collection[str]) -> bool:
        """Whether it is to be printed, given the plans whose text is at hand."""
        return not (self.when and not self.when.holds(at_hand)) and not (self.unless and self.unless.holds(at_hand))


#: Between so many pairs of groups at the most one entry compares.
MOST_PAIRS = 45


class ComparisonEntry(FileModel):
    """One comparison: a pair (left and right), a sequence of periods, or groups.

    Groups are compared two by two or, with `against: rest`, each with all others together. They are listed under
    `groups`, or made by `each`, a field: one of every value that it has in the passages of `select`.
    """

    id: str
    title: str
    question: str
    title_zh: str | None = None
    question_zh: str | None = None
    left: SideEntry | None = None
    right: SideEntry | None = None
    periods: list[SideEntry] | None = Field(default=None, min_length=2, max_length=thresholds.MAX_PERIODS)
    each: str | None = None
    select: dict[str, Any] = Field(default_factory=dict)
    groups: list[SideEntry] | None = Field(default=None, min_length=2)
    against: Literal["rest"] | None = None
    not_concluded: list[Limit] = Field(default_factory=list)

    @field_validator("not_concluded", mode="before")
    @classmethod
    def _may_be_plain(cls, value: object) -> object:
        """Take a plain sentence for one that always holds."""
        return [{"text": one} if isinstance(one, str) else one for one in value] if isinstance(value, list) else value

    @field_validator("id")
    @classmethod
    def _is_slug(cls, value: str) -> str:
        if not SLUG.fullmatch(value):
            raise ValueError(f"{value!r} is no id. Use lower-case letters, digits and single hyphens.")
        return value

    @property
    def sides(self) -> tuple[SideEntry, ...]:
        """The sides in order: left and right, the periods, or the groups (of `each` those of made_groups)."""
        return tuple(side for side in (self.left, self.right, *(self.periods or self.groups or ())) if side)

    @property
    def is_grouped(self) -> bool:
        """Whether it compares more groups than two."""
        return len(self.groups or ()) > 2

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Which groups are compared: their places, the second −1 where it is all others."""
        places = range(len(self.groups or ()))
        if self.against and len(places) > 2:
            return [(place, -1) for place in places]
        return list(combinations(places, 2))

    @property
    def group_ids(self) -> tuple[str, ...]:
        """What the groups are called in addresses: by the value that tells each apart, else by their number."""
        ids: list[str] = []
        for n, group in enumerate(self.groups or (), 1):
            value = str(group.select.get(self.each, "")) if self.each else group.label
            slug = re.sub("[^a-z0-9]+", "-", value.lower()).strip("-")
            ids.append(slug if slug and slug not in ids and slug != "rest" else f"group-{n}")
        return tuple(ids)

    def limits(self, at_hand: Collection[str]) -> list[str]:
        """Return what may not be concluded, given the plans whose own text is among the documents."""
        return [limit.text for limit in self.not_concluded if limit.holds(at_hand)]


class Elsewhere(FileModel):
    """Where pages about few texts send those who ask for more: a page that counts many measured ones.

    In `sentence`, {documents} stands for how many of the measured corpus, of one kind, there are.
    """

    page: str
    anchor: str
    measured: str
    kind: str
    lead: str
    sentence: str
    link: str


@dataclass(frozen=True)
class Side:
    """One side: its part of the corpus, and its counts by theme and by concept (see count_rows)."""

    label: str
    selection: Mapping[str, Any]
    corpus: Corpus
    themes: pd.DataFrame
    concepts: pd.DataFrame
    copies: Sequence[tuple[str, Near]] = ()

    @property
    def counted_mentions(self) -> int:
        """Mentions on this side that enter comparisons."""
        return int(self.corpus.mentions["counted"].astype(bool).sum())


@dataclass(frozen=True)
class Comparison:
    """What was counted for one entry. `effect` is the design effect that widened the intervals."""

    entry: ComparisonEntry
    sides: tuple[Side, ...]
    effect: float
    shared_passages: int

    @property
    def too_small(self) -> list[Finding]:
        """What sides lack that are too small for a chart; empty when none is."""
        found = [too_small(side.label, len(side.corpus.blocks), side.counted_mentions) for side in self.sides]
        return [one for one in found if one]


def load_comparisons(project: Project, known: KnownValues) -> tuple[ComparisonEntry, ...]:
    """Read data/comparisons.yml. Raises InvalidDataError with every mistake in it."""
    file = YamlFile(project.comparisons_file, project.name(project.comparisons_file))
    problems: list[Problem] = []
    for n, raw in enumerate(file.entries("comparisons")):
        problems.extend(_check_selections(file, ["comparisons", n], raw, known))
        problems.extend(_check_conditions(file, ["comparisons", n], raw, known))
    entries = file.parse_entries("comparisons", ComparisonEntry, problems, unique="id")
    for n, entry in entries.items():
        forms = [entry.left or entry.right, entry.periods, entry.groups, entry.each]
        if sum(map(bool, forms)) != 1 or (entry.left is None) != (entry.right is None):
            message = "give either 'left' and 'right' or 'periods', 'groups' or 'each'."
            problems.append(file.problem(["comparisons", n], message, "Keep one of these forms."))
        elif entry.against and not (entry.groups or entry.each):
            message = "it goes with 'groups' and 'each' only."
            problems.append(file.problem(["comparisons", n, "against"], message, "Take it out."))
        elif entry.select and not entry.each:
            problems.append(file.problem(["comparisons", n, "select"], "it goes with 'each' only.", "Take it out."))
        problems += _too_many(file, n, entry)
        problems += _alike(file, n, entry.sides)
    raise_problems(problems)
    return tuple(entries.values())


def made_groups(project: Project, entries: Iterable[ComparisonEntry], corpus: Corpus,
                label: Callable[[str, Value], str]) -> tuple[ComparisonEntry, ...]:  # fmt: skip
    """Return entries with the groups of `each`: one of every value of the field that some passage has.

    `label` names a value of a field. Raises InvalidDataError where there are too few values, or more pairs of them than
    MOST_PAIRS.
    """
    made, file = list(entries), None
    problems: list[Problem] = []
    for n, entry in enumerate(made):
        if entry.each is None:
            continue
        file = file or YamlFile(project.comparisons_file, project.name(project.comparisons_file))
        made[n] = with_groups(entry, corpus, label)
        if len(groups := made[n].groups or []) < 2:
            message = f"the texts have {'one value' if groups else 'no value'} of {entry.each!r}, so nothing differs."
            problems.append(file.problem(["comparisons", n, "each"], message, "Name another field, or take it out."))
        problems += _too_many(file, n, made[n])
    raise_problems(problems)
    return tuple(made)


def with_groups(entry: ComparisonEntry, corpus: Corpus, label: Callable[[str, Value], str]) -> ComparisonEntry:
    """Return an entry of `each` with its groups: one of every value of the field that some passage has."""
    field = entry.each or ""
    groups = [SideEntry(label=label(field, value), select={**entry.select, field: value})
              for value in _values_of(corpus.select(entry.select), field)]  # fmt: skip
    return entry.model_copy(update={"groups": groups})


def _values_of(corpus: Corpus, field: str) -> list[Value]:
    """Return the values of a field that passages have, in the order in which they are known."""
    rows = corpus.documents if field in DOCUMENT_FIELDS else corpus.passages
    there = set(rows[field].explode())
    return [value for value in corpus.known[field] if value in there and value not in ("none", "unknown")]


def _too_many(file: YamlFile, n: int, entry: ComparisonEntry) -> Iterator[Problem]:
    if (pairs := len(entry.pairs)) > MOST_PAIRS:
        message = f"{len(entry.groups or ())} groups make {pairs} pairs, and at most {MOST_PAIRS} are compared."
        fix = "Compare each with all others (against: rest), or name fewer under 'select'."
        yield file.problem(["comparisons", n, "each" if entry.each else "groups"], message, fix)


def _alike(file: YamlFile, n: int, sides: tuple[SideEntry, ...]) -> Iterator[Problem]:
    """Yield a problem for every side that selects what one before it selects, or bears its label."""
    for m, side in enumerate(sides):
        for other in sides[:m]:
            if _as_lists(side.select) == _as_lists(other.select):
                message = f"{side.label!r} and {other.label!r} select the same."
                yield file.problem(["comparisons", n], message, "Say in 'select' what tells them apart.")
            elif side.label.casefold() == other.label.casefold():
                yield file.problem(["comparisons", n], f"two sides are called {side.label!r}.", "Rename one of them.")


def _as_lists(selection: Selection) -> dict[str, list[str]]:
    lists = {field: value if isinstance(value, list) else [value] for field, value in selection.items()}
    return {field: sorted(map(str, values)) for field, values in lists.items()}


def load_elsewhere(project: Project) -> Elsewhere | None:
    """Return what data/comparisons.yml says under `elsewhere`, if anything. Raises InvalidDataError."""
    file = YamlFile(project.comparisons_file, project.name(project.comparisons_file))
    if not isinstance(file.content, dict) or file.content.get("elsewhere") is None:
        return None
    problems: list[Problem] = []
    found = file.parse(Elsewhere, file.content["elsewhere"], ["elsewhere"], problems)
    raise_problems(problems)
    return found


def compare_sides(corpus: Corpus, counts: BlockCounts, effect: float, entry: ComparisonEntry) -> Comparison:
    """Count every side of a comparison; `counts` and the design `effect` are those of the whole corpus."""
    sides = []
    for side in entry.sides:
        selection, copies = side.once_in(corpus)
        part = corpus.select(selection)
        themes, concepts = (count_rows(counts.select(selection), family, effect) for family in FAMILIES)
        sides.append(Side(side.label, selection, part, themes, concepts, copies))
    passages = pd.concat([side.corpus.passages["passage"] for side in sides])
    return Comparison(entry, tuple(sides), effect, int(passages.duplicated().sum()))


def _check_selections(file: YamlFile, where: list[str | int], raw: Any, known: KnownValues) -> list[Problem]:
    if not isinstance(raw, dict):
        return []
    sides = [([*where, key], raw.get(key)) for key in ("left", "right")]
    for key in ("periods", "groups"):
        listed = raw.get(key)
        sides += [([*where, key, n], side) for n, side in enumerate(listed if isinstance(listed, list) else [])]
    sides.append((where, raw if "each" in raw else None))
    problems = []
    if "each" in raw and raw["each"] not in known:
        message = f"a selection has no field {raw['each']!r}."
        problems.append(file.problem([*where, "each"], message, suggest(raw["each"], known)))
    for location, side in sides:
        selection = side.get("select") if isinstance(side, dict) else None
        for field, value in selection.items() if isinstance(selection, dict) else ():
            try:
                check_values(field, value, known)
            except (SelectionError, TypeError) as error:
                problems.append(file.problem([*location, "select", field], str(error)))
    return problems


def _check_conditions(file: YamlFile, where: list[str | int], raw: Any, known: KnownValues) -> list[Problem]:
    """Return a problem for every plan that a condition of `not_concluded` names and nobody knows."""
    limits = raw.get("not_concluded") if isinstance(raw, dict) else None
    problems = []
    for n, limit in enumerate(limits if isinstance(limits, list) else []):
        for key in ("when", "unless"):
            condition = limit.get(key) if isinstance(limit, dict) else None
            plans = condition.get("text_of") if isinstance(condition, dict) else None
            for plan in plans if isinstance(plans, list) else [plans]:
                if isinstance(plan, str) and (plan == "none" or plan not in known["plan"]):
                    hint = suggest(plan, [one for one in known["plan"] if one != "none"])
                    place = [*where, "not_concluded", n, key, "text_of"]
                    problems.append(file.problem(place, f"unknown plan {plan!r}.", hint))
    return problems


# What else differs between the sides of a comparison, besides what it asks about -------------------

#: The fields that may differ, and whether they are of passages or of documents.
_FIELDS = {"era": "passages", "speaker": "documents", "voice": "documents", "language": "documents",
           "machine_translated": "documents"}  # fmt: skip


def find_copies(copies: Iterable[tuple[str, Near]]) -> list[Finding]:
    """Return a finding `copy` (document, of, share) for every document that a side leaves out (see count_once)."""
    return [Finding("copy", {"document": name, "of": near.document, "share": near.share}) for name, near in copies]


def find_confounds(comparison: Comparison) -> list[Finding]:
    """Return every confound that the tables show.

    `empty_side` and `one_document` (side); `copy` (see find_copies); `mixed` (field, and sides with side and the values
    of the field, where no selection names it); `shared` (passages that stand on more than one side).
    """
    sides, found = comparison.sides, []
    for side in sides:
        if len(side.corpus.documents) < 2:
            code = "empty_side" if side.corpus.documents.empty else "one_document"
            found.append(Finding(code, {"side": side.label}))
        found += find_copies(side.copies)
    selected = {field for side in sides for field in side.selection}
    for field, table in _FIELDS.items():
        values = [sorted({str(value) for value in getattr(side.corpus, table)[field]}) for side in sides]
        if field not in selected and all(values) and any(value != values[0] for value in values):
            mixed = [{"side": side.label, "values": value} for side, value in zip(sides, values, strict=True)]
            found.append(Finding("mixed", {"field": field, "sides": mixed}))
    if shared := comparison.shared_passages:
        found.append(Finding("shared", {"passages": shared}))
    return found


# Which recommended texts would bring passages to a side of a comparison ----------------------------

def wanted_texts(texts: Iterable[RecommendedText], selection: Selection, at_hand: Collection[str],
                 vocabulary: Vocabulary) -> tuple[RecommendedText, ...]:  # fmt: skip
    """Return the texts not `at_hand` (ids) that fit every field of a selection, the text of its plan first.

    What a text's single passages say is not known before it is read, so a selection by level or by documents fits none.
    """
    fitting = [text for text in texts if text.id not in at_hand and _fits(text, selection, vocabulary)]
    return tuple(sorted(fitting, key=lambda text: text.text_of != selection.get("plan")))


def _fits(text: RecommendedText, selection: Selection, vocabulary: Vocabulary) -> bool:
    dated = text.written or text.published
    era = text.era or (vocabulary.era_of(dated) if dated else None)
    values: dict[str, Collection[object]] = {
        "plan": (text.text_of or text.plan,), "era": (era,), "places": text.places or (text.speaker,),
        "speaker": (text.speaker,), "voice": (text.voice,), "language": (text.language,),
        "machine_translated": (text.machine_translated,),
    }  # fmt: skip
    wanted = {field: value if isinstance(value, list | tuple) else [value] for field, value in selection.items()}
    return all(set(some) & set(values.get(field, ())) for field, some in wanted.items())
