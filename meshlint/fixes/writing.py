"""How values are written, in the style of what stands around them."""

from __future__ import annotations

import json
from typing import Any

from yaml.nodes import ScalarNode

from meshlint.documents.scalars import plain_scalar
from meshlint.fixes.ground import BLOCK_STYLES, Ground, Unfit
from meshlint.values import regex

_SAFE = regex(r"[\w./][\w./+@=-]*(?::[\w./+@=-]+)*")


def like(ground: Ground, node: ScalarNode, value: str | int | bool) -> str:
    """`value` written like the scalar `node`: in its quotes, if it has some and the value is a text."""
    start = ground.start(node)
    written = ground.text[start : ground.end(node)]
    style = node.style or ""
    if style in BLOCK_STYLES or "\n" in written:
        raise Unfit
    if style:
        if len(written) < 2 or written[0] != style or written[-1] != style:
            raise Unfit
        return quoted(value, style) if isinstance(value, str) else scalar(value)
    if written != node.value:
        raise Unfit
    return scalar(value)


def scalar(value: str | int | float | bool | None) -> str:
    """`value` as short as YAML and JSON within it allow."""
    if isinstance(value, str) and not (_SAFE.fullmatch(value) and plain_scalar(value) == value):
        return quoted(value, '"')
    return value if isinstance(value, str) else json.dumps(value)


def quoted(value: str, quote: str) -> str:
    """`value` in these quotes."""
    if quote == "'" and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    return json.dumps(value, ensure_ascii=False)


def flow(value: Any, *, as_json: bool) -> str:
    """`value` on one line, keys in quotes for JSON."""
    if isinstance(value, dict):
        pairs = (f"{key_text(key, as_json=as_json)}: {flow(v, as_json=as_json)}" for key, v in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(one, as_json=as_json) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False) if as_json else scalar(value)


def block(key: str, value: Any, indent: int, line_break: str) -> str:
    """`key: value` on lines of their own, `indent` characters in; the last line has its end as well."""
    pad = " " * indent
    if isinstance(value, dict) and value:
        inner = "".join(block(name, one, indent + 2, line_break) for name, one in value.items())
        return f"{pad}{scalar(key)}:{line_break}{inner}"
    return f"{pad}{scalar(key)}: {flow(value, as_json=False)}{line_break}"


def key_text(key: str, *, as_json: bool) -> str:
    """A key as it is written."""
    return json.dumps(key, ensure_ascii=False) if as_json else scalar(key)
