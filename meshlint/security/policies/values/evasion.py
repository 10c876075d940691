"""Values that shut requests out by a spelling, which callers can change.

A DENY rule names what is kept out, and so does an exclusion in an ALLOW rule; a CUSTOM rule names what
another server has to let in. Proxies compare what is left after normalization as it stands; whatever the
application takes for the same gets past. A port in the host is compared too, while routes are found without
it (Istio: security best practices, path normalization and hosts; Envoy: `ignore_port_in_host_matching`).
"""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.documents import Text
from meshlint.matching import StringSet, istio_host, istio_path
from meshlint.mesh import Mesh
from meshlint.mesh.remembered import remembered
from meshlint.resources.istio.authorization_policy import AuthorizationPolicy
from meshlint.resources.kubernetes.service import Service
from meshlint.security.istio.attributes import seen_path
from meshlint.security.policies.scope import Covering, before_sidecars
from meshlint.security.policies.values.texts import (
    PolicyValue,
    policies_saying,
    policy_values,
    positive,
    values_of,
)
from meshlint.security.transport.inbound import service_ports
from meshlint.values import frozen

_USUAL_PORTS = frozenset({80, 443})
_ANY_PORT = ":8080"


@frozen(eq=False, repr=False)
class Evasion:
    """A value that keeps requests out, and another spelling that it does not cover."""

    found: PolicyValue
    spelling: str


def shutting_out(mesh: Mesh, policy: AuthorizationPolicy, field: str) -> Iterator[PolicyValue]:
    """The values of `paths` or `hosts` by which a policy keeps requests out, or has them checked."""
    for found in policy_values(mesh, policy):
        if positive(found.name) == field and (policy.action, found.negated) in _SHUTTING:
            yield found


_SHUTTING = frozenset({("DENY", False), ("CUSTOM", False), ("ALLOW", True)})


def evadable_paths(mesh: Mesh) -> Iterator[Evasion]:
    """Paths that one slash more, or the last one less, leads around."""
    for policy in policies_saying(mesh, "paths".__eq__):
        values = list(shutting_out(mesh, policy, "paths"))
        if not values:
            continue
        covered = StringSet.union_of(istio_path(found.value) for found in values)
        for found in values:
            for spelling in _path_spellings(found.value):
                seen = seen_path(spelling, mesh.settings.path_normalization)
                if seen is not None and not covered.admits(seen):
                    yield Evasion(found, spelling)
                    break


def _path_spellings(value: str) -> Iterator[str]:
    """Other ways to ask for what a value of `paths` names, as many applications take them."""
    if not value.startswith("/"):
        return
    path = value.replace("{**}", "x").replace("{*}", "x")
    sample = path.removesuffix("*")
    last = sample.rpartition("/")[2]
    if value.endswith(("/*", "/{**}")) and len(sample.rstrip("/")) > 1 and "{*}" not in value:
        yield value.removesuffix("*").removesuffix("{**}").rstrip("/")
    if sample == path and last and "." not in last:
        yield f"{sample}/"
    if len(sample) > 1:
        yield f"/{sample}"


def evadable_hosts(mesh: Mesh) -> Iterator[Evasion]:
    """Hosts that a port, or another name of the same Service, leads around."""
    for policy in policies_saying(mesh, "hosts".__eq__):
        values = list(shutting_out(mesh, policy, "hosts"))
        if not values:
            continue
        covered = StringSet.union_of(istio_host(found.value) for found in values)
        names = _names(mesh, policy)
        for found in values:
            spellings = (one for one in _host_spellings(found.value, names) if not covered.admits(one))
            spelling = next((one for one in spellings if not _is_shut_anyway(mesh, policy, one)), None)
            if spelling is not None:
                yield Evasion(found, spelling)


def _is_shut_anyway(mesh: Mesh, policy: AuthorizationPolicy, host: str) -> bool:
    """Whether requests for a host are denied for want of an ALLOW policy that admits it."""
    if policy.action == "ALLOW" or not _allowing(mesh).of(policy):
        return False
    places = dict.fromkeys((policy.resource.namespace, mesh.settings.root_namespace))
    return not any(_allowed_hosts(mesh, place).admits(host) for place in places)


@remembered
def _allowing(mesh: Mesh) -> Covering[AuthorizationPolicy]:
    return Covering(
        mesh,
        tuple(one for one in mesh.authorization_policies.all if one.action == "ALLOW" and not one.is_dry_run),
    )


@remembered
def _allowed_hosts(mesh: Mesh, namespace: str) -> StringSet:
    """The hosts that some ALLOW policy of a namespace admits, whatever it asks besides."""
    policies = [one for one in _allowing(mesh).policies if one.resource.namespace == namespace]
    operations = [rule.to or (None,) for one in policies for rule in one.rules or ()]
    hosts = [() if one is None else one.hosts for to in operations for one in to]
    if not all(hosts):
        return StringSet.anything()
    return StringSet.union_of(istio_host(value) for each in hosts for value in each)


def _host_spellings(value: str, names: tuple[tuple[str, ...], ...]) -> Iterator[str]:
    if value == "*" or value.endswith("*"):
        return
    host = f"x{value[1:]}" if value.startswith("*") else value
    if ":" not in host:
        yield f"{host}{_ANY_PORT}"
    for aliases in names:
        if value.lower() in aliases:
            yield from aliases


def _names(mesh: Mesh, policy: AuthorizationPolicy) -> tuple[tuple[str, ...], ...]:
    """The names of each Service before the workloads of a policy."""
    services = {
        id(service): service
        for workload in mesh.authorization_policies.selected(policy)
        for service in mesh.services.of(workload)
    }
    return tuple(_aliases(mesh, service) for service in services.values())


def _aliases(mesh: Mesh, service: Service) -> tuple[str, ...]:
    short = mesh.hosts.service_name(service)
    dotted = f"{short.name}.{short.namespace}"
    return short.name, dotted, f"{dotted}.svc", short.host(mesh.settings.cluster_domain)


def hosts_without_port(mesh: Mesh) -> Iterator[tuple[PolicyValue, int]]:
    """Hosts that ALLOW rules admit without a port, where callers name one: it is no usual port of HTTP."""
    for policy, workloads in before_sidecars(mesh, policies_saying(mesh, "hosts".__eq__)):
        ports = {port for one in workloads for port in service_ports(mesh, one)}
        if policy.action != "ALLOW" or not ports or ports & _USUAL_PORTS:
            continue
        values = [found for found in policy_values(mesh, policy) if found.name == "hosts"]
        covered = StringSet.union_of(istio_host(found.value) for found in values)
        for found in values:
            host, port = _without_star(found.value), min(ports)
            if ":" not in host and not any(covered.admits(f"{host}:{number}") for number in ports):
                yield found, port


def _without_star(value: Text) -> str:
    return f"x{value[1:]}" if value.startswith("*") else value


def open_prefixes(mesh: Mesh) -> Iterator[tuple[PolicyValue, str]]:
    """Prefixes that let paths in and end within a segment, each with another path that is let in."""
    for found in values_of(mesh, "paths"):
        value = found.value
        if not value.startswith("/") or not value.endswith("*") or "{" in value:
            continue
        stem = value[:-1]
        lets_in = (found.policy.action, found.name) in (("ALLOW", "paths"), ("DENY", "notPaths"))
        if lets_in and stem[-1:].isalnum():
            yield found, f"{stem}0" if stem[-1:].isdigit() else f"{stem}-other"
