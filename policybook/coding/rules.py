"""The rules by which texts become counts, as a version: what they are now, and what of earlier counts still holds.

The rules are Python and data/lexicon. Of Python the version is declared (RULES), because a hash of source would call
every count old after a file was moved or a comment written; tests/coding/test_rules.py fails when what is found in a
fixed sample changes and the version does not. Of data/lexicon it is a hash of what the files say, without comments,
labels and order of forms, and one for each concept: a concept that is new or changed makes no other one old.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from pydantic import Field

from policybook.coding.scheme import Concept, Scheme, load_scheme, write_out
from policybook.corpus.scope import load_vocabulary
from policybook.project import Project, note_read, once_for_the_same_lexicon
from policybook.tables import FileModel, YamlFile

Part = Literal["text", "concepts", "quantities", "directives"]
#: Why a concept is not counted: it is new in the scheme, its forms changed, or the rules did by which all are found.
Why = Literal["new", "changed", "rules"]

#: Raise the number of a part, in the language concerned, with every change of Python after which other things are found
#: in some text; a change that only moves, names or explains raises nothing. `text`: reading, repair, furniture,
#: headings, scope, sentences and blocks. The others: how each is found in a sentence.
RULES: Mapping[Part, Mapping[str, int]] = MappingProxyType(
    {"text": {"zh": 4, "en": 7}, "concepts": {"zh": 2, "en": 2}, "quantities": {"zh": 3, "en": 4},
     "directives": {"zh": 3, "en": 4}}
)  # fmt: skip

#: Fields of places and plans that are shown and decide nothing.
_SHOWN = {"label", "label_zh", "short", "short_zh", "colour"}
_LENGTH = 16


class CodingRules(FileModel):
    """What the rules were: numbers by part and language, hashes of what data/lexicon says by part and by concept.

    `themes`: hashes of the concepts that make each up in comparisons, which decide nothing that is found in a text.
    """

    versions: dict[str, dict[str, int]]
    lexicon: dict[str, str]
    concepts: dict[str, str]
    themes: dict[str, str] = Field(default_factory=dict)

    @property
    def sha256(self) -> str:
        """One hash of all that decides what is found in a text."""
        return hashlib.sha256(_canonical(self.model_dump(exclude={"themes"})).encode()).hexdigest()


@dataclass(frozen=True)
class Age:
    """What of counts that were made earlier does not hold any more.

    `not_counted`: concepts of the scheme as it is now, in its order, with why nobody counted them; `gone`: concepts
    that were counted and that it has no more. `themes`: those that other concepts, or other forms of them, make up now,
    so that their counts by document do not hold. `rules` and `lexicon`: parts whose Python or whose files changed.
    """

    not_counted: Mapping[str, Why] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    rules: tuple[Part, ...] = ()
    lexicon: tuple[Part, ...] = ()
    themes: tuple[str, ...] = ()

    @property
    def current(self) -> bool:
        """Whether counting again would give the same."""
        return not (self.not_counted or self.gone or self.rules or self.lexicon or self.themes)

    def holds(self, part: Part) -> bool:
        """Whether counts of a part are those of the rules as they are; nothing holds where the text was cut otherwise.

        Of `concepts` this says that the way of finding them is the same, not that every one was counted.
        """
        return not {"text", part} & {*self.rules, *self.lexicon}


def find_rules(project: Project) -> CodingRules:
    """Return what the rules of a project are now. Raises InvalidDataError when data/lexicon has mistakes."""
    note_read("rules")
    lexicon, concepts, themes = _hash_lexicon(project)
    versions: dict[str, dict[str, int]] = {part: dict(numbers) for part, numbers in RULES.items()}
    return CodingRules(versions=versions, lexicon=lexicon, concepts=concepts, themes=themes)


@once_for_the_same_lexicon
def _hash_lexicon(project: Project) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    scheme = load_scheme(project)
    made_of = scheme.compared_themes.values()
    lexicon = {"text": _hash(_deciding_words(project)), "quantities": _hash(_content(project, "quantities.yml")),
               "directives": _hash(_content(project, "instruments.yml"))}  # fmt: skip
    concepts = {concept.id: hash_concept(concept, scheme) for concept in scheme.concepts}
    themes = {theme.id: _hash([sorted(f"{c} {concepts[c]}" for c in of if of[c] == theme.id) for of in made_of])
              for theme in scheme.themes}  # fmt: skip
    return lexicon, concepts, themes


def find_age(counted_with: CodingRules, now: CodingRules, languages: Iterable[str]) -> Age:
    """Return what of counts in some languages, made with some rules, does not hold with those of now."""
    spoken = tuple(languages)
    rules = tuple(
        part
        for part in RULES
        if any(counted_with.versions.get(part, {}).get(one) != now.versions[part].get(one) for one in spoken)
    )
    lexicon = tuple(part for part in RULES if counted_with.lexicon.get(part) != now.lexicon.get(part))
    all_of_them = bool({"text", "concepts"} & {*rules, *lexicon})
    before = counted_with.concepts
    not_counted: dict[str, Why] = {}
    for concept, entry in now.concepts.items():
        if concept not in before:
            not_counted[concept] = "new"
        elif before[concept] != entry:
            not_counted[concept] = "changed"
        elif all_of_them:
            not_counted[concept] = "rules"
    gone = tuple(concept for concept in before if concept not in now.concepts)
    themes = tuple(one for one, entry in now.themes.items() if all_of_them or counted_with.themes.get(one) != entry)
    return Age(not_counted, gone, rules, lexicon, themes)


def hash_concept(concept: Concept, scheme: Scheme) -> str:
    """Return a hash of the forms of a concept, its groups written out; names, theme and notes do not count."""
    lists = ("zh", "en", "when", "unless")
    rules = ({name: _forms(getattr(rule, name), scheme) for name in lists} | {"undecided": rule.undecided}
             for rule in concept.rules)  # fmt: skip
    fields = ("zh", "en", "ambiguous_zh", "ambiguous_en", "not_zh", "not_en")
    forms: dict[str, Any] = {name: _forms(getattr(concept, name), scheme) for name in fields}
    return _hash(forms | {"rules": sorted(map(_canonical, rules))})


def _forms(forms: Iterable[str], scheme: Scheme) -> list[str]:
    return sorted(write_out(form, scheme.groups) for form in forms)


def _deciding_words(project: Project) -> dict[str, Any]:
    """Return what places.yml and plans.yml say on what a passage speaks of, which decides where blocks end."""
    vocabulary = load_vocabulary(project)
    lists = {name: getattr(vocabulary, name) for name in ("places", "levels", "plans", "eras")}
    words: dict[str, Any] = {name: [entry.model_dump(exclude=_SHOWN, exclude_defaults=True) for entry in entries]
                             for name, entries in lists.items()}  # fmt: skip
    others = {name: getattr(vocabulary, name) for name in ("self_reference", "not_places")}
    return words | {name: of.model_dump(exclude_defaults=True) for name, of in others.items()}


def _content(project: Project, name: str) -> object:
    path = project.lexicon / name
    return YamlFile(path, project.name(path)).content


def _hash(content: object) -> str:
    return hashlib.sha256(_canonical(content).encode()).hexdigest()[:_LENGTH]


def _canonical(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
