from __future__ import annotations

import hashlib

import pandas as pd
import pytest
from kinds import CorpusOf, MakeProject

from policybook.corpus.build import BLOCK_LENGTH, load_corpus, reblock, with_all_paragraphs, without_headings
from policybook.corpus.corpus import TABLE_COLUMNS, Corpus, records
from policybook.errors import InvalidDataError, UnreadableDocumentError
from policybook.project import Project

LONG = "The county builds homes for all of its workers and their children " * 6  # 72 words


def sentence_of(words: int) -> str:
    return "Word " * (words - 1) + "end."


def lengths_of(corpus: Corpus) -> list[int]:
    return [int(length) for length in corpus.blocks["length"]]


def test_every_paragraph_of_every_file_is_there_as_received(project: Project, corpus: Corpus) -> None:
    """Counted from the bytes, without the corpus room."""
    for document in records(corpus.documents):
        content = (project.documents / document.file).read_bytes()
        lines = [line for line in content.decode("utf-8-sig").splitlines() if line.strip()]
        kept = pd.concat([corpus.passages, corpus.boilerplate])
        kept = kept[kept["document"] == document.document].sort_values("paragraph")
        assert kept["raw"].tolist() == lines
        assert kept["paragraph"].tolist() == list(range(1, len(lines) + 1))
        assert document.paragraphs == len(lines)


def test_the_corpus_knows_what_it_was_made_from(project: Project, corpus: Corpus) -> None:
    files = dict(zip(corpus.documents["document"], corpus.documents["file"], strict=True))
    assert corpus.made_from == tuple(
        f"{id} sha256:{hashlib.sha256((project.documents / file).read_bytes()).hexdigest()}"
        for id, file in files.items()
    )


def test_ids_say_document_paragraph_and_sentence(corpus: Corpus) -> None:
    for passage in records(corpus.passages):
        assert (
            passage.passage == f"{passage.document}:p{passage.paragraph:02d}" == f"{passage.document}:{passage.anchor}"
        )
    for _, sentences in corpus.sentences.groupby("passage"):
        assert sentences["number"].tolist() == list(range(1, len(sentences) + 1))
        assert sentences["sentence"].tolist() == [f"{row.passage}.{row.number}" for row in records(sentences)]


@pytest.mark.parametrize(
    ("selection", "passages", "sentences"), [({"places": "fujian"}, 2, 4), ({"plan": "nnup-2014"}, 2, 2)]
)
def test_the_two_sides_that_are_too_small(
    corpus: Corpus, selection: dict[str, str], passages: int, sentences: int
) -> None:
    part = corpus.select(selection)
    assert (len(part.passages), len(part.sentences)) == (passages, sentences)


def test_every_sentence_is_in_one_block_and_blocks_run_on(corpus: Corpus) -> None:
    assert corpus.sentences["block"].notna().all()
    for _, sentences in corpus.sentences.groupby("document", sort=False):
        order = list(dict.fromkeys(sentences["block"]))
        assert order == sorted(order)
        assert sentences["block"].tolist() == sorted(sentences["block"])
    totals = corpus.sentences.groupby("block")["length"].agg(["size", "sum"])
    for block in records(corpus.blocks):
        assert (block.sentences, block.length) == tuple(totals.loc[block.block])


def test_a_block_has_one_scope(corpus: Corpus) -> None:
    scope = ["plan", "era", "places", "level"]
    passages = corpus.passages.set_index("passage")[scope]
    blocks = corpus.blocks.set_index("block")[scope]
    for sentence in records(corpus.sentences):
        assert tuple(passages.loc[sentence.passage]) == tuple(blocks.loc[sentence.block])


def test_blocks_are_full_unless_their_stretch_of_one_scope_ends(corpus: Corpus) -> None:
    languages = dict(zip(corpus.documents["document"], corpus.documents["language"], strict=True))
    blocks = list(records(corpus.blocks))
    for before, block, after in zip([None, *blocks], blocks, [*blocks[1:], None], strict=False):
        full = BLOCK_LENGTH[languages[block.document]]
        follows, continues = (other is not None and same_stretch(other, block) for other in (before, after))
        assert block.length >= full or not continues
        assert block.length * 2 >= full or not follows


def same_stretch(one: object, other: object) -> bool:
    fields = ("document", "plan", "era", "places", "level")
    return all(getattr(one, field) == getattr(other, field) for field in fields)


def test_the_corpus_has_about_as_many_blocks_as_the_specialist_counted(corpus: Corpus) -> None:
    assert 80 <= len(corpus.blocks) <= 95


@pytest.mark.parametrize(
    ("words", "blocks"),
    [
        ([60], [60]),
        ([30, 30, 60], [60, 60]),
        ([59, 1, 60], [60, 60]),
        ([60, 29], [89]),
        ([60, 30], [60, 30]),
        ([20], [20]),
        ([200, 10, 10], [220]),
    ],
)
def test_sentences_join_until_a_block_is_full(corpus_of: CorpusOf, words: list[int], blocks: list[int]) -> None:
    text = " ".join(sentence_of(number) for number in words)
    assert lengths_of(corpus_of({"a": text})) == blocks


def test_a_short_rest_never_joins_a_block_of_another_scope(corpus_of: CorpusOf) -> None:
    corpus = corpus_of({"a": f"{LONG}.\nFujian leads them all today."})
    assert lengths_of(corpus) == [72, 5]
    assert corpus.blocks["places"].tolist() == [("national",), ("fujian",)]


def test_blocks_do_not_cross_documents(corpus_of: CorpusOf) -> None:
    corpus = corpus_of({"a": "Short text here.", "b": "Another short text."})
    assert corpus.blocks["block"].tolist() == ["a:b01", "b:b01"]


def test_overrides_stand_above_every_rule(corpus_of: CorpusOf) -> None:
    override = {
        "paragraphs": [1], "plan": "fyp14", "places": ["fujian"], "level": "none", "era": "2014-2020", "why": "known",
    }  # fmt: skip
    passage = corpus_of({"a": "Liaoning at the county level."}, overrides=[override]).passages.iloc[0]
    assert (passage["plan"], passage["places"], passage["level"], passage["era"]) == (
        "fyp14",
        ("fujian",),
        None,
        "2014-2020",
    )


def test_a_person_can_decide_what_is_boilerplate(corpus_of: CorpusOf) -> None:
    overrides = [
        {"paragraphs": [1], "boilerplate": True, "why": "an advertisement"},
        {"paragraphs": [3], "boilerplate": False, "why": "part of the text"},
    ]
    corpus = corpus_of({"a": f"{LONG}.\nBuy now and save money today.\nSource: the office"}, overrides=overrides)
    assert corpus.boilerplate["reason"].tolist() == ["an advertisement"]
    assert corpus.passages["paragraph"].tolist() == [2, 3]


def test_a_chinese_text_in_simplified_characters_needs_no_setting(corpus_of: CorpusOf) -> None:
    corpus = corpus_of({"a": "福建推进城镇化。全省提高质量；完善制度。"}, language="zh")
    assert corpus.documents.loc[0, "script"] == "hans"
    assert corpus.sentences["text"].tolist() == ["福建推进城镇化。", "全省提高质量；", "完善制度。"]
    assert corpus.passages.loc[0, "places"] == ("national", "fujian")


def test_an_unreadable_document_is_named(make_project: MakeProject) -> None:
    project = make_project()
    file = next(project.documents.glob("*2023*"))
    file.write_bytes("城镇化".encode("gb18030"))
    with pytest.raises((InvalidDataError, UnreadableDocumentError), match=file.name):
        load_corpus(project)


def test_loading_twice_gives_the_same_tables(project: Project, corpus: Corpus) -> None:
    again = load_corpus(project)
    assert again.made_from == corpus.made_from
    for name in ("documents", "passages", "boilerplate", "sentences", "blocks"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(corpus, name))


def test_blocks_of_the_usual_length_are_the_blocks_that_were_there(coded: Corpus) -> None:
    again = reblock(coded)
    for name in TABLE_COLUMNS:
        pd.testing.assert_frame_equal(getattr(again, name), getattr(coded, name), check_dtype=False)
    assert again.made_from != coded.made_from


def test_every_sentence_and_mention_stands_in_one_new_block(coded: Corpus) -> None:
    shorter = reblock(coded, {language: size // 2 for language, size in BLOCK_LENGTH.items()})
    assert shorter.sentences["sentence"].tolist() == coded.sentences["sentence"].tolist()
    assert shorter.blocks["sentences"].sum() == len(coded.sentences)
    block_of = shorter.sentences.set_index("sentence")["block"]
    assert shorter.mentions["block"].tolist() == [block_of[s] for s in shorter.mentions["sentence"]]
    assert shorter.mentions.drop(columns="block").equals(coded.mentions.drop(columns="block"))
    assert coded.sentences["block"].isin(coded.blocks["block"]).all()  # nothing was changed in the corpus itself


def test_without_headings_only_passages_with_a_sentence_are_left(corpus_of: CorpusOf) -> None:
    corpus = corpus_of(
        {"a": "Part one\nThe province builds roads in its counties.\n1. Aims\nSchools follow; they are many."}
    )
    assert without_headings(corpus).passages["text"].tolist() == [
        "The province builds roads in its counties.",
        "Schools follow; they are many.",
    ]


def test_with_all_paragraphs_nothing_is_set_aside(corpus: Corpus) -> None:
    whole = with_all_paragraphs(corpus)
    assert whole.boilerplate.empty
    assert len(whole.passages) == len(corpus.passages) + len(corpus.boilerplate)
    assert whole.passages["passage"].is_unique
    assert whole.sentences["sentence"].is_unique
    for document, rows in whole.passages.groupby("document"):
        assert rows["paragraph"].is_monotonic_increasing
        added = rows[~rows["passage"].isin(corpus.passages["passage"])]
        assert (added["plan"] == corpus.document(str(document))["plan"]).all()
    kept = whole.sentences[whole.sentences["sentence"].isin(corpus.sentences["sentence"])]
    assert kept["text"].tolist() == corpus.sentences["text"].tolist()
    assert whole.sentences["block"].isin(whole.blocks["block"]).all()


def test_wrapped_lines_are_one_passage_under_the_number_of_the_first(corpus_of: CorpusOf) -> None:
    text = (
        "新型城镇化方案\n    为推进以人为核心的新型城镇化，加快农业转移\n人口市民化，优化空间布局和形态，提升城市发展\n"
        "水平，制定本方案。\n来源：示例网\n    完善户籍制度，健全以居住证为载体的公共服务提\n供机制，发展县域经济。"
    )
    corpus = corpus_of({"a": text}, language="zh")
    assert corpus.passages["passage"].tolist() == ["a:p01", "a:p02", "a:p06"]
    assert corpus.passages["text"].tolist()[2] == "完善户籍制度，健全以居住证为载体的公共服务提供机制，发展县域经济。"
    assert corpus.boilerplate["paragraph"].tolist() == [5]
    assert "\n".join([*corpus.passages["raw"][:2], *corpus.boilerplate["raw"], corpus.passages["raw"][2]]) == text
    document = corpus.documents.iloc[0]
    assert document["repairs"]["joined_line"] == 3 and document["paragraphs"] == 7
    assert "3 of its 7 lines" in document["warnings"][0]
    override = {"paragraphs": [7], "places": ["fujian"], "why": "known"}
    apart = corpus_of({"a": text}, language="zh", overrides=[override])
    assert apart.passages["paragraph"].tolist() == [1, 2, 6, 7] and apart.passages["places"].iloc[3] == ("fujian",)


def test_what_repeats_names_the_paragraph_as_received(corpus_of: CorpusOf) -> None:
    twice = "推进农业转移人口市民化，完善户籍制度。" * 3
    page = f"<html><body><nav>首页</nav><p>{twice}<p>城镇化<p>{twice}</body></html>"
    corpus = corpus_of({"a": page}, language="zh")
    assert corpus.boilerplate["reason"].tolist()[-1] == "repeats paragraph 2"


def test_a_traditional_original_is_shown_as_it_stands_and_matched_all_the_same(corpus_of: CorpusOf) -> None:
    plan = "臺北縣都市更新計畫\n一、推動戶籍登記\n為推動都市更新，本府訂定本計畫，福建亦同，並依條例辦理。"
    corpus = corpus_of({"a": plan}, language="zh")
    assert corpus.passages["text"].tolist() == plan.split("\n")
    assert corpus.passages["heading"].tolist() == [None, "一、推動戶籍登記", None]
    assert corpus.sentences["text"].tolist()[-1] == plan.split("\n")[2]
    assert "fujian" in corpus.passages["places"].iloc[2] and not corpus.documents["repairs"].iloc[0]
    converted = corpus_of({"a": "國務院推進城鎮化，完善戶籍制度，發展縣域經濟。"}, language="zh")
    assert converted.passages["text"].tolist() == ["国务院推进城镇化，完善户籍制度，发展县域经济。"]
