"""From a project and a request to the way of the request."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.api.answers.routing.entrances import entrance
from meshlint.api.answers.routing.parts import (
    asked_of,
    left_out_of,
    location,
    object_at,
    rival_definitions,
    rule_of,
)
from meshlint.api.answers.routing.request import RouteRequest, checked, completed
from meshlint.api.answers.senders import AMBIENT, ISTIO, LINKERD, NONE, Named, sender_named
from meshlint.mesh import Mesh, Missing
from meshlint.mesh.names.expansion import partly_qualified, service_name
from meshlint.reports.route.answer import (
    Destination,
    Entrance,
    InForce,
    Outcome,
    PassedOver,
    Pods,
    Policy,
    RouteAnswer,
    Sender,
    Transport,
)
from meshlint.resources.istio.workload_entry import WorkloadEntry
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.istio.attributes import seen_path
from meshlint.traffic.effects.effect import Effect, EffectKind
from meshlint.traffic.effects.in_force import effects_in_force
from meshlint.traffic.effects.rewriting import rewritten_path
from meshlint.traffic.request import Request
from meshlint.traffic.tables.entries import Layer
from meshlint.traffic.ways.ambient import ambient_way
from meshlint.traffic.ways.encryption import (
    Encryption,
    istio_encryption,
    linkerd_encryption,
    machine_encryption,
    outside_encryption,
    plain_encryption,
)
from meshlint.traffic.ways.following import full_host
from meshlint.traffic.ways.linkerd import linkerd_way
from meshlint.traffic.ways.plain import plain_way
from meshlint.traffic.ways.proxied import way
from meshlint.traffic.ways.tls_ports import gets_plaintext
from meshlint.traffic.ways.way import Hop, Way
from meshlint.values import evolve

_REFUSED = 400
_WAYS = {ISTIO: way, LINKERD: linkerd_way, AMBIENT: ambient_way, NONE: plain_way}


def route(mesh: Mesh, asked: RouteRequest) -> RouteAnswer:
    """The way of a request; raises `UsageError` for one that makes no sense or a client that is not there."""
    return _answer(mesh, *followed(mesh, asked))


def followed(mesh: Mesh, asked: RouteRequest) -> tuple[Named, Request, Way]:
    """Who sends a request, the request with what it left open, and its way."""
    named = sender_named(mesh, checked(asked).client, asked.mesh)
    request = completed(mesh, asked, named)
    seen = _seen(mesh, named, request)
    if seen is None:
        host = full_host(mesh, named.client, request.host)
        reason = "the proxy refuses the path, which holds what no URL may"
        return named, request, Way(request, named.client, host, None, None, (), (), _REFUSED, reason, ())
    return named, request, _WAYS[named.sender.mesh](mesh, named.client, evolve(request, path=seen))


def _seen(mesh: Mesh, named: Named, request: Request) -> str | None:
    """The path and query that routes are matched against: a proxy of Istio normalises the path before."""
    if named.sender.mesh != ISTIO or request.scheme not in ("http", "https"):
        return request.path
    path = seen_path(request.path, mesh.settings.path_normalization)
    _, mark, query = request.path.partition("?")
    return None if path is None else f"{path}{mark}{query}"


def _answer(mesh: Mesh, named: Named, request: Request, found: Way) -> RouteAnswer:
    entered = entrance(mesh, named, request) if named.client.is_gateway else None
    outcome, status, reason, hint = outcome_of(mesh, named, request, found, entered)
    return RouteAnswer(
        request=asked_of(request, found.request),
        sender=named.sender,
        host=found.host,
        layer=found.layer.value,
        outcome=outcome,
        status=status,
        reason=reason,
        entrance=entered,
        sidecar=None if found.sidecar is None else object_at(found.sidecar.resource),
        waypoint=None if found.waypoint is None else str(found.waypoint),
        rule=None if found.entry is None else rule_of(found, found.entry),
        passed_over=tuple(_passed(found, found.request)),
        destinations=tuple(_destination(mesh, named, hop, found) for hop in found.hops),
        left_out=tuple(left_out_of(mesh, named, request, found)),
        in_force=tuple(_in_force(one) for one in _effects(mesh, named, found)),
        undecided=(
            *named.assumed,
            *rival_definitions(mesh, found),
            *found.undecided,
            *_ages_of_policies(mesh, named, found),
            *_waypoints(mesh, named, found),
            *_misunderstood(named, found),
            *_chosen_again(found),
        ),
        hint=hint,
    )


def outcome_of(
    mesh: Mesh, named: Named, request: Request, found: Way, entered: Entrance | None
) -> tuple[Outcome, int | None, str, str | None]:
    """What becomes of a request, the status, why no destination answers, and what may have been meant."""
    if found.hops:
        return Outcome.FORWARDED, None, "", None
    if found.is_closed:
        return Outcome.LOST, None, f"{found.reason}: the connection is closed", None
    if found.status is not None:
        unserved = named.client.is_gateway and found.entry is None and entered is None
        reason = "no server of the gateway takes the host on this port" if unserved else found.reason
        return Outcome.ANSWERED, found.status, reason, None
    resolved = mesh.hosts.resolve(found.host, named.client.namespace)
    if isinstance(resolved, Missing) and not _leaves_cluster(mesh, named, found.host):
        near = [name.partition(".")[0] if "." not in request.host else name for name in resolved.nearest]
        hint = f'Did you mean "{near[0]}"?' if near else None
        return Outcome.LOST, None, "there is no such host", hint
    named_service = service_name(found.host, mesh.settings.cluster_domain)
    service = None if named_service is None else mesh.services.get(named_service)
    if service is not None and service.port(request.port) is None and service.ports:
        ports = ", ".join(str(one.port) for one in service.ports)
        reason = f"{service.resource} has no port {request.port}, so nothing takes the connection"
        return Outcome.LOST, None, reason, f"It has {ports}."
    return Outcome.PASSED_THROUGH, None, found.reason, None


def _leaves_cluster(mesh: Mesh, named: Named, host: str) -> bool:
    """Whether a host is one outside of the cluster, of which Linkerd knows nothing but its address."""
    domain = mesh.settings.cluster_domain
    meant = service_name(host, domain) or partly_qualified(host, domain)
    within = meant is not None and (
        mesh.namespaces.is_in_view(meant.namespace) or host.endswith((".svc", domain))
    )
    return named.sender.mesh == LINKERD and "." in host and not within


def _passed(found: Way, request: Request) -> Iterator[PassedOver]:
    for one in found.passed:
        yield PassedOver(rule_of(found, one.entry), _missed(one.failure, request))


def _missed(failure: str, request: Request) -> str:
    """What the request lacks, with what it has instead."""
    kind, _, name = failure.rpartition(" ")
    if kind == "header":
        found = request.header(name)
        return f"{failure}, which is {_quoted(found)}" if found else f"{failure}, which is not there"
    if kind == "query parameter":
        value = request.parameter(name)
        return f"{failure}, which is not there" if value is None else f"{failure}, which is '{value}'"
    values = {
        "server name": request.server_name,
        "destination address": request.address or "not known",
        "path": request.plain_path,
        "method": request.method,
        "authority": request.authority,
        "scheme": request.scheme,
    }
    return f"{failure}, which is '{values[failure]}'" if failure in values else failure


def _quoted(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def _destination(mesh: Mesh, named: Named, hop: Hop, found: Way) -> Destination:
    pods = None
    if hop.workloads is not None or hop.machines:
        behind = (_pods(mesh, named, hop, one, found) for one in hop.workloads or ())
        pods = (*behind, *(_machine(mesh, hop, one) for one in hop.machines))
    return Destination(
        host=hop.host,
        port=hop.port,
        subset=None if hop.subset is None else str(hop.subset),
        share=hop.part,
        location=location(hop.target.field),
        pods=pods,
        transport=_joined(pods) if pods else _without_pods(mesh, named, hop),
        policies=tuple(Policy(name, location(block)) for name, block in hop.policy.blocks.items()),
        status=hop.status,
        problem=hop.problem,
        onward=None if hop.onward is None else _onward(mesh, hop.onward),
        called_port=hop.called_port,
    )


def _onward(mesh: Mesh, found: Way) -> RouteAnswer:
    """The way on from a gateway that a hop leads to."""
    namespace, _, name = min(found.client.gateways, default="/").partition("/")
    sender = Sender(name, "Gateway", namespace, ISTIO, "it is a gateway")
    return _answer(mesh, Named(found.client, None, sender), found.request, found)


def _pods(mesh: Mesh, named: Named, hop: Hop, workload: Workload, found: Way) -> Pods:
    transport = _transport(_encryption(mesh, named, hop, workload, found))
    return Pods(str(workload.resource), location(workload.resource.field), transport)


def _encryption(mesh: Mesh, named: Named, hop: Hop, server: Workload, found: Way) -> Encryption:
    if found.waypoint is not None:
        return istio_encryption(mesh, hop, server)
    if named.sender.mesh == LINKERD:
        return linkerd_encryption(mesh, server, sure=named.is_shown)
    if named.sender.mesh == ISTIO:
        return istio_encryption(mesh, hop, server, sure=named.is_shown)
    return plain_encryption(mesh, named.workload, hop, server)


def _machine(mesh: Mesh, hop: Hop, machine: WorkloadEntry) -> Pods:
    """An endpoint outside of Kubernetes, as if it were a workload's pods."""
    name = str(machine.resource)
    if machine.resource.kind != "WorkloadEntry":
        name = f"{machine.address} of {name}"
    return Pods(name, location(machine.field), _transport(machine_encryption(mesh, hop, machine)))


def _without_pods(mesh: Mesh, named: Named, hop: Hop) -> Transport | None:
    return (
        None
        if hop.status is not None
        else _transport(outside_encryption(mesh, hop, by_gateway=named.client.is_gateway))
    )


def _transport(one: Encryption) -> Transport:
    deciding = tuple((str(each), location(each.field)) for each in one.deciding)
    return Transport(one.transport.value, one.reason, deciding)


def _joined(pods: tuple[Pods, ...]) -> Transport:
    """How requests travel to all of the pods, if that is one way."""
    first = pods[0].transport
    if all(one.transport.text == first.text for one in pods):
        return first
    return Transport("differs", "not all pods are reached alike")


def _effects(mesh: Mesh, named: Named, found: Way) -> Iterator[Effect]:
    if found.entry is None or found.table is None:
        return
    table = evolve(found.table, layer=found.layer)
    by_linkerd = named.sender.mesh == LINKERD
    seen = None if by_linkerd else rewritten_path(found.entry, found.request.plain_path)
    for one in effects_in_force(mesh, table, found.entry, by_linkerd=by_linkerd):
        if one.kind is EffectKind.REWRITE and seen not in (None, one.settings.get("path", seen)):
            yield evolve(one, text=f"{one.text}: the server sees '{seen}'")
        else:
            yield one


def _in_force(one: Effect) -> InForce:
    place = None if one.field is None else location(one.field)
    return InForce(one.kind.value, one.text, dict(one.settings), place)


def _ages_of_policies(mesh: Mesh, named: Named, found: Way) -> Iterator[str]:
    """What is left to the age of the policies that decide how requests travel."""
    ways = (
        one
        for hop in found.hops
        for one in (
            *(_encryption(mesh, named, hop, server, found) for server in hop.workloads or ()),
            *(machine_encryption(mesh, hop, machine) for machine in hop.machines),
        )
    )
    yield from dict.fromkeys(text for one in ways for text in one.undecided)


def _chosen_again(found: Way) -> Iterator[str]:
    """What a gateway's choice comes to at a waypoint, which routes by itself."""
    for hop in found.hops:
        if hop.onward is not None and hop.onward.waypoint is not None and hop.subset is not None:
            yield (
                f"{hop.host} asks gateways for its waypoint {hop.onward.waypoint}, whose routes choose "
                f"again: subset {str(hop.subset)!r} does not count"
            )


def _misunderstood(named: Named, found: Way) -> Iterator[str]:
    """What is sent in plain HTTP to ports that speak TLS."""
    for hop in found.hops if named.sender.mesh == ISTIO and found.layer is Layer.HTTP else ():
        reason = gets_plaintext(hop.known, hop.port, hop.policy) if hop.status is None else None
        if reason is not None:
            yield f"{reason}, and gets plain HTTP here, which a server of TLS does not understand"


def _waypoints(mesh: Mesh, named: Named, found: Way) -> Iterator[str]:
    """What is left to a waypoint, for a client in ambient mode."""
    service = service_name(found.host, mesh.settings.cluster_domain)
    known = None if service is None else mesh.services.get(service)
    if named.sender.mesh != AMBIENT or known is None or found.waypoint is not None:
        return
    if mesh.waypoints.of_service(known).is_served is None:
        yield "whether a waypoint takes the request first is not in the files"
