from __future__ import annotations

import re

from meshlint.reports import ReportOptions, writer
from tests.reports.outcomes import FULL

_COMMAND = re.compile(r"::(?P<command>error|warning|notice) (?P<properties>[^:]*)::(?P<message>.*)")


def commands() -> list[re.Match[str]]:
    lines = writer("github")(FULL, ReportOptions(prefix="deploy"))
    return [match for line in lines if (match := _COMMAND.fullmatch(line))]


def test_each_finding_is_one_command_and_the_worst_comes_first() -> None:
    assert [match["command"] for match in commands()] == ["error", "warning", "warning", "warning", "notice"]


def test_properties_and_messages_are_escaped() -> None:
    last = commands()[-1]
    assert last["message"].startswith("first line second: line, with a comma%0A")
    assert "100%25" in commands()[2]["message"]
    assert "file=deploy/mesh/hard to print.yaml" in last["properties"]


def test_columns_are_given_on_a_single_line_only() -> None:
    with_columns = ["col=" in match["properties"] for match in commands()]
    assert with_columns == [True, False, True, True, True]
