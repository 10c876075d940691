"""Which pods get an Istio sidecar.

First the webhook must be called, which labels of the namespace and the pod decide; then the injector itself
decides (Istio: the mutating webhook's selectors, and its injection policy).
"""

from __future__ import annotations

from collections.abc import Mapping

from meshlint.documents import Field, Text
from meshlint.mesh import Mesh
from meshlint.mesh.remembered import remembered
from meshlint.mesh.workloads.gateways import is_gateway
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.membership.openshift import is_member
from meshlint.security.membership.presence import Dataplane, Membership, Presence
from meshlint.values import frozen

INJECT = "sidecar.istio.io/inject"
INJECTION = "istio-injection"
REVISION = "istio.io/rev"
DATAPLANE_MODE = "istio.io/dataplane-mode"
SYSTEM_NAMESPACES = frozenset({"kube-system", "kube-public", "kube-node-lease", "local-path-storage"})
_PROXY = "istio-proxy"
_ASSUMED = "the mesh that it is in is assumed"


@frozen(repr=False)
class _Call:
    """Whether the webhook is called; None where the namespace's labels are not in the files."""

    called: bool | None
    reason: str
    because: Field | None = None


@remembered
def istio_sidecar(mesh: Mesh, workload: Workload) -> Membership:
    """Whether the pods of `workload` get a sidecar of Istio."""
    pod = workload.pod
    if carries_proxy(workload):
        return _membership(Presence.PRESENT, "it carries the proxy container itself")
    if pod.host_network:
        return _out("it uses the host's network, where nothing is injected", pod.spec / "hostNetwork")
    if INJECT in pod.labels or REVISION in pod.labels or INJECT in pod.annotations:
        return _injected(mesh, workload)
    return _of_silent_pods(mesh, workload.namespace)


@remembered
def _of_silent_pods(mesh: Mesh, namespace: str) -> Membership:
    """Whether pods get a sidecar that say nothing of it: one answer for most of a namespace."""
    if namespace in SYSTEM_NAMESPACES:
        return _not_there(namespace)
    return _called(_call_in(mesh, namespace, None, None), None)


def _injected(mesh: Mesh, workload: Workload) -> Membership:
    if workload.namespace in SYSTEM_NAMESPACES:
        return _not_there(workload.namespace)
    pod = workload.pod
    return _called(_call(mesh, workload), pod.labels.get(INJECT) or pod.annotations.get(INJECT))


def _not_there(namespace: str) -> Membership:
    return _membership(Presence.ABSENT, f"nothing is injected in {namespace}")


def _called(call: _Call, wish: Text | None) -> Membership:
    if call.called is None:
        return _membership(Presence.UNKNOWN, call.reason)
    if not call.called:
        opted_out = call.because is not None and INJECT in call.because.path
        return Membership(
            Dataplane.ISTIO_SIDECAR, Presence.ABSENT, call.reason, call.because, opted_out=opted_out
        )
    if wish == "false":
        return _out(f'its pods carry {INJECT}: "false"', wish.field)
    return Membership(Dataplane.ISTIO_SIDECAR, Presence.PRESENT, call.reason, call.because)


def carries_proxy(workload: Workload) -> bool:
    """Whether the proxy is one of the containers that are written for the pods."""
    pod = workload.pod
    return any(container.name == _PROXY for container in (*pod.containers, *pod.init_containers))


def is_filled_in(workload: Workload) -> bool:
    """Whether injection fills in the proxy that is written for the pods (Istio: image auto)."""
    pod = workload.pod
    return any(one.name == _PROXY and one.image == "auto" for one in (*pod.containers, *pod.init_containers))


@remembered
def istio_ambient(mesh: Mesh, workload: Workload) -> Membership:
    """Whether ztunnel takes the traffic of `workload`'s pods (Istio: ambient labels).

    A pod with a sidecar stays with it, whatever the labels say.
    """
    pod = workload.pod
    mode = pod.labels.get(DATAPLANE_MODE)
    if pod.host_network or mode == "none":
        return _ambient(Presence.ABSENT, "it is kept out of ambient mode", mode.field if mode else None)
    if mode != "ambient":
        mode = (mesh.namespaces.labels(workload.namespace) or {}).get(DATAPLANE_MODE)
        if mode is None and mesh.settings.assumed_mesh:
            return _assumed_ambient(mesh, workload)
        if mode != "ambient":
            return _not_ambient(mesh, workload.namespace)
    if istio_sidecar(mesh, workload).is_present:
        return _ambient(Presence.ABSENT, "it has a sidecar")
    return _ambient(Presence.PRESENT, f"{DATAPLANE_MODE} is ambient", mode.field)


@remembered
def _not_ambient(mesh: Mesh, namespace: str) -> Membership:
    """Why nothing puts pods of a namespace in ambient mode: one answer for most of them."""
    if mesh.namespaces.labels(namespace) is None:
        return _ambient(Presence.UNKNOWN, f"the namespace {namespace} is not in the files")
    return _ambient(Presence.ABSENT, "neither it nor its namespace is in ambient mode")


def is_meshed(mesh: Mesh, workload: Workload) -> bool:
    """Whether a workload is surely in Istio's mesh, by a sidecar or in ambient mode."""
    return istio_sidecar(mesh, workload).is_present or istio_ambient(mesh, workload).is_present


def is_kept_out(mesh: Mesh, workload: Workload) -> bool:
    """Whether something written keeps a workload out; labels of a namespace are often put on by hand."""
    return istio_sidecar(mesh, workload).is_kept_out and istio_ambient(mesh, workload).is_absent


@remembered
def kept_out(mesh: Mesh, namespace: str | None) -> frozenset[Workload]:
    """The workloads of a namespace, or of all with None, that something written keeps out of Istio's mesh."""
    return frozenset(one for one in mesh.workloads.within_reach(namespace) if is_kept_out(mesh, one))


@remembered
def in_ambient(mesh: Mesh, namespace: str | None) -> frozenset[Workload]:
    """The workloads of a namespace, or of all with None, whose traffic ztunnel surely takes."""
    held = mesh.workloads.within_reach(namespace)
    return frozenset(one for one in held if istio_ambient(mesh, one).is_present)


def all_ambient(mesh: Mesh, workloads: tuple[Workload, ...]) -> bool:
    """Whether there are workloads, and ztunnel surely takes the traffic of each of them, none a gateway."""
    return bool(workloads) and all(
        istio_ambient(mesh, one).is_present and not is_gateway(one) for one in workloads
    )


def unfilled_proxy(mesh: Mesh, workload: Workload) -> Text | None:
    """The image of a proxy that injection was to fill in, where it surely passes the pods by.

    The image `auto` is no image: only the injector makes one of it (Istio: gateway injection).
    """
    pod = workload.pod
    written = [one.image for one in (*pod.containers, *pod.init_containers) if one.name == _PROXY]
    image = next((one for one in written if one == "auto"), None)
    if image is None:
        return None
    wish = pod.labels.get(INJECT) or pod.annotations.get(INJECT)
    call = _call(mesh, workload)
    # Where nothing is written, a label may yet be put on the namespace by hand.
    written_off = call.called is False and (call.because is not None or mesh.settings.complete)
    passed_by = pod.host_network or wish == "false" or workload.namespace in SYSTEM_NAMESPACES
    return image if passed_by or written_off else None


def _call(mesh: Mesh, workload: Workload) -> _Call:
    pod = workload.pod.labels
    inject, revision = pod.get(INJECT), pod.get(REVISION)
    if inject == "false":
        return _Call(False, f'its pods are labelled {INJECT}: "false"', inject.field)
    call = _call_in(mesh, workload.namespace, inject, revision)
    return call if call.called or call.because else _annotated(mesh, workload) or call


def _call_in(mesh: Mesh, namespace: str, inject: Text | None, revision: Text | None) -> _Call:
    labels = mesh.namespaces.labels(namespace)
    if labels is None:
        return _without_namespace(mesh, namespace, inject, revision)
    return _with_namespace(mesh, labels, inject, revision)


def _annotated(mesh: Mesh, workload: Workload) -> _Call | None:
    """What the annotation alone comes to; None where it comes to nothing, as in Istio itself."""
    wish = workload.pod.annotations.get(INJECT)
    if wish != "true":
        return None
    member = is_member(mesh, workload.namespace)
    if member is None:
        return _Call(None, f"the member roll of {workload.namespace} is not in the files")
    reason = f'its pods are annotated {INJECT}: "true", and its namespace is a member of the mesh'
    return _Call(True, reason, wish.field) if member else None


def _without_namespace(mesh: Mesh, namespace: str, inject: Text | None, revision: Text | None) -> _Call:
    if inject == "true":
        return _Call(True, f'its pods are labelled {INJECT}: "true"', inject.field)
    if revision:
        return _Call(True, f"its pods are labelled {REVISION}", revision.field)
    if mesh.settings.assumed_mesh:
        return _Call(mesh.settings.assumed_mesh == "istio", _ASSUMED)
    return _Call(None, f"the namespace {namespace} is not in the files")


def _with_namespace(
    mesh: Mesh, namespace: Mapping[str, Text], inject: Text | None, revision: Text | None
) -> _Call:
    injection, namespace_revision = namespace.get(INJECTION), namespace.get(REVISION)
    if injection is not None:
        called = injection == "enabled"
        return _Call(called, f'its namespace is labelled {INJECTION}: "{injection}"', injection.field)
    if namespace_revision is not None:
        return _Call(
            True, f'its namespace is labelled {REVISION}: "{namespace_revision}"', namespace_revision.field
        )
    if inject == "true":
        return _Call(True, f'its pods are labelled {INJECT}: "true"', inject.field)
    if revision:
        return _Call(True, f'its pods are labelled {REVISION}: "{revision}"', revision.field)
    if mesh.settings.assumed_mesh == "istio":
        return _Call(True, _ASSUMED)
    if mesh.settings.enable_namespaces_by_default:
        return _Call(True, "the mesh injects into every namespace")
    return _Call(False, "no label of its namespace or its pods asks for injection")


def _assumed_ambient(mesh: Mesh, workload: Workload) -> Membership:
    if mesh.settings.assumed_mesh != "ambient" or istio_sidecar(mesh, workload).is_present:
        return _ambient(Presence.ABSENT, _ASSUMED)
    return _ambient(Presence.PRESENT, _ASSUMED)


def _membership(presence: Presence, reason: str) -> Membership:
    return Membership(Dataplane.ISTIO_SIDECAR, presence, reason)


def _out(reason: str, because: Field) -> Membership:
    return Membership(Dataplane.ISTIO_SIDECAR, Presence.ABSENT, reason, because, opted_out=True)


def _ambient(presence: Presence, reason: str, because: Field | None = None) -> Membership:
    return Membership(Dataplane.ISTIO_AMBIENT, presence, reason, because)
