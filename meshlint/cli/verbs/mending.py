"""`--fix`, `--unsafe-fixes`, `--diff`, `--add-ignores` of `meshlint check`: what is done to files first."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from meshlint.cli.asking import asked
from meshlint.cli.door import api
from meshlint.cli.exit_codes import ExitCode
from meshlint.cli.output import to_stdout
from meshlint.cli.request import options_of
from meshlint.cli.terminal import tell, wants_color
from meshlint.cli.usage import wrong_usage
from meshlint.reports.shared.style import paint, printable

if TYPE_CHECKING:
    from meshlint.api.edits.editing import Edited
    from meshlint.api.edits.mending import Mended

_ROLES = {"+": "help", "-": "error", "@": "frame"}


def is_mending(given: dict[str, Any]) -> bool:
    """Whether files are to be mended, or what would be is to be shown."""
    if given["add_ignores"] is not None and not given["add_ignores"].strip():
        raise wrong_usage("--add-ignores needs a reason: who reads the comment wants to know.")
    wanted = bool(given["fix"] or given["unsafe_fixes"] or given["diff"] or given["add_ignores"])
    if wanted and given.get("cluster") is not None:
        raise wrong_usage("--cluster only reads: nothing is mended there.")
    return wanted


def mend(paths: tuple[str, ...], changed: tuple[str, ...], given: dict[str, Any]) -> ExitCode | None:
    """Mend the files, or show what would be; the code of a run that ends with that, None to go on."""
    if given["add_ignores"] and (given["fix"] or given["unsafe_fixes"]):
        raise wrong_usage("--add-ignores accepts findings and --fix mends them. Take one of them.")
    request = options_of(given, changed)
    done: Mended | None = asked(
        lambda: api().fix(paths, request, unsafe=given["unsafe_fixes"], ignore=given["add_ignores"])
    )
    if done is None:
        return ExitCode.NOTHING_FOUND
    if given["diff"]:
        to_stdout(_diff(done.files, color=wants_color(given["color"], sys.stdout)))
    else:
        asked(lambda: api().write_back(done.files))
    if not given["quiet"]:
        for line in _summary(done, shown=given["diff"], verbose=given["verbose"]):
            tell(line)
    if given["diff"]:
        return ExitCode.FINDINGS if done.files else ExitCode.CLEAN
    return None


def _summary(done: Mended, *, shown: bool, verbose: bool) -> Iterator[str]:
    count, files = sum(len(one.findings) for one in done.kept), len(done.files)
    verb = "Would mend" if shown else "Mended"
    nouns = ("finding" if count == 1 else "findings", "file" if files == 1 else "files")
    yield f"{verb} {count} {nouns[0]} in {files} {nouns[1]}."
    if verbose:
        for one in done.kept:
            yield printable(f"  {one.finding.location}: {one.finding.rule}: {one.title}")
    for one in done.refused:
        place = f"{one.finding.location}: {one.finding.rule}"
        yield printable(f"Left alone: {place}: to {one.title} would not mend it, or cause another finding")


def _diff(files: Iterable[Edited], *, color: bool) -> Iterator[str]:
    from difflib import unified_diff

    for file in files:
        before, after = (data.decode("utf-8", "replace").splitlines() for data in (file.before, file.after))
        lines = unified_diff(before, after, f"a/{file.path}", f"b/{file.path}", lineterm="")
        for line in lines:
            role = _ROLES.get(line[:1], "") if not line.startswith(("+++", "---")) else "strong"
            yield paint(role, printable(line), color=color) if role else printable(line)
