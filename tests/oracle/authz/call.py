"""One request or connection, as both sides are asked about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen


@frozen
class Call:
    """Who calls, whom, and with what; over TCP there is no method, path, header or token.

    `identity` is a SPIFFE identity without its scheme. `headers` stand in the order in which they are sent.
    """

    identity: str | None = None
    source_ip: str = "127.0.0.1"
    remote_ip: str = "127.0.0.1"
    destination_ip: str = "10.0.0.1"
    destination_port: int = 8080
    sni: str | None = None
    host: str = "httpbin"
    method: str = "GET"
    path: str = "/"
    headers: tuple[tuple[str, str], ...] = ()
    claims: Mapping[str, Any] | None = None
    metadata: Mapping[str, Mapping[str, Any]] = {}

    @property
    def wire(self) -> tuple[Any, ...]:
        """What has to be the same for calls on one connection."""
        return self.identity, self.source_ip, self.destination_ip, self.destination_port, self.sni
