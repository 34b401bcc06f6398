"""What tests look for in a chart's SVG."""

from __future__ import annotations

import base64
import csv
import io
import re
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"


def parse(svg: str) -> ElementTree.Element:
    """Return the SVG as a tree; it must be well-formed."""
    return ElementTree.fromstring(svg)


def texts(svg: str) -> list[str]:
    """Return what the figure shows as text, in the order of the file."""
    return ["".join(element.itertext()).strip() for element in parse(svg).iter(f"{SVG}text")]


def height_of(svg: str, text: str) -> float:
    """Return how far down the only text of this wording stands."""
    (element,) = [t for t in parse(svg).iter(f"{SVG}text") if "".join(t.itertext()).strip() == text]
    place = re.search(r"translate\([\d.]+ ([\d.]+)\)", element.get("transform", ""))
    return float(place[1] if place else element.get("y", "nan"))


def ids(svg: str) -> list[str]:
    """Return every id that the figure defines."""
    return re.findall(r'\sid="([^"]*)"', svg)


def references(svg: str) -> set[str]:
    """Return every id within the figure that it refers to."""
    return set(re.findall(r'(?:xlink:href="#|url\(#)([^")]+)', svg))


def download(html: str) -> list[dict[str, str]]:
    """Return the rows of the CSV that the link in `html` saves."""
    encoded = re.search(r'href="data:text/csv;charset=utf-8;base64,([^"]+)"', html)
    assert encoded is not None
    content = base64.b64decode(encoded.group(1)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))
