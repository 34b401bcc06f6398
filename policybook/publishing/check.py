"""Every mistake in the files a person edits, at once; nothing is executed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

from policybook.analysis.actor_network import Within
from policybook.analysis.comparisons import ComparisonEntry, load_comparisons
from policybook.analysis.facts import load_facts
from policybook.coding.code import load_coding
from policybook.corpus.build import load_corpus
from policybook.corpus.manifest import load_manifest
from policybook.corpus.selection import known_values
from policybook.corpus.vocabulary import Vocabulary, load_vocabulary
from policybook.corpus.yamlfile import YamlFile
from policybook.errors import InvalidDataError, PolicybookError, Problem
from policybook.project import Project
from policybook.publishing.parameters import Vocabularies
from policybook.publishing.runs import Run, load_runs


def check_project(project: Project) -> tuple[Run, ...]:
    """Check data/ and notebooks/runs.yml and return the pages to make.

    Raises InvalidDataError with every mistake in all files. A file whose own meaning depends on a broken
    one is checked as far as it can be.
    """
    problems: list[Problem] = []

    def attempt(load: Callable[[], Any]) -> Any:
        try:
            return load()
        except InvalidDataError as error:
            problems.extend(error.problems)
        except PolicybookError as error:
            problems.append(Problem("data", 0, "", str(error)))
        return None

    vocabulary: Vocabulary | None = attempt(lambda: load_vocabulary(project))
    coding = attempt(lambda: load_coding(project))
    attempt(lambda: load_facts(project))
    if vocabulary is None:
        raise InvalidDataError(problems)
    manifest = attempt(lambda: load_manifest(project, vocabulary))
    documents = [entry.id for entry in manifest] if manifest else _ids(project, "documents")
    known = known_values(vocabulary, documents)
    comparisons: tuple[ComparisonEntry, ...] | None = attempt(lambda: load_comparisons(project, known))
    vocabularies: Vocabularies = {
        **known,
        "comparison": tuple(entry.id for entry in comparisons or ()),
        "place": known["places"],
        "concept": tuple(concept.id for concept in coding.scheme.concepts) if coding else (),
        "within": get_args(Within),
        "theme": tuple(theme.id for theme in coding.scheme.themes) if coding else (),
    }
    runs: tuple[Run, ...] | None = attempt(lambda: load_runs(project, vocabularies))
    if manifest:
        attempt(lambda: load_corpus(project))
    if problems or runs is None:
        raise InvalidDataError(problems)
    return runs


def _ids(project: Project, key: str) -> list[str]:
    """Return the ids that a manifest with mistakes still names, so that other files can be checked against them."""
    try:
        entries = YamlFile(project.corpus_file, project.name(project.corpus_file)).entries(key)
    except InvalidDataError:
        return []
    return [str(entry["id"]) for entry in entries if isinstance(entry, dict) and "id" in entry]
