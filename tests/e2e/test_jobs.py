"""However many processes share the work, what is told is the same to the byte."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.shared import PROJECT, SHARED, needs_shared

REPOSITORIES = (
    "BuoyantIO+emojivoto",
    "GoogleCloudPlatform+bank-of-anthos",
    "knative-extensions+net-istio",
    "linkerd+linkerd2",
    "sighupio+fury-kubernetes-service-mesh",
    "stefanprodan+gitops-istio",
)
_STARTED = """
import os, sys
import meshlint.processes
from meshlint.engine import run
from meshlint.cli import main
{change}
main()
"""
_CRASHING = """
def crash(world, parameters):
    raise KeyError
found = run.resolve
run.resolve = lambda check: crash if "subset" in check else found(check)
"""
_KILLED = """
here, found = os.getpid(), run.resolve
def resolve(check):
    if os.getpid() != here and "mtls" in check:
        os.kill(os.getpid(), 9)
    return found(check)
run.resolve = resolve
"""


def told(directory: Path, jobs: int, change: str = "") -> tuple[int, bytes, bytes]:
    arguments = ("check", "--no-cache", "--select", "ALL", "-o", "json", "--jobs", str(jobs), ".")
    done = subprocess.run(
        [sys.executable, "-c", _STARTED.format(change=change), *arguments],
        cwd=directory,
        env={"PYTHONPATH": str(PROJECT)},
        capture_output=True,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("jobs", [2, 5])
def test_examples_are_told_alike(jobs: int) -> None:
    alone = told(PROJECT / "examples", 1)
    assert told(PROJECT / "examples", jobs) == alone
    assert alone[0] == 1


@pytest.mark.parametrize("change", [_CRASHING, _KILLED], ids=["crashing", "killed"])
def test_a_rule_that_crashes_and_a_worker_that_is_killed_cost_nothing(change: str) -> None:
    alone = told(PROJECT / "examples", 1, change)
    assert told(PROJECT / "examples", 3, change) == alone
    assert (b"stopped with KeyError" in alone[1]) is (change is _CRASHING)


@needs_shared
@pytest.mark.parametrize("name", REPOSITORIES)
def test_repositories_are_told_alike(name: str) -> None:
    directory = SHARED / "corpus" / name
    assert told(directory, 3) == told(directory, 1)
