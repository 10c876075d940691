"""Which subsets routes name, who can see them defined, and which pods are in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cached_property

from meshlint.mesh import Mesh, Missing
from meshlint.mesh.graph.calls import calls
from meshlint.mesh.namespaces.namespaces import DESTINATION_RULES, SERVICES, VIRTUAL_SERVICES
from meshlint.mesh.namespaces.placement import belong_together
from meshlint.mesh.parts import by_name
from meshlint.mesh.routing.destination_rules import DestinationRules
from meshlint.resources.istio.destination_rule import DestinationRule, Subset
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.kubernetes.workload import Workload
from meshlint.traffic.destination_rules.sights import Sights
from meshlint.traffic.destinations.routed import RoutedTo, destinations
from meshlint.traffic.followers.clients import gateway_namespaces
from meshlint.values import field, frozen

_NOWHERE = "."
"""Stands for every namespace that has no rule for a host: no namespace is called so."""


class Absence(Enum):
    """Why a client's proxy has no such subset."""

    UNDEFINED = "no rule for the host defines it"
    OUT_OF_SIGHT = "a rule defines it, but not for this client"
    UNSEEN = "a rule defines it, but not for this client, of which no call is known"
    HIDDEN = "a rule of the client's own namespace takes the place of the one that defines it"


@frozen(eq=False, repr=False)
class AbsentSubset:
    """A subset that a route names and that `clients` (namespaces; none where all are meant) do not have.

    `rules` are those that name the host; for a hidden subset `hiding` is the rule in its way.
    """

    routed: RoutedTo
    absence: Absence
    clients: tuple[str, ...] = ()
    rules: tuple[DestinationRule, ...] = ()
    hiding: DestinationRule | None = None


@frozen(eq=False, repr=False)
class EmptySubset:
    """A subset that a route names and whose labels no pod of `service` has."""

    rule: DestinationRule
    subset: Subset
    service: Service
    routed: RoutedTo


@frozen(eq=False, slots=False, repr=False)
class _Alike:
    """By host, subset and namespace of the host, whether all clients have the subset by some rules."""

    rules: DestinationRules
    known: dict[tuple[str, str, str | None], bool] = field(factory=dict)


@frozen(eq=False, slots=False, repr=False)
class Subsets:
    """Routes and DestinationRules brought together."""

    mesh: Mesh

    @cached_property
    def routed(self) -> tuple[RoutedTo, ...]:
        """Every destination that names a subset."""
        return tuple(routed for routed in destinations(self.mesh) if routed.destination.subset)

    @cached_property
    def absent(self) -> tuple[AbsentSubset, ...]:
        """Every subset that a route names and that some client does not have, with evidence for it."""
        return tuple(absent for routed in self.routed for absent in self._absences(routed))

    @cached_property
    def unused(self) -> tuple[tuple[DestinationRule, Subset], ...]:
        """Every subset that no route names, of rules whose VirtualServices are in view."""
        used = {(id(rule), name) for rule, name in self._uses()}
        left = (
            (rule, subset)
            for rule in self.mesh.destination_rules.all
            for subset in rule.subsets
            if subset.name and (id(rule), str(subset.name)) not in used
        )
        return tuple((rule, subset) for rule, subset in left if self._routes_in_view(rule))

    @cached_property
    def empty(self) -> tuple[EmptySubset, ...]:
        """Every subset that a route names though no pod of the service is in it."""
        from meshlint.traffic.destinations.endpoints import has_pods

        found: dict[int, EmptySubset] = {}
        for routed in self._distinct:
            known = self.mesh.hosts.known(routed.host)
            if known is None or known.service is None or known.entries:
                continue
            for rule, subset in self._defining(routed):
                if _has_some(self.mesh.services.backing(known.service), subset):
                    continue
                if not belong_together(rule.resource, known.service.resource):
                    continue
                if has_pods(self.mesh, known.service, subset.labels) is False:
                    found.setdefault(id(subset), EmptySubset(rule, subset, known.service, routed))
        return tuple(found.values())

    def _defining(self, routed: RoutedTo) -> tuple[tuple[DestinationRule, Subset], ...]:
        return self._defined(routed.host).get(str(routed.destination.subset), ())

    def _defined(self, host: str) -> Mapping[str, tuple[tuple[DestinationRule, Subset], ...]]:
        """The subsets of each name that rules define for a host."""
        if host not in self._defined_for:
            self._defined_for[host] = by_name(
                (subset.name, (rule, subset))
                for rule in self.mesh.destination_rules.naming(host)
                for subset in rule.subsets
                if subset.name is not None
            )
        return self._defined_for[host]

    @cached_property
    def _defined_for(self) -> dict[str, Mapping[str, tuple[tuple[DestinationRule, Subset], ...]]]:
        return {}

    @cached_property
    def _distinct(self) -> tuple[RoutedTo, ...]:
        """The first destination of each host and subset."""
        first: dict[tuple[str, str], RoutedTo] = {}
        for routed in self.routed:
            first.setdefault((routed.host, str(routed.destination.subset)), routed)
        return tuple(first.values())

    def _uses(self) -> Iterator[tuple[DestinationRule, str]]:
        for routed in self._distinct:
            for rule, subset in self._defining(routed):
                yield rule, str(subset.name)

    def _absences(self, routed: RoutedTo) -> Iterator[AbsentSubset]:
        rules = self.mesh.destination_rules.naming(routed.host)
        if self._is_the_same_for_all(routed, rules) or self._is_host_missing(routed):
            return
        if not self._defining(routed):
            if self._rules_in_view(routed) and not self._may_be_defined(routed):
                yield AbsentSubset(routed, Absence.UNDEFINED, rules=rules)
            return
        out_of_sight: list[str] = []
        for clients, applied in self._sights.lacking(routed, rules):
            if applied is None:
                out_of_sight.extend(clients)
            else:
                defining = tuple(dict.fromkeys(rule for rule, _ in self._defining(routed)))
                yield AbsentSubset(routed, Absence.HIDDEN, clients, defining, applied.rules[0])
        if out_of_sight and self._owner_in_view(routed):
            calling = set(out_of_sight) & self._callers(routed)
            absence = Absence.OUT_OF_SIGHT if calling else Absence.UNSEEN
            yield AbsentSubset(routed, absence, tuple(sorted(calling or out_of_sight)), rules)

    def _is_the_same_for_all(self, routed: RoutedTo, rules: tuple[DestinationRule, ...]) -> bool:
        """Whether each client of a route gets the subset: told without looking at the clients one by one."""
        owner = self.mesh.hosts.owner(routed.host)
        if len(rules) == 1 and self._is_for_all(rules[0], owner):
            return _defines(rules[0], routed)
        key = routed.host, str(routed.destination.subset), owner
        if key not in self._alike:
            places, everywhere = self._sights.seen(routed.host, rules)
            seen = (self._sights.applied(place, routed.host) for place in (_NOWHERE, *places))
            self._alike[key] = everywhere and all(one is not None and one.subsets(key[1]) for one in seen)
        return self._alike[key]

    def _is_for_all(self, rule: DestinationRule, owner: str | None) -> bool:
        """Whether a rule, if it is the only one for a host, is found by all clients, wherever they are."""
        if rule.resource.namespace != owner or rule.workload_selector is not None:
            return False
        return self.mesh.destination_rules.visibility(rule).everywhere

    @property
    def _alike(self) -> dict[tuple[str, str, str | None], bool]:
        """What of that is known by the same rules."""
        return self.mesh.of_parts(_Alike, self.mesh.destination_rules).known

    def _callers(self, routed: RoutedTo) -> set[str]:
        """The namespaces of which calls to the hosts of a route are known, or stand to reason.

        Those are of its own, of the service, of the pods of its gateways, and of workloads that are
        configured to call the service.
        """
        virtual_service = routed.virtual_service
        hosts = self.mesh.virtual_services.hosts(virtual_service)
        owners = {self.mesh.hosts.owner(host) for host in hosts}
        domain = self.mesh.settings.cluster_domain
        named = {
            call.client.namespace
            for call in calls(self.mesh)
            if self.mesh.hosts.service_name(call.service).host(domain) in hosts
        }
        gateways = gateway_namespaces(self.mesh, virtual_service)
        own = {virtual_service.resource.namespace}
        return own | named | gateways | {one for one in owners if one is not None}

    @cached_property
    def _sights(self) -> Sights:
        return Sights(self.mesh)

    def _is_host_missing(self, routed: RoutedTo) -> bool:
        """Whether the host itself is missing, of which another rule speaks."""
        namespace = routed.virtual_service.resource.namespace
        return isinstance(self.mesh.hosts.resolve(str(routed.destination.host), namespace), Missing)

    def _rules_in_view(self, routed: RoutedTo) -> bool:
        """Whether a rule that defines the subset would be seen: the host's rule or its namespace's are."""
        rules = self.mesh.destination_rules
        if any(rules.host(rule) == routed.host for rule in rules.naming(routed.host)):
            return True
        owner = self.mesh.hosts.owner(routed.host)
        if owner is None:
            return False
        place = routed.destination.field
        return self.mesh.namespaces.shows(owner, DESTINATION_RULES, place) or self._service_in_view(routed)

    def _may_be_defined(self, routed: RoutedTo) -> bool:
        """Whether a rule that names no namespace defines the subset for a service of the host's name."""
        name = routed.host.partition(".")[0]
        return any(
            not rule.resource.names_namespace and rule.host == name and _defines(rule, routed)
            for rule in self.mesh.destination_rules.all
        )

    def _service_in_view(self, routed: RoutedTo) -> bool:
        """Whether the service stands beside the route with its pods, so that a rule would stand there too."""
        known = self.mesh.hosts.known(routed.host)
        if known is None or known.service is None:
            return False
        beside = known.service.namespace == routed.virtual_service.resource.namespace
        return beside and bool(self.mesh.services.backing(known.service))

    def _owner_in_view(self, routed: RoutedTo) -> bool:
        owner = self.mesh.hosts.owner(routed.host)
        kinds = (*DESTINATION_RULES, *SERVICES)
        return owner is not None and self.mesh.namespaces.shows(owner, kinds, routed.destination.field)

    def _routes_in_view(self, rule: DestinationRule) -> bool:
        owner = self.mesh.hosts.owner(self.mesh.destination_rules.host(rule))
        places = {rule.resource.namespace, owner or rule.resource.namespace}
        return any(self.mesh.namespaces.shows(place, VIRTUAL_SERVICES, rule.field) for place in places)


def _has_some(backing: tuple[Workload, ...], subset: Subset) -> bool:
    """Whether some workloads behind a Service are in a subset."""
    return any(subset.labels.items() <= one.pod_labels.items() for one in backing)


def _defines(rule: DestinationRule, routed: RoutedTo) -> bool:
    return any(subset.name == routed.destination.subset for subset in rule.subsets)


def unmatched(mesh: Mesh) -> Iterator[tuple[DestinationRule, Subset, Service]]:
    """Every subset whose labels no pod of the service has, routed to or not."""
    from meshlint.traffic.destinations.endpoints import has_pods

    for rule in mesh.destination_rules.all:
        known = mesh.hosts.known(mesh.destination_rules.host(rule))
        if known is None or known.service is None or known.entries:
            continue
        backing = mesh.services.backing(known.service)
        for subset in rule.subsets:
            if not _has_some(backing, subset) and has_pods(mesh, known.service, subset.labels) is False:
                yield rule, subset, known.service


def skipped_splits(mesh: Mesh) -> Iterator[tuple[RoutedTo, RoutedTo]]:
    """Destinations of gateways' routes for whose host sidecars have subsets: a gateway does not follow those.

    A route never asks the VirtualService of its destination (Istio: destination resolution).
    """
    split: dict[str, RoutedTo] = {}
    every = tuple(destinations(mesh))
    for one in every:
        if one.destination.subset and one.host in mesh.virtual_services.hosts(one.virtual_service):
            split.setdefault(one.host, one)
    for one in every:
        gateways = one.virtual_service.bound_gateways
        inner = split.get(one.host)
        plain = one.is_http and not one.is_mirror and not one.destination.subset
        if gateways and plain and inner is not None and inner.virtual_service is not one.virtual_service:
            yield one, inner
