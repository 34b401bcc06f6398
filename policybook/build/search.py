"""What the pages of a site hold: their texts as an index for the search, and whether their links lead anywhere."""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypedDict
from urllib.parse import unquote, urlsplit

from lxml import etree, html

from policybook.analysis.renderings import usual_english
from policybook.coding.actors import load_actor_scheme
from policybook.coding.scheme import load_scheme
from policybook.coding.store import load_coded
from policybook.corpus.corpus import records
from policybook.corpus.repair import simplify
from policybook.corpus.scope import load_vocabulary
from policybook.errors import BuildError
from policybook.project import Project, is_search_page


class PageText(TypedDict):
    """A built page: its hash, (address, title, text, kind) of every passage and section, its links, and its ids."""

    hash: str
    records: list[list[str]]
    links: list[str]
    ids: list[str]


def read_pages(site: Path, known: Mapping[str, PageText] | None = None) -> dict[str, PageText]:
    """Read every page of a site, in Sphinx's order; what is `known` of a page with the same hash stands."""
    names = sorted(path.relative_to(site).with_suffix("").as_posix() for path in site.rglob("*.html"))
    return {f"{name}.html": read_page(site, f"{name}.html", known) for name in names}


def read_page(site: Path, address: str, known: Mapping[str, PageText] | None = None) -> PageText:
    """Read a built page. Only what it shows becomes a record: a sentence left out of it is not found either."""
    content = (site / address).read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    before = known.get(address) if known else None
    if before and before["hash"] == digest:
        return before
    root = html.document_fromstring(content, html.HTMLParser(encoding="utf-8", huge_tree=True))
    links = root.xpath("//a/@href | //link/@href | //use/@href | //img/@src | //script/@src")
    links, ids = [*dict.fromkeys(map(str, links))], [*dict.fromkeys(map(str, root.xpath("//@id")))]
    is_of_book = not is_search_page(address.removesuffix(".html"))
    articles = root.xpath("//article[contains(@class, 'bd-article')]") if is_of_book else []
    records = [record for article in articles for record in _read_records(article, address)]
    return {"hash": digest, "records": records, "links": links, "ids": ids}


def _read_records(article: html.HtmlElement, address: str) -> Iterator[list[str]]:
    """Yield (address, title, text, kind) of every passage and every section that shows any; see RECORD_KINDS.

    What a section quotes is a passage of its own, and is found there.
    """
    rest = RECORD_KINDS[2 if Path(address).stem in _METHODS else 1]
    for row in article.xpath(".//noscript//tr[@id]"):  # of the register: documents without a page are found by it
        cells = [text for cell in row if (text := _text(cell))]
        yield [f"{address}#{row.get('id')}", cells[0], "; ".join(cells), rest]
    _drop(article, lambda one: one.tag in _NOT_TEXT or not _NOISE.isdisjoint(one.classes))
    for inline in article.xpath(".//mark | .//a | .//em | .//strong | .//code | .//data | .//span"):
        if "pb-left-out" not in inline.classes:
            inline.drop_tag()  # a term cut up by its marks would not be found
    title = next(map(_text, article.iter("h1")), address)
    passages = [one for one in article.iter("p") if "pb-passage" in one.classes and one.get("id")]
    for passage in passages:
        _drop(passage, lambda one: "pb-left-out" in one.classes)
        if text := _text(passage):
            name = f"{title}, ¶{passage.get('id').lstrip('p').lstrip('0')}"
            yield [f"{address}#{passage.get('id')}", name, text, RECORD_KINDS[0]]
    _drop(article, lambda one: not _ELSEWHERE.isdisjoint(one.classes))
    for section in reversed(article.xpath(".//section[@id]")):  # the innermost first, each taken out when read
        if text := _text(section):
            label = next(map(_text, section.iter("h1", "h2", "h3", "h4")), title)
            yield [f"{address}#{section.get('id')}", title if label == title else f"{title}: {label}", text, rest]
        section.drop_tree()


def _drop(root: html.HtmlElement, unwanted: Callable[[html.HtmlElement], bool]) -> None:
    for element in [one for one in root.iterdescendants(etree.Element) if unwanted(one)]:
        element.drop_tree()


def _text(element: html.HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).replace("\u200b", "").split())


#: What a record is, in the order in which the search shows them.
RECORD_KINDS = ("passage", "page", "method")
#: The pages that tell how the book was made, of those that any book has: what they say of a word comes last.
_METHODS = {"how-to-read", "methods", "validation", "codebook", "limits", "cite"}
_NOT_TEXT = ("style", "script", "svg", "form", "fieldset", "button", "noscript")
_NOISE = {"headerlink", "pb-paragraph", "cell_input", "pb-kwic", "pb-download", "pb-permalink"}
#: Passages and what is quoted of them, and sentences made up for tests.
_ELSEWHERE = {"pb-passages", "pb-quote", "pb-topic", "pb-errors"}


def find_broken_links(site: Path, pages: Mapping[str, PageText] | None = None) -> list[str]:
    """Return "page: address" for every link, image, style or script inside the site that is not there."""
    pages = pages or read_pages(site)
    files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    ids = {address: frozenset(page["ids"]) for address, page in pages.items()}
    return [f"{address}: {link}" for address, page in pages.items() for link in page["links"]
            if not _leads_somewhere(link, address, files, ids)]  # fmt: skip


def _leads_somewhere(link: str, address: str, files: set[str], ids: Mapping[str, frozenset[str]]) -> bool:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc or not link.strip("#"):
        return True
    target = address
    if parts.path:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(address), unquote(parts.path)))
        target = target if target in files else posixpath.normpath(f"{target}/index.html")
    return target in files and (not parts.fragment or target not in ids or unquote(parts.fragment) in ids[target])


# The search index: the texts themselves, which the reader's browser looks through -----------------------------------
# An index of words would have to cut Chinese into words first, and would find 亿 where 1亿 is asked for.

#: Files of the index hold about so many characters. They are scripts, so a book opened from a folder is searched too.
_PART = 400_000
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


def write_index(pages: Mapping[str, PageText], terms: Callable[[str], list[list[str]]], folder: Path) -> int:
    """Write what the search looks through to `folder` and return how many records it has.

    `terms` are the groups of words that mean the same, of those in a text. Raises BuildError when there is no record.
    """
    records = [record for page in pages.values() for record in page["records"]]
    records.sort(key=lambda record: RECORD_KINDS.index(record[3]))
    if not records:
        raise BuildError("No page shows anything that the search could find.")
    folder.mkdir(parents=True)
    parts, size = list[list[list[str]]]([[]]), 0
    for record in records:
        if size > _PART:
            parts.append([])
            size = 0
        parts[-1].append(record)
        size += len(record[2])
    for number, part in enumerate(parts):
        _write_script(folder / f"{number}.js", "policybookSearch.part", part)
    text = "\n".join(record[2] for record in records)
    said = {"parts": len(parts), "terms": terms(text), "simplified": _simplified(text)}
    _write_script(folder / "index.js", "policybookSearch.index", said)
    return len(records)


def _write_script(path: Path, function: str, content: object) -> None:
    written = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    path.write_text(f"{function}({written});\n", encoding="utf-8")


def _simplified(text: str) -> str:
    """Return pairs of characters, another form and the Simplified one, of which either stands in the text."""
    there = set(_HAN.findall(text))
    written = "\n".join(map(chr, [*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000)]))
    pairs = zip(written.split("\n"), simplify(written)[0].split("\n"), strict=True)
    return "".join(f"{old}{new}" for old, new in pairs if old != new and (new in there or old in there))


def same_terms(project: Project, text: str) -> list[list[str]]:
    """Return, of every concept, actor and place, the words for it that stand in the text, where these are several.

    They are the names in the coding scheme, and the words by which the documents' own sentences were found to carry it.
    """
    if not project.corpus_file.is_file():  # pages alone
        return []
    corpus, actors = load_coded(project), load_actor_scheme(project).by_id
    mentions = corpus.mentions[~corpus.mentions["ambiguous"].astype(bool)]
    groups = [[*of_it["text"], one.term_zh, *usual_english(one)] for concept, of_it in mentions.groupby("concept")
              if (one := load_scheme(project).by_id.get(str(concept)))]  # fmt: skip
    groups += [[*of_it["text"], actors[str(actor)].name_zh, actors[str(actor)].name_en]
               for actor, of_it in corpus.actors.groupby("actor")]  # fmt: skip
    groups += [[one.label_zh, one.label] for one in load_vocabulary(project).places]
    within = text.lower()
    several = ([word for word in dict.fromkeys(map(str.lower, group)) if word and word in within] for group in groups)
    return [group for group in several if len(group) > 1]


# The concordance: sentences with what was coded in them, which the page that has its box lists in context -----------

def write_concordance(project: Project, pages: Mapping[str, PageText], folder: Path) -> int:
    """Write what the concordance of a book looks through to `folder`, and return how many sentences that are.

    They are those that the pages of the documents show, by their ids: a sentence left out of them is not in it. Nothing
    is written for a book none of whose pages has the concordance.
    """
    if not project.corpus_file.is_file() or not any(CONCORDANCE in page["ids"] for page in pages.values()):
        return 0
    corpus, scheme = load_coded(project), load_scheme(project)
    known = {concept: n for n, concept in enumerate(dict.fromkeys(corpus.mentions["concept"]))}
    concepts = [scheme.by_id[str(one)] for one in known]
    shown = {f"{Path(address).stem}:{one}" for address, page in pages.items() if address.startswith("documents/")
             for one in page["ids"]}  # fmt: skip
    sentences = corpus.sentences[corpus.sentences["sentence"].isin(shown)]
    texts = dict(zip(sentences["sentence"], sentences["text"], strict=True))
    mentions = defaultdict[str, list[list[int]]](list)
    for one in records(corpus.mentions):
        if text := texts.get(one.sentence):
            span = [_units(text[: one.start]), _units(text[: one.end])]
            mentions[one.sentence].append([known[one.concept], *span, int(one.ambiguous)])
    own = {str(passage): rows for passage, rows in sentences.groupby("passage")}
    said = {
        "documents": [{"id": one.document, "title": one.title, "date": one.written or one.published,
                       "language": one.language} for one in records(corpus.documents)
                      if f"documents/{one.document}.html" in pages],
        "concepts": [{"id": one.id, "theme": one.theme} for one in concepts],
        "passages": [[one.document, list(one.places), one.era,
                      [[row.sentence.partition(":")[2], row.text, mentions[row.sentence]]
                       for row in records(own[one.passage])]]
                     for one in records(corpus.passages) if one.passage in own],
        "simplified": _simplified("\n".join(sentences["text"])),
    }  # fmt: skip
    _write_script(folder / "concordance.js", "policybookConcordance", said)
    return len(sentences)


def _units(text: str) -> int:
    """Return how long a text is for a script, which counts a rare character twice."""
    return len(text.encode("utf-16-le")) // 2


#: The id of the concordance's box in the page that has it.
CONCORDANCE = "pb-concordance"
