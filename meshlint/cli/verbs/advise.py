"""`meshlint advise`."""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from meshlint.cli.asking import asked, stdin_for
from meshlint.cli.declarations import COLOR, DEBUG, WHAT_IS_READ, WORLD, declared, format_among
from meshlint.cli.door import api
from meshlint.cli.exit_codes import ExitCode
from meshlint.cli.output import to_stdout
from meshlint.cli.request import flattened, options_of
from meshlint.cli.shape import Option, ParamType, Verb, Words
from meshlint.cli.terminal import wants_color, width_of
from meshlint.reports import ReportOptions
from meshlint.reports.advice.report import ADVICE_FORMATS, write_advice

_KNOWN = "What manifests cannot say"
_DECISION = "The decision"
_EXAMPLES = (
    ("meshlint advise k8s/", "Istio, Linkerd or neither yet, and why"),
    ("meshlint advise --rps 2000 --nodes 12", "with the load and the size of the cluster"),
    ("meshlint advise --need jwt --need tracing", "with needs that no manifest shows yet"),
    ("meshlint advise --cpu-price 20 --memory-price 3", "what it costs in a month"),
    ("meshlint advise --explain", "where every number comes from"),
)


class Amount(ParamType):
    """A number that is not negative, kept exactly."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Fraction:
        """The number."""
        if isinstance(value, Fraction):
            return value
        try:
            amount = Fraction(str(value).strip())
        except (ValueError, ZeroDivisionError):
            self.fail(f'"{value}" is no number.', param, ctx)
        if not 0 <= amount <= 10**12:
            self.fail(f'"{value}" must lie between 0 and a million millions.', param, ctx)
        return amount


class Rate(ParamType):
    """`WORKLOAD=N`."""

    name = "WORKLOAD=N"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Fraction]:
        """The name and the requests per second."""
        if isinstance(value, tuple):
            return value
        name, sign, rate = str(value).rpartition("=")
        if not sign or not name:
            self.fail(f'"{value}" must be written as WORKLOAD=N, as in shop/cart=200.', param, ctx)
        return name, Amount().convert(rate, param, ctx)


def _known(*names: str, **about: Any) -> Any:
    return click.option(*names, cls=Option, section=_KNOWN, **about)


def _decides(*names: str, **about: Any) -> Any:
    return click.option(*names, cls=Option, section=_DECISION, **about)


_GIVEN = (
    _known("--rps", type=Amount(), metavar="N", help="Requests per second over the whole mesh."),
    _known("--rps-for", type=Rate(), multiple=True, help="Requests per second to one workload besides."),
    _known("--nodes", type=click.IntRange(1, 100_000), metavar="N", help="Nodes of the cluster."),
    _known("--cpu-price", type=Amount(), metavar="N", help="The price of a core in a month."),
    _known("--memory-price", type=Amount(), metavar="N", help="The price of a GiB of memory in a month."),
    _known("--need", multiple=True, type=Words(), metavar="NEED,...", help="Needs that do not show yet."),
    _known("--without", multiple=True, type=Words(), metavar="NEED,...", help="Needs that show, but may go."),
)
_DECIDED = (
    _decides(
        "--weights",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="A file with weights, scales and assumptions of your own.",
    ),
)


@click.command(cls=Verb, examples=_EXAMPLES)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=str, allow_dash=True))
@declared(_GIVEN, _DECIDED)
@declared((format_among(ADVICE_FORMATS),))
@click.option("--explain", cls=Option, section="Report", is_flag=True, help="Trace every number.")
@declared(COLOR, WHAT_IS_READ, WORLD, DEBUG)
def command(paths: tuple[str, ...], format_name: str, explain: bool, color: str, **given: Any) -> int:
    """Recommend Istio, Linkerd or no mesh yet, from the size and the needs of the workloads.

    PATH is a file, a directory, a glob, or - for standard input; the default is this directory.
    """
    read = paths or (".",)
    advice = asked(
        lambda: api().advise(
            read, options_of(given), _told(given), weights=given["weights"], stdin=stdin_for(read)
        )
    )
    if advice is None:
        return ExitCode.NOTHING_FOUND
    options = ReportOptions(color=wants_color(color, sys.stdout), width=width_of(sys.stdout))
    to_stdout(write_advice(advice, format_name, options, explain=explain))
    return ExitCode.CLEAN


def _told(given: dict[str, Any]) -> Any:
    """What the command line states; what it leaves out is left to the configuration."""
    from meshlint.advisor import Given

    return Given(
        rps=given["rps"],
        rps_for=dict(given["rps_for"]),
        nodes=given["nodes"],
        cpu_price=given["cpu_price"],
        memory_price=given["memory_price"],
        needs=flattened(given["need"]),
        without=flattened(given["without"]),
    )
