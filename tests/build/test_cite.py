"""References to the book, its pages, sections, passages and documents."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import yaml
from copies import ROOT, policybook_here
from kinds import MakeProject
from pybtex.database import parse_string

from policybook.build.cite import cite_all, cite_target, find_items
from policybook.build.edition import URL, read_edition
from policybook.build.export import write_package
from policybook.build.heads import Finisher
from policybook.build.references import STYLES
from policybook.build.targets import DATA
from policybook.cli import _STYLES
from policybook.errors import PolicybookError, UnknownPageError
from policybook.project import Project

TARGETS = [
    "index", "chapters/corpus", "chapters/corpus.html", "chapters/corpus#documents", "comparisons/eras#answer",
    "web-2021-joint-conference", "web-2021-joint-conference:p03", "web-2021-joint-conference:p03.1", "how-to-read",
]  # fmt: skip
PASSAGE = "web-2021-joint-conference:p3"


@pytest.mark.parametrize("target", TARGETS)
def test_a_reference_names_author_book_version_and_address(project: Project, target: str):
    about = yaml.safe_load((project.root / "CITATION.cff").read_text(encoding="utf-8"))
    for style in ("gb-t-7714", "apa", "bibtex"):
        said = cite_target(project, target, style, "book").replace("’", "'")
        whole = target == "index" and style != "gb-t-7714"
        parts = [about["authors"][0]["name"], ".html", *([] if whole else [str(about["version"])])]
        for part in parts:
            assert part in said, style
        assert about["title"].lower() in re.sub(r"[{}]", "", said).lower()


def test_a_document_is_cited_from_its_source_first(project: Project):
    source, book = cite_target(project, PASSAGE, "gb-t-7714").splitlines()
    assert source.startswith("unnamed Chinese news site")
    assert "城镇化工作暨城乡融合发展工作部际联席会议第二次会议" in source
    assert "转引自：The policybook developers" in source
    assert not source.startswith("The policybook developers")
    assert book.startswith("The policybook developers")
    assert "paragraph 3" in book
    assert book.endswith("documents/web-2021-joint-conference.html#p03.")
    assert cite_target(project, PASSAGE, "gb-t-7714", "source") == source
    assert cite_target(project, PASSAGE, "gb-t-7714", "book") == book


def test_a_machine_translation_is_called_one(project: Project):
    for style in STYLES:
        assert "machine-translated" in cite_target(project, "gmw-2023-county-migrants", style, "source").lower()


def test_what_is_no_document_has_no_source(project: Project):
    assert len(find_items(project, "chapters/corpus")) == 1
    with pytest.raises(PolicybookError, match="--of book"):
        find_items(project, "chapters/corpus", "source")


def test_no_reference_pretends_to_an_address(project: Project):
    for style in STYLES:
        assert "address of this edition" not in cite_target(project, PASSAGE, style)


def test_what_is_read_today_says_so(project: Project):
    assert f"[{date.today().isoformat()}]" in cite_target(project, PASSAGE, "gb-t-7714", "source")
    assert cite_target(project, "index", "gb-t-7714-2015", accessed="2026-01-02").count("[2026-01-02]") == 1


def test_bibtex_is_balanced_and_its_key_is_plain(project: Project):
    for target in ("index", "chapters/corpus#documents", PASSAGE):
        for style in ("biblatex", "bibtex"):
            text = cite_target(project, target, style)
            assert text.count("{") == text.count("}")
            entries = parse_string(text, "bibtex").entries
            assert all(re.fullmatch(r"[A-Za-z0-9-]+", key) for key in entries)
            assert len(entries) == (2 if target == PASSAGE else 1)


def test_two_items_of_csl_are_one_list(project: Project):
    assert [one["type"] for one in json.loads(cite_target(project, PASSAGE, "csl-json"))] == ["webpage", "chapter"]


@pytest.mark.parametrize(
    "target", ["nowhere", "index#nowhere", "web-2021-joint-conference:p99", "nobody:p01", "comparisons/eras#p01"]
)
def test_what_is_not_there_is_not_cited(project: Project, target: str):
    with pytest.raises(UnknownPageError, match="Known: "):
        cite_target(project, target, "apa")


def test_the_command_has_every_style():
    assert list(STYLES) == _STYLES


# A built site, as far as a reference needs it -------------------------------------------------------

PAGE = """<html lang="en"><head><title>x</title></head><body><article class="bd-article"><h1>{}</h1>
<figure id="figure-a"><figcaption><a class="pb-figure-number">Figure 1</a> A figure</figcaption></figure>
<p class="pb-passage" id="p03"><span class="pb-sentence" id="p03.2">One.</span></p></article></body></html>"""


@pytest.fixture
def built(make_project: MakeProject) -> Project:
    project = make_project()
    finisher = Finisher(project)
    for page in ("index", "chapters/corpus", "documents/web-2021-joint-conference"):
        path = project.site / f"{page}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PAGE.format(page), encoding="utf-8")
        finisher.finish(project.site, page)
    return project


def test_a_built_site_answers_alone(built: Project):
    assert "A figure (figure 1 of" in cite_target(built, "chapters/corpus#figure-a", "apa")
    assert "paragraph 3, sentence 2" in cite_target(built, "web-2021-joint-conference:p3.2", "apa", "book")
    assert "documents/web" in cite_target(built, f"{built.site}/documents/web-2021-joint-conference.html#p03", "apa")
    with pytest.raises(UnknownPageError, match="nothing on chapters/corpus"):
        cite_target(built, "corpus#figure-z", "apa")


def test_it_answers_without_what_is_heavy(built: Project):
    code = ("import sys; from policybook.cli import main\ntry: main()\nexcept SystemExit: pass\n"
            "assert not {'pandas', 'lxml', 'yaml', 'pydantic', 'nbformat', 'sphinx'} & {*sys.modules}")  # fmt: skip
    command = [sys.executable, "-c", code, "--project", str(built.root), "cite", "chapters/corpus"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("The policybook developers. ")


def test_what_the_site_does_not_have_yet_is_looked_for_in_the_files(built: Project):
    assert "How to Read" in cite_target(built, "how-to-read", "chicago").replace("to read", "to Read")


def test_one_bibliography_has_everything_once(built: Project):
    entries = parse_string(cite_all(built), "bibtex").entries  # which raises for a key that comes twice
    assert set(entries) == {
        "policybook", "policybook-chapters-corpus", "policybook-chapters-corpus--figure-a",
        "web-2021-joint-conference", "policybook-documents-web-2021-joint-conference",
        "policybook-index--figure-a", "policybook-documents-web-2021-joint-conference--figure-a",
    }  # fmt: skip
    assert len(json.loads(cite_all(built, "csl-json"))) == len(entries)
    done = policybook_here("cite", "--all", project=built)
    assert done.stdout.strip() == cite_all(built).strip()


def test_a_bibliography_needs_a_built_book(make_project: MakeProject):
    with pytest.raises(PolicybookError, match="policybook build"):
        cite_all(make_project())


@pytest.mark.parametrize("arguments", [(), ("index", "--all"), ("index", "--of", "me"), ("index", "--style", "mla")])
def test_wrong_usage_is_told(built: Project, arguments: tuple[str, ...]):
    assert policybook_here("cite", *arguments, project=built).exit_code == 2


def test_a_file_of_the_site_is_a_target(built: Project, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(built.site)
    assert Path("chapters/corpus.html").is_file()
    assert "figure 1" in cite_target(built, "chapters/corpus.html#figure-a", "apa")


def test_a_table_is_cited_by_the_address_of_its_file(make_project: MakeProject):
    project = make_project()
    (project.site / DATA).mkdir(parents=True)
    (project.site / DATA / "corpus.rows.csv").write_text("a\n1\n", encoding="utf-8")
    shutil.copytree(ROOT / "data" / "facts", project.data / "facts", dirs_exist_ok=True)
    known = [("corpus.rows.csv", "Rows", "chapters/corpus", "documents")]
    write_package(project, project.site, read_edition(project), known, {})
    (shown,) = find_items(project, "https://example.org/book/data/corpus.rows.csv")
    assert shown["URL"] == "chapters/corpus.html#documents"
    (own,) = find_items(project, "data/plans.csv")
    assert (own["type"], own["title"], own["URL"]) == ("dataset", "Plans", "data/plans.csv")
    with pytest.raises(UnknownPageError, match=r"Did you mean 'plans\.csv'"):
        find_items(project, "data/plan.csv")


def test_a_table_of_a_book_that_is_not_built_is_said_to_be_unknown(make_project: MakeProject):
    with pytest.raises(UnknownPageError, match="Build it first"):
        find_items(make_project(), "data/plans.csv")


def test_an_address_elsewhere_is_none_of_the_book(make_project: MakeProject, monkeypatch: pytest.MonkeyPatch):
    project = make_project()
    with pytest.raises(UnknownPageError, match="no page 'x' in this book"):
        find_items(project, "https://other.example/x")
    monkeypatch.setenv(URL, "https://here.example/book")
    with pytest.raises(UnknownPageError, match=r"stands at https://here\.example/book/"):
        find_items(project, "https://other.example/book/chapters/corpus.html")
    for here in ("https://here.example/book", "https://here.example/book/", "http://localhost:8000/"):
        assert find_items(project, here)[0]["type"] == "book"
