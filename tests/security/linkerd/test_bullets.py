"""What the proxy's own ports, limits and what routes carry along make of a verdict, and how it is told."""

from __future__ import annotations

import pytest

from tests.security.linkerd import test_authorizations, test_ports, test_routes
from tests.security.linkerd.worlds import (
    POLICY,
    Case,
    http_route,
    identity,
    linkerd,
    made,
    policy,
    server,
    tls,
)

DENY = linkerd(default_inbound_policy="deny")
WEB = (tls(identity("web")), policy("tls/web"))


def limit(spec: str) -> str:
    meta = "metadata: {name: l, namespace: shop}"
    target = f"targetRef: {{group: {POLICY}, kind: Server, name: cart}}"
    kind = "HTTPLocalRateLimitPolicy"
    return f"{{apiVersion: {POLICY}/v1alpha1, kind: {kind}, {meta}, spec: {{{target}, {spec}}}}}"


OWN_PORT = [
    Case(
        "the proxy answers its own probes", (), "allow", who="", send="GET /ready", port=4191, settings=DENY
    ),
    Case("and those for life", (), "allow", who="", send="GET /live", port=4191, settings=DENY),
    Case("nothing else there", (), "deny", who="", send="GET /metrics", port=4191, settings=DENY),
    Case("also with a Server", (server(4191),), "allow", who="", send="GET /ready", port=4191),
]
LIMITS = [
    Case("a limit opens nothing", (server(), limit("total: {requestsPerSecond: 10}")), "deny"),
    Case("a limit closes nothing", (server(), *WEB, limit("total: {requestsPerSecond: 1}")), "allow"),
    Case(
        "nor does one by identity",
        (server(), *WEB, limit("identity: {requestsPerSecond: 1}")),
        "deny",
        who="api",
    ),
    Case(
        "an account with a limit of its own is not let in by it",
        (
            server(),
            *WEB,
            limit(
                "overrides: [{requestsPerSecond: 9, clientRefs: [{kind: ServiceAccount, name: api}]}], "
                "identity: {requestsPerSecond: 1}"
            ),
        ),
        "deny",
        who="api",
    ),
    Case(
        "opaque bytes know no limit", (server(protocol="opaque"), *WEB, limit("total: {}")), "allow", send=""
    ),
]
CARRIED = [
    Case(
        "backends of a route to a Server mean nothing",
        (server(), *WEB, http_route("{backendRefs: [{name: other, port: 80}]}")),
        "allow",
    ),
    Case(
        "nor do its timeouts",
        (server(), *WEB, http_route("{timeouts: {request: 1s}}")),
        "allow",
    ),
]


@pytest.mark.parametrize("case", [*OWN_PORT, *LIMITS, *CARRIED], ids=str)
def test_verdict(case: Case) -> None:
    assert made(case).verdict.value == case.verdict


def test_there_are_enough_cases() -> None:
    named = {
        (module.__name__, case.title)
        for module in (test_authorizations, test_ports, test_routes)
        for value in vars(module).values()
        if isinstance(value, list | tuple)
        for case in value
        if isinstance(case, Case)
    }
    assert len(named) >= 150
