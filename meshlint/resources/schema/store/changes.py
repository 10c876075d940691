"""The schema of a release, made of that of the newest one and of what lies between them.

`schemas/` holds each version of a kind once, as the newest release has it, and beside the versions of a kind
one file that says what other releases have otherwise. Whoever means the newest release never reads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from meshlint.resources.schema.shape.node import Definitions, resolve

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshlint.resources.schema.shape.structural import JsonSchema

DROP: Final = "drop"
PUT: Final = "put"
INTO: Final = "into"


def changed(schema: JsonSchema, patch: Mapping[str, Any], definitions: Definitions) -> JsonSchema:
    """`schema` with a patch applied: keys dropped, put and changed further in. What stays is shared."""
    result = dict(resolve(schema, definitions))
    for key in patch.get(DROP, ()):
        del result[key]
    for key, inner in patch.get(INTO, {}).items():
        result[key] = changed(result[key], inner, definitions)
    result.update(patch.get(PUT, {}))
    return result
