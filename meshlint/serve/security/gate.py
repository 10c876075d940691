"""Who is let in: by a token, or because only this machine can ask."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import Scope

from meshlint.serve.faults import Fault
from meshlint.serve.security.tokens import Holder, Role, TokenFile, holder_of
from meshlint.serve.settings import is_loopback
from meshlint.values import frozen


@frozen(eq=False)
class Gate:
    """Without `tokens` everyone who got so far may do everything; `open_paths` are for everyone.

    Where only this machine may ask (`is_local`), a request must name it: somebody else's page, whose name was
    made to lead to this machine (DNS rebinding), asks in the name of that page.
    """

    tokens: TokenFile | None
    open_paths: frozenset[str]
    is_local: bool = False

    def admitted(self, scope: Scope, headers: Headers) -> str:
        """Who asks; raises `Fault` for those who may not. Which part of a token was wrong is not told."""
        if self.is_local and not _names_this_machine(headers.get("host", "")):
            raise Fault(421, "without tokens only this machine may ask: call it 127.0.0.1 or localhost")
        if self.tokens is None or scope["path"] in self.open_paths:
            return ""
        scheme, _, token = headers.get("authorization", "").partition(" ")
        holder = holder_of(token.strip(), self.tokens.current()) if scheme.lower() == "bearer" else None
        if holder is None:
            raise Fault(401, "a token is needed: Authorization: Bearer TOKEN", WWW_Authenticate="Bearer")
        _refuse_role(holder, scope)
        return holder.name


def _names_this_machine(host: str) -> bool:
    """Whether a Host header (RFC 9110, 7.2) names this machine; none at all comes from no browser."""
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    return not host or is_loopback(name)


def _refuse_role(holder: Holder, scope: Scope) -> None:
    changes = scope["path"].startswith("/v1/workspaces") and scope["method"] not in ("GET", "HEAD")
    if not holder.role.allows(Role.WRITE if changes else Role.READ):
        raise Fault(403, "this token may read only")
