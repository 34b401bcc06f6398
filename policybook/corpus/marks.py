"""The words by which a text shows its age, its voice and that a machine translated it: data/lexicon/marks.yml."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from policybook.corpus.matching import Phrases
from policybook.errors import InvalidDataError, Problem
from policybook.project import Project
from policybook.tables import DateText, YamlFile, parse_span


class Mark(BaseModel):
    """A wording that cannot be older than `since`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    since: DateText
    label: str
    zh: list[str] = Field(default_factory=list)
    en: list[str] = Field(default_factory=list)

    @property
    def day(self) -> date:
        """The first day that `since` may mean."""
        return parse_span(self.since)[0]


class Voices(BaseModel):
    """Words of official titles and of reports."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    official_zh: list[str] = Field(default_factory=list)
    official_en: list[str] = Field(default_factory=list)
    reported_zh: list[str] = Field(default_factory=list)
    reported_en: list[str] = Field(default_factory=list)


class MarksFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    events: list[Mark] = Field(default_factory=list)
    terms: list[Mark] = Field(default_factory=list)
    voices: Voices = Voices()
    translation_en: list[str] = Field(default_factory=list)


@dataclass(frozen=True)
class Marks:
    """The file, ready to be looked for in a text."""

    words: MarksFile

    def latest_event(self, text: str) -> Mark | None:
        """Return the latest event that a text names."""
        return _latest(self.words.events, text)

    def latest_term(self, text: str) -> Mark | None:
        """Return the lasting term that came up last of those in a text."""
        return _latest(self.words.terms, text)

    def translated_wordings(self, text: str) -> list[str]:
        """Return the wordings of machine translation in a text, as often as they stand in it."""
        return [match.key for match in Phrases((word, word) for word in self.words.translation_en).find(text)]

    def voice(self, title: str, text: str) -> tuple[str, str]:
        """Return official, reported or commentary, and why."""
        voices = self.words.voices
        ends = tuple(voices.official_zh)
        bare = title.rstrip('》”"）)] 。.')
        if ends and bare.endswith(ends):
            return "official", f"the title ends in {next(end for end in ends if bare.endswith(end))}"
        if named := Phrases((word, word) for word in voices.official_en).find(title):
            return "official", f"the title says “{named[0].key}”"
        if named := Phrases((w, w) for w in (*voices.reported_zh, *voices.reported_en)).find(text):
            return "reported", f"the text says “{named[0].key}”"
        return "commentary", "nothing in it is worded as a report or an official text"


def load_marks(project: Project) -> Marks:
    """Read data/lexicon/marks.yml; without the file there are no marks. Raises InvalidDataError for mistakes."""
    path = project.lexicon / "marks.yml"
    if not path.is_file():
        return Marks(MarksFile())
    file = YamlFile(path, project.name(path))
    problems: list[Problem] = []
    words = file.parse(MarksFile, file.content or {}, [], problems)
    if words is None:
        raise InvalidDataError(problems)
    return Marks(words)


def _latest(marks: list[Mark], text: str) -> Mark | None:
    phrases = Phrases((word, str(n)) for n, mark in enumerate(marks) for word in (*mark.zh, *mark.en))
    named = [marks[int(match.key)] for match in phrases.find(text)]
    return max(named, key=lambda mark: mark.day, default=None)
