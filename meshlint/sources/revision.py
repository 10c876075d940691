"""The files of a git revision, laid out beside the work tree so that they can be read like it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from meshlint.sources.gitignore import git_root
from meshlint.values import frozen

_SECONDS = 120.0
_MAX_MESSAGE = 500
_SINCE_FORK = "..."


class RevisionError(Exception):
    """A revision cannot be had; the words say why."""


@frozen(repr=False)
class Revision:
    """A commit as it is checked out: `root` stands for the root of the repository at `original`."""

    commit: str
    root: Path
    original: Path

    def twin(self, path: Path) -> Path | None:
        """Where `path` of the work tree stands in the revision; None for one outside of the repository."""
        real = path.resolve()
        return self.root / real.relative_to(self.original) if real.is_relative_to(self.original) else None


@contextmanager
def checked_out(directory: Path, revision: str) -> Iterator[Revision]:
    """The files of `revision` of the repository around `directory`, for as long as the context lasts.

    `REV...` means the commit at which the current branch left REV. Nothing in the repository is written: the
    files go to a temporary directory by an index of their own. Raises `RevisionError`.
    """
    root = git_root(str(directory.resolve()))
    if root is None:
        raise RevisionError(f'"{directory}" is in no git repository')
    commit = _commit(root, revision)
    with TemporaryDirectory(prefix="meshlint-") as made:
        tree = Path(made).resolve() / "tree"
        (tree / ".git").mkdir(parents=True)  # the root of a repository, as far as reading it goes
        index = {"GIT_INDEX_FILE": str(Path(made) / "index")}
        _git(root, ["read-tree", commit], index)
        _git(root, ["checkout-index", "--all", "--force", "--quiet", f"--prefix={tree}{os.sep}"], index)
        yield Revision(commit, tree, Path(root))


def _commit(root: str, revision: str) -> str:
    """The commit that `revision` names; options cannot be passed off as one."""
    name = revision.removesuffix(_SINCE_FORK)
    try:
        commit = _git(root, ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"])
    except RevisionError as error:
        if name == "HEAD":  # before the first commit everything is new
            return _git(root, ["hash-object", "-t", "tree", "--stdin"])
        raise RevisionError(f'"{name}" is no revision of the git repository') from error
    return _git(root, ["merge-base", commit, "HEAD"]) if revision.endswith(_SINCE_FORK) else commit


def _git(root: str, arguments: Sequence[str], environment: dict[str, str] | None = None) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", root, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            env={**os.environ, **(environment or {})},
        )
    except subprocess.TimeoutExpired as error:
        raise RevisionError(f"git took longer than {_SECONDS:g} s") from error
    except OSError as error:
        raise RevisionError(f"git cannot be run: {error.strerror}") from error
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip()[:_MAX_MESSAGE]
        raise RevisionError(said or f"git {arguments[0]} ended with exit code {done.returncode}")
    return done.stdout.decode("utf-8", "surrogateescape").strip()
