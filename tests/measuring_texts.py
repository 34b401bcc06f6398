"""Texts of our own to measure, and their metadata."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

TEXTS = {
    "qingshan-2019.txt": (
        "一、工作回顾\n"
        "过去一年，我们推进户籍制度改革，城镇化率提高到58.3%。\n"
        "县城补短板项目开工17个，乡村振兴取得新进展。\n"
        "二、工作安排\n"
        "要加快农业转移人口市民化，完善基本公共服务。要壮大县域经济，支持返乡创业。\n"
    ),
    "qingshan-2023.txt": (
        "今年要推动城乡融合发展，建设高标准农田20万亩。\n"
        "必须守住耕地红线。鼓励社会资本参与城市更新。\n"
    ),
}


def lay_texts(folder: Path, **changed: str) -> tuple[Path, Path]:
    """Write the texts and their metadata; return the folder of texts and the metadata file."""
    texts = folder / "texts"
    texts.mkdir()
    rows = []
    for name, text in TEXTS.items():
        (texts / name).write_text(text, encoding="utf-8")
        year = name[-8:-4]
        rows.append(
            {
                "file": name,
                "title": f"青山省{year}年政府工作报告",
                "place": "yunnan",
                "year": year,
                "era": "2014-2020" if year == "2019" else "2021-2024",
                "official_url": f"https://example.org/{year}",
                "sha256": hashlib.sha256(text.encode()).hexdigest(),
            }
        )
    rows[0] |= changed
    metadata = folder / "metadata.csv"
    with metadata.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return texts, metadata
