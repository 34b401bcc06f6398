"""What must hold between the entries of data/lexicon/concepts.yml, beyond the shape of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from policybook.coding.notation import NotationError, Step, parse, spell_out
from policybook.corpus.manifest import SLUG
from policybook.errors import Problem, suggest
from policybook.tables import Location, YamlFile

if TYPE_CHECKING:
    from policybook.coding.scheme import Concept

_GROUP = "Write 'name: [form, form]'."
#: So many of the spellings that a form stands for are compared with those of other concepts.
_COMPARED = 100
#: The lists of forms of a concept, and whether a form in them belongs to it alone.
_LISTS = {"zh": True, "en": True, "ambiguous_zh": True, "ambiguous_en": True, "not_zh": False, "not_en": False}


def read_groups(file: YamlFile, problems: list[Problem]) -> dict[str, str]:
    """Return the named groups, name to alternatives joined by |, with every mistake in them appended to `problems`."""
    groups = file.content.get("groups", {}) if isinstance(file.content, dict) else {}
    if not isinstance(groups, dict):
        problems.append(file.problem(["groups"], "names with lists of forms are expected.", _GROUP))
        return {}
    read = {}
    for name, forms in groups.items():
        if isinstance(forms, list) and forms and all(isinstance(form, str) for form in forms):
            read[str(name)] = " | ".join(forms)
        else:
            problems.append(file.problem(["groups", name], "this is not a list of forms.", _GROUP))
    return read


def check_concepts(
    file: YamlFile, themes: Sequence[str], concepts: Mapping[int, Concept], groups: Mapping[str, str]
) -> Iterator[Problem]:
    """Yield every mistake; `concepts` are those of the right shape, by their place in the file."""
    known = [concept.id for concept in concepts.values()]
    broader = {concept.id: concept.broader for concept in concepts.values()}
    for n, concept in concepts.items():
        yield from _check_names(file, ["concepts", n], concept, themes, known)
        yield from _check_circle(file, ["concepts", n], concept.id, broader)
    yield from _check_forms(file, concepts, groups)


def _check_names(
    file: YamlFile, where: Location, concept: Concept, themes: Sequence[str], known: Sequence[str]
) -> Iterator[Problem]:
    if not SLUG.fullmatch(concept.id):
        yield file.problem([*where, "id"], f"{concept.id!r} is no id.", "Use lower-case letters, digits and hyphens.")
    if concept.theme not in themes:
        yield file.problem([*where, "theme"], f"unknown theme {concept.theme!r}.", suggest(concept.theme, themes))
    if concept.broader is not None and concept.broader not in known:
        hint = suggest(concept.broader, known)
        yield file.problem([*where, "broader"], f"unknown concept {concept.broader!r}.", hint)


def _check_circle(file: YamlFile, where: Location, concept: str, broader: dict[str, str | None]) -> Iterator[Problem]:
    above, passed = broader[concept], {concept}
    while above is not None and above not in passed:
        passed.add(above)
        above = broader.get(above)
    if above == concept:
        yield file.problem([*where, "broader"], f"{concept!r} contains itself.", "Break the circle.")


def _check_forms(file: YamlFile, concepts: Mapping[int, Concept], groups: Mapping[str, str]) -> Iterator[Problem]:
    """Yield forms not in the notation, and forms that stand for the same words as another concept's."""
    owners: dict[tuple[str, tuple[Step, ...]], str] = {}
    for n, concept in concepts.items():
        for where, form, language, owned in _forms(concept, n):
            try:
                sequences = spell_out(parse(form, language, groups), _COMPARED if owned else 0)
            except NotationError as error:
                yield file.problem(
                    where, f"the form {form!r} cannot be read: {str(error).rstrip('.')}.", "See the head of the file."
                )
                continue
            rivals = {owners.setdefault((language, steps), concept.id) for steps in sequences}
            for owner in sorted(rivals - {concept.id})[:1]:
                hint = "Take it out of one of them."
                yield file.problem(where[:2], f"the form {form!r} belongs to {owner!r} already.", hint)


def _forms(concept: Concept, n: int) -> Iterator[tuple[Location, str, str, bool]]:
    """Yield where a form stands, the form, its language, and whether no other concept may have it.

    Two concepts may share a form if each has a rule that says when it is meant.
    """
    for field, owned in _LISTS.items():
        for k, form in enumerate(getattr(concept, field)):
            yield ["concepts", n, field, k], form, field[-2:], owned
    for r, rule in enumerate(concept.rules):
        for field in ("zh", "en", "when", "unless"):
            for k, form in enumerate(getattr(rule, field)):
                yield ["concepts", n, "rules", r, field, k], form, rule.language, False
