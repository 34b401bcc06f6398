"""Pieces of HTML: fragments from templates, tables with links and downloads, numbers that name their rows."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol

import pandas as pd
from markupsafe import Markup
from myst_nb import glue as _glue

from policybook.charts.theme import download_link
from policybook.words.say import has_text, language_tag, mark, names_of, page_template, percent, points, say

# HTML fragments for pages, from templates that escape everything they are given --------------------

@dataclass(frozen=True)
class Html:
    """A piece of a page; a notebook cell that ends in one shows it."""

    markup: Markup

    def _repr_html_(self) -> str:
        return str(self.markup)

    def __repr__(self) -> str:
        return f"Html({len(self.markup)} characters)"


def render(template: str, /, **values: object) -> Html:
    """Fill the fragment pages/<template>.html of the words; every value is escaped."""
    return Html(Markup(page_template(template).render(**values)))


def glue(**values: object) -> None:
    """Give values to the page's prose: {glue:text}`name` prints text, {glue:any}`name` a piece of HTML."""
    for name, value in values.items():
        _glue(name, value if isinstance(value, Html) else " ".join(str(value).split()), display=False)


def nothing(key: str, /, **values: object) -> Html:
    """Return the sentence `key` of the words in the place of a chart or table for which there is nothing to show."""
    return render("nothing", sentence=say(key, **values))


def mark_spans(text: str, spans: Iterable[tuple[int, int, str | Mapping[str, str]]]) -> Markup:
    """Return escaped `text` in which every (start, end, title or attributes) span stands in a <mark>."""
    marked, position = Markup(""), 0
    for start, end, said in sorted(spans, key=lambda span: span[:2]):
        attributes = {"title": said} if isinstance(said, str) else said
        look = Markup("").join(Markup(' {}="{}"').format(name, value) for name, value in attributes.items())
        marked += text[position:start] + Markup("<mark{}>{}</mark>").format(look, text[start:end])
        position = end
    return marked + text[position:]


# DataFrames as accessible HTML tables with their data to download ----------------------------------

#: How a column's cells are written: "percent", "percent:1" (with a decimal) or "points" of shares from 0 to 1, a format
#: such as ",.1f", "name:GROUP" as that group of words/en/names.yml calls codes, "interval" of a column X with X_low and
#: X_high, its bounds, in one cell, or a function, also of missing cells. Formats of columns that are not there do
#: nothing, so that tables may share them.
CellFormat = str | Callable[[Any], str]
#: Columns whose cells lead to what they name where they are ids of the corpus (and not numbers); in the plural to many.
ID_COLUMNS = ("sentence", "sentences", "passage", "passages", "document", "documents")
_HREF = "_href"
_NAMES = "name:"
_BOUNDS = ("_low", "_high")
# A run of Chinese begins and ends with it; figures, Western marks and spaces stand within.
_HAN = "\u3400-\u9fff\uf900-\ufaff"
_CHINESE = re.compile(f"[《（“‘]?[{_HAN}](?:[{_HAN}\u3000-\u303f\uff00-\uff65\u2014-\u201d·%\\d., ]*[{_HAN}》）”’])?")
# On a Chinese page two words make a run: CSV, hukou, and the ids of documents stay as they are.
# A word has so many letters that what is longer, which no word is, takes no longer to look through.
_WORD = r"[A-Za-z](?:[\w’'/-]|&#3[49];|\.(?=[A-Za-z])){0,60}+"
_APART = r"(?:[,;:.]? (?:\(|&#34;)?| ?[–—] ?|\)[,;.]? | &amp; )"
_ENGLISH = re.compile(rf"{_WORD}(?:{_APART}\d[\d-]*)*{_APART}{_WORD}(?:{_APART}(?:{_WORD}|\d[\d-]*))*[).?]?", re.ASCII)
_TAGS = re.compile(r"<!--.*?-->|<(/?)([A-Za-z][\w:-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>", re.DOTALL)
_VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"))
_PLAIN = frozenset(("script", "style", "svg", "title", "textarea", "option", "math"))  # what can hold no element
_UNNAMED = re.compile(r'<a href="([^"]*)"(?: tabindex="-1")?>(?=\s*<(?:path|use|rect|circle|g)\b)')
_WHOLE = frozenset(("text", "tspan", "option"))  # words in a drawing or a choice: they have their language as a whole
#: Of more documents a cell, or what stands behind quotations, leads to the first so many, and says how many more.
MOST_DOCUMENTS = 12
#: A table of more rows than this is long, and its cells lead to fewer.
_LONG, _FEW_DOCUMENTS = 100, 4
#: A table shows rows with so many cells; its file has all. Where links lead to rows they are all there.
_MOST_CELLS = 2_400
_ASIDE = Markup('<span class="pb-quiet">{}</span>')
_TIMES = Markup('<span class="pb-quiet"> ×{}</span>')


def show(data: pd.DataFrame, *, caption: str = "", name: str = "", labels: Mapping[str, str] | None = None,
         links: Mapping[str, str] | None = None, formats: Mapping[str, CellFormat] | None = None,
         below: Mapping[str, Sequence[str]] | None = None, anchors: str = "", sources: str = "", status: str = "",
         here: str = "", base: str = "../", stacked: bool = False, dense: bool = False, fold: str = "", empty: str = "",
         file: str = "", most: int = 0) -> Html:  # fmt: skip
    """Return a DataFrame as an accessible table under `caption`, with all of it to download as NAME.csv.

    - `labels`: column → heading, for the columns to show, in this order; by default all but those that the next
      options name.
    - `links`: column → the column that holds its address; a column X is linked by a column X_href without being named.
      Cells of ID_COLUMNS lead to the sentence, passage or document they name, on the page of the document `here`
      without leaving it, elsewhere from a page that is `base` away from the book's root.
    - `formats`: column → how its cells are written (see CellFormat). It may name columns that the data lack: one
      mapping serves many tables.
    - `below`: column → columns whose cells stand, small, beneath its own.
    - `anchors`: the column of the rows' own ids in the page, so that links lead to a row.
    - `sources`: the column with the ids of the facts that a row rests on, which its markup then names.
    - `status`: the column whose value tells rows apart in the looks: its row is of the class pb-VALUE.
    - `stacked`: on a narrow screen a row stands as a list of its cells instead of being scrolled.
    - `dense`: set closely, for tables with many columns.
    - `fold`: the line behind which the table is folded away.
    - `empty`: the sentence that stands in place of a table without rows.
    - `file`: the name of the download where it is not `name`.
    - `most`: so many rows are shown, and the download has all; by default what is enough for a page where the table
      has a name and no `anchors`.

    Where the first column tells the rows apart, its cells are their headers.
    A cell may be Html, a list (shown one after the other; ids behind their document, each once with how often) or
    missing (shown empty). Everything but Html is escaped. Raises KeyError for a column that is not there.
    """
    if empty and data.empty:
        return render("nothing", sentence=empty)
    links = {c: f"{c}{_HREF}" for c in data.columns if f"{c}{_HREF}" in data.columns} | dict(links or {})
    formats = {c: form for c, form in (formats or {}).items() if c in data.columns}
    bounds = {c: [f"{c}{end}" for end in _BOUNDS] for c, form in formats.items() if form == "interval"}
    writers = {c: _writer(form) for c, form in formats.items() if c not in bounds}
    hidden, below = {*links.values(), anchors}, below or {}
    unshown = hidden.union(*bounds.values(), *below.values())
    shown = dict(labels or {str(c): _heading(str(c)) for c in data.columns if c not in unshown})
    numbers = {c for c in shown if pd.api.types.is_numeric_dtype(data[c])}
    numbers |= {c for c, form in formats.items() if isinstance(form, str) and not form.startswith(_NAMES)}
    whole, rows = data, list[dict[str, Any]]()
    if name and (most or not anchors):
        data = data.head(most or max(_MOST_CELLS // max(len(shown), 1), 1))
    leads = _Leads(here, base, {} if "title" in data.columns else _called,  # beside the title the id is wanted
                   MOST_DOCUMENTS if len(data) <= _LONG else _FEW_DOCUMENTS)
    for row in data.to_dict("records"):
        told = row | {c: with_interval(row[c], *(row[end] for end in ends)) for c, ends in bounds.items()}
        cells = {c: _cell(told[c], c, writers.get(c, _plainly), leads, told[links[c]] if c in links else "")
                 for c in {*shown}.union(*below.values())}  # fmt: skip
        stacks = [_stack(cells[c], [cells[other] for other in below.get(c, ())]) for c in shown]
        own = {"id": anchors, "rows": sources, "status": status}
        rows.append({what: str(row[c]) if c else "" for what, c in own.items()} | {"cells": stacks})
    first = {row["cells"][0] for row in rows} - {""}
    headed = len(shown) > 1 and next(iter(shown)) not in numbers and len(first) == len(rows)
    rounded = whole.round({end: 4 for c, ends in bounds.items() for end in (c, *ends)})
    return render(
        "table", name=name, caption=caption, rows=rows, stacked=stacked, dense=dense or bool(bounds), fold=fold,
        headed=headed, left=len(whole) - len(data),
        columns=[{"label": text, "number": c in numbers} for c, text in shown.items()],
        download=download_link(_downloadable(rounded, hidden - {anchors}), file or name) if name else "",
    )  # fmt: skip


def _heading(column: str) -> str:
    """Return what stands over a column: its words, else its name; of a document's id what it is called."""
    if has_text(key := f"columns.{column}"):
        return say(key)
    return _called.get(column, column) if "-" in column else column[:1].upper() + column[1:].replace("_", " ")


class _Leads(NamedTuple):
    """How the ids in a table lead on: from which page, how documents are called, and to how many of a cell."""

    here: str
    base: str
    called: Mapping[str, str]
    most: int


def _cell(value: Any, column: str, write: Callable[[Any], str], leads: _Leads, href: Any) -> Markup:
    if isinstance(value, Html):
        return value.markup
    if isinstance(value, list | tuple | set | frozenset) and column in ID_COLUMNS:
        return _many_ids(value, leads)
    if isinstance(value, list | tuple | set | frozenset):
        return Markup(mark("comma")).join(_cell(one, column, write, leads, href) for one in value)
    text = write(value)
    if not href and text and isinstance(value, str) and column in ID_COLUMNS:
        return _id_link(text, leads, called=leads.called.get(text, ""))
    own = str(Markup.escape(text))
    shown = Markup(own if language_tag().startswith("zh") else mark_chinese(own))
    return Markup('<a href="{}">{}</a>').format(href, shown) if isinstance(href, str) and href else shown


def _many_ids(identifiers: Iterable[object], leads: _Leads) -> Markup:
    """Return links to many ids, those of each document behind its name, each once and with how often it comes.

    Of more documents than it leads to these alone, with how often each comes.
    """
    by_document = defaultdict[str, Counter[Markup]](Counter)
    for one in map(str, identifiers):
        document, colon, _ = one.partition(":")
        by_document[document if colon and document != leads.here else ""][_id_link(one, leads, "pb-where")] += 1
    lines, many = [], len(by_document) > leads.most
    for document, times in list(by_document.items())[: leads.most]:
        head = [_id_link(document, leads, called=_called.get(document, ""))] if document else []
        if many and head:
            times, head = Counter({head[0]: times.total()}), []
        links = [link + (_TIMES.format(n) if n > 1 else "") for link, n in times.items()]
        lines.append(Markup(" ").join([*head, *links]))
    if (more := len(by_document) - leads.most) > 0:
        lines.append(_ASIDE.format(say("frame.more_documents", number=more)))
    return Markup("<br>").join(lines)


def _stack(cell: Markup, below: Sequence[Markup]) -> Markup:
    small = Markup(mark("semicolon")).join(one for one in below if one and one != cell)
    return cell + Markup('<br><span class="pb-quiet">{}</span>').format(small) if small else cell


def _writer(form: CellFormat) -> Callable[[Any], str]:

    if callable(form):
        return form
    kind, _, more = form.partition(":")
    names = names_of(more) if kind == "name" else {}
    writers: dict[str, Callable[[Any], str]] = {
        "name": lambda code: names.get(str(code), str(code).replace("_", " ")),
        "percent": lambda share: percent(share, int(more or 0)), "points": points,
    }  # fmt: skip
    write = writers.get(kind, lambda value: format(value, form))
    return lambda value: "" if _is_missing(value) else write(value)


def _plainly(value: Any) -> str:
    if _is_missing(value):
        return ""
    return f"{value:g}" if isinstance(value, float) else f"{value:,}" if type(value) is int else str(value)


def _is_missing(value: Any) -> bool:
    return value is None or value is pd.NA or (isinstance(value, float) and pd.isna(value))


_called: dict[str, str] = {}


def call_documents(names: Mapping[str, str]) -> None:
    """Let lists of places in documents call these so from now on, and not by their ids."""
    _called.clear()
    _called.update(names)


def _id_link(identifier: str, leads: _Leads, kind: str = "", called: str = "") -> Markup:
    """Return a link of a class, if any, to what an id names: `document`, `document:p07` or `document:p07.2`."""
    document, _, place = identifier.partition(":")
    passage, dot, sentence = place.partition(".")
    name = f"¶{int(passage[1:])}{dot}{sentence}" if place else called or document
    page = "" if document == leads.here else f"{leads.base}documents/{document}.html"
    own = Markup(' class="{}"').format(kind) if kind else ""
    return Markup('<a{} href="{}">{}</a>').format(own, f"{page}#{place}" if place else page, name)


def mark_chinese(markup: str) -> str:
    """Return HTML in which every run of Chinese stands in an element with its language; what has one stays as it is."""
    return _mark_language(markup, _CHINESE, "zh")


def mark_english(markup: str) -> str:
    """Return HTML of a Chinese page in which every run of English words has its language."""
    return _mark_language(markup, _ENGLISH, "en")


def _mark_language(markup: str, run: re.Pattern[str], language: str) -> str:
    pieces, position = [""], 0
    settled: list[tuple[str, bool]] = []  # of every open element: whether nothing is to be marked in it
    for tag in _TAGS.finditer(markup):
        text = markup[position : tag.start()]
        whole = settled and settled[-1][0] in _WHOLE and "lang=" not in pieces[-1]
        if whole and (run.match(text.strip()) or (settled[-1][0] == "option" and run.search(text))):
            pieces[-1] = f'{pieces[-1].removesuffix(">")} lang="{language}">'
        pieces += [_with_language(text, settled, run, language), tag[0]]
        position, name = tag.end(), (tag[2] or "").lower()
        if tag[1]:
            while any(open_ == name for open_, _ in settled) and settled.pop()[0] != name:
                pass
        elif name and name not in _VOID and not tag[3].endswith("/"):
            own = re.search(r"\blang=[\"']?(\w+)", tag[3])
            within = settled[-1][1] if settled and not (own or name in _PLAIN) else name in _PLAIN
            settled.append((name, own[1].startswith(language) if own and name not in _PLAIN else within))
    return "".join([*pieces, _with_language(markup[position:], settled, run, language)])


def name_links(markup: str) -> str:
    """Return HTML in which marks of drawings that lead somewhere have a name: what is said there, else the address."""

    def named(found: re.Match[str]) -> str:
        page, _, place = found[1].partition("#")
        start = markup.find(f'id="{place}"') if place and not page else -1
        there = markup[markup.find(">", start) + 1 : start + 2000].rpartition("<")[0] if start >= 0 else ""
        said = Markup(there).striptags()[:150] or f"{page.rpartition('/')[2].removesuffix('.html')} {place}".strip()
        return f"{found[0]}<title>{Markup.escape(said)}</title>"

    return _UNNAMED.sub(named, markup)


def keep_aside(markup: str, most: int) -> str:
    """Return HTML of which a browser makes at most `most` elements at once, if that can be: the rest when it is wanted.

    The longest folds, which are closed, wait each in a `template`; what stands in one already is not counted. Where
    scripts do not run, a sentence says so.
    """
    count, kept, opened, folds = 0, 0, [], []  # folds: elements, start and end of what is in each
    for tag in _TAGS.finditer(markup):
        name, ends = (tag[2] or "").lower(), bool(tag[1])
        kept += (1 - 2 * ends) * (name == "template")
        count += bool(name) and not (ends or kept)
        if name == "details" and not ends:
            opened.append((count, tag.end(), "open" in tag[3]))
        elif name == "summary" and ends and opened:
            opened[-1] = (count, tag.end(), opened[-1][2])
        elif name == "details" and opened:
            before, start, is_open = opened.pop()
            if not (opened or is_open or "data-pb-filter" in markup[start : tag.start()]):
                folds.append((count - before, start, tag.start()))
    places, said = [], Markup("<noscript><p>{}</p></noscript>").format(say("frame.kept_aside"))
    for size, start, end in sorted(folds, reverse=True):
        if count > most:
            places += [(start, f'{said}<template class="pb-kept">'), (end, "</template>")]
            count -= size
    for place, text in sorted(places, reverse=True):
        markup = markup[:place] + text + markup[place:]
    return markup


def _with_language(text: str, settled: Sequence[tuple[str, bool]], run: re.Pattern[str], language: str) -> str:
    if settled and settled[-1][1]:
        return text
    return run.sub(lambda found: f'<span lang="{language}">{found[0]}</span>', text)


def _downloadable(data: pd.DataFrame, addresses: set[str]) -> pd.DataFrame:
    """Return what a table's CSV holds: its columns without addresses in the page, cells of pieces as their text."""
    kept = data.drop(columns=list(addresses), errors="ignore")
    return kept.map(lambda cell: cell.markup.striptags() if isinstance(cell, Html)
                    else ("; " if any(" " in str(one) for one in cell) else " ").join(map(str, cell))
                    if isinstance(cell, list | tuple) else cell)  # fmt: skip


def with_interval(value: float, low: float, high: float) -> str:
    """Return a share with its interval, `0.93 (.89–.96)`; "–" where it is not defined."""
    if pd.isna(value):
        return "–"
    bounds = [re.sub(r"^(-?)0\.", r"\1.", f"{bound:.2f}") for bound in (low, high)]
    return f"{value:.2f}{mark('open')}{'–'.join(bounds)}{mark('close')}".replace("-", "−")


# Numbers on pages that name the rows they come from: nothing that is not of a row, computed or assumed is printed ---

class Sourced(Protocol):
    """What a number needs of the row it stands in: an id, and where the row is from."""

    @property
    def id(self) -> str:
        """The row's id, which is its address."""

    @property
    def origin(self) -> str:
        """Who published it, where and when."""


_NUMBER = re.compile(r"(?<![\d.–-])((?!(?:19|20)\d\d(?!\d))\d+(?:,\d{3})*(?:\.\d+)?)")
_FACT = Markup('<a class="pb-fact" href="#{}" title="{}">{}</a>')
#: How a number was computed of its rows, as a test can do it again.
How = Literal["count", "difference", "pace", "other"]


def row_anchor(row: Sourced) -> str:
    """Return the id under which a page's table of origins shows a row."""
    return f"row-{row.id}"


def printed(text: str, row: Sourced) -> Html:
    """Return a number as its row prints it, linked to the row."""
    data = Markup('<data value="{}" data-rows="{}">{}</data>').format(text.replace(",", ""), row.id, text)
    return Html(_FACT.format(row_anchor(row), row.origin, data))


def computed(text: str, rows: Sequence[Sourced], how: How = "other") -> Html:
    """Return a number computed of `rows`, linked to the first: a difference is the last row less the first."""
    said = say("coded.computed", rows=len(rows), origins=list(dict.fromkeys(row.origin for row in rows[:4])))
    return Html(_FACT.format(row_anchor(rows[0]), said, _computed(text, rows, how)))


def tally(rows: Iterable[Sourced], text: str | None = None) -> Html:
    """Return how many rows there are, in `text` if given."""
    found = tuple(rows)
    return Html(_computed(text or str(len(found)), found, "count"))


def of_corpus(text: object) -> Html:
    """Return a number counted in the documents."""
    return Html(Markup('<data value="{0}" data-from="corpus">{0}</data>').format(text))


def in_words(sentence: str) -> Html:
    """Return a sentence that was computed of the documents, with the numbers in it marked; years are not marked."""
    pieces = _NUMBER.split(sentence)
    marked = (of_corpus(piece).markup if n % 2 else Markup.escape(piece) for n, piece in enumerate(pieces))
    return Html(Markup("").join(marked))


def assumed(text: object) -> Html:
    """Return a number that the page assumes, to show what follows from it."""
    return Html(Markup('<data value="{0}" data-from="assumption">{0}</data>').format(text))


def worked_out(text: object) -> Html:
    """Return a number worked out from an assumption and the rows named beside it."""
    return Html(Markup('<data value="{0}" data-from="computation">{0}</data>').format(text))


def of_rows(text: str, *rows: Sourced) -> Html:
    """Return words that rows hold, with whatever numbers stand in them."""
    return Html(Markup('<span data-rows="{}">{}</span>').format(" ".join(row.id for row in rows), text))


def _computed(text: str, rows: Sequence[Sourced], how: How) -> Markup:
    return Markup('<data value="{}" data-rows="{}" data-how="{}">{}</data>').format(
        text.replace(",", ""), " ".join(row.id for row in rows), how, text
    )


# Where coded things stand: links from other pages to passages, document by document ----------------

def address(sentence: str) -> str:
    """Return the address of a sentence, from a page in chapters/ or comparisons/."""
    return "../documents/{}.html#{}".format(*sentence.split(":"))


def number(sentence: str) -> int:
    """Return the number of a sentence's paragraph."""
    return int(sentence.partition(":")[2].partition(".")[0].removeprefix("p"))
