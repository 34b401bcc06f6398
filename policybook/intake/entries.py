"""Lists of entries in files that people write are edited: entries come, change or go, and no other byte does."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from policybook.errors import PolicybookError, UnknownDocumentError, suggest
from policybook.tables import parse_span

# Every edit is checked by reading the result back: exactly the entry meant has changed, or EditError says so.
_INVISIBLE = "\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufffe\uffff"
_FORBIDDEN = re.compile(f"[{_INVISIBLE}]+")
_PLAIN = re.compile(r"\w[\w ./()—–-]*")
_WORDS_OF_YAML = re.compile(r"(?i)(?:y|n)")  # booleans to some readers, though not to ours

#: The files that entries are put into, by the name of the list in them.
_FILES = {"documents": "data/corpus.yml", "places": "data/lexicon/places.yml", "concepts": "data/lexicon/concepts.yml",
          "themes": "data/lexicon/concepts.yml"}  # fmt: skip


class EditError(PolicybookError):
    """A file is written in a way that cannot be edited safely."""


@dataclass(frozen=True)
class EntryLine:
    """One line of a new entry: a field, its value, and a comment that says where the value is from."""

    field: str
    value: object
    comment: str = ""


def append_entry(text: str, lines: Sequence[EntryLine], key: str = "documents") -> str:
    """Return the `text` of a file with one more entry at the end of its list `key`, set off as the others are."""
    node = _list_in(text, key)
    if isinstance(node, SequenceNode) and node.flow_style and node.value:
        raise EditError(f"{_FILES[key]}: {key!r} stands in brackets. Write one '- id:' a line.")
    newline = "\r\n" if "\r\n" in text else "\n"
    if isinstance(node, SequenceNode) and node.value:
        first = node.value[0].start_mark.index
        dash = text.rindex("-", 0, first)
        indent = " " * (dash - _line_start(text, dash))
        cut = _end_of_list(text, node, len(indent))
    else:  # no document yet: documents: or documents: []
        if isinstance(node, SequenceNode):
            text = text[: node.start_mark.index].rstrip(" ") + text[node.end_mark.index :]
        indent, cut = "  ", _line_end(text, node.start_mark.index - 1)
    rendered = newline.join(_render(lines, indent))
    before, after = text[:cut], text[cut:]
    gap = "" if before.endswith("\n") or not before else newline
    close = isinstance(node, SequenceNode) and len(node.value) > 1 and not _is_set_off(text, node)
    separator = newline if not (close or re.search(r"(?:\n|:)[ \t]*\r?\n$", before + gap)) else ""
    edited = f"{before}{gap}{separator}{rendered}{newline}{after}"
    new = {line.field: _plain(line.value, one_line) for line in lines}
    return _checked(text, edited, [*_entries(text, key), new], key)


@dataclass(frozen=True)
class Appended:
    """The text of a file that ends in entries of append_entry: the next need not read it all again."""

    text: str
    indent: str
    newline: str

    @classmethod
    def of(cls, text: str, before: str) -> Appended | None:
        """Return what was appended to `before`; None where that had no entry of ours to go by, or more follows."""
        node = _list_in(text)
        if not isinstance(node, SequenceNode) or len(node.value) < 3 or not text.startswith(before):
            return None
        indent = re.match(r"(?:\r?\n)*( *)- ", text[len(before) :])
        if not indent or not _is_set_off(text, node):
            return None
        return cls(text, indent[1], "\r\n" if "\r\n" in text else "\n")

    def another(self, lines: Sequence[EntryLine]) -> tuple[Appended, str]:
        """Return the text with one more entry, as append_entry would, and a text with this entry alone."""
        rendered = self.newline.join(_render(lines, self.indent)) + self.newline
        alone = f"documents:{self.newline}{rendered}"
        _checked("documents: []", alone, [{line.field: _plain(line.value, one_line) for line in lines}])
        return Appended(f"{self.text}{self.newline}{rendered}", self.indent, self.newline), alone


def remove_entry(text: str, identifier: str) -> str:
    """Return the manifest without the entry `identifier`. Raises UnknownDocumentError when there is none."""
    return remove_entries(text, [identifier])


def remove_entries(text: str, identifiers: Sequence[str]) -> str:
    """Return the manifest without these entries. Raises UnknownDocumentError for the first that is not there."""
    found = [_find(_list_in(text), identifier) for identifier in dict.fromkeys(identifiers)]
    if not found:
        return text
    node, gone = found[0][0], {n for _, n in found}
    starts = [_line_start(text, item.start_mark.index) for item in node.value]
    rest = text
    for n in sorted(gone, reverse=True):
        last = all(m in gone for m in range(n, len(starts)))
        start, end = _extent(text, node, starts, n, last)
        rest = rest[:start] + rest[end:]
    if len(starts) == len(gone):  # an empty list has to be written as one
        key = re.search(r"^[\ufeff]?[\"']?documents[\"']?[ \t]*:", text, re.MULTILINE)
        colon = key.end() if key else 0
        rest = f"{rest[:colon]} []{rest[colon:]}"
    return _checked(text, rest, [one for m, one in enumerate(_entries(text)) if m not in gone])


def _extent(text: str, node: SequenceNode, starts: Sequence[int], n: int, last: bool) -> tuple[int, int]:
    """Return where an entry begins and ends, with the blank lines that go with it; `last`: no entry stays behind it."""
    start, final = starts[n], n + 1 == len(starts)
    dash = text.rindex("-", 0, node.value[n].start_mark.index) - start
    end = _end_of_content(text, start, node.end_mark.index if final else starts[n + 1], dash)
    if last:  # the blank lines that set the last entry off go with it, of another those that follow it
        while (previous := _line_start(text, start - 1)) < start and not text[previous:start].strip():
            start = previous
    else:
        while end < starts[n + 1] and not text[end : _line_end(text, end)].strip():
            end = _line_end(text, end)
    return start, end


def set_fields(text: str, identifier: str, fields: Mapping[str, object]) -> str:
    """Return the manifest with values of one entry changed where they stand, or put in behind its id."""
    return change_entries(text, {identifier: fields})


def change_entries(text: str, changes: Mapping[str, Mapping[str, object]]) -> str:
    """Return the manifest with values of entries changed: id → field → value. Comments stay."""
    node, wanted = _list_in(text), _entries(text)
    newline = "\r\n" if "\r\n" in text else "\n"
    pieces: list[tuple[int, int, str]] = []
    for identifier, fields in changes.items():
        listed, n = _find(node, identifier)
        wanted[n] = {**wanted[n], **{name: _plain(value, one_line) for name, value in fields.items()}}
        pairs = {key.value: (key, value) for key, value in listed.value[n].value}
        behind = _line_end(text, pairs["id"][1].end_mark.index)
        for name, value in fields.items():
            if name not in pairs:
                indent = " " * listed.value[n].value[0][0].start_mark.column
                gap = "" if text[:behind].endswith("\n") else newline
                pieces.append((behind, behind, f"{gap}{indent}{name}: {scalar(value)}{newline}"))
                continue
            key, old = pairs[name]
            start, end = old.start_mark.index, old.end_mark.index
            if isinstance(old, ScalarNode) and old.style in ("|", ">"):  # it ends where the next line begins
                head, tail = text[start : _line_end(text, start)], text[start:end]
                comment = re.search(r"[ \t]#.*", head.rstrip("\r\n"))
                kept = len(tail) - len(tail.rstrip())
                pieces.append((start, end, scalar(value) + (comment[0] if comment else "") + tail[len(tail) - kept :]))
            elif isinstance(old, SequenceNode) and not old.flow_style:
                close = _end_of_content(text, start, end, key.start_mark.column)
                pieces.append((key.end_mark.index, close, f": {scalar(value)}{newline}"))
            else:
                space = "" if text[start - 1 : start] in (" ", "\t") else " "
                pieces.append((start, end, space + scalar(value)))
    edited, pieces = text, sorted(pieces, key=lambda piece: piece[0])
    for start, end, new in reversed(pieces):
        edited = edited[:start] + new + edited[end:]
    return _checked(text, edited, wanted)


def scalar(value: object) -> str:
    """Return a value as YAML on one line; invisible characters and line breaks in text become spaces."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, list | tuple):
        return f"[{', '.join(scalar(one) for one in value)}]"
    text = one_line(value)
    plain = _PLAIN.fullmatch(text) and not _WORDS_OF_YAML.fullmatch(text) and yaml.safe_load(text) == text
    return text if plain or _is_date(text) else json.dumps(text, ensure_ascii=False)


def one_line(value: object) -> str:
    """Return text as one line without control, bidi or other invisible characters."""
    return " ".join(_FORBIDDEN.sub(" ", str(value)).split())


def _is_date(text: str) -> bool:
    with contextlib.suppress(ValueError):
        return bool(parse_span(text)) and text == text.strip() and "-" in text
    return False


def _render(lines: Sequence[EntryLine], indent: str) -> list[str]:
    rendered = []
    for n, line in enumerate(lines):
        lead = f"{indent}- " if n == 0 else f"{indent}  "
        comment = f"  # {one_line(line.comment)}" if line.comment else ""
        if line.field == "notes" and isinstance(line.value, list | tuple):
            rendered += [f"{lead}notes:{comment}", *(f"{indent}    - {scalar(note)}" for note in line.value)]
        else:
            rendered.append(f"{lead}{line.field}: {scalar(line.value)}{comment}")
    return rendered


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Keeps dates as they are written. Where it is in C, its marks do not count a byte-order mark."""


class _LoaderOfMarks(yaml.SafeLoader):
    """The same in Python, whose marks count every code point."""


for _one in (_Loader, _LoaderOfMarks):
    _one.add_constructor("tag:yaml.org,2002:timestamp", lambda _loader, node: str(node.value))


def _list_in(text: str, name: str = "documents") -> Node:
    """Return the node under `documents`, or another name of _FILES."""
    try:
        root = yaml.compose(text, Loader=_LoaderOfMarks if text.startswith("\ufeff") else _Loader)
    except yaml.YAMLError as error:
        raise EditError(f"{_FILES[name]}: it is not valid YAML ({error}). Correct it first.") from None
    for key, value in root.value if isinstance(root, MappingNode) else ():
        if key.value == name and (isinstance(value, SequenceNode) or value.tag.endswith(":null")):
            return cast(Node, value)
    raise EditError(f"{_FILES[name]}: a list named {name!r} is expected. Write '{name}:' on a line of its own.")


def _entries(text: str, key: str = "documents") -> list[Any]:
    return list((yaml.load(text, Loader=_Loader) or {}).get(key) or [])


def _find(node: Node, identifier: str) -> tuple[SequenceNode, int]:
    ids: list[str] = []
    for n, item in enumerate(node.value if isinstance(node, SequenceNode) else []):
        pairs = item.value if isinstance(item, MappingNode) else []
        name = next((v.value for k, v in pairs if k.value == "id" and isinstance(v, ScalarNode)), "")
        if name == identifier:
            assert isinstance(node, SequenceNode)
            if node.flow_style or item.flow_style:
                raise EditError(f"data/corpus.yml: {identifier!r} stands in brackets. Write one field a line.")
            return node, n
        ids.append(name)
    raise UnknownDocumentError(f"data/corpus.yml has no document {identifier!r}. {suggest(identifier, ids)}")


def _checked(text: str, edited: str, wanted: list[Any], key: str = "documents") -> str:
    """Return `edited` if it reads as `wanted`, with everything beside the documents as in `text`."""
    try:
        result, before = yaml.load(edited, Loader=_Loader), yaml.load(text, Loader=_Loader)
    except yaml.YAMLError:
        result, before = {}, None
    others = {k: v for k, v in (before or {}).items() if k != key}
    got = [_plain(one) for one in (result or {}).pop(key, None) or []] if isinstance(result, dict) else None
    if got != [_plain(one) for one in wanted] or result != others:
        raise EditError(f"{_FILES[key]}: it is laid out in a way that cannot be edited safely. Change it by hand.")
    return edited


def _plain(entry: Any, text: Callable[[object], str] = str) -> Any:
    """Return an entry with dates and numbers as text: a date is written without quotes."""
    if isinstance(entry, dict):
        return {key: _plain(value, text) for key, value in entry.items()}
    if isinstance(entry, list | tuple):
        return [_plain(one, text) for one in entry]
    return entry if entry is None or isinstance(entry, bool) else text(entry)


def _line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, max(index, 0)) + 1


def _line_end(text: str, index: int) -> int:
    found = text.find("\n", max(index, 0))
    return len(text) if found < 0 else found + 1


def _is_set_off(text: str, node: SequenceNode) -> bool:
    """Whether a blank line stands before the last entry of a list."""
    start = _line_start(text, node.value[-1].start_mark.index)
    return not text[_line_start(text, start - 1) : start].strip()


def _end_of_list(text: str, node: SequenceNode, dash: int) -> int:
    """Return where a new entry goes: at the end of the text, or behind the last entry where more follows."""
    last, end = node.value[-1].start_mark.index, node.end_mark.index
    return _end_of_content(text, last, end, dash) if text[end:].strip() else len(text)


def _end_of_content(text: str, start: int, end: int, dash: int) -> int:
    """Move `end` up over blank lines and comments that are indented no deeper than the dash: no entry's content."""
    end = _line_start(text, end) if end < len(text) else end
    while (line := _line_start(text, end - 1)) > start:
        content = text[line:end]
        is_comment = content.lstrip().startswith("#") and len(content) - len(content.lstrip(" ")) <= dash
        if content.strip() and not is_comment:
            break
        end = line
    return end
