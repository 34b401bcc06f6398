"""Counts measured from texts that are not shipped: data/measured/NAME, opened by name."""

from __future__ import annotations

from policybook.analysis.block_counts import BlockCounts
from policybook.errors import SelectionError, suggest
from policybook.project import Project


def measured_names(project: Project) -> tuple[str, ...]:
    """Return the names of the measured corpora of a project, in order."""
    folder = project.data / "measured"
    return tuple(sorted(path.name for path in folder.iterdir() if path.is_dir())) if folder.is_dir() else ()


def open_counts(project: Project, name: str) -> BlockCounts:
    """Return the counts of the measured corpus NAME. Raises SelectionError when there is none."""
    names = measured_names(project)
    hint = suggest(name, names) if names else "There is none under data/measured; leave --corpus out."
    raise SelectionError(f"no measured corpus {name!r}. {hint}")
