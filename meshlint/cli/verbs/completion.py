"""`meshlint completion SHELL`."""

from __future__ import annotations

import click

from meshlint.cli.output import to_stdout
from meshlint.cli.shape import Choice, Verb

_SHELLS = ("bash", "zsh", "fish")


@click.command(
    cls=Verb,
    examples=(
        ("meshlint completion bash >> ~/.bashrc", "for bash"),
        ("meshlint completion zsh >> ~/.zshrc", "for zsh"),
        ("meshlint completion fish > ~/.config/fish/completions/meshlint.fish", "for fish"),
    ),
)
@click.argument("shell", type=Choice(_SHELLS))
def command(shell: str) -> None:
    """Print the script that teaches SHELL (bash, zsh or fish) to complete meshlint's words."""
    from click.shell_completion import get_completion_class

    from meshlint.cli.app import app

    complete = get_completion_class(shell)
    if complete is None:
        raise click.UsageError(f"click knows no completion for {shell}")
    script = complete(app, {}, "meshlint", "_MESHLINT_COMPLETE")
    to_stdout([(script.source_template % script.source_vars()).strip()])
