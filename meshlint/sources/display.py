"""How a path is shown: stable between machines, and safe to print whatever bytes it holds."""

from __future__ import annotations

import os


def display_path(path: str, directory: str, *, absolute: bool = True) -> str:
    """The name that reports use for `path`: POSIX, relative to `directory` when below it.

    A path elsewhere stays absolute when `absolute`, else climbs with `..`, so that a user who wrote a
    relative path reads one back.
    """
    full = os.path.normpath(os.path.join(directory, path))
    for base in (directory, os.path.realpath(directory)):
        if is_within(full, base):
            return printable(os.path.relpath(full, base))
    return printable(full if absolute else os.path.relpath(full, directory))


def is_within(path: str, base: str) -> bool:
    """Whether the normalised `path` is `base` or lies below it."""
    return path == base or path.startswith(base.rstrip(os.sep) + os.sep)


def printable(path: str) -> str:
    """`path` with forward slashes, and with undecodable bytes and control characters escaped."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    if os.sep != "/":
        text = text.replace(os.sep, "/")
    return text if text.isprintable() else "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
