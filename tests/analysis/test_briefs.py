"""Briefs: every statement is held against its passages, over the real documents and in the mistakes a person makes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest
import yaml
from facts_looked_for import FACTS
from kinds import CorpusOf, MakeProject

from policybook.analysis.briefs import Brief, load_briefs, unused_briefs
from policybook.coding.code import Coding, code_corpus
from policybook.coding.scheme import Scheme
from policybook.corpus.corpus import Corpus, table
from policybook.corpus.matching import fold
from policybook.errors import InvalidDataError
from policybook.pages.document import brief_text
from policybook.project import Project

#: The quantities that the briefs print, as a person reads them: sentence, text, value, unit, qualifier, kind.
READ = (
    ("web-2024-county-mobilization:p15.1", "nearly 70%", 70, "percent", "almost", "percent"),
    ("web-2024-county-mobilization:p39.1", "2019", 2019, None, "exact", "year"),
    ("web-2024-county-mobilization:p40.1", "28 departments", 28, "department", "exact", "count"),
    ("guizhou-2024-two-strategies:p04.6", "172 million", 172_000_000, "person", "exact", "count"),
    ("guizhou-2024-two-strategies:p04.6", "1978", 1978, None, "exact", "year"),
    ("guizhou-2024-two-strategies:p04.6", "more than 930 million", 930_000_000, "person", "over", "count"),
    ("guizhou-2024-two-strategies:p04.6", "2023", 2023, None, "exact", "year"),
    ("guizhou-2024-two-strategies:p04.6", "17.92%", 17.92, "percent", "exact", "percent"),
    ("guizhou-2024-two-strategies:p04.6", "66.16%", 66.16, "percent", "exact", "percent"),
    ("guizhou-2024-two-strategies:p04.7", "more than 400 million", 400_000_000, "person", "over", "count"),
    ("guizhou-2024-two-strategies:p14.4", "less than 3 million", 3_000_000, "person", "under", "count"),
    ("gmw-2023-county-migrants:p03.1", "9 departments", 9, "department", "exact", "count"),
    ("gmw-2023-county-migrants:p03.9", "three", 3, None, "exact", "count"),
    ("web-2021-joint-conference:p02.1", "2014-2020年", [2014, 2020], None, "exact", "year_range"),
    ("web-2021-joint-conference:p02.1", "60%左右", 60, "percent", "about", "percent"),
    ("web-2021-joint-conference:p02.1", "1亿左右", 100_000_000, "person", "about", "count"),
    ("web-2021-joint-conference:p03.1", "27个", 27, None, "exact", "count"),
    ("web-2021-joint-conference:p04.1", "2021年", 2021, None, "exact", "year"),
    ("web-2021-joint-conference:p05.1", "2020年", 2020, None, "exact", "year"),
    ("web-2021-joint-conference:p06.1", "2021年", 2021, None, "exact", "year"),
    ("web-2021-joint-conference:p05.1", "1亿", 100_000_000, "person", "exact", "count"),
    ("web-2021-joint-conference:p06.6", "4", 4, None, "exact", "count"),
    ("web-2021-joint-conference:p06.6", "17项", 17, None, "exact", "count"),
    ("web-2021-joint-conference:p06.8", "11个", 11, None, "exact", "count"),
)
#: What the statements must say with them, by a part of each; a wrong `n:` prints another figure.
PRINTED = {
    "web-2024-county-mobilization": ("sets out four actions", "that nearly 70 % of", "set up in 2019", "of 28 dep"),
    "guizhou-2024-two-strategies": ("from 17.92 % to 66.16 %; more than 400 million", "with less than 3 million"),
    "gmw-2023-county-migrants": ("year nine departments, among", "the three problems"),
    "web-2021-joint-conference": (
        "27 member units", "goals that about 60 % of", "that about 100 million rural", "by 2020 100 million people",
        "nine tasks for 2021", "four fields with 17 tasks", "in eleven national pilot zones", "there are four demands",
    ),
    "mysheen-2024-liaoning-income-gap": ("that was a goal, not a fact",),
}  # fmt: skip


@pytest.mark.parametrize(("document", "passage", "there", "said"), FACTS)
def test_what_a_reader_looks_for_is_in_a_brief(
    briefs: dict[str, Brief], read: Corpus, document: str, passage: str, there: str, said: str
):
    """The words stand in the passage, and a statement that names the passage says it."""
    whole = passage.partition(".")[0]
    text = str(read.passages.set_index("passage").loc[f"{document}:{whole}", "text"])
    assert fold(there) in fold(text)
    statements = [s for s in briefs[document].statements if any(p.startswith(whole) for p in s.passages)]
    assert [s for s in statements if said in brief_text(s)], [brief_text(s) for s in statements]


def with_quantities(corpus: Corpus, read: tuple[tuple[object, ...], ...]) -> Corpus:
    """Return a corpus whose quantities are those that a person read."""
    sentences = corpus.sentences.set_index("sentence")
    rows = []
    for sentence, text, value, unit, qualifier, kind in read:
        row = sentences.loc[str(sentence)]
        start = str(row["text"]).index(str(text))
        where = {name: row[name] for name in ("passage", "block", "document")}
        rows.append(
            where
            | {"sentence": sentence, "start": start, "end": start + len(str(text)), "text": text, "value": value}
            | {"unit": unit, "qualifier": qualifier, "kind": kind, "indicator": None}
        )
    return replace(corpus, quantities=table("quantities", rows))


@pytest.fixture(scope="module")
def read(coded: Corpus) -> Corpus:
    return with_quantities(coded, READ)


@pytest.fixture(scope="module")
def briefs(project: Project, read: Corpus, scheme: Scheme) -> dict[str, Brief]:
    return load_briefs(project, read, scheme)


def found_or_read(coded: Corpus, read: Corpus) -> list[Corpus]:
    return [read] if coded.quantities.empty else [read, coded]


def test_every_document_has_a_brief(briefs: dict[str, Brief], coded: Corpus):
    assert set(briefs) == set(coded.documents["document"])
    assert all(5 <= len(brief.statements) <= 13 for brief in briefs.values())


def test_each_link_supports_what_it_stands_behind(briefs: dict[str, Brief], read: Corpus):
    """Found again here in another way: a term, words or a figure of the statement in every passage it links to."""
    mentions = read.mentions.assign(short=read.mentions["sentence"].str.partition(":")[2])
    for document, brief in briefs.items():
        own = mentions[mentions["document"] == document]
        for statement in brief.statements:
            for concept in statement.concepts:
                rows = own[own["concept"] == concept]["short"]
                assert any(rows.str.startswith((f"{p}.", p)).any() for p in statement.passages), (document, concept)
            for figure in statement.figures.values():
                place = figure.sentence.partition(":")[2]
                assert any(place == p or place.startswith(f"{p}.") for p in statement.passages), (document, figure)


@pytest.mark.parametrize("document", PRINTED)
def test_figures_are_those_of_the_documents(
    project: Project, coded: Corpus, read: Corpus, scheme: Scheme, document: str
):
    """With the quantities read by hand, and with those that are found, as soon as any are."""
    for corpus in found_or_read(coded, read):
        said = "\n".join(brief_text(one) for one in load_briefs(project, corpus, scheme)[document].statements)
        assert [part for part in PRINTED[document] if part not in said] == []


def test_a_brief_holds_no_typed_number(project: Project):
    for path in project.briefs.glob("*.yml"):
        for statement in yaml.safe_load(path.read_bytes())["statements"]:
            assert not any(char.isdigit() for char in statement["says"]), path.name


def test_no_statement_copies_its_document(briefs: dict[str, Brief], read: Corpus):
    """Briefs are our own words: no nine words in a row are the document's (names have eight)."""
    texts = read.passages.groupby("document")["text"].agg(" ".join).str.lower().str.replace(r"\W+", " ", regex=True)
    for document, brief in briefs.items():
        for statement in brief.statements:
            words = pd.Series([statement.says.lower()]).str.replace(r"\W+", " ", regex=True)[0].split()
            runs = {" ".join(words[n : n + 9]) for n in range(len(words) - 8)}
            assert [run for run in runs if run in texts[document]] == []


TEXT = "县政府报告\n2024-01-01\n深化户籍制度改革，在27个镇推进。建设3所学校和5所医院。\n让农民工住得稳。\n"
Check = Callable[..., list[str]]


@pytest.fixture
def check(make_project: MakeProject, corpus_of: CorpusOf, coding: Coding) -> Check:
    """Return a function that writes a brief of the document `one` and returns the mistakes in it."""
    project = make_project()
    for path in project.briefs.glob("*.yml"):
        path.unlink()
    corpus = code_corpus(corpus_of({"one": TEXT}, language="zh"), coding)
    counts = (
        ("one:p03.1", "27个", 27, None, "exact", "count"),
        ("one:p03.2", "3所", 3, None, "exact", "count"),
        ("one:p03.2", "5所", 5, None, "exact", "count"),
    )
    corpus = with_quantities(corpus, counts)

    def written(text: str, name: str = "one") -> list[str]:
        (project.briefs / f"{name}.yml").write_text(f"statements:\n{text}", encoding="utf-8")
        try:
            load_briefs(project, corpus, coding.scheme)
        except InvalidDataError as error:
            return [str(problem) for problem in error.problems]
        return []

    return written


GOOD = "  - says: Registration is reformed in {towns} towns.\n    passages: [p03]\n    concepts: [hukou-reform]\n"
FIGURE = "    quantities:\n      towns: {kind: count, n: 1}\n"


def test_what_holds_has_no_mistake(check: Check):
    assert check(GOOD + FIGURE) == []
    assert check(GOOD.replace("{towns} towns", "{count} place")) == []


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (GOOD.replace("p03", "p09") + FIGURE, 3, "there is no p09. The text has paragraphs 1 to 4."),
        (GOOD.replace("p03", "p03.7") + FIGURE, 3, "there is no p03.7. p03 has 2 sentences."),
        (GOOD.replace("p03", "p02") + FIGURE, 3, "p02 is not part of the text: date line."),
        (GOOD.replace("p03", "3") + FIGURE, 3, "not text"),
        (GOOD.replace("p03", "p3") + FIGURE, 3, "'p3' is no passage. Write p07"),
        (GOOD.replace("hukou-reform", "hukou-reforms") + FIGURE, 4, "Did you mean 'hukou-reform'?"),
        (GOOD.replace("hukou-reform", "three-rights") + FIGURE, 4, "p03 does not mention 'three-rights'. Found there:"),
        (GOOD + "    words: [幼儿园]\n" + FIGURE, 5, "'幼儿园' does not stand in p03."),
        (GOOD + FIGURE.replace("count", "percent"), 6, "p03 has no quantity of kind percent. Found there: “27个”"),
        (GOOD + FIGURE.replace(", n: 1", ""), 6, "p03 has 3 of them. Add 'n:' with one of 1: “27个”, 2: “3所”"),
        (GOOD + FIGURE.replace("n: 1", "n: 4"), 6, "p03 has only 3 of them."),
        (GOOD + FIGURE.replace("n: 1", "unit: town"), 6, "of kind count and unit town"),
        (GOOD.replace("[p03]", "[p03, p04]") + FIGURE, 6, "in which passage"),
        (GOOD + FIGURE.replace("towns", "town"), 2, "there is no quantity 'towns'. Did you mean 'town'?"),
        (GOOD.replace("{towns}", "27"), 2, "the number '27' is typed."),
        (GOOD.replace("{towns}", "all {}"), 2, "a brace stands alone"),
        (GOOD.replace("{towns} ", "") + FIGURE, 6, "the statement does not print it"),
        ("  - says: It is so.\n    passages: [p03]\n", 2, "nothing supports it"),
        ("  - says: It is so.\n    passages: []\n    concepts: [hukou-reform]\n", 3, "empty"),
        ("  - say: It is so.\n    passages: [p03]\n", 2, "no such field. Did you mean 'says'?"),
        (GOOD.replace("{towns} ", "").replace("[p03]", "[p03, p04]"), 3, "p04 holds none of the concepts"),
        ("  []\n", 1, "it has no statement"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_by_file_and_line(check: Check, text: str, line: int, message: str):
    said = check(text)
    hits = [one for one in said if one.startswith(f"data/briefs/one.yml:{line}: ") and message in one]
    assert hits, said


def test_a_file_that_is_no_yaml_is_a_sentence(check: Check):
    assert "not valid YAML" in check("  - says: {a\n")[0]


def test_a_brief_whose_document_is_gone_is_no_mistake(check: Check, make_project: MakeProject):
    project = make_project("other")
    for path in project.briefs.glob("*.yml"):
        path.unlink()
    (project.briefs / "liaoning-report-2014.yml").write_text("statements: []", encoding="utf-8")
    assert unused_briefs(project, ["liaoning-reports-2014"]) == []
    assert unused_briefs(project, ["fujian-2020"]) == ["liaoning-report-2014"]
    assert check(GOOD + FIGURE, name="two-three-four") == []


def test_a_misspelt_document_gets_the_nearest(make_project: MakeProject, coded: Corpus, scheme: Scheme):
    project = make_project()
    path = project.briefs / "gmw-2023-county-migrants.yml"
    path.rename(path.with_name("gmw-2023-county-migrant.yml"))
    with pytest.raises(InvalidDataError, match=r"-migrant\.yml:1: .*Did you mean 'gmw-2023-county-"):
        load_briefs(project, with_quantities(coded, READ), scheme)
