"""Turns a folder of policy documents into a published, citable, reproducible book that compares them.

In a notebook: `from policybook import open_book, compare, show`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from policybook.pages.book import compare as compare
    from policybook.pages.book import open_book as open_book
    from policybook.pages.html import glue as glue
    from policybook.pages.html import show as show

__version__ = "0.2.0"

_NAMES = {"open_book": "pages.book", "compare": "pages.book", "show": "pages.html", "glue": "pages.html"}


def __getattr__(name: str) -> Any:
    """Load what an analyst imports when it is asked for: a command that needs none of it starts without."""
    if name not in _NAMES:
        raise AttributeError(f"module 'policybook' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"policybook.{_NAMES[name]}"), name)
