from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from meshlint.documents.kustomization import kustomization_references
from meshlint.sources import Origin, Reason, SourceSet
from meshlint.sources.kustomize import NOT_INSTALLED, run
from tests.sources.tree import gather, names, plant, reasons

SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n"
TREE = {
    "base/kustomization.yaml": "resources: [service.yaml]\n",
    "base/service.yaml": SERVICE,
    "overlays/prod/kustomization.yml": "resources: [../../base]\npatches: [{path: patch.yaml}]\n",
    "overlays/prod/patch.yaml": SERVICE + "spec: {type: ClusterIP}\n",
    "overlays/dev/Kustomization": "resources: [../../base, extra.yaml]\n",
    "overlays/dev/extra.yaml": SERVICE.replace("web", "extra"),
    "loose.yaml": SERVICE,
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return plant(tmp_path, TREE)


@pytest.fixture
def fake_kustomize(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    program = tmp_path_factory.mktemp("bin") / "kustomize"
    program.write_text('#!/bin/sh\ncase "$2" in *dev) echo "dev is broken" >&2; exit 1;; esac\necho "# $2"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/bin:/usr/bin")
    return program


def understood(root: Path, *paths: str, kustomize: bool = False) -> SourceSet:
    return gather(root, paths or (".",), read_kustomization=kustomization_references, kustomize=kustomize)


def test_plain_resources_are_read_and_patches_are_not(tree: Path) -> None:
    result = understood(tree)
    assert names(result) == ["base/service.yaml", "loose.yaml", "overlays/dev/extra.yaml"]
    assert reasons(result) == {
        "base/kustomization.yaml": Reason.KUSTOMIZATION,
        "overlays/dev/Kustomization": Reason.KUSTOMIZATION,
        "overlays/prod/kustomization.yml": Reason.KUSTOMIZATION,
        "overlays/prod/patch.yaml": Reason.KUSTOMIZE_PATCH,
    }


def test_without_a_reader_patches_cannot_be_told(tree: Path) -> None:
    assert "overlays/prod/patch.yaml" in names(gather(tree))


def test_a_patch_that_is_also_a_resource_or_is_named_is_read(tree: Path) -> None:
    assert "overlays/prod/patch.yaml" in names(understood(tree, ".", "overlays/prod/patch.yaml"))
    plant(tree, {"more/kustomization.yaml": "resources: [../overlays/prod/patch.yaml]\n"})
    assert "overlays/prod/patch.yaml" in names(understood(tree))


def test_neither_program_installed_is_a_problem(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert understood(tree, kustomize=True).problems == (NOT_INSTALLED,)


def test_roots_are_rendered_and_what_they_include_is_passed_over(tree: Path, fake_kustomize: Path) -> None:
    result = understood(tree, kustomize=True)
    assert names(result) == ["kustomize:overlays/prod", "loose.yaml", "overlays/dev/extra.yaml"]
    assert result.files[0].origin is Origin.KUSTOMIZE
    assert result.files[0].data == f"# {tree}/overlays/prod\n".encode()
    failed = next(entry for entry in result.passed_over if entry.reason is Reason.KUSTOMIZE_FAILED)
    assert (failed.path, failed.detail) == ("kustomize:overlays/dev", "dev is broken")
    assert reasons(result)["base/service.yaml"] is Reason.KUSTOMIZE_RENDERED


def test_a_named_base_is_rendered_although_others_include_it(tree: Path, fake_kustomize: Path) -> None:
    result = understood(tree, "overlays/prod", "base", kustomize=True)
    assert names(result) == ["kustomize:base", "kustomize:overlays/prod"]


def test_a_component_is_no_root(tree: Path, fake_kustomize: Path) -> None:
    plant(tree, {"part/kustomization.yaml": "kind: Component\n"})
    assert "kustomize:part" not in names(understood(tree, "part", kustomize=True))


@pytest.mark.skipif(not (shutil.which("kubectl") or shutil.which("kustomize")), reason="no kustomize here")
def test_the_installed_kustomize_renders(tree: Path) -> None:
    result = understood(tree, "overlays/prod", kustomize=True)
    assert names(result) == ["kustomize:overlays/prod"], result.passed_over
    assert b"type: ClusterIP" in result.files[0].data


def test_a_run_is_bounded_in_time_and_size() -> None:
    program = [sys.executable, "-c"]
    assert run([*program, "import time; time.sleep(60)"], 0.2, 10) == "it took longer than 0.2 s"
    assert run([*program, "print('x' * 100)"], 30, 10) == "it renders to more than 10 bytes"
    assert run([*program, "raise SystemExit(3)"], 30, 10) == "it ended with exit code 3"
    assert run(["/no/such/program"], 30, 10) == "No such file or directory"
