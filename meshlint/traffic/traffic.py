"""The one value that checks and front ends ask about routing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from meshlint.mesh import Mesh
from meshlint.mesh.left_off import COMPLEX, leave_off
from meshlint.values import frozen

if TYPE_CHECKING:
    from meshlint.mesh import Resolution
    from meshlint.resources.istio.virtual_service import VirtualService
    from meshlint.traffic.destination_rules.subsets import Subsets
    from meshlint.traffic.destinations.ports import FaultyPort, PortFault
    from meshlint.traffic.destinations.routed import HiddenDestination, RoutedTo
    from meshlint.traffic.destinations.shares import Split
    from meshlint.traffic.followers.passed_on import PassedOn
    from meshlint.traffic.gateways.pods import Clash
    from meshlint.traffic.reach.virtual_services import Reach
    from meshlint.traffic.request import Client, Request
    from meshlint.traffic.status.attachments import Attachment
    from meshlint.traffic.status.backends import FaultyBackend
    from meshlint.traffic.status.failures import Failure
    from meshlint.traffic.status.statuses import Statuses
    from meshlint.traffic.tables.entries import RouteTable
    from meshlint.traffic.ways.way import Way


@frozen(eq=False, slots=False, repr=False)
class Traffic:
    """Answers about where requests go, each worked out when it is first asked for."""

    mesh: Mesh

    def client(self, name: str) -> Resolution[Client]:
        """The client that a user names: `web`, `shop/web`, `gateway/edge`."""
        from meshlint.traffic.ways.clients import client_named

        return client_named(self.mesh, name)

    def way(self, client: Client, request: Request) -> Way:
        """The way of an HTTP request from a client of Istio."""
        from meshlint.traffic.ways.proxied import way

        return way(self.mesh, client, request)

    def table(self, client: Client, host: str, port: int, *, tls: bool = False) -> RouteTable | None:
        """The route table that a client has for a host, as it calls it, and a port."""
        from meshlint.traffic.ways.following import full_host, table_for

        return table_for(self.mesh, client, full_host(self.mesh, client, host), port, tls=tls)

    @cached_property
    def splits(self) -> tuple[Split, ...]:
        """How each route shares out its requests."""
        from meshlint.traffic.destinations.shares import splits

        return tuple(splits(self.mesh))

    @cached_property
    def subsets(self) -> Subsets:
        """Subsets, and the routes that name them."""
        from meshlint.traffic.destination_rules.subsets import Subsets

        return Subsets(self.mesh)

    @cached_property
    def destinations(self) -> tuple[RoutedTo, ...]:
        """Every destination and mirror of a VirtualService."""
        from meshlint.traffic.destinations.routed import destinations

        return tuple(destinations(self.mesh))

    @cached_property
    def unanswered(self) -> tuple[RoutedTo, ...]:
        """Those that nothing in the files answers for."""
        known = self.mesh.hosts.known
        return tuple(one for one in self.destinations if known(one.host) is None)

    @cached_property
    def passed_on(self) -> tuple[PassedOn, ...]:
        """Destinations that nothing resolves."""
        from meshlint.traffic.followers.passed_on import passed_on

        return tuple(passed_on(self.mesh))

    @cached_property
    def hidden_destinations(self) -> tuple[HiddenDestination, ...]:
        """Every destination that some clients of its route cannot see."""
        from meshlint.traffic.destinations.routed import hidden_destinations

        return tuple(hidden_destinations(self.mesh, self.destinations))

    @cached_property
    def faulty_ports(self) -> tuple[FaultyPort, ...]:
        """Every destination whose port, written or left out, is wrong."""
        from meshlint.traffic.destinations.ports import faulty_ports

        return tuple(faulty_ports(self.mesh))

    @cached_property
    def _reach(self) -> dict[int, Reach]:
        from meshlint.traffic.reach.virtual_services import reach_of

        found = {id(one): reach_of(self.mesh, one) for one in self.mesh.virtual_services}
        if not all(one.is_whole for one in found.values()):
            leave_off(self.mesh, "matches within one VirtualService")
        if not all(one.is_decided for one in found.values()):
            leave_off(self.mesh, COMPLEX)
        return found

    def reach(self, virtual_service: VirtualService) -> Reach:
        """What is never reached in a VirtualService."""
        return self._reach[id(virtual_service)]

    @cached_property
    def gateway_clashes(self) -> tuple[Clash, ...]:
        """Pairs of servers of the same gateway pods that want the same thing."""
        from meshlint.traffic.gateways.pods import clashes

        return tuple(clashes(self.mesh))

    @cached_property
    def status(self) -> Statuses:
        """What controllers write into the status of Gateway API objects."""
        from meshlint.traffic.status.statuses import statuses_of

        return statuses_of(self.mesh)

    @cached_property
    def failures(self) -> tuple[Failure, ...]:
        """What controllers surely write as not met, condition by condition."""
        from meshlint.traffic.status.failures import failures

        return tuple(failures(self.status))

    @cached_property
    def attachments(self) -> tuple[Attachment, ...]:
        """Every parent reference of a route to a Gateway or a ListenerSet of the Gateway API."""
        from meshlint.traffic.status.attachments import attachments

        return tuple(attachments(self.mesh, self.status))

    @cached_property
    def faulty_backends(self) -> tuple[FaultyBackend, ...]:
        """Every backend of a route whose share fails."""
        from meshlint.traffic.status.backends import faulty_backends

        return faulty_backends(self.mesh)

    def ports_with(self, fault: PortFault) -> Iterator[FaultyPort]:
        """The destinations with one fault of their port."""
        return (faulty for faulty in self.faulty_ports if faulty.fault is fault)
