"""A tiny project of every kind of file that people edit, and what may happen to these files."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from policybook.build.new import make_project
from policybook.project import Project

TEXTS = {
    "first": "The council will repair 40 wells by 2031.\nThe council encourages villages to share water.\n",
    "second": "The ministry reports that 12 wells were repaired.\nVillages asked for more water.\n",
}
ENTRY = """\
  - id: {id}
    file: {id}.txt
    sha256: {sha256}
    title: The {id} text
    publisher: A council
    published: 2030-02-03
    language: en
    speaker: national
    voice: {voice}
    rights: full
    rights_note: written for a test
"""
FILES = {
    "data/comparisons.yml": """\
comparisons:
  - id: two-texts
    title: Two texts
    question: What does each say?
    left: {label: first, select: {document: first}}
    right: {label: second, select: {document: [second]}}
    not_concluded: [That anything follows.]
""",
    "data/briefs/first.yml": """\
statements:
  - says: The council promises wells.
    passages: [p01]
    words: [repair]
""",
    "data/topics.yml": """\
topics:
  - id: money
    title: Money
    question: who pays?
    concepts: [funding]
""",
    "data/recommended.yml": """\
texts:
  - id: third
    title: A third text
    publisher: &who A council
    published: 2030
    language: en
    speaker: national
    voice: official
    rights: quote
    rights_note: *who
    address: https://example.org/third
""",
    "data/facts/tables.yml": """\
columns:
  year: {kind: year, empty: false}
  depth: {kind: number, least: 0, most: 30}
tables:
  - {table: wells, key: [place, year], columns: [place, year, depth], optional: [note]}
""",
    "data/facts/wells.csv": 'place,year,depth,note\nnorth,2030,12.5,"deep, dry"\nsouth,2031,,\n',
    "data/lexicon/stopwords-zh.txt": "的\n",
    "words/fr/names.yml": "actor_kind:\n  official: officiel\n",
    "words/fr/grammar.yml": "thousands: ' '\n",
}


def make_tiny_project(folder: Path) -> Project:
    """Make a project with two documents and every kind of file that people edit, without a mistake."""
    make_project(folder)
    project = Project(folder)
    entries = ""
    project.documents.mkdir(exist_ok=True)
    for identifier, text in TEXTS.items():
        (project.documents / f"{identifier}.txt").write_text(text, encoding="utf-8")
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        entries += ENTRY.format(id=identifier, sha256=sha256, voice="official" if identifier == "first" else "reported")
    project.corpus_file.write_text(f"documents:\n{entries}", encoding="utf-8")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    config = (folder / "_config.yml").read_text(encoding="utf-8")
    (folder / "_config.yml").write_text(config.replace("language: en", "language: fr"), encoding="utf-8")
    return project


def edited_files(project: Project) -> list[Path]:
    """Return the files that people edit."""
    return sorted(
        path
        for path in project.root.rglob("*")
        if path.suffix in (".yml", ".csv", ".txt", ".ipynb", ".cff") and "book" not in path.parts
    )


Mutation = Callable[[bytes, random.Random], bytes]


def _line(change: Callable[[bytes, random.Random], bytes]) -> Mutation:
    def mutate(content: bytes, chance: random.Random) -> bytes:
        lines = content.split(b"\n")
        filled = [n for n, line in enumerate(lines) if line.strip() and not line.startswith(b"#")] or [0]
        number = chance.choice(filled)
        lines[number] = change(lines[number], chance)
        return b"\n".join(lines)

    return mutate


def _value(text: bytes) -> Mutation:
    """Put another value behind a key, or into a cell."""

    def change(line: bytes, _: random.Random) -> bytes:
        mark = b": " if b": " in line else b"," if b"," in line else b""
        return line.rpartition(mark)[0] + mark + text if mark else line + text

    return _line(change)


_BOMB = b"a0: &a0 [x, x]\n" + b"".join(b"a%d: &a%d [*a%d, *a%d]\n" % (n, n, n - 1, n - 1) for n in range(1, 40))

#: What comes of the bytes of a file: name → mutation.
OF_CONTENT: dict[str, Mutation] = {
    "cut": lambda content, chance: content[: chance.randrange(len(content) + 1)],
    "nothing": lambda _, __: b"",
    "line twice": _line(lambda line, _: line + b"\n" + line),
    "line gone": _line(lambda _, __: b""),
    "line deeper": _line(lambda line, _: b"  " + line),
    "tab": _line(lambda line, _: b"\t" + line),
    "quote": _line(lambda line, _: line + b' "'),
    "colon": _line(lambda line, _: line + b": :"),
    "brackets": _line(lambda line, _: line + b"[" * 3),
    "semicolons": lambda content, _: content.replace(b",", b";"),
    "carriage returns": lambda content, _: content.replace(b"\n", b"\r"),
    "marks first": lambda content, _: b"\xef\xbb\xbf" + content,
    "utf-16": lambda content, _: content.decode().encode("utf-16"),
    "latin-1": _line(lambda line, _: line + b"\xe9\xff"),
    "NUL": _line(lambda line, _: line + b"\0"),
    "escape": _line(lambda line, _: line + b"\x1b[2J"),
    "binary": lambda _, chance: chance.randbytes(5000),
    "deep lists": _value(b"[" * 50_000),
    "deep mappings": _value(b"{a: " * 50_000),
    "deep json": lambda _, __: b"[" * 200_000,
    "deep blocks": lambda _, __: b"".join(b" " * n + b"-\n" for n in range(2000)),
    "deep brackets": _value(b"(" * 3000),
    "bomb": lambda content, _: content + b"\n" + _BOMB,
    "circle": lambda content, _: content + b"\nround: &r [*r]\n",
    "merged": lambda content, _: b"m: &m {a: 1}\n<<: [*m, *m]\n" + content,
    "tag": _value(b"!!python/object/apply:os.system [true]"),
    "long text": _value(b"x" * 1_000_000),
    "long number": _value(b"9" * 6000),
    "hexadecimal": _value(b"0x" + b"f" * 6000),
    "not a number": _value(b".nan"),
    "infinite": _value(b"-.inf"),
    "less than nothing": _value(b"-5"),
    "number": _value(b"7"),
    "fraction": _value(b"0.5"),
    "no value": _value(b""),
    "blank": _value(b"'  '"),
    "list": _value(b"[1, a, [b]]"),
    "mapping": _value(b"{a: {b: 1}, 2: c}"),
    "keys": _value(b"{[1, 2]: a}"),
    "null key": _value(b"{~: a, 1.5: b}"),
    "yes": _value(b"yes"),
    "late date": _value(b"9999-12-31"),
    "spreadsheet date": _value(b"47882"),
    "other date": _value(b"31/12/2030"),
    "path": _value(b"../../../../../../etc/passwd"),
    "markup": _value(b"'<script>{{ 7 * 7 }}'"),
    "template": _value(b"'{% for a in %}{{ '"),
    "pattern": _value(b"'(a+)+$ N ( [ *'"),
    "group": _value(b"'<a> (b | c)? ... <d'"),
    "many entries": lambda content, _: content + content.rstrip().rpartition(b"\n")[2].join([b"\n"] * 20_000),
    "too much": lambda content, _: content + b"\n# " + b"x" * (11 << 20),
}


def _other(make: Callable[[Path], None]) -> Callable[[Path], None]:
    def exchange(path: Path) -> None:
        path.unlink()
        make(path)

    return exchange


#: What may stand in the place of a file: name → what puts it there.
OF_PLACE: dict[str, Callable[[Path], None]] = {
    "gone": Path.unlink,
    "folder": _other(Path.mkdir),
    "pipe": _other(os.mkfifo),
    "endless": _other(lambda path: path.symlink_to("/dev/zero")),
    "outside": _other(lambda path: path.symlink_to("/etc/passwd")),
    "link to nothing": _other(lambda path: path.symlink_to("nowhere")),
    "link to itself": _other(lambda path: path.symlink_to(path.name)),
    "sparse": lambda path: os.truncate(path, 3 << 30),
}


def mutants(project: Project, folder: Path, count: int, seed: int = 1) -> Iterator[tuple[str, Project]]:
    """Yield what was done and a copy of the project to which it was done: every kind once at least, to chosen files."""
    chance = random.Random(seed)
    files = [path.relative_to(project.root) for path in edited_files(project)]
    kinds = [*OF_CONTENT, *OF_PLACE]
    while len(kinds) < count:
        kinds.append(chance.choice(kinds))
    for number, kind in enumerate(kinds[:count]):
        name = files[number % len(files)] if number < len(files) else chance.choice(files)
        copy = Project(folder / f"{number:03}")
        shutil.copytree(project.root, copy.root)
        path = copy.root / name
        if kind in OF_PLACE:
            OF_PLACE[kind](path)
        else:
            path.write_bytes(OF_CONTENT[kind](path.read_bytes(), chance))
        yield f"{kind} in {name.as_posix()}", copy
        shutil.rmtree(copy.root)
