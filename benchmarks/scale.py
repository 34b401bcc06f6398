"""Does measuring stay true and quick with many documents?

`make bench-scale` makes corpora of documents of about 1 KB, Chinese and English, of words of a Zipfian vocabulary
(jieba's dictionary; this project's own prose), with concepts planted at known rates in two places and noise in a fifth
of the documents. `policybook measure` counts them into Parquet, and the rates and differences that were planted are
held against 95 % intervals of what it found; `policybook compare` then compares the two places. Time is told as the
slope on log-log axes, memory as the peak of the process that was started. `--cluster` also measures with one and with
two workers of a Dask cluster. Results go into RESULTS.md.
"""

from __future__ import annotations

import argparse
import csv
import math
import os
import platform
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import opencc
import pandas as pd
import psutil

from policybook.analysis.intervals import newcombe_difference, wilson
from policybook.coding.measured import COUNTED, DOCUMENTS
from policybook.coding.measured_parquet import open_parquet
from policybook.corpus.matching import read_dictionary

ROOT = Path(__file__).resolve().parent.parent
RESULTS = Path(__file__).with_name("RESULTS.md")
HEAD = "# What many documents cost"
#: How often a document of the first place, and of the second, says something of a concept; and how it says it.
RATES: Mapping[str, tuple[float, float]] = {
    "urban-renewal": (0.30, 0.20), "county-economy": (0.10, 0.10), "rural-revitalization": (0.50, 0.40),
    "hukou-reform": (0.02, 0.05),
}  # fmt: skip
SAID: Mapping[str, tuple[str, str]] = {
    "urban-renewal": ("城市更新", "urban renewal"), "county-economy": ("县域经济", "county economy"),
    "rural-revitalization": ("乡村振兴", "rural revitalization"),
    "hukou-reform": ("户籍制度改革", "reform of the household registration system"),
}  # fmt: skip
PLACES = ("liaoning", "fujian")
#: No other word may say what is planted, alone or with its neighbour.
_KEPT_OUT = re.compile("[户籍口城市都更新县域经济乡村振兴农庄制度改革]")
_ENGLISH_KEPT_OUT = re.compile("urban|cit|renew|regenerat|count|econom|rural|village|vital|household|regist|reform")
_ENGLISH_SHARE, _NOISY = 0.2, 0.2
_DEEPEST = 20_000  # words of the Chinese vocabulary
_CHINESE_SIZE, _ENGLISH_SIZE = 330, 150  # characters, words
_TRADITIONAL = opencc.OpenCC("s2t")


@dataclass(frozen=True)
class Zipf:
    """Words, the n-th of them drawn in proportion to 1/n."""

    words: Sequence[str]
    weights: Sequence[float]

    @classmethod
    def of(cls, words: Sequence[str]) -> Zipf:
        """Return a vocabulary from words, the most frequent first."""
        return cls(words, list(accumulate(1 / rank for rank in range(1, len(words) + 1))))

    def draw(self, chance: random.Random, count: int) -> list[str]:
        """Return so many words."""
        return chance.choices(self.words, cum_weights=self.weights, k=count)


def vocabularies() -> tuple[Zipf, Zipf]:
    """Return the Chinese and the English vocabulary."""
    counts, _ = read_dictionary()
    chinese = [word for word in sorted(counts, key=lambda word: (-counts[word], word))
               if re.fullmatch("[\u4e00-\u9fff]{1,4}", word) and not _KEPT_OUT.search(word)]  # fmt: skip
    prose = " ".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "book").glob("*.md")))
    said = re.findall(r"\b[a-z]{2,}\b", (ROOT / "README.md").read_text(encoding="utf-8") + prose)
    english = pd.Series(said).value_counts(sort=False)
    ranked = sorted(english.index, key=lambda word: (-english[word], word))
    return Zipf.of(chinese[:_DEEPEST]), Zipf.of([word for word in ranked if not _ENGLISH_KEPT_OUT.search(word)])


def lay_corpus(folder: Path, size: int, seed: int = 18) -> tuple[Path, Path, pd.DataFrame]:
    """Write a corpus; return its folder, its metadata, and a row a document: place, language, and what was planted."""
    chance, (chinese, english) = random.Random(seed), vocabularies()
    texts, metadata = folder / "texts", folder / "metadata.csv"
    texts.mkdir(parents=True)
    rows = []
    with metadata.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "title", "place", "year", "era"])
        for n in range(size):
            side = n % 2
            language = "en" if chance.random() < _ENGLISH_SHARE else "zh"
            planted = {concept: chance.random() < rates[side] for concept, rates in RATES.items()}
            said = [SAID[concept][language == "en"] for concept, there in planted.items() if there]
            name = f"d{n:06d}"
            text = _write(chance, chinese if language == "zh" else english, language, said)
            if chance.random() < _NOISY:
                text = _damage(chance, text, language)
            (texts / f"{name}.txt").write_text(text, encoding="utf-8")
            writer.writerow([f"{name}.txt", f"Document {n}", PLACES[side], 2016 + n // 2 % 5, "2014-2020"])
            rows.append({"document": name, "place": PLACES[side], "language": language, **planted})
    return texts, metadata, pd.DataFrame(rows)


def _write(chance: random.Random, vocabulary: Zipf, language: str, said: Sequence[str]) -> str:
    sentences, size, full = list[str](), 0, _CHINESE_SIZE if language == "zh" else _ENGLISH_SIZE
    while size < full:
        words = vocabulary.draw(chance, chance.randint(8, 24))
        if language == "zh":
            cut = chance.randrange(1, len(words))
            sentences.append(f"{''.join(words[:cut])}，{''.join(words[cut:])}。")
            size += len(sentences[-1])
        else:
            sentences.append(f"{' '.join(words).capitalize()}.")
            size += len(words)
    for form in said:
        sentence = f"会上谈到{form}。" if language == "zh" else f"They spoke of {form}."
        sentences.insert(chance.randrange(len(sentences) + 1), sentence)
    third = len(sentences) // 3 + 1
    space = "" if language == "zh" else " "
    return "\n".join(space.join(sentences[n : n + third]) for n in range(0, len(sentences), third)) + "\n"


def _damage(chance: random.Random, text: str, language: str) -> str:
    """Return a text as scrapers leave it, in one of several ways."""
    way = chance.randrange(3 if language == "zh" else 2)
    if way == 0:
        lines = "".join(f"<p>{line}</p>" for line in text.splitlines())
        return f"<!DOCTYPE html><html><body><nav><a href='/'>首页</a></nav><div>{lines}</div></body></html>"
    if way == 1:
        return "".join(char + "\u200b" * (chance.random() < 0.05) for char in text)
    return _TRADITIONAL.convert(text)


@dataclass(frozen=True)
class Run:
    """One measuring, or comparing: how many documents, seconds, the peak of the main process in bytes."""

    size: int
    seconds: float
    peak: int


def make_project_for(folder: Path) -> Path:
    """Return a project with this one's coding scheme and no document, so that nothing is kept from before."""
    shutil.copytree(ROOT / "data" / "lexicon", folder / "data" / "lexicon")
    (folder / "data" / "corpus.yml").write_text("documents: []\n", encoding="utf-8")
    return folder


def run_measure(folder: Path, texts: Path, metadata: Path, out: Path, *more: str) -> Run:
    """Measure a corpus into Parquet as a user does, in a project that is made in the new `folder`."""
    project = make_project_for(folder)
    with metadata.open(encoding="utf-8") as file:
        size = sum(1 for _ in file) - 1
    return _run(size, project, "measure", texts, "--metadata", metadata, "--out", out, "--no-blocks", "--parquet",
                *more)  # fmt: skip


def run_compare(project: Path, out: Path, size: int) -> Run:
    """Compare the two places in measured tables as a user does."""
    return _run(size, project, "compare", *(f"place={place}" for place in PLACES), "--corpus", out, "--csv")


def _run(size: int, project: Path, *words: object) -> Run:
    command = [sys.executable, "-m", "policybook.cli", "--project", project, *words]
    start, peak = time.perf_counter(), 0
    with (project / "said").open("w") as said:
        process = subprocess.Popen([str(part) for part in command], stderr=said, stdout=said)
        watched = psutil.Process(process.pid)
        while process.poll() is None:
            try:
                peak = max(peak, watched.memory_info().rss)
            except psutil.NoSuchProcess:
                break
            time.sleep(0.2)
        process.wait()
    if process.returncode:
        sys.exit((project / "said").read_text(encoding="utf-8")[-2000:])
    return Run(size, time.perf_counter() - start, peak)


def compare_with_planted(out: Path, planted: pd.DataFrame) -> pd.DataFrame:
    """Return a row a concept, place and language, or difference of the places: what was planted and what was found.

    `inside` is whether the planted rate, or difference, is in the 95 % interval of what was found (Wilson, Newcombe);
    `missed` and `added` are the documents in which what was planted was not found, and the other way round.
    """
    counts, measured = _read(out)
    planted = planted[planted["document"].isin(measured["document"])]
    rows = []
    for concept, rates in RATES.items():
        mentioned = set(counts.loc[(counts["kind"] == "concept") & (counts["id"] == concept), "document"])
        found = planted["document"].isin(mentioned)
        for language in ("zh", "en"):
            sides = [(planted["place"] == place) & (planted["language"] == language) for place in PLACES]
            there = [int(found[side].sum()) for side in sides]
            sizes = [int(side.sum()) for side in sides]
            if not all(sizes):
                continue
            wrong = {"missed": int((planted[concept] & ~found)[sides[0] | sides[1]].sum()),
                     "added": int((~planted[concept] & found)[sides[0] | sides[1]].sum())}  # fmt: skip
            named = {"concept": concept, "language": language}
            for place, x, n, rate in zip(PLACES, there, sizes, rates, strict=True):
                low, high = (float(end) for end in wilson(x, n))
                rows.append({**named, "what": place, "planted": rate, "found": x / n, "low": low, "high": high})
            low, high = (float(end) for end in newcombe_difference(there[0], sizes[0], there[1], sizes[1]))
            difference = there[0] / sizes[0] - there[1] / sizes[1]
            rows.append({**named, "what": "difference", "planted": rates[0] - rates[1], "found": difference,
                         "low": low, "high": high, **wrong})  # fmt: skip
    table = pd.DataFrame(rows)
    return table.assign(inside=(table["low"] <= table["planted"]) & (table["planted"] <= table["high"]))


def _read(out: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what was counted of what was planted, and the documents, from CSV or Parquet."""
    if (out / COUNTED).exists():
        return pd.read_csv(out / COUNTED), pd.read_csv(out / DOCUMENTS, usecols=["document"])
    with open_parquet(out).open() as query:
        counts = query.execute("SELECT document, kind, id FROM counts WHERE id IN (SELECT unnest($1))", [[*RATES]]).df()
        return counts, query.execute("SELECT document FROM documents").df()


def slope(runs: Sequence[Run]) -> float:
    """Return the slope of seconds on documents on log-log axes, by least squares."""
    x, y = ([math.log(getattr(run, name)) for run in runs] for name in ("size", "seconds"))
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    return sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)) / sum((a - mean_x) ** 2 for a in x)


@contextmanager
def cluster(workers: int, port: int) -> Iterator[str]:
    """Start a scheduler and so many workers, each a process of its own, as README.md says; yield the address."""
    dask = [sys.executable, "-m", "dask"]
    address = f"tcp://127.0.0.1:{port}"
    with ExitStack() as stack:
        for command in (["scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"],
                        ["worker", address, "--nworkers", str(workers), "--nthreads", "1", "--no-dashboard"],
                        ):  # fmt: skip
            process = subprocess.Popen([*dask, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            stack.callback(process.wait)
            stack.callback(process.terminate)
        yield address


def measure_cluster(folder: Path, texts: Path, metadata: Path) -> list[Run]:
    """Return what measuring takes with one worker and with two."""
    runs = []
    for workers in (1, 2):
        with cluster(workers, 18800 + workers) as address:
            time.sleep(10)
            place = folder / f"cluster-{workers}"
            place.mkdir()
            runs.append(run_measure(place / "project", texts, metadata, place / "out", "--scheduler", address))
    return runs


def report(runs: Sequence[Run], compared: Sequence[Run], truth: Mapping[int, pd.DataFrame],
           workers: Sequence[Run]) -> str:  # fmt: skip
    """Return the section of RESULTS.md."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB"
    load = f"load of the minute before: {os.getloadavg()[0]:.1f} (others may have been at work beside it)"
    said = (__doc__ or "").split("\n\n")[1].strip()
    lines = [HEAD, "", said, "", f"{machine}, Python {platform.python_version()}; {load}.", "",
             "| Documents | Documents a second | Peak of the main process, MB | Comparing: seconds | Peak, MB | "
             "Planted inside the interval | Missed | Added |", "|---:|---:|---:|---:|---:|---|---:|---:|"]  # fmt: skip
    for run, two in zip(runs, compared, strict=True):
        table = truth[run.size]
        lines.append(f"| {run.size:,} | {run.size / run.seconds:.1f} | {run.peak / 2**20:.0f} | "
                     f"{two.seconds:.0f} | {two.peak / 2**20:.0f} | "
                     f"{table['inside'].sum()} of {len(table)} | {table['missed'].sum():.0f} | "
                     f"{table['added'].sum():.0f} |")  # fmt: skip
    lines.append("")
    if len(runs) > 1:
        lines.append(f"Slope of time on log-log axes: {slope(runs):.2f}.")
    if workers:
        one, two = (run.seconds for run in workers)
        lines.append(f"Two workers of a cluster on this machine: {one / two:.2f} times as fast as one.")
    return "\n".join(lines).rstrip() + "\n"


def keep(section: str, path: Path = RESULTS) -> None:
    """Put the section in the place of the one before, behind what other benchmarks wrote."""
    before = path.read_text(encoding="utf-8").partition(HEAD)[0].rstrip() if path.exists() else ""
    path.write_text(f"{before}\n\n{section}".lstrip(), encoding="utf-8")


def main() -> None:
    """Measure corpora of the sizes that are asked for, print, and write the section."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("sizes", nargs="*", type=int, default=[1_000, 10_000, 100_000], help="numbers of documents")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    parser.add_argument("--cluster", action="store_true", help="also measure the smallest with workers of a cluster")
    given = parser.parse_args()
    runs, compared, truth, workers = list[Run](), list[Run](), dict[int, pd.DataFrame](), list[Run]()
    for size in sorted(given.sizes):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            texts, metadata, planted = lay_corpus(folder, size)
            runs.append(run_measure(folder / "project", texts, metadata, folder / "out", "--jobs", str(given.jobs)))
            compared.append(run_compare(folder / "project", folder / "out", size))
            truth[size] = compare_with_planted(folder / "out", planted)
            print(truth[size].to_string(), runs[-1], compared[-1], sep="\n", flush=True)
            if given.cluster and not workers:
                workers = measure_cluster(folder, texts, metadata)
    section = report(runs, compared, truth, workers)
    keep(section)
    print(section)


if __name__ == "__main__":
    main()
