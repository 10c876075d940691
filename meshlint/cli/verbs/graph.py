"""`meshlint graph`."""

from __future__ import annotations

import sys
from typing import Any

import click

from meshlint.cli.asking import asked, stdin_for
from meshlint.cli.declarations import COLOR, DEBUG, WHAT_IS_READ, WORLD, declared, format_among
from meshlint.cli.door import api
from meshlint.cli.exit_codes import ExitCode
from meshlint.cli.output import to_stdout
from meshlint.cli.request import options_of
from meshlint.cli.shape import Option, Verb
from meshlint.cli.terminal import wants_color, width_of
from meshlint.reports import ReportOptions
from meshlint.reports.graph.report import GRAPH_FORMATS, write_graph

_EXAMPLES = (
    ("meshlint graph k8s/", "who calls whom, and is it secured"),
    ("meshlint graph --format dot | dot -Tsvg > mesh.svg", "a drawing, with Graphviz"),
    ("meshlint graph --format mermaid", "a drawing for a Markdown page"),
    ("meshlint graph --open", "a map to look around in, in the browser"),
)


@click.command(cls=Verb, examples=_EXAMPLES)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=str, allow_dash=True))
@declared(
    (
        format_among(
            GRAPH_FORMATS,
            "table (the default) has a row for each edge between services; the others draw everything.",
        ),
        click.option(
            "--open",
            "opens",
            cls=Option,
            section="Report",
            is_flag=True,
            help="Show the map of the page of meshlint serve in a browser.",
        ),
    )
)
@declared(COLOR, WHAT_IS_READ, WORLD, DEBUG)
def command(paths: tuple[str, ...], format_name: str, color: str, *, opens: bool, **given: Any) -> int:
    """Draw how services, workloads and policies hang together, as far as the manifests tell.

    PATH is a file, a directory, a glob, or - for standard input; the default is this directory.
    --open writes a page that needs nothing else, and prints its address.
    """
    read = paths or (".",)
    picture = asked(lambda: api().graph(read, options_of(given), stdin=stdin_for(read)))
    if picture is None:
        return ExitCode.NOTHING_FOUND
    if opens:
        from meshlint.cli.opening import kept, opened
        from meshlint.reports.graph.opened import write_page

        address = kept(write_page(picture), "mesh.html")
        to_stdout([address])
        opened(address)
        return ExitCode.CLEAN
    options = ReportOptions(color=wants_color(color, sys.stdout), width=width_of(sys.stdout))
    to_stdout(write_graph(picture, format_name, options))
    return ExitCode.CLEAN
