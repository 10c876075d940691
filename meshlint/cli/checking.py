"""What `meshlint check` does, however its command line was read."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from meshlint.cli import leave
from meshlint.cli.asking import asked, stdin_for
from meshlint.cli.door import api
from meshlint.cli.exit_codes import ExitCode
from meshlint.cli.kept import Memory, Told, memory_of, ways_of_telling
from meshlint.cli.output import Output, checked_outputs, for_stdout, write_lines, write_reports
from meshlint.cli.progress import Progress
from meshlint.cli.repository import category_of, prefix_of
from meshlint.cli.request import options_of
from meshlint.cli.terminal import tell, wants_color, width_of
from meshlint.cli.usage import wrong_usage
from meshlint.cli.verbs.mending import is_mending, mend
from meshlint.engine.outcome import Outcome
from meshlint.engine.rule import Severity
from meshlint.reports import PICTURED, ReportOptions
from meshlint.values import evolve

if TYPE_CHECKING:
    from meshlint.api.reading.project import Project
    from meshlint.reports.shared.drawing import Drawing

_SEVERITIES = {str(severity): severity for severity in Severity}


def checked(paths: tuple[str, ...], given: dict[str, Any]) -> int:
    """Find what is wrong, write the reports, and tell the exit code."""
    outputs = checked_outputs(given["output"])
    if given["server"] is not None:
        from meshlint.cli.remote import check_remotely

        return check_remotely(paths, given, outputs)
    if is_mending(given):
        code = mend(*_paths(paths, changed=given["changed"], since=given["since"]), given)
        if code is not None:
            return code
    drawn: list[Drawing] = []
    with Progress(wanted=not given["quiet"]) as progress:
        found, memory = _found(paths, given, outputs, progress, drawn)
    if found is None:
        return ExitCode.NOTHING_FOUND
    if isinstance(found, Told):
        told = found
        write_lines(outputs, told.lines_of(outputs))
    else:
        told = _told(paths, given, outputs, found, memory, *drawn)
    for line in told.summary:
        tell(line, color=wants_color(given["color"], sys.stderr))
    return told.code


def _found(
    paths: tuple[str, ...],
    given: dict[str, Any],
    outputs: tuple[Output, ...],
    progress: Progress,
    drawn: list[Drawing],
) -> tuple[Outcome | Told | None, Memory]:
    """What the run found, or what was told of it before; None if there was nothing to look at.

    A picture of the mesh is put into `drawn` where a report has one.
    """
    if given["cluster"] is not None:
        return _of_cluster(paths, given), Memory()
    read, changed = _paths(paths, changed=given["changed"], since=given["since"])
    request, stdin = options_of(given, changed), stdin_for(read)
    here = asked(lambda: api().gather(read, request, stdin=stdin, progress=progress))
    options = _report_options(paths, given)
    telling = ways_of_telling(
        outputs, given, for_stdout(options, given["color"]), _for_stderr(options, given["color"])
    )
    memory = memory_of(here, given, telling)
    known = memory.recall(outputs)
    pictured = any(one.format in PICTURED for one in outputs)

    def seen(project: Project) -> None:
        leave(project)
        if pictured:
            drawn.append(api().drawing(project))

    answer = known or asked(
        lambda: api().check(read, request, stdin=stdin, progress=progress, here=here, seen=seen)
    )
    return answer, memory


def _told(
    paths: tuple[str, ...],
    given: dict[str, Any],
    outputs: tuple[Output, ...],
    outcome: Outcome,
    memory: Memory,
    drawn: Drawing | None = None,
) -> Told:
    """Write the reports; what is left to tell."""
    outcome = evolve(outcome, fail_on=_least(outcome, given["fail_on"]))
    options = evolve(_report_options(paths, given), drawing=drawn)
    write_reports(outcome, outputs, options, given["color"], memory.through)
    summary = () if given["quiet"] else _summary(outcome, _for_stderr(options, given["color"]))
    told = Told(memory.copies(outputs), summary, _exit_code(outcome, given))
    memory.keep(outcome, told)
    return told


def _of_cluster(paths: tuple[str, ...], given: dict[str, Any]) -> Outcome | None:
    """What is wrong in a live cluster."""
    if paths or given["changed"] or given["since"]:
        raise wrong_usage("--cluster reads a live cluster, so no PATH, --changed or --since goes with it.")
    from meshlint.api.inputs.cluster import check_cluster, connect

    return asked(lambda: check_cluster(connect(given["cluster"]), options_of(given)))


def _paths(
    paths: tuple[str, ...], *, changed: bool, since: str | None = None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What to read, and which files the findings have to do with: none means any."""
    if not changed:
        return paths or (".",), ()
    if since:
        raise wrong_usage("--changed and --since are two ways to ask what is new. Take one of them.")
    if not paths:
        raise wrong_usage("--changed needs the files that have changed: meshlint check --changed FILE...")
    return (".",), paths


def _report_options(paths: tuple[str, ...], given: dict[str, Any]) -> ReportOptions:
    prefix = prefix_of(Path.cwd())
    read, _changed = _paths(paths, changed=given["changed"])
    return ReportOptions(
        verbose=given["verbose"], prefix=prefix, category=category_of(set(read) - {"-"}, prefix)
    )


def _for_stderr(options: ReportOptions, color: str) -> ReportOptions:
    return evolve(options, color=wants_color(color, sys.stderr), width=width_of(sys.stderr))


def _summary(outcome: Outcome, options: ReportOptions) -> tuple[str, ...]:
    from meshlint.reports.findings.summary import summary_lines

    return tuple(summary_lines(outcome, options))


def _least(outcome: Outcome, fail_on: str | None) -> Severity | None:
    """The level from which findings fail the run: as asked, else as configured; None for never."""
    return outcome.fail_on if fail_on is None else _SEVERITIES.get(fail_on)


def _exit_code(outcome: Outcome, given: dict[str, Any]) -> ExitCode:
    if given["require_mesh"] and outcome.summary.meshes == {}:
        return ExitCode.NOTHING_FOUND
    if given["exit_zero"] or outcome.fail_on is None:
        return ExitCode.CLEAN
    failed = any(finding.severity >= outcome.fail_on for finding in outcome.findings)
    return ExitCode.FINDINGS if failed else ExitCode.CLEAN
