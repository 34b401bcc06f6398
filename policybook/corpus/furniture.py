"""Lines of site furniture, told by their form: each rule gives its reason, or nothing.

A rule looks at one line and names no site. What could be a heading or a sentence of the text is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from policybook.corpus import furniture_forms as form
from policybook.corpus.segment import length

#: A paragraph of more characters than this is never furniture: the longest disclaimers are shorter.
LONGEST = 900
#: Most furniture is no longer than this.
LINE = 250
ENDS_A_SENTENCE = re.compile(r"[.!?。！？;；:：”\"’)）]$")


def furniture_reason(text: str, language: str) -> str:
    """Return why one line is site furniture, or nothing where no rule takes it for that."""
    if len(text) > LONGEST:
        return ""
    rules = _RULES if len(text) <= LINE else _LONG_RULES
    return next((reason for rule in rules if (reason := rule(text, language))), "")


def is_long(text: str, language: str, words: int = 12) -> bool:
    """Return whether a text has more than so many English words, or twice as many Chinese characters."""
    return length(text, language) > (words if language == "en" else words * 2)


def _no_words(text: str, _: str) -> str:
    return "" if re.search(r"[^\W\d_]", text) else "no words"


def _date_or_byline(text: str, language: str) -> str:
    text = form.WRAPPING.sub("", text)
    if is_long(text, language) or text.endswith("。"):
        return ""
    if form.BYLINE.match(text) or (re.match(r"written by\b", text, re.I)):
        return "byline"
    rest = form.TIME.sub(" ", form.DATE.sub(" ", text))
    dated = rest != text
    labels = len(form.LABEL.findall(rest))
    without = form.LABEL.sub(" ", rest)
    words_left = length(without, language) if language == "en" else len(re.sub(r"\W", "", without))
    if dated and words_left <= (3 if language == "en" else 8) * labels:
        return "date line"
    if labels and form.LABEL.match(rest.strip()) and words_left <= (4 if language == "en" else 8) * labels:
        return "byline"
    return ""


def _language_switcher(text: str, _: str) -> str:
    names = {name.lower() for name in form.LANGUAGE.findall(text)}
    left = re.sub(r"[\W\d_]", "", form.LANGUAGE.sub("", text))
    if len(names) >= 3 and len(left) < len(text) / 2:
        return "language switcher"
    return "language switcher" if len(names) == 2 and not left and len(text) < 30 else ""


def _licence(text: str, language: str) -> str:
    if form.FREE_LICENCE.search(text) and not is_long(text, language, 40):
        return "licence line"
    numbered = re.search(r"\d{6,}|\bNo\.?\s*\d+|\d{4,}号", text)
    ends = text.endswith(("。", "."))
    found = form.LICENCE.search(text) and numbered and not ends and not is_long(text, language, 40)
    return "licence line" if found else ""


def _copyright(text: str, language: str) -> str:
    return "copyright statement" if form.COPYRIGHT.search(text) and not is_long(text, language, 80) else ""


def _disclaimer(text: str, language: str) -> str:
    return "disclaimer" if form.DISCLAIMER.search(text) and not is_long(text, language, 100) else ""


def _prompt(text: str, language: str) -> str:
    sentence = text.endswith("。") and len(text) > 16
    short = not sentence and length(text, language) <= (14 if language == "en" else 30)
    return "follow-us prompt" if short and form.PROMPT.fullmatch(text.strip(" \t>·•★☆【】")) else ""


def _share(text: str, _: str) -> str:
    platforms = form.PLATFORM.findall(text)
    left = re.sub(r"\W", "", form.SHARE_WORDS.sub("", form.PLATFORM.sub("", text)))
    enough = len(platforms) >= 2 or (platforms and re.search("share|分享", text, re.I))
    return "share widget" if enough and not left else ""


def _contact(text: str, language: str) -> str:
    return "contact line" if form.CONTACT.search(text) and not is_long(text, language, 20) else ""


def _footer(text: str, language: str) -> str:
    ends = text.endswith(("。", "；"))
    return "site footer" if form.FOOTER.match(text) and not ends and not is_long(text, language, 20) else ""


def _breadcrumb(text: str, language: str) -> str:
    return "breadcrumb" if not is_long(text, language, 20) and form.BREADCRUMB.fullmatch(text) else ""


def _pager(text: str, _: str) -> str:
    counted = re.search(r"\d|[<>«»‹›|]|页.*页", text) or text.lower() in ("next", "previous")
    return "pager" if len(text) < 80 and counted and form.PAGER_WORD.search(text) and form.PAGER.fullmatch(text) else ""


def _counter(text: str, _: str) -> str:
    return "view counter" if len(text) < 80 and form.COUNTER.fullmatch(form.WRAPPING.sub("", text)) else ""


def _tags(text: str, language: str) -> str:
    listed = not text.endswith(("。", "；", ".", "!", "?")) and not is_long(text, language, 20)
    return "tags" if listed and form.TAGS.fullmatch(form.WRAPPING.sub("", text)) else ""


def _tools(text: str, _: str) -> str:
    several = len(text) > 3 and re.search(r"[\s|/【】\[\]:：]", text)
    return "page tools" if several and len(text) < 60 and form.TOOLS.fullmatch(text) else ""


def _navigation(text: str, language: str) -> str:
    found = form.NAVIGATION.fullmatch(text) and not text.endswith("。") and not is_long(text, language, 25)
    return "navigation" if found else ""


def _cookies(text: str, language: str) -> str:
    return "browser notice" if form.COOKIES.search(text) and not is_long(text, language, 40) else ""


_RULES: tuple[Callable[[str, str], str], ...] = (
    _counter,
    _date_or_byline,
    _no_words,
    _language_switcher,
    _licence,
    _copyright,
    _disclaimer,
    _contact,
    _footer,
    _share,
    _prompt,
    _breadcrumb,
    _pager,
    _tags,
    _tools,
    _navigation,
    _cookies,
)
_LONG_RULES = (_language_switcher, _licence, _copyright, _disclaimer, _contact, _cookies)
