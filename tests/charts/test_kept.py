from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from policybook.charts import kept
from policybook.charts.theme import Chart, at_both_widths, figure, to_chart
from policybook.words.say import use_language

ROWS = pd.DataFrame({"label": ["Liaoning", "福建"], "share": [0.25, None], "href": ["#a", None]})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(kept.DRAWINGS, str(tmp_path / "drawings" / "of-this-code"))
    return tmp_path / "drawings" / "of-this-code"


class Draughtsman:
    """Draws a bar a row, and counts how often."""

    def __init__(self) -> None:
        self.times = 0

        @at_both_widths
        def bars(name: str, rows: pd.DataFrame, caption: str, **_: object) -> Chart:
            self.times += 1
            with figure(4, 2) as drawing:
                drawing.subplots().barh(range(len(rows)), rows["share"].fillna(0))
                return to_chart(drawing, name, caption, "alt", rows)

        self.bars = bars


@pytest.fixture
def one() -> Draughtsman:
    return Draughtsman()


def test_what_was_drawn_is_not_drawn_again_and_is_the_same(folder: Path, one: Draughtsman) -> None:
    first, second = one.bars("a", ROWS, "Shares"), one.bars("a", ROWS.copy(), "Shares")
    assert one.times == 2  # at two widths
    assert first == second
    assert first.png
    assert first._repr_html_() == second._repr_html_()
    assert [path.suffix for path in folder.iterdir()] == [".json"]


@pytest.mark.parametrize(
    "other",
    [
        {"rows": ROWS.assign(share=[0.25, 0.0])},
        {"rows": ROWS.astype({"share": object})},
        {"rows": ROWS.rename(columns={"href": "address"})},
        {"rows": ROWS.set_axis([1, 2])},
        {"caption": "shares"},
        {"name": "b"},
        {"unit": "%"},
        {"unit": None},
        {"links": {"Liaoning": ("x", 1)}},
    ],
)
@pytest.mark.usefixtures("folder")
def test_whatever_a_drawing_is_made_of_makes_another(one: Draughtsman, other: dict[str, object]) -> None:
    def draw(name: str = "a", rows: pd.DataFrame = ROWS, caption: str = "Shares", **more: object) -> Chart:
        return one.bars(name, rows, caption, **more)

    draw()
    draw(**other)  # type: ignore[arg-type]
    assert one.times == 4


@pytest.mark.usefixtures("folder")
def test_other_words_make_another(one: Draughtsman, tmp_path: Path) -> None:
    words = tmp_path / "xx"
    words.mkdir()
    (words / "charts.yml").write_text("figure: Tafel\n", encoding="utf-8")
    one.bars("a", ROWS, "Shares")
    try:
        use_language(words)
        one.bars("a", ROWS, "Shares")
    finally:
        use_language()
    assert one.times == 4


def test_what_cannot_be_told_apart_and_what_has_no_folder_is_drawn(
    folder: Path, one: Draughtsman, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        one.bars("a", ROWS, "Shares", key=object())
        one.bars("a", ROWS, "Shares", key={1, 2})
    assert one.times == 8
    monkeypatch.delenv(kept.DRAWINGS)
    for _ in range(2):
        one.bars("a", ROWS, "Shares")
    assert one.times == 12
    assert not folder.exists()


@pytest.mark.parametrize("left", [b"", b"{", b"[]", b'{"name": 1}', b'{"png": "%"}', b"\xff"])
def test_a_broken_file_is_made_anew(folder: Path, one: Draughtsman, left: bytes) -> None:
    first = one.bars("a", ROWS, "Shares")
    (path,) = folder.iterdir()
    path.write_bytes(left)
    assert one.bars("a", ROWS, "Shares") == first
    assert one.times == 4
    assert one.bars("a", ROWS, "Shares") == first
    assert one.times == 4


def test_a_folder_that_cannot_be_written_stops_nothing(folder: Path, one: Draughtsman) -> None:
    folder.parent.mkdir(parents=True)
    folder.write_text("a file", encoding="utf-8")
    assert one.bars("a", ROWS, "Shares").png
    kept.sweep_drawings(folder)


def test_drawings_of_other_code_go_and_those_used_last_stay(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_MOST", 2)
    for where, names in ((folder, "abc"), (folder.with_name("of-other-code"), "de")):
        where.mkdir(parents=True)
        for when, name in enumerate(names):
            (where / f"{name}.json").write_text("{}", encoding="utf-8")
            os.utime(where / f"{name}.json", (when, when))
    kept.sweep_drawings(folder)
    assert sorted(path.name for path in folder.parent.rglob("*.json")) == ["b.json", "c.json"]
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]
