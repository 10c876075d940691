"""The metadata that istiod's webhook looks at (Istio: `validateMetadata`, `checkDryRunAnnotation`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.admission.istio.vocabulary.said import Said, Scene
from meshlint.admission.istio.vocabulary.texts import is_label
from meshlint.admission.istio.vocabulary.values import text
from meshlint.documents.placeholders import is_unknown
from meshlint.resources.schema.words.writing import quoted

DRY_RUN: Final = "istio.io/dry-run"
SEMANTICS: Final = "internal.istio.io/gateway-semantics"
RESERVED: Final = (
    "internal.istio.io/webhook-always-reject",
    "internal.istio.io/parent-namespace",
    "internal.istio.io/parents",
)


def is_generated(scene: Scene) -> bool:
    """Whether Istio made a Gateway of one of the Gateway API, which frees it of some checks."""
    return scene.annotations.get(SEMANTICS) == "gateway"


def may_say(scene: Scene, kind: str) -> bool:
    """Whether anything may be said of the metadata of an object: most have no annotations."""
    return scene.is_annotated or kind == "Gateway"


def name_said(scene: Scene, kind: str) -> Iterator[Said]:
    """What is wrong with the name, beside what Kubernetes asks of it (Istio: `ValidateGateway`)."""
    if kind != "Gateway":
        return
    # A star ends what Kubernetes completes; what a tool fills in is not known.
    known = bool(scene.name) and not scene.name.endswith("*") and not is_unknown(scene.name)
    if known and not is_label(scene.name) and not is_generated(scene):
        words = "has a name with a dot" if "." in scene.name else "has a name that no Gateway may have"
        hint = "VirtualServices would read the dot as the start of a namespace: use dashes."
        yield Said(Mistake.OBJECT_NAME, words, ("name",), hint)


def annotations_said(scene: Scene, kind: str) -> Iterator[Said]:
    """What is wrong with the annotations, at their keys; the webhook stops at the first."""
    if DRY_RUN in scene.annotations:
        said = _dry_run(scene, kind)
        if said is not None:
            yield said
            return
    for name in RESERVED:
        if name in scene.annotations:
            words = f"has the annotation {quoted(name)}, which Istio keeps for itself"
            yield Said(Mistake.ANNOTATION, words, (name,), "Remove it.", on_key=True)
            return


def _dry_run(scene: Scene, kind: str) -> Said | None:
    # Loaded late: hardly any object has the annotation, and start-up pays for the grammars.
    from meshlint.resources.schema.forms.grammars import BOOL

    if kind != "AuthorizationPolicy":
        words = f"has the annotation {quoted(DRY_RUN)}, which only AuthorizationPolicies may have"
        return Said(Mistake.ANNOTATION, words, (DRY_RUN,), "Remove it.", on_key=True)
    action, value = text(scene.spec, "action") or "ALLOW", scene.annotations[DRY_RUN]
    if action not in ("ALLOW", "DENY"):
        words = f"asks for a dry run of action {action}"
        hint = "Only ALLOW and DENY can be tried out."
        return Said(Mistake.POLICY_SHAPE, words, (DRY_RUN,), hint, on_key=True)
    if value not in BOOL:
        words = f"has {quoted(str(value))} for {quoted(DRY_RUN)}, which is no boolean"
        return Said(Mistake.ANNOTATION, words, (DRY_RUN,), 'Write "true" or "false".')
    return None
