"""The validator of record: jsonschema, taught meshlint's own keyword and formats.

The walk answers; this one is what it must agree with, and it judges the logical keywords that are more than a
group of fields.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from meshlint.resources.schema.constraints import broken
from meshlint.resources.schema.forms.expressions import compiled
from meshlint.resources.schema.forms.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

    from meshlint.resources.schema.shape.structural import JsonSchema


def holds(schema: JsonSchema, value: Any) -> bool:
    """Whether jsonschema accepts `value`, a stored one (nulls pruned, defaults in), against `schema`."""
    accepted: bool = _validator_class()(schema).is_valid(value)
    return accepted


@cache
def _validator_class() -> type[Validator]:
    from jsonschema import Draft202012Validator, ValidationError
    from jsonschema.validators import extend

    def check(_v: Validator, checks: Any, value: Any, _s: Any) -> Iterator[ValidationError]:
        for one in checks:
            if found := broken(one, value):
                yield ValidationError(found.message, path=found.path)

    def formatted(_v: Validator, name: str, value: Any, _s: Any) -> Iterator[ValidationError]:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if name in FORMATS and (isinstance(value, str) or number) and not FORMATS[name](value):
            yield ValidationError(f"{value!r} is not a {name}")

    def pattern(_v: Validator, text: str, value: Any, _s: Any) -> Iterator[ValidationError]:
        form = compiled(text)
        if isinstance(value, str) and form is not None and not form.search(value):
            yield ValidationError(f"{value!r} does not match {text!r}")

    keywords = {"x-meshlint-check": check, "format": formatted, "pattern": pattern}
    extended: type[Validator] = extend(Draft202012Validator, keywords)  # type: ignore[no-untyped-call]
    return extended
