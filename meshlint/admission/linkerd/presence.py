"""Whether Linkerd is in a set of objects, as far as its objects tell."""

from __future__ import annotations

from meshlint.resources import Resource, ResourceSet
from meshlint.resources.linkerd.group import POLICY, PROFILES

_INJECT = "linkerd.io/inject"
_ENDING = ".linkerd.io"
_CORE = "core"


def shows_linkerd(written: ResourceSet) -> bool:
    """Whether a set has objects of Linkerd's own groups, or asks for its proxies."""
    if {group for group, _ in written.kinds} & {POLICY, PROFILES}:
        return True
    return any(_INJECT in _pod_annotations(one) for one in written.resources)


def _pod_annotations(resource: Resource) -> frozenset[str]:
    """The annotations of a namespace or pod, and those that a workload gives to its pods."""
    template = resource.spec / "template" / "metadata"
    return frozenset((*resource.annotations, *template.mapping("annotations")))


def is_for_linkerd(resource: Resource) -> bool:
    """Whether a route speaks of Linkerd itself: by the group of a parent, or by an annotation.

    That of Services is written `core` for Linkerd alone; the Gateway API has it empty (Gateway API: group).
    """
    parents = resource.spec.items("parentRefs")
    if any(parent.text("group") in (POLICY, _CORE) for parent in parents):
        return True
    return any(key.partition("/")[0].endswith(_ENDING) for key in resource.annotations)
