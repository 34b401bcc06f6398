"""A reference as people write it: GB/T 7714 (2025 and 2015), APA (7th edition) and Chicago (18th, author-date).

What is referred to is an item of CSL-JSON, the form that reference managers exchange. Two things that CSL has no field
for stand in its `custom`: `remarks`, said of the title in brackets, and `cited_from`, the item of the place where it
was read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

#: What is referred to.
CslItem = dict[str, Any]

#: Types of items that are parts of a book.
_PARTS = ("chapter",)
#: And what is one where it is said what of.
_HELD = (*_PARTS, "graphic", "dataset")
_HAN = re.compile("[\u3400-\u9fff]")
_ENDS = (".", "?", "!", "。", "？", "！", "…")

# Names and dates -----------------------------------------------------------------------------------


def whole_name(author: Mapping[str, str]) -> str:
    """Return a name that no style takes apart: an organisation's or a Chinese one; otherwise empty."""
    if "literal" in author:
        return author["literal"]
    return f"{author['family']}{author.get('given', '')}" if _HAN.search(author["family"]) else ""


def _initials(author: Mapping[str, str], stop: str) -> str:
    parts = [part for part in re.split(r"[\s.]+", author.get("given", "")) if part]
    return " ".join("-".join(f"{one[0].upper()}{stop}" for one in part.split("-") if one) for part in parts)


def date_parts(item: CslItem, what: str = "issued") -> list[int]:
    """Return year, month and day of a date of an item, as many as are known."""
    return [int(part) for part in (item.get(what) or {}).get("date-parts", [[]])[0]]


def iso_date(item: CslItem, what: str = "issued") -> str:
    """Return a date of an item as 2026-12-01, 2026-12 or 2026; empty where there is none."""
    return "-".join(f"{part:04}" if part > 99 else f"{part:02}" for part in date_parts(item, what))


def _in_words(parts: Sequence[int], year: bool) -> str:
    """Return a date as American English writes it, with its year or without."""
    if len(parts) < 2:
        return str(parts[0]) if year and parts else ""
    month = date(2000, parts[1], 1).strftime("%B")
    day = f"{month} {parts[2]}" if len(parts) > 2 else month
    return f"{day}, {parts[0]}" if year and len(parts) > 2 else f"{day} {parts[0]}" if year else day


# Titles --------------------------------------------------------------------------------------------

#: Words that stay small within an English headline.
_SMALL = frozenset((
    "a", "an", "and", "as", "at", "but", "by", "down", "for", "from", "in", "into", "nor", "of", "off", "on", "onto",
    "or", "out", "over", "per", "so", "than", "the", "to", "up", "upon", "via", "with", "yet", "versus", "vs",
))  # fmt: skip


def smart(text: str) -> str:
    """Return a text in which apostrophes between letters and at the end of words are those of print."""
    return re.sub(r"(?<=\w)'(?=\w|\s|$)", "’", text)


def headline(text: str) -> str:
    """Return an English title in headline style; words with capitals of their own, and what is not English, stay."""
    words = _PIECES.split(text)
    last = max((n for n, word in enumerate(words) if _LETTER.search(word)), default=0)
    begins = True
    for n, word in enumerate(words):
        if not (first := _LETTER.search(word)):
            continue
        bare = _UNWRITTEN.sub("", word)
        if bare == bare.lower() and bare[0].isalpha() and (begins or n == last or bare not in _SMALL):
            words[n] = f"{word[: first.start()]}{first[0].upper()}{word[first.end() :]}"
        begins = word.rstrip("”’\")").endswith((":", "?", "!", "."))
    return "".join(words)


_PIECES, _LETTER, _UNWRITTEN = re.compile(r"(\s+|-|—|–)"), re.compile(r"[^\W_]"), re.compile(r"[^\w’]")


def is_english(item: CslItem) -> bool:
    """Return whether an item's title is in English, so that it may be set as a headline."""
    return str(item.get("language", "en")).startswith("en") and not _HAN.search(str(item.get("title", "")))


def stopped(text: str) -> str:
    """Return a text with a full stop behind it, unless it ends with a sign that takes its place."""
    return text if not text or text.endswith(_ENDS) else f"{text}."


def _sentence(*parts: str) -> str:
    return " ".join(stopped(part) for part in parts if part)


def title_of(item: CslItem) -> str:
    """Return an item's title with the apostrophes of print."""
    return smart(item["title"]) if is_english(item) else str(item["title"])


def remarks(item: CslItem) -> list[str]:
    """Return what is said of an item behind its title: the title's translation, and that it is machine-translated."""
    return [str(one) for one in (item.get("custom") or {}).get("remarks", [])]


def _version(item: CslItem) -> str:
    return f"Version {item['version']}" if item.get("version") else ""


def _from(item: CslItem) -> CslItem | None:
    found: CslItem | None = (item.get("custom") or {}).get("cited_from")
    return found


# GB/T 7714 -----------------------------------------------------------------------------------------

_CODES = {"book": "M", "chapter": "M", "article-newspaper": "N", "report": "R", "dataset": "DS", "article-journal": "J",
          "software": "CP"}  # fmt: skip
#: Letters of the edition of 2015 that the one of 2025 has no longer.
_OLD_CODES = {"graphic": "Z", "legislation": "A"}
#: What has no date of access in the edition of 2025, which asks for it only where a page can change.
_STAYS = ("book", "chapter", "report", "article-newspaper", "article-journal")


def gb(item: CslItem, *, old: bool = False) -> str:
    """Return a reference in GB/T 7714—2025 (numeric), or with `old` in that of 2015.

    The later one writes full-width commas, colons and brackets, leaves names as they are, and gives a date of access
    only for what can change under its address.
    """
    comma, colon, left, right = (", ", ": ", "(", ")") if old else ("，", "：", "（", "）")
    kind, url = item.get("type", "webpage"), item.get("URL", "")
    names = [(whole_name(a) or f"{a['family']} {_initials(a, '')}".strip()) for a in item.get("author", [])]
    others = [] if len(names) < 4 else ["等" if _HAN.search(names[0]) else "et al"]
    if old:
        names = [name.upper() for name in names]
    code = (_OLD_CODES if old else {}).get(kind) or _CODES.get(kind, "EB")
    online = "/OL" if url or code == "EB" else ""
    number = f"{colon}{item['number']}" if item.get("number") else ""
    said = "".join(f"{left}{one}{right}" for one in remarks(item))
    what = f"{title_of(item)}{number}{said}[{code}{online}]"
    if kind in _HELD and item.get("container-title"):
        what += f"//{smart(item['container-title'])}"
    accessed = f"[{iso_date(item, 'accessed')}]" if date_parts(item, "accessed") and online else ""
    issued, year = iso_date(item), "".join(map(str, date_parts(item)[:1]))
    if kind in ("article-newspaper", "article-journal") and item.get("container-title"):
        when = comma.join(filter(None, (item["container-title"], issued))) + (accessed if old else "")
    elif kind in _STAYS:
        place = colon.join(filter(None, (item.get("publisher-place"), item.get("publisher"))))
        when = comma.join(filter(None, (place, year))) + (accessed if old else "")
    else:
        when = (f"{left}{issued}{right}" if issued else "") + accessed
    edition = item.get("edition", "") or (f"V{item['version']}" if kind == "dataset" and item.get("version") and not old
                                          else "")  # fmt: skip
    origin = f"转引自{colon}{gb(found, old=old)}" if (found := _from(item)) else ""
    return _sentence(comma.join([*names[:3], *others]), what, edition, when, url) + (f" {origin}" if origin else "")


# APA -----------------------------------------------------------------------------------------------

_APA_KINDS = {"dataset": "Dataset", "graphic": "Graphic"}


def apa(item: CslItem) -> str:
    """Return a reference in the style of the American Psychological Association, 7th edition."""
    kind, parts, people = item.get("type", "webpage"), date_parts(item), item.get("author", [])
    names = [whole_name(a) or f"{a['family']}, {_initials(a, '.')}".strip(", ") for a in people]
    cut = f"{', '.join(names[:19])}, … {names[-1]}" if len(names) > 20 else ""
    who = cut or _joined(names, "&", any("family" in a for a in people))
    whole_day = kind in ("webpage", "article-newspaper", "legislation", "post")
    when = f"({', '.join(filter(None, (str(parts[0]), _in_words(parts, False) if whole_day else '')))})" if parts \
        else "(n.d.)"  # fmt: skip
    said = [*([_APA_KINDS[kind]] if kind in _APA_KINDS else []), *remarks(item)]
    details = f"({_version(item)})" if _version(item) else f"({item['number']})" if item.get("number") else ""
    marks = "".join(f" [{one}]" for one in said)
    container = str(item.get("container-title") or "")
    title = title_of(item)
    if kind in _HELD and container:
        what = f"{stopped(title + marks)} In {smart(container)}{' ' * bool(details)}{details}"
    else:
        what = f"{title}{' ' * bool(details)}{details}{marks}"
    published = headline(smart(container)) if container and kind not in _HELD else item.get("publisher", "")
    url = item.get("URL", "")
    if url and not parts and date_parts(item, "accessed"):
        url = f"Retrieved {_in_words(date_parts(item, 'accessed'), True)}, from {url}"
    lead = _sentence(who, when, what) if who else _sentence(what, when)
    origin = f"Cited from {apa(found)}" if (found := _from(item)) else ""
    return " ".join(filter(None, (lead, stopped(str(published)), url, origin)))


def _joined(names: Sequence[str], word: str, comma_of_two: bool) -> str:
    """Return names with `word` before the last, and a comma before it where there are more than two or it is asked."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])}{',' * (comma_of_two or len(names) > 2)} {word} {names[-1]}"


# Chicago -------------------------------------------------------------------------------------------


def chicago(item: CslItem) -> str:
    """Return a reference in the style of the Chicago Manual, 18th edition, author and date."""
    kind, parts = item.get("type", "webpage"), date_parts(item)
    people = item.get("author", [])
    straight = [whole_name(a) or f"{a.get('given', '')} {a['family']}".strip() for a in people]
    first = [whole_name(a) or f"{a['family']}, {a.get('given', '')}".strip(", ") for a in people[:1]]
    names = [*first, *straight[1:]]
    cut = f"{', '.join(names[:3])}, et al" if len(names) > 6 else ""
    who = cut or _joined(names, "and", any("," in one for one in first))
    container = str(item.get("container-title") or "")
    container = headline(smart(container)) if not _HAN.search(container) else container
    if not who and container and kind not in _PARTS:
        who, container = container, ""
    title = headline(title_of(item)) if is_english(item) else title_of(item)
    free = kind in ("book", "graphic", "report", "legislation")
    marks = "".join(f" [{one}]" for one in remarks(item))
    quoted = title.translate(str.maketrans("“”", "‘’"))
    what = f"{stopped(title + marks)}" if free else f"“{stopped(quoted)}”{marks}{'.' * bool(marks)}"
    year = str(parts[0]) if parts else "n.d."
    day = "" if kind in ("book", "chapter", "report") else _in_words(parts, False)
    version = _version(item)
    if kind in _PARTS and container:
        rest = [f"In {container}" + (f", {version[0].lower()}{version[1:]}" if version else "")]
    elif container:
        rest = [", ".join(filter(None, (container, day)))]
    else:
        rest = [str(item.get("number", "")), version, str(item.get("publisher", "")), day]
    url = item.get("URL", "")
    if url and not parts and date_parts(item, "accessed"):
        rest.append(f"Accessed {_in_words(date_parts(item, 'accessed'), True)}")
    origin = f"Cited from {chicago(found)}" if (found := _from(item)) else ""
    lead = f"{stopped(who)} {stopped(year)} {what}" if who else f"{what} {stopped(year)}"
    return " ".join(filter(None, (lead, *(stopped(one) for one in rest), url and f"{url}.", origin)))
