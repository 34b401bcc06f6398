"""Whether the book and the commands still say what they said. As a command; `make same` builds the book first.

What is compared is kept in a folder outside version control: `--keep` stores it, the next runs compare with it.
Collected are the pages of the built site in a normal form (one text file a page), what `policybook inspect`
says of every document, and what `policybook compare` says of every pair in data/comparisons.yml.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote_to_bytes

import lxml.etree
import lxml.html
import yaml
from click.testing import CliRunner, Result
from lxml.html import HtmlElement

ROOT = Path(__file__).resolve().parent.parent
SITE, NOW, KEPT = ROOT / "_build" / "html", ROOT / "_build" / "same" / "now", ROOT / "_build" / "same" / "kept"
#: Which commit a copy was made of; not compared.
COMMIT = "COMMIT"
#: The measured counts with which every pair is compared again, where they are there.
MEASURED = "provinces"

#: What a reader never sees, and what the theme says on every page alike; the sidebar is kept on the front page.
DROPPED = "//script|//style[not(ancestor::svg)]|//head/link|//head/meta|//noscript|//*[@class='headerlink']"
SIDEBAR = "//*[contains(concat(' ', @class, ' '), ' bd-sidebar-primary ')]"
#: Elements that mean nothing unless an attribute says so. Their children stand in their place.
BLOCKS = {"div", "section", "article", "main", "nav", "header", "footer", "aside", "tbody", "body", "g", "defs"}
TRANSPARENT = BLOCKS | {"span", "i"}
INLINE = {"a", "abbr", "b", "cite", "code", "data", "em", "i", "kbd", "mark", "q", "s", "small", "span", "strong"}
INLINE |= {"sub", "sup", "time", "tspan", "u", "var"}
#: The parts of a drawing that are words or lead somewhere; all else of it is one hash.
WORDS_OF_A_DRAWING = {"title", "desc", "text", "a"}
#: Hashes and versions in the address of a static file.
STAMP = re.compile(r"\?(?:v|digest)=[0-9a-f]+|(?<=mystnb)\.[0-9a-f]{64}(?=\.css)")
SENTENCE_END = re.compile(r"(?<=[.;!?]) |(?<=[。；！？])")


@dataclass
class Node:
    """An element in the normal form: its name with the attributes that count, and its children."""

    head: str
    inline: bool
    children: list[Node | str | None] = field(default_factory=list)


def page_lines(source: bytes, *, front: bool) -> list[str]:
    """Return a page in the normal form: a line an element or sentence, indented by depth."""
    tree = lxml.html.document_fromstring(source, parser=lxml.html.HTMLParser(encoding="utf-8"))
    for element in tree.xpath(DROPPED if front else f"{DROPPED}|{SIDEBAR}"):
        element.drop_tree()
    return [line for child in _tidy(_normal(tree)) for line in _lines(child, 0)]


def _normal(element: HtmlElement) -> list[Node | str | None]:
    """Return an element in the normal form; None among the children is where a block begins or ends."""
    tag = element.tag
    if not isinstance(tag, str):  # a comment
        return []
    if tag == "svg":
        return [_drawing(element)]
    children: list[Node | str | None] = [element.text or ""]
    for child in element:
        children += [*_normal(child), child.tail or ""]
    said = _attributes(element)
    if tag in TRANSPARENT and not said:
        return [None, *children, None] if tag in BLOCKS else children
    if tag == "pre":
        return [Node(tag + said, False, [*children])]
    data = _download(element.get("href", ""))
    return [Node(tag + said, tag in INLINE, [*_tidy(children), *(Node(line, False) for line in data)])]


def _drawing(svg: HtmlElement) -> Node:
    """Return a drawing as its words and links, and one hash of all of it."""
    digest = hashlib.sha256(lxml.etree.tostring(svg, method="c14n", with_tail=False)).hexdigest()[:12]
    words: list[Node | str | None] = [Node(f"drawing {digest}", False)]
    for part in svg.iter(*WORDS_OF_A_DRAWING):
        text = "" if part.tag == "a" else part.text_content()
        words.append(Node(f"{part.tag}{_attributes(part, 'href', 'id')}", False, _tidy([text])))
    said = _attributes(svg, "id", "role", "aria-label", "aria-labelledby", "aria-describedby", "class")
    return Node(f"svg{said}", False, words)


def _attributes(element: HtmlElement, *only: str) -> str:
    """Return the attributes that count, in the order of their names; of classes those of this project."""
    kept = []
    for name, value in sorted(element.attrib.items()):
        name = name.removeprefix("xlink:")
        if only and name not in only:
            continue
        if name == "class":
            value = " ".join(sorted(one for one in value.split() if one.startswith("pb-")))
            if not value:
                continue
        elif value.startswith("data:"):
            value = f"{value.partition(',')[0]},{hashlib.sha256(value.encode()).hexdigest()[:12]}"
        kept.append(f" {name}={_quoted(STAMP.sub('', value))}")
    return "".join(kept)


def _download(address: str) -> list[str]:
    """Return the lines of a text that stands in the page itself, as data: to be saved."""
    kind, comma, content = address.partition(",")
    if not comma or not kind.startswith("data:text/"):
        return []
    raw = base64.b64decode(content) if kind.endswith(";base64") else unquote_to_bytes(content)
    return [f"  {line}" for line in raw.decode("utf-8-sig", errors="backslashreplace").splitlines()]


def _tidy(children: Sequence[Node | str | None]) -> list[Node | str | None]:
    """Join neighbouring texts, collapse their white space, and drop what beside a block is none."""
    joined: list[Node | str | None] = []
    for child in children:
        if isinstance(child, str) and joined and isinstance(joined[-1], str):
            joined[-1] += child
        else:
            joined.append(child)
    tidy: list[Node | str | None] = []
    for before, child, after in zip([None, *joined], joined, [*joined[1:], None], strict=False):
        if isinstance(child, str):
            child = re.sub(r"\s+", " ", child)
            child = child if isinstance(before, Node) and before.inline else child.lstrip()
            child = child if isinstance(after, Node) and after.inline else child.rstrip()
        if child:
            tidy.append(child)
    return tidy


def _lines(child: Node | str | None, depth: int) -> Iterator[str]:
    """Write a node as indented lines: a text a sentence a line, and on the line of its element when it is short."""
    indent = "  " * depth
    if isinstance(child, str):
        for line in child.splitlines():
            yield from (f"{indent}{_quoted(sentence)}" for sentence in SENTENCE_END.split(line) if sentence)
    elif child is not None:
        below = [line for one in child.children for line in _lines(one, depth + 1)]
        if len(below) == 1 and isinstance(child.children[0], str):
            yield f"{indent}{child.head} {below[0].strip()}"
        else:
            yield f"{indent}{child.head}"
            yield from below


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def collect_pages(site: Path, folder: Path) -> None:
    """Write every page of the site in the normal form, and the names of its files without those of the search."""
    folder.mkdir(parents=True)
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site).with_suffix(".txt")
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        lines = page_lines(path.read_bytes(), front=name.name == "index.txt")
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    files = (path.relative_to(site).as_posix() for path in sorted(site.rglob("*")) if path.is_file())
    own = [STAMP.sub("", name) for name in files if not name.startswith("search/")]
    (folder / "FILES.txt").write_text("\n".join(own) + "\n", encoding="utf-8")


def collect_answers(folder: Path) -> None:
    """Write what `inspect --json` says of every document and `compare --json` of every pair, refusals too."""
    for name in ("inspect", "compare"):
        (folder / name).mkdir(parents=True)
    for path in sorted((ROOT / "data" / "documents").iterdir()):
        _write(folder / "inspect" / f"{path.name}.json", "inspect", path.relative_to(ROOT).as_posix())
    measured = (ROOT / "data" / "measured" / MEASURED).is_dir()
    for name, left, right in pairs():
        _write(folder / "compare" / f"{name}.json", "compare", left, right)
        if measured:
            _write(folder / "compare" / f"{name}.{MEASURED}.json", "compare", left, right, "--corpus", MEASURED)


def pairs() -> Iterator[tuple[str, str, str]]:
    """Yield a name and both selections, as they are typed, of every pair and of neighbours in every sequence."""
    entries = yaml.safe_load((ROOT / "data" / "comparisons.yml").read_text(encoding="utf-8"))["comparisons"]
    for entry in entries:
        sides = entry.get("periods") or [entry["left"], entry["right"]]
        for n, (left, right) in enumerate(pairwise(typed(side["select"]) for side in sides), 1):
            yield f"{entry['id']}-{n}" if len(sides) > 2 else entry["id"], left, right


def typed(selection: dict[str, object]) -> str:
    """Return a selection as one types it: field=value pairs between commas, + between alternatives."""
    listed = ((name, value if isinstance(value, list) else [value]) for name, value in selection.items())
    return ",".join(f"{name}={'+'.join(map(str, values))}" for name, values in listed)


def _write(path: Path, *arguments: str) -> None:
    """Write what a command says with --json, a value a line, after how it ended and what it said beside that."""
    done = _run(*arguments, "--json")
    lines = [f"$ policybook {' '.join(arguments)} --json", f"exit status {done.exit_code}", *done.stderr.splitlines()]
    for line in done.stdout.splitlines():
        lines += json.dumps(json.loads(line), ensure_ascii=False, indent=1).splitlines()
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _run(*arguments: str) -> Result:
    from policybook.cli import main

    done = CliRunner().invoke(main, ["--project", str(ROOT), *arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def differences(kept: Path, now: Path, parts: Sequence[str], limit: int) -> list[list[str]]:
    """Return a unified diff for every file that differs, each cut to `limit` lines."""
    names = {path.relative_to(folder).as_posix() for folder in (kept, now) for part in parts
             for path in (folder / part).rglob("*") if path.is_file()}  # fmt: skip
    found = []
    for name in sorted(names):
        files = [str(folder / name) if (folder / name).is_file() else os.devnull for folder in (kept, now)]
        command = ["diff", "-U", "2", "--label", f"kept/{name}", "--label", f"now/{name}", *files]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
        if done.returncode > 1:
            raise RuntimeError(done.stderr.strip())
        if lines := done.stdout.splitlines():
            more = len(lines) - limit
            found.append([*lines[:limit], f"… {more} more lines"] if more > 0 else lines)
    return found


def _commit() -> str:
    """Return the commit that is checked out, marked when files differ from it; empty outside version control."""
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--built", nargs="?", type=Path, const=SITE, metavar="DIR",
                        help="build nothing: take the site as it stands in DIR (default: _build/html)")  # fmt: skip
    parser.add_argument("--quick", action="store_true", help="build nothing and compare no pages, only the commands")
    parser.add_argument("--now", type=Path, default=NOW, metavar="DIR", help="where to write (default: %(default)s)")
    parser.add_argument("--kept", type=Path, default=KEPT, metavar="DIR", help="the copy (default: %(default)s)")
    parser.add_argument("--keep", action="store_true", help="store what is collected as the copy; compare nothing")
    parser.add_argument("--lines", type=int, default=40, metavar="N", help="lines shown of each file (default: 40)")
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> int:
    """Collect, then store or compare. Return 0 when nothing differs, 1 when something does, 2 for wrong usage."""
    options = _arguments(given)
    import policybook

    if not Path(policybook.__file__).is_relative_to(ROOT):
        print(f"The package in {Path(policybook.__file__).parent} would speak for {ROOT}. Set PYTHONPATH={ROOT}.")
        return 2
    if options.keep and options.quick:
        print("A copy has everything in it. Leave out --quick or --keep.")
        return 2
    if not options.keep and not (options.kept / COMMIT).is_file():
        print(f"{options.kept} is no stored copy. Make one of a commit you trust, with --keep.")
        return 2
    if not options.quick and not options.built:
        command = [sys.executable, "-m", "policybook.cli", "--project", str(ROOT), "build", "--force"]
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            return 2
    site = options.built or SITE
    if not options.quick and not (site / "index.html").is_file():
        print(f"{site} has no index.html. Leave out --built, and the book is built.")
        return 2
    return _collect_and_compare(options, site)


def _collect_and_compare(options: argparse.Namespace, site: Path) -> int:
    now, kept = options.now.resolve(), options.kept.resolve()
    shutil.rmtree(now, ignore_errors=True)
    now.mkdir(parents=True)
    os.chdir(ROOT)
    collect_answers(now)
    if not options.quick:
        collect_pages(site, now / "pages")
    (now / COMMIT).write_text(_commit() + "\n", encoding="utf-8")
    if options.keep:
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(now, kept)
        print(f"Kept {sum(path.is_file() for path in kept.rglob('*')) - 1} files in {kept}.")
        return 0
    parts = ["inspect", "compare", *([] if options.quick else ["pages"])]
    found = differences(kept, now, parts, options.lines)
    for lines in found:
        print("\n".join(lines), end="\n\n")
    count = sum(path.is_file() for part in parts for path in (now / part).rglob("*"))
    commit = (kept / COMMIT).read_text(encoding="utf-8").strip()
    print(f"{len(found)} of {count} files differ from the copy of {commit}." if found
          else f"Nothing differs from the copy of {commit}: {count} files compared.")  # fmt: skip
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
