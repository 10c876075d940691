"""`meshlint lsp`."""

from __future__ import annotations

from typing import Any

import click

from meshlint.cli.declarations import DEBUG, RULES, WHAT_IS_READ, WORLD, declared
from meshlint.cli.exit_codes import ExitCode
from meshlint.cli.request import options_of
from meshlint.cli.shape import Verb

_EXAMPLES = (("meshlint lsp", "what an editor starts; docs/editors.md has settings for some"),)


@click.command(cls=Verb, examples=_EXAMPLES)
@declared(WHAT_IS_READ, RULES, WORLD, DEBUG)
def command(**given: Any) -> int:
    """Serve an editor over standard input and output, by the Language Server Protocol.

    It tells what is wrong as you type, what a name means and what names it, who may call a workload, and
    completes fields and names. It needs the extra `lsp`: pip install 'meshlint[lsp]'.
    """
    try:
        from meshlint.lsp.server import make_server
    except ImportError as error:
        raise click.UsageError("the extra `lsp` is not installed: pip install 'meshlint[lsp]'") from error
    make_server(options_of(given)).start_io()
    return ExitCode.CLEAN
