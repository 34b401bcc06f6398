"""From the bytes of a text to its characters: what encoding it is in, and how sure that is."""

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache

from resiliparse.parse.encoding import detect_encoding

from policybook.errors import UnreadableDocumentError, many
from policybook.reading.received import LISTS, RefusedError

_AGAIN = "get the text again from where it came"
_TRANSLATION = "give the text in Chinese or English"
_REMEDY = "save its text as UTF-8 and try again"
_MARKS = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF8, "utf-8-sig"),
          (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
#: Legacy encodings that are tried, with the codecs that read them, the stricter first.
_LEGACY = {"gb18030": ("gb18030",), "big5": ("cp950", "big5hkscs")}
_WESTERN = frozenset("\xa0‘’“”–—…•·é£€©®™°§×ñçèüöäáíóúàâêîôûëïßÉ")
_SAMPLE = 200_000  # bytes: enough to tell encodings apart
_CONTROLS = 0.02  # a text with a larger share of control characters is no text
_PLAUSIBLE = 0.3  # what prose reaches even in rare words, and wrong decodings do not
_DOUBTFUL = 0.5
_LOST = 0.02  # share of characters that may be lost before a text is refused
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_XML_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_PUNCTUATION = frozenset("，。、；：？！“”‘’（）《》〈〉「」『』【】—…·　％～－－")


@dataclass(frozen=True)
class Decoded:
    """Characters, the encoding they were in, what is doubtful about that, and why they are not to be used."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()
    unfit: str = ""


def decode_bytes(content: bytes) -> Decoded:
    """Return the characters of a text file or a web page.

    Tried in order: byte-order marks, UTF-16 without one, UTF-8, GB18030 and Big5 by what the characters look like,
    Windows-1252 for English. What a page declares of itself is a witness, never the judge.
    Raises RefusedError when the bytes are no text or fit none of these.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark) and not (encoding == "utf-32" and len(content) % 4):
            return _checked(_unicode(content, encoding))
    if b"\x00" in content[:_SAMPLE] or _looks_utf16(content):
        return _checked(_without_mark(content))
    stated = _declared_encoding(content)
    declared = _canonical(stated)
    try:
        decoded = Decoded(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        decoded = _damaged_utf8(content) or _legacy(content, declared)
    checked = _checked(_contradicted(decoded, stated))
    text, warnings, unfit = unscramble(checked.text)
    return Decoded(text, checked.encoding, (*checked.warnings, *warnings), unfit)


def as_utf8(content: bytes, name: str) -> bytes:
    """Return a table as UTF-8 that a spreadsheet has saved in another encoding (GBK, UTF-16, …).

    `name` is what messages call it. Raises UnreadableDocumentError where it is no text.
    """
    with suppress(UnicodeDecodeError):
        content.decode("utf-8")
        return content
    try:
        decoded = decode_bytes(content)
    except RefusedError as error:
        raise UnreadableDocumentError(f"{name}: {error}") from None
    if decoded.unfit:
        raise UnreadableDocumentError(f"{name}: {decoded.unfit}")
    return decoded.text.encode("utf-8")


def _unicode(content: bytes, encoding: str) -> Decoded:
    text = content.decode(encoding, "replace")
    if lost := text.count("\ufffd"):
        if lost > max(1, len(text) * _LOST):
            name = encoding.upper().removesuffix("-SIG")
            raise RefusedError(f"it begins like {name} but its bytes are not {name} text", _REMEDY)
        return Decoded(text, encoding, (_lost(lost, encoding),))
    return Decoded(text, encoding)


def _without_mark(content: bytes) -> Decoded:
    found: list[tuple[float, str, str]] = []
    for encoding in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        sample = text[:_SAMPLE]
        if "\x00" not in sample and _control_share(sample) <= _CONTROLS:
            found.append((_prose(sample), encoding, text))
    score, encoding, text = max(found, default=(0.0, "", ""))
    if score < _PLAUSIBLE:
        raise RefusedError("it holds NUL bytes, so it is not plain text", _REMEDY)
    return Decoded(text, encoding, (f"No byte-order mark; read as {encoding.upper()} by what the text looks like.",))


def _looks_utf16(content: bytes) -> bool:
    """Tell whether bytes without any NUL (Chinese only) make better sense as UTF-16 than as anything else."""
    sample = content[:_SAMPLE]
    if len(content) % 2 or sample.isascii() or _is_utf8(sample):
        return False
    best = max(_prose(sample.decode(one, "replace")) for one in ("utf-16-le", "utf-16-be"))
    rival = max(_prose(sample.decode(one, "replace")) for one in _LEGACY)
    return best > max(0.45, rival + 0.2)


def _damaged_utf8(content: bytes) -> Decoded | None:
    """Decode UTF-8 with a few bytes wrong, or cut off in its last character; None when it is something else."""
    text = content.decode("utf-8", "replace")
    lost = text.count("\ufffd") - content.count(b"\xef\xbf\xbd")
    sound = len(text) - len(text.encode("ascii", "ignore")) - lost
    if sound < 4 * lost:
        return None
    return Decoded(text, "utf-8", (_lost(lost, "utf-8"),))


def _legacy(content: bytes, declared: str) -> Decoded:
    if western := _western(content):
        return western
    sample = content[:_SAMPLE]
    if _is_japanese(sample):
        raise RefusedError("it is Japanese text in EUC-JP", _REMEDY)
    guess = _canonical(detect_encoding(content, html5_compatible=False) or "")
    found: list[tuple[float, str, str]] = []
    for encoding, codec in ((name, codec) for name, all_codecs in _LEGACY.items() for codec in all_codecs):
        text = sample.decode(codec, "replace")
        high = sum(1 for character in text if character > "\x7f") or 1
        score = _plausibility(text) - 10 * max(0, text.count("\ufffd") - 1) / high
        witnesses = 0.05 * (guess == encoding) + 0.05 * (declared == encoding)
        found.append((score + witnesses, encoding, codec))
    score, encoding, codec = max(found, key=lambda one: one[0])
    if score < _PLAUSIBLE:
        raise RefusedError("its bytes are text in none of UTF-8, UTF-16, GB18030 and Big5", _REMEDY)
    text = content.decode(codec, "replace")
    doubt = ", and its characters look unusual" if score < _DOUBTFUL else ""
    stated = f"The encoding is not stated; read as {encoding.upper()} by guess{doubt}."
    warnings = [] if declared == encoding else [stated]
    if declared and declared != encoding:
        warnings = []  # the contradiction is said instead
    if lost := text.count("\ufffd"):
        warnings.append(_lost(lost, encoding))
    return Decoded(text, encoding, tuple(warnings))


def _western(content: bytes) -> Decoded | None:
    """Decode English with single bytes of Windows-1252 in it, such as its quotation marks."""
    high = re.findall(rb"[\x80-\xff]+", content[:_SAMPLE])
    if not high or max(map(len, high)) > 3 or len(b"".join(high)) > 0.05 * len(content[:_SAMPLE]):
        return None
    # In GB18030 and Big5 characters stand side by side, so runs of even length would be the rule.
    if sum(len(run) == 1 for run in high) < 0.8 * len(high) or not set(
        b"".join(high).decode("cp1252", "replace")
    ) <= set(_WESTERN):
        return None
    text = content.decode("cp1252", "replace")
    return Decoded(text, "cp1252", ("The encoding is not stated; read as WINDOWS-1252 by guess.",))


def _is_japanese(sample: bytes) -> bool:
    """Tell whether bytes are EUC-JP: its kana are Big5's most frequent characters."""
    text = sample.decode("euc_jp", "replace")
    high = len(text) - len(text.encode("ascii", "ignore"))
    kana = sum("\u3041" <= character <= "\u30fe" for character in text)
    return text.count("\ufffd") <= 1 and kana > 0.25 * high


def _checked(decoded: Decoded) -> Decoded:
    """Return what was decoded when it is text. Raises RefusedError for binary content and for blank text."""
    text = decoded.text
    if "\x00" in text:
        raise RefusedError("it holds NUL bytes, so it is not plain text", _REMEDY)
    if _control_share(text) > _CONTROLS:
        raise RefusedError("it is binary data and not text", _REMEDY)
    if not text.strip("\ufeff\ufffd \t\r\n\v\f\u3000\u200b\xa0\x85\u2028\u2029"):
        raise RefusedError("the file holds no text", "give a file that holds text")
    already = text.count("\ufffd")
    if already and not any("U+FFFD" in warning for warning in decoded.warnings):
        lost = f"{many(already, 'character')} had been lost before the file was received (U+FFFD)."
        return Decoded(text, decoded.encoding, (*decoded.warnings, lost))
    return decoded


def _contradicted(decoded: Decoded, stated: str) -> Decoded:
    actual = _canonical(decoded.encoding)
    if not stated or _canonical(stated) == actual or decoded.text.isascii():
        return decoded
    warning = f"The page declares the encoding {stated.upper()} but is in {actual.upper()}, and was read as that."
    return Decoded(decoded.text, decoded.encoding, (warning, *decoded.warnings))


# A text that somebody read in the wrong encoding and saved again (mojibake): its characters are rubbish that is exactly
# what the bytes of good Chinese give in another encoding, which no text is by chance.
_BYTE_OF = {n: n for n in range(256)} | {ord(bytes([n]).decode("cp1252", "replace")): n for n in range(0x80, 0x100)}
_BYTES_AS_LETTERS = re.compile("[" + "".join(map(chr, sorted(set(_BYTE_OF) - set(range(0x80)) - {0xFFFD}))) + "]{2,}")
_QUOTES_AS_HAN = re.compile("鈥[\u4e00-\u9fff]")
_TAKEN_FOR = ("cp1252", "gb18030", "big5", "mac_roman", "cp437", "cp866", "koi8_r")
_PUT_RIGHT = re.compile("[ -~\u00a0-\u024f\u2010-\u2122\u3000-\u9fff\uff00-\uffef]+")
_REALLY = ("utf-8", "gb18030", "big5")
_ENOUGH_TO_TELL = 5_000
#: Fewer characters that are not ASCII do not show a wrong encoding.
_ENOUGH = 8
#: A wrong encoding that left more than this share of the characters unreadable is not certain.
_MOSTLY_LOST = 0.4
#: A text that lost no more than this share in it is still read, with a warning.
_STILL_READ = 0.1


def unscramble(text: str) -> tuple[str, tuple[str, ...], str]:
    """Return a text as it was before it was read in a wrong encoding and saved so, and a warning if it was.

    Where that cannot be undone because characters were lost, it is left as it is, and a sentence says so.
    """
    told, text = text, _ESCAPES.sub(_unescaped, text)
    escaped = ("Its characters were written as escapes (\\u57ce), and were put right.",) if told != text else ()
    if text.isascii():
        return text, escaped, ""
    unfit, before = "", text.count("\ufffd")
    mended = _QUOTES_AS_HAN.sub(_undone("gb18030"), _BYTES_AS_LETTERS.sub(_undone("cp1252"), text))
    text, found = mended, {("cp1252", "utf-8")} if mended != text else set[tuple[str, str]]()
    whole = _is_scrambled(text[:_SAMPLE]) and _reread(text)
    pieces = [text] if whole else text.split("\n")
    for n, piece in enumerate(pieces):
        if _is_scrambled(piece) and (better := _reread(piece)):
            meant, wrong, right, lost = better
            if lost > _STILL_READ:
                unfit = (f"{right.upper()} text was wrongly read as {_name(wrong)} and saved, "
                         f"which lost some of its characters; {_AGAIN}.")  # fmt: skip
                continue
            pieces[n] = meant
            found.add((wrong, right))
    text = "\n".join(pieces)
    named = " and ".join(f"{right.upper()} wrongly read as {_name(wrong)}" for wrong, right in sorted(found))
    gone = text.count("\ufffd") - before
    loss = f" except for {many(gone, 'character')} lost by that" if gone > 0 else ""
    garbled = f"The text was garbled before it was received ({named}), and was put right{loss}."
    return text, (*escaped, garbled) if found else escaped, unfit


#: Characters as programs write them, each a backslash, u and four digits.
_ESCAPES = re.compile(r"(?:\\u[0-9a-fA-F]{4}){2,}")


def _unescaped(run: re.Match[str]) -> str:
    return bytes.fromhex(run.group().replace("\\u", "")).decode("utf-16-be", "replace")


def _undone(wrong: str) -> Callable[[re.Match[str]], str]:
    def put(run: re.Match[str]) -> str:
        meant = _bytes_of(run.group(), wrong).decode("utf-8", "replace")
        return meant if _PUT_RIGHT.fullmatch(meant) else run.group()

    return put


def _bytes_of(text: str, encoding: str, gap: bytes = b"") -> bytes:
    """Return the bytes of a text, `gap` for what was lost: GB18030 has bytes for that, two of them digits."""
    if encoding == "cp1252":
        return codecs.charmap_encode(text, "replace", _BYTE_OF)[0]
    return gap.join(part.encode(encoding, "replace") for part in text.split("\ufffd"))


def _is_scrambled(text: str) -> bool:
    """Tell whether the characters of a text that are no ASCII are hardly those of any prose."""
    high = re.sub(r"[\x00-\x7f]|[aeiouüAEIOU]\b|[\u0100-\u01dc]", "", text)
    return len(high) >= _ENOUGH and _plausibility(high) < 0


def _reread(text: str) -> tuple[str, str, str, float] | None:
    """Return (text, wrong encoding, right encoding, share of it lost) where one pair makes good Chinese of rubbish."""
    tried = [(*_read_as(text[:_ENOUGH_TO_TELL], wrong, right), wrong, right)
             for wrong in _TAKEN_FOR for right in _REALLY if wrong != right]  # fmt: skip
    score, _, lost, wrong, right = max(tried)
    if lost > _MOSTLY_LOST or score <= _PLAUSIBLE + 0.15 - lost / 2:
        return None
    _, text, lost = _read_as(text, wrong, right)
    return text, wrong, right, lost


def _read_as(text: str, wrong: str, right: str) -> tuple[float, str, float]:
    """Return how plausible a text is with its bytes in one encoding read in another, that text, and what is lost."""
    content = _bytes_of(text, wrong, b"" if right == "utf-8" else b"\xff")
    new = content.decode(right, "replace")
    bad = new.count("\ufffd") + content.count(b"?") - text.count("?")
    high = sum(character > "\x7f" for character in new)
    lost = bad / max(1, high) + 0.15 * (wrong == "big5")  # what it leaves out of wrong bytes is not seen
    return _plausibility(new.replace("\ufffd", "")) - lost, new, lost


# A text whose characters can be told but not read: in another language, or not the characters that were printed.
_SCRIPTS = {"Japanese": re.compile("[\u3041-\u3096\u30a1-\u30fa]"), "Korean": re.compile("[\uac00-\ud7a3]"),
            "Chinese": re.compile("[\u3007\u3400-\u9fff]"), "Latin": re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"),
            "lost": re.compile("[\ufffd\ue000-\uf8ff\ufdd0-\ufdef\x00-\x08\x0e-\x1f\u25a1]"),
            "other": re.compile("[\u0370-\u10ff\u1200-\u1cff\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc]")}  # fmt: skip
_ENGLISH = frozenset(LISTS["english"].split())
#: Share of a text's characters that are lost where it is refused, letters that show a language, words of a sample.
_RUINED, _LETTERS, _WORDS = 0.25, 20, 400
_LONE_WORD = re.compile(r"(?<!\S)[^\W\d_]{2,25}(?=[\s.,;:])")
#: An English text of some length has so many of the commonest words, or at least so many words of the dictionary.
_COMMON, _LISTED = 0.05, 0.7
#: Words of disguised copies: so many different ones, in so large a share of the characters, are no chance.
_SPUN = re.compile("|".join(sorted(LISTS["spun"].split(), key=len, reverse=True)))
_DIFFERENT, _SPUN_SHARE = 4, 0.008
#: Of a short text, so many different ones of so large a share are enough.
_FEW_DIFFERENT, _SHORT_SHARE = 3, 0.03
#: Characters that a program wrote as one "?" each, and the shapes of a font without characters.
_MISSING = re.compile(r"(?<=[\u3400-\u9fff])\?{1,3}(?=[\u3400-\u9fff])")
_FONT_NUMBER = re.compile(r"\(cid:\d{1,5}\)")


def check_readable(text: str, remedy: str = _AGAIN) -> None:
    """Raise RefusedError for a text in neither Chinese nor English, or whose words or characters are not its own.

    A quarter of its characters may be lost, or its words replaced by others of like meaning.
    `remedy` is what to do about lost characters.
    """
    counts = {name: len(form.findall(text)) for name, form in _SCRIPTS.items()}
    total, latin = sum(counts.values()), counts["Latin"]
    if len("".join(text.split())) < _LETTERS:
        return
    missing = sum(map(len, _MISSING.findall(text)))
    lost, total = counts["lost"] + missing, total + missing
    if len("".join(_FONT_NUMBER.findall(text))) > _RUINED * len(text):
        raise RefusedError("it holds the numbers of a font's shapes (cid:…) in the place of characters", remedy)
    if lost > _RUINED * total:
        raise RefusedError(f"{lost:,} of its {total:,} characters are lost or of no known meaning", remedy)
    for name, whole, share in (("Japanese", total - latin, 0.15), ("Korean", total, 0.3), ("other", total, 0.5)):
        if counts[name] > share * whole:
            told = "is in a language that is" if name == "other" else f"is in {name}, a language that is"
            raise RefusedError(f"the text {told} neither Chinese nor English", _TRANSLATION)
    if counts["Chinese"] * 5 <= latin:
        words = [word.lower() for word in _LONE_WORD.findall(text[:_SAMPLE])[:_WORDS]]
        few = sum(word in _ENGLISH for word in words) < _COMMON * len(words)
        if len(words) >= _LETTERS / 2 and few and sum(map(_is_english, words)) < _LISTED * len(words):
            raise RefusedError("its language is neither Chinese nor English, or its letters are garbled",
                               f"{_TRANSLATION}; or, if it should be English, {remedy}")  # fmt: skip
    sample = text[:_SAMPLE]
    chinese = "".join(_SCRIPTS["Chinese"].findall(sample))
    letters = re.sub(r"[\W\d_]", "", sample)
    foreign = len(letters) - len(letters.encode("ascii", "ignore")) > 0.3 * len(letters)
    if (len(chinese) >= _LETTERS and _plausibility(chinese) < _PLAUSIBLE) or (foreign and _is_scrambled(sample)):
        raise RefusedError("its characters are garbled: together they make no Chinese", remedy)
    spun = Counter(_SPUN.findall(text))
    spun_share = spun.total() / max(1, counts["Chinese"])
    if (len(spun) >= _DIFFERENT and spun_share > _SPUN_SHARE) or (
        len(spun) >= _FEW_DIFFERENT and spun_share > _SHORT_SHARE
    ):
        told = "、".join(word for word, _ in spun.most_common(3))
        raise RefusedError(f"its words were replaced by others of like meaning ({told}), as copies are disguised",
                           "take the text from where it was first published")  # fmt: skip


# Sentences of English, and of Chinese: terms and names of another language are shorter.
_ENGLISH_WORD = r"[A-Za-z][A-Za-z'’-]{0,30}"
_ENGLISH_RUN = re.compile(rf"{_ENGLISH_WORD}(?:[ ,;]{{1,3}}(?:{_ENGLISH_WORD}|\d[\d.,]{{0,15}}%?)){{5,200}}")
_CHINESE_RUN = re.compile("[\u3400-\u9fff，、；：。“”（）0-9%]{6,}")
#: Chinese characters that say as much as an English word.
CHARACTERS_TO_A_WORD = 1.7
#: The share of the smaller of two languages, and its words, in a text of two.
_SECOND, _SECOND_WORDS = 0.2, 10


def two_languages(text: str) -> tuple[str, ...]:
    """Return a warning for a text of which a good part is in Chinese and another in English."""
    english = sum(len(run.split()) for run in _ENGLISH_RUN.findall(text))
    characters = len(_SCRIPTS["Chinese"].findall("".join(_CHINESE_RUN.findall(text))))
    words = english + characters / CHARACTERS_TO_A_WORD
    if min(english, characters / CHARACTERS_TO_A_WORD) < max(_SECOND_WORDS, _SECOND * words):
        return ()
    sizes = f"{characters:,} Chinese characters and {english:,} English words"
    return (f"The text is in two languages: {sizes}. Each sentence is coded in its own; comparisons count the one that "
            "most of the text is in, and an amount that stands in both counts once.",)  # fmt: skip


def _is_english(word: str) -> bool:
    from simplemma import is_known  # slow to import

    return is_known(word, lang="en")


def _name(encoding: str) -> str:
    return {"cp1252": "WINDOWS-1252"}.get(encoding, encoding.upper())


def _is_utf8(sample: bytes) -> bool:
    return sample.decode("utf-8", "replace").count("\ufffd") <= 1


def _prose(text: str) -> float:
    """Return plausibility where plain ASCII counts as prose too."""
    ascii_share = sum(1 for character in text if character < "\x7f") / len(text) if text else 0.0
    return ascii_share * 0.6 + (1 - ascii_share) * _plausibility(text)


def _lost(count: int, encoding: str) -> str:
    shown = "is" if count == 1 else "are"
    return f"{many(count, 'character')} could not be read as {encoding.upper()} and {shown} shown as U+FFFD."


def _declared_encoding(content: bytes) -> str:
    found = _XML_DECLARED.match(content) or _DECLARED.search(content[:8192])
    return found.group(1).decode("ascii", "replace") if found else ""


def _canonical(name: str) -> str:
    """Return one name for an encoding and its subsets and supersets."""
    lower = name.lower().replace("_", "-")
    if lower.startswith(("gb", "x-gbk", "cp936", "hz", "euc-cn")):
        return "gb18030"
    if lower.startswith(("big5", "cp950", "x-big5")):
        return "big5"
    try:
        return codecs.lookup(lower).name.removesuffix("-sig")
    except LookupError:
        return lower


def _plausibility(text: str) -> float:
    """Return the mean weight of the characters of `text` that are not ASCII: about 0.6 for prose, below 0 for rubbish.

    A frequent character weighs 1, one of the national standards' first level 0.4, punctuation 0.5, a rare
    character -0.5; kana, private use, unassigned and control characters -1.5.
    """
    counts = Counter(character for character in text if character > "\x7f")
    total = sum(counts.values())
    return sum(_weight(character) * count for character, count in counts.items()) / total if total else 0.0


@cache
def _weight(character: str) -> float:
    if character in _frequent():
        return 1.0
    if character in _PUNCTUATION:
        return 0.5
    if character in _level_one():
        return 0.4
    if "\uff01" <= character <= "\uff5e" or "\u2010" <= character <= "\u2027" or "\u2160" <= character <= "\u24ff":
        return 0.2
    if "\u3400" <= character <= "\u9fff":
        return -0.5
    if "\u0400" <= character <= "\u04ff" or character in "\xa0°±×÷·§©®":
        return 0.0
    return -1.5 if unicodedata.category(character) in {"Co", "Cn", "Cc", "Cs"} or character >= "\u0370" else -0.7


@cache
def _frequent() -> frozenset[str]:
    return frozenset("".join((LISTS["frequent"] + LISTS["frequent_traditional"]).split()))


@cache
def _level_one() -> frozenset[str]:
    """Return the common characters as GB 2312 (rows 16 to 55) and Big5 (A440 to C67E) list them."""
    simplified = bytes(b for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF) for b in (row, cell))
    trails = [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
    traditional = bytes(b for row in range(0xA4, 0xC7) for cell in trails for b in (row, cell))
    listed = simplified.decode("gb2312", "ignore") + traditional.decode("big5", "ignore")
    return frozenset(character for character in listed if "\u4e00" <= character <= "\u9fff")


def _control_share(text: str) -> float:
    """Return the share of control characters that no text has (tabs and line ends are not counted)."""
    controls = sum(text.count(chr(code)) for code in (*range(0x09), *range(0x0E, 0x20), 0x7F))
    return controls / len(text) if text else 0.0
