"""Whether a proxy of a mesh sees a workload's traffic."""

from __future__ import annotations

from enum import Enum

from meshlint.documents import Field
from meshlint.values import frozen


class Dataplane(Enum):
    """Whose proxy it is."""

    ISTIO_SIDECAR = "istio sidecar"
    ISTIO_AMBIENT = "istio ambient"
    LINKERD = "linkerd"


class Presence(Enum):
    """Whether there is a proxy; UNKNOWN where an object outside of the files decides."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"


@frozen(eq=False, repr=False)
class Membership:
    """Whether a workload's pods get a proxy, why, and the field that decides if one does.

    `opted_out` tells a workload that its author keeps out from one that nothing brings in.
    """

    dataplane: Dataplane
    presence: Presence
    reason: str
    because: Field | None = None
    opted_out: bool = False

    @property
    def is_present(self) -> bool:
        """Whether the pods surely get a proxy."""
        return self.presence is Presence.PRESENT

    @property
    def is_kept_out(self) -> bool:
        """Whether something written keeps the proxy out; a label may yet be put on a namespace by hand."""
        return self.is_absent and (self.opted_out or self.because is not None)

    @property
    def is_absent(self) -> bool:
        """Whether the pods surely get none."""
        return self.presence is Presence.ABSENT
