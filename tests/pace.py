"""How long something takes, counted in what a fixed piece of work takes at the same moment on the same machine."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

#: What takes less than this is not weighed: no bound in these tests is nearer to it.
_AT_ONCE = 0.3


def piece_of_work() -> float:
    """Return the processor seconds of a fixed piece of work: words are found, counted and sorted."""
    began = time.process_time()
    text = " ".join(f"word{n % 997}" for n in range(40_000))
    counts: dict[str, int] = {}
    for found in re.finditer(r"\w+", text):
        counts[found[0]] = counts.get(found[0], 0) + 1
    assert sum(count for _, count in sorted(counts.items())) == 40_000
    return time.process_time() - began


@contextmanager
def within(pieces: float, what: str = "it") -> Iterator[None]:
    """Assert that what is done takes no more processor time than so many pieces of work.

    A machine that is slow or busy is so for both. For what hangs or grows with the square of a text, which takes a
    hundred times as long as it should; how fast things are is measured in benchmarks/.
    """
    began = time.process_time()
    yield
    took = time.process_time() - began
    if took > _AT_ONCE:
        piece = max(piece_of_work() for _ in range(3))
        assert took <= pieces * piece, f"{what} took {took / piece:.0f} pieces of work; {pieces} at the most"
