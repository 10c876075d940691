"""Objects of Istio, read from YAML as the product reads them."""

from __future__ import annotations

from textwrap import dedent

from meshlint.documents import Span, read
from meshlint.resources import Resource, collect


def resource(text: str) -> Resource:
    """The one object in `text`."""
    reading = read("test.yaml", dedent(text).encode())
    assert not reading.problems
    (found,) = collect(reading.documents).resources
    return found


def spec(kind: str, body: str, api_version: str = "networking.istio.io/v1") -> Resource:
    """An object of `kind` called `x` in namespace `ns`, whose spec is `body`."""
    head = f"apiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: x, namespace: ns}}\n"
    lines = dedent(body).strip("\n").splitlines()
    inner = "".join(f"  {line}\n" for line in lines)
    return resource(f"{head}spec:\n{inner}")


def line(span: Span) -> int:
    """The line of a span in the spec, counted from 1."""
    return span.line - 4
