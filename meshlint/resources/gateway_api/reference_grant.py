"""Permission to refer to objects of another namespace."""

from __future__ import annotations

from meshlint.documents import Field, Text
from meshlint.resources.resource import Resource
from meshlint.resources.view import ObjectView, text_or
from meshlint.resources.view_class import view
from meshlint.values import frozen


@view
class GrantFrom:
    """Objects that may refer: those of one kind in one namespace."""

    field: Field
    group: Text
    kind: Text | None
    namespace: Text | None


@view
class GrantTo:
    """Objects that may be referred to, in the grant's namespace: one of a kind, or all if `name` is None."""

    field: Field
    group: Text
    kind: Text | None
    name: Text | None


@frozen(eq=False, repr=False)
class ReferenceGrant(ObjectView):
    """Every object in `from_` may refer to every object in `to`."""

    from_: tuple[GrantFrom, ...]
    to: tuple[GrantTo, ...]


def reference_grant(resource: Resource) -> ReferenceGrant:
    """`resource` read as a ReferenceGrant, or as the ReferencePolicy that came before it."""
    spec = resource.spec
    return ReferenceGrant(
        resource=resource,
        from_=tuple(
            GrantFrom(item, text_or(item, "group", ""), item.text("kind"), item.text("namespace"))
            for item in spec.items("from")
        ),
        to=tuple(
            GrantTo(item, text_or(item, "group", ""), item.text("kind"), item.text("name") or None)
            for item in spec.items("to")
        ),
    )
