"""Who may call whom: one question and one answer for Istio, its ambient mode, Linkerd and no mesh at all."""

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
