"""A site: its table of contents, its links, what its search can lead to, and a book of one document."""

from __future__ import annotations

import base64
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import lxml.html
import pytest
import yaml
from copies import ROOT, add_sixth_document, copy_project, hear_ctrl_c, keep_documents
from notebooks_here import run_here

from policybook.build import site
from policybook.build.anchors import Published, write_published
from policybook.build.check import check_project
from policybook.build.execute import remove_stale_pages
from policybook.build.runs import Run
from policybook.build.search import read_page
from policybook.build.site import build_site, recover_site, write_toc
from policybook.errors import BuildError, InvalidDataError
from policybook.project import Project

# A book about a single document: most comparisons have an empty side, and say so -------------------


FIRST = "web-2024-county-mobilization"


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What every page of the book shows that is made of the first document only."""
    project = copy_project(tmp_path_factory.mktemp("alone") / "project")
    keep_documents(project, 1)
    return {run.page: run_here(project, run) for run in check_project(project)}


def test_every_page_is_made_and_the_other_documents_have_none(alone: dict[str, str]):
    assert [page for page in alone if page.startswith("documents/")] == [f"documents/{FIRST}"]
    assert all(_text(shown) for shown in alone.values())


@pytest.mark.parametrize("comparison", ["liaoning-fujian", "national-liaoning", "plans-2014-2024", "eras"])
def test_an_empty_side_is_named_as_too_small(alone: dict[str, str], comparison: str):
    text = _text(alone[f"comparisons/{comparison}"])
    assert "These texts cannot say" in text
    assert "0 of the 12 blocks needed" in text


def test_the_corpus_is_counted_as_one_document(alone: dict[str, str]):
    assert "1 document" in (text := _text(alone["chapters/corpus"])) and "1 documents" not in text


def test_a_document_that_is_removed_takes_its_page_along(tmp_path: Path):
    project = copy_project(tmp_path / "project")
    before = project.corpus_file.read_bytes()
    add_sixth_document(project)
    made = [run.page for run in check_project(project)]
    for page in made:
        path = project.book / f"{page}.ipynb"
        path.parent.mkdir(exist_ok=True)
        path.write_text("{}", encoding="utf-8")
    project.corpus_file.write_bytes(before)
    runs = check_project(project)
    assert remove_stale_pages(project, runs) == [page for page in made if page not in {run.page for run in runs}]
    assert sorted(p.stem for p in (project.book / "documents").iterdir()) == sorted(
        run.page.split("/")[1] for run in runs if run.page.startswith("documents/")
    )


def _text(shown: str) -> str:
    return " ".join(lxml.html.fromstring(f"<div>{shown}</div>").text_content().split())


#: Two documents, and every chapter that this book's own _toc.yml names.
PAGES = [
    "index",
    "documents/b",
    "documents/a",
    *re.findall(r"file: (chapters/\S+)", (ROOT / "_toc.yml").read_text(encoding="utf-8")),
]


def test_a_glob_is_filled_in_the_order_of_the_runs(tiny: Project, tmp_path: Path):
    parts = _written(tiny, tmp_path, PAGES)
    assert [c["file"] for c in parts["Documents"]] == ["documents/b", "documents/a"]


def test_a_part_without_pages_is_left_out(tiny: Project, tmp_path: Path):
    without = [page for page in PAGES if not page.startswith("documents/")]
    assert "Documents" not in _written(tiny, tmp_path, without)


def test_a_page_that_does_not_exist_is_named_with_the_nearest(tiny: Project):
    toc = tiny.root / "_toc.yml"
    toc.write_text(toc.read_text(encoding="utf-8").replace("how-to-read", "how-to-raed"), encoding="utf-8")
    with pytest.raises(InvalidDataError, match=r"(?m)^_toc\.yml:\d+:.*'how-to-raed'.*how-to-read"):
        check_project(tiny)


def _written(project: Project, folder: Path, pages: list[str]) -> dict[str, list[dict[str, str]]]:
    shutil.copy(ROOT / "_toc.yml", project.root)
    write_toc(project, pages, folder / "toc.yml")
    toc = yaml.safe_load((folder / "toc.yml").read_text(encoding="utf-8"))
    return {part["caption"]: part["chapters"] for part in toc["parts"]}


# What is made anew, and what whatever happens leaves: on a book of four pages that no notebook makes ---------


BUILD = "import sys, pathlib; from policybook.build.site import *; build_site(Project(pathlib.Path(sys.argv[1])), [])"
PAGE = "(start)=\n# {0}\n\nAbout {0}. See [the last](last.md) and <a href='first.html#start'>there</a>.\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project(tmp_path_factory.mktemp("pages") / "project")
    project.book.mkdir(parents=True)
    settings = (ROOT / "_config.yml").read_text(encoding="utf-8")
    settings = re.sub(r"moved:\n(?: {6}.+\n)+", "moved:\n      older/start: first\n", settings)
    (project.root / "_config.yml").write_text(settings, encoding="utf-8")
    for name in ("index", "first", "next", "last"):
        text = PAGE.format(name).replace("(start)=", "(start)=" if name == "first" else f"({name})=")
        (project.book / f"{name}.md").write_text(text, encoding="utf-8")
    _order(project, "first", "next", "last")
    began = time.monotonic()
    build_site(project, [])
    (project.root / "seconds").write_text(f"{time.monotonic() - began}", encoding="utf-8")
    return project


@pytest.fixture
def small(made: Project) -> Project:
    """It as it was made, always in the same folder, which Sphinx remembers."""
    kept = made.root.with_name("kept")
    if not kept.exists():
        shutil.copytree(made.root, kept)
    shutil.rmtree(made.root)
    shutil.copytree(kept, made.root)
    return made


def test_a_published_page_leads_on_or_says_that_it_is_gone(small: Project):
    rows = [Published("old/page", "", "page", "An old page", "", "0.1.0", now="first"),
            Published("old/other", "", "page", "<b>Another</b>", "", "0.1.0", gone="0.2.0")]  # fmt: skip
    small.data.mkdir()
    write_published(small, rows)
    build_site(small, [])
    moved, gone = ((small.site / f"old/{name}.html").read_text(encoding="utf-8") for name in ("page", "other"))
    assert 'content="0; url=../first.html"' in moved
    assert "&lt;b&gt;Another&lt;/b&gt;" in gone and "<b>" not in gone
    assert "stood there in edition 0.1.0 and is gone since edition 0.2.0." in gone
    assert 'href="../index.html"' in gone
    assert (small.site / "older" / "start.html").is_file()


def _order(project: Project, *names: str) -> None:
    chapters = [{"file": name} for name in names]
    (project.root / "_toc.yml").write_text(
        yaml.safe_dump({"format": "jb-book", "root": "index", "chapters": chapters}), encoding="utf-8"
    )


def _edit(project: Project, name: str, before: str, after: str) -> None:
    path = project.book / f"{name}.md"
    path.write_text(path.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")


def _files(project: Project) -> dict[str, bytes]:
    return {str(p.relative_to(project.site)): p.read_bytes() for p in project.site.rglob("*") if p.is_file()}


def _change_a_page(project: Project) -> None:
    stat = (project.book / "next.md").stat()
    _edit(project, "next", "About next", "About what comes")
    os.utime(project.book / "next.md", ns=(stat.st_atime_ns, stat.st_mtime_ns))  # as git and cp -p may leave it


def _change_a_title(project: Project) -> None:
    _edit(project, "last", "# last", "# The end")


def _remove_a_page(project: Project) -> None:
    (project.book / "next.md").unlink()
    _order(project, "last", "first")


def _change_the_settings(project: Project) -> None:
    settings = project.root / "_config.yml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("CC BY 4.0", "free"), encoding="utf-8")


def test_what_is_made_anew_is_what_a_whole_build_makes(small: Project, capsys: pytest.CaptureFixture[str]):
    """One change after the other: how many of the six pages, of which two are always, are written."""
    changes = {_change_a_page: 4, _change_a_title: 6, _remove_a_page: 5}
    for change, written in changes.items():
        change(small)
        build_site(small, [])
        said = capsys.readouterr().err
        assert f"{written} pages were written" in said, change
        assert ("others were kept" in said) == (change is _change_a_page)
        if change is not _change_a_title:  # what that left shows after the next
            after = _files(small)
            _forget(small)
            build_site(small, [])
            assert _files(small) == after, change


def test_a_change_of_what_all_pages_show_leaves_nothing(small: Project):
    _change_a_page(small)
    assert site._kept(small, mark := site._read_mark(small), ["book/next.md", "_toc.yml"])["changed"] == ["next"]
    for name in ("", "_config.yml", "book/_static/own.js", "elsewhere/part.md"):
        assert site._kept(small, mark, ["book/next.md", name]) is None


def _forget(project: Project) -> None:
    shutil.rmtree(project.build / "sphinx")
    (project.build / "site.json").unlink()


def test_an_old_address_leads_on_and_is_not_found_by_the_search(small: Project):
    page = lxml.html.parse(small.site / "older" / "start.html").getroot()
    (canonical,) = page.xpath("//link[@rel='canonical']/@href")
    assert [canonical] == page.xpath("//a/@href") == ["../first.html"]
    assert "location.hash" in page.xpath("string(//script)")
    assert read_page(small.site, "older/start.html")["records"] == []


def test_an_old_address_that_leads_nowhere_is_named(small: Project):
    settings = small.root / "_config.yml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("older/start: first", "older/start: frist"), encoding="utf-8")
    with pytest.raises(BuildError, match=r"older/start\.html: \.\./frist\.html"):
        build_site(small, [])


def test_nothing_is_made_where_nothing_changed(
    small: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(site, "_renew", lambda *_: pytest.fail("made again"))
    (small.book / "next.md").touch()
    assert build_site(small, []) == small.site / "index.html"
    assert capsys.readouterr().err.count("\n") == 1


def test_what_was_not_as_made_is_made_again(small: Project, monkeypatch: pytest.MonkeyPatch):
    made: list[object] = []
    monkeypatch.setattr(site, "_renew", lambda *what: made.append(what))
    build_site(small, [])
    assert made == []
    build_site(small, [Run("first", "tiny")])
    assert len(made) == 1
    (small.site / "first.html").write_text("x", encoding="utf-8")
    build_site(small, [])
    assert len(made) == 2
    shutil.rmtree(small.site)
    build_site(small, [])
    assert len(made) == 3


def test_looking_needs_nothing_heavy(small: Project):
    """Neither Sphinx nor pandas is imported where nothing changed."""
    heavy = "{'sphinx', 'docutils', 'lxml', 'pandas', 'yaml', 'asyncio'} & sys.modules.keys()"
    done = subprocess.run(
        [sys.executable, "-c", f"{BUILD}; sys.exit(str({heavy}) if {heavy} else 0)", small.root], capture_output=True
    )
    assert (done.returncode, done.stderr.count(b"\n")) == (0, 1), done.stderr


def test_a_build_that_failed_fails_again(small: Project):
    before = _files(small)
    _edit(small, "last", "About", "[gone](nowhere.md) About")
    for name in ("first", "next"):
        with pytest.raises(BuildError, match=r"nowhere\.md"):
            build_site(small, [])
        _edit(small, name, "About", "Of")
    assert _files(small) == before
    _edit(small, "last", "[gone](nowhere.md)", "<a href='nowhere.html'>gone</a>")
    with pytest.raises(BuildError, match=r"^Broken links:\nlast\.html: nowhere\.html$"):
        build_site(small, [])
    assert _files(small) == before


@pytest.mark.parametrize("name", ["html", "sphinx", "work"])
def test_a_file_in_the_place_of_a_folder_is_a_sentence(small: Project, name: str):
    place = small.build / name
    shutil.rmtree(place, ignore_errors=True)
    place.touch()
    _change_a_page(small)
    with pytest.raises(BuildError, match=rf"^_build/{name}: the site cannot be written \(.+\)\. .+\.$"):
        build_site(small, [])
    assert place.is_file()


@pytest.mark.parametrize("most", [1_000, 150_000])
def test_a_full_disk_is_a_sentence(small: Project, most: int):
    """Where no file may grow beyond so many bytes, Sphinx or what follows it must stop."""
    before = _files(small)
    _change_the_settings(small)
    done = subprocess.run(
        [sys.executable, "-c", f"{BUILD}", small.root],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
    )
    assert done.returncode == 1
    assert re.match(
        r"policybook\.errors\.BuildError: _build.*: the site cannot be written", done.stderr.splitlines()[-1]
    )
    assert _files(small) == before


# Killed and interrupted ----------------------------------------------------------------------------


def _processes(project: Project) -> list[str]:
    """Return the processes that work in the project's folder."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            found += [folder.name] if (folder / "cwd").readlink() == project.root else []
        except OSError:
            continue
    return found


def _ended(project: Project, seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while _processes(project) and time.monotonic() < end:
        time.sleep(0.05)
    return not _processes(project)


def _trial(project: Project, moment: float) -> subprocess.Popen[bytes]:
    """Start a build and return it when so much of a build's time has gone."""
    process = subprocess.Popen([sys.executable, "-c", BUILD, project.root], cwd=project.root, stderr=subprocess.DEVNULL,
                               preexec_fn=hear_ctrl_c)  # fmt: skip
    time.sleep(moment * float((project.root / "seconds").read_text(encoding="utf-8")))
    return process


needs_proc = pytest.mark.skipif(not Path("/proc/self").exists(), reason="processes are looked for in /proc")


@needs_proc
def test_killed_at_any_moment_the_site_is_the_old_or_the_new(small: Project):
    texts = ("About first", "About the first")
    sites = [_files(small)]
    _edit(small, "first", *texts)
    build_site(small, [])
    sites.append(_files(small))
    moments = random.Random(13)
    for _ in range(4):
        now = sites.index(_files(small))
        _edit(small, "first", *texts[::-1] if now else texts)
        process = _trial(small, moments.uniform(0.2, 1.1))
        process.kill()
        process.wait()
        assert _ended(small), "a process outlives its parent"
        recover_site(small)
        assert _files(small) in sites
    wanted = sites[1] if texts[1] in (small.book / "first.md").read_text(encoding="utf-8") else sites[0]
    build_site(small, [])
    assert _files(small) == wanted
    assert {path.name for path in small.build.iterdir()} == {"html", "sphinx", "site.json", "site.log"}


@needs_proc
def test_ctrl_c_ends_all_within_seconds(small: Project):
    before = _files(small)
    _change_the_settings(small)
    process = _trial(small, 0)
    while not (small.build / "work" / "sphinx" / "_toc.yml").exists():
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    assert process.wait(10) != 0
    assert _ended(small), "a process outlives its parent"
    assert _files(small) == before
    assert not (small.build / "work").exists()


def test_two_renames_are_undone_where_the_second_did_not_come(small: Project, monkeypatch: pytest.MonkeyPatch):
    before = _files(small)
    recover_site(small)
    small.site.rename(small.build / "html.old")
    recover_site(small)
    assert _files(small) == before
    monkeypatch.setattr(sys, "platform", "other")
    _change_a_page(small)
    build_site(small, [])
    assert "About what comes" in (small.site / "next.html").read_text(encoding="utf-8")
    assert not (small.build / "html.old").exists()


# What links hold comes to stand beside the pages ----------------------------------------------------


def _laid(folder: Path, body: str, page: str = "chapters/a") -> str:
    context = {"body": body}
    site._lay_files_aside(SimpleNamespace(outdir=str(folder)), page, "page.html", context, None)  # type: ignore[arg-type]
    return context["body"]


def _held(name: str, content: bytes) -> str:
    encoded = base64.b64encode(content).decode()
    return f'<a class="pb-download" download="{name}" href="data:text/csv;charset=utf-8;base64,{encoded}">Data</a>'


def test_a_table_that_a_link_holds_lies_in_data_and_a_drawing_in_the_folder_of_its_page(tmp_path: Path) -> None:
    body = _laid(tmp_path, _held("one.csv", b"a,b") + _held("two.csv", b"") + _held("one.csv", b"a,b"))
    assert re.findall('href="([^"]*)"', body) == [
        f"../data/a.{name}.csv" for name in ("one", "two", "one")
    ]
    assert (tmp_path / "data/a.one.csv").read_bytes() == b"a,b"
    assert 'download="index.one.csv" href="data/index.one.csv"' in _laid(tmp_path, _held("one.csv", b"x"), "index")
    assert 'download="one.svg" href="../downloads/chapters/a/one.svg"' in _laid(tmp_path, _held("one.svg", b"x"))


def test_two_files_of_one_name_are_an_error_that_names_them(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"chapters/a: two files .* one\.csv"):
        _laid(tmp_path, _held("one.csv", b"a") + _held("one.csv", b"b"))


@pytest.mark.parametrize("name", ["../x.csv", "a/b.csv", 'a" x="', "&lt;b&gt;"])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    assert _laid(tmp_path, _held(name, b"a")) == _held(name, b"a") and not [*tmp_path.iterdir()]


def test_figures_are_numbered_in_the_order_of_their_page(tmp_path: Path) -> None:
    link = '<a class="pb-figure-number" href="#figure-{}">Figure</a>'
    assert re.findall(">(Figure[^<]*)<", _laid(tmp_path, link.format("a") + link.format("b"))) == [
        "Figure 1",
        "Figure 2",
    ]
    assert "Figure" not in _laid(tmp_path, "")
    tables = link.replace("figure", "table").replace("Figure", "Table").format("c")
    both = _laid(tmp_path, link.format("a") + tables)
    assert re.findall(">((?:Figure|Table)[^<]*)<", both) == ["Figure 1", "Table 1"]
