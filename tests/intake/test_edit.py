"""Files of data/ change whole or not at all, and what a command changed is undone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policybook.intake.edit import UndoError, put_checked, undo_last, undoable
from policybook.project import Project


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
