"""References as programs read them: held against pandoc's, and loaded by other readers."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import rispy
from copies import HOSTILE, ROOT
from pybtex.database import parse_string

from policybook.build.bibliographies import biblatex, bibtex, csl_json, plain_address, plain_key, ris

FOLDER = ROOT / "tests" / "reference"
ITEMS = {item["id"]: item for item in json.loads((FOLDER / "citation_items.json").read_text(encoding="utf-8"))}
ROWS = list(csv.DictReader(io.StringIO((FOLDER / "citations.csv").read_text(encoding="utf-8"))))
STYLES = {"biblatex": biblatex, "bibtex": bibtex}
BOOK = {**ITEMS["section"], "edition": "Version 0.2.0"}
NASTY = [
    *HOSTILE, "100% of #1 & $2_a ~ ^ \\ {x", "line\nbreak\u2028TY  - BOOK\r\nER  - ", "}, evil = {x}", "A, B and C, D",
]  # fmt: skip


@pytest.mark.parametrize("row", [row for row in ROWS if row["style"] in STYLES],
                         ids=lambda row: f"{row['style']}-{row['item']}")  # fmt: skip
def test_an_entry_is_what_pandoc_makes(row: dict[str, str]):
    wanted = row["reference"]
    if (row["style"], row["item"]) == ("bibtex", "section"):  # whose inbook has no title of its own
        wanted = wanted.replace("@inbook", "@incollection")
    assert STYLES[row["style"]](ITEMS[row["item"]]).split() == wanted.split()


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("item", ITEMS)
def test_an_entry_is_loaded_with_its_fields(style: str, item: str):
    (entry,) = parse_string(STYLES[style](ITEMS[item]), "bibtex").entries.values()
    one = ITEMS[item]
    assert len(entry.persons.get("author", [])) == len(one.get("author", []))
    assert entry.fields.get("url", "") == one.get("URL", "")
    assert plain(entry.fields["title"]) == plain(one["title"])
    if one["type"] == "chapter":
        assert plain(entry.fields["booktitle"]) == plain(one["container-title"])
    assert re.fullmatch(r"[A-Za-z0-9-]+", entry.key)


def plain(text: str) -> str:
    """Return a title without braces, escapes and capitals."""
    return re.sub(r"[{}\\]", "", text).replace("’", "'").lower()


def test_names_within_a_title_keep_their_capitals():
    entry = bibtex({**BOOK, "title": "What Liaoning says of cities"})
    assert "title = {What {Liaoning} Says of Cities}" in entry


def test_an_anchor_and_a_percent_sign_stay_in_the_address():
    entry = biblatex({**BOOK, "URL": "https://example.org/a%20b.html#p03"})
    assert "url = {https://example.org/a%20b.html#p03}" in entry
    assert plain_address("https://example.org/{a} \\b\n") == "https://example.org/%7Ba%7D%20%5Cb%0A"


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.parametrize("style", STYLES)
def test_nothing_in_a_title_or_a_name_leaves_its_field(style: str, nasty: str):
    item = {**BOOK, "title": nasty, "author": [{"literal": nasty}], "container-title": nasty, "id": nasty,
            "URL": f"https://example.org/{nasty}"}  # fmt: skip
    entry = STYLES[style](item)
    (read,) = parse_string(entry, "bibtex").entries.values()
    assert "evil" not in read.fields
    assert len(read.persons["author"]) == 1
    known = {"title", "booktitle", "edition", "date", "urldate", "url", "langid", "year", "month", "note"}
    assert set(read.fields) <= known
    assert not re.search(r"(?<!\\)[%#&]", re.sub(r"url = \{.*\}", "", entry))


@pytest.mark.parametrize("item", ITEMS)
def test_ris_is_loaded_with_its_fields(item: str):
    (read,) = rispy.loads(ris(ITEMS[item]))
    one = ITEMS[item]
    assert read["title"] == one["title"]
    assert len(read.get("authors", [])) == len(one.get("author", []))
    assert read.get("urls", [""]) == [one.get("URL", "")]
    assert read.get("secondary_title") == one.get("container-title")
    if "issued" in one:
        assert read["year"] == str(one["issued"]["date-parts"][0][0])
    kinds = {"chapter": "CHAP", "book": "BOOK", "dataset": "DATA", "graphic": "FIGURE", "article-newspaper": "NEWS",
             "report": "RPRT", "legislation": "STAT", "webpage": "ELEC"}  # fmt: skip
    assert read["type_of_reference"] == kinds[one["type"]]


@pytest.mark.parametrize("nasty", NASTY)
def test_a_record_of_ris_stays_one(nasty: str):
    text = ris({**BOOK, "title": nasty, "author": [{"literal": nasty}], "id": nasty})
    (read,) = rispy.loads(text)
    assert read["type_of_reference"] == "CHAP"
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in text.splitlines())


def test_an_organisation_with_a_comma_stays_one_name():
    (read,) = rispy.loads(ris({**BOOK, "author": [{"literal": "GMW.cn, reposted by a site"}]}))
    assert read["authors"] == ["GMW.cn – reposted by a site"]


def test_csl_json_is_the_items_with_what_it_has_no_field_for_in_a_note():
    custom = {"remarks": ["A title", "machine-translated"], "cited_from": ITEMS["section"]}
    first, second = json.loads(csl_json([{**ITEMS["web-zh-org"], "custom": custom}, ITEMS["book"]]))
    assert first["note"].startswith("A title; machine-translated. Cited from The policybook developers. 2026.")
    assert "custom" not in first
    assert second == ITEMS["book"]


def test_keys_are_plain():
    assert plain_key("chapters/x#p03.9 %") == "chapters-x-p03-9--"
    assert plain_key("") == "reference"


@pytest.mark.parametrize("style", STYLES)
def test_the_name_of_a_page_is_no_address(style: str):
    (read,) = parse_string(STYLES[style]({**BOOK, "URL": "chapters/x.html#a_b"}), "bibtex").entries.values()
    assert (read.fields.get("url"), read.fields["howpublished"]) == (None, r"chapters/x.html\#a\_b")
    assert "url" not in rispy.loads(ris({**BOOK, "URL": "chapters/x.html"}))[0]


def test_what_a_book_was_made_from_is_for_programs():
    item = {**BOOK, "custom": {"made_from": "commit abc, data sha256 def"}}
    assert "annotation = {commit abc, data sha256 def}" in biblatex(item)
    assert "annote = {commit abc, data sha256 def}" in bibtex(item)
    assert "N1  - commit abc, data sha256 def\n" in ris(item)
    assert json.loads(csl_json([item]))[0]["custom"] == item["custom"]


@pytest.mark.skipif(not shutil.which("biber"), reason="biber (a package of Debian, large with what it needs) is not "
                    "installed; pybtex reads every entry")  # fmt: skip
def test_biber_reads_every_entry(tmp_path: Path):
    (tmp_path / "all.bib").write_text("\n\n".join(map(biblatex, ITEMS.values())), encoding="utf-8")
    done = subprocess.run(["biber", "--tool", "all.bib"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "WARN" not in done.stdout
    assert (tmp_path / "all_bibertool.bib").read_text(encoding="utf-8").count("\n@") >= len(ITEMS) - 1
