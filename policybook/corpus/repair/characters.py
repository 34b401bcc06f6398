"""Traditional characters and older variants to Simplified ones."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import opencc

# Printed forms that OpenCC's table does not know. 着 and 著 are one character in Traditional text, see below.
_VARIANTS = str.maketrans(
    "戸靑淸晩硏緖値鄕郞吿畧囯圏擧厰凖衞廻徧隄韮馀閧衹暸枱艶騐稺筦炤碪賛瑯隷恊歩毎壊黒",
    "户青清晚研绪值乡郎告略国圈举厂准卫回遍堤韭余哄只了台艳验稚管照砧赞琅隶协步每坏黑",
)
# Chinese radicals and compatibility forms that PDFs give in place of the characters themselves.
_COMPATIBLE = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f]")
_RADICALS = str.maketrans(
    "⺟⺠⻄⻅⻆⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻩⻬⻮⻰⻳", "母民西见角车长门青韦页风飞食马骨鬼鱼鸟黄齐齿龙龟"
)
# 著 is a word of its own (famous, to write) in these, and the particle 着 everywhere else in Traditional text.
_WRITTEN = re.compile("(?<![显卓名原专论编译昭土巨遗所合拙较新旧大])著(?![名作者述称书录于有成录《，。）)\\s]|$)")


def simplify(text: str) -> tuple[str, int]:
    """Return Traditional text in Simplified characters, and how many characters changed."""
    plain = plain_forms(text)[0].translate(_VARIANTS)
    simplified = _WRITTEN.sub("着", _converter().convert(plain))
    return simplified, _differences(text, simplified)


def plain_forms(text: str) -> tuple[str, int]:
    """Return the text with radicals and compatibility forms replaced by the characters they stand for."""
    plain = _COMPATIBLE.sub(lambda found: unicodedata.normalize("NFKC", found.group()), text.translate(_RADICALS))
    return plain, _differences(text, plain)


def changed_by_simplifying(text: str) -> int:
    """Return how many characters of a text simplifying would change."""
    return _differences(text, _converter().convert(text))


def changed_by_complicating(text: str) -> int:
    """Return how many characters of a text are Simplified ones only."""
    return _differences(text, _converter("s2t").convert(text))


def _differences(before: str, after: str) -> int:
    return sum(a != b for a, b in zip(before, after, strict=False))


@cache
def _converter(name: str = "t2s") -> opencc.OpenCC:
    return opencc.OpenCC(name)
