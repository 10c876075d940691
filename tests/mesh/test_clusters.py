"""Which clusters of a mesh that spans several are known."""

from __future__ import annotations

import pytest

from meshlint.api import ReadOptions, read_texts
from meshlint.mesh.questions.clusters import unknown_registries


def secret(cluster: str) -> str:
    return (
        f"apiVersion: v1\nkind: Secret\nmetadata: {{name: {cluster}, namespace: istio-system, "
        f'labels: {{istio/multiCluster: "true"}}}}\nstringData: {{{cluster}: ""}}\n'
    )


def operator(*registries: str, own: str = "") -> str:
    entries = ", ".join(f"n{i}: {{endpoints: [{{fromRegistry: {one}}}]}}" for i, one in enumerate(registries))
    name = f"multiCluster: {{clusterName: {own}}}, " if own else ""
    return (
        "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\n"
        "metadata: {name: istio, namespace: istio-system}\n"
        f"spec: {{values: {{global: {{{name}meshNetworks: {{{entries}}}}}}}}}\n"
    )


CONFIG = (
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\ndata:\n"
    "  meshNetworks: |\n    networks:\n      n:\n        endpoints:\n        - fromRegistry: west\n"
    "        - fromRegistry: north\n"
)
ISTIOD = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: istiod, namespace: istio-system}\n"
    "spec: {selector: {matchLabels: {app: istiod}}, template: {metadata: {labels: {app: istiod}}, "
    "spec: {containers: [{name: discovery, image: pilot, env: [{name: CLUSTER_ID, value: north}]}]}}}\n"
)


def unknown(*documents: str, complete: bool = False) -> list[str]:
    project = read_texts({"istio.yaml": "---\n".join(documents)}, ReadOptions(complete=complete))
    return [str(one.from_registry) for one in unknown_registries(project.mesh)]


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        ([operator("west")], []),
        ([operator("west"), secret("west")], []),
        ([operator("west", "east"), secret("west")], []),
        ([operator("west", "east", "north"), secret("west")], ["east", "north"]),
        ([operator("west", "east", own="north"), secret("west")], ["east"]),
        ([operator("west", "Kubernetes", own="north"), secret("west")], []),
        ([CONFIG, secret("west")], []),
        ([CONFIG, secret("east"), ISTIOD], ["west"]),
    ],
)
def test_a_cluster_needs_a_remote_secret_unless_it_may_be_the_own_one(
    documents: list[str], expected: list[str]
) -> None:
    assert unknown(*documents) == expected


def test_in_a_complete_set_a_secret_that_is_missing_is_missing() -> None:
    assert unknown(operator("west", own="east"), complete=True) == ["west"]
