"""Small meshes of a few documents each, and edits of them, drawn at random by a seed."""

from __future__ import annotations

from random import Random

NAMESPACES = ("shop", "ops")
WORKLOADS = (("shop", "cart"), ("shop", "web"), ("ops", "job"))
METHODS = ("GET", "POST")
PATHS = ("/a", "/a/*", "*/z", "/b*", "/a/{*}/c")
HOSTS = ("cart.shop", "*.example")
ROLES = ("admin", "dev-*", "*")

Documents = dict[str, str]
"""Documents by what they are about."""


def _workload(namespace: str, name: str) -> str:
    return f"""
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec:
      serviceAccountName: {name}
      containers: [{{name: main, image: "{name}:1", ports: [{{containerPort: 8080}}]}}]
---
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{selector: {{app: {name}}}, ports: [{{name: http, port: 80, targetPort: 8080}}]}}
"""


def _namespace(name: str, rng: Random) -> str:
    labels = rng.choice(("{istio-injection: enabled}",) * 4 + ("{}",))
    return f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {labels}}}\n"


def _some(rng: Random, values: tuple[str, ...]) -> str:
    chosen = rng.sample(values, rng.randint(1, min(2, len(values))))
    return "[" + ", ".join(f'"{one}"' for one in chosen) + "]"


def _source(rng: Random) -> str:
    principals = tuple(f"cluster.local/ns/{space}/sa/{name}" for space, name in WORKLOADS)
    return rng.choice(
        (
            f"principals: {_some(rng, (*principals, '*', 'cluster.local/ns/ops/*'))}",
            f"namespaces: {_some(rng, ('shop', 'ops', 'prod'))}",
            f"notNamespaces: {_some(rng, ('shop', 'ops'))}",
            f"notPrincipals: {_some(rng, principals)}",
        )
    )


def _operation(rng: Random) -> str:
    parts = [
        f"methods: {_some(rng, METHODS)}",
        f"paths: {_some(rng, PATHS)}",
        f"notPaths: {_some(rng, PATHS)}",
        f"hosts: {_some(rng, HOSTS)}",
        'ports: ["8080"]',
    ]
    return ", ".join(rng.sample(parts, rng.randint(1, 2)))


def _rule(rng: Random) -> str:
    lines = []
    if rng.random() < 0.7:
        lines.append(f"from: [{{source: {{{_source(rng)}}}}}]")
    if rng.random() < 0.7:
        lines.append(f"to: [{{operation: {{{_operation(rng)}}}}}]")
    if rng.random() < 0.3:
        values = rng.choice(("values", "notValues"))
        lines.append(f'when: [{{key: "request.headers[x-role]", {values}: {_some(rng, ROLES)}}}]')
    return "{" + ", ".join(lines) + "}"


def _policy(name: str, rng: Random) -> str:
    rules = ", ".join(_rule(rng) for _ in range(rng.randint(0, 2)))
    selector = rng.choice(("selector: {matchLabels: {app: cart}}\n  ", ""))
    action = rng.choice(("ALLOW", "ALLOW", "DENY"))
    namespace = rng.choice(("shop", "shop", "ops", "istio-system"))
    return f"""
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  {selector}action: {action}
  rules: [{rules}]
"""


def _peers(name: str, rng: Random) -> str:
    mode = rng.choice(("STRICT", "PERMISSIVE", "DISABLE"))
    namespace = rng.choice(("shop", "ops", "istio-system"))
    return f"""
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{mtls: {{mode: {mode}}}}}
"""


def _client_rule(name: str, rng: Random) -> str:
    space, host = rng.choice(WORKLOADS)
    mode = rng.choice(("DISABLE", "ISTIO_MUTUAL"))
    return f"""
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: {name}, namespace: {rng.choice(NAMESPACES)}}}
spec: {{host: {host}.{space}.svc.cluster.local, trafficPolicy: {{tls: {{mode: {mode}}}}}}}
"""


MAKERS = {"policy": _policy, "policy2": _policy, "peers": _peers, "client": _client_rule}


def small_mesh(rng: Random) -> Documents:
    """A mesh of three workloads with some policies."""
    found = {f"{space}/{name}": _workload(space, name) for space, name in WORKLOADS}
    found.update({name: _namespace(name, rng) for name in NAMESPACES})
    for name, maker in MAKERS.items():
        if rng.random() < 0.8:
            found[name] = maker(name, rng)
    return found


def edited(documents: Documents, rng: Random) -> Documents:
    """The same mesh after one to three edits."""
    found = dict(documents)
    for _ in range(rng.randint(1, 3)):
        name = rng.choice((*MAKERS, *MAKERS, *NAMESPACES))
        if name in MAKERS and rng.random() < 0.25:
            found.pop(name, None)
        elif name in MAKERS:
            found[name] = MAKERS[name](name, rng)
        else:
            found[name] = _namespace(name, rng)
    return found
