"""What an entry of data/corpus.yml says held against the files, the calendar and the vocabulary.

Entries are checked as they stand in the file, also where the schema refuses them, so that every mistake is
found at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from policybook.corpus.dates import parse_span
from policybook.corpus.vocabulary import Vocabulary
from policybook.corpus.yamlfile import Location, YamlFile
from policybook.errors import Problem, UnreadableDocumentError, suggest
from policybook.project import Project
from policybook.reading.read import read_received

RawEntry = Mapping[str, object]


def document_path(project: Project, name: str) -> Path | None:
    """Return the path of a received file, or None when `name` leads out of data/documents."""
    path = project.documents / name
    plain = Path(name).name == name and "\0" not in name
    return path if plain and path.resolve().is_relative_to(project.documents.resolve()) else None


def check_names(file: YamlFile, where: Location, entry: RawEntry, vocabulary: Vocabulary) -> list[Problem]:
    """Return a problem for every unknown plan, place, era or level, of the entry and of its overrides."""
    known = {
        "plan": vocabulary.plan_ids,
        "text_of": [plan.id for plan in vocabulary.plans],
        "speaker": vocabulary.place_ids,
        "places": vocabulary.place_ids,
        "era": vocabulary.era_ids,
        "level": [*vocabulary.level_ids, "none"],
    }
    problems = []
    overrides = entry.get("overrides")
    scopes: list[tuple[Location, object]] = [(where, entry)]
    scopes += [([*where, "overrides", n], o) for n, o in enumerate(overrides if isinstance(overrides, list) else [])]
    for location, scope in scopes:
        for field, options in known.items():
            value = scope.get(field) if isinstance(scope, Mapping) else None
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, str) and one not in options:
                    kind = {"places": "place", "speaker": "place", "text_of": "plan"}.get(field, field)
                    problems.append(file.problem([*location, field], f"unknown {kind} {one!r}.", suggest(one, options)))
    return problems


def check_file(file: YamlFile, where: Location, entry: RawEntry, project: Project) -> list[Problem]:
    """Return what is wrong with the received file: its name, its content, or overrides of its paragraphs."""
    name = entry.get("file")
    if not isinstance(name, str):
        return []
    place = [*where, "file"]
    path = document_path(project, name)
    folder = project.name(project.documents)
    if path is None:
        return [file.problem(place, f"{name!r} is not directly in {folder}.", "Give the file's name only.")]
    if not path.is_file():
        present = sorted(p.name for p in project.documents.glob("*")) if project.documents.is_dir() else []
        hint = suggest(name, present) if present else ""
        return [
            file.problem(place, f"{folder}/{name} is missing.", f"Put it there or correct the name. {hint}".strip())
        ]
    content = path.read_bytes()
    actual = hashlib.sha256(content).hexdigest()
    stated = entry.get("sha256")
    if stated is None:
        return [file.problem(where, "'sha256' is missing.", f"Add a line 'sha256: {actual}'.")]
    if stated != actual:
        return [
            file.problem(
                [*where, "sha256"],
                f"{folder}/{name} has changed: its sha256 is {actual}.",
                "Restore the file as received, or put this hash here if the change is meant.",
            )
        ]
    try:
        received = read_received(content, f"{folder}/{name}")
    except UnreadableDocumentError as error:
        return [file.problem(place, str(error))]
    return _check_paragraphs(file, where, entry, len(received.paragraphs))


def _check_paragraphs(file: YamlFile, where: Location, entry: RawEntry, count: int) -> list[Problem]:
    """Return a problem for every override of a paragraph that does not exist or has one already."""
    overrides = entry.get("overrides")
    problems: list[Problem] = []
    seen: set[int] = set()
    for n, override in enumerate(overrides if isinstance(overrides, list) else []):
        numbers = override.get("paragraphs") if isinstance(override, dict) else None
        for number in (one for one in (numbers if isinstance(numbers, list) else []) if isinstance(one, int)):
            place = [*where, "overrides", n, "paragraphs"]
            if not 1 <= number <= count:
                message = f"there is no paragraph {number}."
                problems.append(file.problem(place, message, f"The text has paragraphs 1 to {count}."))
            elif number in seen:
                message = f"paragraph {number} has an override already."
                problems.append(file.problem(place, message, "Join the two."))
            seen.add(number)
    return problems


def check_dates(file: YamlFile, where: Location, entry: RawEntry, vocabulary: Vocabulary) -> list[Problem]:
    """Return a problem for dates that are missing, of no era, or in the wrong order."""
    written, published = (None if entry.get(f) is None else str(entry[f]) for f in ("written", "published"))
    dated = written or published
    if dated is None:
        message, fix = "neither 'published' nor 'written' is given.", "Add 'written: YEAR' with its evidence."
        return [file.problem(where, message, fix)]
    try:
        late = bool(written and published) and parse_span(str(written))[0] > parse_span(str(published))[1]
        era = entry.get("era") or vocabulary.era_of(dated)
    except ValueError:  # no date; the schema has said so
        return []
    problems = []
    if era is None:
        message, fix = f"no era of data/lexicon/plans.yml holds {dated!r}.", "Add 'era:' to this entry."
        problems.append(file.problem(where, message, fix))
    if late:
        message = f"written {written!r} after it was published {published!r}."
        problems.append(file.problem([*where, "written"], message, "Correct one of the two dates."))
    return problems
