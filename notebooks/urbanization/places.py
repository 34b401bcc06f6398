"""The centre and its provinces in reports of one genre: what is of the level of government, and what of the place."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal
from urllib.parse import urlsplit

import numpy as np
import pandas as pd
from markupsafe import Markup, escape
from scipy.stats import poisson

from policybook.analysis import thresholds
from policybook.analysis.directives import shares_of_total
from policybook.analysis.measured_counts import find_lags

from policybook.analysis.paired import (  # isort: skip
    Panel, against_peers, compare_peers, contrast, make_cube, mean_of_known, peers_of, rank_places, variance_shares,
)
from policybook.build.runs import template_parameters
from policybook.coding.measured import measured_names, text_link
from policybook.coding.scheme import INSTRUMENTS, STRENGTHS
from policybook.corpus.corpus import records
from policybook.pages.book import Book, made_pages
from policybook.pages.html import Html, in_words
from policybook.tables import CsvTable
from policybook.words.comparisons import reason_words, row_terms
from policybook.words.say import mark, name_of, quoted, say, term_in_words
from urbanization.plans import MeasuredTexts, lead_on

PLACES_PAGE = "chapters/places"
#: The columns of place_rows, year_rows and tile_rows.
PLACE_COLUMNS = (
    "family", "id", "label", "label_zh", "place", "name", "share", "centre", "ratio", "ratio_low", "ratio_high",
    "centre_p", "centre_verdict", "same_direction", "of", "rank", "rank_low", "rank_high", "ranks", "peers_ratio",
    "peers_p", "peers_verdict", "why", "reliability", "reliable", "anchor",
)  # fmt: skip
YEAR_COLUMNS = ("family", "id", "label", "label_zh", "unit", "group", "year", "share", "href")


@dataclass(frozen=True)
class Places:
    """The reports of all places in a book: `corpus` and `cities` are measured corpora, `kind` is the genre compared.

    `centre` and `places` are ids of places; the peers of the first of `places` are all places of its level.
    Raises SelectionError where there is no such corpus, kind or place.
    """

    book: Book
    corpus: str
    cities: str
    kind: str
    centre: str
    places: Sequence[str]

    @cached_property
    def texts(self) -> MeasuredTexts:
        """The measured corpus of the reports."""
        return MeasuredTexts(self.book, self.corpus)

    @cached_property
    def panel(self) -> Panel:
        """The documents of the genre, counted by blocks of 100 characters."""
        return self.texts.panel.select(kind=self.kind)

    @cached_property
    def peers(self) -> Panel:
        """The documents of all places of the level of `places`."""
        return peers_of(self.panel, self.places[0])

    @cached_property
    def city_panel(self) -> Panel | None:
        """The documents of the cities of `places`, counted by themes; None where none were measured."""
        texts = MeasuredTexts(self.book, self.cities)
        return None if texts.nothing else _themes(texts.panel.select(place=list(self.places)))

    @cached_property
    def lags(self) -> pd.DataFrame:
        """How long the places of the level wait for the words that are new with the centre."""
        if self.texts.nothing:
            return pd.DataFrame()
        centre = self.panel.select(place=self.centre)
        ours = find_lags(centre.beside(self.peers), self.centre)
        return ours[ours["id"].isin(new_words(centre))]

    def links(self, rows: pd.DataFrame, year: str = "year", unit: str = "") -> list[str]:
        """Return where counts with family, id, `year` and unit (a column, or `unit`) lead: to the official words."""
        documents = self.panel.documents
        held = dict(zip(zip(documents["unit"], documents["year"], strict=True), documents["document"], strict=True))
        return [self.texts.link(held.get((unit or row.get("unit"), row[year]), ""), (row["family"], row["id"]))
                for row in rows.to_dict("records")]  # fmt: skip

    def name(self, unit: str) -> str:
        """Return what a sentence calls a place or a city."""
        if unit == self.centre:
            return say("places.centre")
        return term_in_words(self.book.vocabulary.label(unit), self.book.vocabulary.label_zh(unit))[0]

    def group(self, unit: str) -> str:
        """Return what a chart calls a place that stands out; empty for the others."""
        return self.name(unit) if unit in (*self.places, self.centre) else ""

    def look(self, unit: str) -> int | None:
        """Return the number of a place's own colour and mark (data/lexicon/places.yml)."""
        return self.book.vocabulary.colour(unit)

    def labelled(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return rows with a family and id with what they are called, label and label_zh (see term_in_words)."""
        terms = [row_terms((row.family, row.id), self.book.scheme) for row in records(rows)]
        named = [term_in_words(english, chinese) for chinese, english in terms]
        return rows.assign(label=[own for own, _ in named], label_zh=[other for _, other in named])


def find_places(book: Book) -> Places | None:
    """Return the reports as the page about them has them; None in a book without that page, or without its corpus."""
    if PLACES_PAGE not in made_pages(book.project):
        return None
    declared = template_parameters(book.project.notebooks / "places.ipynb")
    found = Places(book, **{name: declared[name] for name in Places.__dataclass_fields__ if name != "book"})
    return found if found.corpus in measured_names(book.project) else None


# Every theme and concept of every place: beside the centre, among its peers ---------------------------

def place_rows(places: Places) -> pd.DataFrame:
    """Return a row for every theme and concept that was counted in each of the places, with PLACE_COLUMNS.

    share and centre: mean shares of blocks; ratio and centre_…: against the centre; same_direction: places of the level
    that differ from the centre as this one does, itself among them; rank…: among them; peers_… and why: against the
    others of them; reliability: of the means of places. Verdicts: more, less, alike, not settled, too little evidence.
    """
    if places.texts.nothing:
        return pd.DataFrame(columns=list(PLACE_COLUMNS))
    reliable = variance_shares(places.peers).set_index(["family", "id"])[["reliability", "reliable"]]
    of_centre, parts = places.panel.select(place=places.centre), []
    for place in places.places:
        centre = contrast(places.panel.select(place=place), of_centre)
        peers = against_peers(places.panel, place).rows
        among = compare_peers(places.panel, centre, ({"place": place}, {"place": places.centre}), 0)
        assert among is not None
        parts.append(centre.rows[["family", "id", "ratio", "ratio_low", "ratio_high"]].assign(
                         place=place, name=places.name(place), share=_mean(centre.left), centre=_mean(centre.right),
                         centre_p=centre.rows["p_family"], centre_verdict=centre.rows["verdict"].map(_from_left),
                         **among[["same_direction", "of", "rank", "rank_low", "rank_high"]], peers_ratio=peers["ratio"],
                         peers_p=peers["p_family"], peers_verdict=peers["verdict"].map(_from_left),
                         why=peers["reason"].map(reason_words),
                         anchor=f"row-{place}-" + centre.rows["family"] + "-" + centre.rows["id"],
                     )[centre.left.counted])  # fmt: skip
    found = places.labelled(pd.concat(parts).sort_index(kind="stable").join(reliable, on=["family", "id"]))
    found["ranks"] = [say("places.ranks", row=row) for row in records(found)]
    return found[list(PLACE_COLUMNS)].reset_index(drop=True)


def _mean(panel: Panel) -> np.ndarray[Any, Any]:
    return np.asarray(panel.shares.mean(axis=0))


def _from_left(verdict: str) -> str:
    return {"more in left": "more", "more in right": "less"}.get(verdict, verdict)


def settled_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows in which a place differs from its peers: themes first, by probability."""
    found = rows[rows["peers_verdict"].isin(["more", "less"])]
    return found.sort_values(["family", "peers_p", "rank"], ascending=[False, True, True], kind="stable")


def places_answer(rows: pd.DataFrame, brief: bool = False) -> list[str]:
    """Return three sentences: what is the level of government, what is the place, and what is not settled.

    They are empty without rows; a `brief` first one does not count themes place by place.
    """
    if rows.empty:
        return ["", "", ""]
    themes, named = rows[rows["family"] == "theme"], list(dict.fromkeys(rows["name"]))
    clear = themes[themes["centre_verdict"].isin(["more", "less"])]
    both = clear.groupby("id")["place"].nunique().eq(len(named)).loc[lambda found: found].index
    order = clear[clear["id"].isin(both)].sort_values(["same_direction", "ratio"], ascending=False, kind="stable")
    first = list(records(clear[clear["id"] == order["id"].iloc[0]])) if len(order) else []
    settled = settled_rows(rows)
    of_each = [_settled_of(name, settled[settled["name"] == name]) for name in named]
    tested = [{"name": name, "rows": len(own := rows[(rows["name"] == name) & rows["peers_p"].notna()]),
               "open": int(own["peers_verdict"].eq("not settled").sum())} for name in named]  # fmt: skip
    level = {"clear": list(records(clear)), "themes": themes["id"].nunique(), "names": named, "first": first,
             "brief": brief}  # fmt: skip
    return [say("places.answer.level", **level), say("places.answer.place", places=of_each),
            say("places.answer.open", places=tested)]  # fmt: skip


def linked(sentence: str, rows: pd.DataFrame, page: str = "") -> Html:
    """Return a sentence of places_answer with its numbers marked; what it names leads to its row on `page`."""
    told, held = in_words(sentence).markup, settled_rows(rows)
    for row in [*records(held), *records(rows[rows["family"] == "theme"])]:
        name = str(escape(quoted(row.label)))
        link = str(Markup('<a href="{}#{}">{}</a>').format(page, row.anchor, Markup(name)))
        at = next((one.start() for one in re.finditer(re.escape(name), told) if told[one.start() - 1] != ">"), None)
        told = told if at is None else told[:at] + Markup(link) + told[at + len(name) :]
    return Html(told)


def _settled_of(name: str, rows: pd.DataFrame, most: int = 4) -> dict[str, Any]:
    ways = {way: rows[rows["peers_verdict"] == way] for way in ("more", "less")}
    told = {way: [say("places.named", row=row) for row in records(some[:most])] for way, some in ways.items()}
    return {"name": name, **told, "others": len(rows) - sum(map(len, told.values()))}


# Rows for charts: every place by theme, by year, on a map; cities --------------------------------------

def dot_rows(places: Places, keys: Iterable[tuple[str, str]], page: str = "") -> pd.DataFrame:
    """Return the mean share of every place in each theme or concept, as dot_chart takes them; they lead to `page`."""
    shares = {unit: _mean(places.panel.select(place=unit)) for unit in (places.centre, *make_cube(places.peers).units)}
    order = sorted(shares, key=lambda unit: [*places.places, places.centre].index(unit) if places.group(unit) else -1)
    rows = [{"family": family, "id": identifier, "unit": unit, "name": places.name(unit), "group": places.group(unit),
             "look": places.look(unit), "value": shares[unit][places.panel.column(family, identifier)],
             "href": f"{page}#row-{places.places[0]}-{family}-{identifier}"}
            for family, identifier in keys for unit in order]  # fmt: skip
    return places.labelled(pd.DataFrame(rows)).dropna(subset="value") if rows else pd.DataFrame(rows)


def theme_keys(places: Places) -> list[tuple[str, str]]:
    """Return the themes that were counted."""
    if places.texts.nothing:
        return []
    rows = places.panel.rows[places.panel.counted & (places.panel.families == 0)]
    return list(zip(rows["family"], rows["id"], strict=True))


def year_rows(places: Places) -> pd.DataFrame:
    """Return the share of every theme by place and year, as multiples_chart takes them."""
    if places.texts.nothing:
        return pd.DataFrame(columns=list(YEAR_COLUMNS))
    units = {unit: places.group(unit) for unit in (*make_cube(places.peers).units, places.centre)}
    here = places.panel.documents["unit"].isin(list(units)).to_numpy()
    cube, rows = make_cube(places.panel.keep(here)), []
    for key in theme_keys(places):
        table = pd.DataFrame(cube.shares[:, :, places.panel.column(*key)], cube.units,
                             pd.Index(cube.years, name="year"))  # fmt: skip
        long = table.rename_axis("unit").reset_index().melt("unit", value_name="share", var_name="year").dropna()
        rows.append(long.assign(family=key[0], id=key[1], href=f"#row-{places.places[0]}-theme-{key[1]}"))
    found = places.labelled(pd.concat(rows, ignore_index=True))
    found["group"] = found["unit"].map(units)
    found["look"] = found["unit"].map(places.look)
    order = {one: n for n, one in enumerate(("", *map(places.name, places.places), places.name(places.centre)))}
    return found.sort_values("group", key=lambda names: names.map(order), kind="stable").sort_values(
        "id", key=lambda ids: ids.map({key: n for n, (_, key) in enumerate(theme_keys(places))}), kind="stable"
    )


def year_table(places: Places, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of year_rows of places that stand out, a column a year: each share leads to its document."""
    if rows.empty:
        return rows
    marked, keys = rows[rows["group"] != ""], ["label", "group"]
    table = marked.pivot(index=keys, columns="year", values="share")
    links = marked.assign(href=places.links(marked)).pivot(index=keys, columns="year", values="href")
    return table.join(links.add_suffix("_href")).reindex(marked.set_index(keys).index.unique()).reset_index()


def tile_rows(places: Places) -> pd.DataFrame:
    """Return the mean share and rank of every place in themes whose means are reliable, and its tile of the map."""
    if places.texts.nothing:
        return pd.DataFrame()
    reliable = variance_shares(places.peers).query("family == 'theme' and reliable")
    ranks = rank_places(_themes(places.peers)).merge(reliable[["family", "id", "reliability"]], on=["family", "id"])
    path = places.book.project.facts / "tiles.csv"
    cells = [row.cells for row in CsvTable(path, path.name, ["place", "code", "code_zh", "row", "column"], []).rows]
    tiles = pd.DataFrame(cells).astype({"row": int, "column": int})
    tiles["code"] = [term_in_words(*codes)[0] for codes in zip(tiles["code"], tiles["code_zh"], strict=True)]
    ranks["ranks"] = [say("places.ranks", row=row) for row in records(ranks)]
    found = places.labelled(ranks.merge(tiles, left_on="unit", right_on="place").rename(columns={"share": "value"}))
    return found.assign(name=found["unit"].map(places.name), group=found["unit"].map(places.group),
                        href="#row-" + places.places[0] + "-theme-" + found["id"])  # fmt: skip


def _themes(panel: Panel) -> Panel:
    marks = (panel.rows["family"] == "theme").to_numpy()
    parts = {name: getattr(panel, name)[:, marks] for name in ("carrying", "mentions", "before")}
    return replace(panel, rows=panel.rows[marks].reset_index(drop=True), **parts)


def city_rows(places: Places) -> pd.DataFrame:
    """Return for every theme the cities of the first two places: their means, spread among themselves, and difference.

    Columns: family, id, label, label_zh; PLACE_mean, PLACE_low and PLACE_high (of the cities' means), PLACE_spread
    (their standard deviation); difference of the two places, low95, high95, p_family and verdict.
    """
    panel = places.city_panel
    if panel is None:
        return pd.DataFrame()
    one, other = places.places[:2]
    found = contrast(panel.select(place=one), panel.select(place=other))
    table = found.rows[["family", "id", "difference", "low95", "high95", "p_family", "verdict"]].copy()
    for place in (one, other):
        cities = mean_of_known(make_cube(panel.select(place=place)).shares, axis=1)
        spread = {"mean": cities.mean(axis=0), "low": cities.min(axis=0), "high": cities.max(axis=0),
                  "spread": cities.std(axis=0, ddof=1)}  # fmt: skip
        table = table.assign(**{f"{place}_{name}": values for name, values in spread.items()})
    return places.labelled(table[panel.counted])


def city_dots(places: Places) -> pd.DataFrame:
    """Return the mean share of every city in every theme, as dot_chart takes them; a group is a place."""
    panel = places.city_panel
    if panel is None:
        return pd.DataFrame()
    rows = []
    for place in places.places:
        cube = make_cube(panel.select(place=place))
        means = zip(records(panel.rows), mean_of_known(cube.shares, axis=1).T, strict=True)
        rows += [{"family": row.family, "id": row.id, "unit": unit, "name": unit, "group": places.name(place),
                  "look": places.look(place), "value": value, "href": "#table-cities"}
                 for row, of in means if not row.why for unit, value in zip(cube.units, of, strict=True)]  # fmt: skip
    return places.labelled(pd.DataFrame(rows))


def cities_sentence(places: Places, rows: pd.DataFrame) -> str:
    """Return how the difference between the places' cities compares with their spread within each place."""
    if rows.empty:
        return ""
    spread = rows[[f"{place}_spread" for place in places.places[:2]]].max(axis=1)
    differ = int(rows["verdict"].isin(["more in left", "more in right"]).sum())
    within = int((spread > rows["difference"].abs()).sum())
    return say("places.cities", names=[*map(places.name, places.places[:2])], themes=len(rows), differ=differ,
               within=within)  # fmt: skip


# Which words are new, with whom first, and how long the other waits -------------------------------------

def uptake_rows(places: Places) -> pd.DataFrame:
    """Return a row for every word that is new with the centre, and what became of it elsewhere.

    Columns: family, id, label, label_zh, first, before, same, after and never (how many places of the level), and a
    column a place with its first year; first_href and PLACE_href lead to the words in the documents of these years.
    """
    lags = places.lags
    if lags.empty:
        return pd.DataFrame()
    known = lags["happened"] & ~lags["before"]
    marks = {"before": lags["before"], "same": known & lags["lag"].eq(0), "after": known & lags["lag"].gt(0),
             "never": ~lags["happened"]}  # fmt: skip
    table = lags[["id"]].assign(**marks).groupby("id", sort=False).sum()
    table.insert(0, "first", lags.groupby("id")["began"].first().astype(int))
    firsts = lags.pivot(index="id", columns="unit", values="first").reindex(columns=list(places.places))
    found = table.join(firsts).reset_index().assign(family="concept")
    for column, unit in {"first": places.centre, **{place: place for place in places.places}}.items():
        found[f"{column}_href"] = places.links(found, column, unit)
    return places.labelled(found.sort_values("first", kind="stable"))


def new_words(panel: Panel) -> set[str]:
    """Return the concepts that are new with the one unit of a panel, in the first year with UPTAKE_BLOCKS blocks.

    Used before at the rate of the years since, as few blocks as those before would have come by chance in at most
    one case in twenty (Poisson).
    """
    order = np.argsort(panel.documents["year"].to_numpy())
    carrying, blocks = panel.carrying[order], panel.blocks[order, None]
    use = carrying >= thresholds.UPTAKE_BLOCKS
    before = np.cumsum(use, axis=0) == 0
    seen, read, read_since = ((carrying * before).sum(axis=0), (blocks * before).sum(axis=0),
                              (blocks * ~before).sum(axis=0))  # fmt: skip
    rate = (carrying.sum(axis=0) - seen) / np.maximum(read_since, 1)
    chance = poisson.cdf(np.maximum(thresholds.UPTAKE_BLOCKS - 1, seen), rate * read)
    return set(panel.rows["id"][use.any(axis=0) & (chance <= 1 - thresholds.CONFIDENCE) & (panel.families == 1)])


def uptake_sentence(places: Places, words: pd.DataFrame) -> str:
    """Return how many words are new with the centre, and how many provinces had them before, then or after."""
    most = next(records(words.sort_values("before", ascending=False, kind="stable"))) if len(words) else None
    sums = {name: int(words[name].sum()) if len(words) else 0 for name in ("before", "same", "after", "never")}
    return say("places.uptake.told", words=len(words), most=most, of=_number(places), pairs=sum(sums.values()), **sums)


# Means, sensitivity, evidence ---------------------------------------------------------------------------

def mean_rows(places: Places, what: Literal["instrument", "source", "strength"]) -> pd.DataFrame:
    """Return the shares of directives by instrument or strength in each place and in all of its level.

    By instrument as in the `source` of the scheme public services are demand and not supply; only these two are told.
    As bar_chart takes them; empty where nobody counted them with the rules of now.
    """
    if places.texts.nothing or not places.texts.age.holds("directives"):
        return pd.DataFrame()
    codes, named = [*(STRENGTHS if what == "strength" else INSTRUMENTS)], what
    documents = places.texts.measured.documents
    if what == "source":
        named, services = "instrument", documents["subtype_services"]
        if not services.any():
            return pd.DataFrame()
        moved = {"supply": -services, "demand": services}
        documents = documents.assign(**{f"instrument_{n}": documents[f"instrument_{n}"] + k for n, k in moved.items()})
    level = set(places.peers.documents["document"])
    parts = []
    for place in (places.centre, *places.places, ""):
        own = set(places.panel.select(place=place).documents["document"]) if place else level
        shares = shares_of_total(documents[documents["document"].isin(own)], [f"{named}_{code}" for code in codes])
        group = capitalise(places.name(place)) if place else say("places.all_peers", number=_number(places))
        parts.append(shares.reset_index(drop=True).assign(
            code=codes, category=[name_of(named, code) for code in codes], group=group,
            href="#table-means"))  # fmt: skip
    found = pd.concat(parts, ignore_index=True)
    if what == "source":
        found = found[found["code"].isin(list(moved))]
        found["category"] = [say("places.as_in_source", name=name) for name in found["category"]]
    return found


def means_table(*parts: pd.DataFrame) -> pd.DataFrame:
    """Return rows of mean_rows as a table: what, and a column a place with its share."""
    tables = [part.pivot(index="category", columns="group", values="share").loc[list(dict.fromkeys(part["category"])),
              list(dict.fromkeys(part["group"]))] for part in parts if len(part)]  # fmt: skip
    return pd.concat(tables).rename_axis("what").reset_index() if tables else pd.DataFrame()


def services_sentence(own: pd.DataFrame, source: pd.DataFrame) -> str:
    """Return what changes in all places of the level if public services are demand, from rows of mean_rows of both."""
    rows = []
    if len(source):
        before, after = (some[some["group"] == some["group"].iloc[-1]].set_index("code") for some in (own, source))
        rows = [{"name": before["category"][code], "before": before["share"][code], "after": after["share"][code]}
                for code in after.index]  # fmt: skip
    return say("places.services", rows=rows)


def sensitivity_rows(places: Places, lengths: Sequence[int]) -> pd.DataFrame:
    """Return the ratio of each place's share of a theme to the centre's, and its rank.

    By blocks of so many characters, and by mentions per character (`rate`): a column each beside label, label_zh, name.
    """
    if places.texts.nothing:
        return pd.DataFrame()
    panels = {str(length): places.texts.panel_of(length).select(kind=places.kind) for length in lengths}
    sizes = places.texts.measured.documents.set_index("document")["length"]
    rated = places.panel.documents.assign(blocks=places.panel.documents["document"].map(sizes))
    panels["rate"] = replace(places.panel, documents=rated, carrying=places.panel.mentions)
    parts = []
    for column, panel in panels.items():
        panel = _themes(panel)
        cube = make_cube(peers_of(panel, places.places[0]))
        above = mean_of_known(cube.shares - mean_of_known(cube.shares), axis=1)
        centre = panel.select(place=places.centre).shares.mean(axis=0)
        for place in places.places:
            own = cube.units.index(place)
            with np.errstate(divide="ignore", invalid="ignore"):
                ratio = mean_of_known(cube.shares[own]) / centre
            rank = 1 + (above > above[own]).sum(axis=0)
            parts.append(panel.rows[["family", "id"]].assign(
                name=places.name(place), column=column,
                cell=[f"{a:.2f} · {b}" for a, b in zip(ratio, rank, strict=True)],
            )[panel.counted])  # fmt: skip
    table = pd.concat(parts).set_index(["family", "id", "name", "column"])["cell"].unstack("column")
    firsts = pd.concat(parts[: len(places.places)]).sort_index(kind="stable")  # in the order of the scheme
    table = table.reindex(pd.MultiIndex.from_frame(firsts[["family", "id", "name"]])).reset_index()
    return places.labelled(table)[["label", "label_zh", "name", *panels]]


def evidence_rows(places: Places, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the documents of the centre and the places that carry rows of place_rows, with their counts.

    Columns: label, name, year, blocks, total, share, mentions; site with site_href, its official address, at the words
    themselves where a form of them is known (a text fragment).
    """
    counts = places.texts.measured.counts.set_index(["document", "kind", "id"])[["blocks_100", "mentions"]]
    parts = []
    for row in records(rows[["family", "id", "label"]].drop_duplicates() if len(rows) else rows):
        for one in records(document_rows(places)):
            if (one.document, row.family, row.id) in counts.index:
                found = counts.loc[[(one.document, row.family, row.id)]].iloc[0]
                parts.append({"label": row.label, "name": one.name, "year": one.year, "blocks": found["blocks_100"],
                              "total": one.blocks, "share": found["blocks_100"] / one.blocks,
                              "mentions": found["mentions"],
                              "site": one.site,
                              "site_href": places.texts.link(one.document, (row.family, row.id))})  # fmt: skip
    return pd.DataFrame(parts)


def document_rows(places: Places) -> pd.DataFrame:
    """Return the documents of the centre and the places: document, anchor, title, name, year, characters, blocks,
    site and site_href (the official address, where it is an http address), sha256."""
    if places.texts.nothing:
        return pd.DataFrame()
    found = places.panel.select(place=[places.centre, *places.places]).documents.sort_values(["level", "place", "year"])
    address = found["address"].map(lambda one: text_link(one, ""))
    columns = ["document", "title", "year", "characters", "blocks", "sha256"]
    return found[columns].assign(
        anchor="document-" + found["document"], name=[capitalise(places.name(place)) for place in found["place"]],
        site=address.map(lambda one: urlsplit(one).netloc), site_href=address,
    ).reset_index(drop=True)  # fmt: skip


def texts_sentence(places: Places) -> str:
    """Return how many documents of how many places and years these are, and what is missing."""
    documents = places.panel.documents
    there, years = set(zip(documents["unit"], documents["year"], strict=True)), sorted(set(documents["year"]))
    absent = {unit: [year for year in years if (unit, year) not in there] for unit in documents["unit"].unique()}
    lacking = [(capitalise(places.name(unit)), missing) for unit, missing in absent.items() if missing]
    kind = name_of("report_kind", places.kind)
    return say("places.texts", documents=len(places.panel.documents), kind=kind, others=_number(places),
               years=[years[0], years[-1]], lacking=lacking)  # fmt: skip


def _number(places: Places) -> int:
    return int(places.peers.documents["unit"].nunique())


def capitalise(text: str) -> str:
    """Return a sentence with a capital letter."""
    return text[:1].upper() + text[1:]


# What other pages take from this one ---------------------------------------------------------------------

def places_headline(places: Places | None, base: str = "") -> Html:
    """Return what the reports of all places answer, with a link to their page; `base` leads to the site's root."""
    if places is None:
        return Html(Markup(""))
    rows = place_rows(places)
    told = places.texts.nothing or mark("space").join(places_answer(rows, brief=True)[:2])
    page = f"{base}{PLACES_PAGE}.html"
    return lead_on(linked(told, rows, page).markup, f"{page}#answer", "places.headline")


def reports_limits(places: Places | None, base: str = "../") -> Html:
    """Return which measured texts there are and which are missing; empty where nothing is measured."""
    if places is None:
        return Html(Markup(""))
    told = mark("space").join(filter(None, (texts_sentence(places), places.texts.missing)))
    return lead_on(in_words(told).markup, f"{base}{PLACES_PAGE}.html#texts", "places.limits")
