"""What a build knows of the ones before it: one at a time, files by their hashes, pages by what they were made from."""

from __future__ import annotations

import ast
import hashlib
import json
import math
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import policybook
from policybook.errors import BuildError, PolicybookError
from policybook.project import FINDS, LANGUAGE_NAME, STANDS, Project, language_and_page

if TYPE_CHECKING:
    from policybook.build.runs import Run
    from policybook.coding.code import Coding

# Only what is light is imported here: that nothing has changed is to be seen before anything else is loaded.
_PACKAGE = Path(policybook.__file__).parent
_TEMPORARY = "policybook-build-"
#: A file changed so shortly before it was looked at may change again within the same tick of the clock.
_SETTLED = 2_000_000_000  # nanoseconds
_LIBRARIES = "-packages"

try:
    import fcntl
except ImportError:  # no Unix: two builds at once are not kept apart there
    fcntl = None  # type: ignore[assignment]


@contextmanager
def one_build(project: Project) -> Iterator[None]:
    """Keep other builds of the project out; wait, and say so, while there is one.

    The lock is the system's and goes with the process, however that ends. Raises BuildError where _build cannot be
    written.
    """
    path = project.build / "lock"
    try:
        project.build.mkdir(exist_ok=True)
        file = path.open("a", encoding="utf-8")
    except OSError as error:
        raise BuildError(f"{project.name(project.build)}: it cannot be written ({error.strerror}).") from None
    with file:
        if fcntl is not None:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                print("Another build of this book is running. Waiting for it ...", file=sys.stderr, flush=True)
                fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Give a folder that is gone afterwards; those of processes that have died are swept."""
    for left in Path(tempfile.gettempdir()).glob(f"{_TEMPORARY}*"):
        pid = left.name.removeprefix(_TEMPORARY).split("-")[0]
        if pid.isdigit() and not _lives(int(pid)):
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f"{_TEMPORARY}{os.getpid()}-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


class Hashes:
    """Hashes of files, kept with what the system says of them: a file that it says is the same is not read again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        kept = read_json(path)
        self._before: dict[str, Any] = kept if isinstance(kept, dict) else {}
        self._now: dict[str, tuple[list[int], str]] = {}

    def of(self, path: Path) -> str:
        """Return the hash of a file's content as it was when this was first asked; "" where there is no file."""
        name = str(path)
        if name not in self._now:
            self._now[name] = self._hash(path)
        return self._now[name][1]

    def unchanged(self, path: Path) -> bool:
        """Whether the system says that a file is still as it was when it was first asked for."""
        return str(path) in self._now and _stat(path) == self._now[str(path)][0]

    def changed(self, path: Path) -> int:
        """Return when a file that was asked for had last changed, in nanoseconds; 0 where there was none."""
        return max(self._now[str(path)][0][1:3], default=0)

    def forget(self, path: Path) -> None:
        """Look at a file anew the next time."""
        self._now.pop(str(path), None)

    def save(self) -> None:
        """Keep the hashes of files that had been at rest when they were looked at."""
        still = time.time_ns() - _SETTLED
        kept = {name: entry for name, entry in self._now.items() if entry[0] and max(entry[0][1:3]) < still}
        write_json(self._path, {**self._before, **kept})

    def _hash(self, path: Path) -> tuple[list[int], str]:
        stat = _stat(path)
        before = self._before.get(str(path))
        if before and stat and before[0] == stat:
            return stat, str(before[1])
        try:
            return stat, hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError:
            return stat, ""


def _stat(path: Path) -> list[int]:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return []
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


@dataclass(frozen=True)
class PageMark:
    """What a page was made from, and the hash of what was made; `forms` is that of the file of concepts' forms.

    `took`: seconds that it took.
    """

    recipe: str
    reads: Mapping[str, str]
    made: str
    forms: str = ""
    took: float = 0.0


class Pages:
    """The pages of a project as they were made, and whether each would be made the same again.

    A page has a mark, a file in _build/pages: taken away before its notebook runs and put back when the page is in its
    place. What a mark says a page read is compared with what there is at the beginning of this build.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        #: The names of all pages, once they are known: links of a page in another language depend on them.
        self.names: Collection[str] = ()
        self.hashes = Hashes(project.build / "hashes.json")
        self._inputs = sorted(input_files(project))
        for path in self._inputs:
            self.hashes.of(path)  # as they are now: what changes while notebooks run is found out by this
        self._names = {path: names_in(path) for path in {one.parent for one in self._inputs}}
        self._began = time.time_ns()
        self._concepts = project.lexicon / "concepts.yml"
        self._unsure = False
        self._finds: dict[str, str] = {}

    def is_current(self, run: Run) -> bool:
        """Whether a page stands as it was made, of everything that making it again would read."""
        mark = self._mark(run)
        self.hashes.forget(self.project.page(run.page))
        if (mark is None or mark.recipe != self.recipe(run)
                or not mark.made == self.hashes.of(self.project.page(run.page)) != ""):  # fmt: skip
            return False
        same_forms, of_forms = mark.forms == self.value("forms"), (f"{FINDS} ", f"{STANDS} ", "rules")
        kept = {what: value for what, value in mark.reads.items() if not (same_forms and what.startswith(of_forms))}
        if any(self.value(what) != value for what, value in sorted(kept.items(), key=_cost)):
            return False
        if not same_forms:  # other forms find the same: they need not be asked again
            write_json(self._file(run), asdict(mark) | {"forms": self.value("forms")})
        return True

    def unmark(self, run: Run) -> None:
        """Take away a page's mark: from now on it is a page that has to be made."""
        self._file(run).unlink(missing_ok=True)

    def longest_first(self, runs: Iterable[Run]) -> list[Run]:
        """Return runs by how long they took the last time, so that none that takes long is begun when others end.

        Before all others those that have no mark; of these, pages in other languages, which would be the last.
        """

        def rank(run: Run) -> tuple[float, bool]:
            mark = self._mark(run)
            return (-mark.took, False) if mark else (-math.inf, not run.language)

        return sorted(runs, key=rank)

    def mark(self, run: Run, reads: Iterable[str], took: float) -> None:
        """Put back the mark of a page that took so many seconds, unless something that it read has changed since."""
        code = self._code(run)
        wanted = {*reads, *(f"open {path}" for path in code)}
        if any(path.is_relative_to(_PACKAGE / "words") for path in code):
            wanted.add("book")  # its words may have been read before the kernel was
            wanted |= {f"words {run.language}"} if run.language else set()
        counted = sorted(filter(self._counts, wanted))
        if not self._are_as_they_were(counted):
            self._unsure = True
            return
        values = {what: self.value(what) for what in counted}
        page = self.project.page(run.page)
        self.hashes.forget(page)
        made, forms = self.hashes.of(page), self.value("forms")
        write_json(self._file(run), asdict(PageMark(self.recipe(run), values, made, forms, round(took, 1))))

    def inputs_rest(self) -> bool:
        """Whether no input has changed since this was made, or so shortly before that the clock cannot tell.

        Not where a page could not be marked: it read a file of the project that is no input, or one that changed.
        """
        return not self._unsure and {*input_files(self.project)} == {*self._inputs} and all(
            self.hashes.unchanged(path) and self.hashes.changed(path) < self._began - _SETTLED for path in self._inputs
        )

    def recipe(self, run: Run) -> str:
        """Return a hash of a page's template and parameters, and of Python and the libraries that execute it."""
        template = self.hashes.of(self.project.notebooks / f"{run.template}.ipynb")
        parameters = json.dumps(dict(run.parameters), sort_keys=True, ensure_ascii=False)
        parts = [template, parameters, self._environment]
        if run.language:  # its prose, and the pages that its links lead to
            others = sorted(name for name in self.names if name.startswith(f"{run.language}/"))
            prose = self.project.notebooks / run.language / f"{run.template}.md"
            parts += [run.language, self.hashes.of(prose), *others]
        return _hash("\0".join(parts))

    def value(self, what: str) -> str:
        """Return what there is now of something that a page read (see policybook.project.note_read), as a hash."""
        kind, _, name = what.partition(" ")
        if kind == "open":
            return self.hashes.of(Path(name))
        if kind == "list":
            return self._names.get(Path(name)) or names_in(Path(name))
        if kind == "run":
            return self._everything
        if kind == "book":
            return self._book
        if kind == "words":
            return _hash("".join(f"{path}\0{self.hashes.of(path)}\n" for path in self._words_in(name)))
        if kind == "says":
            return ""
        if kind == "forms":
            return self.hashes.of(self._concepts)
        if kind in (FINDS, STANDS):
            return self._found(what)
        if kind == "rules":
            return self._rules
        if kind == "corpus":
            return _hash(json.dumps(self._documents))
        return self._documents.get(what.removeprefix("document:"), "")

    @cached_property
    def drawings(self) -> Path:
        """Where drawings lie that the code at hand made: Python, libraries, the package, what stands by notebooks."""
        code = [path for path in self._inputs if path.is_relative_to(_PACKAGE) or path.suffix == ".py"]
        told = "".join(f"{path}\0{self.hashes.of(path)}\n" for path in code)
        return self.project.build / "drawings" / _hash(f"{environment()}\0{told}")[:16]

    def _found(self, what: str) -> str:
        """Return a hash of what concepts' forms find in a text, or which of them stand in it as they are written."""
        if what not in self._finds:
            kind, language, text = what.split(" ", 2)
            given = json.loads(text)
            found = (self._coding.concepts.find(given, language) if kind == FINDS
                     else self._coding.scheme.words_in(language, given))  # fmt: skip
            self._finds[what] = _hash(repr([*found]))
        return self._finds[what]

    @cached_property
    def _coding(self) -> Coding:
        from policybook.coding.code import load_coding

        return load_coding(self.project)

    @cached_property
    def _rules(self) -> str:
        from policybook.coding.rules import find_rules

        return _hash(json.dumps(find_rules(self.project).concepts))

    def _counts(self, what: str) -> bool:
        """Whether something read is an input: of the project, of the package; no code, which is asked for by name."""
        kind, _, name = what.partition(" ")
        if kind not in ("open", "list"):
            return True
        path = Path(name)
        if kind == "list":
            return path in self._names and path not in (self.project.root, self.project.book)
        if path.suffix == ".pyc" or any(map(path.is_relative_to, made_by_builds(self.project))):
            return False
        return path.is_relative_to(_PACKAGE) or (path.is_relative_to(self.project.root) and not self._is_library(path))

    def _is_library(self, path: Path) -> bool:
        """Whether a file in the project's folder is of Python or a library installed there (see environment)."""
        installed = Path(sys.prefix)
        return ((self.project.root in installed.parents and path.is_relative_to(installed))
                or any(part.endswith(_LIBRARIES) for part in path.relative_to(self.project.root).parts))  # fmt: skip

    def _are_as_they_were(self, reads: Iterable[str]) -> bool:
        files, names = set[Path](), dict[str, list[str]]()
        for kind, _, name in (what.partition(" ") for what in reads):
            names.setdefault(kind, []).append(name)
        lists = map(Path, names.pop("list", ()))
        files.update(map(Path, names.pop("open", ())), *map(self._words_in, names.pop("words", ())))
        if names.pop("run", ()):
            files.update(self._inputs)
        if {*names} - {"says"}:
            files.update(self._of_the_book)
        return (all(self._names[path] == names_in(path) for path in lists)
                and all(self.hashes.unchanged(path) or not path.exists() for path in files))  # fmt: skip

    @cached_property
    def _environment(self) -> str:
        makers = (_PACKAGE / "build" / f"{name}.py" for name in ("execute", "kernels", "runs", "state"))
        return "\0".join((environment(), *(self.hashes.of(path) for path in makers)))

    @cached_property
    def _documents(self) -> dict[str, str]:
        from policybook.coding.store import coded_hashes

        return coded_hashes(self.project)

    @cached_property
    def _of_the_book(self) -> list[Path]:
        """Files that opening the book reads: the documents and their entries, the coding scheme, words."""
        project = self.project
        others = {one for language in self._languages for one in self._words_in(language)}
        folders = (*self._folders_of_words, project.lexicon, project.documents)
        files = [path for path in map(Path, sorted(files_below(map(str, folders)))) if path not in others]
        return [project.corpus_file, project.root / "_config.yml", *files]

    @cached_property
    def _folders_of_words(self) -> list[Path]:
        root, notebooks = self.project.root, self.project.notebooks
        return [root / "words", *sorted(notebooks.glob("*/words")), _PACKAGE / "words"]

    @cached_property
    def _languages(self) -> list[str]:
        """The languages that pages are in besides the project's."""
        return sorted({language for name in self.names if (language := language_and_page(name)[0])})

    def _words_in(self, language: str) -> list[Path]:
        folders = (str(folder / language) for folder in self._folders_of_words)
        return [Path(name) for name in sorted(files_below(folders))]

    @cached_property
    def _book(self) -> str:
        """A hash of what every page that opens the book depends on: all of it but the documents and concepts' forms."""
        documents, without = self.project.documents, (self.project.corpus_file, self._concepts)
        files = [path for path in self._of_the_book if path not in without and documents not in path.parents]
        return _hash("".join(f"{path}\0{self.hashes.of(path)}\n" for path in files) + self._names_of_concepts)

    @cached_property
    def _names_of_concepts(self) -> str:
        from policybook.coding.scheme import FORMS, load_scheme

        try:
            scheme = load_scheme(self.project)
        except PolicybookError:  # whoever checks the project says so
            return self.hashes.of(self._concepts)
        shown = [one.model_dump_json(exclude=set(FORMS)) for one in (*scheme.themes, *scheme.concepts)]
        return json.dumps([shown, dict(scheme.groups)])

    @cached_property
    def _everything(self) -> str:
        return _hash("".join(f"{path}\0{self.hashes.of(path)}\n" for path in self._inputs))

    def _code(self, run: Run) -> list[Path]:
        template = self.project.notebooks / f"{run.template}.ipynb"
        used = self._modules.used_by(template)
        return [template, *sorted(used.union(*(path.parent.glob("*.yml") for path in used)))]

    @cached_property
    def _modules(self) -> _Modules:
        return _Modules({"policybook": _PACKAGE.parent, "": self.project.notebooks})

    def _file(self, run: Run) -> Path:
        return _mark_file(self.project, run.page)

    def _mark(self, run: Run) -> PageMark | None:
        return page_mark(self.project, run.page)


def _mark_file(project: Project, page: str) -> Path:
    return project.build / "pages" / f"{page.replace('/', '.')}.json"


def page_mark(project: Project, page: str) -> PageMark | None:
    """Return what a page was made from; None where it was not made."""
    kept = read_json(_mark_file(project, page))
    with suppress(TypeError):
        return PageMark(**kept)
    return None


class _Modules:
    """The Python that a template runs: the package's and the project's modules that it imports, and those they do."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self._folders = folders
        self._imports: dict[Path, frozenset[Path]] = {}
        self._named: dict[str, list[Path]] = {}

    def used_by(self, template: Path) -> set[Path]:
        used: set[Path] = set()
        with suppress(OSError, ValueError):
            cells = json.loads(template.read_bytes())["cells"]
            sources = ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
            waiting = [path for source in sources for path in self._imported(source)]
            while waiting:
                path = waiting.pop()
                if path not in used:
                    used.add(path)
                    waiting.extend(self._imports_of(path))
        return used

    def _imports_of(self, path: Path) -> frozenset[Path]:
        if path not in self._imports:
            with suppress(OSError, ValueError):
                self._imports[path] = frozenset(self._imported(path.read_text(encoding="utf-8")))
        return self._imports.get(path, frozenset())

    def _imported(self, source: str) -> Iterator[Path]:
        with suppress(SyntaxError, ValueError):
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.Import):
                    yield from (path for one in node.names for path in self._files(one.name))
                elif isinstance(node, ast.ImportFrom) and node.module:
                    yield from (path for one in node.names for path in self._files(f"{node.module}.{one.name}"))

    def _files(self, name: str) -> list[Path]:
        """Return the files that importing a dotted name runs: of its packages, and its own where it is a module."""
        if name not in self._named:
            parts = name.split(".")
            above = self._folders.get(parts[0], self._folders[""])
            bases = [above.joinpath(*parts[:n]) for n in range(1, len(parts) + 1)]
            may_be = [path for base in bases for path in (base / "__init__.py", base.with_suffix(".py"))]
            self._named[name] = [path for path in may_be if path.is_file()]
        return self._named[name]


def input_files(project: Project) -> Iterator[Path]:
    """Yield every file that a book is made from: of the project, written by people, and of the package."""
    made = {str(path) for path in made_by_builds(project)}
    folders = (project.data, project.notebooks, project.root / "words", project.book, _PACKAGE)
    yield from map(Path, files_below(map(str, folders), made))
    for name in ("_config.yml", "_toc.yml", "CITATION.cff", "requirements.txt"):
        yield project.root / name


def input_states(project: Project) -> dict[str, list[int]]:
    """Return what the system says of every input: size, times and number; nothing where there is no file."""
    return {str(path): _stat(path) for path in input_files(project)}


def made_by_builds(project: Project) -> list[Path]:
    """Return the files and folders of a project that builds write."""
    other = [one for one in project.book.glob("*") if LANGUAGE_NAME.fullmatch(one.name) and one.is_dir()]
    names = ("documents", "comparisons", "chapters", "index.ipynb")
    return [project.build, *(folder / name for folder in (project.book, *other) for name in names)]


def files_below(places: Iterable[str], without: Collection[str] = ()) -> Iterator[str]:
    """Yield files, and those below folders, in no order, without what is hidden, of caches, of editors or `without`.

    Folders that links lead to are entered once each: links may lead round in a ring.
    """
    entered = set[str]()

    def enters(path: str) -> bool:
        if not os.path.islink(path):  # noqa: PTH114 as below
            return True
        real = os.path.realpath(path)
        again = real in entered
        entered.add(real)
        return not again

    for place in places:
        if os.path.isfile(place):  # noqa: PTH113 pathlib takes five times as long
            yield place
        for folder, folders, files in os.walk(place, followlinks=True):
            inside = [one for one in folders if _is_kept(one) and f"{folder}/{one}" not in without]
            folders[:] = [one for one in inside if enters(f"{folder}/{one}")]
            yield from (f"{folder}/{one}" for one in files if _is_kept(one) and f"{folder}/{one}" not in without)


def _is_kept(name: str) -> bool:
    return not (name.startswith((".", "__pycache__")) or name.endswith(("~", ".part")))


# That nothing at all has changed is seen from what the system says of the files, before anything is read ----


def nothing_changed(project: Project) -> bool:
    """Whether every input, every page and every file of the site is as a whole build left it."""
    kept = read_json(project.build / _FINISHED)
    return kept is not None and kept == _state(project)


def note_unfinished(project: Project) -> None:
    """Forget that a build was whole; done before the first thing is changed."""
    (project.build / _FINISHED).unlink(missing_ok=True)


def note_finished(pages: Pages) -> None:
    """Remember that a build is whole, unless an input has changed since it began, or just before."""
    if pages.inputs_rest():
        write_json(pages.project.build / _FINISHED, _state(pages.project))


_FINISHED = "finished.json"


def _state(project: Project) -> dict[str, Any]:
    made = files_below(map(str, (*made_by_builds(project)[1:], project.site)))
    return {"environment": environment(), "files": input_states(project) | {name: _stat(Path(name)) for name in made}}


def environment() -> str:
    """Return a name for Python and the installed libraries, another one after every installation."""
    installed = [_stat(Path(path)) for path in sys.path if path.endswith(_LIBRARIES)]
    settings = {name: value for name, value in os.environ.items() if name.startswith("POLICYBOOK_")}
    return json.dumps([sys.version, sys.prefix, installed, settings], sort_keys=True)


def names_in(folder: Path) -> str:
    """Return a hash of the names in a folder; "" where there is none."""
    with suppress(OSError):
        return _hash("\0".join(sorted(path.name for path in folder.iterdir() if _is_kept(path.name))))
    return ""


def _cost(read: tuple[str, str]) -> bool:
    """Return what to sort reads by, so that what takes long to compare comes last."""
    return read[0].startswith((f"{FINDS} ", f"{STANDS} "))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def read_json(path: Path) -> Any:
    """Return what a file of JSON holds; None where it cannot be read."""
    with suppress(OSError, ValueError):
        return json.loads(path.read_bytes())
    return None


def write_json(path: Path, content: object) -> None:
    """Write a file of JSON that is, at every moment, what it was before or all of what it becomes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.write_text(json.dumps(content, indent=1, sort_keys=True), encoding="utf-8")
    part.replace(path)
