"""Which labels the pods of an Argo Rollout have while a step of it runs.

Source: Argo Rollouts: `canaryMetadata` and its like, and experiments, whose templates start pods of their
own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from meshlint.documents import Field, Text
from meshlint.resources.kubernetes.workload import Workload

_STRATEGIES = (
    ("canary", ("canaryMetadata", "stableMetadata")),
    ("blueGreen", ("activeMetadata", "previewMetadata")),
)


def passing_labels(workload: Workload) -> tuple[Mapping[str, Text], ...]:
    """The labels that some pods of a workload have at times, besides those of its template at rest."""
    if (workload.resource.group, workload.kind) != ("argoproj.io", "Rollout"):
        return ()
    template = workload.pod.labels
    return tuple({**template, **added} for added in _added(workload.resource.spec / "strategy"))


def _added(strategy: Field) -> Iterator[Mapping[str, Text]]:
    for name, metadata in _STRATEGIES:
        for one in metadata:
            yield (strategy / name / one).mapping("labels")
    for step in (strategy / "canary").items("steps"):
        for template in (step / "experiment").items("templates"):
            yield (template / "metadata").mapping("labels")
