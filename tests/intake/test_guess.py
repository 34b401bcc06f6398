from __future__ import annotations

import pandas as pd
import pytest

from policybook.corpus.build import make_corpus
from policybook.intake.guess import (
    Guesser,
    Guesses,
    cut_short,
    find_dates,
    glued_words,
    guess_published,
    make_id,
    nearest_document,
)
from policybook.intake.inspect import Inspector
from policybook.project import Project
from policybook.reading.read import read_received

ENGLISH = """\
County towns and the people who live in them
Published: 12 March 2023
County towns are where the next round of growth will be decided. The ministry said on Monday that it would let people
register where they work, and that schools would be told to take their children.
Officials in three counties described how they had spent the money. One built a clinic, another a road, and the third
repaired the pipes that had leaked for years.
Critics replied that a permit changes little when the jobs are elsewhere. They asked for figures and got none.
"""


@pytest.fixture(scope="module")
def guesser(project: Project) -> Guesser:
    return Guesser(project)


def guess(guesser: Guesser, text: str, address: str | None = None) -> Guesses:
    content = text.encode()
    return guesser.guess(read_received(content, "text"), content, address=address)[0]


#: What a person found out about the documents of this book, where the texts themselves can tell.
KNOWN = {
    "gmw-2023-county-migrants": {"published": "2023-04-24", "speaker": "national", "translated": True, "cut": True},
    "guizhou-2024-two-strategies": {"published": None, "written": "2023", "speaker": "national", "translated": True},
    "mysheen-2024-liaoning-income-gap": {
        "published": "2024-09-06", "written": "2014-08", "speaker": "liaoning", "translated": True,
    },
    "web-2021-joint-conference": {
        "published": None, "written": "2021", "speaker": "national", "translated": False, "voice": "reported",
    },
    "web-2024-county-mobilization": {
        "published": "2024-09-02", "written": "2024-09-02", "speaker": "national", "translated": True,
        "voice": "reported", "plan": "action-2024",
    },
}  # fmt: skip


@pytest.mark.parametrize("document", KNOWN)
def test_the_documents_of_this_book_tell_what_a_person_found(guesser: Guesser, project: Project, document: str) -> None:
    content = (project.documents / f"{document}.txt").read_bytes()
    got, _ = guesser.guess(read_received(content, document), content)
    found = {
        "published": got.published.value, "written": got.written.value, "speaker": got.speaker.value,
        "translated": bool(got.translation), "voice": got.voice.value, "plan": got.plan.value,
        "cut": bool(got.cut_short),
    }  # fmt: skip
    wanted = {"cut": False, **KNOWN[document]}
    assert {key: found[key] for key in wanted} == wanted
    assert all(value.reason for value in (got.title, got.published, got.written, got.speaker, got.voice, got.plan))


def test_a_repost_of_a_text_that_names_nothing_newer_is_suspected(guesser: Guesser) -> None:
    text = "关于推进城镇化的思考\n发布时间：2024-05-01 来源：示例网\n2015年，中央城市工作会议召开，各地贯彻落实会议精神。"
    got = guess(guesser, text)
    assert got.written.value == "2015-12"
    assert "reposted" in got.written.doubt
    assert guess(guesser, text + "\n乡村振兴是大事。").written.value == "2024-05-01", "a newer term forbids it"


def test_aims_are_no_evidence_of_the_time_of_writing(guesser: Guesser) -> None:
    text = "关于县城的思考\n2023-06-01\n到2035年基本实现目标，2021—2025年为第一阶段，2022年已经开始。"
    assert guess(guesser, text).warnings == []
    assert "later than" in guess(guesser, text + "\n会议于2024年3月5日召开。").written.doubt


def test_good_english_is_not_taken_for_a_translation(guesser: Guesser) -> None:
    got = guess(guesser, ENGLISH)
    assert got.translation == ()
    assert got.cut_short == ""
    assert got.published.value == "2023-03-12"
    assert got.title.value == "County towns and the people who live in them"


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("关于城镇化的报告\n我省推进城镇化。福建省各地积极行动，福建经济发展。", "fujian"),
        ("福建省新型城镇化规划\n推进城镇化，提高质量。", "fujian"),
        ("城镇化观察\n福建、辽宁、山东都在行动。", "national"),
        ("Our plan\nOur province, Liaoning, will act. Liaoning has towns.", "liaoning"),
    ],
)
def test_the_speaker_is_the_place_it_calls_ours(guesser: Guesser, text: str, speaker: str) -> None:
    assert guess(guesser, text).speaker.value == speaker


@pytest.mark.parametrize(
    ("text", "voice", "speaker"),
    [
        ("原标题：政府工作报告——\n2025年1月14日在北京市人民代表大会上\n全市经济增长。", "official", "beijing"),
        ("——2020年1月12日在安徽省人民代表大会会议上\n各位代表：\n过去一年，经济增长。", "official", "anhui"),
        ("城镇的一年\n记者看到，各地推进城镇化。", "reported", "national"),
    ],
)
def test_a_report_is_official_whatever_dashes_or_dates_stand_about_its_title(
    guesser: Guesser, text: str, voice: str, speaker: str
) -> None:
    got = guess(guesser, text)
    assert (got.voice.value, got.speaker.value) == (voice, speaker)


def test_of_several_plans_none_is_guessed(guesser: Guesser) -> None:
    text = "《国家新型城镇化规划(2014—2020年)》已经收官。\n落实“十四五”规划，推进城镇化。"
    got = guess(guesser, text)
    assert got.plan.value == "none" and not got.plan.sure
    assert {plan for plan, _ in got.plans} == {"nnup-2014", "fyp14"}


def test_lost_characters_and_a_cut_are_warned_about(guesser: Guesser) -> None:
    got = guess(guesser, "推进城镇化，提高质\ufffd\ufffd，让农业转移人口在城镇落户，享受同等的公共服务，并且进一步")
    assert got.lost == 2
    assert "并且进一步" in got.cut_short
    assert len([w for w in got.warnings if "lost" in w or "breaks off" in w]) == 2


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-09-02", "2024-09-02"), ("2024/9/2", "2024-09-02"), ("2024年9月2日", "2024-09-02"),
        ("2 September 2024", "2024-09-02"), ("Sept. 2, 2024", "2024-09-02"), ("Sep 2, 2024", "2024-09-02"),
        ("September 2nd, 2024", "2024-09-02"), ("2024.09.02", "2024-09-02"), ("2024-13-02", None),
        ("2024-02-30", None), ("20240902", None), ("12024-09-02", None), ("", None),
    ],
)  # fmt: skip
def test_dates_in_texts(text: str, day: str | None) -> None:
    assert next((d.isoformat() for _, d in find_dates(text)), None) == day


def test_the_date_of_publication_comes_from_the_surest_place() -> None:
    lines = ["标题", "2023-01-02 来源：网站"]
    assert guess_published(lines, "2022-05-06T10:00:00+08:00", None).value == "2022-05-06"
    assert guess_published(lines, None, "http://x/2021/03/04/a.html").value == "2023-01-02"
    assert guess_published(["标题"], None, "http://x/t20210304_1.html").value == "2021-03-04"
    assert guess_published(["标题"], None, "http://x/99999999.html").value is None
    assert guess_published(["2999-01-01"], None, None).value is None, "a day to come is no publication date"
    assert guess_published(["x" * 200 + "2023-01-02"], None, None).value is None, "running text is no date line"


@pytest.mark.parametrize(
    ("passages", "language", "is_cut"),
    [
        (["推进以县城为重要载体的城镇化建设，促进城乡融合发展，补齐短板弱项，增强"], "zh", True),
        (["推进以县城为重要载体的城镇化建设，促进城乡融合发展，补齐短板弱项，增强能力。", "国务院办公厅"], "zh", False),
        (["推进以县城为重要载体的城镇化建设。", "2024年7月28日"], "zh", False),
        (["He said that the county would build a school and a hospital, and that the"], "en", True),
        (["He said “the county would build a school and a hospital, and that is all.”"], "en", False),
        (["Title"], "en", False),
    ],
)
def test_a_text_that_breaks_off(passages: list[str], language: str, is_cut: bool) -> None:
    assert bool(cut_short(passages, language)) is is_cut


def test_glued_words() -> None:
    assert glued_words("we shouldimprove the townhouse and Therefore urbanization") == ["shouldimprove"]


def test_near_duplicates_are_found_and_measured() -> None:
    one = "推进以县城为重要载体的城镇化建设，促进城乡融合发展，补齐短板弱项，增强综合承载能力。" * 3
    other = "农业转移人口市民化是新型城镇化的首要任务，要深化户籍制度改革，完善配套政策。"
    near = nearest_document(one, "zh", {"a": other, "b": f"导语。{one}结语。"})
    assert near is not None and near.document == "b" and near.share > 0.9
    assert nearest_document(one, "zh", {"a": other}) is None
    assert nearest_document("", "zh", {"a": other}) is None


@pytest.mark.parametrize(
    ("publisher", "year", "title", "wanted"),
    [
        ("GMW.cn", "2023", "Accelerate the improvement of towns", "gmw-cn-2023-accelerate-improvement-towns"),
        ("", "2024", "青溪县", "2024-qing-xi-xian"),
        ("", "", "../../etc/passwd", "etc-passwd"),
        ("", "", "\u202e\n-", "document"),
        ("", "2024", "a" * 300, "2024"),
        ("", "", "💥", "document"),
    ],
)
def test_ids(publisher: str, year: str, title: str, wanted: str) -> None:
    assert make_id(publisher, year, title, ()) == wanted
    assert make_id(publisher, year, title, (wanted,)) == f"{wanted}-2"


def test_a_guessed_document_is_scoped_as_if_its_entry_had_been_there(guesser: Guesser, project: Project) -> None:
    inspector = Inspector(project)
    for path in project.documents.glob("*.txt"):
        content = path.read_bytes() + b"\n"  # no entry has these bytes
        seen = inspector.inspect(content, path.name)
        again = make_corpus([(seen.entry, content)], guesser.vocabulary, project)
        for name in ("documents", "passages", "sentences", "blocks", "boilerplate"):
            pd.testing.assert_frame_equal(getattr(seen.corpus, name), getattr(again, name))
