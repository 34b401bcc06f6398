from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from policybook.errors import UnknownDocumentError
from policybook.intake.edit import (
    EditError,
    EntryLine,
    UndoError,
    append_entry,
    change_entries,
    one_line,
    put_checked,
    remove_entries,
    remove_entry,
    scalar,
    set_fields,
    undo_last,
    undoable,
)
from policybook.project import Project

NEW = [
    EntryLine("id", "new-doc", "added"),
    EntryLine("title", 'A: "b" # c 青溪\u202e\nx: y', "from <title>\n- id: evil"),
    EntryLine("published", "2024-09-02"),
    EntryLine("url", None),
    EntryLine("machine_translated", True),
    EntryLine("places", ("a", "b")),
    EntryLine("notes", ("a: b", "it # c")),
]
#: Manifests as people write them; every one may be added to and taken from.
LAYOUTS = {
    "empty list": "documents: []\n",
    "nothing below": "documents:\n",
    "a key behind an empty list": "# c\ndocuments: []   # none\nother: 1\n",
    "windows, no indent, a key behind": "documents:\r\n- id: a\r\n  x: 1\r\n\r\n# end\r\nother: 2\r\n",
    "no last line end": "documents:\n  - id: a\n    x: 1",
    "byte-order mark": "\ufeffdocuments: []\n",
    "comment at the end": "documents:\n  - id: a\n    x: 1\n# add here\n",
    "block scalar with a #, document end": (
        "documents:\n  - id: a\n    x: |\n      abc\n      # not a comment\n\n  # about b\n  - id: b\n...\n"
    ),
    "deep indent": "documents:\n      -   id: a\n          x: 1\n",
}


def read(text: str) -> list[dict[str, object]]:
    return list(yaml.safe_load(text)["documents"] or [])


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_a_new_entry_leaves_every_other_byte(layout: str) -> None:
    edited = append_entry(layout, NEW)
    entry = read(edited)[-1]
    assert entry["id"] == "new-doc"
    assert entry["title"] == 'A: "b" # c 青溪 x: y'
    assert entry["url"] is None and entry["machine_translated"] is True
    assert entry["places"] == ["a", "b"] and entry["notes"] == ["a: b", "it # c"]
    assert len(read(edited)) == len(read(layout)) + 1
    old = [line for line in layout.replace(" []", "").splitlines() if line.strip()]
    rest = iter(edited.splitlines())
    assert all(any(line == other for other in rest) for line in old), "a line has gone or moved"
    if "\r\n" in layout:
        assert "\n" not in edited.replace("\r\n", "")


@pytest.mark.parametrize("layout", [v for k, v in LAYOUTS.items() if k not in ("nothing below", "no last line end")])
def test_adding_and_removing_gives_the_file_back(layout: str) -> None:
    back = remove_entry(append_entry(layout, NEW), "new-doc")
    assert back.replace("documents: []", "documents:").replace(" ", "") == layout.replace(
        "documents: []", "documents:"
    ).replace(" ", "")


def test_the_real_manifest_grows_at_its_end_only(project: Project) -> None:
    text = project.corpus_file.read_text(encoding="utf-8")
    edited = append_entry(text, NEW)
    assert edited.startswith(text)
    assert remove_entry(edited, "new-doc") == text


def test_removing_takes_the_entry_and_nothing_else(project: Project) -> None:
    text = project.corpus_file.read_text(encoding="utf-8")
    for entry in read(text):
        rest = remove_entry(text, str(entry["id"]))
        assert [e["id"] for e in read(rest)] == [e["id"] for e in read(text) if e is not entry and e != entry]
        cut = next(n for n, (a, b) in enumerate(zip(text, rest + "\0", strict=False)) if a != b)
        assert text[:cut] + text[cut + len(text) - len(rest) :] == rest, "one stretch went"


def test_a_comment_above_the_next_entry_stays() -> None:
    text = "documents:\n  - id: a\n    x: 1\n\n  # about b\n  - id: b\n"
    assert remove_entry(text, "a") == "documents:\n  # about b\n  - id: b\n"


def test_fields_change_where_they_stand() -> None:
    text = "documents:\n  - id: a  # first\n    sha256: abc  # of the file\n  - id: b\n    sha256: abc\n"
    assert set_fields(text, "a", {"sha256": "def"}) == text.replace("abc  #", "def  #")
    assert set_fields(text, "b", {"file": "b.txt"}) == text.replace("id: b\n", "id: b\n    file: b.txt\n")


def test_unknown_ids_are_named_with_the_nearest() -> None:
    with pytest.raises(UnknownDocumentError, match="Did you mean 'alpha'"):
        remove_entry("documents:\n  - id: alpha\n", "alpa")


@pytest.mark.parametrize(
    "text", ["documents: [{id: a}]\n", "documents: 3\n", "- 1\n", "", "documents:\n  - id: a\n   x: 1\n"]
)
def test_what_cannot_be_edited_safely_is_refused(text: str) -> None:
    with pytest.raises(EditError, match=r"data/corpus\.yml"):
        append_entry(text, NEW)


@pytest.mark.parametrize(
    "value",
    ["yes", "null", "2024", "1e3", "0x1f", "12:30", "- x", "a: b", "#c", "'", '"', "=1+1", "@x", "~", "on", "n", "",
     "é", "青溪县", "\\n", "{{ x }}", "a #b", "[x]", "%TAG", "\u2028x", "a\x00b", "\ud800", "😀", "1_000", ".inf"],
)  # fmt: skip
def test_any_text_comes_back_as_text(value: str) -> None:
    assert yaml.safe_load(scalar(value)) == one_line(value)
    assert "\n" not in scalar(value)


WRITTEN = """\
# head
documents:
  - id: a  # first
    title: >-  # folded
      one
      two

    # about the places
    places:
      - x
      - y
    plan: none   # of none
    url:
    era: "old"  # quoted

  # about b
  - id: b
    title: |
      kept
      as it is
    x: 1
"""


def test_fields_of_many_kinds_change_where_they_stand_and_comments_stay() -> None:
    changes = {"a": {"title": "A: # b", "places": ("z", "x"), "plan": "p", "url": None, "era": "new", "title_zh": "甲"},
               "b": {"title": "B", "machine_translated": True}}  # fmt: skip
    edited = change_entries(WRITTEN, changes)
    one, other = read(edited)
    assert one == {"id": "a", "title": "A: # b", "places": ["z", "x"], "plan": "p", "url": None, "era": "new",
                   "title_zh": "甲"}  # fmt: skip
    assert other == {"id": "b", "title": "B", "x": 1, "machine_translated": True}
    for comment in ("# head", "# first", "# folded", "# about the places", "# of none", "# quoted", "# about b"):
        assert comment in edited
    assert change_entries(WRITTEN, {}) == WRITTEN
    with pytest.raises(UnknownDocumentError, match="'c'"):
        change_entries(WRITTEN, {"c": {"title": "C"}})


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("layout", ["documents:\n  - id: a\n    x: 1", "\ufeffdocuments:\n- id: a\n  x: '1'  # c\n"])
def test_fields_change_in_any_layout(layout: str, newline: str) -> None:
    text = layout.replace("\n", newline)
    edited = change_entries(text, {"a": {"x": "two", "y": ("p", "q")}})
    assert read(edited.removeprefix("\ufeff")) == [{"id": "a", "x": "two", "y": ["p", "q"]}]
    assert edited.count("\r\n") == edited.count("\n") * (newline == "\r\n")


@pytest.mark.parametrize("gone", [["a"], ["b"], ["c"], ["a", "b"], ["b", "c"], ["c", "a"], ["a", "b", "c"]])
def test_removing_several_is_removing_one_after_the_other(gone: list[str]) -> None:
    text = "documents:\n  - id: a\n    x: 1\n\n  # about b\n  - id: b\n\n\n  - id: c\n    x: 3\n\n# end\nother: 1\n"
    after = text
    for identifier in sorted(gone, reverse=True):
        after = remove_entry(after, identifier)
    assert remove_entries(text, gone) == after


# What a command changed is undone ------------------------------------------------------------------


@pytest.fixture
def small(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    for name, content in {"corpus.yml": "documents: []\n", "lexicon/places.yml": "places:\n  - id: a\n",
                          "documents/a.txt": "A\n", "measured/x/counts.csv": "x\n"}.items():  # fmt: skip
        (project.data / name).parent.mkdir(parents=True, exist_ok=True)
        (project.data / name).write_text(content, encoding="utf-8")
    return project


def state(project: Project) -> dict[str, bytes]:
    return {str(p.relative_to(project.root)): p.read_bytes() for p in project.data.rglob("*") if p.is_file()}


def test_what_happens_inside_is_undone_change_by_change(small: Project) -> None:
    states = [state(small)]
    for n in range(3):
        with undoable(small, "did something") as change:
            (small.lexicon / "places.yml").write_bytes(f"places: []\r\n# {n}\r\n".encode())
            (small.documents / f"{n}.txt").write_text("new", encoding="utf-8")
            with undoable(small, "a part of it"):
                (small.data / "briefs").mkdir(exist_ok=True)
                (small.briefs / f"{n}.yml").touch()
            change.what = f"did {n}"
        states.append(state(small))
    for n in (2, 1, 0):
        done = undo_last(small)
        assert (done.what, done.next) == (f"did {n}", f"did {n - 1}" if n else "")
        assert state(small) == states[n]
    with pytest.raises(UndoError, match="Nothing to undo"):
        undo_last(small)


def test_what_an_error_left_is_undone_too_and_nothing_is_kept_of_nothing(small: Project) -> None:
    before = state(small)
    with pytest.raises(KeyboardInterrupt), undoable(small, "added documents"):
        (small.documents / "b.txt").write_text("half", encoding="utf-8")
        raise KeyboardInterrupt
    undo_last(small)
    with undoable(small, "nothing"):
        (small.measured / "x" / "counts.csv").write_text("y\n", encoding="utf-8")
    with pytest.raises(UndoError, match="Nothing to undo"):
        undo_last(small)
    assert state(small) == before | {"data/measured/x/counts.csv": b"y\n"}


def test_only_so_many_changes_are_kept_and_git_sees_none(small: Project) -> None:
    for n in range(25):
        with undoable(small, f"did {n}"):
            small.corpus_file.write_text(f"documents: []\n# {n}\n", encoding="utf-8")
    kept = list((small.root / ".policybook" / "undo").iterdir())
    assert len(kept) == 20 and (small.root / ".policybook" / ".gitignore").read_text(encoding="utf-8") == "*\n"


def test_a_document_whose_bytes_were_not_kept_is_not_undone_by_halves(
    small: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    with undoable(small, "wrote over it"):
        (small.documents / "a.txt").write_text("B is longer\n", encoding="utf-8")
    assert "cannot be undone" in capsys.readouterr().err
    with pytest.raises(UndoError, match="Nothing to undo"):
        undo_last(small)


@pytest.mark.parametrize("name", ["../outside.txt", "data/../../outside.txt", "/etc/hostname", "notebooks/x", 3])
def test_a_record_that_names_anything_else_is_refused(small: Project, name: object) -> None:
    with undoable(small, "did it"):
        small.corpus_file.write_text("documents:\n", encoding="utf-8")
    outside = small.root.parent / "outside.txt"
    outside.write_text("mine", encoding="utf-8")
    record = next((small.root / ".policybook" / "undo").glob("*/change.json"))
    told = json.loads(record.read_text(encoding="utf-8"))
    told["files"].append({"file": name, "before": None, "after": None})
    record.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(UndoError, match="damaged"):
        undo_last(small)
    assert outside.read_text(encoding="utf-8") == "mine"


def test_a_file_that_is_wrong_after_all_is_put_back(small: Project) -> None:
    before = state(small)

    def check() -> None:
        raise ValueError

    with pytest.raises(ValueError):
        put_checked(small.lexicon / "places.yml", "places: 3\n", check)
    assert state(small) == before
