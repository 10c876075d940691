"""Who sends a request: the workload or gateway that a user names, and the mesh that it belongs to."""

from __future__ import annotations

from meshlint.engine.usage import Mistake, UsageError, did_you_mean
from meshlint.mesh import Found, Mesh
from meshlint.mesh.names.written import split_name
from meshlint.reports.route.answer import Sender
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.membership.belonging import belonging
from meshlint.security.membership.presence import Dataplane
from meshlint.traffic.request import Client
from meshlint.traffic.ways.clients import GATEWAY, client_named, workload_client
from meshlint.values import frozen

ISTIO, AMBIENT, LINKERD, NONE = "istio", "ambient", "linkerd", "none"
MESHES = (ISTIO, AMBIENT, LINKERD, NONE)
NAMES = {
    Dataplane.ISTIO_SIDECAR: ISTIO,
    Dataplane.ISTIO_AMBIENT: AMBIENT,
    Dataplane.LINKERD: LINKERD,
    None: NONE,
}


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
    found = mesh.workloads.named(text)
    places = sorted({one.namespace for one in found})
    name = split_name(text)[1]
    if len(places) > 1:
        choice = " or ".join(f'"{place}/{name}"' for place in places[:3])
        count = f"{len(places)} namespaces"
        raise UsageError(Mistake(f'"{name}" is the name of workloads in {count}', f"Write {choice}."))
    if found:
        return found[0]
    raise UsageError(Mistake(f'"{text}" is no workload in the manifests', _hint(mesh, text)))


def _hint(mesh: Mesh, text: str) -> str:
    workloads = mesh.workloads.all
    full = [f"{one.namespace}/{one.name}" for one in workloads]
    near = did_you_mean(text, full if "/" in text else [one.name for one in workloads])
    if near:
        return near
    name = split_name(text)[1]
    if any(one.resource.name == name for one in (*mesh.gateways.all, *mesh.kubernetes_gateways)):
        return f'Did you mean "{GATEWAY}{text}"?'
    if not full:
        return "No workload is in them: only pods, Deployments and the like send requests."
    return f"Workloads are, for example, {', '.join(sorted(full)[:3])}."


def _gateway(mesh: Mesh, text: str) -> Named:
    namespace, name = split_name(text.removeprefix(GATEWAY))
    everything = [one.resource for one in (*mesh.gateways.all, *mesh.kubernetes_gateways)]
    found = [one for one in everything if one.name == name and namespace in (None, one.namespace)]
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
    found = belonging(mesh, workload)
    name = NAMES[found.dataplane]
    if not found.is_assumed:
        return name, found.reason, ()
    taken = f"{workload.resource} is taken for a client of {name.capitalize()}, though {found.reason}"
    return name, "assumed", (taken,)
