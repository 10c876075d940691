"""Workflows of ours, judged by actionlint: of `init`, of the README, and the steps of the action."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.e2e.running import meshlint
from tests.golang import installed
from tests.shared import PROJECT

pytestmark = pytest.mark.packaging

ACTIONLINT, VERSION = "github.com/rhysd/actionlint/cmd/actionlint", "v1.7.7"


@pytest.fixture(scope="module")
def actionlint(tmp_path_factory: pytest.TempPathFactory) -> str:
    known = shutil.which("actionlint")
    return known or str(installed(ACTIONLINT, VERSION, tmp_path_factory.mktemp("bin")) / "actionlint")


def judged(actionlint: str, path: Path) -> str:
    done = subprocess.run(
        [actionlint, "-no-color", str(path)], cwd=path.parent, capture_output=True, text=True
    )
    return done.stdout + done.stderr if done.returncode else ""


def test_the_workflow_that_init_writes(actionlint: str, tmp_path: Path) -> None:
    shutil.copytree(PROJECT / "examples" / "bookinfo", tmp_path / "shop")
    meshlint("init", "--yes", at=tmp_path)
    assert judged(actionlint, tmp_path / ".github" / "workflows" / "meshlint.yaml") == ""


def test_the_workflow_in_the_readme(actionlint: str, tmp_path: Path) -> None:
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```yaml\n(# \.github/workflows.*?)```", readme, flags=re.DOTALL)
    file = tmp_path / "meshlint.yaml"
    file.write_text(shown.replace("<this repository>@<a tag>", "owner/meshlint@v1"), encoding="utf-8")
    assert judged(actionlint, file) == ""


def as_workflow(action: dict[str, Any]) -> dict[str, Any]:
    """The steps of the action as a workflow with the same inputs: actionlint judges no actions."""
    inputs = {
        name: {key: one[key] for key in ("description", "default")} | {"type": "string"}
        for name, one in action["inputs"].items()
    }
    job = {"runs-on": "ubuntu-latest", "steps": action["runs"]["steps"]}
    permissions = {"contents": "read", "pull-requests": "write", "security-events": "write"}
    return {
        "name": "action",
        "on": {"workflow_call": {"inputs": inputs}, "pull_request": {}},
        "permissions": permissions,
        "jobs": {"check": job},
    }


def written(action: dict[str, Any], place: Path) -> Path:
    file = place / "action.yaml"
    file.write_text(yaml.safe_dump(as_workflow(action), sort_keys=False), encoding="utf-8")
    return file


def test_the_steps_of_the_action(actionlint: str, tmp_path: Path) -> None:
    action = yaml.safe_load((PROJECT / "action.yml").read_text(encoding="utf-8"))
    assert judged(actionlint, written(action, tmp_path)) == ""


def test_a_step_that_reads_what_no_step_writes_is_told(actionlint: str, tmp_path: Path) -> None:
    action = yaml.safe_load((PROJECT / "action.yml").read_text(encoding="utf-8"))
    action["runs"]["steps"][-1]["env"]["CODE"] = "${{ steps.no-such-step.outputs.exit-code }}"
    assert "no-such-step" in judged(actionlint, written(action, tmp_path))
