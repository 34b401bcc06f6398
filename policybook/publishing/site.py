"""From executed pages to the site: Jupyter Book, the search index, the link check; then all at once into place."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from policybook.errors import BuildError
from policybook.project import Project
from policybook.publishing.links import find_broken_links
from policybook.publishing.runs import Run
from policybook.publishing.search import index_site
from policybook.publishing.toc import write_toc


def build_site(project: Project, runs: Sequence[Run]) -> Path:
    """Build _build/html from the pages in book/ and return the path of its front page.

    The site is built beside the old one and takes its place only when it is complete: every warning of
    Sphinx and every broken link is an error. Raises BuildError; the whole output is in _build/site.log.
    """
    work = project.build / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        toc = work / "_toc.yml"
        write_toc(project, [run.page for run in runs], toc)
        _say("Building the pages with Jupyter Book ...")
        _run_jupyter_book(project, toc, work)
        html = work / "_build" / "html"
        _drop_what_nobody_reads(html)
        _say("Indexing for the search ...")
        records = index_site(html)
        _say(f"Indexed {records} passages and sections. Checking links ...")
        if broken := find_broken_links(html):
            raise BuildError("Broken links:\n" + "\n".join(broken))
        _put_in_place(html, project.site)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return project.site / "index.html"


def _run_jupyter_book(project: Project, toc: Path, work: Path) -> None:
    command = [
        *(str(Path(sys.executable).with_name("jupyter-book")), "build", str(project.book)),
        *("--config", str(project.root / "_config.yml"), "--toc", str(toc), "--path-output", str(work)),
        *("--all", "--warningiserror", "--keep-going", "--nitpick"),
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False
    )
    log = project.build / "site.log"
    output = re.sub(r"\x1b\[[0-9;]*m", "", f"{done.stdout}\n{done.stderr}")
    log.write_text(output, encoding="utf-8")
    if done.returncode or not (work / "_build" / "html" / "index.html").is_file():
        said = [
            line for line in output.splitlines() if re.search(r"\b(?:WARNING|ERROR|CRITICAL)\b|Error:", line)
        ]
        raise BuildError("\n".join([f"The site was not built; see {project.name(log)}.", *said[:20]]))


def _drop_what_nobody_reads(html: Path) -> None:
    """Remove what Sphinx and the theme leave in a site for tools: template fragments, build marks."""
    for path in [*html.glob("_static/*webpack-macros.html"), html / ".buildinfo"]:
        path.unlink(missing_ok=True)
    shutil.rmtree(html / "_sources", ignore_errors=True)


def _put_in_place(built: Path, site: Path) -> None:
    old = site.with_name("html.old")
    shutil.rmtree(old, ignore_errors=True)
    if site.exists():
        site.rename(old)
    built.rename(site)
    shutil.rmtree(old, ignore_errors=True)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
