"""Tables as files, and their description, by Frictionless's own reading of it."""

from __future__ import annotations

import json
from pathlib import Path

import frictionless
import pandas as pd
import pytest
from copies import ROOT, policybook_here
from kinds import MakeProject
from lxml import html

from policybook.build.edition import read_edition
from policybook.build.export import describe_table, export_tables, read_tables, table_name, write_package
from policybook.build.targets import DATA, PACKAGE
from policybook.errors import BuildError, FolderError
from policybook.project import Project

PAGE = """<article><h1>Page</h1><h2>Section<a class="headerlink">#</a></h2>
<p><a class="pb-download" download="x.loose.csv" href="../data/x.loose.csv">Data</a></p>
<figure id="figure-a"><figcaption><a class="pb-figure-number">Figure 1</a> Shares <span class="pb-downloads">
<a class="pb-download" download="x.figure-a.csv">Data</a> <a class="pb-download" download="figure-a.svg">SVG</a></span>
</figcaption></figure><div id="table-b"><table><caption>Rows</caption></table></div>
<p><a class="pb-download" download="x.b.csv">Data</a></p></article>"""


@pytest.fixture
def exported(make_project: MakeProject) -> Project:
    project = make_project()
    (project.site / DATA).mkdir(parents=True)
    text = "\ufeffname,share,n,day,note\n城,0.5,1,2024-01-02,'=1\n,1e-05,2,2024-01-03,\"a, \"\"b\"\"\"\nx,,,,\n"
    (project.site / DATA / "x.b.csv").write_text(text, encoding="utf-8")
    documents = {"d": {"title": "关于<城镇>", "author": [{"literal": "国务院"}], "URL": "https://example.org/17"}}
    tables = [("x.b.csv", "Rows", "chapters/x", "table-b")]
    write_package(project, project.site, read_edition(project), tables, documents)
    return project


def test_tables_are_called_by_what_stands_above_them():
    assert read_tables("chapters/x", html.fromstring(PAGE)) == [
        ["x.loose.csv", "Section", ""], ["x.figure-a.csv", "Shares (data of the figure)", "figure-a"],
        ["x.b.csv", "Rows", "table-b"],
    ]  # fmt: skip


def test_no_two_pages_have_a_table_of_one_name():
    names = [table_name(page, "a.csv") for page in ("chapters/x", "documents/x", "comparisons/x", "index")]
    assert names == ["x.a.csv", "documents.x.a.csv", "comparisons.x.a.csv", "index.a.csv"]


def test_fields_have_the_types_that_their_cells_allow():
    table = "a,b,c,d,e,f\n1,1.5,2024-01-02,true,x,\n007,,,False,1,\n"
    fields = describe_table(table.encode(), "x.csv", "X")["schema"]["fields"]
    assert [one["type"] for one in fields] == ["string", "number", "date", "boolean", "string", "string"]
    share = describe_table(b"share,value_percent\n.5,5\n", "x.csv", "X")["schema"]["fields"]
    assert [one.get("unit") for one in share] == ["share, 0 to 1", "percent"]
    assert describe_table(b"", "X y.csv", "X")["name"] == "x-y"


def test_the_package_is_valid(exported: Project):
    report = frictionless.Package(str(exported.site / DATA / PACKAGE)).validate()
    assert report.valid, report.flatten(["title", "message"])
    package = json.loads((exported.site / DATA / PACKAGE).read_text(encoding="utf-8"))
    assert {"x.b", "urbanization_rate", "measured.provinces.counts"} <= {one["name"] for one in package["resources"]}
    assert package["sources"] == [{"title": "关于<城镇> (国务院)", "path": "https://example.org/17"}]
    assert "created" not in package


def test_the_same_is_exported(exported: Project, tmp_path: Path):
    done = policybook_here("export", str(tmp_path / "out"), project=exported)
    assert done.exit_code == 0, done.stderr
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {path.name for path in (exported.site / DATA).iterdir()}
    assert f"{len(names) - 1} tables" in done.stdout
    table = pd.read_csv(tmp_path / "out" / "x.b.csv")
    assert list(table.columns) == ["name", "share", "n", "day", "note"]
    assert table["note"].tolist()[1] == 'a, "b"'


def test_nothing_is_written_over(exported: Project, tmp_path: Path):
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    with pytest.raises(FolderError, match="not empty"):
        export_tables(exported, tmp_path)
    with pytest.raises(FolderError, match="not empty"):
        export_tables(exported, tmp_path / "mine.txt")
    assert policybook_here("export", str(tmp_path), project=exported).exit_code == 1


def test_an_export_needs_a_built_book(make_project: MakeProject, tmp_path: Path):
    with pytest.raises(BuildError, match="policybook build"):
        export_tables(make_project(), tmp_path / "out")


@pytest.mark.parametrize("path", sorted((ROOT / "data").rglob("*.csv")), ids=lambda path: path.stem)
def test_every_table_of_the_repository_is_loaded_as_it_is(path: Path):
    table = pd.read_csv(path)
    assert len(table.columns) > 1
    assert not [name for name in table.columns if str(name).startswith(("Unnamed", "\ufeff"))]
