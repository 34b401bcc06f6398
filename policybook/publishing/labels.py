"""Sphinx extension: the looks of every book, and a section's explicit label as its only id.

Templates are run once for many pages, so the same label stands on many of them. It is each page's own
address (documents/x.html#passages) and must not enter Sphinx's book-wide list, where it would clash.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.transforms import SphinxTransform

#: Style sheet, scripts and page templates; they belong to the pages that the package makes and come with it.
LOOKS = Path(__file__).with_name("looks")
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


def _use_our_looks(_: Sphinx, config: Config) -> None:
    """Add the looks to what the book brings in its own _static/; a favicon that it names goes before ours."""
    static = LOOKS / "static"
    config.html_static_path = [str(static), *config.html_static_path]
    config.templates_path = [*config.templates_path, str(LOOKS / "templates")]
    config.html_css_files = [path.name for path in sorted(static.glob("*.css"))] + list(config.html_css_files)
    config.html_js_files = [path.name for path in sorted(static.glob("*.js"))] + list(config.html_js_files)
    config.html_favicon = config.html_favicon or str(static / "favicon.svg")
    config.html_additional_pages = {"search": "search.html", **config.html_additional_pages}


def _use_our_search(app: Sphinx) -> None:
    """Leave out Sphinx's own index, which finds no Chinese phrase; search.html is ours."""
    setattr(app.builder, "search", False)  # noqa: B010 only the HTML builders declare it


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the looks, the transform and the search page."""
    app.connect("config-inited", _use_our_looks)
    app.add_transform(StableIds)
    app.connect("builder-inited", _use_our_search)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
