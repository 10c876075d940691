"""`meshlint advise` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from meshlint.cli.process import run
from tests.advisor.workloads import services


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in services(25, spaces=2).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_memo_goes_to_stdout(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["advise"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("Recommendation: ")
    assert err == ""


def test_options_go_before_the_configuration(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "meshlint.yaml").write_text(
        "traffic: {rps: 10, nodes: 4}\nadvise: {needs: [jwt], weights: {cost: 0.9}}\n", encoding="utf-8"
    )
    (place / "mine.yaml.txt").write_text("weights: {needs: 0.1}\n", encoding="utf-8")
    assert run(["advise", "--format", "json", "--rps", "20", "--weights", "mine.yaml.txt"]) == 0
    data = json.loads(capsys.readouterr().out)
    given = data["given"]
    assert (given["rps"]["value"], given["nodes"]["value"], given["needs"]) == (20, 4, ["jwt"])
    assert (data["weights"]["cost"]["value"], data["weights"]["needs"]["value"]) == (0.9, 0.1)
    assert data["weights"]["needs"]["given"]
    assert next(one for one in data["standings"] if one["mesh"] == "linkerd")["excluded_by"] == ["jwt"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--need", "jtw"], 'Did you mean "jwt"?'),
        (["--without", "nothing"], '"nothing" is no need'),
        (["--rps-for", "team-0/s00=3"], "is no workload in the manifests"),
        (["--rps-for", "team-0/s0"], "WORKLOAD=N"),
        (["--rps", "many"], "is no number"),
        (["--rps", "-1"], "must lie between"),
        (["--nodes", "0"], "--nodes"),
    ],
)
def test_what_makes_no_sense_is_told(
    place: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert run(["advise", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_weights_with_a_slip_are_refused(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "mine.txt").write_text("weights: {costs: 1}\n", encoding="utf-8")
    assert run(["advise", "--weights", "mine.txt"]) == 2
    assert "cost" in capsys.readouterr().err


def test_no_manifests_is_its_own_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["advise", "--no-config", str(tmp_path)]) == 4
