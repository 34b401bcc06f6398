"""Work reports of our own about places that exist and years that do, in sentences that nobody ever gave."""

from __future__ import annotations

import csv
import hashlib
import random
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

#: What everybody says: sentences without any term of the coding scheme.
PLAIN = (
    "松林镇的老桥修好以后，过河的人不再绕路，赶集的日子也提早了一个时辰。",
    "食堂里添了两口大锅，早晨的豆浆和馒头一直供应到九点钟，排队的人少了。",
    "图书室新来了三百本旧书，孩子们把封面擦干净，按颜色摆在木架上。",
    "雨水比往年多，山路上的石阶长了青苔，值班的人每天清早去扫一遍。",
    "渡口的钟换了新绳子，敲起来声音更远，对岸的人听见就把船撑过来。",
)
#: What is said of a topic; each sentence carries terms of the scheme and an instruction.
TOPICS: Mapping[str, Sequence[str]] = {
    "people": (
        "要加快农业转移人口市民化，必须让随迁子女就近读书。",
        "要深化户籍制度改革，鼓励农民工在镇上落户安家。",
    ),
    "county": ("要壮大县域经济，支持县城建设产业集群。", "要推进城市更新，建设都市圈的环线公交17条。"),
    "countryside": ("要全面推进乡村振兴，建设高标准粮田20万亩。", "要促进城乡融合发展，缩小城乡居民收入差距。"),
    "services": ("要完善基本公共服务，投入3.5亿元建设保障性住房。",),
}
#: How many of twelve sentences are of a topic, by place.
RATES: Mapping[str, Mapping[str, int]] = {
    "national": {"people": 3, "services": 2, "countryside": 1},
    "yunnan": {"county": 4, "countryside": 2, "people": 1},
    "guizhou": {"county": 3, "countryside": 2, "services": 1},
}
YEARS = range(2017, 2025)
KIND, OUTLINE = "work report of our own", "outline of our own"
GROUP = "invented-reports"


def make_texts(years: Iterable[int] = YEARS, places: Iterable[str] = tuple(RATES)) -> dict[str, str]:
    """Return file name → text: a report a year for every place, and two outlines. Always the same."""
    names = {f"{place}-{year}.txt": (RATES[place], 48) for place in places for year in years}
    names |= {f"outline-{year}.txt": (RATES["national"], 24) for year in (2016, 2021)}
    return {name: _text(title_of(name), *how) for name, how in names.items()}


def title_of(name: str) -> str:
    """Return the title of a file's text."""
    place, year = name.removesuffix(".txt").split("-")
    return f"{place}{year}年自编报告"


def lay_reports(folder: Path, made: Mapping[str, str]) -> tuple[Path, Path]:
    """Write the texts and their metadata; return the folder of texts and the metadata file."""
    texts = folder / "reports"
    texts.mkdir()
    rows = []
    for name, text in made.items():
        (texts / name).write_text(text, encoding="utf-8")
        place, year = name.removesuffix(".txt").split("-")
        rows.append(
            {
                "id": name.removesuffix(".txt"),
                "file": name,
                "title": title_of(name),
                "place": "national" if place == "outline" else place,
                "year": year,
                "era": "2014-2020" if int(year) < 2021 else "2021-2024",
                "kind": OUTLINE if place == "outline" else KIND,
                "official_url": f"https://example.org/{year}" if place == "yunnan" else "",
                "sha256": hashlib.sha256(text.encode()).hexdigest(),
            }
        )
    metadata = folder / "metadata.csv"
    with metadata.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return texts, metadata


def recommended_entries(made: Mapping[str, str]) -> str:
    """Return the texts as a group of data/recommended.yml."""
    return "".join(
        f"""
  - id: {name.removesuffix(".txt")}
    title: {title_of(name)}
    publisher: the tests
    written: {name.removesuffix(".txt").split("-")[1]}
    language: zh
    speaker: {"national" if name.startswith("outline") else name.split("-")[0]}
    voice: official
    rights: quote
    rights_note: made for a test
    group: {GROUP}
    file: {name}
    sha256: {hashlib.sha256(text.encode()).hexdigest()}
"""
        for name, text in made.items()
    )


def _text(title: str, rates: Mapping[str, int], sentences: int) -> str:
    chance = random.Random(title)
    deck = [topic for topic, number in rates.items() for _ in range(number)]
    deck += [""] * (12 - len(deck))
    lines = []
    for n in range(sentences):
        topic = chance.choice(deck)
        said = chance.choice(TOPICS[topic]) if topic else ""
        lines.append(f"{said}{chance.choice(PLAIN)}{chance.choice(PLAIN)}" + f"这是第{n + 1}段。")
    return f"{title}\n" + "\n".join(lines) + "\n"
