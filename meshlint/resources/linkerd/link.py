"""Linkerd's Link: another cluster whose services are mirrored here."""

from __future__ import annotations

from meshlint.documents import Field, Text
from meshlint.resources.resource import Resource
from meshlint.resources.view import ObjectView, pruned
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class Link(ObjectView):
    """A link. An absent or empty selector selects no service, unlike elsewhere (Linkerd: CRD of Link)."""

    target_cluster_name: Text | None
    target_cluster_domain: Text | None
    target_cluster_linkerd_namespace: Text | None
    cluster_credentials_secret: Text | None
    gateway_address: Text | None
    gateway_port: Text | None
    gateway_identity: Text | None
    probe_spec: Field
    selector: Field
    remote_discovery_selector: Field
    federated_service_selector: Field


def link(resource: Resource) -> Link:
    """`resource` read as a Link of any version."""
    spec = resource.spec
    return Link(
        resource=resource,
        target_cluster_name=spec.text("targetClusterName"),
        target_cluster_domain=spec.text("targetClusterDomain"),
        target_cluster_linkerd_namespace=spec.text("targetClusterLinkerdNamespace"),
        cluster_credentials_secret=spec.text("clusterCredentialsSecret"),
        gateway_address=spec.text("gatewayAddress"),
        gateway_port=spec.text("gatewayPort"),
        gateway_identity=spec.text("gatewayIdentity"),
        probe_spec=spec / "probeSpec",
        selector=spec / "selector",
        remote_discovery_selector=spec / "remoteDiscoverySelector",
        federated_service_selector=_federated(resource),
    )


def _federated(resource: Resource) -> Field:
    key = "federatedServiceSelector"
    return pruned(resource.spec, key) if resource.version == "v1alpha1" else resource.spec / key
