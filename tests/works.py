"""Works that processes are given in tests: they must be found by name in a process that begins empty."""

from __future__ import annotations

import os
import time
from pathlib import Path

from policybook.coding.executors import Failure


def double(number: int) -> int:
    return 2 * number


def double_or_fail(number: int) -> int | Failure:
    return Failure(f"{number} is no good") if number % 5 == 3 else 2 * number


def raise_at_seven(number: int) -> int:
    if number == 7:
        raise ValueError("seven")
    return number


def sleep_long(marks: str) -> None:
    Path(marks, str(os.getpid())).touch()
    time.sleep(60)


def die_once(given: tuple[int, str]) -> int:
    """Kill the process the first time that the number 5 comes by, as a system without memory does."""
    number, folder = given
    mark = Path(folder, "died")
    if number == 5 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), 9)
    return number


def die_always(number: int) -> int:
    if number == 5:
        os.kill(os.getpid(), 9)
    return number
