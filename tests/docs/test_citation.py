"""CITATION.cff and .zenodo.json, the way citation tools read them (Citation File Format 1.2.0)."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
import yaml
from copies import ROOT

import policybook
from policybook.build.edition import read_edition
from policybook.project import Project


@pytest.fixture
def citation() -> dict:
    return yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))


def test_it_has_what_the_format_demands(citation: dict):
    assert citation["cff-version"] == "1.2.0"
    assert citation["title"]
    assert citation["message"]
    assert citation["type"] in ("software", "dataset")
    assert all("name" in one or {"family-names", "given-names"} <= set(one) for one in citation["authors"])


def test_its_version_is_the_packages(citation: dict):
    assert str(citation["version"]) == policybook.__version__


def test_a_released_version_has_a_day_and_stands_in_the_changelog(citation: dict):
    """Without a day it is not released: references say so, and the changelog keeps it under what is to come."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    released = citation.get("date-released")
    assert released is None or isinstance(released, date)
    assert (f"## [{citation['version']}]" in changelog) == (released is not None)
    assert "## [Unreleased]" in changelog


def test_the_preferred_citation_is_the_book(citation: dict):
    book = citation["preferred-citation"]
    assert {"type", "title", "authors"} <= book.keys()
    assert (book["type"], book["title"], str(book["version"])) == ("book", citation["title"], str(citation["version"]))
    assert read_edition(Project(ROOT)).terms == "https://creativecommons.org/licenses/by/4.0/"


def test_the_archive_is_told_the_same(citation: dict):
    told = json.loads((ROOT / ".zenodo.json").read_text(encoding="utf-8"))
    assert (told["title"], told["version"], told["license"]) == (
        citation["title"], str(citation["version"]), citation["license"]
    )  # fmt: skip
    assert [one["name"] for one in told["creators"]] == [one["name"] for one in citation["authors"]]
    assert told["keywords"] == citation["keywords"]
    assert told["upload_type"] == "software"


def test_it_invents_no_address(citation: dict):
    assert not re.search(r"example\.(?:com|org)|your-?name|TODO", str(citation), re.IGNORECASE)
