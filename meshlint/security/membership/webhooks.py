"""The webhooks by which Istio injects sidecars and checks its objects."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from meshlint.matching import LabelSelector
from meshlint.mesh import Mesh
from meshlint.mesh.namespaces.placement import belong_together
from meshlint.resources.kubernetes.webhook import (
    GROUP,
    Webhook,
    WebhookConfiguration,
    webhook_configuration,
)
from meshlint.values import frozen

_KINDS = ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")
_OWN = ".istio.io"
_INJECTING = "sidecar-injector.istio.io"
_DEACTIVATED = "istio.io/deactivated"


@frozen(eq=False, repr=False)
class IstioWebhook:
    """A webhook of Istio and the configuration that it stands in."""

    owner: WebhookConfiguration
    webhook: Webhook


def istio_webhooks(mesh: Mesh) -> Iterator[IstioWebhook]:
    """The webhooks that Istio answers, by their names."""
    for kind in _KINDS:
        for owner in mesh.views(GROUP, kind, webhook_configuration):
            for webhook in owner.webhooks:
                if (webhook.name or "").endswith(_OWN):
                    yield IstioWebhook(owner, webhook)


def doubled_injection(mesh: Mesh) -> Iterator[tuple[IstioWebhook, IstioWebhook]]:
    """Two webhooks of different configurations that inject into the same pods.

    Revisions keep apart by the labels of namespaces and pods; where both are called for one pod, the order
    of their names decides (Istio: selectors of the injection webhooks).
    """
    injecting = [one for one in istio_webhooks(mesh) if _injects(one)]
    for one, other in combinations(injecting, 2):
        if _are_of_one_cluster(one, other) and _meet(one, other):
            yield one, other


def _injects(one: IstioWebhook) -> bool:
    """Whether it is called to inject: one that another revision replaced waits for a label nobody sets."""
    webhook = one.webhook
    selectors = (webhook.namespace_selector, webhook.object_selector)
    idle = any(_DEACTIVATED in selector / "matchLabels" for selector in selectors)
    return one.owner.is_mutating and not idle and (webhook.name or "").endswith(_INJECTING)


def _are_of_one_cluster(one: IstioWebhook, other: IstioWebhook) -> bool:
    """Whether both are installed side by side: of one directory, with control planes in one namespace."""
    mine, theirs = one.webhook.service, other.webhook.service
    if one.owner.name == other.owner.name or mine is None or theirs is None:
        return False
    beside = belong_together(one.owner.resource, other.owner.resource)
    return beside and mine.namespace == theirs.namespace


def _meet(one: IstioWebhook, other: IstioWebhook) -> bool:
    return _overlap(
        one.webhook.namespace_selector.value, other.webhook.namespace_selector.value
    ) and _overlap(one.webhook.object_selector.value, other.webhook.object_selector.value)


def _overlap(one: object, other: object) -> bool:
    return not LabelSelector.read(one).intersection(LabelSelector.read(other)).is_empty()
