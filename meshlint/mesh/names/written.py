"""How a person names an object: `NAME`, or `NAMESPACE/NAME` where one name is not enough."""

from __future__ import annotations


def split_name(text: str) -> tuple[str | None, str]:
    """The namespace, None where none is written, and the name."""
    namespace, slash, name = text.rpartition("/")
    return (namespace if slash else None), name
