"""`meshlint diff` on real repositories and directories, as a user runs it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.e2e.running import meshlint

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def git(directory: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *arguments],
        cwd=directory,
        check=True,
        capture_output=True,
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The corrected example as a commit, and the other one in the working tree."""
    shutil.copytree(EXAMPLES / "bookinfo-corrected", tmp_path / "k8s")
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "first")
    shutil.copytree(EXAMPLES / "bookinfo", tmp_path / "k8s", dirs_exist_ok=True)
    return tmp_path


def test_the_working_tree_beside_a_revision(repository: Path) -> None:
    run = meshlint("diff", "main", at=repository)
    assert run.code == 1
    assert run.out.startswith("From main to the working tree\n")
    assert "NOW LET IN" in run.out
    assert not run.err


def test_two_revisions(repository: Path) -> None:
    git(repository, "commit", "-q", "-am", "second")
    run = meshlint("diff", "HEAD~1", "HEAD", "--format", "json", at=repository)
    data = json.loads(run.out)
    assert {one["effect"] for one in data["calls"]} >= {"let in"}
    back = json.loads(meshlint("diff", "HEAD", "HEAD~1", "--format", "json", at=repository).out)
    assert {one["effect"] for one in back["calls"]} >= {"denied"}
    sides = (back["findings"]["gone"], data["findings"]["new"])
    gone, new = ([one["rule"] for one in side] for side in sides)
    assert gone == new


def test_a_deleted_file_lets_everybody_in(repository: Path) -> None:
    shutil.copytree(EXAMPLES / "bookinfo-corrected", repository / "k8s", dirs_exist_ok=True)
    (repository / "k8s" / "policies.yaml").unlink()
    run = meshlint("diff", "main", "--fail-on", "access-widened", "--format", "json", at=repository)
    assert run.code == 1
    assert "AuthorizationPolicy bookinfo/ratings" in json.loads(run.out)["objects"]["removed"]


TWICE = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: web, namespace: shop}}
spec:
  hosts: [web.shop.svc.cluster.local]
  http: [{{route: [{{destination: {{host: web.shop.svc.cluster.local, port: {{number: {port}}}}}}}]}}]
"""


def test_what_is_written_several_times_is_not_said_to_change_nothing(tmp_path: Path) -> None:
    for side, port in (("old", 80), ("new", 81)):
        (tmp_path / side).mkdir()
        (tmp_path / side / "a.yaml").write_text(TWICE.format(port=80), encoding="utf-8")
        (tmp_path / side / "b.yaml").write_text(TWICE.format(port=port), encoding="utf-8")
    run = meshlint("diff", "old", "new", "--format", "json", "--fail-on", "not-compared", at=tmp_path)
    (note,) = json.loads(run.out)["notes"]
    assert note.startswith("VirtualService shop/web is written 2 times")
    assert run.code == 1


def test_two_directories(repository: Path) -> None:
    run = meshlint("diff", str(EXAMPLES / "tutorial"), str(EXAMPLES / "tutorial-corrected"), at=repository)
    assert run.code == 0
    assert "4 gone" in run.out


def test_nothing_changed_is_clean(repository: Path) -> None:
    shutil.copytree(EXAMPLES / "bookinfo-corrected", repository / "k8s", dirs_exist_ok=True)
    run = meshlint("diff", "main", "--fail-on", "info", at=repository)
    assert run.code == 0
    assert "No object is changed" in run.out


@pytest.mark.parametrize("name", ["nowhere", "--output=x", "main:k8s"])
def test_what_is_no_revision_is_wrong_usage(repository: Path, name: str) -> None:
    run = meshlint("diff", "--", name, at=repository)
    assert run.code == 2
    assert name in run.err
    assert not run.out
