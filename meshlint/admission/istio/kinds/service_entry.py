"""What istiod's webhook checks in a ServiceEntry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from meshlint.admission.istio.kinds.entry_resolution import resolution
from meshlint.admission.istio.parts.exports import export_to
from meshlint.admission.istio.parts.protocols import protocol
from meshlint.admission.istio.parts.selectors import selector
from meshlint.admission.istio.vocabulary import texts
from meshlint.admission.istio.vocabulary.messages import needs
from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.admission.istio.vocabulary.said import Said, Scene
from meshlint.admission.istio.vocabulary.shape import shape
from meshlint.admission.istio.vocabulary.values import (
    NAME,
    SUBNET,
    items,
    number,
    port,
    port_or_none,
    text,
    unless_empty,
)
from meshlint.resources.schema.words.writing import quoted


def _host(value: Any, scene: Scene) -> Iterator[Said]:
    if not isinstance(value, str):
        return
    if value == "*":
        yield Said(Mistake.ENTRY, "is for host '*'", hint="Name a domain: `*.example.com`.")
        return
    problem = texts.wildcard_problem(value)
    if problem:
        yield Said(Mistake.HOST, f"is for host {quoted(value)}, which {problem}", hint="Write a host name.")
    elif texts.is_partial_wildcard(value) and text(scene.spec, "resolution") != "DYNAMIC_DNS":
        words = (
            f"is for host {quoted(value)}, whose wildcard is for a part of a label, so it may match nothing"
        )
        yield Said(Mistake.DOUBTFUL, words, hint="Write `*.` and a domain.", refuses=False)


def _together(value: Any, _: Scene) -> Iterator[Said]:
    if not isinstance(value, dict):
        return
    if value.get("workloadSelector") is not None and items(value, "endpoints"):
        words = "has endpoints and a workloadSelector"
        related = (("endpoints",),)
        yield Said(Mistake.ENTRY, words, ("workloadSelector",), "Keep one of the two.", True, related=related)


def _ports_twice(value: Any, _: Scene) -> Iterator[Said]:
    for name in ("name", "number"):
        seen: dict[object, int] = {}
        for index, one in enumerate(value if isinstance(value, list) else ()):
            key: object = text(one, name) if name == "name" else number(one, name)
            # Without either, something else is wrong already.
            if key and key in seen:
                words = f"has two ports {quoted(key)}"
                hint = "Number and name of each port are its own."
                related = ((seen[key], name),)
                yield Said(Mistake.ENTRY_PORT_TWICE, words, (index, name), hint, related=related)
            seen.setdefault(key, index)


def _port(value: Any, scene: Scene) -> Iterator[Said]:
    if not isinstance(value, dict):
        return
    if not text(value, "name"):
        at = ("name",) if "name" in value else ()
        yield Said(Mistake.NAME, "has a port without a name", at, "Name it like `https`.")
    if not number(value, "number"):
        at = ("number",) if "number" in value else ()
        yield Said(Mistake.PORT, "has a port without a number", at, "Set number.")
    else:
        for said in port(value["number"], scene):
            yield Said(said.mistake, said.words, ("number",), said.hint)


def _addressless(value: Any, scene: Scene) -> Iterator[Said]:
    """A TCP port without addresses, where Istio gives none by itself."""
    del value
    spec = scene.spec
    opted_out = scene.labels.get("networking.istio.io/enable-autoallocate-ip", "").lower() == "false"
    if items(spec, "addresses") or not (opted_out or text(spec, "resolution") in ("", "NONE")):
        return
    for index, one in enumerate(items(spec, "ports")):
        if isinstance(one, dict) and text(one, "protocol") in ("", "TCP"):
            words = (
                f"has TCP port {number(one, 'number'):g} and no addresses, so it may take all of that port"
            )
            hint = "Add `addresses`."
            yield Said(Mistake.DOUBTFUL, words, ("ports", index), hint, on_key=True, refuses=False)


SHAPE: Final = shape(
    {
        "": (
            needs("hosts", mistake=Mistake.ENTRY, hint="List the hosts."),
            _together,
            resolution,
            _addressless,
        ),
        "hosts[]": _host,
        "addresses[]": SUBNET,
        "ports": _ports_twice,
        "ports[]": {
            "": _port,
            "name": unless_empty(NAME),
            "protocol": protocol,
            "targetPort": port_or_none,
        },
        "workloadSelector": selector("labels"),
        "exportTo": export_to(to_nobody=True),
    }
)
