"""Which browser the tests use. As a command, say it in a line: `make test` begins with it.

Without a browser the tests that need one are skipped; in CI that is an error, there and here.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from policybook.build.pdf import INSTALL_BROWSER, find_browser

MISSING = f"No Chromium or Chrome was found, so the tests in a real browser cannot run. {INSTALL_BROWSER}"


def require_test_browser() -> Path:
    """Return the browser; without one the test is skipped, and fails in CI."""
    if browser := find_browser():
        return browser
    if os.environ.get("CI"):
        pytest.fail(MISSING)
    pytest.skip(MISSING)


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
