"""Packs into a wheel the files that a new project starts with, and its addresses; all else is in pyproject.toml."""

from __future__ import annotations

import os
import re
import subprocess
from contextlib import suppress
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


def urls() -> dict[str, str]:
    """Return the addresses of this copy, as far as a workflow or the clone knows them: nobody else can say."""
    server, name = (os.environ.get(key, "") for key in ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY"))
    source = f"{server}/{name}" if server and name else ""
    if not source and (ROOT / ".git").exists():
        with suppress(OSError, subprocess.SubprocessError):
            asked = ["git", "-C", str(ROOT), "remote", "get-url", "origin"]
            source = subprocess.run(asked, capture_output=True, text=True, timeout=20, check=True).stdout.strip()
    source = re.sub(r"^(?:ssh://)?git@([^:/]+)[:/]", r"https://\1/", source).removesuffix(".git")
    found = {"Documentation": os.environ.get("POLICYBOOK_URL", "")}
    if re.fullmatch(r"https://[^\s@]+", source):
        found |= {"Source": source, "Issues": f"{source}/issues", "Changelog": f"{source}/blob/main/CHANGELOG.md"}
    return {name: address for name, address in found.items() if address}


setup(cmdclass={"build_py": BuildWithSkeleton}, project_urls=urls())
