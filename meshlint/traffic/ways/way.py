"""The way of one request: which route takes it, why the ones before did not, and where it ends up."""

from __future__ import annotations

from fractions import Fraction

from meshlint.mesh.hosts.registry import Host
from meshlint.mesh.routing.effective_policies import EffectivePolicy
from meshlint.mesh.workloads.waypoints import Waypoint
from meshlint.resources.istio.sidecar import Sidecar
from meshlint.resources.istio.workload_entry import WorkloadEntry
from meshlint.resources.kubernetes.workload import Workload
from meshlint.traffic.request import Client, Request
from meshlint.traffic.tables.entries import CLOSED, Entry, Layer, RouteTable, Target
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class Hop:
    """One destination with its part of the requests.

    `status` is what they are answered with where they reach nothing, and `problem` says why. `workloads` are
    the pods in view behind it; None where none of the service's are, and `machines` endpoints outside of
    Kubernetes. Where the pods are a gateway's, `onward` is the way from there. `known` is the host as the
    client knows it. `called_port` is set where connections stay at the address that the client called, for
    the port that they go to there.
    """

    target: Target
    part: Fraction
    host: str
    port: int | None
    subset: str | None
    policy: EffectivePolicy
    workloads: tuple[Workload, ...] | None = None
    status: int | None = None
    problem: str = ""
    onward: Way | None = None
    machines: tuple[WorkloadEntry, ...] = ()
    known: Host | None = None
    called_port: int | None = None

    @property
    def is_outside(self) -> bool:
        """Whether proxies take the host for the outside of the mesh."""
        entries = () if self.known is None or self.known.service is not None else self.known.entries
        return bool(entries) and entries[0].is_external


@frozen(eq=False, repr=False)
class Passed:
    """An entry before the one that won, with the first demand that the request does not meet."""

    entry: Entry
    failure: str


@frozen(eq=False, repr=False)
class Way:
    """What becomes of a request, or of a connection where the proxy sees none.

    `entry` is the line of the table that takes it, `passed` the earlier ones that do not; `hops` are the
    destinations. `status` is set where no destination answers, `CLOSED` (0) where the connection is closed
    without an answer, and `reason` says why. `undecided` holds what files do not tell and the answer depends
    on. `layer` is what the proxy sees; `sidecar` the Sidecar that limits what the client knows; `waypoint`
    the waypoint whose routes these are.
    """

    request: Request
    client: Client
    host: str
    table: RouteTable | None
    entry: Entry | None
    passed: tuple[Passed, ...]
    hops: tuple[Hop, ...]
    status: int | None
    reason: str
    undecided: tuple[str, ...]
    layer: Layer = Layer.HTTP
    sidecar: Sidecar | None = None
    waypoint: Waypoint | None = None

    @property
    def is_closed(self) -> bool:
        """Whether the connection is closed without an answer."""
        return self.status == CLOSED
