"""What an object newly causes: the findings of the cluster with it, less those from before."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from meshlint.api.judging.checking import check_project, plan_of
from meshlint.api.reading.project import Project
from meshlint.documents import Reading, read
from meshlint.engine.config import Config
from meshlint.engine.finding import Finding
from meshlint.engine.rule import Severity
from meshlint.resources import Resource
from meshlint.resources.versions import place_of
from meshlint.serve.questions.answers import checking_options
from meshlint.serve.workers.keeping import Kept
from meshlint.serve.workers.messages import DONE, EMPTY, Reply, Review
from meshlint.values import evolve

UNDER_REVIEW = "object-under-review.json"
_MOST = 200


def fingerprints(project: Project, config: Config) -> frozenset[tuple[str, str]]:
    """What is wrong already."""
    return frozenset((one.rule, one.fingerprint) for one in _findings(project, config))


def newly_caused(
    kept: Kept | None, project: Project | None, before: frozenset[tuple[str, str]], review: Review
) -> Reply:
    """The findings that were not there before, as JSON."""
    if kept is None or project is None:
        return Reply(EMPTY)
    changed = with_review(project, review)
    told = _findings(changed, kept.config, review.least)
    found = [one for one in told if (one.rule, one.fingerprint) not in before]
    pages = {one.rule.id: one.rule.page for one in kept.config.custom}
    answer = [_told(one, pages) for one in found[:_MOST]]
    return Reply(DONE, json.dumps({"findings": answer, "more": max(len(found) - _MOST, 0)}).encode())


def with_review(project: Project, review: Review) -> Project:
    """The project as it will be once the review has passed."""
    named = review.new if review.new is not None else review.old
    replaced = [one for one in project.resources.resources if _is_same(one, named or {}, review.namespace)]
    new = _scaled(replaced, review.new) if _is_scale(review.new) else review.new
    readings = [] if new is None else [_reading(new)]
    documents = (*project.documents, *(one for each in readings for one in each.documents))
    return evolve(
        project,
        documents=documents,
        texts={**project.texts, **{one.text.path: one.text for one in readings}},
        without=project.without | {place_of(one) for one in replaced},
        variants=(),
        deployments=(),
    ).filled(None)


def _findings(project: Project, config: Config, least: Severity = Severity.INFO) -> Iterable[Finding]:
    options = checking_options(config, {})
    plan = plan_of(options)
    plan = evolve(plan, rules=tuple(rule for rule in plan.rules if rule.severity >= least))
    return check_project(project, plan, options.policy).findings


def _reading(value: Mapping[str, Any]) -> Reading:
    return read(UNDER_REVIEW, json.dumps(value).encode())


def _is_same(one: Resource, value: Mapping[str, Any], namespace: str) -> bool:
    """Whether an object of the set is the one under review, whatever version it is written in."""
    metadata = value.get("metadata")
    named = metadata if isinstance(metadata, dict) else {}
    if one.id.name != named.get("name") or one.id.namespace not in (namespace, ""):
        return False
    if _is_scale(value):
        return one.id.kind in ("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController")
    group = str(value.get("apiVersion", "")).rpartition("/")[0]
    return (one.id.group, one.id.kind) == (group, value.get("kind"))


def _is_scale(value: Mapping[str, Any] | None) -> bool:
    return value is not None and value.get("kind") == "Scale" and value.get("apiVersion") == "autoscaling/v1"


def _scaled(replaced: list[Resource], scale: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The workload with the replicas that a Scale asks for."""
    spec = (scale or {}).get("spec")
    value = replaced[0].field.value if replaced else None
    if not isinstance(value, dict) or not isinstance(spec, dict):
        return None
    own = value.get("spec")
    return {**value, "spec": {**(own if isinstance(own, dict) else {}), "replicas": spec.get("replicas")}}


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
