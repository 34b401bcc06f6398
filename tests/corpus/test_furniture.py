from __future__ import annotations

import pandas as pd
import pytest

from policybook.corpus.corpus import Corpus
from policybook.corpus.furniture import find_repeats, label_boilerplate

BODY = [
    "The county government will build schools, clinics and housing for people from the villages.",
    "It will also train workers for new factories and give every child a place in a school close to home.",
]
BODY_ZH = [
    "县政府将为进城务工人员修建学校、医院和住房，让他们在城镇安居乐业，享有与本地居民同等的基本公共服务。",
    "同时开展职业技能培训，为新办企业输送合格劳动者，保障随迁子女就近入学，稳步提高城镇化的质量和水平。",
]


def labels(before: list[str], after: list[str], language: str = "en") -> dict[int, str]:
    body = BODY if language == "en" else BODY_ZH
    return label_boilerplate([*before, *body, *after], language)


def test_the_rules_agree_with_a_person_on_every_paragraph(corpus: Corpus, reference: pd.DataFrame) -> None:
    by_hand = reference[reference["is_boilerplate"] == "yes"]
    by_rule = corpus.boilerplate
    assert set(zip(by_rule["document"], by_rule["paragraph"], strict=True)) == set(
        zip(by_hand["document"], by_hand["paragraph"].astype(int), strict=True)
    )


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("Published: 2024-09-02 10:15", "en"),
        ("2 September 2024", "en"),
        ("written by li ming", "en"),
        ("Source: People's Daily", "en"),
        ("Copyright © 2023 All rights reserved", "en"),
        ("Follow our official WeChat account", "en"),
        ("Tel: 010-12345678", "en"),
        ("English | Français | 日本語 | Русский", "en"),
        ("News license No. 52120170001", "en"),
        ("***", "en"),
        ("发布时间：2024年8月1日 来源：新华社", "zh"),
        ("责任编辑：王小明", "zh"),
        ("版权所有 未经许可不得转载", "zh"),
        ("关注微信公众号", "zh"),
        ("京ICP备12345678号", "zh"),
        ("上一篇：关于开展培训的通知", "zh"),
        ("打印本页", "zh"),
    ],
)
def test_site_furniture_is_recognised_wherever_it_stands(line: str, language: str) -> None:
    assert list(labels([], [line], language)) == [3]
    assert list(labels([line], [], language)) == [1]


@pytest.mark.parametrize(
    ("line", "language"),
    [
        (
            "On 29 August 2024 the commission held a meeting with six ministries to launch the action plan.",
            "en",
        ),
        ("The source of growth is people: cities must be open to all who work in them.", "en"),
        ("Licensing of small businesses will be simplified in all counties by the end of the year.", "en"),
        ("Guarantee equal services", "en"),
        ("2024年8月1日，国务院印发行动计划，提出四大行动十九项任务。", "zh"),
        ("来源地和流入地政府要加强合作，完善跨省协作机制。", "zh"),
        ("一、总体要求", "zh"),
    ],
)
def test_content_that_looks_a_little_like_furniture_is_kept(line: str, language: str) -> None:
    body = BODY if language == "en" else BODY_ZH
    assert label_boilerplate([body[0], line, body[1]], language) == {}


def test_a_description_put_together_from_sentences_of_the_text_is_named_with_its_sources() -> None:
    sentences = [
        "Alpha counties will open their schools to all children.",
        "Beta towns will build new hospitals soon.",
    ]
    text = [f"{sentences[0]} {BODY[0]}", f"{sentences[1]} {BODY[1]}", " ".join(sentences)]
    assert label_boilerplate(text, "en") == {3: "page description: repeats paragraphs 1 and 2"}


def test_a_teaser_is_a_near_copy_of_a_longer_paragraph() -> None:
    teaser = f"{BODY[0]} {BODY[1][:60]} …"
    assert label_boilerplate([teaser, f"{BODY[0]} {BODY[1]}"], "en") == {1: "teaser: near-copy of paragraph 2"}


def test_a_clause_that_says_the_same_of_something_else_is_no_teaser() -> None:
    clause = "The Minister may by order prohibit the taking of {} in any area that it names for up to two years in all."
    assert label_boilerplate([clause.format("lobster"), clause.format("octopus or squid"), BODY[0]], "en") == {}


def test_of_two_equal_paragraphs_the_first_is_kept() -> None:
    assert label_boilerplate([BODY[0], BODY[1], BODY[0]], "en") == {3: "repeats paragraph 1"}


@pytest.mark.parametrize("paragraphs", [["2024-09-02"], ["Home", "Links"], ["Copyright © 2023", "***"], ["城镇化"]])
def test_a_text_is_never_boilerplate_as_a_whole(paragraphs: list[str]) -> None:
    assert len(label_boilerplate(paragraphs, "en")) < len(paragraphs)


#: A line, its language, and why it is no part of the document.
FURNITURE = [
    ("京ICP备05070218号-1", "zh", "licence line"),
    ("粤公网安备 44010602000001号", "zh", "licence line"),
    ("互联网新闻信息服务许可证10120170001", "zh", "licence line"),
    ("信息网络传播视听节目许可证号：0105097", "zh", "licence line"),
    ("网站标识码：bm04000001", "zh", "licence line"),
    ("Broadcasting licence No. 0108276", "en", "licence line"),
    ("This work is licensed under a Creative Commons Attribution 4.0 International License", "en", "licence line"),
    ("© 2024 County Daily", "en", "copyright statement"),
    ("版权所有：某某市人民政府", "zh", "copyright statement"),
    ("转载请注明出处", "zh", "copyright statement"),
    ("免责声明：本网转载内容只为传递信息。", "zh", "disclaimer"),
    ("本文仅代表作者个人观点，与本站立场无关。", "zh", "disclaimer"),
    ("The views expressed here are those of the author alone.", "en", "disclaimer"),
    ("Follow us on Twitter", "en", "follow-us prompt"),
    ("Subscribe to our newsletter", "en", "follow-us prompt"),
    ("Scan the QR code to read on your phone", "en", "follow-us prompt"),
    ("Download the app", "en", "follow-us prompt"),
    ("Click here to read the original", "en", "follow-us prompt"),
    ("请关注我们的微信公众号", "zh", "follow-us prompt"),
    ("扫描二维码，手机阅读本文", "zh", "follow-us prompt"),
    ("长按识别二维码", "zh", "follow-us prompt"),
    ("点击下方“阅读原文”了解详情", "zh", "follow-us prompt"),
    ("打开新闻APP阅读全文", "zh", "follow-us prompt"),
    ("点赞 收藏 分享", "zh", "follow-us prompt"),
    ("English Français Español", "en", "language switcher"),
    ("简体 | 繁體 | English", "zh", "language switcher"),
    ("中文版 English 日本語 한국어 Русский", "zh", "language switcher"),
    ("English | 简体中文", "en", "language switcher"),
    ("分享到：微信 微博 QQ空间", "zh", "share widget"),
    ("分享到 微信好友 朋友圈", "zh", "share widget"),
    ("微信 微博 QQ 豆瓣", "zh", "share widget"),
    ("Share on Facebook Twitter LinkedIn", "en", "share widget"),
    ("Share: WeChat | Weibo | Email", "en", "share widget"),
    ("Facebook Twitter WhatsApp", "en", "share widget"),
    ("首页 > 政策 > 正文", "zh", "breadcrumb"),
    ("当前位置：首页 > 新闻中心 > 要闻", "zh", "breadcrumb"),
    ("您的位置：首页 - 政务公开 - 规划计划", "zh", "breadcrumb"),
    ("首页 » 专题", "zh", "breadcrumb"),
    ("Home > Policies > Full text", "en", "breadcrumb"),
    ("You are here: Home / News / Article", "en", "breadcrumb"),
    ("News › China › Society", "en", "breadcrumb"),
    ("上一页 1 2 3 4 下一页", "zh", "pager"),
    ("共 5 页 第 1 页", "zh", "pager"),
    ("首页 上一页 下一页 尾页", "zh", "pager"),
    ("Page 1 of 3", "en", "pager"),
    ("« Previous 1 2 3 Next »", "en", "pager"),
    ("阅读：1234", "zh", "view counter"),
    ("浏览次数：2,345次", "zh", "view counter"),
    ("1.2万阅读", "zh", "view counter"),
    ("评论(0) 点赞(12)", "zh", "view counter"),
    ("356 views", "en", "view counter"),
    ("Views: 1,024 | Comments: 3", "en", "view counter"),
    ("标签：城镇化 县域经济", "zh", "tags"),
    ("关键词：城镇化；户籍；县城", "zh", "tags"),
    ("所属栏目：政策解读", "zh", "tags"),
    ("Tags: urbanization, counties", "en", "tags"),
    ("Filed under: Policy", "en", "tags"),
    ("责任编辑：李晓红", "zh", "byline"),
    ("（责编：张三、李四）", "zh", "byline"),
    ("【编辑:王芳】", "zh", "byline"),
    ("［责任编辑：赵六］", "zh", "byline"),
    ("来源：新华社 作者：陈明", "zh", "byline"),
    ("初审：王一 复审：李二 终审：张三", "zh", "byline"),
    ("Editor: Li Ming", "en", "byline"),
    ("(Editor: Wang Fang)", "en", "byline"),
    ("Edited by Chen Hua", "en", "byline"),
    ("发布时间：2024-07-31 09:30", "zh", "date line"),
    ("2024年7月31日 来源：人民日报", "zh", "date line"),
    ("Published on: July 31, 2024", "en", "date line"),
    ("Updated: 2024-08-01 11:20", "en", "date line"),
    ("字号：大 中 小", "zh", "page tools"),
    ("【打印】【关闭】", "zh", "page tools"),
    ("【字体：大 中 小】【打印】", "zh", "page tools"),
    ("Font size: A- A A+", "en", "page tools"),
    ("相关阅读：", "zh", "navigation"),
    ("返回顶部", "zh", "navigation"),
    ("查看更多", "zh", "navigation"),
    ("Read more", "en", "navigation"),
    ("Skip to main content", "en", "navigation"),
    ("Related articles", "en", "navigation"),
    ("Advertisement", "en", "navigation"),
    ("登录 | 注册", "zh", "navigation"),
    ("关于我们 | 联系我们 | 网站地图", "zh", "navigation"),
    ("主办单位：某某市人民政府办公室", "zh", "site footer"),
    ("技术支持：某某科技有限公司", "zh", "site footer"),
    ("This site uses cookies to improve your experience", "en", "browser notice"),
    ("电话：010-66668888 邮编：100000", "zh", "contact line"),
    ("letters@daily.example.cn", "en", "contact line"),
    ("【我要纠错】 责任编辑：李某", "zh", "byline"),
    ("发布时间：2024-05-06 09:00 来源：县政府 浏览次数：310 【打印】【关闭】", "zh", "date line"),
    ("浏览量：310次 分享到：微信", "zh", "share widget"),
    ("Views: 310 | Font size: A- A A+ | Print", "en", "page tools"),
    ("手机扫一扫打开当前页", "zh", "follow-us prompt"),
    ("您点击的链接即将离开本网站，是否继续？", "zh", "note on leaving the site"),
    ("You are leaving the county's website. Continue?", "en", "note on leaving the site"),
    ("[3] 赵某. 县城建设研究[J]. 某学报, 2019(2): 1-9.", "zh", "list of references"),
    ("（此件主动公开）", "zh", "tail of an official paper"),
    ("抄送：县委各部门，县人大常委会办公室。", "zh", "tail of an official paper"),
    ("某县人民政府办公室 2024年5月6日印发", "zh", "tail of an official paper"),
    ("cc: all bureaus of the county", "en", "tail of an official paper"),
    ("Printed by the General Office on 6 May 2024", "en", "tail of an official paper"),
]
#: Lines of a document that look a little like furniture.
TEXT = [
    ("一、总体要求", "zh"),
    ("（二）主要任务", "zh"),
    ("第三章 城镇体系", "zh"),
    ("分享改革发展成果", "zh"),
    ("关注农民工子女教育", "zh"),
    ("扫码办事全面推行", "zh"),
    ("首页展示内容应当规范", "zh"),
    ("关注重点人群，落实到户到人。", "zh"),
    ("点击率不是衡量服务质量的标准。", "zh"),
    ("下载使用政务服务客户端的群众逐年增多。", "zh"),
    ("标签化管理容易造成歧视，应当避免。", "zh"),
    ("来源多样的资金应当统筹使用。", "zh"),
    ("作者认为，县城是城镇化的重要载体。", "zh"),
    ("编辑部设在市委大楼内，负责地方志编纂。", "zh"),
    ("阅读设施覆盖全部社区。", "zh"),
    ("阅读推广活动每年举办200场。", "zh"),
    ("收藏展览馆免费开放。", "zh"),
    ("打印机等办公设备纳入集中采购。", "zh"),
    ("上一页已经说明规划期限。", "zh"),
    ("备案制度适用于5000平方米以下的项目。", "zh"),
    ("许可证核发时限压缩至20个工作日。", "zh"),
    ("企业应当依法办理许可证，编号由系统自动生成。", "zh"),
    ("版权保护和成果转化同步推进", "zh"),
    ("转载自由与权利保护应当平衡", "zh"),
    ("声明的效力由法律规定。", "zh"),
    ("微信、微博等平台应当落实主体责任。", "zh"),
    ("推广微信支付和数字人民币", "zh"),
    ("电话预约和现场预约并行。", "zh"),
    ("联系方式变更应当及时告知。", "zh"),
    ("时间表和路线图已经明确。", "zh"),
    ("2025年：全面建成小康社会之后的第五年。", "zh"),
    ("到2024年7月31日，累计发放补贴3亿元。", "zh"),
    ("2024年7月31日，国务院印发五年行动计划。", "zh"),
    ("日期的计算以公历为准。", "zh"),
    ("记者招待会在北京举行。", "zh"),
    ("审核流程进一步优化。", "zh"),
    ("主办方与承办方的责任应当分清。", "zh"),
    ("技术支持体系逐步健全", "zh"),
    ("地址码编制规则统一。", "zh"),
    ("栏目设置要贴近群众生活。", "zh"),
    ("专题研究县城建设", "zh"),
    ("热门景区实行预约限流。", "zh"),
    ("友情提示不能代替法定告知。", "zh"),
    ("登录平台后即可申请。", "zh"),
    ("注册会计师行业健康发展。", "zh"),
    ("返乡创业", "zh"),
    ("返回原籍落户的，应当予以办理。", "zh"),
    ("英语、法语、德语、西班牙语人才培养计划", "zh"),
    ("更多群众在家门口就业。", "zh"),
    ("广告业应当守法经营。", "zh"),
    ("附件：重点任务分工表", "zh"),
    ("Guarantee equal services", "en"),
    ("Main tasks", "en"),
    ("Introduction", "en"),
    ("Share the benefits of growth with all of us.", "en"),
    ("Share prosperity", "en"),
    ("Follow the mass line", "en"),
    ("Follow the account rules of the treasury.", "en"),
    ("Home ownership is rising in small towns.", "en"),
    ("Home care for the elderly", "en"),
    ("Links between cities and counties must be strengthened.", "en"),
    ("More jobs", "en"),
    ("Next steps for counties", "en"),
    ("Previous plans had no targets for counties.", "en"),
    ("Page limits apply to all reports.", "en"),
    ("Print media must report accurately.", "en"),
    ("Search for new sources of growth", "en"),
    ("Menu of reforms offered to counties", "en"),
    ("Views on the draft were collected for thirty days.", "en"),
    ("Reading rates rose in every district.", "en"),
    ("Comments from residents were taken seriously.", "en"),
    ("Tags on livestock help trace disease.", "en"),
    ("Subscribers to the pension scheme number 12 million.", "en"),
    ("Download speeds in villages doubled within two years.", "en"),
    ("Scan and test centres opened in 30 towns.", "en"),
    ("By 2030 every county will have a hospital.", "en"),
    ("Published statistics show steady progress in all regions.", "en"),
    ("Updated standards apply from 1 January 2026.", "en"),
    ("Sources of finance", "en"),
    ("Date of effect: the first day of next year.", "en"),
    ("The licence fee of 200000 yuan was abolished.", "en"),
    ("Licensing and permits", "en"),
    ("Copyright protection will be strengthened.", "en"),
    ("English is taught in all schools.", "en"),
    ("English, French and German speaking guides were trained.", "en"),
    ("Facebook and Twitter users debated the reform.", "en"),
    ("Email and print notices are sent to every household.", "en"),
    ("Telephone hotlines were set up in every city.", "en"),
    ("Cookies and cakes are produced by 30 village workshops.", "en"),
    ("Advertising of tobacco is banned.", "en"),
    ("Related industries will move inland.", "en"),
    ("Popular support for reform remains high.", "en"),
    ("抄送有关部门的文件应当及时办理。", "zh"),
    ("2024年5月6日印发的文件提出三项任务。", "zh"),
    ("此件事关群众利益，要公开征求意见。", "zh"),
    ("浏览次数超过1000次的页面", "zh"),
    ("参考文献", "zh"),
    ("References to the old plan were removed.", "en"),
    ("Printed on 6 May 2024, the plan reached every county.", "en"),
]


@pytest.mark.parametrize(("line", "language", "reason"), FURNITURE, ids=[line for line, _, _ in FURNITURE])
def test_furniture_is_named(line: str, language: str, reason: str) -> None:
    body = BODY if language == "en" else BODY_ZH
    assert label_boilerplate([body[0], line, body[1]], language) == {2: reason}


@pytest.mark.parametrize(("line", "language"), TEXT, ids=[line for line, _ in TEXT])
def test_headings_and_sentences_are_no_furniture(line: str, language: str) -> None:
    body = BODY if language == "en" else BODY_ZH
    for paragraphs in ([body[0], line, body[1]], [*body, line], [line, *body]):
        assert label_boilerplate(paragraphs, language) == {}
    assert label_boilerplate([line], language) == {}


LISTS = {"zh": ["完善户籍制度", "发展县域经济", "户籍人口比重达到50%"],
         "en": ["Household registration", "County economy", "Homes for 5,000 people"]}  # fmt: skip


@pytest.mark.parametrize(
    ("behind", "language"),
    [
        (["某市人民政府", "2024年5月6日"], "zh"),
        (["版权所有：某市人民政府"], "zh"),
        (["上一篇：关于开展培训的通知", "下一篇：无"], "zh"),
        (["责任编辑：李某", "【打印】【关闭】"], "zh"),
        (["Government of the city", "6 May 2024"], "en"),
        (["Copyright © 2024 County Daily"], "en"),
        (["Next: a notice"], "en"),
    ],
)
def test_a_list_that_ends_a_text_is_text_whatever_stands_behind_it(behind: list[str], language: str) -> None:
    assert not {3, 4, 5} & set(labels([], [*LISTS[language], *behind], language))


@pytest.mark.parametrize(
    ("frame", "language"),
    [
        (["2024年5月6日", "新闻", "政务公开", "走进某市", "版权所有：某市人民政府"], "zh"),
        (["2024年5月6日", "要闻", "政务服务"], "zh"),
        (["首页", "常见问题", "联系我们"], "zh"),
        (["News", "Policies", "Services", "© 2024 County Daily"], "en"),
        (["Read more", "Weather"], "en"),
    ],
)
def test_the_frame_of_a_site_behind_a_text_is_navigation(frame: list[str], language: str) -> None:
    assert sorted(labels([], frame, language)) == list(range(3, 3 + len(frame)))


@pytest.mark.parametrize(
    ("listed", "reason", "language"),
    [
        (["相关链接：", "《某市城市更新方案》解读", "图解：户籍制度改革"], "links to other pages", "zh"),
        (["Related links", "The plan in pictures"], "links to other pages", "en"),
        (["参考文献", "[1] 赵某. 县城建设[M]. 2016.", "钱某：《城镇化》，2014年。"], "list of references", "zh"),
        (["References", "Zhao, A. (2016). Towns. Example Press."], "list of references", "en"),
        (["索引号：0001/2024", "主题分类：城乡建设", "发文机关：某市人民政府"], "table of a site's fields", "zh"),
        (["索引号 | 发文机关", "0001/2024 | 某市人民政府"], "table of a site's fields", "zh"),
        (["Index No.: 0001/2024", "Issuing authority: the city"], "table of a site's fields", "en"),
        (["目录", "总体要求 1", "重点任务 5"], "table of contents", "zh"),
        (["Chapter 1 Homes ..... 3", "Annex ..... 9"], "table of contents", "en"),
    ],
)
def test_lists_that_are_of_the_page_are_no_text(listed: list[str], reason: str, language: str) -> None:
    found = labels(listed, [], language)
    assert sorted(found) == list(range(1, len(listed) + 1))
    assert reason in found.values()


@pytest.mark.parametrize(
    ("listed", "language"),
    [
        (["参考文献", "附件：重点任务分工表"], "zh"),
        (["发文机关：某市人民政府", "来源于群众的意见"], "zh"),
        (["目录", "学校建设", "医院建设"], "zh"),
        (["就业率......90", "城镇化率......65"], "zh"),
    ],
)
def test_lists_that_only_look_like_them_are_text(listed: list[str], language: str) -> None:
    assert labels(listed, [], language) == {}


def test_a_long_paragraph_is_looked_through_once_for_all_that_may_stand_in_it() -> None:
    sentences = [f"第{n}条：推进以人为核心的新型城镇化战略，落实第{n}项任务，{n}年完成。" for n in range(300)]
    shuffled = sentences[1::2] + sentences[::2]
    texts = {1: "".join(sentences[:150]), 2: "".join(sentences[150:]), 3: "".join(shuffled)}
    assert find_repeats(texts, "zh") == {3: "page description: repeats paragraphs 1 and 2"}
    assert 3 not in find_repeats({**texts, 3: f"{texts[3]}别处没有的一句话，别处没有的一句话。"}, "zh")
