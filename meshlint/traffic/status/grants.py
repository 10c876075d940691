"""Leave to refer to objects of another namespace."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.documents import Text
from meshlint.mesh import Mesh
from meshlint.mesh.questions.known_namespaces import known_namespaces, meant_namespace
from meshlint.resources.gateway_api.reference import GROUP, Reference
from meshlint.resources.gateway_api.reference_grant import ReferenceGrant, reference_grant
from meshlint.resources.resource import Resource
from meshlint.values import frozen

EVIDENCE = (("", "Service"), (GROUP, "ReferenceGrant"))
"""Objects that stand for the grants of a namespace: where they are in view, so would a grant be."""


def grants(mesh: Mesh) -> tuple[ReferenceGrant, ...]:
    """All ReferenceGrants in view."""
    return tuple(reference_grant(one) for one in mesh.resources.of(GROUP, "ReferenceGrant"))


def allows(grant: ReferenceGrant, subject: Resource, target: Reference) -> bool:
    """Whether a grant lets `subject` refer to `target` (Gateway API: ReferenceGrant)."""
    if grant.namespace != target.namespace:
        return False
    of = any(
        one.group == subject.group and one.kind == subject.kind and one.namespace == subject.namespace
        for one in grant.from_
    )
    to = any(
        one.group == target.group and one.kind == target.kind and one.name in (None, target.name)
        for one in grant.to
    )
    return of and to


@frozen(eq=False, repr=False)
class LostGrant:
    """A namespace, `name`, that a grant is for and that does not exist; `meant` is nearly called so."""

    grant: ReferenceGrant
    name: Text
    meant: str | None


def lost_grants(mesh: Mesh) -> Iterator[LostGrant]:
    """Every entry of a grant for a namespace that does not exist, with the same proof as for exports."""
    known = known_namespaces(mesh)
    for grant in grants(mesh):
        for one in grant.from_:
            if one.namespace and one.namespace not in known:
                meant = meant_namespace(mesh, one.namespace)
                if meant is not None or mesh.settings.complete:
                    yield LostGrant(grant, one.namespace, meant)
