"""Makes objects out of manifests written in tests."""

from __future__ import annotations

import json
from typing import Any

from meshlint.documents import read
from meshlint.resources import Resource, collect


def an_object(manifest: str) -> Resource:
    """The one object in `manifest`."""
    (resource,) = collect(read("test.yaml", manifest.encode()).documents).resources
    return resource


def made_of(api_version: str, kind: str, spec: Any, **more: Any) -> Resource:
    """An object with `spec`, which may be anything that JSON can hold."""
    value = {"apiVersion": api_version, "kind": kind, "metadata": {"name": "x", "namespace": "ns"}}
    return an_object(json.dumps(value | {"spec": spec} | more))
