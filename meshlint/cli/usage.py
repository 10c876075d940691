"""What keeps a run from being what was asked for, as an error of click: only then is click loaded."""

from __future__ import annotations


def wrong_usage(message: str) -> Exception:
    """The error of a request that cannot be carried out as it is written."""
    import click

    return click.UsageError(message)


def wrong_file(name: str, problem: str) -> Exception:
    """The error of a file that cannot be written."""
    import click

    return click.FileError(name, problem)
