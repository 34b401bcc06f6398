"""Everything that people edit in a project, checked at once; and the tables of data/facts by tables.yml."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from pathlib import Path

import pytest
from copies import ROOT
from kinds import MakeProject
from mutations import make_tiny_project, mutants
from pace import within

from policybook.build.check import check_facts_tables, check_project, not_listed, placeholders_left
from policybook.build.edition import read_about
from policybook.build.new import make_project as begin_project
from policybook.coding.actors import load_actor_scheme
from policybook.corpus.manifest import load_manifest
from policybook.corpus.scope import load_vocabulary
from policybook.errors import InvalidDataError, PolicybookError
from policybook.project import Project

TABLES = """\
columns:
  year: {kind: year, empty: false}
  depth: {kind: number, least: 0, most: 30}
  day: {kind: date}
  sure: {values: [seen, told]}
tables:
  - table: wells
    key: [place, year]
    columns: [place, year, depth, sure]
    optional: [day]
"""
HEAD = "place,year,depth,sure,day\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "data" / "facts").mkdir(parents=True)
    (tmp_path / "data" / "facts" / "tables.yml").write_text(TABLES, encoding="utf-8")
    return Project(tmp_path)


def mistakes(project: Project) -> list[str]:
    with pytest.raises(InvalidDataError) as caught:
        check_facts_tables(project)
    return [str(problem) for problem in caught.value.problems]


def test_no_table_must_exist(project: Project, tmp_path: Path):
    check_facts_tables(project)
    check_facts_tables(Project(tmp_path / "nowhere"))


def test_the_tables_of_this_book_are_as_described():
    check_facts_tables(Project(ROOT))


def test_a_right_table_passes(project: Project):
    rows = 'north,2031,12.5,seen,2031-02-03\nsouth,2031,,,\n"west, upper",2032,0,told,2031/2032\n'
    (project.facts / "wells.csv").write_text(HEAD + rows, encoding="utf-8")
    check_facts_tables(project)


@pytest.mark.parametrize(
    ("row", "line", "column", "said"),
    [
        ("north,31,1,seen,", 2, "year", "'31' is no year"),
        ("north,,1,seen,", 2, "year", "empty"),
        ("north,2031,deep,seen,", 2, "depth", "'deep' is no number"),
        ("north,2031,-1,seen,", 2, "depth", "less than 0"),
        ("north,2031,31,seen,", 2, "depth", "more than 30"),
        ("north,2031,1,sene,", 2, "sure", "Did you mean 'seen'?"),
        ("north,2031,1,seen,2031-02-30", 2, "day", "calendar"),
        ("north,2031,1,seen", 2, "", "4 cells under 5 headings"),
        ("north,2031,1,seen,\nnorth,2031,1,seen,", 3, "", "the row of line 2 stands here again"),
    ],
)
def test_a_wrong_cell_is_named(project: Project, row: str, line: int, column: str, said: str):
    (project.facts / "wells.csv").write_text(f"{HEAD}{row}\n", encoding="utf-8")
    (found,) = mistakes(project)
    assert found.startswith(f"data/facts/wells.csv:{line}: {column}{': ' if column else ''}")
    assert said in found


@pytest.mark.parametrize(
    ("head", "said"),
    [("place,year,depth", "no column sure"), ("place,year,depth,sure,dya", "Did you mean 'day'?"),
     ("place,year,depth,sure,sure", "twice"), ("", "the file is empty")],
)  # fmt: skip
def test_a_wrong_heading_is_named(project: Project, head: str, said: str):
    (project.facts / "wells.csv").write_text(head, encoding="utf-8")
    assert said in mistakes(project)[0]


def test_a_table_that_is_not_described_is_named(project: Project):
    (project.facts / "well.csv").write_text(HEAD, encoding="utf-8")
    assert "Did you mean 'wells'?" in mistakes(project)[0]


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [("kind: year", "kind: yaer", "Did you mean 'year'?"), ("key: [place, year]", "key: [well]", "'well'"),
     ("least: 0", "leats: 0", "Did you mean 'least'?"), ("{kind: date}", "{kind: date, most: 3}", "most")],
)  # fmt: skip
def test_a_wrong_description_is_named_by_its_line(project: Project, right: str, wrong: str, said: str):
    path = project.facts / "tables.yml"
    path.write_text(TABLES.replace(right, wrong), encoding="utf-8")
    (found,) = mistakes(project)
    assert found.startswith("data/facts/tables.yml:") and said in found


RULE = """\
from policybook.errors import InvalidDataError, Problem


def deep_enough(project):
    if "2031" in (project.facts / "wells.csv").read_text(encoding="utf-8"):
        raise InvalidDataError([Problem("data/facts/wells.csv", 2, "year", "2031 is not yet.", "Wait.")])
"""


def test_rules_between_rows_are_a_books_own(project: Project) -> None:
    project.notebooks.mkdir()
    (project.notebooks / "well_rules.py").write_text(RULE, encoding="utf-8")
    tables = project.facts / "tables.yml"
    tables.write_text(f"rules: well_rules:deep_enough\n{TABLES}", encoding="utf-8")
    wells = project.facts / "wells.csv"
    wells.write_text(f"{HEAD}Ashford,2030,3,seen,\n", encoding="utf-8")
    check_facts_tables(project)
    wells.write_text(f"{HEAD}Ashford,2031,3,seen,\n", encoding="utf-8")
    assert mistakes(project) == ["data/facts/wells.csv:2: year: 2031 is not yet. Wait."]
    wells.write_text(f"{HEAD}Ashford,2031,300,seen,\n", encoding="utf-8")
    assert "300 is more than 30" in mistakes(project)[0], "the tables by themselves come first"


@pytest.mark.parametrize("named", ["no_such_module:rule", "well_rules:no_such_rule", "well_rules"])
def test_rules_that_are_not_there_are_named_with_their_line(project: Project, named: str) -> None:
    project.notebooks.mkdir()
    (project.notebooks / "well_rules.py").write_text(RULE, encoding="utf-8")
    (project.facts / "tables.yml").write_text(f"rules: {named}\n{TABLES}", encoding="utf-8")
    (said,) = mistakes(project)
    assert said.startswith("data/facts/tables.yml:1: rules: ") and named in said


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Project:
    made = make_tiny_project(tmp_path_factory.mktemp("tiny") / "project")
    check_project(made, read_about)
    return made


def test_whatever_befalls_a_file_is_a_short_sentence_and_soon(tiny: Project, tmp_path: Path) -> None:
    for done, broken in mutants(tiny, tmp_path, 80):
        with within(50, done):
            try:
                check_project(broken, read_about)
            except PolicybookError as error:
                lines = str(error).splitlines()
                assert lines and all(0 < len(line) < 3000 for line in lines) and len(lines) < 1000, done
                assert "Traceback" not in str(error), done


#: What makes no sense: file, what stands there, what is written instead, and what names it.
NONSENSE = [
    ("data/corpus.yml", "title: The first text", "title: ' '", "data/corpus.yml:5: documents[1].title: it is blank"),
    ("data/corpus.yml", "published: 2030-02-03", "published: 9999", "1000 to 2099"),
    ("data/corpus.yml", "file: second.txt", "file: first.txt", "this very file"),
    ("data/corpus.yml", "id: second", "id: First", "'First' is no id"),
    ("data/corpus.yml", "id: second", f"id: {'a' * 200}", "80 at most"),
    ("data/corpus.yml", "rights: full", "rights: full\n    accessed: 2029", "accessed 2029 before it was published"),
    ("data/comparisons.yml", "{document: [second]}", "{document: first}", "select the same"),
    ("data/comparisons.yml", "label: second", "label: First", "two sides are called 'First'"),
    ("data/comparisons.yml", "title: Two texts", "title: ''", "comparisons.yml:3: comparisons[1].title: it is bl"),
    ("data/briefs/first.yml", "says: The council promises wells.", "says: ' '", "blank"),
    ("data/topics.yml", "[funding]", "[fundign]", "topics.yml:5: topics[1].concepts[1]: unknown concept 'fundign'"),
    ("data/topics.yml", "[funding]", "[fundign]", "funding"),
    ("data/topics.yml", "[funding]", "[]", "topics[1].concepts"),
    ("data/topics.yml", "id: money", "id: ../money", "topics.yml:2: topics[1].id"),
    ("data/topics.yml", "question: who pays?", "qestion: who pays?", "topics.yml:4: topics[1].qestion"),
    ("data/facts/tables.yml", "least: 0, most: 30", "least: 0, most: -5", "most (-5) is less than least (0)"),
    ("data/facts/tables.yml", "optional: [note]", "optional: [depth]", "'depth' is named twice"),
    ("data/facts/wells.csv", "2031", "9999", "no year"),
    ("data/lexicon/concepts.yml", "themes:", "themes:\n  - {id: idle, label: I, label_zh: 无}", "'idle' has no"),
    ("data/lexicon/places.yml", "places:", "places:\n  - {id: a, label: A, label_zh: 甲, within: a}", "itself"),
    ("data/lexicon/plans.yml", "eras: []",
     "eras:\n  - {id: e, label: E, begins: 2031, ends: 2030}", "ends 2030 before it begins"),
    ("data/lexicon/plans.yml", "eras: []",
     "eras:\n  - {id: e, label: E, begins: 2029}\n  - {id: f, label: F, begins: 2031}", "before 'e' has ended"),
    ("notebooks/runs.yml", "  - template: front\n    page: index\n", "", "_toc.yml:3: root: no page 'index'"),
    ("_toc.yml", "- file: chapters/terms", "- file: chapters/wells", "no page 'chapters/wells'"),
    ("_toc.yml", "- file: chapters/terms", "- fil: chapters/terms", "_toc.yml:18: parts[4].chapters[1]: "),
    ("_toc.yml", "- file: chapters/terms", "- file: chapters/actors", "multiple times"),
    ("_config.yml", "title: ", "title: 7 #", "_config.yml:"),
    ("CITATION.cff", "date-released: ", "date-released: 7 #", "CITATION.cff:"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "right", "wrong", "said"), NONSENSE)
def test_what_makes_no_sense_is_named(
    tiny: Project, tmp_path: Path, name: str, right: str, wrong: str, said: str
) -> None:
    shutil.copytree(tiny.root, tmp_path / "p")
    path = tmp_path / "p" / name
    before = path.read_text(encoding="utf-8")
    assert right in before
    path.write_text(before.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(InvalidDataError) as caught:
        check_project(Project(tmp_path / "p"), read_about)
    assert said in str(caught.value)


def test_mistakes_in_several_files_are_told_at_once(tiny: Project, tmp_path: Path) -> None:
    shutil.copytree(tiny.root, tmp_path / "p")
    names = ["CITATION.cff", "_toc.yml", "data/lexicon/marks.yml", "data/lexicon/concepts.yml", "words/fr/names.yml"]
    for name in names:
        (tmp_path / "p" / name).write_text("a: [", encoding="utf-8")
    os.mkfifo(tmp_path / "p" / "book" / "pipe.md")
    with pytest.raises(InvalidDataError) as caught:
        check_project(Project(tmp_path / "p"), read_about)
    assert {problem.file for problem in caught.value.problems} >= {*names, "book/pipe.md"}


def test_a_side_on_which_no_text_stands_is_noted(tiny: Project, tmp_path: Path) -> None:
    shutil.copytree(tiny.root, tmp_path / "p")
    project = Project(tmp_path / "p")
    text = project.comparisons_file.read_text(encoding="utf-8")
    project.comparisons_file.write_text(text.replace("{document: first}", "{language: zh}"), encoding="utf-8")
    notes: list[str] = []
    check_project(project, notes=notes)
    assert notes == ["data/comparisons.yml: two-texts: no passage stands on the side 'first'."]


def test_texts_that_are_nearly_one_are_noted(tiny: Project, tmp_path: Path) -> None:
    shutil.copytree(tiny.root, tmp_path / "p")
    project = Project(tmp_path / "p")
    entry = load_manifest(project, load_vocabulary(project))[0]
    copy = (project.documents / entry.file).read_bytes() + b"\n"
    (project.documents / "again.txt").write_bytes(copy)
    again = f"""\
  - {{id: again, file: again.txt, sha256: {hashlib.sha256(copy).hexdigest()}, title: Again,
     publisher: us, published: 2023, language: {entry.language}, speaker: {entry.speaker},
     voice: official, rights: full, rights_note: ours}}
"""
    project.corpus_file.write_text(project.corpus_file.read_text(encoding="utf-8") + again, encoding="utf-8")
    notes: list[str] = []
    check_project(project, notes=notes)
    assert [note for note in notes if "'again'" in note and f"'{entry.id}'" in note and "stands in the other" in note]


def test_what_a_new_project_starts_with_is_told_until_it_is_changed(project: Project, tmp_path: Path) -> None:
    new = Project(begin_project(tmp_path / "new"))
    said = placeholders_left(new)
    assert [re.match(r"(\S+):\d+: every new project begins with '(A book|The authors)", one)[1] for one in said] == [
        "_config.yml", "_config.yml", "_config.yml", "CITATION.cff", "CITATION.cff",
    ]  # fmt: skip
    for name in ("_config.yml", "CITATION.cff"):
        text = (new.root / name).read_text(encoding="utf-8")
        text = text.replace("A book of policy documents", "Towns").replace("The authors of this book", "A. B.")
        (new.root / name).write_text(text, encoding="utf-8")
    assert placeholders_left(new) == [] == placeholders_left(project)


def test_a_page_that_is_made_and_not_listed_is_told(make_project: MakeProject) -> None:
    project = make_project()
    with project.runs_file.open("a", encoding="utf-8") as file:
        file.write("  - template: my-page\n    page: chapters/my-page\n")
    runs = check_project(project)
    (said,) = not_listed(project, runs)
    assert "'chapters/my-page' stands nowhere in _toc.yml" in said and "- file: chapters/my-page" in said
    (titled,) = placeholders_left(project, runs)
    assert titled.startswith("notebooks/my-page.ipynb: its title is still 'A page of my own'.")


def test_actors_and_plans_are_optional(tmp_path: Path) -> None:
    project = Project(begin_project(tmp_path / "book"))
    for name in ("actors", "plans"):
        (project.lexicon / f"{name}.yml").unlink()
    assert load_vocabulary(project).eras == load_actor_scheme(project).actors == ()
    with pytest.raises(InvalidDataError, match="no document yet") as caught:
        check_project(project)
    assert len(caught.value.problems) == 1
