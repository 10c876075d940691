"""Calls of workloads to hosts outside of the mesh, as far as their environment tells."""

from __future__ import annotations

import re
from collections.abc import Iterator

from meshlint.documents import Text
from meshlint.mesh import Mesh, Missing
from meshlint.mesh.graph.calls import environment
from meshlint.mesh.names.expansion import is_address
from meshlint.mesh.settings.settings import OutboundPolicy
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.membership.istio import istio_sidecar
from meshlint.values import frozen, regex

_URL = regex(r"\bhttps?://(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)+)(?=[:/?#,\s]|$)", re.IGNORECASE)


@frozen(eq=False, repr=False)
class OutsideCall:
    """A call that a workload is configured for; `because` is the value that names the host."""

    client: Workload
    host: str
    because: Text


def outside_calls(workload: Workload) -> Iterator[OutsideCall]:
    """The hosts of the URLs in a workload's environment, each once."""
    seen: set[str] = set()
    for value in environment(workload):
        for match in _URL.finditer(value):
            host = match["host"].lower()
            if host not in seen and not is_address(host):
                seen.add(host)
                yield OutsideCall(workload, host, value)


def barred_calls(mesh: Mesh) -> Iterator[OutsideCall]:
    """Calls to hosts that do not exist in the mesh, of workloads whose proxies reach only known ones.

    A Sidecar may set its own outbound policy, so that where any is in the namespace nothing is said.
    """
    if mesh.settings.outbound_policy is not OutboundPolicy.REGISTRY_ONLY:
        return
    own = {one.resource.namespace for one in mesh.sidecars if one.field / "outboundTrafficPolicy"}
    if mesh.settings.root_namespace in own:
        return
    for workload in mesh.workloads.all:
        if workload.namespace not in own and istio_sidecar(mesh, workload).is_present:
            for call in outside_calls(workload):
                if isinstance(mesh.hosts.resolve(call.host, workload.namespace), Missing):
                    yield call
