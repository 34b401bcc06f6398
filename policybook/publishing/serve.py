"""The built book on this computer only."""

from __future__ import annotations

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from policybook.errors import BuildError


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing a request."""


def make_server(site: Path, port: int) -> ThreadingHTTPServer:
    """Return a server for `site` on 127.0.0.1; port 0 takes any free one.

    Raises BuildError when there is no built book or the port is taken.
    """
    if not (site / "index.html").is_file():
        raise BuildError(f"{site}: there is no built book yet. Run: policybook build")
    try:
        return ThreadingHTTPServer(("127.0.0.1", port), partial(_QuietHandler, directory=str(site)))
    except OSError as error:
        raise BuildError(
            f"port {port} cannot be used ({error.strerror}). Name another: policybook serve --port 8001"
        ) from None
