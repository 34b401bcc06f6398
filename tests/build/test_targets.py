"""What of a page can be cited, and how it is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from policybook.build.targets import (
    Citable,
    complete_target,
    find_page,
    find_part,
    load_record,
    pages_of,
    quote_of,
    read_article,
    read_record,
    read_target,
    write_record,
)
from policybook.errors import UnknownPageError

PAGE = """<html lang="en"><body><nav><table id="table-not"></table></nav><article class="bd-article"><section id="top">
<h1>Who &amp; what?<a class="headerlink" href="#top">#</a></h1><p>Short.</p>
<p>A first paragraph that is long enough to say what all of this is about.</p>
<section id="themes"><h2>Themes<a class="headerlink" href="#themes">#</a></h2>
<figure id="figure-a"><svg><g id="svg-1"></g></svg><figcaption><a class="pb-figure-number">Figure 1</a> Shares
<span class="pb-downloads"><a class="pb-download" download="x.csv">Data</a></span></figcaption></figure>
<div class="pb-scroll" id="table-b"><table><caption><a class="pb-table-number">Table 1</a> Rows &lt;b&gt;</caption>
<tr id="row-1"><th>Land</th><td>North</td></tr><tr id="row-2"><th>Land</th><td>South</td></tr>
<tr id="row-3"><th>Jobs<a class="pb-permalink"></a></th><td>South</td></tr></table></div>
<details id="evidence-x"><summary>Land <span class="pb-quiet">(3)</span></summary></details></section>
<p id="p03" class="pb-passage"><span class="pb-sentence" id="p03.9">A sentence.</span></p>
<p id="loose">x</p></section></article></body></html>"""


@pytest.fixture
def record():
    article, language = read_article(PAGE)
    return read_record(article, "chapters/x", language)


def test_everything_with_an_address_has_a_title_of_its_own(record):
    assert (record["title"], record["language"]) == ("Who & what?", "en")
    assert record["description"].startswith("A first paragraph")
    assert {part[0]: (part[1], part[2]) for part in record["parts"]} == {
        "top": ("page", "Who & what?"),
        "themes": ("section", "Who & what?: Themes"),
        "figure-a": ("figure", "Shares (figure 1 of “Who & what?”)"),
        "table-b": ("table", "Rows <b> (table 1 of “Who & what?”)"),
        "row-1": ("row", "Land, North (row of table 1 of “Who & what?”)"),
        "row-2": ("row", "Land, South (row of table 1 of “Who & what?”)"),
        "row-3": ("row", "Jobs (row of table 1 of “Who & what?”)"),
        "evidence-x": ("evidence", "Land (evidence of “Who & what?”)"),
        "p03": ("passage", "Who & what?, paragraph 3"),
        "p03.9": ("sentence", "Who & what?, paragraph 3, sentence 9"),
    }


@pytest.mark.parametrize(
    ("text", "page", "anchor"),
    [("", "index", ""), ("index.html", "index", ""), ("chapters/x#a", "chapters/x", "a"), ("x.html#a", "x", "a"),
     ("doc:p3", "documents/doc", "p03"), ("doc:p03.9", "documents/doc", "p03.9"),
     ("documents/doc#p3", "documents/doc", "p03"), ("https://e.org/b/v1/chapters/x.html#row", "chapters/x", "row"),
     ("http://e.org/b/v1/", "index", ""), ("https://e.org/b/documents/doc.html#p12", "documents/doc", "p12"),
     ("file:///home/a/_build/html/comparisons/y.html#z", "comparisons/y", "z"),
     ("/home/a/_build/html/index.html#z", "index", "z"), ("https://e.org/b/how-to-read.html?q=1", "how-to-read", ""),
     ("data/x.rows.csv", "data/x.rows.csv", ""), ("https://e.org/b/data/x.rows.csv", "data/x.rows.csv", ""),
     ("https://e.org/x", "x", "")],
)  # fmt: skip
def test_a_target_is_read_in_all_its_forms(text: str, page: str, anchor: str):
    assert read_target(text) == (page, anchor)


@pytest.mark.parametrize(
    ("address", "page"),
    [("https://e.org/book/zh/chapters/x.html", "zh/chapters/x"), ("https://e.org/book/zh/", "zh/index"),
     ("https://e.org/zh/other/", "index"), ("https://e.org/book/chapters/x.html", "chapters/x"),
     ("https://e.org/zh/chapters/y.html", "chapters/y"), ("file:///a/html/zh/index.html", "zh/index")],
)  # fmt: skip
def test_an_address_leads_to_the_page_in_its_language(address: str, page: str):
    assert read_target(address, known=["index", "zh/index", "chapters/x", "zh/chapters/x", "chapters/y"]) == (page, "")


def test_figures_of_one_caption_are_told_apart_by_their_sections_or_ids():
    fold = '<details id="table-{}"><summary>Words</summary></details>'
    sections = [("s", "One", fold.format(1)), ("t", "Two", fold.format(2) + fold.format(3))]
    page = "".join(f'<section id="{one}"><h2>{name}</h2>{held}</section>' for one, name, held in sections)
    parts = read_record(read_article(f"<article>{page}</article>")[0], "x")["parts"]
    assert [part[2].split(" (")[0] for part in parts if part[1] == "table"] == [
        "Words: One", "Words: Two: table-2", "Words: Two: table-3",
    ]  # fmt: skip


def test_a_part_is_found_and_the_page_without_an_anchor(record):
    assert find_part(record, "row-3") == Citable("chapters/x", "row-3", "row", record["parts"][6][2], "1", "en")
    assert find_part(record, "").kind == "page"
    assert find_part({**record, "page": "index"}, "").kind == "book"
    assert find_part(record, "row-3").path == "chapters/x.html#row-3"


def test_only_a_document_and_its_passages_have_a_source(record):
    document = {**record, "page": "documents/x"}
    found = [find_part(document, one).document for one in ("", "p03", "p03.9", "row-1", "themes")]
    assert found == ["x"] * 3 + [""] * 2
    assert find_part(record, "p03").document == ""


def test_what_is_not_there_is_answered_with_the_five_nearest(record):
    with pytest.raises(UnknownPageError, match=r"Did you mean 'row-[123]'\? Known: .* … and 5 others") as told:
        find_part(record, "row-4")
    assert len(str(told.value).split("Known: ")[1].split(", ")) == 5
    with pytest.raises(UnknownPageError, match="Did you mean 'chapters/places'"):
        find_page("place", ["index", "chapters/places", "chapters/plans", "documents/a"])
    with pytest.raises(UnknownPageError, match=r"Known: \(none\)"):
        find_page("\x1b[31mx", [])
    assert find_page("places", ["chapters/places"]) == "chapters/places"


def test_a_record_is_read_as_it_was_written(record, tmp_path: Path):
    (tmp_path / "chapters").mkdir()
    nasty = {**record, "title": "</script>);alert(1)//"}
    write_record(tmp_path, nasty, {"more": [1]})
    assert load_record(tmp_path, "chapters/x") == {**nasty, "more": [1]}
    assert pages_of(tmp_path) == ["chapters/x"]
    (tmp_path / "chapters" / "x.cite.js").write_text("policybookCite({", encoding="utf-8")
    assert load_record(tmp_path, "chapters/x") is None
    assert load_record(tmp_path, "nowhere") is None


def test_a_shell_is_told_pages_and_their_parts(record, tmp_path: Path):
    for page in ("chapters/x", "documents/doc"):
        (tmp_path / page).parent.mkdir(exist_ok=True)
        write_record(tmp_path, {**record, "page": page}, {})
    assert complete_target(tmp_path, "") == ["chapters/x", "documents/doc", "doc:"]
    assert complete_target(tmp_path, "ch") == ["chapters/x"]
    assert complete_target(tmp_path, "chapters/x#row") == [f"chapters/x#row-{n}" for n in (1, 2, 3)]
    assert complete_target(tmp_path, "doc:p") == ["doc:p03", "doc:p03.9"]
    assert complete_target(tmp_path, "nowhere#") == []


def test_a_page_of_nothing_is_a_page():
    assert read_record(read_article("")[0], "x")["parts"] == []


def test_a_gap_in_a_passage_is_not_quoted_over():
    spans = '<span class="pb-sentence" id="p01.1">One.</span> <span class="pb-left-out">[1 sentence left out]</span> '
    spans += '<span class="pb-sentence" id="p01.3">Three.<a class="pb-permalink" href="#p01.3"></a></span>'
    whole = '<span class="pb-sentence" id="p02.1">Four.</span> <span class="pb-sentence" id="p02.2">五。</span>'
    article = f'<h1>x</h1><p class="pb-passage" id="p01">{spans}</p><p class="pb-passage" id="p02">{whole}</p>'
    record = read_record(read_article(f"<div>{article}</div>")[0], "documents/x")
    assert quote_of(record, "p01") is None
    assert quote_of(record, "p01.3") == ("", "Three.", "Four.")
    assert quote_of(record, "p02") == ("", "Four. 五。", "")
    assert quote_of(record, "p99") is None
