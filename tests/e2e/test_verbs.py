"""The other verbs, and the help."""

from __future__ import annotations

import json
import re
import subprocess
from shutil import which
from typing import TYPE_CHECKING

import pytest

from tests.e2e.running import environment, meshlint
from tests.shared import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

_VERBS = ("check", "explain", "rules", "graph", "completion")
_BOOKINFO = str(PROJECT / "examples" / "bookinfo")


def test_the_graph_as_a_table(tmp_path: Path) -> None:
    done = meshlint("graph", _BOOKINFO, at=tmp_path)
    assert done.code == 0
    header, *rows = done.out.splitlines()
    assert header.split()[0].lower() == "client"
    assert any("bookinfo/productpage" in row and "bookinfo/reviews" in row for row in rows)


@pytest.mark.parametrize(("name", "start"), [("dot", "digraph"), ("mermaid", "flowchart")])
def test_the_graph_as_a_drawing(tmp_path: Path, name: str, start: str) -> None:
    done = meshlint("graph", "--format", name, _BOOKINFO, at=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert start in done.out.splitlines()[0] + done.out.splitlines()[1]
    assert "reviews" in done.out


def test_the_graph_as_data(tmp_path: Path) -> None:
    done = meshlint("graph", "--format", "json", _BOOKINFO, at=tmp_path)
    picture = json.loads(done.out)
    names = {node["id"] for node in picture["nodes"]}
    assert names
    assert all({link["source"], link["target"]} <= names for link in picture["links"])
    assert {call["secured"] for call in picture["calls"]} == {"mutual TLS"}


def test_a_graph_of_nothing(tmp_path: Path) -> None:
    done = meshlint("graph", at=tmp_path)
    assert (done.code, done.out) == (4, "")


def test_every_rule_is_listed_and_explained(tmp_path: Path) -> None:
    rules = json.loads(meshlint("rules", "--format", "json", at=tmp_path).out)
    listed = [rule["id"] for rule in (rules if isinstance(rules, list) else rules["rules"])]
    lines = meshlint("rules", at=tmp_path).out.splitlines()
    assert [line.split()[0] for line in lines] == listed
    for word in (listed[0], lines[-1].split()[1]):
        page = meshlint("explain", word, at=tmp_path)
        assert page.code == 0
        assert word in page.out


def test_rules_are_filtered(tmp_path: Path) -> None:
    done = meshlint("rules", "--family", "mtls", "--mesh", "linkerd", "--severity", "warning", at=tmp_path)
    assert done.code == 0
    assert done.out
    assert all(re.match(r"MTLS\d{3} .* (warning|error) ", line) for line in done.out.splitlines())


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(tmp_path: Path, shell: str) -> None:
    done = meshlint("completion", shell, at=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert "_MESHLINT_COMPLETE" in done.out
    program = which(shell)
    if program:
        checked = subprocess.run([program, "-n"], input=done.out, text=True, capture_output=True)
        assert checked.stderr == ""


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("meshlint ch", "check"),
        ("meshlint check --fail", "--fail-on"),
        ("meshlint explain MTLS00", "MTLS001"),
    ],
)
def test_words_are_completed(words: str, offered: str) -> None:
    import sys

    done = subprocess.run(
        [sys.executable, "-m", "meshlint"],
        env={
            **environment(),
            "_MESHLINT_COMPLETE": "bash_complete",
            "COMP_WORDS": words,
            "COMP_CWORD": str(words.count(" ")),
        },
        capture_output=True,
        text=True,
    )
    assert offered in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("verb", _VERBS)
def test_help_reads_well_and_its_examples_are_true(tmp_path: Path, verb: str) -> None:
    done = meshlint(verb, "--help", at=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert "Examples:" in done.out
    assert max(map(len, done.out.splitlines())) <= 120
    for rule in re.findall(r"meshlint explain ([\w-]+)", done.out):
        assert meshlint("explain", rule, at=tmp_path).code == 0, rule


def test_no_verb_shows_the_help(tmp_path: Path) -> None:
    done = meshlint(at=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert all(verb in done.err for verb in _VERBS)


def test_the_version(tmp_path: Path) -> None:
    assert re.fullmatch(r"meshlint \d+\.\d+\.\d+\S*\n", meshlint("--version", at=tmp_path).out)
