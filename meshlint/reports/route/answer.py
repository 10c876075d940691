"""Where a request goes, as plain values: what `project.route` answers and every format tells."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from fractions import Fraction
from typing import Any

from meshlint.engine.finding import Location
from meshlint.values import field, frozen


class Outcome(Enum):
    """What becomes of a request."""

    FORWARDED = "forwarded"
    """It is sent to destinations, some of which may fail."""
    ANSWERED = "answered"
    """A proxy answers it: a redirect, a fixed response or an error."""
    PASSED_THROUGH = "passed through"
    """The mesh has no say: the connection goes to whatever its name stands for."""
    LOST = "lost"
    """Nothing takes the connection."""


@frozen
class Sender:
    """Whose request it is. `mesh` is `istio`, `linkerd` or `none`, and `because` says how that is known."""

    name: str
    kind: str
    namespace: str
    mesh: str
    because: str

    def __str__(self) -> str:
        """`Deployment shop/web`."""
        return f"{self.kind} {self.namespace}/{self.name}"


@frozen
class Asked:
    """The request as it was understood, with what was left open filled in.

    `seen_path` is what the proxy makes of the path before it matches it, None where that is the same.
    """

    host: str
    port: int
    path: str
    method: str
    scheme: str
    headers: tuple[tuple[str, str], ...]
    sni: str | None
    address: str | None = None
    seen_path: str | None = None

    @property
    def url(self) -> str:
        """`http://reviews:9080/path`, or `tls://reviews:443` for a connection without requests."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        path = self.path if self.sees_requests else ""
        return f"{self.scheme}://{host}:{self.port}{path}"

    @property
    def sees_requests(self) -> bool:
        """Whether it is an HTTP request rather than a connection that carries something else."""
        return self.scheme in ("http", "https")


@frozen
class Entrance:
    """Where the request comes into the mesh: a server of a Gateway, or a listener of the Gateway API."""

    object: str
    text: str
    location: Location | None


@frozen
class Rule:
    """A line of a route table: one match of one route.

    `number` counts from 1 in the order in which the lines are tried. `object` is the VirtualService, route,
    ServiceProfile or Service that it is written in, `path` where in it, such as `http[1].match[0]` (empty for
    a Service itself), and `name` the route's own name. `match` says in words which requests come in; `outer`
    is the match of the VirtualService that delegates here, which has to hold as well.
    """

    number: int
    object: str
    path: str
    name: str | None
    match: str
    location: Location
    outer: Location | None = None


@frozen
class PassedOver:
    """A rule that was tried before, and the first thing in it that the request does not meet."""

    rule: Rule
    misses: str


@frozen
class LeftOut:
    """A VirtualService, or a route or match of one, that is for the host and yet not for this client.

    `path` is the place in it, empty for all of it.
    """

    object: str
    path: str
    reason: str
    location: Location


@frozen
class Transport:
    """How requests travel on a hop: `mTLS`, `plaintext`, `broken`, … and the objects that decide it."""

    text: str
    reason: str
    deciding: tuple[tuple[str, Location], ...] = ()


@frozen
class Pods:
    """A workload behind a destination."""

    object: str
    location: Location
    transport: Transport


@frozen
class Policy:
    """A block of a DestinationRule that is in force for a destination, such as `outlierDetection`."""

    name: str
    location: Location


@frozen
class Destination:
    """Where a share of the requests goes. `share` is exact, from 0 to 1.

    `status` is what the share is answered with where it reaches nothing, and `problem` says why: then there
    is no `transport`. `pods` is None where no workload behind the destination is in the files. Where these
    are a gateway's, `onward` is the way from there. `called_port` is set where connections stay at the
    address that the client called, for the port there.
    """

    host: str
    port: int | None
    subset: str | None
    share: Fraction
    location: Location
    pods: tuple[Pods, ...] | None
    transport: Transport | None
    policies: tuple[Policy, ...]
    status: int | None
    problem: str
    onward: RouteAnswer | None = None
    called_port: int | None = None

    @property
    def reaches(self) -> bool:
        """Whether this share gets to where it is sent, and on from there."""
        return self.status is None and (self.onward is None or self.onward.reaches)


@frozen
class InForce:
    """Something else that is in force: `kind` is `timeout`, `retries`, `fault`, `mirror`, `rewrite`, …

    `location` is None for a default of the mesh.
    """

    kind: str
    text: str
    settings: Mapping[str, Any]
    location: Location | None


@frozen
class RouteAnswer:
    """The way of one request.

    `host` is the full name that was looked for, `layer` what the proxy sees of the traffic: `http`
    (requests), `tls` (server names) or `tcp` (bytes); `sidecar` is the Sidecar that limits what the client
    knows, `waypoint` the waypoint whose routes these are. `rule` takes the request, `passed_over` are those
    before it. `status` and `reason` tell what happens where no destination answers. `left_out` is what is
    written for the host and does not count for this client. `undecided` holds what files do not tell and the
    answer depends on, and `hint` what may have been meant.
    """

    request: Asked
    sender: Sender
    host: str
    layer: str
    outcome: Outcome
    status: int | None
    reason: str
    entrance: Entrance | None = None
    sidecar: tuple[str, Location] | None = None
    waypoint: str | None = None
    rule: Rule | None = None
    passed_over: tuple[PassedOver, ...] = ()
    destinations: tuple[Destination, ...] = ()
    in_force: tuple[InForce, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    undecided: tuple[str, ...] = ()
    hint: str | None = field(default=None)

    @property
    def finds_rules(self) -> bool:
        """Whether the host is known at all."""
        return self.rule is not None or bool(self.destinations)

    @property
    def reaches(self) -> bool:
        """Whether at least some of such requests reach something, or get an answer below 400."""
        if self.outcome is Outcome.LOST:
            return False
        if self.outcome is Outcome.ANSWERED:
            return self.status is not None and self.status < 400
        if self.outcome is Outcome.PASSED_THROUGH:
            return True
        return not self._always_fails and any(one.reaches for one in self.destinations)

    @property
    def failure(self) -> str:
        """Why a request that is forwarded reaches nothing, if it does not."""
        return "a fault answers every request" if self._always_fails else "every share fails"

    @property
    def _always_fails(self) -> bool:
        aborts = (one.settings for one in self.in_force if one.settings.get("type") == "abort")
        return any(one["percentage"] >= 100 for one in aborts)


@frozen
class Row:
    """A rule of a host's route table, what it does, and what the rules before it leave to it.

    `goes_to` are destinations with their exact shares, `answers` what a proxy answers itself. Numbers are
    those of rules: `taken_by` together take all of its requests, so that it is never reached; `shadowed_by`
    take any of them, and `rivals` are those of them that stand in another object. `reach` is `whole`, `part`,
    `none`, or `unknown` where it is too much to find out.
    """

    rule: Rule
    goes_to: tuple[tuple[str, Fraction], ...]
    answers: str | None
    reach: str
    taken_by: tuple[int, ...]
    shadowed_by: tuple[int, ...]
    rivals: tuple[int, ...]


@frozen
class RouteTableAnswer:
    """The route table of a host, in the order in which its rules are tried.

    `pattern` is the host that the rules are written for, such as `*.example.com`; `otherwise` says what
    happens to what none of them takes, None where one takes everything. The rest is as in `RouteAnswer`.
    """

    request: Asked
    sender: Sender
    host: str
    layer: str
    pattern: str | None
    rows: tuple[Row, ...]
    otherwise: str | None
    entrance: Entrance | None = None
    sidecar: tuple[str, Location] | None = None
    waypoint: str | None = None
    left_out: tuple[LeftOut, ...] = ()
    undecided: tuple[str, ...] = ()
    hint: str | None = None

    @property
    def finds_rules(self) -> bool:
        """Whether the host is known at all."""
        return bool(self.rows)

    @property
    def reaches(self) -> bool:
        """Whether there is any rule, or the mesh lets the traffic through without one."""
        return bool(self.rows) or self.otherwise == PASSES


PASSES = "the mesh has no say, so the traffic passes through"
