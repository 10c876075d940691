"""Single calls of a chain: who calls whom, what shows the call, and what is decided on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from meshlint.documents import Field
from meshlint.journeys.entrances import entrances, every_port, is_open_gateway, ports_of
from meshlint.mesh.graph.calls import Call, calls
from meshlint.mesh.graph.graph import Node, NodeKind
from meshlint.mesh.graph.relations import workload_node
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.access import AccessDecision, AccessDesk, AccessRequest, Target
from meshlint.security.access.calling import Caller, workload_caller
from meshlint.values import evolve, frozen

OUTSIDE = Node(NodeKind.EXTERNAL_HOST, "", "outside")
ANYTHING = AccessRequest("", left_open=frozenset({"headers", "claims", "metadata", "sni"}))
"""A request of which nothing is known."""


@frozen(eq=False, repr=False)
class Step:
    """A call that is let in, at least perhaps; `port` is the one that is called.

    `by` says in words what shows the call, and `at` where; empty where any call counts. Of a gateway whose
    pods are not in the files nothing is decided.
    """

    client: Node
    server: Node
    port: int | None = None
    decision: AccessDecision | None = None
    by: str = ""
    at: Field | None = None

    @property
    def doubt(self) -> int:
        """0 where the call is surely let in, 1 where the request decides, 2 where what is unknown does."""
        if self.decision is None or self.decision.is_allowed:
            return 0
        return 1 if self.decision.is_partial else 2


def caller_node(caller: Caller) -> Node:
    """The node of a caller: a workload, or a gateway by its label."""
    if caller.workload is not None:
        return workload_node(caller.workload)
    return Node(NodeKind.GATEWAY, "", caller.label)


@frozen(eq=False, slots=False, repr=False)
class Steps:
    """The steps to the pods of one workload after the other.

    With `any_call` every workload is taken for a caller, whether or not the files name the call. `asked` is
    the request that is sent on the last step, to `last`; of all others nothing is known.
    """

    desk: AccessDesk
    asked: AccessRequest
    last: frozenset[Target]
    any_call: bool = False

    def to(self, server: Workload, *, from_outside: bool) -> Iterator[Step]:
        """The steps to the pods of a workload, those that are denied left out."""
        for client, caller, targets, by, at in self._callers(server, from_outside=from_outside):
            step = self._best(client, server, caller, targets, by, at)
            if step is not None:
                yield step

    def _callers(
        self, server: Workload, *, from_outside: bool
    ) -> Iterator[tuple[Node, Caller, tuple[Target, ...], str, Field | None]]:
        for one in entrances(self.desk, server) if from_outside else ():
            yield OUTSIDE, one.caller, one.targets, one.by, one.at
        for service in self.desk.mesh.services.of(server):
            for caller in self.desk.callers.calling.of(service):
                if caller.workload is not server:
                    yield from self._known(server, service, caller)
        if self.any_call:
            targets = every_port(self.desk, server)
            for workload in self.desk.mesh.workloads.all:
                if workload is not server:
                    yield workload_node(workload), workload_caller(workload), targets, "", None

    def _known(
        self, server: Workload, service: Service, caller: Caller
    ) -> Iterator[tuple[Node, Caller, tuple[Target, ...], str, Field | None]]:
        """The calls of one caller to a Service; those that routes lead there are to any of its ports."""
        targets = ports_of(self.desk, server, service)
        written = self._calls.get((caller.label, service), ())
        for call in written:
            named = tuple(one for one in targets if call.port in (None, one.dialed))
            yield caller_node(caller), caller, named, f"a call of {caller.label}", call.because.field
        if not written:
            yield caller_node(caller), caller, targets, "a route", None

    @cached_property
    def _calls(self) -> dict[tuple[str, Service], tuple[Call, ...]]:
        found: dict[tuple[str, Service], list[Call]] = {}
        for call in calls(self.desk.mesh):
            key = (workload_caller(call.client).label, call.service)
            found.setdefault(key, []).append(call)
        return {key: tuple(held) for key, held in found.items()}

    @cached_property
    def _last(self) -> dict[Workload, frozenset[int]]:
        ends = {one.workload for one in self.last}
        return {end: frozenset(one.port for one in self.last if one.workload is end) for end in ends}

    def _best(
        self,
        client: Node,
        server: Workload,
        caller: Caller,
        targets: Iterable[Target],
        by: str,
        at: Field | None,
    ) -> Step | None:
        """The step to whichever of the ports lets the caller in most surely."""
        found: list[Step] = []
        bare = client == OUTSIDE and at is None
        for target in targets:
            decision = self._decide(caller, target)
            if decision is not None and not decision.is_denied and (decision.is_allowed or not bare):
                port = target.dialed or target.port
                found.append(Step(client, workload_node(server), port, decision, by, at))
        return min(found, key=lambda step: (step.doubt, step.port or 0)) if found else None

    def _decide(self, caller: Caller, target: Target) -> AccessDecision | None:
        """What is decided on a call to one port; None for a port that is not asked about."""
        ports = self._last.get(target.workload)
        if ports is not None and target.port not in ports:
            return None
        destination = target.service or target.workload
        name = f"{destination.namespace}/{destination.name}"
        request = ANYTHING if ports is None else self.asked
        asked = evolve(request, destination=name, port=target.dialed or target.port)
        return self.desk.decide_for(caller, target, asked)


def gateway_step(desk: AccessDesk, gateway: Node) -> Step | None:
    """The way in to a gateway whose pods are not in the files; None if it is not for the public."""
    return Step(OUTSIDE, gateway) if is_open_gateway(desk.mesh, gateway.name) else None
