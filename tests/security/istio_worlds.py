"""Small meshes of Istio, written in few words."""

from __future__ import annotations

from meshlint.api import read_texts
from meshlint.mesh import Mesh
from meshlint.resources.kubernetes.workload import Workload


def namespace(name: str, *labels: str) -> str:
    given = ", ".join(labels)
    return f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {{{given}}}}}\n"


def workload(name: str, where: str, port: int = 8080, label: str = "", annotation: str = "") -> str:
    labels = f"app: {name}" + (f", {label}" if label else "")
    return (
        f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}, namespace: {where}}}\n"
        f"spec: {{selector: {{matchLabels: {{app: {name}}}}}, "
        f"template: {{metadata: {{labels: {{{labels}}}, annotations: {{{annotation}}}}}, "
        f"spec: {{serviceAccountName: {name}, containers: "
        f"[{{name: {name}, image: {name}, ports: [{{containerPort: {port}}}]}}]}}}}}}\n"
    )


def service(name: str, where: str, port_name: str = "http", port: int = 80, target: int = 8080) -> str:
    return (
        f"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}, namespace: {where}}}\n"
        f"spec: {{selector: {{app: {name}}}, "
        f"ports: [{{name: {port_name}, port: {port}, targetPort: {target}}}]}}\n"
    )


def security(kind: str, name: str, where: str, spec: str) -> str:
    return (
        f"apiVersion: security.istio.io/v1\nkind: {kind}\n"
        f"metadata: {{name: {name}, namespace: {where}}}\nspec: {spec}\n"
    )


def destination_rule(name: str, where: str, spec: str) -> str:
    return (
        "apiVersion: networking.istio.io/v1\nkind: DestinationRule\n"
        f"metadata: {{name: {name}, namespace: {where}}}\nspec: {spec}\n"
    )


def gateway(name: str, where: str, selector: str, tls: str = "") -> str:
    port = (
        "{number: 443, name: https, protocol: HTTPS}" if tls else "{number: 80, name: http, protocol: HTTP}"
    )
    more = f", tls: {tls}" if tls else ""
    return (
        "apiVersion: networking.istio.io/v1\nkind: Gateway\n"
        f"metadata: {{name: {name}, namespace: {where}}}\n"
        f"spec: {{selector: {selector}, servers: [{{port: {port}, hosts: ['*.example.com']{more}}}]}}\n"
    )


def mesh(*documents: str) -> Mesh:
    """The mesh of objects that the cluster takes; a test that means refused ones says `mesh_as_written`."""
    project = read_texts({"mesh.yaml": "---\n".join(documents)})
    refused = [f"{verdict.resource}: {verdict.why}" for verdict in project.admission.refused]
    assert not refused, refused
    return project.mesh


def mesh_as_written(*documents: str) -> Mesh:
    """The mesh of all objects, those included that the cluster would refuse."""
    return read_texts({"mesh.yaml": "---\n".join(documents)}).as_written


def named(world: Mesh, name: str) -> Workload:
    return next(one for one in world.workloads.all if one.name == name)
