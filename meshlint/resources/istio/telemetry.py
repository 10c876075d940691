"""Telemetry: which traces, metrics and access logs proxies produce."""

from __future__ import annotations

from collections.abc import Mapping

from meshlint.documents import Field, Text
from meshlint.resources.istio.parts import Duration, Number, SpecView, duration, named_parts, number, parts
from meshlint.resources.istio.selection import TargetRef, WorkloadSelector, match_labels, target_refs
from meshlint.resources.resource import Resource
from meshlint.resources.view import filled_or
from meshlint.resources.view_class import view
from meshlint.values import frozen

BOTH_SIDES = "CLIENT_AND_SERVER"


@view
class Tracing:
    """A tracing setting; None for the percentage or a switch inherits it from the next wider Telemetry."""

    field: Field
    mode: Text
    providers: tuple[Text, ...]
    random_sampling_percentage: Number | None
    disable_span_reporting: bool | None
    enable_istio_tags: bool | None
    use_request_id_for_trace_sampling: bool | None
    custom_tags: tuple[Field, ...]


@view
class TagOverride:
    """A change to a tag of a metric; `value` is an expression."""

    field: Field
    operation: Text
    value: Text | None


@view
class MetricsOverride:
    """A change to one metric, or to all of them where `metric` and `custom_metric` are None."""

    field: Field
    metric: Text | None
    custom_metric: Text | None
    mode: Text
    disabled: bool | None
    tag_overrides: Mapping[str, TagOverride]


@view
class Metrics:
    """A metrics setting."""

    field: Field
    providers: tuple[Text, ...]
    overrides: tuple[MetricsOverride, ...]
    reporting_interval: Duration | None


@view
class AccessLogging:
    """An access log setting; `filter` is an expression that requests must meet."""

    field: Field
    mode: Text
    providers: tuple[Text, ...]
    disabled: bool | None
    filter: Text | None


@frozen(eq=False, repr=False)
class Telemetry(SpecView):
    """Settings for a mesh, a namespace or some workloads; an absent kind of setting is inherited."""

    selector: WorkloadSelector | None
    target_refs: tuple[TargetRef, ...]
    tracing: tuple[Tracing, ...]
    metrics: tuple[Metrics, ...]
    access_logging: tuple[AccessLogging, ...]


def telemetry(resource: Resource) -> Telemetry:
    """The view of a Telemetry of any version."""
    spec = resource.spec
    return Telemetry(
        resource,
        selector=match_labels(spec),
        target_refs=target_refs(spec),
        tracing=parts(spec, "tracing", _tracing),
        metrics=parts(spec, "metrics", _metrics),
        access_logging=parts(spec, "accessLogging", _access_logging),
    )


def _tracing(field: Field) -> Tracing:
    return Tracing(
        field,
        mode=_mode(field),
        providers=_providers(field),
        random_sampling_percentage=number(field, "randomSamplingPercentage"),
        disable_span_reporting=field.boolean("disableSpanReporting"),
        enable_istio_tags=field.boolean("enableIstioTags"),
        use_request_id_for_trace_sampling=field.boolean("useRequestIdForTraceSampling"),
        custom_tags=field.fields("customTags"),
    )


def _metrics(field: Field) -> Metrics:
    return Metrics(
        field,
        providers=_providers(field),
        overrides=parts(field, "overrides", _override),
        reporting_interval=duration(field, "reportingInterval"),
    )


def _override(field: Field) -> MetricsOverride:
    match = field / "match"
    return MetricsOverride(
        field,
        metric=match.text("metric"),
        custom_metric=match.text("customMetric"),
        mode=_mode(field),
        disabled=field.boolean("disabled"),
        tag_overrides=named_parts(field, "tagOverrides", _tag_override),
    )


def _tag_override(field: Field) -> TagOverride:
    return TagOverride(field, filled_or(field, "operation", "UPSERT"), field.text("value"))


def _access_logging(field: Field) -> AccessLogging:
    return AccessLogging(
        field,
        mode=_mode(field),
        providers=_providers(field),
        disabled=field.boolean("disabled"),
        filter=(field / "filter").text("expression"),
    )


def _mode(field: Field) -> Text:
    return filled_or(field / "match", "mode", BOTH_SIDES)


def _providers(field: Field) -> tuple[Text, ...]:
    names = (item.text("name") for item in field.items("providers"))
    return tuple(name for name in names if name is not None)
