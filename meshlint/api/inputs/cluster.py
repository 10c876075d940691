"""From a live cluster to a project: its objects, read as if somebody had written them down."""

from __future__ import annotations

from collections.abc import Iterable

from meshlint.api.inputs.files import read_files
from meshlint.api.inputs.gathering import NothingFound
from meshlint.api.judging.checking import check_project, plan_of
from meshlint.api.reading.project import Project
from meshlint.api.requests.request import Request, understood
from meshlint.engine.outcome import Outcome
from meshlint.engine.usage import Mistake, UsageError
from meshlint.resources.schema.store.catalogue import built_in
from meshlint.sources.cluster.listing import served_kinds
from meshlint.sources.cluster.model import Api, ApiError, ServedKind, Unread
from meshlint.sources.cluster.objects import files_of
from meshlint.sources.cluster.watching import Kept, listed_into
from meshlint.values import evolve

CURRENT = "current"
_MISSING = "a cluster is read with the package kubernetes: pip install 'meshlint[cluster]'"
_OTHERS = frozenset(
    {
        ("", "ConfigMap"),
        ("", "LimitRange"),
        ("", "Namespace"),
        ("", "Secret"),
        ("", "Service"),
        ("", "ServiceAccount"),
        ("networking.k8s.io", "NetworkPolicy"),
        ("networking.k8s.io", "Ingress"),
        ("autoscaling", "HorizontalPodAutoscaler"),
        ("policy", "PodDisruptionBudget"),
        ("keda.sh", "ScaledObject"),
    }
)
_NOT_READ = frozenset({("", "Pod"), ("apps", "ReplicaSet")})


def wanted_kinds() -> frozenset[tuple[str, str]]:
    """The kinds that meshlint reads of a cluster: those of the meshes, and what they act on.

    Pods and ReplicaSets are left out: their workloads say the same.
    """
    return (frozenset(built_in().kinds) | _OTHERS) - _NOT_READ


def connect(context: str) -> Api:
    """The API server of a context, or of the current one; raises `UsageError` where there is none."""
    from meshlint.sources.cluster.client import connected

    try:
        return connected(None if context == CURRENT else context)
    except ImportError as error:
        raise UsageError(Mistake(_MISSING)) from error
    except ApiError as error:
        raise UsageError(Mistake(str(error))) from error


def kinds_of(api: Api) -> tuple[tuple[ServedKind, ...], tuple[Unread, ...]]:
    """The kinds to read; raises `UsageError` where the server cannot be asked."""
    try:
        return served_kinds(api, wanted_kinds())
    except ApiError as error:
        raise UsageError(Mistake(f"the cluster cannot be read: {error}")) from error


def cluster_files(api: Api) -> tuple[dict[str, bytes], tuple[Unread, ...]]:
    """A file for each object, and what could not be read; raises `UsageError`."""
    kinds, unread = kinds_of(api)
    kept = Kept()
    for kind in kinds:
        listed_into(kept, api, kind)
    _, objects, more = kept.now()
    return files_of(objects.items()), (*unread, *more)


def load_cluster(api: Api, request: Request | None = None) -> Project:
    """The project of a cluster; raises `UsageError`, and `NothingFound` where it holds nothing."""
    return _read(api, request or Request())[0]


def check_cluster(api: Api, request: Request | None = None) -> Outcome:
    """What is wrong in a cluster; raises like `load_cluster`. The summary says what could not be read."""
    request = request or Request()
    asked = understood(request, (".",))
    plan = plan_of(asked.options)
    project, unread = _read(api, request)
    outcome = check_project(project, plan, asked.options.policy)
    notes = (*outcome.summary.notes, *unread_notes(unread))
    return evolve(outcome, summary=evolve(outcome.summary, notes=notes), fail_on=asked.config.fail_on)


def _read(api: Api, request: Request) -> tuple[Project, tuple[Unread, ...]]:
    asked = understood(request, (".",))
    files, unread = cluster_files(api)
    project = read_files(files, asked.options.reading)
    if not project.resources.resources:
        raise NothingFound("the cluster holds nothing that can be read")
    return project, unread


def unread_notes(unread: Iterable[Unread]) -> list[str]:
    """What could not be read, a sentence for each reason."""
    by_reason: dict[str, list[str]] = {}
    for one in unread:
        by_reason.setdefault(one.why, []).append(one.what)
    return [f"Not read ({reason}): {', '.join(sorted(what))}" for reason, what in sorted(by_reason.items())]
