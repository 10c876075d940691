"""The values that the sources room hands out: files with their bytes, and what was left out and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from pathlib import Path

from meshlint.values import field, frozen

STDIN_NAME = "<stdin>"
TEMPLATE_HINT = "render the templates and give meshlint what comes out: <renderer> | meshlint check -"
MEBIBYTE = 1024 * 1024


class Origin(Enum):
    """How the bytes of a source were obtained."""

    FILE = "file"
    STDIN = "stdin"
    KUSTOMIZE = "kustomize"


class Reason(Enum):
    """Why a file that was come across is not part of the set.

    `TEMPLATE` and `NO_OBJECT` can only be told by who understands the text, further on.
    """

    HELM_TEMPLATE = "helm-template"
    HELM_CHART_FILE = "helm-chart-file"
    TEMPLATE = "template"
    NO_OBJECT = "no-object"
    KUSTOMIZATION = "kustomization"
    KUSTOMIZE_PATCH = "kustomize-patch"
    KUSTOMIZE_RENDERED = "kustomize-rendered"
    KUSTOMIZE_FAILED = "kustomize-failed"
    IGNORED = "ignored-by-gitignore"
    EXCLUDED = "excluded-by-configuration"
    OUTSIDE = "outside"
    TOO_LARGE = "too-large"
    UNREADABLE = "unreadable"
    BROKEN_SYMLINK = "broken-symlink"
    SPECIAL_FILE = "special-file"

    @property
    def is_problem(self) -> bool:
        """Whether the reader should hear of it as something to mend, not only as a count."""
        return self in _PROBLEMS


_PROBLEMS = frozenset(
    {
        Reason.KUSTOMIZE_FAILED,
        Reason.TOO_LARGE,
        Reason.UNREADABLE,
        Reason.BROKEN_SYMLINK,
        Reason.SPECIAL_FILE,
    }
)


@frozen(repr=False)
class SourceFile:
    """One source of manifests.

    `path` is how reports name it: with forward slashes, relative to the current directory when the file is
    below it, free of control characters; `<stdin>` for standard input, `kustomize:<directory>` for rendered
    output. `place` is where it is on disk, `None` where it is not.
    """

    path: str
    data: bytes
    place: str | None = None
    origin: Origin = Origin.FILE

    @property
    def location(self) -> Path | None:
        """The place on disk: a path is made of it for the few files that are opened again."""
        return None if self.place is None else Path(self.place)


@frozen(repr=False)
class PassedOver:
    """A file (or, with a trailing slash, a directory) that is not part of the set.

    `detail` says what was seen (a size, an error of the operating system); `hint` is one sentence on what to
    do about it, the same for all files it applies to, or empty.
    """

    path: str
    reason: Reason
    detail: str = ""
    hint: str = ""


@frozen(repr=False)
class MissingPath:
    """A path or glob that the user gave and that leads to nothing; `suggestion` is the nearest name."""

    path: str
    suggestion: str | None = None


@frozen(repr=False)
class References:
    """What a kustomization file names, as paths relative to its own directory.

    `resources` are files and directories it includes whole (resources, bases, components), `patches` are
    files that hold partial objects. `buildable` is false for a Component, which only another kustomization
    can use.
    """

    resources: frozenset[str] = frozenset()
    patches: frozenset[str] = frozenset()
    buildable: bool = True


KustomizationReader = Callable[[bytes], References]


@frozen(repr=False)
class SourceOptions:
    """How to collect sources.

    `directory` is the directory that relative paths start from and that display paths are relative to.
    `max_bytes` bounds one file, `max_files` and `max_total_bytes` the whole set; `render_seconds` and
    `max_rendered_bytes` bound one run of kustomize. `helm` says whether the user's own helm may render
    charts, `helm_values` with what. `read_kustomization` understands a kustomization file; without it, patch
    files are not told apart from manifests.
    """

    directory: Path = field(factory=Path.cwd)
    gitignore: bool = True
    kustomize: bool = False
    helm: bool = True
    helm_values: tuple[Path, ...] = ()
    read_kustomization: KustomizationReader | None = None
    max_bytes: int = 16 * MEBIBYTE
    max_files: int = 100_000
    max_total_bytes: int = 1024 * MEBIBYTE
    max_rendered_bytes: int = 64 * MEBIBYTE
    render_seconds: float = 60.0


@frozen(repr=False)
class SourceSet:
    """All sources of one run, in an order that depends on names alone.

    `missing` are paths the user gave that do not exist, `problems` are sentences on what could not be done as
    asked; both are mistakes in the call rather than in a manifest.
    """

    files: tuple[SourceFile, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
    missing: tuple[MissingPath, ...] = ()
    problems: tuple[str, ...] = ()
    directory: Path = field(factory=Path.cwd)
    changed: Mapping[str, bytes] = field(factory=dict)
    """What files hold that on disk hold something else, by path: edits that are not written yet."""
    rendered: bool = False
    """Whether kustomize itself has rendered what it could."""
    helm: bool = True
    helm_values: tuple[str, ...] = ()
    """Whether helm may render charts, and the files of values to do it with, as paths from `directory`."""

    @property
    def hints(self) -> tuple[str, ...]:
        """What to do about files that were passed over, each sentence once."""
        return tuple(dict.fromkeys(entry.hint for entry in self.passed_over if entry.hint))
