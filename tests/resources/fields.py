"""The fields of values, whatever makes their classes."""

from __future__ import annotations

import attrs

from meshlint.resources.view_class import field_names


def names_of(kind: type) -> tuple[str, ...]:
    """The names of the fields of a view or another value; none for anything else."""
    if attrs.has(kind):
        return tuple(attribute.name for attribute in attrs.fields(kind))
    return field_names(kind)
