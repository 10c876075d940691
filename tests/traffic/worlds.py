"""Small meshes for the tests of routing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from textwrap import dedent
from typing import Any

from meshlint.admission.admission import Admission
from meshlint.checks.world import Check, World
from meshlint.documents import read
from meshlint.mesh import Mesh, MeshSettings
from meshlint.resources import collect
from meshlint.traffic.ways.way import Way


def mesh(*texts: str, settings: MeshSettings | None = None) -> Mesh:
    readings = [read(f"{number}.yaml", dedent(text).encode()) for number, text in enumerate(texts)]
    documents = [document for reading in readings for document in reading.documents]
    return Mesh(collect(documents), settings or MeshSettings())


def world(*texts: str, settings: MeshSettings | None = None) -> World:
    made = mesh(*texts, settings=settings)
    return World(made, Admission(made.resources))


def messages(check: Check, at: World, parameters: Mapping[str, Any] | None = None) -> list[str]:
    return sorted(hit.message for hit in check(at, parameters or {}))


def virtual_service(
    name: str,
    namespace: str = "shop",
    hosts: Iterable[str] = ("reviews",),
    http: str = "[]",
    more: str = "",
) -> str:
    """A VirtualService; `http` and `more` are written in flow style."""
    return f"""
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{hosts: {_flow(hosts)}, http: {http}{", " + more if more else ""}}}
"""


def destination_rule(
    name: str, namespace: str = "shop", host: str = "reviews", subsets: Iterable[str] = (), more: str = ""
) -> str:
    """A DestinationRule whose subsets are told apart by the label `version`."""
    parts = ", ".join(f"{{name: {subset}, labels: {{version: {subset}}}}}" for subset in subsets)
    return f"""
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{host: "{host}", subsets: [{parts}]{", " + more if more else ""}}}
"""


def service(name: str, namespace: str = "shop", ports: str = "[{name: http, port: 80}]") -> str:
    return f"""
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{selector: {{app: {name}}}, ports: {ports}}}
"""


def deployment(name: str, namespace: str = "shop", app: str = "", **labels: str) -> str:
    pod = {"app": app or name} | labels
    return f"""
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{template: {{metadata: {{labels: {_map(pod)}}}, spec: {{containers: [{{name: c, image: i}}]}}}}}}
"""


def gateway(name: str, namespace: str = "shop", servers: str = "[]", selector: str = "{istio: edge}") -> str:
    return f"""
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{selector: {selector}, servers: {servers}}}
"""


def to(host: str, subset: str = "", weight: int | None = None, port: int | None = None) -> str:
    """One destination of a route, in flow style."""
    inner = [f'host: "{host}"']
    inner += [f"subset: {subset}"] if subset else []
    inner += [f"port: {{number: {port}}}"] if port is not None else []
    outer = f"destination: {{{', '.join(inner)}}}"
    return f"{{{outer}}}" if weight is None else f"{{{outer}, weight: {weight}}}"


def split(*destinations: str) -> str:
    """The `http` of a VirtualService with one route over these destinations."""
    return f"[{{route: [{', '.join(destinations)}]}}]"


def _flow(values: Iterable[str]) -> str:
    return "[" + ", ".join(f'"{value}"' for value in values) + "]"


def _map(values: Mapping[str, str]) -> str:
    return "{" + ", ".join(f'{key}: "{value}"' for key, value in values.items()) + "}"


def connections(
    name: str, hosts: Iterable[str], section: str, routes: str, namespace: str = "shop", more: str = ""
) -> str:
    """A VirtualService with a `tls` or `tcp` section in flow style."""
    return f"""
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{hosts: {_flow(hosts)}, {section}: {routes}{", " + more if more else ""}}}
"""


def service_entry(
    name: str,
    hosts: Iterable[str],
    ports: str = "[{number: 443, name: tls, protocol: TLS}]",
    namespace: str = "shop",
    more: str = "",
) -> str:
    """A ServiceEntry of external hosts."""
    return f"""
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{hosts: {_flow(hosts)}, ports: {ports}, resolution: DNS{", " + more if more else ""}}}
"""


def sidecar(name: str, spec: str, namespace: str = "web") -> str:
    """A Sidecar whose spec is written in flow style."""
    return f"""
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{{spec}}}
"""


def outcome(found: Way) -> str:
    """A way in a word or two: where it leads to, or how it ends."""
    if found.hops:
        return " ".join(
            hop.host.removesuffix(".test").removesuffix(".shop.svc.cluster.local")
            + ("" if hop.status is None else f"!{hop.status}")
            for hop in found.hops
        )
    if found.is_closed:
        return "closed"
    return "passes" if found.status is None else str(found.status)
