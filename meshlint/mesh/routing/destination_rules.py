"""Which DestinationRule a client's proxy uses for a host."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from meshlint.matching import HostIndex
from meshlint.mesh.names.expansion import expand
from meshlint.mesh.namespaces.visibility import Visibility, visibility
from meshlint.mesh.parts import Places
from meshlint.mesh.settings.settings import MeshSettings
from meshlint.mesh.shelves import Kind, Shelf
from meshlint.resources.age import oldest_first
from meshlint.resources.istio.destination_rule import DestinationRule, Subset
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class Applied:
    """The DestinationRules that together configure one host for one client, all from one namespace.

    Rules for the same host are merged, the oldest first: subsets by name, the first one counts. `others` are
    rules that are not merged with these and that count instead if they are newer (Istio: several
    DestinationRules for one host).
    """

    host: str
    rules: tuple[DestinationRule, ...]
    others: tuple[DestinationRule, ...] = ()

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

    kind: Kind[DestinationRule]
    settings: MeshSettings

    @property
    def shelf(self) -> Shelf[DestinationRule]:
        """Their views."""
        return self.kind.shelf

    @property
    def all(self) -> tuple[DestinationRule, ...]:
        """All of them."""
        return self.shelf.all

    @cached_property
    def _by_namespace(self) -> Places[HostIndex[DestinationRule]]:
        return Places(self.shelf.homes, lambda place: self._indexed(self.shelf.living(place)))

    @cached_property
    def _exported(self) -> Places[HostIndex[DestinationRule]]:
        def made(place: str) -> HostIndex[DestinationRule] | None:
            return self._indexed(one for one in self.shelf.living(place) if not self._is_kept(one))

        return Places(self.shelf.homes, made)

    def _indexed(self, rules: Iterable[DestinationRule]) -> HostIndex[DestinationRule] | None:
        found = [(self.host(rule), rule) for rule in rules if rule.host]
        return HostIndex(found) if found else None

    def _is_kept(self, rule: DestinationRule) -> bool:
        """Whether a rule is for clients of its own namespace alone."""
        if rule.workload_selector is not None:
            return True
        default = self.settings.default_destination_rule_export_to
        chosen = frozenset(rule.export_to or default)
        return chosen in (frozenset({"."}), frozenset({rule.resource.namespace}))

    @cached_property
    def _everywhere(self) -> HostIndex[DestinationRule]:
        return HostIndex((self.host(rule), rule) for rule in self.all if rule.host)

    def host(self, rule: DestinationRule) -> str:
        """The full host of a rule; a short name is one in the rule's own namespace."""
        found = self._hosts.get(rule)
        if found is None:
            found = expand(rule.host or "", rule.resource.namespace, self.settings.cluster_domain)
            self._hosts[rule] = found
        return found

    @cached_property
    def _hosts(self) -> dict[DestinationRule, str]:
        return {}

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
        for those that nobody else sees. Then the service's namespace and the root namespace are, of whose
        rules for others the most specific host counts, and only then whether the client sees it. Any hit
        ends the search. A rule that is exported to its own namespace alone, or that selects workloads, is
        not among those for others and hides none of them (Istio: DestinationRule lookup).
        """
        if labels is not None:
            return self._looked_up(client_namespace, host, service_namespace, labels)
        key = client_namespace, host, service_namespace
        if key not in self._applied:
            self._applied[key] = self._looked_up(*key, labels)
        return self._applied[key]

    @cached_property
    def _applied(self) -> dict[tuple[str, str, str | None], Applied | None]:
        """What configures hosts for clients of which nothing but the namespace is known."""
        return {}

    def _looked_up(
        self,
        client_namespace: str,
        host: str,
        service_namespace: str | None,
        labels: Mapping[str, str] | None,
    ) -> Applied | None:
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
                return _chosen(pattern, self._grouped(seen), labels)
        return None

    def _grouped(self, rules: tuple[DestinationRule, ...]) -> list[tuple[DestinationRule, ...]]:
        """`_groups`, which are the same for all clients that see the same rules."""
        known = self._known_groups.get(rules)
        if known is None:
            known = self._known_groups[rules] = _groups(rules)
        return known

    @cached_property
    def _known_groups(self) -> dict[tuple[DestinationRule, ...], list[tuple[DestinationRule, ...]]]:
        return {}

    def _is_private(self, rule: DestinationRule, namespace: str) -> bool:
        """Whether a rule is one of the client's own namespace that comes before all others."""
        seen = self.visibility(rule)
        if namespace != self.settings.root_namespace:
            return seen.includes(namespace)
        return not seen.everywhere and seen.namespaces == {namespace}

    def naming(self, host: str) -> tuple[DestinationRule, ...]:
        """Every rule, in any namespace, whose host covers `host`."""
        if host not in self._naming:
            covering = self._everywhere.covering(host)
            self._naming[host] = tuple(rule for _, rules in covering for rule in rules)
        return self._naming[host]

    @cached_property
    def _naming(self) -> dict[str, tuple[DestinationRule, ...]]:
        return {}

    def _in(self, namespace: str, host: str, client_namespace: str) -> Applied | None:
        index = self._exported.get(namespace)
        best = None if index is None else index.most_specific(host)
        if best is None:
            return None
        every = self._grouped(tuple(best[1]))
        groups = [group for group in every if self.visibility(group[0]).includes(client_namespace)]
        return _newest(best[0], groups)


def _chosen(
    host: str, groups: Sequence[tuple[DestinationRule, ...]], labels: Mapping[str, str] | None
) -> Applied | None:
    """The rules for a client with these labels: the oldest that select it in the place of all others.

    Where none is left, the client has no rule at all (Istio: workloadSelector of DestinationRules). A client
    whose labels are not known is one that no rule selects.
    """
    plain = [group for group in groups if group[0].workload_selector is None]
    if labels is None:
        return _newest(host, plain)
    selecting = [group for group in groups if _selects(group[0], labels)]
    if selecting:
        return Applied(host, selecting[0], tuple(rule for group in selecting[1:] for rule in group))
    return _newest(host, plain) or Applied(host, ())


def _newest(host: str, groups: Sequence[tuple[DestinationRule, ...]]) -> Applied | None:
    """Of rules that are not merged, the newest count alone."""
    if not groups:
        return None
    return Applied(host, groups[-1], tuple(rule for group in groups[:-1] for rule in group))


def _selects(rule: DestinationRule, labels: Mapping[str, str]) -> bool:
    selector = rule.workload_selector
    return selector is not None and selector.labels.items() <= labels.items()


def _groups(rules: Iterable[DestinationRule]) -> list[tuple[DestinationRule, ...]]:
    """Rules for one host as they are merged, the oldest first: those that are exported alike and that select
    the same workloads. A newer one that is exported to more namespaces joins an older one as well (Istio:
    several DestinationRules for one host).
    """
    groups: list[list[DestinationRule]] = []
    for rule in oldest_first(rules, lambda one: one.resource):
        home = next((group for group in groups if _joins(rule, group[0])), None)
        if home is None:
            groups.append([rule])
        else:
            home.append(rule)
    return [tuple(group) for group in groups]


def _joins(rule: DestinationRule, first: DestinationRule) -> bool:
    mine, theirs = rule.workload_selector, first.workload_selector
    if mine is not None or theirs is not None:
        return mine is not None and theirs is not None and mine.labels == theirs.labels
    told, wider = frozenset(first.export_to), frozenset(rule.export_to)
    return told == wider or (bool(told) and told < wider)
