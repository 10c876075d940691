"""Checks on Linkerd's kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meshlint.resources.schema.fault import Broken
from meshlint.resources.schema.words.writing import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping


def port_name(value: Any, params: Mapping[str, Any]) -> Broken | None:
    """A port in quotes is a name, and no port has a name of digits alone.

    (Linkerd: the policy controller reads any text in a Server's port as the name of a container port.)
    """
    del params
    if not isinstance(value, str) or not value.strip().isdigit():
        return None
    message = f"{quoted(value)} is in quotes and so the name of a port, not its number, so it matches no port"
    return Broken(message, suggestion=f"Write {value.strip()} without quotes.")
