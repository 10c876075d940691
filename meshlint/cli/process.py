"""The edge to the operating system: streams, signals and exit codes."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TextIO

import click

from meshlint import HOME
from meshlint.cli.exit_codes import ExitCode
from meshlint.cli.terminal import tell, tell_error

_REPORT = f"This is a bug in meshlint. Please report it, with the manifests if you can: {HOME}/issues"


def run(arguments: Sequence[str]) -> int:
    """Run the command line and return the exit code; nothing is raised and no traceback is left."""
    _open_streams()
    try:
        code = _code(arguments)
    except KeyboardInterrupt:
        code = ExitCode.INTERRUPTED
    return code if _flushed(sys.stdout) and _flushed(sys.stderr) else _quietly(code)


def _code(arguments: Sequence[str]) -> int:
    from meshlint.cli.app import app

    try:
        return int(app.main(list(arguments), prog_name="meshlint", standalone_mode=False) or 0)
    except click.exceptions.NoArgsIsHelpError as error:
        tell(error.ctx.get_help() if error.ctx else "")
        return ExitCode.USAGE
    except click.ClickException as error:
        _tell_usage(error)
        return ExitCode.USAGE
    except (click.Abort, KeyboardInterrupt):
        return ExitCode.INTERRUPTED
    except Exception as error:
        return _tell_failure(error, debug="--debug" in arguments)


def _tell_usage(error: click.ClickException) -> None:
    tell_error(error.format_message())
    context = getattr(error, "ctx", None)
    if context is not None:
        tell(f"Try '{context.command_path} --help'.")


def _tell_failure(error: Exception, *, debug: bool) -> int:
    if debug:
        import traceback

        tell("".join(traceback.format_exception(error)).rstrip())
    if isinstance(error, OSError):  # a full disk and the like
        tell_error(str(error))
        return ExitCode.INTERNAL
    tell_error(f"{type(error).__name__}: {error}")
    tell(_REPORT + ("" if debug else "\n--debug shows where it happened."))
    return ExitCode.INTERNAL


def _open_streams() -> None:
    """Manifests are UTF-8 whatever the locale says, and a report has to get out in any case."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started us
            setattr(sys, name, Path(os.devnull).open("w"))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper):
            with suppress(OSError, ValueError):
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _flushed(stream: TextIO) -> bool:
    if stream.closed:  # by a server of editors, which ends with its client
        return True
    try:
        stream.flush()
    except (OSError, ValueError):
        return False
    return True


def _quietly(code: int) -> int:
    """`code`, with the streams pointed at nothing: Python flushes once more on its way out."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        if not _flushed(stream):
            os.dup2(nothing, stream.fileno())
    return code
