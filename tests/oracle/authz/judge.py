"""What a real Envoy says of calls to policies."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from tests.oracle.authz.bootstrap import NORMALIZATIONS, bootstrap
from tests.oracle.authz.call import Call
from tests.oracle.authz.rbac import Config, Place, filters
from tests.oracle.authz.wire import http_answers, tcp_passes
from tests.oracle.envoy import free_ports, started

PASSED, FORBIDDEN = 200, 403
DEFAULT_PLACE = Place()


def _has_addresses() -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.1.2", 0))
        except OSError:
            return False
    return True


needs_addresses = pytest.mark.skipif(
    not _has_addresses(), reason="only 127.0.0.1 is an address of this machine, so callers cannot differ"
)


@frozen
class Case:
    """Policies, the proxy that they may attach to, and calls to it.

    `provider_allows` is what the external provider of CUSTOM policies answers.
    """

    policies: tuple[Mapping[str, Any], ...]
    calls: tuple[Call, ...]
    tcp: bool = False
    place: Place = DEFAULT_PLACE
    normalization: str = "BASE"
    provider_allows: bool = False

    def filters(self) -> dict[str, Config]:
        """The RBAC filters of the proxy; none for CUSTOM where the provider lets everything pass."""
        found = filters(self.policies, self.place, tcp=self.tcp)
        if self.provider_allows:
            found.pop("CUSTOM", None)
        return found


def verdicts(cases: Sequence[Case], directory: Path) -> list[list[int]]:
    """The status that each call of each case gets; over TCP, `PASSED` or `FORBIDDEN`."""
    http: dict[str, list[tuple[str, dict[str, Config]]]] = {}
    for number, case in enumerate(cases):
        if not case.tcp:
            http.setdefault(case.normalization, []).append((str(number), case.filters()))
    tcp = [number for number, case in enumerate(cases) if case.tcp]
    ports = free_ports(len(NORMALIZATIONS) + len(tcp))
    settings = bootstrap(http, [cases[number].filters() for number in tcp], ports)
    port_of = dict(zip(tcp, ports[len(NORMALIZATIONS) :], strict=True))
    with started(settings, ports[:1], directory):
        return [
            _tcp_answers(port_of[number], case)
            if case.tcp
            else http_answers(ports[NORMALIZATIONS.index(case.normalization)], str(number), case.calls)
            for number, case in enumerate(cases)
        ]


def _tcp_answers(port: int, case: Case) -> list[int]:
    return [PASSED if tcp_passes(port, call) else FORBIDDEN for call in case.calls]
