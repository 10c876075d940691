"""What happens to requests on their way besides the choice of a destination."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

from meshlint.documents import Field
from meshlint.values import field, frozen


class EffectKind(Enum):
    """The sorts of effects, in the order in which they are told."""

    TIMEOUT = "timeout"
    RETRIES = "retries"
    FAULT = "fault"
    MIRROR = "mirror"
    REWRITE = "rewrite"
    HEADERS = "headers"
    CORS = "cors"


@frozen(eq=False, repr=False)
class Effect:
    """One thing that is in force: in words, and as values for programs.

    `field` is where it is written; None for what the mesh does by default.
    """

    kind: EffectKind
    text: str
    settings: Mapping[str, Any] = field(factory=dict)
    field: Field | None = None


def no_timeout() -> Effect:
    """No limit, which is what every mesh does unless told (Istio, Linkerd: timeouts)."""
    return Effect(EffectKind.TIMEOUT, "none", {"seconds": None})


def no_retries(field: Field | None = None) -> Effect:
    """No second attempt."""
    return Effect(EffectKind.RETRIES, "none", {"attempts": 0}, field)


def percent_of(percentage: float) -> str:
    """A percentage as it is said: `10 %`."""
    return f"{percentage:g} %"


def header_changes(
    direction: str, parts: Mapping[str, tuple[str, ...]], place: Field | None
) -> Iterator[Effect]:
    """The headers of requests or responses that are set, added and removed, by their names."""
    words = [f"{verb} {', '.join(names)}" for verb, names in parts.items() if names]
    if words:
        settings = {"of": direction, **{verb: list(names) for verb, names in parts.items()}}
        yield Effect(EffectKind.HEADERS, f"of the {direction}: {'; '.join(words)}", settings, place)
