"""Reading numbers as English texts write them: 1.2 million, nine, one hundred and twenty, a third, half a million.

Number words are read by the text2num library (Allo-Media).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from text_to_num import text2num

from policybook.coding.quantities.grammar_en import ONES, TENS
from policybook.coding.quantities.number import LONGEST, Number, percent_of

_SCALES = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12, "dozen": 12}
_SHORT = {"bn": 10**9, "mn": 10**6, "tn": 10**12, "mln": 10**6, "bln": 10**9, "trn": 10**12}
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}

ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d{1,3}(?: \d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?"
_WORD = f"(?:{'|'.join(sorted([*ONES, *TENS, *_SCALES], key=len, reverse=True))})"
_SCALE = f"(?:{'|'.join(_SCALES)})"
_AND = r"(?:(?<=hundred)|(?<=thousand)|(?<=million)) {1,2}and {1,2}"
_FRACTION = "|".join(f"{part}s?" for part in _PARTS if part != "half")
WORDS = rf"(?:half an? (?={_SCALE}\b)|an? (?={_SCALE}\b))?{_WORD}(?:(?:{_AND}| {{1,2}}|-){_WORD}(?![a-z]))*"
NUMBER = re.compile(
    rf"(?<![a-z-])(?P<top>one|two|three|four|five|six|seven|eight|nine|a|an)[ -](?P<bottom>{_FRACTION}|half)(?![a-z-])"
    r"|(?<![\d/.])(?P<over>\d)/(?P<under>\d{1,2})(?![\d/.])"
    r"|(?<![a-z-])(?P<half>half)(?= (?:of|the)\b)"
    rf"|(?P<arabic>{ARABIC})(?: ?-?(?P<scale>{_SCALE}|{'|'.join(_SHORT)})(?![a-z]))?"
    rf"|(?<![a-z])(?P<words>{WORDS})(?!(?!fold)[a-z])"
)


def find_numbers(text: str) -> Iterator[Number]:
    """Yield every number of a levelled text, in order; runs too long for a number are left out."""
    for match in NUMBER.finditer(text):
        number = _read(match)
        if number:
            yield number


def number_at(text: str, start: int) -> Number | None:
    """Return the number that begins at `start`."""
    match = NUMBER.match(text, start)
    return _read(match) if match else None


def _read(match: re.Match[str]) -> Number | None:
    start, end = match.span()
    if match["bottom"]:
        top = Decimal(1) if match["top"] in ("a", "an") else Decimal(ONES.index(match["top"]) + 1)
        return _share(start, end, top, Decimal(_PARTS[match["bottom"].removesuffix("s")]))
    if match["over"]:
        return _share(start, end, Decimal(match["over"]), Decimal(match["under"]))
    if match["half"]:
        return Number(start, end, (Decimal(50),), spelled=True, share=True)
    if match["arabic"]:
        digits, scale = match["arabic"], match["scale"]
        if len(digits) > LONGEST:
            return None
        times = _SCALES.get(scale) or _SHORT[scale] if scale else 1
        value = Decimal(digits.replace(",", "").replace(" ", "")) * times
        return Number(start, end, (value,), scaled=times > 100, precise=not digits.isdigit())
    spelled = read_words(match["words"])
    return None if spelled is None else Number(start, end, (spelled,), spelled=True, scaled=spelled >= 10_000)


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
    while tokens[-1] in ("trillion", "dozen"):  # the library does not know them
        times *= _SCALES[tokens.pop()]
    try:
        return Decimal(text2num(" ".join(tokens), "en")) * times
    except ValueError:
        return None
