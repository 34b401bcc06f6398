"""A new project: whole or not at all, from a checkout or a wheel, and a book about another subject made of it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

import lxml.html
import pytest
import yaml
from copies import ROOT, policybook, policybook_here

from policybook.build.check import check_project
from policybook.build.execute import execute_runs
from policybook.build.new import make_project, skeleton_files
from policybook.build.site import build_site
from policybook.build.state import Pages, made_by_builds
from policybook.errors import FolderError
from policybook.project import Project

#: Three texts of a town about its water, and what their entries say.
TEXTS = {
    "water-plan-2031": ("official", """\
The water plan of Ashford Mill
The town council of Ashford Mill adopted this plan for drinking water on 3 March 2031.
The council will replace 40 kilometres of old pipes by 2035.
It shall publish all monitoring data every month, and residents may inspect the reservoir.
Funding comes from the town budget.
At least 60% of the money must be spent on leaks, which lose about 2 million litres a day.
The utility should train its staff and repair every leak within 5 days.
A standard for lead in tap water applies to every school and hospital.
The council encourages households to install meters, and the agency will support pilot projects in new housing.
"""),
    "water-report-2033": ("reported", """\
Water in Ashford Mill two years on
The mayor told journalists on 9 May 2033 that 15 kilometres of pipes had been replaced, a third of what was planned.
Monitoring showed that the standard for lead was met in 11 of 12 schools. The inspectorate published the data.
The town needs more funding, said the mayor, and the law on tariffs must be amended. The ministry should give a grant.
"""),
    "water-comment-2033": ("commentary", """\
Pay for the pipes
Nobody likes a higher water bill, yet the budget of the town cannot carry the pipes alone.
The council should consult residents before it raises the tariff, and housing for the poor must be spared.
Training for plumbers is cheap and would help more than another evaluation.
"""),
}  # fmt: skip
COMPARISONS = """\
comparisons:
  - id: plan-press
    title: The plan and the press
    question: What does the plan speak of, and what does the press?
    left:
      label: the plan
      select: {voice: official}
    right:
      label: the press
      select: {voice: [reported, commentary]}
    not_concluded:
      - That the press of other towns writes so.
"""
PLACE = """\
  - id: ashford-mill
    label: Ashford Mill
    within: national
    en: [ashford mill]
"""


def words_of_this_book() -> set[str]:
    """Return what names the subject of this repository's book: its places, plans, eras, concepts and documents."""

    def entries(name: str, key: str) -> list[dict[str, str]]:
        return yaml.safe_load((ROOT / "data" / name).read_text(encoding="utf-8"))[key]

    lexicon = "lexicon"
    places = [one for one in entries(f"{lexicon}/places.yml", "places") if one.get("within") or one["id"] != "national"]
    named = [*places, *entries(f"{lexicon}/plans.yml", "plans"), *entries(f"{lexicon}/plans.yml", "eras")]
    words = {one[field] for one in named for field in ("id", "label", "label_zh", "short") if field in one}
    words |= {word for one in named for language in ("zh", "en") for word in one.get(language, ())}
    concepts = entries(f"{lexicon}/concepts.yml", "concepts")
    words |= {one["term_zh"] for one in concepts}
    for one in concepts:  # household registration (hukou): both
        english, _, gloss = one["term_en"].partition("(")
        words |= {one["term_en"], english} if ")" in gloss.rstrip(")") else {english, gloss.rstrip(")")}
    words |= {one[field] for one in entries("corpus.yml", "documents") for field in ("id", "title", "publisher")}
    return {word.strip() for word in words} - {""}


WORDS = words_of_this_book()


def found_in(text: str, words: Iterable[str] = frozenset(WORDS)) -> list[str]:
    """Return the words that a text holds: Latin ones whole, in any case."""
    lower = text.lower()
    return sorted(
        word for word in words
        if word.lower() in lower and (not word.isascii() or re.search(rf"\b{re.escape(word.lower())}\b", lower))
    )  # fmt: skip


@pytest.fixture(scope="module")
def water(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A book about a town's water: English only, without plans, eras, facts, gold and measured texts."""
    project = Project(make_project(tmp_path_factory.mktemp("made") / "water"))
    for name, (voice, text) in TEXTS.items():
        file = project.root / f"{name}.txt"
        file.write_text(text, encoding="utf-8")
        title, written = text.splitlines()[0], name[-4:]
        said = {"id": name, "title": title, "written": written, "speaker": "ashford-mill", "voice": voice}
        place = project.lexicon / "places.yml"
        if PLACE not in (places := place.read_text(encoding="utf-8")):
            place.write_text(places.replace("\n# Words by which", f"{PLACE}\n# Words by which"), encoding="utf-8")
        options = [part for field, value in said.items() for part in (f"--{field}", value)]
        done = policybook_here("add", str(file), *options, "--rights", "full", "--yes", project=project)
        assert done.exit_code == 0, done.output
        file.unlink()
    project.comparisons_file.write_text(COMPARISONS, encoding="utf-8")
    (project.lexicon / "plans.yml").unlink()
    return project


@pytest.fixture(scope="module")
def pages(water: Project) -> dict[str, str]:
    """What a reader sees of every page of the built book."""
    runs = check_project(water)
    execute_runs(Pages(water), runs)
    build_site(water, runs)
    made = {path.relative_to(water.site).as_posix(): path for path in water.site.rglob("*.html")}
    return {name: lxml.html.parse(path).getroot().text_content() for name, path in made.items()}


def test_a_book_about_another_subject_is_built(water: Project, pages: dict[str, str]):
    assert {f"documents/{name}.html" for name in TEXTS} | {"comparisons/plan-press.html", "index.html"} <= pages.keys()
    assert "Ashford Mill" in pages["documents/water-plan-2031.html"]
    assert "monitoring" in pages["comparisons/plan-press.html"].lower()
    assert not water.facts.exists()


def test_it_is_the_same_bytes_with_other_jobs_hashes_folder_time_zone_and_locale(
    water: Project, pages: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    elsewhere = Project(tmp_path / "elsewhere")
    shutil.copytree(water.root, elsewhere.root, ignore=shutil.ignore_patterns("_build"))
    for path in made_by_builds(elsewhere):
        shutil.rmtree(path, ignore_errors=True)
        path.unlink(missing_ok=True)
    other = {"PYTHONHASHSEED": "7", "TZ": "Pacific/Kiritimati", "LC_ALL": "POSIX", "LANG": "zh_CN.UTF-8"}
    for name, value in other.items():
        monkeypatch.setenv(name, value)
    done = policybook("build", "--jobs", "1", project=elsewhere)
    assert done.returncode == 0, done.stderr
    before, after = _bytes(water), _bytes(elsewhere)
    assert pages.keys() <= before.keys()
    assert [name for name in {**before, **after} if before.get(name) != after.get(name)] == []


def _bytes(project: Project) -> dict[str, bytes]:
    files = (path for path in project.site.rglob("*") if path.is_file())
    return {path.relative_to(project.site).as_posix(): path.read_bytes() for path in files}


def test_no_word_of_this_book_stands_in_it(pages: dict[str, str]):
    assert {"Liaoning", "urbanization", "hukou"} <= set(found_in("The urbanization of Liaoning, and hukou."))
    assert {name: found for name, text in pages.items() if (found := found_in(text))} == {}


def test_no_word_of_this_book_stands_in_what_new_makes(tmp_path: Path):
    made = make_project(tmp_path / "made")
    texts = {path.relative_to(made).as_posix(): path for path in made.rglob("*") if path.is_file()}
    assert {name: said for name, path in texts.items() if (said := found_in(path.read_text(encoding="utf-8")))} == {}


def test_the_example_of_a_scheme_holds_ten_concepts_and_no_time(tmp_path: Path):
    lexicon = Project(make_project(tmp_path / "made")).lexicon
    assert len(yaml.safe_load((lexicon / "concepts.yml").read_text(encoding="utf-8"))["concepts"]) == 10
    assert yaml.safe_load((lexicon / "plans.yml").read_text(encoding="utf-8")) == {"plans": [], "eras": []}


def test_a_scheme_comes_from_another_project(tmp_path: Path):
    made = Project(make_project(tmp_path / "made", Project(ROOT)))
    ours = {path.name: path.read_bytes() for path in Project(ROOT).lexicon.iterdir()}
    assert {path.name: path.read_bytes() for path in made.lexicon.iterdir()} == ours
    assert (made.data / "gold" / "codebook.yml").is_file()
    assert not made.facts.exists() and not made.briefs.exists() and not made.recommended_file.exists()
    assert list(made.documents.iterdir()) == []
    assert "Add one: policybook add FILE" in policybook_here("check", project=made).stderr


def test_what_it_would_spoil_is_refused(tmp_path: Path):
    full, empty, project = tmp_path / "full", tmp_path / "empty", Project(ROOT)
    full.mkdir()
    empty.mkdir()
    (full / "mine.txt").touch()
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for target, said in (
        (full, "not an empty folder"), (full / "mine.txt", "not an empty folder"),
        (tmp_path / "link", "not an empty folder"), (tmp_path / "a" / "b", "does not exist"),
    ):  # fmt: skip
        done = policybook_here("new", str(target), project=project)
        assert done.exit_code == 1 and said in done.stderr
    done = policybook_here("new", str(tmp_path / "mine"), "--from", str(full), project=project)
    assert done.exit_code == 1 and "data/corpus.yml" in done.stderr
    with pytest.raises(FolderError, match="in the data"):
        make_project(ROOT / "data" / "x", project)
    assert policybook_here("new", str(empty), project=project).exit_code == 0
    assert (empty / "data" / "corpus.yml").is_file()


def test_it_is_there_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("policybook.build.new._date", full)
    with pytest.raises(FolderError, match="No space left"):
        make_project(tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


def test_nothing_that_new_copies_is_kept_twice():
    """A file stands in the skeleton or is named in SHARED."""
    skeleton = ROOT / "policybook" / "skeleton"
    files = skeleton_files()
    assert [name for name, path in files.items() if not path.is_file()] == []
    shared = [name for name, path in files.items() if not path.is_relative_to(skeleton)]
    assert shared and [name for name in shared if (skeleton / name).exists()] == []
    own = [path.read_bytes() for path in files.values() if path.is_relative_to(skeleton)]
    kept = [ROOT / name for name in files if (ROOT / name).is_file() and name not in shared]
    assert [path for path in kept if path.read_bytes() in own and path.name != ".gitignore"] == []


def test_new_works_from_a_wheel_outside_any_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://git.example")
    monkeypatch.setenv("GITHUB_REPOSITORY", "someone/a-book")
    wheels, target, away = (tmp_path / name for name in ("wheels", "installed", "away"))
    for folder in (wheels, away):
        folder.mkdir()
    source = tmp_path / "source"
    _copy_sources(source)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    _run([*pip, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", str(wheels), str(source)], tmp_path)
    (wheel,) = wheels.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        held = set(packed.namelist())
        (about,) = (packed.read(name).decode() for name in held if name.endswith(".dist-info/METADATA"))
    assert "Project-URL: Source, https://git.example/someone/a-book\n" in about
    assert "Project-URL: Issues, https://git.example/someone/a-book/issues\n" in about
    sources = (path.relative_to(source).as_posix() for path in (source / "policybook").rglob("*") if path.is_file())
    assert [name for name in sources if name not in held] == []
    _run([*pip, "install", "--no-deps", "--no-index", "--no-compile", "--target", str(target), str(wheel)], tmp_path)
    code = (
        f"import sys; sys.path.insert(0, {str(target)!r})\n"
        "import policybook; print(policybook.__file__)\n"
        "from policybook.cli import main; main(['new', 'book'])"
    )
    said = _run([sys.executable, "-I", "-c", code], away).splitlines()
    assert Path(said[0]).is_relative_to(target)
    assert said[1].startswith("Made ")
    made, here = away / "book", make_project(tmp_path / "here")
    assert _contents(made) == _contents(here)


def _copy_sources(target: Path) -> None:
    """Copy what a wheel is built from, as it stands here; building leaves nothing behind in the checkout."""
    skip = shutil.ignore_patterns("__pycache__", "_build", ".*cache", "*.egg-info")
    for name in ("policybook", "notebooks", "book", "data/lexicon"):
        shutil.copytree(ROOT / name, target / name, ignore=skip)
    for name in ("setup.py", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, target / name)


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _run(command: list[str], cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
