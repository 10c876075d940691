"""The policies that attach to the pods of a Gateway of Istio, be they in the files or not."""

from __future__ import annotations

from typing import TypeVar

from meshlint.mesh.mesh import Mesh
from meshlint.mesh.policies.attachment import Attachable, Attachment
from meshlint.resources.istio.gateway import Gateway

Policy = TypeVar("Policy", bound=Attachable)


def attached(mesh: Mesh, attachment: Attachment[Policy], gateway: Gateway) -> tuple[Policy, ...]:
    """The policies that surely attach to the pods of a Gateway of Istio.

    Without pods in view, those of the root namespace or beside the Gateway whose labels it selects, too.
    """
    pods = mesh.gateways.pods(gateway)
    if pods:
        return tuple(dict.fromkeys(one for pod in pods for one in attachment.attached_to(pod)))
    if gateway.selector is None or not gateway.selector.labels:
        return ()
    own = gateway.selector.labels.items()
    root, beside = mesh.settings.root_namespace, gateway.resource.namespace
    return tuple(
        one
        for one in attachment.all
        if not one.target_refs
        and _labels(one).items() <= own
        and (one.resource.namespace == root or (one.resource.namespace == beside and _labels(one)))
    )


def _labels(policy: Attachable) -> dict[str, str]:
    return dict(policy.selector.labels) if policy.selector is not None else {}
