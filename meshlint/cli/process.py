"""The edge to the operating system: streams, signals and exit codes."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from meshlint import HOME
from meshlint.cli.exit_codes import ExitCode
from meshlint.cli.terminal import tell, tell_error

if TYPE_CHECKING:
    import click

_PLAIN = "meshlint check"
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
    from meshlint.cli.plain import plainly

    try:
        plain = plainly(arguments)
        return _by_click(arguments) if plain is None else _checked(*plain)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except Exception as error:
        return _tell(error, debug="--debug" in arguments)


def _checked(paths: tuple[str, ...], given: dict[str, Any]) -> int:
    """The main verb; a run that is interrupted ends the line that the terminal has begun, as click does."""
    from meshlint.cli.checking import checked

    try:
        return checked(paths, given)
    except (EOFError, KeyboardInterrupt) as error:
        tell("")
        raise KeyboardInterrupt from error


def _by_click(arguments: Sequence[str]) -> int:
    from meshlint.cli.app import app

    return int(app.main(list(arguments), prog_name="meshlint", standalone_mode=False) or 0)


def _tell(error: Exception, *, debug: bool) -> int:
    """Say what ended the run; what click has no error for is a failure of ours."""
    import click

    match error:
        case click.exceptions.NoArgsIsHelpError():
            tell(error.ctx.get_help() if error.ctx else "")
            return ExitCode.USAGE
        case click.ClickException():
            _tell_usage(error)
            return ExitCode.USAGE
        case click.Abort():
            return ExitCode.INTERRUPTED
    return _tell_failure(error, debug=debug)


def _tell_usage(error: click.ClickException) -> None:
    import click

    tell_error(error.format_message())
    if isinstance(error, click.UsageError):
        context = error.ctx
        tell(f"Try '{context.command_path if context else _PLAIN} --help'.")


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
