"""`--output FORMAT[=FILE]` as a type of click."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from meshlint.cli.output import Output
from meshlint.cli.shape import ParamType, unknown_word
from meshlint.reports import FORMATS

_STDOUT = "-"


class OutputType(ParamType):
    """`FORMAT` or `FORMAT=FILE`."""

    name = "FORMAT[=FILE]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Output:
        """The output that was asked for."""
        if isinstance(value, Output):
            return value
        name, _, file = str(value).partition("=")
        if name.lower() not in FORMATS:
            self.fail(_unknown_format(name), param, ctx)
        return Output(name.lower(), Path(file) if file not in ("", _STDOUT) else None)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[click.shell_completion.CompletionItem]:
        """The formats that begin with what was typed."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(name) for name in FORMATS if name.startswith(incomplete)]


def _unknown_format(name: str) -> str:
    suffix = Path(name).suffix.lstrip(".").lower()
    if suffix:
        guess = suffix if suffix in FORMATS else "FORMAT"
        return f'"{name}" looks like a file. Write --output {guess}={name}'
    return unknown_word(name, FORMATS)
