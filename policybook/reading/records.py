"""Files of records (CSV, JSON, a dump of a database): the one text that such a file holds, or why it is not one."""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import StringIO
from typing import Any

from policybook.reading.received import LISTS, ends_sentence

_TEXT_COLUMNS = frozenset(LISTS["text_columns"].split())
_COLUMN_NAME = 20
#: A sentence has so many Chinese characters, or three times as many letters.
SENTENCE = 14
_JSON = re.compile(r'\s*+\ufeff?\s*+(?:\{\s*"|\[\s*[\[{"\d])')
_EACH = "save the text of each {} as a file of its own and add those"
#: How other files of records begin, what they are, and what one record of them is called.
_DUMPS = (
    (re.compile(r"(?:--[^\n]{0,200}\n|\s){0,40}(?:INSERT INTO|CREATE TABLE|DROP TABLE|SET NAMES)\b", re.IGNORECASE),
     "a dump of a database (SQL)", "record"),
    (re.compile(r"\s{0,9}TY  - [A-Z]{3,5}\s*\n"), "a list of references (RIS)", "one"),
    (re.compile(r"\s{0,9}@[a-z]{4,20}\{[^\s,]{1,80},", re.IGNORECASE), "a list of references (BibTeX)", "one"),
    (re.compile(r"(?:---\s*\n)?- (\w{1,20}): [^\n]*\n(?:(?:  |- )[^\n]*\n|\n)*?- \1: "),
     "a list of records (YAML)", "record"),
)  # fmt: skip


@dataclass(frozen=True)
class Record:
    """The text of a file of one record, what the record states about it by the names of its fields, and a warning."""

    text: str
    stated: Mapping[str, str]
    warning: str


def one_record(text: str) -> Record | None:
    """Return the text in a table (CSV) or JSON of one record; None where a file is no such thing."""
    if _JSON.match(text):
        found = [(record, said) for record in _objects(text) if (said := _longest(record))]
        if len(found) != 1:
            return None
        record, said = found[0]
        stated = {name.lower(): value.strip() for name, value in record.items()
                  if isinstance(value, str) and value != said}  # fmt: skip
        return Record(said, stated, _TOLD.format("JSON"))
    rows, texts, listed = _table(text)
    if len(rows) != 2 or not listed or max(map(len, rows[0])) > _COLUMN_NAME or not texts[1]:
        return None
    stated = {name.strip("\ufeff ").lower(): said.strip() for name, said in zip(*rows, strict=True) if said != texts[1]}
    return Record(texts[1], stated, _TOLD.format("a table (CSV)"))


_TOLD = "It is {} of one record: its text was read without what else it says of that text."


def several_texts(text: str) -> str:
    """Return that a file holds several texts, one a record, and what to do; nothing for numbers, names or one text."""
    for begins, what, record in _DUMPS:
        if begins.match(text[:20_000]):
            return f"It is {what}, not one text; {_EACH.format(record)}."
    if _JSON.match(text):
        found = sum(bool(_longest(record)) for record in _objects(text))
        return f"It is JSON data of {found:,} texts, not one text; {_EACH.format('record')}." if found > 1 else ""
    rows, texts, listed = _table(text)
    if len(rows) > 2 and listed and 2 * sum(map(bool, texts)) > len(rows) - 1:
        return f"It is a table (CSV) of {len(rows) - (not texts[0]):,} texts, not one text; {_EACH.format('row')}."
    return ""


def _table(text: str) -> tuple[list[list[str]], list[str], bool]:
    """Return the rows of a table (CSV), the text that each holds, and whether it is surely one; no rows if it is none.

    A text is what ends as a sentence does, or stands in the column that is called so.
    """
    first = text.lstrip("\ufeff\n").partition("\n")[0]
    mark = max(",;|\t", key=first.count)
    with suppress(csv.Error):
        rows = [row for row in csv.reader(StringIO(text.lstrip("\ufeff\n")), delimiter=mark) if row]
        names = {re.sub(r"\W", "", cell).lower() for cell in rows[0]} if rows else set()
        quoted = text.lstrip("\ufeff\n ").partition("\n")[2][:1] == '"' and not names.isdisjoint(_TEXT_COLUMNS)
        if (first.count(mark) or quoted) and len({len(row) for row in rows}) == 1:
            texts = [max((cell for cell in row if _is_text(cell)), key=len, default="") for row in rows]
            return rows, texts, mark == "\t" or f'{mark}"' in text or not names.isdisjoint(_TEXT_COLUMNS)
    return [], [], False


#: So many characters at the end of a cell are looked at for tags, however long it is.
_END = 400
_TAGS = re.compile(r"(?:<[^>]{1,80}>\s{0,9})+$")


def _is_text(cell: str) -> bool:
    return len(cell) >= SENTENCE and (ends_sentence(cell) or ends_sentence(_TAGS.sub("", cell[-_END:])))


def _longest(record: Mapping[str, Any]) -> str:
    """Return the longest text that a JSON object itself holds, or nothing; paragraphs in a list are one text."""
    said = [value for value in record.values() if isinstance(value, str)]
    said += ["\n".join(value) for value in record.values() if isinstance(value, list) and value
             and all(isinstance(one, str) for one in value)]  # fmt: skip
    return max(filter(_is_text, said), key=len, default="")


def _objects(text: str) -> Iterator[Mapping[str, Any]]:
    """Yield every object of JSON, or of lines of it (JSONL); nothing where it is none."""
    with suppress(ValueError, RecursionError):
        left: list[Any] = [_loaded(text)]
        while left:
            one = left.pop()
            if isinstance(one, dict):
                yield one
            if isinstance(one, dict | list):
                inside = one.values() if isinstance(one, dict) else one
                left += [inner for inner in inside if isinstance(inner, dict | list)]


def _loaded(text: str) -> Any:
    bare = text.strip("\ufeff \n\r\t")
    try:
        return json.loads(bare)
    except ValueError:
        return [json.loads(line) for line in bare.splitlines() if line.strip()]
