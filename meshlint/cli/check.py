"""`meshlint check`: the main verb."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
from attrs import evolve

from meshlint.cli.asking import asked, stdin_for
from meshlint.cli.declarations import BEFORE, CLUSTER, REPORT, RULES, WHAT_IS_READ, WORLD, declared
from meshlint.cli.door import api
from meshlint.cli.exit_codes import ExitCode
from meshlint.cli.output import checked_outputs, write_reports
from meshlint.cli.progress import Progress
from meshlint.cli.repository import category_of, prefix_of
from meshlint.cli.request import options_of
from meshlint.cli.shape import Verb
from meshlint.cli.terminal import tell, wants_color, width_of
from meshlint.engine.outcome import Outcome
from meshlint.engine.rule import Severity
from meshlint.reports import ReportOptions

_SEVERITIES = {str(severity): severity for severity in Severity}
_EXAMPLES = (
    ("meshlint check", "everything below this directory"),
    ("meshlint check k8s/ 'apps/**/*.yaml'", "some directories, files and globs"),
    ("helm template chart | meshlint check -", "what a renderer writes"),
    ("meshlint check --kustomize overlays/prod", "what kustomize builds"),
    ("meshlint check --select MTLS,AUTHZ", "some families of rules only"),
    ("meshlint check --cluster", "the cluster of the current context, read-only"),
    ("meshlint check --fail-on error", "let warnings pass"),
    ("meshlint check --since main...", "what this branch brings in"),
    ("meshlint check -o text -o sarif=out.sarif", "two reports in one run"),
)


@click.command(cls=Verb, examples=_EXAMPLES)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=str, allow_dash=True))
@declared(CLUSTER, WHAT_IS_READ, RULES, BEFORE, WORLD, REPORT)
def command(paths: tuple[str, ...], **given: Any) -> int:
    """Find what is wrong in manifests, and what it does to the mesh.

    PATH is a file, a directory, a glob, or - for standard input; the default is this directory. All of it is
    read as one mesh; where kustomizations, Flux or Argo CD put it together, as they do.

    The exit code is 0 if nothing at or above --fail-on was found, 1 if something was, 2 for wrong usage or
    configuration, 3 if meshlint failed, and 4 if there are no manifests.
    """
    outputs = checked_outputs(given["output"])
    outcome = _outcome(paths, given)
    if outcome is None:
        return ExitCode.NOTHING_FOUND
    outcome = evolve(outcome, fail_on=_least(outcome, given["fail_on"]))
    options = _report_options(paths, given)
    write_reports(outcome, outputs, options, given["color"])
    _tell_summary(outcome, options, given)
    if given["require_mesh"] and outcome.summary.meshes == {}:
        return ExitCode.NOTHING_FOUND
    return _exit_code(outcome, exit_zero=given["exit_zero"])


def _outcome(paths: tuple[str, ...], given: dict[str, Any]) -> Outcome | None:
    """What the run found; None if there was nothing to look at, which has then been said."""
    read, changed = _paths(paths, changed=given["changed"], since=given["since"])
    with Progress(wanted=not given["quiet"]) as progress:
        if given["cluster"] is not None:
            return _of_cluster(paths, given)
        options, stdin = options_of(given, changed), stdin_for(read)
        return asked(lambda: api().check(read, options, stdin=stdin, progress=progress))


def _of_cluster(paths: tuple[str, ...], given: dict[str, Any]) -> Outcome | None:
    """What is wrong in a live cluster."""
    if paths or given["changed"] or given["since"]:
        raise click.UsageError(
            "--cluster reads a live cluster, so no PATH, --changed or --since goes with it."
        )
    from meshlint.api.cluster import check_cluster, connect

    return asked(lambda: check_cluster(connect(given["cluster"]), options_of(given)))


def _paths(
    paths: tuple[str, ...], *, changed: bool, since: str | None = None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What to read, and which files the findings have to do with: none means any."""
    if not changed:
        return paths or (".",), ()
    if since:
        raise click.UsageError("--changed and --since are two ways to ask what is new. Take one of them.")
    if not paths:
        raise click.UsageError(
            "--changed needs the files that have changed: meshlint check --changed FILE..."
        )
    return (".",), paths


def _report_options(paths: tuple[str, ...], given: dict[str, Any]) -> ReportOptions:
    prefix = prefix_of(Path.cwd())
    read, _changed = _paths(paths, changed=given["changed"])
    return ReportOptions(
        verbose=given["verbose"], prefix=prefix, category=category_of(set(read) - {"-"}, prefix)
    )


def _tell_summary(outcome: Outcome, options: ReportOptions, given: dict[str, Any]) -> None:
    if given["quiet"]:
        return
    from meshlint.reports.findings.summary import summary_lines

    color = wants_color(given["color"], sys.stderr)
    told = evolve(options, color=color, width=width_of(sys.stderr))
    for line in summary_lines(outcome, told):
        tell(line, color=color)


def _least(outcome: Outcome, fail_on: str | None) -> Severity | None:
    """The level from which findings fail the run: as asked, else as configured; None for never."""
    return outcome.fail_on if fail_on is None else _SEVERITIES.get(fail_on)


def _exit_code(outcome: Outcome, *, exit_zero: bool) -> ExitCode:
    if exit_zero or outcome.fail_on is None:
        return ExitCode.CLEAN
    failed = any(finding.severity >= outcome.fail_on for finding in outcome.findings)
    return ExitCode.FINDINGS if failed else ExitCode.CLEAN
