"""What the user's words on the command line mean: files, directories, globs, standard input, or nothing."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from enum import Enum
from pathlib import Path

from meshlint.sources.display import display_path
from meshlint.sources.model import MissingPath
from meshlint.values import frozen, regex

STDIN_ARGUMENT = "-"
_GLOB = regex(r"[*?\[]")


class PlaceKind(Enum):
    """What stands at a place that the user named."""

    FILE = "file"
    DIRECTORY = "directory"
    GLOB = "glob"


@frozen(repr=False)
class Place:
    """Something the user named: `location` as written but absolute, `real` with links resolved.

    `pattern` is, for a glob, what follows the directory it starts from (which is then the place itself), in
    the syntax of `.gitignore`; `written` is the argument itself.
    """

    kind: PlaceKind
    location: str
    real: str
    display: str
    written: str
    pattern: str = ""


def places(
    arguments: Sequence[str], directory: str
) -> tuple[tuple[Place, ...], tuple[MissingPath, ...], bool]:
    """The places that `arguments` name, those that lead nowhere, and whether standard input is wanted.

    The places come in an order that does not depend on that of the arguments, each once.
    """
    found: dict[tuple[str, str], Place] = {}
    missing: dict[str, MissingPath] = {}
    names = sorted(set(arguments) - {STDIN_ARGUMENT})
    for name in names:
        place = _place(name, directory)
        if place is None:
            missing[name] = MissingPath(name, nearest_name(name, directory))
        else:
            found.setdefault((place.real, place.pattern), place)
    return tuple(found.values()), tuple(missing.values()), STDIN_ARGUMENT in arguments


def _place(name: str, directory: str) -> Place | None:
    location = os.path.join(directory, name)
    if name and os.path.exists(location):
        kind = PlaceKind.DIRECTORY if os.path.isdir(location) else PlaceKind.FILE
        return _at(kind, name, name, directory)
    if name and os.path.lexists(location):
        return _at(PlaceKind.FILE, name, name, directory)
    return _glob_place(name, directory) if _GLOB.search(name) else None


def _at(kind: PlaceKind, path: str, written: str, directory: str, pattern: str = "") -> Place:
    location = os.path.normpath(os.path.join(directory, path))
    display = display_path(path, directory, absolute=os.path.isabs(path))
    return Place(kind, location, os.path.realpath(location), display, written, pattern)


def _glob_place(name: str, directory: str) -> Place | None:
    parts = Path(name).parts
    plain = next(index for index, part in enumerate(parts) if _GLOB.search(part))
    start = os.path.join(*parts[:plain]) if plain else "."
    if not os.path.isdir(os.path.join(directory, start)):
        return None
    return _at(PlaceKind.GLOB, start, name, directory, "/" + "/".join(parts[plain:]))


def nearest_name(name: str, directory: str) -> str | None:
    """The existing path closest to the misspelt `name`: same parent directory, similar last part."""
    from difflib import get_close_matches

    head, tail = os.path.split(name.rstrip("/" + os.sep))
    close = get_close_matches(tail, _names_in(os.path.join(directory, head)), n=1, cutoff=0.6)
    return os.path.join(head, close[0]) if close else None


def _names_in(directory: str) -> Iterable[str]:
    try:
        return sorted(os.listdir(directory))
    except (OSError, ValueError):
        return ()
