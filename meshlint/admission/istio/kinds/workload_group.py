"""What istiod's webhook checks in a WorkloadGroup."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from meshlint.admission.istio.parts.headers import PROBE, header
from meshlint.admission.istio.vocabulary.messages import needs
from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.admission.istio.vocabulary.said import Said, Scene
from meshlint.admission.istio.vocabulary.shape import shape
from meshlint.admission.istio.vocabulary.values import LABELS, NOT_NEGATIVE, items, number, one_of, port
from meshlint.resources.schema.words.writing import listed

_METHODS: Final = ("httpGet", "tcpSocket", "exec")
_COUNTS: Final = (
    "periodSeconds",
    "initialDelaySeconds",
    "timeoutSeconds",
    "successThreshold",
    "failureThreshold",
)


def _template(value: Any, _: Scene) -> Iterator[Said]:
    if isinstance(value, dict) and value.get("template") is None:
        yield Said(Mistake.MISSING, "has no template", hint="Set template.", on_key=True)


def _method(value: Any, _: Scene) -> Iterator[Said]:
    if isinstance(value, dict) and all(value.get(name) is None for name in (*_METHODS, "grpc")):
        hint = f"Set {listed(_METHODS)}."
        yield Said(Mistake.MISSING, "has a probe that asks nothing", hint=hint, on_key=True)
    elif isinstance(value, dict) and isinstance(value.get("grpc"), dict):
        words = "probes by gRPC, which Istio does not support"
        yield Said(Mistake.UNSUPPORTED, words, ("grpc",), f"Use {listed(_METHODS)}.", on_key=True)


def _probed(value: Any, scene: Scene) -> Iterator[Said]:
    if isinstance(value, dict) and not number(value, "port"):
        at = ("port",) if "port" in value else ()
        yield Said(Mistake.PORT, "has a probe without a port", at, "Set port.")
    elif isinstance(value, dict):
        for said in port(value["port"], scene):
            yield Said(said.mistake, said.words, ("port",), said.hint)


def _command(value: Any, _: Scene) -> Iterator[Said]:
    if isinstance(value, dict) and not items(value, "command"):
        at = ("command",) if "command" in value else ()
        yield Said(Mistake.MISSING, "has a probe without a command", at, "Set command.", on_key=True)


SHAPE: Final = shape(
    {
        "": _template,
        "metadata.labels": LABELS,
        "probe": {
            "": _method,
            **dict.fromkeys(_COUNTS, NOT_NEGATIVE),
            "httpGet": {
                "": _probed,
                "scheme": one_of(("HTTP", "HTTPS"), what="scheme of a probe"),
                "httpHeaders[]": needs("name", mistake=Mistake.HEADER),
                "httpHeaders[].name": lambda value, scene: header(PROBE)(value, scene) if value else (),
            },
            "tcpSocket": _probed,
            "exec": _command,
        },
    }
)
