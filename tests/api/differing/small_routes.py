"""Small meshes with routes, and edits of them, drawn at random by a seed."""

from __future__ import annotations

from random import Random

Documents = dict[str, str]

BASE = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: cart}, ports: [{name: http, port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: items, namespace: shop}
spec: {selector: {app: items}, ports: [{name: http, port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
  template: {metadata: {labels: {app: cart, version: v1}}, spec: {containers: [{name: c, image: "c:1"}]}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: items, namespace: shop}
spec:
  selector: {matchLabels: {app: items}}
  template: {metadata: {labels: {app: items, version: v2}}, spec: {containers: [{name: c, image: "c:1"}]}}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec: {selector: {app: gw}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: front, namespace: shop}
spec: {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP}]}
"""
_URIS = ("prefix: /a", "exact: /a", "prefix: /", 'regex: "/[ab]/.*"', "exact: /b/x")
_USERS = ("exact: beta", "prefix: b", 'regex: ".+"')
_PATHS = (
    "{type: PathPrefix, value: /a}",
    "{type: Exact, value: /a}",
    "{type: PathPrefix, value: /}",
    "{type: Exact, value: /b/x}",
)


def _match(rng: Random) -> str:
    parts = [
        f"uri: {{{rng.choice(_URIS)}}}",
        f"method: {{exact: {rng.choice(('GET', 'POST'))}}}",
        f"headers: {{x-user: {{{rng.choice(_USERS)}}}}}",
        "queryParams: {v: {exact: '1'}}",
        "withoutHeaders: {x-user: {exact: beta}}",
    ]
    return "{" + ", ".join(rng.sample(parts, rng.randint(1, 2))) + "}"


def _action(rng: Random) -> str:
    host, other = rng.sample(("cart", "items"), 2)
    weight = rng.choice((10, 50))
    return rng.choice(
        (
            f"route: [{{destination: {{host: {host}}}}}]",
            f"route: [{{destination: {{host: {host}}}, weight: {weight}}}, "
            f"{{destination: {{host: {other}}}, weight: {100 - weight}}}]",
            f"route: [{{destination: {{host: {host}, subset: v1}}}}]",
            "redirect: {uri: /new}",
            "directResponse: {status: 418}",
        )
    )


def _virtual_service(rng: Random) -> str:
    rules = []
    for _ in range(rng.randint(1, 3)):
        matches = ", ".join(_match(rng) for _ in range(rng.randint(0, 2)))
        head = f"match: [{matches}], " if matches else ""
        timeout = rng.choice(("", "", ", timeout: 3s"))
        rules.append(f"{{{head}{_action(rng)}{timeout}}}")
    hosts = rng.choice(("cart", "cart", '"*.shop.example"', "items"))
    gateways = rng.choice(("mesh", "edge", "mesh, edge")) if hosts.startswith('"') else "mesh"
    return f"""
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: routes, namespace: shop}}
spec:
  hosts: [{hosts}]
  gateways: [{gateways}]
  http: [{", ".join(rules)}]
"""


def _route(rng: Random) -> str:
    rules = []
    for _ in range(rng.randint(1, 2)):
        method = rng.choice(("", ", method: GET"))
        header = rng.choice(("", ", headers: [{name: x-user, value: beta}]"))
        backend = rng.choice(("cart", "items"))
        match = f"{{path: {rng.choice(_PATHS)}{method}{header}}}"
        rules.append(f"{{matches: [{match}], backendRefs: [{{name: {backend}, port: 80}}]}}")
    parent = rng.choice(("{name: front}", '{name: items, kind: Service, group: "", port: 80}'))
    return f"""
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {{name: route, namespace: shop}}
spec:
  parentRefs: [{parent}]
  rules: [{", ".join(rules)}]
"""


def _rule(rng: Random) -> str:
    subsets = rng.choice(("[{name: v1, labels: {version: v1}}]", "[{name: v2, labels: {version: v2}}]"))
    return f"""
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: rule, namespace: shop}}
spec: {{host: {rng.choice(("cart", "items"))}, subsets: {subsets}}}
"""


MAKERS = {"virtual": _virtual_service, "route": _route, "rule": _rule}


def small_routes(rng: Random) -> Documents:
    """Two Services behind two gateways, with some routes."""
    made = {name: maker(rng) for name, maker in MAKERS.items() if rng.random() < 0.8}
    return {"base": BASE, **made}


def edited_routes(documents: Documents, rng: Random) -> Documents:
    """The same mesh after one or two edits of its routes."""
    found = dict(documents)
    for _ in range(rng.randint(1, 2)):
        name = rng.choice(tuple(MAKERS))
        if rng.random() < 0.25:
            found.pop(name, None)
        else:
            found[name] = MAKERS[name](rng)
    return found
