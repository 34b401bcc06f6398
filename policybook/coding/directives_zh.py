"""Chinese directives: clauses, heads, markers, prepositions and reported speech."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from policybook.coding.instruments import ChineseWords, Directing
from policybook.corpus.matching import Phrases, WordList, read_patterns

_FORMS = read_patterns(__file__)


@dataclass(frozen=True)
class ClauseHead:
    """How a clause begins: where its directing words start, its verb if it has one, and whether an adverb wills it."""

    start: int
    verb: int
    after: int
    willing: bool
    adverbial: bool

    @property
    def directs(self) -> bool:
        """Whether the clause begins like an imperative."""
        return self.after > self.verb or self.willing


def masked(text: str) -> str:
    """Return the text with the names of papers blotted out, its length unchanged."""
    return _FORMS["name"].sub(lambda name: "□" * len(name.group()), text)


def cut_clauses(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each clause begins, behind its list marker, and ends, before closing quotation marks."""
    for found in _FORMS["clause"].finditer(text):
        start, end = found.span()
        closing = _FORMS["closing"].search(text, max(start, end - 12), end)
        end = closing.start() if closing else end
        start = _behind_markers(text, start, end)
        if start < end:
            yield start, end


def _behind_markers(text: str, start: int, end: int) -> int:
    while start < end:
        marker = _FORMS["listed"].match(text, start, end) or _FORMS["opening"].match(text, start, end)
        if marker is None:
            break
        start = marker.end()
    return start


class ClauseHeads:
    """Reads the heads of clauses."""

    def __init__(self, words: ChineseWords) -> None:
        self._adverbs = WordList(words.adverbs)
        self._willing = WordList(words.willing)
        self._verbs = WordList(words.verbs, words.encouraging)
        self.read = lru_cache(maxsize=1024)(self._read)  # of one clause it is asked by everything that judges it

    def _read(self, text: str, start: int, end: int) -> ClauseHead:
        """Return the head of the clause from `start` to `end`; time and adverbs before the verb belong to it."""
        time = _FORMS["time"].match(text, start, end)
        begins = place = time.end() if time else start
        willing, adverbs = False, 0
        while place < end:
            verb = self._verbs.at(text, place, end)
            will = self._willing.at(text, place, end)
            adverb = max(will, self._adverbs.at(text, place, end))
            # 加快 and 统筹 are verbs and adverbs: before another verb they are adverbs, else the verb itself.
            if verb and verb >= adverb:
                return ClauseHead(begins, place, place + verb, willing, adverbs > 0)
            if not adverb:
                break
            willing |= will == adverb
            place, adverbs = place + adverb, adverbs + 1
            place += place < end and text[place] in "”’"  # “一企一策”解决 …
        return ClauseHead(begins, place, place, willing and place < end, adverbs > 0)


#: What forbids only where it opens a clause and what follows is an act: 不能搞大拆大建, and not 不能满足需要.
_CANNOT = "不能"
_WILL, _NEED, _LEAVE = ("将",), ("需", "需要", "仍需", "还需", "建议"), ("可", "可以")
_PLAN = ("计划", "打算", "争取", "力争", "力求", "拟")


@dataclass(frozen=True)
class ChineseMarker:
    """A marker: where it begins, where the rest of its clause does, and the strength it gives."""

    start: int
    after: int
    strength: str


class ChineseMarkers:
    """Finds the marker of each clause."""

    def __init__(self, words: ChineseWords, heads: ClauseHeads) -> None:
        pairs = [(word, strength) for strength, listed in words.markers.items() for word in listed]
        self._phrases = Phrases(pairs, decoys=words.decoys)
        self._heads = heads
        self._agents = WordList(words.agents, words.told)
        self._predicted = WordList(words.predicted)
        self._prepositions = WordList(words.prepositions, words.object_prepositions, ["会同"])
        self._placed = WordList(words.placed)

    def find(self, text: str, clauses: list[tuple[int, int]]) -> dict[int, ChineseMarker]:
        """Return the first valid marker of every clause that has one, by the clause's number."""
        found: dict[int, ChineseMarker] = {}
        matches = iter(self._phrases.find(text))
        match = next(matches, None)
        for n, (start, end) in enumerate(clauses):
            while match is not None and match.start < end:
                if n not in found and match.start >= start:
                    marker = ChineseMarker(match.start, match.end, match.key)
                    if self._holds(text, marker, start, end):
                        found[n] = marker
                match = next(matches, None)
        return found

    def _holds(self, text: str, marker: ChineseMarker, start: int, end: int) -> bool:
        """Whether the word is a marker where it stands: it has a clause behind it that it governs."""
        word = text[marker.start : marker.after]
        if marker.after >= end or text[marker.after] in "的、”》":
            return False
        head = self._heads.read(text, marker.after, end)
        if head.after > head.verb and text[head.after : head.after + 1] == "的" and end - head.after < 12:
            return False  # 要解决的问题
        if word == _CANNOT:
            return self._opens(text, start, marker) and _FORMS["forbidden"].match(text, marker.after) is not None
        if word in _NEED:
            return head.directs or self._prepositions.at(text, head.verb, end) > 0
        if word in _LEAVE:
            acts = head.directs or head.adverbial or self._prepositions.at(text, head.verb, end) > 0
            return acts or self._is_told(text, start, marker)
        if word in _PLAN:
            acts = head.directs or self._prepositions.at(text, head.verb, end) > 0
            return self._opens(text, start, marker) and (acts or word not in ("计划", "拟"))
        if word in _WILL:
            return self._announces(text, start, marker, end)
        return True

    def _announces(self, text: str, start: int, marker: ChineseMarker, end: int) -> bool:
        """Whether 将 announces what its subject will do, and is neither a prediction nor the 将 before an object."""
        head = self._heads.read(text, marker.after, end)
        if self._predicted.at(text, head.verb, end):
            return False
        if self._heads.read(text, start, marker.start).verb == marker.start and not self._is_told(text, start, marker):
            return head.directs and not self._placed.within(text, head.after, end)  # its subject was said before
        acts = head.directs or self._prepositions.at(text, head.verb, end) > 0
        return acts and self._is_told(text, start, marker)

    def _is_told(self, text: str, start: int, marker: ChineseMarker) -> bool:
        """Whether the words before the marker are, or end in, one who makes or carries out policy."""
        while marker.start > start and text[marker.start - 1] in "还也都均又":
            marker = ChineseMarker(marker.start - 1, marker.after, marker.strength)
        return self._agents.closes(text, start, marker.start)

    def _opens(self, text: str, start: int, marker: ChineseMarker) -> bool:
        """Whether the marker opens the clause but for adverbs, time, or one who makes policy."""
        return self._heads.read(text, start, marker.start).verb == marker.start or self._is_told(text, start, marker)


_TOWARDS = "向对"
_FOR_WHOM = ("对", "对于")  # whom an act is for stays outside the directive


class Prepositions:
    """Finds the verb to which a prepositional phrase leads."""

    def __init__(self, words: ChineseWords) -> None:
        self._objects = WordList(words.object_prepositions)
        self._all, self._topics = WordList(words.prepositions), WordList(words.topics)
        self._others, self._thanked = WordList(words.not_prepositions), WordList(words.thanked)
        self._thanks = WordList(words.thanks)
        self._services = WordList(words.services_for)
        self._placed = WordList(words.placed, words.verbs)
        self._verbs = WordList(words.verbs, words.encouraging)
        self._nouns = WordList(words.noun_verbs)
        self._endings = WordList(words.endings)

    def led(self, text: str, start: int, end: int) -> int | None:
        """Return where a clause that begins with a preposition directs; None where its phrase leads to no act."""
        length = self._objects.at(text, start, end)
        if length:
            return start if self._placed.within(text, start + length + 1, end) else None
        length = self._topics.at(text, start, end)
        if length:
            begun = self._verbs.at(text, start + length, end)
            return start if not begun and self.first_verb(text, start + length, end) is not None else None
        length = self._all.at(text, start, end)
        if (not length or self._others.at(text, start, end) or _FORMS["taken_as"].match(text, start, end)
            or self._greets(text, start, end)):  # fmt: skip
            return None
        verb = self.first_verb(text, start + length + 1, end)
        return verb if text[start : start + length] in _FOR_WHOM else None if verb is None else start

    def _greets(self, text: str, start: int, end: int) -> bool:
        """Whether a clause thanks or greets: 向关心支持我省发展的朋友们, 对大家的支持表示感谢."""
        if text[start] not in _TOWARDS:
            return False
        return self._thanked.closes(text, start, end) or self._thanks.within(text, start, end) is not None

    def service(self, text: str, start: int, end: int) -> int | None:
        """Return where a clause directs that does something for someone (为 …); None where it says only why."""
        return start if text[start] == "为" and self._services.within(text, start + 1, end) else None

    def first_verb(self, text: str, start: int, end: int, *, any_verb: bool = False) -> int | None:
        """Return where the first verb stands that takes an object; only with `any_verb` one that is a noun as often."""
        place = start
        while place < end:
            length = self._verbs.at(text, place, end)
            if not length:
                place += 1
                continue
            noun = not any_verb and text[place : place + length] in self._nouns
            if not noun and place + length < end and text[place + length] not in "的、和与":
                return place
            place += length
        return None


_COMPLETED, _REPORT, _NOMINAL = "completed", "report", "nominal"

# What makes a noun of a verb: 创新型, 保障性.
_NOUN_ENDINGS = "性型者率委厅业"


@dataclass(frozen=True)
class ReportReading:
    """For every clause whether it is itself a report or statement, and whether the sentence as a whole reports."""

    own: tuple[bool, ...]
    whole: bool

    def says(self, clause: int, *, in_wake: bool) -> bool:
        """Whether a clause says what is or was; in the wake of a marker only its own words count."""
        return self.own[clause] or (self.whole and not in_wake)


class ReportVerbs:
    """Reads sentences for what they report."""

    def __init__(self, words: ChineseWords, heads: ClauseHeads) -> None:
        self._heads = heads
        self._phrases = Phrases([*((word, _REPORT) for word in words.reports), ("了", _COMPLETED)],
                                decoys=words.not_completed)  # fmt: skip
        self._nominal = Phrases(((word, _NOMINAL) for word in words.nominal), decoys=words.not_nominal)
        self._before_relative = WordList(words.measures, {*words.verbs} - {*words.noun_verbs})
        self._counted, self._drafting = frozenset(words.counted), frozenset(words.drafting)
        self._deadlines = WordList(words.deadlines)
        self._states, self._aims = WordList(words.states), WordList(words.aims)
        self._endings, self._not_endings = WordList(words.endings), WordList(words.not_endings)
        self._complements, self._causatives = WordList(words.complement_verbs), WordList(words.causatives)
        self._nouns, self._reporters = WordList(words.noun_verbs), WordList(words.reporters)
        self._prepositions = WordList(words.prepositions, words.object_prepositions, words.purpose_prepositions)

    def read(self, text: str, clauses: list[tuple[int, int]], markers: dict[int, ChineseMarker]) -> ReportReading:
        """Return what the clauses of a sentence report."""
        past = [match.start for match in self._phrases.find(text)]
        states = [match.start for match in self._nominal.find(text)
                  if text[match.end : match.end + 1] != "的" and not self._before_relative.closes(text, 0, match.start)]
        own, whole = [], False
        for n, (start, end) in enumerate(clauses):
            reported = (_between(past, start, end) and not self._causes(text, start, end)
                        and not self._deadlines.within(text, start, end))  # fmt: skip
            follows = clauses[n + 1][0] if n + 1 < len(clauses) else None
            own.append(reported or self._is_statement(text, start, end, follows, states))
            whole |= n not in markers and (reported or self._describes(text, start, end))
        return ReportReading(tuple(own), whole)

    def _causes(self, text: str, start: int, end: int) -> bool:
        """Whether what looks like a report is what the clause wants to bring about: 推进改革取得进展."""
        head = self._heads.read(text, start, end)
        return text[head.verb : head.after] in self._causatives and "了" not in text[head.after : end]

    def _is_statement(self, text: str, start: int, end: int, follows: int | None, states: list[int]) -> bool:
        """Whether a clause that begins with a verb is the subject of a statement, a noun phrase or says when."""
        head = self._heads.read(text, start, end)
        verb = text[head.verb : head.after]
        if (self._endings.closes(text, start, end) and not self._not_endings.closes(text, start, end)
            and verb not in self._drafting):  # fmt: skip
            return True
        if verb in self._nouns and self._is_noun(text, head.after, end, alone=not head.adverbial):
            return True
        if verb in self._counted and not any(char.isnumeric() for char in text[head.after : end]):
            return True
        if verb in self._complements:
            return False
        if _between(states, head.after + head.adverbial, end):  # 着力建设具有影响力的中心
            return True
        return bool(verb) and follows is not None and _between(states, follows, follows + 1)

    def _is_noun(self, text: str, after: int, end: int, *, alone: bool) -> bool:
        """Whether a word that can be verb or noun is the subject here: 发展不平衡, 改革持续深化."""
        if after < end and text[after] in _NOUN_ENDINGS:
            return True
        state = self._heads.read(text, after, end)
        if state.adverbial and text[state.verb : end] in self._states:
            return True  # 高质量发展扎实推进
        joined = after + (after < end and text[after] in "、和与")
        if joined < end and self._heads.read(text, joined, end).directs:
            return False  # 规划引导, 规划和建设: two verbs share an object
        if after == end or text[after] in "的、和与":
            return alone
        return alone and self._states.closes(text, after, end)

    def _describes(self, text: str, start: int, end: int) -> bool:
        """Whether a clause with a subject of its own says what came of something, in words or in figures."""
        head = self._heads.read(text, start, end)
        if head.start < head.verb and head.verb == end:
            return False
        if self._reporters.at(text, head.start, end) and not self._aims.within(text, start, end):
            return True
        if self._precise(text, start, end):
            return True
        if head.directs or self._prepositions.at(text, head.verb, end):
            return False
        measured = _FORMS["measured"].search(text, start, end) and not self._aims.within(text, start, end)
        return bool(measured) or self._states.closes(text, start, end)

    def _precise(self, text: str, start: int, end: int) -> bool:
        """Whether a clause has a figure too precise for an aim: 取缔2122艘."""
        if self._aims.within(text, start, end):
            return False
        return any(len(number.group().replace(",", "").replace(".", "").strip("0")) >= 3
                   for number in _FORMS["number"].finditer(text, start, end))  # fmt: skip


def _between(places: Sequence[int], start: int, end: int) -> bool:
    first = bisect_left(places, start)
    return first < len(places) and places[first] < end


_REQUIREMENT, _ENCOURAGEMENT = "requirement", "encouragement"
_AGAIN = ("", "就", "还", "也", "更", "都", "首先", "关键", "关键是", "关键还是", "根本还是", "重点")


class ChineseDirectives:
    """Finds the directing clauses of Chinese sentences."""

    def __init__(self, words: ChineseWords) -> None:
        self._heads = ClauseHeads(words)
        self._markers = ChineseMarkers(words, self._heads)
        self._reports = ReportVerbs(words, self._heads)
        self._prepositions = Prepositions(words)
        self._encouraging = WordList(words.encouraging)
        self._told = WordList(words.told)
        self._purpose = WordList(words.purpose_prepositions)
        self._reporting = WordList(words.reporting)

    def find(self, text: str) -> list[Directing]:
        """Return the directing clauses of one sentence, in order.

        A clause directs by its marker, or as a bare imperative: then nothing else in a sentence without markers
        may say that it reports. In the wake of a marker the following imperatives bear its strength.
        """
        text = masked(text)
        clauses = list(cut_clauses(text))
        markers = self._markers.find(text, clauses)
        reports = self._reports.read(text, clauses, markers)
        found: list[Directing] = []
        live: str | None = None
        for n, (start, end) in enumerate(clauses):
            marker = markers.get(n)
            if marker is not None:
                live = marker.strength
                verb = self._heads.read(text, marker.after, end).verb
                found.append(Directing(marker.start, end, start, self._strength(text, marker, end), verb))
            elif not reports.says(n, in_wake=live is not None) and not self._is_topic(text, clauses, markers, n):
                begins = self._imperative(text, start, end)
                if begins is not None:
                    strength = self._bare_strength(text, begins, end, live)
                    verb = self._heads.read(text, begins, end).verb
                    found.append(Directing(begins, end, start, strength, verb))
        return found

    def _is_topic(self, text: str, clauses: list[tuple[int, int]], markers: dict[int, ChineseMarker], n: int) -> bool:
        """Whether a clause only says what the duty in the next one is about: 推进改革，必须从国情出发."""
        follows = markers.get(n + 1)
        if n or follows is None or follows.strength not in ("obligation", _REQUIREMENT):
            return False
        start = clauses[n + 1][0]
        head = self._heads.read(text, *clauses[n])
        return text[start : follows.start] in _AGAIN and not head.willing and not head.adverbial

    def _imperative(self, text: str, start: int, end: int) -> int | None:
        """Return where the imperative of a clause without a marker begins; None where it is none."""
        head = self._heads.read(text, start, end)
        if head.directs:
            return head.start
        if self._purpose.at(text, head.verb, end):
            return self._prepositions.service(text, head.verb, end)
        led = self._prepositions.led(text, head.verb, end)
        if led is not None:
            return head.start if head.verb > head.start else led
        told = self._told.at(text, head.start, end)
        if told:
            behind = head.start + told
            while text[behind : behind + 1] in ("、", "和", "与") and (more := self._told.at(text, behind + 1, end)):
                behind += 1 + more
            inner = self._heads.read(text, behind, end)
            return inner.start if inner.directs else self._prepositions.led(text, inner.verb, end)
        asked = self._reporting.within(text, start, end)
        if asked and text[asked[0] - 1 : asked[0]] not in ("的", "更", "□", ""):
            return self._prepositions.first_verb(text, asked[1], end, any_verb=True)
        return None

    def _strength(self, text: str, marker: ChineseMarker, end: int) -> str:
        head = self._heads.read(text, marker.after, end)
        if marker.strength == _REQUIREMENT and self._encouraging.at(text, head.verb, end):
            return _ENCOURAGEMENT
        return marker.strength

    def _bare_strength(self, text: str, begins: int, end: int, live: str | None) -> str:
        head = self._heads.read(text, begins, end)
        if self._encouraging.at(text, head.verb, end):
            return _ENCOURAGEMENT
        return live if live and live != _ENCOURAGEMENT else _REQUIREMENT
