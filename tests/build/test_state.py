"""What a build knows of earlier ones: which pages are old after which change, one build at a time, nothing left."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from copies import add_sixth_document, policybook_here
from tiny_templates import WriteRuns, WriteTemplate

from policybook.build.runs import Run
from policybook.build.state import (
    Hashes,
    Pages,
    files_below,
    note_finished,
    note_unfinished,
    nothing_changed,
    one_build,
    temporary_folder,
)
from policybook.coding.store import load_coded
from policybook.errors import BuildError
from policybook.project import Project

_RULES = "from policybook import open_book; from policybook.coding.rules import find_rules"
CELLS = {
    "plain": ("n = 1",),
    "reader": ("name = 'rates.txt'", "open(f'data/facts/{name}').read()"),
    "lister": ("n = 1", "import os; sorted(os.listdir('data/briefs'))"),
    "whole": ("n = 1", "from policybook import open_book; len(open_book().corpus.passages)"),
    "scheme": ("n = 1", "from policybook import open_book; len(open_book().scheme.concepts)"),
    "one": ("document = ''", "from policybook import open_book; len(open_book().part(document).corpus.passages)"),
    "forms": ("n = 1", "from policybook import open_book; open_book().scheme.concepts[0].zh"),
    "finder": ("n = 1", "from policybook import open_book; [*open_book().coding.concepts.find('山夜\\n有雨', 'zh')]"),
    "cutter": ("n = 1", "from policybook import open_book; open_book().scheme.words_in('zh', '山夜\\n有雨')"),
    "rules": ("n = 1", f"{_RULES}; find_rules(open_book().project)"),
    "module": ("n = 1", "import ours; ours.N"),
    "caller": ("n = 1", "import subprocess, sys; subprocess.run([sys.executable, '-c', ''], check=True)"),
}
FIRST, SECOND = "web-2024-county-mobilization", "guizhou-2024-two-strategies"
PAGES = {f"chapters/{name}": (name, {}) for name in CELLS if name != "one"}
PAGES |= {"documents/first": ("one", {"document": FIRST}), "documents/second": ("one", {"document": SECOND})}


@pytest.fixture
def built(tiny: Project, write_template: WriteTemplate, write_runs: WriteRuns) -> Project:
    """A project of pages, each of which reads something else, executed."""
    for name, cells in CELLS.items():
        write_template(name, *cells)
    (tiny.facts / "rates.txt").write_text("67.89", encoding="utf-8")
    (tiny.notebooks / "ours.py").write_text("import theirs\nN = theirs.N\n", encoding="utf-8")
    (tiny.notebooks / "theirs.py").write_text("N = 1\n", encoding="utf-8")
    write_runs(*({"page": page, "template": name, "parameters": given} for page, (name, given) in PAGES.items()))
    done = policybook_here("execute", project=tiny)
    assert done.exit_code == 0, done.stderr
    return tiny


def old(project: Project) -> set[str]:
    """Return the pages that would be made again, without their folders."""
    pages = Pages(project)
    runs = [Run(page, name, given) for page, (name, given) in PAGES.items()]
    return {run.page.split("/")[1] for run in runs if not pages.is_current(run)}


def append(path: Path, text: str = "\n") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text((path.read_text(encoding="utf-8") if path.exists() else "") + text, encoding="utf-8")


OPENING = {"whole", "scheme", "forms", "finder", "cutter", "rules", "first", "second"}


def change_concepts(project: Project, pattern: str, new: str) -> None:
    path = project.lexicon / "concepts.yml"
    before = path.read_text(encoding="utf-8")
    after = re.sub(pattern, new, before, count=1, flags=re.MULTILINE)
    assert after != before
    path.write_text(after, encoding="utf-8")
    load_coded(project)  # as a build does before it asks which pages are old


CHANGES: dict[str, tuple[Callable[[Project], object], set[str]]] = {
    "nothing": (lambda _: None, set()),
    "a fact": (lambda p: append(p.facts / "rates.txt"), {"reader", "caller"}),
    "another fact": (lambda p: append(p.facts / "rates.csv"), {"caller"}),
    "a brief more": (lambda p: append(p.briefs / "new.yml"), {"lister", "caller"}),
    "a document more": (add_sixth_document, {"whole", "caller"}),
    "an entry": (
        lambda p: p.corpus_file.write_text(
            p.corpus_file.read_text(encoding="utf-8").replace("title: ", "title: A "), encoding="utf-8"
        ),
        {"whole", "first", "second", "caller"},
    ),
    "the scheme": (lambda p: append(p.lexicon / "stopwords-en.txt"), OPENING | {"caller"}),
    "a form of no text": (
        lambda p: change_concepts(p, r"^    zh: \[", "    zh: [甲乙丙丁, "),
        {"forms", "rules", "caller"},
    ),
    "a form of a text that was asked for": (
        lambda p: change_concepts(p, r"^    zh: \[", "    zh: [山夜, "),
        {"forms", "finder", "cutter", "rules", "caller"},
    ),
    "a pattern that finds something in it": (
        lambda p: change_concepts(p, r"^    zh: \[", "    zh: [山…有雨, "),
        {"forms", "finder", "rules", "caller"},
    ),
    "a note on a concept": (
        lambda p: change_concepts(p, r"\A", "# a note\n"),
        {"forms", "caller"},
    ),
    "the name of a concept": (
        lambda p: change_concepts(p, "^    term_en: ", "    term_en: the "),
        OPENING | {"caller"},
    ),
    "words": (lambda p: append(p.root / "words" / "en" / "names.yml"), OPENING | {"caller"}),
    "settings": (lambda p: append(p.root / "_config.yml"), OPENING | {"caller"}),
    "a template": (lambda p: append(p.notebooks / "plain.ipynb", " "), {"plain", "caller"}),
    "a module that is imported": (lambda p: append(p.notebooks / "ours.py"), {"module", "caller"}),
    "a module that one imports": (lambda p: append(p.notebooks / "theirs.py"), {"module", "caller"}),
    "a page": (lambda p: append(p.page("chapters/plain")), {"plain"}),
    "a page gone": (lambda p: p.page("documents/first").unlink(), {"first"}),
    "prose of the book": (lambda p: append(p.book / "how-to-read.md"), {"caller"}),
    "a time only": (lambda p: os.utime(p.facts / "rates.txt", (0, 0)), set()),
}


def test_each_change_makes_exactly_the_pages_old_that_read_what_changed(built: Project, tmp_path: Path):
    """What was changed and put back, byte for byte, makes no page old again."""
    kept = tmp_path / "kept"
    shutil.copytree(built.root, kept, symlinks=True)
    found = {}
    for change, (apply, _) in CHANGES.items():
        apply(built)
        found[change] = old(built)
        for folder in ("data", "notebooks", "book", "words"):
            shutil.rmtree(built.root / folder, ignore_errors=True)
        shutil.copytree(kept, built.root, dirs_exist_ok=True)
    assert found == {change: wanted for change, (_, wanted) in CHANGES.items()}


def test_what_changes_while_a_page_is_made_makes_it_old(
    tiny: Project, write_template: WriteTemplate, write_runs: WriteRuns
):
    """Also when it is put back before anybody looks: the page may have been made of either."""
    fact = tiny.facts / "rates.txt"
    fact.write_text("67.89", encoding="utf-8")
    change = "p = 'data/facts/rates.txt'; before = open(p).read(); open(p, 'w').write('97.89'); print(open(p).read())"
    write_template("reader", "n = 1", change, "open(p, 'w').write(before)")
    write_runs({"page": "chapters/reader", "template": "reader"})
    for _ in range(2):
        assert "[1/1]" in policybook_here("execute", project=tiny).stderr
        assert fact.read_text(encoding="utf-8") == "67.89"


@pytest.mark.parametrize(
    ("where", "made_again"), [("env/lib/python3/site-packages/fonts/a.ttf", False), ("papers/a.txt", True)]
)
def test_a_page_that_read_what_is_no_input_is_made_each_time_but_for_libraries(
    tiny: Project, write_template: WriteTemplate, write_runs: WriteRuns, where: str, made_again: bool
):
    """Libraries stand in the project's folder where `make book` installed them; environment() tells of a change."""
    append(tiny.root / where)
    write_template("reader", "n = 1", f"open({where!r}).read()")
    write_runs({"page": "chapters/reader", "template": "reader"})
    assert "[1/1]" in policybook_here("execute", project=tiny).stderr
    assert ("[1/1]" in policybook_here("execute", project=tiny).stderr) == made_again


def test_folders_that_link_to_each_other_are_walked_through_once(tmp_path: Path):
    """Four links in each of two folders would lead along more ways than anybody can count."""
    for here, there in (("a", "b"), ("b", "a")):
        append(tmp_path / here / "file.txt")
        for n in range(4):
            (tmp_path / here / f"link-{n}").symlink_to(tmp_path / there)
    found = [Path(name) for name in files_below([str(tmp_path)])]
    assert {tmp_path / "a" / "file.txt", tmp_path / "b" / "file.txt"} <= {*found}
    assert len(found) <= 4


def test_a_file_is_read_again_only_when_the_system_says_that_it_may_have_changed(tmp_path: Path):
    path, kept = tmp_path / "a.txt", tmp_path / "hashes.json"
    path.write_text("one", encoding="utf-8")
    hashes = Hashes(kept)
    first = hashes.of(path)
    assert (len(first), hashes.of(tmp_path / "none")) == (64, "")
    assert hashes.unchanged(path)
    path.write_text("two", encoding="utf-8")
    assert not hashes.unchanged(path)
    assert hashes.of(path) == first, "one build sees one state"
    hashes.forget(path)
    assert hashes.of(path) != first
    hashes.save()
    assert "a.txt" not in kept.read_text(encoding="utf-8"), "it changed too lately to be trusted by its time"


def test_two_builds_wait_for_each_other(tiny: Project, capfd: pytest.CaptureFixture[str]):
    entered = threading.Event()

    def second() -> None:
        with one_build(tiny):
            entered.set()

    with one_build(tiny):
        thread = threading.Thread(target=second)
        thread.start()
        assert not entered.wait(0.3)
    thread.join(5)
    assert entered.is_set()
    assert "Another build of this book is running" in capfd.readouterr().err


def test_a_folder_that_cannot_be_written_is_a_sentence(tiny: Project):
    tiny.build.write_text("in the way", encoding="utf-8")
    with pytest.raises(BuildError, match="_build: it cannot be written"), one_build(tiny):
        pass


@pytest.fixture
def dead() -> Iterator[Path]:
    """A folder that a build left which has died."""
    done = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    folder = Path(tempfile.gettempdir()) / f"policybook-build-{int(done.stdout)}-left"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_folders_of_dead_builds_are_swept_and_those_of_living_ones_stay(dead: Path):
    with temporary_folder() as mine, temporary_folder() as other:
        assert mine.is_dir() and other.is_dir() and not dead.exists()
    assert not mine.exists()


def test_nothing_has_changed_is_said_only_when_nothing_has(tiny: Project):
    def build() -> None:
        pages = Pages(tiny)
        tiny.site.mkdir(parents=True, exist_ok=True)
        (tiny.site / "index.html").write_text("made", encoding="utf-8")
        note_finished(pages)

    long_ago = time.time() - 60
    for path in tiny.root.rglob("*"):
        os.utime(path, (long_ago, long_ago))
    build()
    assert not nothing_changed(tiny), "the files were copied a moment ago"
    time.sleep(2.5)
    build()
    assert nothing_changed(tiny)
    changes = (tiny.site / "index.html", tiny.book / "how-to-read.md", tiny.facts / "more.csv", tiny.page("index"))
    for path in changes:
        append(path)
        assert not nothing_changed(tiny)
        time.sleep(2.5)
        build()
        assert nothing_changed(tiny)
    note_unfinished(tiny)
    assert not nothing_changed(tiny)
