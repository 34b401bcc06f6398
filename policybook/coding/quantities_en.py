"""Quantities in English: number words, nouns, calendar."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from text_to_num import text2num

from policybook.coding.quantity_words import (  # isort: skip
    DURATIONS, FOLD, PERCENT, PERSON, Amount, CalendarReader, FoundQuantity, UseOf, NameList, Noun, Number,
    NumberReader, Qualified, QualifierTable, QuantityWords, Taken, Use, carried, currency_before, dated, percent_of,
    read_digits, read_fraction, read_power,
)
from policybook.corpus.matching import (  # isort: skip
    fold, is_letter, read_patterns, singular, skip_spaces, skip_spaces_back, word_list, word_sets,
)

#: One to nineteen, and twenty to ninety, in order.
ONES = word_list(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
TENS = word_list("twenty thirty forty fifty sixty seventy eighty ninety")
#: First to twentieth, in order.
ORDINALS = word_list(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth"
)
#: Closed classes of words; english.yml says what each is for.
ENGLISH_WORDS = word_sets(__file__)
_OPENING = ENGLISH_WORDS["phrase_ends"]


# Reading numbers as English texts write them: 1.2 million, nine, one hundred and twenty, a third, half a million.
# Number words are read by the text2num library (Allo-Media).
_SCALES = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12, "dozen": 12,
           "lakh": 10**5, "crore": 10**7}
_LETTERS = {"k": 10**3, "m": 10**6, "b": 10**9}
_SHORT = {"bn": 10**9, "mn": 10**6, "tn": 10**12, "mln": 10**6, "bln": 10**9, "trn": 10**12}
_POINTED = ("zero", *ONES)
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}

_MONTHS = [name.lower() for name in calendar.month_name if name]
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" if len(name) > 3 else name for name in _MONTHS)
_FORMS = read_patterns(__file__, word=f"(?:{'|'.join(sorted([*ONES, *TENS, *_SCALES], key=len, reverse=True))})",
                       scale=f"(?:{'|'.join(_SCALES)})",
                       fraction="|".join(f"{part}s?" for part in _PARTS if part != "half"),
                       month=_MONTH.replace("sep(", "sept?("))  # fmt: skip


def _read(match: re.Match[str]) -> Number | None:
    start, end = match.span()
    if match["bottom"]:
        top, bottom = Decimal(ONES.index(match["top"]) + 1 if match["top"] in ONES else 1), match["bottom"]
        whole = Decimal(_PARTS[bottom.removesuffix("s")])
        if not match["times"]:
            return _share(start, end, top, whole)
        return _part(match, top * 100 / whole, match["times"])
    if match["over"]:
        return _share(start, end, Decimal(match["over"]), Decimal(match["under"]))
    if match["part"]:
        part, among = (Decimal(word) if word.isdigit() else Decimal(ONES.index(word) + 1)
                       for word in (match["part"], match["among"] or match["each"]))  # fmt: skip
        share = percent_of(part, among) if 0 < part < among else None
        return None if share is None else Number(start, end, (share,), spelled=True, share=True, ratio=True)
    if match["half"]:
        return Number(start, end, (Decimal(50),), spelled=True, share=True)
    if match["bit"]:
        return Number(start, end, (Decimal("0.5"),), spelled=True)
    if match["alone"]:
        return _part(match, read_fraction(match["alone"]) * 100, match["times2"])
    return _arabic(match) if match["arabic"] else _words(match)


def _part(match: re.Match[str], share: Decimal, times: str | None) -> Number:
    """Return a fraction as a percentage, or as a number where it is one of something: a quarter of a million."""
    if not times:
        return Number(*match.span(), (share,), spelled=True, share=True)
    end = match.end() if times in _SCALES else match.start("times")
    return Number(match.start(), end, (share / 100 * _SCALES.get(times, 1),), spelled=True, scaled=times in _SCALES)


def _arabic(match: re.Match[str]) -> Number | None:
    scales = [word.removesuffix("s") for word in (match["scale"], match["scale2"]) if word]
    share = bool(scales) or _FORMS["share"].match(match.string, match.end()) is not None
    value, power = read_digits(match["arabic"], comma=share), read_power(match)
    if value is None or power is None:
        return None
    value += read_fraction(match["vulgar"]) + _plus(match["plus2"])
    if match["over2"]:
        value += Decimal(match["over2"]) / Decimal(match["under2"]) if match["under2"] != "0" else 0
    for word in scales:
        power *= _SCALES.get(word) or _SHORT[word]
    precise = match.end("arabic") < match.end() or not match["arabic"].isdigit()
    return Number(*match.span(), (value * power * (-1 if match["minus"] else 1),), scaled=power > 100, precise=precise)


def _words(match: re.Match[str]) -> Number | None:
    value = read_words(match["words"])
    if value is None:
        return None
    if match["point"]:
        digits = "".join(str(_POINTED.index(word)) for word in match["point"].replace("oh", "zero").split()[1:])
        value += Decimal(f"0.{digits}")
    value += _plus(match["plus"]) * _SCALES.get(match["words"].split()[-1], 1)  # a million and a half
    value *= _SCALES.get(match["scale3"] or "", 1)
    precise = bool(match["point"] or match["plus"])
    return Number(*match.span(), (value,), spelled=True, scaled=value >= 10_000, precise=precise)


def _plus(words: str | None) -> Decimal:
    """Return the value of "and a half", "and three quarters"; 0 without them."""
    if not words:
        return Decimal(0)
    top, bottom = re.split("[ -]", words.strip())[1:]
    return Decimal(ONES.index(top) + 1 if top in ONES else 1) / _PARTS[bottom.removesuffix("s")]


def _share(start: int, end: int, part: Decimal, whole: Decimal) -> Number | None:
    if not 0 < part < whole <= 10:
        return None
    return Number(start, end, (percent_of(part, whole),), spelled=True, share=True)


def read_words(words: str) -> Decimal | None:
    """Return the value of number words (a hundred, half a million, twenty-seven); None when they are none."""
    tokens = words.replace("-", " ").split()
    times = Decimal(1)
    if tokens[0] == "half":
        times, tokens = Decimal("0.5"), tokens[1:]
    if tokens[0] in ("a", "an"):
        tokens = ["one", *tokens[1:]]
    if tokens[0] in _SCALES:
        return None  # "several hundred" names no number
    while tokens[-1] in ("trillion", "dozen", "lakh", "crore"):  # the library does not know them
        times *= _SCALES[tokens.pop()]
    try:
        return Decimal(text2num(" ".join(tokens), "en")) * times
    except ValueError:
        return None


NUMBERS_EN = NumberReader(_FORMS["number"], _read)


# Amounts in English sentences: a number, or a range, with the unit behind it or the currency before it.
#: So many characters before a number are searched for from, between and by.
_BEFORE = 80


class EnglishAmounts:
    """Reads what stands right behind a number, or in front of it where that is a currency."""

    def __init__(self, words: QuantityWords, nouns: EnglishNouns) -> None:
        self.units = words.units_en()
        self.currencies = words.currencies()
        self._nouns = nouns

    def read(self, flat: str, spaced: str, number: Number, taken: Taken, given: UseOf) -> Amount:
        """Return the amount, or the range, that begins with `number`; `spaced` is the text with hyphens as spaces."""
        money = currency_before(self.currencies, flat, number.start, number.values[0])
        first = self._amount(flat, spaced, number, money=bool(money))
        amount = self._range(flat, spaced, first, taken, money=money[0] if money else None) or first
        use = amount.use
        if money and (use is None or use.kind == "money"):
            start = money[0]
            if flat[start - 1 : start] == "−" and start:
                start, amount = start - 1, replace(amount, values=tuple(-value for value in amount.values))
            generic = use is not None and use.unit == "USD"  # NT$5 million dollars
            return replace(amount, start=start, use=money[1] if generic else use or money[1])
        return replace(amount, use=use or given(amount.start, number.scaled))

    def _amount(self, flat: str, spaced: str, number: Number, *, money: bool = False) -> Amount:
        if number.share:
            return Amount(number.start, number.end, number.values, number, PERCENT)
        if letter := self._letter(flat, spaced, number, sure=money):
            return letter
        found = self.units.at(spaced, skip_spaces(spaced, number.end))
        if not found:
            return Amount(number.start, number.end, number.values, number, None)
        end, use = found
        if use.unit == "time" and (number.precise or _FORMS["times_over"].match(flat, end)):
            use = FOLD
        return Amount(number.start, end, number.values, number, use)

    def _letter(self, flat: str, spaced: str, number: Number, *, sure: bool) -> Amount | None:
        """Return the amount that k, m or b makes: £20k, and 3m of what is counted in millions (residents)."""
        letter = _FORMS["letter"].match(flat, number.end)
        if not letter or number.spelled or number.scaled or (not sure and letter[0].startswith(" ")):
            return None
        noun = None if sure else self._nouns.behind(spaced, letter.end(), one=False, most=3)
        if not sure and (noun is None or noun.unit not in ENGLISH_WORDS["in_millions"]):
            return None
        values = tuple(value * _LETTERS[letter["is"]] for value in number.values)
        return Amount(number.start, letter.end(), values, replace(number, end=letter.end(), scaled=True), None)

    def _range(self, flat: str, spaced: str, first: Amount, taken: Taken, *,
               money: int | None) -> Amount | None:  # fmt: skip
        """Return the range that begins with `first`, whose currency stands at `money`: 10-15 percent, between 3 and 5.

        Of two numbers from one to the other (from 60 to 65 percent) it is the first, with the unit and the scale of
        the second.
        """
        sign = _FORMS["to"].match(flat, first.end) or _FORMS["reaches"].match(flat, first.end)
        second = NUMBERS_EN.at(flat, sign.end()) if sign else None
        if not sign or not second or taken.overlaps(second.start, second.end):
            return None
        begins = first.start if money is None else money
        lead = _FORMS["lead"].search(flat, max(0, begins - _BEFORE), begins)
        between = lead is not None and lead[1] == "between"
        apart = lead is not None and (lead[1] == "from" or (lead[1] == "by" and _is_whole(first)))
        last = self._amount(flat, spaced, second, money=money is not None)
        if last.use is None and last.end > second.end:  # 3m to 5m residents
            first = self._letter(flat, spaced, first.number, sure=True) or first
        if (sign["word"] == "and" and not between) or (first.use and (apart or first.use != last.use)):
            return None
        times = Decimal(1)
        if not first.number.scaled and not first.use:
            times = _scale(flat, second) * last.values[0] / (second.values[0] or 1)
        if apart:
            if lead and lead[1] == "by":
                return None
            noun = None if last.use else last.end
            return replace(first, values=carried(first.values[0], last.values[0], times), use=last.use, noun=noun)
        if sign.re is not _FORMS["to"]:
            return None
        low, high = first.values[0] * times, last.values[0]
        if low >= high or (sign["word"] == "or" and high != low + 1):
            return None
        start = lead.start() if lead and between else first.start
        return Amount(start, last.end, (low, high), replace(last.number, share=first.number.share), last.use)


def _is_whole(amount: Amount) -> bool:
    """Whether "by" and an amount needs no second one: by 73 million to 117 million, but by 8% to 10%."""
    return amount.kind != "percent" and (amount.use is not None or amount.number.scaled)


def _scale(flat: str, number: Number) -> Decimal:
    """Return what the last word of a number multiplies it by: of 5 million a million."""
    scale = _FORMS["scale_after"].search(flat, number.start, number.end)
    head = NUMBERS_EN.at(flat[number.start : scale.start()].strip(), 0) if scale else None
    return number.values[0] / head.values[0] if head else Decimal(1)


# The noun that decides the unit of an English number.
_ADDED = frozenset({"more", "fewer", "additional", "other"})
#: So many characters before a number are searched for what is counted.
_BACK = 100


class EnglishNouns:
    """Looks for the noun behind a number."""

    def __init__(self, words: QuantityWords) -> None:
        self._things = words.things_en()

    def behind(self, spaced: str, start: int, *, one: bool, most: int) -> Noun | None:
        """Return the first plural noun of the phrase behind a number, the last of several in a row.

        In "11 national experimental zones for …" it is the zones, in "300 sports facilities" the facilities. `one`
        takes a singular noun of the scheme too. At most `most` words are looked at.
        """
        noun: Noun | None = None
        place = start
        for _ in range(most):
            match = _FORMS["noun_word"].match(spaced, place)
            if match and place == start and match[1] in _ADDED and not spaced.startswith(" than", match.end()):
                place = match.end()
                continue
            if not match or (match[1] in ENGLISH_WORDS["phrase_ends"] and (noun or match[1] not in ("and", "or"))):
                break
            known = self._things.at(spaced, match.start(1))
            if known and (one or _is_plural(spaced[match.start(1) : known[0]])):
                noun, place = Noun(match.start(1), known[0], known[1]), known[0]
            elif not one and _is_plural(match[1]):
                noun, place = Noun(match.start(1), match.end(), singular(match[1])), match.end()
            elif noun:
                break
            else:
                place = known[0] if known else match.end()
        return noun

    def counted_before(self, flat: str, spaced: str, start: int) -> str | None:
        """Return the unit of what "the number of …" or "population" in the same clause counts."""
        if flat.endswith("of whom ", 0, start):
            return PERSON
        for match in _FORMS["counted"].finditer(flat, max(0, start - _BACK), start):
            if not _FORMS["clause_end"].search(flat, match.end(), start):
                noun = self.behind(spaced, match.end(), one=False, most=7)
                return noun.unit if noun else None
        return None


def _is_plural(words: str) -> bool:
    last = words.partition(" of ")[0].rpartition(" ")[2]
    regular = last.endswith("s") and last != "towards" and singular(last) != last
    return regular or last in ENGLISH_WORDS["plurals_without_s"]


#: Headings and items have numbers up to this.
_MARKS = 30


class EnglishNumbers:
    """Finds numbers with their unit and qualifier."""

    def __init__(self, words: QuantityWords, names: NameList) -> None:
        self._nouns = EnglishNouns(words)
        self._amounts = EnglishAmounts(words, self._nouns)
        self._qualifiers = QualifierTable(words)
        self._names = names

    def find(self, text: str, flat: str, taken: Taken, catchwords: Taken, given: UseOf) -> Iterator[FoundQuantity]:
        """Yield the quantities of a sentence, as written and levelled, leaving out what is `taken`.

        Number words inside `catchwords` (short quotations) are none. `given` gives the unit that a table or
        an indicator has for a place.
        """
        spaced = flat.replace("-", " ")
        done = 0
        last: FoundQuantity | None = None
        share: FoundQuantity | None = None
        label: tuple[int, bool] | None = None
        for number in NUMBERS_EN.find(flat):
            if label := self._label(flat, spaced, number, label):
                continue
            if number.start < done or not self._is_number(text, flat, number, taken, catchwords):
                continue
            amount = self._amounts.read(flat, spaced, number, taken, given)
            found = self._resumed(flat, amount, self._quantity(flat, spaced, amount, done), last)
            if found and last and found.unit is None and flat[done : found.start] == " from ":
                found = replace(found, unit=last.unit, kind=last.kind)  # to 65 percent from 60
            elif found and share and found.unit is None and self._rises(flat, share, found):
                found = replace(found, unit=share.unit, kind=share.kind)
            if found:
                done, last = found.end, found
                share = found if found.kind == "percent" else share
                yield found

    def _rises(self, flat: str, share: FoundQuantity, found: FoundQuantity) -> bool:
        """Whether a number without a noun is what a share rises or falls to: from 60 percent to 65."""
        return (found.kind == "count" and _FORMS["rises"].fullmatch(flat, share.end, found.start) is not None
                and _FORMS["lead"].search(flat, max(0, share.start - _BEFORE), share.start) is not None
                and _FORMS["ends"].match(flat, found.end) is not None)

    def _resumed(self, flat: str, amount: Amount, found: FoundQuantity | None,
                 last: FoundQuantity | None) -> FoundQuantity | None:  # fmt: skip
        """Return a quantity with the unit of the one before it where it takes up that: 21 have …, 1,200 new ones."""
        if last is None or last.kind != "count":
            return found
        resumes = _FORMS["resumes"].match(flat, amount.end) is not None
        if found is None and resumes and amount.number.spelled and not amount.number.is_one:
            found = amount.quantity(amount.start, amount.end, None, "")
        taken_up = found is not None and found.kind == "count" and (found.unit == "one" or (resumes and not found.unit))
        return replace(found, unit=last.unit) if found and taken_up else found

    def _is_number(self, text: str, flat: str, number: Number, taken: Taken, catchwords: Taken) -> bool:
        """Whether a number is no part of a name, a code, a time of day, or "one in five"; no list mark either."""
        start, end = number.start, number.end
        if taken.overlaps(start, end) or self._names.holds(flat, start, end):
            return False
        if _FORMS["one_in"].search(flat, max(0, start - 16), start):
            return False
        if number.spelled:
            return not catchwords.overlaps(start, end) and not _is_name(text, start, end)
        money = currency_before(self._amounts.currencies, flat, start, number.values[0])
        return not ((flat[start] != "−" and not money and _glued(flat, start))
                    or _FORMS["no_quantity_behind"].match(flat, end) or _is_mark(text, flat, number))  # fmt: skip

    def _label(self, flat: str, spaced: str, number: Number,
               before: tuple[int, bool] | None) -> tuple[int, bool] | None:  # fmt: skip
        """Return the end of a number that belongs to a label, and whether the label is in the plural; None of others.

        Besides Article 5 these are numbers that go on from one `before`: 5(2)(a), pages 12 to 15, Articles 3 and 5.
        """
        many = self._names.label(flat, number.start - flat.startswith("(", max(0, number.start - 1)))
        if many is None and before:
            sign = _FORMS["label_goes_on"].fullmatch(flat, before[0], number.start)
            many = before[1] if sign and (before[1] or not sign["list"]) else None
        unlabelled = many is None or number.spelled or number.scaled
        if many is None or unlabelled or (many and self._nouns.behind(spaced, number.end, one=False, most=1)):
            return None
        return number.end, many

    def unit_of(self, words: str) -> Use | None:
        """Return what a unit that stands apart makes of a number: %, million people, US$ billion, 10,000 persons."""
        flat = fold(words, keep_dashes=True)
        money = self._amounts.currencies.at(flat, 0)
        place = skip_spaces(flat, money[0]) if money else 0
        flat = flat if flat[place : place + 1].isdigit() else f"{flat[:place]} 1 {flat[place:]}"
        number = next(NUMBERS_EN.find(flat), None)
        if number is None:
            return None
        amount = self._amounts.read(flat, flat.replace("-", " "), number, Taken([]), lambda *_: None)
        if not amount.use and (not number.scaled or flat[amount.end :].strip()):
            noun = self._nouns.behind(flat, amount.end, one=False, most=1)
            return Use(noun.unit, factor=amount.values[0]) if noun and noun.end == len(flat) else None
        return amount.whole(flat)

    def counts(self, flat: str, year: FoundQuantity) -> bool:
        """Whether what looks like a year counts what stands behind it: 2000 homes, but not in 2000 homes …."""
        spaced, place = flat.replace("-", " "), year.end
        if not flat.startswith(" ", place) or year.end - year.start != len("2000"):
            return False
        unit = self._amounts.units.at(spaced, place + 1)
        if unit and unit[1].unit not in DURATIONS | ENGLISH_WORDS["in_numbers"]:
            return True
        noun = self._nouns.behind(spaced, place, one=False, most=1)
        if noun is None or noun.unit not in ENGLISH_WORDS["in_numbers"]:
            return False
        after = _FORMS["noun_word"].match(flat, noun.end)
        ends = after is None or after[1] in _OPENING or after[1].endswith("ed")  # no 2024 jobs report
        return ends and not _FORMS["dates"].search(flat, max(0, year.start - 14), year.start)

    def _quantity(self, flat: str, spaced: str, amount: Amount, done: int) -> FoundQuantity | None:
        """Return an amount with its qualifiers and its noun; None where it is no quantity.

        `done` is where the quantity before it ends: "0.5 fewer than ten years ago" compares.
        """
        before = self._qualifiers.before(flat, amount.start)
        if before and done and done >= skip_spaces_back(flat, before.place):
            before = None
        close = self._close_behind(flat, amount.number.end)
        end, unit = amount.end, amount.use.unit if amount.use else None
        if amount.use is None:
            end = close.place if close else end
            unit, reach = self._noun(flat, spaced, amount.start, amount.noun or end, one=amount.values[0] == 1,
                                      near=bool(close))  # fmt: skip
            end = end if amount.noun else reach
        if not self._counts(flat, amount, unit, before):
            return None
        behind = close if close and not amount.use else self._qualifiers.behind(flat, end, None)
        start = before.place if before else amount.start
        qualifier = before.qualifier if before else behind.qualifier if behind else ""
        return amount.quantity(start, max(end, behind.place) if behind else end, unit, qualifier)

    def _noun(self, flat: str, spaced: str, start: int, end: int, *, one: bool, near: bool) -> tuple[str | None, int]:
        """Return the unit that the noun behind makes, and where the quantity ends: with a noun that follows at once."""
        noun = self._nouns.behind(spaced, end, one=one, most=1 if near else 7)
        if noun is None:
            return self._nouns.counted_before(flat, spaced, start), end
        return noun.unit, noun.end if not flat[end : noun.start].strip(" -") else end

    def _close_behind(self, flat: str, end: int) -> Qualified | None:
        """Return the qualifier between a number and its noun: 300+, 500-plus, 60-odd, 50 or more."""
        if flat.startswith("+", end):
            return Qualified(end + 1, "over")
        place = end + 1 if flat.startswith(("-plus", "-odd"), end) else end
        return self._qualifiers.behind(flat, place, None)

    def _counts(self, flat: str, amount: Amount, unit: str | None, before: Qualified | None) -> bool:
        """Whether a number is a quantity: "one" is mostly an article or pronoun, "two" alone mostly a pronoun."""
        number, use = amount.number, amount.use
        if number.share:
            return _is_share(flat, number, before is not None)
        if number.is_one and len(amount.values) == 1:
            return use is not None and (use.one or before is not None or flat.endswith("by ", 0, number.start))
        if flat.startswith("-", number.end) and use is None and not flat.startswith(("-plus", "-odd"), number.end):
            return False  # two-way, five-level
        if number.spelled:
            return use is not None or unit is not None or number.scaled
        return use is not None or not is_letter(flat[number.end : number.end + 1] or " ")


def _glued(flat: str, start: int) -> bool:
    """Whether digits belong to a code before them (G20, PM2.5, COVID-19); a word glued to them is none (for60%)."""
    before = flat[max(0, start - 20) : start]
    last, previous = before[-1:], before[-2:-1]
    if last == ".":
        return previous.isdigit()
    if last in ("+", "#", "/", ":", "_", "'"):
        return previous != " "
    if last == "-":
        return previous.isalnum()
    letters = len(before) - len(before.rstrip("abcdefghijklmnopqrstuvwxyz"))
    return 0 < letters < 3


def _is_mark(text: str, flat: str, number: Number) -> bool:
    """Whether a number is a mark of an item, a heading (4. …, (1) …, 1 Urban renewal) or a note ([3], homes.3)."""
    start, end = number.start, number.end
    if _FORMS["note_before"].search(flat, max(0, start - 16), start) and _FORMS["note_behind"].match(flat, end):
        return True
    if _FORMS["part_before"].search(flat, max(0, start - 2), start) and flat.startswith(")", end):
        return True
    if _FORMS["note_glued"].search(flat, max(0, start - 2), start) and _FORMS["capital"].match(text, end):
        return True
    if start > 3 or flat[:start].strip(" ("):
        return bool(_FORMS["item_before"].search(flat, max(0, start - 6), start)) and flat.startswith(") ", end)
    if _FORMS["list_mark"].match(flat) or flat.startswith(")", end):
        return True
    heading = _FORMS["heading_mark"].match(text)
    if heading is None or number.values[0] > _MARKS:
        return False
    return "." in flat[start:end] or not _FORMS["closed"].search(text) or heading[1].lower() in _OPENING


def _is_name(text: str, start: int, end: int) -> bool:
    """Whether a number word is capitalised inside a sentence, before another capital: Three Gorges."""
    if not text[start].isupper() or not text[end + 1 : end + 2].isupper():
        return False
    before = text[max(0, start - 4) : start].strip(" \"'“(")
    return bool(before) and before[-1] not in ".:!?-–—"


def _is_share(flat: str, number: Number, qualified: bool) -> bool:
    """Whether words like half and a third are shares: half of them, more than half, not "the second half"."""
    if _FORMS["other"].search(flat, max(0, number.start - 10), number.start):
        return False
    if flat[number.start : number.end] == "half":
        return bool(qualified or _FORMS["half_of"].match(flat, number.end))
    return bool(_FORMS["part_of"].match(flat, number.end))


def _day(match: re.Match[str]) -> Iterator[FoundQuantity]:
    """Yield the date of a match, and the last day where it names one (May 4-6)."""
    name = (match["month"] or match["month2"] or match["month3"])[:3]
    month = next(n for n, month in enumerate(_MONTHS, 1) if month.startswith(name))
    day, named = match["day"] or match["day2"], match["year"] or match["year2"] or match["year3"]
    year = int(named) if named else None
    if match["last"]:
        yield from dated(match.start(), match.end("day"), year, month, int(day))
        yield from dated(match.start("last"), match.end(), year, month, int(match["last"]))
    else:
        yield from dated(*match.span(), year, month, int(day) if day else None)


CALENDAR_EN = CalendarReader(_FORMS["calendar"], lambda words: int(words[-4:]), _day)
