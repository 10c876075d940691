"""Which DestinationRule a client's proxy uses for a host."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from attrs import frozen

from meshlint.matching import HostIndex
from meshlint.mesh.names.expansion import expand
from meshlint.mesh.namespaces.visibility import Visibility, visibility
from meshlint.mesh.settings.settings import MeshSettings
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

    @property
    def is_merged(self) -> bool:
        """Whether the rules are merged: only those that are exported alike are, and else the newest one
        counts alone (Istio: several DestinationRules for one host).
        """
        return len({frozenset(rule.export_to or ()) for rule in self.rules}) < 2


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

    def for_client(
        self,
        client_namespace: str,
        host: str,
        service_namespace: str | None,
        labels: Mapping[str, str] | None = None,
    ) -> Applied | None:
        """What configures `host` for clients in a namespace; `labels` are those of the client's pods, if
        known.

        The client's own namespace is asked first, for rules that it sees itself: of the root namespace, only
        for those that nobody else sees. Then the service's namespace and the root namespace are, of which the
        most specific host counts, and only then whether the client sees it. Any hit ends the search (Istio:
        DestinationRule lookup).
        """
        own = self._own(client_namespace, host, labels)
        if own is not None:
            return own
        for namespace in dict.fromkeys((service_namespace, self.settings.root_namespace)):
            if namespace is not None:
                found = self._in(namespace, host, client_namespace)
                if found is not None:
                    return found
        return None

    def _own(self, namespace: str, host: str, labels: Mapping[str, str] | None) -> Applied | None:
        index = self._by_namespace.get(namespace)
        for pattern, rules in () if index is None else index.covering(host):
            seen = tuple(rule for rule in rules if self._is_private(rule, namespace))
            if seen:
                return _chosen(pattern, seen, labels)
        return None

    def _is_private(self, rule: DestinationRule, namespace: str) -> bool:
        """Whether a rule is one of the client's own namespace that comes before all others."""
        seen = self.visibility(rule)
        if namespace != self.settings.root_namespace:
            return seen.includes(namespace)
        return not seen.everywhere and seen.namespaces == {namespace}

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


def _chosen(
    host: str, rules: tuple[DestinationRule, ...], labels: Mapping[str, str] | None
) -> Applied | None:
    """The rules for a client with these labels: those that select it in the place of all others.

    Where none is left, the client has no rule at all (Istio: workloadSelector of DestinationRules). A client
    whose labels are not known is one that no rule selects.
    """
    plain = tuple(rule for rule in rules if rule.workload_selector is None)
    if labels is None:
        return Applied(host, plain) if plain else None
    selecting = tuple(
        rule
        for rule in rules
        if rule.workload_selector is not None and rule.workload_selector.labels.items() <= labels.items()
    )
    return Applied(host, selecting or plain)
