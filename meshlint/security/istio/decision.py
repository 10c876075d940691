"""What comes of a request."""

from __future__ import annotations

from enum import Enum

from meshlint.documents import Field
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.values import frozen


class Verdict(Enum):
    """Whether a request is let in; DEPENDS where something that was left open decides."""

    ALLOW = "allow"
    DENY = "deny"
    DEPENDS = "depends"


@frozen(eq=False, repr=False)
class Match:
    """A rule that a request satisfies, with its place in its policy; None for a policy without that rule."""

    policy: AuthorizationPolicy
    index: int
    at: Field


@frozen(eq=False, repr=False)
class Decision:
    """The verdict, the rules that made it, and in words why.

    `deciding` holds the matching rules of the action that decided: those that deny, or those that allow. It
    is empty where nothing matched: `policies` then holds the ALLOW policies of which none admits the request.
    `depends_on` names the parts of the request, or the providers, that were left open and matter.
    """

    verdict: Verdict
    reason: str
    deciding: tuple[Match, ...] = ()
    policies: tuple[AuthorizationPolicy, ...] = ()
    depends_on: tuple[str, ...] = ()

    @property
    def is_allowed(self) -> bool:
        """Whether the request is surely let in."""
        return self.verdict is Verdict.ALLOW

    @property
    def is_denied(self) -> bool:
        """Whether the request is surely kept out."""
        return self.verdict is Verdict.DENY
