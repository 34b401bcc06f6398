"""What the rules find in the sentences of official reports that were coded by hand.

    python benchmarks/official_gold.py FOLDER --metadata CSV

FOLDER holds the texts, CSV describes them as for `policybook measure`. Writes data/gold/official_found.csv, which has
the codes of each sentence of data/gold/official.csv and no word of the texts, and clauses_found.csv, which has the
directives of those of clauses.csv; the validation page reads the files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

import policybook
from policybook.analysis.validation import (
    CLAUSES,
    code_clauses,
    code_sentence,
    found_file_of,
    load_clauses,
    load_hand_coded,
    load_official,
    official_file,
    read_clauses,
    save_clauses,
    save_found,
    score_clauses,
    score_official,
)
from policybook.coding.code import Coding, load_coding
from policybook.coding.described import Described, read_metadata
from policybook.coding.rules import find_rules
from policybook.corpus.build import make_corpus
from policybook.corpus.corpus import records
from policybook.corpus.scope import load_vocabulary
from policybook.errors import InvalidDataError, PolicybookError, Problem
from policybook.project import Project


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--metadata", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def main(folder: Path, metadata: Path) -> None:
    """Code the sentences, write what was found and print its scores."""
    project = Project.find(Path(__file__).parent)
    try:
        write_found(project, read_metadata(folder, metadata, load_vocabulary(project)))
        official = load_official(project)
    except PolicybookError as error:
        raise click.ClickException(str(error)) from None
    click.echo(score_official(official).round(3).to_string())
    click.echo(score_clauses(load_clauses(project)).round(3).to_string())


def write_found(project: Project, documents: Sequence[Described]) -> None:
    """Write data/gold/official_found.csv. Raises InvalidDataError when a sentence is in none of the documents."""
    coding, coded = load_coding(project), load_hand_coded(project)
    wanted = {one.sentence.split(":")[0] for one in coded}
    texts = _read_sentences(project, [one for one in documents if one.entry.id in wanted])
    fix = "Measure the texts it was drawn from."
    problems = [
        Problem(project.name(official_file(project)), 0, "sentence", f"no {one.sentence!r} in the texts.", fix)
        for one in coded
        if one.sentence not in texts
    ]
    if problems:
        raise InvalidDataError(problems)
    found = [code_sentence(one.sentence, *texts[one.sentence], coding) for one in coded]
    listed = "".join(f"{one.entry.id} {one.entry.sha256}\n" for one in sorted(documents, key=lambda d: d.entry.id))
    head = {
        "texts_sha256": hashlib.sha256(listed.encode()).hexdigest(),
        "rules_sha256": find_rules(project).sha256,
        "made_by": f"policybook {policybook.__version__}",
    }
    save_found(found_file_of(project), found, **head)
    _write_clauses(project, documents, coding, head)


def _write_clauses(project: Project, documents: Sequence[Described], coding: Coding, head: Mapping[str, str]) -> None:
    """Write data/gold/clauses_found.csv where all sentences of clauses.csv are in the documents; else say so."""
    gold_file, found_file = (project.data / "gold" / name for name in CLAUSES)
    if not gold_file.exists():
        return
    gold, _ = read_clauses(project, gold_file)
    wanted = {one.split(":")[0] for one in gold}
    texts = _read_sentences(project, [one for one in documents if one.entry.id in wanted])
    if missing := [one for one in gold if one not in texts]:
        click.echo(f"{project.name(found_file)} stays as it is: {len(missing)} of its sentences are not in the texts.")
        return
    save_clauses(found_file, {one: code_clauses(*texts[one], coding) for one in gold}, **head)


def _read_sentences(project: Project, documents: Sequence[Described]) -> Mapping[str, tuple[str, str]]:
    """Return id → text and language of every sentence."""
    corpus = make_corpus([(one.entry, one.content) for one in documents], load_vocabulary(project), project)
    languages = {one.entry.id: one.entry.language for one in documents}
    return {row.sentence: (row.text, languages[row.document]) for row in records(corpus.sentences)}


if __name__ == "__main__":
    main()
