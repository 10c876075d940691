"""An object on its way through kustomize, with the names it has had."""

from __future__ import annotations

from typing import Final

from yaml.nodes import MappingNode

from meshlint.assembly.nodes import child, copied, mapping, put, scalar, text_of
from meshlint.values import define, field, frozen

CLUSTER_SCOPED: Final = frozenset(
    {
        ("", "Namespace"),
        ("", "Node"),
        ("", "PersistentVolume"),
        ("", "ComponentStatus"),
        ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"),
        ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy"),
        ("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding"),
        ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
        ("apiextensions.k8s.io", "CustomResourceDefinition"),
        ("apiregistration.k8s.io", "APIService"),
        ("certificates.k8s.io", "CertificateSigningRequest"),
        ("flowcontrol.apiserver.k8s.io", "FlowSchema"),
        ("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration"),
        ("networking.k8s.io", "IngressClass"),
        ("node.k8s.io", "RuntimeClass"),
        ("policy", "PodSecurityPolicy"),
        ("rbac.authorization.k8s.io", "ClusterRole"),
        ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
        ("scheduling.k8s.io", "PriorityClass"),
        ("storage.k8s.io", "CSIDriver"),
        ("storage.k8s.io", "CSINode"),
        ("storage.k8s.io", "StorageClass"),
        ("storage.k8s.io", "VolumeAttachment"),
    }
)
"""Kinds that kustomize knows to have no namespace; of those that it does not know it thinks they have one."""
_FIRST: Final = (
    "Namespace",
    "ResourceQuota",
    "StorageClass",
    "CustomResourceDefinition",
    "ServiceAccount",
    "PodSecurityPolicy",
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
    "ConfigMap",
    "Secret",
    "Endpoints",
    "Service",
    "LimitRange",
    "PriorityClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Deployment",
    "StatefulSet",
    "CronJob",
    "PodDisruptionBudget",
)
_LAST: Final = ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")
_ORDER: Final = {
    **{kind: index - len(_FIRST) for index, kind in enumerate(_FIRST)},
    **{kind: index + 1 for index, kind in enumerate(_LAST)},
}
"""Where kinds stand that kustomize puts before or behind all others, which are in alphabetical order."""


@frozen
class Gvk:
    """Group, version and kind; empty ones select any."""

    group: str = ""
    version: str = ""
    kind: str = ""

    def selected_by(self, other: Gvk) -> bool:
        """Whether `other` has nothing else in what it says."""
        return (
            other.group in {"", self.group}
            and other.version in {"", self.version}
            and other.kind in {"", self.kind}
        )

    @property
    def order(self) -> tuple[int, str]:
        """The place of the kind among others (kustomize: `Gvk.IsLessThan`)."""
        return _ORDER.get(self.kind, 0), "_".join(
            (self.group or "~G", self.version or "~V", self.kind or "~K")
        )


@frozen
class Id:
    """What an object is called."""

    gvk: Gvk
    name: str
    namespace: str = ""

    @property
    def in_namespace(self) -> str:
        """The namespace, an unwritten one being the default one; none for objects of the cluster."""
        if (self.gvk.group, self.gvk.kind) in CLUSTER_SCOPED:
            return ""
        return self.namespace or "default"

    @property
    def is_cluster_scoped(self) -> bool:
        """Whether kustomize knows that the object has no namespace."""
        return (self.gvk.group, self.gvk.kind) in CLUSTER_SCOPED

    def equals(self, other: Id) -> bool:
        """Whether both are one object."""
        return (self.gvk, self.name, self.in_namespace) == (other.gvk, other.name, other.in_namespace)


@define(eq=False)
class Piece:
    """One object: `root` is its own, to be changed; `former` are its earlier ids, the first one first."""

    root: MappingNode
    former: list[Id] = field(factory=list)
    prefixes: list[str] = field(factory=list)
    suffixes: list[str] = field(factory=list)
    needs_hash: bool = False
    behavior: str = "create"
    variables: list[str] = field(factory=list)

    @property
    def id(self) -> Id:
        """What it is called now."""
        version = text_of(child(self.root, "apiVersion"))
        group, _, short = version.rpartition("/")
        return Id(
            Gvk(group, short, text_of(child(self.root, "kind"))),
            text_of(child(self.root, "metadata", "name")),
            text_of(child(self.root, "metadata", "namespace")),
        )

    @property
    def original(self) -> Id:
        """What it was called first."""
        return self.former[0] if self.former else self.id

    @property
    def ids(self) -> list[Id]:
        """All that it was ever called."""
        return [*self.former, self.id]

    def remember(self) -> None:
        """Note the present id before it changes."""
        self.former.append(self.id)

    def rename(self, name: str) -> None:
        """Give it a name, in the place of the one it has."""
        metadata = child(self.root, "metadata")
        old = child(metadata, "name")
        if isinstance(metadata, MappingNode) and old is not None:
            put(metadata, scalar("name", old), scalar(name, old))

    def metadata(self) -> MappingNode:
        """Its `metadata`, made if there is none."""
        found = child(self.root, "metadata")
        if isinstance(found, MappingNode):
            return found
        made = mapping(self.root)
        put(self.root, scalar("metadata", self.root), made)
        return made

    def copy(self) -> Piece:
        """The same, to be changed by somebody else."""
        root = copied(self.root)
        assert isinstance(root, MappingNode)
        return Piece(root, list(self.former), list(self.prefixes), list(self.suffixes), self.needs_hash)
