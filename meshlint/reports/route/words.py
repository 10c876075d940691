"""The match of a route in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

EVERYTHING = "everything"
_TESTS = ("exact", "prefix", "regex")
_NAMES = {
    "uri": "path",
    "queryParams": "query parameter",
    "headers": "header",
    "withoutHeaders": "no header",
    "sniHosts": "SNI",
    "destinationSubnets": "addresses",
    "sourceNamespace": "source namespace",
    "pathRegex": "path regex",
}
_TYPES = {"Exact": "exact", "PathPrefix": "prefix", "RegularExpression": "regex"}
_DEEPEST = 8


def in_words(match: Any) -> str:
    """Which requests a match takes, in the words of the manifest: `path prefix '/api', header x exact 'v'`.

    It reads matches of VirtualServices, of the Gateway API and the conditions of ServiceProfiles.
    """
    parts = list(_parts(match, 0)) if isinstance(match, Mapping) else []
    return ", ".join(parts) or EVERYTHING


def _parts(match: Mapping[Any, Any], depth: int) -> Iterator[str]:
    for key, value in match.items():
        name = _NAMES.get(key, str(key))
        if key in ("all", "any", "not") and depth < _DEEPEST:
            yield _tree(key, value, depth)
        elif key in ("name", "statPrefix") or value is None:
            continue
        elif key == "ignoreUriCase":
            yield from ["ignoring case"] if value is True else []
        elif key == "sourceLabels" and isinstance(value, Mapping):
            yield "source labels " + ", ".join(f"{label}={text}" for label, text in value.items())
        elif isinstance(value, list):
            yield from _listed(name, value)
        elif key in ("headers", "withoutHeaders", "queryParams") and isinstance(value, Mapping):
            yield from (f"{name} {header} {_test(test)}" for header, test in value.items())
        else:
            yield f"{name} {_test(value, 'prefix' if key == 'path' else 'exact')}"


def _tree(key: str, value: Any, depth: int) -> str:
    if key == "not" and isinstance(value, Mapping):
        return f"not ({', '.join(_parts(value, depth + 1))})"
    inner = [", ".join(_parts(one, depth + 1)) for one in value or () if isinstance(one, Mapping)]
    return f"{key} of ({'; '.join(inner)})"


def _listed(name: str, values: list[Any]) -> Iterator[str]:
    """Header and query matches of the Gateway API one by one, lists of names in one."""
    if any(isinstance(one, Mapping) for one in values):
        for one in values:
            if isinstance(one, Mapping):
                yield f"{name} {one.get('name')} {_test({**one, 'name': None})}"
    else:
        yield f"{name} {', '.join(map(str, values))}"


def _test(test: Any, usual: str = "exact") -> str:
    if not isinstance(test, Mapping):
        return f"'{test}'" if isinstance(test, str) else str(test)
    for kind in _TESTS:
        if kind in test:
            return f"{kind} '{test[kind]}'"
    if "value" in test:
        kind = _TYPES.get(str(test.get("type")), usual)
        return f"{kind} '{test['value']}'"
    if "service" in test or "method" in test:
        return f"{test.get('service') or '*'}/{test.get('method') or '*'}"
    return "present"
