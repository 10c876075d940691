"""The page: files that were built of `web/` and travel with the package. They hold nothing that is secret."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_BUILT = Path(__file__).parents[1] / "page"
_ASSETS = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
    "/page.css": ("page.css", "text/css; charset=utf-8"),
    "/layout.js": ("layout.js", "text/javascript; charset=utf-8"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
    "/licences.txt": ("licences.txt", "text/plain; charset=utf-8"),
}
PAGE_PATHS = frozenset(_ASSETS)
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "worker-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types meshlint",
    )
)
"""Nothing inline, nothing from elsewhere; no text becomes markup, and one policy may name a script."""


def page_routes() -> list[Route]:
    """A route for each file of the page."""
    return [_route(path, *about) for path, about in _ASSETS.items()]


def _route(path: str, name: str, media: str) -> Route:
    data = (_BUILT / name).read_bytes()
    tag = f'"{sha256(data).hexdigest()[:32]}"'
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache", "ETag": tag}
    return Route(path, _handler(data, media, tag, headers), methods=["GET"])


def _handler(
    data: bytes, media: str, tag: str, headers: dict[str, str]
) -> Callable[[Request], Awaitable[Response]]:
    async def handle(request: Request) -> Response:
        request.state.route = "/"
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(data, headers={**headers, "Content-Type": media})

    return handle
