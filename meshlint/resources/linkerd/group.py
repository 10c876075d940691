"""Names of Linkerd's API groups, and references between its policy objects."""

from __future__ import annotations

from meshlint.documents import Field
from meshlint.resources.gateway_api.reference import Reference, Target, reference

POLICY = "policy.linkerd.io"
PROFILES = "linkerd.io"
WORKLOADS = "workload.linkerd.io"
MULTICLUSTER = "multicluster.linkerd.io"


def policy_reference(field: Field, namespace: str) -> Reference:
    """The reference at `field`; no group means core, and `namespace` counts where none is written."""
    return reference(field, Target("", "", namespace))


def refers_to(ref: Reference, group: str, kind: str) -> bool:
    """Whether `ref` names an object of this kind, as Linkerd compares them.

    Letter case does not count, and `core` is another name of the core group (Linkerd: admission of policies).
    """
    written = ref.group.lower()
    return (group.lower() == ("" if written == "core" else written)) and ref.kind.lower() == kind.lower()
