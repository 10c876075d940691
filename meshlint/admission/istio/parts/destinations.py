"""Where routes lead, and which gateways and callers they are for (Istio: `validateDestination`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from meshlint.admission.istio.vocabulary import texts
from meshlint.admission.istio.vocabulary.messages import needs
from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.admission.istio.vocabulary.said import Declared, Said, Scene, Steps
from meshlint.admission.istio.vocabulary.values import (
    LABELS,
    NAME,
    WILDCARD_HOST,
    is_set,
    items,
    port,
    port_or_none,
    unless_empty,
)
from meshlint.resources.schema.words.writing import quoted

ROUTE_SEMANTICS: Final = "internal.istio.io/route-semantics"


def _host(value: Any, scene: Scene) -> Iterable[Said]:
    star = (Said(Mistake.HOST, 'leads to host "*"', hint="Name a host."),) if value == "*" else ()
    said = star or WILDCARD_HOST(value, scene)
    return () if said and scene.annotations.get(ROUTE_SEMANTICS) == "gateway" else said


def _port(value: Any, scene: Scene) -> Iterator[Said]:
    if not isinstance(value, dict):
        return
    if not value.get("number"):
        at = ("number",) if "number" in value else ()
        yield Said(Mistake.PORT, "leads to a port without a number", at, "Set `number`, or leave `port` out.")
    else:
        for said in port(value["number"], scene):
            yield Said(said.mistake, said.words, ("number",), said.hint)


DESTINATION: Declared = {
    "": needs("host", mistake=Mistake.HOST, hint="Name the host that requests go to."),
    "host": unless_empty(_host),
    "subset": unless_empty(NAME),
    "port": _port,
}


def all_zero(value: Any, _: Scene) -> Iterator[Said]:
    """Several destinations of a route that all have no weight.

    A weight of another type, or below 0, is a mistake of its own. Where zeros are written, it is told at the
    last one, which is to take what the others leave.
    """
    routes = items(value, "route")
    if len(routes) < 2:
        return
    written = [one.get("weight") for one in routes if isinstance(one, dict)]
    if len(written) > 1 and all(one is None or (one == 0 and one is not False) for one in written):
        words = "splits over weights that sum to 0"
        zeros = [index for index, one in enumerate(routes) if is_set(one, "weight")]
        at: Steps = ("route", zeros[-1], "weight") if zeros else ("route",)
        yield Said(
            Mistake.WEIGHTS_ZERO, words, at, "Give at least one of them a weight.", on_key=len(at) == 1
        )


def _weight(value: Any, _: Scene) -> Iterator[Said]:
    if isinstance(value, int) and value < 0:
        yield Said(Mistake.WEIGHT, f"gives a destination the weight {value}", hint="Weights start at 0.")


WEIGHTED: Declared = {
    "": needs("destination", hint="Say where requests go."),
    "destination": DESTINATION,
    "weight": _weight,
}


def gateway_names(value: Any, _: Scene) -> Iterator[Said]:
    """Names of gateways; the webhook looks at none after the first that names no namespace."""
    for index, name in enumerate(value if isinstance(value, list) else ()):
        if not isinstance(name, str):
            continue
        namespace, slash, own = name.partition("/")
        if not slash:
            yield from _plain_gateway(index, name)
            return
        if not texts.is_label(namespace) or not texts.is_label(own):
            words = f"is for gateway {quoted(name)}, which is no name of one"
            yield Said(Mistake.NAME, words, (index,), "Write namespace/name, or name alone.")


def _plain_gateway(index: int, name: str) -> Iterator[Said]:
    if texts.host_problem(name):
        words = f"is for gateway {quoted(name)}, which is no name of one"
        yield Said(Mistake.NAME, words, (index,), "Write namespace/name, or name alone.")
    elif "." in name:
        own, namespace = name.split(".")[:2]
        words = f"is for gateway {quoted(name)}, an old form of its name that may go away"
        yield Said(Mistake.DOUBTFUL, words, (index,), f"Write {namespace}/{own}.", refuses=False)


def scoped_gateways(value: Any, scene: Scene) -> Iterator[Said]:
    """Gateways of a match; of old forms the webhook says nothing there."""
    return (said for said in gateway_names(value, scene) if said.refuses)


MATCH_SCOPE: Declared = {
    "port": port_or_none,
    "sourceLabels": LABELS,
    "gateways": scoped_gateways,
}
