"""The Secrets with the certificates of Istio's Gateways: whether they are there, and hold what they must.

A gateway reads them from the namespace of its pods (Istio: credentialName).
"""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh.mesh import Mesh
from meshlint.resources.istio.gateway import Gateway, Server
from meshlint.resources.renamed import renamed
from meshlint.resources.resource import Resource
from meshlint.values import frozen

_MAKERS = frozenset(
    {
        "Certificate",
        "ClusterExternalSecret",
        "ExternalSecret",
        "OnePasswordItem",
        "SealedSecret",
        "SecretProviderClass",
        "VaultDynamicSecret",
        "VaultPKISecret",
        "VaultStaticSecret",
    }
)
"""Kinds whose controllers make Secrets of a name that is written in them."""


def incomplete_secrets(mesh: Mesh) -> Iterator[tuple[Gateway, Server, Resource]]:
    """Servers whose Secret is in view and lacks a certificate or its key."""
    for gateway, server, name in _credentials(mesh):
        found = [one for one in mesh.resources.of("", "Secret") if one.name == name]
        places = {pod.namespace for pod in mesh.gateways.pods(gateway)}
        here = [one for one in found if not places or one.namespace in places]
        if here and not any(_has_pair(one) for one in here):
            yield gateway, server, here[0]


def secrets_without_ca(mesh: Mesh) -> Iterator[tuple[Gateway, Server, Resource]]:
    """Servers of mode MUTUAL whose Secret is in view, complete but for the CA that clients are checked by.

    The CA stands in the same Secret, or in one of that name with `-cacert` (Istio: credentialName).
    """
    for gateway, server, name in _credentials(mesh):
        tls = server.tls
        if tls is None or tls.mode != "MUTUAL" or tls.ca_cert_credential_name or tls.ca_certificates:
            continue
        places = {pod.namespace for pod in mesh.gateways.pods(gateway)}
        secrets = [one for one in mesh.resources.of("", "Secret") if one.namespace in places]
        here = [one for one in secrets if one.name == name]
        beside = any(one.name == f"{name}-cacert" for one in secrets)
        if here and not beside and all(_keys(one) and _has_pair(one) and not _has_ca(one) for one in here):
            yield gateway, server, here[0]


def _has_ca(secret: Resource) -> bool:
    return not {"ca.crt", "cacert"}.isdisjoint(_keys(secret))


@frozen(eq=False, repr=False)
class Misplaced:
    """A Secret that lies beside none of the pods that are to read it.

    `places` are the namespaces of the pods, `secrets` the namesakes elsewhere, if there are any, and
    `renamed` is the one beside them that was written under this name, and has another in the cluster.
    """

    name: str
    places: tuple[str, ...]
    secrets: tuple[Resource, ...]
    renamed: Resource | None = None


def misplaced_secrets(mesh: Mesh) -> Iterator[tuple[Gateway, Server, Misplaced]]:
    """Servers whose Secret is in view, but in none of the namespaces of the pods in view."""
    for gateway, server, _ in _credentials(mesh):
        found = misplaced(mesh, gateway, server)
        if found is not None:
            yield gateway, server, found


def misplaced(mesh: Mesh, gateway: Gateway, server: Server) -> Misplaced | None:
    """The Secret of a server, if it surely lies beside none of the pods of its Gateway.

    Where the files are complete, a Secret that is nowhere and that nobody makes is missing, too.
    """
    name = None if server.tls is None else server.tls.credential_name
    places = tuple(sorted({pod.namespace for pod in mesh.gateways.pods(gateway)}))
    if not name or not places:
        return None
    found = tuple(one for one in mesh.resources.of("", "Secret") if one.name == name)
    # What names no namespace may be applied anywhere.
    if any(one.namespace in places or not one.names_namespace for one in found):
        return None
    known = renamed(mesh.resources, "Secret", places, name)
    if known is not None:
        return Misplaced(str(name), places, found, known)
    if found or (mesh.settings.complete and not _may_be_made(mesh, str(name))):
        return Misplaced(str(name), places, found)
    return None


def _may_be_made(mesh: Mesh, name: str) -> bool:
    """Whether an object that stands for a Secret, such as cert-manager's Certificate, names it."""
    return any(_holds(one.field.value, name) for one in mesh.resources.resources if one.kind in _MAKERS)


def _holds(value: object, name: str) -> bool:
    if isinstance(value, dict):
        return any(_holds(inner, name) for inner in value.values())
    return any(_holds(inner, name) for inner in value) if isinstance(value, list) else value == name


def _credentials(mesh: Mesh) -> Iterator[tuple[Gateway, Server, str]]:
    for gateway in mesh.gateways.all:
        for server in gateway.servers:
            if server.tls is not None and server.tls.credential_name:
                yield gateway, server, str(server.tls.credential_name)


def _has_pair(secret: Resource) -> bool:
    if not any(_contents(secret)):
        # An empty Secret is filled at run time.
        return True
    keys = _keys(secret)
    return {"tls.crt", "tls.key"} <= keys or {"cert", "key"} <= keys


def _keys(secret: Resource) -> frozenset[str]:
    """The keys of a Secret that hold what may be a certificate, a key or a list of them."""
    return frozenset(key for key, content in _contents(secret) if not _is_no_pem(content))


def _contents(secret: Resource) -> Iterator[tuple[str, object]]:
    """The keys of a Secret that hold something, with what they hold."""
    for part in ("data", "stringData"):
        value = secret.at(part).value
        if isinstance(value, dict):
            yield from ((str(key), content) for key, content in value.items() if content)


def _is_no_pem(content: object) -> bool:
    """Whether a value of `data` is plain text without the mark of a certificate, a key or a list of them.

    What is encrypted, or filled in later, is not in base64.
    """
    from base64 import b64decode

    try:
        return "-----BEGIN " not in b64decode(str(content), validate=True).decode("ascii")
    except ValueError:
        return False
