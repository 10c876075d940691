"""One API object: what it is called, and where it was written."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from meshlint.documents import Document, Field, Path, Step, Text
from meshlint.values import frozen, once

DEFAULT_NAMESPACE = "default"

CLUSTER_SCOPED = frozenset(
    {
        ("", "Namespace"),
        ("", "Node"),
        ("", "PersistentVolume"),
        ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"),
        ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
        ("apiextensions.k8s.io", "CustomResourceDefinition"),
        ("apiregistration.k8s.io", "APIService"),
        ("authentication.istio.io", "MeshPolicy"),
        ("gateway.networking.k8s.io", "GatewayClass"),
        ("rbac.authorization.k8s.io", "ClusterRole"),
        ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
        ("rbac.istio.io", "ClusterRbacConfig"),
        ("scheduling.k8s.io", "PriorityClass"),
        ("storage.k8s.io", "StorageClass"),
    }
)
"""Kinds without a namespace, as (group, kind)."""


@frozen(order=True, repr=False)
class ObjectId:
    """Names an object in a cluster: two objects with the same one overwrite each other."""

    group: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        """`Kind namespace/name`, or `Kind name` for a cluster-scoped object."""
        return _called(self)


@frozen(eq=False, slots=False, repr=False)
class Resource:
    """An API object as written. Two resources are the same only if they are the same place in a file."""

    field: Field
    group: str
    version: str
    kind: str
    default_namespace: str = DEFAULT_NAMESPACE

    @property
    def document(self) -> Document:
        """The document that the object was written in."""
        return self.field.document

    @once
    def name(self) -> str:
        """`metadata.name`, or `generateName` with a star, or empty."""
        name = self._said("name")
        prefix = "" if name else self._said("generateName")
        return f"{prefix}*" if prefix else name

    @once
    def names_namespace(self) -> bool:
        """Whether `metadata.namespace` is written."""
        return bool(self._said("namespace"))

    @once
    def namespace(self) -> str:
        """`metadata.namespace`, the default one if it is missing, empty if cluster-scoped."""
        if (self.group, self.kind) in CLUSTER_SCOPED:
            return ""
        return self._said("namespace") or self.default_namespace

    def written(self, key: str) -> Mapping[str, Any]:
        """The mapping at a key of `metadata` as it is written, empty if there is none.

        For what few of all objects have: the texts of each, with their places, would be kept.
        """
        value = self._held(key)
        return value if isinstance(value, dict) else {}

    def _said(self, key: str) -> str:
        """The text at a key of `metadata`, without its place, which is not kept for each object."""
        value = self._held(key)
        return value if isinstance(value, str) else ""

    def _held(self, key: str) -> Any:
        metadata = self.field.value.get("metadata")
        return metadata.get(key) if isinstance(metadata, dict) else None

    @once
    def id(self) -> ObjectId:
        """The object's identity in a cluster."""
        return ObjectId(self.group, self.kind, self.namespace, self.name)

    @property
    def api_version(self) -> str:
        """`apiVersion` as written."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @once
    def labels(self) -> Mapping[str, Text]:
        """`metadata.labels`."""
        return self.metadata.mapping("labels")

    @once
    def annotations(self) -> Mapping[str, Text]:
        """`metadata.annotations`."""
        return self.metadata.mapping("annotations")

    @once
    def metadata(self) -> Field:
        """The field `metadata`, present or not."""
        return self.field / "metadata"

    @once
    def spec(self) -> Field:
        """The field `spec`, present or not."""
        return self.field / "spec"

    def at(self, *path: Step) -> Field:
        """The field at `path` from the object's root, present or not."""
        place = self.field
        for step in path:
            place = place / step
        return place

    @once
    def _called(self) -> str:
        return _called(self)

    def __str__(self) -> str:
        """`Kind namespace/name`."""
        return self._called


def _called(one: ObjectId | Resource) -> str:
    """The words for an object, which of most objects are all that is asked of their identity."""
    return f"{one.kind} {one.namespace}/{one.name}" if one.namespace else f"{one.kind} {one.name}"


def resource_of(
    document: Document, path: Path, value: Mapping[str, Any], namespace: str = DEFAULT_NAMESPACE
) -> Resource | None:
    """The object that `value`, found at `path`, declares; None if it has no apiVersion or no kind."""
    version, kind = value.get("apiVersion"), value.get("kind")
    if not (isinstance(version, str) and isinstance(kind, str) and version and kind):
        return None
    return Resource(Field(document, path, value), *_group_and_version(version), kind, namespace)


@lru_cache(maxsize=256)
def _group_and_version(version: str) -> tuple[str, str]:
    """The parts of an `apiVersion`: the same texts for all objects that have it."""
    group, _, short = version.rpartition("/")
    return group, short
