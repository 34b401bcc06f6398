"""What pages say of themselves to reference managers and search engines, their tables, and the dialog of references."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import frictionless
import pandas as pd
import pytest
import rispy
from copies import SIXTH, SIXTH_TITLE, policybook_here
from playwright.sync_api import Browser, Page
from pybtex.database import parse_file, parse_string

from policybook.build.cite import cite_target
from policybook.build.targets import load_record
from policybook.project import Project

DOCUMENT = "documents/web-2021-joint-conference"
FILES = {"bib": "application/x-bibtex", "ris": "application/x-research-info-systems",
         "json": "application/vnd.citationstyles.csl+json"}  # fmt: skip


def metas(page) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in page.tree.xpath("/html/head/meta[@content]"):
        found.setdefault(one.get("name") or one.get("property") or "", []).append(one.get("content"))
    return found


def test_every_page_is_a_chapter_with_title_book_author_and_language(book_pages):
    for name, page in book_pages.items():
        head = metas(page)
        assert head["citation_author"] == ["The policybook developers"], name
        assert head["citation_language"] == ["zh-CN" if name.startswith("zh/") else "en"], name
        assert len(head["citation_title"]) == 1, name
        assert ("citation_inbook_title" in head) == (name != "index"), name
        (script,) = page.select('head script[type="application/ld+json"]')
        said = json.loads(script.text)
        assert said["@type"] == ("Book" if name == "index" else "Chapter"), name
        assert ("isBasedOn" in said) == name.startswith("documents/"), name
        assert "address of this edition" not in page.source, name


def test_every_page_has_its_reference_beside_it(book_pages, site: Path):
    for name, page in book_pages.items():
        here = (site / name).parent
        beside = page.select('head link[rel="alternate"]:not([hreflang])')
        links = {link.get("type"): here / link.get("href") for link in beside}
        assert set(links) == set(FILES.values()), name
        count = 2 if name.startswith("documents/") else 1
        assert len(parse_file(str(links[FILES["bib"]])).entries) == count, name
        assert len(rispy.loads(links[FILES["ris"]].read_text(encoding="utf-8"))) == count, name
        assert len(json.loads(links[FILES["json"]].read_text(encoding="utf-8"))) == count, name


def test_a_title_full_of_markup_stays_a_title(book_pages, site: Path):
    page = book_pages[f"documents/{SIXTH}"]
    assert metas(page)["citation_title"] == [" ".join(SIXTH_TITLE.split())]
    (record,) = (load_record(site, page.name),)
    assert record is not None and record["title"] == " ".join(SIXTH_TITLE.split())
    source = rispy.loads((site / f"{page.name}.ris").read_text(encoding="utf-8"))[0]
    assert source["title"] == " ".join(SIXTH_TITLE.split())


def test_what_has_an_address_has_a_title_that_no_other_has(book_pages, site: Path):
    for name in book_pages:
        record = load_record(site, name)
        assert record is not None
        titles = Counter(part[2] for part in record["parts"] if part[1] in ("figure", "table", "section", "passage"))
        assert [title for title, times in titles.items() if times > 1] == [], name


def test_one_bibliography_of_the_book_has_no_key_twice(built: Project):
    done = policybook_here("cite", "--all", project=built)
    entries = parse_string(done.stdout, "bibtex").entries
    assert len(entries) > 100
    assert all(re.fullmatch(r"[A-Za-z0-9-]+", key) for key in entries)


def test_all_tables_are_described_and_load(site: Path, book_pages):
    report = frictionless.Package(str(site / "data" / "datapackage.json")).validate()
    assert report.valid, report.flatten(["title", "message"])[:5]
    package = json.loads((site / "data" / "datapackage.json").read_text(encoding="utf-8"))
    described = {one["path"]: one for one in package["resources"]}
    assert set(described) == {path.name for path in (site / "data").glob("*.csv")}
    linked = {Path(link.get("href")).name for page in book_pages.values() for link in page.select("a.pb-download")
              if link.get("href").endswith(".csv")}  # fmt: skip
    assert linked and linked <= set(described)
    assert not [page.name for page in book_pages.values() if "data:text/csv" in page.source]
    for name, one in described.items():
        table = pd.read_csv(site / "data" / name)
        assert list(table.columns) == [field["name"] for field in one["schema"]["fields"]], name


def test_tables_are_numbered_as_their_references_say(book_pages, site: Path):
    for name, page in book_pages.items():
        numbers = page.text("a.pb-table-number")
        said = "表" if name.startswith("zh/") else "Table "
        assert numbers == [f"{said}{n + 1}" for n in range(len(numbers))], name
        record = load_record(site, name)
        cited = {part[0]: part[3] for part in record["parts"] if part[1] == "table" and part[3]} if record else {}
        shown = {link.get("href")[1:]: link.text.removeprefix(said) for link in page.select("a.pb-table-number")}
        assert cited == shown, name


# The dialog ------------------------------------------------------------------------------------------


@pytest.fixture
def reader(browser: Browser, site: Path):
    """A page of a book opened from a folder."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(20_000)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto((site / f"{DOCUMENT}.html").as_uri())
    yield page
    context.close()
    assert wrong == []


def references(page: Page) -> list[str]:
    return page.locator("#pb-cite pre").all_text_contents()


def test_the_dialog_says_what_the_command_says(reader: Page, built: Project, site: Path):
    reader.goto(f"{(site / f'{DOCUMENT}.html').as_uri()}#p03.1")
    reader.reload()
    reader.click(".pb-cite-open")
    reader.wait_for_selector("#pb-cite[open] pre")
    for style in ("gb-t-7714", "gb-t-7714-2015", "apa", "chicago", "biblatex", "bibtex", "ris"):
        reader.click(f"#pb-cite-{style}")
        said = "\n".join(references(reader)).replace("{March}", "March").split()
        wanted = cite_target(built, f"{DOCUMENT}#p03.1", style).replace("{March}", "March").split()
        assert said == wanted, style


def test_the_dialog_is_used_by_keys_alone(reader: Page):
    reader.focus(".pb-cite-open")
    reader.keyboard.press("Enter")
    reader.wait_for_selector("#pb-cite[open] pre")
    reader.focus("#pb-cite [role=tab][aria-selected=true]")
    reader.keyboard.press("ArrowRight")
    assert reader.get_attribute("#pb-cite-gb-t-7714-2015", "aria-selected") == "true"
    reader.keyboard.press("End")
    assert reader.get_attribute("#pb-cite-csl-json", "aria-selected") == "true"
    assert reader.locator("#pb-cite [role=tab][tabindex='0']").count() == 1
    reader.keyboard.press("Escape")
    assert reader.evaluate("document.activeElement.classList.contains('pb-cite-open')")
    reader.focus("#p03\\.1 a.pb-permalink")
    reader.keyboard.press("Tab")
    reader.keyboard.press("Enter")
    reader.wait_for_selector("#pb-cite[open] pre")
    assert "paragraph 3, sentence 1" in reader.text_content(".pb-cite-what")


def test_files_are_saved_with_the_reference(reader: Page):
    reader.click(".pb-cite-open")
    reader.wait_for_selector("#pb-cite[open] pre")
    with reader.expect_download() as saved:
        reader.click("#pb-cite a[data-file=ris]")
    assert saved.value.suggested_filename == "policybook-documents-web-2021-joint-conference.ris"
    read = rispy.loads(Path(saved.value.path()).read_text(encoding="utf-8"))
    assert [one["type_of_reference"] for one in read] == ["ELEC", "CHAP"]


def test_figures_and_tables_have_a_button_of_their_own(reader: Page, site: Path):
    reader.goto((site / "chapters" / "corpus.html").as_uri())
    assert reader.locator("figure .pb-downloads button.pb-cite").count() == reader.locator("figure[id]").count()
    reader.locator("figure button.pb-cite").first.click()
    reader.wait_for_selector("#pb-cite[open] pre")
    assert "(figure 1 of" in reader.text_content(".pb-cite-what")
    assert "[EB/OL]" in references(reader)[0]
