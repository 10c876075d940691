"""What istiod's webhook checks in a Telemetry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from meshlint.admission.istio.parts.selectors import TARGETED
from meshlint.admission.istio.vocabulary.cel_syntax import cel_problem
from meshlint.admission.istio.vocabulary.messages import needs
from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.admission.istio.vocabulary.said import Said, Scene
from meshlint.admission.istio.vocabulary.shape import shape
from meshlint.admission.istio.vocabulary.values import PERCENT, readable_duration, text


def _tracing(value: Any, _: Scene) -> Iterator[Said]:
    if isinstance(value, list) and len(value) > 1:
        words = "has several entries of tracing, so all but one are ignored"
        yield Said(Mistake.IGNORED, words, (1,), "Merge them.", refuses=False)


def _tracers(value: Any, _: Scene) -> Iterator[Said]:
    if isinstance(value, list) and len(value) > 1:
        words = "names several providers for tracing, so all but one are ignored"
        yield Said(Mistake.IGNORED, words, (1,), "Keep one.", refuses=False)


def _custom_tag(value: Any, _: Scene) -> Iterator[Said]:
    for kind, key in (("literal", "value"), ("header", "name"), ("environment", "name")):
        inner = value.get(kind) if isinstance(value, dict) else None
        if isinstance(inner, dict) and not text(inner, key):
            at = (kind, key) if key in inner else (kind,)
            yield Said(Mistake.MISSING, f"has a {kind} tag without {key}", at, f"Set {key}.")


def _tag_name(key: Any, _: Scene) -> Iterator[Said]:
    if key == "":
        yield Said(Mistake.MISSING, "has a tag without a name", hint="Name it.", on_key=True)


def _metric_tag_name(key: Any, _: Scene) -> Iterator[Said]:
    if key == "":
        words = "overrides a tag without a name, so nothing changes"
        yield Said(Mistake.IGNORED, words, hint="Name it.", on_key=True, refuses=False)


def _override(value: Any, _: Scene) -> Iterator[Said]:
    if not isinstance(value, dict):
        return
    operation = text(value, "operation") or "UPSERT"
    if operation == "UPSERT" and not text(value, "value"):
        at = ("value",) if "value" in value else ()
        yield Said(Mistake.MISSING, "sets a tag without a value", at, "Set value, or operation: REMOVE.")
    elif operation == "REMOVE" and text(value, "value"):
        words = "removes a tag and gives it a value"
        yield Said(Mistake.EXCLUSIVE, words, ("value",), "Keep one.", on_key=True, related=(("operation",),))


def _match(value: Any, _: Scene) -> Iterator[Said]:
    if isinstance(value, dict) and value.get("customMetric") == "":
        yield Said(Mistake.MISSING, "matches a metric without a name", ("customMetric",), "Name it.")


def _filter(value: Any, _: Scene) -> Iterator[Said]:
    if isinstance(value, dict) and (problem := cel_problem(text(value, "expression"))):
        at = ("expression",) if "expression" in value else ()
        yield Said(Mistake.UNREADABLE, f"filters by an expression that {problem}", at, "Write it in CEL.")


_PROVIDER: Final = needs("name", hint="Name the provider.")

SHAPE: Final = shape(
    {
        **TARGETED,
        "metrics[]": {
            "providers[]": _PROVIDER,
            "reportingInterval": readable_duration,
            "overrides[]": {
                "match": _match,
                "tagOverrides": {"(key)": _metric_tag_name, "*": _override},
            },
        },
        "tracing": _tracing,
        "tracing[]": {
            "providers": _tracers,
            "providers[]": _PROVIDER,
            "randomSamplingPercentage": PERCENT,
            "customTags": {"(key)": _tag_name, "*": _custom_tag},
        },
        "accessLogging[]": {"filter": _filter, "providers[]": _PROVIDER},
    }
)
