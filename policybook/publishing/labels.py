"""Sphinx extension: a section's explicit label is its only id, and made pages keep their labels to themselves.

Templates are run once for many pages, so the same label stands on many of them. It is each page's own
address (documents/x.html#passages) and must not enter Sphinx's book-wide list, where it would clash.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

MADE = ("documents/", "comparisons/", "chapters/", "index")


class StableIds(SphinxTransform):
    """Runs when targets have been moved to their sections and before Sphinx collects labels."""

    default_priority = 845

    def apply(self, **_: Any) -> None:
        """Keep explicit ids only, and unregister the labels of made pages."""
        explicit = {
            self.document.nameids[name]: name
            for name, is_explicit in self.document.nametypes.items()
            if is_explicit and self.document.nameids.get(name)
        }
        for section in self.document.findall(nodes.section):
            kept = [identifier for identifier in section["ids"] if identifier in explicit]
            if kept:
                section["ids"] = kept[:1]
        if self.env.docname.startswith(MADE):
            for name in explicit.values():
                self.document.nametypes[name] = False


def _use_our_search(app: Sphinx) -> None:
    """Leave out Sphinx's own index, which finds no Chinese phrase; search.html is ours."""
    setattr(app.builder, "search", False)  # noqa: B010 only the HTML builders declare it


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the transform and the search page."""
    app.add_transform(StableIds)
    app.connect("builder-inited", _use_our_search)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
