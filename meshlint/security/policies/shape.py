"""AuthorizationPolicies that Istio refuses, or that mean something else than they seem to."""

from __future__ import annotations

from meshlint.documents import Field
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class Fault:
    """Something wrong with a policy: where, and in words to follow its name."""

    at: Field
    message: str
