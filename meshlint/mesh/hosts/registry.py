"""What a host name in an Istio object stands for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any

from meshlint.documents import Document, Field, Text
from meshlint.matching import HostIndex
from meshlint.mesh.hosts.defined import Defined
from meshlint.mesh.hosts.defined import Host as Host
from meshlint.mesh.hosts.full_view import FullView, has_versions
from meshlint.mesh.hosts.made_services import MadeServices
from meshlint.mesh.hosts.services import Services
from meshlint.mesh.names.expansion import ServiceName, expand, partly_qualified, service_name
from meshlint.mesh.namespaces.namespaces import SERVICES, Namespaces
from meshlint.mesh.namespaces.visibility import Visibility, visibility
from meshlint.mesh.resolution import Found, Missing, Resolution, Unknown
from meshlint.mesh.settings.settings import MeshSettings
from meshlint.resources.age import are_known, oldest_first
from meshlint.resources.istio.service_entry import ServiceEntry
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.resource import Resource
from meshlint.values import frozen

LetsIn = Callable[["Host"], bool]
_EXPORT_TO = "networking.istio.io/exportTo"


@frozen(eq=False, slots=False, repr=False)
class Hosts:
    """The registry of hosts: Services under their full names, and the hosts of ServiceEntries.

    With the registry of an `earlier` revision, a host that only this one knew is missing.
    """

    services: Services
    entries: tuple[ServiceEntry, ...]
    namespaces: Namespaces
    settings: MeshSettings
    earlier: Hosts | None
    defined: Defined
    view: Callable[[Resource, Callable[[Resource], Any]], Any]
    """Reads an object in a way, once for all sets that have it."""

    @property
    def _entries(self) -> HostIndex[ServiceEntry]:
        return self.defined.by_host

    @cached_property
    def _external(self) -> HostIndex[str]:
        return HostIndex((host.lower(), host) for host in self.settings.external_hosts)

    @cached_property
    def _made(self) -> MadeServices:
        return MadeServices(self.namespaces.resources)

    def expand(self, host: str, namespace: str) -> str:
        """The full name of `host` as an object in `namespace` means it."""
        return expand(host, namespace, self.settings.cluster_domain)

    def owner(self, host: str) -> str | None:
        """The namespace that the service behind a full host name lives in, as far as it is known."""
        named = service_name(host, self.settings.cluster_domain)
        if named is not None:
            return named.namespace
        known = self.known(host)
        return None if known is None else known.namespace

    @cached_property
    def _judged(self) -> dict[ServiceName, bool]:
        """Whether so much of its namespace is in view that a service which is not there is missing."""
        return {}

    def known(self, host: str) -> Host | None:
        """The host of that full name, if anything in the files defines it."""
        return self.defined.known(host)

    def seen_from(
        self, host: str, namespace: str, port: int | None = None, lets_in: LetsIn | None = None
    ) -> Host | None:
        """The host of that full name as proxies in a namespace know it: what is exported to them and, by
        `lets_in`, let in by their Sidecar.

        One namespace alone defines it: their own, else that of the Service, else that of the oldest
        ServiceEntry. Where it lacks the `port`, a wider one that has it counts (istiod: selectServices and
        the virtual hosts of each port). An ExternalName Service is another name for its target and defines
        nothing.
        """
        for pattern in self._patterns(host):
            found = self._defined(host, pattern, namespace, lets_in)
            if found is not None and (port is None or _opens(found, port)):
                return found
        return None

    def own(self, host: str, namespace: str) -> Host | None:
        """The host of that full name that a namespace defines itself, whomever it is exported to."""
        named = service_name(host, self.settings.cluster_domain)
        service = None if named is None or named.namespace != namespace else self.services.get(named)
        if service is not None:
            return None if service.is_external_name else Host(host, service, ())
        entries = tuple(one for one in self._entries.at(host) if one.namespace == namespace)
        return Host(host, None, tuple(_joined(oldest_first(entries, _resource))), host) if entries else None

    def _patterns(self, host: str) -> Iterator[str]:
        name = host.lower()
        yield name
        yield from (pattern for pattern, _ in self._entries.covering(name) if pattern != name)

    def _defined(self, host: str, pattern: str, namespace: str, lets_in: LetsIn | None) -> Host | None:
        """The one definition of a pattern of which `host` is one, among those that proxies see."""
        entries = [one for one in self._entries.at(pattern) if self._sees(one, namespace)]
        seen = [Host(host, None, (one,), pattern) for one in _by_reach(entries, self.visibility_of_entry)]
        service = self._seen_service(pattern, namespace)
        if service is not None:
            seen.insert(0, Host(host, service, (), ""))
        known = [one for one in seen if lets_in is None or lets_in(one)]
        if not known:
            return None
        first = next((one for one in known if one.namespace == namespace), known[0])
        if first.service is not None:
            return first
        same = (one.entries[0] for one in known if one.namespace == first.namespace)
        others = () if first.namespace == namespace else known
        return Host(
            host,
            None,
            tuple(_joined(same)),
            pattern,
            tuple(one.entries[0] for one in others if one.namespace != first.namespace),
        )

    def _seen_service(self, pattern: str, namespace: str) -> Service | None:
        named = service_name(pattern, self.settings.cluster_domain)
        service = None if named is None else self.services.get(named)
        written = () if service is None else self.services.alternatives(service)
        seen = (one for one in written if not one.is_external_name)
        return next((one for one in seen if self.visibility_of_service(one).includes(namespace)), None)

    def _sees(self, entry: ServiceEntry, namespace: str) -> bool:
        return self.visibility_of_entry(entry).includes(namespace)

    def alias(self, host: str) -> str | None:
        """The name that an ExternalName Service of that full name stands for, by way of others if need be;
        None for any other host, or where they lead back to themselves (Istio: ExternalName aliases).
        """
        passed = [host.lower()]
        while (target := self.external_name(passed[-1])) is not None:
            if target in passed:
                return None
            passed.append(target)
        return passed[-1] if len(passed) > 1 else None

    def external_name(self, host: str) -> str | None:
        """What is written as the target of an ExternalName Service of that full name."""
        named = service_name(host, self.settings.cluster_domain)
        service = None if named is None else self.services.get(named)
        if service is None or not service.is_external_name or not service.external_name:
            return None
        return str(service.external_name).lower().rstrip(".")

    def resolve(self, host: str, namespace: str) -> Resolution[Host]:
        """What `host`, named by an object in `namespace`, stands for, whoever may see it."""
        name = self.expand(host, namespace)
        known = self.known(name)
        if known is not None:
            return Found(known)
        if self._external.most_specific(name) is not None or name.startswith("*"):
            return Unknown()
        near = host.field if isinstance(host, Text) else None
        key = name, "." in host, None if near is None else near.document
        if key not in self._absences:
            self._absences[key] = self._absent(name, near, qualified="." in host)
        return self._absences[key]

    @cached_property
    def _absences(self) -> dict[tuple[str, bool, Document | None], Resolution[Host]]:
        """What names stand for that nothing defines, by the document that they are written in."""
        return {}

    def _absent(self, name: str, near: Field | None, *, qualified: bool) -> Resolution[Host]:
        domain = self.settings.cluster_domain
        named = service_name(name, domain)
        renamed = None if named is None else self.services.renamed(named)
        if renamed is not None:
            return Missing((renamed,), renamed)
        if named is not None:
            if self._may_come(named, qualified) or not self._shows(named.namespace, near, around=True):
                return Unknown()
            # Services further up may be another application's, unless one has nearly that name.
            if not self._shows(named.namespace, near, around=False) and not self.services.like(named):
                return Unknown()
            surely = self._is_gone(name) or self._is_missing(named)
            return Missing(self.services.like(named)) if surely else Unknown()
        if self._is_gone(name):
            return Missing()
        meant = partly_qualified(name, domain)
        if meant is not None and self.services.get(meant) is not None:
            return Missing((meant.host(domain),))
        if meant is not None and (name.endswith(".svc") or self.namespaces.is_in_view(meant.namespace)):
            return Missing()
        return Missing() if self.settings.complete else Unknown()

    def _shows(self, namespace: str, near: Field | None, *, around: bool) -> bool:
        """Whether the services of a namespace are in view `near` a field.

        They are if the object with that field named one of them before, and it was there: that the two belong
        together was true of the earlier revision, wherever they stand.
        """
        if self.namespaces.shows(namespace, SERVICES, near, around=around):
            return True
        if self.earlier is None or near is None or self.namespaces.are_filled_elsewhere(namespace):
            return False
        known = self.earlier.services.names_in(namespace)
        return self.earlier.full_view.leads_to(self.full_view.names_in(near.document), namespace, known)

    def _is_gone(self, name: str) -> bool:
        """Whether something defined the host in the earlier revision; here nothing does."""
        return self.earlier is not None and self.earlier.known(name) is not None

    def _is_missing(self, service: ServiceName) -> bool:
        """Missing, unless most of what is referred to in the namespace is, so that it is not in full view."""
        if service not in self._judged:
            self._judged[service] = self._is_in_full_view(service)
        return self._judged[service]

    def _is_in_full_view(self, service: ServiceName) -> bool:
        known = self.services.names_in(service.namespace)
        if self.settings.complete:
            return True
        mostly = self.full_view.of_services(service.namespace, known)
        return (mostly and not has_versions(service.name, known)) or self.services.has_slip(service)

    @cached_property
    def full_view(self) -> FullView:
        """How much of each namespace the files show."""
        return FullView(self.namespaces.resources, self.settings.cluster_domain, self.view)

    def _may_come(self, service: ServiceName, qualified: bool) -> bool:
        """Whether a service may come from what no file shows, however many places name it so."""
        key = service, qualified
        if key not in self._coming:
            placed = self.namespaces.placement.may_hold(SERVICES, service.name, qualified=qualified)
            self._coming[key] = placed or self._may_be_made(service)
        return self._coming[key]

    @cached_property
    def _coming(self) -> dict[tuple[ServiceName, bool], bool]:
        return {}

    def _may_be_made(self, service: ServiceName) -> bool:
        """Whether a controller or the mesh's own installation may bring the service."""
        installed = service.namespace == self.settings.root_namespace and not self.settings.complete
        return (installed and not self.services.named(service.name)) or self._made.may_hold(service)

    def is_visible(self, host: Host, namespace: str) -> bool:
        """Whether proxies in a namespace know the host."""
        services = () if host.service is None else self.services.alternatives(host.service)
        if any(self.visibility_of_service(service).includes(namespace) for service in services):
            return True
        return any(self.visibility_of_entry(entry).includes(namespace) for entry in host.entries)

    def visibility_of_service(self, service: Service) -> Visibility:
        """The namespaces that see a Kubernetes Service, by its annotation."""
        written = service.annotations.get(_EXPORT_TO)
        listed = [part.strip() for part in written.split(",")] if written else None
        return visibility(listed, self.settings.default_service_export_to, service.namespace)

    def visibility_of_entry(self, entry: ServiceEntry) -> Visibility:
        """The namespaces that see a ServiceEntry."""
        default = self.settings.default_service_export_to
        return visibility(entry.export_to, default, entry.resource.namespace)

    def service_name(self, service: Service) -> ServiceName:
        """The name that a Service is known by."""
        return ServiceName(service.namespace, service.name)


def _resource(entry: ServiceEntry) -> Resource:
    return entry.resource


def _opens(host: Host, port: int) -> bool:
    numbers = (
        [one.port for one in host.service.ports]
        if host.service is not None
        else [one.number for entry in host.entries for one in entry.ports]
    )
    return port in numbers


def _by_reach(
    entries: Iterable[ServiceEntry], visibility_of: Callable[[ServiceEntry], Visibility]
) -> list[ServiceEntry]:
    """Those that are exported by name before those that are for everyone, and of these the oldest first.

    Of one age, namespaces decide (istiod: SortServicesByCreationTime, where names are hosts).
    """
    found = list(entries)
    known = are_known(one.resource for one in found)
    ordered = oldest_first(found, _resource)
    if not known:
        ordered = tuple(sorted(ordered, key=lambda one: one.namespace))
    return sorted(ordered, key=lambda one: visibility_of(one).everywhere)


def _joined(entries: Iterable[ServiceEntry]) -> Iterator[ServiceEntry]:
    """The entries of one namespace whose ports are put together: those that resolve like the first one."""
    first: ServiceEntry | None = None
    for one in entries:
        first = first or one
        if (one.resolution, one.location) == (first.resolution, first.location):
            yield one
