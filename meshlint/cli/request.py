"""From what was written on the command line to what the api is asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from meshlint.cli.door import api

_VERSIONS = ("istio", "linkerd", "gateway_api")


def options_of(given: dict[str, Any], changed: tuple[str, ...] = ()) -> Any:
    """The options of a run. What was not written is left to the configuration."""
    versions = {
        name: given[f"{name}_version"] for name in _VERSIONS if given.get(f"{name}_version") is not None
    }
    return api().Request(
        select=flattened(given.get("select", ())),
        extend_select=flattened(given.get("extend_select", ())),
        ignore=flattened(given.get("ignore", ())),
        profile=given.get("profile"),
        config=given["config"],
        no_config=given["no_config"],
        assume=given["assume"],
        mesh_config=given["mesh_config"],
        kustomize=given["kustomize"],
        gitignore=not given["no_gitignore"],
        no_ignores=given.get("no_ignores", False),
        changed=changed,
        crds=given["crds"],
        versions=versions,
        namespace=given["namespace"],
        deployment=given["deployment"],
        baseline=given.get("baseline"),
        no_baseline=given.get("no_baseline", False),
        since=given.get("since"),
        values=given["values"],
        helm=not given["no_helm"],
        helm_values=given["helm_values"],
        jobs=given.get("jobs", 1),
    )


def flattened(values: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """The words of an option that may be repeated and may hold several."""
    return tuple(word for words in values for word in words)
