"""What the page of measured reports is about: the parameters of its run, read by every page that quotes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policybook.errors import PolicybookError
from policybook.project import Project
from policybook.publishing.parameters import template_parameters
from policybook.publishing.runs import load_runs

TEMPLATE, PAGE = "reports", "chapters/reports"


@dataclass(frozen=True)
class ReportSettings:
    """A measured corpus and what of it is compared.

    `corpus` names a folder of data/measured; documents of `kind` are compared, those of `outlines` set side by side;
    `centre` and `places` are ids of places, `eras` of eras. `themes` and `concepts` mark the blocks of the field within
    which shares are taken besides.
    """

    corpus: str
    kind: str
    outlines: str
    centre: str
    places: Sequence[str]
    eras: Sequence[str]
    themes: Sequence[str]
    concepts: Sequence[str]


def find_settings(project: Project) -> ReportSettings | None:
    """Return the settings of the run that makes chapters/reports; None in a project without it.

    Mistakes in notebooks/runs.yml are not for this to name: `policybook check` does.
    """
    try:
        runs = load_runs(project, {"document": (), "comparison": ()})
        run = next((run for run in runs if run.page == PAGE and run.template == TEMPLATE), None)
        declared = template_parameters(project.notebooks / f"{TEMPLATE}.ipynb") if run else {}
    except (PolicybookError, OSError):
        return None
    return make_settings({**declared, **run.parameters}) if run else None


def make_settings(parameters: Mapping[str, Any]) -> ReportSettings:
    """Return the parameters of a run as settings; those that are no settings are left out."""
    return ReportSettings(**{name: parameters[name] for name in ReportSettings.__dataclass_fields__})
