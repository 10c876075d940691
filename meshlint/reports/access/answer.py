"""Who may call whom, as the reports tell it."""

from __future__ import annotations

from meshlint.documents import Field
from meshlint.security.access.admissions import Admission
from meshlint.security.access.decision import AccessDecision, Verdict
from meshlint.values import frozen

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
        return _word(self.decision)


def _word(decision: AccessDecision) -> str:
    return "in part" if decision.is_partial else _WORDS[decision.verdict]


@frozen(eq=False, repr=False)
class HopRow:
    """One call of a chain; `by` says what shows it, and `at` where.

    Of a gateway whose pods are not in the files nothing is decided, and it lets everybody in.
    """

    client: str
    server: str
    port: int | None
    decision: AccessDecision | None
    by: str = ""
    at: Field | None = None

    @property
    def word(self) -> str:
        """The verdict in a word."""
        return _WORDS[Verdict.ALLOW] if self.decision is None else _word(self.decision)


@frozen(eq=False, repr=False)
class ChainRow:
    """Calls in a row, each of which is let in, at least perhaps."""

    hops: tuple[HopRow, ...]

    @property
    def word(self) -> str:
        """The weakest of the verdicts."""
        return next(word for word in ("depends", "in part", "allowed") if word in self._words)

    @property
    def _words(self) -> frozenset[str]:
        return frozenset(hop.word for hop in self.hops)


@frozen(eq=False, repr=False)
class AdmittedRow:
    """What something lets in to a port of a destination."""

    server: str
    port: int
    admission: Admission


@frozen(eq=False, repr=False)
class AccessAnswer:
    """The edges asked about, and whom the policies let in where one destination was named.

    `chains` are what is asked for in place of edges where any number of calls counts; None where it does not.
    """

    to: str | None
    source: str | None
    edges: tuple[EdgeRow, ...]
    admitted: tuple[AdmittedRow, ...] = ()
    notes: tuple[str, ...] = ()
    chains: tuple[ChainRow, ...] | None = None

    @property
    def verdict(self) -> Verdict | None:
        """The verdict where both ends were named: that of all edges, DEPENDS if they differ.

        One chain is enough, and without any nobody gets there.
        """
        if self.to is None or self.source is None:
            return None
        if self.chains is not None:
            words = {chain.word for chain in self.chains}
            known = Verdict.ALLOW if _WORDS[Verdict.ALLOW] in words else Verdict.DEPENDS
            return known if words else Verdict.DENY
        verdicts = {edge.decision.verdict for edge in self.edges}
        return verdicts.pop() if len(verdicts) == 1 else Verdict.DEPENDS
