"""Which of many documents have a page, and where links to the others lead: to their rows of the register."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from policybook.build.anchors import read_published
from policybook.build.runs import Run
from policybook.project import REGISTER_PAGE, Project, language_and_page

#: A link to a passage or a sentence, or of prose to a document: what a reader is told to look up there.
_EVIDENCE = re.compile(r"\bdocuments/([a-z0-9-]+)\.(?:html#p\d|ipynb\b|md\b)")
#: A list of where something stands, which leads to as many documents as there are: what it names is no evidence.
_WHERE = re.compile(r'\bpb-where\\?" href=\\?"[^"\\]*')
#: A page that the reading order names by itself.
_LISTED = re.compile(r"\bfile:\s*documents/([a-z0-9-]+)")
_TO_DOCUMENT = re.compile(r'<a\b[^<>]*?\bhref="([^"#:?]*\bdocuments/[a-z0-9-]+)\.html(?:#[^"]*)?"[^<>]*>(.*?)</a>',
                          re.DOTALL)  # fmt: skip
_HREF = re.compile(r'\bhref="[^"]*"')


def choose_pages(project: Project, runs: Sequence[Run]) -> tuple[Run, ...]:
    """Return the runs without those of documents that no evidence points to; all other pages must have been made.

    Evidence is a link to a passage or a sentence on another page, but for lists of all places where something stands,
    or of prose to the document; a brief, which is made of passages; an address that was published (data/anchors.csv),
    which must stay; and a place in _toc.yml.
    """
    if not any(run.document for run in runs):
        return tuple(runs)
    wanted = {path.stem for path in project.briefs.glob("*.yml")}
    wanted |= {row.document for row in read_published(project) if row.stands}
    with suppress(OSError):
        wanted.update(_LISTED.findall((project.root / "_toc.yml").read_text(encoding="utf-8")))
    for path in _other_pages(project, runs):
        with suppress(OSError, UnicodeDecodeError):
            wanted.update(_EVIDENCE.findall(_WHERE.sub("", path.read_text(encoding="utf-8"))))
    return tuple(run for run in runs if not run.document or run.document in wanted)


def _other_pages(project: Project, runs: Iterable[Run]) -> Iterator[Path]:
    """Yield the files of pages that are not of documents: executed notebooks, and what was written by hand."""
    yield from (project.page(run.page) for run in runs if not run.shelved)
    yield from project.book.rglob("*.md")


def lead_to_rows(markup: str, page: str, pages: Collection[str]) -> str:
    """Return a page's HTML in which links to documents without a page lead to their rows of the register.

    On the register itself, which has the row, the words stand without a link.
    """
    if REGISTER_PAGE not in pages:
        return markup
    from policybook.pages.register import register_row

    def led(link: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page), link[1]))
        language = language_and_page(target)[0]
        register = f"{language}/{REGISTER_PAGE}" if f"{language}/{REGISTER_PAGE}" in pages else REGISTER_PAGE
        if target in pages or register not in pages:
            return link[0]
        if page == register:
            return link[2]
        row = register_row(posixpath.basename(target))
        there = f"{posixpath.relpath(register, posixpath.dirname(page))}.html#{row}"
        return _HREF.sub(f'href="{there}"', link[0], count=1)

    return _TO_DOCUMENT.sub(led, markup)
