"""Where the files of a project are. Every other module asks here and builds no path of its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from policybook.errors import ProjectNotFoundError


@dataclass(frozen=True)
class Project:
    """A folder that holds `data/corpus.yml`, and the places of everything in it."""

    root: Path

    @classmethod
    def find(cls, start: Path | str | None = None) -> Project:
        """Return the project at `start` or in the nearest folder above it.

        Raises ProjectNotFoundError when neither `start` nor a folder above it is a project.
        """
        here = Path(start).resolve() if start else Path.cwd()
        for folder in (here, *here.parents):
            if (folder / "data" / "corpus.yml").is_file():
                return cls(folder)
        raise ProjectNotFoundError(
            f"{here}: neither this folder nor one above it has data/corpus.yml. "
            "Change into a policybook project or name one with --project DIR."
        )

    @property
    def data(self) -> Path:
        """The evidence and every judgement made about it."""
        return self.root / "data"

    @property
    def corpus_file(self) -> Path:
        """One entry a document."""
        return self.data / "corpus.yml"

    @property
    def documents(self) -> Path:
        """The texts exactly as received."""
        return self.data / "documents"

    @property
    def comparisons_file(self) -> Path:
        """The pairs, and sequences of periods, that the book compares."""
        return self.data / "comparisons.yml"

    @property
    def recommended_file(self) -> Path:
        """The texts that the project recommends to add."""
        return self.data / "recommended.yml"

    @property
    def briefs(self) -> Path:
        """What documents say, in a person's words: one file a document."""
        return self.data / "briefs"

    @property
    def lexicon(self) -> Path:
        """The coding scheme."""
        return self.data / "lexicon"

    @property
    def facts(self) -> Path:
        """Figures with an origin on every row."""
        return self.data / "facts"

    @property
    def measured(self) -> Path:
        """Counts measured from texts that are not shipped, a folder each."""
        return self.data / "measured"

    @property
    def notebooks(self) -> Path:
        """The parameterised templates."""
        return self.root / "notebooks"

    @property
    def runs_file(self) -> Path:
        """Which template, for each of what, makes which page."""
        return self.notebooks / "runs.yml"

    @property
    def book(self) -> Path:
        """The hand-written pages, and beside them the pages that notebooks make."""
        return self.root / "book"

    @property
    def build(self) -> Path:
        """What a build makes; nothing in it is committed."""
        return self.root / "_build"

    @property
    def site(self) -> Path:
        """The published site."""
        return self.build / "html"

    def name(self, path: Path) -> str:
        """Return `path` as a user would type it: relative to the project where it is inside."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)
