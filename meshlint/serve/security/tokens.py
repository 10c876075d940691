"""Bearer tokens: who may read, and who may write.

The file has a line for each token: role, name, and the SHA-256 of the token in hexadecimal. Tokens are drawn
at random with 256 bits, so that a hash without salt or stretching cannot be turned back.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from enum import Enum
from pathlib import Path

from meshlint.engine.usage import Mistake, UsageError
from meshlint.values import define, field, frozen, regex

_LINE = regex(r"(?P<role>read|write)\s+(?P<name>[A-Za-z0-9._-]{1,64})\s+(?P<hash>[0-9a-fA-F]{64})")
_LONGEST = 512


class Role(Enum):
    """What a caller may do: ask, or also change workspaces."""

    READ = "read"
    WRITE = "write"

    def allows(self, wanted: Role) -> bool:
        """Whether who has this role may do what takes `wanted`."""
        return self is Role.WRITE or wanted is Role.READ


@frozen
class Holder:
    """Who holds a token, and what it is good for."""

    name: str
    role: Role
    digest: bytes = field(repr=False)


def holders_in(text: str, file: str) -> tuple[Holder, ...]:
    """The holders in a file of tokens; raises `UsageError` for a line that says something else."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        plain = line.partition("#")[0].strip()
        match = _LINE.fullmatch(plain)
        if match:
            found.append(Holder(match["name"], Role(match["role"]), bytes.fromhex(match["hash"])))
        elif plain:
            hint = "A line is: read or write, a name, and the SHA-256 of the token"
            raise UsageError(Mistake("this is no token", hint, file, number))
    return tuple(found)


def holder_of(token: str, holders: Iterable[Holder]) -> Holder | None:
    """Who holds `token`; every holder is compared, so that the time tells nothing of which was near."""
    digest = hashlib.sha256(token.encode("utf-8", "replace")[:_LONGEST]).digest()
    found = None
    for holder in holders:
        if hmac.compare_digest(digest, holder.digest):
            found = holder
    return found


def new_token(role: Role, name: str) -> tuple[str, str]:
    """A token, and the line for it in the file of tokens."""
    token = secrets.token_urlsafe(32)
    return token, f"{role.value} {name} {hashlib.sha256(token.encode()).hexdigest()}"


@define(eq=False)
class TokenFile:
    """The tokens of a file, read again when it changes. What cannot be read leaves those from before."""

    path: Path
    holders: tuple[Holder, ...] = ()
    _stamp: tuple[int, int] | None = None

    def current(self) -> tuple[Holder, ...]:
        """The holders as the file has them now; raises `UsageError` only the first time."""
        try:
            status = self.path.stat()
            stamp = (status.st_mtime_ns, status.st_size)
            if stamp != self._stamp:
                self.holders = holders_in(self.path.read_text(encoding="utf-8"), str(self.path))
                self._stamp = stamp
        except (OSError, UnicodeError, UsageError) as error:
            if self._stamp is None:
                if isinstance(error, UsageError):
                    raise
                raise UsageError(Mistake("the tokens cannot be read", file=str(self.path))) from error
        return self.holders
