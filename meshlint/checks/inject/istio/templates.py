"""Values that something fills in before the cluster sees them."""

from __future__ import annotations


def is_filled_in_later(value: str) -> bool:
    """Whether a value holds a placeholder of a template or of a shell."""
    return "{{" in value or "${" in value
