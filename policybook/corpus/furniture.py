"""What stands on a page and is not the text: navigation, notices, repeats, each with its reason."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Mapping, Sequence
from itertools import pairwise, takewhile

from ahocorasick_rs import AhoCorasick

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
    return "" if re.search(r"[^\W\d_]", re.sub(r"!\[[^\]]{0,200}\]\([^)]{0,500}\)", "", text)) else "no words"


def _date_or_byline(text: str, language: str) -> str:
    tools = _FORMS["tool"].findall(text)
    text = _FORMS["wrapping"].sub("", _FORMS["tool"].sub(" ", text).strip(" |") if tools else text)
    if is_long(text, language) or text.endswith("。"):
        return ""
    if tools and not re.search(r"[^\W\d_]", text):
        return "page tools"
    if tools and (reason := _share(text, language)):
        return reason
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
_PAPER_TAIL = _line("tail of an official paper", "paper_tail", 80, whole=True)
_LONG_RULES: tuple[FurnitureRule, ...] = (*_STATEMENTS, _COOKIES, _PAPER_TAIL)
_RULES: tuple[FurnitureRule, ...] = (
    _counter, _date_or_byline, _no_words, *_STATEMENTS, _line("site footer", "footer", 20, no_end="。；"), _share,
    _line("browser notice", "browser", 20, no_end="；"),
    _prompt, _line("breadcrumb", "breadcrumb", 20, whole=True), _pager, _tags, _tools,
    _line("navigation", "navigation", 25, whole=True, no_end="。"), _COOKIES, _PAPER_TAIL,
    _line("note on leaving the site", "leaving", 40), _line("list of references", "whole_reference", 120),
)  # fmt: skip


# Paragraphs that repeat others: page descriptions put together from the text, teasers, second copies.
# A paragraph is a near-copy when another holds this share of its runs of characters.
_NEAR_COPY = 0.6
_RUN = 12
#: A teaser stands before what it was taken from, or among this many last paragraphs of the page.
_LAST = 3
#: What is hardly shorter than its copy is a teaser only if cut from it in one piece: a law says of lobsters
#: word for word what it says of squid. (In English: measured Chinese counts rest on the old rule.)
_LONGER = 1.25
#: A run that stands in more paragraphs than this is a formula and shows no copy.
_COMMON = 20


def find_repeats(candidates: Mapping[int, str], language: str) -> dict[int, str]:
    """Return paragraph number → reason for the candidates that repeat other candidates.

    Descriptions put together from several paragraphs are found first, so that the paragraphs they were
    taken from are not mistaken for copies of them.
    """
    shingles = {number: frozenset(_runs(text)) for number, text in candidates.items()}
    holders: dict[str, list[int]] = defaultdict(list)
    for number, runs in shingles.items():
        for run in runs:
            holders[run].append(number)
    holders = {run: where for run, where in holders.items() if 1 < len(where) <= _COMMON}
    labels: dict[int, str] = {}
    for number, sources in _copied_from(candidates, holders, language).items():
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
                and shared[other] >= _NEAR_COPY * len(shingles[number])
                and (language != "en" or len(candidates[other]) > _LONGER * len(text)
                     or _in_one_piece(text, shingles[other]))):  # fmt: skip
                labels[number] = f"teaser: near-copy of paragraph {other}"
                break
    return labels


def _runs(text: str) -> list[str]:
    """Return every run of twelve characters: shared runs show copies (Broder 1997, containment)."""
    squeezed = _squeezed(text)
    return [squeezed[i : i + _RUN] for i in range(max(1, len(squeezed) - _RUN + 1))]


def _in_one_piece(text: str, runs: Container[str]) -> bool:
    """Return whether all that a text has of another's runs stands together in it."""
    held = [run in runs for run in _runs(text)]
    return sum(here and not before for before, here in pairwise([False, *held])) == 1


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text.lower())


def _copied_from(candidates: Mapping[int, str], holders: Mapping[str, list[int]],
                 language: str) -> dict[int, list[int]]:  # fmt: skip
    """Return for every paragraph of which others hold each sentence word for word these others.

    Of the holders of a sentence's first run the first that has the whole is taken. A paragraph is looked through once
    for all sentences that may stand in it, so that time grows with the length of the text.
    """
    parts: dict[int, list[tuple[str, list[int]]]] = {}
    asked: dict[int, set[str]] = defaultdict(set)
    for number, text in candidates.items():
        head = _squeezed(text.strip())[:_RUN]  # the first sentence begins so: mostly nothing else does
        if not any(head[:length] in holders for length in range(1, _RUN + 1)):
            continue
        own = []
        for start, end in split_sentences(text, language):
            sentence = text[start:end]
            own.append((sentence, [n for n in holders.get(_squeezed(sentence)[:_RUN], ()) if n != number]))
            if not own[-1][1]:
                break
        else:
            parts[number] = own
            for sentence, places in own:
                for other in places:
                    asked[other].add(sentence)
    held = {other: _held(candidates[other], sorted(sentences)) for other, sentences in asked.items()}
    found: dict[int, list[int]] = {}
    for number, own in parts.items():
        sources = [next((n for n in places if sentence in held[n]), None) for sentence, places in own]
        if None not in sources:
            found[number] = sorted({n for n in sources if n is not None})
    return found


def _held(text: str, sentences: list[str]) -> set[str]:
    """Return the sentences that stand in a text."""
    if len(sentences) < _FEW:
        return {sentence for sentence in sentences if sentence in text}
    matches = AhoCorasick(sentences).find_matches_as_indexes(text, overlapping=True)
    return {sentences[n] for n, _, _ in matches}


#: So few are looked for one by one.
_FEW = 4


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
    reasons = _lists(paragraphs, language, reasons) | reasons
    reasons |= _edges(paragraphs, language, reasons)
    contents = table_of_contents({n: p for n, p in enumerate(paragraphs, 1) if n not in reasons}, language)
    reasons |= dict.fromkeys(contents, "table of contents")
    left = {n: p for n, p in enumerate(paragraphs, 1) if n not in reasons and is_long(p, language, 10)}
    reasons |= find_repeats(left, language)
    if len(reasons) == len(paragraphs):
        reasons.pop(max(reasons, key=lambda n: length(paragraphs[n - 1], language)))
    return reasons


#: Furniture of a site's frame: what is short and stands behind it at the end of a page belongs to the frame too.
_FRAME = ("navigation", "breadcrumb", "pager", "copyright statement", "licence line", "site footer",
          "language switcher", "disclaimer")  # fmt: skip


#: A printed line of a paper has more characters than this; so many of them say at most who gets copies.
_PRINTED, _COPIES = 20, 6
#: Between the characters of a word that is set wide: 索 引 号.
_SPACED = re.compile(r"(?<=[\u3400-\u9fff])[ \u3000]{1,8}(?=[\u3400-\u9fff])")


def _edges(paragraphs: Sequence[str], language: str, known: dict[int, str]) -> dict[int, str]:
    """Label a site name or section label before the text, and the frame of the site behind it.

    A short line behind the text is no frame for being short: the text may end in a list, and a signature.
    """
    numbers = [n for n in range(1, len(paragraphs) + 1) if n not in known]
    running = [n for n in numbers if _is_running_text(paragraphs[n - 1], language)]
    if not running:
        return {}
    labels = {}
    limit = 6 if language == "en" else 12
    if 1 in numbers and numbers[-1] > 2 and _is_site_name(paragraphs, language):
        labels[1] = "site or section name"
    head = list(takewhile(lambda n: n in known or _FORMS["section"].fullmatch(paragraphs[n - 1]), range(1, running[0])))
    if len(head) > 2 and any(known.get(n) in _FRAME for n in head):
        labels |= {n: "navigation" for n in head if n not in known}
    tail = [n for n in numbers if n > running[-1] and length(paragraphs[n - 1], language) <= limit]
    labels |= {n: "links to other pages" for n in tail if _FORMS["made_of"].fullmatch(paragraphs[n - 1])}
    end = len(paragraphs) + 1
    start = min((n for n in known if n > running[-1] and known[n] in _FRAME), default=end)
    signed = max((n for n in known if running[-1] < n < start), default=0)
    sections = [n for n in tail if n < start and _FORMS["section"].fullmatch(paragraphs[n - 1])]
    others = sum(n < start for n in tail if sections and n > sections[0]) - len(sections) + 1
    if len(sections) > 1 and (others < len(sections) if start < end else 0 < signed < sections[0] and not others):
        start = sections[0]
    frame = (n for n in tail if n >= start and not _FORMS["numbered"].match(paragraphs[n - 1]))
    return dict.fromkeys(frame, "navigation") | labels


def _lists(paragraphs: Sequence[str], language: str, known: Mapping[int, str]) -> dict[int, str]:
    """Label lists that belong to the page or the paper and not to the text: links, references, fields, copies."""
    labels = _index_fields(paragraphs)
    for n, text in enumerate(paragraphs, 1):
        head = next((one for one in _LISTS if len(text) < 40 and _FORMS[one].fullmatch(text)), None)
        if head:
            reason, is_entry = _LISTS[head]
            until = next((m for m, line in enumerate(paragraphs[n:], n + 1)
                          if m not in known and not is_entry(line, language)), len(paragraphs) + 1)  # fmt: skip
            if any(known.get(m, reason) == reason for m in range(n + 1, until)):
                labels |= dict.fromkeys(range(n, until), reason)
    for n, text in enumerate(paragraphs, 1):  # who gets copies may fill several printed lines
        rest = paragraphs[n : n + _COPIES] if _FORMS["copies"].match(text) and len(text) > _PRINTED else ()
        broken = len(list(takewhile(lambda line: not line.endswith("。"), (text, *rest))))
        if 0 < broken <= len(rest):
            labels |= dict.fromkeys(range(n, n + broken + 1), "tail of an official paper")
    return labels


def _index_fields(paragraphs: Sequence[str]) -> dict[int, str]:
    """Label the table of fields over an official text: two fields or more, of which one stands in such tables only."""
    labels: dict[int, str] = {}
    run: list[int] = []
    awaited = fields = 0  # cells whose fields have been named in the line before; fields of the run
    for n, text in enumerate((*paragraphs, ""), 1):
        line = _SPACED.sub("", text[:LINE].strip(" \u3000*"))
        cells = [cell.strip() for cell in line.split("|")]
        found = len(_FORMS["field"].findall(line)) if _FORMS["field"].match(line) else 0
        if found or (awaited == len(cells) and line):
            run.append(n)
            fields += found
            bare = found and all(_FORMS["field"].fullmatch(cell) for cell in cells)
            awaited = len(cells) if bare else 0
            continue
        if fields > 1 and any(_FORMS["index_field"].search(_SPACED.sub("", paragraphs[m - 1])) for m in run):
            labels |= dict.fromkeys(run, "table of a site's fields")
        run, awaited, fields = [], 0, 0
    return labels


def _is_link(text: str, language: str) -> bool:
    ended = text.endswith(("。", "；", ".", "：")) or is_long(text, language, 24)
    return not ended and not _FORMS["numbered_heading"].match(text)


def _is_reference(text: str, _: str) -> bool:
    return bool(_FORMS["reference"].search(text[:LINE])) and not _FORMS["numbered_heading"].match(text)


def _is_note(text: str, _: str) -> bool:
    return bool(_FORMS["note"].search(text[:LINE]))


#: The heading of a list that is no text, why, and what is an entry of it.
_LISTS = {"related": ("links to other pages", _is_link), "references": ("list of references", _is_reference),
          "notes": ("list of references", _is_note)}  # fmt: skip


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
