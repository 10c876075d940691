"""Which proxies and listeners a route is for: what is decided before any request arrives."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

from meshlint.matching import LabelSelector
from meshlint.resources.istio.http_match import HttpMatch
from meshlint.resources.istio.l4_route import L4Match
from meshlint.resources.istio.virtual_service import MESH_GATEWAY, VirtualService
from meshlint.values import frozen

Match = HttpMatch | L4Match


@frozen(repr=False)
class Scope:
    """The proxies and the listener port that a match is for.

    On an HTTP match with `gateways`, the conditions on the source do not count (Istio: match block).
    """

    gateways: frozenset[str]
    source: LabelSelector
    namespace: str | None
    port: int | None

    def overlaps(self, other: Scope) -> bool:
        """Whether one proxy may use both on one port."""
        return (
            bool(self.gateways & other.gateways)
            and self.source.overlaps(other.source)
            and (None in (self.namespace, other.namespace) or self.namespace == other.namespace)
            and (None in (self.port, other.port) or self.port == other.port)
        )

    def covers(self, other: Scope) -> bool:
        """Whether every proxy and port of the other is one of this scope."""
        return (
            other.gateways <= self.gateways
            and other.source.is_subset(self.source)
            and self.namespace in (None, other.namespace)
            and self.port in (None, other.port)
        )


def scope_of(match: Match | None, gateways: Iterable[str]) -> Scope:
    """The scope of a match, of a route without one for None, in a VirtualService with these gateways."""
    everywhere = gateways if isinstance(gateways, frozenset) else frozenset(gateways)
    if match is None:
        return Scope(everywhere, LabelSelector.everything(), None, None)
    chosen = frozenset(match.gateways) or everywhere
    if match.gateways and isinstance(match, HttpMatch):
        return Scope(chosen, LabelSelector.everything(), None, match.port)
    source = LabelSelector.of(match.source_labels)
    return Scope(chosen, source, match.source_namespace or None, match.port)


def scopes_overlap(one: VirtualService, other: VirtualService) -> bool:
    """Whether sidecars could use routes of the same layer of both VirtualServices."""
    layers = ((one.http, other.http), (one.tls, other.tls), (one.tcp, other.tcp))
    for mine, theirs in layers:
        here = [scope for route in mine for scope in _sidecar_scopes(route.match, one)]
        there = [scope for route in theirs for scope in _sidecar_scopes(route.match, other)]
        if any(left.overlaps(right) for left, right in product(set(here), set(there))):
            return True
    return False


def _sidecar_scopes(matches: Iterable[Match], virtual_service: VirtualService) -> list[Scope]:
    gateways = virtual_service.gateways_or_mesh
    scopes = [scope_of(match, gateways) for match in matches] or [scope_of(None, gateways)]
    return [scope for scope in scopes if MESH_GATEWAY in scope.gateways]
