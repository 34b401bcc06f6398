"""Every mistake in data/ and notebooks/runs.yml at once."""

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, Self, get_args

from pydantic import Field, model_validator

from policybook.analysis.briefs import load_briefs, unused_briefs
from policybook.analysis.comparisons import ComparisonEntry, load_comparisons, load_elsewhere, made_groups
from policybook.analysis.directives import Within
from policybook.analysis.validation import list_hits, load_aligned, load_clauses, load_official
from policybook.build.languages import said_in_english
from policybook.build.new import SKELETON
from policybook.build.runs import Run, Vocabularies, all_pages, load_runs
from policybook.build.state import page_mark
from policybook.coding.code import load_coding
from policybook.coding.gold import load_codebook, load_gold
from policybook.coding.measure import check_measured
from policybook.coding.measured import age_of, load_measured, measured_names
from policybook.coding.scheme import Scheme, load_scheme, load_topics
from policybook.coding.store import load_coded
from policybook.corpus.corpus import Corpus, KnownValues, known_values
from policybook.corpus.manifest import load_manifest, load_recommended
from policybook.corpus.scope import Vocabulary, load_vocabulary
from policybook.errors import InvalidDataError, PolicybookError, Problem, raise_problems, suggest
from policybook.intake.guess import load_marks, near_copies
from policybook.project import REGISTER, Project
from policybook.tables import Column, CsvTable, FileModel, YamlFile, read_text
from policybook.words.comparisons import not_counted_sentence
from policybook.words.say import use_words_of

TABLES_FILE = "tables.yml"
#: So many concepts that are not counted are named; `policybook compare` names all.
_NAMED = 5


class FactsColumn(FileModel):
    """What the cells of a column hold, in whatever table it stands."""

    kind: Literal["text", "number", "year", "date"] = "text"
    empty: bool = True
    values: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None

    @model_validator(mode="after")
    def _bounds_are_of_numbers(self) -> Self:
        if self.kind != "number" and (self.least is not None or self.most is not None):
            raise ValueError("least and most are for columns of the kind number.")
        if self.least is not None and self.most is not None and self.most < self.least:
            raise ValueError(f"most ({self.most:g}) is less than least ({self.least:g}).")
        return self

    def named(self, name: str, *, required: bool) -> Column:
        """Return it as the column of this name, which a table may have or must have."""
        filled = not self.empty
        return Column(name, self.kind, self.values, required, filled, least=self.least, most=self.most)


class FactsTable(FileModel):
    """The columns of one table: those that it must have, those that it may have, and those that name its rows."""

    table: str = Field(pattern=r"[a-z0-9]+(?:[_-][a-z0-9]+)*")
    key: tuple[str, ...] = Field(min_length=1)
    columns: tuple[str, ...] = Field(min_length=1)
    optional: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _key_is_there(self) -> Self:
        if missing := [column for column in self.key if column not in self.columns]:
            raise ValueError(f"the key names {missing[0]!r}, which is none of its columns.")
        for name, times in Counter([*self.columns, *self.optional]).items():
            if times > 1:
                raise ValueError(f"the column {name!r} is named twice.")
        return self


def check_facts_tables(project: Project) -> None:
    """Check data/facts: its cells (see check_facts_cells), then what the book's own rules between rows find."""
    if file := check_facts_cells(project):
        _check_own_rules(project, file)


def check_facts_cells(project: Project) -> YamlFile | None:
    """Check every table of data/facts against data/facts/tables.yml, and return that file; None where there is none.

    Raises InvalidDataError with every mistake: a table that the file does not name, a column too many or too few, a
    cell that its column does not allow, a row that stands twice.
    """
    path = project.facts / TABLES_FILE
    named = sorted(project.facts.glob("*.csv"))
    if not path.exists():
        fix = f"Describe it in data/facts/{TABLES_FILE}."
        raise_problems([Problem(project.name(one), 0, "", "nothing says what its columns are.", fix) for one in named])
        return None
    file = YamlFile(path, project.name(path))
    problems: list[Problem] = []
    columns, tables = _described(file, problems)
    if not problems:
        for table in named:
            problems.extend(_check_table(table, project.name(table), tables, columns))
    raise_problems(problems)
    return file


def _check_own_rules(project: Project, file: YamlFile) -> None:
    """Hold the rows to the rules between them that a book has of its own: `rules: MODULE:FUNCTION` of notebooks/.

    The function takes the project and raises InvalidDataError. Raises the same where it cannot be found.
    """
    named = file.content.get("rules")
    if named is None:
        return
    module, _, function = str(named).partition(":")
    folder = str(project.notebooks)
    sys.path.insert(0, folder)
    try:
        rules = getattr(import_module(module), function)
    except (ImportError, AttributeError, ValueError) as error:
        fix = "Write 'rules: MODULE:FUNCTION' of a module in notebooks/, or take the line out."
        raise InvalidDataError([file.problem(["rules"], f"{named!r} cannot be loaded ({error}).", fix)]) from None
    finally:
        sys.path.remove(folder)
    rules(project)


def _described(file: YamlFile, problems: list[Problem]) -> tuple[dict[str, FactsColumn], dict[str, FactsTable]]:
    """Return what the file says of columns and of tables, by name."""
    raw_tables = file.entries("tables")  # also makes sure that the content is a mapping
    raw_columns = file.content.get("columns") or {}
    if not isinstance(raw_columns, dict):
        problems.append(file.problem(["columns"], "a mapping is expected.", "Write 'NAME: {kind: year}', one a line."))
        raw_columns = {}
    parsed = {str(name): file.parse(FactsColumn, raw, ["columns", name], problems) for name, raw in raw_columns.items()}
    tables: dict[str, FactsTable] = {}
    for n, raw in enumerate(raw_tables):
        table = file.parse(FactsTable, raw, ["tables", n], problems)
        if table is not None and table.table in tables:
            problems.append(file.problem(["tables", n], f"{table.table!r} is given twice.", "Keep one of the two."))
        elif table is not None:
            tables[table.table] = table
    return {name: column for name, column in parsed.items() if column}, tables


def _check_table(path: Path, file: str, tables: Mapping[str, FactsTable],
                 columns: Mapping[str, FactsColumn]) -> Iterator[Problem]:  # fmt: skip
    table = tables.get(path.stem)
    if table is None:
        yield Problem(file, 0, "", f"data/facts/{TABLES_FILE} has no table {path.stem!r}.", suggest(path.stem, tables))
        return
    problems: list[Problem] = []
    known = [columns.get(name, FactsColumn()).named(name, required=True) for name in table.columns]
    known += [columns.get(name, FactsColumn()).named(name, required=False) for name in table.optional]
    read = CsvTable(path, file, known, problems)
    yield from problems
    seen: dict[tuple[str, ...], int] = {}
    for row in read.rows:
        if (first := seen.setdefault(tuple(row.cells.values()), row.line)) != row.line:
            yield read.problem(row, "", f"the row of line {first} stands here again.", "Take one of them out.")


def check_project(project: Project, *others: Callable[[Project], object],
                  notes: list[str] | None = None) -> tuple[Run, ...]:  # fmt: skip
    """Check data/, words/, notebooks/runs.yml and the book's _config.yml and _toc.yml; return the pages to make.

    What is odd but no mistake is appended to `notes`. Raises InvalidDataError with every mistake in all files, and what
    `others` find. A file whose own meaning depends on a broken one is checked as far as it can be.
    """
    problems: list[Problem] = []

    def attempt(load: Callable[[], Any]) -> Any:
        try:
            return load()
        except InvalidDataError as error:
            problems.extend(error.problems)
        except PolicybookError as error:
            problems.append(Problem("data", 0, "", str(error)))
        return None

    problems += _irregular(project)
    attempt(lambda: _check_config(project))
    for other in others:
        attempt(partial(other, project))
    attempt(lambda: use_words_of(project))
    vocabulary: Vocabulary | None = attempt(lambda: load_vocabulary(project))
    coding = attempt(lambda: load_coding(project))
    attempt(lambda: check_facts_tables(project))
    if vocabulary is not None and coding is not None:
        attempt(lambda: check_measured(project, vocabulary))
    attempt(lambda: _check_gold(project))
    if vocabulary is None:
        raise InvalidDataError(problems)
    attempt(lambda: load_recommended(project, vocabulary))
    manifest = attempt(lambda: load_manifest(project, vocabulary))
    documents = [entry.id for entry in manifest] if manifest else _ids(project, "documents")
    known = known_values(vocabulary, documents)
    comparisons: tuple[ComparisonEntry, ...] | None = attempt(lambda: load_comparisons(project, known))
    topics = (attempt(lambda: load_topics(project, coding.scheme)) if coding else None) or {}
    attempt(lambda: load_elsewhere(project))
    attempt(lambda: load_marks(project))
    vocabularies = _vocabularies(project, known, comparisons or (), coding.scheme if coding else None, topics)
    for path in sorted(project.lexicon.glob("*.txt")):
        attempt(partial(read_text, path, project.name(path)))
    runs: tuple[Run, ...] | None = attempt(lambda: load_runs(project, vocabularies))
    for language in sorted({run.language for run in runs or () if run.language}):
        attempt(partial(use_words_of, project, language))
    attempt(lambda: use_words_of(project))
    attempt(lambda: _check_toc(project, runs))
    corpus: Corpus | None = None
    if manifest and coding is not None:
        corpus = attempt(lambda: load_coded(project, together=True))
    if corpus is not None and coding is not None:
        attempt(lambda: load_briefs(project, corpus, coding.scheme))
        comparisons = attempt(lambda: made_groups(project, comparisons or (), corpus, lambda _, value: str(value)))
    if problems or runs is None:
        raise InvalidDataError(problems)
    if notes is not None and corpus is not None:
        notes += _empty_sides(corpus, comparisons or ())
        notes += [f"data/corpus.yml: {of.share:.0%} of {one!r}, or of {of.document!r}, stands in the other too. Keep "
                  f"one if they are one text: policybook remove {one}" for one, of in near_copies(corpus)]  # fmt: skip
    return runs


def _vocabularies(project: Project, known: KnownValues, comparisons: Iterable[ComparisonEntry],
                  scheme: Scheme | None, topics: Iterable[str]) -> Vocabularies:  # fmt: skip
    return {
        **known,
        "comparison": tuple(entry.id for entry in comparisons),
        "place": known["places"],
        "centre": known["places"],
        "corpus": tuple(measured_names(project)),
        "concept": tuple(concept.id for concept in scheme.concepts) if scheme else (),
        "within": get_args(Within),
        "theme": tuple(theme.id for theme in scheme.themes) if scheme else (),
        "topic": tuple(topics),
    }


def find_vocabularies(project: Project) -> Vocabularies:
    """Return what parameters of notebooks may name in a project (see load_runs). Raises InvalidDataError."""
    vocabulary, scheme = load_vocabulary(project), load_scheme(project)
    known = known_values(vocabulary, [entry.id for entry in load_manifest(project, vocabulary)])
    return _vocabularies(project, known, load_comparisons(project, known), scheme, load_topics(project, scheme))


def placeholders_left(project: Project, runs: Iterable[Run] = ()) -> list[str]:
    """Return a sentence for every title and author that stands there since the project was made: no mistake yet."""
    made = YamlFile(SKELETON / "_config.yml", "_config.yml").content
    found = []
    for path in (project.root / "_config.yml", project.root / "CITATION.cff"):
        lines = read_text(path, project.name(path)).splitlines() if path.is_file() else []
        found += [f"{project.name(path)}:{number}: every new project begins with {made[field]!r}. Write your own there."
                  for number, line in enumerate(lines, 1) for field in ("title", "author")
                  if made[field] in line and not line.lstrip().startswith("#")]  # fmt: skip
    paths = [project.notebooks / f"{name}.ipynb" for name in dict.fromkeys(run.template for run in runs)]
    return found + [f"{project.name(path)}: its title is still 'A page of my own'. Write your own there."
                    for path in paths if "# A page of my own" in read_text(path, project.name(path))]  # fmt: skip


def not_listed(project: Project, runs: Iterable[Run]) -> list[str]:
    """Return a sentence for every page that is made and stands nowhere in _toc.yml: no mistake, but nobody sees it."""
    content = YamlFile.of(project, project.root / "_toc.yml").content
    listed = [name.removesuffix(".md") for _, name in _listed_pages(content, (), ("root", "file", "glob"))]
    return [f"notebooks/runs.yml: the page {run.page!r} stands nowhere in _toc.yml, so the book does not show it. Add "
            f"'- file: {run.page}' there." for run in runs if not (run.shelved or run.template == REGISTER)
            and not any(fnmatchcase(run.page, one) for one in listed)]  # fmt: skip


def _empty_sides(corpus: Corpus, comparisons: Iterable[ComparisonEntry]) -> Iterator[str]:
    for entry in comparisons:
        for side in entry.sides:
            if corpus.select(side.selection_in(corpus)).passages.empty:
                yield f"data/comparisons.yml: {entry.id}: no passage stands on the side {side.label!r}."


def _irregular(project: Project) -> Iterator[Problem]:
    """Yield what nobody reads in a project: a pipe, a device, a link that leads nowhere or out of it."""
    folders = [project.data, project.notebooks, project.book, project.root / "words"]
    inside = (path for folder in folders for path in (folder, *sorted(folder.rglob("*"))))
    for path in inside:
        if path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(project.root)):
            yield Problem(project.name(path), 0, "", "the link leads out of the project.", "Copy what it leads to.")
        elif os.path.lexists(path) and not (path.is_file() or path.is_dir()):
            yield Problem(project.name(path), 0, "", "there is no file or folder behind it.", "Take it away.")


def _check_config(project: Project) -> None:
    """Hold _config.yml against Jupyter Book's own description of it."""
    from jsonschema import Draft7Validator  # type: ignore[import-untyped]  # slow to import, as the other below

    file = YamlFile.of(project, project.root / "_config.yml")
    package = find_spec("jupyter_book")
    assert package is not None and package.origin is not None
    schema = json.loads(Path(package.origin).with_name("config_schema.json").read_text(encoding="utf-8"))
    schema["properties"]["title"]["pattern"] = r"\S"
    raise_problems([file.problem([*error.absolute_path], f"{error.message}.", "See jupyterbook.org on _config.yml.")
                    for error in Draft7Validator(schema).iter_errors(file.content)])  # fmt: skip


def _check_toc(project: Project, runs: tuple[Run, ...] | None) -> None:
    """Hold _toc.yml against its own form, and where the runs are known against the pages that are made or written."""
    from sphinx_external_toc.parsing import parse_toc_data

    file = YamlFile.of(project, project.root / "_toc.yml")
    try:
        parse_toc_data(file.content)
    except Exception as error:  # besides its own error the library raises what Python does for values of other types
        said, _, place = str(error).partition(" @ '")
        where = [int(step) if step.isdigit() else step for step in place.partition("'")[0].split("/") if step]
        fix = "Compare it with that of a new project."
        raise InvalidDataError([file.problem(where, f"no table of contents: {said}.", fix)]) from None
    pages = all_pages(project, runs or ())
    raise_problems([file.problem(where, f"no page {name!r} is made or written.", suggest(name, sorted(pages)))
                    for where, name in _listed_pages(file.content, ())
                    if runs is not None and name.removesuffix(".md") not in pages])  # fmt: skip


def _listed_pages(node: Any, where: tuple[str | int, ...],
                  keys: tuple[str, ...] = ("root", "file")) -> Iterator[tuple[tuple[str | int, ...], str]]:  # fmt: skip
    """Yield every page that a part of _toc.yml names, and where."""
    if isinstance(node, dict):
        yield from (((*where, key), str(node[key])) for key in keys if key in node)
    for step, inner in node.items() if isinstance(node, dict) else enumerate(node if isinstance(node, list) else ()):
        yield from _listed_pages(inner, (*where, step), keys)


def left_behind(project: Project, runs: tuple[Run, ...]) -> list[str]:
    """Return a sentence for every brief whose document is gone: no mistake, but nobody reads it."""
    documents = [run.page.removeprefix("documents/") for run in runs if run.page.startswith("documents/")]
    unused = unused_briefs(project, documents) if documents else []
    return [f"data/briefs/{name}.yml: data/corpus.yml has no document {name!r} any more. Delete it." for name in unused]


def other_languages(project: Project, runs: Iterable[Run]) -> list[str]:
    """Return a sentence for every page in another language whose words are lacking: no mistake, English stands in."""
    marks = ((run, page_mark(project, run.page)) for run in runs if run.language)
    told = [said_in_english(project, run.language, run.page, mark.reads if mark else ()) for run, mark in marks]
    return list(dict.fromkeys(filter(None, told)))


def not_counted(project: Project) -> list[str]:
    """Return a sentence for every measured corpus of which something is not counted: no mistake, but no 0 either."""
    scheme = load_scheme(project)
    ages = {name: age_of(load_measured(project, name), project) for name in measured_names(project)}
    return [f"data/measured/{name}: {sentence}" for name, age in ages.items()
            if (sentence := not_counted_sentence(age, scheme, name, _NAMED))]  # fmt: skip


def _check_gold(project: Project) -> None:
    """Read what was coded by hand, as far as there is any. Raises InvalidDataError with every mistake of a file."""
    load_codebook(project)
    load_gold(project)
    load_official(project)
    load_clauses(project)
    load_aligned(project)
    list_hits(project)


def _ids(project: Project, key: str) -> list[str]:
    """Return the ids that a manifest with mistakes still names, so that other files can be checked against them."""
    try:
        entries = YamlFile.of(project, project.corpus_file).entries(key)
    except InvalidDataError:
        return []
    return [str(entry["id"]) for entry in entries if isinstance(entry, dict) and "id" in entry]
