"""Links to pages that a book may or may not have."""

from __future__ import annotations

from collections.abc import Iterable

from policybook.project import Project
from policybook.publishing.markup import Html, render
from policybook.tables import YamlFile

#: Pages that say how far the coding can be trusted, with what a link to each says.
TRUST = (
    ("chapters/validation", "how well the rules find what a person finds, code by code, with every error"),
    ("chapters/codebook", "what each code means, with an example and a counter-example"),
)


def made_pages(project: Project) -> frozenset[str]:
    """Return the pages that notebooks make once, as notebooks/runs.yml names them."""
    entries: Iterable[object] = YamlFile(project.runs_file, project.name(project.runs_file)).entries("runs")
    return frozenset(str(entry["page"]) for entry in entries if isinstance(entry, dict) and "page" in entry)


def trust_in_coding(project: Project) -> Html:
    """Return where a page of chapters/ sends those who ask how far the coding can be trusted."""
    made = made_pages(project)
    pages = [(page.removeprefix("chapters/"), text) for page, text in TRUST if page in made]
    return render("trust", pages=pages)
