"""Documents as they were coded, kept on disk: by what was received and by everything that made rows of it."""

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from functools import cache, lru_cache, partial
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

from policybook.coding.code import Coding, code_corpus, load_coding
from policybook.coding.executors import Failure, Workers, do_each, usual_workers
from policybook.corpus.build import join_documents, read_document
from policybook.corpus.corpus import TABLE_COLUMNS, Corpus, known_values, table
from policybook.corpus.manifest import DocumentEntry, load_manifest
from policybook.corpus.scope import ScopeRules, Vocabulary, load_vocabulary
from policybook.errors import UnreadableDocumentError, shown
from policybook.project import Item, Project, follow, hash_folder, read_file, report_line

CodedRows = dict[str, list[dict[str, Any]]]

#: The file of _build/ that they are kept in.
STORE = "coded.sqlite"
#: The rooms, and what stands above them, of which any change may find other things in a text.
_MAKERS = ("reading", "corpus", "coding", "errors.py", "project.py", "tables.py")
#: Libraries that cut, convert or read texts.
_LIBRARIES = ("ahocorasick-rs", "jieba", "lemminflect", "opencc", "pypdfium2", "pypinyin", "rapidfuzz", "resiliparse",
              "sentencex", "simplemma", "text2num")  # fmt: skip
#: So many documents are coded before they are kept.
_PART = 50
#: Versions of a document that are kept, so that a change which is taken back costs nothing.
_KEPT = 4
_LISTS = {"value"}  # columns whose lists are lists; all others hold tuples, which JSON does not know


def load_coded(project: Project, *, together: bool = False) -> Corpus:
    """Read and code every document of a project, those alone that are not kept in _build/ as they are.

    Of many that are new each part is kept as soon as it is coded. `together`: several processes share them; only where
    the program that asks may be begun once more, as commands may and other people's scripts may not.
    Raises InvalidDataError when data/ has mistakes and UnreadableDocumentError when a text cannot be read. A store that
    cannot be read or written is done without: everything is coded then.
    """
    vocabulary = load_vocabulary(project)
    documents = _documents(project, vocabulary)
    keys = _keys(project, documents)
    path = project.build / STORE
    kept = _read(path, keys)
    new = [(entry, content) for entry, content in documents if entry.id not in kept]
    workers = usual_workers(len(new)) if together else Workers()
    told = len(new) > _PART
    coded = _code(project, new, workers)
    made: dict[str, CodedRows] = {}
    with closing(coded):
        followed = follow(coded, len(new), unit="document", what="Coding") if told else coded
        for part in _parts(followed, _PART):
            _write(path, {document: (keys[document], rows) for document, rows in part})
            made.update(part)
            if told:
                report_line(f"[{len(made)}/{len(new)}] documents coded")
    parts = [made.get(document) or kept[document] for document in keys]
    return Corpus(**{name: table(name, (row for part in parts for row in part[name])) for name in TABLE_COLUMNS},
                  made_from=tuple(f"{entry.id} sha256:{entry.sha256}" for entry, _ in documents),
                  known=known_values(vocabulary, keys))  # fmt: skip


def passage_texts(project: Project, entries: Sequence[DocumentEntry]) -> Iterator[tuple[DocumentEntry, str]]:
    """Yield each of these documents with the text of its passages, read anew only where it is not kept as it is coded.

    Raises InvalidDataError when data/lexicon has mistakes and UnreadableDocumentError when a text cannot be read.
    """
    documents = [(entry, read_file(project.documents / entry.file)) for entry in entries]
    keys, vocabulary = _keys(project, documents), load_vocabulary(project)
    rules, path = ScopeRules(vocabulary), project.build / STORE
    for entry, content in documents:
        kept = _read(path, {entry.id: keys[entry.id]}).get(entry.id) if path.is_file() else None
        passages = kept["passages"] if kept else read_document(entry, content, vocabulary, rules, project).passages
        yield entry, "\n".join(str(passage["text"]) for passage in passages)


def coded_hashes(project: Project) -> dict[str, str]:
    """Return a hash of the coded rows of every document by its id: of what they are made of where none are kept."""
    keys = _keys(project, _documents(project, load_vocabulary(project)))
    kept: dict[str, str] = {}
    with suppress(sqlite3.Error, OSError), closing(_connect(project.build / STORE)) as store:
        kept = dict(store.execute("SELECT key, sha256 FROM coded"))
    return {document: kept.get(key, key) for document, key in keys.items()}


def _documents(project: Project, vocabulary: Vocabulary) -> list[tuple[DocumentEntry, bytes]]:
    return [(entry, read_file(project.documents / entry.file)) for entry in load_manifest(project, vocabulary)]


def _keys(project: Project, documents: Iterable[tuple[DocumentEntry, bytes]]) -> dict[str, str]:
    """Return a hash of all that the rows of a document are made of: its bytes, its entry, data/lexicon, the code."""
    rules = hash_makers(project)
    made_of = {entry.id: (rules, entry.model_dump_json(), hashlib.sha256(content).hexdigest())
               for entry, content in documents}  # fmt: skip
    return {document: hashlib.sha256("\0".join(parts).encode()).hexdigest() for document, parts in made_of.items()}


def hash_makers(project: Project) -> str:
    """Return a hash of all that makes rows of a text: data/lexicon, the code, the libraries that it stands on."""
    return f"{hash_folder(project.lexicon)} {_hash_of_makers()}"


@cache
def _hash_of_makers() -> str:
    package = Path(__file__).parent.parent
    inside = [path for name in _MAKERS for path in (package / name, *sorted((package / name).rglob("*")))]
    files = [path for path in inside if path.suffix in (".py", ".yml")]
    digest = hashlib.sha256(" ".join(f"{name} {_version(name)}" for name in _LIBRARIES).encode())
    for path in files:
        if path.is_file():
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _version(library: str) -> str:
    with suppress(ModuleNotFoundError):
        return version(library)
    return ""


def _code(project: Project, documents: Sequence[tuple[DocumentEntry, bytes]],
          workers: Workers) -> Generator[tuple[str, CodedRows], None, None]:  # fmt: skip
    """Yield id and rows of every document, in any order. Raises UnreadableDocumentError."""
    for number, rows in do_each(partial(_code_one, project, hash_makers(project)), documents, workers):
        entry = documents[number][0]
        if isinstance(rows, Failure):
            raise UnreadableDocumentError(f"{shown(entry.file)}: {rows.reason}")
        yield entry.id, rows


def _code_one(project: Project, makers: str, document: tuple[DocumentEntry, bytes]) -> CodedRows:
    vocabulary, rules, coding = coding_tools(project, makers)
    coded = code_corpus(join_documents([read_document(*document, vocabulary, rules, project)], vocabulary), coding)
    return {name: getattr(coded, name).to_dict("records") for name in TABLE_COLUMNS}


@lru_cache(maxsize=2)
def coding_tools(project: Project, _: str) -> tuple[Vocabulary, ScopeRules, Coding]:
    """Return what documents are read and coded with, made once for the same rules (see hash_makers).

    Looking for every document whether data/lexicon is the same would take longer. Raises InvalidDataError.
    """
    vocabulary = load_vocabulary(project)
    return vocabulary, ScopeRules(vocabulary), load_coding(project)


def _parts(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yield items in lists of so many."""
    iterator = iter(items)
    while part := list(islice(iterator, size)):
        yield part


# A row a version of a document: SQLite comes with Python, and JSON, unlike a pickle, can hold nothing but rows ---

_TABLE = """CREATE TABLE IF NOT EXISTS coded
            (key TEXT PRIMARY KEY, document TEXT, rows BLOB, sha256 TEXT, number INTEGER)"""


def _connect(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    store = sqlite3.connect(path, timeout=10)
    store.execute(_TABLE)
    store.execute("CREATE INDEX IF NOT EXISTS documents ON coded (document, number)")
    return store


def _read(path: Path, keys: Mapping[str, str]) -> dict[str, CodedRows]:
    """Return the rows of the documents that are kept under their keys, by id; what was damaged is not among them."""
    kept: dict[str, CodedRows] = {}
    with suppress(sqlite3.Error, OSError), closing(_connect(path)) as store:
        for document, key in keys.items():
            found = store.execute("SELECT rows, sha256 FROM coded WHERE key = ?", (key,)).fetchone()
            if found and hashlib.sha256(found[0]).hexdigest() == found[1]:
                kept[document] = _unpack(found[0])
    return kept


def _write(path: Path, made: Mapping[str, tuple[str, CodedRows]]) -> None:
    """Keep what was coded, and drop older versions of the same documents; a store that is no store is made anew."""
    if not made:
        return
    try:
        with closing(_connect(path)) as store, store:
            (last,) = store.execute("SELECT coalesce(max(number), 0) FROM coded").fetchone()
            for document, (key, rows) in made.items():
                packed = zlib.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode(), 1)
                row = (key, document, packed, hashlib.sha256(packed).hexdigest(), last + 1)
                store.execute("INSERT OR REPLACE INTO coded VALUES (?, ?, ?, ?, ?)", row)
                older = "SELECT key FROM coded WHERE document = ? ORDER BY number DESC LIMIT -1 OFFSET ?"
                store.execute(f"DELETE FROM coded WHERE key IN ({older})", (document, _KEPT))
    except sqlite3.DatabaseError as error:
        if not isinstance(error, sqlite3.OperationalError):  # "file is not a database", or a damaged one
            with suppress(OSError):
                path.unlink()
    except OSError:
        return


def _unpack(packed: bytes) -> CodedRows:
    rows: CodedRows = json.loads(zlib.decompress(packed))
    for part in rows.values():
        for row in part:
            row.update({k: tuple(v) for k, v in row.items() if isinstance(v, list) and k not in _LISTS})
    return rows
