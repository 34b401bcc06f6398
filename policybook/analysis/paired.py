"""Many documents of one genre: places and eras compared in pairs, a place among its peers, what place and year explain.

The unit is the document and its measure the share of its blocks that carry a theme or concept. Years move all places
together, so places are compared year by year, and eras place by place. All numbers are of the documents given: a
cabinet's language persists over its term, years have common shocks, and documents of a genre speak of many things.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal, cast

import numpy as np
import pandas as pd
import scipy

from policybook.analysis import thresholds
from policybook.analysis.counts import BlockCounts, Finding, make_side

from policybook.analysis.intervals import (  # isort: skip
    BoolArray, FloatArray, IntArray, MaxTest, RatioFit, deal_in_parts, fit_ratio, fit_unpaired, max_test, sign_flips,
    studentise,
)
from policybook.corpus.corpus import KnownValues, Selection, Value, check_values
from policybook.corpus.scope import UNKNOWN
from policybook.errors import ComparisonError

Design = Literal["blocks", "paired-years", "paired-places", "documents"]
#: Fields of a selection that say whose documents are meant; without them it selects those of all places.
WHOSE = ("place", "places", "speaker", "city", "document")
_HAIR = 1e-9

# Documents as units: how many blocks each has, and how many of them carry each theme and concept ---

@dataclass(frozen=True, eq=False)
class Panel:
    """Documents and what their blocks carry.

    - `documents`: a row a document with document, unit (whose it is: a city, or else a place), level (how deep its
      place lies within others), kind, place, city, era, year (a number), language, blocks, and any other columns.
    - `rows`: a row a theme and concept with family, id, why (it was not counted; empty where it was) and chosen
      (whether it came into the scheme because it moved between eras).
    - `carrying` and `mentions`: documents × rows, blocks that carry the row, and mentions; NaN where not counted.
    - `has_blocks`: whether the blocks themselves were kept, for comparisons of few documents.
    - `before`: `carrying` of themes by those concepts alone that were chosen before the eras were compared.
    """

    documents: pd.DataFrame
    rows: pd.DataFrame
    carrying: FloatArray
    mentions: FloatArray
    before: FloatArray
    known: KnownValues
    has_blocks: bool = False

    @cached_property
    def blocks(self) -> FloatArray:
        """Blocks of each document."""
        return self.documents["blocks"].to_numpy(dtype=np.float64)

    @cached_property
    def shares(self) -> FloatArray:
        """Documents × rows: the share of each document's blocks that carries each row."""
        return self.carrying / self.blocks[:, None]

    @cached_property
    def counted(self) -> BoolArray:
        """Which rows were counted."""
        return (self.rows["why"] == "").to_numpy()

    @cached_property
    def families(self) -> IntArray:
        """0 for themes, 1 for concepts."""
        return np.asarray(self.rows["family"] == "concept", dtype=np.int64)

    def column(self, family: str, identifier: str) -> int:
        """Return the number of a row. Raises KeyError where there is none."""
        return self._numbers[family, identifier]

    @cached_property
    def _numbers(self) -> Mapping[tuple[str, str], int]:
        return {key: n for n, key in enumerate(zip(self.rows["family"], self.rows["id"], strict=True))}

    def select(self, selection: Selection | None = None, /, **fields: Value | Iterable[Value]) -> Panel:
        """Return the documents that fit every field; a list of values means any of them.

        Raises SelectionError for an unknown field or value, with what exists and the nearest spelling.
        """
        fits = np.ones(len(self.documents), dtype=bool)
        for name, value in {**(selection or {}), **fields}.items():
            values = check_values(name, value, self.known)
            column = "place" if name in ("places", "speaker") else name
            fits &= self.documents[column].astype(str).isin([str(one) for one in values]).to_numpy()
        return self.keep(fits)

    def keep(self, fits: BoolArray) -> Panel:
        """Return the documents that are marked."""
        if fits.all():
            return self
        documents = self.documents[fits].reset_index(drop=True)
        kept = {name: getattr(self, name)[fits] for name in ("carrying", "mentions", "before")}
        return replace(self, documents=documents, **kept)

    def beside(self, other: Panel) -> Panel:
        """Return the documents of both."""
        return replace(self, documents=pd.concat([self.documents, other.documents], ignore_index=True),
                       carrying=np.vstack([self.carrying, other.carrying]),
                       mentions=np.vstack([self.mentions, other.mentions]),
                       before=np.vstack([self.before, other.before]))  # fmt: skip

    def between_eras(self) -> Panel:
        """Return the same documents as eras are compared by: no concept counts that was chosen for its movement."""
        return replace(self, carrying=self.before)


def panel_of(counts: BlockCounts, usable: BoolArray) -> Panel:
    """Return the documents of counts of blocks; `usable` marks the concepts that may enter, the others count nowhere.

    A document's place is its speaker, its year the first in which it was written, or published where that is not known.
    """
    totals = make_side(counts, usable).by_document
    themes = {of for of, mark in zip(counts.theme_of, usable, strict=True) if mark}
    marks = [theme in themes for theme in counts.themes] + usable.tolist()
    rows = pd.DataFrame(counts.rows, columns=["family", "id"])
    rows = rows.assign(why=["" if mark else "unusable" for mark in marks], chosen=False)
    carrying = np.where((rows["why"] == "").to_numpy(), totals.x.astype(np.float64), np.nan)
    dates = counts.documents.reindex(columns=["year", "written", "published"]).bfill(axis=1)["year"].astype(str)
    units = counts.documents["place"].where(counts.documents["place"] != UNKNOWN, counts.documents["document"])
    documents = counts.documents.assign(blocks=totals.n, unit=units, level=0,
                                        year=pd.to_numeric(dates.str[:4], errors="coerce"),
                                        kind=counts.documents.get("kind", ""))  # fmt: skip
    return Panel(documents.reset_index(drop=True), rows, carrying, carrying, carrying, counts.known)


# Which documents stand against which: pairs of a year, pairs of a place, or all dealt to two sides ---

@dataclass(frozen=True, eq=False)
class Pairing:
    """The pair of every document on each side, −1 of one that stands in none; without pairs, all are in pair 0."""

    design: Design
    left: IntArray
    right: IntArray
    names: tuple[str, ...]

    @property
    def paired(self) -> bool:
        """Whether pairs are what is sampled, rather than documents."""
        return self.design != "documents" and len(self.names) > 1


def find_pairs(left: Panel, right: Panel) -> Pairing:
    """Return how documents of two sides pair: by year, or by place if the sides share more places than years.

    Documents of one genre are compared: those of the kind of which both sides have most. Places that are pairs are of
    one level, that of which there are most. One place alone in two eras is one pair, its documents of one era against
    those of the other; where the sides have neither place nor year in common, documents stand unpaired.
    """
    kind = _most_common(left.documents["kind"], right.documents["kind"])
    told = ["year", "unit", "level"]
    sides = [side.documents[told].where(side.documents["kind"] == kind) for side in (left, right)]
    years = [sorted({int(year) for year in side["year"].dropna()}) for side in sides]
    shared_years = [year for year in years[0] if year in years[1]]
    level = _most_common(*(side.drop_duplicates("unit")["level"].dropna() for side in sides))
    units = [set(side.loc[side["level"] == level, "unit"].dropna()) for side in sides]
    shared_units = sorted(units[0] & units[1])
    if shared_years and (not shared_units or len(shared_years) >= max(thresholds.MIN_PAIRS, len(shared_units))):
        names = tuple(str(year) for year in shared_years)
        one, other = (_numbers(side["year"], shared_years) for side in sides)
        return Pairing("paired-years", one, other, names)
    if shared_units:
        one, other = (_numbers(side["unit"], shared_units) for side in sides)
        return Pairing("paired-places", one, other, tuple(shared_units))
    return unpaired(left, right)


def unpaired(left: Panel, right: Panel) -> Pairing:
    """Return no pairs: all documents of two sides."""
    zeros = [np.zeros(len(side.documents), dtype=np.int64) for side in (left, right)]
    return Pairing("documents", zeros[0], zeros[1], ("all",))


def _most_common(left: pd.Series, right: pd.Series) -> Any:
    """Return the value of which both sides have most, or without a common one all that there is most of."""
    counts = pd.concat([left.value_counts(), right.value_counts()], axis=1).fillna(0)
    order = pd.DataFrame({"both": counts.min(axis=1), "all": counts.sum(axis=1)}).sort_index()
    return order.sort_values(["both", "all"], ascending=False, kind="stable").index[0] if len(order) else None


def _numbers(column: pd.Series, names: list[Any]) -> IntArray:
    return np.asarray(pd.Index(names).get_indexer(pd.Index(column)), dtype=np.int64)


@dataclass(frozen=True, eq=False)
class PairShares:
    """One side by pairs: `mean` share (pairs × rows), `size` (blocks that such a mean is worth) and its documents."""

    mean: FloatArray
    size: FloatArray
    shares: FloatArray
    pair: IntArray
    number: FloatArray


def by_pairs(side: Panel, pair: IntArray, pairs: int) -> PairShares:
    """Return the mean share of the documents of each pair, each document counting once."""
    average = (pair[None, :] == np.arange(pairs)[:, None]).astype(np.float64)
    number = average.sum(axis=1)
    average /= number[:, None]
    return PairShares(average @ side.shares, 1 / (average**2 @ (1 / side.blocks)), side.shares, pair, number)


@dataclass(frozen=True, eq=False)
class Cube:
    """Mean shares by place and year: `shares` is units × years × rows, NaN where a place has no document of a year."""

    units: tuple[str, ...]
    years: tuple[int, ...]
    shares: FloatArray


def make_cube(panel: Panel) -> Cube:
    """Return the shares of every unit in every year, the mean where it has several documents."""
    units, years = sorted(set(panel.documents["unit"])), sorted(set(panel.documents["year"]))
    place = _numbers(panel.documents["unit"], units), _numbers(panel.documents["year"], years)
    total, number = np.zeros((len(units), len(years), panel.shares.shape[1])), np.zeros((len(units), len(years), 1))
    np.add.at(total, place, panel.shares)
    np.add.at(number, place, 1)
    shares = np.divide(total, number, out=np.full_like(total, np.nan), where=number > 0)
    return Cube(tuple(units), tuple(years), shares)


def mean_of_known(values: FloatArray, axis: int = 0) -> FloatArray:
    """Return the mean along an axis of the values that are known; not a number where none is, which warns nobody."""
    known = ~np.isnan(values)
    with np.errstate(invalid="ignore"):
        return cast(FloatArray, np.where(known, values, 0).sum(axis=axis) / known.sum(axis=axis))


# The largest of a family at once: signs flipped, documents dealt, peers drawn ------------------------

def permute_sides(left: PairShares, right: PairShares, pairing: Pairing, families: IntArray, tested: BoolArray,
                  steps: int = 1) -> MaxTest:  # fmt: skip
    """Return the test of two sides: signs of the differences flipped, or without pairs documents dealt anew."""
    if pairing.paired:
        freedom = len(pairing.names) - 1
        statistics = studentise(sign_flips(freedom + 1), left.mean - right.mean, freedom)
        return max_test(statistics, families, tested, freedom, steps)
    sides = [side.shares[side.pair >= 0] for side in (left, right)]
    values, freedom = np.vstack(sides), len(sides[0]) + len(sides[1]) - 2
    centred = values - values.mean(axis=0)
    deals = deal_in_parts(*(len(side) for side in sides))
    statistics = np.vstack([studentise(weights, centred, freedom) for weights in deals])
    return max_test(statistics, families, tested, freedom, steps)


def draw_peers(cube: Cube, unit: str, families: IntArray, tested: BoolArray, seed: int = thresholds.SEED) -> MaxTest:
    """Return the test of a unit against its peers: in every year any one of them is drawn to stand in its place.

    The statistic is the sum over years of its rank, in standard deviations over the draws. Shares of peers lean to one
    side, so that flipped signs would find a rare row too often below its peers, and plain means never.
    """
    from scipy.stats import rankdata  # slow to import

    own = cube.units.index(unit)
    rng = np.random.default_rng(seed)
    total = np.zeros((thresholds.PERMUTATIONS + 1, cube.shares.shape[2]))
    known = np.asarray((~np.isnan(cube.shares)).any(axis=2))
    years = [year for n, year in enumerate(cube.shares.transpose(1, 0, 2)) if known[own, n] and known[:, n].sum() > 1]
    for year in years:
        there = np.flatnonzero(~np.isnan(year).all(axis=1))
        ranks = np.zeros_like(year)
        ranks[there] = rankdata(year[there], axis=0) - (len(there) + 1) / 2
        total += ranks[np.concatenate([[own], rng.choice(there, size=thresholds.PERMUTATIONS)])]
    scale = np.sqrt((total[1:] ** 2).mean(axis=0))
    statistics = np.abs(np.divide(total, scale, out=np.zeros_like(total), where=scale > _HAIR))
    return max_test(statistics, families, tested, len(years) - 1)


# Two sides compared: every row's difference, ratio, verdict and what it rests on ---------------------

@dataclass(frozen=True, eq=False)
class Contrast:
    """Two sides of documents and what was estimated between them: `rows`, a row a theme and concept, in their order.

    Columns of `rows`: family, id; left_ and right_ blocks, documents, mentions and share (of all blocks of the side);
    difference (the mean of the paired differences of shares, left less right) with low95, high95 and for the family at
    once low, high; ratio (of the model, left to right) with ratio_low and ratio_high, for the family at once (infinite
    where the right has nothing); p_family; pairs and same_direction (pairs whose difference is of its sign);
    influence_document and influence_change (the document without which the difference changes most, and by how much),
    fragile (it turns round without that document); eligible; verdict; reason (Findings). NaN where not counted.
    `left_out`: documents of each side that stand in no pair, or are of another kind or level.
    """

    design: Design
    left: Panel
    right: Panel
    pairing: Pairing
    rows: pd.DataFrame
    left_out: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())

    def evidence(self, row: int, side: int) -> list[str]:
        """Return the documents of a side that carry a row."""
        panel = (self.left, self.right)[side]
        return [str(one) for one in panel.documents["document"][panel.carrying[:, row] > 0]]

    def row(self, family: str, identifier: str) -> pd.Series:
        """Return the row of a theme or concept."""
        return self.rows.iloc[self.left.column(family, identifier)]


def contrast(left: Panel, right: Panel, steps: int = 1) -> Contrast:
    """Return what can be said of the differences between two sides of documents, theme by theme and concept by concept.

    Documents that stand in no pair are left out; where that of places leaves too few and there are enough, none is
    paired (never so of years, which move all places together). Of a sequence of so many `steps` all holds at once.
    Raises ComparisonError when a side is empty or both share documents.
    """
    _check(left, right)
    pairing = find_pairs(left, right)
    sizes = [(len(side), int((side >= 0).sum())) for side in (pairing.left, pairing.right)]
    too_few = min(kept for _, kept in sizes) < thresholds.MIN_DOCUMENTS <= min(all_of for all_of, _ in sizes)
    if too_few and pairing.design == "paired-places":
        pairing = unpaired(left, right)
    if not set(left.documents["year"]) & set(right.documents["year"]):
        left, right = left.between_eras(), right.between_eras()
    out = tuple(tuple(s.documents["document"][n < 0]) for s, n in ((left, pairing.left), (right, pairing.right)))
    left, right = left.keep(pairing.left >= 0), right.keep(pairing.right >= 0)
    pairing = replace(pairing, left=pairing.left[pairing.left >= 0], right=pairing.right[pairing.right >= 0])
    few = min(len(left.documents), len(right.documents)) < thresholds.MIN_DOCUMENTS
    rows = _estimate(left, right, pairing, steps=steps)
    return Contrast("blocks" if few else pairing.design, left, right, pairing, rows, (out[0], out[1]))


def _check(left: Panel, right: Panel) -> None:
    for side, name in ((left, "left"), (right, "right")):
        if not len(side.documents):
            raise ComparisonError("no_documents", side=name)
    if both := sorted(set(left.documents["document"]) & set(right.documents["document"])):
        raise ComparisonError("shared_documents", shared=len(both), example=both[0])


def _estimate(left: Panel, right: Panel, pairing: Pairing, unit: str | None = None, steps: int = 1) -> pd.DataFrame:
    pairs = len(pairing.names)
    sides = by_pairs(left, pairing.left, pairs), by_pairs(right, pairing.right, pairs)
    eligible, hindered = find_eligible(left, right, pairing)
    test = find_test(left, right, sides, pairing, eligible, unit, steps)
    table = left.rows[["family", "id"]].copy()
    table = table.assign(**_side_columns("left", left), **_side_columns("right", right))
    differences = sides[0].mean - sides[1].mean
    table["difference"] = differences.mean(axis=0)
    fits = [fit_row(sides, row, pairing, (left.blocks, right.blocks)) for row in range(len(table))]
    table = table.assign(**_bounds(table["difference"].to_numpy(), sides, fits, test))
    table["p_family"] = test.probability
    table["pairs"] = pairs
    table["same_direction"] = (np.sign(differences) == np.sign(table["difference"].to_numpy())).sum(axis=0)
    table = table.assign(**_influence(left, right, sides, table["difference"].to_numpy()))
    table["fragile"] = (table["difference"] * (table["difference"] + table["influence_change"]) < 0) & left.counted
    table["eligible"] = eligible
    judged = [_judge(row, hindered[n]) for n, row in enumerate(table.to_dict("records"))]
    table["verdict"] = [one for one, _ in judged]
    table["reason"] = pd.Series([why for _, why in judged], index=table.index, dtype=object)
    table.loc[~left.counted, [c for c in table if table[c].dtype == float]] = np.nan
    return table


def find_test(left: Panel, right: Panel, sides: tuple[PairShares, PairShares], pairing: Pairing, eligible: BoolArray,
              unit: str | None, steps: int = 1) -> MaxTest:  # fmt: skip
    """Return the test of two sides: of `unit` against its peers where it is given (draw_peers), else permute_sides."""
    if unit is None:
        return permute_sides(*sides, pairing, left.families, eligible, steps)
    return draw_peers(make_cube(left.beside(right)), unit, left.families, eligible)


def _side_columns(name: str, side: Panel) -> dict[str, FloatArray]:
    blocks = side.carrying.sum(axis=0)
    return {f"{name}_blocks": blocks,
            f"{name}_documents": np.where(side.counted, (side.carrying > 0).sum(axis=0), np.nan),
            f"{name}_mentions": side.mentions.sum(axis=0), f"{name}_share": blocks / side.blocks.sum()}  # fmt: skip


def find_eligible(left: Panel, right: Panel, pairing: Pairing) -> tuple[BoolArray, list[Finding | None]]:
    """Return which rows are tested, and what hinders each of the others."""
    n1, n2 = left.blocks.sum(), right.blocks.sum()
    total = left.carrying.sum(axis=0) + right.carrying.sum(axis=0)
    needed = thresholds.MIN_EXPECTED * (n1 + n2) / min(n1, n2)
    eras = not set(left.documents["year"]) & set(right.documents["year"])
    few = _too_few(pairing)
    hindered: list[Finding | None] = []
    for row, blocks in zip(left.rows.to_dict("records"), total, strict=True):
        if row["why"] == "unusable":
            hindered.append(Finding(f"{row['family']}_across_languages"))
        elif row["why"]:
            hindered.append(Finding("not_counted", {"why": row["why"]}))
        elif eras and row["chosen"]:
            hindered.append(Finding("chosen_by_outcome"))
        elif few is None and blocks < needed - _HAIR:
            values = {"blocks": int(blocks), "left": int(n1), "right": int(n2), "needed": int(np.ceil(needed - _HAIR))}
            hindered.append(Finding("too_rare", values))
        else:
            hindered.append(few)
    return np.array([one is None for one in hindered], dtype=bool), hindered


def _too_few(pairing: Pairing) -> Finding | None:
    if pairing.paired or pairing.design == "paired-years":
        have, needed, unit = len(pairing.names), thresholds.MIN_PAIRS, pairing.design
    else:
        have, needed, unit = min(len(pairing.left), len(pairing.right)), thresholds.MIN_DOCUMENTS, "documents"
    return Finding("too_few_pairs", {"have": have, "needed": needed, "unit": unit}) if have < needed else None


def fit_row(sides: tuple[PairShares, PairShares], row: int, pairing: Pairing,
            blocks: tuple[FloatArray, FloatArray]) -> RatioFit | None:  # fmt: skip
    """Return the ratio of one row, by fit_ratio of pairs or fit_unpaired; None of what was not counted or is nowhere.

    `blocks`: those of the documents of each side.
    """
    left, right = sides
    if np.isnan(left.mean[:, row]).any():
        return None
    if pairing.paired:
        return fit_ratio(left.mean[:, row], left.size, right.mean[:, row], right.size)
    return fit_unpaired((left.shares[:, row], right.shares[:, row]), blocks)


def _bounds(difference: FloatArray, sides: tuple[PairShares, PairShares], fits: list[RatioFit | None],
            test: MaxTest) -> dict[str, FloatArray]:  # fmt: skip
    """Return bounds of ratios and differences: of shares that sum to s, a ratio ρ makes a difference s·(ρ − 1)/(ρ + 1).

    The bounds of a difference are widened to hold it where the model weighs pairs otherwise than the plain mean.
    """
    total = sides[0].mean.mean(axis=0) + sides[1].mean.mean(axis=0)
    alone = scipy.special.stdtrit(test.freedom, 0.5 + thresholds.CONFIDENCE / 2) if test.freedom > 0 else np.inf
    log = np.array([fit.log_ratio if fit else np.nan for fit in fits])
    columns: dict[str, FloatArray] = {"ratio": np.exp(log)}
    for low, high, reach in (("low95", "high95", np.full(len(log), alone)), ("low", "high", test.reach)):
        pairs = zip(fits, reach, strict=True)
        bounds = np.array([fit.bounds(r, test.freedom) if fit else (np.nan, np.nan) for fit, r in pairs])
        columns[f"ratio_{low}"], columns[f"ratio_{high}"] = np.exp(bounds).T
        as_difference = total * np.tanh(bounds.T / 2)
        columns[low] = np.fmin(np.clip(as_difference[0], -1, 1), difference)
        columns[high] = np.fmax(np.clip(as_difference[1], -1, 1), difference)
    order = ("low95", "high95", "low", "high", "ratio", "ratio_low", "ratio_high")
    return {name: columns[name] for name in order}


def _influence(left: Panel, right: Panel, sides: tuple[PairShares, PairShares],
               difference: FloatArray) -> dict[str, Any]:  # fmt: skip
    """Return the document without which each row's difference changes most, and that change."""
    pairs = len(sides[0].mean)
    per_pair = sides[0].mean - sides[1].mean
    name, most = np.full(len(difference), "", dtype=object), np.zeros(len(difference))
    for panel, side, sign in zip((left, right), sides, (1.0, -1.0), strict=True):
        others = side.number[side.pair][:, None] - 1
        within = sign * (side.mean[side.pair] - side.shares) / np.maximum(others, 1) / pairs
        whole = (difference - per_pair[side.pair]) / max(pairs - 1, 1)
        changes = np.where(others > 0, within, whole)
        at = np.abs(np.nan_to_num(changes)).argmax(axis=0)
        change = changes[at, np.arange(len(difference))]
        larger = (name == "") | (np.abs(np.nan_to_num(change)) > np.abs(np.nan_to_num(most)))
        name = np.where(larger, panel.documents["document"].to_numpy(dtype=object)[at], name)
        most = np.where(larger, change, most)
    return {"influence_document": name.tolist(), "influence_change": most}


def _judge(row: Mapping[Any, Any], hindered: Finding | None) -> tuple[str, tuple[Finding, ...]]:
    """Return the verdict of a row and why; the values are its numbers."""
    if hindered is not None:
        return "too little evidence", (hindered,)
    names = ("difference", "ratio", "ratio_low", "ratio_high", "p_family", "pairs", "same_direction")
    values = {name: row[name] for name in names}
    clear = row["p_family"] <= 1 - thresholds.CONFIDENCE + _HAIR and not row["ratio_low"] <= 1 <= row["ratio_high"]
    if clear and not 1 / thresholds.MIN_RATIO <= row["ratio"] <= thresholds.MIN_RATIO:
        return f"more in {'left' if row['ratio'] > 1 else 'right'}", (Finding("apart_in_pairs", values),)
    if row["ratio_low"] >= 1 / thresholds.ALIKE_RATIO and row["ratio_high"] <= thresholds.ALIKE_RATIO:
        return "alike", (Finding("alike_in_pairs", values),)
    return "not settled", (Finding("uncertain_in_pairs", values),)


# A place among its peers: its rank with an interval over years, and how many go the same way -----------

def peers_of(panel: Panel, unit: str, selection: Selection | None = None) -> Panel:
    """Return the documents of all units of one's level and kind, its own among them, that fit a selection.

    The fields of a selection that say whose documents are meant are left out.
    """
    own = panel.documents[panel.documents["unit"] == unit]
    wide = panel.select({field: value for field, value in (selection or {}).items() if field not in WHOSE})
    kind = own["kind"].mode().iloc[0]
    return wide.keep(((wide.documents["level"] == own["level"].iloc[0]) & (wide.documents["kind"] == kind)).to_numpy())


def rank_places(panel: Panel, unit: str | None = None, seed: int = thresholds.SEED) -> pd.DataFrame:
    """Return the rank of every unit (or of one) in every row among the units of a panel of one level; 1 has most.

    Columns: unit, family, id, share (mean over its years), above (mean over its years of its share less that of all
    units in the year), rank (by `above`, which takes a missing year out), of, rank_low and rank_high (95 % of ranks
    over PERMUTATIONS bootstrap draws of years). Rows that were not counted are left out.
    """
    from scipy.stats import rankdata  # slow to import

    cube, counted = make_cube(panel), panel.counted
    above = cube.shares[:, :, counted] - mean_of_known(cube.shares[:, :, counted])
    years = len(cube.years)
    drawn = np.random.default_rng(seed).multinomial(years, np.full(years, 1 / years), size=thresholds.PERMUTATIONS)
    weights = np.vstack([np.ones(years), drawn]).astype(np.float64)
    number = weights @ ~np.isnan(cube.shares[:, :, panel.counted.argmax()]).T
    total = np.einsum("by,uyr->bur", weights, np.nan_to_num(above), optimize=True)
    means = np.divide(total, number[:, :, None], out=np.full_like(total, -1.0), where=number[:, :, None] > 0).round(12)
    chosen = [cube.units.index(unit)] if unit is not None else list(range(len(cube.units)))
    above_it = (means > means[:, chosen]).sum(axis=1)[:, None] if unit is not None else None
    ranks = (rankdata(-means, method="min", axis=1) if above_it is None else 1 + above_it).astype(int)
    low, high = np.quantile(ranks[1:], [0.025, 0.975], axis=0, method="nearest")
    rows = panel.rows.loc[counted, ["family", "id"]]
    parts = [
        rows.assign(unit=cube.units[one], share=mean_of_known(cube.shares[one][:, counted]), above=means[0, one],
                    rank=ranks[0, n], of=len(cube.units), rank_low=np.minimum(low[n], ranks[0, n]),
                    rank_high=np.maximum(high[n], ranks[0, n]))
        for n, one in enumerate(chosen)
    ]  # fmt: skip
    columns = ["unit", "family", "id", "share", "above", "rank", "of", "rank_low", "rank_high"]
    return pd.concat(parts)[columns].reset_index(drop=True)


def against_peers(panel: Panel, unit: str, selection: Selection | None = None) -> Contrast:
    """Return a unit (left) compared year by year with the mean of all other units of its level (right).

    Raises ComparisonError when it has no peers.
    """
    peers = peers_of(panel, unit, selection)
    own = (peers.documents["unit"] == unit).to_numpy()
    left, right = peers.keep(own), peers.keep(~own)
    _check(left, right)
    pairing = find_pairs(left, right)
    return Contrast("paired-years", left, right, pairing, _estimate(left, right, pairing, unit))


def compare_peers(panel: Panel, found: Contrast, selections: tuple[Selection, Selection],
                  side: int) -> pd.DataFrame | None:  # fmt: skip
    """Return where the one unit on a side of a contrast stands among its peers; None where it is not one, or has none.

    Columns: of, rank, rank_low, rank_high; difference and p_family (year by year against the mean of its peers);
    same_direction: how many of them, itself among them, differ from the other side as it does.
    """
    mine, other = ((found.left, found.right), (found.right, found.left))[side]
    units = set(mine.documents["unit"])
    if len(units) != 1:
        return None
    (unit,) = units
    peers = peers_of(panel, unit, selections[side])
    if peers.documents["unit"].nunique() < 2:
        return None
    cube = make_cube(peers)
    there = (peers.documents["unit"] == unit).to_numpy()
    sides = peers.keep(there), peers.keep(~there)
    test = draw_peers(cube, unit, peers.families, find_eligible(*sides, find_pairs(*sides))[0])
    own, of = cube.units.index(unit), (~np.isnan(cube.shares)).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        above = (cube.shares[own] - mean_of_known(cube.shares)) * of / (of - 1)
    table = found.rows[["family", "id"]].merge(rank_places(peers, unit), on=["family", "id"], how="left")
    return table[["of", "rank", "rank_low", "rank_high"]].assign(
        difference=mean_of_known(above), p_family=test.probability,
        same_direction=_same_direction(peers, other, peers_of(panel, unit, selections[1 - side]), unit),
    ).where(pd.Series(mine.counted, index=table.index))  # fmt: skip


def _same_direction(peers: Panel, other: Panel, their_other: Panel, unit: str) -> IntArray:
    """Return how many units differ from the other side as `unit` does: from it in the same years, or in two eras each
    from itself."""
    mine = make_cube(peers)
    if set(other.documents["unit"]) == {unit}:
        theirs = make_cube(their_other)
        there = {name: theirs.shares[n] for n, name in enumerate(theirs.units)}
        pairs = [(mine.shares[n], there.get(name)) for n, name in enumerate(mine.units)]
        differences = [mean_of_known(a) - mean_of_known(b) if b is not None else a[0] * 0 for a, b in pairs]
    else:
        shared = [year for year in mine.years if year in set(other.documents["year"])]
        pair = by_pairs(other, _numbers(other.documents["year"], shared), len(shared)).mean
        at = [mine.years.index(year) for year in shared]
        differences = [mean_of_known(shares[at] - pair) for shares in mine.shares]
    signs = np.sign(np.array(differences).round(12))
    return np.asarray((signs == signs[mine.units.index(unit)]).sum(axis=0))


# How much of what differs is place and how much is year -----------------------------------------------

def variance_shares(panel: Panel) -> pd.DataFrame:
    """Return how the variance of the shares of a panel of one level parts, and how reliable the means of places are.

    Columns: family, id, place, year and rest (parts of the sum of squares about the mean, each of place and year beside
    the other; together 1 where no place lacks a year), reliability (1 − mean square of the rest ÷ that of places: the
    intraclass correlation of means), reliable (at least MIN_RELIABILITY).
    Source: J. L. Fleiss (1986), The Design and Analysis of Clinical Experiments, Wiley, chapter 1.
    """
    place, year = (pd.get_dummies(panel.documents[name]).to_numpy(dtype=float) for name in ("unit", "year"))
    y = np.nan_to_num(panel.shares)
    n, places, years = len(y), place.shape[1], year.shape[1]
    without_place, without_year, rest = _residual(year, y), _residual(place, y), _residual(np.hstack([place, year]), y)
    total = ((y - y.mean(axis=0)) ** 2).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        of_place, of_year = without_place - rest, without_year - rest
        ratio = (rest / max(n - places - years + 1, 1)) / (of_place / max(places - 1, 1))
        table = panel.rows[["family", "id"]].assign(
            place=of_place / total, year=of_year / total, rest=rest / total, reliability=np.clip(1 - ratio, 0, 1)
        )
    table["reliable"] = table["reliability"] >= thresholds.MIN_RELIABILITY
    return table[panel.counted]


def _residual(design: FloatArray, y: FloatArray) -> FloatArray:
    """Return the sums of squares that a linear model leaves, column by column."""
    solution = np.linalg.lstsq(design, y, rcond=None)[0]
    return np.asarray(((y - design @ solution) ** 2).sum(axis=0))
