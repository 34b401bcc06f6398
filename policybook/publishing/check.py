"""Every mistake in the files a person edits, at once; nothing is executed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

from policybook.analysis.actor_network import Within
from policybook.analysis.aligned import load_aligned
from policybook.analysis.briefs import brief_files, load_briefs, unused_briefs
from policybook.analysis.comparisons import ComparisonEntry, load_comparisons, load_elsewhere
from policybook.analysis.not_counted import not_counted_sentence
from policybook.analysis.official import load_official
from policybook.coding.code import Coding, code_corpus, load_coding
from policybook.coding.codebook import codebook_file, load_codebook
from policybook.coding.gold import has_gold, load_gold
from policybook.coding.measured import age_of, load_measured, measured_names
from policybook.coding.measured_check import check_measured
from policybook.coding.scheme import load_scheme
from policybook.corpus.build import load_corpus
from policybook.corpus.manifest import load_manifest, load_recommended
from policybook.corpus.model import Corpus
from policybook.corpus.selection import known_values
from policybook.corpus.vocabulary import Vocabulary, load_vocabulary
from policybook.errors import InvalidDataError, PolicybookError, Problem
from policybook.project import Project
from policybook.publishing.facts_tables import check_facts_tables
from policybook.publishing.parameters import Vocabularies
from policybook.publishing.runs import Run, load_runs
from policybook.tables import YamlFile


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
    attempt(lambda: check_facts_tables(project))
    if vocabulary is not None and coding is not None:
        attempt(lambda: check_measured(project, vocabulary))
    attempt(lambda: _check_gold(project))
    if vocabulary is None:
        raise InvalidDataError(problems)
    attempt(lambda: load_recommended(project, vocabulary))
    manifest = attempt(lambda: load_manifest(project, vocabulary))
    documents = [entry.id for entry in manifest] if manifest else _ids(project, "documents")
    known = known_values(vocabulary, documents)
    comparisons: tuple[ComparisonEntry, ...] | None = attempt(lambda: load_comparisons(project, known))
    attempt(lambda: load_elsewhere(project))
    vocabularies: Vocabularies = {
        **known,
        "comparison": tuple(entry.id for entry in comparisons or ()),
        "place": known["places"],
        "centre": known["places"],
        "corpus": tuple(measured_names(project)),
        "concept": tuple(concept.id for concept in coding.scheme.concepts) if coding else (),
        "within": get_args(Within),
        "theme": tuple(theme.id for theme in coding.scheme.themes) if coding else (),
    }
    runs: tuple[Run, ...] | None = attempt(lambda: load_runs(project, vocabularies))
    corpus: Corpus | None = attempt(lambda: load_corpus(project)) if manifest else None
    if corpus is not None and coding is not None:
        attempt(lambda: load_briefs(project, _coded(project, corpus, coding), coding.scheme))
    if problems or runs is None:
        raise InvalidDataError(problems)
    return runs


def left_behind(project: Project, runs: tuple[Run, ...]) -> list[str]:
    """Return a sentence for every brief whose document is gone: no mistake, but nobody reads it."""
    documents = [run.page.removeprefix("documents/") for run in runs if run.page.startswith("documents/")]
    unused = unused_briefs(project, documents) if documents else []
    return [f"data/briefs/{name}.yml: data/corpus.yml has no document {name!r} any more. Delete it." for name in unused]


def not_counted(project: Project) -> list[str]:
    """Return a sentence for every measured corpus of which something is not counted: no mistake, but no 0 either."""
    scheme = load_scheme(project)
    ages = {name: age_of(load_measured(project, name), project) for name in measured_names(project)}
    return [
        f"data/measured/{name}: {sentence}"
        for name, age in ages.items()
        if (sentence := not_counted_sentence(age, scheme, name))
    ]


def _coded(project: Project, corpus: Corpus, coding: Coding) -> Corpus:
    """Code the documents that have a brief, which is checked against what is found in them; all others stay uncoded."""
    named = {path.stem for path in brief_files(project)}
    ids = [document for document in corpus.documents["document"] if document in named]
    return code_corpus(corpus.select(document=ids), coding) if ids else corpus


def _check_gold(project: Project) -> None:
    """Read what was coded by hand, as far as there is any. Raises InvalidDataError with every mistake of a file."""
    if codebook_file(project).is_file():
        load_codebook(project)
    if has_gold(project):
        load_gold(project)
    load_official(project)
    load_aligned(project)


def _ids(project: Project, key: str) -> list[str]:
    """Return the ids that a manifest with mistakes still names, so that other files can be checked against them."""
    try:
        entries = YamlFile(project.corpus_file, project.name(project.corpus_file)).entries(key)
    except InvalidDataError:
        return []
    return [str(entry["id"]) for entry in entries if isinstance(entry, dict) and "id" in entry]
