"""Comparisons of tables on disk: of Parquet the same numbers as of CSV, in memory that stays bounded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_tables import made_rows

from policybook import parquet
from policybook.analysis import measured_queries
from policybook.analysis.compare import compare_counts
from policybook.analysis.measured_queries import open_blocks, open_panel
from policybook.analysis.paired import compare_peers, contrast
from policybook.analysis.robustness import find_placebo
from policybook.coding.measured import write_rows
from policybook.coding.measured_parquet import write_parquet
from policybook.coding.scheme import Scheme
from policybook.errors import SelectionError
from policybook.project import Project

SIZE = 60
Selected = tuple[Mapping[str, str | list[str]], Mapping[str, str | list[str]]]
PLACES: Selected = ({"place": "liaoning"}, {"places": "fujian"})
#: Of two documents, of one and of ten, and of the whole rest: compared by blocks.
BY_BLOCKS: list[Selected] = [
    ({"document": "d000003"}, {"document": "d000004"}),
    ({"document": ["d000001", "d000011"]}, {"place": "liaoning", "year": ["2016", "2017"]}),
]


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory, project: Project, scheme: Scheme) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    concepts = [one.id for one in scheme.concepts if scheme.counted(one.id)][:30]
    write_parquet(folder / "parquet", made_rows(SIZE, concepts, 9), project, True)
    write_rows(folder / "csv", (one for one, _ in made_rows(SIZE, concepts, 9)), project, True)
    write_parquet(folder / "small", made_rows(3, concepts, 9), project, False)
    return folder


@pytest.mark.parametrize(
    "selections",
    [
        PLACES,
        ({"place": "liaoning", "year": "2016"}, {"place": "liaoning", "year": ["2017", "2018"]}),
        ({"year": "2016"}, {"year": "2020"}),
    ],
)
def test_documents_are_compared_to_the_same_numbers(
    tables: Path, project: Project, scheme: Scheme, selections: Selected
) -> None:
    made = []
    for kind in ("csv", "parquet"):
        panel, age = open_panel(project, str(tables / kind), scheme, selections)
        found = contrast(panel.select(selections[0]), panel.select(selections[1]))
        made.append((found, panel, age))
    (csv, whole, _), (parquet, chosen, _) = made
    assert made[0][2] == made[1][2] and whole.known == chosen.known and csv.design == parquet.design
    pd.testing.assert_frame_equal(csv.rows, parquet.rows, check_exact=True)
    for side in ("left", "right"):
        for name in ("carrying", "mentions", "before"):
            np.testing.assert_array_equal(getattr(getattr(csv, side), name), getattr(getattr(parquet, side), name))
    assert len(chosen.documents) <= len(whole.documents) == SIZE and (csv.rows["verdict"] != "").all()


def test_a_place_has_the_same_rank_among_its_peers(tables: Path, project: Project, scheme: Scheme) -> None:
    made = []
    for kind in ("csv", "parquet"):
        panel, _ = open_panel(project, str(tables / kind), scheme)
        found = contrast(panel.select(PLACES[0]), panel.select(PLACES[1]))
        made.append(compare_peers(panel, found, PLACES, 0))
    assert made[0] is not None and made[1] is not None
    pd.testing.assert_frame_equal(made[0], made[1], check_exact=True)


@pytest.mark.parametrize("selections", BY_BLOCKS)
def test_blocks_are_compared_to_the_same_numbers(
    tables: Path, project: Project, scheme: Scheme, selections: Selected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measured_queries, "_VECTORS", 1)
    made = []
    for kind in ("csv", "parquet"):
        counts, _, serial = open_blocks(project, str(tables / kind), scheme, selections)
        found = compare_counts(counts.select(selections[0]), counts.select(selections[1]), serial=serial)
        made.append((serial, found.rows, find_placebo(counts, found)))
    assert made[0] == made[1] and made[0][2] and made[0][0] > 1


def test_no_more_blocks_are_taken_than_memory_holds(
    tables: Path, project: Project, scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measured_queries, "BLOCKS_IN_MEMORY", 100)
    with pytest.raises(SelectionError, match=r"parquet: \d+ blocks are more than 100\. Select fewer documents, or at"):
        open_blocks(project, str(tables / "parquet"), scheme, PLACES)
    with pytest.raises(SelectionError, match=r"small holds no blocks\.csv\. Measure again without --no-blocks"):
        open_blocks(project, str(tables / "small"), scheme, PLACES)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_what_cannot_be_selected_is_said_in_the_same_sentence(
    tables: Path, project: Project, scheme: Scheme, kind: str
) -> None:
    for selection, sentence in (({"place": "yunnan"}, "unknown place 'yunnan'"),
                                ({"colour": "red"}, "a selection has no field 'colour'")):  # fmt: skip
        with pytest.raises(SelectionError, match=sentence):
            open_panel(project, str(tables / kind), scheme, [selection])[0].select(selection)
        with pytest.raises(SelectionError, match=sentence):
            open_blocks(project, str(tables / kind), scheme, [selection] * 2)[0].select(selection)


def test_two_hundred_thousand_counts_are_compared_in_little_memory(
    tmp_path: Path, project: Project, scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DuckDB is given 48 MB, and of the tables no more comes than is compared."""
    concepts = [one.id for one in scheme.concepts if scheme.counted(one.id)][:60]
    monkeypatch.setattr(parquet, "MEMORY", "48MB")
    write_parquet(tmp_path / "large", made_rows(5_000, concepts, 40), project, False)
    one, other = {"place": "liaoning", "year": "2016"}, {"place": "fujian", "year": "2017"}
    panel, _ = open_panel(project, str(tmp_path / "large"), scheme, (one, other))
    assert len(panel.documents) == 1_000 and np.nansum(panel.mentions[:, panel.families == 1]) > 40_000
    assert contrast(panel.select(one), panel.select(other)).design == "documents"
