from __future__ import annotations

import pytest
from kinds import MakeProject

from policybook.analysis.measured import measured_names, open_counts
from policybook.errors import SelectionError


def test_an_unknown_measured_corpus_is_answered_with_what_exists(make_project: MakeProject) -> None:
    project = make_project()
    for name in measured_names(project):
        (project.data / "measured" / name).rename(project.data / f"was-{name}")
    with pytest.raises(SelectionError, match=r"no measured corpus 'reports'\. There is none under data/measured"):
        open_counts(project, "reports")
    (project.data / "measured" / "reports-2024").mkdir(parents=True)
    assert measured_names(project) == ("reports-2024",)
    with pytest.raises(SelectionError, match="Did you mean 'reports-2024'"):
        open_counts(project, "reports")
