"""What a configuration file says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from meshlint.documents import FileText, Span
from meshlint.engine.finding import Location
from meshlint.engine.plan import Selection
from meshlint.engine.rule import Severity
from meshlint.values import field, frozen

if TYPE_CHECKING:
    from meshlint.engine.rule_file import RuleFile


@frozen(repr=False)
class Ignore:
    """Findings that are accepted: those of `rules` whose object and file match all of the patterns.

    `path` is a pattern as in a `.gitignore` beside the configuration file; empty matches every file.
    It counts up to and including the day `expires`. `place` is where it is written.
    """

    rules: tuple[str, ...]
    reason: str
    kind: str = "*"
    namespace: str = "*"
    name: str = "*"
    path: str = ""
    expires: date | None = None
    place: Location = field(factory=lambda: Location("", Span.at(1, 1)))


@frozen(repr=False)
class Config:
    """The settings of a run. `fail_on` is None where findings never fail a run.

    `mesh`, `versions`, `external`, `substitutions`, `traffic` and `advise` are valid by `schemas/config.json`
    and handed on as written, to the rooms that know what they mean. `paths`, `exclude` and `crds` count from
    `directory`, where the file `source` was found.
    """

    selection: Selection = field(factory=Selection)
    fail_on: Severity | None = Severity.WARNING
    group_after: int = 20
    paths: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    crds: tuple[str, ...] = ()
    assume_complete: bool = False
    external: Mapping[str, tuple[str, ...]] = field(factory=dict)
    substitutions: Mapping[str, str] = field(factory=dict)
    mesh: Mapping[str, Any] = field(factory=dict)
    versions: Mapping[str, str] = field(factory=dict)
    ignores: tuple[Ignore, ...] = ()
    traffic: Mapping[str, Any] = field(factory=dict)
    advise: Mapping[str, Any] = field(factory=dict)
    custom: tuple[RuleFile, ...] = ()
    """The rules that the user wrote, from the files that are named under `rules`."""
    directory: Path | None = None
    source: FileText | None = None
