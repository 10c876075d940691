"""Which rules apply to the clients of a route: the same to all in a namespace that no rule is of or names."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from meshlint.mesh import Mesh
from meshlint.mesh.routing.destination_rules import Applied
from meshlint.resources.istio.destination_rule import DestinationRule
from meshlint.traffic.destinations.routed import RoutedTo
from meshlint.traffic.followers.clients import client_namespaces
from meshlint.values import frozen

View = tuple[tuple[str, ...], Applied | None]
"""Clients, by their namespaces, and the rules that apply to them."""


@frozen(eq=False, slots=False, repr=False)
class Sights:
    """DestinationRules as clients see them."""

    mesh: Mesh

    def applied(self, client: str, host: str) -> Applied | None:
        """The rules that configure a host for clients in a namespace."""
        return self.mesh.destination_rules.for_client(client, host, self.mesh.hosts.owner(host))

    def seen(self, host: str, rules: tuple[DestinationRule, ...]) -> tuple[frozenset[str], bool]:
        """The namespaces of the rules that name a host, with those that they are exported to by name, and
        whether everybody sees all of them.
        """
        if host not in self._seen:
            exported = tuple(map(self.mesh.destination_rules.visibility, rules))
            places = {rule.resource.namespace for rule in rules}.union(*(one.namespaces for one in exported))
            self._seen[host] = frozenset(places), all(one.everywhere for one in exported)
        return self._seen[host]

    @cached_property
    def _seen(self) -> dict[str, tuple[frozenset[str], bool]]:
        return {}

    def lacking(self, routed: RoutedTo, rules: tuple[DestinationRule, ...]) -> tuple[View, ...]:
        """The clients of a route that do not have its subset, with the rules that apply to them."""
        clients = client_namespaces(self.mesh, routed.virtual_service)
        key = routed.host, str(routed.destination.subset), clients
        if key not in self._lacking:
            views = self._views(routed.host, rules, clients)
            each = {id(one): one for _, one in views}
            without = {name for name, one in each.items() if one is None or not one.subsets(key[1])}
            self._lacking[key] = tuple(view for view in views if id(view[1]) in without)
        return self._lacking[key]

    @cached_property
    def _lacking(self) -> dict[tuple[str, str, tuple[str, ...]], tuple[View, ...]]:
        return {}

    def _views(
        self, host: str, rules: tuple[DestinationRule, ...], clients: tuple[str, ...]
    ) -> tuple[View, ...]:
        """The rules that apply, for groups of clients to which the same ones do."""
        key = host, clients
        if key not in self._viewed:
            self._viewed[key] = tuple(self._views_of(host, rules, clients))
        return self._viewed[key]

    @cached_property
    def _viewed(self) -> dict[tuple[str, tuple[str, ...]], tuple[View, ...]]:
        return {}

    def _views_of(
        self, host: str, rules: tuple[DestinationRule, ...], clients: tuple[str, ...]
    ) -> Iterator[View]:
        """Those that are elsewhere are told of together if everybody sees all rules."""
        places, everywhere = self.seen(host, rules)
        others = tuple(client for client in clients if client not in places)
        elsewhere = self.applied(others[0], host) if others else None
        if others and everywhere:
            yield others, elsewhere
        for client in clients:
            if client in places:
                yield (client,), self.applied(client, host)
            elif not everywhere:
                yield (client,), elsewhere
