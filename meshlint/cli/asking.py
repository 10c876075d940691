"""Asking the api, and saying what kept it from answering."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import BinaryIO, TypeVar

import click

from meshlint.cli.door import api
from meshlint.cli.terminal import tell_error

Answer = TypeVar("Answer")
_STDIN = "-"


def asked(question: Callable[[], Answer]) -> Answer | None:
    """The answer, or None if there are no manifests, which has then been said.

    What is wrong with the request becomes click's own error, so that all of them look the same.
    """
    try:
        return question()
    except api().UsageError as error:
        raise click.UsageError(str(error)) from error
    except api().NothingFound as error:
        tell_error(str(error), getattr(error, "hint", None))
        return None


def stdin_for(paths: tuple[str, ...]) -> BinaryIO | None:
    """Standard input if `paths` ask for it."""
    return sys.stdin.buffer if _STDIN in paths else None
