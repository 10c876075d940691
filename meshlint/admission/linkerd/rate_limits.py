"""Rate limits that Linkerd's webhook refuses."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.admission.linkerd.saying import refusal
from meshlint.admission.remark import Remark
from meshlint.documents import Field
from meshlint.resources import Resource
from meshlint.resources.linkerd.group import POLICY, refers_to
from meshlint.resources.linkerd.rate_limit import HTTPLocalRateLimitPolicy, rate_limit_policy

OVER_TOTAL = "linkerd-rate-over-total"
RATE = "linkerd-rate"
TARGET = "linkerd-rate-target"
_KEY = "requestsPerSecond"
_MOST = 2**32 - 1


def rate_limit_remarks(resource: Resource) -> Iterator[Remark]:
    """What is refused of an HTTPLocalRateLimitPolicy: rates that are none, and whom it is for."""
    limit = rate_limit_policy(resource)
    if limit.target_ref.kind and not refers_to(limit.target_ref, POLICY, "Server"):
        yield refusal(
            limit.target_ref.kind.field,
            TARGET,
            f"{resource} is for a {limit.target_ref.kind} and not for a Server, so it is refused",
            f"Write `group: {POLICY}` and `kind: Server`.",
        )
    for rate, at in _rates(limit):
        if not 0 < rate <= _MOST:
            hint = "To limit nobody, leave the limit out."
            yield refusal(at, RATE, f"{resource} sets a rate of {rate} requests, so it is refused", hint)
        elif limit.total is not None and rate > limit.total > 0:
            message = f"{resource} gives one client {rate} requests and all {limit.total}, so it is refused"
            yield refusal(at, OVER_TOTAL, message)
    yield from _clients(limit)


def _rates(limit: HTTPLocalRateLimitPolicy) -> Iterator[tuple[int, Field]]:
    spec = limit.resource.spec
    rates = [(limit.total, spec / "total" / _KEY), (limit.identity, spec / "identity" / _KEY)]
    rates += [(one.requests_per_second, one.field / _KEY) for one in limit.overrides]
    for rate, at in rates:
        if rate is not None:
            yield rate, at


def _clients(limit: HTTPLocalRateLimitPolicy) -> Iterator[Remark]:
    for override in limit.overrides:
        for ref in override.client_refs:
            if ref.kind and not refers_to(ref, "", "ServiceAccount"):
                yield refusal(
                    ref.kind.field,
                    TARGET,
                    f"{limit} has a rate for a {ref.kind} and not for a ServiceAccount, so it is refused",
                    "Name ServiceAccounts, without a group.",
                )
