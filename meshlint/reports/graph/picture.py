"""The mesh as a picture: what there is, how it hangs together, and who calls whom how."""

from __future__ import annotations

from typing import Protocol

from meshlint.values import frozen


@frozen(order=True)
class Node:
    """A thing in the picture. `id` is unique in it, `kind` is a word such as `service` or `workload`.

    Of workloads, `mesh` says whose proxy they have, such as `istio sidecar`, or `none`.
    """

    id: str
    kind: str
    name: str
    namespace: str = ""
    mesh: str = ""


@frozen(order=True)
class Link:
    """How one node relates to another, such as `routes to` with the label `90 %`.

    Of calls, `transport` says how they travel, and `access` whether they are let in.
    """

    source: str
    target: str
    relation: str
    label: str = ""
    transport: str = ""
    access: str = ""


@frozen(order=True)
class Call:
    """What can be told of the calls from one service or workload to another.

    Names are `namespace/name`, empty where they are not known. `secured` says in a few words how the calls
    travel, such as `mutual TLS` or `plaintext`, and `detail` what decides it. `access` says whether they are
    let in: `allowed`, `denied`, `in part` where the request decides, or `depends`.
    """

    client: str
    server: str
    port: str = ""
    client_identity: str = ""
    server_identity: str = ""
    secured: str = ""
    detail: str = ""
    access: str = ""


class Drawable(Protocol):
    """Everything that the graph formats draw, each part in an order that depends on names alone.

    A table is of the calls alone, so nobody draws the rest before a format asks for it.
    """

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Everything in view."""

    @property
    def links(self) -> tuple[Link, ...]:
        """How the nodes hang together."""

    @property
    def calls(self) -> tuple[Call, ...]:
        """The calls that are told of."""

    @property
    def rings(self) -> tuple[tuple[str, ...], ...]:
        """Workloads that call each other in a circle, by their ids; the first stands at both ends."""


@frozen
class Picture:
    """What is drawn, as it is."""

    nodes: tuple[Node, ...] = ()
    links: tuple[Link, ...] = ()
    calls: tuple[Call, ...] = ()
    rings: tuple[tuple[str, ...], ...] = ()
