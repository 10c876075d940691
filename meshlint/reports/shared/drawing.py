"""The mesh as few things and arrows, for a picture that people read."""

from __future__ import annotations

from meshlint.values import frozen


@frozen(order=True)
class Thing:
    """A workload, a gateway, or a service or host that no workload in the files stands behind.

    `id` is unique, and for an object its kind, namespace and name with slashes between them.
    """

    namespace: str
    name: str
    kind: str
    id: str
    mesh: str = ""


@frozen(order=True)
class Arrow:
    """Requests from one thing to another: `way` is a word of `soundness`, `words` say how they travel."""

    source: str
    target: str
    way: str
    words: str = ""


@frozen
class Drawing:
    """What is drawn, in an order that depends on names alone."""

    things: tuple[Thing, ...] = ()
    arrows: tuple[Arrow, ...] = ()
