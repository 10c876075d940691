"""A real cluster with the kinds of the meshes, and the service at its door, deployed as `deploy/` says."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme
import yaml
from attrs import define

from tests.oracle.cluster.control_plane import HERE, ControlPlane, free_port
from tests.serve.conftest import BOOKINFO, Running, started
from tests.shared import PROJECT, SHARED

RELEASES = SHARED / "crds" / "releases"
DEFINITIONS = (
    "gateway-api/v1.6.1/experimental", "istio/1.30.3.yaml",
    *(f"linkerd/version-2.20/{name}.yaml" for name in (
        "authorization-policy", "egress-network", "external-workload", "http-local-ratelimit-policy",
        "httproute", "meshtls-authentication", "network-authentication", "server-authorization", "server",
        "serviceprofile",
    )),
)  # fmt: skip
ACCOUNT = "meshlint"
_OF_OTHERS = ("cert-manager.io", "monitoring.coreos.com")


@pytest.fixture(scope="session")
def plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """A control plane that knows the kinds of Istio, Linkerd and the Gateway API, and meshlint's account."""
    if not RELEASES.is_dir():
        pytest.skip("the shared reference folder is not beside this checkout")
    plane = ControlPlane(tmp_path_factory.mktemp("plane"))
    try:
        prepare(plane)
        yield plane
    finally:
        plane.close()


def prepare(plane: ControlPlane) -> None:
    """Start a control plane, and give it the kinds of the meshes and meshlint's account."""
    plane.start()
    for name in DEFINITIONS:
        plane.kubectl("apply", "--server-side", "-f", str(RELEASES / name))
    plane.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=120s")
    plane.apply(namespace("istio-system"))
    plane.apply(*[one for one in deployed(plane) if one["kind"] != "ValidatingWebhookConfiguration"])
    plane.account(ACCOUNT, ACCOUNT)


def namespace(name: str, **labels: str) -> dict[str, Any]:
    """A Namespace."""
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


def deployed(plane: ControlPlane, variant: str = "cert-manager") -> list[dict[str, Any]]:
    """What kustomize builds of `deploy/`, less the kinds of operators that are not there."""
    built = plane.kubectl("kustomize", str(PROJECT / "deploy" / "kustomize" / variant)).stdout
    objects = [one for one in yaml.safe_load_all(built) if one]
    return [one for one in objects if one["apiVersion"].partition("/")[0] not in _OF_OTHERS]


@define(eq=False)
class Door:
    """The service at the door of a cluster; it can be killed and comes back at the same place."""

    plane: ControlPlane
    folder: Path
    authority: trustme.CA
    port: int
    running: Running | None = None

    def open(self) -> None:
        """Start the service with the arguments of the Deployment, on loopback."""
        (deployment,) = [one for one in deployed(self.plane) if one["kind"] == "Deployment"]
        given = deployment["spec"]["template"]["spec"]["containers"][0]["args"][1:]
        places = {
            "--host=": f"--host={HERE}", "--port=": f"--port={self.port}",
            "--tls-cert=": f"--tls-cert={self.folder}/tls.crt",
            "--tls-key=": f"--tls-key={self.folder}/tls.key",
            "--tokens=": f"--tokens={self.folder}/tokens",
            "--admission-policy=": f"--admission-policy={self.folder}/policy.yaml",
        }  # fmt: skip
        arguments = [
            next((place for start, place in places.items() if one.startswith(start)), one) for one in given
        ]
        self.running = started(*arguments)

    def kill(self) -> None:
        """Let it be gone, without a word."""
        if self.running is not None:
            self.running.process.kill()
            self.running.close()

    def client(self) -> httpx.Client:
        """Asks the service as the API server does: by its certificate, without a token."""
        context = ssl.create_default_context()
        self.authority.configure_trust(context)
        return httpx.Client(base_url=f"https://{HERE}:{self.port}", verify=context, timeout=60)

    def objects(self) -> int:
        """How many objects the workspace of the cluster holds."""
        with self.client() as client:
            text = client.get("/metrics").text
        (line,) = [one for one in text.splitlines() if one.startswith("meshlint_workspace_objects{")]
        return int(float(line.rpartition(" ")[2]))

    def webhook(self, policy: str = "Ignore") -> dict[str, Any]:
        """The configuration of `deploy/`, which leads to this service."""
        (found,) = [one for one in deployed(self.plane) if one["kind"] == "ValidatingWebhookConfiguration"]
        bundle = base64.b64encode(self.authority.cert_pem.bytes()).decode()
        leads = {"url": f"https://{HERE}:{self.port}/admission", "caBundle": bundle}
        hooks = [{**one, "clientConfig": leads, "failurePolicy": policy} for one in found["webhooks"]]
        return {**found, "webhooks": hooks}


@pytest.fixture
def door(plane: ControlPlane, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    """The service beside a cluster with the example in it, and the webhook that leads to it."""
    authority = trustme.CA()
    made = authority.issue_cert(HERE)
    made.private_key_pem.write_to_path(str(tmp_path / "tls.key"))
    made.cert_chain_pems[0].write_to_path(str(tmp_path / "tls.crt"))
    by_kind = {one["kind"]: one for one in deployed(plane)}
    (tmp_path / "tokens").write_text(by_kind["Secret"]["stringData"]["tokens"], encoding="utf-8")
    (tmp_path / "policy.yaml").write_text(by_kind["ConfigMap"]["data"]["policy.yaml"], encoding="utf-8")
    monkeypatch.setenv("KUBECONFIG", str(plane.folder / f"{ACCOUNT}.kubeconfig"))
    plane.apply(namespace("bookinfo"), options=("--server-side",))
    plane.kubectl("apply", "-f", str(BOOKINFO))
    door = Door(plane, tmp_path, authority, free_port())
    try:
        door.open()
        plane.apply(door.webhook())
        yield door
    finally:
        plane.kubectl("delete", "validatingwebhookconfiguration", "--all")
        door.kill()
