"""Annotations and labels of Istio and Linkerd: do they exist, do they work here, and is the value sound?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, Final, TypeAlias

from meshlint.documents.placeholders import is_unknown
from meshlint.resources.schema.forms.grammars import GRAMMARS
from meshlint.resources.schema.store.catalogue import read_json
from meshlint.resources.schema.violation import Path, Reason, Violation
from meshlint.resources.schema.words.names import are_near, nearest
from meshlint.resources.schema.words.writing import listed, quoted
from meshlint.values import NamedTuple

MESH_DOMAINS: Final = ("istio.io", "linkerd.io")
JUDGED: Final = frozenset({"Ingress", "Namespace", "Pod", "Server", "Service"})
"""Kinds on which a key that works elsewhere is known to do nothing, those aside that make pods."""

_GROUPS: Final = frozenset({"", "apps", "batch", "networking.k8s.io"})
_MOST_KEPT: Final = 1 << 10
_IDLE: Final = "it does not count"
_EFFECTS: Final[Mapping[str, str]] = {"linkerd.io/inject": "no proxy is injected"}
"""What an unknown value of a key does, where it does something (Linkerd: proxy injection)."""
_SHARED: Final[Mapping[str, str]] = {"kubernetes.io/ingress.class": "istio"}
"""Keys that meshes share with others, with the value by which they are a mesh's own."""

Row: TypeAlias = Mapping[str, Any]


class Place(NamedTuple):
    """One map of annotations or labels, and what it is the map of: a kind, or Pod for a template.

    `template` is the place of the pod template in the object, empty where it has none.
    """

    carrier: str
    form: str
    path: Path
    values: Mapping[str, Any]
    template: Path


def check_metadata(group: str, kind: str, value: Any, template: Path | None = None) -> list[Violation]:
    """What is wrong with the meshes' own annotations and labels on an object and on its pod template.

    `template` is the place of the pod template in a kind that makes pods; the whole of a naked pod.

    A key is only called unknown where its mesh owns the whole domain, or that of annotations, or where it is
    one slip from a known one; keys of vendors and of newer releases are left in peace.
    """
    if not may_say(group, value, template):
        return []
    places = list(_places(kind, value, template))
    return [
        violation
        for place in places
        for key, inner in place.values.items()
        if (_domain(key) or _SHARED.get(key, "") == inner)
        and (violation := _check(key, inner, place, places))
    ]


def may_say(group: str, value: Any, template: Path | None) -> bool:
    """Whether a key of an object could be a mesh's own: all are asked, and most of them have no such key."""
    if group not in _GROUPS and template is None and not group.endswith(MESH_DOMAINS):
        return False
    if _may_hold(value):
        return True
    for step in template or ():
        value = value.get(step) if isinstance(value, dict) else None
    return bool(template) and _may_hold(value)


def _may_hold(value: Any) -> bool:
    held = value.get("metadata") if isinstance(value, dict) else None
    if not isinstance(held, dict):
        return False
    for inner in (held.get("annotations"), held.get("labels")):
        for key in inner if isinstance(inner, dict) else ():
            if "istio" in key or "linkerd" in key or key in _SHARED:
                return True
    return False


def _places(kind: str, value: Any, template: Path | None) -> Iterator[Place]:
    yield from _maps(kind, value, ("metadata",), template or ())
    if template:
        yield from _maps("Pod", value, (*template, "metadata"), template)


def _maps(carrier: str, value: Any, path: Path, template: Path) -> Iterator[Place]:
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    for name, form in (("annotations", "annotation"), ("labels", "label")):
        inner = value.get(name) if isinstance(value, dict) else None
        if isinstance(inner, dict):
            yield Place(carrier, form, (*path, name), inner, template)


def _domain(key: str) -> str:
    """The domain of a key that is a mesh's own, else empty."""
    domain = key.partition("/")[0]
    own = key == "istio-injection" or any(domain == one or domain.endswith(f".{one}") for one in MESH_DOMAINS)
    return domain if own else ""


def _check(key: str, value: Any, place: Place, places: list[Place]) -> Violation | None:
    rows = _known().get(key)
    if rows is None:
        return _unknown(key, place)
    row = next((one for one in rows if one["as"] in (place.form, "both")), None)
    if row is None:
        return _other_form(key, rows[0], place)
    is_judged = place.carrier in JUDGED or bool(place.template)
    is_idle = "Any" not in row["on"] and place.carrier not in row["on"] and is_judged
    if row.get("state") and not (is_idle and row["state"] == "deprecated"):
        return _obsolete(key, row, place)
    if is_idle:
        return _misplaced(key, row, place, places)
    return _value(key, value, row, place)


def _unknown(key: str, place: Place) -> Violation | None:
    domain, _, name = key.partition("/")
    near = _near(domain, name)
    closed = domain in _data()["closed"] or (place.form == "annotation" and domain in _data()["annotations"])
    if not closed and not (near and _is_slip(name, near)):
        return None
    meant = f"{domain}/{near}" if near else ""
    suggestion = f"Did you mean {quoted(meant)}?" if meant else ""
    message = f"{quoted(key)} is no {place.form} that {_mesh(key)} knows, so nothing reads it"
    return Violation((*place.path, key), Reason.UNKNOWN_KEY, message, True, suggestion, meant)


@lru_cache(_MOST_KEPT)
def _near(domain: str, name: str) -> str | None:
    """The known name of a domain that a name is near: most of those that nobody knows are on many objects."""
    return nearest(name, [one.partition("/")[2] for one in _known() if one.startswith(f"{domain}/")])


def _is_slip(name: str, known: str) -> bool:
    return len(known) > 6 and are_near(name, known, 2)


def _mesh(key: str) -> str:
    return "Linkerd" if _domain(key).endswith("linkerd.io") else "Istio"


def _other_form(key: str, row: Row, place: Place) -> Violation | None:
    if row.get("state"):
        return None
    message = f"{quoted(key)} is read as {_article(row['as'])} and stands here as {_article(place.form)}"
    suggestion = f"Move it to {'annotations' if row['as'] == 'annotation' else 'labels'}."
    message = f"{message}, so nothing reads it"
    return Violation((*place.path, key), Reason.MISPLACED_KEY, message, True, suggestion)


def _article(form: str) -> str:
    return "an annotation" if form == "annotation" else "a label"


def _obsolete(key: str, row: Row, place: Place) -> Violation:
    path, suggestion = (*place.path, key), row["suggestion"]
    if row["state"] == "deprecated":
        message = f"{quoted(key)} is deprecated, so a later release may ignore it"
        return Violation(path, Reason.DEPRECATED_KEY, message, True, suggestion)
    if row["state"] == "phantom":
        message = f"{quoted(key)} never was {_article(place.form)} of {_mesh(key)}, so nothing reads it"
        return Violation(path, Reason.UNKNOWN_KEY, message, True, suggestion)
    by = f"{row['release']} removed it" if "release" in row else "it was removed"
    message = f"{quoted(key)} does nothing: {by}, so nothing reads it"
    return Violation(path, Reason.DEPRECATED_KEY, message, True, suggestion)


def _misplaced(key: str, row: Row, place: Place, places: list[Place]) -> Violation | None:
    if place.template and "Pod" in row["on"]:
        if any(other.carrier == "Pod" and key in other.values for other in places):
            return None
        suggestion = f"Move it to {'.'.join(map(str, place.template))}.metadata.{place.path[-1]}."
    else:
        suggestion = f"It works on {listed_kinds(row['on'])}."
    message = f"{quoted(key)} does nothing on a {place.carrier}, so it is not applied"
    return Violation((*place.path, key), Reason.MISPLACED_KEY, message, True, suggestion)


def listed_kinds(kinds: list[str]) -> str:
    """Kinds in words."""
    names = {"Pod": "pods and pod templates", "Namespace": "namespaces", "Service": "Services"}
    words = [names.get(kind, kind) for kind in kinds]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + f" and {words[-1]}"


def _value(key: str, value: Any, row: Row, place: Place) -> Violation | None:
    grammar = row.get("value")
    if grammar is None or not isinstance(value, str) or is_unknown(value):
        return None
    if isinstance(grammar, list):
        known = (*grammar, *row.get("vendor_values", ()))
        return None if value in known else _no_such(key, value, grammar, place)
    words, holds = GRAMMARS[grammar]
    if holds(value):
        return None
    message = f"{quoted(value)} is not {words}, as {quoted(key)} must be, so it does not count"
    return Violation((*place.path, key), Reason.BAD_VALUE, message)


def _no_such(key: str, value: str, allowed: list[str], place: Place) -> Violation:
    meant = nearest(value, allowed) or ""
    suggestion = f"Did you mean {quoted(meant)}?" if meant else f"It takes {listed(allowed)}."
    message = f"{quoted(value)} is no value of {quoted(key)}, so {_EFFECTS.get(key, _IDLE)}"
    return Violation((*place.path, key), Reason.BAD_VALUE, message, False, suggestion, meant)


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = read_json("annotations.json")
    return data


@cache
def _known() -> dict[str, list[dict[str, Any]]]:
    known: dict[str, list[dict[str, Any]]] = {}
    for row in _data()["groups"]:
        for key in row["keys"]:
            known.setdefault(key, []).append(row)
    return known
