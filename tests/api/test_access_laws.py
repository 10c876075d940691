"""What holds for any policies and any request to a project."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from meshlint.api import AccessDecision, AccessRequest, read_texts
from meshlint.security.access import Target
from meshlint.security.access.admissions import admissions
from meshlint.security.istio_authorization import Request
from meshlint.security.membership import Dataplane
from tests.security.istio_worlds import namespace, security, service, workload
from tests.security.test_istio_access import REQUESTS, SPECS

LABELS = {
    Dataplane.ISTIO_SIDECAR: "istio-injection: enabled",
    Dataplane.ISTIO_AMBIENT: "istio.io/dataplane-mode: ambient",
}
DATAPLANES = st.sampled_from(sorted(LABELS, key=str))
PORT_NAMES = st.sampled_from(["http", "tcp", "plain"])
OPEN = frozenset({"headers", "claims", "metadata", "sni"})
Specs = list[dict[str, Any]]


class World:
    """A server behind one port, guarded by some policies."""

    def __init__(self, specs: Specs, dataplane: Dataplane, port: str) -> None:
        policies = [
            security("AuthorizationPolicy", f"p{place}", "in", yaml.safe_dump(spec, default_flow_style=True))
            for place, spec in enumerate(specs)
        ]
        base = (namespace("in", LABELS[dataplane]), workload("server", "in"), service("server", "in", port))
        self.project = read_texts({"mesh.yaml": "---\n".join([*base, *policies])})

    def ask(self, request: Request, **more: Any) -> AccessDecision:
        return self.project.access(
            AccessRequest(
                "server",
                port=80,
                principal=request.identity,
                source_ip=request.source_ip,
                host=request.host,
                method=request.method,
                path=request.path,
                headers=request.headers,
                **more,
            )
        )


@settings(max_examples=60, deadline=None)
@given(st.lists(SPECS, max_size=3), SPECS, REQUESTS, DATAPLANES, PORT_NAMES)
def test_adding_a_deny_policy_never_widens(
    specs: Specs, spec: dict[str, Any], request: Request, dataplane: Dataplane, port: str
) -> None:
    more = World([*specs, {**spec, "action": "DENY"}], dataplane, port).ask(request)
    assert not (more.is_allowed and not World(specs, dataplane, port).ask(request).is_allowed)


@settings(max_examples=60, deadline=None)
@given(st.lists(SPECS, max_size=2), SPECS, SPECS, REQUESTS, DATAPLANES, PORT_NAMES)
def test_adding_an_allow_policy_beside_another_never_narrows(
    specs: Specs, one: dict[str, Any], two: dict[str, Any], request: Request, dataplane: Dataplane, port: str
) -> None:
    before = [*specs, {**one, "action": "ALLOW"}]
    more = World([*before, {**two, "action": "ALLOW"}], dataplane, port).ask(request)
    assert more.is_allowed or not World(before, dataplane, port).ask(request).is_allowed


@settings(max_examples=60, deadline=None)
@given(SPECS, REQUESTS, DATAPLANES, PORT_NAMES)
def test_the_order_of_rules_and_their_spread_over_policies_change_nothing(
    spec: dict[str, Any], request: Request, dataplane: Dataplane, port: str
) -> None:
    turned = {**spec, "rules": spec["rules"][::-1]}
    split = [{**spec, "rules": [rule]} for rule in spec["rules"]] or [spec]
    expected = World([spec], dataplane, port).ask(request).verdict
    assert World([turned], dataplane, port).ask(request).verdict is expected
    assert World(split, dataplane, port).ask(request).verdict is expected


@settings(max_examples=60, deadline=None)
@given(st.lists(SPECS, max_size=3), REQUESTS, DATAPLANES, st.sampled_from(["http", "tcp"]))
def test_a_request_is_let_in_if_and_only_if_some_admission_holds_it(
    specs: Specs, request: Request, dataplane: Dataplane, port: str
) -> None:
    world = World(specs, dataplane, port)
    decision = world.ask(request)
    target = Target(decision.server, decision.port, world.project.mesh.services.all[0], 80)
    (asked,) = world.project.access_desk.ports(target)
    found = admissions(asked, AccessRequest("server", left_open=OPEN))
    sets = [one.openings for one in found if one.openings is not None]
    seen = Request(
        identity=request.identity,
        source_ip=request.source_ip,
        destination_port=8080,
        host=request.host,
        method=request.method,
        path=request.path,
        headers=request.headers,
    )
    assert any(one.admits(seen) for one in sets) is decision.is_allowed


@settings(max_examples=40, deadline=None)
@given(st.lists(SPECS, max_size=3), REQUESTS, DATAPLANES, PORT_NAMES)
def test_what_is_said_of_all_requests_holds_for_each(
    specs: Specs, request: Request, dataplane: Dataplane, port: str
) -> None:
    world = World(specs, dataplane, port)
    whole = world.project.access(AccessRequest("server", port=80, principal=request.identity, left_open=OPEN))
    if whole.is_allowed or whole.is_denied:
        each = world.ask(request)
        assert each.verdict is whole.verdict or each.reason == "the proxy refuses the path"
