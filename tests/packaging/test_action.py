"""The GitHub Action: its steps, run as the runner would run them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
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


def ran(
    action: dict[str, Any], name: str, at: Path, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """A step as the runner runs it."""
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", step(action, name)["run"]],
        cwd=at,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done


@pytest.mark.parametrize(
    ("paths", "expected"),
    [("examples/tutorial", 1), ("examples/tutorial-corrected", 0), ("no/such/path", 2)],
)
def test_the_check_writes_annotations_and_sarif(
    action: dict[str, Any], program: Path, tmp_path: Path, paths: str, expected: int
) -> None:
    outputs = tmp_path / "outputs"
    environment = {"RUNNER_TEMP": str(tmp_path), "GITHUB_OUTPUT": str(outputs), "MESHLINT": str(program)}
    inputs = {"PATHS": paths, "FAIL_ON": "warning", "ARGS": "", "SINCE": ""}
    done = ran(action, "Check", PROJECT, {**environment, **inputs})
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


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A shallow checkout of a pull request that adds a file with a space in its name."""
    origin = tmp_path / "origin"
    (origin / "my apps").mkdir(parents=True)
    open_mode = (PROJECT / "examples" / "bookinfo" / "policies.yaml").read_text()
    (origin / "my apps" / "old.yaml").write_text(open_mode)
    git(origin, "init", "--quiet", "--initial-branch=main")
    git(origin, "config", "uploadpack.allowAnySHA1InWant", "true")
    commit(origin)
    (origin / "my apps" / "new one.yaml").write_text(open_mode.replace("bookinfo", "payments"))
    commit(origin)
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{origin}", "checkout")
    return tmp_path / "checkout"


def git(place: Path, *arguments: str) -> str:
    known = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    done = subprocess.run(["git", *known, *arguments], cwd=place, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def commit(place: Path) -> None:
    git(place, "add", "--all")
    git(place, "commit", "--quiet", "-m", "state")


def outputs_of(path: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in path.read_text().splitlines()) if path.exists() else {}


def test_a_pull_request_is_told_what_is_new_since_its_base(
    action: dict[str, Any], program: Path, checkout: Path, tmp_path: Path
) -> None:
    outputs = tmp_path / "outputs"
    base = git(tmp_path / "origin", "rev-parse", "HEAD~")
    environment = {"RUNNER_TEMP": str(tmp_path), "GITHUB_OUTPUT": str(outputs), "MESHLINT": str(program)}
    ran(action, "Find the base", checkout, {**environment, "SINCE": "", "BASE": base})
    since = outputs_of(outputs)["since"]
    assert since == base
    inputs = {"PATHS": "my apps", "FAIL_ON": "warning", "ARGS": "--ignore AUTHZ", "SINCE": since}
    done = ran(action, "Check", checkout, {**environment, **inputs})
    assert "file=my apps/new one.yaml" in done.stdout
    assert "old.yaml" not in done.stdout
    assert outputs_of(outputs)["exit-code"] == "1"
    comment = Path(outputs_of(outputs)["markdown"]).read_text()
    assert comment.startswith("<!-- meshlint -->")
    assert "MTLS002" in comment


@pytest.mark.parametrize(("since", "base"), [("", ""), ("none", "abc"), ("nowhere", "")])
def test_without_a_base_everything_is_told(
    action: dict[str, Any], checkout: Path, tmp_path: Path, since: str, base: str
) -> None:
    outputs = tmp_path / "outputs"
    done = ran(
        action, "Find the base", checkout, {"GITHUB_OUTPUT": str(outputs), "SINCE": since, "BASE": base}
    )
    assert outputs_of(outputs) == {}
    assert ("::notice" in done.stdout) == (since == "nowhere")


@pytest.mark.parametrize(
    ("known", "asked"),
    [("", "POST repos/o/r/issues/7/comments"), ("42", "PATCH repos/o/r/issues/comments/42")],
)
def test_one_comment_is_kept_up_to_date(
    action: dict[str, Any], tmp_path: Path, known: str, asked: str
) -> None:
    log = tmp_path / "log"
    fake(tmp_path, f'case "$*" in *--paginate*) printf "%s" "{known}";; *) echo "$4 $5 $7" >> "{log}";; esac')
    done = comment_step(action, tmp_path)
    assert "::notice" not in done.stdout
    words = log.read_text().split()
    assert " ".join(words[:2]) == asked
    assert json.loads(Path(words[2]).read_text()) == {"body": '<!-- meshlint -->\n**"quoted"**\n'}


def test_a_fork_gets_a_note_in_place_of_a_comment(action: dict[str, Any], tmp_path: Path) -> None:
    fake(tmp_path, "echo 'HTTP 403: Resource not accessible by integration' >&2; exit 1")
    assert "::notice" in comment_step(action, tmp_path).stdout


def fake(tmp_path: Path, script: str) -> None:
    """A `gh` that does this."""
    program = tmp_path / "bin" / "gh"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def comment_step(action: dict[str, Any], tmp_path: Path) -> subprocess.CompletedProcess[str]:
    (tmp_path / "report.md").write_text('<!-- meshlint -->\n**"quoted"**\n')
    environment = {
        "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "RUNNER_TEMP": str(tmp_path),
        "PYTHON": sys.executable,
        "MARKDOWN": str(tmp_path / "report.md"),
        "COMMENTS": "repos/o/r/issues",
        "NUMBER": "7",
    }
    return ran(action, "Comment", tmp_path, environment)


def test_the_action_pins_what_it_uses_and_leaves_the_environment_alone(action: dict[str, Any]) -> None:
    text = (PROJECT / "action.yml").read_text(encoding="utf-8")
    uses = [step["uses"] for step in action["runs"]["steps"] if "uses" in step]
    assert uses
    assert all(len(one.partition("@")[2]) == 40 for one in uses)
    assert "GITHUB_ENV" not in text
    assert "GITHUB_PATH" not in text


def test_the_action_stands_up_to_zizmor() -> None:
    judge = shutil.which("zizmor")
    if judge is None:
        pytest.skip("zizmor is not installed: nobody judges the action")
    done = subprocess.run([judge, "--offline", "action.yml"], cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_job_for_gitlab_writes_its_reports(program: Path, checkout: Path, tmp_path: Path) -> None:
    template = yaml.safe_load((PROJECT / "ci" / "meshlint.gitlab-ci.yml").read_text(encoding="utf-8"))
    job = template["meshlint"]
    base = git(tmp_path / "origin", "rev-parse", "HEAD~")
    git(checkout, "fetch", "--quiet", "--depth=1", "origin", base)
    environment = {
        **os.environ,
        **{name: str(value) for name, value in job["variables"].items()},
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": base,
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
    }
    (script,) = job["script"]
    done = subprocess.run(
        ["bash", "-c", script], cwd=checkout, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 1, done.stderr
    issues = json.loads((checkout / job["artifacts"]["reports"]["codequality"]).read_text())
    assert {issue["location"]["path"] for issue in issues} == {"my apps/new one.yaml"}
    assert "<testsuites" in (checkout / job["artifacts"]["reports"]["junit"]).read_text()


def test_the_image_builds_the_wheel_of_what_it_takes_and_runs_as_nobody(
    built: Path, project_copy: Path, tmp_path: Path
) -> None:
    lines = (PROJECT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copied = {word for line in lines if line.startswith("COPY ") for word in line.split()[1:-1]}
    ignored = (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert copied <= {line[1:] for line in ignored if line.startswith("!")}
    for name in copied:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        taken = shutil.copytree if (project_copy / name).is_dir() else shutil.copy2
        taken(project_copy / name, tmp_path / name)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "wheels")]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    wheels = [next(one.glob("*.whl")) for one in (tmp_path / "wheels", built)]
    held, whole = (sorted(zipfile.ZipFile(one).namelist()) for one in wheels)
    assert held == whole
    user = next(line for line in reversed(lines) if line.startswith("USER "))
    assert int(user.split()[1]) > 0
