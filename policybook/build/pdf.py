"""The printed edition: the pages of a built site in their order as one PDF, printed by an installed Chromium."""

from __future__ import annotations

import os
import posixpath
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pypdfium2
import pypdfium2.raw as pdfium
from fontTools.ttLib import TTCollection
from lxml import etree, html
from markupsafe import Markup

from policybook.build.edition import book_address, read_edition
from policybook.build.search import CONCORDANCE
from policybook.build.site import LOOKS
from policybook.charts.theme import font_file, font_number
from policybook.errors import BuildError
from policybook.pages.html import mark_chinese, render
from policybook.project import Project
from policybook.tables import YamlFile
from policybook.words.say import use_words_of

# The browser -----------------------------------------------------------------------------------------

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: Where Chrome for macOS is; it puts no command into the path.
_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
#: What to do where there is none, behind a sentence that says what it is needed for.
INSTALL_BROWSER = (
    "Install it (Debian: apt install chromium; Ubuntu: snap install chromium; macOS: brew install --cask "
    "google-chrome), or set CHROMIUM to its path."
)
#: A browser that asks nobody for anything, and prints nothing of its own on a page.
_FLAGS = ("--headless", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--no-pdf-header-footer",
          "--generate-pdf-document-outline")  # fmt: skip
#: So many seconds a printing may take.
_LONGEST = 600


def find_browser() -> Path | None:
    """Return the Chromium or Chrome in CHROMIUM, or else the first one in the path; None where there is none."""
    if named := os.environ.get("CHROMIUM"):
        found = shutil.which(named)
        return Path(found) if found else None
    for name in _NAMES:
        if found := shutil.which(name):
            return Path(found)
    return _MAC if _MAC.is_file() else None


def require_browser() -> Path:
    """Return the browser that prints. Raises BuildError, with what to install, where there is none."""
    if browser := find_browser():
        return browser
    raise BuildError(f"No Chromium or Chrome was found, and it prints the PDF. {INSTALL_BROWSER}")


def _print(browser: Path, source: Path, target: Path) -> None:
    """Print a file of HTML. Raises BuildError with what the browser says where it cannot."""
    root = ["--no-sandbox"] * (hasattr(os, "geteuid") and os.geteuid() == 0)  # which Chromium demands of root
    command = [str(browser), *_FLAGS, *root, f"--user-data-dir={source.with_name('browser')}",
               f"--print-to-pdf={target}", source.as_uri()]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=_LONGEST, check=False)
        said = done.stderr.strip().splitlines()[-1:] or [f"exit status {done.returncode}"]
    except (OSError, subprocess.TimeoutExpired) as error:
        said = [str(error)]
    if not target.is_file():
        raise BuildError(f"{browser} did not print the book: {said[0]}")


# The book as one page --------------------------------------------------------------------------------

@dataclass(frozen=True)
class _Chapter:
    """A page of the book: its name, the caption of the part that it opens ("" where it opens none), what it shows."""

    page: str
    part: str
    article: html.HtmlElement

    @property
    def anchor(self) -> str:
        """The id under which the chapter stands in the printed book."""
        return self.page.replace("/", "-")

    @property
    def title(self) -> str:
        """The heading of the page."""
        return next((" ".join(one.text_content().split()) for one in self.article.iter("h1")), self.page)


def print_book(project: Project) -> Path:
    """Print the built site, and return the path of the PDF: title page, contents, all pages of _toc.yml in order.

    It is printed twice: the second time with the page numbers that the first one gave. Raises BuildError where no
    site was built, where there is no Chromium, and where it fails.
    """
    browser, target, work = require_browser(), project.build / "book.pdf", project.build / "work-print"
    use_words_of(project)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        chapters = _read_chapters(project)
        _lead_within(chapters, project)
        with TTCollection(str(font_file()), lazy=True) as fonts:
            fonts.fonts[font_number()].save(work / "font.otf")
        numbers: dict[str, int] = {}
        for _ in range(2):
            (work / "book.html").write_text(_compose(project, chapters, numbers), encoding="utf-8")
            _print(browser, work / "book.html", work / "book.pdf")
            numbers = _page_numbers(work / "book.pdf", chapters)
        (work / "book.pdf").replace(target)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return target


def _read_chapters(project: Project) -> list[_Chapter]:
    """Return the pages of the site in the order in which it was built."""
    toc = project.build / "sphinx" / "_toc.yml"
    if not toc.is_file() or not project.site.is_dir():
        raise BuildError("There is no built book to print. Build it first: policybook build")
    content = YamlFile(toc, project.name(toc)).content
    parts = [part for part in content.get("parts", []) if isinstance(part, dict)] or [content]
    named = [("", content["root"])]
    for part in parts:
        pages = list(_pages_below(part))
        named += zip([str(part.get("caption", "")), *[""] * len(pages)], pages, strict=False)
    return [_Chapter(page, caption, _read_article(project, page)) for caption, page in named]


def _pages_below(entry: dict[str, object]) -> Iterator[str]:
    for key in ("chapters", "sections"):
        below = entry.get(key)
        for one in below if isinstance(below, list) else ():
            if "file" in one:
                yield str(one["file"])
                yield from _pages_below(one)


def _read_article(project: Project, page: str) -> html.HtmlElement:
    """Return what a page shows on paper, under ids that are its own in the whole book.

    Of a fold its line is left, without what it folds away; nothing that is there to be pressed or typed into, and
    not how the page was made.
    """
    tree = html.fromstring((project.site / f"{page}.html").read_bytes(), parser=html.HTMLParser(encoding="utf-8"))
    (article,) = tree.xpath("//article[contains(@class, 'bd-article')]")
    article.set("lang", tree.get("lang", "en"))
    for one in [*article.iterdescendants(etree.Element)]:
        if one.tag in _NOT_PRINTED or not _TO_PRESS.isdisjoint(one.classes) or one.get("id") == "made":
            one.drop_tree()
        elif one.get("id") == CONCORDANCE:
            next(one.iterancestors("section"), one).drop_tree()
    for fold in [*article.iter("details")]:
        kept = fold.find("summary")
        for one in [one for one in fold if one is not kept]:
            fold.remove(one)
        fold.tag, fold.text = "div", ""
        fold.classes.add("pb-folded")
        if kept is not None:
            kept.tag = "span"
    prefix = f"{page.replace('/', '-')}--"
    for one in article.iter(etree.Element):
        for name, value in one.items():
            if name in _NAMING:
                one.set(name, " ".join(f"{prefix}{word}" for word in value.split()))
            elif "url(#" in value:
                one.set(name, value.replace("url(#", f"url(#{prefix}"))
            elif one.tag == "img" and name == "src":
                one.set(name, (project.site / page).parent.joinpath(unquote(urlsplit(value).path)).resolve().as_uri())
            elif one.tag == "use" and value.startswith("#"):
                one.set(name, f"#{prefix}{value[1:]}")
    return article


_NOT_PRINTED = {"script", "noscript", "form", "button", "nav", "fieldset"}
_TO_PRESS = {"headerlink", "pb-permalink", "pb-downloads", "pb-download", "pb-narrow", "pb-filter", "pb-earlier"}
#: Attributes that hold ids.
_NAMING = {"id", "for", "headers", "aria-labelledby", "aria-describedby"}


def _lead_within(chapters: Sequence[_Chapter], project: Project) -> None:
    """Let links between pages lead to their place in the printed book, others to the book's address, or nowhere."""
    anchors = {chapter.page: chapter.anchor for chapter in chapters}
    ids = {str(one) for chapter in chapters for one in chapter.article.xpath(".//@id")}
    address = book_address(project)
    for chapter in chapters:
        for link in chapter.article.iter("a"):
            for name in ("href", "xlink:href"):
                if href := link.get(name):
                    led = _led(href, chapter.page, anchors, ids, address)
                    link.attrib.pop(name)
                    link.attrib.update({name: led} if led else {})


def _led(href: str, page: str, anchors: dict[str, str], ids: set[str], address: str) -> str:
    parts = urlsplit(href)
    if parts.scheme or parts.netloc:
        return href
    path = posixpath.normpath(posixpath.join(posixpath.dirname(page), parts.path)) if parts.path else f"{page}.html"
    anchor = anchors.get(path.removesuffix(".html"))
    within = f"{anchor}--{unquote(parts.fragment)}"
    if anchor and (within in ids or not parts.fragment):
        return f"#{within if parts.fragment else anchor}"
    online = f"{address}{path}{f'#{parts.fragment}' * bool(parts.fragment)}" if address else ""
    return online or (f"#{anchor}" if anchor else "")


def _compose(project: Project, chapters: Sequence[_Chapter], numbers: dict[str, int]) -> str:
    """Return the HTML of the book, with the page numbers of its contents as far as they are known."""
    front = html.parse(str(project.site / "index.html"), html.HTMLParser(encoding="utf-8")).getroot()
    styles = [project.site.joinpath(urlsplit(one).path).as_uri()
              for one in front.xpath("//link[@rel='stylesheet']/@href") if "://" not in one]  # fmt: skip
    config = YamlFile(project.root / "_config.yml", "_config.yml").content
    written = [{"anchor": one.anchor, "part": one.part, "title": one.title, "number": numbers.get(one.anchor, ""),
                "article": Markup(html.tostring(one.article, encoding="unicode"))} for one in chapters]  # fmt: skip
    address = book_address(project)
    book = render("printed", chapters=written, styles=styles, title=str(config.get("title", "")),
                  about=read_edition(project), address=address,
                  authors=str(config.get("author", "")), footer=str((config.get("html") or {}).get("extra_footer", "")),
                  language=front.get("lang", "en"),
                  looks=Markup((LOOKS / "print.css").read_text(encoding="utf-8")))  # fmt: skip
    return mark_chinese(str(book.markup))


def _page_numbers(path: Path, chapters: Sequence[_Chapter]) -> dict[str, int]:
    """Return the page on which each chapter begins, by its anchor."""
    with closing(pypdfium2.PdfDocument(path)) as printed:
        places = {one.anchor: pdfium.FPDF_GetNamedDestByName(printed, one.anchor.encode()) for one in chapters}
        return {name: pdfium.FPDFDest_GetDestPageIndex(printed, place) + 1 for name, place in places.items() if place}
