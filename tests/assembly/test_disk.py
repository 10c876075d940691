"""Entry points that lead to files around the directory that is looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from meshlint.api import Request, load

FLUX = """apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: app, namespace: flux-system}
spec: {path: ./apps/web}
"""
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\n"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with the entry points of a cluster, and an application beside them."""
    for name, text in {"clusters/prod/app.yaml": FLUX, "apps/web/web.yaml": SERVICE}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / ".git").mkdir()
    return tmp_path


def objects(directory: Path, path: str) -> list[str]:
    project = load([str(directory / path)], Request(directory=directory, no_config=True))
    return sorted(f"{one.kind} {one.name}" for one in project.resources.resources)


@pytest.mark.parametrize(("start", "path"), [(".", "clusters/prod"), ("clusters/prod", ".")])
def test_a_directory_of_entry_points_is_followed_within_its_repository(
    repository: Path, start: str, path: str
) -> None:
    assert objects(repository / start, path) == ["Kustomization app", "Service web"]


def test_nothing_outside_of_the_repository_is_followed(repository: Path) -> None:
    inner = repository / "clusters"
    (inner / ".git").mkdir()
    assert objects(inner / "prod", ".") == ["Kustomization app"]


def test_nothing_above_is_followed_without_a_repository(repository: Path) -> None:
    (repository / ".git").rmdir()
    assert objects(repository / "clusters/prod", ".") == ["Kustomization app"]


@pytest.mark.parametrize("named", ["a" * 5_000, "a\\0b", "web.yaml/web.yaml"])
def test_a_path_that_no_file_can_have_leads_nowhere(tmp_path: Path, named: str) -> None:
    (tmp_path / "web.yaml").write_text(SERVICE)
    (tmp_path / "kustomization.yaml").write_text(f'resources: [web.yaml, "{named}"]\n')
    assert objects(tmp_path, ".") == ["Service web"]
