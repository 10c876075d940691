"""Public reports that were searched out in issue threads, rebuilt in other names.

The first line of each file names its source and the cause; `# expect RULE` marks the lines that must be told,
at warning or above, by default.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from meshlint.api import Request, check
from meshlint.engine.rule import Severity

SEARCHED = Path(__file__).parent / "searched"
SOURCE = re.compile(r"# [\w.-]+/[\w.-]+#\d+: \w")
EXPECTED = re.compile(r"# expect (\w+)$")
OPEN = {
    "istio-21916-address-behind-load-balancer": "strict profile alone: some balancers keep the address",
    "istio-35801-claim-checked-at-the-pod": "what checks tokens at the gateway's pods may be out of view",
    "istio-30895-address-behind-gateway": "no rule compares addresses with those of the gateways in between",
    "truxify-7681-account-of-nobody": "told of complete files alone: others may declare the account",
}
"""Reports whose cause is not found by default, and why."""
BESIDES = frozenset({"AUTHZ072", "MTLS001", "UPGRADE002", "UPGRADE030"})
"""Rules about what the sets are besides, such as what they leave undone."""


def reports() -> list[Any]:
    found = []
    for path in sorted(SEARCHED.glob("*.yaml")):
        marks = [pytest.mark.xfail(reason=OPEN[path.stem], strict=True)] if path.stem in OPEN else []
        found.append(pytest.param(path, id=path.stem, marks=marks))
    return found


def expected(path: Path) -> set[tuple[str, int]]:
    lines = path.read_text().splitlines()
    marks = ((EXPECTED.search(line), number) for number, line in enumerate(lines, 1))
    return {(mark[1], number) for mark, number in marks if mark is not None}


@pytest.mark.parametrize("path", reports())
def test_the_cause_is_found_and_nothing_else(path: Path) -> None:
    found = check([str(path)], Request(no_config=True, gitignore=False)).findings
    loud = {(one.rule, one.location.span.line) for one in found if one.severity >= Severity.WARNING}
    assert {one for one in loud if one[0] not in BESIDES or one in expected(path)} == expected(path)


def test_every_report_names_its_source_and_what_is_wrong() -> None:
    paths = sorted(SEARCHED.glob("*.yaml"))
    assert len(paths) >= 30
    assert [path.name for path in paths if not SOURCE.match(path.read_text()) or not expected(path)] == []
    assert OPEN.keys() <= {path.stem for path in paths}
