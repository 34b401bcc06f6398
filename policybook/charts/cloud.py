"""Word clouds, drawn from frequencies, with the right Chinese glyphs."""

from __future__ import annotations

import base64
import io
import re
import tempfile
import textwrap
from functools import cache
from pathlib import Path
from random import Random

import pandas as pd
from fontTools import subset
from fontTools.ttLib import TTFont
from wordcloud import WordCloud

from policybook.charts.theme import COLOURS, Chart, accessible, font_file, font_number
from policybook.words.say import say

#: A longer term is cut off in the picture, not in its table.
LONGEST_WORD = 36


def cloud_chart(name: str, frequencies: pd.Series, caption: str, most: int = 60) -> Chart:
    """Draw the `most` frequent terms of `frequencies` (term → count), larger where more frequent.

    Size is the only thing that carries meaning; colours only separate neighbours. Terms in scripts that the
    font does not have are left out. Raises ValueError when no term is left.
    """
    top = frequencies[[_is_drawable(str(term)) for term in frequencies.index]].head(most)
    if top.empty:
        raise ValueError("no term to draw")
    shown = {term: textwrap.shorten(str(term), LONGEST_WORD, placeholder=" …") for term in top.index}
    with tempfile.TemporaryDirectory() as folder:
        font = _subset_font("".join(shown.values()), Path(folder) / "cloud.otf")
        cloud = WordCloud(
            font_path=str(font), width=740, height=360, margin=3, prefer_horizontal=1.0, random_state=7,
            collocations=False, relative_scaling=0.5, max_words=most, min_font_size=9, max_font_size=64,
            color_func=_colour, mode="RGBA", background_color=None,
        ).generate_from_frequencies({shown[term]: float(count) for term, count in top.items()})  # fmt: skip
        svg = cloud.to_svg()
        web_font = base64.b64encode(_to_woff(font)).decode("ascii")
    family = f"cloud-{name}"
    face = f'@font-face{{font-family:\'{family}\';src:url("data:font/woff;base64,{web_font}")format("woff")}}'
    svg = re.sub(r"<style>text\{font-family:[^;}]*", f"<style>{face}text{{font-family:'{family}'", svg, count=1)
    svg = svg.replace("text{", f".pb-cloud-{name} text{{").replace("<rect width", '<rect fill="none" width')
    drawn = {item[0][0] for item in cloud.layout_}  # what found no room is in no table either
    top = top[[shown[term] in drawn for term in top.index]]
    alt = say("charts.cloud.alt", terms=len(top), leading=list(top.head(15).items()))
    data = pd.DataFrame({"term": top.index, "count": top.to_numpy()})
    body = accessible(svg, alt).replace("<svg ", f'<svg class="pb-cloud-{name}" ', 1)
    return Chart(name, body, caption, alt, data)


def _colour(word: str, random_state: Random, **_: object) -> str:  # noqa: ARG001 the library's signature
    return random_state.choice(COLOURS[:3])


@cache
def _glyphs() -> frozenset[int]:
    with TTFont(str(font_file()), fontNumber=font_number(), lazy=True) as font:
        return frozenset(font.getBestCmap())


def _is_drawable(term: str) -> bool:
    return bool(term) and all(ord(char) in _glyphs() for char in term)


def _subset_font(characters: str, target: Path) -> Path:
    """Write a small font with only `characters` of the Simplified Chinese face."""
    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True, name_IDs=[1, 2])
    maker = subset.Subsetter(options)
    maker.populate(text=characters + " ")
    with TTFont(str(font_file()), fontNumber=font_number(), lazy=True, recalcTimestamp=False) as font:
        maker.subset(font)
        font["head"].modified = font["head"].created
        font.save(str(target))
    return target


def _to_woff(file: Path) -> bytes:
    """Return a font file in the form that browsers take, which the wordcloud library would make slowly."""
    buffer = io.BytesIO()
    with TTFont(str(file), recalcTimestamp=False) as font:
        font.flavor = "woff"
        font.save(buffer)
    return buffer.getvalue()
