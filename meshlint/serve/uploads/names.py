"""Names of files that a caller chose: relative, plain, and no way out."""

from __future__ import annotations

from collections.abc import Iterable

from meshlint.serve.faults import Fault
from meshlint.serve.limits import Limits

_LONGEST_PART = 255


def safe_name(name: str, limits: Limits) -> str:
    """The name with single slashes; raises `Fault` for one that leads out, is too long, or is no text."""
    plain = name.removeprefix("./")
    parts = plain.split("/")
    if not plain or len(plain) > limits.name or len(parts) > limits.depth:
        raise Fault(400, f"a file name is empty, longer than {limits.name} or deeper than {limits.depth}")
    for part in parts:
        if part in ("", ".", "..") or len(part) > _LONGEST_PART:
            raise Fault(400, "a file name must be relative, without empty, . or .. parts")
    if "\\" in plain or ":" in parts[0] or not plain.isprintable():
        raise Fault(400, "a file name holds a backslash, a drive or a character that cannot be printed")
    return plain


def refuse_collisions(names: Iterable[str]) -> None:
    """Raise `Fault` where one name is a folder of another."""
    known = set(names)
    for name in known:
        parts = name.split("/")
        if any("/".join(parts[:count]) in known for count in range(1, len(parts))):
            raise Fault(400, "one file name is the folder of another")
