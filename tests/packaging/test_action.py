"""The GitHub Action: its steps, run as the runner would run them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.shared import PROJECT

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")


@pytest.fixture(scope="module")
def action() -> dict[str, Any]:
    loaded = yaml.safe_load((PROJECT / "action.yml").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def step(action: dict[str, Any], name: str) -> dict[str, Any]:
    found = next(step for step in action["runs"]["steps"] if step["name"] == name)
    assert isinstance(found, dict)
    return found


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A `meshlint` that runs this checkout."""
    script = tmp_path / "meshlint"
    script.write_text(f'#!/bin/sh\nPYTHONPATH="{PROJECT}" exec "{sys.executable}" -m meshlint "$@"\n')
    script.chmod(0o755)
    return script


@pytest.mark.parametrize(
    ("paths", "expected"),
    [("examples/tutorial", 1), ("examples/tutorial-corrected", 0), ("no/such/path", 2)],
)
def test_the_check_writes_annotations_and_sarif(
    action: dict[str, Any], program: Path, tmp_path: Path, paths: str, expected: int
) -> None:
    outputs = tmp_path / "outputs"
    environment = {"RUNNER_TEMP": str(tmp_path), "GITHUB_OUTPUT": str(outputs), "MESHLINT": str(program)}
    inputs = {"PATHS": paths, "FAIL_ON": "warning", "ARGS": ""}
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", step(action, "Check")["run"]],
        cwd=PROJECT,
        env={**os.environ, **environment, **inputs},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert f"exit-code={expected}" in outputs.read_text().splitlines()
    if expected < 2:
        sarif = json.loads((tmp_path / "meshlint.sarif").read_text(encoding="utf-8"))
        assert bool(sarif["runs"][0]["results"]) == bool(expected)
    assert ("::error" in done.stdout) == (expected == 1)


def test_inputs_reach_scripts_through_the_environment_only(action: dict[str, Any]) -> None:
    scripts = [step.get("run", "") for step in action["runs"]["steps"]]
    assert not [script for script in scripts if "${{" in script]
    used = json.dumps(action["runs"])
    assert not [name for name in action["inputs"] if f"inputs.{name}" not in used]
