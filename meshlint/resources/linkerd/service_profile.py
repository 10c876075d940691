"""Linkerd's ServiceProfile."""

from __future__ import annotations

from fractions import Fraction

from meshlint.documents import Field, Text
from meshlint.resources.kubernetes.quantity import quantity
from meshlint.resources.resource import Resource
from meshlint.resources.view import ObjectView, mapping_at
from meshlint.resources.view_class import view
from meshlint.values import frozen


@view
class ProfileRoute:
    """Requests that meet `condition`, a tree of `all`, `any`, `not`, `method` and `pathRegex`."""

    field: Field
    name: Text | None
    condition: Field
    response_classes: tuple[Field, ...]
    is_retryable: bool
    timeout: Text | None


@view
class RetryBudget:
    """How many retries are allowed on top of the requests; the ratio is a share of them."""

    field: Field
    retry_ratio: Fraction | None
    min_retries_per_second: int | None
    ttl: Text | None


@view
class DstOverride:
    """A destination that gets a share of the requests, on the original port unless the authority has one."""

    field: Field
    authority: Text | None
    weight: Fraction | None


@frozen(eq=False, repr=False)
class ServiceProfile(ObjectView):
    """A profile; its name is the full host name of the service that it speaks of."""

    routes: tuple[ProfileRoute, ...]
    retry_budget: RetryBudget | None
    dst_overrides: tuple[DstOverride, ...]

    @property
    def is_used(self) -> bool:
        """Whether the proxy goes by it at all, in place of routes (Linkerd: profiles in the proxy)."""
        return bool(self.routes or self.dst_overrides)


def service_profile(resource: Resource) -> ServiceProfile:
    """`resource` read as a ServiceProfile of any version."""
    spec = resource.spec
    budget = mapping_at(spec, "retryBudget")
    return ServiceProfile(
        resource=resource,
        routes=tuple(_route(item) for item in spec.items("routes")),
        retry_budget=None if budget is None else _budget(budget),
        dst_overrides=tuple(
            DstOverride(item, item.text("authority"), quantity((item / "weight").value))
            for item in spec.items("dstOverrides")
        ),
    )


def _route(field: Field) -> ProfileRoute:
    return ProfileRoute(
        field=field,
        name=field.text("name"),
        condition=field / "condition",
        response_classes=field.items("responseClasses"),
        is_retryable=field.boolean("isRetryable") or False,
        timeout=field.text("timeout"),
    )


def _budget(field: Field) -> RetryBudget:
    ratio = (field / "retryRatio").value
    return RetryBudget(
        field=field,
        retry_ratio=None if isinstance(ratio, str) else quantity(ratio),
        min_retries_per_second=field.integer("minRetriesPerSecond"),
        ttl=field.text("ttl"),
    )
