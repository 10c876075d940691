"""Whether anybody serves a Gateway of Istio, as far as the files show."""

from __future__ import annotations

from meshlint.documents import Text
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.questions.credentials import misplaced
from meshlint.mesh.workloads.gateways import is_gateway
from meshlint.resources.istio.gateway import Gateway, Server

_ALMOST = 0.93
INSTALLED = frozenset(
    {"ingressgateway", "egressgateway", "eastwestgateway", "ingress", "egress", "ingress-gateway"}
)
"""The values that the charts of Istio label their gateways with."""


def is_unselected(mesh: Mesh, gateway: Gateway) -> bool:
    """Whether the selector of a Gateway surely picks no pod.

    Gateways are mostly installed from elsewhere, so this speaks of closed worlds, and of selectors whose keys
    gateway pods beside it have with other values, or whose value is nearly that of an installed gateway.
    Every application has an `app`, and the charts of Istio give their gateways one, too: that proves nothing.
    """
    labels = dict(gateway.selector.labels) if gateway.selector is not None else {}
    if not labels or mesh.gateways.pods(gateway):
        return False
    stock = any(value in INSTALLED for value in labels.values())
    odd = "istio" in labels and not stock and _is_slip(labels["istio"])
    return mesh.settings.complete or odd or (not stock and _others_beside(mesh, gateway, labels))


def unserved(mesh: Mesh, gateway: Gateway) -> str | None:
    """Why no pod serves a Gateway, in words; None where some may.

    Here the files are the world as soon as they show gateways: one that selects none of them has no pods.
    """
    pods = mesh.gateways.pods(gateway)
    if pods:
        hidden = [one.namespace for one in pods if mesh.discovery.hiding(one.namespace) is not None]
        if len(hidden) < len(pods):
            return None
        return f"the control plane does not look at namespace '{hidden[0]}', so its gateway serves nothing"
    if is_unselected(mesh, gateway) or _others_are_shown(mesh, gateway):
        return f"no pod in the files serves {gateway.resource}, which selects {_selector(gateway)}"
    return None


def unserved_server(mesh: Mesh, gateway: Gateway, server: Server) -> str | None:
    """Why connections to a server of a Gateway fail although pods serve it, in words.

    Secrets are often kept out of files: only one that is there, and elsewhere, is told of.
    """
    found = misplaced(mesh, gateway, server)
    if found is None or not found.secrets:
        return None
    places = ", ".join(found.places)
    return (
        f"the server has no certificate: Secret '{found.name}' is not beside the gateway's pods in {places}"
    )


def _others_are_shown(mesh: Mesh, gateway: Gateway) -> bool:
    """Whether gateways are in view that have all keys of the selector, with other values."""
    labels = dict(gateway.selector.labels) if gateway.selector is not None else {}
    return bool(labels) and any(
        set(labels) <= set(one.pod.labels) for one in mesh.workloads.all if is_gateway(one)
    )


def _selector(gateway: Gateway) -> str:
    labels = gateway.selector.labels if gateway.selector is not None else {}
    return ", ".join(f"{key}={value}" for key, value in labels.items())


def _is_slip(value: str) -> bool:
    """Whether a label is that of an installed gateway but for a letter."""
    from difflib import SequenceMatcher

    return any(SequenceMatcher(None, value, name).ratio() > _ALMOST for name in INSTALLED)


def _others_beside(mesh: Mesh, gateway: Gateway, labels: dict[str, Text]) -> bool:
    beside = mesh.workloads.in_namespace(gateway.resource.namespace)
    return any(set(labels) <= set(workload.pod.labels) for workload in beside if is_gateway(workload))
