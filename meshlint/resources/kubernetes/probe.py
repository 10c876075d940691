"""How the kubelet asks a container whether it is well."""

from __future__ import annotations

from meshlint.documents import Field, Text
from meshlint.resources.view import filled_or, mapping_at, number_or_name
from meshlint.resources.view_class import view

PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
HANDLERS = ("httpGet", "tcpSocket", "grpc", "exec")


@view
class Probe:
    """A probe with its handler. Only an `httpGet` has a path and a scheme that mean something."""

    field: Field
    handler: str
    """Which of `HANDLERS` is used; empty if none is written."""
    port: int | Text | None
    """Number, or the name of one of the container's own ports; None for `exec`."""
    path: Text
    scheme: Text


def probes(container: Field) -> tuple[Probe, ...]:
    """The probes of a container, in the order of `PROBES`; the key is the last step of a probe's place."""
    return tuple(_probe(container / key) for key in PROBES if mapping_at(container, key))


def _probe(field: Field) -> Probe:
    handler = next((name for name in HANDLERS if mapping_at(field, name)), "")
    inner = field / handler
    return Probe(
        field=field,
        handler=handler,
        port=number_or_name(inner, "port"),
        path=filled_or(inner, "path", "/"),
        scheme=filled_or(inner, "scheme", "HTTP"),
    )
