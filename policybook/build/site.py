"""Pages become a site: whole or not at all, by Sphinx and a search index, and only what changed is made anew."""

from __future__ import annotations

import base64
import ctypes
import errno
import hashlib
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from fnmatch import fnmatchcase
from functools import partial
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from policybook.build.export import table_name
from policybook.build.state import environment, files_below, read_json, write_json
from policybook.build.targets import DATA
from policybook.errors import BuildError, many
from policybook.project import REGISTER_PAGE, Project, is_search_page, language_and_page

if TYPE_CHECKING:  # what is heavy is imported where it is used: a build in which nothing changed needs none of it
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

    from policybook.build.heads import Finisher
    from policybook.build.runs import Run
    from policybook.build.search import PageText

#: Style sheet, scripts and page templates; they belong to the pages that the package makes and come with it.
LOOKS = Path(__file__).with_name("looks")
#: The folder of the site that holds the drawings to save, a folder a page; tables are in data/.
DOWNLOADS = "downloads"
MADE = ("documents/", "comparisons/", "chapters/", "index")

# A build -------------------------------------------------------------------------------------------


def build_site(project: Project, runs: Sequence[Run], sphinx: SphinxProcess | None = None) -> Path:
    """Build _build/html from the pages in book/ and return the path of its front page.

    The site is built beside the old one and takes its place in one step when it is complete: every warning of
    Sphinx and every broken link is an error. Only what changed is made anew, with the same result. One build at
    a time. `sphinx` may have been started; it is ended here. Raises BuildError; the whole output of Sphinx is in
    _build/site.log.
    """
    with sphinx or SphinxProcess() as process:
        return _build_site(project, runs, process)


def _build_site(project: Project, runs: Sequence[Run], sphinx: SphinxProcess) -> Path:
    pages, work = [run.page for run in runs], project.build / "work"
    shelved = [run.page for run in runs if run.shelved]
    try:
        recover_site(project)
        for dead in (project.site.with_name("html.old"), *project.build.glob("work*")):
            shutil.rmtree(dead, ignore_errors=True)  # what a killed build left
        mark = _read_mark(project)
        inputs = _inputs(project, mark)
        changed = _what_changed(project, mark, inputs, pages)
        if mark and not changed:
            _say("The site is up to date: nothing that it is made from has changed.")
            if mark["inputs"] != inputs:  # touched: the next build need not read it
                _write_mark(project, {**mark, "inputs": inputs})
        else:
            _renew(project, pages, shelved, inputs, _kept(project, mark, changed), sphinx)
    except OSError as error:
        name = project.name(Path(error.filename or project.build))
        reason = f"the site cannot be written ({error.strerror or error})"
        raise BuildError(f"{name}: {reason}. Put that right and build again; the site there is whole.") from None
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return project.site / "index.html"


def recover_site(project: Project) -> None:
    """Bring back the site that a killed build had set aside. Quick, and harmless when nothing is amiss."""
    old = project.site.with_name("html.old")
    if old.is_dir() and not project.site.exists():
        old.rename(project.site)


def _kept(project: Project, mark: _Mark | None, changed: Iterable[str]) -> dict[str, Any] | None:
    """Return what stays good when this changed: None when something did that shows on every page.

    "changed" names the pages that Sphinx must read, "read" is what all pages held (see PageText).
    """
    found = [re.fullmatch(r"book/(.+)\.(?:ipynb|md|rst)|_toc\.yml|CITATION\.cff|data/.+", name) for name in changed]
    try:
        read = json.loads((project.build / "sphinx" / "read.json").read_bytes())
    except (OSError, ValueError):
        return None
    names = [match[1] for match in found if match and match[1]]
    return {"changed": names, "read": read} if mark and mark["again"] and None not in found else None


def _renew(project: Project, pages: Sequence[str], shelved: Sequence[str], inputs: Signatures,
           kept: dict[str, Any] | None, sphinx: SphinxProcess) -> None:  # fmt: skip
    """Make the site beside the old one, put it in its place, and mark it; `shelved` pages are in no sidebar."""
    from policybook.build.heads import Finisher
    from policybook.build.search import find_broken_links, read_page, same_terms, write_concordance, write_index

    work, cache = project.build / "work", project.build / "sphinx"
    for folder in (project.site, cache):
        if folder.exists() and not folder.is_dir():
            raise NotADirectoryError(0, "a file stands in the place of a folder", str(folder))
    work.mkdir(parents=True)
    if kept:
        cache.rename(work / "sphinx")  # killed or failed from here on, the next build makes all pages anew
    else:
        shutil.rmtree(cache, ignore_errors=True)
        (work / "sphinx").mkdir()
    write_toc(project, [page for page in pages if page not in {*shelved}], work / "sphinx" / "_toc.yml")
    _say("Building the pages with Jupyter Book ...")
    html, new, finisher = work / "sphinx" / "html", {}, Finisher(project)

    def take(address: str) -> None:
        finisher.finish(html, address.removesuffix(".html"))
        new[address] = read_page(html, address)

    apart = [*shelved, *(page for page in pages if language_and_page(page)[1] == REGISTER_PAGE)]
    made = _run_sphinx(project, apart, kept, take, sphinx)
    read = _finish_pages(project, html, made, {**(kept["read"] if kept else {}), **new}, finisher)
    found = write_index(read, partial(same_terms, project), html / "search")
    write_concordance(project, read, html / "search")
    _say(f"Indexed {found} passages and sections for the search; {finisher.finish_site(html)} tables are in data/.")
    if broken := find_broken_links(html, read):
        raise BuildError("Broken links:\n" + "\n".join(broken))
    (work / "sphinx" / "read.json").write_text(json.dumps(read), encoding="utf-8")
    html.rename(work / "html")
    signatures = _signatures(work / "html", [work / "html"], {})
    _put_in_place(work / "html", project.site)
    (work / "sphinx").rename(cache)
    inputs = {**_signatures(project.root, map(Path, made["outside"]), {}), **inputs}
    _write_mark(project, {"pages": [*pages], "tools": environment(), "inputs": inputs, "made": signatures, **made})  # type: ignore[typeddict-item]


def _finish_pages(project: Project, html: Path, made: Mapping[str, Any],
                  known: Mapping[str, PageText], finisher: Finisher) -> dict[str, PageText]:  # fmt: skip
    """Add the pages that Sphinx need not write again, give all what stands beside them, and return what they hold."""
    from policybook.build.search import read_pages

    _drop_what_nobody_reads(html)
    written = sum(1 for _ in html.rglob("*.html"))
    for name in made["names"]:
        if not (html / f"{name}.html").exists():
            (html / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(project.site / f"{name}.html", html / f"{name}.html")
            if (beside := project.site / DOWNLOADS / name).is_dir():
                shutil.copytree(beside, html / DOWNLOADS / name)
            finisher.keep(project.site, html, name)
        elif f"{name}.html" not in known or not finisher.has(name):  # the last one: nobody has said that it is there
            finisher.finish(html, name)
    read = read_pages(html, known)
    left = len(read) - written
    why = f"; {left} others were kept, which show nothing of what changed" if left else ""
    _say(f"{many(written, 'page was', 'pages were')} written{why}.")
    return read


class SphinxProcess:
    """Sphinx, in a process that imports what it is made of and then waits for its one task; it ends with ours.

    A context manager, at whose end the process is gone. Started while notebooks are executed, it is ready after them.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> SphinxProcess:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.kill()
            with suppress(OSError):  # of a pipe that nobody reads
                self._process.__exit__(None, None, None)
            self._process = None

    def start(self) -> subprocess.Popen[str]:
        """Start the process, unless it was started before."""
        if self._process is None:
            code = "from policybook.build.site import _sphinx; _sphinx()"
            command = [sys.executable, "-P", "-X", "utf8", "-u", "-c", code]
            streams: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
            self._process = subprocess.Popen(command, encoding="utf-8", errors="replace", **streams)
        return self._process

    def run(self, task: Mapping[str, Any]) -> Iterator[str]:
        """Yield what Sphinx prints while it does the task."""
        process = self.start()
        assert process.stdin and process.stdout
        with suppress(OSError):  # it has ended, and what it printed says why
            process.stdin.write(f"{json.dumps(task)}\n")
            process.stdin.flush()
        yield from process.stdout

    def failed(self) -> bool:
        """Wait for the end, and return whether the task was not done."""
        return self.start().wait() != 0


def _run_sphinx(project: Project, shelved: Sequence[str], kept: dict[str, Any] | None,
                written: Callable[[str], None], sphinx: SphinxProcess) -> dict[str, Any]:  # fmt: skip
    """Let Sphinx make _build/work/sphinx/html, calling `written` with the address of each page that is there."""
    folder = project.build / "work" / "sphinx"
    task = {**{"root": str(project.root), "book": str(project.book), "config": str(project.root / "_config.yml")},
            **{"folder": str(folder), "changed": kept["changed"] if kept else None, "shelved": shelved}}  # fmt: skip
    lines, before = [], ""
    for line in sphinx.run(task):
        lines.append(re.sub(r"\x1b\[[0-9;]*m", "", line))
        if found := re.match(r"writing output\.\.\. \[.*\] (\S+)", lines[-1]):
            if before:  # its turn is over
                written(f"{before}.html")
            before = found[1]
    failed = sphinx.failed()
    (project.build / "site.log").write_text("".join(lines), encoding="utf-8")
    if failed or not (folder / "html" / "index.html").is_file():
        told = re.compile(r"\b(?:WARNING|ERROR|CRITICAL)\b|Error:|exception: ")
        said = [line.rstrip() for line in lines if told.search(line)]
        for reason in map(os.strerror, (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES)):
            if any(reason in line for line in said):
                raise OSError(0, reason, str(folder))
        raise BuildError("\n".join(["The site was not built; see _build/site.log.", *said[:20]]))
    made: dict[str, Any] = json.loads((folder / "made.json").read_bytes())
    return made


def _drop_what_nobody_reads(html: Path) -> None:
    """Remove what Sphinx and the theme leave in a site for tools: template fragments, build marks."""
    for path in [*html.glob("_static/*webpack-macros.html"), html / ".buildinfo"]:
        path.unlink(missing_ok=True)
    shutil.rmtree(html / "_sources", ignore_errors=True)


def _put_in_place(built: Path, site: Path) -> None:
    """Let `built` take the place of `site` in one step where the system can; else see recover_site."""
    exchange = getattr(ctypes.CDLL(None), "renameat2", None) if sys.platform == "linux" else None
    if not site.exists():
        built.rename(site)
    elif exchange is None or exchange(_HERE, bytes(built), _HERE, bytes(site), _EXCHANGE):
        old = site.with_name("html.old")
        site.rename(old)
        built.rename(site)
        shutil.rmtree(old, ignore_errors=True)


#: Of Linux: names are taken from the working directory, and two of them change places.
_HERE, _EXCHANGE = -100, 2


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


# What a site was made from and what was made -------------------------------------------------------

#: Of a file, by its path: size, times, inode, and its hash, taken only where one of the others is not as it was.
Signatures = dict[str, list[Any]]


class _Mark(TypedDict):
    """Written last: a site without its mark, or unlike it, is made again."""

    pages: list[str]  # that notebooks make
    tools: str
    inputs: Signatures
    made: Signatures
    names: list[str]  # of all pages
    outside: list[str]  # files and folders outside book/ that Sphinx read
    again: bool  # whether Sphinx can go on from what it kept


def _what_changed(project: Project, mark: _Mark | None, inputs: Signatures, pages: Sequence[str]) -> list[str]:
    """Return the names of what is not as the mark has it; "" stands for all of it."""
    if mark is None or mark["tools"] != environment():
        return [""]
    if _differences(_signatures(project.site, [project.site], mark["made"]), mark["made"]):
        return [""]
    order = ["_toc.yml"] if [*pages] != mark["pages"] else []
    return _differences(inputs, mark["inputs"]) + order


def _differences(one: Signatures, other: Signatures) -> list[str]:
    return [name for name in {**one, **other} if one.get(name, [""])[-1] != other.get(name, [""])[-1]]


#: What references and the tables in data/ are made of besides, and the modules that make what is in a site.
_OF_REFERENCES = ("CITATION.cff", "data")
_MAKERS = ("site", "anchors", "bibliographies", "choice", "edition", "export", "heads", "references", "styles",
           "targets")  # fmt: skip


def _inputs(project: Project, mark: _Mark | None) -> Signatures:
    places = [project.book, LOOKS, *(project.root / name for name in ("_config.yml", "_toc.yml", *_OF_REFERENCES)),
              *(Path(__file__).with_name(f"{name}.py") for name in _MAKERS)]  # fmt: skip
    words = (project.root / "words", *project.notebooks.glob("*/words"), LOOKS.parents[1] / "words")
    places += [file for folder in words for name in ("cite.yml", "frame.yml", "grammar.yml", "pages/earlier.html")
               for file in folder.glob(f"*/{name}")]  # fmt: skip
    return _signatures(project.root, [*places, *map(Path, mark["outside"] if mark else ())],
                       mark["inputs"] if mark else {})  # fmt: skip


def _signatures(root: Path, places: Iterable[Path], known: Signatures) -> Signatures:
    """Return the signatures of all files at or below `places`, by their path from `root`; hidden ones are left out."""
    found: Signatures = {}
    for path in files_below(map(str, places)):
        try:
            stat = os.stat(path)  # noqa: PTH116 pathlib takes five times as long
            seen = [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]
            name = path.removeprefix(f"{root}/")
            same = name in known and known[name][:-1] == seen
            found[name] = known[name] if same else [*seen, hashlib.sha256(Path(path).read_bytes()).hexdigest()]
        except FileNotFoundError:  # a link to nothing, or gone
            continue
    return found


def _read_mark(project: Project) -> _Mark | None:
    mark: _Mark = read_json(project.build / "site.json")
    return mark if isinstance(mark, dict) and mark.keys() == _Mark.__annotations__.keys() else None


def _write_mark(project: Project, mark: _Mark) -> None:
    write_json(project.build / "site.json", mark)


# The reading order -------------------------------------------------------------------------------


def write_toc(project: Project, pages: Sequence[str], target: Path) -> None:
    """Write _toc.yml to `target` with every glob replaced by the pages it fits, in the order of runs.yml.

    A glob that fits no page is left out, and so is a part of the book left without chapters. The register stands where
    the pages of documents would.
    """
    import yaml

    from policybook.tables import YamlFile

    toc = _fill(YamlFile(project.root / "_toc.yml", "_toc.yml").content, pages)
    target.write_text(yaml.safe_dump(toc, allow_unicode=True, sort_keys=False), encoding="utf-8")


_IN_PLACE_OF = {REGISTER_PAGE: "documents/register"}


def _fill(node: Any, pages: Sequence[str]) -> Any:
    if isinstance(node, dict):
        return {key: _fill(value, pages) for key, value in node.items()}
    if not isinstance(node, list):
        return node
    filled: list[Any] = []
    for item in node:
        if isinstance(item, dict) and "glob" in item:
            filled.extend({"file": page} for page in pages if fnmatchcase(_IN_PLACE_OF.get(page, page), item["glob"]))
            continue
        entry = _fill(item, pages)
        if not (isinstance(entry, dict) and entry.get("chapters") == []):
            filled.append(entry)
    return filled


# Sphinx, in a process of its own; and as its extension the looks of every book, a section's explicit label as its
# only id, and what must be written again. Templates are run once for many pages, so the same label stands on many of
# them. It is each page's own address (documents/x.html#passages) and must not enter Sphinx's book-wide list, where it
# would clash.
_TASK: dict[str, Any] = {}


#: What Sphinx would import when it begins, or writes the first page.
_OF_SPHINX = ("jupyter_book", "myst_nb.sphinx_ext", "myst_nb.ext.download", "sphinx.builders.html",
              "sphinx.ext.mathjax", "sphinx.ext.intersphinx", "sphinx_external_toc", "sphinx_book_theme",
              "sphinx_thebe", "sphinx_copybutton", "sphinx_togglebutton", "sphinx_comments", "sphinx_design",
              "sphinx_jupyterbook_latex", "sphinx_multitoc_numbering", "pygments.lexers.python",
              "policybook.pages.html", "policybook.words.say", "policybook.build.anchors")  # fmt: skip


def _sphinx() -> None:
    """Do one task, a line of JSON on standard input, as `jupyter-book build --warningiserror --keep-going --nitpick`
    does, and end."""
    from jupyter_book.sphinx import build_sphinx

    for name in _OF_SPHINX:
        with suppress(Exception):  # what cannot be imported is said where it is used
            import_module(name)
    task = sys.stdin.readline()
    if not task:  # the parent has ended
        os._exit(1)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _TASK.update(json.loads(task))
    folder = Path(_TASK["folder"])
    result = build_sphinx(
        _TASK["book"],
        str(folder / "html"),
        noconfig=True,
        path_config=_TASK["config"],
        confoverrides={"external_toc_path": str(folder / "_toc.yml"), "latex_individualpages": False, "nitpicky": True},
        warningiserror=True,
        keep_going=True,
    )
    sys.stdout.flush()
    os._exit(0 if result == 0 else 1)


def _end_with_parent() -> None:
    """Wait for the end of standard input, which comes when the parent ends, however it does."""
    os.read(0, 1)
    os._exit(1)


def _stable_ids() -> Any:
    """Return a transform that runs when targets have been moved to their sections and before Sphinx collects labels."""
    from docutils import nodes
    from sphinx.transforms import SphinxTransform

    class StableIds(SphinxTransform):
        default_priority = 845

        def apply(self, **_: Any) -> None:
            """Keep explicit ids only, and unregister the labels of made pages."""
            document = self.document
            named = {i: name for name, i in document.nameids.items() if i and document.nametypes.get(name)}
            for section in document.findall(nodes.section):
                if kept := [identifier for identifier in section["ids"] if identifier in named]:
                    section["ids"] = kept[:1]
            if language_and_page(self.env.docname)[1].startswith(MADE):
                for name in named.values():
                    document.nametypes[name] = False

    return StableIds


def _use_our_looks(_: Sphinx, config: Config) -> None:
    """Add the looks to what the book brings in its own _static/; a favicon that it names goes before ours."""
    static = LOOKS / "static"
    config.html_static_path = [str(static), *config.html_static_path]
    config.templates_path = [*config.templates_path, str(LOOKS / "templates")]
    config.html_css_files = [path.name for path in sorted(static.glob("*.css"))] + list(config.html_css_files)
    config.html_js_files = [path.name for path in sorted(static.glob("*.js"))] + list(config.html_js_files)
    config.html_favicon = config.html_favicon or str(static / "favicon.svg")
    config.html_sidebars = {"**": ["navbar-logo.html", "sbt-sidebar-nav.html"], **config.html_sidebars}
    config.html_additional_pages = {"search": "search.html", **config.html_additional_pages}


def _read_shelved(_: Sphinx, config: Config) -> None:
    """Have pages that stand in no table of contents read all the same."""
    kept = {f"{page}{end}" for page in _TASK["shelved"] for end in (".ipynb", ".md")}
    config.exclude_patterns = [one for one in config.exclude_patterns if one not in kept]


def _note_shelved(app: Sphinx, _: object) -> None:
    if app.env.docname in _TASK["shelved"]:
        app.env.metadata[app.env.docname]["orphan"] = True  # so Sphinx does not miss it in the contents


def _lead_on(app: Sphinx) -> list[tuple[str, dict[str, Any], str]]:
    """Return what stands at old addresses, for Sphinx: where `moved` of _config.yml (a page's old address → its new
    one) and data/anchors.csv lead on, and what that declares gone."""
    from policybook.build.anchors import pages_left, told_gone

    moved, gone = pages_left(Project(Path(_TASK["root"]))) if _TASK else ({}, [])
    leads: list[tuple[str, dict[str, Any], str]] = [
        (old, {"new": new}, "moved.html") for old, new in {**moved, **app.config.moved}.items()
        if old not in app.env.found_docs]  # fmt: skip
    return leads + [(row.page, {"row": row, "said": told_gone(row)}, "gone.html") for row in gone
                    if row.page not in app.env.found_docs]  # fmt: skip


def _search_pages(app: Sphinx) -> list[str]:
    """Return the pages that search the book: one for each language that it has pages in."""
    return [f"{language}/search" if language else "search"
            for language in sorted({language_and_page(name)[0] for name in ("", *app.env.found_docs)})]  # fmt: skip


def _search_elsewhere(app: Sphinx) -> list[tuple[str, dict[str, Any], str]]:
    """Return the search pages of the other languages, for Sphinx."""
    return [(page, {}, "search.html") for page in _search_pages(app)[1:]]


#: A link that holds the file it saves (see charts.theme), and what stands before the number of a figure or a table.
_HELD = re.compile(r'(<a class="pb-download" download="(\w[\w.-]*)" href=")data:[^",]*;base64,([\w+/=]*)"')
_NUMBERED = re.compile(r'<a class="pb-(figure|table)-number"[^>]*>[^<]*')


def _lay_files_aside(app: Sphinx, page: str, _: str, context: dict[str, Any], __: object) -> None:
    """Number the figures and tables of a page, and write what its links hold to files: tables to data/."""
    laid: dict[str, str] = {}

    def lay(link: re.Match[str]) -> str:
        if laid.setdefault(link[2], link[3]) != link[3]:
            raise BuildError(f"{page}: two files to save are called {link[2]}. Give their tables names of their own.")
        is_table = link[2].endswith(".csv")
        name = table_name(page, link[2]) if is_table else link[2]
        where = f"{DATA}/{name}" if is_table else f"{DOWNLOADS}/{page}/{name}"
        target = Path(app.outdir, where)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(base64.b64decode(link[3]))
        return f'{link[1].replace(link[2], name)}{"../" * page.count("/")}{where}"'

    numbers = defaultdict[str, Iterator[int]](partial(count, 1))
    body = _NUMBERED.sub(lambda link: f"{link[0]}{' ' * link[0].isascii()}{next(numbers[link[1]])}",
                         context.get("body") or "")  # fmt: skip
    context["body"] = _HELD.sub(lay, body)


#: So many elements of a page's own are made at once, so that a simple device can show it; the frame has some 300 more.
_MOST_ELEMENTS = 8_000


def _finish_markup(app: Sphinx, page: str, ___: str, context: dict[str, Any], *____: object) -> None:
    """Give what is not in a page's language its own, links in drawings a name; keep aside what makes it too large."""
    from policybook.build.choice import lead_to_rows
    from policybook.pages.html import keep_aside, mark_chinese, mark_english, name_links

    chinese = language_and_page(page)[0].startswith("zh")
    mark = mark_english if chinese else mark_chinese

    def marked(make: Callable[..., Any], of_book: bool, *given: Any, **named: Any) -> Any:
        made = make(*given, **named)
        if not made or named.get("kind", "html") not in ("sidebar", "html"):
            return made
        if not (chinese and of_book):
            return mark(str(made))
        return re.sub(r"<(ul|p)\b", r'<\1 lang="en"', mark_chinese(str(made)))  # the list of all pages is in English

    if "body" in context:
        body = lead_to_rows(context["body"], page, app.env.found_docs)
        context["body"] = keep_aside(name_links(mark(body)), _MOST_ELEMENTS)
    context.update({part: {**context[part], "title": mark(context[part]["title"])}
                    for part in ("prev", "next") if context.get(part)})  # fmt: skip
    for name in ("generate_toctree_html", "generate_toc_html"):  # of which the theme has made and kept the latter
        if name in context:
            context[name] = partial(marked, context[name], name == "generate_toctree_html")


def _speak(app: Sphinx, page: str, _: str, context: dict[str, Any], __: object) -> None:
    """Have the frame of a page speak its language, and lead to the same page in the others."""
    from policybook.words.say import has_text, language_name, language_tag, say, use_language, use_words_of

    def take(language: str) -> None:
        if _TASK:
            use_words_of(Project(Path(_TASK["root"])), language)
        else:
            use_language(*[language] * bool(language))

    def of_theme(phrase: str) -> str:
        return say(key) if has_text(key := f"frame.theme.{phrase}") else phrase

    language, own = language_and_page(page)
    found = ((language_and_page(name), name) for name in sorted({*app.env.found_docs, *_search_pages(app)}))
    others = {other: name for (other, counterpart), name in found if counterpart == own}
    leads = []
    for other, name in others.items() if language in others and len(others) > 1 else ():
        take(other)
        tag, address = language_tag(), context["pathto"](name)
        address = f'{page.rpartition("/")[2]}.html' if name == page else address
        leads.append({"tag": tag, "name": language_name(tag.partition("-")[0]), "href": address, "here": name == page})
    take(language)
    context.update(say=say, leads=leads, language=language_tag() if language else app.config.language,
                   is_search=is_search_page(page), search_page=f"{language}/search" if language else "search")
    context["metatags"] = context.get("metatags", "") + "".join(
        f'\n<link rel="alternate" hreflang="{one["tag"]}" href="{one["href"]}">' for one in leads)  # fmt: skip
    if language:
        front = app.env.titles.get(f"{language}/{app.config.root_doc}")
        name = front.astext() if front is not None else context["docstitle"]
        logo = {**context.get("theme_logo", {}), "link": f"{language}/{app.config.root_doc}"}
        context.update(_=of_theme, translate=of_theme, docstitle=name, shorttitle=name, theme_logo=logo,
                       theme_search_bar_text=say("frame.search_box"))  # fmt: skip
        heading = "Link to this heading"
        context["body"] = (context.get("body") or "").replace(f'title="{heading}"', f'title="{of_theme(heading)}"')


def _use_our_search(app: Sphinx) -> None:
    """Leave out Sphinx's own index, which finds no Chinese phrase; search.html is ours."""
    setattr(app.builder, "search", False)  # noqa: B010 only the HTML builders declare it


def _go_on(app: Sphinx) -> None:
    """Have Sphinx read what our hashes say has changed, and write that, or all where something of all pages did."""
    before, changed = _of_all_pages(app.env), set(_TASK["changed"])

    def outdated(_: Sphinx, env: BuildEnvironment, *__: object) -> list[str]:
        used = {name: {name, *(Path(one).with_suffix("").as_posix() for one in env.dependencies[name])}
                for name in env.found_docs}  # fmt: skip
        return [name for name, files in used.items() if files & changed]

    # the folder is new, so all would be written
    setattr(app.builder, "get_outdated_docs", lambda: [app.config.root_doc])  # noqa: B010
    app.connect("env-get-outdated", outdated)
    app.connect("env-updated", lambda _, env: () if _of_all_pages(env) == before else sorted(env.found_docs))


def _of_all_pages(env: BuildEnvironment) -> list[Any]:
    """Return what a page may show of others: titles, contents, numbers, labels."""
    contents = [env.titles, env.longtitles, env.tocs, env.toctree_includes, env.toc_secnumbers, env.toc_fignumbers]
    return [_comparable(one) for one in (*contents, env.found_docs, env.domaindata)]


def _comparable(value: Any) -> Any:
    from docutils.nodes import Node

    if isinstance(value, dict):
        return {key: _comparable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_comparable(one) for one in value]
    if isinstance(value, set | frozenset | str | int | None):
        return frozenset(value) if isinstance(value, set) else value
    return value.pformat() if isinstance(value, Node) else pickle.dumps(value)


def _tell(app: Sphinx, _: Exception | None) -> None:
    """Write which pages there are and what was read outside book/ and the installed packages.

    Images are numbered in the order in which they are read, so a book with images is always made whole.
    """
    config, env = app.config, app.env
    named = [*config.html_static_path, *config.templates_path, *config.html_extra_path]
    named += [config.html_logo, config.html_favicon, *(one for names in env.dependencies.values() for one in names)]
    code = [str(getattr(one, "__file__", None) or "") for one in [*sys.modules.values()]]
    named += [file for file in code if file.startswith(_TASK["root"])]  # extensions of the book's own
    paths = {Path(app.srcdir, name).resolve() for name in named if name}
    ours = {Path(app.srcdir), LOOKS}
    outside = sorted(str(path) for path in paths if not ours & {path, *path.parents} and "-packages" not in str(path))
    made = {"names": sorted(env.found_docs), "outside": outside, "again": not (env.images or env.dlfiles)}
    Path(_TASK["folder"], "made.json").write_text(json.dumps(made), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the looks, the transform, the search pages and what leads on from old addresses."""
    app.add_config_value("moved", {}, "html", dict)
    app.connect("html-collect-pages", _lead_on)
    app.connect("html-collect-pages", _search_elsewhere)
    app.connect("config-inited", _use_our_looks)
    app.add_transform(_stable_ids())
    app.connect("builder-inited", _use_our_search)
    app.connect("html-page-context", _speak)
    app.connect("html-page-context", _lay_files_aside)
    app.connect("html-page-context", _finish_markup, priority=900)  # behind the theme, which makes the contents
    if _TASK:
        app.connect("build-finished", _tell)
        app.connect("config-inited", _read_shelved, priority=900)  # behind that which leaves out what is not listed
        app.connect("doctree-read", _note_shelved)
    if _TASK and _TASK["changed"] is not None:
        app.connect("builder-inited", _go_on)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
