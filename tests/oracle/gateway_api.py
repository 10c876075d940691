"""Random Gateways of the Gateway API, with the order of their rules as its specification and Istio have it.

The more specific path comes first, then a method, more headers and more query parameters, then the older
route, and among those of one age the first by name (Gateway API: HTTPRouteRule.matches; istiod:
sortHTTPRoutes). Routes for requests and for gRPC stand in one order.
"""

from __future__ import annotations

from random import Random
from typing import Any

from tests.oracle.gateways import (
    HEADERS,
    METHODS,
    PORT,
    QUERY,
    VALUES,
    Case,
    Config,
    Written,
    a_service,
    age,
    aged,
    an_object,
    forward,
    many,
    virtual_hosts,
)

GROUP = "gateway.networking.k8s.io/v1"
LISTENERS = ["*.one.test", "two.test", "*.three.test"]
NAMES = {"*.one.test": ["*.one.test", "a.one.test", "x.a.one.test"], "two.test": ["two.test"]}
NAMES["*.three.test"] = ["*.three.test", "a.three.test"]
SERVICES = tuple(f"d{number}" for number in range(4))
SURROUNDINGS = tuple(a_service(name) for name in SERVICES)
_EXACT, _PREFIX, _REGEX, _NONE = 3, 2, 1, -1
Rank = tuple[int, int, bool, int, int]


def case(random: Random, number: int) -> Case:
    """A Gateway with listeners for hosts that do not meet, or one for all, and routes for some of them."""
    name = f"edge-{number}"
    hosts = random.choice([[""], random.sample(LISTENERS, random.randint(1, 3))])
    kinds = many(1, 4, lambda _: random.choice(["HTTPRoute", "HTTPRoute", "GRPCRoute"]), random)
    routes = [_route(random, kind, f"r{number}-{place}", name, hosts) for place, kind in enumerate(kinds)]
    routes.sort(key=lambda one: (age(one[0]), one[0]["metadata"]["name"]))
    found: dict[str, list[tuple[Rank, Written]]] = {}
    for made, rules in routes:
        for host in made["spec"].get("hostnames", ["*"]):
            found.setdefault(host, []).extend(rules)
    ordered = {
        host: [written for _, written in sorted(rules, key=lambda one: one[0], reverse=True)]
        for host, rules in found.items()
    }
    objects = (_gateway(name, hosts), *(made for made, _ in routes))
    return Case(f"gateway/shop/{name}", objects, virtual_hosts(ordered))


def _gateway(name: str, hosts: list[str]) -> Config:
    listeners = [
        {"name": f"l{number}", "port": PORT, "protocol": "HTTP", **({"hostname": host} if host else {})}
        for number, host in enumerate(hosts)
    ]
    return an_object(GROUP, "Gateway", name, "shop", {"gatewayClassName": "istio", "listeners": listeners})


def _route(
    random: Random, kind: str, name: str, parent: str, hosts: list[str]
) -> tuple[Config, list[tuple[Rank, Written]]]:
    known = [one for host in hosts for one in NAMES.get(host, [])]
    spec: Config = {"parentRefs": [{"name": parent}]}
    if known:
        spec["hostnames"] = random.sample(known, random.randint(1, min(2, len(known))))
    elif random.random() < 0.5:
        spec["hostnames"] = random.sample([*NAMES["*.one.test"], "two.test"], random.randint(1, 2))
    rules, ranked = [], []
    for number in range(random.randint(1, 3)):
        backends, action = _backends(random, http=kind == "HTTPRoute")
        matches = many(0, 3, lambda _: _match(random, kind), random)
        rules.append({**({"matches": [one for one, _, _ in matches]} if matches else {}), **backends})
        everything: list[tuple[Any, Rank, Config]] = [(None, _rank(_PREFIX, 1, {}), {"prefix": "/"})]
        if kind == "GRPCRoute":
            everything = [(None, _rank(_NONE, 0, {}), {"prefix": "/"})]
        for place, (_, rank, match) in enumerate(matches or everything):
            where = f"rules[{number}]" + (f".matches[{place}]" if matches else "")
            ranked.append((rank, Written(f"{kind} shop/{name} {where}", match, action)))
    spec["rules"] = rules
    return aged(random, an_object(GROUP, kind, name, "shop", spec)), ranked


def _rank(kind: int, length: int, match: Config, *, method: bool = False) -> Rank:
    return kind, length, method, len(match.get("headers", ())), len(match.get("queryParams", ()))


def _match(random: Random, kind: str) -> tuple[Config, Rank, Config]:
    """A match as written, its rank, and what it is for Envoy."""
    written: Config = {}
    wanted: list[Config] = []
    if random.random() < 0.35:
        written["headers"] = [_value(random, name) for name in random.sample(HEADERS, random.randint(1, 2))]
        wanted += [_header(one) for one in written["headers"]]
    if kind == "GRPCRoute":
        return _call_match(random, written, wanted)
    query = [_value(random, random.choice(QUERY))] if random.random() < 0.3 else []
    if query:
        written["queryParams"] = query
    if random.random() < 0.3:
        written["method"] = random.choice(METHODS)
        wanted.append({"name": ":method", "string_match": {"exact": written["method"]}})
    rank, length, path = _path(random, written)
    match = {**path, **({"headers": wanted} if wanted else {})}
    if query:
        match["query_parameters"] = [_header(one) for one in query]
    return written, _rank(rank, length, written, method="method" in written), match


def _path(random: Random, written: Config) -> tuple[int, int, Config]:
    kind = random.choice(["", "Exact", "PathPrefix", "PathPrefix", "RegularExpression"])
    if not kind:
        return _PREFIX, 1, {"prefix": "/"}
    values = {"Exact": ["/", "/a", "/a/b", "/b"], "PathPrefix": ["/", "/a", "/a/", "/a/b", "/b"]}
    value = random.choice(values.get(kind, ["/a.*", "/b/[0-9]+", "/.*", "/[ab]"]))
    written["path"] = {"type": kind, "value": value}
    if kind == "Exact":
        return _EXACT, len(value), {"path": value}
    if kind == "RegularExpression":
        return _REGEX, len(value), {"safe_regex": {"regex": value}}
    bare = value.rstrip("/")
    return _PREFIX, len(bare) or 1, {"path_separated_prefix": bare} if bare else {"prefix": "/"}


def _call_match(random: Random, written: Config, wanted: list[Config]) -> tuple[Config, Rank, Config]:
    """A method of gRPC is a path: that of a service begins it, that of any service ends it."""
    service = random.choice([None, "shop.Cart"])
    method = random.choice([None, "Get", "List"])
    headers = {"headers": wanted} if wanted else {}
    if service is None and method is None:
        if not wanted:
            service, written["method"] = "shop.Cart", {"service": "shop.Cart"}
        else:
            return written, _rank(_NONE, 0, written), {"prefix": "/", **headers}
    written["method"] = {
        **({"service": service} if service else {}),
        **({"method": method} if method else {}),
    }
    if service and method:
        path = f"/{service}/{method}"
        return written, _rank(_EXACT, len(path), written), {"path": path, **headers}
    if service:
        return (
            written,
            _rank(_PREFIX, len(service) + 2, written),
            {"path_separated_prefix": f"/{service}", **headers},
        )
    regex = f"/[^/]+/{method}"
    return written, _rank(_REGEX, len(regex), written), {"safe_regex": {"regex": regex}, **headers}


def _value(random: Random, name: str) -> Config:
    if random.random() < 0.4:
        return {
            "name": name,
            "type": "RegularExpression",
            "value": random.choice(["v.*", "v|V", "[0-9]", ".*"]),
        }
    return {"name": name, "value": random.choice(VALUES)}


def _header(one: Config) -> Config:
    is_regex = one.get("type") == "RegularExpression"
    test = {"safe_regex": {"regex": one["value"]}} if is_regex else {"exact": one["value"]}
    return {"name": one["name"], "string_match": test}


def _backends(random: Random, *, http: bool) -> tuple[Config, Config]:
    if http and random.random() < 0.15:
        status = random.choice([301, 302])
        redirect = {"hostname": "moved.test", "statusCode": status}
        answer = {
            "host_redirect": "moved.test",
            "response_code": {301: "MOVED_PERMANENTLY", 302: "FOUND"}[status],
        }
        return (
            {"filters": [{"type": "RequestRedirect", "requestRedirect": redirect}]},
            {"redirect": answer},
        )
    chosen = random.sample(SERVICES, random.randint(1, 3))
    weights = [random.choice([0, 1, 2, 3]) for _ in chosen]
    weights[0] = weights[0] or 1
    refs = [{"name": name, "port": PORT, "weight": one} for name, one in zip(chosen, weights, strict=True)]
    hosts = [f"{name}.shop.svc.cluster.local" for name in chosen]
    return {"backendRefs": refs}, forward(list(zip(hosts, weights, strict=True)))
