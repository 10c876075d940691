"""Suppressions under `ignores:` of the configuration."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from meshlint.checks.hit import Spot
from meshlint.engine.config.model import Ignore
from meshlint.engine.suppression.model import Suppression, Target
from meshlint.resources import ResourceSet
from meshlint.resources.resource import ObjectId


def configured_suppressions(
    ignores: Sequence[Ignore], directory: Path | None, resources: ResourceSet, *, whole: bool = False
) -> Iterator[Suppression]:
    """The suppressions that `ignores` declare, their paths counted from `directory`.

    Where the run looks at the `whole` of that directory, also those are judged that fit no object.
    """
    for ignore in ignores:
        fits = _fits(ignore, directory)
        yield Suppression(
            ignore.rules,
            Spot(ignore.place.file, ignore.place.span),
            _covers(fits),
            ignore.reason,
            ignore.expires,
            about=_about(ignore),
            judged=whole
            or any(fits(resource.id, resource.document.file) for resource in resources.resources),
        )


def _about(ignore: Ignore) -> str:
    patterns = (ignore.kind, f"{ignore.namespace}/{ignore.name}")
    named = "" if patterns == ("*", "*/*") else " ".join(patterns)
    return ", ".join(filter(None, (named, ignore.path)))


Fits = Callable[[ObjectId | None, str], bool]


def _covers(fits: Fits) -> Callable[[Target], bool]:
    return lambda target: fits(target.raised.finding.object, target.raised.finding.location.file)


def _fits(ignore: Ignore, directory: Path | None) -> Fits:
    patterns = (ignore.kind, ignore.namespace, ignore.name)
    of_any_object = patterns == ("*", "*", "*")
    in_path = _in_path(ignore.path, directory)

    def fits(name: ObjectId | None, file: str) -> bool:
        if not of_any_object:
            if name is None:
                return False
            words = (name.kind, name.namespace, name.name)
            if not all(fnmatchcase(word, pattern) for word, pattern in zip(words, patterns, strict=True)):
                return False
        return in_path(file)

    return fits


def _in_path(pattern: str, directory: Path | None) -> Callable[[str], bool]:
    if not pattern:
        return lambda _: True
    from pathspec import GitIgnoreSpec

    spec = GitIgnoreSpec.from_lines([pattern])

    @cache
    def in_path(file: str) -> bool:
        relative = Path(os.path.relpath(file, directory)) if directory else Path(file)
        return ".." not in relative.parts and spec.match_file(relative.as_posix())

    return in_path
