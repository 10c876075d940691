"""Definitions of further kinds: `--crds DIR` and the key `crds` of the configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.running import Done, meshlint, write

if TYPE_CHECKING:
    from pathlib import Path

_DEFINITION = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: quotas.mesh.example.com
spec:
  group: mesh.example.com
  scope: Namespaced
  names: {kind: Quota, listKind: QuotaList, plural: quotas, singular: quota}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          required: [spec]
          properties:
            apiVersion: {type: string}
            kind: {type: string}
            metadata: {type: object}
            spec:
              type: object
              required: [rate]
              properties:
                rate: {type: integer, minimum: 1}
                burst: {type: integer}
                unit: {type: string, enum: [second, minute]}
              x-kubernetes-validations:
                - rule: "!has(self.burst) || self.burst >= self.rate"
                  message: burst must not be below rate
"""
_QUOTA = """\
apiVersion: mesh.example.com/v1
kind: Quota
metadata:
  name: web
  namespace: shop
spec:
"""


def check(at: Path, *arguments: str) -> Done:
    return meshlint("check", "-o", "concise", "quota.yaml", *arguments, at=at)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "crds").mkdir()
    write(tmp_path / "crds", quota=_DEFINITION)
    return tmp_path


@pytest.mark.parametrize(
    ("spec", "line", "said"),
    [
        ("  rate: 0\n", 7, "rate"),
        ("  rate: many\n", 7, "rate"),
        ("  burst: 3\n", 6, "rate"),
        ("  rate: 3\n  unit: secnd\n", 8, "unit"),
        ("  rate: 3\n  brst: 5\n", 8, "brst"),
    ],
)
def test_objects_are_held_to_their_definition(place: Path, spec: str, line: int, said: str) -> None:
    done = check(write(place, quota=_QUOTA + spec), "--crds", "crds")
    assert done.code == 1
    assert done.out.startswith(f"quota.yaml:{line}:")
    assert said in done.out


def test_rules_in_cel_are_kept(place: Path) -> None:
    pytest.importorskip("celpy")
    done = check(write(place, quota=_QUOTA + "  rate: 5\n  burst: 2\n"), "--crds", "crds")
    assert done.code == 1
    assert "burst must not be below rate" in done.out


def test_a_sound_object_is_clean_and_its_kind_is_known(place: Path) -> None:
    write(place, quota=_QUOTA + "  rate: 2\n  burst: 5\n  unit: second\n")
    known, unknown = check(place, "--crds", "crds"), check(place)
    assert (known.code, known.out) == (0, "")
    assert "Kinds that no rule knows" not in known.err
    assert "Kinds that no rule knows: Quota.mesh.example.com (1)" in unknown.err


def test_the_configuration_names_definitions(place: Path) -> None:
    write(place, quota=_QUOTA + "  rate: 0\n", meshlint="crds: [crds]\n")
    assert check(place).out.startswith("quota.yaml:7:")
    assert check(place, "--no-config").code == 0
