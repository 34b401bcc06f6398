"""What the pages of a site hold: whether links lead somewhere, and what the search can lead to."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from copies import ROOT

from policybook.build.search import (
    CONCORDANCE,
    PageText,
    find_broken_links,
    read_page,
    read_pages,
    same_terms,
    write_concordance,
    write_index,
)
from policybook.errors import BuildError
from policybook.project import Project

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
</div></section><section id="errors"><h2>Errors</h2><div class="pb-errors">A sentence made up for a
test.</div></section></section></article></body></html>"""


@pytest.fixture
def records(tmp_path: Path) -> dict[str, str]:
    page = tmp_path / "documents" / "one.html"
    page.parent.mkdir()
    page.write_text(PAGE, encoding="utf-8")
    return {url: text for url, _, text, _ in read_page(tmp_path, "documents/one.html")["records"]}


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


def test_what_is_quoted_is_found_where_it_stands(tmp_path: Path):
    quote = '<section id="s"><h2>S</h2><blockquote class="pb-quote">quoted words</blockquote>own words</section>'
    (tmp_path / "methods.html").write_text(f'<article class="bd-article">{quote}</article>', encoding="utf-8")
    assert [one[2:] for one in read_page(tmp_path, "methods.html")["records"]] == [["S own words", "method"]]


def test_what_can_be_chosen_in_a_form_is_no_text_of_its_section(tmp_path: Path):
    form = "<form><select><option>户籍</option></select></form><fieldset>土地</fieldset><button>x</button>"
    html = f'<article class="bd-article"><section id="s"><h2>S</h2><p>words</p>{form}</section></article>'
    (tmp_path / "page.html").write_text(html, encoding="utf-8")
    assert [text for _, _, text, _ in read_page(tmp_path, "page.html")["records"]] == ["S words"]


def test_titles_name_page_and_place(tmp_path: Path):
    (tmp_path / "one.html").write_text(PAGE, encoding="utf-8")
    titles = {url: title for url, title, *_ in read_page(tmp_path, "one.html")["records"]}
    assert titles["one.html#p07"].endswith("Title, ¶7")
    assert titles["one.html#document"] == "Title"


def test_a_term_is_not_cut_up_by_its_marks(tmp_path: Path):
    text = '<section id="s"><p>新<mark>型</mark>城<!-- x -->镇</p>a <b>b</b></section>'
    (tmp_path / "one.html").write_text(f'<article class="bd-article">{text}</article>', encoding="utf-8")
    assert read_page(tmp_path, "one.html")["records"] == [["one.html#s", "one.html", "新型城 镇 a b", "page"]]


def test_a_known_page_is_read_again_only_when_it_changed(tmp_path: Path):
    (tmp_path / "one.html").write_text(PAGE, encoding="utf-8")
    known = read_pages(tmp_path)
    known["one.html"]["links"] = ["known"]
    assert read_pages(tmp_path, known) == known
    (tmp_path / "one.html").write_text(PAGE + " ", encoding="utf-8")
    assert read_pages(tmp_path, known)["one.html"]["links"] != ["known"]


# The index ----------------------------------------------------------------------------------------

RECORDS = [
    ["chapters/methods.html#s", "Methods", "how 新型城镇化 is counted", "method"],
    ["a.html#s", "A", "a table", "page"],
    ["documents/b.html#p01", "B, ¶1", '新型城镇化\u2028"quoted" </script>', "passage"],
]


def written(folder: Path, records: list[list[str]]) -> tuple[dict, list]:
    """Return what the index says of itself, and its records, as a browser would read them."""
    pages: dict = {"a.html": {"hash": "", "records": records, "links": [], "ids": []}}
    assert write_index(pages, lambda text: [["a table", "表"]] if "table" in text else [], folder) == len(records)
    index, *parts = [
        json.loads(re.fullmatch(r"policybookSearch\.\w+\((.*)\);\n", path.read_text(encoding="utf-8"), re.DOTALL)[1])
        for path in (folder / "index.js", *sorted(folder.glob("[0-9]*.js")))
    ]
    return index, parts


def test_passages_come_before_pages_and_these_before_methods(tmp_path: Path):
    index, parts = written(tmp_path / "search", RECORDS)
    assert parts == [RECORDS[::-1]]
    assert index["parts"] == 1
    assert index["terms"] == [["a table", "表"]]


def test_a_long_book_is_read_in_parts(tmp_path: Path):
    records = [[f"a.html#s{n}", "A", "字" * 150_000, "page"] for n in range(7)]
    index, parts = written(tmp_path / "search", records)
    assert [len(part) for part in parts] == [3, 3, 1]
    assert index["parts"] == 3


def test_other_forms_are_given_of_the_characters_that_stand_there(tmp_path: Path):
    pairs = written(tmp_path / "search", RECORDS)[0]["simplified"]
    assert "鎮镇" in [pairs[n : n + 2] for n in range(0, len(pairs), 2)]
    assert "遼" not in pairs


def test_a_site_that_shows_nothing_cannot_be_indexed(tmp_path: Path):
    with pytest.raises(BuildError, match="No page"):
        write_index({}, lambda _: [], tmp_path / "search")


def test_words_for_the_same_are_those_that_stand_in_the_text():
    groups = same_terms(Project(ROOT), "Rural migrants of Fujian, 福建; 农业转移人口, agricultural transfer population")
    assert ["福建", "fujian"] in groups
    assert {"农业转移人口", "agricultural transfer population"} <= next(set(g) for g in groups if "农业转移人口" in g)
    assert not [group for group in groups if "liaoning" in group]


# What the concordance looks through -----------------------------------------------------------------

SHOWN = "web-2021-joint-conference"


def with_ids(*ids: str) -> PageText:
    return {"hash": "", "records": [], "links": [], "ids": [*ids]}


def test_the_concordance_holds_the_sentences_that_pages_show_and_no_other(tmp_path: Path):
    pages = {f"documents/{SHOWN}.html": with_ids("p02", "p02.1"), "chapters/terms.html": with_ids(CONCORDANCE)}
    assert write_concordance(Project(ROOT), pages, tmp_path) == 1
    written = (tmp_path / "concordance.js").read_text(encoding="utf-8")
    said = json.loads(re.fullmatch(r"policybookConcordance\((.*)\);\n", written)[1])
    ((document, places, era, ((sentence, text, mentions),)),) = said["passages"]
    assert (document, sentence) == (SHOWN, "p02.1")
    assert (places, era) == (["national"], "2021-2024")
    coded = {said["concepts"][concept]["id"]: text[start:end] for concept, start, end, _ in mentions}
    assert coded["rural-migrants"] == "农业转移人口"


def test_a_book_without_the_box_has_no_concordance(tmp_path: Path):
    assert write_concordance(Project(ROOT), {f"documents/{SHOWN}.html": with_ids("p02.1")}, tmp_path) == 0
    assert write_concordance(Project(tmp_path), {"x.html": with_ids(CONCORDANCE)}, tmp_path) == 0
    assert list(tmp_path.iterdir()) == []
