"""How long it takes to find what is never reached in one VirtualService with very many routes.

Usage: python -m bench.routes; prints one JSON object: seconds by the form of the routes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from time import process_time
from typing import Any

from meshlint.documents import read
from meshlint.mesh import Mesh
from meshlint.resources import collect
from meshlint.traffic.reach.virtual_services import reach

ROUTES = 1000
Match = Mapping[str, Any]


def main() -> int:
    """Measure every form and print the times."""
    print(json.dumps({form: seconds(form) for form in FORMS}))
    return 0


def seconds(form: str, routes: int = ROUTES) -> float:
    """The time to work out the reach of every route of a VirtualService, which is read beforehand."""
    (virtual_service,) = mesh_of(form, routes).virtual_services
    started = process_time()
    reach(virtual_service)
    return process_time() - started


def mesh_of(form: str, routes: int = ROUTES) -> Mesh:
    """A mesh of one VirtualService with routes of a form, the last of which takes what is left."""
    match = FORMS[form]
    destination = {"destination": {"host": "other.test"}}
    http: list[dict[str, Any]] = [
        {"match": [match(number)], "route": [destination]} for number in range(routes - 1)
    ]
    manifest = {
        "apiVersion": "networking.istio.io/v1",
        "kind": "VirtualService",
        "metadata": {"name": "many", "namespace": "shop"},
        "spec": {"hosts": ["many.test"], "http": [*http, {"route": [destination]}]},
    }
    return Mesh(collect(read("many.json", json.dumps(manifest).encode()).documents))


def _prefix(number: int) -> Match:
    return {"uri": {"prefix": f"/team-{number % 40}/service-{number}"}}


def _exact(number: int) -> Match:
    return {"uri": {"exact": f"/service-{number}"}}


def _nested(number: int) -> Match:
    """Longer and longer paths, each within the one that comes after it."""
    return {"uri": {"prefix": "/" + "a/" * (ROUTES - number)}}


def _regex(number: int) -> Match:
    return {"uri": {"regex": f"/service-{number}/(v1|v2)/items/[0-9]+"}}


def _methods(number: int) -> Match:
    """One path for all, told apart by method and header."""
    return {
        "uri": {"prefix": "/api"},
        "method": {"exact": ("GET", "PUT", "POST")[number % 3]},
        "headers": {"x-user": {"exact": f"user-{number}"}},
    }


def _headers(number: int) -> Match:
    return {"headers": {"x-tenant": {"prefix": f"tenant-{number}"}}}


def _mixed(number: int) -> Match:
    return (_prefix, _exact, _regex, _methods, _headers)[number % 5](number)


FORMS: Mapping[str, Callable[[int], Match]] = {
    "prefix": _prefix,
    "exact": _exact,
    "nested": _nested,
    "regex": _regex,
    "methods": _methods,
    "headers": _headers,
    "mixed": _mixed,
}
"""How the routes are told apart."""


if __name__ == "__main__":
    sys.exit(main())
