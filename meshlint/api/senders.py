"""Who sends a request: the workload or gateway that a user names, and the mesh that it belongs to."""

from __future__ import annotations

from attrs import frozen

from meshlint.engine.usage import Mistake, UsageError, did_you_mean
from meshlint.mesh import Found, Mesh
from meshlint.reports.route.answer import Sender
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.membership.istio import istio_ambient, istio_sidecar
from meshlint.security.membership.linkerd import linkerd_proxy
from meshlint.security.membership.presence import Membership
from meshlint.traffic.request import Client
from meshlint.traffic.ways.clients import GATEWAY, client_named, workload_client

ISTIO, AMBIENT, LINKERD, NONE = "istio", "ambient", "linkerd", "none"
MESHES = (ISTIO, AMBIENT, LINKERD, NONE)
_LINKERD_GROUPS = frozenset({"linkerd.io", "policy.linkerd.io"})
_ISTIO_GROUPS = frozenset({"networking.istio.io", "security.istio.io"})


@frozen(eq=False, repr=False)
class Named:
    """A client by name: what the traffic room asks for, the workload if it is one, and what to call it.

    `assumed` says what was taken for granted because files do not tell it; `is_shown` whether they show that
    the client is in its mesh.
    """

    client: Client
    workload: Workload | None
    sender: Sender
    assumed: tuple[str, ...] = ()
    is_shown: bool = True


def sender_named(mesh: Mesh, text: str, belongs_to: str | None = None) -> Named:
    """The client that `web`, `shop/web` or `gateway/edge` names; raises `UsageError` if there is none.

    `belongs_to` is one of `MESHES` where the user knows better than the files.
    """
    if text.startswith(GATEWAY):
        return _gateway(mesh, text)
    workload = named_workload(mesh, text)
    meshed, because, assumed = _membership(mesh, workload)
    is_shown = not assumed and belongs_to in (None, meshed)
    if belongs_to is not None:
        meshed, because, assumed = belongs_to, "stated", ()
    sender = Sender(workload.name, workload.kind, workload.namespace, meshed, because)
    return Named(workload_client(workload), workload, sender, assumed, is_shown)


def named_workload(mesh: Mesh, text: str) -> Workload:
    """The one workload of that name, with or without its namespace; raises `UsageError` otherwise."""
    namespace, slash, name = text.rpartition("/")
    found = [
        one for one in mesh.workloads.all if one.name == name and (not slash or one.namespace == namespace)
    ]
    places = sorted({one.namespace for one in found})
    if len(places) > 1:
        choice = " or ".join(f'"{place}/{name}"' for place in places[:3])
        count = f"{len(places)} namespaces"
        raise UsageError(Mistake(f'"{name}" is the name of workloads in {count}', f"Write {choice}."))
    if found:
        return min(found, key=lambda one: one.kind)
    raise UsageError(Mistake(f'"{text}" is no workload in the manifests', _hint(mesh, text)))


def _hint(mesh: Mesh, text: str) -> str:
    workloads = mesh.workloads.all
    full = [f"{one.namespace}/{one.name}" for one in workloads]
    near = did_you_mean(text, full if "/" in text else [one.name for one in workloads])
    if near:
        return near
    name = text.rpartition("/")[2]
    if any(one.resource.name == name for one in (*mesh.gateways.all, *mesh.kubernetes_gateways)):
        return f'Did you mean "{GATEWAY}{text}"?'
    if not full:
        return "No workload is in them: only pods, Deployments and the like send requests."
    return f"Workloads are, for example, {', '.join(sorted(full)[:3])}."


def _gateway(mesh: Mesh, text: str) -> Named:
    namespace, slash, name = text.removeprefix(GATEWAY).rpartition("/")
    everything = [one.resource for one in (*mesh.gateways.all, *mesh.kubernetes_gateways)]
    found = [one for one in everything if one.name == name and (not slash or one.namespace == namespace)]
    places = sorted({one.namespace for one in found})
    if len(places) > 1:
        choice = " or ".join(f'"{GATEWAY}{place}/{name}"' for place in places[:3])
        raise UsageError(
            Mistake(f'"{name}" is the name of Gateways in {len(places)} namespaces', f"Write {choice}.")
        )
    resolved = client_named(mesh, f"{GATEWAY}{places[0]}/{name}") if places else None
    if not isinstance(resolved, Found):
        names = [f"{GATEWAY}{one.name}" for one in everything]
        names += [f"{GATEWAY}{one.namespace}/{one.name}" for one in everything]
        hint = did_you_mean(text, names) or _known_gateways(names)
        raise UsageError(Mistake(f'"{text}" is no Gateway in the manifests', hint))
    sender = Sender(name, "Gateway", places[0], ISTIO, "it is a gateway")
    return Named(resolved.target, None, sender, tuple(_foreign(mesh, places[0], name)))


def _known_gateways(names: list[str]) -> str:
    return f"Gateways are, for example, {', '.join(names[:3])}." if names else "No Gateway is in them."


def _foreign(mesh: Mesh, namespace: str, name: str) -> list[str]:
    """What is taken for granted of a Gateway that another controller than Istio's may run."""
    return [
        f"{one.resource} is of class '{one.gateway_class_name}', whose controller may differ from Istio's"
        for one in mesh.kubernetes_gateways
        if (one.namespace, one.name) == (namespace, name)
        and not str(one.gateway_class_name or "istio").startswith("istio")
    ]


def _membership(mesh: Mesh, workload: Workload) -> tuple[str, str, tuple[str, ...]]:
    """The mesh of a workload, how that is known, and what was assumed."""
    memberships = {
        LINKERD: linkerd_proxy(mesh, workload),
        ISTIO: istio_sidecar(mesh, workload),
        AMBIENT: istio_ambient(mesh, workload),
    }
    for name, one in memberships.items():
        if one.is_present:
            return name, one.reason, ()
    likely = _likely(mesh)
    unsure = [name for name in likely if not _is_out(memberships[name])]
    if not unsure:
        return NONE, memberships[likely[0]].reason, ()
    chosen = unsure[0]
    reason = memberships[chosen].reason
    taken = f"{workload.resource} is taken for a client of {chosen.capitalize()}, though {reason}"
    return chosen, "assumed", (taken,)


def _is_out(membership: Membership) -> bool:
    """Whether the proxy is surely not there: a label may yet be put on a namespace by hand."""
    return membership.is_absent and membership.is_kept_out


def _likely(mesh: Mesh) -> tuple[str, ...]:
    """The meshes that the files speak of, Istio where they speak of none."""
    groups = {group for group, _ in mesh.resources.kinds}
    spoken = {ISTIO: _ISTIO_GROUPS, LINKERD: _LINKERD_GROUPS}
    return tuple(name for name, own in spoken.items() if groups & own) or (ISTIO,)
