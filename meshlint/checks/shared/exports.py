"""Where an object of Istio says who sees it."""

from __future__ import annotations

from meshlint.documents import Field
from meshlint.resources.istio.destination_rule import DestinationRule
from meshlint.resources.istio.virtual_service import VirtualService


def export_place(owner: VirtualService | DestinationRule) -> Field:
    """The field that says who sees an object, or its name if it leaves that to the mesh."""
    return owner.field / "exportTo" if owner.export_to else owner.resource.at("metadata", "name")
