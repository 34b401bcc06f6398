"""HTML fragments for pages, from templates that escape everything they are given."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup
from myst_nb import glue as _glue

from policybook.words.say import page_template


@dataclass(frozen=True)
class Html:
    """A piece of a page; a notebook cell that ends in one shows it."""

    markup: Markup

    def _repr_html_(self) -> str:
        return str(self.markup)

    def __repr__(self) -> str:
        return f"Html({len(self.markup)} characters)"


def render(template: str, /, **values: object) -> Html:
    """Fill the fragment pages/<template>.html of the words; every value is escaped."""
    return Html(Markup(page_template(template).render(**values)))


def glue(**values: object) -> None:
    """Give values to the page's prose: {glue:text}`name` prints text, {glue:any}`name` a piece of HTML."""
    for name, value in values.items():
        _glue(name, value if isinstance(value, Html) else " ".join(str(value).split()), display=False)


def mark_spans(text: str, spans: list[tuple[int, int, str]]) -> Markup:
    """Return escaped `text` in which every (start, end, title) span stands in a <mark>."""
    pieces: list[Markup] = []
    position = 0
    for start, end, title in sorted(spans):
        pieces.append(Markup.escape(text[position:start]))
        pieces.append(Markup('<mark title="{}">{}</mark>').format(title, text[start:end]))
        position = end
    pieces.append(Markup.escape(text[position:]))
    return Markup("").join(pieces)
