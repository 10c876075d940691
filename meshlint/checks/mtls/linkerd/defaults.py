"""Default policies of Linkerd that are open, or that nothing decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.linkerd_pods import written
from meshlint.checks.shared.mended import replaced
from meshlint.checks.world import World
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.linkerd.default_policy import UNAUTHENTICATED, default_policy
from meshlint.security.membership.annotations import DEFAULT_POLICY
from meshlint.security.membership.linkerd import linkerd_proxy

Parameters = Mapping[str, Any]


def open_default(world: World, _: Parameters) -> Iterator[Hit]:
    """A default policy that lets in clients without an identity because its author says so."""
    for resource, value in written(world.mesh, DEFAULT_POLICY):
        if value in UNAUTHENTICATED and value != "audit":
            yield Hit(
                value.field,
                f"{resource} sets the default policy '{value}', so callers outside of the mesh are let in",
                resource=resource,
                hint="Use `all-authenticated`, or `deny` with a Server for each port.",
                fix=replaced(value.field, "all-authenticated", safe=False),
            )


def undecided_default(world: World, _: Parameters) -> Iterator[Hit]:
    """A namespace with meshed workloads for which nothing in view sets a default policy."""
    mesh = world.mesh
    if mesh.settings.linkerd.is_declared("default_inbound_policy"):
        return
    for namespace in mesh.workloads.namespaces:
        meshed = [
            one for one in mesh.workloads.in_namespace(namespace) if linkerd_proxy(mesh, one).is_present
        ]
        open_ones = [one for one in meshed if default_policy(mesh, one).because is None]
        if open_ones:
            resource = mesh.namespaces.get(namespace) or open_ones[0].resource
            yield Hit(
                resource.at("metadata", "name"),
                f"No default policy is set for namespace '{namespace}', so its meshed pods take plaintext",
                resource=resource,
                hint=f"Annotate the namespace with `{DEFAULT_POLICY}`, or declare the control plane's "
                "default as `linkerd: {default-inbound-policy: …}` under `mesh:` in the configuration.",
                related=(_concerned(open_ones[0]),),
                about=namespace,
            )


def _concerned(workload: Workload) -> Related:
    return Related(workload.field / "metadata" / "name", f"this concerns {workload}", concerns=True)
