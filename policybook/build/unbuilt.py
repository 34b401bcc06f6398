"""What can be cited of a book that is not built, or was changed since: from its notebooks, templates and texts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
from markupsafe import escape

from policybook.build.edition import Edition, read_edition
from policybook.build.languages import translated
from policybook.build.references import book_item, document_item, items_of
from policybook.build.styles import CslItem
from policybook.build.targets import PageRecord, find_page, find_part, read_article, read_record, whole_anchor
from policybook.coding.store import load_coded
from policybook.errors import UnknownDocumentError
from policybook.project import REGISTER, REGISTER_PAGE, Project, has_register, language_and_page
from policybook.tables import YamlFile
from policybook.words.say import language_tag, speaking

_LABELLED = re.compile(r"^\(([a-z0-9]+(?:-[a-z0-9]+)*)\)=\s*\n(#+)\s+(.+?)\s*$", re.MULTILINE)
_TITLE = re.compile(r"^#\s+(.+?)\s*$", re.MULTILINE)
_GLUED = re.compile(r"\{glue:text\}`[^`]*`")
_LISTED = {"documents": "corpus_file", "comparisons": "comparisons_file", "topics": "topics_file"}


def items_in_files(project: Project, page: str, anchor: str, side: str | None = None,
                   tell: Callable[[str], object] = lambda _: None,
                   edition: Edition | None = None) -> list[CslItem]:  # fmt: skip
    """Return the items of a part of the book. Raises UnknownPageError, with the five nearest, where there is none.

    Whoever asks for many gives the `edition`, which is read for each otherwise. Of a document without
    a page it is the row of the register, and `tell` is given a sentence that says so.
    """
    templates = page_templates(project)
    page = find_page(moved_pages(project).get(page, page), [*templates])
    target = find_part(record_in_files(project, page, templates[page]), whole_anchor(page, anchor))
    document = entry_of(project, target.document) if target.document else None
    registered = project.page(REGISTER_PAGE).is_file()
    if document and registered and page.startswith("documents/") and not project.page(page).is_file():
        from policybook.pages.register import register_row

        tell(f"{page} was not made: no evidence points to it. The reference is to its row of {REGISTER_PAGE}.")
        target = replace(target, page=REGISTER_PAGE, anchor=register_row(target.document))
    book = book_item(edition or read_edition(project))
    return items_of(target, book, document_item(document) if document else None, side)


def page_templates(project: Project, *, listed: bool = False) -> dict[str, str]:
    """Return every page of the book with the template that makes it: those of runs.yml, then those written by hand.

    With `listed` the pages of documents are left out where these are too many for a page each.
    """
    found: dict[str, str] = {}
    for entry in YamlFile.of(project, project.runs_file).entries("runs"):
        identifiers = _ids(project, str(entry.get("each") or ""))
        if has_register(entry, len(identifiers)):
            found[REGISTER_PAGE] = REGISTER
            if listed:
                continue
        for identifier in identifiers:
            found[str(entry.get("page", "")).replace("{id}", identifier)] = str(entry.get("template", ""))
    return found | {path.stem: "" for path in sorted(project.book.glob("*.md"))}


def _ids(project: Project, each: str) -> list[str]:
    path: Path | None = getattr(project, _LISTED[each]) if each in _LISTED else None
    if path is None:
        return [""]
    return [str(one["id"]) for one in YamlFile.of(project, path).entries(each) if "id" in one] if path.is_file() else []


def moved_pages(project: Project) -> dict[str, str]:
    """Return the old addresses of pages that _config.yml leads on (`sphinx: config: moved`), each with its new one."""
    config: Any = YamlFile(project.root / "_config.yml", "_config.yml").content
    for key in ("sphinx", "config", "moved"):
        config = config.get(key) if isinstance(config, dict) else None
    return {str(old): str(new) for old, new in config.items()} if isinstance(config, dict) else {}


def entry_of(project: Project, document: str) -> dict[str, Any] | None:
    """Return the entry of a document as data/corpus.yml has it."""
    entries: list[dict[str, Any]] = YamlFile.of(project, project.corpus_file).entries("documents")
    return next((entry for entry in entries if entry.get("id") == document), None)


def record_in_files(project: Project, page: str, template: str) -> PageRecord:
    """Return what of a page can be cited, from its notebook where it was executed, its template and its text."""
    executed = project.page(page)
    path = project.notebooks / f"{template}.ipynb" if template else project.book / f"{page}.md"
    language = language_and_page(page)[0] if template else ""
    cells = _cells_of(translated(project, nbformat.read(path, as_version=4), template, language)) if language \
        else _cells(path)
    pieces = [_headings(source) for source, _ in cells]
    pieces += [html for _, outputs in (_cells(executed) if executed.is_file() else []) for html in outputs]
    if page.startswith("documents/") and not executed.is_file():
        pieces.append(_passages(project, page.partition("/")[2]))
    named = _TITLE.search("\n\n".join(source for source, _ in cells))
    title = _title(project, page) or (named[1] if named and "{glue" not in named[1] else page)
    article = read_article(f"<div><h1>{escape(title)}</h1>{''.join(pieces)}</div>")[0]
    with speaking(project, language):
        return read_record(article, page, language_tag() if language else "en")


def _title(project: Project, page: str) -> str:
    folder, _, identifier = page.partition("/")
    if page == "index":
        return read_edition(project).title
    if folder not in ("documents", "comparisons"):
        return ""
    entries = YamlFile.of(project, getattr(project, _LISTED[folder])).entries(folder)
    return next((str(one.get("title", "")) for one in entries if one.get("id") == identifier), "")


def _cells(path: Path) -> list[tuple[str, list[str]]]:
    """Return the Markdown and the HTML of every cell of a notebook, or a page's Markdown as one cell."""
    if path.suffix == ".md":
        return [(path.read_text(encoding="utf-8"), [])]
    return _cells_of(nbformat.read(path, as_version=4))


def _cells_of(notebook: Any) -> list[tuple[str, list[str]]]:
    return [(cell.source if cell.cell_type == "markdown" else "",
             [str(one["data"]["text/html"]) for one in cell.get("outputs", []) if "text/html" in one.get("data", {})])
            for cell in notebook.cells]  # fmt: skip


def _headings(source: str) -> str:
    made = []
    for label, depth, heading in _LABELLED.findall(source):
        text, level = escape(_GLUED.sub("…", heading)), min(len(depth), 5)
        made.append(f'<section id="{label}"><h{level}>{text}</h{level}></section>')
    return "".join(made)


def _passages(project: Project, document: str) -> str:
    """Return the ids of the passages and sentences of a document as its page will have them."""
    corpus = load_coded(project)
    try:
        count = int(corpus.document(document)["paragraphs"])
    except (UnknownDocumentError, KeyError):
        return ""
    shown = corpus.document(document)["rights"] != "evidence"
    within = dict.fromkeys((f"p{number:02}" for number in range(1, count + 1)), "")
    own = corpus.sentences[corpus.sentences["document"] == document]
    for name, text in zip(own["sentence"].str.split(":").str[-1], own["text"], strict=True):
        said = escape(text) if shown else ""
        within[name.partition(".")[0]] += f'<span class="pb-sentence" id="{name}">{said}</span>'
    return "".join(f'<p class="pb-passage" id="{one}">{spans}</p>' for one, spans in within.items())
