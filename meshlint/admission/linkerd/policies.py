"""Policies on who may call that Linkerd's webhook refuses."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.admission.linkerd.networks import network_remarks
from meshlint.admission.linkerd.references import (
    AUTHENTICATIONS,
    TARGETS,
    is_foreign_namespace,
    is_target,
    supported,
    too_many,
)
from meshlint.admission.linkerd.saying import refusal
from meshlint.admission.remark import Remark
from meshlint.documents import Field
from meshlint.matching import linkerd_identity_problem
from meshlint.resources import Resource
from meshlint.resources.gateway_api.reference import Reference
from meshlint.resources.linkerd.authentication import mesh_tls_authentication
from meshlint.resources.linkerd.authorization_policy import AuthorizationPolicy, authorization_policy
from meshlint.resources.linkerd.group import refers_to
from meshlint.resources.linkerd.server import server
from meshlint.resources.linkerd.server_authorization import Client, server_authorization

TARGET_KIND = "linkerd-target-kind"
TARGET_GROUP = "linkerd-target-group"
TARGET_NAMESPACE = "linkerd-target-namespace"
AUTHENTICATION = "linkerd-authentication-kind"
AUTHENTICATIONS_TOGETHER = "linkerd-authentications"
IDENTITY = "linkerd-identity"
IDENTITY_REFERENCE = "linkerd-identity-reference"
CONTRADICTION = "linkerd-client-contradiction"
PORT = "linkerd-server-port"
LABEL = "linkerd-label"
_HIGHEST_PORT = 65_535


def authorization_policy_remarks(resource: Resource) -> Iterator[Remark]:
    """What is refused of an AuthorizationPolicy: its target, and what does not go together."""
    policy = authorization_policy(resource)
    yield from _target(policy)
    for ref in policy.required_authentication_refs or ():
        if ref.kind and not supported(ref):
            yield _authentication(resource, ref)
    said = too_many(policy)
    if said is not None:
        yield refusal(
            resource.spec / "requiredAuthenticationRefs",
            AUTHENTICATIONS_TOGETHER,
            f"{resource} requires {said}, so it is refused",
            "List all identities in one MeshTLSAuthentication, and all networks in one "
            "NetworkAuthentication. To admit either, write two policies.",
            on_key=True,
        )


def _target(policy: AuthorizationPolicy) -> Iterator[Remark]:
    ref = policy.target_ref
    if not ref.kind:
        return
    if ref.kind.lower() not in TARGETS:
        yield refusal(
            ref.kind.field,
            TARGET_KIND,
            f"{policy} targets a {ref.kind}, which is no target of such a policy, so it is refused",
            "Targets are a Server, an HTTPRoute, a GRPCRoute, or the policy's own Namespace.",
        )
    elif not is_target(ref):
        place = ref.field / "group" if ref.group.field else ref.field / "kind"
        written = f"group '{ref.group}'" if ref.group else "no group"
        message = f"{policy} targets {ref.kind} '{ref.name}' with {written}, so it is refused"
        yield refusal(place, TARGET_GROUP, message)
    elif is_foreign_namespace(policy) and ref.name:
        yield refusal(
            ref.name.field,
            TARGET_NAMESPACE,
            f"{policy} targets namespace '{ref.name}' and not its own, so it is refused",
            f"Put the policy into '{ref.name}', or target '{policy.namespace}'.",
        )


def _authentication(resource: Resource, ref: Reference) -> Remark:
    group = AUTHENTICATIONS.get(ref.kind.lower())
    place = ref.group.field if ref.group.field and group is not None else ref.kind.field
    required = "Required are a MeshTLSAuthentication or a ServiceAccount, and a NetworkAuthentication."
    return refusal(
        place,
        AUTHENTICATION,
        f"{resource} requires a {ref.kind} of group '{ref.group or 'core'}', so it is refused",
        f"Write `group: {group}`." if group else required,
    )


def mesh_tls_remarks(resource: Resource) -> Iterator[Remark]:
    """What is refused of a MeshTLSAuthentication: identities that are none, and references to others."""
    authentication = mesh_tls_authentication(resource)
    for identity in authentication.identities:
        if linkerd_identity_problem(str(identity)) is not None:
            yield refusal(
                identity.field,
                IDENTITY,
                f"{resource} admits what is no identity, so it is refused. It says '{identity}'",
                "Identities are lower-case names, with a star only in place of the whole first part.",
            )
    for ref in authentication.identity_refs:
        fault = _reference_fault(ref)
        if fault is not None:
            said, place = fault
            yield refusal(
                place,
                IDENTITY_REFERENCE,
                f"{resource} refers to {said}, so it is refused",
                "References name a ServiceAccount, or a Namespace without a `namespace`.",
            )


def _reference_fault(ref: Reference) -> tuple[str, Field] | None:
    if not (refers_to(ref, "", "ServiceAccount") or refers_to(ref, "", "Namespace")):
        return f"the kind '{ref.kind}'", ref.kind.field
    if not ref.name:
        return "no name", ref.field
    if refers_to(ref, "", "Namespace") and ref.namespace.field:
        return "a namespace that has a namespace", ref.namespace.field
    return None


def server_remarks(resource: Resource) -> Iterator[Remark]:
    """What is refused of a Server beside what its definition refuses: ports that are none, and labels."""
    for key in ("podSelector", "externalWorkloadSelector"):
        yield from _labels(resource, resource.spec / key)
    port = server(resource).port
    if isinstance(port, int) and not 0 < port <= _HIGHEST_PORT:
        yield refusal(
            resource.spec / "port",
            PORT,
            f"{resource} is for port {port}, which is none, so it is refused",
            f"Ports are numbers from 1 to {_HIGHEST_PORT}, or names of container ports.",
        )


def _labels(resource: Resource, selector: Field) -> Iterator[Remark]:
    """Labels whose values are no texts, which the definition of the kind lets pass."""
    labels = selector / "matchLabels"
    for key, value in labels.value.items() if isinstance(labels.value, dict) else ():
        if not isinstance(value, str):
            message = f"{resource} selects label '{key}' by {value!r}, which is no text, so it is refused"
            yield refusal(labels / key, LABEL, message, "Put the value in quotes.")


def server_authorization_remarks(resource: Resource) -> Iterator[Remark]:
    """What is refused of a ServerAuthorization: clients that are none, labels, and networks."""
    yield from _labels(resource, resource.spec / "server" / "selector")
    client = server_authorization(resource).client
    said = _contradiction(client)
    if said is not None:
        yield refusal(
            client.field / "meshTLS",
            CONTRADICTION,
            f"{resource} asks for {said}, so it is refused",
            "To admit either, write two ServerAuthorizations.",
            on_key=True,
        )
    yield from network_remarks(resource, client.networks)


def _contradiction(client: Client) -> str | None:
    mesh_tls = client.mesh_tls
    if mesh_tls is None:
        return None
    if client.unauthenticated:
        return "clients with mesh TLS that are unauthenticated"
    if mesh_tls.unauthenticated_tls and (mesh_tls.identities or mesh_tls.service_accounts):
        return "TLS without an identity and for identities at once"
    return None
