"""Calls through waypoints and past them, against a table that was written from Istio's own sources alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from meshlint.api import AccessRequest, Project, ReadOptions, read_texts

Row = dict[str, Any]
TABLE = yaml.safe_load(Path(__file__).with_name("waypoint_decisions.yaml").read_text())
GATEWAY_GROUP = "gateway.networking.k8s.io"
AMBIENT, SIDECARS = {"istio.io/dataplane-mode": "ambient"}, {"istio-injection": "enabled"}
DATAPLANES = {"ambient": AMBIENT, "sidecar": SIDECARS, "none": {}}
GROUPS = {"Gateway": GATEWAY_GROUP, "GatewayClass": GATEWAY_GROUP, "ServiceEntry": "networking.istio.io"}
ASKED = {"to": "shop/cart", "port": 80, "method": "GET", "path": "/", "host": "cart.shop"}


def rows() -> Iterator[Row]:
    """The rows, each with what its group says and it does not say itself."""
    for group in TABLE["groups"]:
        for row in group["rows"]:
            ask = {**group.get("ask", {}), **row.get("ask", {})}
            whole = {**{key: value for key, value in group.items() if key != "rows"}, **row, "ask": ask}
            yield {**whole, "name": f"{group['say']}: {row['say']}"}


def an_object(version: str, kind: str, name: str, namespace: str | None, **more: Any) -> Row:
    meta = {"name": name, **more.pop("meta", {})}
    if namespace is not None:
        meta["namespace"] = namespace
    return {"apiVersion": version, "kind": kind, "metadata": meta, **more}


def a_namespace(name: str, labels: Row) -> Row:
    return an_object("v1", "Namespace", name, None, meta={"labels": labels})


def a_workload(
    name: str, namespace: str, labels: Row | None = None, *, account: str = "", gateway: bool = False
) -> Row:
    container: Row = {"name": "istio-proxy" if gateway else "c", "image": "auto" if gateway else "c:1"}
    container = {**container, "ports": [{"containerPort": 8080}]}
    meta = {
        "labels": {"app": name, **(labels or {})},
        "annotations": {"inject.istio.io/templates": "gateway"} if gateway else {},
    }
    pod = {"metadata": meta, "spec": {"serviceAccountName": account or name, "containers": [container]}}
    spec = {"selector": {"matchLabels": {"app": name}}, "template": pod}
    return an_object("apps/v1", "Deployment", name, namespace, spec=spec)


def a_service(name: str, port: Row, meta: Row | None = None, **more: str) -> Row:
    spec = {"selector": {"app": "cart"}, "ports": [{**port, "targetPort": 8080}], **more}
    return an_object("v1", "Service", name, "shop", meta=meta or {}, spec=spec)


def a_waypoint(given: Row) -> Row:
    allowed: Row = {"from": given["from"]} if "from" in given else {}
    if "labels" in given:
        allowed["selector"] = {"matchLabels": given["labels"]}
    listener: Row = {"name": "mesh", "port": 15008, "protocol": "HBONE"}
    if allowed:
        listener["allowedRoutes"] = {"namespaces": allowed}
    spec = {"gatewayClassName": given.get("class", "istio-waypoint"), "listeners": [listener]}
    meta = {"labels": {"istio.io/waypoint-for": given["for"]}} if "for" in given else {}
    where = given.get("namespace", "shop")
    return an_object(f"{GATEWAY_GROUP}/v1", "Gateway", given["name"], where, meta=meta, spec=spec)


def a_class(given: Row) -> Row:
    meta = {"labels": {"istio.io/waypoint-for": given["for"]}}
    spec = {"controllerName": given["controller"]}
    return an_object(f"{GATEWAY_GROUP}/v1", "GatewayClass", given["name"], None, meta=meta, spec=spec)


def a_target(words: str) -> Row:
    kind, name = words.split(" ")
    group, _, kind = kind.rpartition("/")
    return {"group": group or GROUPS.get(kind, ""), "kind": kind, "name": name}


def a_policy(number: int, given: Row) -> Row:
    spec: Row = {"action": given["action"], "rules": given["rules"]}
    if "target" in given:
        spec["targetRefs"] = [a_target(words) for words in given["target"].split(" + ")]
    if "old_target" in given:
        spec["targetRef"] = a_target(given["old_target"])
    if "selector" in given:
        spec["selector"] = {"matchLabels": {"app": given["selector"]}} if given["selector"] else {}
    if given["action"] == "CUSTOM":
        spec["provider"] = {"name": "checker"}
    meta = {"annotations": {"istio.io/dry-run": "true"}} if given.get("dry_run") else {}
    return an_object(
        "security.istio.io/v1", "AuthorizationPolicy", f"p{number}", given["in"], meta=meta, spec=spec
    )


def cluster(row: Row) -> Iterator[Row]:
    """The objects of a row's cluster."""
    own = row.get("shop", {"istio.io/use-waypoint": "wp"})
    yield a_namespace("shop", {**DATAPLANES[row.get("dataplane", "ambient")], **own})
    for name, labels in (
        ("web", AMBIENT),
        ("infra", AMBIENT),
        ("side", SIDECARS),
        ("edge", SIDECARS),
        ("out", {}),
    ):
        yield a_namespace(name, labels)
    yield a_workload("cart", "shop", row.get("pods"))
    yield a_workload("front", "web", row.get("front"))
    for name, namespace in (("pay", "shop"), ("peer", "shop"), ("old", "side"), ("raw", "out")):
        yield a_workload(name, namespace)
    yield a_workload("door", "edge", gateway=True)
    if "running" in row:
        label = {"gateway.networking.k8s.io/gateway-name": "wp"}
        yield a_workload(row["running"]["name"], "shop", label, account=row["running"]["account"])
    meta = {"labels": row.get("cart", {}), "annotations": row.get("cart_annotations", {})}
    yield a_service("cart", {"name": "http", "port": 80}, meta)
    yield a_service("ledger", {"name": "tcp", "port": 5432})
    yield a_service("plain", {"name": "some", "port": 90})
    yield a_service("bare", {"name": "http", "port": 80}, clusterIP="None")
    yield from map(a_waypoint, row.get("waypoints", [{"name": "wp"}]))
    yield from map(a_class, row.get("classes", []))
    for number, policy in enumerate(row["policies"]):
        yield a_policy(number, policy)
    if "strict" in row:
        spec = {"mtls": {"mode": "STRICT"}}
        yield an_object("security.istio.io/v1", "PeerAuthentication", "default", row["strict"], spec=spec)


def project(row: Row) -> Project:
    items = {"apiVersion": "v1", "kind": "List", "items": list(cluster(row))}
    domains = row.get("domains", ["cluster.local"])
    mesh = {"trust-domain": domains[0], "trust-domain-aliases": domains[1:]}
    return read_texts({"cluster.json": json.dumps(items)}, ReadOptions(complete=True, mesh=mesh))


def request(row: Row) -> AccessRequest:
    asked = {**ASKED, **row["ask"]}
    caller = asked.pop("from", None if "principal" in asked else "web/front")
    return AccessRequest(asked.pop("to"), source=caller, **asked)


@pytest.mark.parametrize("row", [pytest.param(row, id=row["name"]) for row in rows()])
def test_what_becomes_of_a_call(row: Row) -> None:
    decision = project(row).access(request(row))
    assert decision.verdict.value == row["answer"], (decision.reason, TABLE["sources"][row["source"]])


def test_the_table_is_large_and_every_row_has_a_source() -> None:
    found = list(rows())
    assert len(found) >= 200
    assert {row["source"] for row in found} == set(TABLE["sources"])
    assert len({json.dumps({**row, "name": "", "say": ""}, sort_keys=True) for row in found}) > len(found) - 5
    assert {row["answer"] for row in found} == {"allow", "deny", "depends"}
