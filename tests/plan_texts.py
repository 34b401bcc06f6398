"""Texts of our own in the form and length of an official plan: parts, chapters, sections, thirty thousand characters.

Every sentence is put together here from our own patterns and the terms of the coding scheme; no plan says any of it.
"""

from __future__ import annotations

import html
import random
import re
from collections.abc import Mapping, Sequence

from policybook.coding.scheme import Scheme

_NUMBERS = "一二三四五六七八九十"
_VERBS = ("稳步推进", "加快完善", "统筹安排", "逐步扩大", "着力改进", "分类引导", "有序开展", "持续加强")
_ENDS = ("相关工作", "的各项安排", "的办法和步骤", "的制度建设", "的服务与管理", "的试验和总结")
_PATTERNS = (
    "各地要从实际出发，{v1}{a}{e1}，{v2}{b}{e2}，在{year}年前形成可以推广的做法",
    "{v1}{a}{e1}时，应当同{b}{e2}一并考虑，不搞一刀切，不留空白地带",
    "对{count}个左右的试点地方，先行{v1}{a}{e1}，再根据结果{v2}{b}{e2}",
    "有关部门按照分工{v1}{a}{e1}，每年把进展连同{b}的情况向社会公布一次",
    "到{year}年，{a}的水平要比规划初期提高{percent}%左右，{b}{e2}同步落实到位",
    "既要看到{a}已经打下的基础，也要看到{b}还有不小的差距，{v1}两方面{e1}",
    "鼓励基层先试，把{a}同{b}结合起来，{v1}{e1}，让做得好的地方多做一步",
    "资金、人手和场地向薄弱环节倾斜，{v1}{a}{e1}，并为{b}{e2}留出余地",
)
_CHAPTERS = ("重点与次序", "现状与差距", "任务分解", "制度安排", "分区施策", "推进机制", "资源保障", "检查评估")


def write_plan(
    scheme: Scheme, *, title: str, seed: int, weights: Mapping[str, float], parts: int = 8, last: int = 4,
    characters: int = 33_000,
) -> str:
    """Return the text of a plan of four chapters a part, `last` in the last one, a paragraph a line.

    `weights` says how often each theme comes up, by its id.
    """
    chance, terms, themes, sizes = _subjects(scheme, seed, weights)
    lines = [title]
    chapter, share = 0, characters / (parts * 4 * 2)
    for part in range(parts):
        lines.append(f"第{_NUMBERS[part]}篇　{_topic(chance, terms, themes, sizes)}的总体部署")
        for _ in range(4 if part + 1 < parts else last):
            chapter += 1
            lines.append(f"第{_han(chapter)}章　{_topic(chance, terms, themes, sizes)}的{chance.choice(_CHAPTERS)}")
            for section in range(2):
                lines.append(f"第{_NUMBERS[section]}节　{_topic(chance, terms, themes, sizes)}{chance.choice(_ENDS)}")
                lines += _paragraphs(chance, terms, themes, sizes, share)
    return "\n".join(lines) + "\n"


def write_actions(scheme: Scheme, *, title: str, seed: int, weights: Mapping[str, float], characters: int) -> str:
    """Return the text of an action plan: general demands, four actions of five tasks each, how it is carried out."""
    chance, terms, themes, sizes = _subjects(scheme, seed, weights)
    lines, share = [title, "一、总体要求", *_paragraphs(chance, terms, themes, sizes, 300)], characters / 20
    for action in range(4):
        lines.append(f"{_NUMBERS[action + 1]}、实施{_topic(chance, terms, themes, sizes)}行动")
        lines.append("（一）重点任务")
        for task in range(5):
            text = _paragraphs(chance, terms, themes, sizes, share)
            lines += [f"{action * 5 + task + 1}．{_topic(chance, terms, themes, sizes)}。{text[0]}", *text[1:]]
    return "\n".join([*lines, "六、组织实施", *_paragraphs(chance, terms, themes, sizes, 300)]) + "\n"


def _subjects(
    scheme: Scheme, seed: int, weights: Mapping[str, float]
) -> tuple[random.Random, dict[str, list[str]], list[str], list[float]]:
    terms = {
        theme.id: [
            re.split(r"[ /（(]", concept.term_zh)[0]
            for concept in scheme.concepts
            if concept.theme == theme.id and scheme.counted(concept.id)
        ]
        for theme in scheme.themes
    }
    themes = [theme for theme in terms if terms[theme] and weights.get(theme, 1) > 0]
    return random.Random(seed), terms, themes, [weights.get(theme, 1) for theme in themes]


def as_gazette(text: str) -> str:
    """Return a text as a page of a government's gazette: a table of contents, tools, links, when it was made."""
    title, *lines = text.splitlines()
    contents = [line for line in lines if re.match(r"第\S{1,3}[篇章]", line)]
    body = "".join(f"<p>{html.escape(line)}</p>" for line in ["目　录", *contents, *lines])
    size = "<a href='#'>大</a> <a href='#'>中</a> <a href='#'>小</a>"
    tools = f"<p>【字体：{size}】 <a href='#'>打印</a> <a href='#'>关闭窗口</a></p>"
    return (
        "<html><head><meta http-equiv='Content-Type' content='text/html; charset=utf-8'>"
        f"<title>{html.escape(title)}_2014年第9号公报_青溪政府网</title></head><body><div id='nav'><a href='/'>首页</a>"
        "<a href='/gb'>公报</a></div><div>当前位置：首页&gt;&gt; 公报&gt;&gt; 2014年第9号</div>"
        f"<h1>{html.escape(title)}</h1><p>青溪政府门户网站 www.qingxi.example 2014年03月30日 来源：公报</p>{tools}"
        f"<div class='content'>{body}</div><p>相关链接</p><p><a href='/3'>规划发布</a></p>{tools}"
        "<p>页面生成时间：2014-03-30 10:12:01</p><div>主办单位：办公厅　运行维护单位：运行中心</div></body></html>"
    )


def as_library(text: str, *, number: str) -> str:
    """Return a text as a government's library of policies shows it: a table of what is known, a notice, the annex."""
    title, *lines = text.splitlines()
    notice = f"关于印发《{title}》的通知"
    known = {"索 引 号": "000014349/2024-00049", "主题分类": "城乡建设", "发文机关": "青溪省政府", "标　　题": notice,
             "发文字号": number, "成文日期": "2024年07月28日", "发布日期": "2024年07月31日"}  # fmt: skip
    table = "".join(f"<tr><td><b>{name}：</b></td><td>{html.escape(value)}</td></tr>" for name, value in known.items())
    order = f"现将《{title}》印发给你们，请认真贯彻执行。"
    opening = [notice, number, "各市人民政府：", order, "青溪省政府", "2024年7月28日", title]
    body = "".join(f"<p>{html.escape(line)}</p>" for line in [*opening, *lines])
    tools = "字号：默认 大 超大 | <a href='#'>打印</a> | <a href='#'>收藏</a>"
    related = "<h3>相关稿件</h3><ul><li><a href='/1'>一图读懂</a></li></ul>"
    foot = ["版权所有：青溪政府网", "网站标识码bm01000001　京ICP备00000000号", "页面生成时间：2024-07-31 17:03:12"]
    return (
        f"<!DOCTYPE html><html lang='zh'><head><meta charset='utf-8'><title>{html.escape(notice)}_青溪政府网</title>"
        "</head><body><div class='BreadcrumbNav'>当前位置：<a href='/'>首页</a> &gt; <a href='/zc'>政策</a></div>"
        f"<table class='bd1'>{table}</table><div class='share'>{tools}</div><div id='UCAP-CONTENT'>{body}</div>"
        f"<div class='related'>{related}</div><div>扫一扫在手机打开当前页</div><p>责任编辑：张三</p>"
        f"<div class='footer'>{''.join(f'<p>{line}</p>' for line in foot)}</div></body></html>"
    )


def _paragraphs(
    chance: random.Random,
    terms: Mapping[str, Sequence[str]],
    themes: Sequence[str],
    sizes: Sequence[float],
    least: float,
) -> list[str]:
    made: list[str] = []
    while sum(map(len, made)) < least:
        theme = chance.choices(themes, sizes)[0]
        sentences = [_sentence(chance, terms[theme]) for _ in range(chance.randint(3, 5))]
        made.append("。".join(sentences) + "。")
    return made


def _sentence(chance: random.Random, terms: Sequence[str]) -> str:
    a, b = chance.choice(terms), chance.choice(terms)
    v1, v2 = chance.sample(_VERBS, 2)
    e1, e2 = chance.sample(_ENDS, 2)
    year, percent, count = chance.randint(2015, 2029), chance.randint(2, 40), chance.randint(11, 95)
    return chance.choice(_PATTERNS).format(
        a=a, b=b, v1=v1, v2=v2, e1=e1, e2=e2, year=year, percent=percent, count=count
    )


def _topic(
    chance: random.Random, terms: Mapping[str, Sequence[str]], themes: Sequence[str], sizes: Sequence[float]
) -> str:
    return chance.choice(terms[chance.choices(themes, sizes)[0]])


def _han(number: int) -> str:
    tens, ones = divmod(number, 10)
    return f"{_NUMBERS[tens - 1] if tens > 1 else ''}{'十' if tens else ''}{_NUMBERS[ones - 1] if ones else ''}"
