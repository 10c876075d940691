"""Chains of calls as `meshlint access --through` tells them."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from meshlint.api import AccessQuestion, AccessRequest, UsageError, read_texts
from meshlint.api.overviews.matrix import answered
from meshlint.reports import ReportOptions
from meshlint.reports.access.answer import AccessAnswer
from meshlint.reports.access.report import write_access
from tests.access.test_matrix import LEFT_OPEN
from tests.e2e.running import Done, meshlint, write
from tests.security.istio_worlds import namespace, security, service, workload
from tests.shared import PROJECT

SCHEMA = json.loads((PROJECT / "schemas" / "access.json").read_text(encoding="utf-8"))
IN = namespace("in", "istio-injection: enabled")
STRICT = security("PeerAuthentication", "default", "in", "{mtls: {mode: STRICT}}")


def caller(name: str, *called: str) -> str:
    env = ", ".join(f"{{name: U{at}, value: 'http://{one}:80'}}" for at, one in enumerate(called))
    text = workload(name, "in")
    return text.replace(f"image: {name}", f"image: {name}, env: [{env}]") + "---\n" + service(name, "in")


def guard(name: str, *accounts: str) -> str:
    rules = ", ".join(
        f"{{from: [{{source: {{principals: [cluster.local/ns/in/sa/{one}]}}}}]}}" for one in accounts
    )
    return security(
        "AuthorizationPolicy", name, "in", f"{{selector: {{matchLabels: {{app: {name}}}}}, rules: [{rules}]}}"
    )


def public(text: str, kind: str = "NodePort") -> str:
    assert "kind: Service\n" in text
    before, _, after = text.rpartition("spec: {")
    return f"{before}spec: {{type: {kind}, {after}"


EDGE = """
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge, namespace: in}
spec: {selector: {istio: ingress}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}
"""
ENTERS = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: enters, namespace: in}
spec: {hosts: ["shop.example.com"], gateways: [edge], http: [{route: [{destination: {host: web}}]}]}
"""
INGRESS = """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop, namespace: in}
spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
"""
KUBERNETES = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: kube, namespace: in}
spec: {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: kube, namespace: in}
spec: {parentRefs: [{name: kube}], rules: [{backendRefs: [{name: web, port: 80}]}]}
"""
CHAIN = (IN, STRICT, caller("web", "cart"), caller("cart", "db"), caller("db"), guard("db", "cart"))


def ask(*documents: str, to: str = "db", source: str | None = None, any_call: bool = False) -> AccessAnswer:
    project = read_texts({"mesh.yaml": "---\n".join(documents)})
    request = AccessRequest("", left_open=LEFT_OPEN)
    return answered(project, AccessQuestion(to, source, request, through=True, any_call=any_call))


def chains(answer: AccessAnswer) -> list[tuple[str, ...]]:
    found = answer.chains or ()
    return [(one.hops[0].client, *(hop.server for hop in one.hops), one.word) for one in found]


def text(answer: AccessAnswer, *, why: bool = False) -> list[str]:
    return list(write_access(answer, "text", ReportOptions(width=120), why=why))


def test_strict_mutual_tls_keeps_the_outside_from_every_start() -> None:
    answer = ask(*CHAIN)
    assert chains(answer) == []
    assert text(answer) == ["No chain of calls leads from outside to db."]


@pytest.mark.parametrize("entering", [(EDGE, ENTERS), (KUBERNETES,)], ids=["istio", "gateway api"])
def test_gateways_let_in_and_routes_lead_on(entering: tuple[str, ...]) -> None:
    name = "edge" if EDGE in entering else "kube"
    assert chains(ask(*CHAIN, *entering)) == [
        ("outside", f"gateway/in/{name}", "in/web", "in/cart", "in/db", "allowed")
    ]


def test_gateways_for_the_way_out_are_no_way_in() -> None:
    assert chains(ask(*CHAIN, EDGE.replace("istio: ingress", "istio: egressgateway"), ENTERS)) == []


@pytest.mark.parametrize("kind", ["NodePort", "LoadBalancer"])
def test_public_services_let_in_what_their_pods_do(kind: str) -> None:
    opened = (IN, caller("web", "db"), caller("db"), guard("db", "web"))
    at = (opened[0], public(opened[1], kind), *opened[2:])
    answer = ask(*at)
    assert chains(answer) == [("outside", "in/web", "in/db", "allowed")]
    assert answer.chains is not None
    assert answer.chains[0].hops[0].by == f"{kind} Service in/web"
    assert chains(ask(STRICT, *at)) == []


def test_an_ingress_is_a_caller_of_whom_no_identity_is_known() -> None:
    answer = ask(*CHAIN, INGRESS, security("AuthorizationPolicy", "none", "in", "{}"))
    assert chains(answer) == []
    found = ask(*CHAIN, INGRESS)
    assert [(one[:-1]) for one in chains(found)] == [("outside", "in/web", "in/cart", "in/db")]
    assert found.chains is not None
    assert found.chains[0].hops[0].by == "Ingress in/shop"


def test_what_asks_for_no_proxy_is_open_as_it_is() -> None:
    assert chains(ask(IN, caller("web", "db"), caller("db"))) == [
        ("outside", "in/db", "allowed"),
        ("outside", "in/web", "in/db", "allowed"),
    ]


def test_a_denied_call_breaks_the_chain() -> None:
    assert chains(ask(*CHAIN, guard("cart", "job"), EDGE, ENTERS)) == []


def test_any_call_counts_if_that_is_asked() -> None:
    loose = (IN, STRICT, caller("web"), caller("db"), EDGE, ENTERS)
    assert chains(ask(*loose)) == []
    assert chains(ask(*loose, any_call=True)) == [
        ("outside", "gateway/in/edge", "in/web", "in/db", "allowed")
    ]


def test_chains_may_start_at_a_workload() -> None:
    answer = ask(*CHAIN, source="web")
    assert chains(answer) == [("in/web", "in/cart", "in/db", "allowed")]
    assert answer.verdict is not None
    assert answer.verdict.value == "allow"
    nobody = ask(*CHAIN, source="db", to="web")
    assert chains(nobody) == []
    assert nobody.verdict is not None
    assert nobody.verdict.value == "deny"


def test_a_principal_starts_no_chain() -> None:
    with pytest.raises(UsageError, match="start of no chain"):
        ask(*CHAIN, source="cluster.local/ns/in/sa/web")


def test_a_chain_is_as_sure_as_its_weakest_call() -> None:
    paths = security(
        "AuthorizationPolicy",
        "cart",
        "in",
        "{selector: {matchLabels: {app: cart}}, rules: [{to: [{operation: {paths: [/a]}}]}]}",
    )
    answer = ask(*CHAIN, paths, EDGE, ENTERS)
    assert [one[-1] for one in chains(answer)] == ["in part"]
    answer = ask(*CHAIN, paths, source="web")
    assert answer.verdict is not None
    assert answer.verdict.value == "depends"


def test_rings_on_the_way_are_named() -> None:
    answer = ask(IN, STRICT, caller("web", "cart"), caller("cart", "web", "db"), caller("db"), EDGE, ENTERS)
    assert answer.notes == ("These call each other in a ring: in/cart -> in/web -> in/cart.",)


def test_at_most_ten_chains_are_told() -> None:
    many = [caller(f"w{number}", "db") for number in range(12)]
    answer = ask(IN, caller("db"), *many)
    assert len(chains(answer)) == 10
    assert any("more chains" in note for note in answer.notes)


def test_rows_and_reasons_for_people() -> None:
    lines = text(ask(*CHAIN, EDGE, ENTERS), why=True)
    assert lines[0].split() == ["CHAIN", "FROM", "TO", "PORT", "TRANSPORT", "ACCESS", "DECIDED", "BY"]
    assert lines[1].split() == ["1", "allowed", "outside", "gateway/in/edge", "allowed", "a", "gateway"]
    assert "    named by a route" in lines
    assert any(line.startswith("    named by a call of in/cart (mesh.yaml:") for line in lines)
    last = next(line for line in lines if line.split()[:2] == ["in/cart", "in/db"])
    assert last.endswith("AuthorizationPolicy in/db, rule 1")


def test_the_data_keep_to_the_schema() -> None:
    project = [IN, STRICT, *CHAIN[2:], EDGE, ENTERS]
    data = json.loads("\n".join(write_access(ask(*project), "json", ReportOptions())))
    jsonschema.Draft202012Validator(SCHEMA).validate(data)
    (chain,) = data["chains"]
    assert chain["access"] == "allowed"
    assert [hop["server"] for hop in chain["hops"]] == ["gateway/in/edge", "in/web", "in/cart", "in/db"]
    assert chain["hops"][0]["decision"] is None
    assert chain["hops"][-1]["decision"]["verdict"] == "allow"
    assert chain["hops"][-1]["file"] == "mesh.yaml"


def test_a_refused_object_that_would_break_a_chain_is_named() -> None:
    refused = guard("cart", "job").replace("rules: [", "action: NO, rules: [")
    answer = ask(*CHAIN, refused, EDGE, ENTERS)
    assert any("is refused" in note for note in answer.notes), answer.notes


def access(*arguments: str, at: Path) -> Done:
    return meshlint("access", *arguments, at=at)


def test_the_command_asks_and_answers_by_its_exit_code(tmp_path: Path) -> None:
    shop = write(tmp_path, mesh="---\n".join((*CHAIN, EDGE, ENTERS)))
    assert access("--to", "db", "--through", at=shop).code == 0
    assert access("--from", "outside", "--to", "db", "--through", at=shop).code == 0
    assert access("--from", "db", "--to", "web", "--through", at=shop).code == 1
    assert access("--through", at=shop).code == 2
    assert access("--to", "db", "--any", at=shop).code == 2
    data = json.loads(access("--to", "db", "--through", "--any", "--format", "json", at=shop).out)
    assert data["chains"][0]["hops"][0]["client"] == "outside"
