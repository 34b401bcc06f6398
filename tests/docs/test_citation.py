"""CITATION.cff, the way citation tools read it (Citation File Format 1.2.0)."""

from __future__ import annotations

import re
from datetime import date

import pytest
import yaml
from copies import ROOT

import policybook


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


def test_its_version_is_in_the_changelog(citation: dict):
    assert str(citation["version"]) in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_its_date_is_a_date(citation: dict):
    assert isinstance(citation["date-released"], date)


def test_it_invents_no_address(citation: dict):
    assert not re.search(r"example\.(?:com|org)|your-?name|TODO", str(citation), re.IGNORECASE)
