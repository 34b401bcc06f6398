"""Entries come, change or go in the text of a file, and no other byte does."""

from __future__ import annotations

import pytest
import yaml

from policybook.errors import UnknownDocumentError
from policybook.intake.entries import (
    Appended,
    EditError,
    EntryLine,
    append_entry,
    change_entries,
    one_line,
    remove_entries,
    remove_entry,
    scalar,
    set_fields,
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
def test_one_of_many_entries_is_appended_without_the_others_being_read_and_the_text_is_the_same(layout: str) -> None:
    text, quick = layout, 0
    for n in range(5):
        lines = [EntryLine("id", f"d{n}"), *NEW[1:]]
        before, text = text, append_entry(text, lines)
        if appended := Appended.of(text, before):
            more = [EntryLine("id", "last"), *NEW[1:]]
            another, alone = appended.another(more)
            assert another.text == append_entry(text, more)
            assert read(alone) == read(another.text)[-1:]
            quick += 1
    assert quick or layout.rstrip().endswith(("...", "other: 1", "other: 2"))


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


@pytest.mark.parametrize("between", ["", "\n"])
def test_an_entry_is_set_off_as_the_others_are(between: str) -> None:
    text = f"places:\n  - id: a\n{between}  - id: b\n"
    grown = append_entry(text, [EntryLine("id", "c")], "places")
    assert grown == f"{text}{between}  - id: c\n"
