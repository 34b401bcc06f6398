"""What the pages of a site hold: whether links lead somewhere, and what the search can lead to."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from policybook.build.search import SearchIndex, find_broken_links, read_page, read_pages
from policybook.errors import BuildError

# Whether links lead somewhere ----------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "other.html").write_text('<p id="p07">x</p>', encoding="utf-8")
    (tmp_path / "part" / "index.html").write_text("<p>x</p>", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "href",
    ["part/other.html", "part/other.html#p07", "part/", "#", "#here", "https://example.org/x", "data:text/csv,a",
     "mailto:a@example.org", "part/other.html?q=1#p07"],
)  # fmt: skip
def test_a_good_link_is_not_reported(folder: Path, href: str):
    (folder / "page.html").write_text(f'<a href="{href}" id="here">x</a>', encoding="utf-8")
    assert find_broken_links(folder) == []


@pytest.mark.parametrize(
    "tag",
    [
        '<a href="gone.html">',
        '<a href="part/other.html#p08">',
        '<a href="#gone">',
        '<a href="../outside.html">',
        '<a href="/etc/passwd">',
        '<img src="gone.png">',
        '<script src="gone.js"></script>',
        '<link href="gone.css">',
    ],
)
def test_a_broken_link_is_named_with_its_page(folder: Path, tag: str):
    (folder.parent / "outside.html").write_text("", encoding="utf-8")
    (folder / "page.html").write_text(tag, encoding="utf-8")
    broken = find_broken_links(folder)
    assert len(broken) == 1
    assert broken[0].startswith("page.html: ")


# What the search can lead to ----------------------------------------------------------------------


PAGE = """<html><body><nav>menu words</nav><article class="bd-article"><section id="document"><h1>Title<a
class="headerlink">#</a></h1><p>Opening words.</p><section id="passages"><h2>Passages</h2><div class="pb-passages">
<p class="pb-scope"><a class="pb-paragraph">¶7</a></p>
<p id="p07" class="pb-passage"><span class="pb-sentence">新型城镇化。</span> <span class="pb-left-out">[2 sentences
left out]</span></p><p id="p08" class="pb-passage"><span class="pb-left-out">[1 sentence left out]</span></p>
</div></section><section id="errors"><h2>Errors</h2><div data-pagefind-ignore>A sentence made up for a
test.</div></section></section></article></body></html>"""


@pytest.fixture
def records(tmp_path: Path) -> dict[str, str]:
    page = tmp_path / "documents" / "one.html"
    page.parent.mkdir()
    page.write_text(PAGE, encoding="utf-8")
    return {url: text for url, _, text in read_page(tmp_path, "documents/one.html")["records"]}


def test_every_passage_has_a_record_of_its_own(records: dict[str, str]):
    assert records["documents/one.html#p07"] == "新型城镇化。"


def test_a_passage_of_which_nothing_is_shown_has_none(records: dict[str, str]):
    assert "documents/one.html#p08" not in records


def test_a_section_does_not_repeat_its_passages_or_the_menu(records: dict[str, str]):
    rest = " ".join(text for url, text in records.items() if "#p0" not in url)
    assert "新型城镇化" not in rest
    assert "menu words" not in rest
    assert "made up" not in rest, "what is marked as not to be indexed"
    assert "Opening words." in records["documents/one.html#document"]


def test_titles_name_page_and_place(tmp_path: Path):
    (tmp_path / "one.html").write_text(PAGE, encoding="utf-8")
    titles = {url: title for url, title, _ in read_page(tmp_path, "one.html")["records"]}
    assert titles["one.html#p07"].endswith("Title, ¶7")
    assert titles["one.html#document"] == "Title"


def test_a_term_is_not_cut_up_by_its_marks(tmp_path: Path):
    text = '<section id="s"><p>新<mark>型</mark>城<!-- x -->镇</p>a <b>b</b></section>'
    (tmp_path / "one.html").write_text(f'<article class="bd-article">{text}</article>', encoding="utf-8")
    assert read_page(tmp_path, "one.html")["records"] == [["one.html#s", "one.html", "新型城 镇 a b"]]


def test_a_known_page_is_read_again_only_when_it_changed(tmp_path: Path):
    (tmp_path / "one.html").write_text(PAGE, encoding="utf-8")
    known = read_pages(tmp_path)
    known["one.html"]["links"] = ["known"]
    assert read_pages(tmp_path, known) == known
    (tmp_path / "one.html").write_text(PAGE + " ", encoding="utf-8")
    assert read_pages(tmp_path, known)["one.html"]["links"] != ["known"]


# The index ----------------------------------------------------------------------------------------

RECORDS = {
    "a.html": [["a.html#s", "A", "新型城镇化 of the people"]],
    "b.html": [["b.html#s", "B", "county"], ["b.html#t", "B: t", "town"]],
}


def test_what_was_added_early_and_is_not_so_leaves_no_trace(tmp_path: Path):
    early = {"new": {}, "early": {"a.html": RECORDS["a.html"]}, "wrong": {"b.html": [["x", "y", "z"]]}}
    for folder, added in early.items():
        with SearchIndex() as index:
            for address, records in added.items():
                index.add(address, records)
            index.write(RECORDS, tmp_path / folder)
    files = {
        folder: {path.relative_to(tmp_path / folder): path.read_bytes() for path in (tmp_path / folder).rglob("*.*")}
        for folder in early
    }
    assert files["early"] == files["new"] == files["wrong"]
    entry = json.loads((tmp_path / "new" / "pagefind-entry.json").read_bytes())
    assert [(language, one["page_count"]) for language, one in entry["languages"].items()] == [("zh", 3)]


def test_a_site_that_shows_nothing_cannot_be_indexed(tmp_path: Path):
    with SearchIndex() as index, pytest.raises(BuildError, match="No page"):
        index.write({"a.html": []}, tmp_path)


def test_an_indexer_that_stops_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("policybook.build.search.get_executable", lambda: "true")
    with pytest.raises(BuildError, match="pagefind stopped"), SearchIndex() as index:
        index.write(RECORDS, tmp_path)


def test_interrupted_as_it_starts_it_leaves_no_indexer_and_no_thread(monkeypatch: pytest.MonkeyPatch):
    ask, threads, index = SearchIndex._ask, threading.active_count(), SearchIndex()

    def interrupted(self: SearchIndex, payload: dict[str, object]) -> None:
        ask(self, payload)
        raise KeyboardInterrupt

    monkeypatch.setattr(SearchIndex, "_ask", interrupted)
    with pytest.raises(KeyboardInterrupt), index:
        pass
    assert index._process.returncode is not None
    assert threading.active_count() == threads
