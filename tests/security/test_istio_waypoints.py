"""Calls through waypoints: who passes one, which policies stand there, and who the server then sees."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meshlint.mesh import Mesh
from meshlint.security.access.istio.workloads import access
from meshlint.security.ambient.waypoints import attached_at_waypoint
from meshlint.security.istio import Request, Verdict
from tests.security.istio_worlds import mesh_as_written, named, namespace, security, service, workload

ALLOW, DENY, DEPENDS = Verdict.ALLOW, Verdict.DENY, Verdict.DEPENDS
AMBIENT, SIDECARS = "istio.io/dataplane-mode: ambient", "istio-injection: enabled"
WAYPOINT = "istio.io/use-waypoint: wp"
INGRESS = 'istio.io/ingress-use-waypoint: "true"'


def gateway(serves: str = "service", kind: str = "istio-waypoint") -> str:
    return (
        "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n"
        f"metadata: {{name: wp, namespace: in, labels: {{istio.io/waypoint-for: {serves}}}}}\n"
        f"spec: {{gatewayClassName: {kind}, listeners: [{{name: mesh, port: 15008, protocol: HBONE}}]}}\n"
    )


def policy(name: str, rules: str, *, target: str = "", where: str = "in", action: str = "ALLOW") -> str:
    refs = f", targetRefs: [{target}]" if target else ""
    return security("AuthorizationPolicy", name, where, f"{{action: {action}, rules: {rules}{refs}}}")


SERVICE = '{kind: Service, group: "", name: server}'
GATEWAY = "{kind: Gateway, group: gateway.networking.k8s.io, name: wp}"
CLASS = "{kind: GatewayClass, group: gateway.networking.k8s.io, name: istio-waypoint}"
GETS = "[{to: [{operation: {methods: [GET]}}]}]"
PORT_80 = '[{to: [{operation: {ports: ["80"]}}]}]'
PORT_8080 = '[{to: [{operation: {ports: ["8080"]}}]}]'
BY_CLIENT = "[{from: [{source: {principals: [cluster.local/ns/in/sa/client]}}]}]"
BY_WAYPOINT = "[{from: [{source: {principals: [cluster.local/ns/in/sa/wp]}}]}]"
EDGE = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: edge, namespace: side}\n"
    "spec: {selector: {matchLabels: {app: edge}}, template: {metadata: {labels: {app: edge}, "
    "annotations: {inject.istio.io/templates: gateway}}, spec: {serviceAccountName: edge, "
    "containers: [{name: istio-proxy, image: auto}]}}}\n"
)


def world(*more: str, labels: tuple[str, ...] = (AMBIENT, WAYPOINT), waypoint: str = gateway()) -> Mesh:
    return mesh_as_written(
        namespace("in", *labels),
        namespace("side", SIDECARS),
        namespace("out"),
        workload("client", "in"),
        workload("beside", "side"),
        workload("stranger", "out"),
        EDGE,
        workload("server", "in"),
        service("server", "in"),
        waypoint,
        *more,
    )


def called(here: Mesh, client: str, *, direct: bool = False, **parts: Any) -> Verdict:
    request = Request(destination_port=8080, **{"method": "DELETE", "path": "/", **parts})
    target = None if direct else here.services.all[0]
    return access(here, named(here, client), named(here, "server"), request, target).decision.verdict


def test_a_policy_for_the_service_guards_what_ambient_clients_call_by_its_name() -> None:
    here = world(policy("p", GETS, target=SERVICE))
    assert called(here, "client") is DENY
    assert called(here, "client", method="GET") is ALLOW


@pytest.mark.parametrize("client", ["beside", "stranger", "edge"])
def test_sidecars_ingress_gateways_and_strangers_go_past_the_waypoint(client: str) -> None:
    assert called(world(policy("p", GETS, target=SERVICE)), client) is ALLOW


def test_calls_to_a_pod_go_past_a_waypoint_for_services() -> None:
    assert called(world(policy("p", GETS, target=SERVICE)), "client", direct=True) is ALLOW
    assert called(world(policy("p", GETS, target=GATEWAY)), "client", direct=True) is ALLOW


@pytest.mark.parametrize("serves", ["workload", "all"])
def test_calls_to_a_pod_pass_a_waypoint_for_workloads(serves: str) -> None:
    here = world(policy("p", GETS, target=GATEWAY), waypoint=gateway(serves))
    assert called(here, "client", direct=True) is DENY


def test_policies_for_a_service_do_not_guard_calls_to_its_pods() -> None:
    here = world(policy("p", GETS, target=SERVICE), waypoint=gateway("all"))
    assert called(here, "client", direct=True) is ALLOW


def test_ingress_gateways_pass_the_waypoint_where_they_are_told_to() -> None:
    here = world(policy("p", GETS, target=SERVICE), labels=(AMBIENT, WAYPOINT, INGRESS))
    assert called(here, "edge") is DENY
    assert called(here, "edge", method="GET") is ALLOW


@pytest.mark.parametrize(
    ("target", "where", "verdict"),
    [
        (SERVICE, "in", DENY),
        (SERVICE.replace('""', "core"), "in", DENY),
        (GATEWAY, "in", DENY),
        (CLASS, "istio-system", DENY),
        (CLASS, "in", ALLOW),
        (SERVICE, "istio-system", ALLOW),
        (GATEWAY, "out", ALLOW),
        (SERVICE.replace("name: server", "name: server, namespace: in"), "out", ALLOW),
        (SERVICE.replace("server", "other"), "in", ALLOW),
    ],
)
def test_what_attaches_at_the_waypoint(target: str, where: str, verdict: Verdict) -> None:
    assert called(world(policy("p", GETS, target=target, where=where)), "client") is verdict


def test_a_policy_of_the_namespace_means_nothing_to_the_waypoint() -> None:
    here = world(policy("p", "[]", action="DENY"), policy("q", BY_WAYPOINT))
    assert (
        attached_at_waypoint(here.authorization_policies, here.waypoints.all[0], here.services.all[0]) == ()
    )
    assert called(here, "client") is ALLOW


def test_a_service_entry_is_named_by_its_own_kind() -> None:
    entry = (
        "apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: {name: server, namespace: in}\n"
        "spec: {hosts: [out.example.com], ports: [{number: 80, name: http, protocol: HTTP}]}\n"
    )
    ref = "{kind: ServiceEntry, group: networking.istio.io, name: server}"
    here = world(entry, policy("p", GETS, target=ref))
    waypoint, policies = here.waypoints.all[0], here.authorization_policies
    assert [one.name for one in attached_at_waypoint(policies, waypoint, here.service_entries[0])] == ["p"]
    assert attached_at_waypoint(policies, waypoint, here.services.all[0]) == ()
    assert attached_at_waypoint(policies, waypoint, None) == ()


def test_the_port_at_the_waypoint_is_that_of_the_service() -> None:
    assert called(world(policy("p", PORT_80, target=SERVICE)), "client") is ALLOW
    assert called(world(policy("p", PORT_8080, target=SERVICE)), "client") is DENY
    assert (
        called(world(policy("p", PORT_8080, target=GATEWAY), waypoint=gateway("all")), "client", direct=True)
        is ALLOW
    )


def test_the_waypoint_sees_the_client_and_the_server_sees_the_waypoint() -> None:
    assert called(world(policy("p", BY_CLIENT, target=SERVICE)), "client") is ALLOW
    assert called(world(policy("p", BY_CLIENT)), "client") is DENY
    assert called(world(policy("p", BY_WAYPOINT)), "client") is ALLOW
    assert called(world(policy("p", BY_CLIENT)), "client", direct=True) is ALLOW


def test_the_identity_of_the_waypoint_is_told_where_the_server_denies_it() -> None:
    here = world(policy("p", BY_CLIENT))
    request = Request(destination_port=8080)
    found = access(here, named(here, "client"), named(here, "server"), request, here.services.all[0])
    assert (found.identity, found.decision.verdict) == ("cluster.local/ns/in/sa/wp", DENY)
    assert found.waypoint is here.waypoints.all[0]


def test_both_proxies_have_to_let_it_in() -> None:
    deny_client = policy("d", BY_CLIENT, action="DENY")
    assert called(world(policy("p", BY_CLIENT, target=SERVICE), deny_client), "client") is ALLOW
    deny_waypoint = policy("d", BY_WAYPOINT, action="DENY")
    assert called(world(policy("p", BY_CLIENT, target=SERVICE), deny_waypoint), "client") is DENY


@pytest.mark.parametrize(
    ("labels", "more"),
    [
        ((AMBIENT,), ()),
        ((AMBIENT, "istio.io/use-waypoint: none"), ()),
        ((AMBIENT, "istio.io/use-waypoint: wpp"), ()),
    ],
)
def test_without_its_waypoint_a_service_is_open(labels: tuple[str, ...], more: tuple[str, ...]) -> None:
    assert called(world(policy("p", GETS, target=SERVICE), *more, labels=labels), "client") is ALLOW


def test_a_waypoint_that_is_not_in_the_files_leaves_it_open() -> None:
    here = world(policy("p", GETS, target=SERVICE), waypoint=namespace("empty"))
    assert called(here, "client") is DEPENDS
    assert called(here, "client", method="GET") is ALLOW


def test_an_identity_alone_does_not_tell_whether_it_passes_the_waypoint() -> None:
    here = world(policy("p", GETS, target=SERVICE))
    request = Request(identity="cluster.local/ns/x/sa/y", destination_port=8080, method="DELETE", path="/")
    server, target = named(here, "server"), here.services.all[0]
    assert access(here, None, server, request, target).decision.verdict is DEPENDS
    nobody = Request(destination_port=8080, method="DELETE", path="/")
    assert access(here, None, server, nobody, target).decision.verdict is ALLOW


def test_what_a_foreign_waypoint_does_is_not_known() -> None:
    here = world(policy("p", GETS, target=SERVICE), waypoint=gateway(kind="other"))
    assert called(here, "client", method="GET") is DEPENDS


def test_the_waypoint_itself_calls_pods_directly() -> None:
    label = "gateway.networking.k8s.io/gateway-name: wp"
    here = world(workload("wp", "in", label=label), policy("p", GETS, target=SERVICE))
    assert called(here, "wp") is ALLOW


def test_a_service_that_does_not_lead_there_is_no_way() -> None:
    here = world(policy("p", GETS, target=SERVICE))
    request = Request(destination_port=9090, method="DELETE", path="/")
    found = access(here, named(here, "client"), named(here, "server"), request, here.services.all[0])
    assert found.waypoint is None


def test_calls_to_a_headless_service_are_addressed_to_its_pods() -> None:
    headless = service("server", "in").replace("spec: {", "spec: {clusterIP: None, ")
    for serves, verdict in (("service", ALLOW), ("all", DENY)):
        text = headless.replace("name: server,", "name: bare,")
        here = world(policy("p", GETS, target=GATEWAY), text, waypoint=gateway(serves))
        bare = next(one for one in here.services.all if one.name == "bare")
        request = Request(destination_port=8080, method="DELETE", path="/")
        found = access(here, named(here, "client"), named(here, "server"), request, bare)
        assert found.decision.verdict is verdict


TARGETS = st.sampled_from(["", SERVICE, GATEWAY])
RULES = st.sampled_from(["[]", "[{}]", GETS, PORT_80, PORT_8080, BY_CLIENT, BY_WAYPOINT])
POLICIES = st.lists(st.tuples(st.sampled_from(["ALLOW", "DENY"]), RULES, TARGETS), max_size=4)
CALLERS = st.sampled_from(["client", "beside", "edge", "stranger"])
ORDER = [DENY, DEPENDS, ALLOW]


def written(policies: list[tuple[str, str, str]]) -> list[str]:
    return [
        policy(f"p{place}", rules, target=target, action=action)
        for place, (action, rules, target) in enumerate(policies)
    ]


@settings(max_examples=60, deadline=None)
@given(POLICIES, RULES, TARGETS, CALLERS, st.booleans())
def test_a_deny_policy_on_the_way_never_widens(
    policies: list[tuple[str, str, str]], rules: str, target: str, caller: str, direct: bool
) -> None:
    fewer, more = written(policies), written([*policies, ("DENY", rules, target)])
    before, after = (called(world(*texts), caller, direct=direct) for texts in (fewer, more))
    assert ORDER.index(after) <= ORDER.index(before)


@settings(max_examples=60, deadline=None)
@given(POLICIES, CALLERS, st.booleans())
def test_the_order_of_policies_on_the_way_never_matters(
    policies: list[tuple[str, str, str]], caller: str, direct: bool
) -> None:
    texts = written(policies)
    one, other = world(*texts), world(*reversed(texts))
    assert called(one, caller, direct=direct) is called(other, caller, direct=direct)


@settings(max_examples=60, deadline=None)
@given(POLICIES)
def test_what_passes_the_waypoint_is_what_both_proxies_let_in(policies: list[tuple[str, str, str]]) -> None:
    here = world(*written(policies))
    at_waypoint = world(*written([one for one in policies if one[2]]))
    at_server = world(*written([one for one in policies if not one[2]]), labels=(AMBIENT,))
    server = named(at_server, "server")
    as_waypoint = Request(
        identity="cluster.local/ns/in/sa/wp", destination_port=8080, method="DELETE", path="/"
    )
    behind = access(at_server, None, server, as_waypoint, at_server.services.all[0]).decision.verdict
    both = min(called(at_waypoint, "client"), behind, key=ORDER.index)
    assert called(here, "client") is both
