"""Lexicons read once: what is loaded from data/lexicon does not change, and reading it takes seconds.

Tests open hundreds of copies of the project whose lexicon is the same to the byte. What was loaded for one is given to
the next; where a byte differs, and where loading fails, it is loaded anew.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

from policybook.coding import actors, code, instruments, quantities, scheme
from policybook.project import Project

LOADERS = (
    (scheme, "load_scheme"),
    (actors, "load_actor_finder"),
    (quantities, "load_quantity_finder"),
    (instruments, "load_directive_scheme"),
    (code, "load_directive_finder"),
    (code, "load_coding"),
)


def remember_lexicons() -> None:
    """Replace the loaders, wherever they were imported, by ones that remember what they loaded from the same bytes."""
    for home, name in LOADERS:
        loader = getattr(home, name)
        remembering = _remembering(loader)
        for module in list(sys.modules.values()):
            if getattr(module, "__dict__", {}).get(name) is loader:
                setattr(module, name, remembering)


def _remembering(load: Callable[..., Any]) -> Callable[..., Any]:
    loaded: dict[object, Any] = {}

    @wraps(load)
    def remembering(project: Project, *arguments: Any, **named: Any) -> Any:
        if arguments or named:
            return load(project, *arguments, **named)
        key = lexicon_hash(project)
        if key not in loaded:
            loaded[key] = load(project)
        return loaded[key]

    return remembering


def lexicon_hash(project: Project) -> str:
    """Return a hash of every file of data/lexicon, with its name."""
    digest = hashlib.sha256()
    for path in sorted(project.lexicon.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            digest.update(f"{path.relative_to(project.lexicon)}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()
