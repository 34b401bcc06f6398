from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from copies import ROOT
from kinds import MakeProject

from policybook.coding.gold import GOLD_COLUMNS, Gold, codebook_file, known_codes, load_codebook, load_gold
from policybook.coding.scheme import INSTRUMENTS, KINDS, QUALIFIERS, STRENGTHS
from policybook.corpus.corpus import Corpus
from policybook.errors import InvalidDataError
from policybook.project import Project


def test_every_code_has_an_entry(project: Project) -> None:
    codebook = load_codebook(project)
    glossary = pd.read_csv(project.facts / "glossary.csv", dtype=str, keep_default_na=False)
    assert {entry.term_zh for entry in codebook.entries if entry.of == "concept"} >= set(glossary["term_zh"])
    for of, codes in known_codes([]).items():
        assert {entry.code for entry in codebook.entries if entry.of == of} >= set(codes), of


def test_no_example_is_a_sentence_that_the_rules_are_scored_on(project: Project) -> None:
    scored = set(load_gold(project).sentences["text"])
    assert not [entry.code for entry in load_codebook(project).entries if entry.example in scored]


def test_entries_are_found_by_code(project: Project) -> None:
    codebook = load_codebook(project)
    assert codebook.by_code["concept", "citizenization"].term_zh == "市民化"
    assert codebook.by_code["instrument", "none"].term_zh is None
    assert len(codebook.by_code) == len(codebook.entries)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("code: percent\n", "code: percents\n", "unknown quantity_kind 'percents'. Did you mean 'percent'?"),
        ("code: almost\n", "code: about\n", "'about' is given twice."),
        ('term_zh: "市民化"', 'term_zh: "城镇化"', "'城镇化' is not its term. Write '市民化'."),
        ("of: qualifier\n", "of: qualifiers\n", "'qualifiers' is not allowed."),
        ("  coder: >-", "  coders: >-", "no such field. Did you mean 'coder'?"),
        ("  directive: >-", "  directives: >-", "no such field. Did you mean 'directive'?"),
    ],
)
def test_a_mistake_is_named(old: str, new: str, message: str, make_project: MakeProject) -> None:
    project = make_project()
    path = project.data / "gold" / "codebook.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InvalidDataError) as caught:
        load_codebook(project)
    assert message in str(caught.value)
    assert "data/gold/codebook.yml:" in str(caught.value)


def test_the_codebook_says_who_coded(project: Project) -> None:
    codebook = load_codebook(project)
    assert codebook.coding is not None
    assert "language model" in codebook.coding.coder
    assert all((codebook.coding.order, codebook.coding.split, codebook.details.directive))


def test_who_coded_and_details_may_be_left_out(make_project: MakeProject) -> None:
    project = make_project()
    path = codebook_file(project)
    path.write_text("entries: []\n", encoding="utf-8")
    codebook = load_codebook(project)
    assert (codebook.entries, codebook.coding, codebook.details.concept) == ((), None, None)


def test_without_any_file_there_are_neither_entries_nor_codings(tmp_path: Path) -> None:
    project = Project(tmp_path)
    shutil.copytree(ROOT / "data" / "lexicon", project.lexicon)
    assert load_codebook(project).entries == ()
    assert {name: (len(table), tuple(table.columns)) for name, table in vars(load_gold(project)).items()} == {
        name: (0, columns) for name, columns in GOLD_COLUMNS.items()
    }


CODED = ("concepts", "quantities", "actors", "directives")


@pytest.fixture(scope="module")
def gold(project: Project) -> Gold:
    return load_gold(project)


@pytest.fixture(scope="module")
def texts(gold: Gold, corpus: Corpus) -> dict[str, str]:
    """The text of every sentence of the gold, from the corpus where it was received."""
    received = dict(zip(corpus.sentences["sentence"], corpus.sentences["text"], strict=True))
    own = gold.sentences[gold.sentences["source"] == "written"]
    return received | dict(zip(own["sentence"], own["text"], strict=True))


def test_every_sentence_of_the_corpus_is_in_the_gold_and_no_other_is_called_received(
    gold: Gold, corpus: Corpus
) -> None:
    received = gold.sentences[gold.sentences["source"] == "received"]
    assert received["sentence"].tolist() == corpus.sentences["sentence"].tolist()
    languages = dict(zip(corpus.documents["document"], corpus.documents["language"], strict=True))
    assert received["language"].tolist() == [languages[id.split(":")[0]] for id in received["sentence"]]


def test_every_language_has_at_least_150_sentences_and_both_parts(gold: Gold) -> None:
    counts = Counter(zip(gold.sentences["language"], gold.sentences["source"], strict=True))
    assert counts["zh", "received"] + counts["zh", "written"] >= 160
    assert counts["en", "written"] >= 25
    assert set(zip(gold.sentences["language"], gold.sentences["part"], strict=True)) >= {
        ("zh", "tuning"), ("zh", "test"), ("en", "tuning"), ("en", "test"),
    }  # fmt: skip


def test_received_sentences_are_split_by_passage_and_the_chinese_ones_are_test_only(gold: Gold) -> None:
    for row in gold.sentences[gold.sentences["source"] == "received"].itertuples():
        passage = str(row.sentence).rsplit(".", 1)[0]
        odd = hashlib.sha256(passage.encode()).digest()[0] % 2
        assert row.part == ("test" if odd or row.language == "zh" else "tuning"), row.sentence


def test_forty_pairs_join_both_languages_within_one_part(gold: Gold) -> None:
    by_id = gold.sentences.set_index("sentence")
    paired = gold.sentences[gold.sentences["pair"].notna()]
    assert len(paired) >= 80
    for row in paired.itertuples():
        other = by_id.loc[str(row.pair)]
        assert other["language"] != row.language
        assert other["part"] == row.part


@pytest.mark.parametrize("name", CODED)
def test_every_text_stands_in_its_sentence_as_often_as_it_was_coded(
    name: str, gold: Gold, texts: dict[str, str]
) -> None:
    table = getattr(gold, name)
    assert len(table) > 100
    columns = ["sentence", "text"] if name != "concepts" else ["sentence", "term_zh", "text"]
    for key, count in Counter(table[columns].itertuples(index=False, name=None)).items():
        assert texts[key[0]].count(key[-1]) >= count, key


def test_quantities_are_parsed(gold: Gold) -> None:
    rows = gold.quantities.set_index(["sentence", "text"])
    place = "web-2021-joint-conference:p02.1"
    assert rows.loc[(place, "1亿左右"), ["value", "unit", "qualifier", "kind"]].tolist() == [
        100000000, "person", "about", "count",
    ]  # fmt: skip
    assert rows.loc[(place, "2014-2020年"), "value"] == [2014, 2020]
    assert rows.loc[(place, "2014年3月"), ["value", "unit"]].tolist() == ["2014-03", None]
    assert rows.loc[(place, "60%左右"), "indicator"] == "常住人口城镇化率"


def test_every_code_is_used_in_the_gold(gold: Gold) -> None:
    assert set(gold.quantities["kind"]) == set(KINDS)
    assert set(gold.quantities["qualifier"]) == set(QUALIFIERS)
    assert set(gold.directives["strength"]) == set(STRENGTHS)
    used = set(zip(gold.directives["instrument"], gold.directives["subtype"], strict=True))
    assert used == {(i, s) for i, subtypes in INSTRUMENTS.items() for s in (subtypes or (None,))}


def test_every_concept_of_the_glossary_is_coded_somewhere(gold: Gold, project: Project) -> None:
    glossary = pd.read_csv(project.facts / "glossary.csv", dtype=str, keep_default_na=False)
    assert set(glossary["term_zh"]) <= set(gold.concepts["term_zh"])


def _break(name: str, column: str, value: str, which: str = "written:zh001") -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        path = folder / f"{name}.csv"
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        at = table.index[table["sentence"] == which][0] if which else 0
        table.loc[at, column] = value
        table.to_csv(path, index=False)

    return write


@pytest.mark.parametrize(
    ("breaking", "file", "field", "hint"),
    [
        (_break("sentences", "sentence", "written:zh002"), "sentences", "sentence", "given twice"),
        (_break("sentences", "part", "tunning"), "sentences", "part", "'tuning'"),
        (_break("sentences", "pair", "written:en002"), "sentences", "pair", "'written:en002'"),
        (_break("sentences", "text", ""), "sentences", "text", "written sentence"),
        (_break("quantities", "sentence", "written:zh0001"), "quantities", "sentence", "Did you mean 'written:zh001'"),
        (_break("quantities", "kind", "percentage"), "quantities", "kind", "'percent'"),
        (_break("quantities", "qualifier", "more"), "quantities", "qualifier", "Known: exact"),
        (_break("quantities", "value", "2023.5"), "quantities", "value", "'2023.5'"),
        (_break("quantities", "value", "twenty"), "quantities", "value", "'twenty'"),
        (_break("quantities", "unit", "year"), "quantities", "unit", "'year'"),
        (_break("quantities", "text", "2033年"), "quantities", "text", "2033年"),
        (_break("concepts", "term_zh", "农民工人", "written:zh008"), "concepts", "term_zh", "'农民工'"),
        (_break("actors", "actor", "NDRC", "written:zh003"), "actors", "actor", "NDRC"),
        (_break("directives", "strength", "request", "written:zh005"), "directives", "strength", "'requirement'"),
        (_break("directives", "instrument", "suply", "written:zh005"), "directives", "instrument", "'supply'"),
        (_break("directives", "subtype", "service", "written:zh005"), "directives", "subtype", "environment"),
    ],
)
def test_a_mistake_is_named_by_file_line_and_field(
    breaking: Callable[[Path], None], file: str, field: str, hint: str, make_project: MakeProject
) -> None:
    project = make_project()
    breaking(project.data / "gold")
    with pytest.raises(InvalidDataError) as caught:
        load_gold(project)
    problem = next(p for p in caught.value.problems if p.file == f"data/gold/{file}.csv" and p.field == field)
    assert problem.line > 1
    assert hint in str(problem)
    assert "\n" not in str(problem)


@pytest.mark.parametrize("name", GOLD_COLUMNS)
def test_a_missing_table_or_column_is_named(name: str, make_project: MakeProject) -> None:
    project = make_project()
    path = project.data / "gold" / f"{name}.csv"
    pd.read_csv(path, dtype=str, keep_default_na=False).drop(columns="text").to_csv(path, index=False)
    with pytest.raises(InvalidDataError, match=f"data/gold/{name}.csv:1: no column text"):
        load_gold(project)
    path.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(InvalidDataError, match=f"data/gold/{name}.csv:1: byte 0"):
        load_gold(project)
    path.unlink()
    with pytest.raises(InvalidDataError, match=f"data/gold/{name}.csv: the file is missing"):
        load_gold(project)
