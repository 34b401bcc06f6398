"""What stands on a page and is not the text: navigation, notices, repeats, each with its reason."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence

from policybook.corpus.matching import read_patterns
from policybook.corpus.sentences import length, split_sentences, table_of_contents

_FORMS = read_patterns(__file__)

# A rule looks at one line and names no site. What could be a heading or a sentence of the text is left alone.
#: A paragraph of more characters than this is never furniture: the longest disclaimers are shorter.
LONGEST_FURNITURE = 900
#: Most furniture is no longer than this.
LINE = 250
#: Given a line and its language, why it is furniture, or nothing.
FurnitureRule = Callable[[str, str], str]
ENDS_A_SENTENCE = re.compile(r"[.!?。！？;；:：”\"’)）]$")


def furniture_reason(text: str, language: str) -> str:
    """Return why one line is site furniture, or nothing where no rule takes it for that."""
    if len(text) > LONGEST_FURNITURE:
        return ""
    rules = _RULES if len(text) <= LINE else _LONG_RULES
    return next((reason for rule in rules if (reason := rule(text, language))), "")


def is_long(text: str, language: str, words: int = 12) -> bool:
    """Return whether a text has more than so many English words, or twice as many Chinese characters."""
    return length(text, language) > (words if language == "en" else words * 2)


def _no_words(text: str, _: str) -> str:
    return "" if re.search(r"[^\W\d_]", text) else "no words"


def _date_or_byline(text: str, language: str) -> str:
    text = _FORMS["wrapping"].sub("", text)
    if is_long(text, language) or text.endswith("。"):
        return ""
    if _FORMS["byline"].match(text) or (re.match(r"written by\b", text, re.I)):
        return "byline"
    rest = _FORMS["time"].sub(" ", _FORMS["date"].sub(" ", text))
    dated = rest != text
    labels = len(_FORMS["label"].findall(rest))
    without = _FORMS["label"].sub(" ", rest)
    words_left = length(without, language) if language == "en" else len(re.sub(r"\W|www\.\S+", "", without))
    few = 3 if language == "en" else 16 if "www." in text else 8  # a site is named, with its address
    if dated and words_left <= few * labels:
        return "date line"
    if labels and _FORMS["label"].match(rest.strip()) and words_left <= (4 if language == "en" else 8) * labels:
        return "byline"
    return ""


def _language_switcher(text: str, _: str) -> str:
    names = {name.lower() for name in _FORMS["language"].findall(text)}
    left = re.sub(r"[\W\d_]", "", _FORMS["language"].sub("", text))
    if len(names) >= 3 and len(left) < len(text) / 2:
        return "language switcher"
    return "language switcher" if len(names) == 2 and not left and len(text) < 30 else ""


def _licence(text: str, language: str) -> str:
    if _FORMS["free_licence"].search(text) and not is_long(text, language, 40):
        return "licence line"
    numbered = re.search(r"\d{6,}|\bNo\.?\s*\d+|\d{4,}号", text)
    ends = text.endswith(("。", "."))
    found = _FORMS["licence"].search(text) and numbered and not ends and not is_long(text, language, 40)
    return "licence line" if found else ""


def _prompt(text: str, language: str) -> str:
    sentence = text.endswith("。") and len(text) > 16
    short = not sentence and length(text, language) <= (14 if language == "en" else 30)
    return "follow-us prompt" if short and _FORMS["prompt"].fullmatch(text.strip(" \t>·•★☆【】")) else ""


def _share(text: str, _: str) -> str:
    platforms = _FORMS["platform"].findall(text)
    left = re.sub(r"\W", "", _FORMS["share_words"].sub("", _FORMS["platform"].sub("", text)))
    enough = len(platforms) >= 2 or (platforms and re.search("share|分享", text, re.I))
    return "share widget" if enough and not left else ""


def _pager(text: str, _: str) -> str:
    counted = re.search(r"\d|[<>«»‹›|]|页.*页", text) or text.lower() in ("next", "previous")
    short = len(text) < 80 and counted and _FORMS["pager_word"].search(text)
    return "pager" if short and _FORMS["pager"].fullmatch(text) else ""


def _counter(text: str, _: str) -> str:
    return "view counter" if len(text) < 80 and _FORMS["counter"].fullmatch(_FORMS["wrapping"].sub("", text)) else ""


def _tags(text: str, language: str) -> str:
    listed = not text.endswith(("。", "；", ".", "!", "?")) and not is_long(text, language, 20)
    return "tags" if listed and _FORMS["tag_lists"].fullmatch(_FORMS["wrapping"].sub("", text)) else ""


def _tools(text: str, _: str) -> str:
    several = len(text) > 3 and re.search(r"[\s|/【】\[\]:：]", text)
    return "page tools" if several and len(text) < 60 and _FORMS["tools"].fullmatch(text) else ""


def _line(reason: str, form: str, words: int, *, whole: bool = False, no_end: str = "") -> FurnitureRule:
    """Return the rule for lines of at most so many words, not ending in `no_end`, that hold or `whole` are a form."""
    find = _FORMS[form].fullmatch if whole else _FORMS[form].search

    def rule(text: str, language: str) -> str:
        short = not text.endswith(tuple(no_end)) and not is_long(text, language, words)
        return reason if short and find(text) else ""

    return rule


_STATEMENTS = (_language_switcher, _licence, _line("copyright statement", "copyright", 80),
               _line("disclaimer", "disclaimer", 100), _line("contact line", "contact", 20))  # fmt: skip
_COOKIES = _line("browser notice", "cookies", 40)
_LONG_RULES: tuple[FurnitureRule, ...] = (*_STATEMENTS, _COOKIES)
_RULES: tuple[FurnitureRule, ...] = (
    _counter, _date_or_byline, _no_words, *_STATEMENTS, _line("site footer", "footer", 20, no_end="。；"), _share,
    _prompt, _line("breadcrumb", "breadcrumb", 20, whole=True), _pager, _tags, _tools,
    _line("navigation", "navigation", 25, whole=True, no_end="。"), _COOKIES,
)  # fmt: skip


# Paragraphs that repeat others: page descriptions put together from the text, teasers, second copies.
# A paragraph is a near-copy when another holds this share of its runs of characters.
_NEAR_COPY = 0.6
_RUN = 12
#: A teaser stands before what it was taken from, or among this many last paragraphs of the page.
_LAST = 3
#: A run that stands in more paragraphs than this is a formula and shows no copy.
_COMMON = 20


def find_repeats(candidates: Mapping[int, str], language: str) -> dict[int, str]:
    """Return paragraph number → reason for the candidates that repeat other candidates.

    Descriptions put together from several paragraphs are found first, so that the paragraphs they were
    taken from are not mistaken for copies of them.
    """
    shingles = {number: _shingles(text) for number, text in candidates.items()}
    holders: dict[str, list[int]] = defaultdict(list)
    for number, runs in shingles.items():
        for run in runs:
            holders[run].append(number)
    holders = {run: where for run, where in holders.items() if 1 < len(where) <= _COMMON}
    labels: dict[int, str] = {}
    for number, text in candidates.items():
        sources = _copied_from(number, text, candidates, holders, language)
        if len(sources) > 1:
            labels[number] = f"page description: repeats paragraphs {' and '.join(map(str, sources))}"
    first: dict[str, int] = {}
    last = max(candidates, default=0)
    for number, text in candidates.items():
        if number in labels:
            continue
        if text in first:
            labels[number] = f"repeats paragraph {first[text]}"
            continue
        first[text] = number
        shared = Counter(other for run in shingles[number] for other in holders.get(run, ()) if other != number)
        for other in sorted(shared):
            longer = len(candidates[other]) > len(text) and other not in labels
            outside = number < other or number > last - _LAST
            if (longer and outside and is_long(text, language, 20)
                and shared[other] >= _NEAR_COPY * len(shingles[number])):  # fmt: skip
                labels[number] = f"teaser: near-copy of paragraph {other}"
                break
    return labels


def _shingles(text: str) -> frozenset[str]:
    """Return every run of twelve characters: shared runs show copies (Broder 1997, containment)."""
    squeezed = _squeezed(text)
    return frozenset(squeezed[i : i + _RUN] for i in range(max(1, len(squeezed) - _RUN + 1)))


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text.lower())


def _copied_from(number: int, text: str, candidates: Mapping[int, str], holders: Mapping[str, list[int]],
                 language: str) -> list[int]:  # fmt: skip
    """Return the other paragraphs that hold every sentence of a paragraph word for word, or nothing."""
    sources: set[int] = set()
    for start, end in split_sentences(text, language):
        sentence = text[start:end]
        places = holders.get(_squeezed(sentence)[:_RUN], ())
        source = next((other for other in places if other != number and sentence in candidates[other]), None)
        if source is None:
            return []
        sources.add(source)
    return sorted(sources)


# Nothing is dropped. A paragraph that a rule takes for boilerplate keeps its number and its text and
# is labelled with the rule's reason.


def label_boilerplate(paragraphs: Sequence[str], language: str) -> dict[int, str]:
    """Return paragraph number (from 1) → reason for every repaired paragraph that is boilerplate.

    At least one paragraph is always left: a text is never boilerplate as a whole.
    """
    reasons: dict[int, str] = {}
    for number, paragraph in enumerate(paragraphs, 1):
        if reason := furniture_reason(paragraph, language):
            reasons[number] = reason
    reasons |= _edges(paragraphs, language, reasons)
    contents = table_of_contents({n: p for n, p in enumerate(paragraphs, 1) if n not in reasons}, language)
    reasons |= dict.fromkeys(contents, "table of contents")
    left = {n: p for n, p in enumerate(paragraphs, 1) if n not in reasons and is_long(p, language, 10)}
    reasons |= find_repeats(left, language)
    if len(reasons) == len(paragraphs):
        reasons.pop(max(reasons, key=lambda n: length(paragraphs[n - 1], language)))
    return reasons


def _edges(paragraphs: Sequence[str], language: str, known: dict[int, str]) -> dict[int, str]:
    """Label a site name or section label before the text, and navigation among the furniture behind it."""
    numbers = [n for n in range(1, len(paragraphs) + 1) if n not in known]
    running = [n for n in numbers if _is_running_text(paragraphs[n - 1], language)]
    if not running:
        return {}
    labels = {}
    limit = 2 if language == "en" else 4
    if 1 in numbers and numbers[-1] > 2 and _is_site_name(paragraphs, language):
        labels[1] = "site or section name"
    furniture_behind = any(n > running[-1] for n in known)
    for n in numbers:
        if n > running[-1] and furniture_behind and length(paragraphs[n - 1], language) <= 3 * limit:
            labels[n] = "navigation"
    return labels


def _is_site_name(paragraphs: Sequence[str], language: str) -> bool:
    """Whether the first line is a word or a medium's name, no heading, and nothing that the text speaks of."""
    first = paragraphs[0]
    short = length(first, language) <= (1 if language == "en" else 0) or (
        length(first, language) <= 4 and _FORMS["medium"].search(first)
    )
    if not short or ENDS_A_SENTENCE.search(first) or _FORMS["heading"].fullmatch(first):
        return False
    return not any(first.lower() in other.lower() for other in paragraphs[1:] if is_long(other, language))


def _is_running_text(text: str, language: str) -> bool:
    return is_long(text, language) or bool(ENDS_A_SENTENCE.search(text) and is_long(text, language, 3))
