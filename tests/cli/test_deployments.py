"""`meshlint deployments`, and choosing one of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.running import meshlint

SERVICE = """apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
"""
TAKES_BASE = "resources: [../base]\n"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    texts = {
        "base/kustomization.yaml": "resources: [web.yaml]\n",
        "base/web.yaml": SERVICE,
        "dev/kustomization.yaml": TAKES_BASE,
        "prod/kustomization.yaml": f"{TAKES_BASE}namespace: live\n",
        "broken/kustomization.yaml": "resources: [gone.yaml]\n",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def run(files: Path, *arguments: str) -> tuple[int, str]:
    done = meshlint(*arguments, at=files)
    return done.code, done.out + done.err


def test_the_list(files: Path) -> None:
    code, output = run(files, "deployments")
    assert code == 0
    assert "dev: 1 object\n" in output
    assert "broken: not built, gone.yaml does not exist\n" in output
    assert "base" not in output


def test_the_list_for_programs(files: Path) -> None:
    _, output = run(files, "deployments", "--format", "json")
    told = {one["name"]: one for one in json.loads(output)["deployments"]}
    assert told["prod"]["files"] == [
        "base/kustomization.yaml",
        "base/web.yaml",
        "prod/kustomization.yaml",
    ]


def test_an_unknown_name_is_answered_with_the_likely_one(files: Path) -> None:
    code, output = run(files, "check", "--deployment", "prd")
    assert code == 2
    assert '"prod"' in output


def test_nothing_of_a_mesh_is_no_green_light(files: Path) -> None:
    code, output = run(files, "check", "--deployment", "prod", "--require-mesh")
    assert code == 4
    assert "nothing of a mesh was read" in output
