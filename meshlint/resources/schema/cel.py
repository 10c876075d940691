"""Evaluates the CEL rules of given definitions, with the extra `cel` installed."""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from meshlint.resources.schema.fault import Broken
from meshlint.resources.schema.forms.formats import go_duration, is_address
from meshlint.resources.schema.forms.urls import url_scheme
from meshlint.values import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MISSING: Final = "CEL rules are not checked: install meshlint[cel]"
RESERVED: Final = regex(r"__(\w+?)__")
BOUNDS: Final = regex(r"(-?\d{1,15}) (<=?) self && self (<=?) (-?\d{1,15})")
# The library fails on `true || <error>` inside a macro, where CEL gives true.
UNSET_OR: Final = regex(r"\.all\((\w+), !has\(([\w.]+)\) \|\| (.*)\)$")


def cel_is_installed() -> bool:
    """Whether the CEL library is there."""
    return find_spec("celpy") is not None


def broken_rule(rule: Mapping[str, Any], value: Any, schema: Mapping[str, Any]) -> Broken | None:
    """What is wrong with `value`, a stored one, by one item of `x-kubernetes-validations` in its `schema`.

    None as well for a rule about the change of an object, for one that this machine cannot evaluate because a
    function or the library is missing, and for one that is no CEL.
    """
    text = str(rule.get("rule", ""))
    if _holds(" ".join(text.split()), value, schema):
        return None
    message = str(rule.get("message") or f"The rule {text} does not hold").strip().rstrip(".")
    return Broken(f"{message}, so it is refused", _field_path(rule), on_key=True)


def _field_path(rule: Mapping[str, Any]) -> tuple[str, ...]:
    path = str(rule.get("fieldPath") or "")
    return tuple(path.strip(".").split(".")) if re.fullmatch(r"(\.\w+)+", path) else ()


def _holds(text: str, value: Any, schema: Mapping[str, Any]) -> bool:
    bounds = BOUNDS.fullmatch(text) if type(value) is int else None
    if bounds is not None:
        return _within(bounds, value)
    program = None if "oldSelf" in text or not cel_is_installed() else _program(text)
    return program is None or program(_typed(value, schema))


def _within(bounds: re.Match[str], value: int) -> bool:
    """Whether a whole number keeps to bounds, which needs no grammar: making that takes half a second."""
    low, above, below, high = bounds.groups()
    over = int(low) < value if above == "<" else int(low) <= value
    return over and (value < int(high) if below == "<" else value <= int(high))


@cache
def _program(text: str) -> Callable[[Any], bool] | None:
    import celpy
    from celpy.celparser import CELParseError
    from celpy.evaluation import CELEvalError

    known = cel_functions()
    written = text.replace("duration(", "goDuration(")
    written = UNSET_OR.sub(r".all(\1, has(\2) ? (\3) : true)", written)
    called = set(re.findall(r"\b([a-zA-Z]\w*)\(", re.sub(r"'[^']*'|\"[^\"]*\"", "", written)))
    if not called <= BUILT_IN | set(known):
        return None
    environment = celpy.Environment()
    try:
        program = environment.program(environment.compile(written), functions=known)
    except CELParseError:
        return None

    def evaluate(value: Any) -> bool:
        try:
            return bool(program.evaluate({"self": value}))
        except CELEvalError:
            return False

    return evaluate


def _typed(value: Any, schema: Any) -> Any:
    """`value` in the types that its schema gives it; reserved words stand under escaped names as well."""
    from celpy import adapter, celtypes

    if isinstance(value, dict):
        pairs = {celtypes.StringType(key): _typed(inner, _child(schema, key)) for key, inner in value.items()}
        pairs |= {celtypes.StringType(f"__{key}__"): pairs[key] for key in pairs if key in KEYWORDS}
        return celtypes.MapType(pairs)
    if isinstance(value, list):
        items = schema.get("items") if isinstance(schema, dict) else None
        return celtypes.ListType([_typed(item, items) for item in value])
    if type(value) is int and isinstance(schema, dict) and schema.get("type") == "number":
        return celtypes.DoubleType(value)
    return adapter.json_to_cel(value)


def _child(schema: Any, key: str) -> Any:
    """The schema of one key: of its property, or of what every further key holds."""
    if not isinstance(schema, dict):
        return None
    properties = schema.get("properties")
    known = properties.get(key) if isinstance(properties, dict) else None
    return schema.get("additionalProperties") if known is None else known


BUILT_IN: Final = frozenset(
    {
        "all",
        "bool",
        "bytes",
        "contains",
        "double",
        "dyn",
        "endsWith",
        "exists",
        "exists_one",
        "filter",
        "goDuration",
        "has",
        "in",
        "int",
        "map",
        "matches",
        "size",
        "startsWith",
        "string",
        "timestamp",
        "type",
        "uint",
    }
)
KEYWORDS: Final = frozenset(
    {
        "as",
        "break",
        "const",
        "continue",
        "else",
        "false",
        "for",
        "function",
        "if",
        "import",
        "in",
        "let",
        "loop",
        "namespace",
        "null",
        "package",
        "return",
        "true",
        "var",
        "void",
        "while",
    }
)


def cel_functions() -> dict[str, Callable[..., Any]]:
    """What Kubernetes adds to CEL, as far as it is known here; `goDuration` reads one as Go does."""
    from celpy import celtypes

    text, number, truth = celtypes.StringType, celtypes.IntType, celtypes.BoolType

    def texts(parts: list[str]) -> Any:
        return celtypes.ListType([text(part) for part in parts])

    return {
        "getScheme": lambda value: text(_known(url_scheme(str(value)))),
        "goDuration": lambda value: number(_known(go_duration(str(value)))),
        "indexOf": lambda value, part: number(str(value).find(str(part))),
        "isIP": lambda value: truth(is_address(str(value))),
        "isURL": lambda value: truth(url_scheme(str(value)) is not None),
        "join": lambda value, by="": text(str(by).join(str(item) for item in value)),
        "lowerAscii": lambda value: text(str(value).lower()),
        "replace": lambda value, old, new: text(str(value).replace(str(old), str(new))),
        "split": lambda value, by: texts(str(value).split(str(by))),
        "substring": lambda value, start, end=None: text(
            str(value)[start : len(value) if end is None else end]
        ),
        "trim": lambda value: text(str(value).strip()),
        "upperAscii": lambda value: text(str(value).upper()),
        "url": lambda value: text(value),
    }


def _known(value: Any) -> Any:
    if value is None:
        raise ValueError("not of the form that the function reads")
    return value
