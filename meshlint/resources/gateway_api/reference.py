"""References to other objects, with the group, kind and namespace that stand where none are written."""

from __future__ import annotations

from meshlint.documents import Field, Text
from meshlint.resources.gateway_api.filters import Filter, filters
from meshlint.resources.view import text_or
from meshlint.resources.view_class import view
from meshlint.values import frozen

GROUP = "gateway.networking.k8s.io"


@view
class Target:
    """What a reference means where it leaves something out: these are the API server's defaults."""

    group: str
    kind: str
    namespace: str


@frozen(eq=False, repr=False)
class Reference:
    """Names an object. Group, kind and namespace are never absent; their `field` is false if not written."""

    field: Field
    group: Text
    kind: Text
    name: Text | None
    namespace: Text

    def is_a(self, group: str, kind: str) -> bool:
        """Whether the object is of this kind."""
        return self.group == group and self.kind == kind


@frozen(eq=False, repr=False)
class ParentRef(Reference):
    """What a route attaches to: a Gateway, a Service, or what else the mesh takes."""

    section_name: Text | None
    port: int | None


@frozen(eq=False, repr=False)
class BackendRef(Reference):
    """Where a rule sends requests, and the share of them in proportion to the rule's other weights."""

    port: int | None
    weight: int
    filters: tuple[Filter, ...]


def reference(field: Field, default: Target) -> Reference:
    """The reference at `field`."""
    return Reference(
        field=field,
        group=text_or(field, "group", default.group),
        kind=text_or(field, "kind", default.kind),
        name=field.text("name"),
        namespace=text_or(field, "namespace", default.namespace),
    )


def parent_ref(field: Field, default: Target) -> ParentRef:
    """The parent reference at `field`; `default` differs between the groups that have routes."""
    return ParentRef(
        field=field,
        group=text_or(field, "group", default.group),
        kind=text_or(field, "kind", default.kind),
        name=field.text("name"),
        namespace=text_or(field, "namespace", default.namespace),
        section_name=field.text("sectionName"),
        port=field.integer("port"),
    )


def backend_ref(field: Field, namespace: str) -> BackendRef:
    """The backend reference at `field`: by default a core Service in `namespace` with weight 1."""
    weight = field.integer("weight")
    return BackendRef(
        field=field,
        group=text_or(field, "group", ""),
        kind=text_or(field, "kind", "Service"),
        name=field.text("name"),
        namespace=text_or(field, "namespace", namespace),
        port=field.integer("port"),
        weight=1 if weight is None else weight,
        filters=filters(field),
    )
