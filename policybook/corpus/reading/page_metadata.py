"""The title and the date that a web page gives of itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from policybook.corpus.reading.lines import squeeze
from policybook.corpus.reading.page import Page

_TITLE_NAMES = ("articletitle", "og:title", "dc.title", "dcterms.title", "citation_title", "twitter:title")
_DATE_NAMES = (
    "article:published_time", "og:published_time", "pubdate", "publishdate", "publish_date", "publication_date",
    "datepublished", "dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date", "citation_publication_date",
    "weibo:article:create_at", "date", "others",
)  # fmt: skip
_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[-/.年]?\s*(\d{1,2})\s*[-/.月]?\s*(\d{1,2})(?!\d{3})")
_JSON_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')


def page_title(page: Page, headings: Sequence[str]) -> str | None:
    """Return the page's title: what it calls its article, its only first heading, or <title>."""
    named = _named(page, _TITLE_NAMES)
    whole = squeeze(page.title)
    for heading in headings:
        if heading and (heading == named or heading in whole):
            return heading
    if named or not whole:
        return named or (headings[0] if headings else None)
    return _without_site(whole)


def page_published(page: Page) -> str | None:
    """Return the ISO date on which the page says it was published."""
    stated = [_named(page, (name,)) for name in _DATE_NAMES]
    scripted = [found.group(1) for script in page.scripts if (found := _JSON_DATE.search(script))]
    timed = page.times[:1]
    return next((day for text in (*stated, *scripted, *timed) if text and (day := iso_date(text))), None)


def iso_date(text: str) -> str | None:
    """Return the first date in a text as ISO, or None: 2024-07-31 10:00, 2024年7月31日, 20240731."""
    for found in _DATE.finditer(text[:200]):
        try:
            return date(*(int(part) for part in found.groups())).isoformat()
        except ValueError:
            continue
    return None


def _named(page: Page, names: Sequence[str]) -> str | None:
    for name in names:
        for one in page.metadata:
            said = one.get("name") or one.get("property") or one.get("itemprop") or ""
            if said.lower() == name and (content := squeeze(one.get("content", ""))):
                return content
    return None


def _without_site(title: str) -> str:
    """Return <title> without the site's name, which stands last after a line or dash: 标题_栏目_中国政府网."""
    parts = re.split(r"\s*[_|]+\s*|\s+[-–—»·]+\s+", title)
    return parts[0] if len(parts[0]) >= 4 else title
