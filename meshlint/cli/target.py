"""What a request is sent to, as it is written on the command line: `HOST[:PORT][/path]` or a URL."""

from __future__ import annotations

import re

import click

from meshlint.values import frozen, regex

_TARGET = regex(
    r"(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://)?"
    r"(?:\[(?P<address>[0-9A-Fa-f:.]+)\]|(?P<host>[^/?#:@\[\]]+))"
    r"(?::(?P<port>[^/?#]*))?"
    r"(?P<path>[/?#].*)?",
    re.DOTALL,
)
_FORM = "Write it as HOST[:PORT][/path], such as reviews:9080/reviews/0, or as a URL."


@frozen
class Target:
    """A target; what is not written is None."""

    host: str
    port: int | None
    path: str
    scheme: str | None


def read_target(text: str) -> Target:
    """The target that `text` is; raises `UsageError` for what is none."""
    found = _TARGET.fullmatch(text.strip())
    if found is None:
        raise click.UsageError(f'"{text}" is nothing that a request is sent to. {_FORM}')
    port = found["port"]
    if port is not None and not (port.isascii() and port.isdecimal()):
        raise click.UsageError(f'"{port}" in "{text}" is no port. {_FORM}')
    path = (found["path"] or "/").partition("#")[0]
    return Target(
        found["address"] or found["host"],
        None if port is None else int(port),
        path if path.startswith("/") else f"/{path}",
        None if found["scheme"] is None else found["scheme"].lower(),
    )
