"""The TLS and TCP routes of a VirtualService, which know connections but no requests."""

from __future__ import annotations

from collections.abc import Mapping

from meshlint.documents import Field, Text
from meshlint.resources.istio.destination import RouteDestination, route_destination
from meshlint.resources.istio.parts import parts
from meshlint.resources.view_class import view


@view
class L4Match:
    """Conditions on a connection that must all hold.

    Only TLS routes have `sni_hosts`, only TCP routes have `source_subnet`, which Istio does not look at.
    """

    field: Field
    sni_hosts: tuple[Text, ...]
    destination_subnets: tuple[Text, ...]
    port: int | None
    source_labels: Mapping[str, Text]
    source_namespace: Text | None
    source_subnet: Text | None
    gateways: tuple[Text, ...]


@view
class L4Route:
    """Where the connections go that any of `match` describes; without a match, all of them."""

    field: Field
    match: tuple[L4Match, ...]
    route: tuple[RouteDestination, ...]


def l4_route(field: Field) -> L4Route:
    """The TLS or TCP route written at `field`."""
    return L4Route(field, parts(field, "match", _l4_match), parts(field, "route", route_destination))


def _l4_match(field: Field) -> L4Match:
    return L4Match(
        field,
        sni_hosts=field.texts("sniHosts"),
        destination_subnets=field.texts("destinationSubnets"),
        port=field.integer("port"),
        source_labels=field.mapping("sourceLabels"),
        source_namespace=field.text("sourceNamespace"),
        source_subnet=field.text("sourceSubnet"),
        gateways=field.texts("gateways"),
    )
