"""What the pages of actors and of instruments add to their tables: names, links, bars, and the clauses behind cells."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from policybook.analysis.directives import Within, count_actors, count_codes, find_cautions, pair_actors, split_corpus
from policybook.charts.theme import COLOURS, download_link
from policybook.coding.scheme import INSTRUMENTS
from policybook.corpus.corpus import records
from policybook.pages.book import Book
from policybook.pages.document import HTML_LANGUAGE, group_by
from policybook.pages.html import Html, address, render
from policybook.words.say import caution_words, name_code, name_of, names_of, say

# Who is named, with whom, and who is asked to do what ----------------------------------------------

#: The kind that rarer kinds of actors are counted under where there are more than colours.
OTHER_KIND = "other"


def named_actors(book: Book) -> pd.DataFrame:
    """Return count_actors of a book with the name of each kind, and `anchor`, the id of the actor's row in a page."""
    actors = count_actors(book.corpus, book.coding.actor_scheme)
    kinds = [name_of("actor_kind", kind) for kind in actors["kind"]]
    return actors.assign(kind=kinds, anchor="actor-" + actors["actor"])


def named_pairs(book: Book, within: Within) -> pd.DataFrame:
    """Return pair_actors of a book with both names, which lead to the actors' rows, and `anchor`, the id of the row."""
    pairs, by_id = pair_actors(book.corpus, within), book.coding.actor_scheme.by_id
    for column, called in (("actor", "name_en"), ("with_actor", "with_name_en")):
        names = [by_id[actor].name_en for actor in pairs[column]]
        pairs = pairs.assign(**{called: names, f"{called}_href": [f"#actor-{actor}" for actor in pairs[column]]})
    anchors = [f"pair-{row.actor}-and-{row.with_actor}" for row in records(pairs)]
    return pairs.assign(anchor=anchors)


def kinds_by_document(book: Book) -> pd.DataFrame:
    """Return how often each document names actors of each kind, as count_codes does, with the columns of bar_chart."""
    by_id, actors = book.coding.actor_scheme.by_id, book.corpus.actors
    kinds = pd.Series([str(by_id[actor].kind) for actor in actors["actor"]], actors.index, dtype=object)
    common = list(kinds.value_counts().index)
    if len(common) > len(COLOURS):
        common = [kind for kind in common[: len(COLOURS) - 1] if kind != OTHER_KIND] + [OTHER_KIND]
    rows = actors.assign(kind=kinds.where(kinds.isin(common), OTHER_KIND))
    counts = count_codes(split_corpus(book.corpus, "document"), rows, "kind", common)
    names = [name_of("actor_kind", code) for code in counts["code"]]
    return counts.assign(group=counts["value"].map(book.told_apart), category=names, href="#table-actors")


def asked_actors(book: Book, addressed: pd.DataFrame) -> pd.DataFrame:
    """Return the actors that directives address (see addressees), those addressed most often first.

    Columns: actor, name_zh, name_en, one for each instrument by its name, and times, all together, which leads to the
    clauses of asked_clauses.
    """
    by_id = book.coding.actor_scheme.by_id
    counts = pd.crosstab(addressed["actor"], addressed["instrument"])
    counts = counts.reindex(columns=list(names_of("instrument")), fill_value=0).rename(columns=names_of("instrument"))
    table = counts.assign(times=counts.sum(axis=1)).rename_axis(columns=None).reset_index()
    for n, column in enumerate(("name_zh", "name_en"), 1):
        table.insert(n, column, [getattr(by_id[actor], column) for actor in table["actor"]])
    table["times_href"] = [f"#asked-{actor}" for actor in table["actor"]]
    return table.sort_values(["times", "actor"], ascending=[False, True], ignore_index=True)


def asked_clauses(book: Book, asked: pd.DataFrame, addressed: pd.DataFrame, most: int) -> Html:
    """Return the clauses that address each actor of `asked`, at most `most` of each, and all as data to download."""
    by_actor = group_by(addressed.dropna(subset=["actor"]), "actor")
    folds = [_fold(f"asked-{row.actor}", row.name_en, row.times, lists=[_clauses(book, by_actor[row.actor], most)])
             for row in records(asked)]  # fmt: skip
    shown = addressed[addressed["sentence"].isin(book.quotable)]
    return render("clause_folds", parts=[("", folds)], download=download_link(shown, "addressed"))


# By which means: directives by instrument, subtype and strength in the parts of a book --------------

#: How directives are set out: view → the field whose values are parts, the column whose codes are counted.
VIEWS: Mapping[str, tuple[str, str]] = {"document": ("document", "instrument"), "strength": ("document", "strength"),
                                        "speaker": ("speaker", "instrument"), "plan": ("plan", "instrument"),
                                        "era": ("era", "instrument")}  # fmt: skip


#: A list of a large book has at most so many clauses.
_FEW = 15


def directive_counts(book: Book, view: str) -> pd.DataFrame:
    """Return count_codes of directives by a view of VIEWS with the columns of bar_chart.

    `group` says what the part is called, `category` what the code; `href` leads to the clauses of the cell where there
    are any (see directive_clauses).
    """
    field, column = VIEWS[view]
    names = names_of(column)
    counts = count_codes(split_corpus(book.corpus, field), book.corpus.directives, column, list(names))
    group = [_part_name(book, field, value) for value in counts["value"]]
    here = field != "document" or not book.is_large
    href = [(f"#{_anchor(view, row.value, row.code)}" if here else f"../documents/{row.value}.html#directives")
            * bool(row.count) for row in records(counts)]  # fmt: skip
    return counts.assign(group=group, category=counts["code"].map(names), href=href)


def subtype_counts(book: Book) -> pd.DataFrame:
    """Return how many directives of each document are of each subtype of an instrument.

    Columns: instrument and group (names of instrument and subtype), code (of the subtype), category (the document),
    count, total (of the subtype in all documents), href (its clauses, see directive_clauses). Of many documents
    (see Book.is_large) all together are one.
    """
    rows, many = [], book.is_large
    for instrument, subtypes in INSTRUMENTS.items():
        for subtype in subtypes:
            some = book.corpus.directives[book.corpus.directives["subtype"] == subtype]
            told = (name_of("instrument", instrument), name_code(subtype), subtype)
            if many:
                rows.append((*told, say("coded.directives.documents"), len(some), len(some), ""))
            for document in () if many else split_corpus(book.corpus, "document"):
                count = int(some["document"].eq(document).sum())
                anchor = _anchor("document", document, instrument, subtype)
                rows.append((*told, document, count, len(some), f"#{anchor}" if count else ""))
    columns = ["instrument", "group", "code", "category", "count", "total", "href"]
    return pd.DataFrame(rows, columns=columns)


def spread(counts: pd.DataFrame, *kept: str, **head: str) -> pd.DataFrame:
    """Return counts of parts by category with a row a part, for `show`: its name, `kept`, each category, `all`.

    `head` is the heading over the names and the column that holds them, as in `plan="group"`; by default both are
    group.
    A cell says how many, and where `counts` has a share and interval these in percent; it leads to its href.
    """
    rows: list[dict[str, Any]] = []
    ((heading, by),) = (head or {"group": "group"}).items()
    for group, some in counts.groupby(by, sort=False):
        row = {heading: group} | {column: some[column].iloc[0] for column in kept}
        for cell in records(some):
            row |= {cell.category: _cell(cell), f"{cell.category}_href": cell.href}
        rows.append(row | {"all": some["total"].iloc[0]})
    categories = [name for one in counts["category"].unique() for name in (one, f"{one}_href")]
    return pd.DataFrame(rows, columns=[heading, *kept, *categories, "all"])


def _cell(cell: Any) -> object:
    if not hasattr(cell, "share"):
        return cell.count
    low, high = ("" if pd.isna(bound) else f"{100 * bound:.0f}" for bound in (cell.low, cell.high))
    share = None if pd.isna(cell.share) else cell.share
    return say("coded.directives.cell", count=cell.count, share=share, low=low, high=high)


def cautions(counts: pd.DataFrame, kind: str, noun: str = "directives") -> Html:
    """Return what the sizes of the parts in `counts` forbid to conclude (see find_cautions)."""
    return render("cautions", sentences=caution_words(find_cautions(counts, kind, "group"), kind, noun))


def directive_clauses(book: Book, most: int) -> Html:
    """Return for every part and code of every view its clauses, at most `most` of each list, under a cell's address.

    In the view by document the clauses of an instrument are parted by subtype. The views by document are left out where
    these are many: their own pages have their clauses.
    """
    views = [view for view in VIEWS if VIEWS[view][0] != "document" or not book.is_large]
    parts = [(name_of("view", view), list(_view_folds(book, view, most))) for view in views]
    shown = book.corpus.directives[book.corpus.directives["sentence"].isin(book.quotable)].drop(columns=["block"])
    return render("clause_folds", parts=parts, download=download_link(shown, "directives"))


def _view_folds(book: Book, view: str, most: int) -> Iterator[dict[str, Any]]:
    """Yield a fold for every part of a view that holds directives, with one in it for every code that it holds."""
    field, column = VIEWS[view]
    for value, part in split_corpus(book.corpus, field).items():
        by_code = group_by(part.directives, column)
        folds = [_fold(_anchor(view, value, code), name, len(rows), lists=_lists(book, rows, most, (view, value, code)))
                 for code, name in names_of(column).items() if (rows := by_code.get(code)) is not None]  # fmt: skip
        if folds:
            yield _fold(f"evidence-{view}-{value}", _part_name(book, field, value), len(part.directives), folds=folds)


def _lists(book: Book, rows: pd.DataFrame, most: int, cell: tuple[str, str, str]) -> list[dict[str, Any]]:
    """Return the clauses of one cell (view, part, code), in the view by document those of each subtype apart."""
    by_subtype = group_by(rows, "subtype") if cell[0] == "document" else {}
    if not by_subtype:
        return [_clauses(book, rows, most)]
    return [_clauses(book, by_subtype[subtype], most) | {"anchor": _anchor(*cell, subtype), "name": name_code(subtype)}
            for subtype in INSTRUMENTS[cell[2]] if subtype in by_subtype]  # fmt: skip


def _clauses(book: Book, directives: pd.DataFrame, most: int) -> dict[str, Any]:
    """Return at most `most` clauses that may be shown, as clauses.html takes them, and how many more there are."""
    languages = dict(zip(book.corpus.documents["document"], book.corpus.documents["language"], strict=True))
    may_be_shown = [one in book.quotable for one in directives["sentence"]]  # a set is asked sooner than it is sorted
    shown = directives[may_be_shown].head(min(most, _FEW) if book.is_large else most)
    quotes = [{"text": row.text, "id": row.sentence, "place": book.place(row.sentence), "href": address(row.sentence),
               "language": HTML_LANGUAGE[languages[row.document]]}
              for row in records(shown)]  # fmt: skip
    return {"quotes": quotes, "more": len(directives) - len(quotes), "anchor": "", "name": ""}


def _fold(anchor: str, title: str, count: int, **within: list[dict[str, Any]]) -> dict[str, Any]:
    return {"anchor": anchor, "title": title, "count": count, "folds": [], "lists": [], **within}


def _anchor(view: str, value: str, code: str, subtype: str = "") -> str:

    return "-".join(["evidence", view, value, code, *([subtype.replace("_", "-")] if subtype else [])])


def _part_name(book: Book, field: str, value: str) -> str:
    if field == "document":
        return book.told_apart[value]
    return names_of("part").get(value) or book.vocabulary.label(value)
