"""What the AuthorizationPolicies of Istio say of a request."""

from meshlint.security.istio_authorization.decision import Decision, Match, Verdict
from meshlint.security.istio_authorization.guard import Guard, guard
from meshlint.security.istio_authorization.request import Request
from meshlint.security.istio_authorization.translate import Chain

__all__ = ["Chain", "Decision", "Guard", "Match", "Request", "Verdict", "guard"]
