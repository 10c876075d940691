"""What mends a hit, where there is exactly one thing to do: fixes that several checks share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from meshlint.checks.mending import Add, Edit, Enlist, Fix, Move, Nest, Remove, Rename, Replace
from meshlint.documents import Field
from meshlint.resources import Resource
from meshlint.resources.schema.violation import Reason, Violation
from meshlint.resources.schema.words.names import SURE, likeness, misspells
from meshlint.values import regex

_API = regex(r"[a-z][a-z0-9.-]*(?:/v\d+(?:(?:alpha|beta)\d+)?)|v\d+")
_OF_KIND = regex(r"(?P<kind>\w+) \((?P<api>\S+)\)")
_KEY = regex(r'Use "(?P<key>[a-z0-9.-]+/[\w.-]+)"\.')
_TOP = 2
"""How many steps lead to what is never removed as the holder of something else, such as `spec.http`."""
_GONE = ("Remove it.", "Nothing replaces it.")
_LONGEST_WRITTEN = 1000
"""Characters of a value that is written anew: Python reads no number of some thousand digits."""


def replaced(at: Field, value: str | int | bool, *, safe: bool = True, keeps_meaning: bool = False) -> Fix:
    """The fix that writes `value` at `at`."""
    return Fix(f'write "{value}" for "{at.value}"', (Replace(at, value),), safe, keeps_meaning)


def renamed(at: Field, key: str, *, safe: bool = True, keeps_meaning: bool = False) -> Fix:
    """The fix that gives the field `at` another name."""
    return Fix(f'rename "{at.name}" to "{key}"', (Rename(at, key),), safe, keeps_meaning)


def removed(*at: Field, safe: bool = True, keeps_meaning: bool = False) -> Fix:
    """The fix that takes fields or entries of lists away, and mappings that only held such a field."""
    places = tuple(map(_with_holder, at))
    return Fix(f"remove {', '.join(map(_told, places))}", tuple(map(Remove, places)), safe, keeps_meaning)


def _with_holder(at: Field) -> Field:
    """The field, or the mapping around it that holds nothing else: an empty one may say something."""
    while len(at.path) > _TOP and isinstance(at.path[-1], str):
        holder = _at(at, at.path[:-1])
        if isinstance(holder.path[-1], int) or not isinstance(holder.value, dict) or len(holder.value) > 1:
            break
        at = holder
    return at


def _at(field: Field, path: tuple[str | int, ...]) -> Field:
    value = field.document.value
    for step in path:
        value = value[step]
    return Field(field.document, path, value)


def _told(at: Field) -> str:
    last = at.path[-1]
    if isinstance(last, str):
        return f'"{last}"'
    if isinstance(at.value, dict | list):
        return f'entry {last + 1} of "{next((s for s in reversed(at.path) if isinstance(s, str)), "")}"'
    return f'"{at.value}"'


def one_of(at: Field, known: Iterable[object], *, safe: bool = True) -> Fix | None:
    """The fix that writes the one known name that `at` surely misspells; None where none or several do."""
    written = at.value
    if not isinstance(written, str):
        return None
    names = sorted({str(name) for name in known if misspells(written, str(name))})
    return replaced(at, names[0], safe=safe) if len(names) == 1 else None


def group_fix(reference: Field, group: str) -> Fix:
    """The fix that gives a reference the group of its kind."""
    written = reference / "group"
    edit: Edit = Replace(written, group) if "group" in reference else Add(reference, "group", group)
    return Fix(f'write the group "{group}"', (edit,))


def api_fix(resource: Resource, replacement: str, *, is_served: bool = True) -> Fix | None:
    """The fix for a version that has a successor of the same kind: `replacement` names it.

    An object of a version that nobody serves is refused, so it comes into force by the fix.
    """
    of_kind = _OF_KIND.fullmatch(replacement)
    if of_kind is not None:
        replacement = of_kind["api"] if of_kind["kind"] == resource.kind else ""
    replacement = replacement.removeprefix("the same kind in ")
    if not _API.fullmatch(replacement):
        return None
    return replaced(resource.at("apiVersion"), replacement, keeps_meaning=is_served)


def violation_fix(resource: Resource, violation: Violation) -> Fix | None:
    """The fix for a breach of a schema or of the grammar of annotations, where it says what was meant."""
    at = resource.at(*violation.path)
    if violation.reason is Reason.UNKNOWN_FIELD:
        return _unknown_field(resource, at, violation)
    if violation.reason is Reason.UNKNOWN_KEY and violation.replacement:
        return renamed(at, violation.replacement)
    if violation.reason in (Reason.UNKNOWN_KEY, Reason.DEPRECATED_KEY):
        return _obsolete_key(at, violation.suggestion)
    if violation.reason is Reason.WRONG_TYPE:
        return _retyped(at, violation)
    if violation.reason is Reason.DEPRECATED_FIELD:
        return _successor(at, violation)
    if violation.reason is Reason.MISPLACED_KEY:
        return _other_form(resource, at, violation)
    if violation.reason in (Reason.BAD_ENUM, Reason.BAD_VALUE, Reason.PATTERN) and violation.replacement:
        return replaced(at, violation.replacement) if isinstance(at.value, str) else None
    return None


def _unknown_field(resource: Resource, at: Field, violation: Violation) -> Fix | None:
    name = at.name
    if violation.replacement:
        near = likeness(name, violation.replacement) >= SURE and "." not in violation.replacement
        return renamed(at, violation.replacement) if near else None
    if len(violation.places) != 1:
        return None
    place = violation.places[0]
    into = resource.at(*place)
    if any(isinstance(step, int) for step in place[len(violation.path) - 1 :]):
        return None
    if isinstance(into.value, dict):
        return Fix(f'move "{name}" to {_dotted(place)}', (Move(at, into, name),))
    outer = place[-1] if place else ""
    if place[:-1] == violation.path[:-1] and into.value is None and isinstance(outer, str):
        return Fix(f'write "{name}" below "{outer}"', (Nest(at, outer, name),))
    return None


def _obsolete_key(at: Field, suggestion: str) -> Fix | None:
    used = _KEY.fullmatch(suggestion)
    if used is not None:
        return renamed(at, used["key"])
    return removed(at, keeps_meaning=True) if suggestion in _GONE else None


def _retyped(at: Field, violation: Violation) -> Fix | None:
    written = violation.replacement
    if written and len(written) <= _LONGEST_WRITTEN:
        value: str | int | bool = written.strip('"')
        if not written.startswith('"'):
            value = written == "true" if written in ("true", "false") else int(written)
        return replaced(at, value)
    if violation.suggestion.startswith("Make it a list") and isinstance(at.path[-1], str):
        return Fix(f'make "{at.name}" a list', (Enlist(at, at.name),))
    return None


def _successor(at: Field, violation: Violation) -> Fix | None:
    """The fix for a deprecated field or value whose successor says the same."""
    new = violation.replacement
    if not new:
        return None
    if not violation.on_key:
        return replaced(at, new, keeps_meaning=True)
    outer, _, inner = new.partition(".")
    if inner:
        return Fix(f'write "{new}" for "{at.name}"', (Nest(at, outer, inner),), keeps_meaning=True)
    if new == f"{at.name}s" and isinstance(at.value, dict):
        return Fix(f'write the list "{new}" for "{at.name}"', (Enlist(at, new),), keeps_meaning=True)
    same = at.name.replace("_", "").lower() == new.lower()
    return renamed(at, new, safe=same, keeps_meaning=same) if not isinstance(at.value, list) else None


def _other_form(resource: Resource, at: Field, violation: Violation) -> Fix | None:
    """The fix for an annotation among labels or the other way round."""
    form = {"Move it to annotations.": "annotations", "Move it to labels.": "labels"}.get(
        violation.suggestion
    )
    if form is None:
        return None
    metadata = violation.path[:-2]
    into = resource.at(*metadata, form)
    if isinstance(into.value, dict):
        return Fix(f'move "{at.name}" to {form}', (Move(at, into, at.name),))
    holder = resource.at(*violation.path[:-1])
    if isinstance(holder.value, dict) and len(holder.value) == 1:
        return Fix(f'move "{at.name}" to {form}', (Rename(holder, form),))
    return None


def _dotted(path: Sequence[str | int]) -> str:
    return ".".join(str(step) for step in path if isinstance(step, str)) or "the object itself"


def together(title: str, edits: Iterable[Edit], *, safe: bool = True, keeps_meaning: bool = False) -> Fix:
    """A fix of several edits."""
    return Fix(title, tuple(edits), safe, keeps_meaning)
