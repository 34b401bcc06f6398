from __future__ import annotations

import hashlib

import pytest
from kinds import MakeProject

from policybook.corpus.manifest import DocumentEntry, load_manifest
from policybook.corpus.vocabulary import Vocabulary
from policybook.errors import InvalidDataError, Problem
from policybook.project import Project

GOOD = b"First paragraph.\nSecond paragraph.\n"
GOOD_HASH = hashlib.sha256(GOOD).hexdigest()

#: Every kind of mistake at once. After @ stand the field and the beginning of what must be said of that line.
BROKEN = f"""\
documents:
  - id: good
    file: good.txt
    sha256: {GOOD_HASH}
    title: Good
    publisher: us
    written: 2022
    language: en
    speaker: national
    voice: official
    rights: full
    rights_note: ours
  - id: good                      # @ documents[2].id: 'good' stands already in line 2. Choose another id.
    file: goood.txt               # @ documents[2].file: data/documents/goood.txt is missing. Put it there or correct the name. Did you mean 'good.txt'?
    sha256: {GOOD_HASH}
    title: 2022                   # @ documents[2].title: 2022 is not text. Put it in quotes.
    publisher:                    # @ documents[2].publisher: no value is given.
    written: 2022-02-30           # @ documents[2].written: '2022-02-30' is not in the calendar. Check the month
    language: cn                  # @ documents[2].language: 'cn' is not allowed. Did you mean 'en'? Known: zh, en.
    speaker: Fujian               # @ documents[2].speaker: unknown place 'Fujian'. Did you mean 'fujian'?
    voice: oficial                # @ documents[2].voice: 'oficial' is not allowed. Did you mean 'official'?
    rights: full
    rights_note: ours
    plan: action2024              # @ documents[2].plan: unknown plan 'action2024'. Did you mean 'action-2024'?
    places: [national, atlantis]  # @ documents[2].places: unknown place 'atlantis'.
    era: 2024                     # @ documents[2].era: 2024 is not text. Put it in quotes.
    url: www.example.com          # @ documents[2].url: 'www.example.com' is no web address. Begin it with https://
    publishd: 2022                # @ documents[2].publishd: no such field. Did you mean 'published'?
  - id: Changed One               # @ documents[3].id: 'Changed One' is no id. Use lower-case letters
    file: changed.txt
    sha256: {GOOD_HASH}           # @ documents[3].sha256: data/documents/changed.txt has changed: its sha256 is
    title: Changed
    publisher: us
    published: 2022
    written: 2023                 # @ documents[3].written: written '2023' after it was published '2022'.
    language: en
    speaker: national
    voice: official
    rights: full
    rights_note: ours
  - id: trick                     # @ documents[4]: 'title' is missing. Add a line 'title: …'.
    file: ../corpus.yml           # @ documents[4].file: '../corpus.yml' is not directly in data/documents. Give the file's name only.
    sha256: {GOOD_HASH}
    publisher: us
    written: 2022
    language: en
    speaker: national
    voice: official
    rights: full
    rights_note: ours
  - id: late
    file: good.txt
    sha256: {GOOD_HASH}
    title: Late
    publisher: us
    published: 2022-05
    written: 2022-06              # @ documents[5].written: written '2022-06' after it was published '2022-05'. Correct one
    language: en
    speaker: national
    voice: official
    rights: full
    rights_note: ours
    overrides:
      - paragraphs: []            # @ documents[5].overrides[1].paragraphs: the list is empty or too short.
        why: none
      - paragraphs: [2, 3]        # @ documents[5].overrides[2].paragraphs: there is no paragraph 3. The text has paragraphs 1 to 2.
        place: [fujian]           # @ documents[5].overrides[2].place: no such field. Did you mean 'places'?
        level: village            # @ documents[5].overrides[2].level: unknown level 'village'.
        why: known
  - just words                    # @ documents[6]: Input should be a valid dictionary
  - id: undated                   # @ documents[7]: neither 'published' nor 'written' is given. Add 'written: YEAR'
    file: good.txt
    sha256: {GOOD_HASH}
    title: Undated
    publisher: us
    language: en
    speaker: national
    voice: official
    rights: full
    rights_note: ours
    overrides:
      - paragraphs: [1]
        plan: none
        why: known
      - paragraphs: [1]           # @ documents[7].overrides[2].paragraphs: paragraph 1 has an override already. Join
        plan: fyp14
        why: known
  - id: ancient                   # @ documents[8]: no era of data/lexicon/plans.yml holds '1899'. Add 'era:'
    file: unhashed.txt            # @ documents[8].file: data/documents/unhashed.txt: it holds NUL bytes
    sha256: {hashlib.sha256(bytes(3)).hexdigest()}
    title: Ancient
    publisher: us
    written: 1899
    language: en
    speaker: national
    voice: official
    rights: full
    rights_note: ours
"""  # noqa: E501 a line of the file and what must be said of it belong together


@pytest.fixture
def broken(make_project: MakeProject) -> Project:
    project = make_project("broken")
    (project.documents / "good.txt").write_bytes(GOOD)
    (project.documents / "changed.txt").write_bytes(GOOD + b"x")
    (project.documents / "unhashed.txt").write_bytes(bytes(3))
    project.corpus_file.write_text(BROKEN, encoding="utf-8")
    return project


def problems_in(project: Project, vocabulary: Vocabulary) -> list[Problem]:
    with pytest.raises(InvalidDataError) as caught:
        load_manifest(project, vocabulary)
    return caught.value.problems


def test_every_mistake_is_reported_at_once_by_line_and_with_a_fix(broken: Project, vocabulary: Vocabulary) -> None:
    expected = {
        f"data/corpus.yml:{number}: {line.split('@ ')[1]}"
        for number, line in enumerate(BROKEN.splitlines(), 1)
        if "# @ " in line
    }
    reported = [str(problem) for problem in problems_in(broken, vocabulary)]
    missed = {wanted for wanted in expected if not any(line.startswith(wanted) for line in reported)}
    unexpected = [line for line in reported if not any(line.startswith(wanted) for wanted in expected)]
    assert not missed
    assert not unexpected


def test_a_document_without_a_hash_is_told_the_hash_to_enter(make_project: MakeProject, vocabulary: Vocabulary) -> None:
    project = make_project()
    lines = project.corpus_file.read_text(encoding="utf-8").splitlines(keepends=True)
    stated = next(line for line in lines if "sha256: " in line and not line.startswith("#"))
    project.corpus_file.write_text("".join(line for line in lines if line != stated), encoding="utf-8")
    (problem,) = problems_in(project, vocabulary)
    assert problem.fix == f"Add a line '{stated.strip()}'."


def test_a_single_changed_byte_is_noticed(make_project: MakeProject, vocabulary: Vocabulary) -> None:
    project = make_project()
    file = sorted(project.documents.glob("*.txt"))[0]
    content = bytearray(file.read_bytes())
    content[100] ^= 1
    file.write_bytes(content)
    (problem,) = problems_in(project, vocabulary)
    assert problem.message.startswith(f"data/documents/{file.name} has changed")
    assert problem.field.endswith("].sha256")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("documents: []\n", 1, "it lists no document"),
        ("", 1, "a list named 'documents' is expected"),
        ("documents:\n  - id: a\n   file: b\n", 3, "not valid YAML"),
        ("documents:\n  - id: a\n    id: b\n", 3, "given twice"),
        ("\ndocuments: none\n", 2, "a list named 'documents' is expected"),
    ],
)
def test_a_file_that_is_no_manifest_is_named(
    make_project: MakeProject, vocabulary: Vocabulary, text: str, line: int, message: str
) -> None:
    project = make_project()
    project.corpus_file.write_text(text, encoding="utf-8")
    (problem,) = problems_in(project, vocabulary)
    assert (problem.file, problem.line) == ("data/corpus.yml", line)
    assert message in problem.message
    assert problem.fix


def test_the_received_files_are_the_ones_described(project: Project, vocabulary: Vocabulary) -> None:
    entries = load_manifest(project, vocabulary)
    for entry in entries:
        content = (project.documents / entry.file).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry.sha256
    assert {entry.file for entry in entries} == {path.name for path in project.documents.iterdir()}


def test_what_decides_era_and_places_of_a_document(project: Project, vocabulary: Vocabulary) -> None:
    entries = {entry.id: entry for entry in load_manifest(project, vocabulary)}
    reposted = entries["mysheen-2024-liaoning-income-gap"]
    assert (reposted.published, reposted.dated, reposted.era_in(vocabulary)) == (
        "2024-09-06",
        "2014-08/2015",
        "2014-2020",
    )
    assert reposted.default_places == ("liaoning",)
    given: DocumentEntry = reposted.model_copy(update={"places": ["fujian"], "era": "2024-"})
    assert given.default_places == ("fujian",)
    assert given.era_in(vocabulary) == "2024-"
