"""The labelled defects and traps, and what meshlint says of the directories that they lie in."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from meshlint.api import NothingFound, Request, check
from meshlint.engine.finding import Finding
from meshlint.engine.rule import Severity
from tests.shared import SHARED


@cache
def labels(name: str) -> tuple[dict[str, Any], ...]:
    """The labels of `labelled-defects` or `labelled-fine` that count."""
    found = json.loads((SHARED / "cases" / f"{name}.json").read_text(encoding="utf-8"))
    return tuple(label for label in found if label["certain"])


def place(label: dict[str, Any]) -> Path:
    """The file that a label speaks of, relative to the shared folder."""
    return Path("corpus", label["repo"].replace("/", "+"), label["path"])


@cache
def findings(directory: Path, profile: str) -> tuple[Finding, ...]:
    """What is found in one directory, checked by itself as its users would."""
    request = Request(profile=profile, no_config=True, directory=SHARED, gitignore=False)
    try:
        return check([str(SHARED / directory)], request).findings
    except NothingFound:
        return ()


def repository(label: dict[str, Any]) -> Path:
    """The directory of the whole repository that a label speaks of, relative to the shared folder."""
    return Path("corpus", label["repo"].replace("/", "+"))


def reported(label: dict[str, Any], directory: Path | None = None) -> bool:
    """Whether something is said of the labelled line; what is legal but weak may need a stricter profile.

    The directory of the file is checked unless another one is named.
    """
    profile = "pedantic" if label["intent"] in ("posture", "deliberate") else "default"
    file, line = place(label).as_posix(), label["line"]
    return any(
        (location.file, location.span.line) == (file, line)
        for finding in findings(directory or place(label).parent, profile)
        for location in (
            finding.location,
            *finding.others,
            *(related.location for related in finding.related),
        )
    )


def alarms(label: dict[str, Any]) -> list[str]:
    """What is said of the labelled line at warning or above by default.

    Its directory, the one above and the whole repository are each checked by themselves.
    """
    file, line = place(label).as_posix(), label["line"]
    return [
        f"{finding.rule} {finding.message}"
        for directory in (place(label).parent, place(label).parent.parent, repository(label))
        for finding in findings(directory, "default")
        if (finding.location.file, finding.location.span.line) == (file, line)
        and finding.severity >= Severity.WARNING
    ]
