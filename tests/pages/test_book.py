from __future__ import annotations

from coded_books import links, shown
from kinds import MakeProject

from policybook.pages.book import made_pages, trust_in_coding


def test_pages_are_linked_when_the_book_has_them(make_project: MakeProject) -> None:
    project = make_project()
    project.runs_file.write_text("runs:\n  - template: corpus\n    page: chapters/corpus\n", encoding="utf-8")
    assert made_pages(project) == {"chapters/corpus"}
    assert links(trust_in_coding(project)) == []
    with project.runs_file.open("a", encoding="utf-8") as file:
        file.write("  - template: validation\n    page: chapters/validation\n")
    assert links(trust_in_coding(project)) == ["validation.html"]
    assert shown(trust_in_coding(project))


def test_the_trust_page_names_both(make_project: MakeProject) -> None:
    project = make_project()
    pages = ("chapters/validation", "chapters/codebook")
    runs = "".join(f"  - template: corpus\n    page: {page}\n" for page in pages)
    project.runs_file.write_text(f"runs:\n{runs}", encoding="utf-8")
    assert links(trust_in_coding(project)) == ["validation.html", "codebook.html"]
