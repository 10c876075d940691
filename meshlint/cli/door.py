"""The way to the api, opened only when a verb needs it: most of the time to start goes into loading it."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def api() -> Any:
    """The module `meshlint.api`."""
    return import_module("meshlint.api")
