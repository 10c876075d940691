"""`meshlint check`: the main verb, as it is written."""

from __future__ import annotations

from typing import Any

import click

from meshlint.cli.checking import checked
from meshlint.cli.declarations import (
    BEFORE,
    CACHE,
    CLUSTER,
    JOBS,
    MENDING,
    REPORT,
    RULES,
    WHAT_IS_READ,
    WORLD,
    declared,
)
from meshlint.cli.shape import Verb

_EXAMPLES = (
    ("meshlint check", "everything below this directory"),
    ("meshlint check k8s/ 'apps/**/*.yaml'", "some directories, files and globs"),
    ("helm template chart | meshlint check -", "what a renderer writes"),
    ("meshlint check --kustomize overlays/prod", "what kustomize builds"),
    ("meshlint check --select MTLS,AUTHZ", "some families of rules only"),
    ("meshlint check --cluster", "the cluster of the current context, read-only"),
    ("meshlint check --fail-on error", "let warnings pass"),
    ("meshlint check --since main...", "what this branch brings in"),
    ("meshlint check --diff", "what --fix would mend"),
    ("meshlint check -o text -o sarif=out.sarif", "two reports in one run"),
)


@click.command(cls=Verb, examples=_EXAMPLES)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=str, allow_dash=True))
@declared(CLUSTER, WHAT_IS_READ, RULES, BEFORE, MENDING, WORLD, JOBS, CACHE, REPORT)
def command(paths: tuple[str, ...], **given: Any) -> int:
    """Find what is wrong in manifests, and what it does to the mesh.

    PATH is a file, a directory, a glob, or - for standard input; the default is this directory. All of it is
    read as one mesh; where kustomizations, Flux or Argo CD put it together, as they do.

    The exit code is 0 if nothing at or above --fail-on was found, 1 if something was, 2 for wrong usage or
    configuration, 3 if meshlint failed, and 4 if there are no manifests.
    """
    return checked(paths, given)
