"""The hooks as users run them: the real pre-commit installs this project and runs it elsewhere."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.packaging,
    pytest.mark.skipif(importlib.util.find_spec("pre_commit") is None, reason="pre-commit is not installed"),
]

SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80}]
"""
RULE = """\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: web, namespace: shop}
spec:
  host: web.shop.svc.cluster.local
  subsets:
  - name: v1
    labels: {version: v1}
"""
ROUTE = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: [web.shop.svc.cluster.local]
  http:
  - route:
    - destination: {host: web.shop.svc.cluster.local, subset: v1}
"""
UNRELATED = """\
apiVersion: policy.linkerd.io/v1beta9
kind: Server
metadata: {name: other, namespace: other}
"""


Told = Callable[[Path], dict[str, str]]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A repository whose shop is in order, with an old mistake in a namespace of its own."""
    files = {"service.yaml": SERVICE, "rule.yaml": RULE, "route.yaml": ROUTE, "old.yaml": UNRELATED}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    make_repository(tmp_path)
    return tmp_path


def make_repository(directory: Path) -> None:
    """Make `directory` a git repository with one commit."""
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.test", "-c", "commit.gpgsign=false"]
    for command in (["init", "-q"], ["add", "-A"], [*identity, "commit", "-q", "--no-verify", "-m", "start"]):
        subprocess.run(["git", *command], cwd=directory, env=clean_environment(), check=True)


def clean_environment() -> dict[str, str]:
    """The environment without what points git or Python at this checkout."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PYTHON"))}


def run_hooks(project: Path, directory: Path, cache: Path) -> dict[str, str]:
    """What each hook of `project` prints for what is staged in `directory`; hooks that pass are left out."""
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "try-repo", str(project), "--color", "never"],
        cwd=directory,
        env=clean_environment() | {"PRE_COMMIT_HOME": str(cache)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    _head, *sections = re.split(r"^- hook id: (\S+)$", done.stdout, flags=re.MULTILINE)
    return dict(zip(sections[::2], sections[1::2], strict=True))


@pytest.fixture(scope="module")
def told_of(project_copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """What each hook tells of what is done in a directory once all of it is staged."""
    make_repository(project_copy)
    cache = tmp_path_factory.mktemp("pre-commit")

    def told(directory: Path) -> dict[str, str]:
        subprocess.run(["git", "add", "-A"], cwd=directory, env=clean_environment(), check=True)
        return run_hooks(project_copy, directory, cache)

    return told


def test_hooks_tell_what_a_change_breaks(told_of: Told, shop: Path) -> None:
    (shop / "rule.yaml").write_text(RULE.replace("v1\n  ", "v2\n  "), encoding="utf-8")
    told = told_of(shop)
    difference = told.pop("meshlint-diff")
    assert "From HEAD to the working tree" in difference
    assert "exit code" not in difference
    assert set(told) == {"meshlint", "meshlint-changed"}
    for output in told.values():
        assert "exit code: 1" in output
        assert "route.yaml:" in output
    assert "old.yaml:1" in told["meshlint"]
    assert "old.yaml" not in told["meshlint-changed"]


def test_hooks_tell_what_a_deletion_breaks(told_of: Told, shop: Path) -> None:
    (shop / "rule.yaml").unlink()
    told = told_of(shop)
    assert set(told) == {"meshlint", "meshlint-changed", "meshlint-diff"}
    assert "route.yaml:8" in told["meshlint-changed"]
    assert "old.yaml" not in told["meshlint-changed"]
    assert "SUBSET001" in told["meshlint-diff"]


def test_a_commit_of_nothing_is_told_what_was_there(told_of: Told, shop: Path) -> None:
    told = told_of(shop)
    assert set(told) == {"meshlint", "meshlint-diff"}
    assert "old.yaml:1" in told["meshlint"]
    assert "No object is changed" in told["meshlint-diff"]


def test_a_hook_mends_a_file_whose_path_has_spaces(told_of: Told, shop: Path) -> None:
    new = shop / "my apps" / "new one.yaml"
    new.parent.mkdir()
    other = ROUTE.replace("name: web", "name: new").replace("[web.", "[new.")
    new.write_text(other.replace("route:", "rout:  # ours"), encoding="utf-8")
    told = told_of(shop)
    assert "files were modified by this hook" in told["meshlint-fix"]
    assert "  - route:  # ours\n" in new.read_text(encoding="utf-8")
