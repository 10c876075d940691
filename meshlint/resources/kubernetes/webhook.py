"""Webhooks that the API server calls before it admits an object."""

from __future__ import annotations

from meshlint.documents import Field, Text
from meshlint.resources.resource import Resource
from meshlint.resources.view import ObjectView, mapping_at
from meshlint.values import frozen

GROUP = "admissionregistration.k8s.io"


@frozen(eq=False, repr=False)
class WebhookService:
    """The Service that answers a webhook."""

    field: Field
    name: Text | None
    namespace: Text | None


@frozen(eq=False, repr=False)
class Webhook:
    """One entry of `webhooks`; it is called at a `url` or a `service`, for what both selectors admit."""

    field: Field
    name: Text | None
    url: Text | None
    service: WebhookService | None
    namespace_selector: Field
    object_selector: Field


@frozen(eq=False, repr=False)
class WebhookConfiguration(ObjectView):
    """A MutatingWebhookConfiguration or a ValidatingWebhookConfiguration."""

    webhooks: tuple[Webhook, ...]

    @property
    def is_mutating(self) -> bool:
        """Whether its webhooks may change objects."""
        return self.resource.kind == "MutatingWebhookConfiguration"


def webhook_configuration(resource: Resource) -> WebhookConfiguration:
    """`resource` read as a configuration of webhooks."""
    return WebhookConfiguration(resource, tuple(_webhook(item) for item in resource.field.items("webhooks")))


def _webhook(field: Field) -> Webhook:
    client = field / "clientConfig"
    service = mapping_at(client, "service")
    return Webhook(
        field=field,
        name=field.text("name"),
        url=client.text("url"),
        service=None if service is None else _service(service),
        namespace_selector=field / "namespaceSelector",
        object_selector=field / "objectSelector",
    )


def _service(field: Field) -> WebhookService:
    return WebhookService(field, field.text("name"), field.text("namespace"))
