"""README.md taken apart: its code blocks and the commands in them."""

from __future__ import annotations

import re
from pathlib import Path

README = Path(__file__).resolve().parents[1] / "README.md"


def blocks(language: str) -> list[str]:
    """Return the text of every fenced block of a language."""
    text = README.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def shell_lines() -> list[str]:
    """Return every command that README.md tells a reader to type, without its comment."""
    lines = [line.split(" #")[0].strip() for block in blocks("sh") for line in block.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def policybook_lines() -> list[list[str]]:
    """Return the words behind `policybook` of every such command."""
    return [line.split()[1:] for line in shell_lines() if line.split()[0].endswith("policybook")]
