"""Reading numbers as Chinese texts write them: 1.2万亿, 3万2千亿, 十七, 三千多, 二三十, 百分之六十, 三分之一.

The cn2an library does not read 1.2万亿, 千亿 or 三千多, so these few lines do it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from policybook.coding.quantities.number import LONGEST, Number, percent_of

_DIGITS = {char: n for n, char in enumerate("零一二三四五六七八九")} | {"两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1_000}
_LARGE = {"万": 10**4, "亿": 10**8}
_HAN = "零一二三四五六七八九十百千万亿两"

ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d{1,3}(?: \d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?"
# 千瓦, 千克, 百分点 … are units, not thousands and hundreds.
_SCALE = r"(?:百(?![分姓])|千(?![瓦克米卡伏赫])|[万亿十])"
_SPELLED = r"[零一二三四五六七八九十两万亿]|百(?![分姓])|千(?![瓦克米卡伏赫])"
_PART = rf"(?:{ARABIC}|[{_HAN}]+(?:点[零一二三四五六七八九]+)?)"

NUMBER = re.compile(
    rf"(?P<of>[百千万]|[二三四五六七八九十]{{1,3}})分之(?P<part>{_PART})"
    r"|(?<![\d/.])(?P<over>\d)/(?P<under>\d{1,2})(?![\d/.年月])"
    r"|(?P<half>一半|半数)"
    rf"|(?P<arabic>{ARABIC})(?P<more>[多余来几])?\s?(?P<scale>{_SCALE}+(?:\d+(?:\.\d+)?{_SCALE}+)*(?P<more2>[多余](?P<scale2>[万亿]+)?)?)?"
    rf"|(?P<han>(?:{_SPELLED})+(?:点[零一二三四五六七八九]+)?)(?P<more3>[多余来几])?(?P<scale3>[万亿]+)?"
)
_NEAR = re.compile(r"(十?)([一二两三四五六七八九])([二三四五六七八九])([十百千万亿]*)")
_VAGUE_BEFORE = ("几", "数", "多")  # 数百, 几千
_VAGUE_SCALE_BEFORE = ("上", "成", "每")  # 上百, 成千, 每万人
_QUALIFIER = {"多": "over", "余": "over", "来": "about"}


def find_numbers(text: str) -> Iterator[Number]:
    """Yield every number of a levelled text, in order; runs too long for a number are left out."""
    for match in NUMBER.finditer(text):
        number = _read(text, match)
        if number:
            yield number


def number_at(text: str, start: int) -> Number | None:
    """Return the number that begins at `start`."""
    match = NUMBER.match(text, start)
    return _read(text, match) if match else None


def _read(text: str, match: re.Match[str]) -> Number | None:
    start, end = match.span()
    if end - start > 3 * LONGEST:
        return None
    if match["of"]:
        part = read_plain(match["part"])
        whole = {"百": 100, "千": 1_000, "万": 10_000}.get(match["of"]) or read_plain(match["of"])
        if part is None or not whole:
            return None
        return Number(start, end, (percent_of(part, Decimal(whole)),), spelled=True, share=True)
    if match["over"]:
        if not 0 < int(match["over"]) < int(match["under"]) <= 10:
            return None
        return Number(start, end, (percent_of(Decimal(match["over"]), Decimal(match["under"])),), share=True)
    if match["half"]:
        return Number(start, end, (Decimal(50),), spelled=True, share=True)
    return _arabic(match) if match["arabic"] else _han(text, match)


def _arabic(match: re.Match[str]) -> Number | None:
    digits, scale = match["arabic"], match["scale"] or ""
    start, end, more = match.start(), match.end(), match["more"] or match["more2"] or ""
    if not scale:  # a space may stand before the unit, which is not the number's
        end = match.end("more") if match["more"] else match.end("arabic")
    if more == "几" or len(digits) > LONGEST:
        return None
    if digits.isdigit() and not scale:
        value: Decimal | None = Decimal(digits)
    else:
        value = read_mixed(digits.replace(",", "").replace(" ", "") + scale.replace("多", "").replace("余", ""))
    if value is None:
        return None
    precise = not digits.isdigit()
    return Number(start, end, (value,), scaled=bool(scale), precise=precise, more=_QUALIFIER.get(more, ""))


def _han(text: str, match: re.Match[str]) -> Number | None:
    words, scale, more = match["han"], match["scale3"] or "", match["more3"] or ""
    headless, before = words[0] in "百千万亿", text[max(0, match.start() - 1) : match.start()]
    if (
        words[0] == "零"
        or len(words) > LONGEST
        or more == "几"
        or (before in _VAGUE_BEFORE and (before != "多" or headless))
        or (headless and before in _VAGUE_SCALE_BEFORE)
    ):
        return None
    near = _NEAR.fullmatch(words)
    if near and not more and not scale:
        values = _neighbours(*near.groups())
    else:
        value = read_mixed(words + scale)
        values = () if value is None else (value,)
    if not values:
        return None
    return Number(
        match.start(), match.end(), values, spelled=True, scaled=values[0] >= 10_000, precise="点" in words,
        headless=headless, more=_QUALIFIER.get(more, ""),
    )  # fmt: skip


def _neighbours(ten: str, first: str, second: str, scale: str) -> tuple[Decimal, ...]:
    """Return the two numbers that 两三, 十七八 and 三四百 stand for; nothing where they are no neighbours."""
    low, high = _DIGITS[first], _DIGITS[second]
    if high != low + 1 and (low, high) != (3, 5):
        return ()
    more = 10 if ten else 0
    times = read_mixed(f"一{scale}") if scale else Decimal(1)
    return () if times is None else ((more + low) * times, (more + high) * times)


def read_plain(words: str) -> Decimal | None:
    """Return the value of a number in digits or in Chinese numerals (90, 九十八点六); None when it is none."""
    whole, _, decimals = words.replace(",", "").replace(" ", "").partition("点")
    value = read_mixed(whole)
    if value is None or not decimals:
        return value
    return value + Decimal("0." + "".join(str(_DIGITS[char]) for char in decimals))


def read_mixed(words: str) -> Decimal | None:
    """Return the value of digits and Chinese numerals in any mixture (3万2千亿, 十五万); None if there is none."""
    if "点" in words:
        return read_plain(words)
    if len(words) > 1 and all(char in _DIGITS for char in words):
        return Decimal("".join(str(_DIGITS[char]) for char in words))
    total, section, number, last = Decimal(0), Decimal(0), None, 1
    for token in re.findall(r"\d+(?:\.\d+)?|.", words):
        if token in _SMALL:
            section += (1 if number is None else number) * _SMALL[token]
            number, last = None, _SMALL[token]
        elif token in _LARGE:
            counted = section + (number or 0) or Decimal(1)
            if token == "亿":
                total, section = (total + counted) * _LARGE[token], Decimal(0)
            else:
                section = counted * _LARGE[token]
            number, last = None, _LARGE[token]
        elif token == "零" and number is None:
            last = 1
        elif number is None and (token in _DIGITS or token[0].isdigit()):
            number = Decimal(_DIGITS[token]) if token in _DIGITS else Decimal(token)
        else:
            return None
    if number is not None and last >= 100 and words[-1] in _DIGITS:  # 四万五 is 45,000
        number *= last // 10
    return total + section + (number or 0)
