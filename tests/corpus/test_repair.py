from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import opencc
import pandas as pd
import pytest
from noise import CHINESE as CHINESE_NOISE
from noise import ENGLISH as ENGLISH_NOISE
from pace import within
from rapidfuzz.distance import Levenshtein
from repair_texts import CHINESE, CHINESE_CONTROLS, CHINESE_PAGE, ENGLISH, ENGLISH_CONTROLS, ENGLISH_PAGE
from repairing import repair, repaired

from policybook.corpus.build import in_print
from policybook.corpus.corpus import CODED, Corpus, records
from policybook.corpus.repair import (
    HALF_WIDTH_MARKS,
    Repairer,
    brackets_lost,
    full_width_marks,
    guess_language,
    guess_script,
    lost_characters,
    repair_paragraph,
    score_cases,
)
from policybook.project import Project

SCRAPED = "web-2021-joint-conference"
#: Letters in brackets, toned or not.
GLOSS = r"[(（]\s*[^\W\d_一-鿿]+\s*[)）]"
TO_SIMPLIFIED = opencc.OpenCC("t2s")


def scraped(corpus: Corpus) -> Iterator[tuple[str, str]]:
    """Yield (received, repaired) for every passage of the document that was scraped."""
    passages = corpus.passages[corpus.passages["document"] == SCRAPED]
    return ((row.raw, row.text) for row in records(passages))


def test_the_real_text_keeps_every_bracket_that_is_content(corpus: Corpus) -> None:
    text = "".join(after for _, after in scraped(corpus))
    assert re.findall(r"[(（][^()（）]*[)）]", text) == [
        "(以下简称“会议”)",
        "(2014-2020年)",
        "(修订版)",
        "(国家发展改革委规划司)",
        "(2014—2020年)",
    ]


def test_no_reading_and_no_traditional_character_is_left(corpus: Corpus) -> None:
    for _, after in scraped(corpus):
        assert not re.search(GLOSS, after)
        assert TO_SIMPLIFIED.convert(after) == after


def test_nothing_but_readings_is_lost(corpus: Corpus) -> None:
    """Without the rules: align the two texts character by character; what is left must be glosses."""
    for before, after in scraped(corpus):
        simplified = TO_SIMPLIFIED.convert(before)
        assert len(simplified) == len(before)
        dropped, place = "", 0
        for char in simplified:
            if place < len(after) and char == after[place]:
                place += 1
            else:
                dropped += char
        assert place == len(after), "a character of the repaired text does not stand in the received text"
        assert not re.findall(r"[一-鿿0-9A-Z，。、:《》“”%]", dropped)
        assert re.fullmatch(r"(?:\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,6}\))*", dropped)


def test_every_kind_of_repair_is_counted(corpus: Corpus) -> None:
    counted = corpus.document(SCRAPED)["repairs"]
    brackets = sum(len(re.findall(GLOSS, before)) for before, _ in scraped(corpus))
    assert counted["pinyin_gloss"] == brackets == 204
    assert set(counted) == {"pinyin_gloss", "traditional_character"}


def test_invisible_characters_go_and_are_counted() -> None:
    text, counts = repair_paragraph("\ufeff城\u200b镇\u00ad化\u2060 ", "zh", "hans")
    assert (text, dict(counts)) == ("城镇化", {"invisible_character": 4})


def test_simplified_text_is_not_converted() -> None:
    assert repair("干燥的後院", script="hans") == "干燥的後院"


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("the plan.The county", "the plan. The county"),
        ("said “yes.”The county", "said “yes.” The county"),
        ("first,second;third", "first, second; third"),
        ("the text ends.then it begins", "the text ends. then it begins"),
        ("in 2020.By then", "in 2020. By then"),
    ],
)
def test_a_space_is_put_after_stops_in_english(received: str, expected: str) -> None:
    assert repair(received, "en", "latn") == expected


@pytest.mark.parametrize(
    "kept",
    [
        "see www.example.com and a.b@mail.gov.cn",
        "1,000.50 yuan",
        "the U.S. economy",
        "https://x.org/A.Bc,D",
        "3.5 percent",
    ],
)
def test_addresses_and_numbers_are_left_alone(kept: str) -> None:
    assert repair(kept, "en", "latn") == kept


@pytest.mark.parametrize(
    ("text", "language", "script"),
    [
        ("國家發展改革委員會", "zh", "hant"),
        ("国家发展改革委员会", "zh", "hans"),
        ("The State Council (国务院) met", "en", "latn"),
        ("2024 %", "en", "latn"),
    ],
)
def test_language_and_script_are_told_from_the_text(text: str, language: str, script: str) -> None:
    assert guess_language(text) == language
    assert guess_script(text, language) == script


def test_repairing_twice_changes_nothing(corpus: Corpus) -> None:
    scripts = corpus.documents.set_index("document")[["language", "script"]]
    for row in records(corpus.passages):
        language, script = scripts.loc[row.document]
        assert repair_paragraph(row.text, language, script)[0] == row.text


# Repair against texts whose right form is known: the hand-made cases, and a held-out set made by code ---


OVERALL, EACH_FORM = 0.005, 0.02


@pytest.fixture(scope="module")
def gold(project: Project) -> Path:
    return project.root / "data" / "gold" / "repair.csv"


@pytest.fixture(scope="module")
def scores(gold: Path) -> pd.DataFrame:
    return score_cases(gold)


def test_there_are_enough_cases_of_enough_forms(gold: Path) -> None:
    cases = pd.read_csv(gold, dtype=str, keep_default_na=False)
    controls = cases[cases["form"].str.endswith("(control)")]
    assert len(cases) >= 260
    assert cases["form"].nunique() - controls["form"].nunique() >= 24
    assert len(controls) >= 60
    assert (controls["noisy"] == controls["clean"]).all()
    assert set(cases["origin"]) == {"generated", "written"}
    assert not cases.duplicated(["noisy"]).any()


def test_the_error_rate_of_the_cases(scores: pd.DataFrame) -> None:
    assert scores["errors"].sum() / scores["characters"].sum() <= OVERALL
    assert (scores["cer"] <= EACH_FORM).all(), scores[scores["cer"] > EACH_FORM].to_string()
    assert scores["brackets_lost"].sum() == 0


def test_controls_come_out_as_they_went_in(scores: pd.DataFrame) -> None:
    assert scores.loc[scores["form"].str.endswith("(control)"), "errors"].sum() == 0


def held_out() -> Iterator[tuple[str, str, str]]:
    """Yield (form, repaired, clean) of the sentences, each repaired alone, and of the pages, repaired whole."""
    for language, kinds, sentences, page in (
        ("zh", CHINESE_NOISE, CHINESE, CHINESE_PAGE),
        ("en", ENGLISH_NOISE, ENGLISH, ENGLISH_PAGE),
    ):
        for form, damage in kinds.items():
            for number, clean in enumerate(sentences):
                noisy = damage(clean, random.Random(f"{form} {number}"))
                yield form, repair_paragraph(noisy, language, guess_script(noisy, language))[0], clean
            noisy_page = [damage(clean, random.Random(f"page {form} {n}")) for n, clean in enumerate(page)]
            text = "\n".join(noisy_page)
            repairer = Repairer(text, language, guess_script(text, language))
            for noisy, clean in zip(noisy_page, page, strict=True):
                yield f"page: {form}", repairer.repair(noisy)[0], clean
    for language, controls in (("zh", CHINESE_CONTROLS), ("en", ENGLISH_CONTROLS)):
        for clean in controls:
            yield f"control {language}", repair_paragraph(clean, language, guess_script(clean, language))[0], clean


def test_the_error_rate_of_the_held_out_set() -> None:
    rows = pd.DataFrame(held_out(), columns=["form", "got", "clean"])
    rows["errors"] = [Levenshtein.distance(g, c) for g, c in zip(rows["got"], rows["clean"], strict=True)]
    rows["characters"] = rows["clean"].str.len()
    forms = rows.groupby("form")[["errors", "characters"]].sum()
    assert len(rows) >= 500
    assert forms["errors"].sum() / forms["characters"].sum() <= OVERALL
    assert (forms["errors"] / forms["characters"] <= EACH_FORM).all()
    assert sum(brackets_lost(g, c) for g, c in zip(rows["got"], rows["clean"], strict=True)) == 0


def test_the_score_counts_lost_brackets() -> None:
    assert brackets_lost("增长5%", "增长(GDP)5%") == 1
    assert brackets_lost("增长(GDP)5%", "增长5%") == 0


@pytest.mark.parametrize(
    ("text", "language", "kinds"),
    [
        ("國(guó)家\u200b發展，，增長５％", "zh", {
            "invisible_character": 1, "pinyin_gloss": 1, "traditional_character": 3, "doubled_punctuation": 1,
            "fullwidth_digit": 2,
        }),
        ("We shouldimprove homes,, schools.Then rest\u00a0today.", "en", {
            "invisible_character": 1, "doubled_punctuation": 1, "glued_word": 1, "missing_space": 1,
        }),
        ("国家支持县城建设。", "zh", {}),
        ("The plan is clear.", "en", {}),
    ],
)  # fmt: skip
def test_every_kind_is_counted(text: str, language: str, kinds: dict[str, int]) -> None:
    assert dict(repaired(text, language)[1]) == kinds


def test_what_one_paragraph_cannot_decide_the_document_does() -> None:
    document = ["國(guo)家(jia)發(fa)展(zhan)。", "和(he)平(ping)。"]
    repairer = Repairer("\n".join(document), "zh", "hant")
    assert [repairer.repair(paragraph)[0] for paragraph in document] == ["国家发展。", "和平。"]
    assert "(he)" in repair_paragraph("和(he)平。", "zh", "hans")[0]


@pytest.mark.parametrize(
    "kept",
    ["著名学者瞭望乾隆时期的皇后镇", "台后的后勤干部，于氏家谷", "沉着、执着、接着、着力"],
)
def test_simplified_words_with_traditional_twins_are_not_damaged(kept: str) -> None:
    for script in ("hans", "hant"):
        assert repair_paragraph(kept, "zh", script)[0] == kept


def test_a_traditional_paragraph_of_a_simplified_document_is_converted() -> None:
    repairer = Repairer("国家发展。" * 50, "zh", "hans")
    assert repairer.repair("國務院辦公廳轉發國家發展改革委關於縣城建設的意見")[0].startswith("国务院办公厅转发")
    assert repairer.repair("书名《國富論》不改")[0] == "书名《國富論》不改"


def test_radicals_and_compatibility_forms_from_pdfs_become_characters() -> None:
    assert repair_paragraph("⼈⼝城镇化⻓效机制", "zh", "hans")[0] == "人口城镇化长效机制"
    assert repair_paragraph("⼾籍制度改⾰，⽀(zhī)持落⼾", "zh", "hans")[0] == "户籍制度改革，支持落户"
    assert repaired("ﬁnancial and efﬁcient ﬂows", "en") == ("financial and efficient flows", {"compatibility_form": 3})


@pytest.mark.parametrize(
    ("text", "language", "plain"),
    [
        ('人口<span style="color:red">市民化</span>，户籍<b>制度</b>。<br>发展', "zh", "人口市民化，户籍制度。发展"),
        ("<p>We build homes.</p><p>They last.</p> AT&amp;T&nbsp;grows", "en", "We build homes. They last. AT&T grows"),
        ("&ldquo;十四五&rdquo;规划，R&D投入，人均<3平方米，>5", "zh", "“十四五”规划，R&D投入，人均<3平方米，>5"),
        ("城镇\ufdd0化，\uf0b7户籍", "zh", "城镇化，•户籍"),
        ("完善制度，。发展经济。，推进、，加快;。“好。”，对", "zh", "完善制度。发展经济。推进，加快。“好。”，对"),
        ("发展?域经济，完善??制度。为什么?因为", "zh", "发展�域经济，完善��制度。为什么?因为"),
        ("松原市乾安县的城镇化率达到60%，县域经济发展。", "zh", "松原市乾安县的城镇化率达到60%，县域经济发展。"),
    ],
)
def test_what_a_page_or_a_reader_left_in_the_text_is_taken_out(text: str, language: str, plain: str) -> None:
    assert repaired(text, language)[0] == plain


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("国家\ufffd展", 1),
        ("城□化率", 1),
        ("□是 □否", 0),
        ("（□）城□化率和城□更新，县□经济，户□改革，发□产业，居□证", 6),
        ("城镇????率", 4),
        ("真的??", 0),
        ("is it so?", 0),
        ("\ue001\ue002", 2),
        ("锟斤拷", 1),
        ("国家发展", 0),
        ("发展?域经济，完善??制度。", 3),
        ("为什么?因为要发展。如何发展?要创新", 0),
        ("\uf0b7 完善制度", 0),
        ("the peopl?s homes ? and the city?s plan ? grow", 4),
        ("see http://a.example/c?id=3 now. What is it? a plan", 0),
    ],
)
def test_lost_characters_are_counted(text: str, lost: int) -> None:
    assert lost_characters(text) == lost


@pytest.mark.parametrize(
    "line",
    ["a", "国(", "国(guo", "ā", " ", "，", "国a", ".", "?", "a@", "a-", "（", "xq "],
)
def test_no_line_takes_more_than_its_length(line: str) -> None:
    """A tenfold text may take tenfold time, with room for a slow machine; quadratic would take a hundredfold."""
    text = line * 40_000
    with within(100):
        for language in ("zh", "en"):
            repaired(text, language)
            lost_characters(text)


def test_repairing_twice_changes_nothing_more() -> None:
    for text in ("國(guó)家，，發(fā)展２０２５年", "国 (guó) 家"):
        once = repaired(text)[0]
        assert repaired(once)[0] == once


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "2014年3月,发布《规划(2014-2020年)》:目标60%,其中(一)好",
            "2014年3月，发布《规划（2014—2020年）》：目标60%，其中（一）好",
        ),
        ("增加1,200人;比例1:3,时间9:30,行吗?行!", "增加1,200人；比例1:3，时间9:30，行吗？行！"),
        ("城镇化率(%)为60(见表1)。", "城镇化率（%）为60（见表1）。"),
        ("The plan (规划) of 2014, in Chinese: 户籍.", "The plan (规划) of 2014, in Chinese: 户籍."),
        ("已经，是全角的：不变（真的）", "已经，是全角的：不变（真的）"),
        ("未合上的(括号,和2014-2020两数", "未合上的(括号，和2014-2020两数"),
    ],
)
def test_marks_beside_chinese_are_set_in_its_width_and_nothing_moves(before: str, after: str):
    changed = sum(one != other for one, other in zip(before, after, strict=True))
    assert full_width_marks(before) == (after, changed)
    assert full_width_marks(after) == (after, 0)
    assert full_width_marks(before)[0].translate(HALF_WIDTH_MARKS) == before.translate(HALF_WIDTH_MARKS)


def test_the_book_prints_chinese_in_full_width_marks_and_every_coded_word_stays_where_it_was(corpus: Corpus):
    printed = in_print(corpus)
    chinese = corpus.documents.loc[corpus.documents["language"] == "zh", "document"]
    texts = printed.passages[printed.passages["document"].isin(chinese)]["text"]
    assert not texts.str.contains("[一-鿿][,;:()]|[,;:()][一-鿿]", regex=True).any()
    counted = {row.document: row.repairs.get("full_width_mark", 0) for row in records(printed.documents)}
    assert counted[SCRAPED] > 30
    assert {document for document, times in counted.items() if times} == {*chinese}
    for name in ("passages", "sentences", *CODED):
        before, after = getattr(corpus, name), getattr(printed, name)
        assert before.drop(columns=["text", "heading"], errors="ignore").equals(
            after.drop(columns=["text", "heading"], errors="ignore")
        )
        plain = [column.str.translate(HALF_WIDTH_MARKS) for column in (before["text"], after["text"])]
        assert plain[0].equals(plain[1])
    sentences = printed.sentences.set_index("sentence")["text"]
    for name in CODED:
        for row in records(getattr(printed, name)):
            assert sentences[row.sentence][row.start : row.end] == row.text
