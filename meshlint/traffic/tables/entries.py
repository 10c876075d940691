"""The entries of a route table: which requests come in, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from fractions import Fraction
from typing import Any

from meshlint.documents import Field
from meshlint.mesh.hosts.registry import Host
from meshlint.resources.gateway_api.route import RouteRule
from meshlint.resources.istio.http_route import HttpRoute
from meshlint.resources.istio.l4_route import L4Route
from meshlint.resources.resource import Resource
from meshlint.traffic.conditions.condition import Condition
from meshlint.traffic.request import Request
from meshlint.values import frozen

CLOSED = 0
"""The status of a connection that is closed without an answer."""


class Layer(Enum):
    """What a proxy sees of the traffic of a port: requests, server names, or bytes alone."""

    HTTP = "http"
    TLS = "tls"
    TCP = "tcp"


@frozen(eq=False, repr=False)
class Target:
    """A destination with its part of the requests, from 0 to 1; `port` is None where none is written.

    `status` is what the share is answered with where it can go nowhere. `known` is the host as the registry
    has it where no route names it.
    """

    field: Field
    host: str
    part: Fraction
    port: int | None = None
    subset: str | None = None
    status: int | None = None
    known: Host | None = None


@frozen(eq=False, repr=False)
class Forward:
    """Requests are shared out; without targets there is nothing that could take them.

    `lost` is what a share is answered with whose destination the proxy does not know.
    """

    targets: tuple[Target, ...]
    lost: int = 503


@frozen(eq=False, repr=False)
class Respond:
    """The proxy answers by itself: a redirect, a fixed response, or an error."""

    field: Field | None
    status: int
    reason: str


Action = Forward | Respond


@frozen(eq=False, repr=False)
class Entry:
    """One line of a route table: a match of a route with what the route does.

    `owner` is the object it is written in, `rule` the route, `match` the entry of its matches if it has any.
    """

    owner: Resource
    rule: Field
    match: Field | None
    condition: Condition
    action: Action
    route: HttpRoute | L4Route | RouteRule[Any] | None = None
    outer: Field | None = None
    """For a delegate's route, the match of the root, which must hold as well."""
    root: HttpRoute | None = None
    """For a delegate's route, the route of the root that hands on to it and fills in what it leaves out."""

    @property
    def at(self) -> Field:
        """The place to point at: the match, or the route where there is none."""
        return self.match if self.match is not None else self.rule


@frozen(eq=False, repr=False)
class RouteTable:
    """The entries for one host in the order in which they are tried.

    `undecided` says what decides where files do not tell, such as the age of two objects.
    `unmatched` is the status of a request that no entry takes, `CLOSED` for connections; None where it goes
    on as if there were no routes. `layer` tells which section of a VirtualService the entries are of.
    Where the request has a say in which entry comes first, `rank` tells: the greatest one wins, and of equals
    the first. `refusal` says why nothing gets through at all; `parent` is the object that routes attach to,
    where it has a say in what is in force for them.
    """

    host: str
    entries: tuple[Entry, ...]
    undecided: tuple[str, ...] = ()
    unmatched: int | None = 404
    layer: Layer = Layer.HTTP
    rank: Callable[[Entry, Request], tuple[int, ...]] | None = None
    refusal: str | None = None
    parent: Resource | None = None

    @property
    def is_certain(self) -> bool:
        """Whether the order follows from the files alone."""
        return not self.undecided


def merged(lists: Iterable[tuple[Entry, ...]]) -> tuple[Entry, ...]:
    """The lists of several VirtualServices on a gateway as one: what takes everything goes to the end."""
    entries = [entry for one in lists for entry in one]
    narrow = [entry for entry in entries if not entry.condition.is_catch_all]
    wide = [entry for entry in entries if entry.condition.is_catch_all]
    return (*narrow, *wide)
