"""Linkerd's Server: a port of some pods that policies speak of."""

from __future__ import annotations

from meshlint.documents import Field, Text
from meshlint.resources.resource import Resource
from meshlint.resources.view import ObjectView, number_or_name, pruned, text_or
from meshlint.values import frozen

_WITHOUT_ACCESS_POLICY = frozenset({"v1alpha1", "v1beta1", "v1beta2"})
_WITHOUT_EXTERNAL_WORKLOADS = frozenset({"v1alpha1", "v1beta1"})


@frozen(eq=False, repr=False)
class Server(ObjectView):
    """A Server. The selectors are places; nothing is written at the one that is not used."""

    port: int | Text | None
    """A number, or the name of a container port; a number in quotes is a name."""
    pod_selector: Field
    external_workload_selector: Field
    proxy_protocol: Text
    access_policy: Text
    """Who may connect besides those whom policies admit; `deny` at versions that do not know the field."""


def server(resource: Resource) -> Server:
    """`resource` read as a Server of any version, without what older ones do not know (Linkerd: CRD)."""
    spec = resource.spec
    access = pruned(spec, "accessPolicy") if resource.version in _WITHOUT_ACCESS_POLICY else None
    external = resource.version not in _WITHOUT_EXTERNAL_WORKLOADS
    key = "externalWorkloadSelector"
    return Server(
        resource=resource,
        port=number_or_name(spec, "port"),
        pod_selector=spec / "podSelector",
        external_workload_selector=spec / key if external else pruned(spec, key),
        proxy_protocol=text_or(spec, "proxyProtocol", "unknown"),
        access_policy=Text.of("deny", access)
        if access is not None
        else text_or(spec, "accessPolicy", "deny"),
    )
