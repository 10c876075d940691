"""Whether the backends of a route can be used, as its controller tells it in `ResolvedRefs`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from meshlint.documents import Text
from meshlint.mesh import Found, Mesh, Missing
from meshlint.mesh.names.expansion import ServiceName
from meshlint.resources.gateway_api.filters import Filter
from meshlint.resources.gateway_api.reference import BackendRef, backend_ref
from meshlint.resources.gateway_api.route import AnyRoute, RouteRule
from meshlint.traffic.status.conditions import Objection, last
from meshlint.traffic.status.permissions import Permissions
from meshlint.values import frozen

BACKEND_NOT_FOUND = "BackendNotFound"
INVALID_KIND = "InvalidKind"
INVALID_DESTINATION = "InvalidDestination"
INVALID_FILTER = "InvalidFilter"
_ISTIO = "networking.istio.io"
_IMPORTS = "multicluster.x-k8s.io"
_FILTERS = {
    "HTTPRoute": frozenset(
        {
            "RequestHeaderModifier",
            "ResponseHeaderModifier",
            "RequestRedirect",
            "RequestMirror",
            "URLRewrite",
            "CORS",
        }
    ),
    "GRPCRoute": frozenset({"RequestHeaderModifier", "ResponseHeaderModifier", "RequestMirror"}),
}
_COMMON = frozenset({"", "apps", "gateway.networking.k8s.io"})
_BLANK = 0x20
_OF_BACKENDS = frozenset({"RequestHeaderModifier", "ResponseHeaderModifier"})


@frozen(eq=False, repr=False)
class _Told:
    """What is wrong with a rule, and whether the controller stops reading there."""

    objection: Objection
    is_hard: bool


@frozen(eq=False, slots=False, repr=False)
class References:
    """What the references of routes lead to."""

    mesh: Mesh
    permissions: Permissions

    def objection(self, route: AnyRoute, *, through_gateway: bool, by_istio: bool) -> Objection | None:
        """What a controller says of the references of a route.

        What is wrong with a whole rule ends its reading; of the rest the last is told. Leave to refer to
        other namespaces is asked for at gateways alone (Istio: convertHTTPRoute, computeRoute; GAMMA).
        """
        found: list[Objection] = []
        for one in self._of_rules(route, through_gateway, by_istio):
            if one.is_hard and one.objection.certain:
                return one.objection
            found.append(one.objection)
        return last(found)

    def refusal(self, route: AnyRoute, *, through_gateway: bool) -> Objection | None:
        """Why Istio reads none of the rules of a route: it surely cannot use one (Istio: computeRoute)."""
        told = self._of_rules(route, through_gateway, by_istio=True)
        return next((one.objection for one in told if one.is_hard and one.objection.certain), None)

    def _of_rules(self, route: AnyRoute, through_gateway: bool, by_istio: bool) -> Iterator[_Told]:
        for rule in route.rules:
            yield from self._of_rule(route, rule, through_gateway, by_istio)

    def _of_rule(
        self, route: AnyRoute, rule: RouteRule[Any], through_gateway: bool, by_istio: bool
    ) -> Iterator[_Told]:
        """What is wrong with a rule; of its mirrors and its backends, the backends are told."""
        if by_istio:
            yield from (_Told(one, True) for one in _unknown_filters(route, rule))
        for one in rule.filters:
            if one.mirror is not None:
                mirrored = self.of_backend(
                    route, backend_ref(one.mirror, route.namespace), through_gateway, by_istio
                )
                if mirrored is not None:
                    yield _Told(mirrored, route.kind == "GRPCRoute")
        for backend in rule.backend_refs:
            if backend.weight > 0:
                problem = self.of_backend(route, backend, through_gateway, by_istio)
                if problem is not None:
                    yield _Told(problem, problem.reason == INVALID_DESTINATION)
                if by_istio:
                    yield from (_Told(one, True) for one in _unknown_backend_filters(backend))

    def of_backend(
        self, route: AnyRoute, backend: BackendRef, through_gateway: bool, by_istio: bool
    ) -> Objection | None:
        """What is wrong with one backend (Istio: buildDestination)."""
        if not through_gateway:
            return self._lookup(route, backend, by_istio)
        denied = self.denial(route, backend)
        if denied is not None and denied.certain:
            return denied
        return self._lookup(route, backend, by_istio) or denied

    def denial(self, route: AnyRoute, backend: BackendRef) -> Objection | None:
        """Whether a route of a gateway lacks leave to refer to a backend."""
        if backend.namespace == route.resource.namespace:
            return None
        what = f"{backend.kind} {str(backend.name)!r}"
        return self.permissions.objection(route.resource, backend, what)

    def _lookup(self, route: AnyRoute, backend: BackendRef, by_istio: bool) -> Objection | None:
        if backend.is_a("", "Service"):
            return self.service_problem(backend)
        if backend.is_a(_ISTIO, "Hostname"):
            return self._hostname(route, backend)
        if backend.is_a(_IMPORTS, "ServiceImport"):
            return _portless(backend) or _doubtful(backend)
        if "inference" in backend.group or backend.kind == "XBackend":
            return _doubtful(backend)
        words = f"no backend is of kind {backend.kind} of {str(backend.group)!r}"
        kind = backend.field / "kind"
        # Other controllers may have kinds of their own.
        certain = by_istio or str(backend.group) in _COMMON
        return Objection(INVALID_KIND, words, kind if kind else backend.field, certain)

    def service_problem(self, backend: BackendRef) -> Objection | None:
        """What is wrong with a backend that is a Service."""
        if backend not in self._problems:
            self._problems[backend] = self._service_problem(backend)
        return self._problems[backend]

    @cached_property
    def _problems(self) -> dict[BackendRef, Objection | None]:
        return {}

    def _service_problem(self, backend: BackendRef) -> Objection | None:
        name = backend.name or Text.of("", backend.field)
        if "." in name:
            return Objection(INVALID_DESTINATION, f"{str(name)!r} is no name of a Service", name.field)
        if _portless(backend) is not None:
            return _portless(backend)
        found = self.mesh.hosts.resolve(written(self.mesh, backend), str(backend.namespace))
        if isinstance(found, Found) and found.target.service is not None:
            return None
        service = f"Service {backend.namespace}/{name}"
        if isinstance(found, Missing):
            return Objection(BACKEND_NOT_FOUND, f"{service} does not exist", name.field)
        return Objection(BACKEND_NOT_FOUND, f"{service} must exist", name.field, False)

    def _hostname(self, route: AnyRoute, backend: BackendRef) -> Objection | None:
        """A host as ServiceEntries define it: in the namespace of the route (Istio: Hostname backends)."""
        name = backend.name or Text.of("", backend.field)
        if backend.field / "namespace":
            words = "a backend of kind Hostname has no namespace"
            return Objection(INVALID_DESTINATION, words, backend.field / "namespace")
        if _portless(backend) is not None:
            return _portless(backend)
        entries = [one for one in self.mesh.service_entries if name in one.hosts]
        if any(one.resource.namespace == route.namespace for one in entries):
            return None
        shown = self.mesh.namespaces.shows(route.namespace, ((_ISTIO, "ServiceEntry"),), name.field)
        words = f"a ServiceEntry of {route.namespace!r} must be for {str(name)!r}"
        return Objection(BACKEND_NOT_FOUND, words, name.field, bool(entries) or shown)


def written(mesh: Mesh, backend: BackendRef) -> Text:
    """The name of a backend with its place, in full where its namespace is written beside it."""
    name = backend.name or Text.of("", backend.field)
    if not backend.field / "namespace":
        return name
    full = ServiceName(str(backend.namespace), str(name)).host(mesh.settings.cluster_domain)
    return Text.of(full, name.field)


def _portless(backend: BackendRef) -> Objection | None:
    if backend.port is not None or backend.field / "port":
        return None
    return Objection(INVALID_DESTINATION, "it names no port", backend.field / "name")


def _doubtful(backend: BackendRef) -> Objection:
    words = f"{backend.kind} {backend.namespace}/{backend.name} must exist"
    return Objection(BACKEND_NOT_FOUND, words, backend.field / "name", False)


def _unknown_filters(route: AnyRoute, rule: RouteRule[Any]) -> Iterator[Objection]:
    known = _FILTERS.get(route.kind)
    if known is not None:
        yield from _unreadable(rule.filters, known)


def _unknown_backend_filters(backend: BackendRef) -> Iterator[Objection]:
    yield from _unreadable(backend.filters, _OF_BACKENDS)


def _unreadable(filters: Iterable[Filter], known: frozenset[str]) -> Iterator[Objection]:
    """Filters that Istio does not know, and headers that it does not set."""
    for one in filters:
        if one.type is not None and one.type not in known:
            yield Objection(INVALID_FILTER, f"Istio knows no filter {one.type} here", one.field / "type")
        for key in ("requestHeaderModifier", "responseHeaderModifier"):
            for header in (*(one.field / key).items("set"), *(one.field / key).items("add")):
                if any(ord(sign) < _BLANK and sign != "\t" for sign in header.text("value") or ""):
                    words = f"header {header.text('name')!r} holds what no header may"
                    yield Objection(INVALID_FILTER, words, header / "value")
