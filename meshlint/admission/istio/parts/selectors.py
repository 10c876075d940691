"""What policies are for: selectors of workloads and references to targets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from meshlint.admission.istio.vocabulary.messages import exclusive, needs
from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.admission.istio.vocabulary.said import Check, Declared, Said, Scene
from meshlint.admission.istio.vocabulary.values import mapping, text
from meshlint.resources.schema.words.writing import quoted

TARGETS: Final = frozenset(
    {
        ("", "Service"),
        ("core", "Service"),
        ("networking.istio.io", "ServiceEntry"),
        ("gateway.networking.k8s.io", "Gateway"),
        ("gateway.networking.k8s.io", "GatewayClass"),
    }
)
"""Groups and kinds that a policy may be for (Istio: `allowedTargetRefs`)."""


def _key(key: Any, _: Scene) -> Iterator[Said]:
    if key == "":
        yield Said(Mistake.LABEL, "selects by an empty key", on_key=True)
    elif isinstance(key, str) and "*" in key:
        words = f"selects by {quoted(key)}, and selectors know no wildcards"
        yield Said(Mistake.LABEL, words, hint="Write the label as it is.", on_key=True)


def _value(value: Any, _: Scene) -> Iterator[Said]:
    if isinstance(value, str) and "*" in value:
        words = f"selects {quoted(value)}, and selectors know no wildcards"
        yield Said(Mistake.LABEL, words, hint="Write the label as it is.")


def _has_labels(name: str) -> Check:
    def check(value: Any, _: Scene) -> Iterator[Said]:
        if isinstance(value, dict) and not mapping(value, name):
            words = "has a selector without labels, so it is for all workloads of the namespace"
            hint = "Name labels, or leave the selector out."
            yield Said(Mistake.SELECTS_ALL, words, hint=hint, on_key=True, refuses=False)

    return check


def selector(name: str = "matchLabels") -> Declared:
    """A selector whose labels stand at `name` (Istio: `validateWorkloadSelector` and its older twin)."""
    return {"": _has_labels(name), name: {"(key)": _key, "*": _value}}


def _unlike(value: dict[str, Any], kind: str) -> tuple[str, ...]:
    """What of a reference is wrong: the group where there is such a kind in another, else the kind."""
    name = "group" if any(kind == known for _, known in TARGETS) else "kind"
    return (name,) if value.get(name) else ()


def _target(value: Any, _: Scene) -> Iterator[Said]:
    if not isinstance(value, dict):
        return
    group, kind = text(value, "group"), text(value, "kind")
    if (group, kind) not in TARGETS:
        hint = "It is a Gateway, GatewayClass, Service or ServiceEntry, with its group."
        words = f"is for {quoted(kind)} of group {quoted(group)}, which is no target"
        yield Said(Mistake.UNKNOWN_VALUE, words, _unlike(value, kind), hint, on_key=not group)
    if text(value, "namespace"):
        hint = "Put the policy into the namespace of its target."
        yield Said(
            Mistake.UNSUPPORTED, "is for a target in a named namespace", ("namespace",), hint, on_key=True
        )


_TARGET: Declared = {"": (needs("name"), _target)}

ONE_TARGET: Final = exclusive("selector", "targetRef", "targetRefs")
TARGETED: Declared = {
    "": ONE_TARGET,
    "selector": selector(),
    "targetRef": _TARGET,
    "targetRefs[]": _TARGET,
}
"""Kinds that are for selected workloads or for targets, and not for both."""
