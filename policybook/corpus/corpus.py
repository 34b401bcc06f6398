"""The corpus: immutable tables of documents, passages, sentences and blocks, and selections of them."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from policybook.corpus.matching import word_list
from policybook.corpus.scope import Vocabulary
from policybook.corpus.sentences import language_of
from policybook.errors import SelectionError, suggest
from policybook.project import note_read, reads_unnoted

Value = str | bool
Selection = Mapping[str, Value | Iterable[Value]]
KnownValues = Mapping[str, tuple[Value, ...]]

#: The fields of a document; the others are of a passage.
DOCUMENT_FIELDS = ("document", "speaker", "voice", "language", "machine_translated")


def known_values(vocabulary: Vocabulary, documents: Iterable[str]) -> KnownValues:
    """Return every value that each field of a selection may have."""
    return {"plan": tuple(vocabulary.plan_ids), "era": (*vocabulary.era_ids, "unknown"),
            "places": tuple(vocabulary.place_ids), "level": (*vocabulary.level_ids, "none"),
            "document": tuple(documents), "speaker": tuple(vocabulary.place_ids),
            "voice": ("official", "reported", "commentary"), "language": ("zh", "en"),
            "machine_translated": (True, False)}  # fmt: skip


def check_values(field: str, value: Value | Iterable[Value], known: KnownValues) -> list[Value]:
    """Return the value or values of one field as a list.

    Raises SelectionError for an unknown field or value, with what exists and the nearest spelling.
    """
    if field not in known:
        raise SelectionError(f"a selection has no field {field!r}. {suggest(field, known)}")
    if isinstance(value, str | bool) or not isinstance(value, Iterable):
        value = [value]  # a number is no value of any field and is refused below
    values = list(value)
    if not values:
        raise SelectionError(f"{field} is given no value. {suggest('', known[field])}")
    for one in values:
        if one not in known[field] or isinstance(one, bool) != isinstance(known[field][0], bool):
            raise SelectionError(f"unknown {field} {one!r}. {suggest(one, known[field])}")
    return values


#: Columns of every table, in order. Of a document: `format` is one of reading.received.Format; `encoding` is empty
#: where the format has none of its own; `warnings` (what is doubtful about the reading) and `notes` hold tuples,
#: `repairs` a dict; `text_of` the plan whose own text it is. Of a passage: `section` holds the anchors of the headings
#: above it, the widest first, a heading's own last; `heading` is a heading's text, None in every other passage.
TABLE_COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"documents": word_list(
         "document file sha256 title title_zh publisher published written written_evidence language script "
         "machine_translated speaker voice url accessed rights rights_note plan era places format encoding warnings "
         "characters paragraphs repairs notes doc_number text_of recommended"
     ),
     "passages": word_list(
         "passage document paragraph anchor text raw plan era places level overridden section heading"
     ),
     "boilerplate": word_list("document paragraph anchor text raw reason"),
     "sentences": word_list("sentence passage document number start end text length block"),
     "blocks": word_list("block document number plan era places level sentences length"),
     "mentions": word_list("sentence passage block document concept start end text ambiguous counted"),
     "quantities": word_list("sentence passage block document start end text value unit qualifier kind indicator"),
     "actors": word_list("sentence passage block document actor start end text"),
     "directives": word_list("sentence passage block document start end text strength instrument subtype")}
)  # fmt: skip

#: The tables that coding fills; each row stands in one sentence, from `start` to `end` of its text.
CODED = ("mentions", "quantities", "actors", "directives")


@dataclass(frozen=True)
class Corpus:
    """Documents, passages, sentences, blocks and what was coded in them.

    Every table is a DataFrame with the columns of TABLE_COLUMNS; ids join them. What each holds, in which unit, stands
    in words/en/tables.yml and on the page of the corpus (see pages.book.describe_tables):

    - `documents`: a row a document, with its identity, dates, standpoint, rights and how it was read.
    - `passages`: a row a passage, a paragraph that is not boilerplate, with what it speaks of; `boilerplate` has those.
    - `sentences`: a row a sentence; `start` and `end` are characters of its passage's text, `length` is in English
      words or Chinese characters.
    - `blocks`: a row a block, sentences of one document and scope together, the unit in which comparisons count.
    - `mentions`, `quantities`, `actors`, `directives`: a row a thing found; `start` and `end` are characters of its
      sentence's text, from 0. The `value` of a quantity is in its `unit`.

    `made_from` records the hashes of the received files and the selections applied since.
    """

    documents: pd.DataFrame
    passages: pd.DataFrame
    boilerplate: pd.DataFrame
    sentences: pd.DataFrame
    blocks: pd.DataFrame
    mentions: pd.DataFrame
    quantities: pd.DataFrame
    actors: pd.DataFrame
    directives: pd.DataFrame
    made_from: tuple[str, ...] = ()
    known: KnownValues = field(default_factory=dict)

    def select(self, selection: Selection | None = None, /, **fields: Value | Iterable[Value]) -> Corpus:
        """Return the part of the corpus whose passages fit every field; a list of values means any of them.

        Fields: plan, era, places (a passage may speak of several), level, and of the document: document,
        speaker, voice, language, machine_translated.
        Raises SelectionError for an unknown field or value, with what exists and the nearest spelling.
        """
        wanted = {**(selection or {}), **fields}
        passages = self.passages
        for name, value in wanted.items():
            passages = passages.loc[self._fits(passages, name, check_values(name, value, self.known))]
        applied = ", ".join(f"{name}={value}" for name, value in wanted.items())
        return self._restrict(passages, f"selection: {applied or 'everything'}")

    def evidence(self, coded: pd.DataFrame) -> pd.DataFrame:
        """Return the sentences in which rows of a coded table stand, each once, in reading order."""
        return self.sentences[self.sentences["sentence"].isin(coded["sentence"])]

    def document(self, identifier: str) -> pd.Series:
        """Return the row of one document. Raises SelectionError when there is none."""
        check_values("document", identifier, self.known)
        rows = self.documents[self.documents["document"] == identifier]
        if rows.empty:
            raise SelectionError(f"{identifier!r} is not in this part of the corpus.")
        return rows.iloc[0]

    @cached_property
    def foreign(self) -> Mapping[str, str]:
        """Of every sentence that is not in its document's language: its own."""
        told = dict(zip(self.documents["document"], self.documents["language"], strict=True))
        columns = (self.sentences[name] for name in ("sentence", "document", "text"))
        spoken = ((name, told[document], text) for name, document, text in zip(*columns, strict=True))
        return {name: own for name, told, text in spoken if (own := language_of(text, told)) != told}

    def _restrict(self, passages: pd.DataFrame, how: str) -> Corpus:
        ids, documents = passages["passage"], passages["document"].unique()
        sentences = self.sentences[self.sentences["passage"].isin(ids)]
        return Corpus(
            documents=self.documents[self.documents["document"].isin(documents)], passages=passages,
            boilerplate=self.boilerplate[self.boilerplate["document"].isin(documents)], sentences=sentences,
            blocks=self.blocks[self.blocks["block"].isin(sentences["block"])], made_from=(*self.made_from, how),
            known=self.known,
            **{name: (coded := getattr(self, name))[coded["passage"].isin(ids)] for name in CODED},
        )  # fmt: skip

    def _fits(self, passages: pd.DataFrame, name: str, values: list[Value]) -> pd.Series:
        if name in DOCUMENT_FIELDS:
            fitting = self.documents.loc[self.documents[name].isin(values), "document"]
            return passages["document"].isin(fitting)
        if name == "places":
            return passages["places"].map(lambda places: bool(set(values) & set(places))).astype(bool)
        if name == "level" and "none" in values:
            return passages["level"].fillna("none").isin(values)
        return passages[name].isin(values)


class WholeCorpus(Corpus):
    """All documents of a book: notes what a page reads of it, single documents by their ids or everything."""

    def __getattribute__(self, name: str) -> Any:
        if name in TABLE_COLUMNS:
            note_read("corpus")
        return super().__getattribute__(name)

    def select(self, selection: Selection | None = None, /, **fields: Value | Iterable[Value]) -> Corpus:
        """Return a part of the corpus (see Corpus.select)."""
        wanted = {**(selection or {}), **fields}
        if "document" not in wanted:
            return super().select(wanted)
        documents = [str(one) for one in check_values("document", wanted["document"], self.known)]
        for identifier in documents:
            note_read(f"document:{identifier}")
        with reads_unnoted():
            return self._of_documents(documents) if len(wanted) == 1 else super().select(wanted)

    @cached_property
    def rows_of(self) -> Mapping[str, Mapping[str, npt.NDArray[np.intp]]]:
        """Table → document → where its rows stand: what one document costs does not grow with the others."""
        with reads_unnoted():
            return {name: getattr(self, name).groupby("document").indices for name in TABLE_COLUMNS}

    def _of_documents(self, documents: Iterable[str]) -> Corpus:
        wanted = [one for one in dict.fromkeys(documents) if one in self.rows_of["passages"]]
        tables = {}
        for name, rows in self.rows_of.items():
            kept = [rows[one] for one in wanted if one in rows]
            tables[name] = getattr(self, name).iloc[np.sort(np.concatenate(kept)) if kept else []]
        how = f"selection: document={wanted[0] if len(wanted) == 1 else wanted}"
        return Corpus(**tables, made_from=(*self.made_from, how), known=self.known)

    def document(self, identifier: str) -> pd.Series:
        """Return the row of one document. Raises SelectionError when there is none."""
        note_read(f"document:{identifier}")
        with reads_unnoted():
            return super().document(identifier)


WholeCorpus.__doc__ = f"{Corpus.__doc__}\n    {WholeCorpus.__doc__}"  # help(book.corpus) says what its tables are


def table(name: str, rows: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    """Return rows as the DataFrame `name` with its documented columns, also when there is no row."""
    return pd.DataFrame(list(rows), columns=list(TABLE_COLUMNS[name]), dtype=object)


def records(frame: pd.DataFrame) -> Iterator[Any]:
    """Yield the rows of a table as named tuples; a cell is whatever its column is documented to hold."""
    rows = zip(*(frame.iloc[:, n] for n in range(frame.shape[1])), strict=True)
    return map(_row_of(tuple(map(str, frame.columns)))._make, rows)


@lru_cache(maxsize=256)
def _row_of(columns: tuple[str, ...]) -> Any:
    """Return the type of the rows of a table; DataFrame.itertuples would make it anew each time."""
    return namedtuple("Row", columns, rename=True)


_WORDS: dict[str, Value] = {"true": True, "yes": True, "false": False, "no": False}


def parse_selection(text: str) -> dict[str, Value | list[Value]]:
    """Return the selection that is typed as field=value pairs between commas; + joins alternatives.

    Raises ValueError, with a sentence, for what cannot be read; whether fields and values exist is asked later.
    """
    selection: dict[str, Value | list[Value]] = {}
    for part in text.split(","):
        field, equals, values = part.partition("=")
        field = field.strip()
        listed = [value.strip() for value in values.split("+")]
        if not field or not equals or not all(listed):
            raise ValueError(f"{part.strip()!r} is not field=value. Write for example places=north+south.")
        if field in selection:
            raise ValueError(f"{field!r} stands twice. Join its values with +.")
        read = [_WORDS.get(value.lower(), value) if field == "machine_translated" else value for value in listed]
        selection[field] = read[0] if len(read) == 1 else read
    return selection
