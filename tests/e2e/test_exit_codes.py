"""The table of exit codes, for every format, with nothing replaced; and what goes to which stream."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from tests.e2e.running import CLEAN, ERROR, FORMATS, WARNING, Done, meshlint, run, write

if TYPE_CHECKING:
    from pathlib import Path

_BREAKS = """
import meshlint.api.reading.project as project
def broken(*_): raise RuntimeError("out of order")
project.read_sources = broken
from meshlint.cli import main
main()
"""
CASES: dict[str, tuple[dict[str, str], tuple[str, ...], int]] = {
    "clean": ({"a": CLEAN}, (), 0),
    "warning": ({"a": WARNING}, (), 1),
    "error": ({"a": ERROR}, ("--fail-on", "error"), 1),
    "below fail-on": ({"a": WARNING}, ("--fail-on", "error"), 0),
    "never": ({"a": ERROR}, ("--fail-on", "never"), 0),
    "exit-zero": ({"a": ERROR}, ("--exit-zero",), 0),
    "unknown rule": ({"a": CLEAN}, ("--select", "MTSL"), 2),
    "unknown path": ({"a": CLEAN}, ("b.yaml",), 2),
    "broken configuration": ({"a": CLEAN, "meshlint": "selct: [MTLS]\n"}, (), 2),
    "nothing found": ({}, (), 4),
    "nothing but comments": ({"a": "# nothing\n", "b": ""}, (), 4),
}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("case", CASES)
def test_exit_code(tmp_path: Path, name: str, case: str) -> None:
    files, arguments, code = CASES[case]
    done = meshlint("check", "-o", name, *arguments, at=write(tmp_path, **files))
    assert done.code == code, done.err
    _check_streams(done, name)


@pytest.mark.parametrize("name", FORMATS)
def test_a_failure_of_meshlint_itself(tmp_path: Path, name: str) -> None:
    done = run([sys.executable, "-c", _BREAKS, "check", "-o", name], at=write(tmp_path, a=CLEAN))
    assert done.code == 3
    assert done.err.startswith("error: RuntimeError: out of order\n")
    _check_streams(done, name)


def _check_streams(done: Done, name: str) -> None:
    """Only a report is on stdout, and only words to the user are on stderr."""
    assert "Traceback" not in done.err
    assert done.err
    if done.code > 1:
        assert done.out == ""
        assert done.err.startswith("error: ")
    elif name in ("json", "sarif"):
        assert json.loads(done.out)["version"]
    else:
        assert "Found" not in done.out
        assert ("SCHEMA009" in done.out or "MTLS002" in done.out) == done.err.startswith("Found")


def test_quiet_leaves_stderr_empty(tmp_path: Path) -> None:
    done = meshlint("check", "--quiet", "-o", "concise", at=write(tmp_path, a=ERROR))
    assert (done.code, done.err) == (1, "")
    assert done.out.startswith("a.yaml:1:13: error: ")


def test_two_reports_in_one_run(tmp_path: Path) -> None:
    done = meshlint("check", "-o", "sarif=out.sarif", "-o", "concise", at=write(tmp_path, a=ERROR))
    assert done.out.startswith("a.yaml:1:13: ")
    results = json.loads((tmp_path / "out.sarif").read_text())["runs"][0]["results"]
    assert [result["ruleId"] for result in results] == ["SCHEMA009"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-o", "text=r", "-o", "json=r"), "same file"),
        (("-o", "text", "-o", "json"), "Only one report can go to stdout"),
        (("-o", "json=missing/r"), "does not exist"),
    ],
)
def test_reports_that_have_no_place_to_go(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    done = meshlint("check", *arguments, at=write(tmp_path, a=ERROR))
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [
        (("chekc",), "check"),
        (("check", "--fail-onn", "error"), "--fail-on"),
        (("check", "--fail-on", "eror"), "error"),
        (("check", "-o", "jsn"), "json"),
        (("check", "--select", "MTSL"), "MTLS"),
        (("check", "--ignore", "subset-undefind"), "subset-undefined"),
        (("check", "--profile", "stirct"), "strict"),
        (("check", "aa.yaml"), "a.yaml"),
        (("explain", "SCHEMA0009"), "SCHEMA009"),
        (("rules", "--family", "HYGEINE"), "HYGIENE"),
        (("graph", "--format", "dto"), "dot"),
        (("completion", "zhs"), "zsh"),
    ],
    ids=" ".join,
)
def test_a_typo_is_answered_with_what_was_meant(
    tmp_path: Path, arguments: tuple[str, ...], meant: str
) -> None:
    done = meshlint(*arguments, at=write(tmp_path, a=ERROR))
    assert (done.code, done.out) == (2, "")
    assert f"Did you mean {meant}?" in done.err.replace('"', "").replace("'", "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--istio-version", "newest"), '"newest" is no version'),
        (("--gateway-api-version", ""), '"" is no version'),
        (("--namespace", "My Shop"), '"My Shop" cannot be the name of a namespace'),
        (("--mesh-config", "a.yaml"), '"a.yaml" holds no MeshConfig'),
        (("--mesh-config", "none.yaml"), "does not exist"),
        (("--config", "none.yaml"), "does not exist"),
        (("--crds", "."), "no CustomResourceDefinition"),
    ],
    ids=" ".join,
)
def test_what_makes_no_sense_is_refused(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    done = meshlint("check", *arguments, at=write(tmp_path, a=ERROR))
    assert (done.code, done.out) == (2, "")
    assert said in done.err
