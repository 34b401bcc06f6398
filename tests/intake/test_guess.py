from __future__ import annotations

import pandas as pd
import pytest
from kinds import MakeProject

from policybook.corpus.build import make_corpus
from policybook.intake.guess import (
    Copies,
    Guesser,
    Guesses,
    cut_short,
    find_stamps,
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
    text = "关于推进城镇化的思考\n发布时间：2024-05-01 来源：示例网\n2015年，中央城市工作会议召开，各地贯彻落实。"
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
        ("2024-02-30", None), ("20240902", "2024-09-02"), ("12024-09-02", None), ("", None),
    ],
)  # fmt: skip
def test_dates_in_texts(text: str, day: str | None) -> None:
    assert next((one.value for one in find_stamps([text])), None) == day


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
        (["推进城镇化。", "（2023年5月6日青溪市第二届人民代表大会常务委员会第三次会议通过）"], "zh", False),
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


@pytest.mark.parametrize("repeats", [3, 60])
def test_of_many_texts_the_copies_are_found_whatever_their_length(repeats: int) -> None:
    sentence = "第{n}县在{k}年修建学校{n}{k}所，培训教师{k}{n}人，农民进城落户。"
    texts = {f"t{n}": "".join(sentence.format(n=n, k=k) for k in range(repeats)) for n in range(20)}
    copies = Copies()
    for identifier, text in texts.items():
        copies.remember(identifier, "zh", text)
        copies.remember(f"en-{identifier}", "en", text)
    for identifier in ("t3", "t17"):
        near = copies.nearest(f"导语。{texts[identifier]}结语。", "zh")
        assert near == nearest_document(f"导语。{texts[identifier]}结语。", "zh", texts)
        assert near is not None and near.document == identifier
    assert copies.nearest("山里的雨下了一整天，河水涨了，孩子们在屋檐下等船。" * repeats, "zh") is None


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


ZH = "\n为推进农业转移人口市民化，深化户籍制度改革，发展县域经济，现提出以下意见。\n"
EN = "\nThe county economy will grow and household registration reform will be deepened in every town.\n"
PAPER, POLICY = "青溪市城镇化意见\n", "Town renewal policy of Larkfield\n"


@pytest.mark.parametrize(
    ("text", "published", "written"),
    [
        (PAPER + ZH + "青溪市人民政府\n二〇一四年三月廿六日", "2014-03-26", "2014-03-26"),
        (PAPER + ZH + "二ＯＯ九年元月三十一日", "2009-01-31", "2009-01-31"),
        (PAPER + ZH + "２０１４年３月１６日", "2014-03-16", "2014-03-16"),
        (PAPER + ZH + "二 ○ 一 四 年 三 月 十 六 日", "2014-03-16", "2014-03-16"),
        (PAPER + ZH + "二零二三年五月", "2023-05", "2023-05"),
        (PAPER + "發布日期：民國一一三年五月八日" + ZH, "2024-05-08", "2024-05-08"),
        (PAPER + "發布日期：113/05/08" + ZH, "2024-05-08", "2024-05-08"),
        (PAPER + "民國廿五年三月一日" + ZH, "1936-03-01", "1936-03-01"),
        (PAPER + "該工程歷時113年，投資期限20年。", None, None),
        (PAPER + "成文日期：2014年3月16日" + ZH, None, "2014-03-16"),
        (PAPER + "成文日期：2014年3月16日 发布日期：2024年3月20日" + ZH, "2024-03-20", "2014-03-16"),
        (PAPER + "施行日期：2021年1月1日\n有效期至2026年1月1日" + ZH, None, None),
        (PAPER + "今天是2025年11月20日 星期四\n发布时间：2019-05-06" + ZH, "2019-05-06", "2019-05-06"),
        (PAPER + ZH + "打印时间：2025-10-01 10:00\n页面生成时间：2025-10-01", None, None),
        (PAPER + ZH + "青溪市人民政府\n2016年4月27日\n市政府办公室　2016年5月3日印发", "2016-05-03", "2016-04-27"),
        (PAPER + "（2012年3月28日青溪市人大通过　根据2018年11月30日的决定第二次修正）" + ZH, None, "2018-11-30"),
        (PAPER + "（2019年5月6日发布　2023年7月1日修订）" + ZH, "2019-05-06", "2023-07-01"),
        (PAPER + "2018年3月1日发布　2018年5月1日实施" + ZH, "2018-03-01", "2018-03-01"),
        (PAPER + "有效期：2016年1月1日至2020年12月31日" + ZH, None, None),
        (PAPER + "电话：20190506\n出生日期：1990-05-06" + ZH, None, None),
        (PAPER + "青政发〔2016〕9号" + ZH, None, "2016"),
        (PAPER + "根据国发〔2014〕25号文件，推进城镇化。", None, None),
        (PAPER + "2023年5月6日\n根据《国务院关于户籍制度改革的意见》（国发〔2014〕25号），比2010年增加三成。",
         "2023-05-06", "2023-05-06"),
        ("城镇化观察\n改造小区2000个，新建公厕1950座。到2025年建成示范区，2030年实现现代化。", None, None),
        ("城镇化观察\n2019年，常住人口城镇化率为60%。", None, "2019"),
        ("青溪市规划\n2025年，城镇化率为66%。", None, None),
        (POLICY + "Dated: 15th August, 2019" + EN, "2019-08-15", "2019-08-15"),
        (POLICY + "Issued on the 15th of August 2019" + EN, "2019-08-15", "2019-08-15"),
        (POLICY + "15-Aug-2019" + EN, "2019-08-15", "2019-08-15"),
        (POLICY + "Published: 08/15/2019" + EN, "2019-08-15", "2019-08-15"),
        (POLICY + "Published: 05/06/2019" + EN, "2019", "2019"),
        (POLICY + "Date: 15.08.2019" + EN, "2019-08-15", "2019-08-15"),
        (POLICY + "Larkfield, 15 AUGUST 2019" + EN, "2019-08-15", "2019-08-15"),
        (POLICY + "Updated 7 June 2024. Published 6 May 2019" + EN, "2019-05-06", "2019-05-06"),
        (POLICY + "Last updated: 6 May 2024\nEffective date: 1 January 2020" + EN, None, None),
        (POLICY + "(Adopted by the Council on 28 March 2012, amended on 30 November 2018)" + EN, None, "2018-11-30"),
        (POLICY + "The city renewed 2000 homes in 2012 villages. In 2025, the rate will reach 66%.", None, None),
        (POLICY + "Published last Friday" + EN, None, None),
        ("The 2019 Housing Report\nIn 1998 there were 2005 homes for sale.", None, "2019"),
        ("Housing report 2019\nIn 1998 there were 2005 homes for sale.", None, "2019"),
        ("Plan 2019-2035\nBy 2035 there will be 2005 reports.", None, None),
        (POLICY + "It takes effect on 1 January 2020 and comes into force on 2 May 2020 in towns.", None, None),
    ],
)
def test_what_a_date_is_of_is_told_by_its_label(
    guesser: Guesser, text: str, published: str | None, written: str | None
) -> None:
    got = guess(guesser, text)
    assert (got.published.value, got.written.value) == (published, written)
    assert written or "no date" in got.written.doubt, "that nothing tells is said"


def test_a_year_of_two_eras_leaves_the_era_open_and_says_so(guesser: Guesser) -> None:
    got = guess(guesser, "城镇化观察\n2014年，常住人口城镇化率为60%。")
    assert got.written.value == "2014" and "era is unknown" in got.written.doubt


def page(title: str, *paragraphs: str) -> str:
    body = "".join(f"<p>{one}</p>" for one in paragraphs)
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("青溪市人民政府文件\n青政发〔2024〕9号\n青溪市关于城镇化的意见" + ZH, "青溪市关于城镇化的意见"),
        ("青溪市人民政府\n关于推进城镇化的实施意见" + ZH, "青溪市人民政府关于推进城镇化的实施意见"),
        ("青溪市关于\n印发城镇化\n规划（2021—2035年）的通知" + ZH, "青溪市关于印发城镇化规划（2021—2035年）的通知"),
        ("source: 青溪网\n青溪市城镇化意见" + ZH, "青溪市城镇化意见"),
        ("---\ntitle: 青溪市城镇化意见\nsource: x\n---" + ZH, "青溪市城镇化意见"),
        ("青 溪 市 城 镇 化 规 划" + ZH, "青溪市城镇化规划"),
        ("青溪市人民政府令\n第12号\n《青溪市城市更新办法》已经市政府会议通过，现予公布。", "青溪市城市更新办法"),
        ("安平縣都市更新計畫（草案）\n為推動都市更新，本府訂定計畫，並辦理戶籍登記。", "安平縣都市更新計畫（草案）"),
        ("——2014年1月5日在青溪市人大会议上\n王 大 山\n各位代表：\n我代表市政府向大会报告工作。", "政府工作报告"),
        ("青溪市新型城镇化规划\n（2021—2035年）" + ZH, "青溪市新型城镇化规划（2021—2035年）"),
        ("青溪市城乡规划条例\n（征求意见稿）" + ZH, "青溪市城乡规划条例（征求意见稿）"),
        ("青溪市第十四个五年规划\n和二〇三五年远景目标纲要" + ZH, "青溪市第十四个五年规划和二〇三五年远景目标纲要"),
        ("《青溪市城镇化条例》" + ZH, "青溪市城镇化条例"),
        ("青溪市人民政府令第12号\n《青溪市城市更新办法》已经市政府会议通过，现予公布。", "青溪市城市更新办法"),
        ("Ref: ABC/2024/12\nTown renewal policy" + EN, "Town renewal policy"),
        (page("关于城镇化的意见-政策文件-青溪市人民政府门户网站", ZH), "关于城镇化的意见"),
        (page("关于城镇化的实...", "关于城镇化的实施意见", ZH), "关于城镇化的实施意见"),
        (page("详情页", "关于城镇化的实施意见", ZH), "关于城镇化的实施意见"),
        ("城镇化观察\n乡村的变化" + ZH, "城镇化观察"),
        ("青溪市教育局\n青溪市财政局\n印发《方案》的通知" + ZH, "青溪市教育局 青溪市财政局印发《方案》的通知"),
        ("Notice\nBus lines" + EN, "Notice"),
        ("From: Larkfield Council\nTo: all towns\nSubject: Town renewal" + EN, "Town renewal"),
        ("青溪市农业局\n工作总结" + ZH, "工作总结"),
        ("青溪市城镇化新格局\n工作总结" + ZH, "青溪市城镇化新格局"),
        ("新青网首页\n>> 时政 >> 正文\n关于城镇化的意见" + ZH, "关于城镇化的意见"),
        ("安平縣政府 函\n發文日期：中華民國113年5月8日\n主旨：安平縣都市更新計畫" + ZH, "安平縣都市更新計畫"),
        ("索引号：1/2\n标　　题：关于城镇化的意见\n发文字号：青政发〔2024〕9号" + ZH, "关于城镇化的意见"),
        ("Republic of Larkland\nMinistry of Housing\nNational Urban Policy" + EN, "National Urban Policy"),
        ("LARKFIELD COUNCIL\nDocument No. 12 (2019)\nOpinions on Promoting\nTown Renewal" + EN,
         "Opinions on Promoting Town Renewal"),
        ("LARKFIELD COUNTY COUNCIL\nNo. 12 of 2019\nOpinions on town renewal" + EN, "Opinions on town renewal"),
        ("Opinions of a Council on\nTown Renewal" + EN, "Opinions of a Council on Town Renewal"),
        ("10 measures for town renewal\n1 Homes" + EN, "10 measures for town renewal"),
        ("Urbanization: a progress report\n6 May 2019" + EN, "Urbanization: a progress report"),
        (page("青溪市人民政府 - 政策 - 关于城镇化的意见", "关于城镇化的意见", ZH), "关于城镇化的意见"),
        (page("关于城镇化的意见_青溪市人民政府", ZH), "关于城镇化的意见"),
        ("青溪市政府网\n关于城镇化的意见" + ZH, "关于城镇化的意见"),
        (page("青溪市人民政府网站 政策 关于城镇化的意见", "关于城镇化的意见", ZH), "关于城镇化的意见"),
        (page("青溪市人民政府门户网站", "青政发〔2024〕9号", "青溪市城镇化意见", ZH), "青溪市城镇化意见"),
    ],
)  # fmt: skip
def test_a_title_is_whole_and_is_no_organ_number_or_source(guesser: Guesser, text: str, title: str) -> None:
    assert guess(guesser, text).title.value == title


@pytest.mark.parametrize("mark", [" ", ". "])
def test_the_first_of_numbered_headings_is_no_title(guesser: Guesser, mark: str) -> None:
    text = f"1{mark}Introduction\nThe plan promotes town renewal.\n2{mark}Homes\nThe city builds 300 homes."
    assert not guess(guesser, text).title.sure


@pytest.mark.parametrize(("name", "title"), [("/a/notes-of-may.txt", "notes-of-may"), ("untitled.docx", "为推进农业")])
def test_without_a_title_the_files_name_is_offered(guesser: Guesser, name: str, title: str) -> None:
    got, _ = guesser.guess(read_received(ZH.encode(), name), ZH.encode(), name=name)
    assert got.title.value.startswith(title) and not got.title.sure


@pytest.mark.parametrize(
    ("text", "speaker", "voice"),
    [
        ("我县城镇化情况\n我县推进城镇化，福建省给予支持，福建经济发展。", "unknown", "commentary"),
        ("我市城镇化情况\n我市推进城镇化，福州市经济发展。", "fujian", "commentary"),
        ("港口發展\n本港將推動都市更新，公屋供應增加，業主獲補償，發展局統籌。", "unknown", "commentary"),
        ("Our plan\nOur country, India, will build towns.", "unknown", "commentary"),
        ("Our plan\nOur country, China, will build towns.", "national", "commentary"),
        ("城镇化思考\n我国推进城镇化，资本市场活跃。", "national", "commentary"),
        ("青溪市城镇化工作意见（征求意见稿）\n推进城镇化。", "unknown", "official"),
        ("福州市人民政府令\n第12号\n《城市更新办法（试行）》已经通过，现予公布。", "fujian", "official"),
        ("福建省城乡规划条例（2018年修订）\n推进城镇化。", "fujian", "official"),
        ("城市更新条例\n推进城镇化。", "national", "official"),
        ("城市更新意见\n推进城镇化。\n青溪市人民政府\n2014年3月16日", "unknown", "official"),
        ("城市更新意见\n推进城镇化。\n中共福建省委办公厅\n2014年3月16日", "fujian", "official"),
        ("城市更新意见\n推进城镇化。\n国务院\n2014年3月16日", "national", "official"),
        ("支援新疆的意见\n推进城镇化。\n福州市人民政府办公室　2014年3月16日印发", "fujian", "official"),
        ("索引号：1/2\n发文机关：青溪市人民政府\n城市更新意见\n推进城镇化。", "unknown", "official"),
        ("城镇化观察\n推进城镇化。\n青溪市人民政府\n2014年3月16日", "national", "commentary"),
        ("国务院关于支持福建省城镇化的意见\n推进城镇化。", "national", "official"),
        ("青溪县关于印发《城镇化方案》的通知\n推进城镇化。", "unknown", "official"),
        ("样本自治州城镇化方案\n推进城镇化。", "unknown", "official"),
        ("大中小城市发展方案\n推进城镇化。", "national", "official"),
        ("加快本市场建设的办法\n推进城镇化。", "national", "official"),
        ("Report on the Work of the Government\nDelivered in Larkfield on 5 January 2014\nThe economy grew.",
         "national", "official"),
    ],
)
def test_an_unknown_standpoint_is_never_the_nation(guesser: Guesser, text: str, speaker: str, voice: str) -> None:
    got = guess(guesser, text)
    assert (got.speaker.value, got.voice.value) == (speaker, voice)
    assert got.speaker.sure is (speaker != "unknown")


@pytest.mark.parametrize(("places", "sure"), [("[]", True), ("[{id: port, label: Port, en: [Port Alder]}]", False)])
def test_where_no_nation_is_listed_no_text_speaks_for_it(make_project: MakeProject, places: str, sure: bool) -> None:
    project = make_project()
    (project.lexicon / "places.yml").write_text(f"places: {places}\n", encoding="utf-8")
    (project.lexicon / "plans.yml").unlink()
    speaker = guess(Guesser(project), "Nets and boats\nThe boats lie in port, and nobody goes to sea.").speaker
    assert (speaker.value, speaker.sure) == ("unknown", sure)
