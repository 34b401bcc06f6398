"""The tables of a book as files, described as one Frictionless Data Package: in its site, and exported from it."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policybook.build.targets import DATA, PACKAGE, words_of
from policybook.errors import BuildError, FolderError, shown
from policybook.project import Project

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from policybook.build.edition import Edition

#: What is data of the project itself: folders below data/, each with the names of the tables that are taken.
_OWN = (("facts", "*.csv"), ("measured", "*/*.csv"))
_DATE = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
#: Types of fields, the narrowest first, and what their cells look like.
_TYPES = {
    "integer": re.compile(r"-?(?:0|[1-9]\d{0,14})"), "boolean": re.compile(r"[Tt]rue|[Ff]alse"),
    "number": re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?"), "date": re.compile(_DATE),
}  # fmt: skip


def table_name(page: str, file: str) -> str:
    """Return the name under which a table that a page shows stands in data/: places.themes.csv; none comes twice."""
    return f"{page.removeprefix('chapters/').replace('/', '.')}.{file}"


def read_tables(page: str, article: HtmlElement) -> list[list[str]]:
    """Return (file, title, anchor) of every table that a page saves: the caption above it, of a figure its own."""
    from policybook.words.say import say

    found: dict[str, list[str]] = {}
    title, anchor = page, ""
    for one in article.iter("h1", "h2", "h3", "h4", "caption", "summary", "figure", "details", "div", "a"):
        if one.tag == "a":
            if "pb-download" in one.get("class", "").split() and one.get("download", "").endswith(".csv"):
                found.setdefault(one.get("download"), [one.get("download"), title, anchor])
        elif one.tag in ("figure", "details", "div"):
            if one.get("id") and (one.tag == "figure" or one.get("id", "").startswith("table-")):
                anchor = one.get("id", "")
                caption = next(one.iter("figcaption", "caption", "summary"), None)
                title = title if caption is None else words_of(caption)
                title = say("cite.drawn", title=title) if one.tag == "figure" else title
        else:
            title = words_of(one) or title
    return list(found.values())


# The package ---------------------------------------------------------------------------------------


def describe_table(content: bytes, name: str, title: str) -> dict[str, Any]:
    """Return the resource of a Data Package for a table: its fields with type, title and unit, as its cells tell."""
    from policybook.words.say import has_text, say

    text = content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    header = rows[0] if rows else []
    fields = []
    for n, column in enumerate(header):
        cells = [row[n] for row in rows[1:] if n < len(row) and row[n] != ""]
        field: dict[str, Any] = {"name": column, "type": _type_of(cells)}
        if has_text(key := f"columns.{column}"):
            field["title"] = say(key)
        if unit := next((say(key) for end in (column, column.rpartition("_")[2])
                         if has_text(key := f"units.{end}")), ""):  # fmt: skip
            field["unit"] = unit
        fields.append(field)
    return {
        "name": re.sub(r"[^a-z0-9._-]", "-", name.removesuffix(".csv").lower()), "path": name, "title": title,
        "profile": "tabular-data-resource", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
        "schema": {"fields": fields, "missingValues": [""]},
    }  # fmt: skip


def _type_of(cells: Sequence[str]) -> str:
    return next((name for name, form in _TYPES.items() if cells and all(map(form.fullmatch, cells))), "string")


def write_package(project: Project, html: Path, edition: Edition, tables: Iterable[Sequence[str]],
                  documents: Mapping[str, Mapping[str, Any]]) -> int:  # fmt: skip
    """Put the project's own tables beside those of the pages, describe all of them, and return how many there are.

    `tables` are file, title, page and anchor of those of the pages, `documents` the items of the documents that they
    are made of.
    """
    folder = html / DATA
    folder.mkdir(exist_ok=True)
    known = [tuple(table) for table in tables]
    for place, names in _OWN:
        for path in sorted((project.data / place).glob(names)):
            name = ".".join(path.relative_to(project.data / place).with_suffix("").parts)
            file = f"{name if place == 'facts' else f'{place}.{name}'}.csv"
            shutil.copyfile(path, folder / file)
            known.append((file, name.replace("_", " ").replace(".", ", ").capitalize(), "", ""))
    resources = []
    for file, title, page, anchor in known:
        resource = describe_table((folder / file).read_bytes(), file, title)
        if page:
            shown_at = f"{edition.address or '../'}{page}.html{'#' * bool(anchor)}{anchor}"
            resource["sources"] = [{"title": page, "path": shown_at}]
        resources.append(resource)
    package: dict[str, Any] = {"profile": "tabular-data-package", "name": "policybook", "title": edition.title,
                               "version": edition.version}  # fmt: skip
    if edition.address:
        package["homepage"] = edition.address
    package["contributors"] = [{"title": one.name or f"{one.given} {one.family}", "role": "author"}
                               for one in edition.authors]  # fmt: skip
    if edition.license:
        package["licenses"] = [{"name": edition.license, "path": edition.terms}]
    if documents:
        package["sources"] = [{"title": f"{one['title']} ({one['author'][0]['literal']})",
                               **({"path": one["URL"]} if one.get("URL") else {})}
                              for one in documents.values()]  # fmt: skip
    package["resources"] = resources
    (folder / PACKAGE).write_text(json.dumps(package, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return len(resources)


def export_tables(project: Project, folder: Path) -> int:
    """Copy all tables of the built site with their description into a new or empty folder; return how many there are.

    Raises BuildError where there is no site and FolderError where the folder cannot be written.
    """
    source = project.site / DATA
    if not (source / PACKAGE).is_file():
        raise BuildError("There is no built book whose tables could be exported. Build it first: policybook build.")
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise FolderError(f"{shown(folder)}: it is there already and not empty. Name a new or an empty folder.")
        shutil.copytree(source, folder, dirs_exist_ok=True)
    except OSError as error:
        raise FolderError(f"{shown(error.filename or folder)}: it cannot be written ({error.strerror}).") from None
    return sum(1 for _ in folder.glob("*.csv"))
