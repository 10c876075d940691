"""What a Sidecar lets its workloads see."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.matching import host_covers
from meshlint.mesh import Mesh
from meshlint.resources.istio.destination_rule import DestinationRule
from meshlint.resources.istio.sidecar import Sidecar


def imports(sidecar: Sidecar, host: str, owner: str | None) -> bool:
    """Whether a Sidecar lets its workloads see a host that a namespace owns (Istio: Sidecar egress).

    Without `egress` everything is visible. An entry with `~` leaves out what others let in.
    """
    if not sidecar.egress:
        return True
    entries = [text for listener in sidecar.egress for text in listener.hosts]
    out = [text[1:] for text in entries if text.startswith("~")]
    own = sidecar.resource.namespace
    if any(_meets(text, host, owner, own) for text in out):
        return False
    return any(_meets(text, host, owner, own) for text in entries if not text.startswith("~"))


def hidden_rules(mesh: Mesh) -> Iterator[tuple[Sidecar, DestinationRule]]:
    """DestinationRules of a namespace for one host that the namespace's only Sidecar leaves out."""
    for sidecar in mesh.sidecars:
        selector = sidecar.workload_selector
        if selector is not None and selector.labels:
            continue
        for rule in mesh.destination_rules.all:
            host = mesh.destination_rules.host(rule)
            owner = mesh.hosts.owner(host)
            mine = rule.resource.namespace == sidecar.resource.namespace
            if mine and owner not in (None, rule.resource.namespace) and not imports(sidecar, host, owner):
                yield sidecar, rule


def _meets(text: str, host: str, owner: str | None, own: str) -> bool:
    place, _, pattern = text.partition("/")
    place = own if place == "." else place
    return place in ("", "*", owner) and host_covers(pattern.lower(), host)
