"""One HTTP request, as the proxy before a workload sees it."""

from __future__ import annotations

from collections.abc import Mapping

from meshlint.matching.threefold import every
from meshlint.values import field, frozen


@frozen(repr=False)
class HttpRequest:
    """A request. `path` may carry a query after `?`; a header may be sent several times.

    A gRPC call is a POST to `/package.Service/Method`. `left_open` names the parts that may be anything, of
    `method`, `path`, `host` and `headers`; with `may_be_bytes` it may as well be a connection that carries no
    request.
    """

    method: str = "GET"
    path: str = "/"
    host: str | None = None
    headers: Mapping[str, str | tuple[str, ...]] = field(factory=dict)
    left_open: frozenset[str] = frozenset()
    may_be_bytes: bool = False

    @property
    def bare_path(self) -> str:
        """The path without its query."""
        return self.path.partition("?")[0]

    @property
    def query(self) -> tuple[tuple[str, str], ...]:
        """The parameters of the query, decoded."""
        from urllib.parse import parse_qsl

        return tuple(parse_qsl(self.path.partition("?")[2], keep_blank_values=True))

    @property
    def is_call(self) -> bool | None:
        """Whether it is a gRPC call; None where an open part decides."""
        posted = None if "method" in self.left_open else self.method == "POST"
        named = None if "path" in self.left_open else self.bare_path.count("/") > 1
        return every((posted, named))

    def header(self, name: str) -> tuple[str, ...]:
        """The values of a header; letter case of its name does not count."""
        found: list[str] = []
        for key, value in self.headers.items():
            if key.lower() == name.lower():
                found.extend((value,) if isinstance(value, str) else value)
        return tuple(found)
