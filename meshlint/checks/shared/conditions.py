"""Places where Gateway API objects fail a condition of their status, for the checks that tell of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from meshlint.checks.hit import Hit
from meshlint.checks.world import World
from meshlint.documents import Path
from meshlint.traffic.status.failures import Failure

GATEWAYS = frozenset({"Gateway", "ListenerSet", "XListenerSet"})
POLICIES = frozenset({"BackendTLSPolicy", "XBackendTrafficPolicy"})
ROUTES = frozenset({"HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute"})


def told(world: World, *reasons: str, kinds: Collection[str] = GATEWAYS) -> Iterator[Failure]:
    """Each place of objects of some kinds that fails a condition for one of some reasons, once."""
    seen: set[tuple[int, Path]] = set()
    for one in world.traffic.failures:
        name = (id(one.owner), one.field.path)
        if one.condition.reason in reasons and one.owner.kind in kinds and name not in seen:
            seen.add(name)
            yield one


def hits(found: Iterable[Failure], effect: str, hint: str) -> Iterator[Hit]:
    """Each failure in the words of its condition, with what follows and what to do."""
    for one in found:
        words = f"{one.owner}: {one.condition.words}, {effect}"
        yield Hit(one.field, words, resource=one.owner, hint=hint)
