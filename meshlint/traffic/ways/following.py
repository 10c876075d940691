"""Which entry of its route table takes a request at a proxy, and what comes of it there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.mesh import Mesh
from meshlint.mesh.names.expansion import ServiceName
from meshlint.mesh.routing.gateways import gateway_name
from meshlint.traffic.request import Client, Request
from meshlint.traffic.tables.entries import CLOSED, Entry, Layer, Respond, RouteTable
from meshlint.traffic.tables.gateway_api.gateways import kubernetes_gateway_table
from meshlint.traffic.tables.istio.gateways import gateway_table, with_virtual_services
from meshlint.traffic.tables.istio.sidecars import sidecar_table
from meshlint.traffic.ways.hops import hops
from meshlint.traffic.ways.way import Hop, Passed, Way


def table_for(
    mesh: Mesh,
    client: Client,
    host: str,
    port: int,
    *,
    tls: bool = False,
    server_name: str | None = None,
    scheme: str | None = None,
    named: str | None = None,
) -> RouteTable | None:
    """The route table of a client for a full host name and port; None where it knows nothing of them.

    `tls` says that the client itself encrypts, `server_name` what for, by default the host. `named` is the
    Host header as it is written, by default the host.
    """
    for name in sorted(client.gateways):
        kubernetes = mesh.gateways.kubernetes_named(gateway_name(name, client.namespace))
        if kubernetes is not None:
            asked = server_name if tls else None
            table = kubernetes_gateway_table(mesh, kubernetes, host, port, server_name=asked)
            return with_virtual_services(mesh, client, kubernetes, table, host, port)
    if client.is_gateway:
        return gateway_table(mesh, client, host, port, tls=tls, server_name=server_name)
    full = None if named is None else full_host(mesh, client, named)
    scheme = scheme or ("https" if tls else "http")
    return sidecar_table(mesh, client, host, port, scheme=scheme, named=full, written=named)


def follow(mesh: Mesh, client: Client, request: Request, host: str, table: RouteTable) -> Way:
    """What a route table does with a request."""
    if table.layer is Layer.HTTP and request.scheme in ("tcp", "tls"):
        reason = "the proxy expects HTTP on this port, and the connection carries none"
        return Way(request, client, host, table, None, (), (), CLOSED, reason, table.undecided)
    entry, passed = choose(table.entries, request)
    status, reason, found = _outcome(mesh, client, request, entry, table)
    undecided = (*table.undecided, *_unknown_address(request, passed), *_of_policies(found))
    return Way(request, client, host, table, entry, passed, found, status, reason, undecided, table.layer)


def choose(entries: Iterable[Entry], request: Request) -> tuple[Entry | None, tuple[Passed, ...]]:
    """The first entry that takes a request, and those before it with what they miss."""
    passed: list[Passed] = []
    for entry in entries:
        failure = next(entry.condition.failures(request), None)
        if failure is None:
            return entry, tuple(passed)
        passed.append(Passed(entry, failure))
    return None, tuple(passed)


def full_host(mesh: Mesh, client: Client, host: str) -> str:
    """The host that a name stands for when a pod calls it: cluster DNS completes what Istio would not."""
    name = host.lower().rstrip(".")
    if client.is_gateway or ":" in name:  # an address of IPv6 is no name that could be completed
        return name
    domain = mesh.settings.cluster_domain
    parts = name.split(".")
    if len(parts) == 1:
        return ServiceName(client.namespace, name).host(domain)
    if len(parts) == 2 or (len(parts) == 3 and parts[2] == "svc"):
        short = ServiceName(parts[1], parts[0])
        if mesh.services.get(short) is not None:
            return short.host(domain)
    return _of_pod(mesh, name) or name


def _of_pod(mesh: Mesh, host: str) -> str | None:
    """The host of the headless Service that a name of one of its pods goes with, as `db-0.db.shop.svc`.

    Proxies have one cluster for all pods of such a Service, and names below it lead there (istiod: virtual
    hosts of headless services). Only pods of a StatefulSet that names the Service have such names.
    """
    domain = mesh.settings.cluster_domain
    pod, _, rest = host.removesuffix(f".svc.{domain}").removesuffix(".svc").partition(".")
    name, _, namespace = rest.partition(".")
    service = mesh.services.get(ServiceName(namespace, name)) if name and "." not in namespace else None
    if service is None or not service.is_headless:
        return None
    stem, _, number = pod.rpartition("-")
    sets = (one for one in mesh.services.backing(service) if one.kind == "StatefulSet")
    is_pod = number.isdecimal() and any(
        one.name == stem and one.resource.spec.text("serviceName") == name for one in sets
    )
    return ServiceName(namespace, name).host(domain) if is_pod else None


def _of_policies(found: Iterable[Hop]) -> Iterator[str]:
    yield from dict.fromkeys(text for hop in found for text in hop.policy.undecided)


def _unknown_address(request: Request, passed: Iterable[Passed]) -> Iterator[str]:
    """What is left to the address that is connected to, where an earlier route asks only for that."""
    for one in passed:
        if request.address is None and one.failure == "destination address":
            yield f"a route of {one.entry.owner} comes first for the addresses that it names"
            return


def _outcome(
    mesh: Mesh, client: Client, request: Request, entry: Entry | None, table: RouteTable
) -> tuple[int | None, str, tuple[Hop, ...]]:
    if entry is None:
        what = "request" if table.layer is Layer.HTTP else "connection"
        return table.unmatched, f"no route takes the {what}", ()
    if isinstance(entry.action, Respond):
        closed = table.layer is not Layer.HTTP
        return CLOSED if closed else entry.action.status, entry.action.reason, ()
    found = tuple(hops(mesh, client, entry.action, request.port, table.layer))
    if not found:
        return 503 if table.layer is Layer.HTTP else CLOSED, "the route has no destination", ()
    return None, "", found
