"""The values of a live cluster: kinds that it serves, objects, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from meshlint.values import frozen


@frozen
class ServedKind:
    """A kind as the API server serves it, in one namespace or in all of them.

    Of `metadata_only` kinds nothing but names is asked for.
    """

    group: str
    version: str
    kind: str
    plural: str
    metadata_only: bool = False
    namespace: str = ""

    @property
    def path(self) -> str:
        """Where the objects of the kind are listed."""
        root = f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"
        return (
            f"{root}/namespaces/{self.namespace}/{self.plural}" if self.namespace else f"{root}/{self.plural}"
        )

    @property
    def title(self) -> str:
        """The kind with its group."""
        return f"{self.kind}.{self.group}" if self.group else self.kind


@frozen
class Unread:
    """Something that could not be read, and why."""

    what: str
    why: str


class ApiError(Exception):
    """The API server answered with a status that is no success; 0 where it could not be reached."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"{status} {reason}" if status else reason)
        self.status = status


class Api(Protocol):
    """What is asked of an API server; everything is a GET."""

    def get(self, path: str, query: Mapping[str, str], *, metadata_only: bool = False) -> Any:
        """The JSON at a path; raises `ApiError`."""

    def watch(self, path: str, query: Mapping[str, str], *, metadata_only: bool = False) -> Iterator[Any]:
        """The events at a path until the server ends them; raises `ApiError`."""


Name = tuple[str, str, str, str]
"""Group, kind, namespace and name of an object."""
