"""Random gateways with their routes, as manifests and, apart from these, as virtual hosts of Envoy."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from attrs import frozen

from tests.oracle.envoy import PICK

Config = dict[str, Any]
PORT = 80
HOSTS = ["a.one.test", "b.one.test", "x.a.one.test", "two.test", "a.two.test", "a.three.test", "else.test"]
PATHS = ["/", "/a", "/a/", "/ab", "/a/b", "/a/b/c", "/b", "/A", "/b/12", "/shop.Cart/Get", "/shop.Cart/List"]
HEADERS, QUERY, VALUES = ["x-a", "x-b"], ["q", "r"], ["v", "v1", "V", "1"]
METHODS = ["GET", "POST", "PUT"]


@frozen
class Call:
    """A request, header by header as it goes over the wire."""

    method: str
    path: str
    host: str
    headers: tuple[tuple[str, str], ...]

    def lines(self, pick: int) -> list[tuple[str, str]]:
        pseudo = [(":method", self.method), (":path", self.path), (":authority", self.host)]
        return [*pseudo, *self.headers, ("x-pick", str(pick))]


@frozen
class Case:
    """A gateway: whose proxy is asked, the manifests, and what its proxy is to be told."""

    client: str
    objects: tuple[Config, ...]
    virtual_hosts: tuple[Config, ...]


@frozen
class Written:
    """A rule as it is written: where it stands, and the route that Envoy is to get for it, names left out."""

    place: str
    match: Config
    action: Config

    @property
    def takes_everything(self) -> bool:
        return self.match == {"prefix": "/"}

    @property
    def route(self) -> Config:
        told = {"header": {"key": "x-route", "value": self.place}}
        return {"match": self.match, "response_headers_to_add": [told], **self.action}


def call(random: Random) -> Call:
    query = [f"{random.choice(QUERY)}={random.choice(VALUES)}" for _ in range(random.choice([0, 0, 1, 2]))]
    headers = {random.choice(HEADERS): random.choice(VALUES) for _ in range(random.choice([0, 0, 1, 2]))}
    path = random.choice(PATHS) + ("?" + "&".join(query) if query else "")
    return Call(random.choice(METHODS), path, random.choice(HOSTS), tuple(headers.items()))


def an_object(version: str, kind: str, name: str, namespace: str, spec: Config, **labels: str) -> Config:
    meta = {"name": name, "namespace": namespace, "labels": labels}
    return {"apiVersion": version, "kind": kind, "metadata": meta, "spec": spec}


def aged(random: Random, one: Config) -> Config:
    """An object that was created in one of a few seconds."""
    one["metadata"]["creationTimestamp"] = f"2026-01-01T00:00:0{random.randint(1, 3)}Z"
    return one


def age(one: Config) -> str:
    """What sorts objects by age."""
    return str(one["metadata"]["creationTimestamp"])


def a_service(name: str) -> Config:
    return an_object("v1", "Service", name, "shop", {"ports": [{"name": "http", "port": PORT}]})


def forward(targets: list[tuple[str, int]]) -> Config:
    """Shares of destinations; the one that is taken is told in a header."""
    clusters = [
        {
            "name": "echo",
            "weight": weight,
            "response_headers_to_add": [{"header": {"key": "x-cluster", "value": host}}],
        }
        for host, weight in targets
        if weight
    ]
    return {"route": {"weighted_clusters": {"clusters": clusters, "header_name": PICK}}}


def virtual_hosts(found: dict[str, list[Written]]) -> tuple[Config, ...]:
    """One for each name, of which Envoy takes the most specific one that fits."""
    return tuple(
        {"name": name, "domains": [name], "routes": [one.route for one in rules]}
        for name, rules in found.items()
        if rules
    )


def many(least: int, most: int, make: Callable[[int], Any], random: Random) -> list[Any]:
    return [make(number) for number in range(random.randint(least, most))]
