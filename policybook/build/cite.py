"""References to the book, its pages, sections and passages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import nbformat
from pydantic import BaseModel, ConfigDict, Field, model_validator

from policybook.build.check import check_project
from policybook.build.runs import Run, load_template
from policybook.coding.store import load_coded
from policybook.corpus.build import anchor as paragraph_anchor
from policybook.errors import InvalidDataError, Problem, UnknownPageError, suggest
from policybook.pages.book import Book
from policybook.pages.html import Html, render
from policybook.project import Project
from policybook.tables import YamlFile

_LABEL = re.compile(r"^\(([a-z0-9]+(?:-[a-z0-9]+)*)\)=\s*$", re.MULTILINE)
_PASSAGE = re.compile(r"([a-z0-9-]+):p(\d+)(?:\.\d+)?")
_PARAGRAPH = re.compile(r"p(\d+)")
_TITLE = re.compile(r"^#\s+(.+?)\s*$", re.MULTILINE)
_SHOWN = re.compile(r"<(?:figure|details|tr|table)\b[^>]*? id=\"([a-z0-9][a-z0-9-]*)\"")
_FOLDERS = ("documents", "comparisons", "chapters")


def list_pages(project: Project, runs: tuple[Run, ...]) -> list[str]:
    """Return every page of the book: those that notebooks make, then those written by hand."""
    return [run.page for run in runs] + sorted(path.stem for path in project.book.glob("*.md"))


def resolve_target(project: Project, target: str, runs: tuple[Run, ...]) -> tuple[str, str]:
    """Return the page and the anchor (or "") of PAGE, PAGE#anchor or DOCUMENT:p07; "" is the front page.

    A page may be named with or without its folder and `.html`. Raises UnknownPageError when the book has no
    such page, or the page no such section, figure, row or passage.
    """
    pages = list_pages(project, runs)
    if passage := _PASSAGE.fullmatch(target):
        target = f"documents/{passage.group(1)}#p{passage.group(2)}"
    page, _, anchor = target.partition("#")
    page = page.removesuffix(".html") or "index"
    if page not in pages:
        page = next((f"{folder}/{page}" for folder in _FOLDERS if f"{folder}/{page}" in pages), page)
    if page not in pages:
        raise UnknownPageError(f"no page {page!r} in this book. {suggest(page, pages)}")
    if page.startswith("documents/") and (paragraph := _PARAGRAPH.fullmatch(anchor)):
        anchor = paragraph_anchor(int(paragraph.group(1)))
    anchors = _anchors(project, page, runs) if anchor else []
    if anchor and anchor not in anchors:
        raise UnknownPageError(f"nothing on {page} has the address {anchor!r}. {suggest(anchor, anchors)}")
    return page, anchor


def target_title(project: Project, page: str, anchor: str, runs: tuple[Run, ...]) -> str:
    """Return the title of a page, and behind it what the anchor points to."""
    name = _page_title(project, page, runs)
    if _PARAGRAPH.fullmatch(anchor):
        return f"{name}, paragraph {int(anchor[1:])}"
    if anchor.startswith("figure-"):
        return f"{name}, figure {anchor.removeprefix('figure-')}"
    heading = rf"^\({re.escape(anchor)}\)=\s*\n##+\s+(.+?)\s*$"
    section = re.search(heading, _source(project, page, runs), re.MULTILINE)
    return f"{name}: {section.group(1)}" if anchor and section and "{glue" not in section.group(1) else name


def _anchors(project: Project, page: str, runs: tuple[Run, ...]) -> list[str]:
    """Labels of the sections, numbers of the paragraphs, and what the executed page shows under an id."""
    labels = _LABEL.findall(_source(project, page, runs))
    if page.startswith("documents/"):
        row = load_coded(project).document(page.split("/")[1])
        labels += [paragraph_anchor(number) for number in range(1, int(row["paragraphs"]) + 1)]
    return labels + _shown(project.book / f"{page}.ipynb")


def _shown(executed: Path) -> list[str]:
    if not executed.is_file():
        return []
    outputs = (output for cell in _cells(executed) for output in cell.get("outputs", []))
    pages = (output.get("data", {}).get("text/html", "") for output in outputs)
    return [identifier for html in pages for identifier in _SHOWN.findall(html)]


def _cells(notebook: Path) -> list[Any]:
    return list(nbformat.read(notebook, as_version=4).cells)


def _page_title(project: Project, page: str, runs: tuple[Run, ...]) -> str:
    folder, _, identifier = page.partition("/")
    files = {"documents": project.corpus_file, "comparisons": project.comparisons_file}
    if folder in files:
        entries: list[dict[str, Any]] = YamlFile.of(project, files[folder]).entries(folder)
        return next((str(entry["title"]) for entry in entries if entry["id"] == identifier), page)
    title = _TITLE.search(_source(project, page, runs))
    return title.group(1) if title else page


def _source(project: Project, page: str, runs: tuple[Run, ...]) -> str:
    """Return the Markdown of a page: of its hand-written file or of its template."""
    for run in runs:
        if run.page == page:
            cells = load_template(project, run).cells
            return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return (project.book / f"{page}.md").read_text(encoding="utf-8")


#: The styles a reference can be had in, and what a reader calls them.
STYLES = {"gb-t-7714": "GB/T 7714", "apa": "APA", "bibtex": "BibTeX"}

_HAN = re.compile("[\u3400-\u9fff]")
_TEX = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


class Author(BaseModel):
    """An author as CITATION.cff names one: an organisation by `name`, a person by family and given names."""

    model_config = ConfigDict(frozen=True)

    name: str = ""
    family: str = Field(default="", alias="family-names")
    given: str = Field(default="", alias="given-names")

    @model_validator(mode="after")
    def _is_named(self) -> Author:
        if not (self.name or self.family):
            raise ValueError("an author has neither 'name' nor 'family-names'.")
        return self

    @property
    def initials(self) -> list[str]:
        """The initials of a person's given names."""
        return [part[0].upper() for part in re.split(r"[\s.-]+", self.given) if part]

    @property
    def whole(self) -> str:
        """A name that no style takes apart: an organisation's or a Chinese one; otherwise empty."""
        return self.name or (f"{self.family}{self.given}" if _HAN.search(self.family) else "")


class _About(BaseModel):
    """The fields of CITATION.cff that references are made of."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    title: str
    version: str
    released: str = Field(alias="date-released", pattern=r"^\d{4}-\d{2}-\d{2}$")
    authors: list[Author] = Field(min_length=1)


@dataclass(frozen=True)
class Reference:
    """What every style needs: who, what, which edition, when, where."""

    authors: tuple[Author, ...]
    book: str
    part: str | None
    version: str
    released: str
    address: str
    key: str

    def format(self, style: str, accessed: str | None = None) -> str:
        """Return the reference in one of STYLES: GB/T 7714 (2015, online document), APA (7th) or BibTeX.

        `accessed` is what GB/T 7714 prints as the day of access; without it, today.
        """
        if style == "gb-t-7714":
            return self._gb(accessed or date.today().isoformat())
        return {"apa": self._apa, "bibtex": self._bibtex}[style]()

    def _gb(self, accessed: str) -> str:
        names = [a.whole or " ".join([a.family.upper(), *a.initials]) for a in self.authors]
        who = ", ".join(names[:3]) + (", et al" if len(names) > 3 else "")
        what = f"{self.part}[EB/OL]//{self.book}" if self.part else f"{self.book}[EB/OL]"
        edition = f"Version {self.version}. ({self.released})[{accessed}]"
        return f"{_stop(who)} {_stop(what)} {edition}. {self.address}."

    def _apa(self) -> str:
        initials = [" ".join(f"{initial}." for initial in a.initials) for a in self.authors]
        people = zip(self.authors, initials, strict=True)
        names = [a.whole or f"{a.family}, {given}".strip(", ") for a, given in people]
        what = f"{_stop(self.part)} In {self.book}" if self.part else self.book
        who = _stop(_join(names, all(a.name for a in self.authors)))
        return f"{who} ({self.released[:4]}). {what} (Version {self.version}). {self.address}"

    def _bibtex(self) -> str:
        names = [f"{{{_escape(a.whole)}}}" if a.whole else _escape(f"{a.family}, {a.given}".strip(", "))
                 for a in self.authors]  # fmt: skip
        within = f"In: {_escape(self.book)}. " if self.part else ""
        fields = {"author": " and ".join(names), "title": f"{{{_escape(self.part or self.book)}}}",
                  "year": self.released[:4],
                  "howpublished": f"{within}Version {_escape(self.version)}. \\url{{{self.address}}}"}  # fmt: skip
        body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
        return f"@misc{{{self.key},\n{body}\n}}"


def cite_target(project: Project, target: str, style: str) -> str:
    """Return the reference of a page, PAGE#anchor, document id or passage id in a style.

    Raises UnknownPageError when the book has no such target.
    """
    return make_reference(project, target, check_project(project)).format(style)


def make_reference(project: Project, target: str, runs: tuple[Run, ...]) -> Reference:
    """Return the reference of a target; an empty target is the book itself.

    Raises UnknownPageError when the book has no such target and InvalidDataError when CITATION.cff lacks a field.
    """
    about = read_about(project)
    page, anchor = resolve_target(project, target, runs)
    whole = page == "index" and not anchor
    path = f"{page}.html" if target else ""
    return Reference(
        authors=tuple(about.authors), book=about.title,
        part=None if whole else target_title(project, page, anchor, runs), version=about.version,
        released=about.released,
        address=f"{book_address(project)}{path}{f'#{anchor}' if anchor else ''}",
        key="policybook" if whole else re.sub(r"\W+", "-", f"policybook-{page}-{anchor}").strip("-"),
    )  # fmt: skip


def book_address(project: Project) -> str:
    """Return the address of this edition with a slash at its end, from `html.baseurl` in _config.yml.

    Where none is set, a placeholder that nobody can mistake for an address.
    """
    config = YamlFile(project.root / "_config.yml", "_config.yml").content
    url = str((config.get("html") or {}).get("baseurl") or "").rstrip("/")
    return f"{url}/" if url else "(address of this edition)/"


def read_about(project: Project) -> _About:
    """Read what references are made of. Raises InvalidDataError with every mistake in CITATION.cff."""
    file = YamlFile(project.root / "CITATION.cff", "CITATION.cff")
    problems: list[Problem] = []
    about = file.parse(_About, file.content, [], problems)
    if about is None:
        raise InvalidDataError(problems)
    return about


def _join(names: Sequence[str], organisations: bool) -> str:
    """Return names as APA joins them: A & B for two organisations, otherwise a comma before the ampersand."""
    if len(names) < 3 and organisations:
        return " & ".join(names)
    return ", & ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _stop(text: str) -> str:
    return text if text.endswith((".", "?", "!", "。", "？", "！")) else f"{text}."


def _escape(text: str) -> str:
    """Return `text` with every character that TeX reads as a command made harmless."""
    return "".join(_TEX.get(char) or (f"\\{char}" if char in "&%$#_{}" else char) for char in text)


#: A page that is built once cannot know the day on which it is read.
ACCESSED = "accessed: your date"


def references(book: Book, runs: tuple[Run, ...], target: str = "") -> Html:
    """Return the reference of a target (see `policybook cite`; default: the book) in every style."""
    reference = make_reference(book.project, target, runs)
    rows = [(name, reference.format(style, ACCESSED)) for style, name in STYLES.items()]
    return render("references", rows=rows)
