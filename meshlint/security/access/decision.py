"""What is answered: the verdict, how the request travels, and the rules that decide."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from functools import cached_property

from meshlint.documents import Field
from meshlint.resources import Resource
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.membership.presence import Dataplane
from meshlint.security.transport.calls import Hop, Transport
from meshlint.values import field, frozen

OF_REQUEST = frozenset({"method", "path", "host", "headers", "claims", "sni"})
"""What the caller chooses in each request."""


class Verdict(Enum):
    """Whether a request is let in; DEPENDS where something that is not known decides."""

    ALLOW = "allow"
    DENY = "deny"
    DEPENDS = "depends"


class Effect(Enum):
    """What a rule or an object does to a request."""

    ALLOWS = "allows"
    DENIES = "denies"
    ASKS = "asks a provider"
    MISSES = "does not admit"
    CARRIES = "decides how it travels"


@frozen(eq=False, repr=False)
class Decider:
    """A rule or an object that takes part in a decision, and what it does.

    `name` names it in words, such as "AuthorizationPolicy shop/cart"; `rule` is the place of a rule among
    those of its policy, from 0. `at` is where it is written, None for what no file says, such as a default.
    """

    effect: Effect
    name: str
    at: Field | None = None
    rule: int | None = None
    resource: Resource | None = None

    @property
    def label(self) -> str:
        """The name, with the number of the rule as people count."""
        return self.name if self.rule is None else f"{self.name}, rule {self.rule + 1}"

    @property
    def file(self) -> str | None:
        """The file that it stands in."""
        return None if self.at is None else self.at.document.file

    @property
    def line(self) -> int | None:
        """The line, from 1."""
        return None if self.at is None else self.at.span().line

    @property
    def column(self) -> int | None:
        """The column, from 1."""
        return None if self.at is None else self.at.span().column

    @property
    def place(self) -> str:
        """`file:line:column`, empty for what no file says."""
        return "" if self.at is None else f"{self.file}:{self.line}:{self.column}"


@frozen(repr=False)
class Explanation:
    """What of all requests like the one asked about is let in, and what one that is denied would need."""

    let_in: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


@frozen(eq=False, slots=False, repr=False)
class AccessDecision:
    """What comes of a request to one port of one workload.

    `reason` says why in words, `depends_on` names what is not known and matters. `identity` is what the
    server's policies see of the caller. `dataplane` is whose proxy judges, None where none does. `parts` are
    the decisions of each workload where the destination or the caller stands for several.
    """

    verdict: Verdict
    reason: str
    hop: Hop
    server: Workload
    port: int
    client: Workload | None = None
    identity: str | None = None
    dataplane: Dataplane | None = None
    tell: Callable[[], Iterable[Decider]] = tuple
    depends_on: tuple[str, ...] = ()
    explain: Callable[[], Explanation] = lambda: Explanation()
    parts: tuple[AccessDecision, ...] = field(default=())

    @cached_property
    def deciding(self) -> tuple[Decider, ...]:
        """The rules that let it in or keep it out, and where nothing admits it those that might have."""
        return tuple(self.tell())

    @cached_property
    def explanation(self) -> Explanation:
        """In words, what is let in if the request is left open in part, and what it needs if it is denied."""
        return self.explain()

    @property
    def is_partial(self) -> bool:
        """Whether some requests are let in and others are not, and nothing but the request decides."""
        return self.verdict is Verdict.DEPENDS and set(self.depends_on) <= OF_REQUEST

    @property
    def is_allowed(self) -> bool:
        """Whether the request is surely let in."""
        return self.verdict is Verdict.ALLOW

    @property
    def is_denied(self) -> bool:
        """Whether the request is surely kept out."""
        return self.verdict is Verdict.DENY

    @property
    def transport(self) -> Transport:
        """How the request travels."""
        return self.hop.transport


def combined(parts: tuple[AccessDecision, ...], difference: str) -> AccessDecision:
    """One decision for several; they depend on `difference` where they do not agree."""
    first = parts[0]
    if len(parts) == 1:
        return first
    agreed = len({one.verdict for one in parts}) == 1
    decisive = parts if agreed else tuple(one for one in parts if not one.is_allowed)
    return AccessDecision(
        first.verdict if agreed else Verdict.DEPENDS,
        first.reason if agreed else decisive[0].reason,
        _common_hop(parts),
        decisive[0].server,
        decisive[0].port,
        decisive[0].client,
        decisive[0].identity,
        decisive[0].dataplane,
        lambda: _once(one for part in decisive for one in part.deciding),
        tuple(dict.fromkeys(one for part in decisive for one in part.depends_on))
        + (() if agreed else (difference,)),
        lambda: _explained(decisive),
        parts,
    )


def _explained(parts: Iterable[AccessDecision]) -> Explanation:
    found = [part.explanation for part in parts]
    return Explanation(
        tuple(dict.fromkeys(word for one in found for word in one.let_in)),
        tuple(dict.fromkeys(word for one in found for word in one.needs)),
    )


def _common_hop(parts: tuple[AccessDecision, ...]) -> Hop:
    if len({one.transport for one in parts}) == 1:
        return parts[0].hop
    deciding = {id(one): one for part in parts for one in part.hop.deciding}
    return Hop(Transport.DEPENDS, "it differs from workload to workload", tuple(deciding.values()))


def _once(deciders: Iterable[Decider]) -> tuple[Decider, ...]:
    found: dict[tuple[object, ...], Decider] = {}
    for one in deciders:
        found.setdefault((one.effect, one.label, None if one.at is None else one.at.path), one)
    return tuple(found.values())
