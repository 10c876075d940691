"""Strategic merge patches, as kustomize applies them (kyaml: merge2).

Lists of kinds that Kubernetes' own schema describes are merged by their keys, what the patch has first; lists
of any other kind are replaced.
"""

from __future__ import annotations

from typing import Final

from yaml.nodes import MappingNode, Node, SequenceNode

from meshlint.assembly.kustomize.merged_lists import merged_entries
from meshlint.assembly.kustomize.piece import Gvk
from meshlint.assembly.nodes import child, copied, drop, entries, is_null, mapping, put, sequence, text_of

DIRECTIVE: Final = "$patch"
_KEYS: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("containers", "ports"): ("containerPort", "protocol"),
    ("initContainers", "ports"): ("containerPort", "protocol"),
    ("ephemeralContainers", "ports"): ("containerPort", "protocol"),
    ("spec", "ports"): ("port", "protocol"),
}
_NAMED: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(
        ("containers", "initContainers", "ephemeralContainers", "env", "volumes", "imagePullSecrets"),
        ("name",),
    ),
    **dict.fromkeys(("secrets", "webhooks", "schedulingGates", "resourceClaims", "claims"), ("name",)),
    "volumeMounts": ("mountPath",),
    "volumeDevices": ("devicePath",),
    "hostAliases": ("ip",),
    "topologySpreadConstraints": ("topologyKey", "whenUnsatisfiable"),
    "conditions": ("type",),
    "ownerReferences": ("uid",),
    "finalizers": (),
}
_DESCRIBED: Final = frozenset(
    {
        ("", "Pod"),
        ("", "PodTemplate"),
        ("", "ReplicationController"),
        ("", "Service"),
        ("", "ServiceAccount"),
        ("", "ConfigMap"),
        ("", "Secret"),
        ("", "Namespace"),
        ("", "PersistentVolumeClaim"),
        ("apps", "Deployment"),
        ("apps", "StatefulSet"),
        ("apps", "DaemonSet"),
        ("apps", "ReplicaSet"),
        ("batch", "Job"),
        ("batch", "CronJob"),
        ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"),
        ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
    }
)
_BETA: Final = frozenset({"batch", "admissionregistration.k8s.io"})
"""Groups of which the schema that kustomize carries (Kubernetes 1.21) also has `v1beta1`."""
Path = tuple[str, ...]


def merged(dest: MappingNode, patch: Node, gvk: Gvk, *, has_schema: bool = False) -> MappingNode | None:
    """`dest` with `patch` merged in, both left as they are; None if the patch deletes the object.

    With `has_schema` a schema of the user's own tells more kinds (`openapi`): lists in their pod templates
    are merged as those of Kubernetes' own kinds.
    """
    versions = {"v1", "v1beta1"} if gvk.group in _BETA else {"v1"}
    described = (gvk.group, gvk.kind) in _DESCRIBED and gvk.version in versions
    described = described or (has_schema and child(dest, "spec", "template", "spec") is not None)
    result = _merge(copied(dest), copied(patch), (), described)
    return result if isinstance(result, MappingNode) else None


def _merge(dest: Node | None, patch: Node, path: Path, described: bool) -> Node | None:
    if is_null(patch):
        return None
    if isinstance(patch, MappingNode):
        return _merge_mapping(dest, patch, path, described)
    if isinstance(patch, SequenceNode):
        return _merge_list(dest, patch, path, described)
    return patch


def _merge_mapping(dest: Node | None, patch: MappingNode, path: Path, described: bool) -> Node | None:
    directive = text_of(child(patch, DIRECTIVE))
    drop(patch, DIRECTIVE)
    if directive == "delete":
        return None
    if directive == "replace":
        return patch
    result = dest if isinstance(dest, MappingNode) else mapping(patch)
    for name, key, value in entries(patch):
        inner = _merge(child(result, name), value, (*path, name), described)
        if inner is None:
            drop(result, name)
        else:
            put(result, key, inner)
    return result


def _merge_list(dest: Node | None, patch: SequenceNode, path: Path, described: bool) -> Node | None:
    keys = _keys(path) if described else None
    if keys is None:
        return patch
    directive = _list_directive(patch)
    if directive == "delete":
        return None
    if directive == "replace":
        return patch
    result = sequence(dest if isinstance(dest, SequenceNode) else patch)
    old = list(dest.value) if isinstance(dest, SequenceNode) else []
    if not keys:
        known = {text_of(item) for item in patch.value}
        result.value = [*patch.value, *(item for item in old if text_of(item) not in known)]
        return result
    result.value = merged_entries(
        old, patch.value, keys, lambda one, other: _merge(one, other, path, described)
    )
    return result


def _list_directive(patch: SequenceNode) -> str:
    """What an entry that holds a directive alone says of the whole list; such an entry is taken out."""
    for item in list(patch.value):
        if isinstance(item, MappingNode) and len(item.value) == 1 and child(item, DIRECTIVE) is not None:
            patch.value.remove(item)
            return text_of(child(item, DIRECTIVE))
    return ""


def _keys(path: Path) -> tuple[str, ...] | None:
    """The keys of the entries of the list at `path`, none for plain texts; None if it is one value."""
    if not path or path[0] == "data":
        return None
    parent = path[-2] if len(path) > 1 else ""
    if path[-1] == "ports":
        return _KEYS.get((parent, "ports"))
    if path[-1] == "secrets" and len(path) > 1:
        return None
    return _NAMED.get(path[-1])
