"""The pod, as workloads hold it."""

from __future__ import annotations

from meshlint.resources.schema.shape.objects import LABELS, metadata_schema
from tools.shapes import ANY, BOOLEAN, TEXT, TEXTS, WHOLE, Schema, closed, listing, one_of

PORT_NUMBER: Schema = {"type": "integer", "minimum": 1, "maximum": 65535}
PORT: Schema = {"type": ["integer", "string"]}
LABEL_SELECTOR = closed(
    {
        "matchExpressions": listing(
            closed(
                {
                    "key": TEXT,
                    "operator": one_of("In", "NotIn", "Exists", "DoesNotExist"),
                    "values": TEXTS,
                },
                required=["key", "operator"],
            )
        ),
        "matchLabels": LABELS,
    }
)
CONTAINER_PORT = closed(
    {
        "containerPort": PORT_NUMBER,
        "hostIP": TEXT,
        "hostPort": {"type": "integer", "minimum": 0, "maximum": 65535},
        "name": {"type": "string", "maxLength": 15, "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?)?$"},
        "protocol": one_of("TCP", "UDP", "SCTP"),
    },
    required=["containerPort"],
)
HTTP_GET = closed(
    {
        "host": TEXT,
        "httpHeaders": listing(closed({"name": TEXT, "value": TEXT})),
        "path": TEXT,
        "port": PORT,
        "scheme": one_of("HTTP", "HTTPS"),
    }
)
PROBE = closed(
    {
        "exec": closed({"command": TEXTS}),
        "failureThreshold": WHOLE,
        "grpc": closed({"port": WHOLE, "service": TEXT}),
        "httpGet": HTTP_GET,
        "initialDelaySeconds": WHOLE,
        "periodSeconds": WHOLE,
        "successThreshold": WHOLE,
        "tcpSocket": closed({"host": TEXT, "port": PORT}),
        "terminationGracePeriodSeconds": WHOLE,
        "timeoutSeconds": WHOLE,
    }
)
CONTAINER_SECURITY = closed(
    {
        "allowPrivilegeEscalation": BOOLEAN,
        "appArmorProfile": ANY,
        "capabilities": closed({"add": TEXTS, "drop": TEXTS}),
        "privileged": BOOLEAN,
        "procMount": TEXT,
        "readOnlyRootFilesystem": BOOLEAN,
        "runAsGroup": WHOLE,
        "runAsNonRoot": BOOLEAN,
        "runAsUser": WHOLE,
        "seLinuxOptions": ANY,
        "seccompProfile": ANY,
        "windowsOptions": ANY,
    }
)
CONTAINER_FIELDS: dict[str, Schema] = {
    "args": TEXTS,
    "command": TEXTS,
    "env": listing(closed({"name": TEXT, "value": TEXT, "valueFrom": ANY})),
    "envFrom": listing(ANY),
    "image": TEXT,
    "imagePullPolicy": one_of("Always", "IfNotPresent", "Never"),
    "lifecycle": ANY,
    "livenessProbe": PROBE,
    "name": TEXT,
    "ports": listing(CONTAINER_PORT),
    "readinessProbe": PROBE,
    "resizePolicy": ANY,
    "resources": ANY,
    "restartPolicy": TEXT,
    "restartPolicyRules": ANY,
    "securityContext": CONTAINER_SECURITY,
    "startupProbe": PROBE,
    "stdin": BOOLEAN,
    "stdinOnce": BOOLEAN,
    "terminationMessagePath": TEXT,
    "terminationMessagePolicy": TEXT,
    "tty": BOOLEAN,
    "volumeDevices": listing(ANY),
    "volumeMounts": listing(ANY),
    "workingDir": TEXT,
}
CONTAINER = closed(CONTAINER_FIELDS)
EPHEMERAL_CONTAINER = closed({**CONTAINER_FIELDS, "targetContainerName": TEXT})
POD_SECURITY = closed(
    {
        "appArmorProfile": ANY,
        "fsGroup": WHOLE,
        "fsGroupChangePolicy": TEXT,
        "runAsGroup": WHOLE,
        "runAsNonRoot": BOOLEAN,
        "runAsUser": WHOLE,
        "seLinuxChangePolicy": TEXT,
        "seLinuxOptions": ANY,
        "seccompProfile": ANY,
        "supplementalGroups": listing(WHOLE),
        "supplementalGroupsPolicy": TEXT,
        "sysctls": ANY,
        "windowsOptions": ANY,
    }
)
POD_SPEC = closed(
    {
        "activeDeadlineSeconds": WHOLE,
        "affinity": ANY,
        "automountServiceAccountToken": BOOLEAN,
        "containers": listing(CONTAINER),
        "dnsConfig": ANY,
        "dnsPolicy": one_of("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"),
        "enableServiceLinks": BOOLEAN,
        "ephemeralContainers": listing(EPHEMERAL_CONTAINER),
        "hostAliases": ANY,
        "hostIPC": BOOLEAN,
        "hostNetwork": BOOLEAN,
        "hostPID": BOOLEAN,
        "hostUsers": BOOLEAN,
        "hostname": TEXT,
        "hostnameOverride": TEXT,
        "imagePullSecrets": listing(ANY),
        "initContainers": listing(CONTAINER),
        "nodeName": TEXT,
        "nodeSelector": {"type": "object", "additionalProperties": TEXT},
        "os": ANY,
        "overhead": ANY,
        "preemptionPolicy": TEXT,
        "priority": WHOLE,
        "priorityClassName": TEXT,
        "readinessGates": ANY,
        "resourceClaims": ANY,
        "resources": ANY,
        "restartPolicy": one_of("Always", "OnFailure", "Never"),
        "runtimeClassName": TEXT,
        "schedulerName": TEXT,
        "schedulingGates": ANY,
        "securityContext": POD_SECURITY,
        "serviceAccount": TEXT,
        "serviceAccountName": TEXT,
        "setHostnameAsFQDN": BOOLEAN,
        "shareProcessNamespace": BOOLEAN,
        "subdomain": TEXT,
        "terminationGracePeriodSeconds": WHOLE,
        "tolerations": listing(ANY),
        "topologySpreadConstraints": listing(ANY),
        "volumes": listing(ANY),
        "workloadRef": ANY,
    },
)
POD_TEMPLATE = closed({"metadata": metadata_schema(), "spec": POD_SPEC})
