"""The heads of pages, as Zotero, Scholar and search engines read them, and what stands beside them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import lxml.html
import pytest
import rispy
from copies import HOSTILE
from kinds import MakeProject
from pybtex.database import parse_string

from policybook.build import state
from policybook.build.edition import URL
from policybook.build.heads import DAY, KEY, TITLE, Finisher
from policybook.build.state import PageMark
from policybook.build.targets import load_record
from policybook.project import Project

ADDRESS = "https://example.org/book/v1/"
DOCUMENT = "documents/web-2021-joint-conference"
PAGE = """<!DOCTYPE html>
<html lang="en"><head><title>x</title></head><body><article class="bd-article"><h1>{title}</h1>
<p>What this page is about is said in its first paragraph, {title}.</p>
<figure id="figure-a"><figcaption><a class="pb-figure-number">Figure 1</a> A figure</figcaption></figure>
<p><a class="pb-download" download="x.a.csv" href="../data/x.a.csv">Data</a></p>
<p class="pb-passage" id="p03"><span class="pb-sentence" id="p03.2">One.</span></p></article></body></html>"""


@pytest.fixture
def own(make_project: MakeProject, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv(URL, ADDRESS)
    return make_project()


def finish(project: Project, page: str, title: str = "What &amp; who?") -> lxml.html.HtmlElement:
    path = project.site / f"{page}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(PAGE.format(title=title), encoding="utf-8")
    (project.site / "data").mkdir(exist_ok=True)
    (project.site / "data" / "x.a.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    Finisher(project).finish(project.site, page)
    return lxml.html.fromstring(path.read_text(encoding="utf-8"))


def metas(tree: lxml.html.HtmlElement) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in tree.xpath("/html/head/meta[@content]"):
        found.setdefault(one.get("name") or one.get("property"), []).append(one.get("content"))
    return found


def linked(tree: lxml.html.HtmlElement) -> dict:
    (script,) = tree.xpath("/html/head/script[@type='application/ld+json']")
    return json.loads(script.text)


def test_a_reference_manager_reads_a_chapter_of_the_book(own: Project):
    tree = finish(own, "chapters/x")
    head = metas(tree)
    assert head["citation_title"] == ["What & who?"]
    assert head["citation_inbook_title"] == head["citation_book_title"] == [Finisher(own).edition.title]
    assert head["citation_author"] == ["The policybook developers"]
    assert head["citation_public_url"] == [f"{ADDRESS}chapters/x.html"]
    assert head["citation_language"] == ["en"]
    assert head.get("citation_publication_date", ["2026/11/21"])[0][:3] == "202"
    assert head["description"][0].startswith("What this page is about")
    assert head["og:title"] == ["What & who?"]
    assert tree.xpath("//link[@rel='canonical']/@href") == [f"{ADDRESS}chapters/x.html"]


def test_the_files_beside_a_page_are_its_reference(own: Project):
    tree = finish(own, "chapters/x")
    files = {one.get("type"): one.get("href") for one in tree.xpath("//link[@rel='alternate']")}
    folder = own.site / "chapters"
    bib, ris, csl = (folder.joinpath(name).read_text(encoding="utf-8") for name in files.values())
    (entry,) = parse_string(bib, "bibtex").entries.values()
    (record,) = rispy.loads(ris)
    (item,) = json.loads(csl)
    assert entry.fields["url"] == record["urls"][0] == item["URL"] == f"{ADDRESS}chapters/x.html"
    assert record["title"] == item["title"] == "What & who?"
    assert (record["type_of_reference"], item["type"], entry.type) == ("CHAP", "chapter", "inbook")
    assert "accessed" not in item


def test_the_front_page_is_the_book(own: Project):
    tree = finish(own, "index")
    assert metas(tree)["bibo:type"] == ["Book"]
    assert "citation_inbook_title" not in metas(tree)
    assert linked(tree)["@type"] == "Book"
    assert tree.xpath("//link[@rel='canonical']/@href") == [ADDRESS]


def test_a_page_says_what_it_is_based_on_and_which_tables_it_has(own: Project):
    said = linked(finish(own, DOCUMENT))
    assert said["isBasedOn"]["name"] == "城镇化工作暨城乡融合发展工作部际联席会议第二次会议"
    assert said["isBasedOn"]["publisher"]["name"].startswith("unnamed Chinese news site")
    assert "license" not in said
    (table,) = said["hasPart"]["distribution"]
    assert (table["contentUrl"], table["encodingFormat"]) == (f"{ADDRESS}data/x.a.csv", "text/csv")
    assert said["isPartOf"]["@type"] == "Book"


def test_without_an_address_none_is_made_up(make_project: MakeProject, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(URL, raising=False)
    project = make_project()
    tree = finish(project, DOCUMENT)
    text = lxml.html.tostring(tree.head, encoding="unicode")
    assert "address of this edition" not in text
    assert not {"citation_public_url", "og:url"} & {*metas(tree)}
    assert tree.xpath("//link[@rel='canonical']/@href") == ["web-2021-joint-conference.html"]
    assert "url" not in linked(tree)
    Finisher(project).finish_site(project.site)
    assert not (project.site / "sitemap.xml").exists()
    assert "Sitemap" not in (project.site / "robots.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("nasty", [*HOSTILE, '"><script>alert(1)</script>', "</title></head><body onload=x>", "a--><b"])
def test_nothing_of_a_title_is_markup(own: Project, nasty: str):
    import html

    tree = finish(own, "chapters/x", html.escape(nasty))
    assert metas(tree)["citation_title"] == [" ".join(nasty.split())]
    assert linked(tree)["name"] == " ".join(nasty.split())
    assert len(tree.xpath("//script")) == 1
    assert not tree.xpath("//img | //b | //*[@onload]")


def test_a_page_that_is_finished_again_is_the_same(own: Project, tmp_path: Path):
    finish(own, DOCUMENT)
    names = [f"{DOCUMENT}{end}" for end in (".html", ".bib", ".ris", ".json", ".cite.js")]
    first = {name: (own.site / name).read_bytes() for name in names}
    (tmp_path / "documents").mkdir()
    (tmp_path / names[0]).write_bytes(first[names[0]])
    finisher = Finisher(own)
    finisher.keep(own.site, tmp_path, DOCUMENT)
    assert {name: (tmp_path / name).read_bytes() for name in names} == first
    assert (tmp_path / "data" / "x.a.csv").is_file()
    assert finisher.has(DOCUMENT)


def test_a_new_address_takes_the_place_of_the_old(own: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    finish(own, DOCUMENT)
    (tmp_path / "documents").mkdir()
    (tmp_path / f"{DOCUMENT}.html").write_bytes((own.site / f"{DOCUMENT}.html").read_bytes())
    monkeypatch.setenv(URL, "https://example.org/v2")
    Finisher(own).keep(own.site, tmp_path, DOCUMENT)
    text = (tmp_path / f"{DOCUMENT}.html").read_text(encoding="utf-8")
    assert ADDRESS not in text
    assert text.count("<!-- pb-head -->") == 1


def test_the_forms_of_the_dialog_leave_open_what_the_browser_fills_in(own: Project):
    finish(own, DOCUMENT)
    record = load_record(own.site, DOCUMENT)
    assert record is not None
    assert {"figure", "page", "section", "source"} <= {*record["forms"]}
    assert all({*forms} == {*record["styles"]} for forms in record["forms"].values())
    assert KEY in record["forms"]["page"]["biblatex"]
    assert TITLE in record["forms"]["page"]["apa"]
    assert DAY in record["forms"]["figure"]["gb-t-7714"]
    assert "城镇化工作" in record["forms"]["source"]["apa"]
    assert TITLE in record["forms"]["source"]["gb-t-7714"]
    assert len(record["set"]) == len(record["parts"]) + 1


def test_a_site_has_a_map_rules_and_a_page_of_what_is_not_there(own: Project):
    finisher = Finisher(own)
    finish(own, "index")
    for page in ("index", "chapters/x"):
        finish(own, page)
        finisher.finish(own.site, page)
    assert finisher.finish_site(own.site) > 2
    places = lxml.etree.fromstring((own.site / "sitemap.xml").read_bytes()).xpath("//*[local-name()='loc']/text()")
    assert places == [f"{ADDRESS}chapters/x.html", ADDRESS]
    assert f"Sitemap: {ADDRESS}sitemap.xml" in (own.site / "robots.txt").read_text(encoding="utf-8")
    lost = lxml.html.fromstring((own.site / "404.html").read_text(encoding="utf-8"))
    assert lost.xpath("//a/@href") == [ADDRESS]
    assert metas(lost)["robots"] == ["noindex"]


def test_a_draft_is_kept_out_of_indexes(make_project: MakeProject, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(URL, "https://example.org/book/dev/")
    project = make_project()
    assert metas(finish(project, "chapters/x"))["robots"] == ["noindex"]
    Finisher(project).finish_site(project.site)
    assert "Disallow: /" in (project.site / "robots.txt").read_text(encoding="utf-8")


MADE = '<table><tr><td data-made="inputs"></td><td data-made="data"></td><td data-made="commit"></td></tr></table>'


def test_a_page_says_what_it_was_made_from(own: Project, monkeypatch: pytest.MonkeyPatch):
    data = own.data.resolve()
    names = ["gold/parallel.csv", *(f"facts/{name}.csv" for name in "abcd")]
    reads = ["corpus", f"open {own.root}/notebooks/x.ipynb", *(f"open {data}/{name}" for name in names)]
    mark = PageMark(recipe="", reads=dict.fromkeys(reads, ""), made="")
    monkeypatch.setattr(state, "page_mark", lambda *_: mark)
    for _ in range(2):  # a page that is finished again is the same
        monkeypatch.setattr(sys.modules[__name__], "PAGE", PAGE.replace("</article>", f"{MADE}</article>"))
        tree = finish(own, "chapters/x")
        said = {cell.get("data-made"): cell.text for cell in tree.iter("td")}
        wanted = ("corpus.yml", "documents/…", "facts/…", "gold/parallel.csv", "lexicon/…")
        assert said["inputs"] == ", ".join(f"data/{one}" for one in wanted)
        assert (len(said["data"]), said["commit"]) == (16, "—")


def test_parts_of_a_page_are_named_in_its_language(own: Project):
    own.site.mkdir(parents=True)
    path = own.site / "zh" / "index.html"
    path.parent.mkdir()
    path.write_text(PAGE.replace('lang="en"', 'lang="zh-CN"').format(title="新型城镇化"), encoding="utf-8")
    finisher = Finisher(own)
    finisher.finish(own.site, "zh/index")
    record = load_record(own.site, "zh/index")
    assert record is not None
    assert {part[0]: part[2] for part in record["parts"]}["figure-a"] == "A figure（“新型城镇化”图1）"
    finish(own, "chapters/x")
    english = load_record(own.site, "chapters/x")
    assert english is not None and "(figure 1 of" in english["parts"][0][2]
