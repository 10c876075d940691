"""Checks of one value, each made of a mistake and the form that the value must have."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import lru_cache
from math import isfinite
from typing import Any, Final

from meshlint.admission.istio.vocabulary import texts
from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.admission.istio.vocabulary.said import Check, Declared, Said, Scene
from meshlint.matching import ISTIO_LONGEST_REGEX, re2_problem
from meshlint.resources.schema.forms.formats import go_duration
from meshlint.resources.schema.words.names import nearest
from meshlint.resources.schema.words.writing import listed, quoted

LARGEST_PORT: Final = 65535
MILLISECOND: Final = 1_000_000
SECOND: Final = 1000 * MILLISECOND
_MOST_KEPT: Final = 256


def text(value: Any, name: str) -> str:
    """The text at `name`; empty where there is none, which the webhook takes for the same."""
    inner = value.get(name) if isinstance(value, dict) else None
    return inner if isinstance(inner, str) else ""


def number(value: Any, name: str) -> float:
    """The number at `name`; 0 where there is none, which the webhook takes for the same.

    Infinity is none: YAML can write it, and what is sent to the webhook cannot.
    """
    inner = value.get(name) if isinstance(value, dict) else None
    return inner if isinstance(inner, int | float) and not isinstance(inner, bool) and isfinite(inner) else 0


def items(value: Any, name: str) -> list[Any]:
    """The list at `name`; empty where there is none."""
    inner = value.get(name) if isinstance(value, dict) else None
    return inner if isinstance(inner, list) else []


def mapping(value: Any, name: str) -> dict[str, Any]:
    """The mapping at `name`; empty where there is none."""
    inner = value.get(name) if isinstance(value, dict) else None
    return inner if isinstance(inner, dict) else {}


def is_set(value: Any, name: str) -> bool:
    """Whether a message stands at `name`, an empty one too."""
    return isinstance(value, dict) and value.get(name) is not None


def said_of(mistake: Mistake, problem: Callable[[str], str], hint: str = "") -> Check:
    """A text of which `problem` says what is wrong, as in `is empty`; nothing, if it is empty.

    What was told of each is kept: the texts of a field are few, however many objects have it.
    """

    kept = lru_cache(_MOST_KEPT)(problem)

    def check(value: Any, _: Scene) -> Iterable[Said]:
        words = kept(value) if isinstance(value, str) else ""
        return (Said(mistake, f"names {quoted(value)}, which {words}", hint=hint),) if words else ()

    return check


def form(mistake: Mistake, holds: Callable[[str], bool], what: str, hint: str = "") -> Check:
    """A text for which `holds` is true; `what` says what it should be."""
    return said_of(mistake, lambda value: "" if holds(value) else f"is {what}", hint)


def unless_empty(check: Check) -> Check:
    """`check`, of a text that may as well be empty."""
    return lambda value, scene: check(value, scene) if value else ()


HOST: Final = said_of(
    Mistake.HOST, texts.host_problem, "Write a full host name, such as reviews.prod.svc.cluster.local."
)
WILDCARD_HOST: Final = said_of(
    Mistake.HOST, texts.wildcard_problem, "Write a host name; a wildcard may only be its first part."
)
NAME: Final = form(
    Mistake.NAME,
    texts.is_label,
    "no name that may stand here",
    "Letters, digits and hyphens, up to 63, with a letter or digit at both ends.",
)
LABEL_KEY: Final = said_of(
    Mistake.LABEL, texts.key_problem, "Write the key as Kubernetes writes keys of labels."
)
LABEL_VALUE: Final = form(
    Mistake.LABEL,
    texts.is_value,
    "no value of a label",
    "Letters, digits, hyphens, dots and underscores, with a letter or digit at both ends.",
)
LABELS: Declared = {"(key)": LABEL_KEY, "*": LABEL_VALUE}
ADDRESS: Final = unless_empty(form(Mistake.ADDRESS, texts.is_address, "no IP address"))
SUBNET: Final = form(
    Mistake.ADDRESS,
    texts.is_subnet,
    "neither an IP address nor a block of them",
    "Write one such as 10.1.0.0/16.",
)


def port(value: Any, _: Scene) -> Iterator[Said]:
    """A number from 1 to 65535."""
    if isinstance(value, int) and not 1 <= value <= LARGEST_PORT:
        yield Said(Mistake.PORT, f"names port {value}", hint=f"Ports are 1 to {LARGEST_PORT}.")


def port_or_none(value: Any, scene: Scene) -> Iterator[Said]:
    """A number from 1 to 65535, or 0 for none."""
    return port(value, scene) if value else iter(())


def duration(value: Any, _: Scene) -> Iterator[Said]:
    """A duration of at least a millisecond, without parts of one (Istio: `ValidateDuration`)."""
    yield from _duration(value, MILLISECOND, "whole milliseconds")


def timeout(value: Any, scene: Scene) -> Iterator[Said]:
    """A duration as above; one that is too short is often meant as none at all."""
    length = go_duration(value) if isinstance(value, str) else None
    if length is not None and length < MILLISECOND:
        hint = "Leave the timeout out for none at all; the shortest is 1ms."
        yield Said(Mistake.TIMEOUT, f"sets a timeout of {quoted(value)}", hint=hint)
    else:
        yield from duration(value, scene)


def duration_or_zero(value: Any, scene: Scene) -> Iterator[Said]:
    """A duration as above, or less than a millisecond for none at all."""
    length = go_duration(value) if isinstance(value, str) else None
    if length is None or abs(length) >= MILLISECOND:
        yield from duration(value, scene)


def duration_in_seconds(value: Any, _: Scene) -> Iterator[Said]:
    """A duration of whole seconds."""
    yield from _duration(value, SECOND, "whole seconds")


def readable_duration(value: Any, _: Scene) -> Iterator[Said]:
    """Any duration that the webhook can read."""
    yield from _duration(value, 0, "")


def _duration(value: Any, unit: int, whole: str) -> Iterator[Said]:
    if not isinstance(value, str):
        return
    length = go_duration(value)
    if length is None:
        hint = "A duration is a number and a unit (h, m, s, ms), such as 10s."
        yield Said(Mistake.DURATION, f"has {quoted(value)} where a duration belongs", hint=hint)
    elif unit and length < MILLISECOND:
        hint = "Leave it out for the default; the shortest is 1ms."
        yield Said(Mistake.DURATION, f"has the duration {quoted(value)}, which is under 1ms", hint=hint)
    elif unit and length % unit:
        yield Said(Mistake.DURATION, f"has the duration {quoted(value)}, which is not of {whole}")


def within(least: float, most: float | None = None) -> Check:
    """A number from `least` to `most`."""
    limit = f"at least {least:g}" if most is None else f"a number from {least:g} to {most:g}"

    def check(value: Any, _: Scene) -> Iterator[Said]:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return
        if value < least or (most is not None and value > most):
            yield Said(Mistake.NUMBER, f"has {value} where {limit} belongs")

    return check


NOT_NEGATIVE: Final = within(0)
PERCENT: Final = within(0, 100)


def fraction(value: Any, _: Scene) -> Iterator[Said]:
    """A percentage that is 0, or from 0.0001 to 100."""
    if isinstance(value, int | float) and value and not 0.0001 <= value <= 100:
        yield Said(Mistake.NUMBER, f"has {value} percent", hint="It is 0, or from 0.0001 to 100.")


def one_of(known: Collection[str], *, what: str, empty: bool = True) -> Check:
    """A text out of `known`; with `empty`, an empty one counts as none."""

    def check(value: Any, _: Scene) -> Iterator[Said]:
        if isinstance(value, str) and value not in known and not (empty and not value):
            near = nearest(value, known)
            hint = f"Did you mean {quoted(near)}?" if near else f"It is {listed(sorted(known))}."
            yield Said(Mistake.UNKNOWN_VALUE, f"names {quoted(value)}, which is no {what}", hint=hint)

    return check


def regex(mistake: Mistake) -> Check:
    """An expression that RE2 reads, of at most 1024 bytes and not empty."""

    def check(value: Any, _: Scene) -> Iterator[Said]:
        problem = regex_problem(value) if isinstance(value, str) else ""
        if problem:
            hint = "Regular expressions follow RE2: no look-around and no back-references."
            yield Said(mistake, f"has an expression that {problem}", hint=hint)

    return check


def regex_problem(value: str) -> str:
    """What keeps `value` from being an expression that istiod takes; empty if nothing does."""
    if not value:
        return "is empty"
    if len(value.encode()) > ISTIO_LONGEST_REGEX:
        return f"has more than {ISTIO_LONGEST_REGEX} characters"
    return "" if re2_problem(value) is None else "is no expression of RE2"
