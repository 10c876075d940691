"""Command lines of `check` that are read without click, which takes longer to load than they to be answered.

Only what cannot be misread is read here: paths, options that take no value, the format of the report, and how
many processes share the work.
Everything else, and all that is wrong, is left to click, which reads the very same of these lines.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, Final

from meshlint.cli.output import Output
from meshlint.reports import FORMATS

_FLAGS: Final = {
    "--changed": "changed",
    "--exit-zero": "exit_zero",
    "--no-baseline": "no_baseline",
    "--no-cache": "no_cache",
    "--no-config": "no_config",
    "--no-gitignore": "no_gitignore",
    "--no-helm": "no_helm",
    "--no-ignores": "no_ignores",
    "--quiet": "quiet",
    "--require-mesh": "require_mesh",
    "--verbose": "verbose",
    "-q": "quiet",
    "-v": "verbose",
}
_OTHER_FLAGS: Final = ("diff", "fix", "kustomize", "unsafe_fixes")
_FORMAT: Final = ("--format", "--output", "-o")
_JOBS: Final = "--jobs"
_NUMBERS: Final = frozenset("123456789")
"""The numbers of processes that are read here: all that there is need of, and no other way to write them."""
_ONE: Final = (
    "add_ignores",
    "assume",
    "baseline",
    "cluster",
    "config",
    "deployment",
    "fail_on",
    "gateway_api_version",
    "istio_version",
    "linkerd_version",
    "namespace",
    "profile",
    "server",
    "since",
)
_MANY: Final = ("crds", "extend_select", "helm_values", "ignore", "mesh_config", "select", "values")
_COMPLETION: Final = "_MESHLINT_COMPLETE"


def plainly(arguments: Sequence[str]) -> tuple[tuple[str, ...], dict[str, Any]] | None:
    """The paths and the options of a plain `check`; None where click has to read the line."""
    if not arguments or arguments[0] != "check" or _COMPLETION in os.environ:
        return None
    paths: list[str] = []
    flags: set[str] = set()
    outputs: list[Output] = []
    jobs: int | None = None
    words = iter(arguments[1:])
    for word in words:
        if word in _FLAGS:
            flags.add(_FLAGS[word])
        elif word in _FORMAT:
            format_name = next(words, "").lower()
            if format_name not in FORMATS:
                return None
            outputs.append(Output(format_name))
        elif word == _JOBS:
            number = next(words, "")
            if number not in _NUMBERS:
                return None
            jobs = int(number)
        elif word.startswith("-") and word != "-":
            return None
        else:
            paths.append(word)
    known = {name: name in flags for name in (*_FLAGS.values(), *_OTHER_FLAGS)}
    rest = {**dict.fromkeys(_ONE), **dict.fromkeys(_MANY, ()), "color": "auto", "output": tuple(outputs)}
    return tuple(paths), {**known, **rest, "jobs": jobs}
