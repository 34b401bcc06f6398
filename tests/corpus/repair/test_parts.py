from __future__ import annotations

import time
from collections import Counter

import pytest

from policybook.corpus.repair import Repairer, guess_script, lost_characters, repair_paragraph
from policybook.corpus.repair.pinyin import parse_reading, split_syllables


def repaired(text: str, language: str = "zh") -> tuple[str, Counter[str]]:
    return repair_paragraph(text, language, guess_script(text, language))


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


@pytest.mark.parametrize(
    ("letters", "syllables", "toned"),
    [
        ("guó", ("guo",), 1),
        ("guójiā", ("guo", "jia"), 2),
        ("nóngmíngōng", ("nong", "min", "gong"), 3),
        ("Xī'ān", ("xi", "an"), 2),
        ("lǜ", ("lu",), 1),
        ("guoˊ", ("guo",), 1),
        ("fɑ̄", ("fa",), 1),
    ],
)
def test_pinyin_is_read(letters: str, syllables: tuple[str, ...], toned: int) -> None:
    reading = parse_reading(letters)
    assert reading is not None
    assert (reading.syllables, reading.toned) == (syllables, toned)


@pytest.mark.parametrize(
    "letters", ["GDP", "family", "café", "São", "urbanization", "", "1", "CO2", "PM2.5", "R&D", "a" * 99]
)
def test_other_letters_are_no_pinyin(letters: str) -> None:
    assert parse_reading(letters) is None


def test_letters_that_are_no_syllables_cannot_be_split() -> None:
    assert split_syllables("zhuang") == ("zhuang",)
    assert split_syllables("xyz") == ()


@pytest.mark.parametrize("word", ["残(can)疾", "舍(she)弃", "孙(sun)女", "安(an)全", "长龙(long)口", "们(men)"])
def test_a_reading_that_is_an_english_word_is_certain_only_in_a_glossed_text(word: str) -> None:
    assert repaired(f"关于{word}的说明")[0] == f"关于{word}的说明"
    assert "(" not in repaired(f"国(guó)家支(zhī)持(chí)，关于{word}的说明")[0]


@pytest.mark.parametrize("kept", ["由残(you)决定", "工具(tool)", "网站(net)", "户籍(hukou)", "城市(men)"])
def test_letters_that_no_character_before_them_has_are_kept(kept: str) -> None:
    assert repaired(kept)[0] == kept


def test_a_place_name_in_latin_letters_is_a_translation_beside_toned_glosses() -> None:
    text = "國(guó)家支(zhī)持(chí)武漢(Wuhan)建設(shè)。"
    assert repaired(text)[0] == "国家支持武汉(Wuhan)建设。"


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


@pytest.mark.parametrize(
    "kept",
    [
        "see https://example.org/shouldimprove and shouldimprove@example.org",
        "getElementById and snake_caseword in `shouldimprove`",
        "Hukou, Shijiazhuang, Guangdong and Zhongguancun",
        "Heilongjiang borders Amur Oblast; Facebook and Alibaba are firms",
        "smallholders, steelworkers, urbanisation, decentralised, livestreaming",
        "The citizenization of hukou holders",
        "... and ... etc.... wait",
    ],
)
def test_english_that_is_right_is_left_alone(kept: str) -> None:
    assert repaired(kept, "en")[0] == kept


def test_a_word_that_the_text_uses_often_is_a_word() -> None:
    text = "The peopletransfer began. Peopletransfer grew. A peopletransfer ended."
    assert repaired(text, "en")[0] == text
    assert repaired("The peopletransfer began.", "en")[0] == "The people transfer began."


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("国家\ufffd展", 1),
        ("城□化率", 1),
        ("□是 □否", 0),
        ("城镇????率", 4),
        ("真的??", 0),
        ("is it so?", 0),
        ("\ue001\ue002", 2),
        ("锟斤拷", 1),
        ("国家发展", 0),
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
    text = line * 100_000
    start = time.process_time()
    for language in ("zh", "en"):
        repaired(text, language)
        lost_characters(text)
    assert time.process_time() - start < 10


def test_repairing_twice_changes_nothing_more() -> None:
    for text in ("國(guó)家，，發(fā)展２０２５年", "国 (guó) 家"):
        once = repaired(text)[0]
        assert repaired(once)[0] == once
