"""Which browser the tests use. As a command, say it in a line: `make test` begins with it.

Without a browser the tests that need one are skipped; in CI that is an error, there and here.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: Where Chrome for macOS is; it puts no command into the path.
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
MISSING = (
    "No Chromium or Chrome was found, so the tests in a real browser cannot run. Install it (Debian: apt install "
    "chromium; Ubuntu: snap install chromium; macOS: brew install --cask google-chrome), or set CHROMIUM to its path."
)


def find_browser() -> Path | None:
    """Return the browser in CHROMIUM, or else the first one in the path; None where there is none."""
    if named := os.environ.get("CHROMIUM"):
        found = shutil.which(named)
        return Path(found) if found else None
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    return MAC if MAC.is_file() else None


def main() -> int:
    """Print the browser, or what to install; return 1 when there is none and CI needs one."""
    browser = find_browser()
    if browser:
        print(f"Browser tests use {browser}.")
        return 0
    print(MISSING, file=sys.stderr)
    return 1 if os.environ.get("CI") else 0


if __name__ == "__main__":
    sys.exit(main())
