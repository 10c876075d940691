from __future__ import annotations

import pytest

from meshlint.documents.kustomization import kustomization_references
from meshlint.sources import References


def test_names_resources_and_patches_of_every_field() -> None:
    text = b"""
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [deployment.yaml, ../base]
bases: [../old-base]
components: [../components/mtls]
patches:
- path: replicas.yaml
  target: {kind: Deployment}
- patch: |-
    - op: remove
      path: /spec/replicas
patchesStrategicMerge:
- memory.yaml
- |-
  kind: Deployment
  metadata: {name: web}
patchesJson6902:
- target: {version: v1, kind: Service, name: web}
  path: port.json
"""
    assert kustomization_references(text) == References(
        resources=frozenset({"deployment.yaml", "../base", "../old-base", "../components/mtls"}),
        patches=frozenset({"replicas.yaml", "memory.yaml", "port.json"}),
    )


def test_a_component_cannot_be_built_alone() -> None:
    assert not kustomization_references(b"kind: Component\nresources: [a.yaml]\n").buildable


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"resources: 3\npatches: {path: a}\n",
        b"patches: [{path: 3}, 4, null]\nresources: [{}, '']\n",
        b"resources: [",
        b"\xff\xfe\x00",
    ],
)
def test_what_is_no_path_refers_to_nothing(text: bytes) -> None:
    assert kustomization_references(text) == References()
