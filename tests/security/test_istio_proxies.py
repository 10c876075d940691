"""When a proxy of Istio starts and ends, which revision it is of, and where it is called for."""

from __future__ import annotations

import pytest

from meshlint.api import ReadOptions, read_texts
from meshlint.mesh import Mesh
from meshlint.mesh.questions.revisions import is_unknown_revision, known_revisions
from meshlint.security.membership.istio import unfilled_proxy
from meshlint.security.membership.native_sidecars import ends_proxy, has_native_sidecar
from tests.security.istio_worlds import mesh, named, namespace, workload


def job(annotations: str = "", command: str = "") -> str:
    return (
        "apiVersion: batch/v1\nkind: Job\nmetadata: {name: job, namespace: shop}\n"
        f"spec: {{template: {{metadata: {{labels: {{app: job}}, annotations: {{{annotations}}}}}, "
        f"spec: {{containers: [{{name: job, image: job, command: [{command}]}}]}}}}}}\n"
    )


def operator(switch: str) -> str:
    return (
        "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\n"
        "metadata: {name: istio, namespace: istio-system}\n"
        f"spec: {{revision: blue, values: {{pilot: {{env: {{ENABLE_NATIVE_SIDECARS: {switch}}}}}}}}}\n"
    )


@pytest.mark.parametrize(
    ("documents", "native"),
    [
        ([job()], None),
        ([job('sidecar.istio.io/nativeSidecar: "true"')], True),
        ([job('sidecar.istio.io/nativeSidecar: "false"')], False),
        ([job(), operator('"true"')], True),
        ([job(), operator("false")], False),
        ([job(), operator("auto")], None),
        ([job('sidecar.istio.io/nativeSidecar: "false"'), operator('"true"')], False),
    ],
)
def test_whether_the_proxy_is_a_native_sidecar(documents: list[str], native: bool | None) -> None:
    world = mesh(*documents)
    assert has_native_sidecar(world, named(world, "job")) is native


def test_a_job_that_ends_the_proxy_itself() -> None:
    world = mesh(job(command='sh, -c, "run; curl -X POST localhost:15020/quitquitquit"'))
    assert ends_proxy(named(world, "job"))
    assert not ends_proxy(named(mesh(job(command="run")), "job"))


def test_which_revisions_are_known() -> None:
    assert known_revisions(mesh(namespace("shop"))) == ()
    installed = mesh(operator("auto"))
    assert known_revisions(installed) == ("blue", "default")
    assert not is_unknown_revision(installed, "blue")
    assert not is_unknown_revision(installed, "green")
    assert is_unknown_revision(installed, "bleu")


def complete(*documents: str) -> Mesh:
    return read_texts({"mesh.yaml": "---\n".join(documents)}, ReadOptions(complete=True)).mesh


def test_in_a_complete_set_every_revision_is_known() -> None:
    assert is_unknown_revision(complete(operator("auto")), "green")


GATEWAY = (
    workload("ingress", "shop")
    .replace("image: ingress", "image: auto")
    .replace("[{name: ingress", "[{name: istio-proxy")
)


@pytest.mark.parametrize(
    ("labels", "passed_by"),
    [("istio-injection: disabled", True), ("istio-injection: enabled", False), ("a: b", False)],
)
def test_an_image_that_injection_has_to_fill_in(labels: str, passed_by: bool) -> None:
    world = mesh(namespace("shop", labels), GATEWAY)
    assert (unfilled_proxy(world, named(world, "ingress")) is not None) is passed_by
