"""Requests drawn from the OpenAPI document, and broken ones beside them, never bring the service to a 5xx."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable

from tests.serve.conftest import Running

requests = pytest.importorskip("requests", reason="requests is not installed")
schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")

FEW, MANY = 4, 150


def _operations(service: Running) -> Iterator[Any]:
    """The operations as the service itself describes them."""
    with service.client() as client:
        document = client.get("/openapi.json").json()
    schema = schemathesis.openapi.from_dict(document)
    for found in schema.get_all_operations():
        yield found.ok()


def _fuzz(service: Running, examples: int) -> set[str]:
    """Ask each operation that often, as it may be asked and as it may not; the operations that were asked."""
    asked: set[str] = set()
    for operation in _operations(service):
        _ask(service, operation, schemathesis.GenerationMode.POSITIVE, examples)
        with suppress(Unsatisfiable):  # where nothing is said, nothing can be broken
            _ask(service, operation, schemathesis.GenerationMode.NEGATIVE, examples)
        asked.add(f"{operation.method.upper()} {operation.path}")
    return asked


def _ask(service: Running, operation: Any, mode: Any, examples: int) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        try:
            answer = case.call(base_url=service.url, timeout=60)
        except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
            # a head that is no HTTP is refused before its body is read, and the rest of the body meets a
            # closed connection; whoever comes next is answered
            assert httpx.get(f"{service.url}/healthz").status_code == 200
            return
        assert answer.status_code < 500, f"{operation.method} {operation.path}: {answer.text[:500]}"

    ask()


def test_requests_by_the_document_are_answered(service: Running) -> None:
    asked = _fuzz(service, FEW)
    assert {"POST /v1/check", "POST /v1/diff", "POST /admission", "PUT /v1/workspaces/{name}"} <= asked


@pytest.mark.oracle
def test_many_requests_by_the_document_are_answered(service: Running) -> None:
    assert _fuzz(service, MANY)
