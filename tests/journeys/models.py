"""Small meshes as plain values, and the manifests that say the same."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property

from attrs import field, frozen

from meshlint.mesh import Mesh
from tests.traffic.worlds import mesh

NAMESPACE = """\
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
"""
WORKLOAD = """\
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: shop}}
spec:
  type: {type}
  selector: {{app: {name}}}
  ports: [{{name: http, port: 80, targetPort: 8080}}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: shop}}
spec:
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec:
      serviceAccountName: {name}
      containers:
      - name: app
        ports: [{{containerPort: 8080}}]
        env: [{env}]
"""
ROUTES = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: {name}, namespace: shop}}
spec:
  hosts: [{name}]
  http: [{routes}]
"""
POLICY = """\
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {{name: {name}, namespace: shop}}
spec:
  selector: {{matchLabels: {{app: {name}}}}}
  rules: [{rules}]
"""
REPEATING = "5xx"
HARMLESS = "connect-failure"


@frozen
class Route:
    """What a route does: `attempts` None for no retries of its own, lengths in tenths of a second."""

    attempts: int | None = None
    retry_on: str = REPEATING
    each: int | None = None
    timeout: int | None = None

    @property
    def tries(self) -> int:
        return 1 + (self.attempts or 0) if self.retry_on == REPEATING else 1

    @cached_property
    def patience(self) -> Fraction | None:
        """How long a try is waited for."""
        limits = [self.timeout, self.each if self.attempts else None]
        found = [Fraction(limit, 10) for limit in limits if limit is not None]
        return min(found) if found else None

    @cached_property
    def wait(self) -> Fraction | None:
        """How long all tries are waited for."""
        each = None if self.each is None or not self.attempts else self.each * self.tries
        found = [Fraction(limit, 10) for limit in (self.timeout, each) if limit is not None]
        return min(found) if found else None

    def text(self, host: str, number: int) -> str:
        match = f"match: [{{uri: {{prefix: /{number}}}}}], " if number else ""
        retries = "" if self.attempts is None else f"retries: {{{self._retries()}}}, "
        timeout = "" if self.timeout is None else f"timeout: {self.timeout * 100}ms, "
        return f"{{{match}{retries}{timeout}route: [{{destination: {{host: {host}}}}}]}}"

    def _retries(self) -> str:
        if not self.attempts:
            return "attempts: 0"
        each = "" if self.each is None else f", perTryTimeout: {self.each * 100}ms"
        return f"attempts: {self.attempts}, retryOn: {self.retry_on}{each}"


@frozen(slots=False)
class Model:
    """Workloads by name with what they call, the routes to them, whom they let in, and which are open."""

    calls: dict[str, tuple[str, ...]]
    routes: dict[str, tuple[Route, ...]] = field(factory=dict)
    let_in: dict[str, tuple[str, ...]] = field(factory=dict)
    public: frozenset[str] = frozenset()

    @cached_property
    def mesh(self) -> Mesh:
        return mesh(NAMESPACE, *self.texts())

    def texts(self) -> Iterator[str]:
        for name, called in self.calls.items():
            env = ", ".join(f'{{name: "URL_{one}", value: "http://{one}"}}' for one in called)
            kind = "LoadBalancer" if name in self.public else "ClusterIP"
            yield WORKLOAD.format(name=name, type=kind, env=env)
        for name, routes in self.routes.items():
            numbered = zip(range(len(routes) - 1, -1, -1), routes, strict=True)
            yield ROUTES.format(name=name, routes=", ".join(one.text(name, at) for at, one in numbered))
        for name, callers in self.let_in.items():
            words = (
                "{}"
                if one == "*"
                else f"{{from: [{{source: {{principals: [cluster.local/ns/shop/sa/{one}]}}}}]}}"
                for one in callers
            )
            yield POLICY.format(name=name, rules=", ".join(words))

    def simple_paths(self) -> Iterator[tuple[str, ...]]:
        """Every chain of calls that passes no workload twice, of two workloads at least."""
        open_ends: list[tuple[str, ...]] = [(name,) for name in self.calls]
        while open_ends:
            path = open_ends.pop()
            if len(path) > 1:
                yield path
            open_ends.extend((*path, one) for one in self.calls[path[-1]] if one not in path)


def random_model(seed: int) -> Model:
    """A mesh of up to six workloads."""
    chance = random.Random(seed)
    names = [f"w{number}" for number in range(chance.randint(2, 6))]
    likely = chance.choice((0.2, 0.35, 0.5))
    calls = {one: tuple(to for to in names if to != one and chance.random() < likely) for one in names}
    routes = {one: tuple(_routes(chance)) for one in names if chance.random() < 0.7}
    let_in = {
        one: tuple(caller for caller in (*names, "*") if chance.random() < 0.35)
        for one in names
        if chance.random() < 0.6
    }
    public = frozenset(one for one in names if chance.random() < 0.3)
    return Model(calls, routes, let_in, public)


def _routes(chance: random.Random) -> Iterator[Route]:
    for _ in range(chance.choice((1, 1, 2))):
        yield Route(
            attempts=chance.choice((None, 0, 1, 2, 3)),
            retry_on=chance.choice((REPEATING, REPEATING, HARMLESS)),
            each=chance.choice((None, None, 5, 10, 20)),
            timeout=chance.choice((None, 10, 20, 30, 50)),
        )
