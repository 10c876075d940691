"""What istiod's webhook checks in a TrafficExtension."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from meshlint.admission.istio.kinds.wasm_plugin import MATCH, MODULE
from meshlint.admission.istio.parts.selectors import TARGETED
from meshlint.admission.istio.vocabulary.messages import exclusive
from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.admission.istio.vocabulary.said import Said, Scene
from meshlint.admission.istio.vocabulary.shape import shape
from meshlint.admission.istio.vocabulary.values import text

LONGEST_CODE: Final = 65536


def _code(value: Any, _: Scene) -> Iterator[Said]:
    if not isinstance(value, dict):
        return
    code = text(value, "inlineCode")
    at = ("inlineCode",) if "inlineCode" in value else ()
    if not code:
        yield Said(Mistake.MISSING, "has no Lua code", at, "Set inlineCode.")
    elif len(code.encode()) > LONGEST_CODE:
        yield Said(Mistake.NUMBER, "has more than 64 KB of Lua code", at, "Use a WebAssembly module.")


def _one(value: Any, _: Scene) -> Iterator[Said]:
    if isinstance(value, dict) and value.get("wasm") is None and value.get("lua") is None:
        yield Said(Mistake.MISSING, "has neither wasm nor lua", hint="Set one of them.", on_key=True)
    elif isinstance(value, dict) and value.get("wasm") is not None and value.get("lua") is not None:
        words = "has both wasm and lua"
        yield Said(Mistake.EXCLUSIVE, words, ("lua",), "Keep one.", on_key=True, related=(("wasm",),))


SHAPE: Final = shape(
    {
        **{path: what for path, what in TARGETED.items() if path != "targetRef"},
        "": (exclusive("selector", "targetRefs"), _one),
        "lua": _code,
        "wasm": MODULE,
        **MATCH,
    }
)
