"""Whether every link and image of a built site leads somewhere."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup


def find_broken_links(site: Path) -> list[str]:
    """Return "page: address" for every link, image, style or script inside the site that is not there."""
    site = site.resolve()
    pages = {
        page: BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
        for page in sorted(site.rglob("*.html"))
    }
    anchors = {page: {str(tag["id"]) for tag in soup.select("[id]")} for page, soup in pages.items()}
    broken = []
    for page, soup in pages.items():
        for tag in soup.select("a[href], img[src], link[href], script[src], use[href]"):
            address = str(tag.get("href") or tag.get("src"))
            if not _leads_somewhere(address, page, site, anchors):
                broken.append(f"{page.relative_to(site).as_posix()}: {address}")
    return broken


def _leads_somewhere(address: str, page: Path, site: Path, anchors: dict[Path, set[str]]) -> bool:
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not address.strip("#"):
        return True
    path = unquote(parts.path)
    target = page if not path else (page.parent / path)
    target = (target / "index.html" if target.is_dir() else target).resolve()
    if not target.is_relative_to(site) or not target.is_file():
        return False
    fragment = unquote(parts.fragment)
    return not fragment or target.suffix != ".html" or fragment in anchors[target]
