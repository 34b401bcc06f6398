"""Turns a folder of policy documents into a published, citable, reproducible book that compares them."""

from __future__ import annotations

__version__ = "0.1.0"
