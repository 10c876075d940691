"""Which mesh a workload belongs to, as whoever has to name one takes it."""

from __future__ import annotations

from meshlint.mesh import Mesh
from meshlint.mesh.remembered import remembered
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.membership.istio import istio_ambient, istio_sidecar
from meshlint.security.membership.linkerd import linkerd_proxy
from meshlint.security.membership.presence import Dataplane, Membership
from meshlint.values import frozen

_LINKERD_GROUPS = frozenset({"linkerd.io", "policy.linkerd.io"})
_ISTIO_GROUPS = frozenset({"networking.istio.io", "security.istio.io"})


@frozen(repr=False)
class Belonging:
    """Whose proxy a workload has, None for none, and why; assumed where the files do not tell."""

    dataplane: Dataplane | None
    reason: str
    is_assumed: bool = False


@remembered
def belonging(mesh: Mesh, workload: Workload) -> Belonging:
    """The mesh of a workload.

    One that surely has no proxy of any mesh belongs to none, as for the rules and for access: a namespace in
    view without a label is outside. Where the namespace is not in view, the mesh that the files speak of is
    assumed, Istio before Linkerd.
    """
    found = (linkerd_proxy(mesh, workload), istio_sidecar(mesh, workload), istio_ambient(mesh, workload))
    for one in found:
        if one.is_present:
            return Belonging(one.dataplane, one.reason)
    likely = [one for one in _likely(mesh, *found) if not one.is_absent]
    if likely:
        return Belonging(likely[0].dataplane, likely[0].reason, is_assumed=True)
    return Belonging(None, _likely(mesh, *found)[0].reason)


def _likely(mesh: Mesh, linkerd: Membership, sidecar: Membership, _: Membership) -> tuple[Membership, ...]:
    """The memberships in meshes that the files speak of, in Istio where they speak of none."""
    groups = {group for group, _ in mesh.resources.kinds}
    spoken = ((sidecar, _ISTIO_GROUPS), (linkerd, _LINKERD_GROUPS))
    return tuple(one for one, own in spoken if groups & own) or (sidecar,)
