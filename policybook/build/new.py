"""A new project is made from the skeleton."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import policybook
from policybook.coding.gold import codebook_file
from policybook.errors import FolderError, shown
from policybook.project import Project

SKELETON = Path(policybook.__file__).resolve().with_name("skeleton")
#: Files of the skeleton in which YYYY-MM-DD stands for the day on which the project is made.
_DATED = ("_config.yml", "CITATION.cff")
#: Lists the files that are kept once, at their place in the repository; a wheel has copies of them in the skeleton.
_SHARED = SKELETON / "SHARED"


def skeleton_files() -> Mapping[str, Path]:
    """Return what a new project starts with: path within it → the file to copy, here or in the checkout."""
    own = {path.relative_to(SKELETON).as_posix(): path for path in SKELETON.rglob("*") if path.is_file()}
    del own[_SHARED.name]
    lines = _SHARED.read_text(encoding="utf-8").splitlines()
    checkout = SKELETON.parent.parent
    return {name: checkout / name for name in lines if name and not name.startswith("#")} | own


def make_project(target: Path, scheme_of: Project | None = None) -> Path:
    """Make an empty project in `target`, a folder that is missing or empty, and return it.

    With `scheme_of` its data/lexicon and codebook are that project's instead of the skeleton's example. It is made
    beside its place and renamed, so that it is there whole or not at all.
    Raises FolderError when the folder holds something or cannot be made.
    """
    name = shown(target)
    place = target.absolute()
    if os.path.lexists(target) and (target.is_symlink() or not target.is_dir() or any(target.iterdir())):
        raise FolderError(f"{name}: it exists and is not an empty folder. Name another one.")
    if scheme_of and place.resolve().is_relative_to(scheme_of.data.resolve()):
        raise FolderError(f"{name}: it lies in the data of another project. Name a folder elsewhere.")
    if not place.parent.is_dir():
        raise FolderError(f"{name}: the folder above it does not exist. Make it first.")
    draft: Path | None = None
    try:
        draft = Path(tempfile.mkdtemp(prefix=".policybook-new-", dir=place.parent))
        _fill(Project(draft), scheme_of)
        draft.chmod(0o755)
        draft.rename(place)
    except OSError as error:
        raise FolderError(f"{name}: it cannot be made ({error.strerror}). Check permissions and space.") from None
    finally:
        if draft is not None and draft.is_dir():
            shutil.rmtree(draft)
    return place


def _fill(made: Project, scheme_of: Project | None) -> None:
    for name, source in skeleton_files().items():
        _copy(source, made.root / name)
    for name in _DATED:
        _date(made.root / name, date.today())
    made.documents.mkdir()
    if scheme_of is not None:
        shutil.rmtree(made.lexicon)
        shutil.copytree(scheme_of.lexicon, made.lexicon, ignore=shutil.ignore_patterns(".*", "__pycache__"))
        if codebook_file(scheme_of).is_file():
            _copy(codebook_file(scheme_of), codebook_file(made))


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _date(path: Path, today: date) -> None:
    text = path.read_text(encoding="utf-8").replace("YYYY-MM-DD", today.isoformat()).replace("YYYY", f"{today.year}")
    path.write_text(text, encoding="utf-8")
