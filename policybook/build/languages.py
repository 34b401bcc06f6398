"""Pages in other languages: a template's code with other prose, links that stay in the language where they can."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator
from copy import deepcopy
from typing import Any

from policybook.errors import InvalidDataError, Problem, raise_problems, suggest
from policybook.project import Project, language_and_page
from policybook.words.say import SAYS, folders_of_words, keys_of_words

_PART = re.compile(r"^<!-- ([\w-]+) -->[ \t]*$", re.MULTILINE)
_LABEL = re.compile(r"^\(([a-z0-9-]+)\)=[ \t]*$", re.MULTILINE)
_VALUE = re.compile(r"\{glue:\w+\}`([^`]+)`")
_TO_PAGE = re.compile(r"(\]\()([^()\s:#]+)(\.ipynb|\.md)(?=[#)])")
_IN_HTML = re.compile(r"(\bhref=\")([^\":#?]+)(\.html)(?=[\"#?])")


def translated(project: Project, notebook: Any, template: str, language: str) -> Any:
    """Return the notebook of a template with its prose in a language, which stands in notebooks/LANGUAGE/TEMPLATE.md.

    The file has a part for every cell of Markdown: `<!-- ID -->`, the id of the cell, and below it the prose. Raises
    InvalidDataError with every mistake: no file, no part for a cell, a part for none, another label or value.
    """
    path, made = project.notebooks / language / f"{template}.md", deepcopy(notebook)
    name, template = project.name(path), f"notebooks/{template}.ipynb"
    cells = {str(cell.id): cell for cell in made.cells if cell.cell_type == "markdown"}
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = "there is no such file" if isinstance(error, FileNotFoundError) else "it cannot be read as UTF-8"
        first = next(iter(cells), "ID")
        fix = f"Write '<!-- {first} -->' for every cell of Markdown of {template}, each with its prose."
        why += ", and notebooks/runs.yml has a page that is made of it."
        raise InvalidDataError([Problem(name, 0, "", why, fix)]) from None
    known = {value for cell in cells.values() for value in _VALUE.findall(cell.source)}
    problems: list[Problem] = []
    parts: dict[str, str] = {}
    if text[: found.start() if (found := _PART.search(text)) else None].strip():
        problems.append(Problem(name, 1, "", "this stands before the first part.", "Write '<!-- ID -->' above it."))
    for part in _PART.finditer(text):
        end = following.start() if (following := _PART.search(text, part.end())) else len(text)
        identifier, prose = part[1], text[part.end() : end].strip()
        line = text.count("\n", 0, part.start()) + 1
        if identifier in parts or identifier not in cells:
            what = "stands twice" if identifier in parts else f"is for no cell of Markdown of {template}"
            fix = "Join the two." if identifier in parts else suggest(identifier, cells)
            problems.append(Problem(name, line, identifier, f"this part {what}.", fix))
            continue
        parts[identifier] = prose
        problems += _differences(name, line, identifier, prose, cells[identifier].source, known)
        cells[identifier].source = prose
    for identifier, cell in cells.items():
        if not parts.get(identifier):
            what = f"nothing is said for the cell of {template} that begins {_begins(cell)!r}."
            problems.append(Problem(name, 0, identifier, what, f"Write a part '<!-- {identifier} -->'."))
    raise_problems(problems)
    return made


def _begins(cell: Any) -> str:
    return str(_LABEL.sub("", cell.source).strip()[:40])


def _differences(name: str, line: int, part: str, prose: str, source: str, known: Collection[str]) -> Iterator[Problem]:
    """Yield what a part has otherwise than the cell whose prose it says: labels, which are addresses, and values."""
    labels, own = _LABEL.findall(source), _LABEL.findall(prose)
    if labels != own:
        said = ", ".join(f"({label})=" for label in labels) or "none"
        message = f"its labels are not those of the cell: {said}."
        yield Problem(name, line, part, message, "Keep them, one above each heading.")
    for value in sorted({*_VALUE.findall(prose)}.difference(known)):
        yield Problem(name, line, part, f"no value {value!r} is given to the prose.", suggest(value, sorted(known)))


def lead_home(page: str, pages: Collection[str], notebook: Any) -> Any:
    """Let the links of a page in another language, written as on its counterpart, lead to pages in it where these are.

    What `pages` do not have in the language, is read in the book's own.
    """
    language, counterpart = language_and_page(page)
    if not language:
        return notebook

    def led(link: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(counterpart), link[2]))
        if target.startswith(".."):
            return link[0]
        there = f"{language}/{target}" if f"{language}/{target}" in pages else target
        return f"{link[1]}{posixpath.relpath(there, posixpath.dirname(page))}{link[3]}"

    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = _IN_HTML.sub(led, _TO_PAGE.sub(led, cell.source))
        for output in cell.get("outputs", []):
            for kind, content in output.get("data", {}).items():
                if kind.endswith("text/html"):
                    output.data[kind] = _IN_HTML.sub(led, content)
    return notebook


def said_in_english(project: Project, language: str, page: str, reads: Collection[str]) -> str:
    """Return a sentence on the texts of a page in another language for which English ones stand in; "" where none do.

    `reads` is what the page read when it was made (see policybook.project.note_read): nothing is known of one that was
    not yet, but whether there are words in its language at all.
    """
    if not folders_of_words(project, language):
        return f"words/{language}: there is no such folder, so what code says on {page} is said in English."
    said = {one.partition(" ")[2] for one in reads if one.startswith(f"{SAYS} ")}
    lacking = ", ".join(sorted(said - keys_of_words(project, language)))
    return f"words/{language}: these texts are missing, and said in English on {page}: {lacking}." if lacking else ""
