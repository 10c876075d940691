"""PeerAuthentication: whether servers ask their peers for mutual TLS."""

from __future__ import annotations

from meshlint.documents import Field
from meshlint.resources.istio.parts import SpecView, part, port_of_key
from meshlint.resources.istio.selection import WorkloadSelector, match_labels
from meshlint.resources.resource import Resource
from meshlint.resources.view_class import view
from meshlint.values import frozen

UNSET = "UNSET"
"""The mode that leaves the decision to the next wider policy."""


@view
class MutualTls:
    """A mutual TLS mode as written; None, like UNSET, leaves the decision to the next wider policy."""

    field: Field
    mode: str | None


@view
class PortMutualTls:
    """The mode of one container port; `port` is None if the key is no port number."""

    field: Field
    port: int | None
    mode: str | None


@frozen(eq=False, repr=False)
class PeerAuthentication(SpecView):
    """The mode for a mesh, a namespace or the selected workloads, and exceptions by container port."""

    selector: WorkloadSelector | None
    mtls: MutualTls | None
    port_level_mtls: tuple[PortMutualTls, ...]

    @property
    def mode(self) -> str:
        """The mode outside of the exceptions, `UNSET` where none is written."""
        return (self.mtls.mode if self.mtls else None) or UNSET

    @property
    def selects_workloads(self) -> bool:
        """Whether it is for some workloads only: a selector without labels is as good as none."""
        return self.selector is not None and bool(self.selector.labels)


def peer_authentication(resource: Resource) -> PeerAuthentication:
    """The view of a PeerAuthentication of any version."""
    spec = resource.spec
    return PeerAuthentication(
        resource,
        selector=match_labels(spec),
        mtls=part(spec, "mtls", lambda field: MutualTls(field, field.text("mode"))),
        port_level_mtls=tuple(_port(field) for field in spec.fields("portLevelMtls")),
    )


def _port(field: Field) -> PortMutualTls:
    return PortMutualTls(field, port_of_key(field.name), field.text("mode"))
