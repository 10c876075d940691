"""The Kubernetes kinds that meshlint reads: strict where a mesh reads them, open elsewhere.

Little is required: kustomize writes selectors, and a patch leaves out what it does not change.
"""

from __future__ import annotations

from typing import Any

from attrs import frozen

from meshlint.resources.schema.shape.objects import DIALECT, metadata_schema
from tools.core_pods import LABEL_SELECTOR, POD_SPEC, POD_TEMPLATE
from tools.shapes import ANY, BOOLEAN, TEXT, TEXTS, WHOLE, Schema, closed, listing, one_of

PORT_NAME = {"type": "string", "maxLength": 63, "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"}
PORT_NUMBER = {"type": "integer", "minimum": 1, "maximum": 65535}
SERVICE_PORT = closed(
    {
        "appProtocol": TEXT,
        "name": PORT_NAME,
        "nodePort": {"type": "integer", "minimum": 0, "maximum": 65535},
        "port": PORT_NUMBER,
        "protocol": one_of("TCP", "UDP", "SCTP"),
        "targetPort": {"type": ["integer", "string"], "x-meshlint-check": [{"check": "port-name"}]},
    },
    required=["port"],
)
SERVICE = closed(
    {
        "allocateLoadBalancerNodePorts": BOOLEAN,
        "clusterIP": TEXT,
        "clusterIPs": TEXTS,
        "externalIPs": TEXTS,
        "externalName": TEXT,
        "externalTrafficPolicy": one_of("Cluster", "Local"),
        "healthCheckNodePort": WHOLE,
        "internalTrafficPolicy": one_of("Cluster", "Local"),
        "ipFamilies": listing(one_of("IPv4", "IPv6")),
        "ipFamilyPolicy": one_of("SingleStack", "PreferDualStack", "RequireDualStack"),
        "loadBalancerClass": TEXT,
        "loadBalancerIP": TEXT,
        "loadBalancerSourceRanges": TEXTS,
        "ports": listing(SERVICE_PORT),
        "publishNotReadyAddresses": BOOLEAN,
        "selector": {"type": "object", "additionalProperties": TEXT},
        "sessionAffinity": one_of("ClientIP", "None"),
        "sessionAffinityConfig": ANY,
        "topologyKeys": TEXTS,
        "trafficDistribution": TEXT,
        "type": one_of("ClusterIP", "NodePort", "LoadBalancer", "ExternalName"),
    }
)
REPLICAS = {"type": "integer", "minimum": 0}
DEPLOYMENT = closed(
    {
        "minReadySeconds": WHOLE,
        "paused": BOOLEAN,
        "progressDeadlineSeconds": WHOLE,
        "replicas": REPLICAS,
        "revisionHistoryLimit": WHOLE,
        "selector": LABEL_SELECTOR,
        "strategy": ANY,
        "template": POD_TEMPLATE,
    },
)
STATEFUL_SET = closed(
    {
        "minReadySeconds": WHOLE,
        "ordinals": ANY,
        "persistentVolumeClaimRetentionPolicy": ANY,
        "podManagementPolicy": one_of("OrderedReady", "Parallel"),
        "replicas": REPLICAS,
        "revisionHistoryLimit": WHOLE,
        "selector": LABEL_SELECTOR,
        "serviceName": TEXT,
        "template": POD_TEMPLATE,
        "updateStrategy": ANY,
        "volumeClaimTemplates": listing(ANY),
    },
)
DAEMON_SET = closed(
    {
        "minReadySeconds": WHOLE,
        "revisionHistoryLimit": WHOLE,
        "selector": LABEL_SELECTOR,
        "template": POD_TEMPLATE,
        "updateStrategy": ANY,
    },
)
REPLICA_SET = closed(
    {"minReadySeconds": WHOLE, "replicas": REPLICAS, "selector": LABEL_SELECTOR, "template": POD_TEMPLATE},
)
JOB = closed(
    {
        "activeDeadlineSeconds": WHOLE,
        "backoffLimit": WHOLE,
        "backoffLimitPerIndex": WHOLE,
        "completionMode": one_of("NonIndexed", "Indexed"),
        "completions": WHOLE,
        "managedBy": TEXT,
        "manualSelector": BOOLEAN,
        "maxFailedIndexes": WHOLE,
        "parallelism": WHOLE,
        "podFailurePolicy": ANY,
        "podReplacementPolicy": TEXT,
        "selector": LABEL_SELECTOR,
        "successPolicy": ANY,
        "suspend": BOOLEAN,
        "template": POD_TEMPLATE,
        "ttlSecondsAfterFinished": WHOLE,
    },
)
CRON_JOB = closed(
    {
        "concurrencyPolicy": one_of("Allow", "Forbid", "Replace"),
        "failedJobsHistoryLimit": WHOLE,
        "jobTemplate": closed({"metadata": metadata_schema(), "spec": JOB}),
        "schedule": TEXT,
        "startingDeadlineSeconds": WHOLE,
        "successfulJobsHistoryLimit": WHOLE,
        "suspend": BOOLEAN,
        "timeZone": TEXT,
    },
)
SERVICE_ACCOUNT = {
    "automountServiceAccountToken": BOOLEAN,
    "imagePullSecrets": listing(ANY),
    "secrets": listing(ANY),
}


@frozen
class CoreKind:
    """One Kubernetes kind at its one version; `fields` are those beside apiVersion, kind and metadata."""

    group: str
    kind: str
    version: str
    plural: str
    scope: str
    fields: dict[str, Schema]

    @property
    def file(self) -> str:
        """Where its schema stands below `schemas/`."""
        return f"{self.group or 'core'}/{self.kind.lower()}_{self.version}.json"

    @property
    def schema(self) -> Schema:
        """The schema of the whole object."""
        version = f"{self.group}/{self.version}" if self.group else self.version
        head = {"apiVersion": {"const": version}, "kind": {"const": self.kind}, "metadata": metadata_schema()}
        return {"$schema": DIALECT, **closed({**head, **self.fields}, required=["apiVersion", "kind"])}

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
    specs = {
        ("", "Namespace"): closed({"finalizers": TEXTS}),
        ("", "Pod"): POD_SPEC,
        ("", "Service"): SERVICE,
        ("apps", "DaemonSet"): DAEMON_SET,
        ("apps", "Deployment"): DEPLOYMENT,
        ("apps", "ReplicaSet"): REPLICA_SET,
        ("apps", "StatefulSet"): STATEFUL_SET,
        ("batch", "CronJob"): CRON_JOB,
        ("batch", "Job"): JOB,
    }
    kinds = [_kind(group, kind, {"spec": spec, "status": ANY}) for (group, kind), spec in specs.items()]
    return [*kinds, _kind("", "ServiceAccount", SERVICE_ACCOUNT)]


def _kind(group: str, kind: str, fields: dict[str, Schema]) -> CoreKind:
    scope = "cluster" if kind == "Namespace" else "namespaced"
    return CoreKind(group, kind, "v1", f"{kind.lower()}s", scope, fields)
