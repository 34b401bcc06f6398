"""Saying how far long work is: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TypeVar

from tqdm import tqdm

Item = TypeVar("Item")


def follow(items: Iterable[Item], total: int, *, unit: str, what: str) -> Iterable[Item]:
    """Return `items`, with a bar of their number where standard error is a terminal."""
    if sys.stderr.isatty():
        return tqdm(items, total=total, unit=unit, desc=what)
    return items


def say(line: str) -> None:
    """Print a line to standard error, above the bar where there is one."""
    if sys.stderr.isatty():
        tqdm.write(line, file=sys.stderr)
    else:
        print(line, file=sys.stderr, flush=True)
