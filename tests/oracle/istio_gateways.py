"""Random Istio Gateways and VirtualServices, with what the pods of the Gateways are told in plain HTTP.

All servers of a port are one table. Of each server those hosts of a VirtualService count that it and the
server both have; routes for one host are strung together, catch-alls last, and only the most specific host is
looked at (istiod: buildGatewayHTTPRouteConfig).
"""

from __future__ import annotations

from random import Random

from tests.oracle.gateways import (
    PORT,
    Case,
    Config,
    Written,
    age,
    aged,
    an_object,
    forward,
    many,
    virtual_hosts,
)

NETWORKING = "networking.istio.io/v1"
SERVED = [
    "*",
    "*.one.test",
    "a.one.test",
    "two.test",
    "*.test",
    "shop/*.two.test",
    "ops/b.one.test",
    "./a.two.test",
]
ASKED = ["a.one.test", "b.one.test", "*.one.test", "two.test", "*.test", "a.two.test", "*.two.test"]
PLACES = ["shop", "ops"]


def case(random: Random, number: int) -> Case:
    """One or two Gateways for the same pods, and VirtualServices that are bound to some of them."""
    label = {"istio": f"edge-{number}"}
    gateways = many(1, 2, lambda place: _gateway(random, f"g{number}-{place}", label), random)
    names = [f"{one['metadata']['namespace']}/{one['metadata']['name']}" for one in gateways]
    services = many(1, 4, lambda place: _virtual_service(random, f"v{number}-{place}", names), random)
    found: dict[str, list[Written]] = {}
    for gateway in sorted(gateways, key=_by_age):
        for server in gateway["spec"]["servers"]:
            for service, rules in sorted(services, key=lambda one: _by_age(one[0])):
                for host in _shared(gateway, server, service):
                    _string(found, host, rules)
    pods = _pods(f"edge-{number}", label)
    client = gateways[0]["metadata"]
    objects = (*gateways, *(one for one, _ in services), pods)
    return Case(f"gateway/{client['namespace']}/{client['name']}", objects, virtual_hosts(found))


def _by_age(one: Config) -> str:
    return f"{age(one)} {one['metadata']['name']}.{one['metadata']['namespace']}"


def _string(found: dict[str, list[Written]], host: str, rules: list[Written]) -> None:
    held = [*found.get(host, []), *rules]
    found[host] = sorted(held, key=lambda one: one.takes_everything)


def _shared(gateway: Config, server: Config, service: Config) -> list[str]:
    """The hosts that a server and a VirtualService have in common, each as the more specific of the two."""
    place = f"{gateway['metadata']['namespace']}/{gateway['metadata']['name']}"
    if place not in service["spec"]["gateways"]:
        return []
    own, theirs = gateway["metadata"]["namespace"], service["metadata"]["namespace"]
    shared: dict[str, None] = {}
    for written in server["hosts"]:
        namespace, slash, served = written.rpartition("/")
        if not slash or namespace == "*" or (own if namespace == "." else namespace) == theirs:
            for host in service["spec"]["hosts"]:
                if _within(host, served):
                    shared[host] = None
                elif _within(served, host):
                    shared[served] = None
    return list(shared)


def _within(narrow: str, wide: str) -> bool:
    return narrow == wide or wide == "*" or (wide.startswith("*.") and narrow.endswith(wide[1:]))


def _pods(name: str, labels: dict[str, str]) -> Config:
    pod = {
        "metadata": {"labels": labels, "annotations": {"inject.istio.io/templates": "gateway"}},
        "spec": {"containers": [{"name": "istio-proxy", "image": "auto"}]},
    }
    return an_object(
        "apps/v1", "Deployment", name, "shop", {"selector": {"matchLabels": labels}, "template": pod}
    )


def _gateway(random: Random, name: str, selector: dict[str, str]) -> Config:
    server = {
        "port": {"number": PORT, "name": "http", "protocol": "HTTP"},
        "hosts": random.sample(SERVED, random.randint(1, 3)),
    }
    spec = {"selector": selector, "servers": [server]}
    return aged(random, an_object(NETWORKING, "Gateway", name, random.choice(PLACES), spec))


def _virtual_service(random: Random, name: str, gateways: list[str]) -> tuple[Config, list[Written]]:
    namespace = random.choice(PLACES)
    http: list[Config] = []
    rules: list[Written] = []
    for number in range(random.randint(1, 3)):
        weights = [random.choice([1, 2, 3]) for _ in range(random.randint(1, 2))]
        targets = [(f"d{place}.test", weight) for place, weight in enumerate(weights)]
        matches = many(0, 2, lambda _: _match(random), random)
        route = [{"destination": {"host": host}, "weight": weight} for host, weight in targets]
        http.append({**({"match": [one for one, _ in matches]} if matches else {}), "route": route})
        for place, match in enumerate([match for _, match in matches] or [{"prefix": "/"}]):
            where = f"http[{number}]" + (f".match[{place}]" if matches else "")
            rules.append(Written(f"VirtualService {namespace}/{name} {where}", match, forward(targets)))
    taken = next((place for place, one in enumerate(rules) if one.takes_everything), len(rules))
    spec = {
        "hosts": random.sample(ASKED, random.randint(1, 2)),
        "gateways": random.sample(gateways, random.randint(1, len(gateways))),
        "http": http,
    }
    return aged(random, an_object(NETWORKING, "VirtualService", name, namespace, spec)), rules[: taken + 1]


def _match(random: Random) -> tuple[Config, Config]:
    kind = random.choice(["exact", "prefix", "prefix", "regex"])
    values = {"exact": ["/a", "/a/b", "/b"], "prefix": ["/", "/a", "/a/", "/b"], "regex": ["/a.*", "/[ab]"]}
    value = random.choice(values[kind])
    written: Config = {"uri": {kind: value}}
    path = (
        {"safe_regex": {"regex": value}} if kind == "regex" else {"path" if kind == "exact" else kind: value}
    )
    if random.random() < 0.7:
        return written, path
    written["method"] = {"exact": random.choice(["GET", "POST"])}
    wanted = {"name": ":method", "string_match": {"exact": written["method"]["exact"]}}
    return written, {**path, "headers": [wanted]}
