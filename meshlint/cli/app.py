"""The verbs of meshlint. The module of a verb is loaded only when the verb is used."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import click

from meshlint import __version__
from meshlint.cli.shape import write_examples
from meshlint.engine.usage import did_you_mean

VERBS = {
    "check": "Find what is wrong in manifests, and what it does to the mesh.",
    "init": "Write a configuration, a hook and a CI job for a repository, after showing them.",
    "baseline": "Freeze what is found today, so that check reports what is new.",
    "accepted": "List the findings that are accepted: where, why and until when.",
    "diff": "Tell what a change does: findings, who may call whom, and where requests go.",
    "explain": "Tell what a rule finds, why it matters and how to mend it.",
    "rules": "List the rules.",
    "access": "Tell who may call whom, how the calls travel, and which policy says so.",
    "graph": "Draw how services, workloads and policies hang together.",
    "route": "Tell where a request goes: which route takes it, and which pods get what share.",
    "status": "Tell what controllers write into the status of Gateways, routes and policies for them.",
    "deployments": "List what kustomizations, Flux and Argo CD deploy of the files.",
    "advise": "Recommend Istio, Linkerd or no mesh yet, and say what it would cost.",
    "lsp": "Serve an editor: findings as you type, names, completion.",
    "serve": "Answer questions about manifests over HTTP, and review objects for the API server.",
    "completion": "Print the completion script of a shell.",
}
_EXAMPLES = (
    ("meshlint check", "check every manifest below this directory"),
    ("helm template chart | meshlint check -", "check what a renderer writes"),
    ("meshlint check -o github -o sarif=out.sarif", "annotate a pull request and keep SARIF"),
    ("meshlint explain MTLS001", "read about one rule"),
)


class Verbs(click.Group):
    """The group that knows its verbs by name without loading them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs in the order of their use."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb, loaded now."""
        if cmd_name not in VERBS:
            return None
        command: click.Command = import_module(f"meshlint.cli.verbs.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The verb that is meant, or an error that names the likely one."""
        word = args[0]
        if word not in VERBS and not word.startswith("-") and not ctx.resilient_parsing:
            ctx.fail(_unknown_verb(word))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs from the table above, which loads none of them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Show what people do most."""
        write_examples(_EXAMPLES, formatter)


def _unknown_verb(word: str) -> str:
    if word == "-" or Path(word).exists():
        return f'"{word}" is no command. To check it: meshlint check {word}'
    hint = did_you_mean(word, VERBS) or f"The commands are {', '.join(VERBS)}."
    return f'"{word}" is no command. {hint}'


@click.command(
    cls=Verbs,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    no_args_is_help=True,
)
@click.version_option(__version__, "-V", "--version", message="meshlint %(version)s")
def app() -> None:
    """Find what is wrong in Istio, Linkerd and Gateway API manifests before a cluster does.

    meshlint reads manifests as the meshes read them, and tells what will happen: which traffic fails, which
    goes unencrypted, who may call whom.
    """
