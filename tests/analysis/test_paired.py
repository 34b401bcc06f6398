"""Documents compared in pairs: by hand where hands suffice, against statsmodels and scipy, and on shuffled labels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from policybook.analysis.counts import Finding
from policybook.analysis.measured_counts import find_lags
from policybook.analysis.paired import (
    Panel,
    against_peers,
    by_pairs,
    compare_peers,
    contrast,
    find_pairs,
    make_cube,
    mean_of_known,
    peers_of,
    rank_places,
    variance_shares,
)
from policybook.errors import ComparisonError, SelectionError

ROWS = [("theme", "land"), ("theme", "jobs"), ("concept", "farm"), ("concept", "mill")]
YEARS = range(2011, 2021)
Rate = Callable[[str, int, int], float]


def made_panel(
    places: Mapping[str, int], rate: Rate, *, years: Sequence[int] = YEARS, blocks: int = 100, seed: int = 0,
    chosen: Sequence[bool] = (False,) * 4, why: Sequence[str] = ("",) * 4,
) -> Panel:  # fmt: skip
    """Return a document a place (its level given) and year whose rows are carried at `rate` (place, year, row)."""
    rng = np.random.default_rng(seed)
    table = [(place, level, year) for place, level in places.items() for year in years]
    documents = pd.DataFrame({
        "document": [f"{place}-{year}" for place, _, year in table], "unit": [one[0] for one in table],
        "place": [one[0] for one in table], "level": [one[1] for one in table], "year": [one[2] for one in table],
        "era": ["old" if one[2] < 2016 else "new" for one in table], "kind": "report", "language": "zh",
        "city": "", "blocks": blocks,
    })  # fmt: skip
    carrying = np.array([[rng.binomial(blocks, rate(p, y, row)) for row in range(4)] for p, _, y in table], dtype=float)
    carrying[:, [one != "" for one in why]] = np.nan
    rows = pd.DataFrame(ROWS, columns=["family", "id"]).assign(why=why, chosen=chosen)
    known = {name: tuple(dict.fromkeys(documents[name].astype(str))) for name in ("place", "era", "kind", "document")}
    return Panel(documents, rows, carrying, carrying * 2, carrying, known)


def flat(_place: str, _year: int, _row: int) -> float:
    return 0.1


PROVINCES = {f"p{n}": 1 for n in range(8)}


@pytest.fixture(scope="module")
def panel() -> Panel:
    """A centre and eight provinces: every province says row 0 three times as often as the centre, p7 row 2 never."""

    def rate(place: str, year: int, row: int) -> float:
        if row == 0:
            return 0.05 if place == "centre" else 0.15 + 0.01 * int(place[1])
        if row == 1:
            return 0.05 if year < 2016 else 0.2
        return 0.0 if (place, row) == ("p7", 2) else 0.1

    return made_panel({"centre": 0, **PROVINCES}, rate)


def test_places_are_paired_by_year_and_eras_by_place(panel: Panel) -> None:
    years = contrast(panel.select(place="p3"), panel.select(place="centre"))
    assert (years.design, years.rows["pairs"].iloc[0]) == ("paired-years", 10)
    assert years.row("theme", "land")["verdict"] == "more in left"
    assert years.row("theme", "jobs")["verdict"] in ("alike", "not settled")
    eras = contrast(panel.select(era="old"), panel.select(era="new"))
    assert (eras.design, eras.pairing.names) == ("paired-places", tuple(PROVINCES))  # of one level
    assert eras.row("theme", "jobs")["verdict"] == "more in right"
    assert len(eras.left_out[0]) == 5 and all(one.startswith("centre") for one in eras.left_out[0])


def test_one_place_alone_has_its_years_dealt(panel: Panel) -> None:
    found = contrast(panel.select(place="p1", era="old"), panel.select(place="p1", era="new"))
    assert (found.design, found.rows["pairs"].iloc[0], found.pairing.paired) == ("paired-places", 1, False)
    assert found.row("theme", "jobs")["p_family"] <= 0.05
    assert found.row("theme", "jobs")["verdict"] == "more in right"


def test_without_common_years_and_places_documents_stand_unpaired(panel: Panel) -> None:
    assert find_pairs(panel.select(place="p1", era="old"), panel.select(place="p2", era="new")).design == "documents"


def test_where_pairs_would_leave_too_few_documents_none_is_paired(panel: Panel) -> None:
    """The sides have one place in common, of which one has one document; of a year in common it stays as it is."""
    years, place = panel.documents["year"], panel.documents["unit"]
    early = panel.keep((place.isin(["p1", "p2"]) & (years < 2015)).to_numpy())
    late = panel.keep((((place == "p2") & (years == 2015)) | ((place == "p3") & (years >= 2015))).to_numpy())
    assert (find_pairs(early, late).design, find_pairs(early, late).names) == ("paired-places", ("p2",))
    found = contrast(early, late)
    assert (found.design, found.left_out, len(found.right.documents)) == ("documents", ((), ()), len(late.documents))
    early = panel.keep(((place == "p1") & (years <= 2015)).to_numpy())
    late = panel.keep(((place == "p2") & (years >= 2015)).to_numpy())
    assert find_pairs(early, late).names == ("2015",)
    assert all(contrast(early, late).left_out)


def test_documents_of_the_commonest_kind_are_compared(panel: Panel) -> None:
    kinds = panel.documents["kind"].where(panel.documents["year"] > 2011, "outline")
    mixed = replace(panel, documents=panel.documents.assign(kind=kinds))
    found = contrast(mixed.keep((mixed.documents["unit"] == "p1").to_numpy()), mixed.select(place="centre"))
    assert found.left_out == (("p1-2011",), ("centre-2011",))


def test_differences_shares_and_directions_by_hand() -> None:
    panel = made_panel({"a": 1, "b": 1}, flat, years=range(2011, 2017))
    panel.carrying[:, 0] = [20, 20, 20, 20, 20, 2, 10, 10, 10, 10, 10, 10]
    row = contrast(panel.select(place="a"), panel.select(place="b")).row("theme", "land")
    assert row["difference"] == pytest.approx((5 * 0.1 - 0.08) / 6)
    assert (row["left_share"], row["right_share"]) == (pytest.approx(102 / 600), pytest.approx(0.1))
    assert (row["same_direction"], row["pairs"]) == (5, 6)
    assert row["influence_document"] == "a-2016"
    assert row["influence_change"] == pytest.approx(0.1 - row["difference"])
    assert not row["fragile"]


def test_influence_is_what_leaving_a_document_out_does(panel: Panel) -> None:
    """Eras: every document in turn is left out, and the difference estimated anew."""
    left, right = panel.select(era="old"), panel.select(era="new")
    row = contrast(left, right).row("theme", "jobs")
    both = [left, right]
    changes = {}
    for side in (0, 1):
        for one in both[side].documents["document"]:
            rest = both.copy()
            rest[side] = both[side].keep((both[side].documents["document"] != one).to_numpy())
            changes[one] = contrast(*rest).row("theme", "jobs")["difference"] - row["difference"]
    most = max(changes, key=lambda one: abs(changes[one]))
    assert row["influence_document"] == most and row["influence_change"] == pytest.approx(changes[most])


def test_bounds_hold_one_another(panel: Panel) -> None:
    for left, right in (({"place": "p7"}, {"place": "p0"}), ({"era": "old"}, {"era": "new"})):
        rows = contrast(panel.select(left), panel.select(right)).rows
        for one, other in (("low", "low95"), ("low95", "difference"), ("difference", "high95"), ("high95", "high")):
            assert (rows[one] <= rows[other]).all(), (one, other)
        assert (rows["ratio_low"] <= rows["ratio"]).all() and (rows["ratio"] <= rows["ratio_high"]).all()


def test_what_cannot_be_judged_says_why() -> None:
    why = ("", "", "changed", "")
    panel = made_panel({"a": 1, "b": 1}, lambda _p, _y, row: (0.1, 0.1, 0.1, 0.0005)[row], why=why)
    found = contrast(panel.select(place="a"), panel.select(place="b"))
    assert [one.code for one in found.row("concept", "mill")["reason"]] == ["too_rare"]
    farm = found.row("concept", "farm")
    assert farm["reason"] == (Finding("not_counted", {"why": "changed"}),) and farm["verdict"] == "too little evidence"
    assert pd.isna([farm["difference"], farm["ratio"], farm["left_share"], farm["p_family"]]).all()
    early = panel.select(era="old")
    few = contrast(early.select(place="a"), early.select(place="b"))
    land = few.row("theme", "land")
    assert land["reason"][0] == Finding("too_few_pairs", {"have": 5, "needed": 6, "unit": "paired-years"})


def test_what_came_in_because_it_moved_is_not_tested_between_eras() -> None:
    def rate(_place: str, year: int, row: int) -> float:
        return 0.05 if row == 2 and year < 2016 else 0.3

    panel = made_panel(PROVINCES, rate, chosen=(False, False, True, False))
    panel.before[:, 0] = 5
    eras = contrast(panel.select(era="old"), panel.select(era="new"))
    farm = eras.row("concept", "farm")
    assert farm["reason"] == (Finding("chosen_by_outcome"),) and not farm["eligible"]
    assert farm["difference"] < -0.15 and np.isnan(farm["p_family"])
    assert eras.row("theme", "land")["difference"] == 0  # its blocks before concepts were chosen
    assert contrast(panel.select(place="p1"), panel.select(place="p2")).row("concept", "farm")["eligible"]


def test_sides_must_be_there_and_apart(panel: Panel) -> None:
    with pytest.raises(ComparisonError, match=r"no_documents.*right"):
        contrast(panel, panel.keep(np.zeros(len(panel.documents), dtype=bool)))
    with pytest.raises(ComparisonError, match=r"shared_documents.*10"):
        contrast(panel.select(place="p1"), panel.select(place=["p1", "p2"]))
    with pytest.raises(SelectionError, match="p3"):
        panel.select(place="p33")


def test_a_place_stands_among_the_places_of_its_level(panel: Panel) -> None:
    selections = {"place": "p0"}, {"place": "centre"}
    found = contrast(*(panel.select(one) for one in selections))
    peers = compare_peers(panel, found, selections, 0)
    assert peers is not None and compare_peers(panel, found, selections, 1) is None  # the centre has none
    land = peers.iloc[0]
    assert (land["of"], land["rank"], land["same_direction"]) == (8, 8, 8)
    assert land["rank_low"] <= land["rank"] <= land["rank_high"]
    cube = make_cube(peers_of(panel, "p0"))
    others = np.array([cube.shares[n, :, 0].mean() for n, unit in enumerate(cube.units) if unit != "p0"])
    assert land["difference"] == pytest.approx(cube.shares[cube.units.index("p0"), :, 0].mean() - others.mean())
    farm = against_peers(panel, "p7").row("concept", "farm")
    assert farm["verdict"] == "more in right" and farm["ratio"] == 0


def test_ranks_take_a_missing_year_out() -> None:
    """Shares grow year by year; a place that lacks the first years is not higher for that."""

    def rate(place: str, year: int, _row: int) -> float:
        return 0.04 * (year - 2010) + {"a": 0.05, "b": 0.03, "c": 0.0}[place]

    panel = made_panel({"a": 1, "b": 1, "c": 1}, rate, blocks=3000)
    late = panel.keep(~((panel.documents["unit"] == "c") & (panel.documents["year"] < 2016)).to_numpy())
    ranks = rank_places(late).query("id == 'land'").set_index("unit")
    assert ranks["share"].idxmax() == "c"
    assert ranks["rank"].to_dict() == {"a": 1, "b": 2, "c": 3}


def test_variance_is_parted_as_a_model_with_places_and_years_does(panel: Panel) -> None:
    provinces = peers_of(panel, "p0")
    table = variance_shares(provinces).set_index("id")
    data = provinces.documents.rename(columns={"unit": "u", "year": "t"}).assign(y=provinces.shares[:, 1])
    anova = sm.stats.anova_lm(sm.formula.ols("y ~ C(u) + C(t)", data).fit())
    total = anova["sum_sq"].sum()
    assert table.loc["jobs", "year"] == pytest.approx(anova.loc["C(t)", "sum_sq"] / total)
    f = anova.loc["C(u)", "F"]
    assert table.loc["jobs", "reliability"] == pytest.approx(max(0, 1 - 1 / f))
    assert table.loc["land", "reliable"] and table.loc["jobs", "year"] > 0.5


def test_a_pair_of_a_year_counts_every_place_once(panel: Panel) -> None:
    both = panel.select(place=["p1", "p2"])
    pairing = find_pairs(both, panel.select(place="centre"))
    side = by_pairs(both, pairing.left, 10)
    cube = make_cube(both)
    assert side.mean[:, 0] == pytest.approx(cube.shares[:, :, 0].mean(axis=0))
    assert side.size == pytest.approx(np.full(10, 200.0))


def test_no_order_of_documents_matters(panel: Panel) -> None:
    one = contrast(panel.select(place="p1"), panel.select(place="p2")).rows
    arrays = {name: getattr(panel, name)[::-1] for name in ("carrying", "mentions", "before")}
    turned = replace(panel, documents=panel.documents.iloc[::-1].reset_index(drop=True), **arrays)
    again = contrast(turned.select(place="p1"), turned.select(place="p2")).rows
    numbers = ["difference", "low", "ratio", "p_family"]
    pd.testing.assert_frame_equal(one[numbers], again[numbers])
    mirror = contrast(panel.select(place="p2"), panel.select(place="p1")).rows
    assert mirror["p_family"].to_numpy() == pytest.approx(one["p_family"].to_numpy(), nan_ok=True)
    assert mirror["low"].to_numpy() == pytest.approx(-one["high"].to_numpy())


def test_words_come_later_and_some_do_not_come_by_hand() -> None:
    """The centre says farm from 2013; a from 2012, b from 2015, c never: after two years b has it and c has not."""
    panel = made_panel({"centre": 0, "a": 1, "b": 1, "c": 1}, lambda *_: 0.0)
    began = {"centre": 2013, "a": 2012, "b": 2015}
    for place, year in began.items():
        panel.carrying[(panel.documents["unit"] == place) & (panel.documents["year"] >= year), 2] = 2
    lags = find_lags(panel, "centre").set_index("unit")
    assert set(lags["id"]) == {"farm"}
    assert lags["before"].to_dict() == {"a": True, "b": False, "c": False}
    assert (lags.loc["b", "lag"], lags.loc["b", "happened"]) == (2, True)
    assert (lags.loc["c", "lag"], lags.loc["c", "happened"]) == (7, False)
    assert find_lags(panel, "a").query("unit == 'centre'")["lag"].tolist() == [1]  # the other direction


def test_a_mean_of_nothing_known_is_no_number_and_warns_nobody(recwarn: pytest.WarningsRecorder) -> None:
    nan = np.nan
    means = mean_of_known(np.array([[1.0, nan, nan], [4.0, 6.0, nan]]))
    np.testing.assert_array_equal(means, [2.5, 6.0, nan])
    np.testing.assert_array_equal(mean_of_known(np.array([[1.0, nan, 3.0], [nan, nan, nan]]), axis=1), [2.0, nan])
    assert not recwarn.list
