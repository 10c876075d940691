"""Listeners: ports that a gateway opens, and which routes may attach to them."""

from __future__ import annotations

from meshlint.documents import Field, Text
from meshlint.resources.gateway_api.reference import GROUP, Reference, Target, reference
from meshlint.resources.resource import Resource
from meshlint.resources.view import ObjectView, mapping_at, text_or
from meshlint.resources.view_class import view
from meshlint.values import frozen


@view
class RouteKind:
    """A kind of route that a listener takes."""

    field: Field
    group: Text
    kind: Text | None


@view
class AllowedRoutes:
    """Which routes may attach. Without `kinds`, those that go with the listener's protocol."""

    field: Field
    namespaces_from: Text
    """`Same`, `All` or `Selector`."""
    selector: Field
    kinds: tuple[RouteKind, ...]


@view
class ListenerTls:
    """What is done about TLS: `Terminate` it with the certificates, or `Passthrough`."""

    field: Field
    mode: Text
    certificate_refs: tuple[Reference, ...]
    options: dict[str, Text]


@view
class Listener:
    """One port for one host name; every host name where `hostname` is None."""

    field: Field
    name: Text | None
    hostname: Text | None
    port: int | None
    protocol: Text | None
    tls: ListenerTls | None
    allowed_routes: AllowedRoutes

    @property
    def takes_tls(self) -> bool:
        """Whether clients speak TLS to it."""
        return str(self.protocol) in ("HTTPS", "TLS")


@frozen(eq=False, repr=False)
class ListenerSet(ObjectView):
    """Listeners that are added to a gateway from outside it."""

    parent_ref: Reference
    listeners: tuple[Listener, ...]


def listener_set(resource: Resource) -> ListenerSet:
    """`resource` read as a ListenerSet."""
    parent = reference(resource.spec / "parentRef", Target(GROUP, "Gateway", resource.namespace))
    return ListenerSet(resource, parent, listeners(resource))


def listeners(resource: Resource) -> tuple[Listener, ...]:
    """The listeners in the spec of `resource`."""
    return tuple(_listener(item, resource.namespace) for item in resource.spec.items("listeners"))


def _listener(field: Field, namespace: str) -> Listener:
    tls = mapping_at(field, "tls")
    return Listener(
        field=field,
        name=field.text("name"),
        hostname=field.text("hostname") or None,
        port=field.integer("port"),
        protocol=field.text("protocol"),
        tls=None if tls is None else _tls(tls, namespace),
        allowed_routes=_allowed_routes(field / "allowedRoutes"),
    )


def _tls(field: Field, namespace: str) -> ListenerTls:
    secret = Target("", "Secret", namespace)
    return ListenerTls(
        field=field,
        mode=text_or(field, "mode", "Terminate"),
        certificate_refs=tuple(reference(item, secret) for item in field.items("certificateRefs")),
        options=field.mapping("options"),
    )


def _allowed_routes(field: Field) -> AllowedRoutes:
    namespaces = field / "namespaces"
    return AllowedRoutes(
        field=field,
        namespaces_from=text_or(namespaces, "from", "Same"),
        selector=namespaces / "selector",
        kinds=tuple(
            RouteKind(item, text_or(item, "group", GROUP), item.text("kind")) for item in field.items("kinds")
        ),
    )
