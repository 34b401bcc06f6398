"""Published addresses: what is recorded, what check says of it, and where what moved or went leads."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import lxml.html
import pandas as pd
import pytest
from copies import policybook_here
from kinds import MakeProject

from policybook.build import anchors, check
from policybook.build.anchors import (
    NEXT,
    Published,
    check_anchors,
    follow_address,
    match_passages,
    read_published,
    record_edition,
    write_published,
)
from policybook.build.cite import cite_target
from policybook.build.heads import Finisher
from policybook.build.unbuilt import _passages
from policybook.errors import BuildError, InvalidDataError, PolicybookError, UnknownPageError
from policybook.project import Project

DOCUMENT = "web-2021-joint-conference"
PAGE = f"documents/{DOCUMENT}"
HTML = """<html lang="en"><head><title>x</title></head><body><article class="bd-article"><h1>{}</h1>
{}</article></body></html>"""
SECTION = '<section id="documents"><h2>The documents</h2></section>'
FIGURE = '<figure id="figure-a"><figcaption><a class="pb-figure-number">Figure 1</a> {}</figcaption></figure>'


def finish(project: Project, page: str, inside: str) -> lxml.html.HtmlElement:
    path = project.site / f"{page}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HTML.format(page, inside), encoding="utf-8")
    Finisher(project).finish(project.site, page)
    return lxml.html.fromstring(path.read_text(encoding="utf-8"))


def finish_document(project: Project) -> lxml.html.HtmlElement:
    return finish(project, PAGE, _passages(project, DOCUMENT))


@pytest.fixture
def built(make_project: MakeProject, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project with three pages of a site, of which nothing is published."""
    monkeypatch.setattr(anchors, "_is_current", lambda _: True)
    monkeypatch.setattr(check, "check_project", lambda project, *others: [other(project) for other in others])
    project = make_project()
    finish(project, "index", "")
    finish(project, "chapters/corpus", SECTION + FIGURE.format("A figure"))
    finish_document(project)
    return project


@pytest.fixture
def published(built: Project) -> Project:
    """The same as edition 0.2.0."""
    release(built)
    record_edition(built)
    return built


def release(project: Project, version: str = "0.2.0", day: str = "date-released: 2026-12-01\n") -> None:
    path = project.root / "CITATION.cff"
    text = re.sub(r"^date-released: .*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    text = re.sub(r"^(\s*)version: .*", rf"\1version: {version}", text, flags=re.MULTILINE)
    path.write_text(f"{text}{day}", encoding="utf-8")


def change(project: Project, place: str, **cells: str) -> None:
    rows = read_published(project)
    assert place in {row.place for row in rows}
    write_published(project, [replace(row, **cells) if row.place == place else row for row in rows])


def told(project: Project) -> str:
    with pytest.raises(InvalidDataError) as error:
        check_anchors(project)
    return str(error.value)


def replaced(project: Project, tmp_path: Path, change_lines) -> str:
    """Replace the document by one with other lines, as a person would, and return what the command said."""
    (old,) = project.documents.glob(f"{DOCUMENT}.*")
    lines = [line for line in old.read_text(encoding="utf-8").splitlines() if line.strip()]
    new = tmp_path / f"new{old.suffix}"
    new.write_text("\n".join(change_lines(lines)) + "\n", encoding="utf-8")
    done = policybook_here("replace", DOCUMENT, str(new), project=project)
    assert done.exit_code == 0, done.stderr
    return done.stdout


# Record ------------------------------------------------------------------------------------------------


def test_nothing_of_this_book_is_published_yet(project: Project):
    assert list(pd.read_csv(project.anchors_file).columns) == list(anchors._COLUMNS)
    assert read_published(project) == []
    check_anchors(project)


def test_where_nothing_is_published_nothing_is_gone_and_it_is_said_how_to_begin(project: Project):
    done = policybook_here("anchors", "--gone", "index", project=project)
    assert (done.exit_code, "no published address yet" in done.stderr) == (1, True)


def test_an_edition_is_recorded_when_it_is_cut(built: Project, monkeypatch: pytest.MonkeyPatch):
    release(built, day="")
    with pytest.raises(PolicybookError, match="date-released"):
        record_edition(built)
    release(built)
    edition, new, standing = record_edition(built)
    rows = {row.place: row for row in read_published(built)}
    assert (edition, new, standing) == ("0.2.0", len(rows), len(rows))
    assert {"index", "chapters/corpus#figure-a", "chapters/corpus#documents", PAGE, f"{PAGE}#p03"} <= set(rows)
    assert rows[f"{PAGE}#p03"].kind == "passage"
    assert all(row.words for row in rows.values() if row.kind == "passage")
    check_anchors(built)
    assert record_edition(built)[1] == 0  # again: nothing is new
    assert len(pd.read_csv(built.anchors_file)) == len(rows)
    done = policybook_here("anchors", project=built)
    assert f"{len(rows)} published addresses stand" in done.stdout
    monkeypatch.setattr(anchors, "_is_current", lambda _: False)
    with pytest.raises(BuildError, match="policybook build"):
        record_edition(built)


# Check -------------------------------------------------------------------------------------------------


def test_a_page_that_is_gone_is_said_once(published: Project):
    text = published.corpus_file.read_text(encoding="utf-8")
    published.corpus_file.write_text(text.replace(f"- id: {DOCUMENT}\n", "- id: other-name\n"), encoding="utf-8")
    assert told(published).count("\n") == 0
    assert f"{PAGE} of edition 0.2.0: there is no such page any more." in told(published)
    assert f"policybook anchors --gone {PAGE}" in told(published)


def test_a_figure_and_a_section_that_are_gone_are_named(published: Project, monkeypatch: pytest.MonkeyPatch):
    finish(published, "chapters/corpus", SECTION)
    assert "chapters/corpus#figure-a of edition 0.2.0: it is not there any more." in told(published)
    monkeypatch.setattr(anchors, "_is_current", lambda _: False)  # without a site only what the files tell
    check_anchors(published)
    template = published.notebooks / "corpus.ipynb"
    text = template.read_text(encoding="utf-8")
    template.write_text(text.replace("(documents)=", "(texts)="), encoding="utf-8")
    assert "chapters/corpus#documents of edition 0.2.0: it is not there any more." in told(published)


def test_words_that_stand_elsewhere_now_have_moved_and_a_new_caption_has_not(published: Project):
    finish(published, "chapters/corpus", SECTION + FIGURE.format("A better caption"))
    check_anchors(published)
    second = FIGURE.replace("figure-a", "figure-b").replace("Figure 1", "Figure 2").format("A figure")
    finish(published, "chapters/corpus", SECTION + FIGURE.format("Another") + second)
    assert "its words stand at chapters/corpus#figure-b now." in told(published)
    assert "policybook anchors --moved chapters/corpus#figure-a chapters/corpus#figure-b" in told(published)


def test_a_passage_is_held_to_its_words_without_a_build(published: Project, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(anchors, "_is_current", lambda _: False)
    change(published, f"{PAGE}#p03", words="0" * 12)
    assert f"{PAGE}#p03 of edition 0.2.0: other words stand there now." in told(published)
    change(published, f"{PAGE}#p03", words="")  # the same passage, corrected
    check_anchors(published)


def test_what_leads_nowhere_or_is_declared_twice_is_a_mistake(published: Project):
    change(published, "chapters/corpus#figure-a", now="chapters/nowhere")
    assert "there is no such page" in told(published)
    change(published, "chapters/corpus#figure-a", now=f"{PAGE}#p99")
    assert "there is no such place" in told(published)
    change(published, "chapters/corpus#figure-a", now="index", gone="0.3.0")
    assert "Empty one of the two." in told(published)
    published.anchors_file.write_text("page,anchor\nindex,\n", encoding="utf-8")
    assert "data/anchors.csv" in told(published)


# What is led on and what is declared gone ----------------------------------------------------------------


def test_what_is_declared_by_command_is_led_on(published: Project):
    finish(published, "chapters/corpus", SECTION)
    done = policybook_here("anchors", "--moved", "corpus#figure-a", f"{DOCUMENT}:p3", project=published)
    assert done.exit_code == 0, done.stderr
    check_anchors(published)
    assert follow_address(published, "chapters/corpus", "figure-a")[:2] == (PAGE, "p03")
    done = policybook_here("anchors", "--gone", f"{DOCUMENT}:p4", project=published)
    assert done.exit_code == 0
    gone = {row.anchor for row in read_published(published) if row.gone}
    assert {"p04", "p04.1"} <= gone and all(one.startswith("p04") for one in gone)
    assert policybook_here("anchors", "--gone", "index#nothing", project=published).exit_code == 1
    assert policybook_here("anchors", "--gone", "index", "--record", project=published).exit_code == 2


def test_a_page_leads_on_with_all_that_stood_on_it(published: Project):
    change(published, "chapters/corpus", now="index")
    assert follow_address(published, "corpus", "documents")[:2] == ("index", "documents")
    change(published, "index", now="how-to-read")
    assert follow_address(published, "chapters/corpus", "x")[:2] == ("how-to-read", "x")
    change(published, "index", now="", gone="0.3.0")
    with pytest.raises(UnknownPageError, match=r"since edition 0\.3\.0"):
        follow_address(published, "index", "")


def test_a_reference_to_what_moved_is_to_its_new_place_and_says_so(published: Project):
    change(published, f"{PAGE}#p03", now=f"{PAGE}#p04")
    done = policybook_here("cite", f"{DOCUMENT}:p03", "--style", "apa", "--of", "book", project=published)
    assert "paragraph 4" in done.stdout
    assert f"{PAGE}#p03 of edition 0.2.0 is now {PAGE}#p04" in done.stderr
    address = f"https://example.org/book/v0.2.0/{PAGE}.html#p03"
    assert "paragraph 4" in cite_target(published, address, "apa", "book")
    there = f"{published.site}/{PAGE}.html#p03"  # a file of the built site is meant as it stands
    assert "paragraph 3" in cite_target(published, there, "apa", "book")


def test_a_reference_to_what_is_gone_says_since_when(published: Project):
    change(published, f"{PAGE}#p03", gone="0.3.0")
    done = policybook_here("cite", f"{DOCUMENT}:p03", project=published)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "stood there in edition 0.2.0 and is gone since edition 0.3.0." in done.stderr


# A document is replaced ----------------------------------------------------------------------------------


def test_a_passage_put_in_leads_all_that_follow_on(published: Project, tmp_path: Path):
    before = len(anchors._texts(published, {DOCUMENT})[DOCUMENT])
    said = replaced(published, tmp_path, lambda lines: [*lines[:4], "会议强调，各地要因地制宜。", *lines[4:]])
    assert "Moved: p05–p" in said and "→ p06–p" in said
    assert "New: p05." in said
    check_anchors(published)
    assert follow_address(published, PAGE, "p04")[1] == "p04"
    assert follow_address(published, PAGE, "p05")[1] == "p06"
    assert follow_address(published, PAGE, "p05.1")[1] == "p06.1"
    assert len(anchors._texts(published, {DOCUMENT})[DOCUMENT]) > before
    said = replaced(published, tmp_path, lambda lines: ["会议日前在北京召开，时间不长。", *lines])
    check_anchors(published)
    assert follow_address(published, PAGE, "p05")[1] == "p07"  # where the words are, not where the first move ended
    assert follow_address(published, PAGE, "p04")[1] == "p05"


def test_what_is_no_part_of_the_text_and_has_no_sentence_may_move_too(published: Project, tmp_path: Path):
    said = replaced(published, tmp_path, lambda lines: [*lines[:4], "* * *", *lines[4:]])
    assert "→ p06–p" in said
    said = replaced(published, tmp_path, lambda lines: ["会议日前在北京召开，时间不长。", *lines])
    assert "New: p01." in said


def test_a_passage_taken_out_is_gone_and_one_in_other_words_stays(published: Project, tmp_path: Path):
    def edit(lines: list[str]) -> list[str]:
        return [*lines[:2], lines[2].replace("召集人", "总召集人").replace("主持", "亲自主持"), *lines[4:]]

    said = replaced(published, tmp_path, edit)
    assert "In other words: p03." in said
    assert "Gone: p04." in said
    check_anchors(published)
    assert follow_address(published, PAGE, "p03") == (PAGE, "p03", "")
    with pytest.raises(UnknownPageError, match="is gone since then"):
        follow_address(published, PAGE, "p04")
    release(published, "0.3.0")
    finish_document(published)
    record_edition(published)
    rows = [row for row in read_published(published) if row.anchor == "p04" and row.page == PAGE]
    assert [(row.edition, row.gone) for row in rows] == [("0.2.0", "0.3.0"), ("0.3.0", "")]
    assert follow_address(published, PAGE, "p04") == (PAGE, "p04", "")  # the latest edition has something there


def test_what_was_never_published_moves_as_it_likes(built: Project, tmp_path: Path):
    said = replaced(built, tmp_path, lambda lines: ["会议强调，各地要因地制宜。", *lines])
    assert "Moved: p01" in said and "anchors.csv" not in said
    assert read_published(built) == []


def test_passages_are_found_again_by_their_words_and_what_stands_around_them():
    old = {"p01": "The head of it all", "p02": "Cities grow by people who stay in them.",
           "p03": "A tail of three words"}  # fmt: skip
    new = {"p01": "The head of it all", "p02": "Something else was put in here instead", "p03": "A tail of three words",
           "p04": "Cities grow by the people who stay there."}  # fmt: skip
    assert match_passages(old, new) == {"p01": "p01", "p03": "p03", "p02": "p04"}
    assert match_passages({"p01": "One two three"}, {"p01": "Four five six"}) == {}
    assert match_passages({"p01": "a", "p02": "b"}, {"p01": "b", "p02": "a"}) == {"p01": "p02", "p02": "p01"}


# What pages show -----------------------------------------------------------------------------------------


def test_a_page_says_where_its_earlier_addresses_lead(published: Project, tmp_path: Path):
    assert not finish_document(published).xpath("//aside")
    replaced(published, tmp_path, lambda lines: [*lines[:1], *lines[2:]])
    page = finish_document(published)
    count = len(page.xpath("//p[@class='pb-passage']"))
    (listed,) = page.xpath("//aside[@class='pb-earlier']")
    rows = {row.get("data-old"): row for row in listed.iter("li")}
    assert "Paragraph 2 of edition 0.2.0 stood here and is gone since edition" in rows["p02"].text_content()
    assert rows["p03"].xpath("a/@href") == ["#p02"]
    assert "Paragraph 3 of edition 0.2.0 is now paragraph 2" in rows["p03"].text_content()
    last = f"p{count + 1:02}"
    assert rows[last].get("id") == last  # nothing else has this address
    assert rows["p03"].get("id") is None and not [one for one in rows if "." in one]
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert len(finish_document(published).xpath("//aside")) == 1


def test_a_title_in_the_list_is_text(published: Project):
    row = Published("index", "old", "figure", "<script>alert(1)</script>", "", "0.2.0", gone=NEXT)
    write_published(published, [row])
    page = finish(published, "index", "")
    assert page.xpath("//aside//script") == []
    assert "<script>alert(1)</script>" in page.xpath("//aside")[0].text_content()
