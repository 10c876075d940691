"""What istiod's webhook checks in a PeerAuthentication."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from meshlint.admission.istio.parts.selectors import selector
from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.admission.istio.vocabulary.said import Said, Scene
from meshlint.admission.istio.vocabulary.shape import shape
from meshlint.admission.istio.vocabulary.values import mapping
from meshlint.resources.schema.words.writing import quoted


def _whole_namespace(value: Any, _: Scene) -> Iterator[Said]:
    if mapping(value, "portLevelMtls") and not mapping(mapping(value, "selector"), "matchLabels"):
        words = "sets portLevelMtls for a whole namespace"
        hint = "Select workloads by matchLabels."
        at = ("portLevelMtls",) if "selector" in value else ()
        yield Said(Mistake.UNSUPPORTED, words, at, hint, on_key=True)


def _port(key: Any, _: Scene) -> Iterator[Said]:
    if isinstance(key, str) and not (key.isascii() and key.isdecimal() and 0 < int(key[:9]) <= 65535):
        yield Said(
            Mistake.PORT, f"sets mTLS of port {quoted(key)}", hint="Ports are 1 to 65535.", on_key=True
        )


def _no_port(value: Any, _: Scene) -> Iterator[Said]:
    if value == {}:
        yield Said(Mistake.MISSING, "sets portLevelMtls of no port", hint="Remove it.", on_key=True)


SHAPE: Final = shape(
    {
        "": _whole_namespace,
        "selector": selector(),
        "portLevelMtls": {"": _no_port, "(key)": _port},
    }
)
