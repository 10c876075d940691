"""Namespaces and trust domains in AuthorizationPolicies that no caller can be of."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.matching import istio_namespace
from meshlint.mesh import Mesh
from meshlint.mesh.questions.known_namespaces import known_namespaces, meant_namespace
from meshlint.mesh.settings.mesh_configs import mesh_configs
from meshlint.security.policies.values.texts import PRINCIPALS, PolicyValue, is_principal, values_of

_NAMESPACES = ("namespaces", "source.namespace")
_DOMAINS = ("trustDomains", "source.trustDomain")
_ALWAYS_KNOWN = "cluster.local"


def missing_namespaces(mesh: Mesh) -> Iterator[tuple[PolicyValue, tuple[str, ...]]]:
    """Namespaces of callers that do not exist, each with names that may have been meant.

    Only complete files show all namespaces; in others, only what is a slip of a declared name is missing.
    """
    known = known_namespaces(mesh)
    for found in values_of(mesh, *_NAMESPACES):
        if found.value and not _fits(found.value, known):
            meant = meant_namespace(mesh, found.value) if "*" not in found.value else None
            if meant is not None or mesh.settings.complete:
                yield found, (meant,) if meant is not None else ()


def _fits(value: str, known: frozenset[str]) -> bool:
    if "*" not in value:
        return value in known
    admitted = istio_namespace(value)
    return any(admitted.admits(f"x/ns/{name}/sa/x") for name in known)


def foreign_domains(mesh: Mesh) -> Iterator[tuple[PolicyValue, str]]:
    """Trust domains of callers that are none of the mesh's, where its settings say which it has.

    Certificates of others are taken only with `caCertificates` for them (Istio: trust domains).
    """
    if not mesh.settings.is_declared("trust_domain"):
        return
    configs = [found for _, found in mesh_configs(mesh.resources)]
    if any(one.field is not None and "caCertificates" in one.field for one in configs):
        return
    own = {mesh.settings.trust_domain, *mesh.settings.trust_domain_aliases, _ALWAYS_KNOWN}
    own.update(domain for one in configs for domain in (one.trust_domain, *one.trust_domain_aliases))
    for found in values_of(mesh, *PRINCIPALS, *_DOMAINS):
        domain = _domain(found)
        if domain and "*" not in domain and domain not in own:
            yield found, domain


def _domain(found: PolicyValue) -> str | None:
    if is_principal(found.name):
        domain, slash, rest = found.value.partition("/")
        return domain if slash and rest.startswith("ns/") else None
    return found.value
