"""Which waypoint serves a Service, a ServiceEntry or a workload of an ambient mesh."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from functools import cached_property

from meshlint.documents import Text
from meshlint.matching import LabelSelector
from meshlint.mesh.names.nearest import nearest
from meshlint.mesh.namespaces.namespaces import KUBERNETES_GATEWAYS, Namespaces
from meshlint.mesh.settings.settings import MeshSettings
from meshlint.mesh.workloads.gateways import GATEWAY_NAME
from meshlint.mesh.workloads.workloads import Workloads
from meshlint.resources.gateway_api.gateway import Gateway, GatewayClass
from meshlint.resources.gateway_api.listener import AllowedRoutes
from meshlint.resources.istio.service_entry import ServiceEntry
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.kubernetes.workload import Workload
from meshlint.values import frozen

USE_WAYPOINT = "istio.io/use-waypoint"
WAYPOINT_NAMESPACE = "istio.io/use-waypoint-namespace"
WAYPOINT_FOR = "istio.io/waypoint-for"
INGRESS_USE_WAYPOINT = "istio.io/ingress-use-waypoint"
WAYPOINT_CLASS = "istio-waypoint"
_CONTROLLER = "istio.io/mesh-controller"
_MANAGED = "gateway.istio.io/managed"
_NO_TARGETS = frozenset({"istio.io-mesh-controller", "istio.io-eastwest-controller"})
_ACCOUNT = "gateway.istio.io/service-account"
_NAME = "gateway.istio.io/name-override"
_BINDING = "ambient.istio.io/waypoint-inbound-binding"
_HBONE = ("HBONE", 15008)


class Addressed(Enum):
    """What a call is addressed to: a service's name or address, or the address of a pod."""

    SERVICE = "service"
    WORKLOAD = "workload"


class Enrolled(Enum):
    """Whether a waypoint serves an object, and if none does, why."""

    SERVED = "a waypoint serves it"
    NOT_ASKED = "no label asks for a waypoint"
    OPTED_OUT = "its label keeps it off the waypoint of its namespace"
    MISSING = "the waypoint does not exist"
    REFUSED = "the waypoint takes nothing from its namespace"
    OTHER_TRAFFIC = "the waypoint is not for such calls"
    UNKNOWN = "what decides it is not in the files"


@frozen(eq=False, repr=False)
class Waypoint:
    """A waypoint; `gateway` is None for one that is named but not in the files.

    `serves` is `service`, `workload`, `all` or `none`, or what else is written: then it serves nothing.
    """

    namespace: str
    name: str
    gateway: Gateway | None
    serves: str
    account: str
    """The service account of its pods, which the proxies behind it see as the caller."""
    is_istio: bool
    """Whether Istio runs it; policies of Istio attach to no other."""

    def takes(self, addressed: Addressed) -> bool:
        """Whether calls that are addressed so pass through it (Istio: `istio.io/waypoint-for`)."""
        return self.serves in ("all", addressed.value)

    def __str__(self) -> str:
        """`waypoint namespace/name`."""
        return f"waypoint {self.namespace}/{self.name}"


@frozen(eq=False, repr=False)
class Enrolment:
    """Whether a waypoint serves an object, and the label that decides it.

    `waypoint` is the one that is named, whether or not it serves; None where none is, or where it is missing.
    `nearest` holds names of waypoints that the author of a missing one may have meant.
    """

    state: Enrolled
    label: Text | None = None
    waypoint: Waypoint | None = None
    nearest: tuple[str, ...] = ()

    @property
    def is_served(self) -> bool | None:
        """Whether a waypoint serves the object; None where that is not in the files."""
        return None if self.state is Enrolled.UNKNOWN else self.state is Enrolled.SERVED


_NOT_ASKED = Enrolment(Enrolled.NOT_ASKED)


@frozen(eq=False, slots=False, repr=False)
class Waypoints:
    """All waypoints, and the way to them from what they serve (Istio: lookup of waypoints).

    Any Gateway of the Gateway API can be named as one; only those of Istio's class are run by Istio.
    """

    gateways: tuple[Gateway, ...]
    classes: tuple[GatewayClass, ...]
    workloads: Callable[[], Workloads]
    namespaces: Namespaces
    settings: MeshSettings

    @cached_property
    def all(self) -> tuple[Waypoint, ...]:
        """The waypoints that Istio runs."""
        return tuple(one for group in self._by_name.values() for one in group if one.is_istio)

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], tuple[Waypoint, ...]]:
        found: dict[tuple[str, str], list[Waypoint]] = {}
        for gateway in self.gateways:
            waypoint = self._waypoint(gateway)
            found.setdefault((gateway.namespace, gateway.name), []).append(waypoint)
        return {name: tuple(waypoints) for name, waypoints in found.items()}

    @cached_property
    def _classes(self) -> dict[str, GatewayClass]:
        return {one.name: one for one in self.classes}

    def named(self, namespace: str, name: str) -> Waypoint | None:
        """The Gateway of that name as a waypoint; the first of several that are written for it."""
        return next(iter(self._by_name.get((namespace, name), ())), None)

    def run_by(self, workload: Workload) -> Waypoint | None:
        """The waypoint that the pods of a workload are, if Istio runs one by the name that they carry."""
        name = workload.pod.labels.get(GATEWAY_NAME)
        waypoint = None if name is None else self.named(workload.namespace, name)
        return waypoint if waypoint is not None and waypoint.is_istio else None

    def of_service(self, service: Service) -> Enrolment:
        """Which waypoint serves calls to a Service."""
        if service.labels.get(_MANAGED) in _NO_TARGETS:
            return Enrolment(Enrolled.NOT_ASKED)
        return self._of(service.labels, service.namespace, Addressed.SERVICE)

    def of_entry(self, entry: ServiceEntry) -> Enrolment:
        """Which waypoint serves calls to the hosts of a ServiceEntry."""
        return self._of(entry.labels, entry.namespace, Addressed.SERVICE)

    def of_workload(self, workload: Workload) -> Enrolment:
        """Which waypoint serves calls to the addresses of a workload's pods."""
        if GATEWAY_NAME in workload.pod.labels:
            return Enrolment(Enrolled.NOT_ASKED)
        return self._of(workload.pod.labels, workload.namespace, Addressed.WORKLOAD)

    def of_namespace(self, namespace: str, addressed: Addressed = Addressed.SERVICE) -> Enrolment:
        """Which waypoint serves what has no label of its own in a namespace."""
        return self._of({}, namespace, addressed)

    def ingress_uses(self, service: Service) -> bool | None:
        """Whether ingress gateways send calls of a Service through its waypoint (Istio: ingress waypoints).

        None if only the labels of its namespace say so, and those are not in the files.
        """
        label = service.labels.get(INGRESS_USE_WAYPOINT)
        if label is None:
            labels = self.namespaces.labels(service.namespace)
            if labels is None:
                return None
            label = labels.get(INGRESS_USE_WAYPOINT)
        return label is not None and label.lower() == "true"

    def _of(self, labels: Mapping[str, Text], namespace: str, addressed: Addressed) -> Enrolment:
        """What the object's own label says, and only without one that of its namespace.

        There is no way back to the namespace's waypoint from one that is missing or refuses.
        """
        label = labels.get(USE_WAYPOINT)
        if label is None:
            above = self.namespaces.labels(namespace)
            if above is None:
                return Enrolment(Enrolled.UNKNOWN)
            labels, label = above, above.get(USE_WAYPOINT)
        if label is None:
            return _NOT_ASKED
        if label == "none":
            return Enrolment(Enrolled.OPTED_OUT, label)
        place = labels.get(WAYPOINT_NAMESPACE)
        return self._at(label, str(namespace if place is None else place), namespace, addressed)

    def _at(self, label: Text, place: str, namespace: str, addressed: Addressed) -> Enrolment:
        written = self._by_name.get((place, label), ())
        if not written:
            return self._absent(label, place)
        faults = {id(one): self._fault(one, namespace, addressed) for one in written}
        best = min(written, key=lambda one: _BY_PREFERENCE.index(faults[id(one)]))
        return Enrolment(faults[id(best)], label, best)

    def _absent(self, label: Text, place: str) -> Enrolment:
        if self._is_missing(label, place):
            elsewhere = tuple(
                f"{one.namespace}/{one.name}" for one in self.all if one.name == label and one.name
            )
            beside = (one.name for one in self.all if one.namespace == place)
            return Enrolment(Enrolled.MISSING, label, None, elsewhere or nearest(label, beside))
        return Enrolment(Enrolled.UNKNOWN, label, _assumed(place, str(label)))

    def _is_missing(self, label: Text, place: str) -> bool:
        """Whether a waypoint that is not in the files does not exist either.

        Tools make waypoints without a manifest, so only another one in its namespace, or one of its name
        elsewhere, shows that waypoints are written down here.
        """
        if place in self.settings.external_namespaces:
            return False
        if self.settings.complete or not label:
            # Nothing has an empty name.
            return True
        if self.namespaces.placement.may_hold(KUBERNETES_GATEWAYS, label, qualified=True):
            return False
        return any(one.namespace == place or one.name == label for one in self.all)

    def _fault(self, waypoint: Waypoint, namespace: str, addressed: Addressed) -> Enrolled:
        lets_in = self._lets_in(waypoint, namespace)
        if lets_in is False:
            return Enrolled.REFUSED
        if not waypoint.takes(addressed):
            return Enrolled.OTHER_TRAFFIC
        return Enrolled.UNKNOWN if lets_in is None else Enrolled.SERVED

    def _lets_in(self, waypoint: Waypoint, namespace: str) -> bool | None:
        """Whether the listener of a waypoint takes what is in a namespace; None if unseen labels decide."""
        allowed = None if waypoint.gateway is None else _allowed(waypoint.gateway)
        source = "Same" if allowed is None else allowed.namespaces_from
        if allowed is None or source != "Selector":
            return source == "All" or namespace == waypoint.namespace
        labels = self.namespaces.labels(namespace)
        return None if labels is None else LabelSelector.read(allowed.selector.value).admits(labels)

    def _waypoint(self, gateway: Gateway) -> Waypoint:
        made_of = self._classes.get(gateway.gateway_class_name or "")
        default = made_of.labels.get(WAYPOINT_FOR) if made_of is not None else None
        controller = made_of.controller_name if made_of is not None else None
        serves = gateway.labels.get(WAYPOINT_FOR) or default or Addressed.SERVICE.value
        is_istio = gateway.gateway_class_name == WAYPOINT_CLASS or controller == _CONTROLLER
        return Waypoint(
            gateway.namespace, gateway.name, gateway, str(serves), self._account(gateway), is_istio
        )

    def _account(self, gateway: Gateway) -> str:
        """The account of a waypoint's pods: that of those in view, else the one that Istio makes for it."""
        for workload in self.workloads().labelled(gateway.namespace, {GATEWAY_NAME: gateway.name}):
            return workload.pod.service_account_name
        asked = gateway.annotations
        return str(asked.get(_ACCOUNT) or asked.get(_NAME) or gateway.name)


_BY_PREFERENCE = (Enrolled.SERVED, Enrolled.UNKNOWN, Enrolled.OTHER_TRAFFIC, Enrolled.REFUSED)


def _assumed(namespace: str, name: str) -> Waypoint:
    """A waypoint that is not in the files, as tools make them."""
    return Waypoint(namespace, name, None, Addressed.SERVICE.value, name, is_istio=True)


def _allowed(gateway: Gateway) -> AllowedRoutes | None:
    """What the listener says that takes a waypoint's traffic, which an annotation may choose."""
    protocol, _, port = (gateway.annotations.get(_BINDING) or "").partition("/")
    for listener in gateway.listeners:
        if port and str(listener.port) == port:
            return listener.allowed_routes
        if protocol == "PROXY" and not port and listener.protocol == "istio.io/PROXY":
            return listener.allowed_routes
    tunnels = (one for one in gateway.listeners if (one.protocol, one.port) == _HBONE)
    return next((one.allowed_routes for one in tunnels), None)
