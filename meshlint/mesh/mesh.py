"""The mesh: every object in its place, and the way from each to the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

from meshlint.mesh.namespaces.namespaces import Namespaces
from meshlint.mesh.parts import Index, Placed, by_place, made_of, picked
from meshlint.mesh.settings.settings import MeshSettings
from meshlint.mesh.shelves import Kind, Shelf, shelf_of
from meshlint.resources import Resource, ResourceSet
from meshlint.values import field, frozen

if TYPE_CHECKING:
    from meshlint.mesh.hosts.registry import Hosts
    from meshlint.mesh.hosts.service_names import ServiceNames
    from meshlint.mesh.hosts.services import Backed, Services
    from meshlint.mesh.namespaces.discovery import Discovery
    from meshlint.mesh.policies.attachment import Attachment, Policy, Selected
    from meshlint.mesh.policies.linkerd import LinkerdPolicies
    from meshlint.mesh.policies.peer_authentications import PeerAuthentications
    from meshlint.mesh.routing.destination_rules import DestinationRules
    from meshlint.mesh.routing.gateways import Gateways
    from meshlint.mesh.routing.virtual_services import VirtualServices
    from meshlint.mesh.workloads.waypoints import Waypoints
    from meshlint.mesh.workloads.workloads import Workloads
    from meshlint.resources.gateway_api.gateway import Gateway as KubernetesGateway
    from meshlint.resources.gateway_api.route import AnyRoute
    from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
    from meshlint.resources.istio.request_authentication import RequestAuthentication
    from meshlint.resources.istio.service_entry import ServiceEntry
    from meshlint.resources.istio.sidecar import Sidecar
    from meshlint.resources.istio.telemetry import Telemetry
    from meshlint.resources.smi.traffic_split import TrafficSplit

View = TypeVar("View")
Here = TypeVar("Here", bound=Placed)
Part = TypeVar("Part")


_MOST_KEPT = 50
"""How much is kept for each object before all of it is made anew: edits leave behind what they replace."""


@frozen(eq=False, slots=False, repr=False)
class Mesh:
    """All objects of an input set and how they hang together.

    Each index is built when it is first asked for, so a set without Istio never pays for Istio; and what has
    workloads behind it asks for these when it has to, so that it is seen which rules rest on them. `kept` is
    what was made of single objects: meshes that share objects share it, so that an edit makes little anew.
    """

    resources: ResourceSet
    settings: MeshSettings = field(factory=MeshSettings)
    kept: dict[object, dict[object, Any]] = field(factory=dict)
    indexes: Index = field(factory=dict)
    earlier: Mesh | None = None
    """The mesh of an earlier revision of the same set, as evidence of what the set holds."""

    def views(self, group: str, kind: str, read: Callable[[Resource], View]) -> tuple[View, ...]:
        """The typed views of all objects of one kind that a mesh reads, in the order of their names."""
        found = self.discovery.read(group, self.resources.of(group, kind))
        return self.made_of(read, lambda: tuple([self.view(one, read) for one in found]), found)

    def living(self, group: str, kind: str, namespace: str) -> tuple[Resource, ...]:
        """The objects of a kind that live in a namespace."""
        return self.resources.living(group, kind, namespace)

    def kind(self, group: str, kind: str, read: Callable[[Resource], View]) -> Kind[View]:
        """The objects of one kind that a mesh reads, each judged and read when it is asked about."""
        return Kind(
            self.resources,
            group,
            kind,
            lambda those: self.discovery.read(group, those),
            lambda one: self.view(one, read),
        )

    def picked(self, views: tuple[Here, ...], has: Callable[[Here], bool]) -> tuple[Here, ...]:
        """Those of some views, or of all objects, that have what few have: an edit asks no more than the ones
        in its namespace again.
        """
        places = self.made_of(by_place, lambda: by_place(views), views)
        few = (
            self.made_of((has, place), partial(picked, self.indexes, (has, place), those), those)
            for place, those in places.items()
        )
        return tuple(chain.from_iterable(few))

    def view(self, resource: Resource, read: Callable[[Resource], View]) -> View:
        """The typed view of one object; the same one for whoever reads it so."""
        views = self.kept.get(read)
        if views is None:
            views = self.kept.setdefault(read, {})
        found: View | None = views.get(resource)
        if found is None:
            found = views[resource] = read(resource)
        return found

    def beside(self, resources: ResourceSet, settings: MeshSettings, earlier: Mesh | None = None) -> Mesh:
        """The mesh of other objects, many of which may be the same ones."""
        most = _MOST_KEPT * (self.resources.most + _MOST_KEPT)
        is_full = sum(map(len, self.kept.values())) > most
        return Mesh(resources, settings, {} if is_full else self.kept, self.indexes, earlier)

    def of(self, resources: ResourceSet) -> Mesh:
        """The mesh of other objects in the same settings, with the same evidence."""
        return self.beside(resources, self.settings, self.earlier)

    def showing(self, resources: ResourceSet) -> Mesh:
        """A mesh of some of the objects, in namespaces of which it knows what this one knows."""
        part = Mesh(resources, self.settings, self.kept, self.indexes, self.earlier)
        vars(part).update(namespaces=self.namespaces, discovery=self.discovery)
        return part

    def of_parts(self, made: Callable[..., Part], *parts: object) -> Part:
        """What `made` makes of `parts` and nothing else: once, whichever of the meshes beside this one asks.

        A part is a tuple of views, the settings, or what was made of parts itself. Those last asked for are
        kept, for what is taken and for what is written.
        """
        return self.made_of(made, lambda: made(*parts), *parts)

    def made_of(self, name: object, make: Callable[[], Part], *parts: object) -> Part:
        """What is made of `parts` under a name, kept as `of_parts` does."""
        return made_of(self.indexes, name, make, *parts)

    @cached_property
    def answers(self) -> dict[object, Any]:
        """What `remembered` questions about this mesh were answered."""
        return {}

    @cached_property
    def namespaces(self) -> Namespaces:
        """Namespaces, and how much of each the files show."""
        before = None if self.earlier is None else self.earlier.namespaces
        return Namespaces(self.resources, self.settings, before)

    @cached_property
    def discovery(self) -> Discovery:
        """Which namespaces Istio's control plane looks at."""
        from meshlint.mesh.namespaces.discovery import Discovery

        return Discovery(self.resources, self.namespaces, self.settings)

    @cached_property
    def workloads(self) -> Workloads:
        """Everything that makes pods, patches of workloads apart."""
        from meshlint.mesh.workloads.carriers import Carriers
        from meshlint.mesh.workloads.workloads import Together, Workloads
        from meshlint.resources.kubernetes.workload import wholes_and_patches

        held = Carriers(self.resources, lambda one: self.view(one, wholes_and_patches))

        def made() -> Workloads:
            within = held.shelf.placed(self.indexes, Together)
            return Workloads(held.shelf, held.patches, held.homes_of, within)

        return self.made_of(Workloads, made, *held.parts)

    @cached_property
    def services(self) -> Services:
        """Kubernetes Services."""
        from meshlint.mesh.hosts.services import Services

        return Services(self.service_names, lambda: self._backed)

    @cached_property
    def _backed(self) -> Mapping[str, Backed]:
        """The Services of each namespace with the workloads behind them."""
        from meshlint.mesh.hosts.services import Backed, backed

        names, workloads = self.service_names, self.workloads
        return self.made_of(Backed, lambda: backed(self.indexes, names, workloads), names, workloads)

    @cached_property
    def service_names(self) -> ServiceNames:
        """Kubernetes Services by their names: the same whichever workloads are behind them."""
        from meshlint.mesh.hosts.service_names import ServiceNames, There
        from meshlint.resources.kubernetes.service import service

        kind, index = self.kind("", "Service", service), self.indexes
        shelf = kind.shelf
        return self.made_of(ServiceNames, lambda: ServiceNames(kind, shelf.placed(index, There)), shelf.part)

    @cached_property
    def hosts(self) -> Hosts:
        """The registry of hosts."""
        from meshlint.mesh.hosts.defined import Defined, WrittenHosts
        from meshlint.mesh.hosts.registry import Hosts

        before = None if self.earlier is None else self.earlier.hosts
        written = self.of_parts(WrittenHosts, self.service_entries, self.settings)
        defined = self.of_parts(Defined, self.service_names, written)
        parts = self.services, self.service_entries, self.namespaces, self.settings
        return Hosts(*parts, before, defined, self.view)

    @cached_property
    def service_entries(self) -> tuple[ServiceEntry, ...]:
        """Istio ServiceEntries."""
        from meshlint.resources.istio.service_entry import service_entry

        return self.views("networking.istio.io", "ServiceEntry", service_entry)

    @cached_property
    def virtual_services(self) -> VirtualServices:
        """Istio VirtualServices."""
        from meshlint.mesh.routing.virtual_services import VirtualServices
        from meshlint.resources.istio.virtual_service import virtual_service

        kind = self.kind("networking.istio.io", "VirtualService", virtual_service)
        made = partial(VirtualServices, kind, self.settings)
        return self.made_of(VirtualServices, made, kind.shelf.part, self.settings)

    @cached_property
    def kubernetes_gateways(self) -> tuple[KubernetesGateway, ...]:
        """Gateways of the Gateway API."""
        from meshlint.resources.gateway_api.gateway import gateway
        from meshlint.resources.gateway_api.reference import GROUP

        return self.views(GROUP, "Gateway", gateway)

    @cached_property
    def sidecars(self) -> tuple[Sidecar, ...]:
        """Istio Sidecars."""
        from meshlint.resources.istio.sidecar import sidecar

        return self.views("networking.istio.io", "Sidecar", sidecar)

    @cached_property
    def telemetries(self) -> tuple[Telemetry, ...]:
        """Istio Telemetries."""
        from meshlint.resources.istio.telemetry import telemetry

        return self.views("telemetry.istio.io", "Telemetry", telemetry)

    @cached_property
    def routes(self) -> tuple[AnyRoute, ...]:
        """Routes of the Gateway API, and the HTTPRoutes of Linkerd's own group."""
        from meshlint.mesh.routing.routes import read_route, routes_in

        return tuple(self.view(one, read_route) for one in routes_in(self.resources))

    @cached_property
    def traffic_splits(self) -> tuple[TrafficSplit, ...]:
        """TrafficSplits of the Service Mesh Interface."""
        from meshlint.resources.smi.traffic_split import GROUP, traffic_split

        return self.views(GROUP, "TrafficSplit", traffic_split)

    @cached_property
    def destination_rules(self) -> DestinationRules:
        """Istio DestinationRules."""
        from meshlint.mesh.routing.destination_rules import DestinationRules
        from meshlint.resources.istio.destination_rule import destination_rule

        kind = self.kind("networking.istio.io", "DestinationRule", destination_rule)
        made = partial(DestinationRules, kind, self.settings)
        return self.made_of(DestinationRules, made, kind.shelf.part, self.settings)

    @cached_property
    def gateways(self) -> Gateways:
        """Istio Gateways."""
        from meshlint.mesh.routing.gateways import Gateways
        from meshlint.resources.istio.gateway import gateway

        held = self.views("networking.istio.io", "Gateway", gateway), self.kubernetes_gateways
        return Gateways(*held, lambda: self.workloads, self.namespaces, self.settings)

    @cached_property
    def waypoints(self) -> Waypoints:
        """Waypoints of ambient meshes, and what they serve."""
        from meshlint.mesh.workloads.waypoints import Waypoints
        from meshlint.resources.gateway_api.gateway import gateway_class
        from meshlint.resources.gateway_api.reference import GROUP

        classes = self.views(GROUP, "GatewayClass", gateway_class)
        held = self.kubernetes_gateways
        return Waypoints(held, classes, lambda: self.workloads, self.namespaces, self.settings)

    @cached_property
    def peer_authentications(self) -> PeerAuthentications:
        """Istio PeerAuthentications."""
        from meshlint.mesh.policies.peer_authentications import PeerAuthentications
        from meshlint.resources.istio.peer_authentication import peer_authentication

        shelf = self.kind("security.istio.io", "PeerAuthentication", peer_authentication).shelf
        made = partial(PeerAuthentications, shelf, self.settings)
        return self.made_of(PeerAuthentications, made, shelf.part, self.settings)

    @cached_property
    def authorization_policies(self) -> Attachment[AuthorizationPolicy]:
        """Istio AuthorizationPolicies and the workloads they attach to."""
        from meshlint.resources.istio.authorization_policy import authorization_policy

        kind = self.kind("security.istio.io", "AuthorizationPolicy", authorization_policy)
        return self._attached(kind.shelf)

    @cached_property
    def request_authentications(self) -> Attachment[RequestAuthentication]:
        """Istio RequestAuthentications and the workloads they attach to."""
        from meshlint.resources.istio.request_authentication import request_authentication

        kind = self.kind("security.istio.io", "RequestAuthentication", request_authentication)
        return self._attached(kind.shelf)

    def attached(self, policies: tuple[Policy, ...]) -> Attachment[Policy]:
        """Policies of one kind that attach as Istio's do, and the workloads they attach to."""
        return self._attached(shelf_of(policies))

    def _attached(self, shelf: Shelf[Policy]) -> Attachment[Policy]:
        from meshlint.mesh.policies.attachment import Attachment, Filed, FiledHere, Selected

        filed = self.made_of(Filed, lambda: Filed(shelf, shelf.placed(self.indexes, FiledHere)), shelf.part)

        def selected() -> Selected[Policy]:
            return self.of_parts(Selected, self.workloads, self.settings)

        return Attachment(filed, self.settings, selected)

    @cached_property
    def linkerd(self) -> LinkerdPolicies:
        """Linkerd's inbound policies."""
        from meshlint.mesh.policies.linkerd import LinkerdPolicies
        from meshlint.resources.linkerd.authentication import mesh_tls_authentication, network_authentication
        from meshlint.resources.linkerd.authorization_policy import authorization_policy
        from meshlint.resources.linkerd.external_workload import external_workload
        from meshlint.resources.linkerd.group import POLICY, WORKLOADS
        from meshlint.resources.linkerd.server import server
        from meshlint.resources.linkerd.server_authorization import server_authorization

        return self.of_parts(
            LinkerdPolicies,
            self.views(POLICY, "Server", server),
            self.views(POLICY, "AuthorizationPolicy", authorization_policy),
            self.views(POLICY, "ServerAuthorization", server_authorization),
            self.views(POLICY, "MeshTLSAuthentication", mesh_tls_authentication),
            self.views(POLICY, "NetworkAuthentication", network_authentication),
            self.views(WORKLOADS, "ExternalWorkload", external_workload),
            self.routes,
            self.workloads,
        )
