"""References to the book, its pages, sections and passages."""

from __future__ import annotations

import re
from datetime import date

import pytest
import yaml

from policybook.build.check import check_project
from policybook.build.cite import cite_target, make_reference
from policybook.errors import UnknownPageError
from policybook.project import Project

TARGETS = [
    "index", "chapters/corpus", "chapters/corpus.html", "chapters/corpus#documents", "comparisons/eras#answer",
    "web-2021-joint-conference", "web-2021-joint-conference:p03", "web-2021-joint-conference:p03.1", "how-to-read",
]  # fmt: skip


@pytest.mark.parametrize("target", TARGETS)
def test_a_reference_names_author_book_version_and_address(project: Project, target: str):
    about = yaml.safe_load((project.root / "CITATION.cff").read_text(encoding="utf-8"))
    reference = make_reference(project, target, check_project(project))
    for style in ("gb-t-7714", "apa", "bibtex"):
        for part in (about["title"], about["authors"][0]["name"], f"Version {about['version']}", ".html"):
            assert part in reference.format(style), style


def test_a_passage_is_cited_with_its_number_and_its_anchor(project: Project):
    reference = cite_target(project, "web-2021-joint-conference:p3", "gb-t-7714")
    assert "paragraph 3" in reference
    assert "documents/web-2021-joint-conference.html#p03" in reference


def test_a_reference_after_gb_t_7714_says_what_it_is_and_when_it_was_read(project: Project):
    reference = cite_target(project, "index", "gb-t-7714")
    assert "[EB/OL]" in reference
    assert f"[{date.today().isoformat()}]" in reference
    assert reference.endswith(".")


def test_a_section_is_cited_by_its_heading(project: Project):
    assert "The documents" in cite_target(project, "chapters/corpus#documents", "apa")


def test_bibtex_is_balanced_and_its_key_is_plain(project: Project):
    for target in ("index", "chapters/corpus#documents", "web-2021-joint-conference:p03"):
        entry = cite_target(project, target, "bibtex")
        assert entry.count("{") == entry.count("}")
        assert re.match(r"@(?:misc|incollection)\{[A-Za-z0-9_-]+,\n", entry)


@pytest.mark.parametrize(
    "target", ["nowhere", "index#nowhere", "web-2021-joint-conference:p99", "nobody:p01", "comparisons/eras#p01"]
)
def test_what_is_not_there_is_not_cited(project: Project, target: str):
    with pytest.raises(UnknownPageError, match="Known: "):
        cite_target(project, target, "apa")
