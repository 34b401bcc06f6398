from __future__ import annotations

import math

import pandas as pd
import pytest
from kinds import CorpusOf, MakeProject

from policybook.analysis.renderings import (
    chinese_mentions,
    count_renderings,
    find_borrowed,
    find_shared,
    hidden_by_document,
    kwic_lines,
    load_glossary,
    normalise,
    rank_variety,
    rendered_mentions,
    usual_english,
)
from policybook.coding.concepts import ConceptFinder, code_concepts
from policybook.coding.scheme import Concept, Scheme, Theme
from policybook.corpus.corpus import Corpus
from policybook.errors import InvalidDataError
from policybook.project import Project


def test_terms_have_their_standard_english(project: Project) -> None:
    glossary = load_glossary(project)
    assert glossary["城镇化"] == "urbanization"
    assert len(glossary) > 80


def test_a_project_may_have_no_glossary_or_only_its_heading(make_project: MakeProject) -> None:
    project = make_project()
    path = project.facts / "glossary.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    assert load_glossary(project) == {}
    path.unlink()
    assert load_glossary(project) == {}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("term,english\n城市,city\n", "no column term_zh, english_standard"),
        ("term_zh,english_standard\n城市,city\n城市,town\n", "'城市' is given twice"),
        ("", "the file is empty"),
    ],
)
def test_mistakes_are_named(make_project: MakeProject, content: str, said: str) -> None:
    project = make_project()
    (project.facts / "glossary.csv").write_text(content, encoding="utf-8")
    with pytest.raises(InvalidDataError, match=said):
        load_glossary(project)


def test_a_glossary_in_another_encoding_is_refused(make_project: MakeProject) -> None:
    project = make_project()
    (project.facts / "glossary.csv").write_bytes("term_zh,english_standard\n城市,city\n".encode("gb18030"))
    with pytest.raises(InvalidDataError, match="Save the file as UTF-8"):
        load_glossary(project)


LONG = "Everyone in this county by the river knows that rural revitalization takes patience, money and good roads."


def test_a_line_is_cut_at_words_and_says_so(corpus_of: CorpusOf, scheme: Scheme, finder: ConceptFinder) -> None:
    corpus = code_concepts(corpus_of({"a": LONG}), scheme, finder)
    lines = kwic_lines(corpus, corpus.mentions, 30)
    lines = lines[lines["keyword"] == "rural revitalization"]
    assert lines["left"].tolist() == ["…by the river knows that "]
    assert lines["right"].tolist() == [" takes patience, money and…"]
    assert lines[["left", "right"]].map(len).max(axis=None) <= 31


def test_a_short_context_is_whole(corpus_of: CorpusOf, scheme: Scheme, finder: ConceptFinder) -> None:
    corpus = code_concepts(corpus_of({"a": "We need rural revitalization now. Nothing else."}), scheme, finder)
    (line,) = kwic_lines(corpus, corpus.mentions).itertuples()
    assert (line.left, line.keyword, line.right) == ("We need ", "rural revitalization", " now.")


def test_chinese_has_half_the_room_and_no_spaces_to_cut_at(
    corpus_of: CorpusOf, scheme: Scheme, finder: ConceptFinder
) -> None:
    text = "本县今年把各项工作安排得十分细致周到，推进农业转移人口市民化是大家都关心的一件大事情也是难事。"
    corpus = code_concepts(corpus_of({"z": text}, language="zh"), scheme, finder)
    lines = [one for one in kwic_lines(corpus, corpus.mentions, 20).itertuples() if one.keyword == "农业转移人口市民化"]
    assert [(one.left, one.right) for one in lines] == [("…得十分细致周到，推进", "是大家都关心的一件大…")]


@pytest.mark.parametrize("room", [0, 1, 7, 50, 10_000])
def test_a_line_is_a_part_of_its_sentence(coded: Corpus, room: int) -> None:
    texts = dict(zip(coded.sentences["sentence"], coded.sentences["text"], strict=True))
    lines = kwic_lines(coded, coded.mentions, room)
    assert len(lines) == len(coded.mentions)
    for line in lines.itertuples():
        whole = line.left.lstrip("…") + line.keyword + line.right.rstrip("…")
        assert len(line.left) <= room + 1 and len(line.right) <= room + 1
        assert whole.strip() in texts[line.sentence] or whole in texts[line.sentence]


SCHEME = Scheme(
    (Theme(id="t", label="Theme", label_zh="主题"),),
    tuple(
        Concept(id=id, term_zh=zh, term_en=en, pinyin="x", theme="t", broader=broader, zh=[zh], en=forms)
        for id, zh, en, broader, forms in (
            (
                "river-town",
                "江城",
                "river town (city on the river)",
                None,
                ["river town", "riverside port"],
            ),
            ("port", "港", "port", None, ["port", "harbour"]),
            ("new-port", "新港", "new port", "port", ["new port", "port two"]),
            ("street", "街", "street", None, ["street"]),
        )
    ),
)


@pytest.fixture
def towns(corpus_of: CorpusOf) -> Corpus:
    texts = {
        "a": "The River Town grows. River towns and the river-town trade. A riverside port opens.",
        "b": "A riverside port closes. The new port is a port two for ships.",
    }
    return code_concepts(corpus_of(texts), SCHEME)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Urban-Rural Gaps", "urban rural gap"),
        ("small  and medium-sized cities", "small and medium sized city"),
        ("public services", "public service"),
        ("businesses", "business"),
        ("the process", "the process"),
        ("this basis", "this basis"),
        ("children's schools", "children's school"),
        ("", ""),
    ],
)
def test_capitals_hyphens_and_regular_plurals_make_no_other_rendering(text: str, same: str) -> None:
    assert normalise(text) == same


def test_renderings_are_counted_by_term_under_their_commonest_spelling(towns: Corpus) -> None:
    counts = count_renderings(rendered_mentions(towns))
    of_town = counts[counts["concept"] == "river-town"]
    assert of_town[["rendering", "count"]].to_numpy().tolist() == [["river town", 3], ["riverside port", 2]]
    assert of_town["share"].sum() == pytest.approx(1)
    assert counts["count"].sum() == len(towns.mentions)


def test_only_english_documents_have_renderings(corpus_of: CorpusOf) -> None:
    corpus = code_concepts(corpus_of({"z": "江城有港。江城大。"}, language="zh"), SCHEME)
    assert rendered_mentions(corpus).empty
    assert count_renderings(rendered_mentions(corpus)).empty
    assert chinese_mentions(corpus)["text"].tolist() == ["江城", "港", "江城"]


def test_the_most_various_term_comes_first(towns: Corpus) -> None:
    variety = rank_variety(count_renderings(rendered_mentions(towns)))
    assert variety["concept"].tolist() == ["new-port", "river-town"]
    first, second = variety.itertuples(index=False)
    assert (first.bits, first.effective, first.renderings) == (pytest.approx(1.0), pytest.approx(2.0), 2)
    assert second.bits == pytest.approx(-(0.6 * math.log2(0.6) + 0.4 * math.log2(0.4)))
    assert (second.commonest, second.share, second.mentions) == ("river town", pytest.approx(0.6), 5)


def test_a_rendering_that_holds_another_terms_english_is_found_and_kin_are_not(towns: Corpus) -> None:
    borrowed = find_borrowed(count_renderings(rendered_mentions(towns)), SCHEME)
    found = list(zip(borrowed["concept"], borrowed["rendering"], borrowed["other"], borrowed["count"], strict=True))
    assert found == [("river-town", "riverside port", "port", 2)]  # the new port is a port


def test_words_that_a_terms_own_english_has_are_no_borrowing(
    corpus_of: CorpusOf, scheme: Scheme, finder: ConceptFinder
) -> None:
    text = "New urbanization needs county-level urbanization. People-oriented new urbanization is urbanization."
    renderings = count_renderings(rendered_mentions(code_concepts(corpus_of({"a": text}), scheme, finder)))
    assert len(renderings) > 1
    borrowed = find_borrowed(renderings, scheme)
    assert "urbanization" not in set(borrowed["other"])


def test_citizenization_called_urbanization_is_told_document_by_document(
    corpus_of: CorpusOf, scheme: Scheme, finder: ConceptFinder
) -> None:
    texts = {
        "a": "The urbanization of rural migrant workers is the task. We promote the urbanization of migrant workers.",
        "b": "The citizenization of migrant workers is the task.",
    }
    mentions = rendered_mentions(code_concepts(corpus_of(texts), scheme, finder))
    hidden = hidden_by_document(find_borrowed(count_renderings(mentions), scheme), mentions)
    concept, other = hidden.loc[0, ["concept", "other"]]
    assert [scheme.by_id[one].term_zh for one in (concept, other)] == ["农业转移人口市民化", "城镇化"]
    rows = hidden[(hidden["concept"] == concept) & (hidden["other"] == other)]
    assert rows[["document", "held", "mentions", "share"]].to_numpy().tolist() == [["a", 2, 2, 1.0], ["b", 0, 1, 0.0]]
    assert rows["passages"].tolist() == [["a:p01", "a:p01"], []]
    assert [len(one) for one in rows["renderings"]] == [2, 0]


def test_shared_renderings_are_those_of_several_terms_and_ambiguous_ones() -> None:
    renderings = pd.DataFrame(
        [("a", "x", 2, 0, 1.0), ("b", "x", 1, 0, 0.5), ("b", "y", 1, 1, 0.5), ("c", "z", 9, 0, 1.0)],
        columns=["concept", "rendering", "count", "ambiguous", "share"],
    )
    found = find_shared(renderings)
    assert list(zip(found["rendering"], found["concept"], strict=True)) == [("x", "a"), ("x", "b"), ("y", "b")]


@pytest.mark.parametrize(
    ("english", "wordings"),
    [
        ("urbanization", ["urbanization"]),
        ("new urbanization; new-type urbanization", ["new urbanization", "new-type urbanization"]),
        ("city cluster (urban agglomeration)", ["city cluster", "urban agglomeration"]),
        ("destination (inflow) areas", ["destination areas"]),
    ],
)
def test_usual_english_gives_its_wordings(english: str, wordings: list[str]) -> None:
    assert usual_english(Concept(id="x", term_zh="x", term_en=english, pinyin="x", theme="t")) == wordings


def test_the_five_documents_have_their_known_clash(coded: Corpus, scheme: Scheme) -> None:
    mentions = rendered_mentions(coded)
    hidden = hidden_by_document(find_borrowed(count_renderings(mentions), scheme), mentions)
    concept, other = hidden.loc[0, ["concept", "other"]]
    assert [scheme.by_id[one].term_zh for one in (concept, other)] == ["农业转移人口市民化", "城镇化"]
    rows = hidden[(hidden["concept"] == concept) & (hidden["other"] == other)]
    held = set(rows.loc[rows["held"] > 0, "document"])
    assert held == {"web-2024-county-mobilization", "gmw-2023-county-migrants"}, "and never in the two others"
    assert 0.5 < rows["held"].sum() / rows["mentions"].sum() < 0.8
