"""What an expression of a user may ask of the mesh, as functions of CEL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from meshlint.checks.custom.callers import desk_of
from meshlint.checks.custom.cel import Budget, typed
from meshlint.checks.custom.policies import KINDS, policies_for
from meshlint.checks.custom.scope import is_of_kind
from meshlint.checks.world import World
from meshlint.resources import Resource
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.access import AccessDecision, AccessRequest, Destination, Target, combined
from meshlint.security.membership.belonging import belonging
from meshlint.security.transport.calls import Transport
from meshlint.values import define, field

QUESTIONS: Final[Mapping[str, str]] = {
    "access(call)": "`allow`, `deny` or `depends`: what comes of a call, as for `meshlint access`. The "
    "call is a map with `to` (a workload or Service, `NAMESPACE/NAME`) and, as far as they matter, `port`, "
    "`from` (a workload), `principal` or `namespace`, `method`, `path` and `host`. Without a caller it comes "
    "from outside of the mesh.",
    "transport(call)": "How the same call travels: " + ", ".join(f"`{one.value}`" for one in Transport) + ".",
    "dataplane(object)": "Whose proxy a workload has: `istio sidecar`, `istio ambient`, `linkerd` or `none`.",
    "policies(object, kind)": f"The policies of a kind that are for a workload: {', '.join(KINDS)}.",
    "objects(kind)": "All objects of a kind in view (`Kind` or `group/Kind`), in a second argument of one "
    "namespace alone.",
}
"""The functions over the mesh, and what each one answers."""

NAMES: Final = tuple(one.partition("(")[0] for one in QUESTIONS)
_COST: Final = 300
_TEXTS: Final = ("from", "principal", "namespace", "method", "path", "host")


@define(eq=False)
class Asking:
    """The questions of one rule's expressions, which cost steps of the budget of the object at hand."""

    world: World
    budget: Budget
    _values: dict[int, Any] = field(factory=dict)

    def functions(self) -> dict[str, Callable[..., Any]]:
        """The functions by name."""
        return {
            "access": self.access,
            "transport": self.transport,
            "dataplane": self.dataplane,
            "policies": self.policies,
            "objects": self.objects,
        }

    def access(self, call: Mapping[Any, Any]) -> Any:
        """The verdict on a call."""
        return typed(self._decision(call).verdict.value)

    def transport(self, call: Mapping[Any, Any]) -> Any:
        """How a call travels."""
        return typed(self._decision(call).transport.value)

    def dataplane(self, value: Mapping[Any, Any]) -> Any:
        """Whose proxy a workload has."""
        self.budget.spend(_COST)
        plane = belonging(self.world.mesh, self._workload(value)).dataplane
        return typed("none" if plane is None else plane.value)

    def policies(self, value: Mapping[Any, Any], kind: str) -> Any:
        """The policies of a kind for a workload."""
        self.budget.spend(_COST)
        if kind not in KINDS:
            raise ValueError(f'policies() does not know the kind "{kind}"')
        return self._listed(policies_for(self.world, self._workload(value), str(kind)))

    def objects(self, kind: str, namespace: str | None = None) -> Any:
        """The objects of a kind."""
        found = [
            one
            for one in self.world.resources.resources
            if is_of_kind(one, str(kind)) and namespace in (None, one.namespace)
        ]
        self.budget.spend(len(self.world.resources.resources) // 10 + len(found))
        return self._listed(found)

    def value_of(self, resource: Resource) -> Any:
        """An object as an expression sees it, with the namespace that it lives in."""
        known = self._values.get(id(resource))
        if known is None:
            written = resource.field.value if isinstance(resource.field.value, dict) else {}
            metadata = written.get("metadata")
            named = {**(metadata if isinstance(metadata, dict) else {})}
            if resource.namespace:
                named["namespace"] = resource.namespace
            known = self._values[id(resource)] = typed({**written, "metadata": named})
        return known

    def _listed(self, found: Any) -> Any:
        from celpy import celtypes

        return celtypes.ListType([self.value_of(one) for one in found])

    def _decision(self, call: Mapping[Any, Any]) -> AccessDecision:
        self.budget.spend(_COST)
        told = {str(key): value for key, value in call.items()}
        unknown = sorted(set(told) - {"to", "port", *_TEXTS})
        if unknown or "to" not in told:
            raise ValueError(f'a call has no "{unknown[0]}"' if unknown else 'a call needs "to"')
        names = desk_of(self.world.mesh).names
        to = _only(names.destinations(str(told["to"])), str(told["to"]))
        port = told.get("port")
        targets = names.all_targets(to) if port is None else names.targets(to, _port(port))
        if not targets:
            raise ValueError(f'"{told["to"]}" has no such port with a workload behind it in view')
        return self._decided(told, targets)

    def _decided(self, told: Mapping[str, Any], targets: tuple[Target, ...]) -> AccessDecision:
        desk = desk_of(self.world.mesh)
        given: dict[str, Any] = {name: str(told[name]) for name in _TEXTS if name in told}
        source, namespace = given.pop("from", None), given.get("namespace")
        asked = AccessRequest(str(told["to"]), source=source, **given)
        clients: tuple[Workload | None, ...] = (None,)
        if source is not None:
            clients = _only(desk.names.sources(source), source).workloads
        elif namespace is not None:
            clients = self.world.mesh.workloads.in_namespace(namespace) or (None,)
        self.budget.spend(_COST * len(clients) * len(targets))
        decisions = [desk.decide(client, target, asked) for client in clients for target in targets]
        return combined(tuple(decisions), "which of the workloads it is")

    def _workload(self, value: Mapping[Any, Any]) -> Workload:
        metadata = value.get("metadata") if isinstance(value, dict) else None
        named = metadata if isinstance(metadata, dict) else {}
        place = f"{named.get('namespace')}/{named.get('name')}"
        kind = str(value.get("kind")) if isinstance(value, dict) else ""
        for one in self.world.mesh.workloads.named(place):
            if one.kind == kind:
                return one
        raise ValueError(f"{kind} {place} makes no pods")


def _only(found: tuple[Destination, ...], text: str) -> Destination:
    if len(found) != 1:
        raise ValueError(f'"{text}" is {"nothing" if not found else "more than one thing"} in the manifests')
    return found[0]


def _port(value: object) -> int | str:
    return int(value) if isinstance(value, int) else str(value)
