"""Which characters are Chinese, as the inside of a regular expression's brackets."""

from __future__ import annotations

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
