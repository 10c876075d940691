"""What Linkerd's own objects and annotations ask for."""

from __future__ import annotations

from meshlint.advisor.evidence.features.evidence import Found, seen
from meshlint.mesh import Mesh
from meshlint.resources.linkerd.service_profile import service_profile

_WHOLE_OBJECTS = (
    ("policy.linkerd.io", "AuthorizationPolicy", "identity-authorization"),
    ("policy.linkerd.io", "ServerAuthorization", "identity-authorization"),
    ("policy.linkerd.io", "MeshTLSAuthentication", "identity-authorization"),
    ("policy.linkerd.io", "HTTPLocalRateLimitPolicy", "rate-limiting"),
    ("workload.linkerd.io", "ExternalWorkload", "vm-workloads"),
    ("multicluster.linkerd.io", "Link", "multicluster"),
    ("split.smi-spec.io", "TrafficSplit", "traffic-splitting"),
)
_SERVICE_ANNOTATIONS = {
    "balancer.linkerd.io/failure-accrual": "circuit-breaking",
    "retry.linkerd.io/http": "retries-timeouts",
    "retry.linkerd.io/grpc": "retries-timeouts",
    "retry.linkerd.io/limit": "retries-timeouts",
    "timeout.linkerd.io/request": "retries-timeouts",
    "timeout.linkerd.io/response": "retries-timeouts",
    "timeout.linkerd.io/idle": "retries-timeouts",
}
_POD_ANNOTATIONS = {
    "config.linkerd.io/access-log": "access-logs",
    "config.linkerd.io/trace-collector": "tracing",
}


def linkerd_needs(mesh: Mesh) -> Found:
    """The needs that objects and annotations of Linkerd show."""
    for group, kind, need in _WHOLE_OBJECTS:
        for resource in mesh.resources.of(group, kind):
            yield seen(need, resource)
    for resource in mesh.resources.of("linkerd.io", "ServiceProfile"):
        profile = service_profile(resource)
        if profile.routes:
            yield seen("route-metrics", resource, resource.spec / "routes")
        if profile.retry_budget or any(route.is_retryable or route.timeout for route in profile.routes):
            yield seen("retries-timeouts", resource)
        if len(profile.dst_overrides) > 1:
            yield seen("traffic-splitting", resource, resource.spec / "dstOverrides")
    yield from _annotated(mesh)


def _annotated(mesh: Mesh) -> Found:
    for service in mesh.services.all:
        for key, text in service.annotations.items():
            if key in _SERVICE_ANNOTATIONS:
                yield seen(_SERVICE_ANNOTATIONS[key], service.resource, text.field)
    for workload in mesh.workloads.all:
        for key, text in workload.pod.annotations.items():
            if key in _POD_ANNOTATIONS:
                yield seen(_POD_ANNOTATIONS[key], workload.resource, text.field)
