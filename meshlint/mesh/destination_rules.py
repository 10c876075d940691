"""Which DestinationRule a client's proxy uses for a host."""

from __future__ import annotations

from functools import cached_property

from attrs import frozen

from meshlint.matching import HostIndex
from meshlint.mesh.names import expand
from meshlint.mesh.settings import MeshSettings
from meshlint.mesh.visibility import Visibility, visibility
from meshlint.resources.istio.destination_rule import DestinationRule, Subset


@frozen(eq=False, repr=False)
class Applied:
    """The DestinationRules that together configure one host for one client, all from one namespace.

    Rules for the same host are merged: subsets by name, the first one counts; which rule is first depends on
    their age, which files do not tell (Istio: several DestinationRules for one host).
    """

    host: str
    rules: tuple[DestinationRule, ...]

    def subsets(self, name: str) -> tuple[Subset, ...]:
        """The subsets of that name."""
        return tuple(subset for rule in self.rules for subset in rule.subsets if subset.name == name)

    @property
    def subset_names(self) -> tuple[str, ...]:
        """The names of all subsets, sorted."""
        return tuple(sorted({subset.name for rule in self.rules for subset in rule.subsets if subset.name}))


@frozen(eq=False, slots=False, repr=False)
class DestinationRules:
    """All DestinationRules, looked up as a proxy's configuration is made."""

    all: tuple[DestinationRule, ...]
    settings: MeshSettings

    @cached_property
    def _by_namespace(self) -> dict[str, HostIndex[DestinationRule]]:
        found: dict[str, list[tuple[str, DestinationRule]]] = {}
        for rule in self.all:
            if rule.host:
                found.setdefault(rule.resource.namespace, []).append((self.host(rule), rule))
        return {namespace: HostIndex(rules) for namespace, rules in found.items()}

    @cached_property
    def _everywhere(self) -> HostIndex[DestinationRule]:
        return HostIndex((self.host(rule), rule) for rule in self.all if rule.host)

    def host(self, rule: DestinationRule) -> str:
        """The full host of a rule; a short name is one in the rule's own namespace."""
        return expand(rule.host or "", rule.resource.namespace, self.settings.cluster_domain)

    def visibility(self, rule: DestinationRule) -> Visibility:
        """The namespaces that see a rule."""
        default = self.settings.default_destination_rule_export_to
        return visibility(rule.export_to, default, rule.resource.namespace)

    def for_client(self, client_namespace: str, host: str, service_namespace: str | None) -> Applied | None:
        """What configures `host` for clients in a namespace.

        The client's own namespace is asked first, then the service's, then the root namespace. Within one,
        the most specific host counts, and only then whether the client sees it: any hit ends the search
        (Istio: DestinationRule lookup).
        """
        root = self.settings.root_namespace
        own = self._in(client_namespace, host, client_namespace) if client_namespace != root else None
        if own is not None:
            return own
        for namespace in dict.fromkeys((service_namespace, root)):
            if namespace is not None:
                found = self._in(namespace, host, client_namespace)
                if found is not None:
                    return found
        return None

    def naming(self, host: str) -> tuple[DestinationRule, ...]:
        """Every rule, in any namespace, whose host covers `host`."""
        return tuple(rule for _, rules in self._everywhere.covering(host) for rule in rules)

    def _in(self, namespace: str, host: str, client_namespace: str) -> Applied | None:
        index = self._by_namespace.get(namespace)
        best = None if index is None else index.most_specific(host)
        if best is None:
            return None
        seen = tuple(rule for rule in best[1] if self.visibility(rule).includes(client_namespace))
        plain = tuple(rule for rule in seen if rule.workload_selector is None)
        return Applied(best[0], plain) if plain else None
