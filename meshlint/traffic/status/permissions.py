"""Whether an object may refer to one of another namespace."""

from __future__ import annotations

from functools import cached_property

from meshlint.mesh import Mesh
from meshlint.resources.gateway_api.reference import Reference
from meshlint.resources.gateway_api.reference_grant import ReferenceGrant
from meshlint.resources.resource import Resource
from meshlint.traffic.status.conditions import Objection
from meshlint.traffic.status.grants import EVIDENCE, allows, grants
from meshlint.values import frozen

REF_NOT_PERMITTED = "RefNotPermitted"
_EVIDENCE = (*EVIDENCE, ("", "Secret"), ("", "ConfigMap"))


@frozen(eq=False, slots=False, repr=False)
class Permissions:
    """The ReferenceGrants in view, and what follows where none allows a reference."""

    mesh: Mesh

    @cached_property
    def grants(self) -> tuple[ReferenceGrant, ...]:
        """All ReferenceGrants in view."""
        return grants(self.mesh)

    def objection(self, subject: Resource, reference: Reference, what: str) -> Objection | None:
        """What a controller says of a reference into another namespace without a grant (Gateway API:
        ReferenceGrant).

        A grant may be in a file that is not in view: that there is none is certain where other objects of
        its namespace are in view.
        """
        if reference.namespace == subject.namespace:
            return None
        if any(allows(grant, subject, reference) for grant in self.grants):
            return None
        place = str(reference.namespace)
        certain = self.mesh.namespaces.shows(place, _EVIDENCE, reference.field)
        words = f"no ReferenceGrant in {place!r} lets it use {what}"
        at = reference.field / "namespace"
        return Objection(REF_NOT_PERMITTED, words, at if at else reference.field, certain)
