"""Texts as the bytes of their UTF-8 form, each byte written as the character of the same number.

Envoy's RE2 reads patterns and values byte by byte, so that `.` is one byte, and `é` two (seen of Envoy 1.40).
ASCII text is its own byte form.
"""

from __future__ import annotations

LAST_OCTET = 0xFF


def to_octets(text: str) -> str:
    """Write a text as its bytes."""
    if text.isascii():
        return text
    try:
        data = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        data = text.encode("utf-8", "surrogatepass")
    return data.decode("latin-1")


def from_octets(octets: str) -> str:
    """Read a text back from its bytes; a byte that belongs to no character becomes a lone surrogate."""
    return octets if octets.isascii() else octets.encode("latin-1").decode("utf-8", "surrogateescape")


def is_text(octets: str) -> bool:
    """Tell whether bytes are the UTF-8 form of a text."""
    return not any("\udc80" <= char <= "\udcff" for char in from_octets(octets))
