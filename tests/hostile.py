"""Reading what arrives, with what comes of it, how long it takes and how much memory: also in a process of its own."""

from __future__ import annotations

import os
import resource
import tempfile
import time
import warnings
from collections.abc import Callable

import making
from pace import piece_of_work

from policybook.errors import UnreadableDocumentError
from policybook.reading.read import read_received
from policybook.reading.received import Received


def outcome_of(read: Callable[[], Received]) -> str:
    """Return the format that was read, or the one sentence of the refusal."""
    try:
        received = read()
    except UnreadableDocumentError as error:
        message = str(error)
        assert message.startswith("odd file: ")
        assert message.endswith(".")
        assert len(message.splitlines()) == 1
        return message
    assert received.paragraphs
    assert all(paragraph.strip() for paragraph in received.paragraphs)
    assert set(received.furniture) <= set(range(1, len(received.paragraphs) + 1))
    assert all(warning.endswith(".") and "\n" not in warning for warning in received.warnings)
    return received.format


def read_made(expression: str) -> tuple[str, float, float, str]:
    """Read what an expression makes; return the outcome, pieces of work, megabytes, and what was said on the way.

    For a process that does nothing else: the most memory it ever held is measured.
    """
    with tempfile.TemporaryFile() as said:
        os.dup2(said.fileno(), 2)
        warnings.simplefilter("error")
        content = eval(expression, vars(making))
        before, started = memory(), time.process_time()
        outcome = outcome_of(lambda: read_received(content, "odd file"))
        seconds, megabytes = time.process_time() - started, max(memory() - before, 0)
        pieces = seconds / max(piece_of_work() for _ in range(3))
        said.seek(0)
        return outcome, pieces, megabytes, said.read().decode()


def memory() -> float:
    """Return the most memory that this process has held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
