from __future__ import annotations

import re
import time

import pytest
from kinds import CorpusOf

from policybook.analysis.reuse import FORMULA, LEAST, Reuse, find_reuse, reuse_table
from policybook.corpus.model import Corpus

RUN_EN = "every township shall open one counter where newly arrived workers register for school places"
RUN_ZH = "各乡镇均应设立一处窗口供新来务工人员登记子女入学"


def english(corpus_of: CorpusOf, *texts: str) -> Corpus:
    return corpus_of({f"d{n}": text for n, text in enumerate(texts)}, language="en")


def chinese(corpus_of: CorpusOf, *texts: str) -> Corpus:
    return corpus_of({f"d{n}": text for n, text in enumerate(texts)}, language="zh")


def words_of(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())


def shared(corpus: Corpus, reuse: Reuse) -> list[tuple[str, str]]:
    texts = dict(zip(corpus.passages["passage"], corpus.passages["text"], strict=True))
    return [
        (texts[reuse.left][s.left_start : s.left_end], texts[reuse.right][s.right_start : s.right_end])
        for s in reuse.spans
    ]


def test_a_shared_run_of_english_words_is_found_with_its_offsets(corpus_of: CorpusOf) -> None:
    corpus = english(
        corpus_of,
        f"From next spring, {RUN_EN}; the county pays.",
        f"Some say so. {RUN_EN.capitalize().replace('counter where', 'counter, where')} and clinics.",
    )
    (found,) = find_reuse(corpus, corpus)
    ((here, there),) = shared(corpus, found)
    assert here == RUN_EN
    assert there == "Every township shall open one counter, where newly arrived workers register for school places"
    assert found.words == len(RUN_EN.split())
    assert (found.left, found.right) == ("d0:p01", "d1:p01")
    # the shorter passage: three words before and two behind
    assert found.share == pytest.approx(found.words / (found.words + 5))


def test_a_shared_run_of_chinese_characters_is_found_whatever_the_punctuation(corpus_of: CorpusOf) -> None:
    corpus = chinese(
        corpus_of, f"自明年起，{RUN_ZH}，费用由县财政承担。", f"有人主张：{RUN_ZH.replace('窗口', '窗口，')}等事项。"
    )
    (found,) = find_reuse(corpus, corpus)
    ((here, there),) = shared(corpus, found)
    assert (here, there) == (RUN_ZH, RUN_ZH.replace("窗口", "窗口，"))
    assert found.words == len(RUN_ZH)


def test_two_runs_of_one_pair_stand_together(corpus_of: CorpusOf) -> None:
    second = "the fee for this service is waived during the first two years of residence"
    corpus = english(corpus_of, f"{RUN_EN}. Nobody objects. {second}.", f"Again {second}. Afterwards {RUN_EN}.")
    (found,) = find_reuse(corpus, corpus)
    assert [here for here, _ in shared(corpus, found)] == [RUN_EN, second]
    assert all(words_of(here) == words_of(there) for here, there in shared(corpus, found))


def test_shorter_runs_and_names_of_plans_are_no_reuse(corpus_of: CorpusOf) -> None:
    short_en = " ".join(RUN_EN.split()[: LEAST["en"] - 1])
    assert not find_reuse(*[english(corpus_of, f"First {short_en} here indeed.", f"Then {short_en} there again.")] * 2)
    short_zh = RUN_ZH[: LEAST["zh"] - 1]
    assert not find_reuse(*[chinese(corpus_of, f"首先{short_zh}甲乙丙丁。", f"其次{short_zh}子丑寅卯。")] * 2)
    name = "《关于在全省各乡镇设立务工人员登记窗口的五年行动方案》"
    corpus = chinese(corpus_of, f"会议讨论了{name}，没有结论。", f"记者读到{name}以后提问。")
    assert not find_reuse(corpus, corpus)


def test_the_least_length_can_be_chosen(corpus_of: CorpusOf) -> None:
    corpus = english(corpus_of, "First the county pays for it all here.", "Then the county pays for it all again.")
    assert not find_reuse(corpus, corpus)
    (found,) = find_reuse(corpus, corpus, {"en": 4})
    assert shared(corpus, found) == [("the county pays for it all", "the county pays for it all")]
    with pytest.raises(ValueError, match="at least 2"):
        find_reuse(corpus, corpus, {"en": 1})


def test_nothing_is_compared_within_a_document_or_across_languages(corpus_of: CorpusOf) -> None:
    within = english(corpus_of, f"One says that {RUN_EN}.\n\nAnother says that {RUN_EN} too, and more than that.")
    assert len(within.passages) == 2
    assert not find_reuse(within, within)
    mixed = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    assert not find_reuse(english(corpus_of, mixed), chinese(corpus_of, "会议指出有关情况如下所述。" + mixed))


def test_two_sides_give_pairs_from_left_to_right_and_overlapping_sides_give_each_once(corpus_of: CorpusOf) -> None:
    corpus = english(corpus_of, f"A: {RUN_EN} now.", f"B: {RUN_EN} soon.", f"C: {RUN_EN} later.")
    one, rest = corpus.select(document="d0"), corpus.select(document=["d1", "d2"])
    assert [(r.left, r.right) for r in find_reuse(one, rest)] == [("d0:p01", "d1:p01"), ("d0:p01", "d2:p01")]
    assert [(r.left, r.right) for r in find_reuse(rest, one)] == [("d1:p01", "d0:p01"), ("d2:p01", "d0:p01")]
    assert [(r.left[:2], r.right[:2]) for r in find_reuse(corpus, corpus)] == [("d0", "d1"), ("d0", "d2"), ("d1", "d2")]
    assert not find_reuse(one, one)
    assert not find_reuse(one, corpus.select(document="d0", level="none"))


def test_a_formula_of_the_genre_starts_no_match_but_may_stand_in_one(corpus_of: CorpusOf) -> None:
    others = [f"Number {n} reports that {RUN_EN}." for n in "abcdefgh"[:FORMULA]]
    assert not find_reuse(*[english(corpus_of, *others)] * 2)
    longer = f"On the first of May the mayor of our town wrote to all villages that {RUN_EN}"
    corpus = english(corpus_of, *others, f"{longer}, we hear.", f"{longer}, they hear.")
    (found,) = find_reuse(corpus, corpus)
    assert [here for here, _ in shared(corpus, found)] == [longer]


def test_runs_that_overlap_are_marked_once(corpus_of: CorpusOf) -> None:
    corpus = english(corpus_of, f"{RUN_EN} and {RUN_EN} again.", f"It says {RUN_EN}.")
    (found,) = find_reuse(corpus, corpus)
    assert [here for here, _ in shared(corpus, found)] == [RUN_EN]
    assert found.share <= 1


def test_the_table_has_a_row_a_run(corpus_of: CorpusOf) -> None:
    corpus = english(corpus_of, f"A: {RUN_EN} now.", f"B: {RUN_EN} soon.")
    found = find_reuse(corpus, corpus)
    table = reuse_table(found)
    assert table.to_dict("records") == [
        {
            "left": "d0:p01", "right": "d1:p01", "left_start": 3, "left_end": 3 + len(RUN_EN), "right_start": 3,
            "right_end": 3 + len(RUN_EN), "words": len(RUN_EN.split()), "share": found[0].share,
        }
    ]  # fmt: skip
    assert reuse_table([]).columns.tolist() == table.columns.tolist()


def test_in_this_book_every_mark_shows_the_same_words_on_both_sides(corpus: Corpus) -> None:
    found = find_reuse(corpus, corpus)
    assert found
    assert found == find_reuse(corpus, corpus)
    for reuse in found:
        assert all(words_of(here) == words_of(there) for here, there in shared(corpus, reuse))


@pytest.mark.parametrize("unit", ["城镇化", "发展"])
def test_long_texts_that_repeat_themselves_take_seconds(corpus_of: CorpusOf, unit: str) -> None:
    text = unit * (120_000 // len(unit))
    corpus = chinese(corpus_of, f"一{text}。", f"二{text}。")
    started = time.perf_counter()
    (found,) = find_reuse(corpus, corpus)
    assert found.words == len(text)
    assert time.perf_counter() - started < 5
