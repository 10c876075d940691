"""Asking the api, and saying what kept it from answering."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, BinaryIO, TextIO, TypeVar

from meshlint.cli.door import api
from meshlint.cli.terminal import tell, tell_error, tell_hint, wants_color
from meshlint.cli.usage import wrong_usage
from meshlint.reports import ReportOptions

Answer = TypeVar("Answer")
_STDIN = "-"


def asked(question: Callable[[], Answer]) -> Answer | None:
    """The answer, or None if there are no manifests, which has then been said.

    What is wrong with the request becomes click's own error, so that all of them look the same.
    """
    try:
        return question()
    except api().UsageError as error:
        raise wrong_usage(str(error)) from error
    except api().NothingFound as error:
        _tell_nothing_found(error)
        return None


def _tell_nothing_found(error: Any) -> None:
    from meshlint.reports.findings.summary import passed_over_lines

    color = wants_color("auto", sys.stderr)
    tell_error(str(error))
    for line in passed_over_lines(error.groups, ReportOptions(color=color)):
        tell(line, color=color)
    if error.hint:
        tell_hint(error.hint)


def stdin_for(paths: tuple[str, ...]) -> BinaryIO | None:
    """Standard input if `paths` ask for it; raises `UsageError` if whoever started us has closed it."""
    if _STDIN not in paths:
        return None
    stdin: TextIO | None = sys.stdin
    if stdin is None:
        raise wrong_usage('standard input is closed, so there is nothing to read for "-"')
    return stdin.buffer
