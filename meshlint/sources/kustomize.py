"""Kustomize: which files are patches, which directories are roots, and what they render to."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping

from meshlint.sources.model import (
    Origin,
    PassedOver,
    Reason,
    References,
    SourceFile,
    SourceOptions,
)
from meshlint.sources.reading import read_file
from meshlint.sources.walk import Candidate, Walk
from meshlint.values import frozen

NOT_INSTALLED = "--kustomize needs `kustomize` or `kubectl`, and neither is on the PATH"
_MAX_MESSAGE = 500
_COMMANDS = (("kustomize", "build"), ("kubectl", "kustomize"))


@frozen(repr=False)
class Kustomization:
    """A directory with a kustomization file; the paths it refers to are real and absolute."""

    directory: str
    display: str
    resources: frozenset[str]
    patches: frozenset[str]
    buildable: bool


def kustomizations(found: Walk, options: SourceOptions) -> dict[str, Kustomization]:
    """The kustomizations that were come across, by directory; one that cannot be read refers to nothing."""
    known: dict[str, Kustomization] = {}
    for directory, candidate in sorted(found.kustomizations.items()):
        data = read_file(candidate.location, candidate.display, options.max_bytes)
        read = options.read_kustomization
        references = read(data) if read and isinstance(data, bytes) else References()
        known[directory] = _resolved(directory, candidate, references)
    return known


def _resolved(directory: str, candidate: Candidate, references: References) -> Kustomization:
    display = candidate.display.rpartition("/")[0] or "."
    resources = frozenset(_real(directory, name) for name in references.resources)
    patches = frozenset(_real(directory, name) for name in references.patches)
    return Kustomization(directory, display, resources, patches, references.buildable)


def _real(directory: str, name: str) -> str:
    try:
        return os.path.realpath(os.path.join(directory, name))
    except (OSError, ValueError):
        return ""


def set_patches_aside(found: Walk, known: Mapping[str, Kustomization]) -> None:
    """Move files that are only patches from the candidates to the files passed over."""
    whole = frozenset().union(*(one.resources for one in known.values()))
    for kustomization in known.values():
        for patch in kustomization.patches - whole:
            candidate = found.candidates.get(patch)
            if candidate and not candidate.named:
                detail = f"a patch of the kustomization in {kustomization.display}"
                _move(found, candidate, Reason.KUSTOMIZE_PATCH, detail)


def _move(found: Walk, candidate: Candidate, reason: Reason, detail: str) -> None:
    del found.candidates[candidate.real]
    found.leave(candidate.real, candidate.display, reason, detail)


def roots(known: Mapping[str, Kustomization], named: Collection[str]) -> list[Kustomization]:
    """The kustomizations to render: those the user named, and those that no other one includes."""
    included = frozenset().union(*(one.resources for one in known.values()))
    wanted = [one for one in known.values() if one.directory in named or one.directory not in included]
    return sorted((one for one in wanted if one.buildable), key=lambda one: one.display)


def render_all(
    found: Walk, known: Mapping[str, Kustomization], named: Collection[str], options: SourceOptions
) -> list[SourceFile] | str:
    """What every root renders to, or a sentence that says why nothing can be rendered.

    The plain files that a rendered root includes are passed over, for they are in its output; a root that
    fails is passed over with what kustomize said, and its plain files stay.
    """
    command = installed_command()
    if command is None:
        return NOT_INSTALLED
    rendered: list[SourceFile] = []
    for root in roots(known, named):
        source = render(root, command, options)
        if isinstance(source, PassedOver):
            found.passed_over[root.directory] = source
        else:
            rendered.append(source)
            _pass_over_included(found, known, root)
    return rendered


def _pass_over_included(found: Walk, known: Mapping[str, Kustomization], root: Kustomization) -> None:
    detail = f"it is in what kustomize renders from {root.display}"
    for path in sorted(closure(root, known)):
        candidate = found.candidates.get(path)
        if candidate and not candidate.named:
            _move(found, candidate, Reason.KUSTOMIZE_RENDERED, detail)


def closure(root: Kustomization, known: Mapping[str, Kustomization]) -> frozenset[str]:
    """The real paths of everything that `root` includes, directly or through other kustomizations."""
    reached: set[str] = set()
    pending = [root]
    while pending:
        kustomization = pending.pop()
        fresh = (kustomization.resources | kustomization.patches) - reached
        reached |= fresh
        pending += [known[path] for path in fresh if path in known]
    return frozenset(reached)


def installed_command() -> tuple[str, ...] | None:
    """The command that renders a directory given as its last argument, or None."""
    from shutil import which

    for name, verb in _COMMANDS:
        program = which(name)
        if program:
            return program, verb
    return None


def render(root: Kustomization, command: tuple[str, ...], options: SourceOptions) -> SourceFile | PassedOver:
    """The output of kustomize for one directory, bounded in time and size."""
    path = f"kustomize:{root.display}"
    output = run([*command, root.directory], options.render_seconds, options.max_rendered_bytes)
    if isinstance(output, str):
        return PassedOver(path, Reason.KUSTOMIZE_FAILED, output)
    return SourceFile(path, output, origin=Origin.KUSTOMIZE)


def run(
    arguments: list[str], seconds: float, max_bytes: int, environment: Mapping[str, str] | None = None
) -> bytes | str:
    """Standard output of a program that is run without a shell, or a sentence on how it failed."""
    import subprocess
    from tempfile import TemporaryFile

    with TemporaryFile() as output, TemporaryFile() as errors:
        try:
            done = subprocess.run(
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                timeout=seconds,
                env=environment,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return f"it took longer than {seconds:g} s"
        except OSError as error:
            return error.strerror or type(error).__name__
        output.seek(0)
        errors.seek(0)
        if done.returncode != 0:
            said = errors.read(_MAX_MESSAGE).decode("utf-8", "replace").strip()
            return said or f"it ended with exit code {done.returncode}"
        data = output.read(max_bytes + 1)
    return data if len(data) <= max_bytes else f"it renders to more than {max_bytes} bytes"
