"""Protocols of ports, as Istio reads them (Istio: pkg/config/protocol)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.admission.istio.vocabulary.said import Said, Scene
from meshlint.admission.istio.vocabulary.values import text
from meshlint.resources.schema.words.writing import quoted

HTTP: Final = frozenset({"http", "http2", "http_proxy", "grpc", "grpc-web"})
TLS: Final = frozenset({"https", "tls"})
TCP: Final = frozenset({"tcp", "https", "tls", "mongo", "redis", "mysql"})
KNOWN: Final = HTTP | TCP | {"udp"}


def protocol_of(port: Any) -> str:
    """The protocol of a port, in the letters that the sets here use."""
    return text(port, "protocol").lower()


def protocol(value: Any, _: Scene) -> Iterator[Said]:
    """A protocol that Istio knows; an empty one is found out from the traffic."""
    if isinstance(value, str) and value and value.lower() not in KNOWN:
        words = f"names the protocol {quoted(value)}, which Istio does not know"
        hint = "It is HTTP, HTTP2, GRPC, GRPC-WEB, HTTPS, TLS, TCP, MONGO, MYSQL or REDIS."
        yield Said(Mistake.UNKNOWN_VALUE, words, hint=hint)
