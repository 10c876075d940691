"""`--header NAME:VALUE`."""

from __future__ import annotations

from typing import Any

import click

from meshlint.cli.shape import ParamType


class Header(ParamType):
    """A header as a pair of name and value; the space around both does not count."""

    name = "NAME:VALUE"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """The pair."""
        if isinstance(value, tuple):
            return value
        text = str(value)
        # A pseudo-header such as :authority begins with the sign that ends other names.
        name, colon, rest = text[1:].partition(":") if text.startswith(":") else text.partition(":")
        name = f":{name}" if text.startswith(":") else name
        if not colon or not name.strip():
            self.fail(f'"{text}" must be written as NAME:VALUE, as in x-user:jason.', param, ctx)
        return name.strip(), rest.strip()
