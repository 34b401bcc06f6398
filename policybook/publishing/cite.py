"""References to the book, its pages and sections, its documents and single passages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import nbformat

from policybook.corpus.yamlfile import YamlFile
from policybook.errors import UnknownPageError, suggest
from policybook.project import Project
from policybook.publishing.check import check_project
from policybook.publishing.runs import Run

_LABEL = re.compile(r"^\(([a-z0-9]+(?:-[a-z0-9]+)*)\)=\s*$", re.MULTILINE)
_PASSAGE = re.compile(r"([a-z0-9-]+):p(\d+)(?:\.\d+)?")
_TITLE = re.compile(r"^#\s+(.+?)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Reference:
    """What every style needs: who, what, which edition, when, where."""

    authors: tuple[str, ...]
    book: str
    part: str | None
    version: str
    released: str
    address: str
    key: str

    def format(self, style: str) -> str:
        """Return the reference in `style`: gb-t-7714 (2015, online document), apa (7th) or bibtex."""
        return {"gb-t-7714": self._gb, "apa": self._apa, "bibtex": self._bibtex}[style]()

    def _gb(self) -> str:
        title = f"{self.part}. {self.book}" if self.part else self.book
        return (
            f"{', '.join(self.authors)}. {title}[EB/OL]. Version {self.version}. ({self.released})"
            f"[{date.today().isoformat()}]. {self.address}."
        )

    def _apa(self) -> str:
        title = f"{self.part}. In {self.book}" if self.part else self.book
        return f"{', & '.join(self.authors)}. ({self.released[:4]}). {title} (Version {self.version}). {self.address}"

    def _bibtex(self) -> str:
        kind = "incollection" if self.part else "misc"
        fields = {
            "author": " and ".join(f"{{{author}}}" for author in self.authors),
            "title": f"{{{self.part or self.book}}}",
            "booktitle": f"{{{self.book}}}" if self.part else None,
            "year": self.released[:4],
            "edition": f"Version {self.version}",
            "howpublished": f"\\url{{{self.address}}}",
        }
        body = ",\n".join(f"  {name} = {{{_escape(value)}}}" for name, value in fields.items() if value)
        return f"@{kind}{{{self.key},\n{body}\n}}"


def cite_target(project: Project, target: str, style: str) -> str:
    """Return the reference of a page, PAGE#anchor, document id or passage id in a style.

    Raises UnknownPageError when the book has no such target.
    """
    return make_reference(project, target, check_project(project)).format(style)


def make_reference(project: Project, target: str, runs: tuple[Run, ...]) -> Reference:
    """Return the reference of a target; an empty target is the book itself."""
    about = YamlFile(project.root / "CITATION.cff", "CITATION.cff").content
    page, anchor = _resolve(target, runs, project)
    part = None if not target or (page == "index" and not anchor) else _title(project, page, anchor, runs)
    address = f"{book_address(project)}{'' if not target else f'{page}.html'}{f'#{anchor}' if anchor else ''}"
    return Reference(
        authors=tuple(_author(author) for author in about["authors"]),
        book=about["title"],
        part=part,
        version=str(about["version"]),
        released=str(about["date-released"]),
        address=address,
        key=re.sub(r"\W+", "-", f"policybook-{page}-{anchor}" if target else "policybook").strip("-"),
    )


def book_address(project: Project) -> str:
    """Return the address of this edition with a slash at its end, from `html.baseurl` in _config.yml.

    Where none is set, a placeholder that nobody can mistake for an address.
    """
    config = YamlFile(project.root / "_config.yml", "_config.yml").content
    url = str((config.get("html") or {}).get("baseurl") or "").rstrip("/")
    return f"{url}/" if url else "(address of this edition)/"


def _resolve(target: str, runs: tuple[Run, ...], project: Project) -> tuple[str, str]:
    pages = [run.page for run in runs] + sorted(path.stem for path in project.book.glob("*.md"))
    if passage := _PASSAGE.fullmatch(target):
        target = f"documents/{passage.group(1)}#p{int(passage.group(2)):02d}"
    page, _, anchor = target.partition("#")
    page = page.removesuffix(".html") or "index"
    page = f"documents/{page}" if f"documents/{page}" in pages else page
    if page not in pages:
        raise UnknownPageError(f"no page {page!r} in this book. {suggest(page, pages)}")
    anchors = _anchors(project, page, runs)
    if anchor and anchor not in anchors:
        raise UnknownPageError(f"no section or passage {anchor!r} on {page}. {suggest(anchor, anchors)}")
    return page, anchor


def _anchors(project: Project, page: str, runs: tuple[Run, ...]) -> list[str]:
    labels = _LABEL.findall(_source(project, page, runs))
    if page.startswith("documents/"):
        from policybook.corpus.build import anchor, load_corpus

        row = load_corpus(project).document(page.split("/")[1])
        labels += [anchor(number) for number in range(1, int(row["paragraphs"]) + 1)]
    return labels


def _title(project: Project, page: str, anchor: str, runs: tuple[Run, ...]) -> str:
    name = _page_title(project, page, runs)
    if re.fullmatch(r"p\d+", anchor):
        return f"{name}, paragraph {int(anchor[1:])}"
    section = re.search(rf"^\({re.escape(anchor)}\)=\s*\n#+\s+(.+?)\s*$", _source(project, page, runs), re.MULTILINE)
    return f"{name}: {section.group(1)}" if anchor and section and "{glue" not in section.group(1) else name


def _page_title(project: Project, page: str, runs: tuple[Run, ...]) -> str:
    folder, _, identifier = page.partition("/")
    files: dict[str, tuple[Path, str]] = {
        "documents": (project.corpus_file, "documents"),
        "comparisons": (project.comparisons_file, "comparisons"),
    }
    if folder in files:
        path, key = files[folder]
        entries: list[dict[str, Any]] = YamlFile(path, project.name(path)).entries(key)
        return next(str(entry["title"]) for entry in entries if entry["id"] == identifier)
    title = _TITLE.search(_source(project, page, runs))
    return title.group(1) if title else page


def _source(project: Project, page: str, runs: tuple[Run, ...]) -> str:
    """Return the Markdown of a page: of its hand-written file or of its template."""
    for run in runs:
        if run.page == page:
            notebook = nbformat.read(project.notebooks / f"{run.template}.ipynb", as_version=4)
            return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return (project.book / f"{page}.md").read_text(encoding="utf-8")


def _author(author: dict[str, Any]) -> str:
    return str(author.get("name") or f"{author.get('family-names', '')}, {author.get('given-names', '')}".strip(", "))


def _escape(text: str) -> str:
    return re.sub(r"([&%$#_])", r"\\\1", text) if "\\url" not in text else text
