"""Which requests are worth asking about: who sends them, to which host and port."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Protocol

from meshlint.matching import is_wildcard
from meshlint.mesh import Mesh
from meshlint.mesh.hosts.protocols import host_ports
from meshlint.mesh.hosts.registry import Host
from meshlint.mesh.names.expansion import ServiceName
from meshlint.mesh.routing.gateways import gateway_name
from meshlint.mesh.routing.virtual_services import is_for_mesh
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.access.calling import Calling
from meshlint.traffic.ways.clients import GATEWAY
from meshlint.values import frozen

_SOME, _NAMELESS = "any", "any.example"
_DEFAULT_PORT = 80


@frozen(order=True)
class Question:
    """Requests of one sender, a workload or `gateway/NAMESPACE/NAME`, to one host and port."""

    sender: str
    host: str
    port: int
    written: str
    """The host as the files write it, perhaps with a wildcard."""


@frozen
class CalledHost:
    """A host that workloads may call: as it is written, and its ports."""

    written: str
    ports: tuple[int, ...]


class Wanted(Protocol):
    """Says which hosts, gateways and senders are of interest."""

    @property
    def senders(self) -> frozenset[str]:
        """Workloads whose requests are, whatever their host."""

    def takes_host(self, host: str, /) -> bool:
        """Whether all requests to a host are."""

    def takes_gateway(self, name: str, /) -> bool:
        """Whether the requests that come in at a gateway are."""


@frozen(eq=False, slots=False, repr=False)
class Asking:
    """The questions that the files of one side raise."""

    mesh: Mesh

    @cached_property
    def gateways(self) -> dict[str, dict[str, str]]:
        """The hosts that each gateway may be asked for, as they are written, by the gateway's name."""
        found: dict[str, dict[str, str]] = {name: {_NAMELESS: "*"} for name in self.doors}
        for door, hosts in (*self._by_virtual_services(), *self._by_the_gateway_api()):
            if door in found:
                found[door].update({a_host_of(host): host for host in hosts})
        return found

    def _by_virtual_services(self) -> Iterator[tuple[str, Iterable[str]]]:
        for one in self.mesh.virtual_services:
            for reference in one.gateways_or_mesh:
                yield door_named(str(gateway_name(reference, one.resource.namespace))), one.hosts

    def _by_the_gateway_api(self) -> Iterator[tuple[str, Iterable[str]]]:
        for route in self.mesh.routes:
            for parent in route.parent_refs:
                yield door_named(f"{parent.namespace}/{parent.name}"), map(str, route.hostnames)
        for gateway in self.mesh.kubernetes_gateways:
            hosts = [str(one.hostname) for one in gateway.listeners if one.hostname]
            yield door_named(f"{gateway.namespace}/{gateway.name}"), hosts

    @cached_property
    def doors(self) -> dict[str, tuple[int, ...]]:
        """The ports of each gateway, by its name."""
        found: dict[str, set[int]] = {}
        for one in self.mesh.gateways.all:
            ports = (server.port.number for server in one.servers)
            name = door_named(f"{one.resource.namespace}/{one.resource.name}")
            found.setdefault(name, set()).update(port for port in ports if port is not None)
        for other in self.mesh.kubernetes_gateways:
            opened = (listener.port for listener in other.listeners)
            name = door_named(f"{other.namespace}/{other.name}")
            found.setdefault(name, set()).update(port for port in opened if port is not None)
        return {name: tuple(sorted(ports)) for name, ports in sorted(found.items())}

    @cached_property
    def hosts(self) -> dict[str, CalledHost]:
        """The hosts that workloads may call, by their full names."""
        found: dict[str, CalledHost] = {}
        for one in self._known:
            if not is_wildcard(one.name):
                ports = {port.number for port in host_ports(one)}
                found[one.name] = CalledHost(one.name, tuple(sorted(ports)) or (_DEFAULT_PORT,))
        for virtual_service in self.mesh.virtual_services:
            if is_for_mesh(virtual_service):
                for host in virtual_service.hosts:
                    full = self.mesh.hosts.expand(host, virtual_service.resource.namespace)
                    found.setdefault(a_host_of(full), CalledHost(full, (_DEFAULT_PORT,)))
        return found

    @property
    def _known(self) -> Iterator[Host]:
        domain = self.mesh.settings.cluster_domain
        names = [ServiceName(one.namespace, one.name).host(domain) for one in self.mesh.services.all]
        names += [str(host) for entry in self.mesh.service_entries for host in entry.hosts]
        for name in dict.fromkeys(names):
            known = self.mesh.hosts.known(name)
            if known is not None:
                yield known

    def senders(self, host: str) -> tuple[str, ...]:
        """Whose calls to a host the files name; else some workload, one of the host's namespace if any."""
        known = self.mesh.hosts.known(host)
        service = None if known is None else known.service
        named = () if service is None else self._calling.of(service)
        found = sorted({_name(one.workload) for one in named if one.workload is not None})
        return tuple(found) or self._somebody("" if service is None else service.namespace)

    def _somebody(self, namespace: str) -> tuple[str, ...]:
        near = self.mesh.workloads.in_namespace(namespace) or self.mesh.workloads.all
        return (min(map(_name, near)),) if near else ()

    @cached_property
    def _calling(self) -> Calling:
        return Calling(self.mesh)

    @cached_property
    def everyone(self) -> tuple[str, ...]:
        """Every workload that could send something."""
        return tuple(sorted({_name(one) for one in self.mesh.workloads.all}))


def door_named(name: str) -> str:
    """How a sender is called that is the gateway `NAMESPACE/NAME`."""
    return f"{GATEWAY}{name}"


def _name(workload: Workload) -> str:
    return f"{workload.namespace}/{workload.name}"


def a_host_of(host: str) -> str:
    """A host that a pattern stands for."""
    if host in ("", "*"):
        return _NAMELESS
    return _SOME + host[1:] if is_wildcard(host) else host


def questions(sides: tuple[Asking, Asking], reach: Wanted, most: int) -> Iterator[Question]:
    """What is asked of both sides, as far as `reach` wants it.

    Where there are at most `most` pairs of a workload and a host, every workload is asked; else those that
    the files name.
    """
    yield from _at_gateways(sides, reach)
    known = sorted({*sides[0].hosts, *sides[1].hosts})
    workloads = sorted(set(sides[0].everyone) & set(sides[1].everyone))
    everyone = len(workloads) * len(known) <= most
    for host in known:
        wanted = reach.takes_host(host)
        if not wanted and not reach.senders:
            continue
        named = set(workloads) if everyone else _named(sides, host) & set(workloads)
        written, ports = _of_both(sides, host)
        for sender in sorted(named if wanted else named & reach.senders):
            yield from (Question(sender, host, port, written) for port in ports)


def _named(sides: tuple[Asking, Asking], host: str) -> set[str]:
    return {one for side in sides for one in side.senders(host)}


def _of_both(sides: tuple[Asking, Asking], host: str) -> tuple[str, list[int]]:
    """How a host is written, and its ports on either side."""
    held = [side.hosts[host] for side in sides if host in side.hosts]
    return held[0].written, sorted({port for one in held for port in one.ports})


def _at_gateways(sides: tuple[Asking, Asking], reach: Wanted) -> Iterator[Question]:
    """The requests that come in at gateways; one that is there on one side alone is opened, or shut."""
    for name in sorted({*sides[0].doors, *sides[1].doors}):
        if reach.takes_gateway(name):
            hosts = {**sides[1].gateways.get(name, {}), **sides[0].gateways.get(name, {})}
            ports = sorted({port for side in sides for port in side.doors.get(name, ())})
            for host in sorted(hosts):
                yield from (Question(name, host, port, hosts[host]) for port in ports)
