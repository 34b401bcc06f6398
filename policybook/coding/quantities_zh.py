"""Quantities in Chinese: number words, nouns, calendar."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from policybook.coding.quantity_words import (  # isort: skip
    DURATIONS, LONGEST_NUMBER, PERCENT, PERSON, Amount, CalendarReader, FoundQuantity, UseOf, NameList, Noun, Number,
    NumberReader, Qualified, QualifierTable, QuantityWords, Taken, Thing, Use, carried,
    currency_before, dated, percent_of, read_digits, read_fraction, read_power,
)
from policybook.corpus.matching import fold, is_letter, read_patterns, skip_spaces

_FORMS = read_patterns(__file__)

#: The first year of the calendar that Taiwan counts by is 1912.
BEFORE_MINGUO = 1911

# Reading numbers as Chinese texts write them: 1.2万亿, 3万2千亿, 十七, 三千多, 二三十, 百分之六十, 三分之一.
# The cn2an library does not read 1.2万亿, 千亿 or 三千多, so these few lines do it.
_DIGITS = {char: n for n, char in enumerate("零一二三四五六七八九")} | {"两": 2}
_DIGIT_WORDS = "零一二三四五六七八九"
_TWENTIES = {"廿": 20, "卅": 30}
_SMALL = {"十": 10, "百": 100, "千": 1_000}
_LARGE = {"万": 10**4, "亿": 10**8}
_RUN = re.compile(r"\d+(?:[.,]\d+)*")


_NUMERALS = frozenset("0123456789零一二三四五六七八九十")
_VAGUE_BEFORE = ("几", "数", "多")  # 数百, 几千
_VAGUE_SCALE_BEFORE = ("成", "每")  # 成千, 每万人
_QUALIFIER = {"多": "over", "余": "over", "来": "about"}


def _read(match: re.Match[str]) -> Number | None:
    start, end = match.span()
    if end - start > 3 * LONGEST_NUMBER:
        return None
    if match["of"]:
        part = read_plain(match["part"])
        whole = read_mixed(match["of"])
        if part is None or not whole:
            return None
        return Number(start, end, (percent_of(part, whole),), spelled=True, share=True)
    if match["over"]:
        if not 0 < int(match["over"]) < int(match["under"]) <= 10:
            return None
        return Number(start, end, (percent_of(Decimal(match["over"]), Decimal(match["under"])),), share=True)
    if match["half"]:
        return Number(start, end, (Decimal(50),), spelled=True, share=True)
    return _arabic(match) if match["arabic"] else _han(match)


def _arabic(match: re.Match[str]) -> Number | None:
    scale, rest, more = match["scale"] or "", match["rest"], match["more"] or match["more2"] or ""
    end = match.start() + len(match[0].rstrip())  # a space may stand before the unit, which is not the number's
    comma = bool(scale) or _FORMS["share"].match(match.string, end) is not None
    parts = {run: read_digits(run, comma=comma) for run in (match["arabic"], *_RUN.findall(scale))}
    value, power = parts[match["arabic"]], read_power(match)
    if more == "几" or value is None or power is None or None in parts.values():
        return None
    value = value * power + read_fraction(match["vulgar"])
    before = scale.partition(rest)[0].rstrip("零") if rest else ""
    if rest and (parts[rest] or 0) >= (_SMALL | _LARGE)[before[-1]]:
        return None  # 12万3,456 is one number, 3万50000 is none
    if scale:
        words = _RUN.sub(lambda run: f"{parts[run[0]]:f}", scale.replace("多", "").replace("余", ""))
        value = read_mixed(f"{value:f}{words}") or value
    precise = not match["arabic"].isdigit() or bool(match["vulgar"])
    return Number(match.start(), end, (-value if match["minus"] else value,), scaled=bool(scale) or power > 1,
                  precise=precise, more=_QUALIFIER.get(more, ""))  # fmt: skip


def _han(match: re.Match[str]) -> Number | None:
    words, scale, more = match["han"], match["scale3"] or "", match["more3"] or match["more4"] or ""
    headless, before = words[0] in "百千万亿", match.string[max(0, match.start() - 1) : match.start()]
    if (
        (words[0] == "零" and words[:2] != "零点")
        or len(words) > LONGEST_NUMBER
        or more == "几"
        or (scale and not match["more3"] and "点" not in words)
        or (before in _VAGUE_BEFORE and (before != "多" or headless))
        or (headless and before in _VAGUE_SCALE_BEFORE)
    ):
        return None
    near = _FORMS["near"].fullmatch(words)
    if near and not more and not scale:
        values = _neighbours(*near.groups())
    else:
        value = read_mixed(words + scale)
        values = () if value is None else (-value if match["minus2"] else value,)
    if not values:
        return None
    return Number(match.start(), match.end(), values, spelled=True, scaled=values[0] >= 10_000, precise="点" in words,
                  headless=headless, more=_QUALIFIER.get(more, ""))  # fmt: skip


def _neighbours(ten: str, first: str, second: str, scale: str) -> tuple[Decimal, ...]:
    """Return the two numbers that 两三, 十七八 and 三四百 stand for; nothing where they are no neighbours."""
    low, high = _DIGITS[first], _DIGITS[second]
    if high != low + 1 and (low, high) != (3, 5):
        return ()
    more = 10 if ten else 0
    times = read_mixed(f"一{scale}") if scale else Decimal(1)
    return () if times is None else ((more + low) * times, (more + high) * times)


def read_plain(words: str) -> Decimal | None:
    """Return the value of a number in digits or in Chinese numerals (90, 三点二亿); None when it is none."""
    whole, _, decimals = words.partition("点")
    value = read_mixed(whole) if whole.strip("0123456789., ") else read_digits(whole)
    scale = decimals.lstrip(_DIGIT_WORDS)
    times = read_mixed(f"一{scale}") if scale else Decimal(1)
    if value is None or times is None:
        return None
    digits = "".join(str(_DIGITS[char]) for char in decimals.removesuffix(scale))
    return (value + Decimal(f"0.{digits or 0}")) * times


def read_mixed(words: str) -> Decimal | None:
    """Return the value of digits and Chinese numerals in any mixture (3万2千亿, 十五万); None if there is none."""
    if "点" in words:
        return read_plain(words)
    if len(words) > 1 and all(char in _DIGITS for char in words):
        return Decimal("".join(str(_DIGITS[char]) for char in words))
    total, section, number, last = Decimal(0), Decimal(0), None, 1
    for token in re.findall(r"\d+(?:\.\d+)?|.", words):
        if token in _TWENTIES and number is None:
            section, last = section + _TWENTIES[token], 10
        elif token in _SMALL:
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


NUMBERS_ZH = NumberReader(_FORMS["number"], _read)


# Amounts in Chinese sentences: a number, or a range, with the unit or measure word behind it.
_TENTH, _DIGIT_RUN = 10, "〇一二三四五六七八九"
_POWERS = {"万": 4, "亿": 8}
#: What one of the parts in which a share is said is in percent.
_PARTS = {"百分之": Decimal(1), "千分之": Decimal("0.1"), "万分之": Decimal("0.01")}
_WITH_HALF = DURATIONS | {"fold"}
#: So many numbers of an enumeration are looked at for their common unit.
_ENUMERATED = 3
#: So much is a year of the calendar and no duration.
_YEARS = 1900


class ChineseAmounts:
    """Reads what stands right behind a number, or in front of it where that is a currency."""

    def __init__(self, words: QuantityWords) -> None:
        self._units = words.units_zh()
        self.currencies = words.currencies()
        self._qualifiers = QualifierTable(words)

    def read(self, flat: str, number: Number, taken: Taken, given: UseOf) -> Amount:
        """Return the amount, or the range, that begins with `number`."""
        first = self._amount(flat, number)
        amount = self._range(flat, first, taken) or first
        if amount.use is None or amount.use.kind == "money":
            about = self._qualifiers.before(flat, amount.start)  # 新台币约350亿元
            money = currency_before(self.currencies, flat, about.place if about else amount.start, amount.values[0])
            if money:
                return replace(amount, start=amount.start if about else money[0], use=money[1])
        use = amount.use
        if use is None:
            amount = self._departure(flat, amount)
            use = amount.use or self._shared_unit(flat, amount)
            return replace(amount, use=use or given(amount.start, number.scaled))
        if use.power and (doubled := _FORMS["doubled"].search(flat, max(0, amount.start - 3), amount.start)):
            return replace(amount, start=doubled.start())  # 翻了一番
        return amount

    def is_money(self, flat: str, number: Number) -> bool:
        """Whether letters right in front of a number are a currency's."""
        return currency_before(self.currencies, flat, number.start, number.values[0]) is not None

    def _amount(self, flat: str, number: Number) -> Amount:
        if number.share:
            return Amount(number.start, number.end, number.values, number, PERCENT)
        place = skip_spaces(flat, number.end)
        if flat.startswith(("个多", "个半"), place) and (joined := self._duration(flat, place)):
            whole = Amount(number.start, joined[0], number.values, number, joined[1])
            return replace(whole, end=whole.end + 1, more="over") if flat[place + 1] == "多" else whole.plus_half()
        found = self._units.at(flat, place)
        if not found or not found[1]:
            return Amount(number.start, number.end, number.values, number, None, number.more)
        end, use = found
        amount = Amount(number.start, end, number.values, number, use, number.more)
        if use and not number.more and not use.measure and _FORMS["more_behind"].match(flat, end):
            return replace(amount, end=end + 1, more="over")  # 五年多
        if use and use.factor == _TENTH and (tenths := _DIGIT_RUN.find(flat[end : end + 1])) > 0:  # 八成五
            return replace(amount, end=end + 1, values=(amount.values[0] + Decimal(tenths) / 10,))
        if use and (use.unit in _WITH_HALF or use.factor == _TENTH) and _FORMS["half_behind"].match(flat, end):
            return amount.plus_half()
        return amount

    def _duration(self, flat: str, place: int) -> tuple[int, Use] | None:
        """Return the end, less one, and the unit of 个多月 or 个半小时 at `place`."""
        found = self._units.at("个" + flat[place + 2 : place + 6], 0)
        return (place + found[0], found[1]) if found and found[1] and found[1].unit in DURATIONS else None

    def _range(self, flat: str, first: Amount, taken: Taken) -> Amount | None:
        """Return the range that begins with `first`: 3—5个, 10%到15%, 5万至10万人; not from 5% to 8%."""
        sign = _FORMS["to"].match(flat, first.end)
        second = NUMBERS_ZH.at(flat, sign.end()) if sign else None
        if not sign or not second or taken.overlaps(second.start, second.end) or len(first.values) > 1:
            return None
        last = self._share_again(flat, first, self._amount(flat, second))
        if first.use and (first.use != last.use or flat.endswith(("从", "由", "自"), 0, first.start)):
            return None
        if sign["and"] and not flat.startswith("之间", last.end):
            return None
        low, high = first.values[0], last.values[0]
        scale = _FORMS["scale_after"].search(flat[second.start : second.end])
        if scale and not first.number.scaled and not first.use:
            low *= Decimal(10) ** sum(_POWERS[char] for char in scale[0])
        if low >= high or not (last.use or last.number.stands_alone):
            return None
        return Amount(first.start, last.end, (low, high), replace(second, scaled=True, headless=False), last.use)

    def _share_again(self, flat: str, first: Amount, last: Amount) -> Amount:
        """Return the bare number behind a share as one of the same whole: 百分之三至五."""
        times = _PARTS.get(flat[first.start : first.start + 3])
        if not times or not first.number.share or last.use or last.number.share or len(last.values) > 1:
            return last
        return replace(last, use=PERCENT, values=(last.values[0] * times,))

    def _departure(self, flat: str, first: Amount) -> Amount:
        """Return an amount with the unit and scale of the one that it leads to: 由52.6增加到63.9%, 从3.2到4.5万亿元."""
        sign = _FORMS["arrives"].match(flat, first.end)
        number = NUMBERS_ZH.at(flat, sign.end()) if sign else None
        led = _FORMS["departs"].search(flat, max(0, first.start - _BACK), first.start)
        if number is None or led is None or len(first.values) > 1:
            return first
        last = self._amount(flat, number)
        scale = None if first.number.scaled else _FORMS["scale_after"].search(flat[number.start : number.end])
        times = Decimal(10) ** sum(_POWERS[char] for char in scale[0]) if scale else Decimal(1)
        return replace(first, use=last.use, values=carried(first.values[0], last.values[0], times))

    def _shared_unit(self, flat: str, amount: Amount) -> Use | None:
        """Return the unit of the next number in an enumeration: 12、15和20个."""
        end = amount.end
        for _ in range(0 if amount.number.spelled else _ENUMERATED):
            sign = _FORMS["and"].match(flat, end)
            number = NUMBERS_ZH.at(flat, sign.end()) if sign else None
            if not number or number.spelled:
                return None
            following = self._amount(flat, number)
            if following.use:
                return None if following.use.unit == "year" and amount.values[0] >= _YEARS else following.use
            end = following.end
        return None


# The noun that decides the unit of a Chinese number with a measure word, or with none.
_STOP = frozenset("，。；：、！？,.;:!?（）()《》“”\"'…—-\n0123456789")
_AHEAD, _BACK = 16, 14


@dataclass(frozen=True)
class _Phrase:
    """Where a noun is looked for: ahead of a number, or back from it."""

    start: int
    stop: int
    ahead: bool
    people: bool


class ChineseNouns:
    """Looks for the noun behind a number, or in front of it."""

    def __init__(self, words: QuantityWords) -> None:
        self._nouns = words.nouns_zh()

    def behind(self, flat: str, start: int, *, people: bool) -> Noun | None:
        """Return the last noun of the phrase that begins at `start`: in 11个国家城乡融合发展试验区 the 试验区.

        With `people`, for numbers without a measure word, the first noun for people decides: 6000万农村人口饮水问题.
        """
        return self._last(flat, _Phrase(start, min(start + _AHEAD, len(flat)), ahead=True, people=people))

    def at(self, flat: str, place: int) -> Noun | None:
        """Return the noun that begins at `place`."""
        found = self._nouns.at(flat, place)
        return Noun(place, found[0], found[1].unit) if found and isinstance(found[1], Thing) else None

    def before(self, flat: str, end: int) -> str | None:
        """Return the unit of the last noun in front of `end` in the same clause: 老旧小区5.3万个."""
        start = end
        while start > max(0, end - _BACK) and flat[start - 1] not in _STOP:
            start -= 1
        noun = self._last(flat, _Phrase(start, end, ahead=False, people=False))
        return noun.unit if noun else None

    def ends(self, flat: str, place: int) -> bool:
        """Whether a noun phrase ends at `place`: with the clause, or before a word that ends one."""
        if place >= len(flat) or flat[place] in _STOP or flat[place] in " 的":
            return True
        found = self._nouns.at(flat, place)
        return found is not None and found[1] == "end"

    def _last(self, flat: str, phrase: _Phrase) -> Noun | None:
        """Return the last noun of a phrase; going ahead, words that end a noun phrase end the search."""
        noun, place = None, phrase.start
        while place < phrase.stop and flat[place] not in _STOP:
            if flat[place] == "的" and phrase.ahead and noun:
                break
            end, word = self._nouns.at(flat, place) or (place + 1, "word")
            if word == "end" and phrase.ahead:
                break
            if isinstance(word, Thing):
                if phrase.people and word.unit == PERSON:
                    return Noun(place, end, PERSON)
                if self._decides(flat, phrase, place, end, word):
                    noun = Noun(place, end, word.unit)
            place = end
        return noun

    def _decides(self, flat: str, phrase: _Phrase, place: int, end: int, thing: Thing) -> bool:
        """Whether a noun decides the unit: one character, or a noun that modifies others, begins or ends its phrase."""
        at_once = phrase.ahead and place == phrase.start and thing.modifier != "everywhere"
        if at_once or self.ends(flat, end) or (end == phrase.stop and not phrase.ahead):
            return True
        return end - place > 1 and thing.modifier == "no"


# What follows a number that is a label: 2.0版, 3级, 17号.
_LABELLED = frozenset("版级号")
#: 近 before a duration of so many or fewer means "the last", not "almost" (近三年).
_RECENT = 10


class ChineseNumbers:
    """Finds numbers with their unit and qualifier."""

    def __init__(self, words: QuantityWords, names: NameList) -> None:
        self._amounts = ChineseAmounts(words)
        self._nouns = ChineseNouns(words)
        self._qualifiers = QualifierTable(words)
        self._names = names

    def find(self, flat: str, taken: Taken, catchwords: Taken, given: UseOf) -> Iterator[FoundQuantity]:
        """Yield the quantities of a levelled sentence, leaving out what is `taken`.

        Number words inside `catchwords` (short quotations) are none. `given` gives the unit that a table or
        an indicator has for a place.
        """
        done = 0
        last: FoundQuantity | None = None
        for number in NUMBERS_ZH.find(flat):
            if number.start < done or not self._is_number(flat, number, taken, catchwords):
                continue
            found = self._quantity(flat, self._amounts.read(flat, number, taken, given))
            if found:
                if (
                    found.unit is None
                    and last
                    and last.kind == found.kind == "count"
                    and (_FORMS["carries"].fullmatch(flat, done, found.start) or self._goes_on(flat, number, found))
                ):
                    found = replace(found, unit=last.unit)
                done, last = found.end, found
                yield found

    def any(self, flat: str) -> bool:
        """Whether there is anything in a levelled sentence that may be a number."""
        return NUMBERS_ZH.form.search(flat) is not None

    def unit_of(self, words: str) -> Use | None:
        """Return what a unit that stands apart makes of a number: %, 万人, 亿元, 个."""
        flat = fold(words, keep_dashes=True)
        number = None if flat[:1].isdigit() else NUMBERS_ZH.at(f"1{flat}", 0)
        return self._amounts.read(f"1{flat}", number, Taken([]), lambda *_: None).whole(f"1{flat}") if number else None

    def _goes_on(self, flat: str, number: Number, found: FoundQuantity) -> bool:
        """Whether a large number at the end of a clause counts what the one before it does: 达到780万人，新增46万."""
        return number.scaled and not number.headless and number.end == found.end and self._nouns.ends(flat, found.end)

    def _is_number(self, flat: str, number: Number, taken: Taken, catchwords: Taken) -> bool:
        """Whether a number is no part of a name, a code, a ratio, a time of day or an ordinal."""
        start, end = number.start, number.end
        before, behind = flat[max(0, start - 2) : start], flat[end : end + 2]
        last = before[-1:]
        if last in ("第", "+", ".", "·", "#", "^") or before == "第 " or behind[:1] in ("+", "·"):
            return False
        if last.isascii() and last.isalnum() and not self._amounts.is_money(flat, number):
            return False
        if last == "-" and before[:1].isascii() and before[:1].isalnum():
            return False
        if (last in (":", "∶") and before[:1].isdigit()) or (behind[:1] in (":", "∶", ".") and behind[1:].isdigit()):
            return False
        if last == "点" and _FORMS["pointed"].search(flat, max(0, start - 2), start):
            return False
        if last == "又" and number.share and flat[start - 2 : start - 1] in _NUMERALS:
            return False  # 一又三分之一
        if taken.overlaps(start, end) or self._names.holds(flat, start, end):
            return False
        return not (number.spelled and catchwords.overlaps(start, end))

    def _quantity(self, flat: str, amount: Amount) -> FoundQuantity | None:
        start, end, use = amount.start, amount.end, amount.use
        before = self._before(flat, amount)
        behind = self._qualifiers.behind(flat, end, use.unit if use else None)
        noun = self._noun(flat, behind.place if behind else end, use)
        if noun and use is None and amount.number.headless and noun.unit != PERSON:
            noun = None  # 产值超百亿的产业 are no ten billion industries
        if not self._counts(flat, amount, bool(before or behind), noun is not None):
            return None
        unit = use.unit if use else None
        if noun:
            unit = noun.unit
            if use and noun.start == end and not behind:
                end = noun.end
                behind = self._qualifiers.behind(flat, end, unit)
        if self._looks_back(flat, amount, behind, noun is not None):
            counted = self._nouns.before(flat, before.place if before else start)
            if counted and not (use and use.only and counted not in use.only) and (
                not amount.number.headless or use or counted == PERSON
            ):
                unit = counted
        return self._spread(flat, amount, start, end, unit, before, behind)

    def _noun(self, flat: str, place: int, use: Use | None) -> Noun | None:
        if use and not use.measure:
            return None
        noun = self._nouns.at(flat, place) if use and use.next else None
        noun = noun or self._nouns.behind(flat, place, people=use is None)
        return None if noun and use and use.only and noun.unit not in use.only else noun

    def _looks_back(self, flat: str, amount: Amount, behind: Qualified | None, noun: bool) -> bool:
        """Whether a noun in front of the number decides: 老旧小区5.3万个, 城区人口300万以上城市."""
        if amount.use is None:
            return amount.number.scaled and (not noun or behind is not None or len(amount.values) > 1)
        return amount.use.measure and not noun and self._nouns.ends(flat, behind.place if behind else amount.end)

    def _spread(self, flat: str, amount: Amount, start: int, end: int, unit: str | None, before: Qualified | None,
                behind: Qualified | None) -> FoundQuantity:  # fmt: skip
        """Return the quantity with its qualifiers inside its span; one a little before it stays outside."""
        behind = behind or self._qualifiers.behind(flat, end, unit)
        qualifier = amount.more or (behind.qualifier if behind else "")
        if before:
            qualifier, start = before.qualifier, before.place
        elif not qualifier:
            qualifier = self._qualifiers.a_little_before(flat, start) or ""
        return amount.quantity(start, behind.place if behind else end, unit, qualifier)

    def _before(self, flat: str, amount: Amount) -> Qualified | None:
        found = self._qualifiers.before(flat, amount.start, scale=amount.number.headless)
        if found and amount.use and amount.use.unit in DURATIONS:
            word = flat[found.place : amount.start].strip()
            recent = word == "近" and not amount.more and amount.values[0] <= _RECENT
            return None if recent or word in ("过", "上") else found  # 过3年 is three years on, 上百年 is long
        return found

    def _is_mark(self, flat: str, amount: Amount) -> bool:
        """Whether a number is the mark of a heading or a row, or that of a table: 1 城市更新行动, 附件2 企业名单."""
        number, use = amount.number, amount.use
        if number.scaled or number.spelled or not flat.startswith(" ", number.end) or not use:
            return False
        noun = self._nouns.at(flat, skip_spaces(flat, number.end))  # 3 项目建设 are no three items
        if not use.noun and not (noun and noun.end > amount.end):
            return False
        labelled = _FORMS["numbered"].search(flat, max(0, number.start - 3), number.start)
        return bool(labelled or _FORMS["mark"].fullmatch(flat, 0, number.end + 1))

    def _counts(self, flat: str, amount: Amount, qualified: bool, noun: bool) -> bool:
        """Whether a number is a quantity: "one" is mostly an article, a bare 3 is mostly a label."""
        number, use = amount.number, amount.use
        if (use and use.qualified and not qualified) or self._is_mark(flat, amount):
            return False
        if number.is_one and len(amount.values) == 1:
            return bool(use and (use.one or qualified or amount.more))
        if number.headless:  # 千亿元 and 近百家, not 百家
            if qualified:
                return number.scaled or use is not None
            return use is not None and number.end - number.start > 1 and (use.one or use.unit == PERSON)
        if use:
            return (use.unit is not None or noun or "\u4e00" <= flat[amount.end : amount.end + 1] <= "\u9fff"
                    or (not flat.startswith("大", number.end)))  # fmt: skip
        following = flat[number.end : number.end + 1]
        if is_letter(following or " ") or following in _LABELLED or (not number.start and number.precise):
            return False
        return number.stands_alone or (qualified and not number.spelled)


def _day(match: re.Match[str]) -> Iterator[FoundQuantity]:
    """Yield the date of a match, and the last day where it names one (5月4日至6日)."""
    year = _number(match["year"]) if match["year"] else None
    month = _number(match["month"] or match["m"])
    first = match["day"] or match["d"]
    later = "last" if match["last"] else "d2" if match["d2"] else "d3" if match["d3"] else None
    if later is None:
        yield from dated(*match.span(), year, month, _number(first) if first else None)
        return
    end = match.end("day") if match["day"] else match.end("d") if match["d"] else match.end("month")
    end += 1 if match.string[end : end + 1] in ("日", "号", "月") else 0
    yield from dated(match.start(), end, year, month, _number(first) if first else None)
    if first:
        yield from dated(match.start(later), match.end(), year, month, _number(match[later]))


def _number(words: str) -> int:
    minguo = words.startswith("民")
    words = words[2:].strip() if minguo else words
    value = int(read_mixed("一" if words == "元" else words) or 0)
    return value + BEFORE_MINGUO if minguo or 100 <= value < BEFORE_MINGUO else value


CALENDAR_ZH = CalendarReader(_FORMS["calendar"], _number, _day)
