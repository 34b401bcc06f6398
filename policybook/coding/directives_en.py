"""English directives: markers, openings, requests, headings and what follows in their wake."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from policybook.coding.instruments import Directing, EnglishWords

from policybook.corpus.matching import (  # isort: skip
    EnglishToken, PhraseSet, gerunds, participles, past_forms, third_person, tokens_of, word_sets,
)

#: Closed classes of words; english.yml says what each is for.
_WORDS = word_sets(__file__)


class Verbs:
    """The verbs of directives in the forms that grammar asks for."""

    def __init__(self, words: EnglishWords) -> None:
        """Derive the forms of every verb; a participle that the scheme gives is taken beside those of the inflector."""
        given = {base: (participle,) for base, _, participle in words.irregular}
        heads = dict.fromkeys(verb.split()[0] for verb in words.verbs)
        self.base = PhraseSet(words.verbs)
        self.nouns = frozenset(words.noun_verbs)
        self.encouraging = frozenset(words.encouraging)
        self.gerunds = {form: verb for verb in heads for form in gerunds(verb)}
        self.thirds = frozenset(form for verb in heads if verb not in self.nouns for form in third_person(verb))
        self.participles = {form: verb for verb in heads for form in (*given.get(verb, ()), *participles(verb))}
        self.reporting = PhraseSet(form for verb in words.reporting for form in _forms(verb))
        self.calling = PhraseSet(form for verb in words.calling for form in _forms(verb))
        self.stressed = frozenset(form for verb in words.stressed for form in _forms(verb))


def _forms(verb: str) -> list[str]:
    """Return a verb, of one or two words, in its forms."""
    head, *rest = verb.split()
    forms = (head, *third_person(head), *past_forms(head), *gerunds(head))
    return [" ".join([form, *rest]) for form in forms]


CONJUNCTIONS = frozenset({"and", "or", "but", "nor", "then"})
OPENING_MARKS = frozenset([",", ";", ":", "—", ".", "(", "[", "!", "?", "•"])
_SKIPPED = frozenset("\"'()[]*#•·-")
_FEW = 8  # marks, conjunctions or adverbs in a row; more of them are no language, and would cost time
_BETWEEN_ADVERBS = _SKIPPED | {",", "and"}
_NUMBER = re.compile(r"\d{1,3}|[a-h]|[ivx]{1,5}")
#: After a word that can be verb or noun, these show the noun.
_BEHIND_NOUN = _WORDS["behind_noun"] | {",", ";", ".", ":", ")", '"'}


@dataclass(frozen=True)
class Opening:
    """A verb phrase as it begins: its first word, its verb, the word behind the verb."""

    start: int
    verb: int
    after: int


class Openings:
    """Reads the beginnings of verb phrases."""

    def __init__(self, words: EnglishWords, verbs: Verbs) -> None:
        self._adverbs = PhraseSet(words.adverbs)
        self._verbs = verbs
        self._adjectives = frozenset(words.adjective_verbs)
        self._noun_gerunds = frozenset(words.noun_gerunds)

    def skip(self, tokens: Sequence[EnglishToken], place: int) -> int:
        """Return the place behind quotation marks, brackets, list markers and what else says nothing."""
        for _ in range(_FEW):
            if place >= len(tokens):
                break
            text = tokens[place].text
            if text in _SKIPPED or text == "—":
                place += 1
            elif _NUMBER.fullmatch(text) and place + 1 < len(tokens) and tokens[place + 1].text in (".", ")"):
                place += 2
            else:
                break
        return place

    def _behind_conjunctions(self, tokens: Sequence[EnglishToken], place: int) -> int:
        start = self.skip(tokens, place)
        for _ in range(_FEW):
            if start < len(tokens) and tokens[start].text in CONJUNCTIONS:
                start += 1
        return start

    def adverbs(self, tokens: Sequence[EnglishToken], place: int) -> int:
        """Return the place behind the adverbs that begin at `place`; commas between them are skipped."""
        for _ in range(_FEW):
            if place >= len(tokens):
                break
            length = self._adverbs.at(tokens, place) or self._is_manner(tokens[place])
            if not length:
                break
            place += int(length)
            if place + 1 < len(tokens) and tokens[place].text in _BETWEEN_ADVERBS and self._opens(tokens, place + 1):
                place += 1
        return place

    def _opens(self, tokens: Sequence[EnglishToken], place: int) -> bool:
        """Whether behind a comma, quotation mark or "and" another adverb, or behind the first two a verb, goes on."""
        if self._adverbs.at(tokens, place) or self._is_manner(tokens[place]):
            return True
        if tokens[place - 1].text == "and":
            return False
        return tokens[place].text in self._verbs.gerunds or self._verbs.base.at(tokens, place) > 0

    @staticmethod
    def _is_manner(token: EnglishToken) -> bool:
        return token.text.endswith("ly") and len(token.text) > 4

    def read(self, tokens: Sequence[EnglishToken], place: int, *, sure: bool = False) -> Opening | None:
        """Return the verb phrase, its verb in the base form, that begins at `place`; None where none does.

        With `sure` it is known (behind "to") that a word which can be verb or noun is a verb.
        """
        start = self._behind_conjunctions(tokens, place)
        verb = self.skip(tokens, self.adverbs(tokens, start))
        length = self._verbs.base.at(tokens, verb)
        if not length or not (sure or self.is_verb(tokens, verb, length)):
            return None
        if verb - start > 1 and tokens[start].text in _WORDS["order"] and tokens[start + 1].text == ",":
            start += 2  # First, integrate …
        return Opening(self.skip(tokens, start), verb, verb + length)

    def gerund(self, tokens: Sequence[EnglishToken], place: int) -> Opening | None:
        """Return the phrase with a gerund that begins at `place`; None where none does."""
        start = self._behind_conjunctions(tokens, place)
        verb = self.adverbs(tokens, start)
        if verb + 1 >= len(tokens) or tokens[verb].text not in self._verbs.gerunds:
            return None
        if not self._is_noun(tokens, verb):
            return Opening(start, verb, verb + 1)
        return None

    def is_verb(self, tokens: Sequence[EnglishToken], place: int, length: int) -> bool:
        """Whether the word is a verb where it stands: many are nouns as often (support for, plans to)."""
        after = place + length
        if after >= len(tokens):
            return length > 1 or tokens[place].text not in self._verbs.nouns
        if length > 1:
            return True
        if tokens[place].text in self._adjectives:
            return tokens[after].text in _WORDS["before_object"] or tokens[after].text[0].isdigit()
        if tokens[place].text not in self._verbs.nouns:
            return tokens[after].text not in ("of", "is", "are", "was", "were") or tokens[place].text == "dispose"
        return tokens[after].text not in _BEHIND_NOUN or self._shares(tokens, after)

    def _is_noun(self, tokens: Sequence[EnglishToken], place: int) -> bool:
        """Whether a gerund that is a noun as often is one here: housing security, but building a market."""
        return tokens[place].text in self._noun_gerunds and tokens[place + 1].text not in _WORDS["before_object"]

    def _shares(self, tokens: Sequence[EnglishToken], place: int) -> bool:
        """Whether the word behind a conjunction is a verb that shares its object with the one before it."""
        if tokens[place].text not in ("and", "or") or place + 2 >= len(tokens):
            return False
        text = tokens[place + 1].text
        return text in self._verbs.base and tokens[place + 2].is_word and tokens[place + 2].text not in _BEHIND_NOUN


@dataclass(frozen=True)
class Begun:
    """Where a directive, its verb, the word behind that, and its subject begin: places of words."""

    start: int
    verb: int
    after: int
    subject: int
    strength: str
    passive: bool = False


def begun_span(tokens: Sequence[EnglishToken], begun: Sequence[Begun], n: int) -> tuple[int, int]:
    """Return where the n-th directive begins and ends in the text: before the next one, or where its clause ends."""
    one = begun[n]
    last = begun[n + 1].subject if n + 1 < len(begun) else len(tokens)
    end = max(last, one.after)
    stop = next((m for m in range(one.after, end) if tokens[m].text == ";" or _consequence(tokens, m)), end)
    while stop > one.after and (not tokens[stop - 1].is_word or tokens[stop - 1].text in CONJUNCTIONS):
        if tokens[stop - 1].text in (")", "%"):
            break
        stop -= 1
    return tokens[one.start].start, tokens[max(stop, one.start + 1) - 1].end


def _consequence(tokens: Sequence[EnglishToken], place: int) -> bool:
    """Whether a comma is followed by what is to come of it: a purpose or result stays outside the directive."""
    if tokens[place].text != ",":
        return False
    behind = " ".join(token.text for token in tokens[place + 1 : place + 3])
    return behind in ("so that", "so as", "in order") or behind.split(" ")[0] in ("thus", "thereby")


_REQUIREMENT = "requirement"


def _names_paper(tokens: Sequence[EnglishToken]) -> bool:
    """Whether a line is the title of a paper and tells nobody to write one: Report on urbanization."""
    begins = [token.text for token in tokens[:2]]
    named = len(begins) > 1 and begins[0] in _WORDS["papers"] and begins[1] in _WORDS["about"]
    return named and tokens[-1].text not in _EDGES


class Headings:
    """Reads sentences that have no finite verb."""

    def __init__(self, words: EnglishWords, verbs: Verbs, openings: Openings) -> None:
        self._finite = frozenset(words.finite)
        self._verbs, self._openings = verbs, openings

    def read(self, tokens: Sequence[EnglishToken]) -> list[Begun]:
        """Return the first directive of a heading; none where a finite verb or a pronoun makes it a sentence.

        Others follow it as they follow an imperative.
        """
        start = self._openings.skip(tokens, 0)
        if any(token.text in self._finite or token.text in _WORDS["pronouns"] for token in tokens):
            return []
        if any(token.text in self._verbs.thirds for token in tokens[start + 1 :]):
            return []
        to = start < len(tokens) and tokens[start].text == "to"
        opening = self._openings.read(tokens, start + 1) if to else None
        if opening is None or self._has_subject_later(tokens, opening.after):
            return []
        return [Begun(start, opening.verb, opening.after, start, _REQUIREMENT)]

    def _has_subject_later(self, tokens: Sequence[EnglishToken], place: int) -> bool:
        """Whether a comma is followed by what looks like a subject: To do this, the county built …."""
        return any(mark.text == "," and word.text in _WORDS["determiners"] for mark, word in pairwise(tokens[place:]))


_EDGES = frozenset([",", ";", ":", "—", ".", "!", "?"])
_SUBJECT = 40  # no subject is looked for further back than this many words


@dataclass(frozen=True)
class EnglishMarker:
    """A marker: its first word, the word behind it, its strength, where its subject begins."""

    start: int
    after: int
    strength: str
    subject: int
    passive: bool


class EnglishMarkers:
    """Finds the markers that hold in a sentence."""

    def __init__(self, words: EnglishWords, verbs: Verbs, openings: Openings) -> None:
        self._sets = {strength: PhraseSet(listed) for strength, listed in words.markers.items()}
        self._decoys = PhraseSet(words.decoys)
        self._verbs, self._openings = verbs, openings
        self._agents, self._permitted = frozenset(words.agents), frozenset(words.permitted)
        self._predicted = PhraseSet(words.predicted)
        self._foretelling = frozenset(words.foretelling)

    def read(self, tokens: Sequence[EnglishToken], place: int, floor: int, *,
             live: bool) -> tuple[EnglishMarker | None, int]:  # fmt: skip
        """Return the marker that begins at `place`, or None, and behind which word to read on.

        Its subject cannot begin before `floor`; `live`: what directs before it can have given it its subject.
        """
        decoy = self._decoys.at(tokens, place)
        length, strength = max((phrases.at(tokens, place), strength) for strength, phrases in self._sets.items())
        if decoy >= length:
            return None, place + max(decoy, 1)
        if not length:
            return None, place + 1
        after = place + length
        subject = self._subject(tokens, place, floor)
        marker = EnglishMarker(place, after, self._negated(tokens, subject, place, strength), subject,
                               self._passive(tokens, after))  # fmt: skip
        return (marker if self._holds(tokens, marker, live=live) else None), after

    def _subject(self, tokens: Sequence[EnglishToken], place: int, floor: int) -> int:
        first, joined = place, None
        while first > max(floor, place - _SUBJECT):
            text = tokens[first - 1].text
            if text in _EDGES or (text in _WORDS["before_subject"] and text != "and"):
                break
            first -= 1
            if text == "and":
                joined = first
        if first != floor or floor <= 0:
            return first
        return place if joined is None else joined  # what directs before has no comma behind it: … and farmers should …

    def _passive(self, tokens: Sequence[EnglishToken], after: int) -> bool:
        place = self._openings.adverbs(tokens, after)
        be = tokens[after - 1].text == "be"
        if place < len(tokens) and tokens[place].text == "be":
            place, be = self._openings.adverbs(tokens, place + 1), True
        return be and place < len(tokens) and tokens[place].text in self._verbs.participles

    def _negated(self, tokens: Sequence[EnglishToken], subject: int, place: int, strength: str) -> str:
        """No unit may … is a duty."""
        if tokens[place].text != "may":
            return strength
        forbidding = {"no", "neither", "nobody", "none"}
        begins = tokens[subject : min(subject + 2, place)]
        return "obligation" if any(token.text in forbidding for token in begins) else strength

    def _holds(self, tokens: Sequence[EnglishToken], marker: EnglishMarker, *, live: bool) -> bool:
        if marker.after >= len(tokens) or self._is_relative(tokens, marker.start):
            return False
        word = tokens[marker.start].text
        before = tokens[max(0, marker.start - 4) : marker.start]
        if word == "plan" and any(token.text in _WORDS["articles"] for token in before):
            return False
        verb = self._openings.adverbs(tokens, marker.after)
        if word in _WORDS["nouns_too"] and marker.start and tokens[marker.start - 1].text in _WORDS["before_noun"]:
            return False
        if word not in ("will", "'ll", "can", "could", "may"):
            return True
        if word == "may" and tokens[marker.after].text[0].isdigit():
            return False
        foretold = any(token.text in self._foretelling for token in tokens[marker.after : verb])
        is_state = tokens[verb : verb + 1] and tokens[verb].text == "be" and not marker.passive
        predicted = self._predicted.at(tokens, verb) and self._verbs.base.at(tokens, verb) < 2  # but: see that …
        if foretold or predicted or is_state:
            return False
        return self._is_announced(tokens, marker, live=live)

    def _is_relative(self, tokens: Sequence[EnglishToken], place: int) -> bool:
        """Whether the marker stands in a clause that says which one is meant: problems that should be solved."""
        if not place or tokens[place - 1].text not in _WORDS["relative"]:
            return False
        return tokens[place - 1].text != "which" or place < 2 or tokens[place - 2].text != ","

    def _is_announced(self, tokens: Sequence[EnglishToken], marker: EnglishMarker, *, live: bool) -> bool:
        """Whether the subject of will, can or may makes or carries out policy, or is what policy will act on."""
        head = self._head(tokens, marker)
        if not head:  # its subject is that of what directs before: we will improve A and will build B
            return live and tokens[marker.start - 1].text in (*CONJUNCTIONS, ",")
        if marker.strength == "obligation" or any(word in self._agents for word in head):
            return True
        if tokens[marker.start].text == "may":
            return any(word in self._permitted for word in head)
        if tokens[marker.start].text in ("can", "could") or not marker.passive:
            return False
        return not self._states_result(tokens, marker) and head[0] not in ("it", "this", "these", "which")

    def _states_result(self, tokens: Sequence[EnglishToken], marker: EnglishMarker) -> bool:
        place = self._openings.adverbs(tokens, self._openings.adverbs(tokens, marker.after) + 1)
        return self._verbs.participles[tokens[place].text] in _WORDS["passive_states"]

    def _head(self, tokens: Sequence[EnglishToken], marker: EnglishMarker) -> list[str]:
        head: list[str] = []
        for token in tokens[marker.subject : marker.start]:
            if token.text in _WORDS["prepositions"] and head:
                break
            if token.is_word and token.text not in CONJUNCTIONS and not self._openings.adverbs([token], 0):
                head.append(token.text)
        return head


_REACH = 15  # words between the request and what is asked for
_REQUEST_EDGES = frozenset([",", ";", ":", "—", "."])


class Requests:
    """Finds what is asked for."""

    def __init__(self, words: EnglishWords, verbs: Verbs, openings: Openings) -> None:
        self._verbs, self._openings = verbs, openings
        self._tellers, self._tasks = frozenset(words.tellers), frozenset(words.tasks)

    def read(self, tokens: Sequence[EnglishToken], place: int) -> Opening | None:
        """Return the infinitive that is asked for by the word at `place`; None where none is."""
        text = tokens[place].text
        if text in ("is", "was") and self._is_to(tokens, place + 1):
            return self._infinitive(tokens, place + 1) if self._sets_task(tokens, place) else None
        if text == "need" and place and tokens[place - 1].text == "the":
            stressed = any(token.text in self._verbs.stressed for token in tokens[max(0, place - 5) : place])
            return self._infinitive(tokens, place + 1) if stressed and self._is_to(tokens, place + 1) else None
        if text in _WORDS["needed"] and place and tokens[place - 1].text in ("is", "also", "still", "therefore"):
            return self._needed(tokens, place)
        if called := self._verbs.calling.at(tokens, place):  # called for improving
            return self._openings.gerund(tokens, place + called)
        length = self._verbs.reporting.at(tokens, place)
        if not length or not any(token.text in self._tellers for token in tokens[max(0, place - 12) : place]):
            return None
        for n in range(place + length, min(place + length + _REACH, len(tokens))):
            if tokens[n].text in _REQUEST_EDGES:
                break
            if tokens[n].text == "to":
                return self._infinitive(tokens, n) if n > place + length else None
        return None

    def _needed(self, tokens: Sequence[EnglishToken], place: int) -> Opening | None:
        """Return what someone is told to do: is necessary for counties to draw up plans."""
        if place + 1 >= len(tokens) or tokens[place + 1].text != "for":
            return None
        for n in range(place + 3, min(place + _REACH, len(tokens))):
            if tokens[n].text in _REQUEST_EDGES:
                return None
            if tokens[n].text == "to":
                opening = self._openings.read(tokens, n + 1, sure=True)
                return Opening(place - 1, opening.verb, opening.after) if opening else None
        return None

    def _sets_task(self, tokens: Sequence[EnglishToken], place: int) -> bool:
        """Whether the subject of "is to" is a task, or one of a list of them."""
        first = max(0, place - 15)
        for n in range(place - 1, first - 1, -1):
            if tokens[n].text in _REQUEST_EDGES:
                first = n + 1
                break
        return any(token.text in self._tasks for token in tokens[first : min(first + 4, place)])

    def _is_to(self, tokens: Sequence[EnglishToken], place: int) -> bool:
        return place + 1 < len(tokens) and tokens[place].text == "to"

    def _infinitive(self, tokens: Sequence[EnglishToken], place: int) -> Opening | None:
        opening = self._openings.read(tokens, place + 1, sure=True)
        return Opening(place, opening.verb, opening.after) if opening else None


# English verb phrases in the wake of a directive: should improve A, promote B and protect C.
_WAKE_REACH = 60  # words that are looked back upon


class Wake:
    """Tells the verb phrases that direct in the wake of another from those that belong to its inside."""

    def __init__(self, words: EnglishWords, verbs: Verbs, openings: Openings) -> None:
        self._verbs, self._openings = verbs, openings
        self._light = PhraseSet(words.light)

    def read(self, tokens: Sequence[EnglishToken], begun: Sequence[Begun], place: int) -> Opening | None:
        """Return the verb phrase that follows the mark or conjunction at `place` and belongs to what directs before."""
        text = tokens[place].text
        if text not in OPENING_MARKS and text not in CONJUNCTIONS:
            return None
        opening = self._openings.read(tokens, place + 1)
        if opening is None:
            return None
        if text in (":", ";"):
            return opening if begun or tokens[opening.verb].text not in self._verbs.nouns else None
        if not begun:
            return None
        after, joins = begun[-1].after, text in CONJUNCTIONS
        if ((joins and self._shares_object(tokens, place)) or self.in_consequence(tokens, after, place)
            or not self._has_object(tokens, after, place)
            or (joins and tokens[place - 1].text != "," and self.is_inside(tokens, after, place))):  # fmt: skip
            return None
        return opening

    def _shares_object(self, tokens: Sequence[EnglishToken], place: int) -> bool:
        """Whether the word before a conjunction is a verb too: experts oversee and evaluate the quality."""
        if tokens[place - 1].text == ",":
            return tokens[place - 2].text in self._verbs.base and tokens[place - 3].text == ","
        before = tokens[place - 1].text
        if before not in self._verbs.base:
            return False
        return before not in self._verbs.nouns or tokens[place - 2].text in (",", "to")

    def in_consequence(self, tokens: Sequence[EnglishToken], after: int, place: int) -> bool:
        """Whether a verb stands in what is to follow: so that people can stay, live well and work."""
        return any(tokens[n].text == "so" and tokens[n + 1].text == "that"
                   for n in range(max(after, place - _WAKE_REACH), place - 1))  # fmt: skip

    def _has_object(self, tokens: Sequence[EnglishToken], after: int, place: int) -> bool:
        """Whether the verb before has an object of its own, else the two share the one that follows."""
        place = min(place, after + _WAKE_REACH)
        while after < place:
            if tokens[after].is_word and tokens[after].text not in CONJUNCTIONS:
                opening = self._openings.read(tokens, after)
                if opening is None or opening.after > place:
                    return True
                after = opening.after
            else:
                after += 1
        return False

    def is_inside(self, tokens: Sequence[EnglishToken], after: int, place: int) -> bool:
        """Whether a verb behind a bare "and" belongs to an infinitive or relative clause inside the one before."""
        for n in range(place - 1, max(after - 1, place - _WAKE_REACH), -1):
            text = tokens[n].text
            if text == ",":
                return False
            if text in _WORDS["inside"]:
                return True
            if text == "to" and self._is_infinitive(tokens, n) and not self._is_light(tokens, n - 1):
                return True
        return False

    def _is_infinitive(self, tokens: Sequence[EnglishToken], place: int) -> bool:
        """Whether a verb follows "to": not in transfers to lower levels."""
        return self._verbs.base.at(tokens, place + 1) > 0 and self._openings.read(tokens, place + 1) is not None

    def _is_light(self, tokens: Sequence[EnglishToken], place: int) -> bool:
        return any(place - length + 1 >= 0 and self._light.at(tokens, place - length + 1) >= length
                   for length in (1, 2))  # fmt: skip


_ENCOURAGEMENT = "encouragement"
_INSERTION = 16  # words at most between the commas behind a marker


class EnglishDirectives:
    """Finds the directing clauses of English sentences."""

    def __init__(self, words: EnglishWords) -> None:
        self._verbs = Verbs(words)
        self._openings = Openings(words, self._verbs)
        self._markers = EnglishMarkers(words, self._verbs, self._openings)
        self._requests = Requests(words, self._verbs, self._openings)
        self._wake = Wake(words, self._verbs, self._openings)
        self._headings = Headings(words, self._verbs, self._openings)
        self._finite = frozenset(words.finite)

    def find(self, text: str) -> list[Directing]:
        """Return the directing clauses of one sentence, in order.

        A directive begins at a marker, at a verb in the base form where an imperative can stand, or, in the wake of
        either, at such a verb behind a comma or conjunction. It ends before the next one or at the clause's end.
        """
        tokens = tokens_of(text)
        begun = self._headings.read(tokens)
        if not begun or tokens[begun[0].start].text == "to":
            opening = None if begun or _names_paper(tokens) else self._opening_of_sentence(tokens)
            if opening is not None:
                begun.append(self._imperative(tokens, opening, _REQUIREMENT))
            self._follow(tokens, begun, begun[-1].after if begun else 0)
        return [Directing(*begun_span(tokens, begun, n), tokens[one.subject].start, one.strength,
                          tokens[min(one.verb, len(tokens) - 1)].start, one.passive)
                for n, one in enumerate(begun)]  # fmt: skip

    def _opening_of_sentence(self, tokens: Sequence[EnglishToken]) -> Opening | None:
        """Return the imperative with which a sentence begins, be it behind a phrase that leads to it."""
        start = self._openings.skip(tokens, 0)
        opening = self._openings.read(tokens, start)
        if opening is not None or start >= len(tokens):
            return opening
        lead = self._openings.adverbs(tokens, start)
        if tokens[start].text not in _WORDS["leads"] and lead == start:
            return None
        for n in range(start, len(tokens)):
            if tokens[n].text in self._finite or tokens[n].text in _WORDS["pronouns"] or tokens[n].text in (";", ":"):
                return None
            if tokens[n].text == ",":
                opening = self._openings.read(tokens, n + 1)
                if opening is not None:
                    return opening if tokens[start].text != "to" else None
        return None

    def _follow(self, tokens: Sequence[EnglishToken], begun: list[Begun], place: int) -> None:
        while place < len(tokens):
            marker, behind = self._markers.read(tokens, place, begun[-1].after if begun else 0, live=bool(begun))
            if marker is not None and self._foretells(tokens, begun, marker):
                marker = None
            one = self._marked(tokens, marker) if marker else self._unmarked(tokens, begun, place, behind)
            if one is not None:
                begun.append(one)
            place = one.after if one else behind

    def _marked(self, tokens: Sequence[EnglishToken], marker: EnglishMarker) -> Begun:
        verb = self._openings.adverbs(tokens, self._behind_insertion(tokens, marker.after))
        strength = self._strength(tokens, verb, marker.strength)
        after = min(verb + max(1, self._verbs.base.at(tokens, verb)), len(tokens))
        return Begun(marker.start, verb, after, marker.subject, strength, marker.passive)

    def _unmarked(self, tokens: Sequence[EnglishToken], begun: Sequence[Begun], place: int,
                  behind: int) -> Begun | None:  # fmt: skip
        asked = self._requests.read(tokens, place)
        if asked is not None:
            return Begun(asked.start, asked.verb, asked.after, asked.start, _REQUIREMENT)
        opening = self._wake.read(tokens, begun, place) if behind == place + 1 else None
        if opening is None:
            return None
        return self._imperative(tokens, opening, begun[-1].strength if begun else _REQUIREMENT)

    def _imperative(self, tokens: Sequence[EnglishToken], opening: Opening, live: str) -> Begun:
        strength = self._strength(tokens, opening.verb, _REQUIREMENT if live == _ENCOURAGEMENT else live)
        return Begun(opening.start, opening.verb, opening.after, opening.start, strength)

    def _behind_insertion(self, tokens: Sequence[EnglishToken], place: int) -> int:
        """Return the place behind what a marker has between commas behind it: shall, according to the law, retain."""
        if place < len(tokens) and tokens[place].text == ",":
            for n in range(place + 1, min(place + _INSERTION, len(tokens))):
                if tokens[n].text == ",":
                    return n + 1
        return place

    def _foretells(self, tokens: Sequence[EnglishToken], begun: Sequence[Begun], marker: EnglishMarker) -> bool:
        """Whether will or can stands in what is to follow from a directive: so that people can stay."""
        tells = tokens[marker.start].text in ("will", "'ll", "can", "could", "may")
        return tells and bool(begun) and self._wake.in_consequence(tokens, begun[-1].after, marker.start)

    def _strength(self, tokens: Sequence[EnglishToken], verb: int, otherwise: str) -> str:
        encourages = verb < len(tokens) and tokens[verb].text in self._verbs.encouraging
        return _ENCOURAGEMENT if encourages and otherwise != "obligation" else otherwise
