from __future__ import annotations

import hashlib

import pytest
from kinds import MakeProject

from policybook.corpus.manifest import DocumentEntry, document_path, load_manifest, load_recommended, offered_names
from policybook.corpus.scope import Vocabulary
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
    language: cn                  # @ documents[2].language: 'cn' is not allowed. Known: zh, en.
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
    file: good.txt  # @ documents[5].file: line 3 has this very file
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
    file: good.txt  # @ documents[7].file: line 3 has this very file
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


@pytest.mark.parametrize("name", ["../corpus.yml", "/etc/passwd", "sub/x.txt", "..", ".", "", "a\0b", "./x.txt"])
def test_a_file_name_cannot_lead_out_of_the_documents(project: Project, name: str) -> None:
    path = document_path(project, name)
    assert path is None or not path.is_file()


def test_a_link_that_leads_out_of_the_documents_is_refused(make_project: MakeProject) -> None:
    project = make_project()
    (project.documents / "link.txt").symlink_to(project.corpus_file)
    assert document_path(project, "link.txt") is None


RECOMMENDED = """\
texts:
  - id: one
    title: A report
    publisher: the tests
    written: 2020
    language: zh
    speaker: national
    voice: official
    rights: quote
    rights_note: made for a test
"""


@pytest.fixture
def copy(make_project: MakeProject) -> Project:
    return make_project()


def mistakes(project: Project, vocabulary: Vocabulary, text: str) -> list[str]:
    project.recommended_file.write_text(text, encoding="utf-8")
    try:
        load_recommended(project, vocabulary)
    except InvalidDataError as error:
        return [str(problem) for problem in error.problems]
    return []


def test_the_three_plans_are_recommended_each_in_its_own_era(project: Project, vocabulary: Vocabulary):
    texts = {text.id: text for text in load_recommended(project, vocabulary)}
    assert {"nnup-2014", "implementation-2022", "action-2024"} <= set(texts)
    eras = [texts[name].era for name in ("nnup-2014", "implementation-2022", "action-2024")]
    assert eras == ["2014-2020", "2021-2024", "2024-"]
    for text in texts.values():
        assert text.text_of in (None, text.plan)
        assert text.address or text.find, "a person must know where to look"
        assert text.doc_number is None or text.id != "nnup-2014" or "doc_number" in text.unverified


def test_without_the_file_nothing_is_recommended(copy: Project, vocabulary: Vocabulary):
    copy.recommended_file.unlink()
    assert load_recommended(copy, vocabulary) == ()


def test_groups_can_be_asked_for_once(copy: Project, vocabulary: Vocabulary):
    second = RECOMMENDED.removeprefix("texts:\n").replace("id: one", "id: two")
    assert mistakes(copy, vocabulary, RECOMMENDED + "    group: all\n" + second + "    group: all\n") == []
    assert offered_names(load_recommended(copy, vocabulary)) == ["one", "two", "all"]


@pytest.mark.parametrize(
    ("more", "line", "message"),
    [
        ("    plan: nnup\n", 11, "unknown plan 'nnup'. Did you mean 'nnup-2014'?"),
        ("    text_of: none\n", 11, "unknown plan 'none'."),
        ("    era: 2014-2021\n", 11, "unknown era"),
        ("    places: [fuijan]\n", 11, "Did you mean 'fujian'?"),
        ("    published: 2019\n", 5, "after it was published"),
        ("    address: ftp://x\n", 11, "no web address"),
        ("    sha256: abc\n", 11, "no sha256"),
        ("    file: ../x.txt\n", 11, "no name of a file"),
        ("    unverified: [number]\n", 11, "there is no field 'number'."),
        ("    group: one\n", 11, "'one' is the id of a text."),
        ("    number: x\n", 11, "no such field"),
        (RECOMMENDED.removeprefix("texts:\n"), 11, "'one' is used twice."),
    ],
)
def test_a_mistake_in_a_wanted_text_is_named(copy: Project, vocabulary: Vocabulary, more: str, line: int, message: str):
    said = mistakes(copy, vocabulary, RECOMMENDED + more)
    assert any(one.startswith(f"data/recommended.yml:{line}: ") and message in one for one in said), said
