"""Where the things that let a client in are written."""

from __future__ import annotations

from collections.abc import Iterable

from meshlint.checks.hit import Related
from meshlint.security.linkerd.authorization.grants import Grant

_TOLD = 3


def grant_places(grants: Iterable[Grant]) -> tuple[Related, ...]:
    """The places of the first grants, by what grants there."""
    found = [Related(grant.at, grant.label) for grant in grants if grant.at is not None]
    return tuple(found[:_TOLD])
