"""Command lines that are read without click are read as click reads them."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from meshlint.cli import plain
from meshlint.cli.plain import plainly
from meshlint.cli.verbs.check import command
from meshlint.reports import FORMATS
from tests.cli.conftest import Meshlint
from tests.cli.loaded import loaded

_WORDS = (*plain._FLAGS, "k8s", "a b.yaml", "-", "", "check", "*.yaml", "@file", "ü=1")
_LINES = (
    [],
    *([word] for word in _WORDS),
    *([*pair] for pair in combinations(_WORDS, 2)),
    *([option, name] for option in plain._FORMAT for name in FORMATS),
    *(["--jobs", number, "k8s"] for number in sorted(plain._NUMBERS)),
    ["--jobs", "2", "--jobs", "1"],
    ["-o", "JSON", "k8s", "--output", "text", "--quiet", "apps", "-v"],
)
_OTHERS = (
    ("--help",),
    ("-h",),
    ("--", "-o"),
    ("-qv",),
    ("-ojson",),
    ("-o",),
    ("-o", "json=out.json"),
    ("-o", "jso"),
    ("--format=json",),
    ("--jobs",),
    ("--jobs", "0"),
    ("--jobs", "12"),
    ("--jobs", "²"),
    ("--jobs=2",),
    ("--quie",),
    ("--fix",),
    ("--since", "main"),
    ("-n", "shop"),
)


@pytest.mark.parametrize("line", _LINES, ids=" ".join)
def test_a_plain_line_is_read_as_click_reads_it(line: list[str]) -> None:
    read = plainly(["check", *line])
    assert read is not None
    paths, given = read
    assert {"paths": paths, **given} == command.make_context("check", [*line]).params


@pytest.mark.parametrize("line", _OTHERS, ids=" ".join)
def test_all_other_lines_are_left_to_click(line: tuple[str, ...]) -> None:
    assert plainly(["check", *line]) is None
    assert plainly(["check", "k8s", *line]) is None


def test_other_verbs_and_completion_are_left_to_click(monkeypatch: pytest.MonkeyPatch) -> None:
    for line in ([], ["rules"], ["--version"], ["k8s"]):
        assert plainly(line) is None
    monkeypatch.setenv("_MESHLINT_COMPLETE", "bash_source")
    assert plainly(["check"]) is None


@pytest.mark.parametrize("wrong", [("--changed",), ("-o", "json", "-o", "text"), ("--no-cache", "nowhere")])
def test_what_is_wrong_is_told_in_the_same_words(meshlint: Meshlint, wrong: tuple[str, ...]) -> None:
    """`--color auto` says nothing new, and has click read the line."""
    one, other = meshlint("check", *wrong), meshlint("check", *wrong, "--color", "auto")
    assert one == other
    assert one.code == 2 or wrong[0] == "--no-cache"


def test_an_interrupted_run_ends_its_line(meshlint: Meshlint) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    one, other = (meshlint("check", *more, answer=interrupted) for more in ((), ("--color", "auto")))
    assert one == other
    assert one.err == "\n"


_NOT_NEEDED = (
    "attrs",
    "click",
    "fractions",
    "inspect",
    "meshlint.security.transport",
    "meshlint.traffic.status.statuses",
    "meshlint.traffic.ways",
)


def test_a_plain_check_of_a_small_file_loads_neither_click_nor_attrs(tmp_path: Path) -> None:
    manifest = tmp_path / "route.yaml"
    manifest.write_text(
        "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: cart, namespace: shop}\n"
        "spec: {hosts: [cart.example.com], http: [{route: [{destination: {host: cart}}]}]}\n"
    )
    check = f"run(['check', '--no-cache', '-q', {str(manifest)!r}])"
    code = f"from meshlint.cli.process import run\nassert {check} == 0"
    assert loaded(code, _NOT_NEEDED) == []
