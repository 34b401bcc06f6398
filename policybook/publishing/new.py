"""A new project: the coding scheme and notebooks of another one, and nothing of its subject or its documents."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from datetime import date
from pathlib import Path

import yaml

import policybook
from policybook.coding.codebook import codebook_file
from policybook.corpus.files import shown
from policybook.errors import FolderError, ProjectNotFoundError
from policybook.project import Project
from policybook.publishing.blank import CODEBOOK, COMPARISONS, FRONT, GITIGNORE, LIMITS, README, TOC

#: Templates that are about any book. Every other one is about its own book's subject and stays there.
GENERAL = (
    "corpus",
    "comparison",
    "similarity",
    "document",
    "terms",
    "actors",
    "instruments",
    "methods",
    "validation",
    "codebook",
    "cite",
)
TITLE = "A book of policy documents"
_AUTHOR = "The authors of this book"


def find_source(start: Path | None = None) -> Project:
    """Return the project to copy from: the one at hand, else the repository that the package is run from.

    Raises ProjectNotFoundError when there is neither.
    """
    try:
        return Project.find(start)
    except ProjectNotFoundError:
        root = Path(policybook.__file__).resolve().parent.parent
        if start is None and (root / "data" / "corpus.yml").is_file():
            return Project(root)
        raise ProjectNotFoundError(
            f"{shown(start or Path.cwd())}: there is no project here to take the coding scheme and the notebooks "
            "from. Name one with --project DIR."
        ) from None


def make_project(source: Project, target: Path) -> Path:
    """Make an empty project in `target`, a folder that is missing or empty, and return it.

    It is made beside its place and renamed, so that it is there whole or not at all.
    Raises FolderError when the folder holds something or cannot be made.
    """
    name = shown(target)
    place = target.absolute()
    if os.path.lexists(target) and (target.is_symlink() or not target.is_dir() or any(target.iterdir())):
        raise FolderError(f"{name}: it exists and is not an empty folder. Name another one.")
    if place.resolve().is_relative_to(source.data.resolve()):
        raise FolderError(f"{name}: it lies in the data of another project. Name a folder elsewhere.")
    if not place.parent.is_dir():
        raise FolderError(f"{name}: the folder above it does not exist. Make it first.")
    draft: Path | None = None
    try:
        draft = Path(tempfile.mkdtemp(prefix=".policybook-new-", dir=place.parent))
        _fill(source, Project(draft))
        draft.chmod(0o755)
        draft.rename(place)
    except OSError as error:
        raise FolderError(f"{name}: it cannot be made ({error.strerror}). Check permissions and space.") from None
    finally:
        if draft is not None and draft.is_dir():
            shutil.rmtree(draft)
    return place


def _fill(source: Project, made: Project) -> None:
    for folder in (made.documents, made.facts, made.notebooks, made.book):
        folder.mkdir(parents=True)
    shutil.copytree(source.lexicon, made.lexicon, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    (made.data / "gold").mkdir()  # the cases that repair is scored on say something of the tool, whatever the book
    shutil.copyfile(source.data / "gold" / "repair.csv", made.data / "gold" / "repair.csv")
    if codebook_file(source).is_file():
        _write(codebook_file(made), _codebook(source))
    for table in sorted(source.facts.glob("*.csv")):  # the columns only: the figures are about another subject
        _write(made.facts / table.name, table.read_text(encoding="utf-8-sig").partition("\n")[0].rstrip("\r"))
    if (source.facts / "README.md").is_file():  # what the columns mean
        shutil.copyfile(source.facts / "README.md", made.facts / "README.md")
    _write(made.corpus_file, _empty_manifest(source))
    _write(made.comparisons_file, COMPARISONS)
    copied = [name for name in GENERAL if (source.notebooks / f"{name}.ipynb").is_file()]
    for name in copied:
        shutil.copyfile(source.notebooks / f"{name}.ipynb", made.notebooks / f"{name}.ipynb")
    _write(made.notebooks / "front.ipynb", _notebook(FRONT))
    _write(made.notebooks / "limits.ipynb", _notebook(LIMITS))
    _write(made.runs_file, _runs(source, {*copied, "front", "limits"}))
    _copy_book(source, made)
    _write(made.root / "_config.yml", _config(source))
    _write(made.root / "_toc.yml", TOC)
    _write(made.root / "CITATION.cff", _citation())
    _write(made.root / "README.md", README)
    _write(made.root / ".gitignore", GITIGNORE)


def _copy_book(source: Project, made: Project) -> None:
    """Copy the hand-written page and the looks; a picture of the other book stays there."""
    for folder in ("_static", "_templates"):
        if (source.book / folder).is_dir():
            shutil.copytree(source.book / folder, made.book / folder, ignore=shutil.ignore_patterns("*.png", ".*"))
    page = source.book / "how-to-read.md"
    if page.is_file():
        shutil.copyfile(page, made.book / page.name)


def _empty_manifest(source: Project) -> str:
    """Return data/corpus.yml with the comments that explain it and no document."""
    head: list[str] = []
    for line in source.corpus_file.read_text(encoding="utf-8-sig").splitlines():
        if line.strip() and not line.startswith("#"):
            break
        head.append(line)
    return "\n".join([*head, "documents: []"])


def _codebook(source: Project) -> str:
    """Return the codebook without the concepts, which are about another subject, and without who coded what."""
    content = yaml.safe_load(codebook_file(source).read_text(encoding="utf-8"))
    entries = [entry for entry in content["entries"] if entry["of"] != "concept"]
    return CODEBOOK + yaml.safe_dump({"entries": entries}, allow_unicode=True, sort_keys=False, width=120)


def _runs(source: Project, templates: set[str]) -> str:
    """Return notebooks/runs.yml with the runs of the templates that are there."""
    text = source.runs_file.read_text(encoding="utf-8")
    head = "\n".join(line for line in text.splitlines() if line.startswith("#"))
    runs = [run for run in yaml.safe_load(text)["runs"] if run["template"] in templates]
    present = {run["template"] for run in runs}
    own = (("front", "index"), ("limits", "chapters/limits"))
    runs += [{"template": template, "page": page} for template, page in own if template not in present]
    return f"{head}\n{yaml.safe_dump({'runs': runs}, allow_unicode=True, sort_keys=False)}"


def _config(source: Project) -> str:
    """Return _config.yml with this book's title, and nothing of the other one's name or address."""
    text = (source.root / "_config.yml").read_text(encoding="utf-8")
    for field, value in (
        ("title", TITLE),
        ("author", _AUTHOR),
        ("copyright", str(date.today().year)),
        ("html_title", TITLE),
        ("baseurl", ""),
        ("repository_url", ""),
    ):
        text = re.sub(rf"(?m)^(\s*{field}:).*$", rf"\g<1> {json.dumps(value)}", text)
    return text


def _citation() -> str:
    return (
        "cff-version: 1.2.0\n"
        'message: "If you use this book, please cite it as below."\n'
        f'title: "{TITLE}"\n'
        "type: dataset\n"
        "authors:\n"
        f'  - name: "{_AUTHOR}"\n'
        "version: 0.1.0\n"
        f"date-released: {date.today().isoformat()}\n"
    )


def _notebook(cells: tuple[tuple[str, str], ...]) -> str:
    """Return a notebook of (kind, source) cells as text."""
    made = []
    for n, (kind, source) in enumerate(cells, 1):
        cell: dict[str, object] = {"cell_type": kind, "id": f"cell-{n:02d}", "metadata": {}}
        if kind == "code":
            cell |= {"execution_count": None, "outputs": []}
        made.append(cell | {"source": source.splitlines(keepends=True)})
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    notebook = {"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, ensure_ascii=False, indent=1)


def _write(path: Path, text: str) -> None:
    path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
