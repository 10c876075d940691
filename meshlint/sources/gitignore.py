"""What git leaves out of a tree: `.gitignore` files, nested and inherited."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from meshlint.values import frozen

GITIGNORE = ".gitignore"
MAX_IGNORE_BYTES = 1024 * 1024
_BACKEND = "simple"
"""How patterns are matched: RE2 takes longer to load than a few patterns take to match without it."""


class _Verdict(Protocol):
    @property
    def include(self) -> bool | None: ...


class _Patterns(Protocol):
    def check_file(self, file: str, /) -> _Verdict: ...


@frozen(repr=False)
class IgnoreFile:
    """The patterns of one `.gitignore`, which apply to paths below `base` (a real, absolute directory)."""

    base: str
    patterns: _Patterns

    def verdict(self, path: str) -> bool | None:
        """True: ignored; False: re-included by a `!` pattern; None: this file says nothing of `path`."""
        relative = path[len(self.base.rstrip(os.sep)) + 1 :]
        return self.patterns.check_file(relative.replace(os.sep, "/")).include


def git_root(directory: str) -> str | None:
    """The nearest directory at or above the real, absolute `directory` that holds `.git`."""
    for candidate in (Path(directory), *Path(directory).parents):
        if (candidate / ".git").exists():
            return str(candidate)
    return None


def read_ignore_file(directory: str) -> IgnoreFile | None:
    """The `.gitignore` of `directory`, or None where there is none that can be read."""
    try:
        with (Path(directory) / GITIGNORE).open("rb") as stream:
            text = stream.read(MAX_IGNORE_BYTES).decode("utf-8", "surrogateescape")
    except OSError:
        return None
    return IgnoreFile(directory, patterns(text.splitlines()))


def patterns(lines: list[str]) -> _Patterns:
    """Lines in the syntax of `.gitignore`; a line that is no valid pattern is dropped, as git does."""
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(lines, backend=_BACKEND)
    except ValueError:
        return GitIgnoreSpec.from_lines([line for line in lines if _is_valid(line)], backend=_BACKEND)


def _is_valid(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True


def inherited(directory: str, root: str | None) -> tuple[IgnoreFile, ...]:
    """The ignore files above `directory` up to the git root, outermost first.

    Empty when they ignore `directory` itself: whoever names an ignored directory wants to see what is in it.
    """
    if root is None or directory == root:
        return ()
    steps = Path(directory).relative_to(root).parts
    above = [str(Path(root).joinpath(*steps[:count])) for count in range(len(steps))]
    found: tuple[IgnoreFile, ...] = ()
    for base in above:
        ignore_file = read_ignore_file(base)
        found += (ignore_file,) if ignore_file else ()
    passed = [str(Path(root).joinpath(*steps[: count + 1])) for count in range(len(steps))]
    return () if any(is_ignored(path + "/", found) for path in passed) else found


def is_ignored(path: str, ignore_files: tuple[IgnoreFile, ...]) -> bool:
    """Whether git ignores `path` (a directory ends in a slash), given that it ignores none of its parents.

    The innermost file with an opinion decides (gitignore(5)).
    """
    for ignore_file in reversed(ignore_files):
        if not path.startswith(ignore_file.base.rstrip(os.sep) + os.sep):
            continue
        verdict = ignore_file.verdict(path)
        if verdict is not None:
            return verdict
    return False
