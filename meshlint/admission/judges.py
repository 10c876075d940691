"""Who, besides the API server, decides on an object: the webhook of the mesh whose group it is of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from meshlint.admission.remark import Remark
from meshlint.resources import Resource, ResourceSet

WebhookJudge = Callable[[Resource], Iterable[Remark]]


def _istio(_: ResourceSet) -> WebhookJudge:
    from meshlint.admission.istio import istio_remarks

    return istio_remarks


def _linkerd(_: ResourceSet) -> WebhookJudge:
    from meshlint.admission.linkerd import linkerd_remarks

    return linkerd_remarks


def _linkerd_routes(written: ResourceSet) -> WebhookJudge:
    from meshlint.admission.linkerd.judge import route_judge

    return route_judge(written)


_LATER: Mapping[str, Callable[[ResourceSet], WebhookJudge]] = {
    "extensions.istio.io": _istio,
    "networking.istio.io": _istio,
    "security.istio.io": _istio,
    "telemetry.istio.io": _istio,
    "linkerd.io": _linkerd,
    "policy.linkerd.io": _linkerd,
    "gateway.networking.k8s.io": _linkerd_routes,
}
"""What loads the judge of a group: most sets hold one mesh, so nobody pays for the webhooks of others."""


def judge_of(group: str, written: ResourceSet) -> WebhookJudge | None:
    """The webhook that looks at objects of a group in a set, if any does."""
    load = _LATER.get(group)
    return None if load is None else load(written)
