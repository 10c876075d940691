"""What several listeners of one proxy say, any one of which may take a request."""

from __future__ import annotations

from collections.abc import Iterable

from meshlint.security.istio.decision import Decision, Verdict
from meshlint.security.istio.guard import Guard
from meshlint.security.istio.request import Request
from meshlint.security.transport.chain import Chain

_SAME = "what the proxy finds the connection to speak"


def judged(guards: tuple[Guard, ...], request: Request) -> Decision:
    """What the guards that may take `request` say of it."""
    return agreed(one.decide(request) for one in fitting(guards, request))


def fitting(guards: tuple[Guard, ...], request: Request) -> tuple[Guard, ...]:
    """The guards that may take `request`; all of them, if none is made for it."""
    return tuple(one for one in guards if _fits(one.chain, request)) or guards


def agreed(decisions: Iterable[Decision]) -> Decision:
    """What comes of a request of which nobody knows which of several decisions it meets."""
    found = tuple(decisions)
    if len({one.verdict for one in found}) == 1:
        return found[0]
    matches = tuple(match for one in found for match in one.deciding)
    return Decision(Verdict.DEPENDS, "the protocol decides", matches, depends_on=(_SAME,))


def _fits(chain: Chain, request: Request) -> bool:
    """Whether a listener may take the request: with a method, a path or a host it is no plain connection."""
    speaks_http = request.method is not None or request.path is not None or request.host is not None
    return chain is not Chain.TCP or not speaks_http
