"""What must hold of one public report: what `check` finds, where `route` leads, whom `access` lets in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from attrs import field, frozen

from meshlint.api import Project, Request, check, load
from meshlint.engine.finding import Finding
from meshlint.engine.rule import Severity
from tests.shared import SHARED

FIELD = SHARED / "cases" / "field"
WARNINGS = Severity.WARNING


@frozen
class Told:
    """A finding at warning or above: the rule, the lines of `app.yaml` it may stand on, some of its words.

    `hint` is a part of what it advises.
    """

    rule: str
    lines: tuple[int, ...]
    words: str = ""
    hint: str = ""


@frozen
class Way:
    """A request, and what becomes of it.

    `outcome` is a word of the answer, `pods` are the workloads that get it, `says` are parts of the report
    and `never` what must not be in it.
    """

    client: str
    url: str
    outcome: str
    status: int | None = None
    pods: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    method: str = "GET"


@frozen
class Call:
    """A caller and a destination, and the verdict on each port; `says` is what the reasons tell."""

    to: str
    source: str
    verdict: str
    request: Mapping[str, Any] = field(factory=dict)
    transport: str = ""
    says: str = ""
    never: str = ""


@frozen
class Row:
    """What must hold of a folder; `silent` are rules that must not speak at warning or above.

    `versions` are those of the meshes, and `extra` rules may speak besides (none does otherwise).
    """

    told: tuple[Told, ...] = ()
    ways: tuple[Way, ...] = ()
    calls: tuple[Call, ...] = ()
    silent: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(factory=dict)


def broken(folder: str) -> tuple[str, ...]:
    """The files of a report."""
    return tuple(sorted(map(str, (FIELD / folder).glob("*.yaml"))))


def fixed(folder: str) -> tuple[str, ...]:
    """The files of a report with its solution: those of `fixed` in the place of their namesakes."""
    files = {Path(one).name: one for one in broken(folder)}
    files |= {one.name: str(one) for one in (FIELD / folder / "fixed").glob("*.yaml")}
    return tuple(files[name] for name in sorted(files))


def folders() -> tuple[str, ...]:
    """Every report that is there."""
    return tuple(sorted(one.parent.name for one in FIELD.glob("*/NOTE.md")))


@cache
def findings(files: tuple[str, ...], versions: tuple[tuple[str, str], ...] = ()) -> tuple[Finding, ...]:
    """What the default profile says."""
    return tuple(check(files, _request(versions)).findings)


@cache
def project(files: tuple[str, ...]) -> Project:
    """The files, to be asked."""
    return load(files, _request(()))


def _request(versions: tuple[tuple[str, str], ...]) -> Request:
    return Request(no_config=True, directory=FIELD, gitignore=False, versions=dict(versions))
