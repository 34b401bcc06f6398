"""Which paragraphs are site furniture and not the document, and why: general rules, no list of lines.

Nothing is dropped. A paragraph that a rule takes for boilerplate keeps its number and its text and
is labelled with the rule's reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from policybook.corpus.segment import length, split_sentences

_LANGUAGES = (
    "English|Français|Deutsch|Español|Português|Italiano|Русский|日本語|한국어|한어|العربية|Ελληνικά|Türkçe|"
    "Polski|Nederlands|Svenska|Suomi|Suomalainen|Latina|Indonesia|Indonesian|Sanskrit|Tiếng Việt|ไทย|हिन्दी|"
    "Українська|Čeština|Magyar|Dansk|Norsk|Română|Монгол|简体中文|繁體中文|简体|繁体|Melayu|Filipino|עברית|فارسی"
)
_LANGUAGE = re.compile(_LANGUAGES, re.IGNORECASE)
_DATE = re.compile(
    r"\d{4}\s*[-/.年]\s*\d{1,2}\s*(?:[-/.月]\s*\d{1,2}\s*日?|月)|"
    r"\d{1,2}\s+[A-Z][a-z]+\s+\d{4}|[A-Z][a-z]+\.? \d{1,2}, \d{4}"
)
_TIME = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")
_LABEL = re.compile(
    r"(?:^|(?<=\s))(?:published|updated|last updated|date|time|posted|issued|author|source|"
    r"editor|edit(?:ed by)?|responsible editor|reporter|by|written by|text by|views?|"
    r"发布时间|发布日期|更新时间|日期|时间|来源|作者|记者|编辑|责任编辑|责编|审核|校对|供稿|浏览次数|阅读)\s*(?:[:：]|(?<=by))",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"^(?:(?:written|text|photos?|edited|reported) by\b|(?:文|图)\s*[/:：])", re.IGNORECASE)
_LICENCE = re.compile(r"licen[cs]e|许可证|許可證|备案|備案|\bICP\b|ICP[备備证證]|公网安备|公網安備", re.IGNORECASE)
_COPYRIGHT = re.compile(
    r"copyright\s*(?:©|\(c\)|\d|by|reserved)|©|all rights reserved|版权所有|版權所有|转载请注明|轉載請註明|"
    r"(?:infring|侵权|侵權|侵犯).*(?:contact|delete|联系|聯繫|删除)|(?:contact|联系).*(?:infring|侵权)",
    re.IGNORECASE,
)
_PROMPT = re.compile(
    r"^(?:please\s+)?(?:follow|subscribe|scan|share|like|download|click|"
    r"关注|關注|扫码|掃碼|扫一扫|扫描|长按|分享|点击|下载)"
    r".*(?:account|us\b|wechat|weibo|code|app\b|newsletter|facebook|twitter|here|"
    r"公众号|公眾號|二维码|微信|微博|客户端|朋友圈|到)",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"\S+@\S+\.\w+|(?:\btel\b|telephone|phone|fax|电话|電話|传真|邮箱|郵箱)\s*[:：]?\s*[\d+(]", re.IGNORECASE
)
_NAVIGATION = re.compile(
    r"^(?:(?:return|back) to .{1,12}|home|links?|friendly links|print|top|menu|search|login|sign in|"
    r"previous|next|more|(?:recommended|related|further) (?:reading|articles?|news)\b.{0,15}|"
    r"上一篇.*|下一篇.*|返回.{0,6}|首页|打印.*|友情链接.*|相关(?:阅读|新闻|链接|报道).*|推荐阅读.*|热门.{0,4}|字号.*|网站地图|我要纠错.*)$",
    re.IGNORECASE,
)
# A paragraph is a near-copy when another holds this share of its runs of characters.
_NEAR_COPY = 0.6
_ENDS_A_SENTENCE = re.compile(r"[.!?。！？;；:：”\"’)）]$")


def label_boilerplate(paragraphs: Sequence[str], language: str) -> dict[int, str]:
    """Return paragraph number (from 1) → reason for every repaired paragraph that is boilerplate.

    At least one paragraph is always left: a text is never boilerplate as a whole.
    """
    reasons: dict[int, str] = {}
    for number, paragraph in enumerate(paragraphs, 1):
        for rule in _RULES:
            if reason := rule(paragraph, language):
                reasons[number] = reason
                break
    reasons |= _edges(paragraphs, language, reasons)
    reasons |= _repeats(paragraphs, language, reasons)
    if len(reasons) == len(paragraphs):
        reasons.pop(max(reasons, key=lambda n: length(paragraphs[n - 1], language)))
    return reasons


def _no_words(text: str, _: str) -> str:
    return "" if re.search(r"[^\W\d_]", text) else "no words"


def _date_or_byline(text: str, language: str) -> str:
    if _is_long(text, language):
        return ""
    if _BYLINE.search(text):
        return "byline"
    rest = _TIME.sub(" ", _DATE.sub(" ", text))
    dated = rest != text
    labels = len(_LABEL.findall(rest))
    words_left = (
        length(_LABEL.sub(" ", rest), language) if language == "en" else len(re.sub(r"\W", "", _LABEL.sub("", rest)))
    )
    if dated and words_left <= 3 * labels:
        return "date line"
    if labels and _LABEL.match(rest.strip()) and words_left <= 4 * labels:
        return "byline"
    return ""


def _language_switcher(text: str, _: str) -> str:
    names = {name.lower() for name in _LANGUAGE.findall(text)}
    left = re.sub(r"[\W\d_]", "", _LANGUAGE.sub("", text))
    return "language switcher" if len(names) >= 3 and len(left) < len(text) / 2 else ""


def _licence(text: str, language: str) -> str:
    numbered = re.search(r"\d{6,}|\bNo\.?\s*\d+|\d{4,}号", text)
    ends = text.endswith(("。", ". ", "."))
    return (
        "licence line" if _LICENCE.search(text) and numbered and not ends and not _is_long(text, language, 40) else ""
    )


def _copyright(text: str, language: str) -> str:
    return "copyright statement" if _COPYRIGHT.search(text) and not _is_long(text, language, 80) else ""


def _prompt(text: str, language: str) -> str:
    return (
        "follow-us prompt"
        if _PROMPT.search(text) and length(text, language) <= (12 if language == "en" else 25)
        else ""
    )


def _contact(text: str, language: str) -> str:
    return "contact line" if _CONTACT.search(text) and not _is_long(text, language, 20) else ""


def _navigation(text: str, _: str) -> str:
    return "navigation" if _NAVIGATION.match(text) else ""


_RULES: tuple[Callable[[str, str], str], ...] = (
    _date_or_byline,
    _no_words,
    _language_switcher,
    _licence,
    _copyright,
    _contact,
    _prompt,
    _navigation,
)


def _edges(paragraphs: Sequence[str], language: str, known: dict[int, str]) -> dict[int, str]:
    """Label a site name or section label before the text, and navigation left behind it."""
    numbers = [n for n in range(1, len(paragraphs) + 1) if n not in known]
    running = [n for n in numbers if _is_running_text(paragraphs[n - 1], language)]
    if not running:
        return {}
    labels = {}
    limit = 2 if language == "en" else 4
    first = paragraphs[0]
    if 1 in numbers and numbers[-1] > 2 and length(first, language) <= limit and not _ENDS_A_SENTENCE.search(first):
        labels[1] = "site or section name"
    for n in numbers:
        if n > running[-1] and length(paragraphs[n - 1], language) <= 3 * limit:
            labels[n] = "navigation"
    return labels


def _repeats(paragraphs: Sequence[str], language: str, known: dict[int, str]) -> dict[int, str]:
    """Label page descriptions (sentences of other paragraphs, word for word) and teasers (near-copies).

    Descriptions put together from several paragraphs are found first, so that the paragraphs they were
    taken from are not mistaken for copies of them.
    """
    candidates = {n: p for n, p in enumerate(paragraphs, 1) if n not in known and _is_long(p, language, 10)}
    labels: dict[int, str] = {}
    for n, text in candidates.items():
        sources = _copied_from(text, {m: other for m, other in candidates.items() if m != n}, language)
        if len(sources) > 1:
            labels[n] = f"page description: repeats paragraphs {' and '.join(map(str, sources))}"
    shingles = {n: _shingles(text) for n, text in candidates.items()}
    for n, text in candidates.items():
        for m, other in candidates.items():
            if n == m or n in labels or m in labels:
                continue
            shared = len(shingles[n] & shingles[m]) / len(shingles[n])
            if text == other and m < n:
                labels[n] = f"repeats paragraph {m}"
            elif len(other) > len(text) and _is_long(text, language, 20) and shared >= _NEAR_COPY:
                labels[n] = f"teaser: near-copy of paragraph {m}"
    return labels


def _shingles(text: str, size: int = 12) -> frozenset[str]:
    """Return every run of `size` characters: shared runs show copies (Broder 1997, containment)."""
    squeezed = re.sub(r"\s+", " ", text.lower())
    return frozenset(squeezed[i : i + size] for i in range(max(1, len(squeezed) - size + 1)))


def _copied_from(text: str, others: dict[int, str], language: str) -> list[int]:
    """Return the paragraphs that hold every sentence of `text` word for word, or nothing."""
    sources: set[int] = set()
    for start, end in split_sentences(text, language):
        source = next((m for m, other in others.items() if text[start:end] in other), None)
        if source is None:
            return []
        sources.add(source)
    return sorted(sources)


def _is_long(text: str, language: str, words: int = 12) -> bool:
    return length(text, language) > (words if language == "en" else words * 2)


def _is_running_text(text: str, language: str) -> bool:
    return _is_long(text, language) or bool(_ENDS_A_SENTENCE.search(text) and _is_long(text, language, 3))
