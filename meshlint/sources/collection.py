"""From the arguments of a run to the set of sources: the one door of this room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from meshlint.sources.arguments import Place, PlaceKind, places
from meshlint.sources.display import display_path
from meshlint.sources.gitignore import patterns
from meshlint.sources.kustomize import kustomizations, render_all, set_patches_aside
from meshlint.sources.model import (
    MEBIBYTE,
    STDIN_NAME,
    MissingPath,
    Origin,
    PassedOver,
    SourceFile,
    SourceOptions,
    SourceSet,
)
from meshlint.sources.reading import read_file, read_stream
from meshlint.sources.walk import Walk, name_file, walk


def collect(paths: Sequence[str], options: SourceOptions, stdin: BinaryIO | None = None) -> SourceSet:
    """The sources that `paths` stand for: files, directories, globs, and `-` for `stdin`.

    The result depends neither on the order of `paths` nor on that of directory entries, and holds each
    real file once. Nothing but reading files (and running kustomize when `options` ask for it) happens; what
    cannot be read becomes a value.
    """
    named, missing, wants_stdin = places(paths, str(options.directory))
    found, empty_globs = _find(named, options)
    streams, stream_problems = _standard_input(stdin, options) if wants_stdin else ([], [])
    rendered, render_problems = _kustomize(found, named, options)
    loaded = list(_load(found, options))
    outcomes = [*streams, *rendered, *loaded]
    passed_over = [one for one in outcomes if isinstance(one, PassedOver)] + _without_named(found, named)
    files = [one for one in outcomes if isinstance(one, SourceFile)]
    return SourceSet(
        files=tuple(sorted(files, key=lambda one: one.path)),
        passed_over=tuple(sorted(passed_over, key=lambda one: (one.path, one.reason.value))),
        missing=tuple(sorted((*missing, *empty_globs), key=lambda one: one.path)),
        problems=(*stream_problems, *render_problems, *_limit_problems(found, loaded, options)),
        directory=options.directory,
        rendered=options.kustomize,
        helm=options.helm,
        helm_values=tuple(
            display_path(str(options.directory / path), str(options.directory), absolute=False)
            for path in options.helm_values
        ),
    )


def _find(named: Sequence[Place], options: SourceOptions) -> tuple[Walk, list[MissingPath]]:
    found = Walk()
    empty: list[MissingPath] = []
    for place in named:
        if place.kind is PlaceKind.FILE:
            name_file(found, place, options)
            continue
        below = walk(place, options)
        if place.kind is PlaceKind.GLOB:
            below = _matching(below, place)
            empty += [] if below.candidates or below.passed_over else [MissingPath(place.written)]
        found.merge(below)
    return found, empty


def _matching(below: Walk, place: Place) -> Walk:
    """The part of a walk that the glob of `place` admits; a directory that matches brings all it holds."""
    matches = patterns([place.pattern])
    start = "" if place.display == "." else place.display.rstrip("/") + "/"

    def admits(display: str) -> bool:
        return bool(matches.check_file(display.removeprefix(start)).include)

    return Walk(
        {real: one for real, one in below.candidates.items() if admits(one.display)},
        {real: one for real, one in below.passed_over.items() if admits(one.path)},
        {directory: one for directory, one in below.kustomizations.items() if admits(one.display)},
        below.complete,
    )


def _kustomize(
    found: Walk, named: Sequence[Place], options: SourceOptions
) -> tuple[list[SourceFile], list[str]]:
    """Set patches aside, and render where `options` ask for it."""
    known = kustomizations(found, options)
    set_patches_aside(found, known)
    if not options.kustomize:
        return [], []
    rendered = render_all(found, known, {place.real for place in named}, options)
    return ([], [rendered]) if isinstance(rendered, str) else (rendered, [])


def _standard_input(
    stdin: BinaryIO | None, options: SourceOptions
) -> tuple[list[SourceFile | PassedOver], list[str]]:
    if stdin is None:
        return [], ["- asks for standard input, and there is none"]
    data = read_stream(stdin, STDIN_NAME, options.max_bytes)
    if isinstance(data, PassedOver):
        return [data], []
    return [SourceFile(STDIN_NAME, data, origin=Origin.STDIN)], []


def _load(found: Walk, options: SourceOptions) -> Iterator[SourceFile | PassedOver]:
    """The files, up to the first one with which the set is too large."""
    candidates = sorted(found.candidates.values(), key=lambda candidate: candidate.rank)
    total = 0
    for candidate in candidates[: options.max_files]:
        data = read_file(candidate.location, candidate.display, options.max_bytes)
        total += 0 if isinstance(data, PassedOver) else len(data)
        yield (
            data if isinstance(data, PassedOver) else SourceFile(candidate.display, data, candidate.location)
        )
        if total > options.max_total_bytes:
            return


def _limit_problems(
    found: Walk, loaded: Sequence[SourceFile | PassedOver], options: SourceOptions
) -> list[str]:
    if not found.complete or len(found.candidates) > options.max_files:
        return [f"there are more than {options.max_files} files; name fewer directories"]
    if sum(len(one.data) for one in loaded if isinstance(one, SourceFile)) > options.max_total_bytes:
        limit = options.max_total_bytes // MEBIBYTE
        return [f"the files hold more than {limit} MiB; name fewer directories"]
    return []


def _without_named(found: Walk, named: Sequence[Place]) -> list[PassedOver]:
    """What was passed over, less what the user named all the same."""
    walked = {place.real for place in named if place.kind is PlaceKind.DIRECTORY}
    wanted = found.candidates.keys() | (walked - found.kustomizations.keys())
    return [entry for real, entry in found.passed_over.items() if real not in wanted]
