"""Which pods get Linkerd's proxy (Linkerd: proxy injector)."""

from __future__ import annotations

from meshlint.documents import Text
from meshlint.mesh import Mesh
from meshlint.mesh.remembered import remembered
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.membership.annotations import ADMISSION_WEBHOOKS, INJECT
from meshlint.security.membership.presence import Dataplane, Membership, Presence

ON = frozenset({"enabled", "ingress"})
OFF = "disabled"
ELSEWHERE_KNOWN = frozenset({"windows"})
"""Words that another distribution's injector knows, so that it decides and the files do not show how."""
EXCLUDED_NAMESPACES = frozenset({"kube-system", "cert-manager"})
_SIDECARS = frozenset({"linkerd-proxy", "istio-proxy"})
_INIT_CONTAINERS = frozenset({"linkerd-proxy", "istio-proxy", "linkerd-init", "istio-init"})
_OWN_LABELS = ("linkerd.io/control-plane-component", "linkerd.io/cni-resource")
_SIDECAR_IMAGES = (
    "cr.l5d.io/linkerd/proxy:",
    "cr.l5d.io/linkerd/proxy-init:",
    "gcr.io/istio-release/proxyv2:",
    "gcr.io/istio-release/proxy_init:",
)


@remembered
def linkerd_proxy(mesh: Mesh, workload: Workload) -> Membership:
    """Whether the pods of `workload` get Linkerd's proxy.

    Only annotations of the namespace and of the pod template count, and only the exact words `enabled`,
    `disabled` and `ingress`: any other word keeps the proxy out, on whichever of the two it stands.
    """
    pod = workload.pod
    if any(container.name == "linkerd-proxy" for container in (*pod.containers, *pod.init_containers)):
        return _membership(Presence.PRESENT, "it carries the proxy container itself")
    if _has_foreign_sidecar(workload):
        return _membership(Presence.ABSENT, "it carries the sidecar of another mesh")
    own = pod.annotations.get(INJECT) or None
    annotations = mesh.namespaces.annotations(workload.namespace)
    excluded = _excluded(mesh, workload)
    if excluded is not None:
        return excluded
    if pod.host_network and (own in ON or (annotations or {}).get(INJECT) in ON):
        return _out("it uses the host's network, where nothing is injected", None)
    if own is not None:
        return _by_own(own, (annotations or {}).get(INJECT) or None)
    assumed = mesh.settings.assumed_mesh
    if assumed and (annotations or {}).get(INJECT) is None:
        presence = Presence.PRESENT if assumed == "linkerd" else Presence.ABSENT
        return _membership(presence, "the mesh that it is in is assumed")
    if annotations is None:
        return _membership(Presence.UNKNOWN, f"the namespace {workload.namespace} is not in the files")
    return _by_namespace(annotations.get(INJECT) or None)


def _by_own(own: Text, inherited: Text | None) -> Membership:
    if own == OFF:
        return _out(f"its pods are annotated {INJECT}: {own}", own)
    if own in ELSEWHERE_KNOWN:
        return _membership(Presence.UNKNOWN, f"its pods are annotated {INJECT}: {own}")
    if own not in ON:
        return _out(f'its pods are annotated {INJECT}: "{own}", which is no known word', own)
    if inherited is not None and inherited not in ON and inherited != OFF:
        return _out(f'its namespace is annotated {INJECT}: "{inherited}", which is no known word', inherited)
    return Membership(Dataplane.LINKERD, Presence.PRESENT, f"its pods are annotated {INJECT}", own.field)


def _by_namespace(inherited: Text | None) -> Membership:
    if inherited in ON and inherited is not None:
        reason = f"its namespace is annotated {INJECT}: {inherited}"
        return Membership(Dataplane.LINKERD, Presence.PRESENT, reason, inherited.field)
    return _membership(Presence.ABSENT, "no annotation of its namespace or its pods asks for injection")


def _excluded(mesh: Mesh, workload: Workload) -> Membership | None:
    labels = mesh.namespaces.labels(workload.namespace) or {}
    if workload.namespace in EXCLUDED_NAMESPACES or labels.get(ADMISSION_WEBHOOKS) == OFF:
        return _membership(Presence.ABSENT, f"nothing is injected in {workload.namespace}")
    if any(label in workload.pod.labels for label in _OWN_LABELS):
        return _membership(Presence.ABSENT, "it is part of Linkerd's control plane")
    return None


def _has_foreign_sidecar(workload: Workload) -> bool:
    pod = workload.pod
    if any((one.image or "").startswith(_SIDECAR_IMAGES) for one in (*pod.containers, *pod.init_containers)):
        return True
    return any(container.name in _SIDECARS for container in pod.containers) or any(
        container.name in _INIT_CONTAINERS for container in pod.init_containers
    )


def _membership(presence: Presence, reason: str) -> Membership:
    return Membership(Dataplane.LINKERD, presence, reason)


def _out(reason: str, because: Text | None) -> Membership:
    place = because.field if because is not None else None
    return Membership(Dataplane.LINKERD, Presence.ABSENT, reason, place, opted_out=True)


def injecting_namespaces(mesh: Mesh) -> frozenset[str]:
    """The namespaces that ask for the proxy by annotation, themselves or in a pod template.

    In any other the command line may add the proxy on the way to the cluster, so the files do not tell.
    """
    declared = {one.name for one in mesh.resources.of("", "Namespace") if one.annotations.get(INJECT) in ON}
    asking = {one.namespace for one in mesh.workloads.all if one.pod.annotations.get(INJECT) in ON}
    return frozenset(declared | asking)
