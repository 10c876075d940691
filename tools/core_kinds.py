"""The Kubernetes kinds that meshlint reads: strict where the mesh reads them, open elsewhere."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from meshlint.resources.schema.objects import DIALECT, metadata_schema


@frozen
class CoreKind:
    """One Kubernetes kind at its one version."""

    group: str
    kind: str
    version: str
    plural: str
    scope: str
    spec: dict[str, Any]

    @property
    def file(self) -> str:
        """Where its schema stands below `schemas/`."""
        return f"{self.group or 'core'}/{self.kind.lower()}_{self.version}.json"

    @property
    def schema(self) -> dict[str, Any]:
        """The schema of the whole object."""
        version = f"{self.group}/{self.version}" if self.group else self.version
        return {
            "$schema": DIALECT,
            "type": "object",
            "required": ["apiVersion", "kind"],
            "properties": {
                "apiVersion": {"const": version},
                "kind": {"const": self.kind},
                "metadata": metadata_schema(),
                "spec": self.spec,
            },
        }

    def index_entry(self) -> dict[str, Any]:
        """What the index says of it."""
        return {
            "group": self.group,
            "kind": self.kind,
            "plural": self.plural,
            "scope": self.scope,
            "versions": [{"file": self.file, "name": self.version, "storage": True}],
        }


def core_kinds() -> list[CoreKind]:
    """All of them."""
    named = [
        ("", "Namespace", "v1", "namespaces", "cluster"),
        ("", "Pod", "v1", "pods", "namespaced"),
        ("", "Service", "v1", "services", "namespaced"),
        ("", "ServiceAccount", "v1", "serviceaccounts", "namespaced"),
        ("apps", "DaemonSet", "v1", "daemonsets", "namespaced"),
        ("apps", "Deployment", "v1", "deployments", "namespaced"),
        ("apps", "ReplicaSet", "v1", "replicasets", "namespaced"),
        ("apps", "StatefulSet", "v1", "statefulsets", "namespaced"),
        ("batch", "CronJob", "v1", "cronjobs", "namespaced"),
        ("batch", "Job", "v1", "jobs", "namespaced"),
    ]
    return [CoreKind(*row, spec={}) for row in named]
