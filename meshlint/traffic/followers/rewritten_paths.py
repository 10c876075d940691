"""Policies at servers for paths that routes rewrite on the way, so that the server never sees them."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.documents import Field, Text
from meshlint.mesh import Mesh
from meshlint.resources.gateway_api.matches import HttpMatch
from meshlint.resources.gateway_api.route import RouteRule
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy, Rule
from meshlint.resources.istio.http_route import HttpRoute
from meshlint.resources.resource import Resource
from meshlint.security.policies.scope import has_sidecar
from meshlint.traffic.tables.gateway_api.routes import backend_host
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class Rewriting:
    """A route that replaces a prefix of the path: what it is called on the way, and where requests go."""

    owner: Resource
    at: Field
    prefix: str
    replacement: str
    hosts: tuple[str, ...]


@frozen(eq=False, repr=False)
class PathBefore:
    """A path in a policy that is one before a rewrite."""

    policy: AuthorizationPolicy
    path: Text
    rewriting: Rewriting

    @property
    def seen(self) -> str:
        """What the server sees instead of the path."""
        rest = str(self.path)[len(self.rewriting.prefix.rstrip("/")) :].lstrip("/")
        return f"{self.rewriting.replacement.rstrip('/')}/{rest}"


def paths_before_rewrites(mesh: Mesh) -> Iterator[PathBefore]:
    """Paths of policies with the prefix that every route to their workloads replaces by another one.

    The policies of a sidecar judge what arrives: the path after the rewrite (Istio: order of HTTP filters).
    """
    found = tuple(rewritings(mesh))
    for policy in mesh.authorization_policies.all if found else ():
        paths = [path for path in _paths(policy) if any(_is_before(str(path), one) for one in found)]
        workloads = mesh.authorization_policies.selected(policy) if paths else ()
        if not workloads or policy.is_dry_run or not all(has_sidecar(mesh, one) for one in workloads):
            continue
        services = {service for one in workloads for service in mesh.services.of(one)}
        hosts = {mesh.hosts.service_name(one).host(mesh.settings.cluster_domain) for one in services}
        leading = [one for one in found if hosts & set(one.hosts)]
        for path in paths:
            match = next((one for one in leading if _is_before(str(path), one)), None)
            if match is not None and not _is_kept(mesh, hosts, str(path), found):
                yield PathBefore(policy, path, match)


def rewritings(mesh: Mesh) -> Iterator[Rewriting]:
    """The routes of Istio and of the Gateway API that replace a prefix."""
    for virtual_service in mesh.virtual_services:
        for route in virtual_service.http:
            uri = None if route.rewrite is None else route.rewrite.uri
            for match in route.match if uri else ():
                if uri and match.uri is not None and match.uri.kind == "prefix":
                    hosts = _hosts(mesh, route, virtual_service.resource.namespace)
                    prefix = str(match.uri.value)
                    yield Rewriting(virtual_service.resource, uri.field, prefix, str(uri), hosts)
    for one in mesh.routes:
        for rule in one.rules if one.kind == "HTTPRoute" else ():
            yield from _of_rule(mesh, one.resource, rule)


def _of_rule(mesh: Mesh, owner: Resource, rule: RouteRule[HttpMatch]) -> Iterator[Rewriting]:
    domain = mesh.settings.cluster_domain
    for one in rule.filters:
        text = (one.field / "urlRewrite" / "path").text("replacePrefixMatch")
        if one.type == "URLRewrite" and text is not None:
            hosts = tuple(backend_host(backend, domain) for backend in rule.backend_refs)
            for match in rule.matches:
                if match.path.type == "PathPrefix":
                    yield Rewriting(owner, text.field, str(match.path.value), str(text), hosts)


def _hosts(mesh: Mesh, route: HttpRoute, namespace: str) -> tuple[str, ...]:
    named = (entry.destination.host for entry in route.route)
    return tuple(mesh.hosts.expand(str(one), namespace) for one in named if one)


def _paths(policy: AuthorizationPolicy) -> Iterator[Text]:
    """The paths that a policy asks for, of rules that ask for nothing but such by their operations."""
    for rule in policy.rules or ():
        yield from _of_operations(rule)


def _of_operations(rule: Rule) -> Iterator[Text]:
    for operation in rule.to or ():
        yield from operation.paths


def _is_before(path: str, one: Rewriting) -> bool:
    """Whether a path of a policy has the prefix that a route takes away, and not by chance."""
    stem = one.prefix.rstrip("/")
    inside = path == stem or path.startswith(f"{stem}/")
    return bool(stem) and inside and not f"{one.replacement.rstrip('/')}/".startswith(f"{stem}/")


def _is_kept(mesh: Mesh, hosts: set[str], path: str, found: tuple[Rewriting, ...]) -> bool:
    """Whether requests come with the path as it is: by a route that leaves it, or makes it of another one."""
    for one in found:
        stem = one.replacement.rstrip("/")
        if stem and hosts & set(one.hosts) and path.startswith(f"{stem}/"):
            return True
    for virtual_service in mesh.virtual_services:
        for route in virtual_service.http:
            leads = hosts & set(_hosts(mesh, route, virtual_service.resource.namespace))
            if leads and route.rewrite is None and _may_take(route, path):
                return True
    return False


def _may_take(route: HttpRoute, path: str) -> bool:
    plain = path.rstrip("*")
    tests = [one.uri for one in route.match if one.uri is not None]
    if len(tests) < len(route.match) or not route.match:
        return True
    return any(
        test.kind == "regex" or plain.startswith(str(test.value)) or str(test.value).startswith(plain)
        for test in tests
    )
