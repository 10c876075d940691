"""How well calls travel, in one word for every picture."""

from __future__ import annotations

GOOD, WEAK, BAD, OPEN = "good", "weak", "bad", "open"
GRAVEST = (BAD, WEAK, OPEN, GOOD)
"""All of them, the gravest first."""
_SOUND = {"mutual TLS", "allowed", "in part"}


def soundness(transport: str, access: str) -> str:
    """Bad if calls fail, weak if they can be read on their way, good if all is well, else open."""
    if "denied" in access or "broken" in transport:
        return BAD
    if "plaintext" in transport:
        return WEAK
    return GOOD if {transport, access} <= _SOUND else OPEN
