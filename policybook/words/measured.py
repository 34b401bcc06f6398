"""What of measured counts is too old to be shown, in a sentence, and how to measure again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from policybook.coding.rules import Age, Part, Why
from policybook.coding.scheme import Scheme
from policybook.words.say import listed

_FOUND: Mapping[Part, str] = {
    "text": "by which texts are repaired and cut into blocks",
    "concepts": "by which concepts are found",
    "quantities": "by which quantities are found",
    "directives": "by which directives are found and classed",
}
_FILES: Mapping[Part, str] = {
    "text": "data/lexicon/places.yml or plans.yml",
    "quantities": "data/lexicon/quantities.yml",
    "directives": "data/lexicon/instruments.yml",
}
_NOT_COUNTED: Mapping[Part, str] = {
    "text": "anything",
    "concepts": "any concept",
    "quantities": "quantities",
    "directives": "directives",
}
_WHY: Mapping[Why, str] = {"new": "new in the scheme", "changed": "whose forms have changed"}


def not_counted_sentence(age: Age, scheme: Scheme, corpus: str) -> str:
    """Return what is not counted in data/measured/CORPUS, why, and the command that counts it; empty if all is."""
    parts = [*_rules(age)]
    if age.holds("concepts") and age.not_counted:
        parts.append(_concepts(age, scheme))
    return f"{' '.join(parts)} {measure_again(corpus)}" if parts else ""


def measure_again(corpus: str) -> str:
    """Return how to make the tables of a measured corpus anew."""
    folder = f"data/measured/{corpus}"
    return f"To measure again: policybook measure FOLDER --metadata {folder}/documents.csv --out {folder}"


def _rules(age: Age) -> Sequence[str]:
    changed = [part for part in _FOUND if part in age.rules or part in age.lexicon]
    if not changed:
        return []
    told = listed([_FOUND[part] + (f" ({_FILES[part]})" if part in age.lexicon else "") for part in changed])
    lost = [_NOT_COUNTED["text"]] if "text" in changed else [_NOT_COUNTED[part] for part in changed]
    return [f"These texts were measured with other rules, {told}; with the rules of now nobody counted {_either(lost)}."]


def _concepts(age: Age, scheme: Scheme) -> str:
    told = []
    for why, said in _WHY.items():
        concepts = [concept for concept, reason in age.not_counted.items() if reason == why]
        if concepts:
            told.append(f"{listed([f'“{scheme.by_id[concept].term_en}”' for concept in concepts])}, {said}")
    lacking = {scheme.by_id[concept].theme for concept in age.not_counted if scheme.counted(concept)}
    whole = {
        theme
        for theme in lacking
        if all(c.id in age.not_counted for c in scheme.concepts if c.theme == theme and scheme.counted(c.id))
    }
    partly = [f"“{theme.label}”" for theme in scheme.themes if theme.id in lacking - whole]
    themes = f" {listed(partly)} {'are' if len(partly) > 1 else 'is'} judged without them." if partly else ""
    rest = " All other counts are those of the scheme as it was."
    return f"Not counted, because these texts were measured before: {'; '.join(told)}.{themes}{rest}"


def _either(words: Sequence[str]) -> str:
    return " or ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else words[0]
