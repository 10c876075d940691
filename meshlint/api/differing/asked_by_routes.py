"""What routes ask of requests: the demands of the tables that requests of one sender go through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.api.differing.asked_at_ports import HEADER, HOST, METHOD, PATH, QUERY, SNI, Demand
from meshlint.matching import StringSet
from meshlint.traffic.conditions.condition import Condition
from meshlint.traffic.conditions.condition import Demand as HeaderDemand
from meshlint.traffic.ways.way import Way

ADDRESS = "address"
_PSEUDO = {":method": METHOD, ":authority": HOST, ":path": PATH}
_ANYTHING = StringSet.anything()


def demands_on(found: Way) -> Iterator[Demand]:
    """Everything that decides on a way: in its table, and in those of the gateways that it leads through."""
    for entry in found.table.entries if found.table is not None else ():
        yield from _of_condition(entry.condition)
    for hop in found.hops:
        if hop.onward is not None:
            yield from demands_on(hop.onward)


def _of_condition(condition: Condition) -> Iterator[Demand]:
    texts = (
        (PATH, condition.path),
        (METHOD, condition.method),
        (HOST, condition.authority),
        (SNI, condition.server_name),
        *((QUERY + name, held) for name, held in condition.query.items()),
    )
    for name, held in texts:
        if held != _ANYTHING:
            yield name, held, held.describe()
        elif name.startswith(QUERY):
            yield name, held, "anything"
    headers = ((_PSEUDO.get(name, HEADER + name), one) for name, one in condition.headers.items())
    parameters = ((QUERY + name, one) for name, one in condition.parameters.items())
    for name, demand in (*headers, *parameters):
        yield from ((name, held, held.describe()) for held in _sets(demand))
    if condition.destinations is not None:
        yield ADDRESS, condition.destinations, condition.destinations.describe()


def _sets(demand: HeaderDemand) -> Iterable[StringSet]:
    return (*demand.some, demand.none) if demand.none != StringSet.nothing() else demand.some or (_ANYTHING,)
