"""On what a side rests, and which sentences hold only while a plan's own text is missing."""

from __future__ import annotations

import pytest
from kinds import CorpusOf, MakeProject

from policybook.analysis.block_counts import block_counts
from policybook.analysis.comparisons import ComparisonEntry, compare_sides, load_comparisons
from policybook.analysis.findings import Finding
from policybook.analysis.rests_on import (
    narrow_to_own_text,
    plan_basis,
    plans_at_hand,
    rests_on,
)
from policybook.coding.code import Coding, code_corpus
from policybook.corpus.build import make_corpus
from policybook.corpus.manifest import DocumentEntry, load_manifest
from policybook.corpus.model import Corpus
from policybook.corpus.vocabulary import Vocabulary
from policybook.errors import InvalidDataError, SelectionError
from policybook.project import Project

SIDE = {"side": "the plan", "plan": "nnup-2014"}
NEWS = "报道\n《国家新型城镇化规划（2014－2020年）》提出推进户籍制度改革。会议强调推进城乡融合发展。\n"
PLAN = "规划\n推进户籍制度改革，建设县城。\n同“十四五”规划相衔接。\n"


@pytest.fixture(scope="module")
def corpora(project: Project, vocabulary: Vocabulary, coding: Coding) -> dict[str, Corpus]:
    """News about the 2014 plan alone, and with the plan itself."""
    shared = {"title": "T", "publisher": "P", "language": "zh", "speaker": "national", "rights": "full"}
    shared |= {"rights_note": "made for a test", "written": "2021"}
    news = DocumentEntry.model_validate(shared | {"id": "news", "file": "news.txt", "voice": "reported"})
    own = {"id": "own", "file": "own.txt", "voice": "official", "plan": "nnup-2014", "text_of": "nnup-2014"}
    plan = DocumentEntry.model_validate(shared | own)
    texts = {"without": [(news, NEWS.encode())], "with": [(news, NEWS.encode()), (plan, PLAN.encode())]}
    return {name: code_corpus(make_corpus(pairs, vocabulary, project), coding) for name, pairs in texts.items()}


def entry(*, own_text: bool) -> ComparisonEntry:
    side = {"label": "the plan", "select": {"plan": "nnup-2014"}, "own_text": own_text}
    other = {"label": "all", "select": {"speaker": "national"}}
    return ComparisonEntry.model_validate({"id": "x", "title": "X", "question": "?", "left": side, "right": other})


def test_what_others_say_and_what_the_plan_says(corpora: dict[str, Corpus]):
    basis = plan_basis(corpora["without"], "nnup-2014")
    assert (basis.texts, basis.others, basis.is_own, basis.own_blocks) == ((), ("news",), False, 0)
    basis = plan_basis(corpora["with"], "nnup-2014")
    assert (basis.texts, basis.others, basis.is_own) == (("own",), ("news",), True)
    assert basis.passages == 4 and 0 < basis.own_blocks < basis.blocks
    assert plans_at_hand(corpora["without"]) == frozenset() and plans_at_hand(corpora["with"]) == {"nnup-2014"}
    with pytest.raises(SelectionError):
        plan_basis(corpora["with"], "nnup-2041")


def test_a_selection_is_narrowed_only_where_it_can_be(corpora: dict[str, Corpus]):
    selection = {"plan": "nnup-2014", "speaker": "national"}
    assert narrow_to_own_text(corpora["without"], selection) == selection
    assert narrow_to_own_text(corpora["with"], selection) == {**selection, "document": "own"}
    for other in ({"plan": ["nnup-2014", "fyp14"]}, {"plan": "nnup-2014", "document": "news"}, {"era": "2021-2024"}):
        assert narrow_to_own_text(corpora["with"], other) == other


@pytest.mark.parametrize(
    ("name", "own_text", "documents", "found"),
    [
        ("without", True, ["news"], Finding("others", SIDE | {"documents": 1, "passages": 1})),
        ("with", True, ["own"], Finding("own", SIDE | {"blocks": 1})),
        ("with", False, ["news", "own"], Finding("mixed", SIDE | {"own_blocks": 1, "blocks": 2})),
    ],
)
def test_a_side_says_what_it_rests_on(
    corpora: dict[str, Corpus], coding: Coding, name: str, own_text: bool, documents: list[str], found: Finding
):
    counts = block_counts(corpora[name], coding.scheme)
    result = compare_sides(corpora[name], counts, 1.5, entry(own_text=own_text))
    assert sorted(result.sides[0].corpus.documents["document"]) == documents
    assert rests_on(result) == [found], "the other side is about no plan"


def test_a_limit_holds_when_and_unless() -> None:
    limits = [
        "always",
        {"text": "missing", "unless": {"text_of": "a"}},
        {"text": "one", "when": {"text_of": "a"}, "unless": {"text_of": "b"}},
        {"text": "both", "when": {"text_of": ["a", "b"]}},
    ]
    made = entry(own_text=True).model_dump(exclude={"not_concluded", "periods"})
    one = ComparisonEntry.model_validate({**made, "not_concluded": limits})
    assert one.limits(()) == ["always", "missing"]
    assert one.limits({"a"}) == ["always", "one"]
    assert one.limits({"a", "b"}) == ["always", "both"]
    assert [str(limit) for limit in one.not_concluded] == ["always", "missing", "one", "both"]


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("unless: {text_of: nnup-2014}", "unless: {text_of: nnup-2041}", "Did you mean 'nnup-2014'?"),
        ("unless: {text_of: nnup-2014}", "unless: {text_of: none}", "unknown plan 'none'"),
        ("unless: {text_of: nnup-2014}", "unless: {text: nnup-2014}", "no such field"),
        ("      own_text: true", "      own_text: perhaps", "own_text"),
    ],
)
def test_a_condition_with_a_mistake_is_named(
    make_project: MakeProject, corpus: Corpus, right: str, wrong: str, message: str
):
    project = make_project()
    text = project.comparisons_file.read_text(encoding="utf-8")
    assert right in text
    project.comparisons_file.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    line = 1 + text.split(right)[0].count("\n")
    with pytest.raises(InvalidDataError) as caught:
        load_comparisons(project, corpus.known)
    assert any(str(p).startswith(f"data/comparisons.yml:{line}: ") and message in str(p) for p in caught.value.problems)


def test_the_text_of_an_unknown_plan_is_a_mistake(make_project: MakeProject, vocabulary: Vocabulary):
    project = make_project()
    text = project.corpus_file.read_text(encoding="utf-8")
    edited = text.replace("    plan: fyp14\n", "    plan: fyp14\n    text_of: fyp\n")
    project.corpus_file.write_text(edited, encoding="utf-8")
    with pytest.raises(InvalidDataError, match=r"unknown plan 'fyp'\. Did you mean 'fyp14'"):
        load_manifest(project, vocabulary)


def test_the_five_documents_are_no_plans(coded: Corpus, corpus_of: CorpusOf):
    assert plans_at_hand(coded) == frozenset()
    assert plan_basis(coded, "nnup-2014").texts == ()
    assert plans_at_hand(corpus_of({"one": PLAN}, language="zh", text_of="fyp14")) == {"fyp14"}
