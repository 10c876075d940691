"""What each CEL rule of the upstream definitions means, in our own words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class UnknownRule(ValueError):
    """A definition holds a rule that the table does not express yet."""


def express(rules: list[Mapping[str, Any]]) -> dict[str, Any]:
    """The JSON Schema keywords that say what `rules` say."""
    del rules
    return {}
