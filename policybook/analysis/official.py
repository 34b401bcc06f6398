"""Sentences of official reports, coded by hand and by the rules: codes without text, and how far the two agree.

The reports are not ours to give away. So data/gold/official.csv bears a sentence's identifier and what the coder saw
in it, official_found.csv (written by benchmarks/official_gold.py) what the rules find; all is computed from these two.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from policybook.analysis.agreement import precision_recall_f1
from policybook.analysis.thresholds import CONFIDENCE
from policybook.analysis.validation import SCORES, flat
from policybook.coding.code import Coding
from policybook.coding.codes import INSTRUMENTS, KINDS
from policybook.coding.rules import find_rules
from policybook.coding.scheme import load_scheme
from policybook.errors import InvalidDataError, Problem, suggest
from policybook.project import Project
from policybook.tables import Column, CsvTable

FIELDS = ("sentence", "concepts", "quantities", "instruments")
#: Between the codes of a cell; a concept's Chinese term may hold spaces.
BETWEEN = "|"
#: What the comment lines at the head of the hand coding may say, and those of what was found must.
ABOUT = ("coder", "sample")
HEAD = ("texts sha256", "rules sha256", "made by")

_REMEDY = "Write the file anew with benchmarks/official_gold.py."


@dataclass(frozen=True)
class Coded:
    """The codes of one sentence: Chinese terms of its concepts, kinds of its quantities, instruments of its directives.

    Quantities and instruments are in the order of the text, one for each quantity and each directive.
    """

    sentence: str
    concepts: tuple[str, ...]
    quantities: tuple[str, ...]
    instruments: tuple[str, ...]


@dataclass(frozen=True)
class Official:
    """The same sentences as coded by hand and by the rules, and what the rules were when they coded them."""

    gold: tuple[Coded, ...]
    found: tuple[Coded, ...]
    texts_sha256: str
    rules_sha256: str
    made_by: str
    stale: bool
    coder: str = ""
    sample: str = ""

    def scores(self) -> pd.DataFrame:
        """Return precision, recall and F1: columns `what` and SCORES.

        Words are not compared, only codes: concepts as a set a sentence, quantities by how many of each kind a
        sentence has, directives by how many it has and by whether it has one, instruments by how many of each.
        """
        hand = {one.sentence: one for one in self.gold}
        rows = []
        for what, bag in _BAGS.items():
            hits = gold = found = 0
            for other in self.found:
                one, two = bag(hand[other.sentence]), bag(other)
                gold, found, hits = gold + one.total(), found + two.total(), hits + (one & two).total()
            scores = precision_recall_f1(hits, found - hits, gold - hits, CONFIDENCE)
            rows.append({"what": what, "gold": gold, "found": found, "hits": hits, **flat(scores)})
        return pd.DataFrame(rows, columns=["what", *SCORES])


_BAGS: Mapping[str, Callable[[Coded], Counter[Hashable]]] = {
    "concepts": lambda one: Counter(set(one.concepts)),
    "quantities": lambda one: Counter(one.quantities),
    "directives": lambda one: Counter({"directive": len(one.instruments)}),
    "directive_sentences": lambda one: Counter({"sentence": int(bool(one.instruments))}),
    "instruments": lambda one: Counter(one.instruments),
}


def code_sentence(sentence: str, text: str, language: str, coding: Coding) -> Coded:
    """Return what the rules find in one sentence."""
    terms = {concept.id: concept.term_zh for concept in coding.scheme.concepts}
    return Coded(
        sentence,
        tuple(sorted({terms[found.concept] for found in coding.concepts.find(text, language)})),
        tuple(found.kind for found in coding.quantities.find(text, language)),
        tuple(found.instrument for found in coding.directives.find(text, language)),
    )


def load_official(project: Project) -> Official | None:
    """Read data/gold/official.csv and official_found.csv; None where one is missing.

    Raises InvalidDataError with every mistake in them.
    """
    gold_file, found_file = official_file(project), found_file_of(project)
    if not gold_file.is_file() or not found_file.is_file():
        return None
    gold, about = _read(project, gold_file)
    found, head = _read(project, found_file, head=HEAD, remedy=_REMEDY)
    if [one.sentence for one in found] != [one.sentence for one in gold]:
        message = f"its sentences are not those of {project.name(gold_file)}."
        raise InvalidDataError([Problem(project.name(found_file), 0, "", message, _REMEDY)])
    texts, rules, made_by = (head[field] for field in HEAD)
    said = [about.get(field, "") for field in ABOUT]
    return Official(gold, found, texts, rules, made_by, rules != find_rules(project).sha256, *said)


def load_hand_coded(project: Project) -> tuple[Coded, ...]:
    """Read data/gold/official.csv. Raises InvalidDataError with every mistake in it."""
    return _read(project, official_file(project))[0]


def save_found(path: Path, found: Sequence[Coded], *, texts_sha256: str, rules_sha256: str, made_by: str) -> None:
    """Write the file that load_official reads beside the hand coding."""
    head = dict(zip(HEAD, (texts_sha256, rules_sha256, made_by), strict=True))
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("# What the rules find in the sentences of official.csv; made by benchmarks/official_gold.py.\n")
        file.writelines(f"# {field}: {value}\n" for field, value in head.items())
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(FIELDS)
        for one in found:
            writer.writerow([one.sentence, *(BETWEEN.join(getattr(one, field)) for field in FIELDS[1:])])


def official_file(project: Project) -> Path:
    """Return where the hand coding of official sentences is kept."""
    return project.data / "gold" / "official.csv"


def found_file_of(project: Project) -> Path:
    """Return where what the rules find in them is kept."""
    return project.data / "gold" / "official_found.csv"


def _read(
    project: Project, path: Path, *, head: Sequence[str] = (), remedy: str = ""
) -> tuple[tuple[Coded, ...], Mapping[str, str]]:
    """Return the rows of a file and what its head says. Raises InvalidDataError with every mistake."""
    problems: list[Problem] = []
    columns: list[Column | str] = [Column("sentence", filled=True), *FIELDS[1:]]
    table = CsvTable(path, project.name(path), columns, problems, key=["sentence"], head=head, remedy=remedy)
    terms = [concept.term_zh for concept in load_scheme(project).concepts]
    known: dict[str, Sequence[str]] = {"concepts": terms, "quantities": KINDS, "instruments": tuple(INSTRUMENTS)}
    coded = []
    for row in table.rows:
        cells = {field: tuple(row.cells[field].split(BETWEEN)) if row.cells[field] else () for field in known}
        problems += [
            table.problem(row, field, f"{code!r} is no code.", suggest(code, known[field]))
            for field, codes in cells.items()
            for code in codes
            if code not in known[field]
        ]
        coded.append(Coded(row.cells["sentence"], **cells))
    if problems:
        raise InvalidDataError(problems)
    return tuple(coded), table.head
