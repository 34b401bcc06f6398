"""What the pages of documents and of the corpus show: tables of what was found, and the marked passages."""

import re
from collections import Counter
from collections.abc import Container, Mapping
from itertools import groupby
from typing import Any

import pandas as pd
from markupsafe import Markup

from policybook.analysis.briefs import COUNT, Brief, Supported
from policybook.analysis.counts import presence
from policybook.analysis.keyness import list_terms
from policybook.charts.heatmap import HeatmapText, heatmap_chart
from policybook.charts.network import cloud_chart
from policybook.charts.theme import COLOURS, Chart
from policybook.coding.scheme import Scheme
from policybook.corpus.corpus import Corpus, records
from policybook.pages.book import Book
from policybook.pages.html import Html, mark_spans, render, show
from policybook.tables import parse_span
from policybook.words.comparisons import row_name
from policybook.words.say import dates_in_words, figure_in_words, language_name, name_of, names_of, number_in_words, say

#: How a page marks a document's language.
HTML_LANGUAGE = {"zh": "zh-Hans", "en": "en"}

# What was found in a document, or in any part of the corpus: tables of what is coded --------------------

def concepts_found(book: Book, corpus: Corpus) -> pd.DataFrame:
    """Return a row a concept that stands in `corpus`, most mentions first.

    Columns: concept, term_zh, term_en, theme (its label), mentions, ambiguous (how many of them), counted (whether it
    enters comparisons), forms (the wordings found), passages (an id a mention), remark (in words: not compared,
    ambiguous), anchor (the id of the row in the page).
    """
    found = corpus.mentions.groupby("concept", sort=False).agg(
        mentions=("text", "size"), ambiguous=("ambiguous", lambda marks: int(marks.astype(bool).sum())),
        forms=("text", lambda texts: sorted(set(texts.str.lower()))), passages=("passage", list),
    )  # fmt: skip
    concepts = [book.scheme.by_id[str(concept)] for concept in found.index]
    found = found.reset_index().assign(
        term_zh=[one.term for one in concepts], term_en=[one.term_en for one in concepts],
        theme=[book.scheme.theme_label[one.theme] for one in concepts],
        counted=[book.scheme.counted(one.id) for one in concepts], anchor=[f"concept-{one.id}" for one in concepts],
    )  # fmt: skip
    found["remark"] = [say("document.remark", counted=row.counted, ambiguous=row.ambiguous) for row in records(found)]
    order = ["concept", "term_zh", "term_en", "theme", "mentions", "ambiguous", "counted", "forms", "passages"]
    return found.sort_values(["mentions", "concept"], ascending=[False, True])[[*order, "remark", "anchor"]]


def quantities_found(corpus: Corpus) -> pd.DataFrame:
    """Return the figures, dates and numbers of papers in `corpus`, in reading order.

    Columns: those of corpus.quantities but block and document, and `amount`, the value as a page prints it.
    """
    found = corpus.quantities.drop(columns=["block", "document"])
    return found.assign(amount=[print_value(row.value, row.kind) for row in records(found)])


def actors_named(book: Book, corpus: Corpus) -> pd.DataFrame:
    """Return a row an actor named in `corpus`, most often first.

    Columns: actor, name_zh, name_en, kind (a code), times, passages and sentences (an id each time).
    """
    lists = {"passages": ("passage", list), "sentences": ("sentence", list)}
    found = corpus.actors.groupby("actor", sort=False).agg(times=("text", "size"), **lists).reset_index()
    actors = [book.coding.actor_scheme.by_id[str(actor)] for actor in found["actor"]]
    for n, column in enumerate(("name_zh", "name_en", "kind"), 1):
        found.insert(n, column, [getattr(one, column) for one in actors])
    return found.sort_values(["times", "actor"], ascending=[False, True])


def directives_found(corpus: Corpus) -> pd.DataFrame:
    """Return the directives of `corpus` in reading order: corpus.directives without block and document."""
    return corpus.directives.drop(columns=["block", "document"])


def means_of(directives: pd.DataFrame) -> str:
    """Say how many directives there are and how many of them name which means."""
    counts = directives["instrument"].value_counts()
    means = [(name, int(counts[code])) for code, name in names_of("instrument").items() if code in counts]
    return say("document.directives", number=len(directives), means=means)


def repairs_made(corpus: Corpus) -> pd.DataFrame:
    """Return what was repaired: document, document_href, repair (a code), times."""
    rows = [(d.document, f"../documents/{d.document}.html#repaired", kind, times) for d in records(corpus.documents)
            for kind, times in d.repairs.items()]  # fmt: skip
    return pd.DataFrame(rows, columns=["document", "document_href", "repair", "times"])


#: Kinds whose numbers are names of years and not amounts.
_PLAIN = ("year", "year_range", "ordinal", "doc_number", "date")


def print_value(value: Any, kind: str) -> str:
    """Return a quantity's value as a page prints it: amounts with thousands parted, ranges with a dash."""
    if isinstance(value, list | tuple):
        return "–".join(print_value(one, kind) for one in value)
    if kind in _PLAIN or isinstance(value, str) or pd.isna(value):
        return "" if value is None else str(value)
    return f"{value:,.10g}" if isinstance(value, float) else f"{value:,}"


def word_cloud(book: Book, terms: pd.Series, caption: str, most: int) -> Html:
    """Return the word cloud of a document's terms (term → count), and where each stands: a word leads to its row.

    A sentence where none of the terms can be drawn.
    """
    top = terms.head(most)
    rows = pd.DataFrame({"term": top.index, "times": top.to_numpy(), "anchor": [f"word-{n}" for n in range(len(top))]})
    try:
        chart = cloud_chart(f"cloud-{book.only}", terms, caption, most,
                            {row.term: f"#{row.anchor}" for row in records(rows)})  # fmt: skip
    except ValueError:
        return render("nothing", sentence=say("document.no_cloud"))
    found = list_terms(book.corpus, book.scheme, book.project)
    shown = found["sentence"].where(found["sentence"].isin(book.quotable), found["passage"])
    places = {term: [*dict.fromkeys(some)] for term, some in shown.groupby(found["term"].str.lower())}
    rows["sentences"] = [places.get(term.lower(), []) + places.get(f"{term.lower()}s", []) for term in rows["term"]]
    table = show(rows, anchors="anchor", here=book.only, fold=say("document.words"),
                 caption=say("document.words_caption"), name="words", file=f"{book.only}-words")  # fmt: skip
    return Html(Markup(chart._repr_html_()) + table.markup)


# The corpus as a whole ---------------------------------------------------------------------------------

def document_sizes(book: Book, base: str = "../") -> pd.DataFrame:
    """Return a row a document, in the order of data/corpus.yml.

    Columns: title, title_href, document, publisher, written and published (as data/corpus.yml says it), speaker, voice,
    language (with its translation, in words), passages, blocks, sha256, written_from, written_to and published_on
    (dates, the last one None where no date is known). Links go from a page that is `base` away from the book's root.
    """
    corpus, label = book.corpus, book.vocabulary.label
    passages, blocks = (table["document"].value_counts() for table in (corpus.passages, corpus.blocks))
    rows = []
    for d in records(corpus.documents):
        first, last = parse_span(d.written or d.published)
        rows.append({"title": d.title, "title_href": f"{base}documents/{d.document}.html", "document": d.document,
                     "publisher": d.publisher, "written": d.written or d.published, "published": d.published or "",
                     "speaker": label(d.speaker), "voice": d.voice,
                     "language": say("document.language", language=d.language, translated=bool(d.machine_translated)),
                     "passages": int(passages.get(d.document, 0)), "blocks": int(blocks.get(d.document, 0)),
                     "sha256": d.sha256, "written_from": first, "written_to": last,
                     "published_on": parse_span(d.published)[0] if d.published else None})  # fmt: skip
    return pd.DataFrame(rows)


def scope_sizes(book: Book) -> pd.DataFrame:
    """Return how many passages and blocks speak of what: field (a code), value (its label), passages, blocks."""
    corpus, vocabulary = book.corpus, book.vocabulary
    rows = []
    for field in names_of("scope"):
        passages, blocks = (t[field].explode().dropna().value_counts() for t in (corpus.passages, corpus.blocks))
        order = [*corpus.known[field], *passages.index]
        for value in sorted(passages.index, key=order.index):
            text = say("document.no_plan") if (field, value) == ("plan", "none") else vocabulary.label(value)
            rows.append((field, text, int(passages[value]), int(blocks[value])))
    return pd.DataFrame(rows, columns=["field", "value", "passages", "blocks"])


def themes_by_document(book: Book) -> pd.DataFrame:
    """Return a row a document: document, blocks, and a column a theme with the blocks that carry it.

    Every column X has an X_href, which leads to the document, or to where its page tells the sentences of the theme.
    """
    of = book.counts.blocks["document"].to_numpy()
    carried, blocks = presence(book.counts, "theme").groupby(of).sum().to_dict("index"), Counter(of)
    rows = []
    for document in book.corpus.documents["document"]:
        row = {"document": document, "document_href": f"../documents/{document}.html#concepts",
               "blocks": blocks[document]}  # fmt: skip
        for theme in book.scheme.themes:
            found = int(carried.get(document, {}).get(theme.id, 0))
            row |= {theme.label: found,
                    f"{theme.label}_href": f"../documents/{document}.html#theme-{theme.id}" * bool(found)}  # fmt: skip
        rows.append(row)
    return pd.DataFrame(rows)


def theme_chart(book: Book, name: str, caption: str) -> Chart:
    """Return the map of documents × themes, darker where more of a document's blocks carry one; cells lead there."""
    rows, themes = themes_by_document(book).set_index("document"), [theme.label for theme in book.scheme.themes]
    titles = dict(zip(book.corpus.documents["document"], book.corpus.documents["title"], strict=True))
    shares = rows[themes].div(rows["blocks"].clip(lower=1), axis=0)
    cells = {(str(document), theme): str(href) for theme in themes for document, href in rows[f"{theme}_href"].items()}
    return heatmap_chart(name, shares, caption, text=HeatmapText(cell=say("document.theme_cell")), labels=titles,
                         links={document: f"../documents/{document}.html" for document in titles},
                         cell_links=cells)  # fmt: skip


def themes_found(book: Book) -> pd.DataFrame:
    """Return a row a theme that enters comparisons and stands in the book: theme, blocks, sentences, anchor."""
    theme_of = {concept.id: concept.theme for concept in book.scheme.concepts if book.scheme.counted(concept.id)}
    held = book.corpus.mentions.assign(theme=book.corpus.mentions["concept"].map(theme_of)).dropna(subset="theme")
    found = held.groupby("theme").agg(blocks=("block", "nunique"),
                                      sentences=("sentence", lambda ids: [*dict.fromkeys(ids)]))  # fmt: skip
    order = [theme.id for theme in book.scheme.themes if theme.id in found.index]
    found = found.loc[order].reset_index()
    return found.assign(anchor="theme-" + found["theme"], theme=found["theme"].map(book.scheme.theme_label))


# The brief at the head of a document's page --------------------------------------------------------

def show_brief(brief: Brief | None, scheme: Scheme, shown: Container[str]) -> Html:
    """Return the statements with links to their passages; `shown` are the sentences that the page prints."""
    if brief is None:
        return render("nothing", sentence=say("document.no_brief"))
    rows = [{"text": brief_text(statement),
             "links": [_link(brief.document, reference, shown) for reference in statement.passages],
             "terms": [row_name(("concept", concept), scheme) for concept in statement.concepts]}
            for statement in brief.statements]  # fmt: skip
    return render("brief", rows=rows)


def brief_text(statement: Supported) -> str:
    """Return a statement with its figures in it, as they were found."""
    words = {name: figure_in_words(figure) for name, figure in statement.figures.items()}
    text = statement.filled(words | {COUNT: number_in_words(len(statement.passages), small=True)})
    return text[:1].upper() + text[1:]


def _link(document: str, reference: str, shown: Container[str]) -> dict[str, str]:
    """Return where a reference leads: to a sentence where the page shows it, else to its passage."""
    passage, _, sentence = reference.partition(".")
    anchor = reference if sentence and f"{document}:{reference}" in shown else passage
    name = f"¶{int(passage[1:])}" + (f".{sentence}" if sentence else "")
    return {"anchor": anchor, "name": name}


# The identity card, and the passages with their marks --------------------------------------------------

#: What few ask of a document, which stands in a fold.
_FURTHER = ("id", "written_evidence", "received_as", "rights_note", "sha256")


def identity_card(book: Book, document: str) -> Html:
    """Return what a document is, where it came from and what is doubtful about it; an era, say, if the book has any."""
    row, words, label = book.corpus.document(document), book.vocabulary, book.vocabulary.label
    values = {
        "id": row["document"], "title_zh": row["title_zh"], "doc_number": row["doc_number"],
        "publisher": row["publisher"],
        "published": dates_in_words(row["published"]) if row["published"] else say("document.no_date"),
        "written": dates_in_words(row["written"] or row["published"]), "written_evidence": row["written_evidence"],
        "era": label(row["era"]) if words.eras else None,
        "received_as": name_of("received_as", row["format"]) + (f", {row['encoding']}" if row["encoding"] else ""),
        "language": _language(row),
        "translation": say("document.translation", translated=bool(row["machine_translated"])),
        "speaker": label(row["speaker"]) if words.places else None, "voice": row["voice"],
        "plan": label(row["plan"]) if words.plans else None,
        "text_of": label(row["text_of"]) if row["text_of"] else None, "rights_note": row["rights_note"],
        "sha256": row["sha256"],
    }  # fmt: skip
    fields = {name: (say(f"document.identity.{name}"), value) for name, value in values.items() if value}
    return render("identity", fields=[told for name, told in fields.items() if name not in _FURTHER],
                  further=[told for name, told in fields.items() if name in _FURTHER], url=row["url"],
                  accessed=row["accessed"], notes=_notes(book, row), doubtful=row["warnings"])  # fmt: skip


def _notes(book: Book, row: pd.Series) -> list[str]:
    """Return what else is noted of a document: not what is told as doubtful, and others by their titles."""
    titles = dict(zip(book.corpus.documents["document"], book.corpus.documents["title"], strict=True))
    return [re.sub("'([a-z0-9-]+)'", lambda m: f"“{titles[m[1]]}”" if m[1] in titles else m[0], note)
            for note in row["notes"] if note not in row["warnings"]]  # fmt: skip


def _language(row: pd.Series) -> str:
    script = name_of("script", row["script"]) if row["language"] == "zh" else ""
    return language_name(row["language"]) + (say("document.script", script=script) if script else "")


def show_passages(book: Book, document: str) -> Html:
    """Return every paragraph under its anchor, with its scope; sentences that may not be shown are marked."""
    corpus, row = book.corpus.select(document=document), book.corpus.document(document)
    sentences, mentions = group_by(corpus.sentences, "passage"), group_by(corpus.mentions, "sentence")
    whole = row["rights"] == "full"
    items: list[dict[str, Any]] = [
        {"number": p.paragraph, "anchor": p.anchor, "reason": p.reason, "text": p.text if whole else None}
        for p in records(corpus.boilerplate)
    ]
    items += [{"number": p.paragraph, "anchor": p.anchor, "reason": None, "heading": heading_level(p),
               "scope": _scope(book, p), "pieces": cut_pieces(book, sentences[p.passage], mentions)}
              for p in records(corpus.passages)]  # fmt: skip
    items.sort(key=lambda item: int(item["number"]))
    contents = list_contents(corpus, book.quotable)
    return render("passages", items=items, contents=contents, language=HTML_LANGUAGE[row["language"]],
                  themes=_themes_marked(book, corpus.mentions))  # fmt: skip


def _scope(book: Book, passage: Any) -> list[str]:
    label = book.vocabulary.label
    places = ", ".join(label(place) for place in passage.places)
    plan = "" if passage.plan == "none" else book.vocabulary.short_plan(passage.plan)
    level = say("document.level", level=label(passage.level)) if passage.level else ""
    return [part for part in (places, level, plan) if part]


def cut_pieces(book: Book, sentences: pd.DataFrame, mentions: Mapping[str, pd.DataFrame]) -> list[dict[str, Any]]:
    """Return a passage cut up: each sentence that may be shown with its `mentions` marked, and how many are left out.

    `mentions` are by sentence.
    """
    pieces: list[dict[str, Any]] = []
    for shown, group in groupby(records(sentences), key=lambda row: row.sentence in book.quotable):
        found = list(group)
        if not shown:
            pieces.append({"left_out": len(found)})
            continue
        for row in found:
            marked = records(mentions[row.sentence]) if row.sentence in mentions else ()
            spans = [(one.start, one.end, term_mark(book, one.concept)) for one in marked]
            pieces.append({"left_out": 0, "id": row.sentence.split(":")[1], "text": mark_spans(row.text, spans)})
    return pieces


def term_mark(book: Book, identifier: str) -> dict[str, str]:
    """Return the attributes of the mark of a coded term: what it is, in words, its theme as a class, its concept."""
    concept, themes = book.scheme.by_id[identifier], [theme.id for theme in book.scheme.themes]
    words = (concept.term_zh, concept.pinyin, concept.term_en, book.scheme.theme_label[concept.theme])
    title = " · ".join(filter(None, words))
    return {"title": title, "class": theme_class(themes.index(concept.theme)), "data-concept": identifier}


def theme_class(number: int) -> str:
    """Return the class of marks of the theme of this number, which gives them its colour."""
    return f"pb-theme-{number % len(COLOURS) + 1}"


def _themes_marked(book: Book, mentions: pd.DataFrame) -> list[tuple[str, str, int]]:
    """Return class, label and number of mentions of every theme that is marked, in the order of the scheme."""
    theme_of = {concept.id: concept.theme for concept in book.scheme.concepts}
    times = mentions.loc[mentions["sentence"].isin(book.quotable), "concept"].map(theme_of).value_counts()
    return [(theme_class(n), theme.label, int(times[theme.id]))
            for n, theme in enumerate(book.scheme.themes) if theme.id in times]  # fmt: skip


def group_by(table: pd.DataFrame, column: str) -> dict[str, pd.DataFrame]:
    """Return value → rows for every value of a column of ids."""
    return {str(value): rows for value, rows in table.groupby(column, sort=False)}


#: A list of contents names this many levels of headings, and is left out where there are fewer headings than `FEWEST`.
LEVELS, FEWEST = 2, 3
#: Headings nested deeper look like these.
DEEPEST = 4


def heading_level(passage: Any) -> int:
    """Return how deep a passage that is nothing but a heading stands, from 1; 0 for every other passage."""
    is_heading = passage.text.strip(" #。") == passage.heading
    return min(len(passage.section), DEEPEST) if is_heading else 0


def list_contents(corpus: Corpus, shown: Container[str]) -> list[dict[str, Any]]:
    """Return the widest headings of one document with anchor and depth; empty where it has hardly any.

    The text of a heading none of whose sentences is in `shown` is None: it may not be printed.
    """
    headings = [row for row in records(corpus.passages) if row.heading is not None]
    if len(headings) < FEWEST:
        return []
    first = corpus.sentences.drop_duplicates("passage").set_index("passage")["sentence"]
    return [{"anchor": row.anchor, "number": row.paragraph, "depth": len(row.section),
             "text": row.heading if first.get(row.passage) in shown else None}
            for row in headings if len(row.section) <= LEVELS]  # fmt: skip
