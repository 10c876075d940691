"""Linkerd's EgressNetwork: addresses outside the cluster and whether they may be called."""

from __future__ import annotations

from meshlint.documents import Text
from meshlint.resources.linkerd.networks import Network, networks
from meshlint.resources.resource import Resource
from meshlint.resources.view import ObjectView
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class EgressNetwork(ObjectView):
    """An EgressNetwork; `networks` is None for everything outside the cluster."""

    traffic_policy: Text | None
    """`Allow` or `Deny`, for what no route takes."""
    networks: tuple[Network, ...] | None


def egress_network(resource: Resource) -> EgressNetwork:
    """`resource` read as an EgressNetwork."""
    spec = resource.spec
    return EgressNetwork(
        resource=resource,
        traffic_policy=spec.text("trafficPolicy"),
        networks=networks(spec) if isinstance((spec / "networks").value, list) else None,
    )
