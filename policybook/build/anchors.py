"""Published addresses last: data/anchors.csv has what stood where, where that stands now, and what is gone.

Its rows are written when an edition is cut (`policybook anchors --record`), so that what was never published may come,
move and go. `policybook check` names every published place that is gone, and every one whose words stand elsewhere,
until its row leads on (`now`) or declares it gone (`gone`, the first edition without it).
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policybook.build.targets import PageRecord, find_page, load_record, pages_of, quotes_of, read_target
from policybook.errors import BuildError, FolderError, PolicybookError, Problem, UnknownPageError, raise_problems, shown
from policybook.project import Project, language_and_page

if TYPE_CHECKING:  # heavy, and a reference is answered without
    from policybook.corpus.corpus import Corpus

# Only what is light is imported here, so that a reference is there at once.

#: Stands for the edition that will be cut next, whose name nobody knows yet.
NEXT = "next"
#: What is held to its words without a build; of all else the words may change as long as they do not move.
_QUOTED = ("passage", "sentence")


@dataclass(frozen=True)
class Published:
    """A row: a page, or a part of it, with a hash of its words and the edition that published it first.

    `now` is the place it leads on to, `gone` the first edition without it; both are empty where it stands.
    """

    page: str
    anchor: str
    kind: str
    title: str
    words: str
    edition: str
    now: str = ""
    gone: str = ""

    @property
    def place(self) -> str:
        """The page and the anchor, as a reference is asked for."""
        return f"{self.page}{'#' * bool(self.anchor)}{self.anchor}"

    @property
    def stands(self) -> bool:
        """Whether what was published still stands there."""
        return not (self.now or self.gone)

    @property
    def document(self) -> str:
        """The id of the document on whose page this is; otherwise empty."""
        folder, _, document = language_and_page(self.page)[1].partition("/")
        return document if folder == "documents" else ""


_COLUMNS = tuple(one.name for one in fields(Published))


def read_published(project: Project) -> list[Published]:
    """Return the rows of data/anchors.csv, as they are; none where there is no such file."""
    try:
        text = project.anchors_file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return []
    return [Published(*(row.get(name) or "" for name in _COLUMNS)) for row in csv.DictReader(io.StringIO(text))]


def write_published(project: Project, rows: Iterable[Published]) -> None:
    """Put new rows in the place of those of data/anchors.csv, all or none. Raises FolderError."""
    made = io.StringIO()
    writer = csv.DictWriter(made, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(row) for row in rows)
    path = project.anchors_file
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(made.getvalue(), encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise FolderError(f"{project.name(path)}: it cannot be written ({error.strerror}).") from None


def _hash(text: str) -> str:
    plain = re.sub(r"[\W_]+", "", text).casefold()
    return hashlib.sha256(plain.encode()).hexdigest()[:12] if plain else ""


def _hash_title(title: str) -> str:
    """Return a hash of a title without its numbers, which are counted anew with every build."""
    return _hash(re.sub(r"\d", "", title))


# Where a published place is now ------------------------------------------------------------------------


def follow_address(project: Project, page: str, anchor: str) -> tuple[str, str, str]:
    """Return the page and the anchor under which a published place stands now, and a sentence where that is elsewhere.

    What the latest edition has at an address goes before what an earlier one had there. Raises UnknownPageError for
    what is gone.
    """
    rows = read_published(project)
    ends = [row for row in rows if row.page in (page, f"documents/{page}", f"comparisons/{page}", f"chapters/{page}")]
    found, of_page = [row for row in ends if row.anchor == anchor], [row for row in ends if not row.anchor]
    if of_page and not any(row.stands for row in of_page) and (not found or any(row.stands for row in found)):
        found = of_page
    if not found or any(row.stands for row in found):
        return page, anchor, ""
    row = found[-1]
    asked = replace(row, anchor=anchor)
    if row.gone:
        raise UnknownPageError(f"{asked.place}: {told_gone(row)}")
    new_page, _, new_anchor = row.now.partition("#")
    if not row.anchor:
        new_anchor = new_anchor or anchor
        _, _, told = follow_address(project, new_page, "") if new_page != page else ("", "", "")
        if told:  # the page it was led to has moved since
            new_page, new_anchor, _ = follow_address(project, new_page, new_anchor)
    place = f"{new_page}{'#' * bool(new_anchor)}{new_anchor}"
    return new_page, new_anchor, f"{asked.place} of edition {row.edition} is now {place}; the reference is to that."


def told_gone(row: Published) -> str:
    """Return a sentence for what is gone: what it was, of which edition, since when."""
    since = "since then" if row.gone == NEXT else f"since edition {row.gone}"
    return f"{f'“{row.title}” ' if row.title else 'it '}stood there in edition {row.edition} and is gone {since}."


# Check -------------------------------------------------------------------------------------------------

#: Of a page: its anchors, each with its kind and the hash of its words.
_Places = dict[str, tuple[str, str]]


def check_anchors(project: Project) -> None:
    """Hold every published place to what is known of it now, without executing anything.

    Pages, their sections and the texts of documents are known from the project's files, all other parts from the
    built site where nothing has changed since. Raises InvalidDataError with every place that is gone, or whose words
    stand elsewhere, and that its row does not lead on.
    """
    if not os.path.lexists(project.anchors_file):
        return
    from policybook.tables import CsvTable

    problems: list[Problem] = []
    file = project.name(project.anchors_file)
    table = CsvTable(project.anchors_file, file, _COLUMNS, problems, key=("page", "anchor", "edition"))
    raise_problems(problems)
    rows = [(row.line, Published(**row.cells)) for row in table.rows]
    if not rows:
        return
    from policybook.build.unbuilt import moved_pages, page_templates

    templates, moved = page_templates(project), moved_pages(project)
    known, whole = _known(project, templates, [row for _, row in rows])
    left = {row.page for _, row in rows if not row.anchor and not row.stands} | {*moved}
    lost: set[str] = set()  # what is said once need not be said of its parts
    for line, row in rows:
        if row.now and row.gone:
            problems.append(Problem(file, line, "gone", f"{row.place} leads on and is gone.", "Empty one of the two."))
        elif row.now and (why := _leads_nowhere(row.now, templates, known, whole)):
            problems.append(Problem(file, line, "now", f"{row.place} leads on to {row.now}, but {why}.", "Correct it."))
        elif row.stands and row.page not in left and not {row.page, row.place.partition(".")[0]} & lost:
            told, fix = _amiss(row, templates, known, whole)
            if told:
                lost.add(row.place if row.page in templates else row.page)
                problems.append(Problem(file, line, "", f"{row.place} of edition {row.edition}: {told}", fix))
    raise_problems(problems)


def _leads_nowhere(place: str, templates: Mapping[str, str], known: Mapping[str, _Places], whole: set[str]) -> str:
    page, _, anchor = place.partition("#")
    if page not in templates:
        return "there is no such page"
    return "there is no such place" if anchor and page in whole and anchor not in known[page] else ""


def _amiss(row: Published, templates: Mapping[str, str], known: Mapping[str, _Places],
           whole: set[str]) -> tuple[str, str]:  # fmt: skip
    """Return what is wrong with a published place, and how to put that right; empty where nothing is known to be."""
    gone = f"policybook anchors --gone {row.place}"
    lead = f"Lead it on: policybook anchors --moved {row.place} NEW; or declare it gone: {gone}"
    if row.page not in templates:
        return "there is no such page any more.", lead
    places = known.get(row.page, {})
    if not row.anchor:
        return "", ""
    kind, words = places.get(row.anchor, ("", ""))
    there = kind or not (row.page in whole or row.kind in _QUOTED or (row.kind in ("section", "page") and places))
    if there and (not row.words or not words or words == row.words):
        return "", ""
    elsewhere = [one for one, (its, same) in places.items() if its == row.kind and same == row.words and row.words]
    if elsewhere:
        new = f"{row.page}#{elsewhere[0]}"
        return f"its words stand at {new} now.", f"Lead it on: policybook anchors --moved {row.place} {new}"
    if not there:
        return "it is not there any more.", lead
    if row.kind != "passage":  # a caption may be reworded, a sentence repaired
        return "", ""
    return "other words stand there now.", f"{lead}; or empty its cell 'words' if this is the same passage, corrected"


def _known(project: Project, templates: Mapping[str, str],
           rows: Sequence[Published]) -> tuple[dict[str, _Places], set[str]]:  # fmt: skip
    """Return what is known to stand on the pages that have rows, and on which of them nothing else does."""
    known: dict[str, _Places] = {}
    whole: set[str] = set()
    wanted = {row.page for row in rows} | {row.now.partition("#")[0] for row in rows}
    built = _is_current(project)
    texts = _texts(project, {row.document for row in rows} - {""})
    for page in sorted(wanted & templates.keys()):
        record = load_record(project.site, page) if built else None
        known[page] = dict.fromkeys(_labels(project, templates[page]), ("section", ""))
        if record is not None:
            whole.add(page)
            known[page] = {part[0]: (part[1], _hash_title(part[2])) for part in record["parts"]}
        folder, _, document = language_and_page(page)[1].partition("/")
        known[page] |= texts.get(document, {}) if folder == "documents" else {}
    return known, whole


def _is_current(project: Project) -> bool:
    from policybook.build.state import nothing_changed

    return nothing_changed(project)


def _labels(project: Project, template: str) -> list[str]:
    """Return the labels of a template's headings, which are the addresses of its sections."""
    try:
        cells = json.loads((project.notebooks / f"{template}.ipynb").read_bytes())["cells"] if template else []
        sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    except (OSError, ValueError, KeyError, TypeError):  # said elsewhere
        return []
    return [label for source in sources for label in re.findall(r"^\(([^)\s]+)\)=\s*$", source, re.MULTILINE)]


def _texts(project: Project, documents: Iterable[str]) -> dict[str, _Places]:
    """Return the passages and sentences of documents, hashed as they were received, so that a repair moves nothing."""
    wanted = set(documents)
    if not wanted:
        return {}
    from policybook.coding.store import load_coded

    return _places_of(load_coded(project), wanted)


def _places_of(corpus: Corpus, wanted: set[str]) -> dict[str, _Places]:
    from policybook.corpus.corpus import records

    found: dict[str, _Places] = defaultdict(dict)
    for table in (corpus.passages, corpus.boilerplate):
        for row in records(table[table["document"].isin(wanted)]):
            found[row.document][row.anchor] = ("passage", _hash(str(row.raw)))
    for row in records(corpus.sentences[corpus.sentences["document"].isin(wanted)]):
        found[row.document][str(row.sentence).partition(":")[2]] = ("sentence", _hash(str(row.text)))
    return found


# Rows are written --------------------------------------------------------------------------------------


def record_edition(project: Project) -> tuple[str, int, int]:
    """Write a row for every place of the built site; return the edition, how many are new, and how many stand.

    Raises PolicybookError where the edition has no day of release, or the site is not up to date.
    """
    from policybook.build.check import check_project
    from policybook.build.edition import read_about

    about = read_about(project)
    if not about.released:
        raise PolicybookError("CITATION.cff has no date-released: addresses are recorded when an edition is cut. Add "
                              "it, and build.")  # fmt: skip
    if not _is_current(project):
        raise BuildError("The built book is not up to date, so what it publishes is not known: policybook build.")
    check_project(project, check_anchors)
    rows = [replace(row, gone=about.version) if row.gone == NEXT else row for row in read_published(project)]
    standing = {(row.page, row.anchor): n for n, row in enumerate(rows) if row.stands}
    known, new = len(standing), 0
    for row in _published_now(project, about.version):
        place = standing.get((row.page, row.anchor))
        if place is None:
            rows.append(row)
            new += 1
        else:
            rows[place] = replace(row, edition=rows[place].edition)
    write_published(project, rows)
    return about.version, new, known + new


def _published_now(project: Project, edition: str) -> Iterator[Published]:
    """Yield a row for every page of the site and every part of it."""
    texts: dict[str, _Places] | None = None
    for page in pages_of(project.site):
        record = load_record(project.site, page)
        if record is None:
            continue
        yield (own := Published(page, "", "page", record["title"], _hash_title(record["title"]), edition))
        if own.document and texts is None:
            texts = _texts(project, {one.rpartition("/")[2] for one in pages_of(project.site)})
        said = (texts or {}).get(own.document, {})
        for anchor, kind, title, _ in record["parts"]:
            words = said[anchor][1] if kind in _QUOTED and anchor in said else _hash_title(title)
            yield Published(page, anchor, kind, "" if kind in _QUOTED else title, words, edition)


def declare(project: Project, old: str, new: str = "") -> int:
    """Lead a published place on to a new one, or without one declare it gone; return how many rows were changed.

    The sentences of a passage go with it. Raises UnknownPageError for a place that was never published or does not
    stand any more.
    """
    if not (rows := read_published(project)):
        fix = "It begins when an edition is cut: policybook anchors --record"
        raise UnknownPageError(f"{shown(old, 80)!r}: data/anchors.csv has no published address yet. {fix}")
    page, anchor = read_target(old)
    page = find_page(page, sorted({row.page for row in rows}))
    now = ""
    if new:
        from policybook.build.unbuilt import page_templates

        new_page, new_anchor = read_target(new)
        new_page = find_page(new_page, [*page_templates(project)])
        now = f"{new_page}{'#' * bool(new_anchor)}{new_anchor}"
    changed = 0
    for n, row in enumerate(rows):
        within = bool(anchor) and row.anchor.startswith(f"{anchor}.")
        if row.page == page and row.stands and (row.anchor == anchor or within):
            behind = row.anchor.removeprefix(anchor) if "#" in now else ""
            rows[n] = replace(row, now=now + behind) if now else replace(row, gone=NEXT)
            changed += 1
    if not changed:
        raise UnknownPageError(f"{shown(old, 80)!r}: data/anchors.csv has no such place that stands.")
    write_published(project, rows)
    return changed


@click.command("anchors")
@click.option("--record", is_flag=True, help="Write a row for every place of the built book: its edition is cut.")
@click.option("--moved", nargs=2, metavar="OLD NEW", help="Lead a published place on to where its words stand now.")
@click.option("--gone", metavar="OLD", help="Declare that a published place is gone.")
@click.pass_obj
def anchors_command(folder: Path | None, record: bool, moved: tuple[str, str] | None, gone: str | None) -> None:
    """Say how many addresses are published (data/anchors.csv), or record those of an edition that is cut."""
    if record + bool(moved) + bool(gone) > 1:
        raise click.UsageError("--record, --moved and --gone are three things. Choose one.")
    project = Project.find(folder)
    if record:
        edition, new, standing = record_edition(project)
        click.echo(f"Edition {edition}: {new} new addresses are in data/anchors.csv, {standing} stand in all.")
    elif moved or gone:
        changed = declare(project, *moved) if moved else declare(project, str(gone))
        click.echo(f"{changed} row{'s' * (changed != 1)} of data/anchors.csv changed. Next: policybook check")
    else:
        rows = read_published(project)
        editions = ", ".join(dict.fromkeys(row.edition for row in rows)) or "none"
        click.echo(f"{sum(row.stands for row in rows)} published addresses stand, {sum(bool(row.now) for row in rows)} "
                   f"lead on, {sum(bool(row.gone) for row in rows)} are gone. Editions: {editions}.")  # fmt: skip


# A document is replaced --------------------------------------------------------------------------------

#: How much of a quotation's likeness its own words make, and how alike it must be with what stands around it.
_OWN_WORDS, _ALIKE = 0.8, 0.6


def match_passages(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """Return where each old passage stands in the new text: the same words in order, then anywhere, then the like.

    What is alike is told by text-quote selectors: by its words, and by those before and behind it.
    """
    ids, new_ids = [*old], [*new]
    plain, new_plain = ([_hash(text) for text in texts.values()] for texts in (old, new))
    found: dict[int, int] = {}
    for a, b, size in SequenceMatcher(None, plain, new_plain, autojunk=False).get_matching_blocks():
        found.update(zip(range(a, a + size), range(b, b + size), strict=True))
    free = [n for n in range(len(new_ids)) if n not in found.values()]
    for n in (n for n in range(len(ids)) if n not in found):
        same = next((m for m in free if plain[n] and new_plain[m] == plain[n]), None)
        if same is not None:
            found[n] = same
            free.remove(same)
    likely = sorted(((score, n, m) for n, m, score in _likenesses(old, new, found, free)), reverse=True)
    for _, n, m in likely:
        if n not in found and m in free:
            found[n] = m
            free.remove(m)
    return {ids[n]: new_ids[m] for n, m in found.items()}


def _likenesses(old: Mapping[str, str], new: Mapping[str, str], found: Mapping[int, int],
                free: Sequence[int]) -> Iterator[tuple[int, int, float]]:  # fmt: skip
    from rapidfuzz.fuzz import ratio

    def cut(text: str) -> list[str]:
        return re.findall(r"[a-z0-9]+|\w", text.casefold())

    before, after = ([tuple(map(cut, quote)) for quote in quotes_of([*texts.values()])] for texts in (old, new))
    around = (1 - _OWN_WORDS) / 2
    for n in (n for n in range(len(before)) if n not in found):
        for m in free:
            own, lead, rest = (ratio(before[n][part], after[m][part]) / 100 for part in (1, 0, 2))
            if (score := _OWN_WORDS * own + around * (lead + rest)) >= _ALIKE:
                yield n, m, score


def keep_addresses(project: Project, document: str, before: Corpus, after: Corpus) -> list[str]:
    """Lead the published addresses of a document that was replaced on to where its words stand now.

    Return which passages moved, were changed in their place, are gone, or new, a line each.
    """
    texts = _passages(before, document), _passages(after, document)
    moved = match_passages(*texts)
    sentences = {**moved}
    for old, new in moved.items():
        own = [_sentences(corpus, document, anchor) for corpus, anchor in ((before, old), (after, new))]
        sentences |= dict.fromkeys(own[0], new) | match_passages(*own)
    now = _places_of(after, {document}).get(document, {})
    rows, led = read_published(project), 0
    for n, row in enumerate(rows):
        page, _, anchor = row.now.partition("#")
        if row.document == document and row.stands and row.kind in _QUOTED:
            new = sentences.get(row.anchor, "")
            rows[n] = (replace(row, words=now[new][1]) if new == row.anchor else
                       replace(row, now=f"{row.page}#{new}") if new else replace(row, gone=NEXT))  # fmt: skip
        elif anchor and language_and_page(page)[1] == f"documents/{document}" and re.fullmatch(r"p\d+(\.\d+)?", anchor):
            new = sentences.get(anchor, "")
            rows[n] = replace(row, now=f"{page}#{new}") if new else replace(row, now="", gone=NEXT)
        else:
            continue
        led += rows[n] != row
    if led:
        write_published(project, rows)
    told = [f"{led} published addresses of it lead on now, or are declared gone: data/anchors.csv."] if led else []
    return [*_told_moves(*texts, moved), *told]


def _passages(corpus: Corpus, document: str) -> dict[str, str]:
    from policybook.corpus.corpus import records

    tables = (table[table["document"] == document] for table in (corpus.passages, corpus.boilerplate))
    rows = [row for table in tables for row in records(table)]
    return {str(row.anchor): str(row.raw) for row in sorted(rows, key=lambda row: int(row.paragraph))}


def _sentences(corpus: Corpus, document: str, anchor: str) -> dict[str, str]:
    own = corpus.sentences[corpus.sentences["passage"] == f"{document}:{anchor}"]
    return {str(one).partition(":")[2]: str(text) for one, text in zip(own["sentence"], own["text"], strict=True)}


def _told_moves(old: Mapping[str, str], new: Mapping[str, str], moved: Mapping[str, str]) -> Iterator[str]:
    """Yield what became of the passages, those that moved together in one piece."""
    order = [*new]
    runs: list[list[str]] = []
    for one in old:
        there = moved.get(one, one)
        shift = order.index(there) - [*old].index(one) if one in moved else 0
        if there == one:
            continue
        if runs and runs[-1][2] == str(shift) and [*old].index(runs[-1][1]) + 1 == [*old].index(one):
            runs[-1][1] = one
        else:
            runs.append([one, one, str(shift)])
    parts = [f"{first} → {moved[first]}" if first == last else f"{first}–{last} → {moved[first]}–{moved[last]}"
             for first, last, _ in runs]  # fmt: skip
    same = [one for one, there in moved.items() if _hash(old[one]) != _hash(new[there])]
    listed = (("Moved", parts), ("In other words", same), ("Gone", [one for one in old if one not in moved]),
              ("New", [one for one in new if one not in moved.values()]))  # fmt: skip
    yield from (f"{name}: {', '.join(some)}." for name, some in listed if some)


# What a page says of its earlier addresses -------------------------------------------------------------


def earlier_places(rows: Iterable[Published], record: PageRecord, edition: str) -> str:
    """Return the markup that stands at the end of a page: where its earlier addresses lead, and what is gone.

    What has no element of its own any more gets one there, so that its address leads to it without a script; others
    are found by static/anchors.js. Sentences that go where their passage goes are not listed.
    """
    from policybook.words.say import page_template

    rows = [row for row in rows if row.page == record["page"] and row.anchor]
    live, stands = {part[0] for part in record["parts"]}, {row.anchor for row in rows if row.stands}
    whole, last = {(row.anchor, row.edition): row for row in rows}, {row.anchor: row for row in rows}
    listed = []
    for row in rows:
        passage, dot, number = row.anchor.partition(".")
        above = whole.get((passage, row.edition)) if dot and row.kind == "sentence" else None
        if row.stands or (above and (above.gone if row.gone else row.now == f"{above.now}.{number}")):
            continue
        page, _, anchor = row.now.partition("#")
        up = "../" * record["page"].count("/")
        passage_now = anchor if re.fullmatch(r"p\d+(\.\d+)?", anchor) else ""
        listed.append({
            "row": row, "numbers": _number(row.anchor), "new_numbers": _number(passage_now),
            "id": row.anchor if row.anchor not in live and last[row.anchor] is row else "",
            "leads": row.anchor not in stands,
            "href": f"#{anchor}" if page == row.page else f"{up}{page}.html{'#' * bool(anchor)}{anchor}",
            "gone": edition if row.gone == NEXT else row.gone, "here": page == row.page,
        })  # fmt: skip
    return page_template("earlier").render(rows=listed) if listed else ""


def _number(anchor: str) -> str:
    return anchor.removeprefix("p").lstrip("0")


def pages_left(project: Project) -> tuple[dict[str, str], list[Published]]:
    """Return the published pages that lead on to another one, each with it, and those that are gone."""
    rows = [row for row in read_published(project) if not row.anchor]
    return ({row.page: row.now.partition("#")[0] for row in rows if row.now},
            [row for row in rows if row.gone])  # fmt: skip
