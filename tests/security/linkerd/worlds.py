"""Small Linkerd meshes, written in a line each, and calls into them."""

from __future__ import annotations

from typing import Any

from attrs import evolve, field, frozen

from meshlint.documents import read
from meshlint.mesh import LinkerdSettings, Mesh, MeshSettings
from meshlint.resources import collect
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.linkerd.authorization import Caller, Decision, HttpRequest, decide

ENDING = "serviceaccount.identity.linkerd.cluster.local"
POLICY = "policy.linkerd.io"
GATEWAY = "gateway.networking.k8s.io"
REFS = "requiredAuthenticationRefs"
CLOSED = MeshSettings(complete=True)


def mesh(*texts: str, settings: MeshSettings = CLOSED) -> Mesh:
    documents = [one for i, text in enumerate(texts) for one in read(f"{i}.yaml", text.encode()).documents]
    return Mesh(collect(documents), settings)


def linkerd(**settings: Any) -> MeshSettings:
    return evolve(CLOSED, linkerd=evolve(LinkerdSettings(), **settings))


def namespace(name: str = "shop", annotations: str = "linkerd.io/inject: enabled", labels: str = "") -> str:
    meta = f"name: {name}, annotations: {{{annotations}}}, labels: {{{labels}}}"
    return f"{{apiVersion: v1, kind: Namespace, metadata: {{{meta}}}}}"


def workload(
    name: str = "cart",
    ports: str = "{name: http, containerPort: 8080}",
    annotations: str = "",
    probes: str = "",
    namespace: str = "shop",
    account: str = "",
    spec: str = "",
    labels: str = "",
) -> str:
    container = f"name: c, image: i, ports: [{ports}]{', ' + probes if probes else ''}"
    meta = f"labels: {{app: {name}{', ' + labels if labels else ''}}}, annotations: {{{annotations}}}"
    more = (f", serviceAccountName: {account}" if account else "") + (f", {spec}" if spec else "")
    template = f"metadata: {{{meta}}}, spec: {{containers: [{{{container}}}]{more}}}"
    return _object("apps/v1", "Deployment", name, f"template: {{{template}}}", namespace)


def server(
    port: int | str = 8080,
    protocol: str = "",
    access: str = "",
    name: str = "cart",
    selector: str = "matchLabels: {app: cart}",
    labels: str = "",
    version: str = "v1beta3",
    namespace: str = "shop",
) -> str:
    more = (f", proxyProtocol: {protocol}" if protocol else "") + (
        f", accessPolicy: {access}" if access else ""
    )
    spec = f"podSelector: {{{selector}}}, port: {port}{more}"
    return _object(f"{POLICY}/{version}", "Server", name, spec, namespace, labels)


def policy(*refs: str, target: str = "Server/cart", name: str = "p", namespace: str = "shop") -> str:
    """An AuthorizationPolicy; references are written `tls/name`, `net/name`, `sa/name`, with `@namespace`."""
    kind, _, named = target.partition("/")
    group = {"Server": POLICY, "HTTPRoute": POLICY, "GRPCRoute": GATEWAY, "Namespace": ""}[kind]
    listed = ", ".join(_reference(ref) for ref in refs)
    spec = f"targetRef: {{group: '{group}', kind: {kind}, name: {named}}}, {REFS}: [{listed}]"
    return _object(f"{POLICY}/v1alpha1", "AuthorizationPolicy", name, spec, namespace)


def raw_policy(spec: str, name: str = "p") -> str:
    return _object(f"{POLICY}/v1alpha1", "AuthorizationPolicy", name, spec)


def tls(*identities: str, name: str = "web", namespace: str = "shop") -> str:
    listed = ", ".join(f"'{one}'" for one in identities)
    return _object(f"{POLICY}/v1alpha1", "MeshTLSAuthentication", name, f"identities: [{listed}]", namespace)


def tls_refs(*refs: str, name: str = "web") -> str:
    return _object(f"{POLICY}/v1alpha1", "MeshTLSAuthentication", name, f"identityRefs: [{', '.join(refs)}]")


def net(*networks: str, name: str = "nodes", namespace: str = "shop") -> str:
    """A NetworkAuthentication; `10.0.0.0/8 except 10.1.0.0/16` leaves some out."""
    return _object(
        f"{POLICY}/v1alpha1", "NetworkAuthentication", name, f"networks: [{_networks(networks)}]", namespace
    )


def saz(client: str, server: str = "name: cart", name: str = "z", namespace: str = "shop") -> str:
    spec = f"server: {{{server}}}, client: {{{client}}}"
    return _object(f"{POLICY}/v1beta1", "ServerAuthorization", name, spec, namespace)


def http_route(
    rules: str = "{}", name: str = "r", parent: str = "", group: str = f"{POLICY}/v1beta3", hosts: str = ""
) -> str:
    refs = parent or f"{{group: {POLICY}, kind: Server, name: cart}}"
    spec = f"parentRefs: [{refs}], rules: [{rules}]" + (f", hostnames: [{hosts}]" if hosts else "")
    return _object(group, "HTTPRoute", name, spec)


def grpc_route(rules: str = "{}", name: str = "g", parent: str = "") -> str:
    refs = parent or f"{{group: {POLICY}, kind: Server, name: cart}}"
    return _object(f"{GATEWAY}/v1", "GRPCRoute", name, f"parentRefs: [{refs}], rules: [{rules}]")


def path(value: str, kind: str = "PathPrefix", more: str = "") -> str:
    """A rule that matches a path."""
    return f"{{matches: [{{path: {{type: {kind}, value: '{value}'}}{', ' + more if more else ''}}}]}}"


def call_of(service: str = "", method: str = "") -> str:
    """A rule that matches gRPC calls."""
    parts = [f"service: {service}"] if service else []
    parts += [f"method: {method}"] if method else []
    return f"{{matches: [{{method: {{{', '.join(parts)}}}}}]}}"


def identity(account: str, namespace: str = "shop") -> str:
    return f"{account}.{namespace}.{ENDING}"


@frozen
class Case:
    """Objects beside the namespace and the workload `cart`, a call to it, and what becomes of the call.

    `who` is an account of `shop`, a whole identity, "" for plaintext, or "tls" for TLS without an identity.
    `send` is a method and a path, or empty for bytes that are no HTTP.
    """

    title: str
    objects: tuple[str, ...]
    verdict: str
    who: str = "web"
    send: str = "GET /"
    port: int = 8080
    address: str | None = None
    host: str | None = None
    headers: dict[str, str | tuple[str, ...]] = field(factory=dict)
    cart: str = field(factory=workload)
    space: str = field(factory=namespace)
    settings: MeshSettings = CLOSED

    def __str__(self) -> str:
        return self.title

    @property
    def mesh(self) -> Mesh:
        return mesh(self.space, self.cart, *self.objects, settings=self.settings)


def made(case: Case) -> Decision:
    world = case.mesh
    return decide(world, cart_of(world), case.port, caller(case.who, case.address), request(case))


def cart_of(world: Mesh, name: str = "cart") -> Workload:
    return next(one for one in world.workloads.all if one.name == name)


def caller(who: str, address: str | None = None) -> Caller:
    if who == "tls":
        return evolve(Caller.plain(address), tls=True)
    if not who:
        return Caller.plain(address)
    return Caller.named(who if "." in who or ":" in who else identity(who), address)


def request(case: Case) -> HttpRequest | None:
    if not case.send:
        return None
    method, _, target = case.send.partition(" ")
    return HttpRequest(method, target, case.host, case.headers)


def _object(version: str, kind: str, name: str, spec: str, namespace: str = "shop", labels: str = "") -> str:
    meta = f"name: {name}, namespace: {namespace}, labels: {{{labels}}}"
    return f"{{apiVersion: {version}, kind: {kind}, metadata: {{{meta}}}, spec: {{{spec}}}}}"


def _reference(ref: str) -> str:
    kind, _, rest = ref.partition("/")
    name, _, namespace = rest.partition("@")
    kinds = {"tls": "MeshTLSAuthentication", "net": "NetworkAuthentication", "sa": "ServiceAccount"}
    group = "" if kind == "sa" else f"group: {POLICY}, "
    where = f", namespace: {namespace}" if namespace else ""
    return f"{{{group}kind: {kinds[kind]}, name: {name}{where}}}"


def _networks(networks: tuple[str, ...]) -> str:
    entries = []
    for network in networks:
        cidr, _, excluded = network.partition(" except ")
        entries.append(f"{{cidr: '{cidr}', except: ['{excluded}']}}" if excluded else f"{{cidr: '{cidr}'}}")
    return ", ".join(entries)
