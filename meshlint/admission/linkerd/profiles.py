"""ServiceProfiles that Linkerd's other webhook refuses."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.admission.linkerd.saying import refusal
from meshlint.admission.remark import Remark
from meshlint.documents import Field
from meshlint.resources import Resource
from meshlint.resources.istio.parts import duration
from meshlint.resources.linkerd.service_profile import service_profile
from meshlint.values import evolve

PROFILE = "linkerd-profile"
_MATCHERS = ("all", "any", "not", "pathRegex", "method", "status")
_DEEPEST = 30


def _refused(at: Field, message: str, hint: str = "", *, on_key: bool = False) -> Remark:
    return evolve(refusal(at, PROFILE, message, hint, on_key=on_key), knows_more=True)


def service_profile_remarks(resource: Resource) -> Iterator[Remark]:
    """What is refused of a ServiceProfile.

    `opaquePorts` and a `not` at the top of a condition are read otherwise than their definition has them, a
    condition must ask for something at every level, and lengths of time are those of Go (Linkerd: validation
    of ServiceProfiles).
    """
    ports = resource.spec / "opaquePorts"
    if ports:
        hint = "Use the annotation `config.linkerd.io/opaque-ports` of the Service."
        message = f"{resource} sets opaquePorts, so Linkerd's webhook refuses it"
        yield _refused(ports, message, hint, on_key=True)
    for route in service_profile(resource).routes:
        if route.condition / "not":
            message = f"{resource} has a condition that starts with not, so Linkerd's webhook refuses it"
            yield _refused(route.condition / "not", message, "Put it into `all`.", on_key=True)
        yield from _empty(resource, route.condition)
        for answer in route.response_classes:
            yield from _empty(resource, answer / "condition")
        yield from _length(resource, route.field, "timeout")
    yield from _length(resource, resource.spec / "retryBudget", "ttl")


def _empty(resource: Resource, condition: Field, depth: int = 0) -> Iterator[Remark]:
    """Conditions that ask for nothing; those that are left out the definition refuses."""
    if not isinstance(condition.value, dict) or depth > _DEEPEST:
        return
    if not any(condition / key for key in _MATCHERS):
        message = f"{resource} has a condition that asks for nothing, so Linkerd's webhook refuses it"
        yield _refused(condition, message, "Write `pathRegex: .*` for any request.")
    for key in ("all", "any"):
        for part in (condition / key).items():
            yield from _empty(resource, part, depth + 1)
    yield from _empty(resource, condition / "not", depth + 1)


def _length(resource: Resource, field: Field, key: str) -> Iterator[Remark]:
    found = duration(field, key)
    if found is not None and found.nanoseconds is None:
        message = f"{resource} sets {key} to {str(found.text)!r}, so Linkerd's webhook refuses it"
        yield _refused(found.field, message, "Write a length as Go does, such as `1m30s`.")
