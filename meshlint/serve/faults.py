"""Why a request is not answered, as the caller is told (RFC 9457, problem details)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from meshlint.values import field, frozen


@frozen
class Problem:
    """A status with the sentence on what was wrong, and headers that go with it."""

    status: int
    detail: str
    headers: Mapping[str, str] = field(factory=dict)

    def as_json(self, request_id: str = "") -> dict[str, Any]:
        """The problem as `application/problem+json` has it."""
        title = HTTPStatus(self.status).phrase
        told = {"type": "about:blank", "title": title, "status": self.status, "detail": self.detail}
        return {**told, "request_id": request_id} if request_id else told


class Fault(Exception):
    """A request ends with a problem."""

    def __init__(self, status: int, detail: str, **headers: str) -> None:
        super().__init__(detail)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.problem = Problem(status, detail, named)
