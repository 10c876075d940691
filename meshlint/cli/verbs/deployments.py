"""`meshlint deployments`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from meshlint.cli.asking import asked, stdin_for
from meshlint.cli.declarations import COLOR, DEBUG, WHAT_IS_READ, WORLD, declared, format_among
from meshlint.cli.door import api
from meshlint.cli.exit_codes import ExitCode
from meshlint.cli.output import to_stdout
from meshlint.cli.request import options_of
from meshlint.cli.shape import Verb

if TYPE_CHECKING:
    from meshlint.assembly.deployments import Deployment

_EXAMPLES = (
    ("meshlint deployments", "what is deployed of this directory"),
    ("meshlint deployments --format json", "for programs"),
    ("meshlint check --deployment overlays/prod", "look at one of them"),
)


@click.command(cls=Verb, examples=_EXAMPLES)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=str, allow_dash=True))
@declared(WHAT_IS_READ, WORLD)
@declared((format_among(("text", "json")),))
@declared(COLOR, DEBUG)
def command(paths: tuple[str, ...], format_name: str, **given: Any) -> int:
    """List what kustomizations, Flux and Argo CD deploy of the files, with the number of objects.

    Files that are part of no deployment are judged beside each of them.
    """
    read = paths or (".",)
    project = asked(lambda: api().load(read, options_of(given), stdin=stdin_for(read)))
    if project is None:
        return ExitCode.NOTHING_FOUND
    write = _json if format_name == "json" else _text
    to_stdout(write(project.deployments))
    return ExitCode.CLEAN


def _text(deployments: Iterable[Deployment]) -> list[str]:
    return [_line(one) for one in deployments] or ["No deployment is declared in these files."]


def _line(one: Deployment) -> str:
    if one.failure is not None:
        return f"{one.name}: not {'rendered' if one.is_release else 'built'}, {one.failure}"
    count = len(one.documents)
    missing = f"; not read: {', '.join(one.missing)}" if one.missing else ""
    return f"{one.name}: {count} {'object' if count == 1 else 'objects'}{missing}"


def _json(deployments: Iterable[Deployment]) -> list[str]:
    told = [
        {
            "name": one.name,
            "objects": len(one.documents),
            "files": sorted(one.files),
            "missing": list(one.missing),
            "outside": list(one.outside),
            "failure": one.failure,
        }
        for one in deployments
    ]
    return [json.dumps({"deployments": told}, indent=2, ensure_ascii=False)]
