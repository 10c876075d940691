"""The race runs everybody on the same files, and tells figures that do not depend on the machine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import race
from bench.race import YARDSTICK, Cost, contestants, cost, growth, lines
from tests.shared import PROJECT


def test_what_was_taken_is_told_beside_the_yardstick() -> None:
    costs = {100: {YARDSTICK: Cost(2, 2, 10), "meshlint": Cost(3, 1, 20)}}
    assert list(lines("mesh", costs))[1:] == [
        "| 100 | yaml | 1.00 | 1.00 | 1.00 |",
        "| 100 | meshlint | 1.50 | 0.50 | 2.00 |",
    ]


def test_the_steepest_growth_is_told() -> None:
    costs = {size: {"straight": Cost(size, 1, 1), "square": Cost(size**2, 1, 1)} for size in (10, 20, 40)}
    costs[80] = {"straight": Cost(40, 1, 1), "square": Cost(40**2, 1, 1)}
    assert {who: round(power, 6) for who, power in growth(costs).items()} == {"straight": 1, "square": 2}


def test_other_checkouts_run_their_own_program(tmp_path: Path) -> None:
    names = [one.name for one in contestants([tmp_path])]
    assert names[:4] == [YARDSTICK, "meshlint, one process", "meshlint", tmp_path.name]
    (other,) = (one for one in contestants([tmp_path]) if one.name == tmp_path.name)
    assert other.environment == {"PYTHONPATH": str(tmp_path)}
    assert "--no-cache" not in other.command


def test_a_run_costs_time_and_memory(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: 1\n---\nb: [\n")
    spent = cost(next(contestants([])), tmp_path)
    assert spent.cpu > 0
    assert spent.wall > 0
    assert spent.memory > 1 << 20


def test_a_race_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    history = tmp_path / "history.jsonl"
    arguments = ["race", "--sets", "copies", "--sizes", "2", "--rounds", "1", "--history", str(history)]
    monkeypatch.setattr("sys.argv", arguments)
    race.main()
    assert "| 2 | meshlint |" in capsys.readouterr().out
    (kept,) = map(json.loads, history.read_text().splitlines())
    assert (kept["set"], kept["size"]) == ("copies", 2)
    assert kept["times_yaml"]["meshlint"].keys() == {"cpu", "wall", "memory"}


def test_what_is_kept_of_earlier_commits_can_be_read() -> None:
    rows = [json.loads(line) for line in (PROJECT / "bench" / "history.jsonl").read_text().splitlines()]
    assert {row["set"] for row in rows} >= {"mesh"}
    assert all(one["cpu"] > 0 for row in rows for one in row["times_yaml"].values())
