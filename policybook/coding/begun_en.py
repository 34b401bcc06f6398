"""An English directive whose end is not known yet, and the end it gets from what follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from policybook.coding.openings_en import CONJUNCTIONS
from policybook.coding.words_en import Token


@dataclass(frozen=True)
class Begun:
    """Where a directive, the word behind its verb, and its subject begin: places of words."""

    start: int
    after: int
    subject: int
    strength: str
    passive: bool = False


def span(tokens: Sequence[Token], begun: Sequence[Begun], n: int) -> tuple[int, int]:
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


def _consequence(tokens: Sequence[Token], place: int) -> bool:
    """Whether a comma is followed by what is to come of it: a purpose or result stays outside the directive."""
    if tokens[place].text != ",":
        return False
    behind = " ".join(token.text for token in tokens[place + 1 : place + 3])
    return behind in ("so that", "so as", "in order") or behind.split(" ")[0] in ("thus", "thereby")
