"""What do the AuthorizationPolicies of Istio say of a request?"""

from meshlint.security.istio.decision import Decision, Match, Verdict
from meshlint.security.istio.guard import Guard, guard
from meshlint.security.istio.request import Request
from meshlint.security.transport.chain import Chain

__all__ = ["Chain", "Decision", "Guard", "Match", "Request", "Verdict", "guard"]
