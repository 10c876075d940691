"""What an object newly causes: the findings of the cluster with it, less those from before."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from meshlint.api.after.incremental import Known, looked_at
from meshlint.api.judging.checking import check_project, plan_of
from meshlint.api.reading.project import Project
from meshlint.documents import Reading, read
from meshlint.engine.config import Config
from meshlint.engine.finding import Finding
from meshlint.resources import Resource
from meshlint.serve.questions.answers import checking_options
from meshlint.serve.workers.messages import DONE, Reply, Review
from meshlint.sources.cluster.objects import as_written
from meshlint.values import evolve, frozen

UNDER_REVIEW = "object-under-review.json"
_MOST = 200
_SCALED = tuple(
    (group, kind)
    for group in ("apps", "extensions", "")
    for kind in ("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController")
)


@frozen(eq=False, repr=False)
class Before:
    """The set that reviews are held against, what is wrong in it, and what its rules read, if that counts."""

    project: Project
    config: Config
    findings: frozenset[tuple[str, str]]
    known: Known | None


def held_against(project: Project, config: Config) -> Before:
    """The set that reviews are held against: what is wrong already, and what each rule read for saying so."""
    options = checking_options(config, {})
    plan = plan_of(options)
    outcome, known = looked_at(project, plan, options.policy)
    findings = frozenset((one.rule, one.fingerprint) for one in outcome.findings)
    before = Before(project, config, findings, known)
    _rehearse(before)
    return before


def _rehearse(before: Before) -> None:
    """Review an object of each kind as it is: what all reviews need is then there before the first one."""
    resources = before.project.resources
    first = [resources.of(*kind)[0] for kind in resources.kinds]
    for one in first if before.known is not None else ():
        value = one.field.value
        findings_with(before, Review(value, value, one.namespace))


def newly_caused(before: Before, review: Review) -> Reply:
    """The findings that were not there before, as JSON."""
    told = findings_with(before, review)
    found = [one for one in told if (one.rule, one.fingerprint) not in before.findings]
    pages = {one.rule.id: one.rule.page for one in before.config.custom}
    answer = [_told(one, pages) for one in found[:_MOST]]
    return Reply(DONE, json.dumps({"findings": answer, "more": max(len(found) - _MOST, 0)}).encode())


def findings_with(before: Before, review: Review) -> Sequence[Finding]:
    """What is wrong once a review has passed. Rules that read no kind it touches are not asked again."""
    options = checking_options(before.config, {})
    plan = plan_of(options) if before.known is None else before.known.plan
    plan = evolve(plan, rules=tuple(rule for rule in plan.rules if rule.severity >= review.least))
    changed = with_review(before.project, review)
    found = None if before.known is None else before.known.findings_after(changed, options.policy, plan)
    return check_project(changed, plan, options.policy).findings if found is None else found


def with_review(project: Project, review: Review) -> Project:
    """The project as it will be once the review has passed."""
    named = review.new if review.new is not None else review.old
    replaced = _replaced(project, named or {}, review.namespace)
    new = _scaled(replaced, review.new) if _is_scale(review.new) else review.new
    return project.replaced(replaced, None if new is None else _reading(new))


def _reading(value: Mapping[str, Any]) -> Reading:
    return read(UNDER_REVIEW, json.dumps(as_written(value)).encode())


def _replaced(project: Project, value: Mapping[str, Any], namespace: str) -> list[Resource]:
    """The objects of the set that are the one under review, whatever version it is written in."""
    metadata, kind = value.get("metadata"), value.get("kind")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    group = str(value.get("apiVersion", "")).rpartition("/")[0]
    kinds = _SCALED if _is_scale(value) else ((group, kind),) if isinstance(kind, str) else ()
    places = dict.fromkeys((namespace, "")) if isinstance(name, str) else ()
    held = (project.resources.called(*each, place, str(name)) for each in kinds for place in places)
    return [one for those in held for one in those]


def _is_scale(value: Mapping[str, Any] | None) -> bool:
    return value is not None and value.get("kind") == "Scale" and value.get("apiVersion") == "autoscaling/v1"


def _scaled(replaced: list[Resource], scale: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The workload with the replicas that a Scale asks for; the API server leaves out a zero."""
    spec = (scale or {}).get("spec")
    value = replaced[0].field.value if replaced else None
    if not isinstance(value, dict) or not isinstance(spec, dict):
        return None
    own = value.get("spec")
    return {**value, "spec": {**(own if isinstance(own, dict) else {}), "replicas": spec.get("replicas", 0)}}


def _told(one: Finding, pages: Mapping[str, str]) -> dict[str, Any]:
    told = {"rule": one.rule, "severity": str(one.severity), "message": one.message, "object": _object(one)}
    return {**told, "page": pages[one.rule]} if one.rule in pages else told


def _object(one: Finding) -> str:
    if one.object is None:
        return ""
    return "/".join(_parts(one))


def _parts(one: Finding) -> Iterator[str]:
    if one.object is not None:
        yield from (part for part in (one.object.kind, one.object.namespace, one.object.name) if part)
