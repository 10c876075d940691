"""What a host name in an Istio object stands for."""

from __future__ import annotations

from functools import cached_property

from attrs import frozen

from meshlint.documents import Text
from meshlint.matching import HostIndex
from meshlint.mesh.hosts.full_view import FullView, has_versions, looks_like_slip
from meshlint.mesh.hosts.made_services import MadeServices
from meshlint.mesh.hosts.services import Services
from meshlint.mesh.names.expansion import ServiceName, expand, partly_qualified, service_name
from meshlint.mesh.names.nearest import nearest
from meshlint.mesh.namespaces.namespaces import SERVICES, Namespaces
from meshlint.mesh.namespaces.visibility import Visibility, visibility
from meshlint.mesh.resolution import Found, Missing, Resolution, Unknown
from meshlint.mesh.settings.settings import MeshSettings
from meshlint.resources.istio.service_entry import ServiceEntry
from meshlint.resources.kubernetes.service import Service

_EXPORT_TO = "networking.istio.io/exportTo"


@frozen(eq=False, repr=False)
class Host:
    """A host that the mesh knows: a Kubernetes Service, or the ServiceEntries that define it.

    `written` is how ServiceEntries write it, where that is a wildcard.
    """

    name: str
    service: Service | None
    entries: tuple[ServiceEntry, ...]
    written: str = ""

    @property
    def pattern(self) -> str:
        """The host as the registry holds it, which is what a Sidecar's entries have to cover."""
        return self.written if self.service is None and self.written else self.name

    @property
    def namespace(self) -> str | None:
        """The namespace that owns the host."""
        if self.service is not None:
            return self.service.namespace
        return self.entries[0].resource.namespace if self.entries else None


@frozen(eq=False, slots=False, repr=False)
class Hosts:
    """The registry of hosts: Services under their full names, and the hosts of ServiceEntries."""

    services: Services
    entries: tuple[ServiceEntry, ...]
    namespaces: Namespaces
    settings: MeshSettings

    @cached_property
    def _entries(self) -> HostIndex[ServiceEntry]:
        # Istio rejects the bare `*`, so nothing is known by it.
        return HostIndex(
            (host.lower(), entry) for entry in self.entries for host in entry.hosts if host != "*"
        )

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

    def known(self, host: str) -> Host | None:
        """The host of that full name, if anything in the files defines it."""
        named = service_name(host, self.settings.cluster_domain)
        service = None if named is None else self.services.get(named)
        covering = self._entries.covering(host)
        entries = covering[0][1] if covering else ()
        if service is None and not entries:
            return None
        return Host(host, service, entries, covering[0][0] if covering else "")

    def seen_from(self, host: str, namespace: str) -> Host | None:
        """The host of that full name as proxies in a namespace know it: what is exported to them.

        A ServiceEntry that they do not see does not stand before a wider one that they see.
        """
        known = self.known(host)
        if known is None:
            return None
        written = () if known.service is None else self.services.alternatives(known.service)
        seen = next((one for one in written if self.visibility_of_service(one).includes(namespace)), None)
        for pattern, entries in self._entries.covering(host):
            visible = tuple(one for one in entries if self.visibility_of_entry(one).includes(namespace))
            if visible:
                return Host(host, seen, visible, pattern)
        return Host(host, seen, ()) if seen is not None else None

    def resolve(self, host: str, namespace: str) -> Resolution[Host]:
        """What `host`, named by an object in `namespace`, stands for, whoever may see it."""
        name = self.expand(host, namespace)
        known = self.known(name)
        if known is not None:
            return Found(known)
        if self._external.most_specific(name) is not None or name.startswith("*"):
            return Unknown()
        return self._absent(name, host)

    def _absent(self, name: str, written: str) -> Resolution[Host]:
        domain = self.settings.cluster_domain
        named = service_name(name, domain)
        if named is not None:
            near = written.field if isinstance(written, Text) else None
            close = nearest(named.name, self.services.names_in(named.namespace))
            may_come = self.namespaces.placement.may_hold(SERVICES, named.name, qualified="." in written)
            # Services further up may be another application's, unless one has nearly that name.
            shown = self.namespaces.shows(named.namespace, SERVICES, near, around=bool(close))
            if may_come or not shown or self._may_be_made(named):
                return Unknown()
            return self._missing(named)
        meant = partly_qualified(name, domain)
        if meant is not None and self.services.get(meant) is not None:
            return Missing((meant.host(domain),))
        if meant is not None and (name.endswith(".svc") or self.namespaces.is_in_view(meant.namespace)):
            return Missing()
        return Missing() if self.settings.complete else Unknown()

    def _missing(self, service: ServiceName) -> Resolution[Host]:
        """Missing, unless most of what is referred to in the namespace is, so that it is not in full view."""
        known = self.services.names_in(service.namespace)
        surely = self.settings.complete or looks_like_slip(service.name, known)
        mostly = self._full_view.of_services(service.namespace, known)
        if surely or (mostly and not has_versions(service.name, known)):
            return Missing(nearest(service.name, known))
        return Unknown()

    @cached_property
    def _full_view(self) -> FullView:
        return FullView(self.namespaces.resources, self.settings.cluster_domain)

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
