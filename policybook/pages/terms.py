"""What the page of terms and their renderings adds to their tables: names, links, bars, and an entry for every term."""

import unicodedata
from collections.abc import Iterable
from itertools import accumulate

import pandas as pd

from policybook.analysis.renderings import kwic_lines, load_glossary, normalise, usual_english
from policybook.charts.bars import BAR_COLUMNS
from policybook.charts.theme import download_link, width
from policybook.coding.scheme import Scheme
from policybook.corpus.corpus import records
from policybook.pages.book import Book
from policybook.pages.document import HTML_LANGUAGE, brief_text, cut_pieces, group_by
from policybook.pages.html import Html, address, number, render, show
from policybook.tables import parse_span
from policybook.words.say import names_of, say


def name_terms(table: pd.DataFrame, scheme: Scheme) -> pd.DataFrame:
    """Return a table of concepts with what they are called: term_zh, which leads to its entry, and term_en.

    A column `other` of concepts, which may have no entry, gets other_zh and other_en likewise.
    """
    for column, called in (("concept", "term"), ("other", "other")):
        if column in table:
            concepts = [scheme.by_id[one] for one in table[column]]
            english = [usual_english(one)[0] for one in concepts]
            table = table.assign(**{f"{called}_zh": [one.term for one in concepts], f"{called}_en": english})
    return table.assign(term_zh_href=[f"#term-{concept}" for concept in table["concept"]])


def rendering_bars(renderings: pd.DataFrame, concepts: Iterable[str]) -> pd.DataFrame:
    """Return how often each of `concepts` stands under its commonest rendering, the second, …, and all others.

    `renderings` is a table of count_renderings with names. Columns are those of bar_chart: group, category, called
    (the words), count, total, href.
    """
    ranks = list(names_of("rank").values())
    bars = renderings.assign(rank=renderings.groupby("concept").cumcount().clip(upper=len(ranks) - 1))
    keys = ["concept", "term_zh", "term_zh_href", "rank"]
    bars = bars.groupby(keys, as_index=False).agg(count=("count", "sum"), words=("rendering", list))
    order = {concept: n for n, concept in enumerate(concepts)}
    bars = bars[bars["concept"].isin(order)].sort_values("concept", key=lambda ids: ids.map(order), kind="stable")
    last = bars["rank"] == len(ranks) - 1
    called = [say("coded.terms.others", number=len(words)) if more else words[0]
              for words, more in zip(bars["words"], last, strict=True)]  # fmt: skip
    bars = bars.assign(category=bars["rank"].map(dict(enumerate(ranks))), called=called,
                       total=bars.groupby("concept")["count"].transform("sum"))  # fmt: skip
    return bars.rename(columns={"term_zh": "group", "term_zh_href": "href"}).drop(columns=["rank", "words"])


# The concordance, and the entries of terms: their wordings, their lines -----------------------------

#: So many documents can be chosen from.
_CHOICE = 100
#: So many terms are offered as examples.
_EXAMPLES = 3


def keyword_in_context(book: Book) -> Html:
    """Return the box of the concordance, with what can be chosen in it; its lines come from build.search's script."""
    corpus, times = book.corpus, book.corpus.mentions["concept"].value_counts()
    concepts = [one for one in book.scheme.concepts if one.id in times]
    return render(
        "in_context", concepts=sorted(concepts, key=lambda one: one.term_en.lower()),
        examples=sorted(concepts, key=lambda one: -times[one.id])[:_EXAMPLES],
        documents=list(zip(*(corpus.documents[column] for column in ("document", "title")), strict=True))
        * (len(corpus.documents) <= _CHOICE),  # of more nobody would find one in a list, and not each has lines
        places=_choices(book, "places"), eras=_choices(book, "era"),
        themes=[(theme.id, theme.label) for theme in book.scheme.themes],
    )  # fmt: skip


def _choices(book: Book, field: str) -> list[tuple[str, str]]:
    there = set(book.corpus.passages[field].explode())
    return [(one, book.vocabulary.label(one)) for one in map(str, book.corpus.known[field]) if one in there]


def list_wordings(book: Book, renderings: pd.DataFrame, borrowed: pd.DataFrame, chinese: pd.DataFrame) -> pd.DataFrame:
    """Return in which words every term stands, English ones first: a row a concept and wording, the commonest first.

    Tables as policybook.analysis.renderings makes them. Columns: concept, wording, language, count, share (of English
    mentions), notes (sentences: usual or official English, whose usual English it holds, how many are ambiguous) and
    passages.
    """
    glossary = load_glossary(book.project)
    usual = {(one.id, normalise(words)) for one in book.scheme.concepts
             for words in (*glossary.get(one.term_zh, "").split(";"), *usual_english(one))}  # fmt: skip
    others = borrowed.groupby(["concept", "rendering"])["other"].agg(list).to_dict()
    notes = [[say("coded.terms.usual")] * ((row.concept, normalise(row.rendering)) in usual)
             + [say("coded.terms.holds", term=book.scheme.by_id[other].term)
                for other in others.get((row.concept, row.rendering), [])]
             + [say("coded.terms.ambiguous", number=row.ambiguous)] * bool(row.ambiguous)
             for row in records(renderings)]  # fmt: skip
    forms = chinese.groupby(["concept", "text"], as_index=False).agg(count=("text", "size"), passages=("passage", list))
    forms = forms.sort_values(["count", "text"], ascending=[False, True]).rename(columns={"text": "wording"})
    words = renderings.rename(columns={"rendering": "wording"}).assign(language="en")
    table = pd.concat([words, forms.assign(language="zh")], ignore_index=True)
    table["notes"] = pd.Series([*notes, *([] for _ in range(len(forms)))], dtype=object)
    return table[["concept", "wording", "language", "count", "share", "notes", "passages"]]


def list_lines(book: Book, english: pd.DataFrame, chinese: pd.DataFrame, room: int) -> pd.DataFrame:
    """Return a line in context for every mention that may be shown, those of a term's commonest rendering first.

    Columns are LINE_COLUMNS and language; `room` letters stand on either side.
    """
    times = english.groupby(["concept", "rendering"])["text"].transform("size")
    ordered = english.assign(times=times).sort_values(["times", "rendering"], ascending=[False, True], kind="stable")
    return pd.concat([kwic_lines(book.corpus, part[part["sentence"].isin(book.quotable)], room).assign(language=code)
                      for code, part in (("en", ordered), ("zh", chinese))], ignore_index=True)  # fmt: skip


#: Of many documents the page shows so many wordings of a term.
_WORDINGS_OF_MANY = 6


def concordance(book: Book, wordings: pd.DataFrame, lines: pd.DataFrame) -> Html:
    """Return an entry for every term that occurs, in the order of its pinyin, with its wordings; all lines to save."""
    glossary, by_id, words = load_glossary(book.project), book.scheme.by_id, group_by(wordings, "concept")
    entries = []
    for concept in sorted((by_id[one] for one in words), key=lambda one: (_letters(one.pinyin or one.term_en), one.id)):
        own = words[concept.id]
        most = _WORDINGS_OF_MANY if book.is_large else len(own)
        shown = own.head(most).drop(columns=["concept", "language"]).dropna(axis=1, how="all")
        entries.append({"concept": concept, "official": glossary.get(concept.term_zh, ""),
                        "theme": book.scheme.theme_label[concept.theme],
                        "count": own.groupby("language")["count"].sum().to_dict(),
                        "renderings": int((own["language"] == "en").sum()),
                        "wordings": show(shown, formats={"share": "percent"}), "left": len(own) - len(shown),
                        "words": " ".join([_letters(concept.pinyin), *own["wording"]])})  # fmt: skip
    return render(
        "terms", terms=entries, absent=[concept for concept in book.scheme.concepts if concept.id not in words],
        renderings=download_link(name_terms(wordings, book.scheme).drop(columns=["term_zh_href"]), "renderings"),
        lines=download_link(name_terms(lines, book.scheme).drop(columns=["passage", "term_zh_href"]), "kwic"),
    )  # fmt: skip


def _letters(pinyin: str) -> str:
    """Return pinyin without tones and in small letters, as people type it."""
    decomposed = unicodedata.normalize("NFD", pinyin.lower())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


# Topics: concepts whose passages stand together, a page each ------------------------------------------

def topic_mentions(book: Book, concepts: Iterable[str]) -> pd.DataFrame:
    """Return the mentions of concepts, those of the text written first before the others."""
    written = {d.document: parse_span(d.written or d.published) for d in records(book.corpus.documents)}
    found = book.corpus.mentions[book.corpus.mentions["concept"].isin(list(concepts))]
    return found.sort_values("document", key=lambda names: names.map(written), kind="stable")


def topic_bars(book: Book, mentions: pd.DataFrame) -> pd.DataFrame:
    """Return how many passages of each document, by its title, hold any of the mentions: columns of bar_chart."""
    sizes, unit = book.corpus.passages["document"].value_counts(), say("coded.topic.passages")
    titles, shown = book.corpus.documents.set_index("document")["title"], {*_shown_of(mentions)}
    twice = titles.duplicated(keep=False)
    rows = [(f"{titles[document]} ({document})" if twice[document] else titles[document], unit,
             rows["passage"].nunique(), int(sizes[document]),
             f"#of-{document}" if document in shown else f"../documents/{document}.html#passages")
            for document, rows in group_by(mentions, "document").items()]  # fmt: skip
    return pd.DataFrame(rows, columns=list(BAR_COLUMNS))


#: A topic shows the passages of so many documents.
_MOST_SHOWN = 40
#: The passages of a document that stand before the fold hold so much text, in widths of a Latin letter (see width).
_ROOM = 1800


def topic_passages(book: Book, mentions: pd.DataFrame) -> Html:
    """Return the passages that hold the mentions, whole and with these marked, document by document.

    Before them stand the statements of the document's brief about the concepts, below each what the terms are called
    in the other language.
    """
    passages, sentences = group_by(book.corpus.passages, "passage"), group_by(book.corpus.sentences, "passage")
    shown = _shown_of(mentions)
    left = mentions["document"].nunique() - len(shown)
    mentions = mentions[mentions["document"].isin(shown)]
    by_sentence, parts = group_by(mentions, "sentence"), []
    for document, found in group_by(mentions, "document").items():
        row, concepts = book.corpus.document(document), set(found["concept"])
        brief = book.briefs.get(document)
        said = [(brief_text(one), [f"{document}:{place}" for place in one.passages])
                for one in (brief.statements if brief else ()) if concepts & set(one.concepts)]
        name = "term_en" if row["language"] == "zh" else "term_zh"
        items = [{"href": address(passage), "number": number(passage),
                  "places": [book.vocabulary.label(place) for place in next(records(passages[passage])).places],
                  "pieces": cut_pieces(book, sentences[passage], by_sentence),
                  "terms": [*dict.fromkeys(term for c in some["concept"]
                                           if (term := getattr(book.scheme.by_id[c], name)))]}
                 for passage, some in group_by(found, "passage").items()]
        rooms = accumulate(sum(map(width, sentences[passage]["text"])) for passage in dict.fromkeys(found["passage"]))
        parts.append({"document": row, "language": HTML_LANGUAGE[row["language"]], "items": items, "said": said,
                      "first": max(1, sum(room <= _ROOM for room in rooms)),
                      "speaker": book.vocabulary.label(row["speaker"])})
    return render("topic", parts=parts, address=address, number=number, left=left)


def _shown_of(mentions: pd.DataFrame) -> list[str]:
    """Return the documents whose passages a topic shows: all, or of more those with most of the mentions."""
    times = mentions["document"].value_counts(sort=False).sort_values(ascending=False, kind="stable")
    return [str(one) for one in times.index[:_MOST_SHOWN]]
