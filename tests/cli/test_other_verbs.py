from __future__ import annotations

import json

import pytest

from meshlint import __version__
from meshlint.cli.app import VERBS
from meshlint.reports.rules.lists import LIST_FORMATS
from meshlint.reports.rules.page import PAGE_FORMATS
from tests.cli.conftest import Meshlint


def test_version(meshlint: Meshlint) -> None:
    assert meshlint("--version").out == f"meshlint {__version__}\n"


def test_help_names_every_verb_and_shows_examples(meshlint: Meshlint) -> None:
    result = meshlint("--help")
    assert all(f"  {verb}  " in result.out for verb in VERBS)
    assert "$ meshlint check" in result.out


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_examples(meshlint: Meshlint, verb: str) -> None:
    result = meshlint(verb, "--help")
    assert result.code == 0
    assert f"$ meshlint {verb}" in result.out


@pytest.mark.parametrize("name", LIST_FORMATS)
def test_rules_are_listed(meshlint: Meshlint, name: str) -> None:
    result = meshlint("rules", "--format", name)
    assert "duplicate-key" in result.out
    assert result.code == 0


def test_rules_are_filtered(meshlint: Meshlint) -> None:
    everything = json.loads(meshlint("rules", "--format", "json").out)
    some = json.loads(meshlint("rules", "--format", "json", "--family", "hygiene", "--severity", "error").out)
    assert {rule["family"] for rule in some} == {"HYGIENE"}
    assert {rule["severity"] for rule in some} == {"error"}
    assert len(some) < len(everything)


@pytest.mark.parametrize("name", PAGE_FORMATS)
@pytest.mark.parametrize("word", ["HYGIENE007", "hygiene007", "duplicate-key"])
def test_a_rule_is_explained(meshlint: Meshlint, name: str, word: str) -> None:
    result = meshlint("explain", word, "--format", name)
    assert "HYGIENE007" in result.out
    assert "expect" not in result.out or name == "json"


def test_an_example_points_at_the_line_at_fault(meshlint: Meshlint) -> None:
    assert "# <-- here" in meshlint("explain", "HYGIENE007").out


def test_the_beginning_of_an_id_lists_its_rules(meshlint: Meshlint) -> None:
    lines = meshlint("explain", "HYGIENE00").out.splitlines()
    assert len(lines) > 1
    assert all(line.startswith("HYGIENE00") for line in lines)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_script(meshlint: Meshlint, shell: str) -> None:
    result = meshlint("completion", shell)
    assert "_MESHLINT_COMPLETE" in result.out
    assert result.code == 0


@pytest.mark.parametrize(
    ("words", "suggested"),
    [("meshlint ch", "check"), ("meshlint check --fail-", "--fail-on"), ("meshlint check -o sa", "sarif"),
     ("meshlint check --fail-on n", "never"), ("meshlint explain dupl", "duplicate-key")],
)  # fmt: skip
def test_the_shell_completes(
    meshlint: Meshlint,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: str,
    suggested: str,
) -> None:
    monkeypatch.setenv("_MESHLINT_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split()) - 1))
    with pytest.raises(SystemExit):
        meshlint()
    assert f"plain,{suggested}" in capsys.readouterr().out
