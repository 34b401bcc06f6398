"""Books of texts made for a test, coded with this repository's scheme: what pages about coded things are tested on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

import pandas as pd
from lxml.html import fromstring

from policybook.charts.theme import Chart
from policybook.corpus.corpus import CODED, Corpus
from policybook.pages.book import Book
from policybook.pages.html import Html

#: Two English texts that render one term each in its own way, and a Chinese one; written for the tests.
ENGLISH = {
    "first": "The county will promote the urbanization of rural migrant workers. The urbanization of rural migrant "
    "workers needs schools. Local governments should build 12 new schools in 2025.",
    "second": "We should speed up the citizenization of the agricultural transfer population. The State Council and "
    "the Ministry of Finance must support the pilot cities with 3 billion yuan.",
}
CHINESE = {
    "third": "要推进农业转移人口市民化。国务院有关部门要完善户籍制度，支持各地区建设学校。"
    "农业转移人口市民化是首要任务。"
}


class BookOf(Protocol):
    """Makes a coded book of texts: id → text, and fields that all entries share."""

    def __call__(self, texts: Mapping[str, str], **fields: object) -> Book: ...


def joined(*corpora: Corpus) -> Corpus:
    """Return corpora as one (their documents have different ids)."""
    names = ("documents", "passages", "boilerplate", "sentences", "blocks", *CODED)
    tables = {name: pd.concat([getattr(one, name) for one in corpora], ignore_index=True) for name in names}
    documents = tuple(document for one in corpora for document in one.known["document"])
    return replace(corpora[0], **tables, known={**corpora[0].known, "document": documents})


def shown(piece: Html | Chart) -> str:
    """Return what a piece of a page says, with single spaces."""
    return " ".join(fromstring(f"<div>{piece._repr_html_()}</div>").text_content().split())


def links(piece: Html | Chart) -> list[str]:
    """Return the addresses that a piece of a page leads to, downloads left out."""
    addresses = [a.get("href") for a in fromstring(f"<div>{piece._repr_html_()}</div>").iter("a")]
    return [address for address in addresses if address and not address.startswith("data:")]


def ids(piece: Html | Chart) -> list[str]:
    """Return the ids of a piece of a page."""
    return [str(i) for i in fromstring(f"<div>{piece._repr_html_()}</div>").xpath("//@id")]
