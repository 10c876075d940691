"""Who may call whom, as the reports tell it."""

from __future__ import annotations

from attrs import frozen

from meshlint.security.access.admissions import Admission
from meshlint.security.access.decision import AccessDecision, Verdict

_WORDS = {Verdict.ALLOW: "allowed", Verdict.DENY: "denied", Verdict.DEPENDS: "depends"}


@frozen(eq=False, repr=False)
class EdgeRow:
    """One caller, one port of one destination, and what comes of the calls."""

    client: str
    server: str
    port: int
    decision: AccessDecision

    @property
    def word(self) -> str:
        """The verdict in a word: `in part` where it is up to the request."""
        return "in part" if self.decision.is_partial else _WORDS[self.decision.verdict]


@frozen(eq=False, repr=False)
class AdmittedRow:
    """What something lets in to a port of a destination."""

    server: str
    port: int
    admission: Admission


@frozen(eq=False, repr=False)
class AccessAnswer:
    """The edges asked about, and whom the policies let in where one destination was named."""

    to: str | None
    source: str | None
    edges: tuple[EdgeRow, ...]
    admitted: tuple[AdmittedRow, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict | None:
        """The verdict where both ends were named: that of all edges, DEPENDS if they differ."""
        if self.to is None or self.source is None:
            return None
        verdicts = {edge.decision.verdict for edge in self.edges}
        return verdicts.pop() if len(verdicts) == 1 else Verdict.DEPENDS
