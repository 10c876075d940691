"""How is it told? One pure writer per format, which does not know how it was found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module

from meshlint.engine.outcome import Outcome
from meshlint.reports.shared.options import ReportOptions

FORMATS = ("text", "concise", "json", "sarif", "github", "gitlab", "junit", "rdjson", "markdown", "html")
PICTURED = frozenset({"html"})
"""Formats that draw the mesh, where `ReportOptions.drawing` is given."""

Writer = Callable[[Outcome, ReportOptions], Iterator[str]]


def writer(format_name: str) -> Writer:
    """The writer of one of `FORMATS`: it yields the lines of the report, without their ends.

    Each is imported only when it is asked for, because what SARIF is built with takes long to load.
    """
    write: Writer = import_module(f"meshlint.reports.findings.{format_name}").write
    return write


__all__ = ["FORMATS", "PICTURED", "ReportOptions", "Writer", "writer"]
