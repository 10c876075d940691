"""What a project answers to one request: names, ports, meshes, and what is left open."""

from __future__ import annotations

from typing import Any

import pytest

from meshlint.api import AccessDecision, AccessRequest, Project, UsageError, Verdict, read_texts
from meshlint.security.membership.presence import Dataplane
from meshlint.security.transport.calls import Transport
from tests.security.istio_worlds import namespace, security, service, workload

ALLOW_CLIENT = """{action: ALLOW, rules: [{
  from: [{source: {principals: [cluster.local/ns/in/sa/client]}}],
  to: [{operation: {methods: [GET], paths: [/items/*]}}]}]}"""
BASE = (
    namespace("in", "istio-injection: enabled"),
    namespace("out"),
    workload("client", "in"),
    workload("server", "in"),
    service("server", "in", port=80, target=8080),
    workload("stranger", "out"),
)
LINKERD = """
apiVersion: v1
kind: Namespace
metadata: {name: mesh, annotations: {linkerd.io/inject: enabled}}
---
apiVersion: policy.linkerd.io/v1beta3
kind: Server
metadata: {name: web, namespace: mesh}
spec: {podSelector: {matchLabels: {app: web}}, port: 8080, proxyProtocol: HTTP/1}
---
apiVersion: policy.linkerd.io/v1alpha1
kind: AuthorizationPolicy
metadata: {name: web, namespace: mesh}
spec:
  targetRef: {group: policy.linkerd.io, kind: Server, name: web}
  requiredAuthenticationRefs: [{kind: ServiceAccount, name: caller}]
"""


def project(*documents: str) -> Project:
    return read_texts({"mesh.yaml": "---\n".join(documents)})


def istio(*more: str) -> Project:
    return project(*BASE, security("AuthorizationPolicy", "p", "in", ALLOW_CLIENT), *more)


def linkerd() -> Project:
    people = [workload(name, "mesh") for name in ("web", "caller", "other")]
    return project(LINKERD, *people, service("web", "mesh"), namespace("out"), workload("stranger", "out"))


def asked(world: Project, destination: str = "in/server", **parts: Any) -> AccessDecision:
    return world.access(AccessRequest(destination, **parts))


GET: dict[str, Any] = {"method": "GET", "path": "/items/1", "host": "server"}


def test_a_workload_is_let_in_by_a_rule_and_the_rule_is_named_with_its_place() -> None:
    answer = asked(istio(), port=80, source="client", **GET)
    assert (answer.verdict, answer.transport, answer.is_allowed) == (
        Verdict.ALLOW,
        Transport.MUTUAL_TLS,
        True,
    )
    assert (answer.identity, answer.dataplane) == ("cluster.local/ns/in/sa/client", Dataplane.ISTIO_SIDECAR)
    (decider,) = answer.deciding
    assert decider.label == "AuthorizationPolicy in/p, rule 1"
    lines = istio().texts["mesh.yaml"].content.splitlines()
    line = next(number for number, text in enumerate(lines, 1) if "rules: [{" in text)
    assert (decider.file, decider.line) == ("mesh.yaml", line)
    assert decider.place == f"mesh.yaml:{line}:{decider.column}"


def test_who_is_not_admitted_is_denied_and_told_by_which_policy() -> None:
    answer = asked(istio(), port=80, source="stranger", **GET)
    assert (answer.verdict, answer.transport, answer.identity) == (Verdict.DENY, Transport.PLAINTEXT, None)
    assert [one.name for one in answer.deciding] == ["AuthorizationPolicy in/p"]


@pytest.mark.parametrize("port", [80, 8080, "http"])
def test_ports_of_the_service_and_of_the_container_lead_to_the_same_place(port: int | str) -> None:
    answer = asked(istio(), port=port, source="client", **GET)
    assert (answer.port, answer.is_allowed) == (8080, True)


@pytest.mark.parametrize("name", ["server", "in/server", "server.in", "server.in.svc.cluster.local"])
def test_a_destination_has_many_names(name: str) -> None:
    assert asked(istio(), name, source="client", **GET).is_allowed


def test_a_principal_may_call_from_anywhere() -> None:
    known = "cluster.local/ns/in/sa/client"
    assert asked(istio(), principal=known, **GET).is_allowed
    assert asked(istio(), principal=f"spiffe://{known}", **GET).is_allowed
    assert asked(istio(), principal="cluster.local/ns/in/sa/other", **GET).is_denied
    assert asked(istio(), **GET).is_denied


def test_a_namespace_is_all_of_its_workloads() -> None:
    answer = asked(istio(), namespace="in", **GET)
    assert (answer.verdict, len(answer.parts)) == (Verdict.DEPENDS, 2)
    assert "which of the workloads calls" in answer.depends_on
    assert asked(istio(), namespace="out", **GET).is_denied


@pytest.mark.parametrize(
    ("source", "verdict"),
    [
        ("{namespaces: [far]}", Verdict.ALLOW),
        ("{namespaces: ['f*']}", Verdict.ALLOW),
        ("{principals: ['*']}", Verdict.ALLOW),
        ("{notNamespaces: [far]}", Verdict.DENY),
        ("{namespaces: [farther]}", Verdict.DENY),
        ("{principals: [cluster.local/ns/far/sa/a]}", Verdict.DEPENDS),
    ],
)
def test_a_namespace_that_is_not_in_the_files_is_all_of_its_accounts(source: str, verdict: Verdict) -> None:
    rule = f"{{rules: [{{from: [{{source: {source}}}]}}]}}"
    answer = asked(project(*BASE, security("AuthorizationPolicy", "p", "in", rule)), namespace="far", **GET)
    assert answer.verdict is verdict
    assert answer.depends_on == (("the service account",) if verdict is Verdict.DEPENDS else ())


def test_a_namespace_of_linkerd_is_all_of_its_accounts() -> None:
    assert asked(linkerd(), "mesh/web", namespace="far", **GET).is_denied
    ref = "{kind: ServiceAccount, name: caller}"
    policies = LINKERD.replace(ref, ref.replace("caller}", "caller, namespace: far}"))
    world = project(policies, workload("web", "mesh"))
    assert asked(world, "mesh/web", namespace="far", port=8080, **GET).verdict is Verdict.DEPENDS


def test_what_a_request_must_have_is_left_open_where_it_is_not_given() -> None:
    answer = asked(istio(), source="client")
    assert (answer.verdict, answer.depends_on) == (Verdict.DEPENDS, ("method", "path"))
    assert asked(istio(), source="client", method="POST").is_denied
    assert asked(istio(), source="client", method="GET").depends_on == ("path",)


def test_headers_are_absent_unless_they_are_left_open() -> None:
    rule = "{rules: [{when: [{key: 'request.headers[x-a]', values: ['1']}]}]}"
    world = project(*BASE, security("AuthorizationPolicy", "p", "in", rule))
    assert asked(world, source="client", **GET).is_denied
    assert asked(world, source="client", headers={"X-A": ["0", "1"]}, **GET).is_allowed
    left_open = frozenset({"headers"})
    assert asked(world, source="client", left_open=left_open, **GET).depends_on == ("headers",)
    assert asked(world, source="client", left_open=left_open, headers={"x-a": "1"}, **GET).is_allowed
    assert asked(world, source="client", left_open=left_open, headers={"x-a": "0"}, **GET).is_denied


def test_a_pseudo_header_is_left_open_with_the_part_that_it_stands_for() -> None:
    rule = "{rules: [{when: [{key: 'request.headers[:method]', values: [GET]}]}]}"
    world = project(*BASE, security("AuthorizationPolicy", "p", "in", rule))
    assert asked(world, source="client", path="/").depends_on == ("method",)


def test_plaintext_to_a_strict_server_is_broken_and_names_the_policy() -> None:
    strict = security("PeerAuthentication", "strict", "in", "{mtls: {mode: STRICT}}")
    answer = asked(istio(strict), source="stranger", **GET)
    assert (answer.verdict, answer.transport) == (Verdict.DENY, Transport.BROKEN)
    assert [one.name for one in answer.deciding] == ["PeerAuthentication in/strict"]


def test_workloads_behind_one_service_that_differ_make_it_depend() -> None:
    second = workload("server", "in", label="version: v2").replace(
        "name: server, namespace", "name: v2, namespace"
    )
    spec = "{selector: {matchLabels: {version: v2}}, action: DENY, rules: [{}]}"
    world = istio(second, security("AuthorizationPolicy", "never", "in", spec))
    answer = asked(world, port=80, source="client", **GET)
    assert [part.verdict for part in answer.parts] == [Verdict.ALLOW, Verdict.DENY]
    assert (answer.verdict, answer.depends_on) == (Verdict.DEPENDS, ("which of the workloads answers",))
    assert [one.label for one in answer.deciding] == ["AuthorizationPolicy in/never, rule 1"]


def test_a_namespace_that_is_not_in_the_files_leaves_the_proxy_open() -> None:
    world = project(workload("a", "unseen"), workload("b", "unseen"), service("b", "unseen"))
    answer = asked(world, "b", source="a", **GET)
    assert (answer.verdict, answer.dataplane) == (Verdict.DEPENDS, None)
    assert answer.depends_on


def test_nothing_guards_a_server_without_a_proxy() -> None:
    answer = asked(istio(), "stranger", port=8080, source="client", **GET)
    assert (answer.verdict, answer.dataplane, answer.transport) == (Verdict.ALLOW, None, Transport.PLAINTEXT)


def test_linkerd_answers_for_its_own() -> None:
    answer = asked(linkerd(), "mesh/web", port=80, source="caller", **GET)
    assert (answer.verdict, answer.transport) == (Verdict.ALLOW, Transport.MUTUAL_TLS)
    assert (answer.dataplane, answer.deciding[0].name) == (Dataplane.LINKERD, "AuthorizationPolicy mesh/web")
    denied = asked(linkerd(), "mesh/web", port=80, source="other", **GET)
    assert denied.is_denied
    assert "Server mesh/web" in [one.name for one in denied.deciding]


def test_linkerd_sees_no_identity_of_those_outside() -> None:
    answer = asked(linkerd(), "mesh/web", source="stranger", **GET)
    assert (answer.verdict, answer.transport, answer.identity) == (Verdict.DENY, Transport.PLAINTEXT, None)
    identity = "caller.mesh.serviceaccount.identity.linkerd.cluster.local"
    assert asked(linkerd(), "mesh/web", principal=identity, **GET).is_allowed


def test_linkerd_decides_on_any_request_where_all_fare_alike() -> None:
    assert asked(linkerd(), "mesh/web", source="caller").is_allowed
    assert asked(linkerd(), "mesh/web", source="other").is_denied


def test_names_and_ports_that_do_not_exist_are_mistakes() -> None:
    with pytest.raises(UsageError, match=r'"in/servr" is no workload or Service.*Did you mean "in/server"'):
        asked(istio(), "in/servr")
    with pytest.raises(UsageError, match=r'"clint" is no workload.*Did you mean "client"'):
        asked(istio(), source="clint")
    with pytest.raises(UsageError, match=r'in/server has no port "grpc".*Known are 80'):
        asked(istio(), port="grpc")


def test_a_name_in_several_namespaces_has_to_say_which() -> None:
    with pytest.raises(UsageError, match=r'"server" is in several namespaces.*in/server, out/server'):
        asked(istio(workload("server", "out")), "server")


def test_the_port_may_be_left_out_only_where_there_is_one() -> None:
    other = service("server", "in", port=81).replace("name: server", "name: second", 1)
    assert asked(istio(other), source="client", **GET).is_allowed
    two = service("server", "in").replace("ports: [", "ports: [{name: tcp, port: 9090}, ")
    world = project(*(one for one in BASE if "kind: Service" not in one), two)
    with pytest.raises(UsageError, match=r"several ports.*80, 9090"):
        asked(world, source="client", **GET)


def test_a_caller_is_one_thing_and_parts_have_names() -> None:
    with pytest.raises(UsageError, match="not several of them"):
        asked(istio(), source="client", principal="x")
    with pytest.raises(UsageError, match='"verb" is no part of a request'):
        asked(istio(), left_open=frozenset({"verb"}))


def test_a_service_without_workloads_in_view_is_said_to_be_one() -> None:
    with pytest.raises(UsageError, match="no workload behind the Service in/ghost"):
        asked(istio(service("ghost", "in")), "ghost")


@pytest.mark.parametrize("metadata", ["{name: x}", "[]", "7"])
def test_odd_manifests_do_no_harm(metadata: str) -> None:
    odd = f"apiVersion: v1\nkind: Service\nmetadata: {metadata}\nspec: {{selector: [a], ports: {{a: b}}}}\n"
    assert asked(istio(odd), port=80, source="client", **GET).is_allowed
