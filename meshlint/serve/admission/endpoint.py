"""`POST /admission`: an AdmissionReview of the API server (admission.k8s.io/v1), answered.

https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from meshlint.engine.rule import Severity
from meshlint.serve.admission.policy import AdmissionPolicy, Effect
from meshlint.serve.faults import Fault
from meshlint.serve.http.desk import body_of
from meshlint.serve.http.reading import body_of_request
from meshlint.serve.http.service import Service
from meshlint.serve.questions.answers import Question
from meshlint.serve.uploads.body import parsed
from meshlint.serve.workers.messages import Job, Review
from meshlint.values import evolve, regex

LONGEST_WARNING = 256
_MOST_WARNINGS = 12
_LONGEST_DENIAL = 2000
_DEFAULT_SECONDS = 10.0
_RESERVE = 0.5
_SECONDS = regex(r"(\d{1,4}(?:\.\d{1,3})?)(m?s)")
_CHANGING = ("CREATE", "UPDATE", "DELETE")
_SUBRESOURCES = ("", "scale")
_SEVERITIES = {str(severity): severity for severity in Severity}


async def reviewed(service: Service, request: Request) -> Response:
    """The response to a review; a `Fault` leaves it to the `failurePolicy` of the webhook."""
    body = await body_of_request(request, service.settings.limits)
    asked = _request_in(parsed(body))
    review = review_of(asked)
    policy = service.settings.admission
    if review is None:
        return _response(asked, [], policy, service)
    seconds = min(deadline_of(request.query_params.get("timeout", "")), service.settings.limits.seconds)
    try:
        asked_of = evolve(review, least=policy.least(review.namespace))
        findings = await _newly_caused(service, asked_of, seconds)
    except Fault as fault:
        if fault.problem.status != 504 or not policy.allows_late:
            raise
        service.metrics.reviews.labels("gave up").inc()
        late = f"meshlint gave up after {seconds:g} s: what this changes has not been checked"
        return JSONResponse(_review({"uid": asked["uid"], "allowed": True, "warnings": [late]}))
    return _response(asked, findings, policy, service)


async def _newly_caused(service: Service, review: Review, seconds: float) -> list[dict[str, Any]]:
    name = service.settings.admission.workspace
    service.workspaces.get(name)
    job = Job(Question("admission"), seconds, review=review)
    found = json.loads(body_of(await service.desk.reply(job, lambda: service.workspaces.worker(name))))
    findings: list[dict[str, Any]] = found["findings"]
    return findings


def _request_in(value: Any) -> dict[str, Any]:
    """The request of a review; raises `Fault` for anything else."""
    asked = value.get("request") if isinstance(value, dict) else None
    known = isinstance(value, dict) and value.get("apiVersion") == "admission.k8s.io/v1"
    if not known or value.get("kind") != "AdmissionReview" or not isinstance(asked, dict):
        raise Fault(400, "the body must be an AdmissionReview of admission.k8s.io/v1 with a request")
    if not isinstance(asked.get("uid"), str) or not 0 < len(asked["uid"]) <= LONGEST_WARNING:
        raise Fault(400, "the review has no uid")
    return asked


def review_of(asked: Mapping[str, Any]) -> Review | None:
    """What is to be looked at; None where nothing that meshlint reads changes."""
    if asked.get("operation") not in _CHANGING or asked.get("subResource", "") not in _SUBRESOURCES:
        return None
    new, old = _object(asked, "object"), _object(asked, "oldObject")
    if asked["operation"] == "DELETE":
        new = None
    if new is None and old is None:
        return None
    namespace = asked.get("namespace")
    return Review(new, old, namespace if isinstance(namespace, str) else "")


def _object(asked: Mapping[str, Any], key: str) -> dict[str, Any] | None:
    value = asked.get(key)
    if value is not None and not isinstance(value, dict):
        raise Fault(400, f'"{key}" must be an object')
    return value


def deadline_of(timeout: str) -> float:
    """The seconds that there are for an answer: what the API server waits, less a reserve for the way."""
    match = _SECONDS.fullmatch(timeout)
    if match is None:
        return _DEFAULT_SECONDS - _RESERVE
    seconds = float(match[1]) / (1000 if match[2] == "ms" else 1)
    return max(seconds - _RESERVE, seconds / 2)


def _response(
    asked: Mapping[str, Any], findings: list[dict[str, Any]], policy: AdmissionPolicy, service: Service
) -> Response:
    """Deny for what the policy denies, and warn of the rest."""
    namespace = asked.get("namespace")
    space = namespace if isinstance(namespace, str) else ""
    deletes = asked.get("operation") == "DELETE"
    effects = [
        (policy.effect(one["rule"], _SEVERITIES[one["severity"]], space, deletes=deletes), one)
        for one in findings
    ]
    denials = [one for effect, one in effects if effect is Effect.DENY]
    warnings = [one for effect, one in effects if effect is Effect.WARN]
    told: dict[str, Any] = {"uid": asked["uid"], "allowed": not denials}
    if denials:
        told["status"] = {"code": 403, "reason": "Forbidden", "message": denial(denials, policy)}
    if warnings:
        told["warnings"] = [warning(one, policy) for one in warnings[:_MOST_WARNINGS]]
        if len(warnings) > _MOST_WARNINGS:
            told["warnings"].append(f"meshlint: {len(warnings) - _MOST_WARNINGS} more warnings")
    verdict = "denied" if denials else "warned" if warnings else "allowed"
    service.metrics.reviews.labels(verdict).inc()
    return JSONResponse(_review(told))


def _review(response: Mapping[str, Any]) -> dict[str, Any]:
    return {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "response": response}


def warning(one: Mapping[str, Any], policy: AdmissionPolicy) -> str:
    """A finding in at most 256 characters, with the page of its rule (Kubernetes cuts what is longer)."""
    page = _page(one, policy)
    link = f" {page}" if page else ""
    room = max(LONGEST_WARNING - len(link), 0)
    return (_cut(f"{one['rule']}: {_plain(one['message'])}", room) + link)[:LONGEST_WARNING]


def denial(found: list[dict[str, Any]], policy: AdmissionPolicy) -> str:
    """All that is denied, one after the other."""
    parts = [f"{one['rule']}: {_plain(one['message'])}" for one in found]
    page = _page(found[0], policy)
    return _cut("meshlint: " + "; ".join(parts), _LONGEST_DENIAL) + (f" ({page})" if page else "")


def _page(one: Mapping[str, Any], policy: AdmissionPolicy) -> str:
    """The page of a rule; a rule that a user wrote brings its own."""
    return str(one["page"]) if "page" in one else policy.rules_url.format(id=one["rule"])


def _plain(text: str) -> str:
    """`text` without characters that a header or a terminal would take for more than text."""
    return "".join(char if char.isprintable() else " " for char in str(text))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: max(most - 1, 0)] + "…"
