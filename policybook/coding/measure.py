"""Texts that are not shipped are measured, here or by workers elsewhere, and held against what was counted before."""

from __future__ import annotations

import gc
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from threading import Lock, current_thread, main_thread
from typing import Any

import pandas as pd

from policybook.coding.code import Coding, code_corpus, load_coding
from policybook.coding.described import Described, read_metadata
from policybook.coding.executors import Failure, Workers, do_each, usual_workers

from policybook.coding.measured import (  # isort: skip
    BLOCK_COLUMNS, COUNTS, DOCUMENTS, LENGTHS, Measured, age_of, check_target, csv_lines, measured_names, measured_of,
    read_measured, show_concepts, table_bytes, write_rows,
)
from policybook.coding.measured_parquet import write_parquet
from policybook.coding.measured_store import MEASURED_STORE, MeasuredRows, MeasuredStore
from policybook.coding.scheme import INSTRUMENTS
from policybook.coding.store import coding_tools, hash_makers
from policybook.corpus.build import BLOCK_LENGTH, ReadDocument, join_blocks, join_documents, read_document
from policybook.corpus.corpus import Corpus
from policybook.corpus.repair import guess_language
from policybook.corpus.scope import Vocabulary

from policybook.errors import (  # isort: skip
    ClusterError, InvalidDataError, PolicybookError, Problem, UnreadableDocumentError, raise_problems, shown,
)
from policybook.project import Project, follow, report_line
from policybook.reading.read import read_received


def measure(documents: Sequence[Described], project: Project, *, blocks: bool = True, quiet: bool = False,
            workers: Workers | None = None) -> Measured:  # fmt: skip
    """Return the counts of documents, and of their blocks if `blocks` are wanted, without text.

    Raises InvalidDataError when data/lexicon has mistakes, UnreadableDocumentError when documents are no text, and
    ClusterError when there are no such workers.
    """
    with closing(MeasuredStore(None, "")) as store:
        keys, failures = _into_store(documents, project, store, workers, quiet)
        if failures:
            raise UnreadableDocumentError("\n".join(failures.values()))
        rows = [store.rows(key) for key in keys.values()]
    return measured_of(rows, project, blocks)


@dataclass(frozen=True)
class Outcome:
    """What became of measuring: how many documents and blocks the tables hold, and id → why it is not in them."""

    documents: int
    blocks: int
    failures: Mapping[str, str]


def measure_into(folder: Path, documents: Sequence[Described], project: Project, *, blocks: bool = True,
                 parquet: bool = False, workers: Workers | None = None) -> Outcome:  # fmt: skip
    """Measure documents and put their tables into `folder`, CSV or Parquet, in place of those that were there.

    The tables are the same bytes whoever works, and hold every document that could be measured: nothing is written
    where none could. What is measured is kept in _build/ at once, so that the next call goes on where this one was
    stopped; no more of it is in memory than is under way. Raises as `measure` does, and FolderError when the tables
    cannot be written.
    """
    check_target(folder)
    with closing(MeasuredStore(project.build / MEASURED_STORE, hash_makers(project))) as store:
        keys, failures = _into_store(documents, project, store, workers, quiet=False)
        if not keys:
            first = next(iter(failures.values()))
            raise UnreadableDocumentError(f"No document could be measured, and no table was written. {first}")
        if parquet:
            licences = {one.entry.id: one.licence for one in documents}
            told = ((store.rows(key), licences[one]) for one, key in keys.items())
            counted = write_parquet(folder, told, project, blocks)
        else:
            counted = write_rows(folder, (store.rows(key) for key in keys.values()), project, blocks)
        store.forget_others()
    return Outcome(len(keys), counted, failures)


def _into_store(documents: Sequence[Described], project: Project, store: MeasuredStore, workers: Workers | None,
                quiet: bool) -> tuple[Mapping[str, str], Mapping[str, str]]:  # fmt: skip
    """Measure what is not in the store; return id → key of what is in it then, and id → why of what failed."""
    load_coding(project)
    rules = hash_makers(project)
    keys = [f"{rules} {one.key}" for one in documents]
    kept = store.find(keys)
    due = [number for number, key in enumerate(keys) if key not in kept]
    if kept and not quiet:
        report_line(f"{len(documents) - len(due)} of {len(documents)} documents were measured before and are kept.")
    failed: dict[int, str] = {}
    todo = [documents[number] for number in due]
    done = do_each(partial(_work, project, rules), _Contents(todo), workers or usual_workers(len(todo)))
    with closing(done):
        for so_far, (place, rows) in enumerate(done if quiet else _followed(done, len(todo)), 1):
            identifier = todo[place].entry.id
            if isinstance(rows, Failure):
                failed[due[place]] = rows.reason
            else:
                store.keep(keys[due[place]], rows)
            if not quiet:
                _report(so_far, len(todo), identifier, rows)
    store.commit()
    whole = {documents[number].entry.id: key for number, key in enumerate(keys) if number not in failed}
    return whole, {documents[number].entry.id: failed[number] for number in sorted(failed)}


def _followed(done: Iterator[tuple[int, MeasuredRows | Failure]], total: int) -> Any:
    return follow(done, total, unit="document", what="Measuring")


#: Of more documents not every one is a line where there is no bar, but every hundredth part of them.
_LINES = 1000


def _report(so_far: int, total: int, identifier: str, rows: MeasuredRows | Failure) -> None:
    if isinstance(rows, Failure):
        report_line(f"[{so_far}/{total}] {identifier}: failed")
    elif not sys.stderr.isatty() and (total <= _LINES or so_far % (total // 100) == 0 or so_far == total):
        report_line(f"[{so_far}/{total}] {identifier}: {rows.number} blocks")


class _Contents(Sequence[tuple[Described, bytes | Failure]]):
    """Documents with their bytes, which are read when one is asked for and not kept."""

    def __init__(self, documents: Sequence[Described]) -> None:
        self._documents = documents

    def __len__(self) -> int:
        return len(self._documents)

    def __getitem__(self, number: Any) -> Any:
        one = self._documents[number]
        try:
            return one, one.content
        except UnreadableDocumentError as error:
            return one, Failure(str(error))


# jieba and the finders are made for one at a time, and a worker of a cluster may have several threads.
_one_at_a_time = Lock()


def _work(project: Project, rules: str, given: tuple[Described, bytes | Failure]) -> MeasuredRows | Failure:
    """Measure one document, in whichever process on whichever computer: what is wrong with it comes back as a Failure.

    Raises ClusterError where other `rules` would be measured by than by who asks.
    """
    one, content = given
    if isinstance(content, Failure):
        return content
    with _one_at_a_time, _letting_go_here():
        if _rules_here(project, rules) != rules:
            raise ClusterError(f"a worker finds other rules than this process: {shown(project.root)} must be the same "
                               "project there, and policybook and its libraries the same versions.")  # fmt: skip
        try:
            return _measure(project, rules, one, content)
        except PolicybookError as error:
            return Failure(" ".join(str(error).split()))
        except Exception as error:
            if os.environ.get("POLICYBOOK_DEBUG"):
                raise
            why = shown(f"{type(error).__name__}: {error}")
            return Failure(f"{shown(one.entry.file)}: it cannot be measured ({why}). Please report it.")


@contextmanager
def _letting_go_here() -> Iterator[None]:
    """Let this thread let go of what it made: what reads HTML must not be collected by another, as in Dask's workers.

    What was there before the first document ends is not looked through again, so that this costs little.
    """
    if current_thread() is main_thread():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.collect()
        if not gc.get_freeze_count():
            gc.freeze()


@lru_cache(maxsize=4)
def _rules_here(project: Project, _: str) -> str:
    """Return what is measured by here; asked for once by each who asks for other rules."""
    return hash_makers(project)


def _measure(project: Project, rules: str, one: Described, content: bytes) -> MeasuredRows:
    vocabulary, scope, coding = coding_tools(project, rules)
    entry = one.entry
    if not one.told:
        whole = "\n".join(read_received(content, entry.file).paragraphs)
        entry = entry.model_copy(update={"language": guess_language(whole)})
    read = read_document(entry, content, vocabulary, scope, project)
    corpus = code_corpus(join_documents([read], vocabulary), coding)
    sure = [mention for mention in _cells(corpus.mentions, "sentence", "block", "concept", "text", "ambiguous")
            if not mention[-1] and mention[0] not in corpus.foreign]  # fmt: skip
    again = {n: _reblocked(read, entry.language, n) for n in LENGTHS}
    blocks = list(_block_rows(corpus, sure))
    sums = [sum(column) for column in zip(*(row[_FIRST_COUNT:] for row in blocks), strict=True)] or [0] * len(COUNTS)
    row = (entry.id, entry.title, entry.publisher, one.kind, entry.speaker, one.city, entry.era_in(vocabulary),
           one.year, entry.language, one.address, entry.sha256, read.document["characters"], len(read.passages),
           len(read.sentences), *(len(set(cut.values())) for cut in again.values()), *sums)  # fmt: skip
    counts = _count_mentions(sure, again, coding, entry.id, entry.language)
    return MeasuredRows(csv_lines([row]), csv_lines(counts), csv_lines(blocks), len(blocks))


def _cells(table: pd.DataFrame, *columns: str) -> Iterator[tuple[Any, ...]]:
    return zip(*(table[column].tolist() for column in columns), strict=True)


def _reblocked(read: ReadDocument, language: str, length: int) -> dict[str, str]:
    """Return the block of every sentence by blocks of another length."""
    sentences = [dict(row) for row in read.sentences]
    for _ in join_blocks(read.document["document"], language, read.passages, sentences,
                         BLOCK_LENGTH[language] * length // 100):  # fmt: skip
        pass
    return {str(row["sentence"]): str(row["block"]) for row in sentences}


#: A mention that is sure: its sentence and block, the concept, the words, and False.
_Sure = Sequence[tuple[str, str, str, str, bool]]
_FIRST_COUNT = BLOCK_COLUMNS.index(COUNTS[0])


def _block_rows(corpus: Corpus, sure: _Sure) -> Iterator[tuple[Any, ...]]:
    """Yield a row a block. An ambiguous mention is counted nowhere: what it names is not known."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for block, instrument, subtype, strength in _cells(corpus.directives, "block", "instrument", "subtype", "strength"):
        counts[block].update((f"instrument_{instrument}", f"subtype_{subtype}", f"strength_{strength}"))
    for block, kind in _cells(corpus.quantities, "block", "kind"):
        counts[block][f"quantity_{kind}"] += 1
    concepts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for _, block, concept, *_ in sure:
        concepts[block][concept] += 1
    for block, document, number, size in _cells(corpus.blocks, "block", "document", "number", "length"):
        found = counts[block]
        told = {"length": size, "directives": sum(found[f"instrument_{name}"] for name in INSTRUMENTS)}
        yield (document, number, show_concepts(concepts[block]), *(told.get(name, found[name]) for name in COUNTS))


def _count_mentions(sure: _Sure, blocks: Mapping[int, Mapping[str, str]], coding: Coding, document: str,
                    language: str) -> Iterator[tuple[Any, ...]]:  # fmt: skip
    """Yield the rows of COUNT_COLUMNS of a document from its mentions, and the blocks of its sentences by length."""
    forms = _forms_of(sure, coding, language)
    names: dict[str, Mapping[str, str]] = {"concept": {concept: concept for _, _, concept, *_ in sure}}
    for kind, of in {**names, **coding.scheme.compared_themes}.items():
        sentences: defaultdict[str, list[str]] = defaultdict(list)
        for sentence, _, concept, *_ in sure:
            if concept in of:
                sentences[of[concept]].append(sentence)
        for name in sorted(sentences):
            stands = sentences[name]
            cut = (len({block_of[sentence] for sentence in stands}) for block_of in blocks.values())
            yield document, kind, name, len(stands), *cut, forms.get(name, "") if kind == "concept" else ""


def _forms_of(sure: _Sure, coding: Coding, language: str) -> dict[str, str]:
    """Return the form without a gap in which a text writes each concept most often; of as frequent ones the first."""
    written = Counter((concept, text) for _, _, concept, text, _ in sure)
    forms: dict[str, str] = {}
    for concept, text in sorted(written, key=lambda one: (-written[one], one)):
        if concept not in forms and coding.concepts.is_plain(concept, text, language):
            forms[concept] = text
    return forms


def check_measured(project: Project, vocabulary: Vocabulary) -> None:
    """Check every folder of data/measured: shape, hashes, and the counts of texts that stand in data/documents.

    Raises InvalidDataError with every mistake. Counts are held against texts only where the rules are those that
    they were made with: others give other counts.
    """
    problems: list[Problem] = []
    for name in measured_names(project):
        try:
            measured = read_measured(project.measured / name, project)
        except InvalidDataError as error:
            problems.extend(error.problems)
            continue
        if age_of(measured, project).current:
            problems.extend(_against_texts(project, name, measured, vocabulary))
    raise_problems(problems)


def _against_texts(project: Project, name: str, measured: Measured, vocabulary: Vocabulary) -> Iterator[Problem]:
    folder = project.measured / name
    described = read_metadata(project.documents, folder / DOCUMENTS, vocabulary, skip_missing=True)
    again = measure(described, project, quiet=True)
    for file, counted in measured.tables.items():
        now = again.tables[file]
        for document in again.documents["document"]:
            before, after = (table[table["document"] == document] for table in (counted, now))
            if table_bytes(before) != table_bytes(after):
                message = f"its counts are not those of its text in {project.name(project.documents)}."
                yield Problem(project.name(folder / file), 0, document, message, "Measure again.")
