"""`meshlint baseline`."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from meshlint.cli.asking import asked
from meshlint.cli.declarations import DEBUG, RULES, WHAT_IS_READ, WORLD, declared
from meshlint.cli.door import api
from meshlint.cli.exit_codes import ExitCode
from meshlint.cli.output import to_stdout
from meshlint.cli.request import options_of
from meshlint.cli.shape import Option, Verb
from meshlint.reports.shared.style import printable

if TYPE_CHECKING:
    from meshlint.api.comparing.baselines import Rewritten

_BASELINE = "Baseline"
_EXAMPLES = (
    ("meshlint baseline", "freeze what is found below this directory"),
    ("meshlint baseline --prune", "take out what no longer occurs"),
    ('meshlint baseline --why MTLS002 "until the VMs have proxies" --until 2027-01-31', "say why"),
    ("meshlint accepted", "list what is accepted, here and elsewhere"),
)


@click.command(cls=Verb, examples=_EXAMPLES)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=str))
@click.option("--prune", cls=Option, section=_BASELINE, is_flag=True, help="Only take out what is gone.")
@click.option(
    "--why",
    cls=Option,
    section=_BASELINE,
    nargs=2,
    multiple=True,
    type=str,
    metavar="ID REASON",
    help="Write down why the entry with this id, or those of this rule, are accepted; checks nothing.",
)
@click.option(
    "--until",
    cls=Option,
    section=_BASELINE,
    type=click.DateTime(formats=["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="With --why: the last day on which they are.",
)
@click.option(
    "--baseline",
    "--file",
    cls=Option,
    section=_BASELINE,
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="The file.  [default: meshlint-baseline.json beside the configuration]",
)
@declared(WHAT_IS_READ, RULES, WORLD, DEBUG)
def command(
    paths: tuple[str, ...],
    prune: bool,
    why: tuple[tuple[str, str], ...],
    until: datetime | None,
    **given: Any,
) -> int:
    """Freeze what is found today in a file that check holds its findings against.

    The file has a line for each finding and belongs into the repository, beside the configuration. Findings
    are known again by what they mean: files may be moved, split and written anew. What got worse is new.
    """
    if until is not None and not why:
        raise click.UsageError("--until goes with --why: it is the last day of a reason.")
    if given["changed"]:
        raise click.UsageError("a baseline holds all findings, so it cannot be written of changed files.")
    read = paths or (".",)
    request = options_of({**given, "changed": False})
    if why:
        return _accept(read, request, why, until.date() if until else None)
    done = asked(lambda: api().baseline(read, request, prune=prune))
    if done is None:
        return ExitCode.NOTHING_FOUND
    to_stdout(_told(done, prune=prune))
    return ExitCode.CLEAN


def _accept(
    read: tuple[str, ...], request: Any, why: tuple[tuple[str, str], ...], until: date | None
) -> ExitCode:
    done = asked(lambda: api().accept(read, request, dict(why), until))
    if done is not None:
        day = f" until {until}" if until else ""
        to_stdout(printable(f"{one.rule} {one.id[:8]} is accepted{day}: {one.says}") for one in done.added)
    return ExitCode.CLEAN


def _told(done: Rewritten, *, prune: bool) -> list[str]:
    changes = [f"{len(done.removed)} no longer there"]
    if not prune:
        changes.insert(0, f"{len(done.added)} new")
    count = len(done.entries)
    noun = "finding" if count == 1 else "findings"
    return [printable(f"{done.file} holds {count} {noun} ({', '.join(changes)}).")]
