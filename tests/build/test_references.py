"""Items of the book, its parts and its documents."""

from __future__ import annotations

import json

import pytest

from policybook.build.edition import Author, Edition
from policybook.build.references import (
    STYLES,
    book_item,
    csl_date,
    document_item,
    format_items,
    items_of,
    part_item,
    read_on,
)
from policybook.build.targets import Citable
from policybook.errors import PolicybookError

EDITION = Edition("A book", (Author(name="Somebody"),), "1.2.0", "2026-12-01", "https://example.org/v1/")
PASSAGE = Citable("documents/x", "p03.2", "sentence", "On towns, paragraph 3, sentence 2", "3.2")
ENTRY = {"id": "x", "title": "On towns", "publisher": "A paper", "written": "2024-08-19/2024-09", "language": "en",
         "voice": "reported", "machine_translated": True}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "parts", "about"),
    [("2024", [2024], False), ("2024-08", [2024, 8], False), ("2024-08-19", [2024, 8, 19], False),
     ("2021-03-30/2021-04", [2021], True), ("2024-01-17/2024-01-19", [2024, 1], True), ("2014-08/2015", [2015], True)],
)  # fmt: skip
def test_of_a_span_of_time_a_date_is_what_both_ends_share(text: str, parts: list[int], about: bool):
    assert csl_date(text) == {"date-parts": [parts], **({"circa": True} if about else {})}


def test_a_document_with_an_address_is_cited_by_it():
    entry = {"id": "x", "title": "On towns", "title_zh": "关于城镇", "publisher": "国务院", "published": "2024-07-28",
             "written": "2024-07", "language": "zh", "voice": "official", "doc_number": "国发〔2024〕17号",
             "url": "https://example.org/17", "accessed": "2026-01-02"}  # fmt: skip
    item = document_item(entry)
    assert (item["type"], item["title"], item["URL"]) == ("legislation", "关于城镇", "https://example.org/17")
    assert format_items([item], "gb-t-7714") == (
        "国务院. 关于城镇：国发〔2024〕17号（On towns）[EB/OL]. （2024-07-28）[2026-01-02]. https://example.org/17."
    )
    reposted = document_item({**entry, "published": "2024-09-06", "written": "2014-08/2015"})
    assert "written 2014-08 to 2015" in reposted["custom"]["remarks"]


def test_a_part_is_a_chapter_of_the_book_at_its_address():
    item = part_item(book_item(EDITION), PASSAGE)
    assert (item["type"], item["container-title"], item["version"]) == ("chapter", "A book", "1.2.0")
    assert item["URL"] == "https://example.org/v1/documents/x.html#p03.2"
    assert item["id"] == "policybook-documents-x--p03-2"
    kinds = [part_item(book_item(EDITION), Citable("a", "b", kind, "t"))["type"] for kind in ("figure", "table", "row")]
    assert kinds == ["graphic", "dataset", "chapter"]


def test_a_document_without_an_address_is_cited_from_the_book():
    source, book = items_of(PASSAGE, book_item(EDITION), document_item(ENTRY))
    assert source["author"] == [{"literal": "A paper"}]
    assert source["custom"]["cited_from"] == book
    assert source["custom"]["remarks"] == ["machine-translated"]
    assert source["issued"] == {"date-parts": [[2024]], "circa": True}
    assert items_of(PASSAGE, book_item(EDITION), document_item(ENTRY), "source") == [source]
    with pytest.raises(PolicybookError, match="--of book"):
        items_of(PASSAGE, book_item(EDITION), None, "source")


def test_the_day_of_reading_is_in_the_item_and_in_what_it_is_cited_from():
    source, book = read_on(items_of(PASSAGE, book_item(EDITION), document_item(ENTRY)), "2026-12-24")
    day = {"date-parts": [[2026, 12, 24]]}
    assert source["accessed"] == book["accessed"] == source["custom"]["cited_from"]["accessed"] == day
    (kept,) = read_on([{"accessed": csl_date("2025")}], "2026-12-24")
    assert kept["accessed"] == {"date-parts": [[2025]]}


@pytest.mark.parametrize("style", STYLES)
def test_every_style_has_title_container_address_and_author(style: str):
    said = format_items(read_on([part_item(book_item(EDITION), PASSAGE)], "2026-12-24"), style)
    for part in ("Somebody", "paragraph 3", "A book", "https://example.org/v1/documents/x.html#p03.2", "2026"):
        assert part.lower() in said.lower(), part
    if style == "csl-json":
        assert len(json.loads(said)) == 1
