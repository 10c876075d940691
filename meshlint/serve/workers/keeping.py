"""The set that a worker keeps, read again where a question wants it read otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from meshlint.api.front import load
from meshlint.api.inputs.files import config_in, is_configured, read_files
from meshlint.api.inputs.gathering import NothingFound
from meshlint.api.reading.project import Project
from meshlint.api.requests.request import Request, understood
from meshlint.documents import Reading
from meshlint.engine.config import Config
from meshlint.serve.questions.answers import reading_of
from meshlint.values import frozen

_READING = frozenset(
    {"namespace", "deployment", "assume", "istio-version", "linkerd-version", "gateway-api-version"}
)
_VERSIONS = ("istio", "linkerd", "gateway_api")


@frozen(eq=False, slots=False)
class FilesKept:
    """A set of files in memory; `given` is the configuration of one that has none at its top."""

    files: Mapping[str, bytes]
    given: Config | None = None

    @property
    def is_configured(self) -> bool:
        """Whether it has a configuration of its own."""
        return is_configured(self.files)

    @cached_property
    def config(self) -> Config:
        """The configuration at its top."""
        return config_in(self.files) if self.given is None else self.given

    def configured(self, config: Config) -> FilesKept:
        """The same set, configured so unless it says itself how."""
        is_so = self.is_configured or config == Config()
        return self if is_so else FilesKept(self.files, config)

    def known(self, project: Project) -> Mapping[tuple[str, bytes], Reading]:
        """What was read of each file for `project`, by its name and its bytes."""
        return {
            (one.text.path, self.files[one.text.path]): one
            for one in project.readings
            if one.text.path in self.files
        }

    def read_beside(self, earlier: Project, held: Kept, parameters: Mapping[str, Any]) -> Project:
        """The project, with the objects of `earlier`, the project of `held`, where the files are the same."""
        return read_files(self.files, reading_of(self.config, parameters), earlier, held.known(earlier))

    def read(self, parameters: Mapping[str, Any]) -> Project:
        """The project, read as the question wants it."""
        return read_files(self.files, reading_of(self.config, parameters))


@frozen(eq=False, slots=False)
class DirectoryKept:
    """A directory of whoever runs the service, read as `meshlint check` there would read it."""

    path: Path

    @property
    def is_configured(self) -> bool:
        """Whether it has a configuration of its own."""
        return self.config.source is not None

    def configured(self, _: Config) -> DirectoryKept:
        """The same directory: only its own configuration counts."""
        return self

    def known(self, project: Project) -> Mapping[tuple[str, bytes], Reading]:
        """What was read of each file for `project`, by its name and its bytes."""
        return project.read_before

    def read_beside(self, _earlier: Project, _held: Kept, parameters: Mapping[str, Any]) -> Project:
        """The project."""
        return self.read(parameters)

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
