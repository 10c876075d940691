"""Settings of Linkerd's proxy that annotations make, and where they count.

The injector reads the annotations of the pod, which are those of the pod template, and copies most of those
of the namespace to pods that lack them; the object that makes the pods is never asked (Linkerd: injector).
"""

from __future__ import annotations

from meshlint.documents import Text
from meshlint.mesh import Mesh
from meshlint.resources.kubernetes.workload import Workload

CONFIG = "config.linkerd.io/"

INJECT = "linkerd.io/inject"
ADMISSION_WEBHOOKS = "config.linkerd.io/admission-webhooks"
DEFAULT_POLICY = "config.linkerd.io/default-inbound-policy"
SKIP_INBOUND = "config.linkerd.io/skip-inbound-ports"
SKIP_OUTBOUND = "config.linkerd.io/skip-outbound-ports"
OPAQUE = "config.linkerd.io/opaque-ports"
REQUIRE_IDENTITY = "config.linkerd.io/proxy-require-identity-inbound-ports"


def inherited(mesh: Mesh, workload: Workload, key: str) -> Text | None:
    """The value of `key` that the pods of `workload` end up with: their own, else the namespace's."""
    own = workload.pod.annotations.get(key)
    if own is not None:
        return own
    return (mesh.namespaces.annotations(workload.namespace) or {}).get(key)
