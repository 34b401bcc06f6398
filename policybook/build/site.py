"""Pages become a site: Sphinx, its labels and reading order, links, and the search index."""

from __future__ import annotations

import asyncio
import logging
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import yaml
from bs4 import BeautifulSoup, Tag
from docutils import nodes
from pagefind.index import IndexConfig, PagefindIndex
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.transforms import SphinxTransform

from policybook.build.runs import Run
from policybook.errors import BuildError, InvalidDataError
from policybook.project import Project
from policybook.tables import YamlFile

# The search index: pagefind, one index for both languages, a record a passage ---------------------

# Chinese is segmented only in an index of that language; English terms are found in it all the same.
_LANGUAGE = "zh"


@dataclass(frozen=True)
class Record:
    """One thing that a search can lead to."""

    url: str
    title: str
    text: str


def index_site(site: Path) -> int:
    """Write the search index of a built site into its folder pagefind/; return the number of records.

    Only what the pages show is indexed, so a sentence left out of a page is not found either.
    Raises BuildError when nothing could be indexed.
    """
    found = [record for page in sorted(site.rglob("*.html")) for record in read_records(page, site)]
    if not found:
        raise BuildError(f"{site}: no page to index for the search.")
    logging.getLogger("pagefind").setLevel(logging.ERROR)
    asyncio.run(_write_index(found, site / "pagefind"))
    return len(found)


def read_records(page: Path, site: Path) -> Iterator[Record]:
    """Yield a record for every passage and every section of a built page."""
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    article = soup.select_one("article.bd-article")
    address = page.relative_to(site).as_posix()
    if article is None or address == "search.html":
        return
    for noise in article.select(".headerlink, .pb-paragraph, style, script, svg, .cell_input, .pb-kwic"):
        noise.decompose()
    for inline in article.select("mark, a, em, strong, code, data, span:not(.pb-left-out)"):
        inline.unwrap()  # a term cut up by its marks would not be found
    article.smooth()
    heading = article.find("h1")
    title = heading.get_text(" ", strip=True) if heading else address
    for passage in article.select("p.pb-passage[id]"):
        for left_out in passage.select(".pb-left-out"):
            left_out.decompose()
        if text := passage.get_text(" ", strip=True):
            number = str(passage["id"]).lstrip("p").lstrip("0")
            yield Record(f"{address}#{passage['id']}", f"{title}, ¶{number}", text)
    for passages in article.select(".pb-passages, [data-pagefind-ignore]"):
        passages.decompose()
    for section in reversed(article.select("section[id]")):  # the innermost first, each taken out when read
        if text := _own_text(section):
            name = section.find(["h1", "h2", "h3", "h4"])
            label = name.get_text(" ", strip=True) if name else title
            yield Record(f"{address}#{section['id']}", title if label == title else f"{title}: {label}", text)
        section.decompose()


def _own_text(section: Tag) -> str:
    return section.get_text(" ", strip=True)


async def _write_index(records: list[Record], folder: Path) -> None:
    config = IndexConfig(force_language=_LANGUAGE, output_path=str(folder))
    async with PagefindIndex(config=config) as index:
        for record in records:
            await index.add_custom_record(
                url=record.url, content=record.text, language=_LANGUAGE, meta={"title": record.title}
            )
        await index.write_files(output_path=str(folder))


def write_toc(project: Project, pages: Sequence[str], target: Path) -> None:
    """Write _toc.yml to `target` with every glob replaced by the pages it fits, in the order of runs.yml.

    A glob that fits no page is left out, and so is a part of the book left without chapters.
    Raises InvalidDataError when a file named in _toc.yml is neither made nor in book/.
    """
    file = YamlFile(project.root / "_toc.yml", "_toc.yml")
    toc = _fill(file.content, pages)
    missing = [name for name in _files(toc) if name not in pages and not (project.book / f"{name}.md").is_file()]
    if missing:
        raise InvalidDataError(
            [
                file.problem([], f"no page {name!r} is made or written.", "Correct the name or add it.")
                for name in missing
            ]
        )
    target.write_text(yaml.safe_dump(toc, allow_unicode=True, sort_keys=False), encoding="utf-8")


def _fill(node: Any, pages: Sequence[str]) -> Any:
    if isinstance(node, dict):
        return {key: _fill(value, pages) for key, value in node.items()}
    if not isinstance(node, list):
        return node
    filled: list[Any] = []
    for item in node:
        if isinstance(item, dict) and "glob" in item:
            filled.extend({"file": page} for page in pages if fnmatchcase(page, item["glob"]))
            continue
        entry = _fill(item, pages)
        if not (isinstance(entry, dict) and entry.get("chapters") == []):
            filled.append(entry)
    return filled


def _files(node: Any) -> Iterable[str]:
    if isinstance(node, dict):
        yield from (str(node[key]) for key in ("root", "file") if key in node)
        for value in node.values():
            yield from _files(value)
    elif isinstance(node, list):
        for item in node:
            yield from _files(item)


def build_site(project: Project, runs: Sequence[Run]) -> Path:
    """Build _build/html from the pages in book/ and return the path of its front page.

    The site is built beside the old one and takes its place only when it is complete: every warning of
    Sphinx and every broken link is an error. Raises BuildError; the whole output is in _build/site.log.
    """
    work = project.build / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        toc = work / "_toc.yml"
        write_toc(project, [run.page for run in runs], toc)
        _say("Building the pages with Jupyter Book ...")
        _run_jupyter_book(project, toc, work)
        html = work / "_build" / "html"
        _drop_what_nobody_reads(html)
        _say("Indexing for the search ...")
        records = index_site(html)
        _say(f"Indexed {records} passages and sections. Checking links ...")
        if broken := find_broken_links(html):
            raise BuildError("Broken links:\n" + "\n".join(broken))
        _put_in_place(html, project.site)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return project.site / "index.html"


def _run_jupyter_book(project: Project, toc: Path, work: Path) -> None:
    command = [
        *(str(Path(sys.executable).with_name("jupyter-book")), "build", str(project.book)),
        *("--config", str(project.root / "_config.yml"), "--toc", str(toc), "--path-output", str(work)),
        *("--all", "--warningiserror", "--keep-going", "--nitpick"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False)
    log = project.build / "site.log"
    output = re.sub(r"\x1b\[[0-9;]*m", "", f"{done.stdout}\n{done.stderr}")
    log.write_text(output, encoding="utf-8")
    if done.returncode or not (work / "_build" / "html" / "index.html").is_file():
        said = [line for line in output.splitlines() if re.search(r"\b(?:WARNING|ERROR|CRITICAL)\b|Error:", line)]
        raise BuildError("\n".join([f"The site was not built; see {project.name(log)}.", *said[:20]]))


def _drop_what_nobody_reads(html: Path) -> None:
    """Remove what Sphinx and the theme leave in a site for tools: template fragments, build marks."""
    for path in [*html.glob("_static/*webpack-macros.html"), html / ".buildinfo"]:
        path.unlink(missing_ok=True)
    shutil.rmtree(html / "_sources", ignore_errors=True)


def _put_in_place(built: Path, site: Path) -> None:
    old = site.with_name("html.old")
    shutil.rmtree(old, ignore_errors=True)
    if site.exists():
        site.rename(old)
    built.rename(site)
    shutil.rmtree(old, ignore_errors=True)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


# Sphinx extension: the looks of every book, and a section's explicit label as its only id.
# Templates are run once for many pages, so the same label stands on many of them. It is each page's own
# address (documents/x.html#passages) and must not enter Sphinx's book-wide list, where it would clash.
#: Style sheet, scripts and page templates; they belong to the pages that the package makes and come with it.
LOOKS = Path(__file__).with_name("looks")
MADE = ("documents/", "comparisons/", "chapters/", "index")


class StableIds(SphinxTransform):
    """Runs when targets have been moved to their sections and before Sphinx collects labels."""

    default_priority = 845

    def apply(self, **_: Any) -> None:
        """Keep explicit ids only, and unregister the labels of made pages."""
        explicit = {
            self.document.nameids[name]: name
            for name, is_explicit in self.document.nametypes.items()
            if is_explicit and self.document.nameids.get(name)
        }
        for section in self.document.findall(nodes.section):
            kept = [identifier for identifier in section["ids"] if identifier in explicit]
            if kept:
                section["ids"] = kept[:1]
        if self.env.docname.startswith(MADE):
            for name in explicit.values():
                self.document.nametypes[name] = False


def _use_our_looks(_: Sphinx, config: Config) -> None:
    """Add the looks to what the book brings in its own _static/; a favicon that it names goes before ours."""
    static = LOOKS / "static"
    config.html_static_path = [str(static), *config.html_static_path]
    config.templates_path = [*config.templates_path, str(LOOKS / "templates")]
    config.html_css_files = [path.name for path in sorted(static.glob("*.css"))] + list(config.html_css_files)
    config.html_js_files = [path.name for path in sorted(static.glob("*.js"))] + list(config.html_js_files)
    config.html_favicon = config.html_favicon or str(static / "favicon.svg")
    config.html_additional_pages = {"search": "search.html", **config.html_additional_pages}


def _use_our_search(app: Sphinx) -> None:
    """Leave out Sphinx's own index, which finds no Chinese phrase; search.html is ours."""
    setattr(app.builder, "search", False)  # noqa: B010 only the HTML builders declare it


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the looks, the transform and the search page."""
    app.connect("config-inited", _use_our_looks)
    app.add_transform(StableIds)
    app.connect("builder-inited", _use_our_search)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


# Whether every link and image of a built site leads somewhere --------------------------------------


def find_broken_links(site: Path) -> list[str]:
    """Return "page: address" for every link, image, style or script inside the site that is not there."""
    site = site.resolve()
    files = sorted(site.rglob("*.html"))
    pages = {page: BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser") for page in files}
    anchors = {page: {str(tag["id"]) for tag in soup.select("[id]")} for page, soup in pages.items()}
    broken = []
    for page, soup in pages.items():
        for tag in soup.select("a[href], img[src], link[href], script[src], use[href]"):
            address = str(tag.get("href") or tag.get("src"))
            if not _leads_somewhere(address, page, site, anchors):
                broken.append(f"{page.relative_to(site).as_posix()}: {address}")
    return broken


def _leads_somewhere(address: str, page: Path, site: Path, anchors: Mapping[Path, set[str]]) -> bool:
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
