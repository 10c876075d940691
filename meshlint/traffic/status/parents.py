"""Whether a parent takes a route, and if not, why."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from meshlint.matching import gateway_hostnames
from meshlint.mesh import Mesh
from meshlint.resources.gateway_api.reference import ParentRef
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.traffic.status.conditions import Condition, Objection, judged, met
from meshlint.traffic.status.listeners import ListenerStatus
from meshlint.traffic.status.namespaces import lets_in
from meshlint.values import frozen

NO_MATCHING_PARENT = "NoMatchingParent"
NOT_ALLOWED = "NotAllowedByListeners"
NO_HOSTNAME = "NoMatchingListenerHostname"


class Denial(Enum):
    """Why a listener does not take a route, the one that is told before others first."""

    NAMESPACE = (NOT_ALLOWED, "takes no routes from its namespace")
    KIND = (NOT_ALLOWED, "takes no routes of its kind")
    HOSTNAME = (NO_HOSTNAME, "is for none of its host names")
    NO_LISTENER = (NO_MATCHING_PARENT, "has no such listener")

    @property
    def reason(self) -> str:
        """The reason of the condition `Accepted`."""
        return self.value[0]

    @property
    def words(self) -> str:
        """What the parent does not do."""
        return self.value[1]


_RANK = {denial: place for place, denial in enumerate(Denial)}


@frozen(eq=False, repr=False)
class Taking:
    """What the listeners of a parent do with a route: which take it, which may, or why none does."""

    takers: tuple[ListenerStatus, ...]
    maybe: tuple[ListenerStatus, ...]
    denial: Denial | None

    @property
    def taken(self) -> bool | None:
        """Whether the route is taken; None where that depends on what no file shows."""
        if self.takers:
            return True
        return None if self.maybe else False


def taking(mesh: Mesh, route: AnyRoute, parent: ParentRef, listeners: Sequence[ListenerStatus]) -> Taking:
    """How the listeners of a Gateway or a ListenerSet take a route.

    One listener that takes it is enough. If none does, what is told is the objection that lies nearest to
    taking it (Istio: createRouteStatus).
    """
    answers = [(one, *_denial(mesh, route, parent, one)) for one in listeners]
    takers = tuple(one for one, denial, sure in answers if denial is None and sure)
    maybe = tuple(one for one, _, sure in answers if not sure)
    denials = [denial for _, denial, _ in answers if denial is not None]
    nearest = min(denials, key=_RANK.__getitem__, default=Denial.NO_LISTENER)
    return Taking(takers, maybe, None if takers else nearest)


def _denial(
    mesh: Mesh, route: AnyRoute, parent: ParentRef, status: ListenerStatus
) -> tuple[Denial | None, bool]:
    """Why a listener does not take a route, and whether that is certain (Istio: referenceAllowed)."""
    listener = status.listener
    if parent.section_name is not None and parent.section_name != listener.name:
        return Denial.NO_LISTENER, True
    if parent.port is not None and parent.port != status.port:
        return Denial.NO_LISTENER, True
    if not gateway_hostnames(listener.hostname, route.hostnames):
        return Denial.HOSTNAME, True
    allowed = listener.allowed_routes
    home = status.owner.namespace
    inside = lets_in(mesh, str(allowed.namespaces_from), allowed.selector, home, route.namespace)
    if inside is False:
        return Denial.NAMESPACE, True
    if route.kind not in status.kinds:
        return Denial.KIND, True
    sure = inside is True and (status.is_valid is not None or status.is_served)
    return (None, True) if sure else (Denial.NAMESPACE, False)


def acceptance(route: AnyRoute, parent: ParentRef, taken: Taking) -> Condition:
    """The condition `Accepted` of a route at a parent with listeners."""
    if taken.taken:
        return met("Accepted")
    denial = taken.denial or Denial.NAMESPACE
    field = parent.field / ("sectionName" if parent.section_name is not None else "name")
    words = f"{parent.kind} {parent.namespace}/{parent.name} {denial.words}"
    if taken.taken is None:
        words = f"the labels of namespace {route.namespace!r} decide"
    return judged("Accepted", Objection(denial.reason, words, field, taken.taken is False))
