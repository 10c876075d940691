"""Which Services and ServiceEntries define a host."""

from __future__ import annotations

from functools import cached_property

from meshlint.matching import HostIndex
from meshlint.mesh.hosts.service_names import ServiceNames
from meshlint.mesh.names.expansion import ServiceName, service_name
from meshlint.mesh.settings.settings import MeshSettings
from meshlint.resources.istio.service_entry import ServiceEntry
from meshlint.resources.kubernetes.service import Service
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class Host:
    """A host that the mesh knows: a Kubernetes Service, or the ServiceEntries that define it.

    `written` is how ServiceEntries write it, where that is a wildcard. `rivals` are entries of other
    namespaces that define it instead if they are older.
    """

    name: str
    service: Service | None
    entries: tuple[ServiceEntry, ...]
    written: str = ""
    rivals: tuple[ServiceEntry, ...] = ()

    @property
    def pattern(self) -> str:
        """The host as the registry holds it, which is what a Sidecar's entries have to cover."""
        return self.written if self.service is None and self.written else self.name

    @property
    def is_passed_on(self) -> bool:
        """Whether connections go on to the address that was called, as nothing resolves the host
        (Istio: ServiceEntry, resolution NONE).
        """
        return self.service is None and bool(self.entries) and self.entries[0].resolution == "NONE"

    @property
    def namespace(self) -> str | None:
        """The namespace that owns the host."""
        if self.service is not None:
            return self.service.namespace
        return self.entries[0].resource.namespace if self.entries else None


@frozen(eq=False, slots=False, repr=False)
class WrittenHosts:
    """What a host is called as a Service, and which ServiceEntries cover it."""

    entries: tuple[ServiceEntry, ...]
    settings: MeshSettings

    @cached_property
    def by_host(self) -> HostIndex[ServiceEntry]:
        """The ServiceEntries by their hosts."""
        # Istio rejects the bare `*`, so nothing is known by it.
        return HostIndex(
            (host.lower(), entry) for entry in self.entries for host in entry.hosts if host != "*"
        )

    @cached_property
    def _found(self) -> dict[str, tuple[ServiceName | None, str, tuple[ServiceEntry, ...]]]:
        return {}

    def of(self, host: str) -> tuple[ServiceName | None, str, tuple[ServiceEntry, ...]]:
        """The Service that a full name is one of, and the entries that cover it, with how they write it."""
        found = self._found.get(host)
        if found is None:
            covering = self.by_host.covering(host)
            pattern, entries = covering[0] if covering else ("", ())
            found = service_name(host, self.settings.cluster_domain), pattern, tuple(entries)
            self._found[host] = found
        return found


@frozen(eq=False, slots=False, repr=False)
class Defined:
    """What defines each host: the same for all sets with these Services and ServiceEntries."""

    services: ServiceNames
    written: WrittenHosts

    @property
    def by_host(self) -> HostIndex[ServiceEntry]:
        """The ServiceEntries by their hosts."""
        return self.written.by_host

    @cached_property
    def _known(self) -> dict[str, Host | None]:
        """What was found under a full name: rules ask for few names, and often."""
        return {}

    def known(self, host: str) -> Host | None:
        """The host of that full name, if anything in the files defines it."""
        if host not in self._known:
            self._known[host] = self._defined_as(host)
        return self._known[host]

    def _defined_as(self, host: str) -> Host | None:
        named, pattern, entries = self.written.of(host)
        service = None if named is None else self.services.get(named)
        return None if service is None and not entries else Host(host, service, entries, pattern)
