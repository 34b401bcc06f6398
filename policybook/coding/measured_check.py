"""Measured tables held against the texts they were made from, as far as these are at hand."""

from __future__ import annotations

from collections.abc import Iterator

from policybook.coding.measured import BLOCKS, DOCUMENTS, Measured, age_of, measured_names, read_measured
from policybook.coding.measuring import measure
from policybook.coding.metadata import read_metadata
from policybook.corpus.vocabulary import Vocabulary
from policybook.errors import InvalidDataError, Problem
from policybook.project import Project


def check_measured(project: Project, vocabulary: Vocabulary) -> None:
    """Check every folder of data/measured: shape, hashes, and the counts of texts that stand in data/documents.

    Raises InvalidDataError with every mistake. Counts are held against texts only where the rules are those that
    they were made with: others give other counts.
    """
    problems: list[Problem] = []
    for name in measured_names(project):
        try:
            measured = read_measured(project.measured / name, project)
        except InvalidDataError as error:
            problems.extend(error.problems)
            continue
        if age_of(measured, project).current:
            problems.extend(_against_texts(project, name, measured, vocabulary))
    if problems:
        raise InvalidDataError(problems)


def _against_texts(project: Project, name: str, measured: Measured, vocabulary: Vocabulary) -> Iterator[Problem]:
    metadata = project.measured / name / DOCUMENTS
    described = read_metadata(project.documents, metadata, vocabulary, skip_missing=True)
    again = measure(described, project, quiet=True)
    for document in again.documents["document"]:
        before = measured.blocks[measured.blocks["document"] == document].reset_index(drop=True)
        after = again.blocks[again.blocks["document"] == document].reset_index(drop=True)
        if not before.equals(after.astype(before.dtypes.to_dict())):
            file = project.name(project.measured / name / BLOCKS)
            message = "its counts are not those of its text in data/documents."
            yield Problem(file, 0, document, message, "Measure again.")
