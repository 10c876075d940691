"""How far the files hold all of the services and gateways of a namespace, judged by what refers to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any

from meshlint.documents import Document
from meshlint.mesh.names.expansion import expand, service_name
from meshlint.mesh.names.nearest import close_matches
from meshlint.resources import Resource, ResourceSet
from meshlint.resources.resource import ObjectId
from meshlint.values import frozen, regex

_ISTIO = "networking.istio.io"
_ISTIO_KINDS = ((_ISTIO, "VirtualService"), (_ISTIO, "DestinationRule"))
_GATEWAY_API = "gateway.networking.k8s.io"
_ROUTES = (
    (_GATEWAY_API, "HTTPRoute"),
    (_GATEWAY_API, "GRPCRoute"),
    (_GATEWAY_API, "TCPRoute"),
    (_GATEWAY_API, "TLSRoute"),
    ("policy.linkerd.io", "HTTPRoute"),
)
_ALMOST = 0.8
_ALMOST_SHORT = 0.75
_SHORT = 5
_VARIANT = regex(r"[-_]?(?:v?[0-9]+|next|canary|primary|stable|east|west)\Z")


def looks_like_slip(name: str, known: tuple[str, ...]) -> bool:
    """Whether a missing name is nearly one that is there, and no other version of it."""
    stem, cutoff = _VARIANT.sub("", name), _ALMOST if len(name) > _SHORT else _ALMOST_SHORT
    near = close_matches(name, known, 1, cutoff)
    return any(stem not in (other, _VARIANT.sub("", other)) for other in near)


def has_versions(name: str, known: tuple[str, ...]) -> bool:
    """Whether other versions of a name are there, such as `web-v2`: then the plain one stands elsewhere."""
    stem = _VARIANT.sub("", name)
    return any(other != name and stem in (other, _VARIANT.sub("", other)) for other in known)


@frozen(eq=False, slots=False, repr=False)
class FullView:
    """Names that objects in the files refer to, by namespace.

    A set in which most of the services that routes name are missing holds but a part of the namespace, so
    nothing can be said of any one of them.
    """

    resources: ResourceSet
    cluster_domain: str
    view: Callable[[Resource, Callable[[Resource], Any]], Any] = lambda one, read: read(one)
    """Reads an object in a way, which whoever keeps views does once."""

    @cached_property
    def _services(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for _, namespace, name in self._references():
            found.setdefault(namespace, set()).add(name)
        return found

    def names_as(self, other: FullView) -> bool:
        """Whether another view is of objects that refer to the very same names."""
        return (self._services, self._gateways) == (other._services, other._gateways)

    @cached_property
    def _named(self) -> dict[ObjectId, set[tuple[str, str]]]:
        """The services that each route and rule names."""
        found: dict[ObjectId, set[tuple[str, str]]] = {}
        for resource, namespace, name in self._references():
            found.setdefault(resource.id, set()).add((namespace, name))
        return found

    @cached_property
    def _written_in(self) -> dict[int, set[ObjectId]]:
        """The routes and rules in each document, by its `id`."""
        found: dict[int, set[ObjectId]] = {}
        for resource in self._all((*_ISTIO_KINDS, *_ROUTES)):
            found.setdefault(id(resource.document), set()).add(resource.id)
        return found

    def names_in(self, document: Document) -> frozenset[ObjectId]:
        """The routes and rules that are written in a document."""
        return frozenset(self._written_in.get(id(document), ()))

    def leads_to(self, objects: Iterable[ObjectId], namespace: str, known: tuple[str, ...]) -> bool:
        """Whether one of the routes and rules of these names leads to a `known` service of a namespace."""
        named = (pair for one in objects for pair in self._named.get(one, ()))
        return any(place == namespace and name in known for place, name in named)

    @cached_property
    def _gateways(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for route in self._all(_ROUTES):
            for parent in route.spec.items("parentRefs"):
                name, kind = parent.text("name"), parent.text("kind") or "Gateway"
                if name and kind == "Gateway":
                    namespace = parent.text("namespace") or route.namespace
                    found.setdefault(str(namespace), set()).add(str(name))
        return found

    def of_services(self, namespace: str, known: tuple[str, ...]) -> bool:
        """Whether at least half of the services of a namespace that are referred to are there."""
        return _mostly(self._services.get(namespace, set()), known)

    def of_gateways(self, namespace: str, known: tuple[str, ...]) -> bool:
        """Whether at least half of the Gateways that routes name as parents are there."""
        return _mostly(self._gateways.get(namespace, set()), known)

    def _references(self) -> Iterator[tuple[Resource, str, str]]:
        for resource in self._all(_ISTIO_KINDS):
            for host in self.view(resource, _hosts_of):
                named = service_name(
                    expand(host, resource.namespace, self.cluster_domain), self.cluster_domain
                )
                if named is not None:
                    yield resource, named.namespace, named.name
        for route in self._all(_ROUTES):
            for name, namespace in self.view(route, _backends_of):
                yield route, namespace or route.namespace, name

    def _all(self, kinds: tuple[tuple[str, str], ...]) -> Iterator[Resource]:
        for group, kind in kinds:
            yield from self.resources.of(group, kind)


def _hosts_of(resource: Resource) -> tuple[str, ...]:
    return tuple(dict.fromkeys(hosts_in(resource.spec.value)))


def _backends_of(route: Resource) -> tuple[tuple[str, str | None], ...]:
    return tuple(dict.fromkeys(_backends(route.spec.value)))


def _mostly(wanted: set[str], known: tuple[str, ...]) -> bool:
    there = len(wanted & set(known))
    return there * 2 >= len(wanted)


def hosts_in(value: Any) -> list[str]:
    """The hosts that a route or rule names, at whichever depth."""
    found: list[str] = []
    _gather(value, found)
    return found


def _gather(value: Any, hosts: list[str]) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "host" and isinstance(inner, str):
                hosts.append(inner)
            elif key == "hosts" and isinstance(inner, list):
                hosts += (host for host in inner if isinstance(host, str))
            elif isinstance(inner, (dict, list)):
                _gather(inner, hosts)
    elif isinstance(value, list):
        for inner in value:
            if isinstance(inner, (dict, list)):
                _gather(inner, hosts)


def _backends(value: Any) -> Iterator[tuple[str, str | None]]:
    """Names and namespaces of the Services that a route refers to."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in ("backendRefs", "parentRefs") and isinstance(inner, list):
                yield from (pair for ref in inner for pair in _service(ref, key))
            else:
                yield from _backends(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _backends(inner)


def _service(ref: Any, key: str) -> Iterator[tuple[str, str | None]]:
    if not isinstance(ref, dict):
        return
    name, namespace = ref.get("name"), ref.get("namespace")
    kind = ref.get("kind", "Service" if key == "backendRefs" else "Gateway")
    if kind == "Service" and isinstance(name, str):
        yield name, namespace if isinstance(namespace, str) else None
