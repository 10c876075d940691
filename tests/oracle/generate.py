"""Random VirtualServices and requests that are near their matches."""

from __future__ import annotations

from random import Random
from typing import Any

from attrs import frozen

PORT = 80
PATHS = [
    "/",
    "/a",
    "/a/",
    "/ab",
    "/a/b",
    "/a/bc",
    "/A",
    "/A/b",
    "/b",
    "/a.b",
    "/a/b/c",
    "/x%2Fy",
    "/b/1",
    "/b/22",
    "/x/../a/b",
    "/a/./b",
    "/%61/b",
    "//a",
]
PREFIXES = ["/", "/a", "/a/", "/A", "/a/b", "/b/", "/x", ""]
PATH_REGEXES = [
    ".*",
    "/.*",
    "/a.*",
    "/a/?",
    "/[ab]",
    "/a\\.b",
    "/b/\\d+",
    "(?i)/A",
    "/a|/b",
    "/a(/.*)?",
    "/b/\\d{2}",
]
VALUES = ["v", "V", "v1", "v2", "", "a,b", "v v", "1"]
VALUE_REGEXES = [".*", ".+", "v.*", "v\\d", "(v1|v2)", "[^v].*", "*", "(?i)v", "a,b"]
VALUE_PREFIXES = ["v", "V", "a", "1"]
HEADERS = ["x-a", "x-b", "X-C"]
QUERY = ["q", "r"]
METHODS = ["GET", "POST", "get", "PUT"]


@frozen
class Sender:
    """Whose proxy is asked: a workload, or the pods of the Gateway `gateway`."""

    name: str
    namespace: str
    labels: dict[str, str]
    gateway: str | None = None


SIDECARS = (
    Sender("shop/web", "shop", {"app": "web", "version": "v1"}),
    Sender("shop/cart", "shop", {"app": "cart"}),
    Sender("front/web", "front", {"app": "web"}),
)
GATEWAY = Sender("gateway/edge", "ingress", {"istio": "edge"}, "edge")


def _deployment(name: str, namespace: str, labels: dict[str, str]) -> dict[str, Any]:
    pod = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "c", "image": "i"}]}}
    spec = {"selector": {"matchLabels": labels}, "template": pod}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace},
        "spec": spec,
    }


SURROUNDINGS: tuple[dict[str, Any], ...] = (
    {
        "apiVersion": "networking.istio.io/v1",
        "kind": "Gateway",
        "metadata": {"name": "edge", "namespace": "shop"},
        "spec": {
            "selector": GATEWAY.labels,
            "servers": [{"port": {"number": PORT, "name": "http", "protocol": "HTTP"}, "hosts": ["*"]}],
        },
    },
    *(
        {
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {"name": name, "labels": {"istio-injection": "enabled"}},
        }
        for name in ("front", "ingress", "shop")
    ),
    *(_deployment(one.name.rpartition("/")[2], one.namespace, one.labels) for one in (*SIDECARS, GATEWAY)),
)
"""What stands around the VirtualServices: the clients, and the Gateway."""


@frozen
class Case:
    """VirtualServices for one host, as manifests, the host, and whose proxy is asked."""

    host: str
    objects: tuple[dict[str, Any], ...]
    sender: Sender
    delegates: bool = False


def case(random: Random, number: int) -> Case:
    """A sidecar's one VirtualService, several that a gateway merges, or one that delegates."""
    host, name = f"c{number}.test", f"c{number}"
    kind = random.choice(["sidecar", "sidecar", "gateway", "delegate"])
    spec: dict[str, Any] = {"hosts": [host], "http": _routes(random)}
    if kind == "sidecar":
        if random.random() < 0.3:
            spec["gateways"] = ["mesh", "edge"]
        return Case(host, (_virtual_service(name, spec),), random.choice(SIDECARS))
    if kind == "gateway":
        specs = [spec | {"gateways": ["edge"], "http": _routes(random)} for _ in range(random.randint(2, 3))]
        objects = (_virtual_service(f"{name}-{position}", one) for position, one in enumerate(specs))
        return Case(host, tuple(objects), GATEWAY)
    outer: dict[str, Any] = {"delegate": {"name": f"{name}-part"}}
    outer |= {"match": [_match(random)]} if random.random() < 0.7 else {}
    spec["http"].insert(random.randint(0, len(spec["http"])), outer)
    part = _virtual_service(f"{name}-part", {"http": _routes(random)})
    return Case(host, (_virtual_service(name, spec), part), random.choice(SIDECARS), delegates=True)


def _routes(random: Random) -> list[dict[str, Any]]:
    return [_route(random, index) for index in range(random.randint(1, 6))]


def _virtual_service(name: str, spec: dict[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": "networking.istio.io/v1",
        "kind": "VirtualService",
        "metadata": {"name": name, "namespace": "shop"},
        "spec": spec,
    }


def _route(random: Random, index: int) -> dict[str, Any]:
    route: dict[str, Any] = {}
    matches = [_match(random) for _ in range(random.choice([0, 1, 1, 1, 2, 3]))]
    if matches:
        route["match"] = matches
    if random.random() < 0.12:
        return route | {"directResponse": {"status": random.choice([200, 404, 503])}}
    return route | {"route": _destinations(random, index)}


def _destinations(random: Random, index: int) -> list[dict[str, Any]]:
    count = random.choice([1, 1, 2, 3])
    weights = [random.choice([0, 0, 1, 2, 3, 5]) for _ in range(count)]
    if count > 1 and not sum(weights):
        weights[0] = 1
    found: list[dict[str, Any]] = []
    for number, weight in enumerate(weights):
        written = {"weight": weight} if count > 1 or weight else {}
        found.append({"destination": {"host": f"d{index}-{number}.test"}} | written)
    return found


def _match(random: Random) -> dict[str, Any]:
    match: dict[str, Any] = {}
    if random.random() < 0.75:
        match["uri"] = _uri(random)
        if random.random() < 0.25:
            match["ignoreUriCase"] = True
    if random.random() < 0.3:
        names = [random.choice(HEADERS).lower() for _ in range(random.randint(1, 2))]
        match["headers"] = {name: _value(random) for name in names}
    if random.random() < 0.25:
        match["withoutHeaders"] = {random.choice(HEADERS).lower(): _value(random)}
    if random.random() < 0.25:
        match["queryParams"] = {random.choice(QUERY): _value(random)}
    if random.random() < 0.25:
        exact = {"exact": random.choice(METHODS)}
        match["method"] = random.choice([exact, {"regex": "GET|POST"}, {"prefix": "P"}])
    if random.random() < 0.12:
        match["authority"] = random.choice(
            [{"prefix": "c"}, {"regex": "c[0-9]+\\.test"}, {"prefix": "C"}, {"exact": "c1.test"}]
        )
    if random.random() < 0.05:
        match["scheme"] = random.choice(
            [{"exact": "http"}, {"exact": "https"}, {"prefix": "h"}, {"regex": "https?"}]
        )
    return match | _of_client(random)


def _of_client(random: Random) -> dict[str, Any]:
    """Demands that are met or not before any request is looked at."""
    found: dict[str, Any] = {}
    if random.random() < 0.08:
        found["port"] = random.choice([PORT, PORT, 81])
    if random.random() < 0.12:
        found["sourceLabels"] = random.choice(
            [{"app": "web"}, {"app": "web", "version": "v1"}, {"app": "cart"}]
        )
    if random.random() < 0.12:
        found["sourceNamespace"] = random.choice(["shop", "shop", "front", "ingress"])
    if random.random() < 0.08:
        found["gateways"] = random.choice([["mesh"], ["edge"], ["edge", "mesh"]])
    return found


def _uri(random: Random) -> dict[str, str]:
    kind = random.choice(["exact", "prefix", "prefix", "regex"])
    values = {"exact": PATHS, "prefix": PREFIXES, "regex": PATH_REGEXES}[kind]
    return {kind: random.choice(values)}


def _value(random: Random) -> dict[str, str]:
    kind = random.choice(["exact", "prefix", "regex", "present"])
    if kind == "present":
        return {}
    if kind == "exact":
        return {kind: random.choice([value for value in VALUES if value])}
    return {kind: random.choice(VALUE_PREFIXES if kind == "prefix" else VALUE_REGEXES)}


@frozen
class Call:
    """A request, header by header as it goes over the wire."""

    method: str
    path: str
    authority: str
    headers: tuple[tuple[str, str], ...]

    def lines(self, pick: int) -> list[tuple[str, str]]:
        pseudo = [(":method", self.method), (":path", self.path), (":authority", self.authority)]
        return [*pseudo, *self.headers, ("x-pick", str(pick))]


def call(random: Random, host: str) -> Call:
    path = random.choice(PATHS)
    values = ["v", "v1", "V", "", "1"]
    query = [f"{random.choice(QUERY)}={random.choice(values)}" for _ in range(random.choice([0, 0, 1, 2]))]
    headers = [
        (random.choice(HEADERS), random.choice([*values, "v2", "a"]))
        for _ in range(random.choice([0, 0, 1, 1, 2, 3]))
    ]
    authority = random.choice([host, host, f"{host}:80", host.upper(), f"{host}:8080"])
    target = path + ("?" + "&".join(query) if query else "")
    return Call(random.choice(["GET", "GET", "POST", "PUT"]), target, authority, tuple(headers))
