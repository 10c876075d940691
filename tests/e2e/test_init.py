"""The first command in a repository."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.e2e.running import meshlint
from tests.shared import PROJECT

FILES = ("meshlint.yaml", ".pre-commit-config.yaml", ".github/workflows/meshlint.yaml")
AWAY = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  hosts: [cart]
  gateways: [istio-ingress/edge]
  http:
    - route:
        - destination: {host: payments.billing.svc.cluster.local}
          weight: 50
        - destination: {host: api.example.com}
          weight: 25
        - destination: {host: "{{ .elsewhere }}"}
          weight: 25
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    shutil.copytree(PROJECT / "examples" / "bookinfo", tmp_path / "k8s")
    (tmp_path / "k8s" / "away.yaml").write_text(AWAY)
    return tmp_path


def test_nothing_is_written_without_being_asked(shop: Path) -> None:
    done = meshlint("init", at=shop)
    assert done.code == 0
    assert all(f"--- {name}" in done.out for name in FILES)
    assert "meshlint init --yes writes" in done.out
    assert not any((shop / name).exists() for name in FILES)


def test_what_is_written_shows_what_is_there(shop: Path) -> None:
    before = meshlint("check", "-o", "concise", at=shop)
    assert meshlint("init", "--yes", at=shop).code == 0
    written = yaml.safe_load((shop / "meshlint.yaml").read_text())
    assert "# paths: [k8s]" in (shop / "meshlint.yaml").read_text()
    assert written["external"] == {
        "namespaces": ["billing", "istio-ingress"],
        "hosts": ["api.example.com"],
        "gateways": ["istio-ingress/edge"],
    }
    after = meshlint("check", "-o", "concise", at=shop)
    assert (after.code, after.out) == (before.code, before.out)
    assert "Not analysed" not in after.err
    (shop / "later").mkdir()
    (shop / "k8s" / "policies.yaml").rename(shop / "later" / "policies.yaml")
    assert "later/policies.yaml" in meshlint("check", "-o", "concise", at=shop).out
    (hook,) = yaml.safe_load((shop / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    assert hook["entry"] == "meshlint check"
    assert hook["always_run"]


def test_every_commented_setting_is_a_known_one(shop: Path) -> None:
    meshlint("init", "--yes", at=shop)
    path = shop / "meshlint.yaml"
    lines = path.read_text().splitlines()
    settings = [line.removeprefix("# ") for line in lines if not line.startswith("# ") or _is_setting(line)]
    path.write_text("\n".join(settings))
    done = meshlint("check", "--exit-zero", at=shop)
    assert done.code == 0, done.err


def _is_setting(line: str) -> bool:
    """A comment that is YAML of a setting and no sentence."""
    words = line.removeprefix("# ")
    return words.startswith((" ", "exclude:", "versions:", "mesh:", "ignores:")) and not words.endswith(".")


def test_what_is_there_is_left_alone(shop: Path) -> None:
    (shop / "meshlint.yml").write_text("profile: strict\n")
    (shop / ".pre-commit-config.yaml").write_text("repos: []\n")
    done = meshlint("init", "--yes", at=shop)
    assert "meshlint.yml is there already" in done.out
    assert ".pre-commit-config.yaml is there already: add this to it" in done.out
    assert not (shop / "meshlint.yaml").exists()
    assert (shop / ".pre-commit-config.yaml").read_text() == "repos: []\n"
    again = meshlint("init", "--yes", at=shop)
    assert "Nothing is left to write." in again.out


def test_a_repository_of_gitlab_gets_a_job(shop: Path) -> None:
    (shop / ".gitlab-ci.yml").write_text("test:\n  script: [make]\n")
    done = meshlint("init", "--yes", at=shop)
    assert "gl-code-quality-report.json" in done.out
    assert not (shop / ".github").exists()


def test_without_manifests_there_is_nothing_to_begin_with(tmp_path: Path) -> None:
    assert meshlint("init", "--yes", at=tmp_path).code == 4


def test_the_workflow_stands_up_to_zizmor(shop: Path) -> None:
    program = shutil.which("zizmor")
    if program is None:
        pytest.skip("zizmor is not installed: nobody judges the workflow")
    meshlint("init", "--yes", at=shop)
    done = subprocess.run([program, "--offline", "."], cwd=shop, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
