"""What a text tells of itself: title, dates, language, marks of reposting and translation, nearness to others."""

import calendar
import re
import unicodedata
import zlib
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from itertools import count, pairwise, takewhile

from pydantic import Field

from policybook.coding.quantities_zh import read_mixed
from policybook.corpus.build import ReadDocument, read_document
from policybook.corpus.corpus import Corpus, records
from policybook.corpus.manifest import DocumentEntry
from policybook.corpus.matching import Phrases, fold, read_patterns
from policybook.corpus.repair import for_matching, guess_language, guess_script, lost_characters
from policybook.corpus.scope import UNKNOWN, ScopeRules, load_vocabulary
from policybook.corpus.sentences import length
from policybook.errors import InvalidDataError, Problem, many
from policybook.project import Project
from policybook.reading.received import LISTS, Received, join_lines
from policybook.tables import DateText, FileModel, YamlFile, parse_span


class Mark(FileModel):
    """A wording that cannot be older than `since`."""

    since: DateText
    label: str
    zh: list[str] = Field(default_factory=list)
    en: list[str] = Field(default_factory=list)

    @property
    def day(self) -> date:
        """The first day that `since` may mean."""
        return parse_span(self.since)[0]


class Voices(FileModel):
    """Words of official titles, those that only an official speaker says (`said`), and words of reports."""

    official_zh: list[str] = Field(default_factory=list)
    official_en: list[str] = Field(default_factory=list)
    said: list[str] = Field(default_factory=list)
    reported_zh: list[str] = Field(default_factory=list)
    reported_en: list[str] = Field(default_factory=list)


class Marks(FileModel):
    """The file, to be looked for in a text."""

    events: list[Mark] = Field(default_factory=list)
    terms: list[Mark] = Field(default_factory=list)
    voices: Voices = Voices()
    translation_en: list[str] = Field(default_factory=list)

    def voice(self, title: str, text: str) -> tuple[str, str]:
        """Return official, reported or commentary, and why."""
        voices = self.voices
        if end := _genre(title, voices.official_zh):
            return "official", f"the title ends in {end}"
        for voice, where, searched, words in (
            ("official", "title", title, voices.official_en), ("official", "text", text, voices.said),
            ("reported", "text", text, [*voices.reported_zh, *voices.reported_en]),
        ):  # fmt: skip
            if named := _found(words, searched):
                return voice, f"the {where} says “{named[0]}”"
        return "commentary", "nothing in it is worded as a report or an official text"


def load_marks(project: Project) -> Marks:
    """Read data/lexicon/marks.yml; without the file there are no marks. Raises InvalidDataError for mistakes."""
    path = project.lexicon / "marks.yml"
    if not path.exists():
        return Marks()
    file = YamlFile(path, project.name(path))
    problems: list[Problem] = []
    marks = file.parse(Marks, file.content or {}, [], problems)
    if marks is None:
        raise InvalidDataError(problems)
    return marks


def _found(words: Iterable[str], text: str) -> list[str]:
    """Return which of `words` stand in a text, as often as they do."""
    return [match.key for match in Phrases((word, word) for word in words).find(text)]


def _latest(marks: list[Mark], text: str) -> Mark | None:
    phrases = Phrases((word, str(n)) for n, mark in enumerate(marks) for word in (*mark.zh, *mark.en))
    named = [marks[int(match.key)] for match in phrases.find(text)]
    return max(named, key=lambda mark: mark.day, default=None)


_FORMS = read_patterns(__file__)
_MONTHS = [name[:3].lower() for name in calendar.month_name]
_NUMERALS = str.maketrans({"o": "零", "0": "零", "◯": "零", "元": "一", "廿": "二十", "卅": "三十"})
#: Forms of dates that are dates wherever they stand, and those that are only where a label says so.
_SURE = ("day_digits", "day_zh", "day_roc", "day_first", "month_first", "year_first", "month_year")
_LABELLED = (*_SURE, "order_unknown", "compact", "year_alone")
#: What stands between the two days of a time.
_SPAN = ("至", "到", "~", "-", "--")
#: A date line is short, an act's a little longer; a page carries it near its head or at its foot.
_SHORT, _ACT, _HEAD, _FOOT = 90, 600, 12, 6
#: A text is held to be older than its page where everything it names is this many years older.
YEARS_APART = 3


@dataclass(frozen=True)
class Dating:
    """A date as data/corpus.yml writes it, how it is known, and what is doubtful about it."""

    value: str | None
    reason: str
    doubt: str = ""


@dataclass(frozen=True)
class _Day:
    """A date in folded text: where it stands, as it is written in data/corpus.yml, its first day."""

    start: int
    end: int
    value: str
    day: date


@dataclass(frozen=True)
class Stamp:
    """A date that a text gives for itself. `role`: published, written, amended, or own where no label says which."""

    value: str
    day: date
    role: str
    where: str
    line: str


def find_stamps(paragraphs: Sequence[str], furniture: Container[int] = ()) -> list[Stamp]:
    """Return the dates that a text gives for itself, in order; numbers in `furniture` hold no signature.

    A label decides what a date is of: what is of a law's force, of today or of a page's making is none.
    """
    running = [n for n in range(len(paragraphs)) if n + 1 not in furniture]
    head, foot = {*range(_HEAD), *running[:_HEAD]}, set(running[-_FOOT:])
    stamps, before = [], ""
    for n, paragraph in enumerate(paragraphs):
        flat = fold(paragraph, keep_dashes=True).strip(" *#>_`|")
        if len(flat) <= _SHORT and _FORMS["spaced_out"].fullmatch(flat):
            flat = flat.replace(" ", "")
        where = "the date line" if n in head else "the last lines" if n in foot else "a line of its own"
        if len(flat) <= (_ACT if n in head and flat[:1] in "(" else _SHORT):
            own = n in head or n + 1 not in furniture
            stamps += [Stamp(one.value, one.day, role, where, paragraph.strip()[:60])
                       for one, role in _stamped(flat, before, where, own) if one.day <= date.today()]  # fmt: skip
        before = flat
    return stamps


def _stamped(flat: str, line_before: str, where: str, own: bool) -> Iterator[tuple[_Day, str]]:
    """Yield the dates of a line with what a label says of each, or what their standing alone does."""
    days, sure = _days(flat, _LABELLED), _days(flat, _SURE)
    edges = [0, *(one.end for one in days)]
    for n, one in enumerate(days):
        before = flat[edges[n] : one.start]
        if n and before.strip() in _SPAN:
            continue  # the end of a time, and no day on which something happened
        if n and (told := _FORMS["told_behind"].match(before)):
            before = before[told.end() :]  # what is said of the date before
        if not before.strip(" '\"") and n == 0 and len(line_before) <= 20:
            before = line_before + before
        behind = flat[one.end : days[n + 1].start if n + 1 < len(days) else None]
        role = _label(before, behind, act=one in sure and where == "the date line" and flat[-1] not in "。.;；")
        if role and role != "own":
            yield one, role
        elif role == "own" or (own and (one in sure or len(one.value) == 10) and _stands_alone(flat, days, where)):
            yield one, "own" if not _FORMS["weekday"].search(flat) else "weekday"


def _label(before: str, behind: str, *, act: bool = False) -> str:
    """Return what the words about a date say that happened on it, or nothing."""
    for label in _FORMS["label"].finditer(before):
        if _FORMS["label_gap"].fullmatch(before[label.end() :]):
            return str(label.lastgroup)
    gap = _FORMS["behind_gap"].match(behind)
    if (match := _FORMS["label"].match(behind, gap.end() if gap else 0)) and match.lastgroup != "own":
        return str(match.lastgroup)
    match = (_FORMS["act"].search(behind) or _FORMS["act_before"].search(before)) if act else None
    return str(match.lastgroup) if match else ""


def _stands_alone(flat: str, days: Sequence[_Day], where: str) -> bool:
    """Whether a line is a date line: a date and who signs or tells it, or the meeting at which a speech was given."""
    first, last = days[0], days[-1]
    rest = _FORMS["beside"].sub("", flat[: first.start] + flat[last.end :])
    if not rest:
        return True
    if where == "a line of its own" or re.search("[。；;!?]", flat):
        return False
    if _FORMS["delivered_at"].search(flat) or (flat.startswith("(") and flat.endswith(")") and len(rest) <= 40):
        return True
    before, behind = (_FORMS["beside"].sub("", part) for part in (flat[: first.start], flat[last.end :]))
    if not before:
        return where == "the date line" and bool(re.match(r"[\s|,:/-]", flat[last.end :])) and len(behind) <= 40
    signed = _FORMS["signature_end"].search(before) or (where == "the date line" and len(before) <= 12)
    return bool((not behind and signed) or _FORMS["credit"].search(before))


def guess_published(paragraphs: Sequence[str], stated: str | None, address: str | None,
                    stamps: Sequence[Stamp] | None = None) -> Dating:  # fmt: skip
    """Return the date of publication: a labelled one, the page's own, a date line, the web address, or none."""
    stamps = find_stamps(paragraphs) if stamps is None else stamps
    said = sorted((one for one in stamps if one.role == "published"), key=lambda one: -len(one.value))
    found = [(one.value, f"{one.where}: {one.line}") for one in said]
    found += [(one.value, "stated in the file") for one in _days(fold(stated or "", keep_dashes=True), _LABELLED)]
    places = ("the date line", "the last lines", "a line of its own")
    for role, where in [*(("own", where) for where in places), *(("weekday", where) for where in places)]:
        found += [(one.value, f"{where}: {one.line}") for one in stamps if (one.role, one.where) == (role, where)]
    found += [(day.value, "in its web address") for day in _days(address or "", ("in_address",))
              if day.day <= date.today()]  # fmt: skip
    return Dating(*next(iter(found), (None, "no date was found")))


def guess_written(text: str, published: str | None, marks: Marks, stamps: Sequence[Stamp] = (), *,
                  reposted: bool = False, official: bool = False, number: str = "") -> Dating:  # fmt: skip
    """Return when a text was written: as it says itself, or as published, or as what it names tells.

    `number` is the year in its document number. A repost that names nothing later than an event or a year long past
    was likely written then; lasting terms younger than that forbid the conclusion.
    """
    page = parse_span(published)[1] if published else date.today()
    page = max((page, *(one.day for one in stamps if one.role == "amended")))
    own = [one for one in stamps if one.day <= page]
    for roles in (("written", "amended"), ("own",)):
        if said := [one for one in own if one.role in roles]:
            signed = [one for one in said if roles == ("own",) and one.where != "the date line"]
            best = signed[0] if signed else max(said, key=lambda one: one.day)
            return Dating(best.value, "as published" if best.value == published else f"{best.where}: {best.line}")
    if published is None and number:
        return Dating(number, f"its document number is of {number}", "no date on it but the year in its number")
    named = [(one.day, one.value, f"the {'date' if '-' in one.value else 'year'} {one.value}") for one in _told(text)
             if one.day <= page]  # fmt: skip
    event, term = _latest(marks.events, text), _latest(marks.terms, text)
    newer = [mark for mark in (event, term) if mark and (not named or mark.day > max(named)[0])]
    if published is None:
        named = [] if official else named  # an official text names years to come
        known = f"; it names “{newer[0].label}”, so it is no older than {newer[0].since}" if newer else ""
        if not named or (newer and newer[0].day.year > max(named)[0].year):
            doubt = f"no date: neither page nor text tells when it was written{known}"
            return Dating(None, "nothing in it tells", doubt)
        _, value, what = max(named)
        reason = f"the latest that it names is {what}"
        return Dating(value, reason, f"no date on the page; {reason}, so it was written then or later")
    if event and event.day <= page:
        named.append((event.day, event.since, f"“{event.label}” ({event.since})"))
    if named and page.year - max(named)[0].year >= YEARS_APART:
        day, value, what = max(named)
        if reposted and (term is None or term.day <= day):
            doubt = f"published {published}, but the latest it names is {what}: it may have been written then and "
            return Dating(value[:7], f"the latest that it names is {what}", f"{doubt}reposted")
    return Dating(published, "as published")


def _told(text: str) -> list[_Day]:
    """Return the dates and years that a text tells of.

    None is what it cites, the day on which something takes effect or ends, an aim, a base of comparison, a count.
    """
    flat = _FORMS["cited"].sub(" ", fold(text, keep_dashes=True))
    days = _days(flat, (*_SURE, "told_year"))
    return [one for one in days if not _FORMS["not_told_before"].search(flat[max(0, one.start - 60) : one.start])
            and not _FORMS["not_told_behind"].match(flat[one.end : one.end + 60])
            and _label(flat[max(0, one.start - 40) : one.start], flat[one.end : one.end + 12]) != "never"]  # fmt: skip


def _days(flat: str, forms: Iterable[str]) -> list[_Day]:
    """Return the dates in folded text that one of `forms` reads, none within another."""
    found = [day for form in forms for match in _FORMS[form].finditer(flat) if (day := _day(match))]
    kept: list[_Day] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _day(match: re.Match[str]) -> _Day | None:
    said = {name.rstrip("2"): value for name, value in match.groupdict().items() if value}
    year = _numeral(said["roc"]) + 1911 if "roc" in said else _numeral(said.get("year") or said["han_year"])
    if "first" in said:
        one, other = int(said["first"]), int(said["second"])
        if one > 12 or one == other or "." in match.group():
            said |= {"day": str(one), "month": str(other)}
        elif other > 12:
            said |= {"day": str(other), "month": str(one)}
    if year > date.today().year + 100 or (match.groupdict().get("roc2") and "day" not in said):
        return None
    month = said.get("month", "")
    number = _MONTHS.index(month[:3]) if month[:3] in _MONTHS[1:] else _numeral(month) if month else 0
    day = _numeral(said["day"]) if "day" in said else 0
    try:
        first = date(year, number if month else 1, day if "day" in said else 1)
    except ValueError:
        return None
    return _Day(*match.span(), first.isoformat()[: 10 if day else 7 if month else 4], first)


def _numeral(text: str) -> int:
    """Return the value of digits, or of Chinese numerals however they write nought and twenty; 0 where it is none."""
    return int(text) if text.isascii() and text.isdigit() else int(read_mixed(text.translate(_NUMERALS)) or 0)


_CHINESE_MARKS = re.compile("[，。；：、？！“”《》（）「」【】]")
_QUOTES = re.compile("[“”]")
_GLUED_STOP = re.compile(r"(?<=[a-z]{2}[.;])(?=[A-Z][a-z])")
_WORD = re.compile(r"(?<![A-Za-z])[a-z]{8,40}(?![A-Za-z])")
_SMALL_START = re.compile(r"(?:^|(?<=[.!?] ))[a-z]")
_STARTS = re.compile(r"(?:^|(?<=[.!?] ))[A-Za-z]")
_ARTICLE = re.compile(r"\b(?:the|a|an)\b", re.IGNORECASE)
_ENDS = re.compile(r"[.!?。！？…;；:：][\"'”’」』）)\]》]*\s*$|[」』”]\s*$|^\s*[（(].*[)）]\s*$")
#: Fewer articles in a hundred words than this: hardly written by an English author.
_FEW_ARTICLES = 3.0


def translation_marks(paragraphs: Sequence[str], raw: Sequence[str], marks: Marks) -> list[str]:
    """Return the signs that an English text is a machine translation, in words; empty when it reads as written.

    One sign alone proves nothing, so at least two kinds, or one many times, are asked for.
    """
    text, received = "\n".join(paragraphs), "\n".join(raw)
    words = max(1, length(text, "en"))
    signs: list[tuple[int, str]] = []
    if phrases := Counter(_found(marks.translation_en, text)):
        best = ", ".join(f"“{phrase}”" for phrase, _ in phrases.most_common(3))
        signs.append((min(3, max(2 * len(phrases), phrases.total())), f"wordings such as {best}"))
    if punctuation := len(_CHINESE_MARKS.findall(received)) - len(_QUOTES.findall(received)):
        signs.append((2 if punctuation > 2 else 1, f"Chinese punctuation ({punctuation}×)"))
    glued = glued_words(received)
    if together := len(_GLUED_STOP.findall(received)) + len(glued):
        example = f", such as “{glued[0]}”" if glued else ""
        signs.append((2 if together > 2 else 1, f"words or sentences run together ({together}×){example}"))
    starts, small = len(_STARTS.findall(text)), len(_SMALL_START.findall(text))
    if starts >= 5 and small > starts / 2:
        signs.append((2, "sentences that begin with small letters"))
    articles = 100 * len(_ARTICLE.findall(text)) / words
    if words >= 100 and articles < _FEW_ARTICLES:
        signs.append((1, f"few articles ({articles:.1f} in 100 words)"))
    return [sign for _, sign in signs] if sum(weight for weight, _ in signs) >= 3 else []


def glued_words(text: str) -> list[str]:
    """Return the words that are none but fall into two that are: "shouldimprove"."""
    from simplemma import is_known  # slow to import

    known = partial(is_known, lang="en")
    candidates = dict.fromkeys(_WORD.findall(text))
    unknown = (word for word in candidates if not known(word) and not known(word.removesuffix("s")))
    return [word for word in unknown if any(known(word[:n]) and known(word[n:]) for n in range(4, len(word) - 3))]


def cut_short(passages: Sequence[str], language: str) -> str:
    """Return the last words of a text that breaks off in mid-sentence; empty when it ends as texts end.

    Signatures, dates and headings at the end are short and need no full stop. Texts that never close a
    paragraph are lists or tables.
    """
    enough = 25 if language == "zh" else 12
    running = [text for text in passages if length(text, language) >= enough]
    closed = [bool(_ENDS.search(text)) for text in running]
    if not running or closed[-1] or (len(running) > 2 and sum(closed) < (len(running) - 1) / 2):
        return ""
    return running[-1].strip()[-40:]


_ATTACHED = re.compile(
    rf"\W*(?:{'|'.join(LISTS['attachments'].split())})\b|.{{0,200}}\.(?:pdf|docx?|xlsx?|pptx?|wps|ofd|zip|rar)\b",
    re.IGNORECASE,
)
#: Less than so many Chinese characters or English words without a sentence are hardly a text.
_LITTLE = {"zh": 30, "en": 15}


def little_text(passages: Sequence[str], title: str, language: str) -> str:
    """Return that a document holds hardly any text besides its title and the names of attachments; else nothing."""
    attached = [text for text in passages if _ATTACHED.match(text) and length(text, language) < 2 * _LITTLE[language]]
    left = [text for text in passages if text not in attached]
    size = sum(length(text, language) for text in left if text.strip() != title)
    if size >= _LITTLE[language] or any(_ENDS.search(text) for text in left):
        return ""
    what = "the names of attachments: give those files" if attached else "its title: give the page or file that has it"
    return f"it holds hardly any text besides {what}"


_NATION = "national"
#: The levels of which places.yml names the places themselves; of the others it names some by their provinces.
_PROVINCIAL = ("", "省", "province", "autonomous region")
#: A document is about a plan that its title or first passages name, or this share of its passages.
_TEXT_HEAD, _OFTEN = 3, 0.2
#: The longest headline, in Chinese characters or English words.
_HEADLINE = {"zh": 50, "en": 30}
_SENTENCE_END = re.compile(r"[。！？；;]|[.](?=\s|$)")


@dataclass(frozen=True)
class Guess:
    """One value, why it was guessed, and whether nobody needs to be asked about it."""

    value: str
    reason: str
    sure: bool = True


@dataclass(frozen=True)
class Guesses:
    """Everything worked out about a document that nobody has described yet."""

    language: str
    script: str
    title: Guess
    published: Dating
    written: Dating
    speaker: Guess
    voice: Guess
    plan: Guess
    places: tuple[tuple[str, int], ...]
    plans: tuple[tuple[str, int], ...]
    translation: tuple[str, ...]
    cut_short: str
    lost: int
    little: str

    @property
    def warnings(self) -> list[str]:
        """What is doubtful about the document, one sentence each."""
        found = [self.written.doubt] if self.written.doubt else []
        if self.translation:
            found.append(f"machine translation suspected: {'; '.join(self.translation)}")
        if self.cut_short:
            found.append(f"it breaks off in mid-sentence: “…{self.cut_short}”")
        if self.little:
            found.append(self.little)
        if self.lost:
            found.append(f"{many(self.lost, 'character was', 'characters were')} lost before it was received")
        return found


class Guesser:
    """Works out what can be known of a text from a project's own words for places, plans and dates."""

    def __init__(self, project: Project) -> None:
        """Load the words of data/lexicon. Raises InvalidDataError when they have mistakes."""
        self.project = project
        self.vocabulary, self.marks = load_vocabulary(project), load_marks(project)
        self.rules = ScopeRules(self.vocabulary)
        self._places = self.vocabulary.place_phrases()
        reference = self.vocabulary.self_reference
        self._self = Phrases((word, word) for word in (*reference.zh, *reference.en))

    def guess(self, received: Received, content: bytes, *, name: str = "", address: str | None = None,
              published: str | None = None) -> tuple[Guesses, ReadDocument]:  # fmt: skip
        """Return what the text of `received` tells, and the document as read with nothing known about it.

        `content` are the bytes it was read from, `name` is the file's; `published` is what somebody says who knows it.
        """
        whole = "\n".join(received.paragraphs)
        language = guess_language(whole)
        script, english = guess_script(whole, language), language == "en"
        file = f"document.{received.format}"  # by which it is read as it was before
        entry = provisional_entry(language=language, script=script, file=file)
        read = read_document(entry, content, self.vocabulary, self.rules, self.project)
        texts, raw = ([str(row[column]) for row in read.passages] for column in ("text", "raw"))
        title = guess_title(received, texts, language, self.marks.voices.official_zh, name)
        texts = [for_matching(one, script) for one in texts]
        text, simple = "\n".join(texts), for_matching(title.value, script)
        stamps = find_stamps(received.paragraphs, received.furniture)
        stated = received.published if received.format in ("html", "md", "txt") else None  # others: of a program
        dated = guess_published(received.paragraphs, stated, address, stamps)
        dated = Dating(published, "as given") if published else dated
        voice, why = self.marks.voice(simple, text)
        lines = [one for one in texts[:_TEXT_HEAD] if length(one, language) <= _HEADLINE[language]]
        heads = "\n".join([simple, *lines])
        speaks = [for_matching(str(row["text"]), script) for row in read.sentences]
        guesses = Guesses(language=language, script=script, title=title, published=dated,
                          written=self._written(received, text, dated.value, stamps, voice),
                          speaker=self._listed(self._speaker(speaks, heads, voice, _signers(received.paragraphs))),
                          voice=Guess(voice, why, sure=False),
                          plan=self._plan(texts, simple if title.sure else ""),
                          places=tuple(Counter(match.key for match in self._places.find(text)).most_common()),
                          plans=tuple(self._plans(texts).most_common()),
                          translation=tuple(translation_marks(texts, raw, self.marks)) if english else (),
                          cut_short=cut_short(texts, language), lost=lost_characters(whole),
                          little=little_text(texts, title.value, language))  # fmt: skip
        return guesses, read

    def _written(self, received: Received, text: str, published: str | None, stamps: Sequence[Stamp],
                 voice: str) -> Dating:  # fmt: skip
        """Return when a text was written, with a doubt where that leaves its era open."""
        heads = [fold(line, keep_dashes=True) for line in received.paragraphs[:_HEAD]]
        numbered = next(filter(None, map(_FORMS["own_number"].match, heads)), None)
        lines = (fold(line, keep_dashes=True) for line in received.paragraphs if len(line) <= _SHORT)
        reposted = voice != "official" and any(map(_FORMS["reposted"].search, lines))
        dating = guess_written(text, published, self.marks, stamps, reposted=reposted, official=voice == "official",
                               number=numbered["year"] if numbered else "")  # fmt: skip
        last = max((one.day for one in _told(text)), default=date.min)
        if published and not dating.doubt and last > parse_span(published)[1]:
            dating = replace(dating, doubt=f"it names the date {last}, later than its publication {published}")
        if dating.value and self.vocabulary.eras and self.vocabulary.era_of(dating.value) is None:
            open_era = f"all that is known is {dating.value}, which no era holds alone: its era is unknown"
            return replace(dating, doubt="; ".join(filter(None, (dating.doubt, open_era))))
        return dating

    def _plans(self, texts: Iterable[str]) -> Counter[str]:
        return Counter(plan for text in texts if (plan := self.rules.plan(text, "none")) != "none")

    def _listed(self, speaker: Guess) -> Guess:
        """Return the speaker, or that it is unknown in a project that lists no such place, as one without a nation."""
        unknown = Guess(UNKNOWN, f"places.yml has no place {speaker.value!r}", sure=not self.vocabulary.places)
        return speaker if speaker.value in (UNKNOWN, *self.vocabulary.place_ids) else unknown

    def _speaker(self, sentences: Sequence[str], title: str, voice: str, signers: Sequence[str]) -> Guess:
        """Return the place from whose standpoint a text speaks: "our province" gives it away, its signature or title.

        It is unknown where that place is none of places.yml's: the nation is no answer to "our county".
        """
        named = Counter(place for one in sentences for place in {match.key for match in self._places.find(one)})
        text, head = "\n".join((title, *sentences)), fold(title)
        said = next(filter(None, map(_FORMS["ourselves"].search, map(fold, sentences))), None)
        others = (found[0].key for one in sentences if (found := self._self.find(one)))
        ourselves = said[0] if said else next(others, "")
        below = [(place, n) for place, n in named.most_common() if place != _NATION]
        in_title = [match.key for match in self._places.find(title) if match.key != _NATION]
        if ourselves:
            level = said["level"] or said["level_en"] if said else ""
            level = "" if level == "区" and "自治区" in text else level
            known = self._of_level(text, level) if level not in _PROVINCIAL else [place for place, _ in below]
            place = next((one for one in (*in_title, *known) if one in known), "")
            if place:
                return Guess(place, f"it says “{ourselves}” and names {self.vocabulary.label(place)}")
            return Guess(UNKNOWN, f"it says “{ourselves}”, and places.yml does not name that place", sure=False)
        if voice == "official" and (nation := _FORMS["of_nation"].match(head)):
            return Guess(_NATION, f"an official text of “{nation[0]}”")
        signed = [match.key for match in self._places.find("\n".join(signers)) if match.key != _NATION]
        if len(set(signed)) == 1 and voice == "official":
            return Guess(signed[0], f"an official text signed by “{signers[0]}”")
        if len(set(in_title)) == 1 and voice == "official":
            return Guess(in_title[0], f"an official text whose title names {self.vocabulary.label(in_title[0])}")
        line = next(filter(None, map(_FORMS["of_place"].match, (*head.splitlines(), *signers))), None) or (
            _FORMS["of_place_en"].search(head))
        if voice == "official" and line and not in_title:
            place = line.groupdict().get("name") or line[0]
            return Guess(UNKNOWN, f"an official text of “{place}”, a place that places.yml does not name", sure=False)
        flat = fold(text)
        nation = None if _FORMS["china"].search(flat) else _FORMS["ours_nation"].search(flat)
        if nation and (nation[0].isascii() or _FORMS["abroad"].search(flat)):
            return Guess(UNKNOWN, f"it says “{nation[0]}” and does not name China", sure=False)
        if in_title:
            return Guess(_NATION, "nothing in it says “our province” of a place it names", sure=False)
        return Guess(_NATION, "it speaks for no place below the nation", sure=not below or voice == "reported")

    def _of_level(self, text: str, level: str) -> list[str]:
        """Return the places that a text names as one of a level (福州市 of 市), the one named most first."""
        flat = fold(text)
        found = [match for match in self._places.find(text) if match.key != _NATION]
        named = (one.key for one in found if level in (flat[one.end - 1 : one.end], flat[one.end : one.end + 1])
                 or flat[one.end :].startswith(f" {level}") or flat[: one.start].endswith(f"{level} of "))  # fmt: skip
        return [place for place, _ in Counter(named).most_common()]

    def _plan(self, texts: Sequence[str], title: str) -> Guess:
        """Return the plan that a document as a whole is about, or none. Of several that it names none is guessed."""
        if (plan := self.rules.plan(title, "none")) != "none":
            return Guess(plan, "named in the title")
        counts = self._plans(texts)
        if len(counts) > 1:
            named = ", ".join(counts)
            return Guess("none", f"it names several: {named}; each passage has the one it names", sure=False)
        for one, n in counts.items():  # of the only one
            if self.rules.plan("\n".join(texts[:_TEXT_HEAD]), "none") == one or n / len(texts) >= _OFTEN:
                return Guess(one, f"named in {n} of {many(len(texts), 'passage')}, and no other plan is")
        return Guess("none", "no plan is named in its title or beginning")


def _signers(paragraphs: Sequence[str]) -> list[str]:
    """Return who issued a text: as the table of its fields says, or who stands at or over the first date signed."""
    lines = [fold(one, keep_dashes=True).strip() if len(one) <= _ACT else "" for one in paragraphs]
    for line in lines[:_HEAD]:
        if issuer := _FORMS["issuer"].search(line):
            return [issuer["name"].strip().removeprefix("中共")]
    for n, line in enumerate(lines):
        days = _days(line, _SURE) if len(line) <= _SHORT and ":" not in line else []
        if not days or line[:1] in "([":
            continue
        rest = _FORMS["printed"].sub("", _FORMS["beside"].sub("", line[: days[0].start] + line[days[-1].end :]))
        over = takewhile(_is_signature, reversed(lines[max(0, n - _FOOT) : n]))
        if found := [rest] if rest and _is_signature(rest) else [] if rest else [*over]:
            return [one.removeprefix("中共") for one in found]
    return []


def _is_signature(line: str) -> bool:
    return 2 < len(line) <= _SHORT / 2 and ":" not in line and bool(_FORMS["signature_end"].search(line))


def provisional_entry(**fields: object) -> DocumentEntry:
    """Return an entry for a document that data/corpus.yml does not describe, with `fields` as far as they are known."""
    known: dict[str, object] = {"id": "document", "file": "document", "title": "untitled", "publisher": "unknown"}
    known |= {"speaker": _NATION, "voice": "commentary", "rights": "quote", "rights_note": "not described yet"}
    return DocumentEntry.model_validate(known | fields)


def guess_title(received: Received, lines: Sequence[str], language: str, official: Sequence[str],
                name: str = "") -> Guess:  # fmt: skip
    """Return the title: as the file states it, as its first lines read, as a law or a speech calls itself.

    `lines` are the passages as they stand, `official` the last words of official titles; without a title the file's
    own `name` is offered, or the first words.
    """
    heads = [_bare_line(line) for line in lines[:_HEAD]]
    stated = _bare_line(received.title or "")
    cut = re.sub(r"\s*(?:\.{2,6}|…{1,3})$", "", stated)
    if cut != stated:
        stated = next((head for head in heads if head.startswith(cut) and head != stated), stated)
    unusable = [_is_no_title(stated), *(_FORMS[form].fullmatch(stated.lower()) for form in ("no_name", "organ"))]
    if stated and not any(unusable):
        whole = _joined_title(heads, heads.index(stated), language, official) if stated in heads else stated
        return Guess(_FORMS["bracketed_date"].sub("", whole).strip() or whole, "stated in the file")
    start = "\n".join(lines[:_HEAD])
    report = language == "zh" and _FORMS["work_report"].search(start) and any(map(_FORMS["speech"].fullmatch, heads))
    for n, head in enumerate(heads):
        named = _FORMS["named_line"].fullmatch(head)
        if named and named["title"] and (said := named["value"].strip("'\" —-")):
            return Guess(said, "its first lines")
        issued = [*heads[:n], *_with_organs(heads[n:])]
        goes_on = len(issued) < len(heads) or (
            n + 1 < len(heads) and _FORMS["continues"].match(heads[n + 1].lower())
            and not _FORMS["site"].search(head.lower()))  # fmt: skip
        if head[:2] in ("1 ", "1.") and any(line.startswith(f"2{head[1]}") for line in lines[: 4 * _HEAD]):
            break  # the first heading of several
        if not head or _is_no_title(head) or (_FORMS["organ"].fullmatch(head.lower()) and not goes_on):
            continue
        if length(head, language) > _HEADLINE[language] or _SENTENCE_END.search(head.rstrip(".")):
            break
        joined = _joined_title(issued, n, language, official)
        title = _FORMS["bracketed_date"].sub("", joined).strip() or joined
        if report and not _genre(title, official):
            continue  # whoever gave it
        return Guess(title, "its first line" if n == 0 else "its first lines")
    if said := next(filter(None, map(_labelled_title, received.paragraphs[:_HEAD])), ""):
        return Guess(said, "its table of fields")
    if report:
        return Guess(_FORMS["report_title"].pattern, "what the speech says it is")
    if (law := _FORMS["enacted"].search(start)) and any(_FORMS["order"].search(head) for head in heads[:3]):
        return Guess(law["name"], "the text that it puts into force")
    stem = name.rpartition("/")[2].rsplit(".", 1)[0] if "://" not in name else ""
    if stem and not _FORMS["no_name"].fullmatch(stem.lower()):
        return Guess(stem, "the file's own name, because it has no title", sure=False)
    first = lines[0] if lines else received.paragraphs[0]
    words = first[:30] if language == "zh" else " ".join(first.split()[:12])
    said = words.strip(" ,，.。") or words.strip() or stem or "untitled"
    return Guess(said, "its first words, because it has no title", sure=False)


#: A title in its marks.
_QUOTED_WHOLE = re.compile("《[^《》]+》")


def _bare_line(line: str) -> str:
    """Return a line without the marks of headings and without spaces that only set its characters apart."""
    bare = " ".join(line.replace("**", "").split()).strip("*#>_`| ")
    bare = bare[1:-1] if _QUOTED_WHOLE.fullmatch(bare) else bare
    return bare.replace(" ", "") if _FORMS["spaced_out"].fullmatch(bare) else bare


def _labelled_title(line: str) -> str:
    """Return the title that a line or a row names as one (标 题 | 关于…的意见), or nothing."""
    cells = [_bare_line(_FORMS["set_wide"].sub("", cell)) for cell in line[:1000].split("|")]
    pairs = [f"{cell.rstrip(':：')}：{after}" for cell, after in pairwise(cells)]
    found = (_FORMS["named_line"].fullmatch(one) for one in (*cells, *pairs))
    return next((named["value"].strip() for named in found if named and named["title"]), "")


def _with_organs(heads: Sequence[str]) -> Sequence[str]:
    """Return lines with several organs over what they issue together in one line; else as they are."""
    organs = [*takewhile(lambda head: len(head) <= _SHORT / 3 and _FORMS["signature_end"].search(head.lower()), heads)]
    rest = heads[len(organs) :]
    joint = len(organs) > 1 and rest and _FORMS["continues"].match(rest[0].lower())
    return [" ".join(organs), *rest] if joint else heads


def _is_no_title(line: str) -> bool:
    """Whether a line stands above a title or behind it: an organ's head, a number, a date, a source, a chapter."""
    flat = fold(line, keep_dashes=True)
    if any(_FORMS[form].fullmatch(flat) for form in ("above_title", "named_line", "numbered")) or flat[:1] == "-":
        return True
    if len(flat) <= _SHORT and _FORMS["own_number"].match(flat):
        return True
    days = _days(flat, _SURE) if len(flat) <= _SHORT else []
    bare = _FORMS["bracketed_date"].sub("", flat)
    return bool(days) and (not bare or (bare == flat and _stands_alone(flat, days, "the date line")))


def _joined_title(heads: Sequence[str], n: int, language: str, official: Sequence[str]) -> str:
    """Return the title that begins in line `n`, with the lines in which it goes on."""
    title = heads[n]
    for line in heads[n + 1 : n + 4]:
        whole = join_lines(title, line)
        if _FORMS["title_tail"].fullmatch(fold(line, keep_dashes=True)):
            return whole
        ended = not _FORMS["goes_on"].match(line) and _genre(title, official) and not _FORMS["continued"].search(title)
        if ended or length(whole, language) > _HEADLINE[language] or _is_no_title(line) or _SENTENCE_END.search(line):
            break
        organ = _FORMS["signature_end"].search(title.lower()) and _FORMS["continues"].match(line.lower())
        opened = title.count("《") > title.count("》") or title.count("（") > title.count("）")
        opened = opened or bool(_FORMS["goes_on"].match(line) and language == "zh")
        halves = language == "zh" and bool(_genre(line, official)) and length(line, language) <= 25
        small = language == "en" and (line[:1].islower() or (title.isupper() and line.isupper()))
        if not (organ or opened or halves or small or _FORMS["continued"].search(title.lower())):
            break
        title = whole
    return title


def _genre(title: str, official: Sequence[str]) -> str:
    """Return the word of official titles in which a title ends, whatever stands in brackets behind it, or nothing."""
    bare = title.rstrip("》”\"] 。.—–-─")
    for _ in range(3):
        bare = _FORMS["appended"].sub("", bare).rstrip("》”\"] 。.—–-─")
    return next(filter(bare.endswith, official), "")


_LONGEST = 60
_SMALL_WORDS = ("a", "an", "and", "at", "by", "for", "from", "in", "into", "of", "on", "or", "the", "to", "with")
_NO_NAME = ("www", "com", "cn", "org", "net", "edu", "info", "html", "m")


def make_id(publisher: str, year: str, title: str, taken: Container[str]) -> str:
    """Return an id that is not `taken`. Empty parts are left out; a document without any is called document."""
    parts = [*slug_words(publisher)[:2], *([year] if year else [])]
    parts += [word for word in slug_words(title) if word not in _SMALL_WORDS][:6]
    base = ""
    for part in parts:
        if base and len(base) + len(part) >= _LONGEST:
            break
        base = f"{base}-{part}" if base else part[:_LONGEST]
    base = base or "document"
    return next(name for n in count(1) if (name := f"{base}-{n}" if n > 1 else base) not in taken)


def slug_words(text: str) -> list[str]:
    """Return the words of a text in lower-case ASCII, a Chinese character as its reading."""
    from pypinyin import lazy_pinyin  # slow to import

    read = " ".join(lazy_pinyin(text, errors=lambda other: f" {other} "))
    plain = unicodedata.normalize("NFKD", read).encode("ascii", "ignore").decode().lower()
    return [word for word in re.findall(r"[a-z0-9]+", plain.replace("'", "")) if word]


def host_words(host: str) -> str:
    """Return what of a server's name tells who it is: ndrc gov for www.ndrc.gov.cn."""
    return " ".join(word for word in host.lower().split(".") if word not in _NO_NAME and not word.isdigit())


#: Texts that share less than this of the shorter one are not called near-duplicates.
NEAR_COPY = 0.5
_RUN = {"zh": 6, "en": 20}
#: Of long texts one run in so many is compared, chosen by its own content: so the same run is chosen in every text.
_LONG, _KEPT = 2000, 4
#: Documents are compared that share half as much as copies of one run in so many; a run of more documents is a formula.
_SOME, _COMMON = 8, 20
#: Of samples smaller than this nothing can be said.
_FEW = 20


@dataclass(frozen=True)
class Near:
    """Another document, and the share of the shorter text that stands in both."""

    document: str
    share: float


class Copies:
    """Finds near-duplicates among texts that become more, without comparing a text with every other."""

    def __init__(self) -> None:
        self._texts: dict[str, dict[str, str]] = defaultdict(dict)
        self._sizes: dict[str, int] = {}
        self._holders: dict[tuple[str, int], list[str]] = defaultdict(list)

    def remember(self, identifier: str, language: str, text: str) -> None:
        """Compare with this text too."""
        self._texts[language][identifier] = text
        some = _sampled(_runs(text, language))
        self._sizes[identifier] = len(some)
        for run in some:
            self._holders[language, run].append(identifier)

    def nearest(self, text: str, language: str) -> Near | None:
        """Return the text most like `text`, if any is a near-duplicate."""
        some, texts, sizes = _sampled(_runs(text, language)), self._texts[language], self._sizes
        met = Counter(other for run in some for other in self._holders.get((language, run), ())[:_COMMON])
        near = [one for one in met if met[one] >= NEAR_COPY / 2 * min(len(some), sizes[one])]
        near += [one for one in texts if min(len(some), sizes[one]) < _FEW]  # too small to tell
        near = sorted({*near}, key=[*texts].index) if len(near) > 1 else near
        return nearest_document(text, language, {one: texts[one] for one in near}) if near else None


def _sampled(runs: frozenset[int]) -> frozenset[int]:
    return frozenset(run for run in runs if run % _SOME == 0)


def nearest_document(text: str, language: str, others: Mapping[str, str]) -> Near | None:
    """Return the document of `others` (id -> text, same language) most like `text`, if any is a near-duplicate."""
    own = _runs(text, language)
    near = [Near(identifier, _shared(own, _runs(other, language))) for identifier, other in others.items()]
    return max((one for one in near if one.share >= NEAR_COPY), key=lambda one: one.share, default=None)


def near_copies(corpus: Corpus) -> list[tuple[str, Near]]:
    """Return every document of a corpus that is a near-duplicate of one before it, with the one most like it."""
    passages = corpus.passages.groupby("document", sort=False)["text"].agg("\n".join)
    holders: dict[int, list[str]] = defaultdict(list)
    sizes: dict[str, int] = {}
    found = []
    for row in records(corpus.documents):
        name, text = str(row.document), str(passages.get(row.document, ""))
        some = _some_runs(text, row.language)
        sizes[name] = len(some)
        met = Counter(other for run in some for other in holders[run][:_COMMON])
        others = {other: str(passages[other]) for other, n in met.items()
                  if n >= NEAR_COPY / 2 * min(len(some), sizes[other])}  # fmt: skip
        if near := nearest_document(text, row.language, others):
            found.append((name, near))
        for run in some:
            holders[run].append(name)
    return found


@lru_cache(10_000)  # a book asks for the near-duplicates on each side of each comparison
def _some_runs(text: str, language: str) -> frozenset[int]:
    return _sampled(_runs(text, language))


def _runs(text: str, language: str) -> frozenset[int]:
    """Return every run of a text's letters, digits and characters, as a checksum."""
    squeezed = re.sub(r"[\W_]+", "", text.lower())
    size = _RUN[language]
    return frozenset(zlib.crc32(squeezed[n : n + size].encode()) for n in range(max(1, len(squeezed) - size + 1)))


def _shared(one: frozenset[int], other: frozenset[int]) -> float:
    if min(len(one), len(other)) > _LONG:
        one, other = (frozenset(run for run in runs if run % _KEPT == 0) for runs in (one, other))
    return len(one & other) / max(1, min(len(one), len(other)))
