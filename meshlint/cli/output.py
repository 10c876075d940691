"""Where reports go: `--output FORMAT[=FILE]`, and what follows from it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import Final

from meshlint.cli.terminal import wants_color, width_of
from meshlint.cli.usage import wrong_file, wrong_usage
from meshlint.engine.outcome import Outcome
from meshlint.reports import ReportOptions, writer
from meshlint.values import evolve, frozen

_AT_ONCE: Final = 1000
"""How many lines are written at once."""


@frozen
class Output:
    """A format and the file that it is written to, None for stdout."""

    format: str
    file: Path | None = None


def checked_outputs(outputs: Iterable[Output]) -> tuple[Output, ...]:
    """The outputs, text to stdout if there are none; raises `UsageError` for those that cannot be written.

    This is found out before the run: nobody wants to wait for a report that then has no place to go.
    """
    outputs = tuple(outputs) or (Output("text"),)
    if sum(output.file is None for output in outputs) > 1:
        raise wrong_usage("Only one report can go to stdout. Give the others a file: --output FORMAT=FILE")
    files = [output.file for output in outputs if output.file is not None]
    for file in files:
        if files.count(file) > 1:
            raise wrong_usage(f'Two reports cannot go to the same file, "{file}".')
        if file.is_dir() or not file.absolute().parent.is_dir():
            problem = "is a directory" if file.is_dir() else "is in a directory that does not exist"
            raise wrong_usage(f'"{file}" {problem}, so no report can be written there.')
    return outputs


Through = Callable[[Output, Iterable[str]], Iterable[str]]


def write_reports(
    outcome: Outcome, outputs: Iterable[Output], options: ReportOptions, color: str, through: Through
) -> None:
    """Write every report; `through` sees the lines of each on their way."""

    def lines(output: Output) -> Iterable[str]:
        to_file = evolve(options, color=color == "always")
        chosen = to_file if output.file else for_stdout(options, color)
        return through(output, writer(output.format)(outcome, chosen))

    write_lines(outputs, lines)


def write_lines(outputs: Iterable[Output], lines: Callable[[Output], Iterable[str]]) -> None:
    """Write the lines of every output, those to files first: a reader of stdout may go away."""
    for output in sorted(outputs, key=lambda output: output.file is None):
        if output.file is None:
            to_stdout(lines(output))
        else:
            _to_file(output.file, lines(output))


def to_stdout(lines: Iterable[str]) -> None:
    """Print the lines, and stop without a word when nobody reads any more.

    Many go at once: a stream that is not buffered asks the system each time.
    """
    left = iter(lines)
    try:
        while some := list(islice(left, _AT_ONCE)):
            sys.stdout.write("\n".join((*some, "")))
        sys.stdout.flush()
    except BrokenPipeError:
        return


def for_stdout(options: ReportOptions, color: str) -> ReportOptions:
    """The options of a report for whoever reads stdout."""
    return evolve(options, color=wants_color(color, sys.stdout), width=width_of(sys.stdout))


def _to_file(file: Path, lines: Iterable[str]) -> None:
    try:
        with file.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
            stream.writelines(f"{line}\n" for line in lines)
    except OSError as error:
        raise wrong_file(str(file), error.strerror or str(error)) from error
