"""Which edition of a book this is: its version and its day, from CITATION.cff and git, and its address."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from policybook.errors import InvalidDataError, PolicybookError, Problem, UnreadableDocumentError, shown
from policybook.project import Project, read_file, reads_unnoted
from policybook.tables import YamlFile

#: The variable that names the address at which an edition is published; it goes before html.baseurl of _config.yml.
URL = "POLICYBOOK_URL"


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
    def csl(self) -> dict[str, str]:
        """The name as CSL has it."""
        return {"literal": self.name} if self.name else {"family": self.family, "given": self.given}


class _Preferred(BaseModel):
    """What CITATION.cff says of the book apart from its software: the licence of its texts and data."""

    license: str = Field(default="", pattern=r"^[\w.+-]*$")


class About(BaseModel):
    """The fields of CITATION.cff that references are made of; without a day of release it is not released."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    title: str
    version: str
    released: str = Field(default="", alias="date-released")
    authors: list[Author] = Field(min_length=1)
    preferred: _Preferred | None = Field(default=None, alias="preferred-citation")

    @field_validator("released")
    @classmethod
    def _is_a_day(cls, value: str) -> str:
        if value and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            raise ValueError(f"{value!r} is no day. Write it as 2026-12-01, or leave the line out before the release.")
        return value


@dataclass(frozen=True)
class Edition:
    """What is the same in every reference to a book."""

    title: str
    authors: tuple[Author, ...]
    version: str
    released: str
    address: str
    commit: str = ""
    license: str = ""
    data: str = ""

    @property
    def made_from(self) -> str:
        """The commit and the data that it was made from, as far as they are known."""
        known = (("commit", self.commit), ("data sha256", self.data))
        return ", ".join(f"{name} {value}" for name, value in known if value)

    @property
    def terms(self) -> str:
        """The address of the licence of the book's own texts and data; empty where none is named."""
        if found := re.fullmatch(r"CC-(BY(?:-[A-Z]{2})*)-(\d\.\d)", self.license):
            return f"https://creativecommons.org/licenses/{found[1].lower()}/{found[2]}/"
        return f"https://spdx.org/licenses/{self.license}.html" if self.license else ""


def read_about(project: Project) -> About:
    """Read what references are made of. Raises InvalidDataError with every mistake in CITATION.cff."""
    file = YamlFile(project.root / "CITATION.cff", "CITATION.cff")
    problems: list[Problem] = []
    about = file.parse(About, file.content, [], problems)
    if about is None:
        raise InvalidDataError(problems)
    return about


def read_edition(project: Project) -> Edition:
    """Return the edition: what a tag names, else the version of CITATION.cff with the commit, "unreleased".

    Where there is no git, as in an unpacked archive, it is what CITATION.cff says, and for pages alone, which have no
    such file, title and author of _config.yml. Raises InvalidDataError.
    """
    about = read_about(project) if os.path.lexists(project.root / "CITATION.cff") else _of_pages_alone(project)
    with reads_unnoted():  # that a commit was made is no reason to execute a page again
        commit, day, tag = _commit(project.root)
        data = _hash_data(project)
    version, released = about.version, about.released
    if tag:
        version, released = tag, released if tag == about.version and released else day
    elif commit:
        version, released = f"{about.version}+{commit}, unreleased", day
    elif not released:
        version = f"{about.version}, unreleased"
    terms = about.preferred.license if about.preferred else ""
    return Edition(about.title, tuple(about.authors), version, released, book_address(project), commit, terms, data)


def _hash_data(project: Project) -> str:
    """Return a hash of the names and bytes of all files in data/ but the list of published addresses."""
    digest = hashlib.sha256()
    for path in sorted(project.data.rglob("[!.]*")):
        if path.is_file() and path != project.anchors_file:
            with suppress(UnreadableDocumentError):  # whoever reads it says so
                content = hashlib.sha256(read_file(path)).digest()
                digest.update(path.relative_to(project.data).as_posix().encode() + b"\0" + content)
    return digest.hexdigest()[:16] if project.data.is_dir() else ""


def _of_pages_alone(project: Project) -> About:
    config = YamlFile(project.root / "_config.yml", "_config.yml").content
    named = config if isinstance(config, dict) else {}
    who, title = str(named.get("author") or "Its authors"), str(named.get("title") or "This book")
    return About(title=title, version="0", authors=[Author(name=who)])


def book_address(project: Project) -> str:
    """Return the address of this edition with a slash at its end: POLICYBOOK_URL, or `html.baseurl` of _config.yml.

    It is empty where none is known. Raises PolicybookError where it is no web address.
    """
    config = YamlFile(project.root / "_config.yml", "_config.yml").content
    html: Any = config.get("html") if isinstance(config, dict) else None
    url = (os.environ.get(URL) or str((html or {}).get("baseurl") or "")).strip().rstrip("/")
    if url and (urlsplit(url).scheme not in ("http", "https") or re.search(r"[\s\"'<>\\{}|^`#?]", url)):
        where = URL if os.environ.get(URL) else "_config.yml: html: baseurl"
        raise PolicybookError(f"{where}: {shown(url, 120)!r} is no web address. Write it as https://example.org/book/.")
    return f"{url}/" if url else ""


def _commit(root: Path) -> tuple[str, str, str]:
    """Return the commit of a folder, short, its day, and the version that a tag on it names; empty without git."""
    if not (root / ".git").exists():
        return "", "", ""
    try:
        commit, day = _git(root, "log", "-1", "--format=%h %cs", "--abbrev=10").split()
        tags = [tag.removeprefix("v") for tag in _git(root, "tag", "--points-at", "HEAD").split()
                if re.fullmatch(r"v\d[\w.+-]*", tag)]  # fmt: skip
    except (OSError, ValueError, subprocess.SubprocessError):
        return "", "", ""
    return commit, day, max(tags, default="")


def _git(root: Path, *arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True, timeout=20, check=True,
                          env=environment)  # fmt: skip
    return done.stdout.strip()
