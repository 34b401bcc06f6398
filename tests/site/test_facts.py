"""What a reader of the five documents looks for, on the pages by subject, each time with a year."""

from __future__ import annotations

import re

import pytest
from facts_looked_for import FACTS

#: Beside the topics: who carries it out, and how many.
PAGES = re.compile(r"chapters/(topic-.+|who|targets)$")
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
#: What stands together on a page: a document's passages, an entry of a list, a row.
TOGETHER = "ancestor::*[self::details or self::tr or self::li or starts-with(@id, 'of-')]"


@pytest.mark.parametrize(("document", "passage"), sorted({(one[0], one[1].partition(".")[0]) for one in FACTS}))
def test_what_a_reader_looks_for_is_on_a_page_by_subject_with_a_year(pages, document: str, passage: str):
    shown = [link for name, page in pages.items() if PAGES.match(name)
             for link in page.select(f"a[href*='documents/{document}.html#{passage}']")
             if re.search(rf"#{passage}(?:\.|$)", link.get("href"))]  # fmt: skip
    assert shown
    assert any(YEAR.search(around.text_content()) for link in shown for around in link.xpath(TOGETHER))
