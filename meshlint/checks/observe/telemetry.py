"""Telemetry that is not in force, or that sees less than it looks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.wording import did_you_mean
from meshlint.checks.world import World
from meshlint.documents import Text
from meshlint.matching import LabelSelector
from meshlint.mesh.names.nearest import nearest
from meshlint.mesh.namespaces.namespaces import WORKLOADS
from meshlint.mesh.questions.unseen_pods import may_select
from meshlint.resources.istio.telemetry import Telemetry

_BUILT_IN = frozenset({"envoy", "prometheus", "stackdriver"})


def _selector(telemetry: Telemetry) -> LabelSelector | None:
    """The labels that it selects; None for one of a whole namespace or of another object."""
    selector = telemetry.selector
    if selector is None or not selector.labels:
        return None
    return LabelSelector.of(selector.labels)


def several_default(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Two Telemetries are for one whole namespace."""
    whole = [one for one in world.mesh.telemetries if _selector(one) is None and not one.target_refs]
    for one, other in combinations(whole, 2):
        if one.resource.namespace == other.resource.namespace and one.resource.name != other.resource.name:
            yield from _pair(one, other, "the whole namespace")


def overlapping(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Two Telemetries select one pod."""
    chosen = [one for one in world.mesh.telemetries if _selector(one) is not None]
    for one, other in combinations(chosen, 2):
        if one.resource.namespace != other.resource.namespace or one.resource.name == other.resource.name:
            continue
        both = (_selector(one) or LabelSelector()).intersection(_selector(other) or LabelSelector())
        pods = world.mesh.workloads.select(one.resource.namespace, both)
        if pods:
            yield from _pair(one, other, str(pods[0]))


def _pair(one: Telemetry, other: Telemetry, what: str) -> Iterator[Hit]:
    for mine, theirs in ((one, other), (other, one)):
        name = theirs.resource.name
        yield Hit(
            mine.resource.at("metadata", "name"),
            f"{mine.resource} is for {what} like {name!r}, so only the older counts",
            resource=mine.resource,
            hint="Merge the two, or tell their pods apart.",
            related=(Related(theirs.resource.at("metadata", "name"), "the other Telemetry"),),
            about=name,
        )


def selects_nothing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A Telemetry selects no pod."""
    for telemetry in world.mesh.telemetries:
        labels, namespace = _selector(telemetry), telemetry.resource.namespace
        if labels is None or telemetry.selector is None:
            continue
        seen = world.mesh.namespaces.shows(namespace, WORKLOADS, telemetry.field)
        if seen and not may_select(world.mesh, namespace, telemetry.selector.labels):
            yield Hit(
                telemetry.selector.field,
                f"{telemetry.resource} selects pods with {labels.describe()}, which none has, so it is idle",
                resource=telemetry.resource,
                on_key=True,
                hint="Labels of the pod template count, in its own namespace.",
            )


def root_with_selector(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A Telemetry of the root namespace selects pods."""
    for telemetry in world.mesh.telemetries:
        in_root = telemetry.resource.namespace == world.settings.root_namespace
        if in_root and telemetry.selector is not None and telemetry.selector.labels:
            yield Hit(
                telemetry.selector.field,
                f"{telemetry.resource} selects pods of the root namespace alone, so it is not mesh-wide",
                resource=telemetry.resource,
                on_key=True,
                hint="Leave the selector out, or put it into the namespace of the pods.",
            )


def provider_unknown(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A provider is none of those that the mesh has."""
    if not world.settings.is_declared("extension_providers"):
        return
    known = {*world.settings.extension_providers, *_BUILT_IN}
    for telemetry in world.mesh.telemetries:
        for name in _providers(telemetry):
            if name not in known:
                yield Hit(
                    name.field,
                    f"{telemetry.resource} names provider {str(name)!r}, which the mesh does not have, "
                    "so nothing is reported",
                    resource=telemetry.resource,
                    hint=f"{did_you_mean(nearest(name, known))}Add it to `extensionProviders`.",
                )


def _providers(telemetry: Telemetry) -> Iterator[Text]:
    for tracing in telemetry.tracing:
        yield from tracing.providers
    for metrics in telemetry.metrics:
        yield from metrics.providers
    for logging in telemetry.access_logging:
        yield from logging.providers


def logs_nowhere(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """An access log without a provider: nobody writes it, or whoever does never sees its filter."""
    for telemetry in world.mesh.telemetries:
        for logging in telemetry.access_logging:
            if logging.providers or logging.disabled:
                continue
            if _has_no_logger(world, telemetry):
                yield Hit(
                    logging.field,
                    f"{telemetry.resource} asks for access logs and names no provider, so there are none",
                    resource=telemetry.resource,
                    hint="Name a provider, or set `defaultProviders.accessLogging` of the mesh.",
                )
            elif logging.filter is not None:
                yield Hit(
                    logging.filter.field,
                    f"{telemetry.resource} filters access logs of no provider, so the filter is dropped",
                    resource=telemetry.resource,
                    hint="Name the provider beside the filter: one that is inherited logs every request.",
                )


def _has_no_logger(world: World, telemetry: Telemetry) -> bool:
    """Whether surely nobody writes the access logs that a Telemetry asks for."""
    settings = world.settings
    if not settings.is_declared("default_access_logging") or settings.default_access_logging:
        return False
    return not any(map(_names_loggers, (telemetry, *_wider(world, telemetry))))


def _wider(world: World, telemetry: Telemetry) -> Iterator[Telemetry]:
    """The Telemetries that `telemetry` inherits from: of its namespace and of the mesh."""
    wider = (telemetry.resource.namespace, world.settings.root_namespace)
    for one in world.mesh.telemetries:
        if one.resource.namespace in wider and _selector(one) is None and not one.target_refs:
            yield one


def _names_loggers(telemetry: Telemetry) -> bool:
    return any(logging.providers for logging in telemetry.access_logging)


def sampling(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Every request is traced, or none."""
    for telemetry in world.mesh.telemetries:
        for tracing in telemetry.tracing:
            share = tracing.random_sampling_percentage
            if share in (0, 100):
                effect = "so traces cost as much as requests" if share else "so there are no traces"
                yield Hit(
                    tracing.field / "randomSamplingPercentage",
                    f"{telemetry.resource} samples {share:g} % of the requests, {effect}",
                    resource=telemetry.resource,
                    hint="One percent is the default.",
                )


def several_tracings(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Several tracing settings or providers stand where one counts."""
    for telemetry in world.mesh.telemetries:
        if len(telemetry.tracing) > 1:
            yield Hit(
                telemetry.tracing[1].field,
                f"{telemetry.resource} has several tracing settings, so only the first counts",
                resource=telemetry.resource,
                hint="Merge them.",
            )
        for tracing in telemetry.tracing:
            if len(tracing.providers) > 1:
                yield Hit(
                    tracing.providers[1].field,
                    f"{telemetry.resource} names several tracing providers, so only the first counts",
                    resource=telemetry.resource,
                    hint="Keep one provider.",
                )


def logging_switched_off(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A Telemetry that keeps no record of requests."""
    for telemetry in world.mesh.telemetries:
        for logging in telemetry.access_logging:
            if logging.disabled and logging.filter is None:
                yield Hit(
                    logging.field / "disabled",
                    f"{telemetry.resource} turns access logs off, so nothing tells later who called whom",
                    resource=telemetry.resource,
                    hint="Keep the log of gateways at least, filtered if it is too much.",
                )
