"""A synthetic mesh of any size: seeded, so that two runs measure the same thing, and without a finding.

Each service has a Deployment, a Service, a ServiceAccount, a VirtualService, a DestinationRule, a
PeerAuthentication and an AuthorizationPolicy; one in four is being moved to a second version. Services are
spread over namespaces, and call each other across them.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path
from string import Template

from attrs import frozen

SERVICES_PER_NAMESPACE = 20
DOCUMENTS_PER_SERVICE = 7
SHARE_ON_THE_MOVE = 0.25
MOST_CALLERS = 4

NAMESPACE = Template("""\
apiVersion: v1
kind: Namespace
metadata:
  name: $namespace
  labels:
    istio-injection: enabled
""")

DEPLOYMENT = Template("""\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: $name-$version
  namespace: $namespace
  labels:
    app: $name
    version: $version
spec:
  replicas: 2
  selector:
    matchLabels:
      app: $name
      version: $version
  template:
    metadata:
      labels:
        app: $name
        version: $version
    spec:
      serviceAccountName: $name
      containers:
      - name: app
        image: example.test/$name:$version
        ports:
        - name: http
          containerPort: 8080
        resources:
          requests:
            cpu: 100m
            memory: 64Mi
          limits:
            memory: 128Mi
""")

SERVICE = Template("""\
apiVersion: v1
kind: ServiceAccount
metadata:
  name: $name
  namespace: $namespace
---
apiVersion: v1
kind: Service
metadata:
  name: $name
  namespace: $namespace
  labels:
    app: $name
spec:
  selector:
    app: $name
  ports:
  - name: http
    port: 80
    targetPort: http
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: $name
  namespace: $namespace
spec:
  host: $name.$namespace.svc.cluster.local
  trafficPolicy:
    tls:
      mode: ISTIO_MUTUAL
  subsets:
$subsets
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: $name
  namespace: $namespace
spec:
  hosts:
  - $name.$namespace.svc.cluster.local
  http:
  - timeout: 5s
    route:
$routes
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: $name
  namespace: $namespace
spec:
  selector:
    matchLabels:
      app: $name
  mtls:
    mode: STRICT
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: $name
  namespace: $namespace
spec:
  selector:
    matchLabels:
      app: $name
  action: ALLOW
  rules:
  - from:
    - source:
        principals:
$principals
    to:
    - operation:
        methods: ["GET", "POST"]
        paths: ["/api/*"]
""")

SUBSET = Template("""\
  - name: $version
    labels:
      version: $version""")

ROUTE = Template("""\
    - destination:
        host: $name.$namespace.svc.cluster.local
        subset: $version
      weight: $weight""")

PRINCIPAL = Template("        - cluster.local/ns/$namespace/sa/$name")


@frozen
class Member:
    """One service of the mesh by its names."""

    name: str
    namespace: str

    @property
    def file(self) -> str:
        """The path of its manifests, relative to the mesh's directory."""
        return f"{self.namespace}/{self.name}.yaml"


def synthetic_mesh(services: int, seed: int = 0) -> dict[str, str]:
    """The manifests of a mesh with that many services: text by relative path."""
    chance = random.Random(seed)
    namespaces = max(1, services // SERVICES_PER_NAMESPACE)
    members = [Member(f"service-{number}", f"team-{number % namespaces}") for number in range(services)]
    files = {member.file: _manifests(member, members, chance) for member in members}
    return files | {
        f"team-{number}/namespace.yaml": NAMESPACE.substitute(namespace=f"team-{number}")
        for number in range(namespaces)
    }


def write_mesh(directory: Path, services: int, seed: int = 0) -> int:
    """Write the mesh below `directory`, and return how many bytes it has."""
    files = synthetic_mesh(services, seed)
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return sum(len(text.encode()) for text in files.values())


def _manifests(member: Member, members: list[Member], chance: random.Random) -> str:
    on_the_move = chance.random() < SHARE_ON_THE_MOVE
    weights = {"v1": 90, "v2": 10} if on_the_move else {"v1": 100}
    callers = chance.sample(members, min(len(members), chance.randint(1, MOST_CALLERS)))
    names = {"name": member.name, "namespace": member.namespace}
    shared = SERVICE.substitute(
        names,
        subsets=_lines(SUBSET.substitute(version=version) for version in weights),
        routes=_lines(
            ROUTE.substitute(names, version=version, weight=weights[version]) for version in weights
        ),
        principals=_lines(
            PRINCIPAL.substitute(name=caller.name, namespace=caller.namespace) for caller in callers
        ),
    )
    deployments = [DEPLOYMENT.substitute(names, version=version) for version in weights]
    return "---\n".join([*deployments, shared])


def _lines(parts: Iterable[str]) -> str:
    return "\n".join(parts)
