"""Packs into a wheel the files of this repository that a new project starts with; all else stands in pyproject.toml."""

from __future__ import annotations

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
SKELETON = Path("policybook", "skeleton")


class BuildWithSkeleton(build_py):
    """Copies what policybook/skeleton/SHARED lists beside the files of the skeleton, so that each is kept once."""

    def run(self) -> None:
        """Build the package, then add the shared files; in an editable checkout they are read where they stand."""
        super().run()
        if not self.editable_mode:
            for name, target in self._shared():
                self.mkpath(str(target.parent))
                self.copy_file(str(ROOT / name), str(target))

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        """Return every file that is built."""
        made = [] if self.editable_mode else [str(target) for _, target in self._shared()]
        return super().get_outputs(include_bytecode) + made

    def get_source_files(self) -> list[str]:
        """Return what a source distribution must hold for a wheel to be built from it."""
        return [*super().get_source_files(), *(name for name, _ in self._shared())]

    def _shared(self) -> list[tuple[str, Path]]:
        lines = (ROOT / SKELETON / "SHARED").read_text(encoding="utf-8").splitlines()
        names = [line for line in lines if line and not line.startswith("#")]
        return [(name, Path(self.build_lib) / SKELETON / name) for name in names]


setup(cmdclass={"build_py": BuildWithSkeleton})
