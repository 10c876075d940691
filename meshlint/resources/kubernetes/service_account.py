"""Service accounts."""

from __future__ import annotations

from meshlint.resources.resource import Resource
from meshlint.resources.view import ObjectView
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class ServiceAccount(ObjectView):
    """A service account; every namespace has one called `default`, declared or not."""

    automount_service_account_token: bool | None
    """None where the account leaves it open: the token is then mounted unless the pod says otherwise."""


def service_account(resource: Resource) -> ServiceAccount:
    """`resource` read as a core/v1 ServiceAccount."""
    return ServiceAccount(resource, resource.field.boolean("automountServiceAccountToken"))
