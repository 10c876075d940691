"""Objects of a cluster as manifests: without what the server adds, and of a Secret nothing but its name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from meshlint.sources.cluster.model import Name, ServedKind
from meshlint.values import regex

_ADDED = ("managedFields", "resourceVersion", "uid", "generation", "creationTimestamp", "selfLink")
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_UNSAFE = regex(r"[^A-Za-z0-9._-]")
_MADE_BY = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob"})


def named(kind: ServedKind, value: Mapping[str, Any]) -> Name | None:
    """What the object is called; None where it has no name."""
    metadata = value.get("metadata")
    if not isinstance(metadata, dict) or not isinstance(metadata.get("name"), str):
        return None
    return kind.group, kind.kind, str(metadata.get("namespace") or ""), metadata["name"]


def is_made_by_another(value: Mapping[str, Any]) -> bool:
    """Whether a controller made the object of a workload that is read itself."""
    metadata = value.get("metadata")
    owners = metadata.get("ownerReferences") if isinstance(metadata, dict) else None
    return isinstance(owners, list) and any(
        isinstance(one, dict) and one.get("controller") is True and one.get("kind") in _MADE_BY
        for one in owners
    )


def manifest(kind: ServedKind, value: Mapping[str, Any]) -> dict[str, Any]:
    """The object of a list or a watch as somebody would have written it; only its head where that is read."""
    version = f"{kind.group}/{kind.version}" if kind.group else kind.version
    head = {"apiVersion": version, "kind": kind.kind, "metadata": value.get("metadata")}
    if kind.metadata_only:
        return as_written(head)
    return as_written(head | {k: v for k, v in value.items() if k not in head})


def as_written(value: Mapping[str, Any]) -> dict[str, Any]:
    """An object of the API server without what the server adds to its metadata."""
    metadata = value.get("metadata")
    meta = {k: v for k, v in metadata.items() if k not in _ADDED} if isinstance(metadata, dict) else {}
    annotations = meta.get("annotations")
    if isinstance(annotations, dict):
        kept = {k: v for k, v in annotations.items() if k != _LAST_APPLIED}
        meta = {k: v for k, v in meta.items() if k != "annotations"} | ({"annotations": kept} if kept else {})
    return {**value, "metadata": meta}


def file_name(name: Name) -> str:
    """Where an object is told to stand: `cluster/NAMESPACE_KIND.GROUP_NAME.json`.

    All are in one directory, as what is applied together: in several there may be alternatives.
    """
    group, kind, namespace, own = (_UNSAFE.sub("_", part).lstrip(".") for part in name)
    middle = f"{kind}.{group}" if group else kind
    return f"cluster/{'_'.join(part for part in (namespace, middle, own) if part)}.json"


def files_of(objects: Iterable[tuple[Name, Mapping[str, Any]]]) -> dict[str, bytes]:
    """A file for each object, by the place where it is told to stand."""
    found: dict[str, bytes] = {}
    for name, value in sorted(objects, key=lambda one: one[0]):
        file = file_name(name)
        while file in found:
            file = file.removesuffix(".json") + "_.json"
        found[file] = json.dumps(value, indent=2, ensure_ascii=False).encode("utf-8", "replace")
    return found
