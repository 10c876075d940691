"""Groups of fields of which one, or at most one, or at least one may be set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meshlint.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshlint.resources.schema.shape.structural import JsonSchema


@frozen(repr=False)
class Group:
    """How many of `fields` may be set."""

    fields: tuple[str, ...]
    least: int
    most: int | None


def groups_of(schema: JsonSchema) -> tuple[tuple[Group, ...], tuple[JsonSchema, ...]]:
    """The groups that `schema` forms, and those of its logical keywords that are more than groups."""
    groups: list[Group] = []
    opaque: list[JsonSchema] = []
    for part in _logical(schema):
        group = as_group(part)
        if group is not None:
            groups.append(group)
        else:
            opaque.append(part)
    return tuple(groups), tuple(opaque)


def as_group(part: JsonSchema) -> Group | None:
    """The group that a schema of one logical keyword forms, if it does."""
    (keyword, branches), *others = part.items()
    if others or keyword not in ("oneOf", "anyOf") or not isinstance(branches, list):
        return None
    names = [_required_alone(branch) for branch in branches]
    if all(names):
        return Group(tuple(name for name in names if name), 1, 1 if keyword == "oneOf" else None)
    if keyword == "oneOf" and not names[0] and all(names[1:]):
        excluded = _none_of(branches[0])
        rest = tuple(name for name in names if name)
        return Group(rest, 0, 1) if excluded and set(excluded) == set(rest) else None
    return None


def _logical(schema: JsonSchema) -> Iterator[JsonSchema]:
    for keyword in ("oneOf", "anyOf", "not"):
        if keyword in schema:
            yield {keyword: schema[keyword]}
    yield from schema.get("allOf", ())


def _required_alone(branch: Any) -> str | None:
    if isinstance(branch, dict) and list(branch) == ["required"] and len(branch["required"]) == 1:
        name: str = branch["required"][0]
        return name
    return None


def _none_of(branch: Any) -> list[str] | None:
    inner = (
        branch.get("not", {}).get("anyOf") if isinstance(branch, dict) and list(branch) == ["not"] else None
    )
    names = [_required_alone(part) for part in inner or ()]
    return [name for name in names if name] if names and all(names) else None
