"""Drawings that a build keeps: what was drawn of the same rows, in the same words, by the same code, is drawn once.

A drawing costs more than the numbers in it, and most of a page's stay as they are when a document or a term changes.
"""

import base64
import hashlib
import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

#: The variable of a kernel's environment that names the folder: one for each state of the code. None: nothing is kept.
DRAWINGS = "POLICYBOOK_DRAWINGS"
#: So many are kept, those used last; a book has some sixty.
_MOST = 400

_PLAIN = (type(None), bool, int, float, str, bytes, date, np.generic, type(pd.NaT), type(pd.NA))


def keep_drawing(made_of: tuple[object, ...], draw: Callable[[], Any], kind: type) -> Any:
    """Return what `draw` makes, an instance of the dataclass `kind`: from the folder where it lies there already.

    `made_of` is all that the drawing depends on but the code. Where it holds something that is neither a value, a
    table nor made of such, and where no folder is named, it is drawn. A file that cannot be read is made anew.
    """
    folder, told = os.environ.get(DRAWINGS), _told(made_of)
    if not folder or told is None:
        return draw()
    path = Path(folder, f"{hashlib.sha256(told.encode('utf-8', 'surrogatepass')).hexdigest()}.json")
    with suppress(OSError, ValueError, TypeError, KeyError):
        kept = json.loads(path.read_bytes())
        os.utime(path)
        return kind(**{**kept, "png": base64.b64decode(kept["png"])})
    made = draw()
    content = {**asdict(made), "png": base64.b64encode(made.png).decode("ascii")}
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with suppress(OSError):  # a full disk: it is drawn again the next time
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(content), encoding="utf-8")
        part.replace(path)
    with suppress(OSError):
        part.unlink(missing_ok=True)
    return made


def sweep_drawings(folder: Path) -> None:
    """Remove drawings of other code, and those that were not used for the longest time where there are too many."""
    with suppress(OSError):
        for other in folder.parent.iterdir():
            kept = sorted(other.iterdir(), key=lambda path: path.stat().st_mtime) if other.is_dir() else []
            for path in kept[:-_MOST] if other == folder else kept:
                path.unlink()
            if other != folder:
                other.rmdir()


def _told(value: object) -> str | None:
    try:
        return repr(_plain(value))
    except TypeError:
        return None


def _plain(value: Any) -> object:
    """Return a value as built of values whose `repr` says all of them; TypeError where there is none."""
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, pd.DataFrame):
        columns = [(str(value.dtypes.iloc[n]), _plain(value.iloc[:, n].tolist())) for n in range(value.shape[1])]
        return "frame", _plain(value.columns.tolist()), _plain(value.index.tolist()), columns
    if isinstance(value, pd.Series):
        return "series", _plain(value.name), str(value.dtype), _plain(value.index.tolist()), _plain(value.tolist())
    if isinstance(value, Mapping):
        return "mapping", [(_plain(key), _plain(one)) for key, one in value.items()]
    if isinstance(value, list | tuple):
        return type(value).__name__, [_plain(one) for one in value]
    if is_dataclass(value) and not isinstance(value, type):
        return type(value).__qualname__, [(one.name, _plain(getattr(value, one.name))) for one in fields(value)]
    raise TypeError(type(value).__name__)
