"""Pages in other languages: the prose of a template, its mistakes, links, words that are lacking, and one by hand."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
import yaml
from copies import policybook_here
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from tiny_templates import WriteRuns, WriteTemplate

from policybook.build.languages import lead_home, said_in_english, translated
from policybook.build.runs import Run, all_pages
from policybook.build.state import Pages
from policybook.errors import InvalidDataError
from policybook.project import Project

TITLE, MORE = "(title)=\n# A page\n\n{glue:text}`n` of them.", "(more)=\n## More"


def template() -> nbformat.NotebookNode:
    code = new_code_cell("glue(n=3)", id="two")
    return new_notebook(cells=[new_markdown_cell(TITLE, id="one"), code, new_markdown_cell(MORE, id="three")])


def say_in(project: Project, prose: str) -> nbformat.NotebookNode:
    (project.notebooks / "zh").mkdir(parents=True, exist_ok=True)
    (project.notebooks / "zh" / "tiny.md").write_text(prose, encoding="utf-8")
    return translated(project, template(), "tiny", "zh")


GOOD = "<!-- one -->\n(title)=\n# 一页\n\n共{glue:text}`n`个。\n\n<!-- three -->\n\n(more)=\n## 更多\n"


def test_a_page_in_another_language_has_the_code_of_its_template_and_other_prose(tmp_path: Path):
    made = say_in(Project(tmp_path), GOOD)
    said = ["(title)=\n# 一页\n\n共{glue:text}`n`个。", "glue(n=3)", "(more)=\n## 更多"]
    assert [cell.source for cell in made.cells] == said
    assert [cell.id for cell in made.cells] == ["one", "two", "three"]


@pytest.mark.parametrize(
    ("prose", "said"),
    [
        (GOOD.replace("<!-- three -->", "<!-- four -->"), r":7: four: this part is for no cell .* Known: one"),
        (GOOD.replace("<!-- three -->", "<!-- one -->"), r":7: one: this part stands twice"),
        (GOOD.replace("(more)=\n", ""), r":7: three: its labels are not those of the cell: \(more\)=\."),
        (GOOD.replace("(title)=", "(titel)="), r":1: one: its labels are not those of the cell: \(title\)=\."),
        (GOOD.replace("`n`", "`m`"), r":1: one: no value 'm' is given to the prose"),
        (f"# 一页\n{GOOD}", r":1: this stands before the first part"),
        (GOOD.partition("<!-- three")[0], r"three: nothing is said for the cell of notebooks/tiny\.ipynb .* '## More'"),
        ("", r"one: nothing is said .*\n.*three: nothing is said"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_prose_is_named_with_its_place(tmp_path: Path, prose: str, said: str):
    with pytest.raises(InvalidDataError, match=rf"notebooks/zh/tiny\.md.*{said}"):
        say_in(Project(tmp_path), prose)


@pytest.mark.parametrize(("content", "said"), [(None, "there is no such file"), (b"\xff", "it cannot be read as")])
def test_prose_that_is_not_there_is_a_sentence(tmp_path: Path, content: bytes | None, said: str):
    if content:
        (tmp_path / "notebooks" / "zh").mkdir(parents=True)
        (tmp_path / "notebooks" / "zh" / "tiny.md").write_bytes(content)
    with pytest.raises(InvalidDataError, match=rf"notebooks/zh/tiny\.md: {said}.*Write '<!-- one -->'"):
        translated(Project(tmp_path), template(), "tiny", "zh")


LINKS = {
    "chapters/places.html#row": "../../zh/chapters/places.html#row",
    "methods.ipynb": "../../chapters/methods.ipynb",
    "places.ipynb#answer": "places.ipynb#answer",
    "../documents/one.html#p07": "../../documents/one.html#p07",
    "../index.html": "../index.html",
    "#here": "#here",
    "https://example.org/a.html": "https://example.org/a.html",
    "../../../a.html": "../../../a.html",
}


@pytest.mark.parametrize(("written", "leads"), [*LINKS.items()][1:], ids=[*LINKS][1:])
def test_a_link_stays_in_the_language_where_there_is_such_a_page(written: str, leads: str):
    """Written as on the page's counterpart, in the prose and in what cells show."""
    pages = {"zh/index", "zh/chapters/places", "index", "chapters/places", "chapters/methods", "documents/one"}
    html = f'<p><a class="x" href="{written}">1</a></p>'
    shown = new_output("display_data", data={"text/html": html, "text/plain": html})
    page = new_notebook(cells=[new_markdown_cell(f"[x]({written}) {html}"), new_code_cell("x", outputs=[shown])])
    made = lead_home("zh/chapters/places", pages, page)
    if not written.endswith("ipynb") and ".ipynb" not in written:
        assert made.cells[1].outputs[0].data["text/html"] == html.replace(written, leads)
        assert made.cells[0].source.endswith(html.replace(written, leads))
        assert made.cells[1].outputs[0].data["text/plain"] == html
    else:
        assert made.cells[0].source.startswith(f"[x]({leads}) ")


def test_links_of_a_page_in_the_book_s_own_language_stay():
    page = new_notebook(cells=[new_markdown_cell("[x](methods.ipynb)")])
    assert lead_home("chapters/places", {"zh/chapters/methods"}, page).cells[0].source == "[x](methods.ipynb)"


def test_words_that_are_lacking_are_named(project: Project):
    assert said_in_english(project, "zh", "zh/index", ["book", "says charts.figure"]) == ""
    wanted = ["says charts.figure", "says document.no_date", "says coded.computed"]
    said = said_in_english(project, "zh", "zh/index", wanted)
    assert said == "words/zh: these texts are missing, and said in English on zh/index: document.no_date."
    assert said_in_english(project, "la", "la/index", []).startswith("words/la: there is no such folder")


# A second analyst: one page more in another language, by an entry, a file of prose and words; no code ---------------


@pytest.fixture
def latin(tiny: Project, write_template: WriteTemplate, write_runs: WriteRuns) -> Project:
    """A project with a page and the same page in Latin, and words for it in the project's own folder."""
    said = "from policybook.words.say import say; print(say('charts.figure'))"
    write_template("tiny", "n = 1", "from policybook import open_book; open_book()", said)
    cell = nbformat.read(tiny.notebooks / "tiny.ipynb", as_version=4).cells[0]
    (tiny.notebooks / "la").mkdir()
    (tiny.notebooks / "la" / "tiny.md").write_text(f"<!-- {cell.id} -->\n(tiny)=\n# Pagina\n", encoding="utf-8")
    (tiny.root / "words" / "la").mkdir(parents=True)
    (tiny.root / "words" / "la" / "charts.yml").write_text("figure: Imago\n", encoding="utf-8")
    write_runs(
        {"template": "tiny", "page": "chapters/tiny"},
        {"template": "tiny", "language": "la", "page": "la/chapters/tiny", "parameters": {"n": 2}},
    )
    done = policybook_here("execute", project=tiny)
    assert done.exit_code == 0, done.stderr
    return tiny


def test_a_page_more_in_another_language_needs_no_code(latin: Project):
    shown = {}
    for page in ("chapters/tiny", "la/chapters/tiny"):
        cells = nbformat.read(latin.page(page), as_version=4).cells
        shown[page] = (cells[0].source.splitlines()[1], cells[-1].outputs[0].text.strip())
    assert shown == {"chapters/tiny": ("# A page", "Figure"), "la/chapters/tiny": ("# Pagina", "Imago")}
    assert "No mistakes. The book has 2 pages" in policybook_here("check", project=latin).stdout


def test_check_names_the_words_that_a_page_wants(latin: Project):
    assert "words/la" not in policybook_here("check", project=latin).stderr
    (latin.root / "words" / "la" / "charts.yml").write_text("told: x\n", encoding="utf-8")
    said = "words/la: these texts are missing, and said in English on la/chapters/tiny: charts.figure."
    assert said in policybook_here("check", project=latin).stderr


def test_words_and_prose_of_a_language_make_its_pages_again_and_no_others(latin: Project):
    runs = [Run("chapters/tiny", "tiny"), Run("la/chapters/tiny", "tiny", {"n": 2}, language="la")]

    def old() -> set[str]:
        pages = Pages(latin)
        pages.names = all_pages(latin, runs)
        return {run.page for run in runs if not pages.is_current(run)}

    assert old() == set()
    for name in ("words/la/charts.yml", "notebooks/la/tiny.md"):
        file = latin.root / name
        before = file.read_text(encoding="utf-8")
        file.write_text(before + "\n", encoding="utf-8")
        assert old() == {"la/chapters/tiny"}, name
        file.write_text(before, encoding="utf-8")
    (latin.root / "words" / "la" / "coded.yml").write_text("computed: x\n", encoding="utf-8")
    assert old() == {"la/chapters/tiny"}
    (latin.root / "words" / "en").mkdir()
    (latin.root / "words" / "en" / "charts.yml").write_text("figure: Picture\n", encoding="utf-8")
    assert old() == {"chapters/tiny", "la/chapters/tiny"}


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"language": "la", "page": "chapters/x"}, "'chapters/x' is no page in la. Write la/index"),
        ({"page": "la/chapters/x"}, "'la/chapters/x' is no page. Write index"),
        ({"language": "no language", "page": "chapters/x"}, "language"),
        ({"language": "xx", "page": "xx/chapters/x"}, "notebooks/xx/tiny.md: there is no such file"),
    ],
)
def test_an_entry_of_no_language_is_a_sentence(latin: Project, entry: dict[str, str], said: str):
    runs = [{"template": "tiny", **entry}]
    latin.runs_file.write_text(yaml.safe_dump({"runs": runs}), encoding="utf-8")
    assert said in policybook_here("check", project=latin).stderr
