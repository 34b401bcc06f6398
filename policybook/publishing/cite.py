"""References to the book, its pages and sections, its documents and single passages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict, Field, model_validator

from policybook.errors import InvalidDataError, Problem
from policybook.project import Project
from policybook.publishing.check import check_project
from policybook.publishing.runs import Run
from policybook.publishing.targets import resolve_target, target_title
from policybook.tables import YamlFile

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
        names = [
            f"{{{_escape(a.whole)}}}" if a.whole else _escape(f"{a.family}, {a.given}".strip(", "))
            for a in self.authors
        ]
        within = f"In: {_escape(self.book)}. " if self.part else ""
        fields = {
            "author": " and ".join(names),
            "title": f"{{{_escape(self.part or self.book)}}}",
            "year": self.released[:4],
            "howpublished": f"{within}Version {_escape(self.version)}. \\url{{{self.address}}}",
        }
        body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
        return f"@misc{{{self.key},\n{body}\n}}"


def cite_target(project: Project, target: str, style: str) -> str:
    """Return the reference of a page, PAGE#anchor, document id or passage id in a style.

    Raises UnknownPageError when the book has no such target.
    """
    return make_reference(project, target, check_project(project)).format(style)


def make_reference(project: Project, target: str, runs: tuple[Run, ...]) -> Reference:
    """Return the reference of a target; an empty target is the book itself.

    Raises UnknownPageError when the book has no such target and InvalidDataError when CITATION.cff lacks a
    field.
    """
    about = _read_about(project)
    page, anchor = resolve_target(project, target, runs)
    whole = page == "index" and not anchor
    path = f"{page}.html" if target else ""
    return Reference(
        authors=tuple(about.authors),
        book=about.title,
        part=None if whole else target_title(project, page, anchor, runs),
        version=about.version,
        released=about.released,
        address=f"{book_address(project)}{path}{f'#{anchor}' if anchor else ''}",
        key="policybook" if whole else re.sub(r"\W+", "-", f"policybook-{page}-{anchor}").strip("-"),
    )


def book_address(project: Project) -> str:
    """Return the address of this edition with a slash at its end, from `html.baseurl` in _config.yml.

    Where none is set, a placeholder that nobody can mistake for an address.
    """
    config = YamlFile(project.root / "_config.yml", "_config.yml").content
    url = str((config.get("html") or {}).get("baseurl") or "").rstrip("/")
    return f"{url}/" if url else "(address of this edition)/"


def _read_about(project: Project) -> _About:
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
