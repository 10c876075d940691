"""`meshlint check --server`: the files are read here, and judged by a service."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from meshlint.cli.exit_codes import ExitCode
from meshlint.cli.output import Output, to_stdout
from meshlint.cli.request import flattened
from meshlint.engine.rule import Severity

TOKEN = "MESHLINT_TOKEN"
_MEDIA = {
    "json": "application/json",
    "sarif": "application/sarif+json",
    "text": "text/plain",
    "markdown": "text/markdown",
}
_SEVERITIES = {str(severity): severity for severity in Severity}
_LISTS = ("select", "extend_select", "ignore")
_TEXTS = ("profile", "namespace", "deployment", "istio_version", "linkerd_version", "gateway_api_version")
_HERE = ("changed", "since", "crds", "mesh_config", "kustomize")


def check_remotely(paths: tuple[str, ...], given: Mapping[str, Any], outputs: Iterable[Output]) -> int:
    """Send the files, write the reports, and tell the exit code."""
    from meshlint.client import Client, ServerError

    _refuse(given)
    body = {"files": _files(paths), **_parameters(given)}
    if not body["files"]:
        return ExitCode.NOTHING_FOUND
    client = Client(given["server"], os.environ.get(TOKEN, ""))
    try:
        report = json.loads(client.told("check", body, _MEDIA["json"]))
        for output in outputs:
            text = client.told("check", body, _media(output.format))
            if output.file is None:
                to_stdout(text.splitlines())
            else:
                output.file.write_text(text, encoding="utf-8")
    except ServerError as error:
        raise click.UsageError(f"{given['server']}: {error}") from error
    least = _SEVERITIES.get(given["fail_on"] or "warning")
    found = [_SEVERITIES[one["severity"]] for one in report["findings"]]
    failed = least is not None and any(severity >= least for severity in found)
    return ExitCode.FINDINGS if failed and not given["exit_zero"] else ExitCode.CLEAN


def _refuse(given: Mapping[str, Any]) -> None:
    for name in _HERE:
        if given.get(name):
            raise click.UsageError(f"--{name.replace('_', '-')} does not go with --server.")


def _media(format_name: str) -> str:
    media = _MEDIA.get(format_name)
    if media is None:
        raise click.UsageError(f"--output {format_name} does not go with --server.")
    return media


def _parameters(given: Mapping[str, Any]) -> dict[str, Any]:
    lists = {name: list(flattened(given[name])) for name in _LISTS if given.get(name)}
    texts = {name: given[name] for name in _TEXTS if given.get(name) is not None}
    found = {name.replace("_", "-"): value for name, value in {**lists, **texts}.items()}
    if given.get("assume") == "complete":
        found["assume"] = "complete"
    return found | ({"no-ignores": True} if given.get("no_ignores") else {})


def _files(paths: tuple[str, ...]) -> dict[str, str]:
    """The manifests that are meant, the kustomizations among them, and the configuration beside them."""
    from meshlint.api import collect
    from meshlint.sources import Reason, SourceOptions

    sources = collect(paths or (".",), SourceOptions(Path.cwd()), sys.stdin.buffer if "-" in paths else None)
    if sources.missing:
        raise click.UsageError(f'"{sources.missing[0].path}" does not exist')
    found = {one.path.strip("<>"): one.data for one in sources.files}
    built = [one.path for one in sources.passed_over if one.reason is Reason.KUSTOMIZATION]
    found |= {path: Path(path).read_bytes() for path in (*built, "meshlint.yaml") if Path(path).is_file()}
    return {path: data.decode("utf-8", "replace") for path, data in found.items()}
