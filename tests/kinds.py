"""The types of the fixtures that are functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from policybook.corpus.corpus import Corpus
from policybook.project import Project


class MakeProject(Protocol):
    """Copies the project, as a fresh clone has it, into a new folder."""

    def __call__(self, name: str = ...) -> Project: ...


class CorpusOf(Protocol):
    """Makes a corpus of texts: id → text, and fields that all entries share."""

    def __call__(self, texts: Mapping[str, str], **fields: object) -> Corpus: ...
