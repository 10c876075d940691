"""Gateway (of Istio): the ports and hosts that gateway proxies listen for."""

from __future__ import annotations

from meshlint.documents import Field, Text
from meshlint.resources.istio.parts import Port, SpecView, part, parts, port
from meshlint.resources.istio.selection import WorkloadSelector, plain_labels
from meshlint.resources.istio.server_tls import ServerTls, server_tls
from meshlint.resources.resource import Resource
from meshlint.resources.view_class import view
from meshlint.values import frozen


@view
class Server:
    """One port for some hosts, each written `host`, `namespace/host`, `./host` or `*/host`."""

    field: Field
    name: Text | None
    port: Port
    bind: Text | None
    hosts: tuple[Text, ...]
    tls: ServerTls | None
    default_endpoint: Text | None


@frozen(eq=False, repr=False)
class Gateway(SpecView):
    """Servers for the proxies that `selector` picks, in any namespace; without one, for all gateways."""

    selector: WorkloadSelector | None
    servers: tuple[Server, ...]


def gateway(resource: Resource) -> Gateway:
    """The view of a Gateway of Istio, of any version."""
    spec = resource.spec
    return Gateway(resource, plain_labels(spec), parts(spec, "servers", _server))


def _server(field: Field) -> Server:
    return Server(
        field,
        name=field.text("name"),
        port=port(field / "port"),
        bind=field.text("bind"),
        hosts=field.texts("hosts"),
        tls=part(field, "tls", server_tls),
        default_endpoint=field.text("defaultEndpoint"),
    )
