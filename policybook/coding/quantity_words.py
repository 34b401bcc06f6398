"""Units, qualifiers and nouns of data/lexicon/quantities.yml, and the amounts that numbers make with them."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, TypeVar

from pydantic import Field, StringConstraints

from policybook.corpus.manifest import SLUG
from policybook.corpus.matching import FormTable, Phrases, is_letter, plurals, skip_spaces, skip_spaces_back
from policybook.corpus.scope import ScopeWords
from policybook.errors import InvalidDataError, Problem, raise_problems, suggest
from policybook.project import Project
from policybook.tables import FileModel, YamlFile

QuantityKind = Literal["percent", "money", "area", "count"]
QuantityForm = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
QuantityForms = list[QuantityForm]


class Unit(FileModel):
    """What a number is measured in, and the forms under which texts write it; without a unit, money of any currency."""

    unit: str | None
    kind: QuantityKind = "count"
    zh: QuantityForms = Field(default_factory=list)
    en: QuantityForms = Field(default_factory=list)
    before: QuantityForms = Field(default_factory=list)
    unless: QuantityForms = Field(default_factory=list)
    factor: float = Field(default=1, gt=0)
    one: bool = False
    qualified: bool = False
    power: int | None = None


class UnitMeasure(FileModel):
    """Chinese measure words, with the unit where no noun decides it."""

    zh: QuantityForms
    unit: str | None = None
    fixed: bool = False
    next: bool = False
    only: list[str] = Field(default_factory=list)


class Thing(FileModel):
    """Nouns that make a unit."""

    unit: str
    zh: QuantityForms = Field(default_factory=list)
    direct: QuantityForms = Field(default_factory=list)
    unless: QuantityForms = Field(default_factory=list)
    modifier: Literal["no", "inside", "everywhere"] = "no"
    en: QuantityForms = Field(default_factory=list)


class QualifierWords(FileModel):
    """Words that make a number inexact."""

    qualifier: Literal["about", "almost", "over", "at_least", "at_most", "under"]
    before: QuantityForms = Field(default_factory=list)
    before_scales: QuantityForms = Field(default_factory=list)
    after: QuantityForms = Field(default_factory=list)
    after_durations: QuantityForms = Field(default_factory=list)
    unless: QuantityForms = Field(default_factory=list)


class Names(FileModel):
    """Expressions with a number that are no quantities."""

    zh: QuantityForms = Field(default_factory=list)
    en: QuantityForms = Field(default_factory=list)
    patterns: QuantityForms = Field(default_factory=list)


class OrdinalWords(FileModel):
    """Words that make an ordinal a quantity."""

    zh: QuantityForms = Field(default_factory=list)
    ranks_zh: QuantityForms = Field(default_factory=list)
    en: QuantityForms = Field(default_factory=list)
    ranks_en: QuantityForms = Field(default_factory=list)


class Indicator(FileModel):
    """A statistical indicator and the forms under which texts name it."""

    id: str
    term_zh: str
    unit: str | None = None
    zh: QuantityForms = Field(default_factory=list)
    en: QuantityForms = Field(default_factory=list)


class NounPhrases(FileModel):
    """Words at which a Chinese noun phrase ends."""

    end_at: QuantityForms = Field(default_factory=list)
    unless: QuantityForms = Field(default_factory=list)


@dataclass(frozen=True)
class QuantityWords:
    """The whole file."""

    units: tuple[Unit, ...]
    measures: tuple[UnitMeasure, ...]
    things: tuple[Thing, ...]
    qualifiers: tuple[QualifierWords, ...]
    indicators: tuple[Indicator, ...]
    noun_phrases: NounPhrases
    names: Names
    ordinals: OrdinalWords
    carried_on: ScopeWords  # words that begin a further clause about the same indicator

    def units_zh(self) -> FormTable[Use | None]:
        """Return what may stand right behind a Chinese number; None for words that only begin like a unit."""

        def forms() -> Iterator[tuple[str, Use | None]]:
            for unit in self.units:
                yield from ((form, _use(unit)) for form in unit.zh)
            for measure in self.measures:
                use = Use(measure.unit, measure=not measure.fixed, only=frozenset(measure.only), next=measure.next)
                yield from ((form, use) for form in measure.zh)
            for thing in self.things:
                yield from ((form, Use(thing.unit, noun=True)) for form in thing.direct)
            yield from ((form, None) for unit in self.units for form in unit.unless)
            yield from ((form, None) for thing in self.things for form in thing.unless)

        return FormTable(forms())

    def nouns_zh(self) -> FormTable[Thing | str]:
        """Return the Chinese nouns that make a unit; "end" at words that end a noun phrase, "word" at other self."""

        def forms() -> Iterator[tuple[str, Thing | str]]:
            for thing in self.things:
                yield from ((form, thing) for form in (*thing.zh, *thing.direct))
            yield from ((form, "end") for form in self.noun_phrases.end_at)
            yield from ((form, "word") for thing in self.things for form in thing.unless)
            yield from ((form, "word") for form in self.noun_phrases.unless)

        return FormTable(forms())

    def units_en(self) -> FormTable[Use]:
        """Return the English units, in the singular and the plural, hyphens as spaces."""
        return FormTable((form, _use(unit)) for unit in self.units for form in with_plurals(unit.en))

    def things_en(self) -> FormTable[str]:
        """Return the English nouns that make a unit, in the singular and the plural, hyphens as spaces."""
        return FormTable((form, thing.unit) for thing in self.things for form in with_plurals(thing.en))

    def units_by_name(self) -> dict[str, Use]:
        """Return what a number with each unit is, for numbers whose indicator names it."""
        named = {unit.unit: Use(unit.unit, unit.kind) for unit in reversed(self.units) if unit.unit}
        return {thing.unit: Use(thing.unit) for thing in self.things} | named

    def currencies(self) -> FormTable[Use]:
        """Return what stands in front of an amount instead of a unit behind it."""
        return FormTable((form, _use(unit)) for unit in self.units for form in unit.before)


QuantityModel = TypeVar("QuantityModel", bound=FileModel)


def load_quantity_words(project: Project) -> QuantityWords:
    """Read data/lexicon/quantities.yml.

    Raises InvalidDataError with every mistake: schema, ids or forms used twice, patterns without one N.
    """
    file = YamlFile.of(project, project.lexicon / "quantities.yml")
    if not isinstance(file.content, dict):
        raise InvalidDataError([file.problem([], "a mapping is expected.", "Restore the file.")])
    problems: list[Problem] = []
    words = QuantityWords(units=tuple(file.parse_entries("units", Unit, problems).values()),
                          measures=tuple(file.parse_entries("measures", UnitMeasure, problems).values()),
                          things=tuple(file.parse_entries("things", Thing, problems).values()),
                          qualifiers=tuple(file.parse_entries("qualifiers", QualifierWords, problems).values()),
                          indicators=tuple(file.parse_entries("indicators", Indicator, problems).values()),
                          noun_phrases=_mapping(file, "noun_phrases", NounPhrases, problems),
                          names=_mapping(file, "names", Names, problems),
                          ordinals=_mapping(file, "ordinals", OrdinalWords, problems),
                          carried_on=_mapping(file, "carried_on", ScopeWords, problems))  # fmt: skip
    problems += _unknown_keys(file)
    if not problems:  # places in the file are known only while every entry could be read
        problems += [*_repeated(file, words), *_wrong_patterns(file, words.names), *_wrong_ids(file, words.indicators)]
    raise_problems(problems)
    return words


def _mapping(file: YamlFile, key: str, model: type[QuantityModel], problems: list[Problem]) -> QuantityModel:
    return file.parse(model, file.mapping(key), [key], problems) or model()


def _unknown_keys(file: YamlFile) -> Iterator[Problem]:
    known = [field.name for field in fields(QuantityWords)]
    for key in file.content:
        if key not in known:
            yield file.problem([key], "no such field.", suggest(key, known))


def _repeated(file: YamlFile, words: QuantityWords) -> Iterator[Problem]:
    """Yield a problem for every form that two units claim, in front of a number, behind it, or as a noun."""
    owners: dict[tuple[str, str], str] = {}
    for where, n, field, form, unit in _claims(words):
        place = "before" if field == "before" else where
        owner = owners.setdefault((place, form.lower()), unit)
        if owner != unit:
            yield file.problem([where, n, field], f"the form {form!r} belongs to {owner!r} already.",
                               "Take it out of one of them.")  # fmt: skip


def _claims(words: QuantityWords) -> Iterator[tuple[str, int, str, str, str]]:
    for n, unit in enumerate(words.units):
        for field in ("zh", "en", "before"):
            yield from (("units", n, field, form, f"{unit.unit}") for form in getattr(unit, field))
    for n, thing in enumerate(words.things):
        for field in ("zh", "direct", "en"):
            yield from (("things", n, field, form, thing.unit) for form in getattr(thing, field))


def _wrong_patterns(file: YamlFile, names: Names) -> Iterator[Problem]:
    for n, pattern in enumerate(names.patterns):
        if pattern.count("N") != 1:
            yield file.problem(["names", "patterns", n], f"{pattern!r} is no pattern.",
                               "Write N, once, where the number stands.")  # fmt: skip


def _wrong_ids(file: YamlFile, indicators: Sequence[Indicator]) -> Iterator[Problem]:
    seen: set[str] = set()
    for n, indicator in enumerate(indicators):
        if not SLUG.fullmatch(indicator.id):
            fix = "Use lower-case letters, digits and hyphens."
            yield file.problem(["indicators", n, "id"], f"{indicator.id!r} is no id.", fix)
        if indicator.id in seen:
            yield file.problem(["indicators", n, "id"], f"{indicator.id!r} is used twice.", "Give each its own id.")
        seen.add(indicator.id)


#: Units of time that may follow a "last" without becoming "almost" (近三年), and that 内 may follow.
DURATIONS = frozenset({"year", "month", "week", "day", "hour", "minute"})
PERSON = "person"
#: Quantities of these belong to no indicator.
BESIDE_THE_POINT = DURATIONS | {"time", "quarter"}


_DISTANT = 14
_TEN = Decimal(10)
_CLAUSE_END = re.compile(r"[，。；：、,;:0-9]")


@dataclass(frozen=True)
class Use:
    """What a word behind a number makes of it.

    `one`: "one" before it is a number. `measure`: a noun decides the unit, of `only` some units where they are
    given, and with `next` the one right behind. `qualified`: it counts only with a
    qualifier. `noun`: a noun that needs no measure word.
    """

    unit: str | None
    kind: str = "count"
    factor: Decimal = Decimal(1)
    one: bool = False
    measure: bool = False
    only: frozenset[str] = frozenset()
    next: bool = False
    qualified: bool = False
    power: int | None = None
    noun: bool = False


@dataclass(frozen=True)
class Qualified:
    """A qualifier beside a number and the place where it begins (before) or ends (behind)."""

    place: int
    qualifier: str


def _use(unit: Unit) -> Use:
    return Use(unit.unit, unit.kind, Decimal(str(unit.factor)), unit.one, qualified=unit.qualified, power=unit.power)


#: What one or two letters before less than this make is a code (line R1), not money.
_CODES = 1_000


def currency_before(currencies: FormTable[Use], flat: str, place: int, value: Decimal) -> tuple[int, Use] | None:
    """Return the start and the currency of an amount of `value` that begins at `place`.

    A sign with letters before it that are no known currency (J$) is money of an unknown one.
    """
    found = currencies.ending(flat, skip_spaces_back(flat, place))
    name = flat[found[0] : place] if found else ""
    if value < _CODES and name.strip().isascii() and name.strip().isalpha() and len(name) <= len("rs"):
        return None
    if found and is_letter(flat[found[0] - 1 : found[0]] or " ") and not is_letter(flat[found[0]]):
        start = found[0]
        while start and is_letter(flat[start - 1]) and found[0] - start < len("xxx"):
            start -= 1
        return start, Use(None, "money")
    return found


def carried(first: Decimal, last: Decimal, times: Decimal) -> tuple[Decimal]:
    """Return the first of two numbers with what the last is multiplied by, where both are of about one size."""
    return (first * times if Decimal("0.1") < first * times / (last or 1) < _TEN else first,)


def with_plurals(forms: list[str]) -> Iterator[str]:
    """Yield each English form and its plurals, hyphens as spaces."""
    for form in forms:
        spaced = form.replace("-", " ")
        yield spaced
        yield from plurals(spaced)


class QualifierTable:
    """The words that make a number inexact."""

    def __init__(self, words: QuantityWords) -> None:
        self._words = words.qualifiers
        none: list[tuple[str, str | None]] = [(form, None) for one in self._words for form in one.unless]
        self._before = FormTable([*none, *((form, one.qualifier) for one in self._words for form in one.before)])
        self._after = FormTable([*none, *((form, one.qualifier) for one in self._words for form in one.after)])
        none += [(form, None) for one in self._words for form in one.after]  # 以上千亿元 is not 上千亿元
        self._scales = FormTable([*none, *((form, one.qualifier) for one in self._words for form in one.before_scales)])
        self._durations = FormTable((form, one.qualifier) for one in self._words for form in one.after_durations)
        distant = ((form, one.qualifier) for one in self._words if one.qualifier not in ("about", "almost")
                   for form in one.before if len(form) > 1 and not form.isascii())  # fmt: skip
        self._distant = sorted(distant, key=lambda pair: (-len(pair[0]), pair))

    def before(self, flat: str, start: int, *, scale: bool = False) -> Qualified | None:
        """Return the qualifier that ends in front of `start`; `scale`: a mere 百, 千, 万 or 亿 begins there."""
        found = (self._scales if scale else self._before).ending(flat, skip_spaces_back(flat, start))
        found = found or (self._before.ending(flat, skip_spaces_back(flat, start)) if scale else None)
        return Qualified(found[0], found[1]) if found and found[1] else None

    def behind(self, flat: str, end: int, unit: str | None) -> Qualified | None:
        """Return the qualifier that begins behind `end`."""
        place = skip_spaces(flat, end)
        found = self._after.at(flat, place)
        if found and found[1] and not flat.startswith(" than", found[0]):
            return Qualified(found[0], found[1])
        if unit in DURATIONS and (short := self._durations.at(flat, place)):
            return Qualified(*short)
        return None

    def a_little_before(self, flat: str, start: int) -> str | None:
        """Return the qualifier of a Chinese number some words on: 不超过总投资的30%, 最高补助5000万元, 至少建有1所."""
        window = flat[max(0, start - _DISTANT) : start]
        clause = _CLAUSE_END.split(window)[-1]
        for form, qualifier in self._distant:
            place = clause.rfind(form)
            between = clause[place + len(form) :]
            if place >= 0 and (between.endswith("的") or (len(between) <= 4 and qualifier in ("at_least", "at_most"))):
                return qualifier
        return None


#: A plain number, or an ISO date or document number.
Plain = int | float | str


@dataclass(frozen=True)
class FoundQuantity:
    """One quantity of a sentence: where it stands, its plain value, unit, qualifier, kind and indicator.

    `start` and `end` count code points of the sentence. `value` is a number with 万, 亿, million … multiplied out
    (of a percentage the number before %), a year, an ordinal, an ISO date as full as the text gives it (2024-08-29,
    2014-03, 03-30), a document number as it is written, or the two ends of a range.
    `indicator` is the Chinese term of the statistical indicator that the sentence names before it.
    """

    start: int
    end: int
    value: Plain | list[int | float]
    unit: str | None
    qualifier: str
    kind: str
    indicator: str | None = None


_GROUPED = re.compile(r"(?:\d{1,3}(?:[,']\d{3})+|\d{1,2}(?:,\d{2})+,\d{3}|\d{1,3}(?: \d{3})+|\d+)(?:\.\d+)?")
_COMMA = re.compile(r"(?:\d{1,3}(?: \d{3})+|\d+),\d{1,2}")


#: The largest power of ten that is read.
_LARGEST_POWER = 15
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def read_power(match: re.Match[str]) -> Decimal | None:
    """Return what a power of ten multiplies the digits of a match by (2 x 10^8), or has in their place (10⁸).

    The groups power and raised (and power2, raised2 where the 10 is the number itself) hold the exponent, and `lost`
    what may have been one. It is 1 where there is no power, and None where there is none that can be read.
    """
    power, own = match["power"] or match["raised"], match["power2"] or match["raised2"]
    exponent = int((power or own or "0").translate(_RAISED))
    if match["lost"] or exponent > _LARGEST_POWER or (own and match["arabic"] != "10"):
        return None
    return Decimal(10) ** (exponent - 1 if own else exponent)


def read_fraction(char: str | None) -> Decimal:
    """Return the value of ½ and the like; 0 without one."""
    return Decimal(str(round(unicodedata.numeric(char), 4))) if char else Decimal(0)


def read_digits(digits: str, *, comma: bool = False) -> Decimal | None:
    """Return the value of a whole run of digits, commas, points and spaces; None where it is no one number.

    12,345.6, 1,20,000 and 12 000 are grouped; 26,7 is a number with `comma` only, which says that a share or a scale
    follows it.
    """
    if len(digits) > LONGEST_NUMBER:
        return None
    if comma and _COMMA.fullmatch(digits):
        return Decimal(digits.replace(" ", "").replace(",", "."))
    return Decimal(re.sub("[, ']", "", digits)) if _GROUPED.fullmatch(digits) else None


#: The longest run of digits, or of Chinese numerals, that is read as a number; longer ones are codes.
LONGEST_NUMBER = 18


@dataclass(frozen=True)
class Number:
    """A number with its place in the text.

    `values` has two members where the words give a range by themselves (二三十). `more` is a qualifier that stands
    inside the number (三千多, 十来). `share` says that it is a percentage already (三分之一), `ratio` that it
    is said as one number of another (3 out of 5).
    """

    start: int
    end: int
    values: tuple[Decimal, ...]
    spelled: bool = False
    scaled: bool = False
    precise: bool = False
    headless: bool = False
    more: str = ""
    share: bool = False
    ratio: bool = False

    @property
    def is_one(self) -> bool:
        """Whether it is "one" in a word, which may be an article."""
        return self.spelled and len(self.values) == 1 and self.values[0] == 1

    @property
    def stands_alone(self) -> bool:
        """Whether it is a quantity also without a unit: large, written with decimals or separators, or a share."""
        return self.scaled or self.precise or self.share or bool(self.more)


@dataclass(frozen=True)
class NumberReader:
    """Finds numbers in levelled text by an expression; `read` says what a match is: none where it is no number."""

    form: re.Pattern[str]
    read: Callable[[re.Match[str]], Number | None]

    def find(self, text: str) -> Iterator[Number]:
        """Yield every number of a text, in order."""
        return (number for match in self.form.finditer(text) if (number := self.read(match)))

    def at(self, text: str, start: int) -> Number | None:
        """Return the number that begins at `start`."""
        match = self.form.match(text, start)
        return self.read(match) if match else None


def plain_number(value: Decimal) -> int | float:
    """Return a decimal as the int or the float that tables show."""
    rounded = round(value, 6)
    return int(rounded) if rounded == rounded.to_integral_value() else float(rounded)


def percent_of(part: Decimal, whole: Decimal) -> Decimal:
    """Return a fraction as a percentage, to two decimals unless it is exact."""
    share = part * 100 / whole
    return share if share == round(share, 4) else round(share, 2)


@dataclass(frozen=True)
class Noun:
    """A noun, where it stands, and the unit that it makes."""

    start: int
    end: int
    unit: str


def dated(start: int, end: int, year: int | None, month: int, day: int | None) -> Iterator[FoundQuantity]:
    """Yield a date as far as it is known (2024-08-29, 2014-03, 03-30); nothing where the calendar has no such day."""
    try:
        whole = date(year or 2000, month, day or 1).isoformat()  # 2000 has a 29 February
    except ValueError:
        return
    value = whole[: None if day else 7] if year else whole[5:] if day else ""
    if value:
        yield FoundQuantity(start, end, value, None, "exact", "date")


def year_range(start: int, end: int, first: int, last: int) -> Iterator[FoundQuantity]:
    """Yield a range of years; `last` may be given by its last two digits."""
    if last < 100:
        last += first - first % 100
    if first < last:
        yield FoundQuantity(start, end, [first, last], None, "exact", "year_range")


@dataclass(frozen=True)
class CalendarReader:
    """Finds years, ranges of years and dates in levelled text by an expression; a month, or a day, by itself is none.

    `number` reads a year, `day` what is neither years alone nor in the ISO's order (2024-08-29, 2024.8.29).
    """

    form: re.Pattern[str]
    number: Callable[[str], int]
    day: Callable[[re.Match[str]], Iterator[FoundQuantity]]

    def find(self, flat: str) -> Iterator[FoundQuantity]:
        """Yield what a text has of the calendar, in order."""
        for match in self.form.finditer(flat):
            found = match.groupdict()
            if found["fiscal"]:  # 2015/16, but 2015/06 is the year alone
                first, next_one = self.number(found["from"]), int(found["fiscal"])
                if next_one % 100 == (first + 1) % 100:
                    yield from year_range(*match.span(), first, next_one)
                else:
                    yield FoundQuantity(match.start(), match.end("from"), first, None, "exact", "year")
            elif found["from"]:
                last = found["to"] or found.get("and", "")
                yield from year_range(*match.span(), self.number(found["from"]), self.number(last))
            elif found["alone"]:
                yield FoundQuantity(*match.span(), self.number(found["alone"]), None, "exact", "year")
            elif found["iso_year"]:
                yield from dated(*match.span(), *(int(found[part]) for part in ("iso_year", "iso_month", "iso_day")))
            else:
                yield from self.day(match)


#: Gives the unit that a table, or for a large number its indicator, has for a number at a place.
UseOf = Callable[[int, bool], Use | None]

FOLD = Use("fold", one=True)
PERCENT = Use("percent", "percent", one=True)


@dataclass(frozen=True)
class Amount:
    """A number with its unit: where it stands, one value or the two ends of a range, and what stands behind it.

    `more` is the qualifier inside it (三千多, 五年多). `number` is what was read first; `noun` is where
    its noun is looked for, if not right behind.
    """

    start: int
    end: int
    values: tuple[Decimal, ...]
    number: Number
    use: Use | None
    more: str = ""
    noun: int | None = None

    def quantity(self, start: int, end: int, unit: str | None, qualifier: str) -> FoundQuantity:
        """Return the quantity of this amount, from `start` to `end`."""
        values = [plain_number(self._multiplied(value)) for value in self.values]
        if len(values) > 1:
            return FoundQuantity(start, end, values, unit, "range", self.kind)
        return FoundQuantity(start, end, values[0], unit, qualifier or "exact", self.kind)

    def whole(self, flat: str) -> Use | None:
        """Return what this amount is per one, where it is all that a text says (a rate: 元/人); None elsewhere."""
        if self.start > 1 or (self.end < len(flat.rstrip()) and flat[self.end : self.end + 1] not in ("/", "每")):
            return None
        use = self.use or Use(None)
        plain = use.noun or (use.unit is None and use.kind == "count" and not self.number.scaled)
        return None if plain or len(self.values) > 1 else Use(use.unit, use.kind, self._multiplied(self.values[0]))

    def plus_half(self) -> Amount:
        """Return this amount and a half, with the 半 behind it (五年半)."""
        return replace(self, end=self.end + 1, values=tuple(value + Decimal("0.5") for value in self.values))

    def _multiplied(self, value: Decimal) -> Decimal:
        if self.use and self.use.power:
            return Decimal(self.use.power) ** value
        return value * self.use.factor if self.use else value

    @property
    def kind(self) -> str:
        """The kind of quantity that the unit makes."""
        return self.use.kind if self.use else "count"


_QUOTED = re.compile(r"[“\"‘「『]([^“”\"‘’「」『』，。；：]{1,40})[”\"’」』]")
#: The longest quotation that is a catchword and not speech, in Chinese characters and in English words.
_HAN_CATCHWORD, _ENGLISH_CATCHWORD = 12, 5


class Taken:
    """Stretches of one text, for asking whether a place lies in one of them."""

    def __init__(self, stretches: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(stretches)
        self._starts = [start for start, _ in ordered]
        self._reach: list[int] = []  # the furthest end of all stretches up to here
        for _, end in ordered:
            self._reach.append(max(end, self._reach[-1] if self._reach else 0))

    def overlaps(self, start: int, end: int) -> bool:
        """Whether any stretch shares a character with `start`–`end`."""
        before = bisect_right(self._starts, end - 1)
        return before > 0 and self._reach[before - 1] > start


class NameList:
    """Expressions with a number that are no quantities: fixed ones, and patterns around a number."""

    def __init__(self, names: Names) -> None:
        self._fixed = {"zh": Phrases((name, name) for name in (*names.zh, *names.en)),
                       "en": Phrases(((name, name) for name in names.en), with_plurals=True)}  # fmt: skip
        labels = [one.removesuffix(" N").lower() for one in names.patterns if one.endswith(" N") and one.isascii()]
        self._labels = FormTable([*((one, False) for one in labels),
                                  *((form, True) for one in labels for form in plurals(one))])  # fmt: skip
        # by the last letter before the number ("" where the pattern begins with it) and one or two behind it
        self._around: dict[tuple[str, str], list[tuple[str, re.Pattern[str] | None]]] = {}
        for before, behind in (pattern.replace("N", "#").lower().split("#") for pattern in names.patterns):
            key = (before.rstrip()[-1:], _key(behind.partition("…")[0][:2]))
            self._around.setdefault(key, []).append((before, _pattern(behind) if behind else None))

    def label(self, flat: str, start: int) -> bool | None:
        """Return whether the label in front of a number is in the plural (pages 12, Articles 3); None without one."""
        found = self._labels.ending(flat, skip_spaces_back(flat, start, most=1))
        return found[1] if found else None

    def stretches(self, text: str, language: str) -> list[tuple[int, int]]:
        """Return where the fixed names stand in a text."""
        return [(match.start, match.end) for match in self._fixed[language].find(text)]

    def holds(self, flat: str, start: int, end: int, *, ordinal: bool = False) -> bool:
        """Whether the number from `start` to `end` of a levelled text stands in one of the patterns.

        Of an ordinal, whose number stands behind 第, only the patterns with words before the number are asked.
        """
        letter = flat[max(0, start - 2) : start].rstrip()[-1:]
        following = _key(flat[end : end + 2])
        keys = [(letter, following), (letter, following[:1]), (letter, "")] if letter else []
        if not ordinal:
            keys += [("", following), ("", following[:1])]
        return any(_ends_with(flat, start, before) and (behind is None or behind.match(flat, end) is not None)
                   for key in dict.fromkeys(keys) for before, behind in self._around.get(key, ()))  # fmt: skip


def _key(chars: str) -> str:
    return chars.replace("-", " ")


def _pattern(words: str) -> re.Pattern[str]:
    """Return a pattern for what stands behind a number; … is up to six Chinese characters or three words."""
    english = is_letter(words[-1])
    written = "[ -]".join(re.escape(part) for part in re.split("[ -]", words))
    few = r"(?: [\w'-]+){0,3}" if english else r"[\u4e00-\u9fff]{0,6}"
    return re.compile(written.replace("[ -]…", few).replace("…", few) + (r"(?:s?\b)" if english else ""))


def _ends_with(flat: str, place: int, words: str) -> bool:
    start = place - len(words)
    if start < 0 or not flat.startswith(words, start):
        return False
    return not (words and start and is_letter(words[0]) and is_letter(flat[start - 1]))


def quoted_catchwords(text: str) -> list[tuple[int, int]]:
    """Return the short quotations of a text: “三严三实”, “5+9”, "six guarantees"."""
    return [match.span() for match in _QUOTED.finditer(text) if _is_short(match[1])]


def _is_short(quoted: str) -> bool:
    if any("\u4e00" <= char <= "\u9fff" for char in quoted):
        return len(quoted) <= _HAN_CATCHWORD
    return len(quoted.split()) <= _ENGLISH_CATCHWORD
