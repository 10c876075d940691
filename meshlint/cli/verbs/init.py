"""`meshlint init`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from meshlint.cli.asking import asked
from meshlint.cli.declarations import DEBUG, declared
from meshlint.cli.door import api
from meshlint.cli.exit_codes import ExitCode
from meshlint.cli.output import to_stdout
from meshlint.cli.shape import Option, Verb
from meshlint.reports.shared.style import printable

if TYPE_CHECKING:
    from meshlint.api.first_run import Proposal

_EXAMPLES = (
    ("meshlint init", "show what would be written, and ask"),
    ("meshlint init --yes", "write it"),
)


@click.command(cls=Verb, examples=_EXAMPLES)
@click.argument(
    "directory", default=".", type=click.Path(exists=True, file_okay=False, writable=True, path_type=Path)
)
@click.option("--yes", "-y", cls=Option, section="Other", is_flag=True, help="Write without asking.")
@declared(DEBUG)
def command(directory: Path, yes: bool) -> int:
    """Look at the repository in DIRECTORY and write what its first run needs, after showing it.

    That is a commented meshlint.yaml with what the manifests show (paths, releases, what is declared
    elsewhere), an entry for pre-commit, and a workflow. What is there already is left alone.
    """
    proposals = asked(lambda: api().first_run(directory))
    if proposals is None:
        return ExitCode.NOTHING_FOUND
    new = [one for one in proposals if not one.kept]
    to_stdout(_shown(proposals))
    if not new:
        to_stdout(["Nothing is left to write."])
        return ExitCode.CLEAN
    names = ", ".join(one.path for one in new)
    if not yes and not sys.stdin.isatty():
        to_stdout([f"Nothing is written yet: meshlint init --yes writes {names}."])
        return ExitCode.CLEAN
    if yes or click.confirm(f"Write {names}?"):
        _write(directory, new)
        to_stdout(
            [f"Written: {names}.", "Next: meshlint check; then meshlint baseline, to begin with what is new."]
        )
    return ExitCode.CLEAN


def _shown(proposals: Sequence[Proposal]) -> list[str]:
    lines: list[str] = []
    for one in proposals:
        lines.append(f"--- {one.path}" + (f" ({one.kept})" if one.kept else ""))
        lines += [*map(printable, one.text.splitlines()), ""]
    return lines


def _write(directory: Path, proposals: Sequence[Proposal]) -> None:
    for one in proposals:
        path = directory / one.path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8", newline="\n") as stream:
                stream.write(one.text)
        except OSError as error:
            raise click.FileError(str(path), error.strerror or str(error)) from error
