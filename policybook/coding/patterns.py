"""Finding very many forms in a text at once.

Every form becomes a position automaton (Glushkov 1961): one state for each step that is written in it. All of them
are run together, and what they come to after the words seen so far is remembered, so that running on costs one
look-up a word (a deterministic automaton built as far as texts need it).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Generic, NamedTuple, TypeVar

from policybook.coding.notation import Choice, Form, Gap
from policybook.corpus.matching import Word

Key = TypeVar("Key", bound=Hashable)

#: What has been remembered is forgotten when there is this much of it.
_MOST_REMEMBERED = 300_000


class Hit(NamedTuple, Generic[Key]):
    """An occurrence of a form: its key, the first word and the one after the last."""

    key: Key
    first: int
    last: int


class _Ends(NamedTuple):
    """Of a part of a form: the states it can begin and end with, and whether it can be left out."""

    first: frozenset[int]
    last: frozenset[int]
    optional: bool


class _State(Generic[Key]):
    """What the forms have come to after some words."""

    __slots__ = ("keys", "next", "positions")

    def __init__(self, positions: frozenset[int], keys: tuple[Key, ...]) -> None:
        self.positions = positions
        self.keys = keys
        self.next: dict[tuple[tuple[str, ...], bool], _State[Key] | None] = {}


class Patterns(Generic[Key]):
    """Forms, each with a key. Every occurrence is found, also one inside or across another.

    A form is at most so long, so the time is proportional to the length of the text, whatever it says.
    """

    def __init__(self, forms: Iterable[tuple[Form, Key]]) -> None:
        """Build the automata."""
        self._step: list[str | None] = [None]  # None: any word; state 0 is the beginning
        self._behind: list[set[int]] = [set()]
        self._keys: list[list[Key]] = [[]]
        for form, key in forms:
            ends = self._sequence(form)
            self._behind[0] |= self._written(ends.first)
            for state in self._written(ends.last):
                self._keys[state].append(key)
        self._forget()

    def find(self, words: Sequence[Word]) -> Iterator[Hit[Key]]:
        """Yield the occurrences, by first word."""
        if self._remembered > _MOST_REMEMBERED:
            self._forget()
        for first in range(len(words)):
            state: _State[Key] | None = self._start
            for here in range(first, len(words)):
                state = self._run(state, words[here]) if state else None
                if state is None:
                    break
                for key in state.keys:
                    yield Hit(key, first, here + 1)

    def _run(self, state: _State[Key], word: Word) -> _State[Key] | None:
        """Return what the forms come to with one word more; None where none goes on."""
        seen = (word.keys, word.mark)
        if seen in state.next:
            return state.next[seen]
        steps: tuple[str | None, ...] = word.keys if word.mark else (*word.keys, None)
        reached = frozenset(
            after for position in state.positions for step in steps for after in self._index[position].get(step, ())
        )
        found = self._states.get(reached)
        if reached and found is None:
            keys = dict.fromkeys(key for position in sorted(reached) for key in self._keys[position])
            found = self._states[reached] = _State(reached, tuple(keys))
        state.next[seen] = found
        self._remembered += 1
        return found

    def _forget(self) -> None:
        # only looked up, so the order within does not matter
        self._index = [self._by_step(behind) for behind in self._behind]
        self._states: dict[frozenset[int], _State[Key]] = {}
        self._start: _State[Key] = _State(frozenset({0}), ())
        self._remembered = 0

    def _by_step(self, states: Iterable[int]) -> dict[str | None, list[int]]:
        found: dict[str | None, list[int]] = {}
        for state in states:
            found.setdefault(self._step[state], []).append(state)
        return found

    def _written(self, states: Iterable[int]) -> set[int]:
        """Return the states that are steps of a form: where it ends in an optional part, no gap before it counts."""
        return {state for state in states if self._step[state] is not None}

    def _sequence(self, parts: Form) -> _Ends:
        whole = _Ends(frozenset(), frozenset(), optional=True)
        for part in parts:
            ends = self._part(part)
            for state in whole.last:
                self._behind[state] |= ends.first
            whole = _Ends(
                whole.first | ends.first if whole.optional else whole.first,
                ends.last | whole.last if ends.optional else ends.last,
                whole.optional and ends.optional,
            )
        return whole

    def _part(self, part: str | Gap | Choice) -> _Ends:
        if isinstance(part, Choice):
            options = [self._sequence(option) for option in part.options]
            return _Ends(
                frozenset().union(*(ends.first for ends in options)),
                frozenset().union(*(ends.last for ends in options)),
                part.optional or any(ends.optional for ends in options),
            )
        if isinstance(part, Gap):
            states = [self._new(None) for _ in range(part.most)]
            for state, after in pairwise(states):
                self._behind[state].add(after)
            return _Ends(frozenset(states[:1]), frozenset(states), optional=True)
        state = self._new(part)
        return _Ends(frozenset({state}), frozenset({state}), optional=False)

    def _new(self, step: str | None) -> int:
        self._step.append(step)
        self._behind.append(set())
        self._keys.append([])
        return len(self._step) - 1
