"""What a text tells of itself: title, dates, language, marks of reposting and translation, nearness to others."""

import calendar
import contextlib
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import count

import simplemma
from pydantic import Field
from pypinyin import lazy_pinyin

from policybook.corpus.build import ReadDocument, read_document
from policybook.corpus.manifest import DocumentEntry
from policybook.corpus.matching import Phrases
from policybook.corpus.repair import for_matching, guess_language, guess_script, lost_characters
from policybook.corpus.scope import ScopeRules, load_vocabulary
from policybook.corpus.sentences import length
from policybook.errors import InvalidDataError, Problem
from policybook.project import Project
from policybook.reading.received import Received
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
        voices, bare = self.voices, title.rstrip('》”"）)] 。.—–-─')
        if end := next(filter(bare.endswith, voices.official_zh), ""):
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


_MONTHS = [name for name in calendar.month_name if name]
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in _MONTHS)
_NUMERIC = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(rf"(?<!\d)(\d{{1,2}})\s+({_MONTH})\.?,?\s+((?:19|20)\d{{2}})(?!\d)", re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"\b({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+((?:19|20)\d{{2}})(?!\d)", re.IGNORECASE)
_IN_ADDRESS = re.compile(r"(?<!\d)((?:19|20)\d{2})[-/_]?(0[1-9]|1[0-2])[-/_]?(0[1-9]|[12]\d|3[01])(?!\d)")
_YEAR = re.compile(r"(?<![\d.,])((?:19|20)\d{2})(?![\d,.%]\d|%|\d)")
_AIM = re.compile(r"(?:\b(?:by|until|to|towards?|before)(?: the (?:end|year)(?: of)?)?|到|至|前|目标|—|–|-|~)\s*$",
                  re.IGNORECASE)  # fmt: skip
_AIM_BEHIND = re.compile(r"^\s*(?:年)?\s*(?:前|远景|目标|[-—–~至]\s*(?:19|20)\d{2})")
#: A date line is short; a page carries it near its head or at its foot.
_SHORT, _HEAD, _FOOT = 90, 10, 5
#: A text is held to be older than its page where everything it names is this many years older.
YEARS_APART = 3


@dataclass(frozen=True)
class Dating:
    """A date as data/corpus.yml writes it, how it is known, and what is doubtful about it."""

    value: str | None
    reason: str
    doubt: str = ""


def find_dates(text: str) -> Iterator[tuple[int, date]]:
    """Yield (position, day) for every full date in a text, in numbers or in English."""
    found = [day for match in _NUMERIC.finditer(text) for day in _day(match, match[1], match[2], match[3])]
    for match in _DAY_FIRST.finditer(text):
        found += _day(match, match[3], _month(match[2]), match[1])
    for match in _MONTH_FIRST.finditer(text):
        found += _day(match, match[3], _month(match[1]), match[2])
    yield from sorted(found)


def guess_published(paragraphs: Sequence[str], stated: str | None, address: str | None) -> Dating:
    """Return the date of publication: the file's own statement, a date line, the web address, or none."""
    if stated and (day := next((d for _, d in find_dates(stated)), None)):
        return Dating(day.isoformat(), "stated in the file")
    with contextlib.suppress(ValueError):
        if stated:
            parse_span(stated)
            return Dating(stated, "stated in the file")
    lines = [("the date line", line) for line in paragraphs[:_HEAD]]
    lines += [("the last lines", line) for line in paragraphs[_HEAD:][-_FOOT:]]
    found = [(day, f"{where}: {line.strip()[:60]}") for where, line in lines if len(line) <= _SHORT
             for _, day in find_dates(line)]  # fmt: skip
    found += [(day, "in its web address") for match in _IN_ADDRESS.finditer(address or "")
              for _, day in _day(match, match[1], match[2], match[3])]  # fmt: skip
    past = ((day.isoformat(), reason) for day, reason in found if day <= date.today())
    return Dating(*next(past, (None, "no date was found")))


def guess_written(text: str, published: str | None, marks: Marks) -> Dating:
    """Return when a text was written: as published, unless what it names is years older than its page.

    A text that names nothing later than a year, an event or a plan long past was likely written then. Lasting
    terms younger than that forbid the conclusion.
    """
    days = [day for _, day in find_dates(text)]
    named = [(day, day.isoformat(), f"the date {day.isoformat()}") for day in days]
    named += [(date(year, 1, 1), str(year), f"the year {year}") for year in _years(text)]
    if event := _latest(marks.events, text):
        named.append((event.day, event.since, f"“{event.label}” ({event.since})"))
    term = _latest(marks.terms, text)
    if published is None:
        past = [one for one in named if one[0] <= date.today()]
        if term and (not past or term.day > max(past)[0]):
            past.append((term.day, term.since[:4], f"“{term.label}”, a term since {term.since}"))
        if not past:
            return Dating(None, "nothing in it tells", "no date: neither page nor text tells when it was written")
        _, value, what = max(past)
        reason = f"the latest that it names is {what}"
        return Dating(value, reason, f"no date on the page; {reason}, so it was written then or later")
    page = parse_span(published)[1]
    if days and (last := max(days)) > page:
        return Dating(published, "as published", f"it names the date {last}, later than its publication {published}")
    past = [one for one in named if one[0] <= page]
    if past and page.year - max(past)[0].year >= YEARS_APART:
        day, value, what = max(past)
        if term is None or term.day <= day:
            doubt = f"published {published}, but the latest it names is {what}: it may have been written then and "
            return Dating(value[:7], f"the latest that it names is {what}", f"{doubt}reposted")
    return Dating(published, "as published")


def _years(text: str) -> list[int]:
    """Return the years a text names as past or present: no ends of periods, no aims."""
    return [int(match[1]) for match in _YEAR.finditer(text)
            if not _AIM.search(text[max(0, match.start() - 20) : match.start()])
            and not _AIM_BEHIND.match(text[match.end() : match.end() + 12])]  # fmt: skip


def _day(match: re.Match[str], year: str, month: str | int, day: str) -> list[tuple[int, date]]:
    try:
        return [(match.start(), date(int(year), int(month), int(day)))]
    except ValueError:
        return []


def _month(name: str) -> int:
    return next(n for n, month in enumerate(_MONTHS, 1) if month.lower().startswith(name[:3].lower()))


_CHINESE_MARKS = re.compile("[，。；：、？！“”《》（）「」【】]")
_QUOTES = re.compile("[“”]")
_GLUED_STOP = re.compile(r"(?<=[a-z]{2}[.;])(?=[A-Z][a-z])")
_WORD = re.compile(r"(?<![A-Za-z])[a-z]{8,40}(?![A-Za-z])")
_SMALL_START = re.compile(r"(?:^|(?<=[.!?] ))[a-z]")
_STARTS = re.compile(r"(?:^|(?<=[.!?] ))[A-Za-z]")
_ARTICLE = re.compile(r"\b(?:the|a|an)\b", re.IGNORECASE)
_ENDS = re.compile(r"[.!?。！？…;；:：][\"'”’」』）)\]》]*\s*$|[」』”]\s*$")
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
    known = partial(simplemma.is_known, lang="en")
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


_NATION = "national"
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

    @property
    def warnings(self) -> list[str]:
        """What is doubtful about the document, one sentence each."""
        found = [self.written.doubt] if self.written.doubt else []
        if self.translation:
            found.append(f"machine translation suspected: {'; '.join(self.translation)}")
        if self.cut_short:
            found.append(f"it breaks off in mid-sentence: “…{self.cut_short}”")
        if self.lost:
            found.append(f"{self.lost} characters were lost before it was received")
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

    def guess(self, received: Received, content: bytes, *, address: str | None = None,
              published: str | None = None) -> tuple[Guesses, ReadDocument]:  # fmt: skip
        """Return what the text of `received` tells, and the document as read with nothing known about it.

        `content` are the bytes it was read from; `published` is what somebody says who knows it.
        """
        whole = "\n".join(received.paragraphs)
        language = guess_language(whole)
        script, english = guess_script(whole, language), language == "en"
        entry = provisional_entry(language=language, script=script)
        read = read_document(entry, content, self.vocabulary, self.rules, self.project)
        texts, raw = ([str(row[column]) for row in read.passages] for column in ("text", "raw"))
        title = _title(received, texts, language)
        texts = [for_matching(one, script) for one in texts]
        text, plain_title = "\n".join(texts), for_matching(title.value, script)
        dated = guess_published(received.paragraphs, received.published, address)
        if published:
            dated = Dating(published, "as given")
        voice, why = self.marks.voice(plain_title, text)
        lines = [one for one in texts[:_TEXT_HEAD] if length(one, language) <= _HEADLINE[language]]
        heads = "\n".join([plain_title, *lines])
        guesses = Guesses(language=language, script=script, title=title, published=dated,
                          written=guess_written(text, dated.value, self.marks),
                          speaker=self._speaker([for_matching(str(row["text"]), script) for row in read.sentences],
                                                heads, voice),
                          voice=Guess(voice, why, sure=False),
                          plan=self._plan(texts, plain_title if title.sure else ""),
                          places=tuple(Counter(match.key for match in self._places.find(text)).most_common()),
                          plans=tuple(self._plans(texts).most_common()),
                          translation=tuple(translation_marks(texts, raw, self.marks)) if english else (),
                          cut_short=cut_short(texts, language), lost=lost_characters(whole))  # fmt: skip
        return guesses, read

    def _plans(self, texts: Iterable[str]) -> Counter[str]:
        return Counter(plan for text in texts if (plan := self.rules.plan(text, "none")) != "none")

    def _speaker(self, sentences: Sequence[str], title: str, voice: str) -> Guess:
        """Return the place from whose standpoint a text speaks: "our province" gives it away, or its title."""
        named = Counter(place for one in sentences for place in {match.key for match in self._places.find(one)})
        ourselves = next((found[0].key for one in sentences if (found := self._self.find(one))), "")
        below = [(place, n) for place, n in named.most_common() if place != _NATION]
        in_title = [match.key for match in self._places.find(title) if match.key != _NATION]
        if ourselves and below:
            place = [*in_title, below[0][0]][0]
            return Guess(place, f"it says “{ourselves}” and names {self.vocabulary.label(place)} most")
        if len(set(in_title)) == 1 and voice == "official":
            return Guess(in_title[0], f"an official text whose title names {self.vocabulary.label(in_title[0])}")
        if in_title or ourselves:
            return Guess(_NATION, "nothing in it says “our province” of a place it names", sure=False)
        return Guess(_NATION, "it speaks for no place below the nation", sure=not below or voice == "reported")

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
                return Guess(one, f"named in {n} of {len(texts)} passages, and no other plan is")
        return Guess("none", "no plan is named in its title or beginning")


def provisional_entry(**fields: object) -> DocumentEntry:
    """Return an entry for a document that data/corpus.yml does not describe, with `fields` as far as they are known."""
    known: dict[str, object] = {"id": "document", "file": "document", "title": "untitled", "publisher": "unknown"}
    known |= {"speaker": _NATION, "voice": "commentary", "rights": "quote", "rights_note": "not described yet"}
    return DocumentEntry.model_validate(known | fields)


def _title(received: Received, texts: Sequence[str], language: str) -> Guess:
    if received.title and received.title.strip():
        return Guess(" ".join(received.title.split()), "stated in the file")
    limit = _HEADLINE[language]
    for text in texts[:1]:
        if 0 < length(text, language) <= limit and not _SENTENCE_END.search(text.strip().rstrip(".")):
            return Guess(text.strip(), "its first line")
    first = texts[0] if texts else received.paragraphs[0]
    words = first[:30] if language == "zh" else " ".join(first.split()[:12])
    return Guess(words.strip(" ,，.。"), "its first words, because it has no title", sure=False)


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


@dataclass(frozen=True)
class Near:
    """Another document, and the share of the shorter text that stands in both."""

    document: str
    share: float


def nearest_document(text: str, language: str, others: Mapping[str, str]) -> Near | None:
    """Return the document of `others` (id -> text, same language) most like `text`, if any is a near-duplicate."""
    own = _runs(text, language)
    near = [Near(identifier, _shared(own, _runs(other, language))) for identifier, other in others.items()]
    return max((one for one in near if one.share >= NEAR_COPY), key=lambda one: one.share, default=None)


def _runs(text: str, language: str) -> frozenset[int]:
    """Return every run of a text's letters, digits and characters, as a checksum."""
    squeezed = re.sub(r"[\W_]+", "", text.lower())
    size = _RUN[language]
    return frozenset(zlib.crc32(squeezed[n : n + size].encode()) for n in range(max(1, len(squeezed) - size + 1)))


def _shared(one: frozenset[int], other: frozenset[int]) -> float:
    if min(len(one), len(other)) > _LONG:
        one, other = (frozenset(run for run in runs if run % _KEPT == 0) for runs in (one, other))
    return len(one & other) / max(1, min(len(one), len(other)))
