"""What a text tells about itself: every value with its reason, for a person to accept or to correct."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from policybook.corpus.build import ReadDocument, read_document
from policybook.corpus.dating import Dating, guess_published, guess_written
from policybook.corpus.manifest import DocumentEntry
from policybook.corpus.marks import Marks, load_marks
from policybook.corpus.matching import Phrases
from policybook.corpus.quality import cut_short, translation_marks
from policybook.corpus.repair import guess_language, guess_script, lost_characters
from policybook.corpus.scope import ScopeRules
from policybook.corpus.segment import length
from policybook.corpus.vocabulary import Vocabulary, load_vocabulary
from policybook.project import Project
from policybook.reading.received import Received

_NATION = "national"
#: A document is about a plan that its title or first passages name, or this share of its passages.
_HEAD, _OFTEN = 3, 0.2
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

    def __init__(self, project: Project, vocabulary: Vocabulary | None = None, marks: Marks | None = None) -> None:
        """Load the words of data/lexicon. Raises InvalidDataError when they have mistakes."""
        self.project = project
        self.vocabulary = vocabulary or load_vocabulary(project)
        self.marks = marks or load_marks(project)
        self.rules = ScopeRules(self.vocabulary)
        named = [(word, place.id) for place in self.vocabulary.places for word in (*place.zh, *place.en)]
        self._places = Phrases(named)
        reference = self.vocabulary.self_reference
        self._self = Phrases((word, word) for word in (*reference.zh, *reference.en))

    def guess(
        self, received: Received, content: bytes, *, address: str | None = None, published: str | None = None
    ) -> tuple[Guesses, ReadDocument]:
        """Return what the text of `received` tells, and the document as read with nothing known about it.

        `content` are the bytes it was read from; `published` is what somebody says who knows it.
        """
        whole = "\n".join(received.paragraphs)
        language = guess_language(whole)
        script = guess_script(whole, language)
        entry = provisional_entry(language=language, script=script)
        read = read_document(entry, content, self.vocabulary, self.rules, self.project)
        texts = [str(row["text"]) for row in read.passages]
        text = "\n".join(texts)
        title = _title(received, texts, language)
        dated = guess_published(received.paragraphs, received.published, address)
        if published:
            dated = Dating(published, "as given")
        voice, why = self.marks.voice(title.value, text)
        english = language == "en"
        guesses = Guesses(
            language=language,
            script=script,
            title=title,
            published=dated,
            written=guess_written(text, dated.value, self.marks),
            speaker=self._speaker([str(row["text"]) for row in read.sentences], title.value, voice),
            voice=Guess(voice, why, sure=False),
            plan=self._plan(texts, title.value if title.sure else ""),
            places=self._named(text),
            plans=tuple(Counter(p for one in texts if (p := self.rules.plan(one, "none")) != "none").most_common()),
            translation=tuple(translation_marks(texts, [str(row["raw"]) for row in read.passages], self.marks))
            if english
            else (),
            cut_short=cut_short(texts, language),
            lost=lost_characters(whole),
        )
        return guesses, read

    def _named(self, text: str) -> tuple[tuple[str, int], ...]:
        return tuple(Counter(match.key for match in self._places.find(text)).most_common())

    def _speaker(self, sentences: Sequence[str], title: str, voice: str) -> Guess:
        """Return the place from whose standpoint a text speaks: "our province" gives it away, or its title."""
        named: Counter[str] = Counter()
        ourselves = ""
        for sentence in sentences:
            named.update({match.key for match in self._places.find(sentence)})
            if not ourselves and (found := self._self.find(sentence)):
                ourselves = found[0].key
        below = [(place, n) for place, n in named.most_common() if place != _NATION]
        in_title = [match.key for match in self._places.find(title) if match.key != _NATION]
        if ourselves and below:
            place = in_title[0] if in_title else below[0][0]
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
        counts = Counter(one for text in texts if (one := self.rules.plan(text, "none")) != "none")
        if len(counts) > 1:
            named = ", ".join(counts)
            return Guess("none", f"it names several: {named}; each passage has the one it names", sure=False)
        for one, n in counts.items():
            if self.rules.plan("\n".join(texts[:_HEAD]), "none") == one or n / len(texts) >= _OFTEN:
                return Guess(one, f"named in {n} of {len(texts)} passages, and no other plan is")
        return Guess("none", "no plan is named in its title or beginning")


def provisional_entry(**fields: object) -> DocumentEntry:
    """Return an entry for a document that data/corpus.yml does not describe, with `fields` as far as they are known."""
    return DocumentEntry.model_validate(
        {
            "id": "document",
            "file": "document",
            "title": "untitled",
            "publisher": "unknown",
            "speaker": _NATION,
            "voice": "commentary",
            "rights": "quote",
            "rights_note": "not described yet",
            **fields,
        }
    )


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
