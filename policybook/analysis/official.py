"""Sentences of official reports, coded by hand and by the rules: codes without text, and how far the two agree.

The reports are not ours to give away. So data/gold/official.csv bears a sentence's identifier and what the coder saw
in it, official_found.csv (written by benchmarks/official_gold.py) what the rules find; all is computed from these two.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from policybook.analysis.agreement import precision_recall_f1
from policybook.analysis.thresholds import CONFIDENCE
from policybook.analysis.validation import SCORES, flat
from policybook.coding.code import Coding
from policybook.coding.codes import INSTRUMENTS, KINDS
from policybook.coding.measured import hash_lexicon
from policybook.coding.scheme import load_scheme
from policybook.errors import InvalidDataError, Problem, suggest
from policybook.project import Project

FIELDS = ("sentence", "concepts", "quantities", "instruments")
#: Between the codes of a cell; a concept's Chinese term may hold spaces.
BETWEEN = "|"
#: What the comment lines at the head of the hand coding may say, and those of what was found must.
ABOUT = ("coder", "sample")
HEAD = ("texts sha256", "lexicon sha256", "made by")

_COMMENT = re.compile(r"# ([a-z0-9 ]+): (.+)")
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
    lexicon_sha256: str
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
    gold = load_hand_coded(project)
    problems: list[Problem] = []
    lines = found_file.read_text(encoding="utf-8").splitlines()
    head = _head(lines)
    name = project.name(found_file)
    problems.extend(
        Problem(name, 1, "", f"no line '# {field}: …' stands at its head.", _REMEDY)
        for field in HEAD
        if field not in head
    )
    found = tuple(_read(lines, name, _known_codes(project), problems))
    if not problems and [one.sentence for one in found] != [one.sentence for one in gold]:
        problems.append(Problem(name, 0, "", f"its sentences are not those of {project.name(gold_file)}.", _REMEDY))
    if problems:
        raise InvalidDataError(problems)
    texts, lexicon, made_by = (head[field] for field in HEAD)
    about = _head(gold_file.read_text(encoding="utf-8").splitlines())
    said = [about.get(field, "") for field in ABOUT]
    return Official(gold, found, texts, lexicon, made_by, lexicon != hash_lexicon(project), *said)


def load_hand_coded(project: Project) -> tuple[Coded, ...]:
    """Read data/gold/official.csv. Raises InvalidDataError with every mistake in it."""
    path, problems = official_file(project), list[Problem]()
    lines = path.read_text(encoding="utf-8").splitlines()
    coded = tuple(_read(lines, project.name(path), _known_codes(project), problems))
    if problems:
        raise InvalidDataError(problems)
    return coded


def save_found(path: Path, found: Sequence[Coded], *, texts_sha256: str, lexicon_sha256: str, made_by: str) -> None:
    """Write the file that load_official reads beside the hand coding."""
    head = dict(zip(HEAD, (texts_sha256, lexicon_sha256, made_by), strict=True))
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


def _head(lines: Sequence[str]) -> Mapping[str, str]:
    return {match[1]: match[2] for line in lines if (match := _COMMENT.fullmatch(line))}


def _known_codes(project: Project) -> Mapping[str, Collection[str]]:
    terms = [concept.term_zh for concept in load_scheme(project).concepts]
    return {"concepts": terms, "quantities": KINDS, "instruments": tuple(INSTRUMENTS)}


def _read(
    lines: Sequence[str], name: str, known: Mapping[str, Collection[str]], problems: list[Problem]
) -> Iterator[Coded]:
    """Yield the rows, with every mistake in them appended to `problems`."""
    numbered = [(n, line) for n, line in enumerate(lines, 1) if line and not line.startswith("#")]
    table = list(csv.reader(line for _, line in numbered))
    if not table or table[0] != list(FIELDS):
        problems.append(Problem(name, 1, "", f"the columns are not {', '.join(FIELDS)}.", "Restore the heading."))
        return
    seen: set[str] = set()
    for (line, _), row in zip(numbered[1:], table[1:], strict=True):
        if len(row) != len(FIELDS) or not row[0] or row[0] in seen:
            fix = f"Write one row of {len(FIELDS)} cells a sentence."
            problems.append(Problem(name, line, "", "no sentence, one that was given already, or too many cells.", fix))
            continue
        seen.add(row[0])
        cells = [tuple(cell.split(BETWEEN)) if cell else () for cell in row[1:]]
        problems.extend(
            Problem(name, line, field, f"{code!r} is no code.", suggest(code, known[field]))
            for field, codes in zip(FIELDS[1:], cells, strict=True)
            for code in codes
            if code not in known[field]
        )
        yield Coded(row[0], *cells)
