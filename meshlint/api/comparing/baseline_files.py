"""Which file is the baseline of a run?"""

from __future__ import annotations

from pathlib import Path

from meshlint.api.requests.request import Asked
from meshlint.engine.baseline import BASELINE_NAME
from meshlint.engine.config.discovery import common_directory, upwards


def baseline_file(asked: Asked) -> Path | None:
    """The baseline that counts for a run: the one that is named, else the one beside the configuration.

    Without a configuration it is the nearest one above what is read, up to the root of the git work tree.
    """
    request = asked.request
    if request.baseline is not None:
        return request.directory / request.baseline
    if request.no_baseline:
        return None
    if asked.config.directory is not None:
        found = asked.config.directory / BASELINE_NAME
        return found if found.is_file() else None
    for directory in upwards(common_directory(_targets(asked))):
        if (directory / BASELINE_NAME).is_file():
            return directory / BASELINE_NAME
        if (directory / ".git").exists():
            break
    return None


def _targets(asked: Asked) -> list[Path]:
    return [asked.request.directory / path for path in asked.paths if path != "-"]
