"""The policy of a port that no Server speaks of (Linkerd: default inbound policy)."""

from __future__ import annotations

from meshlint.documents import Text
from meshlint.mesh import Mesh
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.membership.annotations import DEFAULT_POLICY, inherited
from meshlint.values import frozen

DEFAULT_POLICIES = (
    "all-authenticated",
    "all-unauthenticated",
    "audit",
    "cluster-authenticated",
    "cluster-unauthenticated",
    "deny",
)
UNAUTHENTICATED = frozenset({"all-unauthenticated", "cluster-unauthenticated", "audit"})
"""The policies that let in clients without an identity; `audit` also records that it did."""


@frozen(eq=False, repr=False)
class DefaultPolicy:
    """A default policy by name, and the annotation that sets it; None where the control plane's counts."""

    name: str
    because: Text | None

    @property
    def admits_unauthenticated(self) -> bool:
        """Whether clients without an identity get in."""
        return self.name in UNAUTHENTICATED

    @property
    def is_upgraded_by_identity(self) -> bool:
        """Whether a demand for identities at single ports changes it, as it does to an open one."""
        return self.name in ("all-unauthenticated", "cluster-unauthenticated")


def default_policy(mesh: Mesh, workload: Workload) -> DefaultPolicy:
    """The default policy of the pods of `workload`.

    A value that is no policy counts as none, and then the control plane's default stands, not the
    namespace's, which is only copied to pods that lack the annotation.
    """
    written = inherited(mesh, workload, DEFAULT_POLICY)
    if written is not None and written in DEFAULT_POLICIES:
        return DefaultPolicy(written, written)
    return DefaultPolicy(mesh.settings.linkerd.default_inbound_policy, None)
