from __future__ import annotations

from pathlib import Path

import pytest

from policybook.publishing.links import find_broken_links


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "other.html").write_text('<p id="p07">x</p>', encoding="utf-8")
    (tmp_path / "part" / "index.html").write_text("<p>x</p>", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "href",
    ["part/other.html", "part/other.html#p07", "part/", "#", "#here", "https://example.org/x", "data:text/csv,a",
     "mailto:a@example.org", "part/other.html?q=1#p07"],
)  # fmt: skip
def test_a_good_link_is_not_reported(folder: Path, href: str):
    (folder / "page.html").write_text(f'<a href="{href}" id="here">x</a>', encoding="utf-8")
    assert find_broken_links(folder) == []


@pytest.mark.parametrize(
    "tag",
    [
        '<a href="gone.html">',
        '<a href="part/other.html#p08">',
        '<a href="#gone">',
        '<a href="../outside.html">',
        '<a href="/etc/passwd">',
        '<img src="gone.png">',
        '<script src="gone.js"></script>',
        '<link href="gone.css">',
    ],
)
def test_a_broken_link_is_named_with_its_page(folder: Path, tag: str):
    (folder.parent / "outside.html").write_text("", encoding="utf-8")
    (folder / "page.html").write_text(tag, encoding="utf-8")
    broken = find_broken_links(folder)
    assert len(broken) == 1
    assert broken[0].startswith("page.html: ")
