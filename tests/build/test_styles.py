"""References as people write them, held against what pandoc makes of the official styles."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from copies import ROOT

from policybook.build.cite import find_items
from policybook.build.edition import URL, read_edition
from policybook.build.references import book_item, items_of
from policybook.build.styles import apa, chicago, gb, headline, iso_date
from policybook.build.targets import Citable
from policybook.project import Project

FOLDER = ROOT / "tests" / "reference"
ITEMS = {item["id"]: item for item in json.loads((FOLDER / "citation_items.json").read_text(encoding="utf-8"))}
ROWS = list(csv.DictReader(io.StringIO((FOLDER / "citations.csv").read_text(encoding="utf-8"))))
STYLES = {"gb-t-7714": gb, "gb-t-7714-2015": lambda item: gb(item, old=True), "apa": apa, "chicago": chicago}
#: Where the oracle is wrong, and what is right: "et al." after Latin names, Chinese names without full stops, a rule
#: that is no public law of the United States, and a page that was online though its address is not known.
RIGHT = {
    ("gb-t-7714", "four-en"): ("，等.", "，et al."), ("gb-t-7714", "many-en"): ("，等.", "，et al."),
    ("gb-t-7714-2015", "four-en"): (", 等.", ", et al."), ("gb-t-7714-2015", "many-en"): (", 等.", ", et al."),
    ("gb-t-7714", "web-en-noauthor"): ("[EB]", "[EB/OL]"),
    ("gb-t-7714-2015", "web-en-noauthor"): ("[EB]. 2024.", "[EB/OL]. (2024-09-02)[2026-11-28]."),
    ("apa", "report-zh"): ("李雷.,", "李雷,"), ("chicago", "report-zh"): ("李雷., and", "李雷 and"),
    ("apa", "four-zh"): (".,", ","), ("chicago", "four-zh"): ("李雷.,", "李雷,"),
    ("apa", "law-zh"): ("居住登记条例, Pub. L. No. 第12号 (2015).",
                        "云川省人民代表大会常务委员会. (2015, November 26). 居住登记条例 (第12号)."),
    ("chicago", "law-zh"): ("居住登记条例, Pub. L. No. 第12号 (2015).",
                            "云川省人民代表大会常务委员会. 2015. 居住登记条例. 第12号. November 26."),
}  # fmt: skip


@pytest.mark.parametrize("row", [row for row in ROWS if row["style"] in STYLES],
                         ids=lambda row: f"{row['style']}-{row['item']}")  # fmt: skip
def test_a_reference_is_what_the_official_style_makes(row: dict[str, str]):
    wanted = row["reference"]
    if (fault := RIGHT.get((row["style"], row["item"]))) is not None:
        assert fault[0] in wanted
        wanted = wanted.replace(*fault)
    assert STYLES[row["style"]](ITEMS[row["item"]]) == wanted


def test_four_chinese_authors_end_in_deng_and_three_do_not():
    four = ITEMS["four-zh"]
    assert gb(four).startswith("王小明，李雷，韩梅梅，等. ")
    assert gb({**four, "author": four["author"][:3]}).startswith("王小明，李雷，韩梅梅. ")


@pytest.mark.parametrize(("count", "shown"), [(20, 20), (21, 20), (22, 20)])
def test_apa_names_twenty_and_of_more_the_first_nineteen_and_the_last(count: int, shown: int):
    people = ITEMS["many-en"]["author"][:count]
    said = apa({**ITEMS["many-en"], "author": people}).split(" (2025")[0]
    assert said.count("Author") == shown
    assert (", & " in said, "… " in said) == (count == 20, count > 20)
    assert said.endswith(f"{people[-1]['family']}, {people[-1]['given'][0]}.")


def test_two_organisations_have_no_comma_before_the_ampersand():
    two = {**ITEMS["book"], "author": [{"literal": "The ministry"}, {"literal": "The bureau"}]}
    assert apa(two).startswith("The ministry & The bureau. (2026).")
    assert chicago(two).startswith("The ministry and The bureau. 2026.")


def test_a_document_says_that_it_is_translated_and_what_it_is_cited_from():
    item = {**ITEMS["web-zh-org"], "custom": {"remarks": ["machine-translated"], "cited_from": ITEMS["section"]}}
    assert "若干措施（machine-translated）[EB/OL]" in gb(item)
    assert "转引自：The policybook developers. The gap between the two rates[M/OL]//China’s" in gb(item)
    assert "若干措施 [machine-translated]. " in apa(item)
    for style in (apa, chicago):
        assert "Cited from The policybook developers" in style(item)


@pytest.mark.parametrize("style", STYLES.values())
def test_a_title_that_ends_with_a_question_has_no_second_sign(style):
    said = style({**ITEMS["page"], "title": "Who speaks of what?"})
    assert "?." not in said
    assert ".." not in said


@pytest.mark.parametrize("style", STYLES.values())
def test_what_lacks_everything_but_a_title_still_has_a_reference(style):
    assert "a title" in style({"type": "webpage", "title": "A title"}).lower()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("the gap between the two rates", "The Gap Between the Two Rates"), ("twenty-two authors", "Twenty-Two Authors"),
     ("2014 and 2024: what changed?", "2014 and 2024: What Changed?"),
     ("a USA iPhone of the UN", "A USA iPhone of the UN"),
     ("“in brief” (of it)", "“In Brief” (of It)"), ("", "")],
)  # fmt: skip
def test_headlines(text: str, wanted: str):
    assert headline(text) == wanted


def test_dates_are_as_exact_as_they_are_known():
    dates = [iso_date({"issued": {"date-parts": [parts]}}) for parts in ([2024], [2024, 8], [2024, 8, 9], [])]
    assert dates == ["2024", "2024-08", "2024-08-09", ""]


# Against pandoc with the official styles, as this computer has them -----------------------------------------

CSL = Path("/usr/share/citation-style-language/styles")
LIVE = {"apa": "apa", "chicago": "chicago-author-date",
        "gb-t-7714-2015": "china-national-standard-gb-t-7714-2015-numeric"}  # fmt: skip
#: What pandoc with Debian's styles (of February 2023) gets wrong or has otherwise, and what is right: it takes what has
#: a version for software, writes "Data set", has no word for a graphic, puts a full stop behind each Chinese name, and
#: parts the authors of GB/T 7714 by full stops, with 等 after Latin names too.
MENDED = [(r" \[Computer software\]", ""), (r"\[Data set\]", "[Dataset]"), (r"(?<=[㐀-鿿])\.(?=,)", ""),
          (r"\. (?=等\.)", ", "), (r"(?<=[㐀-鿿])\. (?=[㐀-鿿]{2,3}[.,])", ", "),
          (r"(?<= [A-Z])\. (?=[A-Z' ’]+ [A-Z]\b)", ", "), (r"(?<= [A-Z]), 等", ", et al")]  # fmt: skip
#: The same of Chicago, of which Debian has the 17th edition: that says the year again with the day.
MENDED_CHICAGO = [(r"(?<!Accessed )\b((?:January|March|April|July|September) \d+), \d{4}(?=\.)", r"\1"),
                  ("China’s new urbanization in its policy texts", "China’s New Urbanization in Its Policy Texts")]
#: A rule of a province is no public law of the United States; a page that was online is [EB/OL] without an address too,
#: and has its day; a web page names the site it is on in GB/T 7714 only where it is a part of a work.
#: The 18th edition of Chicago names the version of a work, the day of a drawing and of data, and the title of a report
#: as a book's; it names three of many authors, no place of publication, and a site in the place of an author.
APART = {("apa", "law-zh"), ("gb-t-7714-2015", "web-en-noauthor"), ("gb-t-7714-2015", "page"),
         ("gb-t-7714-2015", "gmw-2023-county-migrants"),
         *(("chicago", one) for one in ("book", "page", "figure", "dataset", "news-zh-noauthor", "report-zh", "many-en",
                                        "web-en-noauthor", "law-zh", "policybook-chapters-corpus--table-x",
                                        "policybook-chapters-corpus--figure-x"))}  # fmt: skip


def mended(reference: str, style: str) -> str:
    for fault, right in MENDED_CHICAGO if style == "chicago" else MENDED:
        reference = re.sub(fault, right, reference)
    return reference


def pandoc(style: str, item: dict, folder: Path) -> str:
    (folder / "items.json").write_text(json.dumps([item]), encoding="utf-8")
    made = subprocess.run(
        ["pandoc", "--from=markdown", "--to=plain", "--wrap=none", "--citeproc", f"--csl={CSL / style}.csl",
         f"--bibliography={folder / 'items.json'}"],
        input="---\nnocite: '@*'\n...\n", capture_output=True, text=True, check=True,
    )  # fmt: skip
    return re.sub(r"^\[1\] ?", "", " ".join(made.stdout.replace("_", "").split()))


@pytest.mark.skipif(not shutil.which("pandoc") or not CSL.is_dir(), reason="pandoc and citation-style-language-styles "
                    "(packages of Debian) are not installed; citations.csv has what pandoc 3.9 makes")  # fmt: skip
@pytest.mark.parametrize("style", LIVE)
def test_a_reference_is_what_pandoc_makes_here(style: str, project: Project, tmp_path: Path,
                                               monkeypatch: pytest.MonkeyPatch):  # fmt: skip
    """GB/T 7714—2025 is left out, which Debian does not have."""
    monkeypatch.setenv(URL, "https://example.org/book/v1/")
    own = [find_items(project, target, "book")[0]
           for target in ("chapters/corpus", "chapters/corpus#documents", "web-2021-joint-conference:p03")]  # fmt: skip
    parts = [("table", "The documents and their size (Table 1 of “The corpus”)"), ("figure", "Likeness of texts")]
    own += [items_of(Citable("chapters/corpus", f"{kind}-x", kind, title), book_item(read_edition(project)), None)[0]
            for kind, title in parts]  # fmt: skip
    own += [items_of(Citable("zh/index", "", "page", "政策文本中的中国新型城镇化", language="zh"),
                     book_item(read_edition(project)), None)[0]]  # fmt: skip
    for item in (*ITEMS.values(), *({**one, "version": "0.2.0"} for one in own),
                 *find_items(project, "gmw-2023-county-migrants", "source")):  # fmt: skip
        plain = {key: value for key, value in item.items() if key not in ("custom", "edition")}
        if style == "chicago":  # in the 17th edition no version is named
            plain.pop("version", None)
        said = STYLES[style](plain).replace(" [Graphic]", "")
        if (style, item["id"]) not in APART:
            assert said == mended(pandoc(LIVE[style], plain, tmp_path), style), item["id"]
