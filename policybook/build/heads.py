"""What a page says of itself to machines: its head for search engines and reference managers, and files beside it."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

from markupsafe import escape

from policybook.build.anchors import earlier_places, read_published
from policybook.build.bibliographies import bib_title
from policybook.build.edition import Edition, read_edition
from policybook.build.export import read_tables, write_package
from policybook.build.references import STYLES, book_item, document_item, format_items, items_of
from policybook.build.styles import CslItem, date_parts, headline, is_english, title_of

from policybook.build.targets import (  # isort: skip
    DATA, PageRecord, Citable, find_part, load_record, read_article, read_record, write_record,
)
from policybook.errors import BuildError
from policybook.project import Project, is_search_page, language_and_page
from policybook.tables import YamlFile
from policybook.words.say import say, speaking

#: Cells of the table of how a page was made, which are filled when the site is (see words/en/pages/made.html).
_MADE = re.compile(r'(<td data-made="(version|commit|data|inputs)">)[^<]*(</td>)')
_BLOCK = re.compile(r"<!-- pb-(head|earlier) -->.*?<!-- /pb-\1 -->\n", re.DOTALL)
#: Files with a page's reference: their endings, types and names.
BESIDE = (("bib", "application/x-bibtex", "BibTeX"), ("ris", "application/x-research-info-systems", "RIS"),
          ("json", "application/vnd.citationstyles.csl+json", "CSL-JSON"))  # fmt: skip
#: Stand in the forms of a page's dialog for what only the reader's browser knows: title, address, key and day.
TITLE, ADDRESS, KEY, DAY = "\ue000", "\ue001", "KEY0KEY", "9876-10-11"


class Finisher:
    """Gives the pages of a site their heads and what stands beside them, the same whenever the edition is the same."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.edition: Edition = read_edition(project)
        self.book = book_item(self.edition)
        file = project.corpus_file
        entries = YamlFile.of(project, file).entries("documents") if file.is_file() else []
        self.documents = {str(entry["id"]): document_item(entry) for entry in entries if "id" in entry}
        self._tables: dict[str, list[list[str]]] = {}
        self._published = read_published(project)

    def finish(self, html: Path, page: str) -> None:
        """Read a page that Sphinx has just written, and finish it; the search page is no page of the book."""
        if is_search_page(page):
            return
        markup = (html / f"{page}.html").read_text(encoding="utf-8")
        article, language = read_article(markup)
        with speaking(self.project, language_and_page(page)[0]):
            record, tables = read_record(article, page, language), read_tables(page, article)
        if page == "index":
            record["title"] = self.edition.title
        self._finish(html, record, tables, markup, _set_titles(record))

    def has(self, page: str) -> bool:
        """Whether a page was finished."""
        return page in self._tables

    def keep(self, site: Path, html: Path, page: str) -> None:
        """Finish a page that was copied from a site as it was, with its record and its tables from there."""
        record = load_record(site, page)
        tables = (record or {}).get("tables", [])
        if record is None or not all((site / DATA / table[0]).is_file() for table in tables):
            raise BuildError(f"{page}: its tables are gone from the site. Build with --force.")
        for file, *_ in tables:
            (html / DATA).mkdir(exist_ok=True)
            shutil.copy2(site / DATA / file, html / DATA / file)
        known = PageRecord(**{key: record[key] for key in PageRecord.__annotations__})  # type: ignore[typeddict-item]
        self._finish(html, known, tables, (html / f"{page}.html").read_text(encoding="utf-8"), record["set"])

    def _finish(self, html: Path, record: PageRecord, tables: list[list[str]], markup: str,
                titles: list[list[str]]) -> None:  # fmt: skip
        page = record["page"]
        document = self.documents.get(page.partition("/")[2]) if page.startswith("documents/") else None
        self._tables[page] = tables
        items = items_of(find_part(record, ""), self.book, document)
        if not self.edition.address:  # where a page stands that was saved is known to nobody
            items = [_without_address(item) for item in items]
        beside = html / page
        beside.with_name(f"{beside.name}.bib").write_text(format_items(items, "biblatex") + "\n", encoding="utf-8")
        beside.with_name(f"{beside.name}.ris").write_text(format_items(items, "ris") + "\n", encoding="utf-8")
        beside.with_name(f"{beside.name}.json").write_text(format_items(items, "csl-json") + "\n", encoding="utf-8")
        more = {"book": self.book, "document": document, "tables": tables, "styles": STYLES,
                "set": titles, "forms": self._forms(record, document)}  # fmt: skip
        write_record(html, record, more)
        block = f"<!-- pb-head -->\n{self._head(record, document, tables)}<!-- /pb-head -->\n"
        markup = _MADE.sub(lambda cell: f"{cell[1]}{self._made(page)[cell[2]]}{cell[3]}", markup)
        markup = _BLOCK.sub("", markup).replace("</head>", f"{block}</head>", 1)
        with speaking(self.project, language_and_page(page)[0]):
            earlier = earlier_places(self._published, record, self.edition.version)
        if earlier:
            markup = markup.replace("</article>", f"<!-- pb-earlier -->{earlier}<!-- /pb-earlier -->\n</article>", 1)
        (html / f"{page}.html").write_text(markup, encoding="utf-8")

    def _forms(self, record: PageRecord, document: CslItem | None) -> dict[str, dict[str, str]]:
        """Return a reference in every style for each kind of part, with signs for what the browser fills in."""
        kinds = {part[1] for part in record["parts"]} & {"figure", "table"}
        kinds |= {"book"} if record["page"] == "index" else {"page"}
        kinds |= {"section"}
        forms = {}
        for kind in sorted(kinds):
            target = Citable(record["page"], "", kind, TITLE, language=record["language"])
            forms[kind] = self._form(items_of(target, self.book, None)[0])
        if document is not None:
            target = Citable(record["page"], "p", "passage", TITLE, language=record["language"])
            forms["source"] = self._form(items_of(target, self.book, document, "source")[0], whole=True)
        return forms

    @staticmethod
    def _form(item: CslItem, whole: bool = False) -> dict[str, str]:
        """Return an item in every style; with `whole` only what it is cited from is filled in."""
        def signed(one: CslItem) -> CslItem:
            return {**one, "id": KEY, "URL": ADDRESS}

        day = {"date-parts": [[int(part) for part in DAY.split("-")]]}
        custom = item.get("custom", {})
        if whole and custom.get("cited_from"):
            item = {**item, "custom": {**custom, "cited_from": {**signed(custom["cited_from"]), "accessed": day}}}
        else:
            item = item if whole else signed(item)
        item = {**item, "accessed": item.get("accessed") or day}
        return {style: format_items([item], style) for style in STYLES}

    def _made(self, page: str) -> dict[str, str]:
        """Return what the table of how a page was made says of the edition, and of the data behind the page."""
        from policybook.build.state import page_mark

        mark, data = page_mark(self.project, page), f"open {self.project.data}/"
        names = [one.removeprefix(data) for one in (mark.reads if mark else ()) if one.startswith(data)]
        if mark and any(one in ("book", "corpus") or one.startswith("document:") for one in mark.reads):
            names += ["corpus.yml", "documents/…", "lexicon/…"]
        folders = Counter(name.rpartition("/")[0] for name in names)
        places = sorted({f"{folder}/…" if folder and folders[folder] > 3 else name
                         for name in names for folder in [name.rpartition("/")[0]]})  # fmt: skip
        said = {"version": self.edition.version, "commit": self.edition.commit or "—", "data": self.edition.data,
                "inputs": ", ".join(f"data/{name}" for name in places) or "—"}  # fmt: skip
        return {name: str(escape(text)) for name, text in said.items()}

    # The head --------------------------------------------------------------------------------------

    def _head(self, record: PageRecord, document: CslItem | None, tables: list[list[str]]) -> str:
        page, address = record["page"], self.edition.address
        name = page.rpartition("/")[2]
        front = page == "index"
        here = f"{address}{'' if front else f'{page}.html'}" if address else f"{name}.html"
        day = "/".join(f"{part:02}" for part in date_parts(self.book))
        lines = [_meta("name", "description", record["description"]), _link("canonical", here)]
        if self.edition.terms and document is None:
            lines.append(_link("license", self.edition.terms))
        lines += [_link("alternate", f"{name}.{end}", kind, title) for end, kind, title in BESIDE]
        if "/dev/" in address:
            lines.append(_meta("name", "robots", "noindex"))
        authors = [one.name or f"{one.family}, {one.given}" for one in self.edition.authors]
        lines += [_meta("name", "citation_title", record["title"])]
        lines += [_meta("name", "citation_author", author) for author in authors]
        lines.append(_meta("name", "citation_publication_date", day))
        lines.append(_meta("name", "citation_language", record["language"]))
        if front:
            lines.append(_meta("property", "bibo:type", "Book"))
        else:
            lines += [_meta("name", f"citation_{kind}_title", self.edition.title) for kind in ("inbook", "book")]
        if address:
            lines += [_meta("name", f"citation_{kind}_url", here) for kind in ("public", "fulltext_html")]
            lines.append(_meta("property", "og:url", here))
        graph = {"title": record["title"], "type": "book" if front else "article", "site_name": self.edition.title,
                 "description": record["description"]}  # fmt: skip
        lines += [_meta("property", f"og:{name}", text) for name, text in graph.items()]
        said = json.dumps(self._linked(record, document, tables, here), ensure_ascii=False, separators=(",", ":"))
        for char in "<>&\u2028\u2029":
            said = said.replace(char, f"\\u{ord(char):04x}")
        lines.append(f'<script type="application/ld+json">{said}</script>')
        return "".join(f"{line}\n" for line in lines if line)

    def _linked(self, record: PageRecord, document: CslItem | None, tables: list[list[str]],
                here: str) -> dict[str, Any]:  # fmt: skip
        """Return a page as schema.org describes it: a chapter, or the book, with its tables and what it rests on."""
        edition, front = self.edition, record["page"] == "index"
        people = [{"@type": "Organization", "name": one.name} if one.name
                  else {"@type": "Person", "familyName": one.family, "givenName": one.given}
                  for one in edition.authors]  # fmt: skip
        common: dict[str, Any] = {"author": people, **({"datePublished": edition.released} if edition.released else {})}
        terms = {"license": edition.terms} if edition.terms else {}
        said: dict[str, Any] = {"@context": "https://schema.org", "@type": "Book" if front else "Chapter",
                                "name": record["title"], "inLanguage": record["language"], **common}  # fmt: skip
        if record["description"]:
            said["description"] = record["description"]
        if edition.address:
            said["url"] = here
        if document is None:
            said |= terms
        if not front:
            place = {"url": edition.address} if edition.address else {}
            said["isPartOf"] = {"@type": "Book", "name": edition.title, **common, **place}
        if document is not None:
            said["isBasedOn"] = _article(document)
        if tables:
            up = edition.address or "../" * record["page"].count("/")
            about = say("cite.tables_about", number=len(tables), title=record["title"], book=edition.title)
            said["hasPart"] = {
                "@type": "Dataset", "name": say("cite.tables", title=record["title"]), "description": about, **terms,
                "creator": people, "distribution": [
                    {"@type": "DataDownload", "encodingFormat": "text/csv", "name": title,
                     "contentUrl": f"{up}{DATA}/{file}"} for file, title, _ in tables],
            }  # fmt: skip
        return said

    # Files of the site -----------------------------------------------------------------------------

    def finish_site(self, html: Path) -> int:
        """Write what stands once in a site: the tables' description, map, robots' rules, the page of what is not there.

        Return how many tables there are.
        """
        address, pages = self.edition.address, sorted(self._tables)
        if address:
            places = "".join(f"<url><loc>{escape(address)}{'' if page == 'index' else f'{page}.html'}</loc></url>\n"
                             for page in pages)  # fmt: skip
            (html / "sitemap.xml").write_text(
                '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
                f"{places}</urlset>\n", encoding="utf-8")  # fmt: skip
        rules = "Disallow: /" if "/dev/" in address else "Allow: /"
        site_map = f"Sitemap: {address}sitemap.xml\n" if address else ""
        (html / "robots.txt").write_text(f"User-agent: *\n{rules}\n{site_map}", encoding="utf-8")
        front = address or "index.html"
        (html / "404.html").write_text(
            f'<!DOCTYPE html>\n<html lang="{escape(self._language())}">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta name="robots" content="noindex">\n'
            f"<title>{escape(say('cite.lost'))} — {escape(self.edition.title)}</title>\n"
            "<style>body{max-width:40rem;margin:4rem auto;padding:0 1rem;font:1.1rem/1.6 Georgia,serif}"
            "@media(prefers-color-scheme:dark){body{background:#121212;color:#ddd}a{color:#8ab4f8}}</style>\n</head>\n"
            f"<body>\n<main><h1>{escape(say('cite.lost'))}</h1><p>{escape(say('cite.lost_way'))}</p>"
            f'<p><a href="{escape(front)}">{escape(say("cite.front"))}</a></p></main>\n</body>\n</html>\n',
            encoding="utf-8")  # fmt: skip
        tables = [(file, title, page, anchor) for page in pages for file, title, anchor in self._tables[page]]
        return write_package(self.project, html, self.edition, tables, self.documents)

    def _language(self) -> str:
        return str(self.book.get("language", "en"))


def _set_titles(record: PageRecord) -> list[list[str]]:
    """Return the title of the page and of each of its parts as a headline and as TeX has it."""
    named = [record["title"], *(part[2] for part in record["parts"])]
    items = [{"title": name, "language": record["language"]} for name in named]
    return [[headline(title_of(item)) if is_english(item) else str(item["title"]),
             bib_title(item, whole=True)] for item in items]  # fmt: skip


def _without_address(item: CslItem) -> CslItem:
    found = item.get("custom", {}).get("cited_from")
    plain = {key: value for key, value in item.items() if key != "URL" or "://" in str(value)}
    return {**plain, "custom": {**item["custom"], "cited_from": _without_address(found)}} if found else plain


def _article(document: CslItem) -> dict[str, Any]:
    """Return a document as schema.org describes it."""
    parts = date_parts(document)
    return {
        "@type": "Legislation" if document["type"] == "legislation" else "Article", "name": document["title"],
        "publisher": {"@type": "Organization", "name": document["author"][0]["literal"]},
        "inLanguage": document["language"],
        **({"datePublished": "-".join(f"{part:02}" for part in parts)} if parts else {}),
        **({"url": document["URL"]} if document.get("URL") else {}),
    }  # fmt: skip


def _meta(attribute: str, name: str, content: str) -> str:
    return f'<meta {attribute}="{name}" content="{escape(content)}">' if content else ""


def _link(rel: str, href: str, kind: str = "", title: str = "") -> str:
    more = f' type="{kind}" title="{escape(title)}"' if kind else ""
    return f'<link rel="{rel}" href="{escape(href)}"{more}>'
