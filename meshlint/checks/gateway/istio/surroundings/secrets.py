"""Secrets with the certificates of Gateways: shared, incomplete or elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.world import World
from meshlint.documents import Field
from meshlint.resources.istio.server_tls import ServerTls


def shared_certificate(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Two servers for different hosts use one certificate."""
    from meshlint.traffic.gateways.pods import shared_certificates

    for gateway, server, other, other_server in shared_certificates(world.mesh):
        tls, other_tls, place = server.tls, other_server.tls, other.resource
        if tls is not None and other_tls is not None:
            yield Hit(
                _certificate(tls),
                f"{gateway.resource} shares its certificate with {place.namespace}/{place.name}, "
                "so browsers may reuse a connection and get status 404",
                resource=gateway.resource,
                hint="Serve all hosts of one certificate from one server, or use one for each host.",
                related=(Related(_certificate(other_tls), "the other server"),),
                about=str(place),
            )


def _certificate(tls: ServerTls) -> Field:
    return tls.field / ("credentialName" if tls.credential_name else "serverCertificate")


def secret_without_keys(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """The Secret of a server has no certificate or no key."""
    from meshlint.mesh.questions.credentials import incomplete_secrets

    for gateway, server, secret in incomplete_secrets(world.mesh):
        tls = server.tls
        if tls is not None:
            yield Hit(
                tls.field / "credentialName",
                f"{gateway.resource} uses {secret}, which has no certificate and key, so it is not served",
                resource=gateway.resource,
                hint="The Secret needs `tls.crt` and `tls.key`, or `cert` and `key`.",
                related=(Related(secret.at("metadata", "name"), "the Secret"),),
            )


def secret_without_ca(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """The Secret of a server that checks clients has no CA to check them by."""
    from meshlint.mesh.questions.credentials import secrets_without_ca

    for gateway, server, secret in secrets_without_ca(world.mesh):
        if server.tls is not None:
            yield Hit(
                server.tls.field / "credentialName",
                f"{gateway.resource} checks clients by {secret}, which has no CA, so it is not served",
                resource=gateway.resource,
                hint=f"Add `ca.crt` to the Secret, or a Secret called `{secret.name}-cacert`.",
                related=(Related(secret.at("metadata", "name"), "the Secret"),),
            )


def secret_elsewhere(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """The Secret of a server is not in the namespace of the gateway's pods."""
    from meshlint.mesh.questions.credentials import misplaced_secrets

    for gateway, server, found in misplaced_secrets(world.mesh):
        tls, where = server.tls, "not beside its pods" if found.secrets else "nowhere, nor beside its pods"
        hint = "The Secret is read from the namespace of the pods, not of the Gateway."
        if found.renamed is not None:
            hint = (
                f"Kustomize calls it {found.renamed.name!r}, and leaves `credentialName` as it is: "
                "write a `nameReference` for this field, or keep the name (`disableNameSuffixHash`)."
            )
        if tls is not None:
            yield Hit(
                tls.field / "credentialName",
                f"{gateway.resource} uses Secret {str(tls.credential_name)!r}, which is {where} "
                f"in {', '.join(found.places)}, so the server is not served",
                resource=gateway.resource,
                hint=hint,
                related=tuple(Related(one.at("metadata", "name"), "it is here") for one in found.secrets[:2]),
            )
