"""The types of the fixtures that write templates and runs."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class WriteTemplate(Protocol):
    """Writes a template of code cells; the first declares its parameters."""

    def __call__(self, name: str, *cells: str) -> Path: ...


class WriteRuns(Protocol):
    """Replaces notebooks/runs.yml by these entries."""

    def __call__(self, *entries: dict[str, object]) -> Path: ...
