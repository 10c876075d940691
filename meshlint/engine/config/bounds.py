"""What a configuration file that was come across may name: files of its own repository alone.

Whoever checks a repository of others has not chosen its configuration, which must not lead anywhere else.
"""

from __future__ import annotations

from pathlib import Path

from meshlint.engine.config.discovery import upwards
from meshlint.engine.config.model import Config
from meshlint.engine.usage import Mistake, UsageError

_MAGIC = "*?["


def repository(file: Path) -> Path:
    """The repository that a configuration file is in; its directory where there is no git work tree."""
    directory = file.parent.resolve()
    return next((one for one in upwards(directory) if (one / ".git").exists()), directory)


def refuse_link(file: Path, shown: str) -> None:
    """Raises `UsageError` for a configuration file that is a link out of its repository."""
    if not file.resolve().is_relative_to(repository(file)):
        hint = "Name it with --config if it is meant."
        raise UsageError(Mistake("this leads out of its repository, so it is not read", hint, shown))


def refuse_outside(config: Config, file: Path, shown: str) -> None:
    """Raises `UsageError` for paths of a configuration that are not in its repository."""
    root, directory = repository(file), file.parent.resolve()
    named = [("paths", path) for path in config.paths] + [("crds", path) for path in config.crds]
    wrong = [(key, path) for key, path in named if not _plain(directory / path).is_relative_to(root)]
    if wrong:
        raise UsageError(
            *(
                Mistake(
                    f'{key}: "{path}" leads out of the repository of this file',
                    "Only what is in it may be named here; give other paths on the command line.",
                    shown,
                    _line_of(config, path),
                )
                for key, path in wrong
            )
        )


def _plain(path: Path) -> Path:
    """Where a path leads, as far as it is written out."""
    parts = path.parts
    magic = (place for place, part in enumerate(parts) if any(one in part for one in _MAGIC))
    return Path(*parts[: next(magic, len(parts))]).resolve()


def _line_of(config: Config, path: str) -> int:
    lines = config.source.lines if config.source is not None else ()
    return next((number for number, line in enumerate(lines, start=1) if path in line), 1)
