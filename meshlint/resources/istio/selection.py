"""Which workloads or objects an Istio object is for."""

from __future__ import annotations

from collections.abc import Mapping

from meshlint.documents import Field, Text
from meshlint.resources.istio.parts import part, parts
from meshlint.resources.view_class import view


@view
class WorkloadSelector:
    """Picks pods by labels that must all be there; without labels it picks every pod in scope."""

    field: Field
    labels: Mapping[str, Text]

    @property
    def has_labels_written(self) -> bool:
        """Whether there is a mapping of labels, be it an empty one: `selector: {}` has none."""
        return isinstance((self.field / "matchLabels").value, dict)


@view
class TargetRef:
    """Names the one object that a policy attaches to."""

    field: Field
    group: Text | None
    kind: Text | None
    name: Text | None
    namespace: Text | None


def match_labels(spec: Field, key: str = "selector") -> WorkloadSelector | None:
    """The selector at `key` with its labels in `matchLabels`; None if there is none."""
    return part(spec, key, lambda field: WorkloadSelector(field, field.mapping("matchLabels")))


def workload_labels(spec: Field) -> WorkloadSelector | None:
    """The selector at `workloadSelector` with its labels in `labels`; None if there is none."""
    return part(spec, "workloadSelector", lambda field: WorkloadSelector(field, field.mapping("labels")))


def plain_labels(spec: Field) -> WorkloadSelector | None:
    """The selector at `selector` that is itself the mapping of labels; None if there is none."""
    return part(spec, "selector", lambda field: WorkloadSelector(field, spec.mapping("selector")))


def target_refs(spec: Field) -> tuple[TargetRef, ...]:
    """`targetRefs`, or the one `targetRef` of old where that list is empty (Istio: policy attachment)."""
    single = part(spec, "targetRef", _target_ref)
    return parts(spec, "targetRefs", _target_ref) or ((single,) if single else ())


def _target_ref(field: Field) -> TargetRef:
    return TargetRef(
        field,
        group=field.text("group"),
        kind=field.text("kind"),
        name=field.text("name"),
        namespace=field.text("namespace"),
    )
