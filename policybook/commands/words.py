"""The command that lists the words of a selection, or those that set two selections apart."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policybook.commands.compare import read_selection
from policybook.project import Project

if TYPE_CHECKING:
    import pandas as pd

    from policybook.corpus.selection import Selection

_WIDTH = 36
#: So many words of a language are printed unless --most says otherwise.
_MOST = 25
_FREQUENCY = {"count": ("count", "d"), "share": ("share", ".2%"), "documents": ("documents", "d"), "dp": ("DP", ".2f")}
_KEYNESS = {
    "count_left": ("left", "d"),
    "share_left": ("share", ".2%"),
    "dp_left": ("DP", ".2f"),
    "count_right": ("right", "d"),
    "share_right": ("share", ".2%"),
    "dp_right": ("DP", ".2f"),
    "g2": ("G2", "+.1f"),
    "log_ratio": ("log ratio", "+.2f"),
    "log_odds_z": ("z", "+.2f"),
    "q": ("q", ".3f"),
}
_NOTE = (
    "Above 0: more in left. G2: log-likelihood of four cells; z: log-odds with a Dirichlet prior; q: the p of G2,\n"
    "adjusted for all words of the language (Benjamini-Hochberg); DP: Gries's, over blocks, on each side.\n"
    "Words of one text are not independent of each other: this describes and tests nothing. For a verdict: "
    "policybook compare."
)


@click.command("words")
@click.argument("selection", required=False)
@click.option("--against", metavar="SELECTION", help="List what sets the first selection apart from this one.")
@click.option("--language", type=click.Choice(["zh", "en"]), help="Words of this language only.")
@click.option("--most", type=click.IntRange(1), help=f"So many words of each language; default {_MOST}, as CSV all.")
@click.option("--csv", "as_csv", is_flag=True, help="The rows as CSV.")
@click.pass_obj
def print_words(
    folder: Path | None,
    selection: str | None,
    against: str | None,
    language: str | None,
    most: int | None,
    as_csv: bool,
) -> None:
    """List the words and phrases of SELECTION, or of everything, or with --against those that set two selections apart.

    A selection is typed like plan=nnup-2014,places=national; + joins alternatives. Phrases are the terms of the coding
    scheme, each one word wherever a form of it stands; stop words are left out. Share is of all words that are left.
    """
    typed = [("SELECTION", selection), *([("--against", against)] if against is not None else [])]
    sides = [(text or "everything", read_selection(name, text) if text is not None else {}) for name, text in typed]
    from policybook.analysis.keyness import frequent_terms, key_terms
    from policybook.charts.theme import to_csv

    terms = _list_sides(Project.find(folder), sides, language)
    labels = [label for label, _ in sides]
    rows = key_terms(terms[0], terms[1], (labels[0], labels[1])) if against is not None else frequent_terms(terms[0])
    shown = rows.groupby("language").head(most or (len(rows) if as_csv else _MOST))
    if as_csv:
        sys.stdout.write(to_csv(shown))
        return
    for code, part in shown.groupby("language"):
        for label, side in zip(labels, terms, strict=True):
            click.echo(_describe(label, side[side["language"] == code], str(code)))
        for line in _table(part, _FREQUENCY if against is None else _KEYNESS):
            click.echo(line)
        click.echo()
    if against is not None:
        click.echo(_NOTE)


def _list_sides(project: Project, sides: Sequence[tuple[str, Selection]], language: str | None) -> list[pd.DataFrame]:
    """Return the terms of each side. Raises ComparisonError when one is empty or two share text."""
    from policybook.analysis.compare import check_filled, check_sides
    from policybook.coding.concepts import code_concepts
    from policybook.coding.scheme import load_scheme
    from policybook.coding.terms import list_terms
    from policybook.corpus.build import load_corpus

    scheme = load_scheme(project)
    corpus = code_concepts(load_corpus(project), scheme)
    only = {"language": language} if language else {}
    parts = [corpus.select(selection).select(only) for _, selection in sides]
    labels = [f"{label},language={language}" if language else label for label, _ in sides]
    check_filled(parts[0], labels[0])
    if len(parts) > 1:
        check_sides(parts[0], parts[1], (labels[0], labels[1]))
    return [list_terms(part, scheme, project) for part in parts]


def _describe(label: str, terms: pd.DataFrame, language: str) -> str:
    documents, blocks = terms["document"].nunique(), terms["block"].nunique()
    return f"{label}: {len(terms):,} words in {language} (documents: {documents}, blocks: {blocks})"


def _table(rows: pd.DataFrame, columns: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    """Yield a heading and a line a row: the term, then `columns` (name → heading, format)."""
    yield " " * _WIDTH + "".join(f"{heading:>{_width(heading)}}" for heading, _ in columns.values())
    for row in rows.to_dict("records"):
        cells = (
            f"{'-' if row[name] != row[name] else format(row[name], form):>{_width(heading)}}"
            for name, (heading, form) in columns.items()
        )
        yield _pad(str(row["term"])) + "".join(cells)


def _width(heading: str) -> int:
    return max(8, len(heading) + 2)


def _pad(term: str) -> str:
    """Return a term cut or filled to the width of its column; a Chinese character is as wide as two others."""
    wide = [2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in term]
    if sum(wide) > _WIDTH:
        kept = next(n for n in range(len(term), 0, -1) if sum(wide[:n]) < _WIDTH)
        return _pad(f"{term[:kept]}…")
    return term + " " * (_WIDTH - sum(wide))
