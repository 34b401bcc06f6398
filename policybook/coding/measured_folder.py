"""Writing a folder of measured tables: whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from policybook.coding.measured import BLOCKS, DOCUMENTS, RECORD, Measured, files_of
from policybook.corpus.files import shown
from policybook.errors import FolderError

_OURS = {DOCUMENTS, BLOCKS, RECORD}


def check_target(folder: Path) -> None:
    """Raise FolderError when `folder` cannot become a folder of measured tables: it holds something else."""
    name = shown(folder)
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise FolderError(f"{name}: it is no folder. Name another place with --out.")
    if folder.is_dir() and (others := sorted(path.name for path in folder.iterdir() if path.name not in _OURS)):
        raise FolderError(f"{name}: it holds {shown(others[0])}, which is no measured table. Name another folder.")


def write_measured(folder: Path, measured: Measured) -> None:
    """Put the tables into `folder`, in place of those that were there. Raises FolderError when it cannot be written."""
    check_target(folder)
    name, place = shown(folder), folder.absolute()
    draft: Path | None = None
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".policybook-measured-", dir=place.parent))
        (draft / "new").mkdir()
        for file, content in files_of(measured).items():
            (draft / "new" / file).write_bytes(content)
        if place.is_dir():
            place.rename(draft / "before")
        (draft / "new").rename(place)
    except OSError as error:
        raise FolderError(f"{name}: it cannot be written ({error.strerror}). Check permissions and space.") from None
    finally:
        if draft is not None:
            if not place.exists() and (draft / "before").is_dir():
                (draft / "before").rename(place)
            shutil.rmtree(draft, ignore_errors=True)
