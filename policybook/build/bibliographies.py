"""A reference as programs read it: BibLaTeX, BibTeX, RIS and CSL-JSON, each loaded as it is by a reference manager."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from policybook.build.styles import (
    CslItem,
    chicago,
    date_parts,
    headline,
    is_english,
    iso_date,
    remarks,
    smart,
    title_of,
)

_TEX = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
        "{": r"\textbraceleft{}", "}": r"\textbraceright{}"}  # fmt: skip
_SPECIAL = re.compile(r"[\\~^&%$#_{}]")
#: What would end a field or a line where an address stands is written as an address writes it.
_UNSAFE = re.compile(r"[\s{}\\\"<>^`|]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


def _one_line(text: object) -> str:
    """Return a text as one line without control characters, so that it stays within its field."""
    return " ".join(_CONTROL.sub(" ", str(text)).split())


def escape_tex(text: str) -> str:
    """Return `text` with every character that TeX reads as a command made harmless."""
    return _SPECIAL.sub(lambda one: _TEX.get(one[0]) or f"\\{one[0]}", _one_line(text))


def plain_address(url: str) -> str:
    """Return an address in which every character is one of an address."""
    return _UNSAFE.sub(lambda one: "".join(f"%{byte:02X}" for byte in one[0].encode()), url)


def where_of(item: CslItem) -> tuple[str, str]:
    """Return the address of an item, or else the name of the page where its book's address is not known."""
    url = plain_address(str(item.get("URL", "")))
    return ("", url) if re.fullmatch(r"[\w./-]+\.html(#.*)?", url) else (url, "")


def plain_key(text: str) -> str:
    """Return a key of letters, digits and hyphens."""
    return re.sub(r"[^A-Za-z0-9-]", "-", text) or "reference"


def note_of(item: CslItem) -> str:
    """Return in words what a reference manager has no field for: what is said of the title, where it was read."""
    found = (item.get("custom") or {}).get("cited_from")
    said = "; ".join(one[:1].upper() + one[1:] for one in remarks(item)[:1]) + "".join(
        f"; {one}" for one in remarks(item)[1:])  # fmt: skip
    return ". ".join(filter(None, (said, f"Cited from {chicago(found)}" if found else "")))


# BibLaTeX and BibTeX -------------------------------------------------------------------------------

_BIBLATEX = {"book": "book", "chapter": "inbook", "graphic": "artwork", "dataset": "dataset", "report": "report",
             "article-newspaper": "article", "article-journal": "article", "legislation": "legislation",
             "software": "software"}  # fmt: skip
#: `inbook` of BibTeX has no title of its own beside the book's.
_BIBTEX = {"book": "book", "chapter": "incollection", "report": "techreport", "article-newspaper": "article",
           "article-journal": "article"}  # fmt: skip
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def _people(item: CslItem) -> str:
    names = [f"{{{escape_tex(a['literal'])}}}" if "literal" in a
             else ", ".join(escape_tex(a[part]) for part in ("family", "given") if a.get(part))
             for a in item.get("author", [])]  # fmt: skip
    return " and ".join(names)


def bib_title(item: CslItem, whole: bool) -> str:
    """Return a title in which names keep their capitals whatever a style does; with `whole` one that is not English."""
    title = _one_line(title_of(item))
    if not is_english(item):
        return f"{{{escape_tex(title)}}}" if whole else escape_tex(title)
    plain, set_ = title.split(" "), headline(title).split(" ")
    words = [f"{{{escape_tex(new)}}}" if n and re.search(r"[A-Z]", old) else escape_tex(new)
             for n, (old, new) in enumerate(zip(plain, set_, strict=True))]  # fmt: skip
    return " ".join(words)


def _entry(kind: str, item: CslItem, fields: dict[str, str]) -> str:
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@{kind}{{{plain_key(str(item.get('id', '')))},\n{body}\n}}"


def _common(item: CslItem, whole: bool) -> dict[str, str]:
    container = escape_tex(smart(str(item.get("container-title") or "")))
    kind = item.get("type", "webpage")
    return {
        "author": _people(item),
        "publisher": escape_tex(str(item.get("publisher", ""))),
        "title": bib_title(item, whole),
        "booktitle": container if kind == "chapter" else "",
        "journal": container if kind.startswith("article") else "",
        "number": escape_tex(str(item.get("number", ""))),
        "version": escape_tex(str(item.get("version", ""))),
        "note": f"In: {container}" if container and kind in ("graphic", "dataset") else "",
    }


def biblatex(item: CslItem) -> str:
    """Return an entry for BibLaTeX and biber; a book and its parts have an edition there and no version."""
    edition = escape_tex(str(item.get("edition", ""))) if item.get("type") in ("book", "chapter") else ""
    common = _common(item, False)
    fields = common | {
        "version": "" if edition else common["version"], "edition": edition,
        "titleaddon": escape_tex("; ".join(remarks(item))),
        "date": iso_date(item), "urldate": iso_date(item, "accessed"), "url": where_of(item)[0],
        "howpublished": escape_tex(where_of(item)[1]),
        "address": escape_tex(str(item.get("publisher-place", ""))),
        "entrysubtype": "newspaper" if item.get("type") == "article-newspaper" else "",
        "addendum": escape_tex(_cited_from(item)), "annotation": escape_tex(_made_from(item)),
        "langid": str(item.get("language", "")),
    }  # fmt: skip
    return _entry(_BIBLATEX.get(item.get("type", ""), "online"), item, fields)


def _made_from(item: CslItem) -> str:
    return str((item.get("custom") or {}).get("made_from", ""))


def _cited_from(item: CslItem) -> str:
    found = (item.get("custom") or {}).get("cited_from")
    return f"Cited from {chicago(found)}".removesuffix(".") if found else ""


def bibtex(item: CslItem) -> str:
    """Return an entry for BibTeX as it was before BibLaTeX."""
    parts = date_parts(item)
    edition = escape_tex(str(item.get("edition", "")))
    common = _common(item, True)
    fields = common | {
        "version": "", "year": str(parts[0]) if parts else "",
        "month": _MONTHS[parts[1] - 1] if len(parts) > 1 else "",
        "url": where_of(item)[0], "howpublished": escape_tex(where_of(item)[1]),
        "address": escape_tex(str(item.get("publisher-place", ""))),
        "note": ". ".join(filter(None, (common["note"], edition, escape_tex(note_of(item))))).removesuffix("."),
        "annote": escape_tex(_made_from(item)),
    }  # fmt: skip
    return _entry(_BIBTEX.get(item.get("type", ""), "misc"), item, fields)


# RIS and CSL-JSON ----------------------------------------------------------------------------------

_RIS = {"book": "BOOK", "chapter": "CHAP", "graphic": "FIGURE", "dataset": "DATA", "report": "RPRT",
        "article-newspaper": "NEWS", "article-journal": "JOUR", "legislation": "STAT", "software": "COMP"}  # fmt: skip


def ris(item: CslItem) -> str:
    """Return a record in RIS. A comma in an organisation's name, which would part it in two, becomes a dash."""
    people = [a["literal"].replace(", ", " – ") if "literal" in a
              else ", ".join(a[part] for part in ("family", "given") if a.get(part))
              for a in item.get("author", [])]  # fmt: skip
    parts = date_parts(item)
    lines: list[tuple[str, Any]] = [
        ("TY", _RIS.get(item.get("type", ""), "ELEC")), *(("AU", name) for name in people), ("TI", item["title"]),
        ("T2", item.get("container-title")), ("PY", parts[0] if parts else ""),
        ("DA", "/".join([*iso_date(item).split("-"), "", ""][:3]) + "/" if parts else ""),
        ("ET", item.get("edition") or item.get("version")), ("PB", item.get("publisher")),
        ("CY", item.get("publisher-place")), ("M1", item.get("number")), ("LA", item.get("language")),
        ("UR", where_of(item)[0]), ("Y2", iso_date(item, "accessed").replace("-", "/")),
        ("N1", note_of(item)), ("N1", _made_from(item)), ("ID", plain_key(str(item.get("id", "")))),
    ]  # fmt: skip
    return "".join(f"{tag}  - {_one_line(text)}\n" for tag, text in lines if text) + "ER  - \n"


def csl_json(items: Sequence[CslItem]) -> str:
    """Return items as an array of CSL-JSON; what only we know of is said in their notes.

    Of `custom`, which the form has for what is one's own, two things stay: what the book was made from, and the words
    of a passage as a text-quote selector.
    """
    own = [{key: value for key, value in item.get("custom", {}).items() if key in ("made_from", "selector")}
           for item in items]  # fmt: skip
    plain = [{**{key: value for key, value in item.items() if key != "custom"},
              **({"note": note_of(item)} if note_of(item) else {}),
              **({"custom": kept} if kept else {})} for item, kept in zip(items, own, strict=True)]  # fmt: skip
    return json.dumps(plain, ensure_ascii=False, indent=1)
