"""Who may call whom: one question and one answer for Istio, its ambient mode, Linkerd and no mesh at all."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from meshlint.security.access.decision import AccessDecision, Decider, Effect, Verdict, combined
    from meshlint.security.access.desk import AccessDesk
    from meshlint.security.access.ends import Destination, Names, Target
    from meshlint.security.access.request import AccessRequest

__all__ = [
    "AccessDecision",
    "AccessDesk",
    "AccessRequest",
    "Decider",
    "Destination",
    "Effect",
    "Names",
    "Target",
    "Verdict",
    "combined",
]

_HOMES = {
    "AccessDesk": "desk",
    "AccessRequest": "request",
    "Destination": "ends",
    "Names": "ends",
    "Target": "ends",
}
"""Where names live that are not of `decision`; loaded late, since rules on one mesh ask its folder alone."""


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES.get(name, 'decision')}"), name)
