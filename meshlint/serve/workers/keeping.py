"""The set that a worker keeps, read again where a question wants it read otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from attrs import frozen

from meshlint.api.files import config_in, read_files
from meshlint.api.front import load
from meshlint.api.gathering import NothingFound
from meshlint.api.project import Project
from meshlint.api.request import Request, understood
from meshlint.engine.config import Config
from meshlint.serve.questions.answers import reading_of

_READING = frozenset(
    {"namespace", "deployment", "assume", "istio-version", "linkerd-version", "gateway-api-version"}
)
_VERSIONS = ("istio", "linkerd", "gateway_api")


@frozen(eq=False, slots=False)
class FilesKept:
    """A set of files in memory."""

    files: Mapping[str, bytes]

    @cached_property
    def config(self) -> Config:
        """The configuration at its top."""
        return config_in(self.files)

    def read(self, parameters: Mapping[str, Any]) -> Project:
        """The project, read as the question wants it."""
        return read_files(self.files, reading_of(self.config, parameters))


@frozen(eq=False, slots=False)
class DirectoryKept:
    """A directory of whoever runs the service, read as `meshlint check` there would read it."""

    path: Path

    @cached_property
    def config(self) -> Config:
        """The configuration of the directory."""
        return understood(Request(directory=self.path), (".",)).config

    def read(self, parameters: Mapping[str, Any]) -> Project:
        """The project, read as the question wants it; without a manifest an empty one."""
        versions = {name: parameters.get(f"{name.replace('_', '-')}-version") for name in _VERSIONS}
        request = Request(
            directory=self.path,
            namespace=parameters.get("namespace"),
            deployment=parameters.get("deployment"),
            assume=parameters.get("assume"),
            versions={name: value for name, value in versions.items() if value is not None},
        )
        try:
            return load((".",), request)
        except NothingFound:
            return read_files({})


Kept = FilesKept | DirectoryKept


def reads_otherwise(parameters: Mapping[str, Any]) -> bool:
    """Whether a question wants the set read in another way than it is kept."""
    return any(parameters.get(name) is not None for name in _READING)
