"""What Argo Rollouts and Flagger need in the mesh to shift traffic, and what they make themselves."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.documents import Field, Text
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.names.expansion import ServiceName
from meshlint.mesh.namespaces.namespaces import DESTINATION_RULES, VIRTUAL_SERVICES
from meshlint.mesh.resolution import Missing
from meshlint.resources import Resource
from meshlint.resources.istio.destination_rule import DestinationRule
from meshlint.resources.istio.virtual_service import VirtualService
from meshlint.values import frozen

_ISTIO = "networking.istio.io"


@frozen(eq=False, repr=False)
class Unmet:
    """Something that a Rollout names and that is not there: `what` in words, `other` where it should be."""

    rollout: Resource
    at: Field
    what: str
    hint: str
    other: Resource | None = None


def unmet_needs(mesh: Mesh) -> Iterator[Unmet]:
    """The Services, routes and subsets that Rollouts name in vain (Argo Rollouts: traffic management)."""
    for rollout in mesh.resources.of("argoproj.io", "Rollout"):
        strategy = rollout.spec / "strategy"
        canary, blue_green = strategy / "canary", strategy / "blueGreen"
        named = [canary.text(key) for key in ("stableService", "canaryService")]
        named += [blue_green.text(key) for key in ("activeService", "previewService")]
        for name in named:
            if name is not None and _lacks_service(mesh, rollout.namespace, name):
                what = f"Service {name!r}, which does not exist"
                yield Unmet(rollout, name.field, what, "Correct the name, or add the Service.")
        istio = canary / "trafficRouting" / "istio"
        one = istio / "virtualService"
        for wanted in (*((one,) if one else ()), *istio.items("virtualServices")):
            yield from _of_virtual_service(mesh, rollout, wanted)
        if istio / "destinationRule":
            yield from _of_rule(mesh, rollout, istio / "destinationRule")


def _lacks_service(mesh: Mesh, namespace: str, name: str) -> bool:
    host = ServiceName(namespace, name).host(mesh.settings.cluster_domain)
    return isinstance(mesh.hosts.resolve(host, namespace), Missing)


def _of_virtual_service(mesh: Mesh, rollout: Resource, wanted: Field) -> Iterator[Unmet]:
    written = wanted.text("name")
    if written is None:
        return
    name, _, place = written.partition(".")
    namespace = place or rollout.namespace
    found = [one for one in mesh.virtual_services if _is(one.resource, namespace, name)]
    if not found:
        if mesh.namespaces.shows(namespace, VIRTUAL_SERVICES, written.field):
            what = f"VirtualService {namespace}/{name}, which does not exist"
            yield Unmet(rollout, written.field, what, "Correct the name, or add the VirtualService.")
        return
    if len(found) == 1:
        yield from _routes(rollout, wanted, written, found[0])


def _routes(
    rollout: Resource, wanted: Field, written: Text, virtual_service: VirtualService
) -> Iterator[Unmet]:
    owner, known = virtual_service.resource, [str(one.name) for one in virtual_service.http if one.name]
    routes = wanted.texts("routes")
    for route in routes:
        if str(route) not in known:
            hint = f"Its routes are called {', '.join(known)}." if known else "None of its routes has a name."
            what = f"route {str(route)!r}, which {owner} does not have"
            yield Unmet(rollout, route.field, what, hint, owner)
    other = any(wanted.items(key) for key in ("tlsRoutes", "tcpRoutes"))
    if not routes and not other and len(virtual_service.http) > 1:
        what = f"none of the {len(virtual_service.http)} routes of {owner}"
        yield Unmet(
            rollout, written.field, what, "Name the route that is to be shared out in `routes`.", owner
        )


def _of_rule(mesh: Mesh, rollout: Resource, wanted: Field) -> Iterator[Unmet]:
    name = wanted.text("name")
    if name is None:
        return
    found = [one for one in mesh.destination_rules.all if _is(one.resource, rollout.namespace, str(name))]
    if not found:
        if mesh.namespaces.shows(rollout.namespace, DESTINATION_RULES, name.field):
            what = f"DestinationRule {str(name)!r}, which does not exist"
            yield Unmet(rollout, name.field, what, "Correct the name, or add the DestinationRule.")
        return
    for key in ("canarySubsetName", "stableSubsetName"):
        subset = wanted.text(key)
        if subset is not None and all(not _has(one, subset) for one in found):
            what = f"subset {str(subset)!r}, which {found[0].resource} does not define"
            yield Unmet(rollout, subset.field, what, "Define the subset.", found[0].resource)


def _has(rule: DestinationRule, subset: str) -> bool:
    return any(str(one.name) == subset for one in rule.subsets)


def _is(resource: Resource, namespace: str, name: str) -> bool:
    return (resource.namespace, resource.name) == (namespace, name)


@frozen(eq=False, repr=False)
class TakenOver:
    """An object that a Canary of Flagger makes itself, and that is written as well."""

    canary: Resource
    written: Resource


def taken_over(mesh: Mesh) -> Iterator[TakenOver]:
    """Objects that Flagger writes over: two owners of one object undo each other's changes.

    It makes a VirtualService called like the service of the Canary, and DestinationRules for its two parts
    (Flagger: Istio canary deployments).
    """
    for canary in mesh.resources.of("flagger.app", "Canary"):
        provider = canary.spec.text("provider")
        name = (canary.spec / "service").text("name") or (canary.spec / "targetRef").text("name")
        if name is None or not str(provider or "istio").startswith("istio"):
            continue
        made = {("VirtualService", str(name))}
        made |= {("DestinationRule", f"{name}-{part}") for part in ("primary", "canary")}
        for kind, one in sorted(made):
            for written in mesh.resources.of(_ISTIO, kind):
                if _is(written, canary.namespace, one):
                    yield TakenOver(canary, written)
