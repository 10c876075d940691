"""What a change does, as plain values: what `meshlint diff` answers and every format tells."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from meshlint.engine.finding import Finding, Location
from meshlint.values import field, frozen


class Effect(Enum):
    """What becomes of calls that a change concerns."""

    LET_IN = "let in"
    DENIED = "denied"
    UNSURE = "unsure"
    """Something that the files do not tell decides now."""
    ENCRYPTED = "encrypted"
    PLAINTEXT = "plaintext"
    BROKEN = "broken"
    MENDED = "mended"
    TRANSPORT = "transport"
    """They travel in another way that is neither better nor worse for sure."""


WIDENED = frozenset({Effect.LET_IN})
NARROWED = frozenset({Effect.DENIED, Effect.BROKEN})
EXPOSED = frozenset({Effect.PLAINTEXT})


@frozen
class Cause:
    """An object that decides, whether the change wrote it, and where it stands.

    `is_gone` tells that it decided before the change, and does not now.
    """

    object: str
    location: Location | None
    is_changed: bool
    is_gone: bool = False


@frozen
class Calls:
    """Calls that are let in, denied or carried otherwise than before.

    `requests` names those that are meant, one text for each group of them; none stands for all. `before` and
    `after` are verdicts (`allow`, `deny`, `depends`), or, where `effect` is about transport, ways to travel.
    """

    callers: tuple[str, ...]
    to: str
    port: int
    requests: tuple[str, ...]
    effect: Effect
    before: str
    after: str
    causes: tuple[Cause, ...] = ()


@frozen
class Ways:
    """Requests that end elsewhere than before, or are handled otherwise on their way."""

    senders: tuple[str, ...]
    host: str
    port: int
    requests: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    is_lost: bool = False
    """Whether they reached something, and nothing now."""
    causes: tuple[Cause, ...] = ()


@frozen
class WorkloadChange:
    """Something about a workload that is not what it was: `what` is `mesh`, `identity` or `existence`."""

    workload: str
    what: str
    before: str
    after: str
    location: Location | None


@frozen
class Findings:
    """The findings of the two sides beside each other; `unchanged` is a count."""

    new: tuple[Finding, ...] = ()
    gone: tuple[Finding, ...] = ()
    unchanged: int = 0


@frozen
class Objects:
    """The objects that are not the same on both sides, by name."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()


@frozen
class Cost:
    """What a mesh would cost, where it moved: `figure` says of what, in `unit`."""

    mesh: str
    figure: str
    unit: str
    before: float
    after: float


@frozen
class Difference:
    """All that a change from `base` to `head` does. `notes` say what was not compared, and why."""

    base: str
    head: str
    objects: Objects
    findings: Findings
    calls: tuple[Calls, ...] = ()
    ways: tuple[Ways, ...] = ()
    workloads: tuple[WorkloadChange, ...] = ()
    costs: tuple[Cost, ...] = ()
    notes: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(factory=dict)
    """What was compared: `calls` and `ways` asked on both sides."""
