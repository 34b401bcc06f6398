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
    scheme: Scheme, *, title: str, seed: int, weights: Mapping[str, float], parts: int = 8, characters: int = 33_000
) -> str:
    """Return the text of a plan, a paragraph a line. `weights` says how often each theme comes up, by its id."""
    chance = random.Random(seed)
    terms = {
        theme.id: [
            re.split(r"[ /（(]", concept.term_zh)[0]
            for concept in scheme.concepts
            if concept.theme == theme.id and scheme.counted(concept.id)
        ]
        for theme in scheme.themes
    }
    themes = [theme for theme in terms if terms[theme] and weights.get(theme, 1) > 0]
    sizes = [weights.get(theme, 1) for theme in themes]
    lines = [title]
    chapter, share = 0, characters / (parts * 4 * 2)
    for part in range(parts):
        lines.append(f"第{_NUMBERS[part]}篇　{_topic(chance, terms, themes, sizes)}的总体部署")
        for _ in range(4):
            chapter += 1
            lines.append(f"第{_han(chapter)}章　{_topic(chance, terms, themes, sizes)}的{chance.choice(_CHAPTERS)}")
            for section in range(2):
                lines.append(f"第{_NUMBERS[section]}节　{_topic(chance, terms, themes, sizes)}{chance.choice(_ENDS)}")
                lines += _paragraphs(chance, terms, themes, sizes, share)
    return "\n".join(lines) + "\n"


def as_page(text: str, *, site: str = "青溪政务网") -> str:
    """Return a text as the web page of an invented site, with the furniture of such pages around it."""
    title, *lines = text.splitlines()
    body = "\n".join(f"<p>{html.escape(line)}</p>" for line in lines)
    return (
        f"<!DOCTYPE html><html lang='zh'><head><meta charset='utf-8'><title>{html.escape(title)}_{site}</title></head>"
        f"<body><nav><a href='/'>首页</a> <a href='/zc'>政策</a></nav><main><h1>{html.escape(title)}</h1>{body}</main>"
        f"<footer><p>版权所有：{site}</p></footer></body></html>"
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
