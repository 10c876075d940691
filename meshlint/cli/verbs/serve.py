"""`meshlint serve`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from meshlint.cli.declarations import DEBUG, declared
from meshlint.cli.exit_codes import ExitCode
from meshlint.cli.shape import Option, ParamType, Verb
from meshlint.cli.terminal import tell

_WHO = "Who may ask"
_HOW_MUCH = "Limits"
_ADMISSION = "Admission"
_INSTALL = "the service needs more packages: pip install 'meshlint[serve]'"
_EXAMPLES = (
    ("meshlint serve examples/bookinfo", "answer about a directory, on this machine only"),
    ("meshlint serve --workspace prod=k8s/prod --workspace dev=k8s/dev", "several workspaces"),
    ("meshlint serve --new-token write:ci", "draw a token, and print the line for the file of tokens"),
    ("meshlint serve --host 0.0.0.0 --tls-cert a.crt --tls-key a.key --tokens tokens", "for others"),
    ("meshlint serve --self-signed meshlint.mesh.svc --open /admission ...", "an admission webhook"),
)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class Named(ParamType):
    """`NAME=DIRECTORY`."""

    name = "NAME=DIRECTORY"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Path]:
        """The name and the directory."""
        if isinstance(value, tuple):
            return value
        name, sign, path = str(value).partition("=")
        if not sign or not Path(path).is_dir():
            self.fail(f'"{value}" must be written as NAME=DIRECTORY.', param, ctx)
        return name, Path(path).resolve()


def _who(*names: str, **about: Any) -> Any:
    return click.option(*names, cls=Option, section=_WHO, **about)


def _limit(*names: str, **about: Any) -> Any:
    return click.option(*names, cls=Option, section=_HOW_MUCH, **about)


_LISTENING = (
    click.option("--host", cls=Option, section="Listening", default="127.0.0.1", help="The address."),
    click.option("--port", cls=Option, section="Listening", type=click.IntRange(0, 65535), default=8080),
    click.option(
        "--workspace",
        "workspaces",
        cls=Option,
        section="Listening",
        type=Named(),
        multiple=True,
        help="Keep a directory under a name. May be repeated.",
    ),
    click.option(
        "--cluster",
        cls=Option,
        section="Listening",
        is_flag=False,
        flag_value="current",
        metavar="[CONTEXT]",
        help="Follow a live cluster: of a context of the kubeconfig, or the one that the pod runs in.",
    ),
)
_ALLOWED = (
    _who("--tokens", type=_FILE, help="A file of tokens: a role, a name and a SHA-256 in each line."),
    _who("--new-token", metavar="ROLE:NAME", help="Print a new token and its line, and end."),
    _who("--tls-cert", type=_FILE, help="The certificate, read again when it changes."),
    _who("--tls-key", type=_FILE, help="Its key."),
    _who("--client-ca", type=_FILE, help="Callers must show a certificate of this authority."),
    _who("--self-signed", multiple=True, metavar="NAME", help="Sign a certificate for this name."),
    _who(
        "--open",
        "open_paths",
        multiple=True,
        type=click.Choice(("/metrics", "/admission")),
        help="Answer this path without a token.",
    ),
)
_LIMITS = (
    _limit("--workers", type=click.IntRange(1, 256), help="Questions answered at a time.  [default: 2]"),
    _limit("--waiting", type=click.IntRange(1, 10_000), help="Questions that may wait.  [default: 64]"),
    _limit("--seconds", type=click.IntRange(1, 600), help="Time for a question.  [default: 30]"),
    _limit(
        "--review-seconds",
        type=click.FloatRange(0.01, 60),
        help="A review that others keep waiting for longer is told to come again.  [default: 0.25]",
    ),
    _limit("--memory", type=click.IntRange(64, 65_536), help="MiB for a question.  [default: 1024]"),
    _limit("--connections", type=click.IntRange(1, 100_000), help="Open connections.  [default: 1000]"),
    _limit("--body", type=click.IntRange(1, 1024), help="MiB that a request may send.  [default: 16]"),
)
_REVIEWS = (
    click.option(
        "--admission-policy", cls=Option, section=_ADMISSION, type=_FILE, help="What denies and what warns."
    ),
)


@click.command(cls=Verb, examples=_EXAMPLES)
@click.argument("path", metavar="[PATH]", required=False, type=click.Path(exists=True, file_okay=False))
@declared(_LISTENING, _ALLOWED, _LIMITS, _REVIEWS, DEBUG)
def command(path: str | None, **given: Any) -> int:
    """Answer questions about manifests over HTTP, and review objects for the API server.

    PATH is a directory that is kept as the workspace "default". Without tokens or certificates of callers
    only this machine can ask. The answers are those of the other commands; /openapi.json describes them.
    """
    if given["new_token"]:
        return _new_token(given["new_token"])
    try:
        from meshlint.serve.run import run
    except ImportError as error:
        raise click.ClickException(_INSTALL) from error
    from meshlint.engine.usage import UsageError
    from meshlint.serve.faults import Fault

    with tempfile.TemporaryDirectory(prefix="meshlint-") as directory:
        try:
            came_up = run(_settings(path, given, Path(directory)))
        except UsageError as error:
            raise click.UsageError(str(error)) from error
        except Fault as fault:
            raise click.UsageError(fault.problem.detail) from fault
    return ExitCode.CLEAN if came_up else ExitCode.USAGE


def _new_token(wanted: str) -> int:
    from meshlint.serve.security.tokens import Role, new_token

    role, _, name = wanted.partition(":")
    if role not in ("read", "write") or not name:
        raise click.UsageError("--new-token takes read:NAME or write:NAME.")
    token, line = new_token(Role(role), name)
    tell("The token, which is shown this once:", color=False)
    sys.stdout.write(f"{token}\n")
    tell("The line for the file of tokens:", color=False)
    sys.stdout.write(f"{line}\n")
    return ExitCode.CLEAN


def _settings(path: str | None, given: dict[str, Any], directory: Path) -> Any:
    from meshlint.serve.admission.policy import AdmissionPolicy, read_policy
    from meshlint.serve.settings import OPEN_TO_ALL, Settings

    workspaces = dict(given["workspaces"])
    if path is not None:
        workspaces["default"] = Path(path).resolve()
    certificate, key = _certificate(given, directory)
    policy = read_policy(given["admission_policy"]) if given["admission_policy"] else AdmissionPolicy()
    return Settings(
        host=given["host"],
        port=given["port"],
        workspaces=workspaces,
        cluster=given["cluster"],
        tokens=given["tokens"],
        certificate=certificate,
        key=key,
        client_ca=given["client_ca"],
        open_paths=OPEN_TO_ALL | set(given["open_paths"]),
        admission=policy,
        limits=_limits(given),
    )


def _certificate(given: dict[str, Any], directory: Path) -> tuple[Path | None, Path | None]:
    """The files of the certificate; one of our own is signed here, and its `caBundle` printed."""
    if not given["self_signed"]:
        return given["tls_cert"], given["tls_key"]
    if given["tls_cert"] or given["tls_key"]:
        raise click.UsageError("--self-signed stands in place of --tls-cert and --tls-key.")
    from meshlint.serve.security.certificates import self_signed

    made = self_signed(given["self_signed"])
    sys.stdout.write(f"caBundle: {made.ca_bundle}\n")
    sys.stdout.flush()
    return made.write(directory)


def _limits(given: dict[str, Any]) -> Any:
    from meshlint.serve.limits import MEBIBYTE, Limits
    from meshlint.values import evolve

    sizes = {name: given[name] * MEBIBYTE for name in ("memory", "body") if given[name] is not None}
    names = ("workers", "waiting", "seconds", "review_seconds", "connections")
    counts = {name: given[name] for name in names if given[name] is not None}
    return evolve(Limits(), **sizes, **counts)
