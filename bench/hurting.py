"""Sets that hurt: what a mesh looks like where one thing stands against many of its kind.

Each is made of the synthetic mesh and grows with one number. Where the work on one of them grows faster than
the set and its findings, something is asked of pairs that should be looked up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from string import Template

from bench.generate import NAMESPACE, synthetic_mesh

Texts = Mapping[str, str]

DENY = Template("""\
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: $name
  namespace: $namespace
spec:
  selector:
    matchLabels:
      app: $app
  action: $action
$provider  rules:
  - from:
    - source:
        namespaces: ["team-$number"]
    to:
    - operation:
        paths: ["/admin/$number*"]
""")

ROUTES = Template("""\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: part-$number
  namespace: edge
spec:
  hosts: ["shop.example.com"]
  gateways: ["edge/edge"]
  http:
  - match:
    - uri:
        prefix: /part-$number/
    route:
    - destination:
        host: service-$number.team-0.svc.cluster.local
""")

GATEWAY = """\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: edge
  namespace: edge
spec:
  selector:
    istio: ingressgateway
  servers:
  - port: {number: 80, name: http, protocol: HTTP}
    hosts: ["shop.example.com"]
"""


def denials(services: int) -> Texts:
    """A mesh in which every service has a policy that denies something, and one in four asks a provider."""
    texts = dict(synthetic_mesh(services))
    for path, text in synthetic_mesh(services).items():
        namespace, _, file = path.partition("/")
        app = file.removesuffix(".yaml")
        if app != "namespace":
            number = int(app.rpartition("-")[2])
            custom = number % 4 == 0
            texts[path] = f"{text}---\n" + DENY.substitute(
                name=f"{app}-deny",
                namespace=namespace,
                app=app,
                number=number % 50,
                action="CUSTOM" if custom else "DENY",
                provider="  provider: {name: asked}\n" if custom else "",
            )
    return texts


def one_namespace(services: int) -> Texts:
    """A mesh whose services all live together."""
    crowd = {
        path.replace("/", "-"): re.sub(r"\bteam-\d+\b", "crowd", text)
        for path, text in synthetic_mesh(services).items()
        if not path.endswith("namespace.yaml")
    }
    return {"namespace.yaml": NAMESPACE.substitute(namespace="crowd"), **crowd}


def one_namespace_each(services: int) -> Texts:
    """A mesh in which every service has a namespace to itself."""
    texts = {}
    for path, text in synthetic_mesh(services).items():
        app = path.partition("/")[2].removesuffix(".yaml")
        if app != "namespace":
            alone = re.sub(r"\bservice-(\d+)\.team-\d+\b", r"service-\1.home-\1", text)
            alone = re.sub(r"ns/team-\d+/sa/service-(\d+)", r"ns/home-\1/sa/service-\1", alone)
            home = app.replace("service", "home")
            alone = re.sub(r"\bteam-\d+\b", home, alone)
            texts[f"{home}.yaml"] = f"{NAMESPACE.substitute(namespace=home)}---\n{alone}"
    return texts


def one_host(routes: int) -> Texts:
    """VirtualServices that share one host of one Gateway."""
    around = {"edge/gateway.yaml": GATEWAY, "edge/namespace.yaml": NAMESPACE.substitute(namespace="edge")}
    return around | {f"edge/part-{one}.yaml": ROUTES.substitute(number=one) for one in range(routes)}


def copies(number: int) -> Texts:
    """One service, written over and over again."""
    (text,) = (text for path, text in synthetic_mesh(1).items() if not path.endswith("namespace.yaml"))
    return {f"copy-{place}/service.yaml": text for place in range(number)}


SETS: Mapping[str, Callable[[int], Texts]] = {
    "denials": denials,
    "one namespace": one_namespace,
    "one namespace each": one_namespace_each,
    "one host": one_host,
    "copies": copies,
}
