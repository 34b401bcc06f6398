"""Word clouds, drawn from frequencies, with the right Chinese glyphs."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from random import Random

import pandas as pd
from fontTools import subset
from fontTools.ttLib import TTFont
from wordcloud import WordCloud

from policybook.charts.theme import COLOURS, FAMILY, Chart, accessible, font_file, font_number
from policybook.errors import MissingGlyphError


def cloud_chart(name: str, frequencies: pd.Series, caption: str, most: int = 60) -> Chart:
    """Draw the `most` frequent terms of `frequencies` (term → count), larger where more frequent.

    Size is the only thing that carries meaning; colours only separate neighbours.
    """
    top = frequencies.head(most)
    shown = ", ".join(f"{term} {count}" for term, count in top.head(15).items())
    alt = f"Word cloud of {len(top)} terms. The most frequent: {shown}."
    with tempfile.TemporaryDirectory() as folder:
        font = _subset_font("".join(map(str, top.index)), Path(folder) / "cloud.otf")
        cloud = WordCloud(
            font_path=str(font), width=740, height=360, margin=3, prefer_horizontal=1.0, random_state=7,
            collocations=False, relative_scaling=0.5, max_words=most, min_font_size=9, color_func=_colour,
            mode="RGBA", background_color=None,
        ).generate_from_frequencies({str(term): float(count) for term, count in top.items()})  # fmt: skip
        svg = cloud.to_svg(embed_font=True, optimize_embedded_font=False)
    family = f"cloud-{name}"
    svg = re.sub(r"(@font-face\{font-family:)[^;]*", rf"\g<1>'{family}'", svg)
    svg = re.sub(r"(text\{font-family:)[^;}]*", rf"\g<1>'{family}'", svg)
    svg = svg.replace("text{", f".pb-cloud-{name} text{{").replace("<rect width", '<rect fill="none" width')
    data = pd.DataFrame({"term": top.index, "count": top.to_numpy()})
    body = accessible(svg, alt).replace("<svg ", f'<svg class="pb-cloud-{name}" ', 1)
    return Chart(name, body, caption, alt, data)


def _colour(word: str, random_state: Random, **_: object) -> str:  # noqa: ARG001 the library's signature
    return random_state.choice(COLOURS[:3])


def _subset_font(characters: str, target: Path) -> Path:
    """Write a small font with only `characters` of the Simplified Chinese face."""
    font = TTFont(str(font_file()), fontNumber=font_number(), lazy=True)
    if missing := sorted(set(characters) - {chr(code) for code in font.getBestCmap()} - {" "}):
        raise MissingGlyphError(f"{FAMILY} has no glyph for {' '.join(missing)}. Leave the word out by a stop word.")
    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True, name_IDs=[1, 2])
    maker = subset.Subsetter(options)
    maker.populate(text=characters + " ")
    maker.subset(font)
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    font.save(str(target))
    font.close()
    return target
