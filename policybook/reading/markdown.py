"""Markdown: what it stands for is a web page, and is read as one; its front matter is metadata and no text.

Run as a program, this file turns standard input into a page: it imports little, and can be stopped.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

if TYPE_CHECKING:
    from policybook.reading.encodings import Decoded
    from policybook.reading.received import Received

#: Characters that cannot take the parser more than a moment, however they are arranged; seconds and bytes for others.
_SMALL, _SECONDS, _MEMORY = 10_000, 8, 800_000_000
_FRONT = re.compile(r"\s*---[ \t]*\n((?:.{0,20000}?\n)??)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = r"([\w-]{1,40})[ \t]*[:：][ \t]*([^\n]*)\n"
_FIELDS = re.compile(rf"\s*---[ \t]*\n(?:{_FIELD}(?:(?:[ \t]|- )[^\n]*\n)*)+(?:---|\.\.\.)?")
#: A line that ends a Chinese sentence, or stands before an indented one, ends a paragraph for those who write it.
_LINE = re.compile(r"(?<=[。！？；：])[ \t]{0,9}\n(?=[^\s>|#*+`~-])|\n(?=\u3000)")
#: A heading whose sign touches it; what other programs put into a text: a place for contents, names of headings.
_TOUCHING = re.compile(r"^( {0,3}#{1,6})(?=[\u3400-\u9fff（“《【「])(?!.*#)", re.MULTILINE)
_SIGN = re.compile(
    r"^ {0,3}(?:\[{1,2}_{0,2}TOC_{0,2}\]{1,2}|> ?\[![A-Z]+\])[ \t]*$|[ \t]\{[#.][\w .#:-]{0,80}\}$", re.MULTILINE | re.I
)
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_STRONG = re.compile(
    r"(?<!\*)\*\*(?![*\s、，。；：！？”’》）】」』])([^*\n]{1,500})(?<![\s“‘《（【「『])\*\*(?!\*)"
)


def read_markdown(decoded: Decoded) -> Received:
    """Return a decoded Markdown text as paragraphs. Raises RefusedError when it holds no text, or only for harm."""
    from policybook.reading.encodings import Decoded
    from policybook.reading.html import read_html
    from policybook.reading.received import LISTS, RefusedError, stated_date

    text, stated, warnings = _front_matter(re.sub("\r\n?", "\n", decoded.text))
    if not (page := _rendered(text)).strip():
        raise RefusedError("the file holds no text", "give a file that holds text")
    page = f"<!DOCTYPE html><html><body>{page}</body></html>"
    told = {field: next((said for name in names.split() if (said := stated.get(name)) and "://" not in said), None)
            for field, names in LISTS["front_matter"].items()}  # fmt: skip
    read = read_html(Decoded(page, decoded.encoding, (*decoded.warnings, *warnings)))
    published = (told["published"] or "")[:40]
    return replace(read, format="md", title=told["title"] or read.title, publisher=told["publisher"],
                   published=stated_date(published) or published or None, language=told["language"])  # fmt: skip


def _front_matter(text: str) -> tuple[str, dict[str, str], list[str]]:
    """Return a text without its front matter, what that says, and what is doubtful about it."""
    from policybook.errors import InvalidDataError
    from policybook.tables import YamlFile

    if not (fields := _FIELDS.match(text)):
        return text, {}, []
    wrong = "its end (---) is missing"
    if whole := _FRONT.match(text):
        try:
            stated = YamlFile(whole[1].encode("utf-8", "replace"), "front matter").content
            if isinstance(stated, dict):
                return text[whole.end() :], {str(name).lower(): _said(value) for name, value in stated.items()}, []
            wrong = "its lines name no fields"
        except InvalidDataError as error:
            wrong = error.problems[0].message.rstrip(".")
    lines = re.findall(rf"^{_FIELD}", fields[0], re.MULTILINE)
    return text[fields.end() :], {name.lower(): said.strip(" \t\"'") for name, said in lines}, [
        f"The front matter is not as it should be ({wrong}); it was read line by line."
    ]  # fmt: skip


def _said(value: Any) -> str:
    """Return a value of the front matter as one line: several authors, an author with a name."""
    if isinstance(value, Mapping):
        value = value.get("name", "")
    parts = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    return " ".join(", ".join(_said(one) if isinstance(one, Mapping) else str(one) for one in parts if one).split())


@lru_cache(maxsize=8)
def _rendered(text: str) -> str:
    """Return the page of a text. Raises RefusedError when its marks take the parser far more time than others do."""
    from policybook.reading.received import RefusedError

    if len(text) <= _SMALL:
        return _render(text)
    content = text.encode("utf-8", "replace")
    done = subprocess.run([sys.executable, "-P", __file__], input=content, capture_output=True, check=False)
    if done.returncode:
        raise RefusedError("its marks take more time or memory to read than those of any real text",
                           "save its text without them as .txt")  # fmt: skip
    return done.stdout.decode()


def _render(text: str) -> str:
    """Return a text as HTML: without links, so that nothing looks like navigation; with numbers and comments."""
    text = _SIGN.sub("", _TOUCHING.sub(r"\1 ", _LINE.sub("  \n", _STRONG.sub(_unmarked, text))))
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("code")
    parser.use(footnote_plugin).use(deflist_plugin).use(tasklists_plugin).disable(["footnote_tail", "footnote_inline"])
    parser.validateLink = lambda _: True  # type: ignore[method-assign, assignment]  # none is followed
    for name in ("link_open", "link_close", "footnote_ref"):
        parser.add_render_rule(name, lambda *_: "")
    for name in ("footnote_reference_open", "footnote_reference_close"):
        parser.add_render_rule(name, lambda *_: "<hr>")
    for name, rule in (("image", _image), ("html_block", _html), ("html_inline", _html)):
        parser.add_render_rule(name, rule)
    said: dict[str, Any] = {"comments": []}
    tokens = parser.parse(text, said)
    _keep_numbers(tokens)
    page = str(parser.renderer.render(tokens, parser.options, said))
    return page + "".join(f'<p class="sourcecomment">{escapeHtml(one)}</p>' for one in said["comments"])


def _unmarked(strong: re.Match[str]) -> str:
    """Return emphasis without signs where Chinese stands about its punctuation: the rules take them for no signs."""
    inside, about = strong[1], strong.string[max(0, strong.start() - 1) : strong.end() + 1]
    plain = (inside[0].isalnum() and inside[-1].isalnum()) or about.isascii()
    return strong[0] if plain else inside


def _image(renderer: RendererHTML, tokens: Sequence[Token], n: int, options: Any, said: dict[str, Any]) -> str:
    return escapeHtml(renderer.renderInlineAsText(tokens[n].children or [], options, said))


def _html(_: RendererHTML, tokens: Sequence[Token], n: int, __: Any, said: dict[str, Any]) -> str:
    said["comments"] += _COMMENT.findall(tokens[n].content)
    return _COMMENT.sub(" ", tokens[n].content)


def _keep_numbers(tokens: Sequence[Token]) -> None:
    """Put the numbers of lists before their items."""
    numbers: list[int | None] = []
    due = ""
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            numbers.append(int(token.attrs.get("start", 1)) if token.type[0] == "o" else None)
        elif token.type.endswith("_list_close"):
            numbers.pop()
        elif token.type == "list_item_open" and (number := numbers[-1]) is not None:
            due, numbers[-1] = f"{number}{token.markup} ", number + 1
        elif token.type == "inline":
            token.children = [Token("text", "", 0, content=due), *(token.children or ())]
            due = ""


if __name__ == "__main__":
    with suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    sys.stdout.buffer.write(_render(sys.stdin.buffer.read().decode()).encode("utf-8", "replace"))
