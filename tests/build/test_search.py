"""What the search can lead to."""

from __future__ import annotations

from pathlib import Path

import pytest

from policybook.build.site import index_site, read_records
from policybook.errors import BuildError

PAGE = """<html><body><nav>menu words</nav><article class="bd-article"><section id="document"><h1>Title<a
class="headerlink">#</a></h1><p>Opening words.</p><section id="passages"><h2>Passages</h2><div class="pb-passages">
<p class="pb-scope"><a class="pb-paragraph">¶7</a></p>
<p id="p07" class="pb-passage"><span class="pb-sentence">新型城镇化。</span> <span class="pb-left-out">[2 sentences
left out]</span></p><p id="p08" class="pb-passage"><span class="pb-left-out">[1 sentence left out]</span></p>
</div></section><section id="errors"><h2>Errors</h2><div data-pagefind-ignore>A sentence made up for a
test.</div></section></section></article></body></html>"""


@pytest.fixture
def records(tmp_path: Path) -> dict[str, str]:
    page = tmp_path / "documents" / "one.html"
    page.parent.mkdir()
    page.write_text(PAGE, encoding="utf-8")
    return {record.url: record.text for record in read_records(page, tmp_path)}


def test_every_passage_has_a_record_of_its_own(records: dict[str, str]):
    assert records["documents/one.html#p07"] == "新型城镇化。"


def test_a_passage_of_which_nothing_is_shown_has_none(records: dict[str, str]):
    assert "documents/one.html#p08" not in records


def test_a_section_does_not_repeat_its_passages_or_the_menu(records: dict[str, str]):
    rest = " ".join(text for url, text in records.items() if "#p0" not in url)
    assert "新型城镇化" not in rest
    assert "menu words" not in rest
    assert "made up" not in rest, "what is marked as not to be indexed"
    assert "Opening words." in records["documents/one.html#document"]


def test_a_folder_without_pages_cannot_be_indexed(tmp_path: Path):
    with pytest.raises(BuildError, match="no page to index"):
        index_site(tmp_path)
