"""Is there a person at the other end, and how wide is the screen?"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TextIO

from meshlint.reports.shared.options import DEFAULT_WIDTH
from meshlint.reports.shared.style import paint, printable

_ESCAPE = "\x1b"
COLORS = ("auto", "always", "never")


def wants_color(choice: str, stream: TextIO | None) -> bool:
    """Whether to colour what goes to `stream`: as asked, else as the environment says, else on a terminal.

    `NO_COLOR` and `FORCE_COLOR` count if they are set to anything but nothing (no-color.org).
    """
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR") and os.environ["FORCE_COLOR"] != "0":
        return True
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def width_of(stream: TextIO | None) -> int:
    """The columns of the terminal behind `stream`, or a fixed number where there is none."""
    if stream is None or not stream.isatty():
        return DEFAULT_WIDTH
    import shutil

    return shutil.get_terminal_size((DEFAULT_WIDTH, 24)).columns


def tell(line: str, *, color: bool = False) -> None:
    """Say something on stderr; whether anyone listens is not our concern."""
    with suppress(OSError, ValueError):
        if _ESCAPE in line or sys.platform == "win32":
            import click

            click.echo(line, err=True, color=color)
        else:
            sys.stderr.write(f"{line}\n")
            sys.stderr.flush()


def tell_error(message: str) -> None:
    """Say on stderr why the request was not carried out."""
    _tell_marked("error", "error", message)


def tell_hint(message: str) -> None:
    """Say on stderr what can be done."""
    _tell_marked("help", "help", message, indent="  ")


def _tell_marked(style: str, mark: str, message: str, indent: str = "") -> None:
    color = wants_color("auto", sys.stderr)
    for line in message.splitlines() or [""]:
        tell(f"{indent}{paint(style, mark, color=color)}: {printable(line)}", color=color)
