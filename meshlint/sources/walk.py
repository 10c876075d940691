"""The walk through a directory tree: every manifest file once, whatever links and ignore files say.

Real directories come first and links to directories after them, in the order of their names. A directory that
was reached once is not entered again, so loops end, and which name a file gets does not depend on chance.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from heapq import heappop, heappush

from meshlint.sources.arguments import Place
from meshlint.sources.charts import CHART_FILE, Chart, chart_above, chart_at, chart_role
from meshlint.sources.display import display_path, is_within, printable
from meshlint.sources.gitignore import (
    GITIGNORE,
    IgnoreFile,
    git_root,
    inherited,
    is_ignored,
    read_ignore_file,
)
from meshlint.sources.model import PassedOver, Reason, SourceOptions
from meshlint.values import define, evolve, field, frozen

MANIFEST_SUFFIXES = (".yaml", ".yml", ".json")
KUSTOMIZATION_NAMES = frozenset({"kustomization.yaml", "kustomization.yml", "Kustomization"})
_BASELINE = "meshlint-baseline.json"
_VENDORED = frozenset({"node_modules", "vendor", "bower_components", "__pycache__"})
_VIRTUAL_ENVIRONMENT = "pyvenv.cfg"
_KUSTOMIZATION_HINT = "to check what kustomize renders instead of the plain files: meshlint check --kustomize"
_OUTSIDE_HINT = "a link that leaves the repository is not followed; name its target on the command line"


@frozen(repr=False)
class Candidate:
    """A file that may hold manifests: as reached (`location`), where it is (`real`), and how it is shown."""

    location: str
    real: str
    display: str
    named: bool = False
    linked: bool = False

    @property
    def rank(self) -> tuple[bool, bool, str]:
        """Of several names of one real file, the lowest is the one that is shown."""
        return not self.named, self.linked, self.display


@frozen(repr=False)
class Folder:
    """A directory on the walk with what it inherits from those above it."""

    location: str
    real: str
    display: str
    ignore_files: tuple[IgnoreFile, ...]
    chart: Chart | None
    linked: bool = False

    def below(self, name: str) -> str:
        """The display path of the entry `name`."""
        return printable(name) if self.display == "." else f"{self.display.rstrip('/')}/{printable(name)}"


@define(repr=False)
class Walk:
    """What walks have found so far, keyed by real path."""

    candidates: dict[str, Candidate] = field(factory=dict)
    passed_over: dict[str, PassedOver] = field(factory=dict)
    kustomizations: dict[str, Candidate] = field(factory=dict)
    complete: bool = True

    def add(self, candidate: Candidate) -> None:
        """Keep `candidate` unless the same real file is known by a better name."""
        known = self.candidates.get(candidate.real)
        if known is None or candidate.rank < known.rank:
            self.candidates[candidate.real] = candidate

    def place(self, candidate: Candidate, chart: Chart | None, options: SourceOptions) -> None:
        """File `candidate` under what it is: manifest, part of a chart, or kustomization."""
        name = os.path.basename(candidate.real)
        if name == _BASELINE:  # our own, and no manifest
            return
        if name in KUSTOMIZATION_NAMES:
            self.kustomizations.setdefault(os.path.dirname(candidate.real), candidate)
            hint = "" if options.kustomize else _KUSTOMIZATION_HINT
            self.leave(candidate.real, candidate.display, Reason.KUSTOMIZATION, hint=hint)
            return
        role = chart_role(candidate.real, chart) if chart else None
        if role is None or chart is None:
            self.add(candidate)
        else:
            self.leave(candidate.real, candidate.display, role, hint=_chart_hint(chart, options))

    def leave(self, real: str, display: str, reason: Reason, detail: str = "", hint: str = "") -> None:
        """Record that `real` is passed over."""
        self.passed_over.setdefault(real, PassedOver(display, reason, detail, hint))

    def merge(self, other: Walk) -> None:
        """Take over what another walk found."""
        for candidate in other.candidates.values():
            self.add(candidate)
        for real, entry in other.passed_over.items():
            known = self.passed_over.get(real)
            self.passed_over[real] = min(known, entry, key=lambda one: one.path) if known else entry
        for directory, candidate in other.kustomizations.items():
            self.kustomizations.setdefault(directory, candidate)
        self.complete = self.complete and other.complete


def _chart_hint(chart: Chart, options: SourceOptions) -> str:
    top = display_path(chart.top, str(options.directory))
    return f"render the chart: helm template {top} | meshlint check -"


def walk(root: Place, options: SourceOptions) -> Walk:
    """Everything at or below the directory `root`, in a tree that links may not leave (nor its git root)."""
    stop = git_root(root.real)
    walker = _Walker(options, boundary=stop or root.real)
    walker.run(_folder(root.real, root.location, root.display, options))
    return walker.found


def name_file(found: Walk, place: Place, options: SourceOptions) -> None:
    """Add a file that the user named, which no ignore file, hidden folder or suffix keeps out."""
    parent = os.path.dirname(place.real)
    folder = _folder(parent, parent, "", options)
    has_chart_file = os.path.isfile(os.path.join(parent, CHART_FILE))
    chart = chart_at(parent, folder.chart, has_chart_file=has_chart_file)
    candidate = Candidate(place.location, place.real, place.display, named=True)
    found.place(candidate, chart, options)


def _folder(
    real: str, location: str, display: str, options: SourceOptions, *, linked: bool = False
) -> Folder:
    stop = git_root(real)
    ignore_files = inherited(real, stop) if options.gitignore else ()
    return Folder(location, real, display, ignore_files, chart_above(real, stop), linked)


@define(repr=False)
class _Walker:
    options: SourceOptions
    boundary: str
    found: Walk = field(factory=Walk)
    visited: set[str] = field(factory=set)
    links: list[tuple[str, str, str]] = field(factory=list)

    def run(self, root: Folder) -> None:
        self._descend(root)
        while self.links:
            display, location, real = heappop(self.links)
            if real not in self.visited:
                self._descend(_folder(real, location, display, self.options, linked=True))

    def _descend(self, start: Folder) -> None:
        pending = [start]
        while pending:
            folder = pending.pop()
            if len(self.found.candidates) > self.options.max_files:
                self.found.complete = False
                return
            if folder.real not in self.visited:
                self.visited.add(folder.real)
                pending.extend(self._enter(folder))

    def _enter(self, folder: Folder) -> list[Folder]:
        """File the entries of `folder`, and return its directories."""
        try:
            with os.scandir(folder.location) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            self.found.leave(folder.real, folder.display + "/", Reason.UNREADABLE, error.strerror or "")
            return []
        names = {entry.name for entry in entries}
        if _VIRTUAL_ENVIRONMENT in names:
            return []
        inside = self._context(folder, names)
        directories = [self._file(entry, inside) for entry in entries if not entry.name.startswith(".")]
        return [directory for directory in reversed(directories) if directory]

    def _context(self, folder: Folder, names: Iterable[str]) -> Folder:
        own = read_ignore_file(folder.real) if self.options.gitignore and GITIGNORE in names else None
        chart = chart_at(folder.real, folder.chart, has_chart_file=CHART_FILE in names)
        if own is None and chart is folder.chart:
            return folder
        ignore_files = (*folder.ignore_files, own) if own else folder.ignore_files
        return evolve(folder, ignore_files=ignore_files, chart=chart)

    def _file(self, entry: os.DirEntry[str], folder: Folder) -> Folder | None:
        if entry.is_symlink():
            self._link(entry, folder)
        elif entry.is_dir(follow_symlinks=False):
            return self._directory(entry, folder)
        elif _is_manifest_name(entry.name):
            real = os.path.join(folder.real, entry.name)
            display = folder.below(entry.name)
            if is_ignored(real, folder.ignore_files):
                self.found.leave(real, display, Reason.IGNORED)
            else:
                candidate = Candidate(entry.path, real, display, linked=folder.linked)
                self.found.place(candidate, folder.chart, self.options)
        return None

    def _directory(self, entry: os.DirEntry[str], folder: Folder) -> Folder | None:
        if entry.name in _VENDORED:
            return None
        real = os.path.join(folder.real, entry.name)
        display = folder.below(entry.name)
        if is_ignored(real + "/", folder.ignore_files):
            self.found.leave(real, display + "/", Reason.IGNORED)
            return None
        return evolve(folder, location=entry.path, real=real, display=display)

    def _link(self, entry: os.DirEntry[str], folder: Folder) -> None:
        display = folder.below(entry.name)
        own = os.path.join(folder.real, entry.name)
        target = os.path.realpath(entry.path)
        to_directory = os.path.isdir(target)
        if not (to_directory or _is_manifest_name(entry.name)):
            return
        if is_ignored(own, folder.ignore_files):
            self.found.leave(own, display, Reason.IGNORED)
        elif not os.path.exists(target):
            self.found.leave(own, display, Reason.BROKEN_SYMLINK, "the link leads to nothing")
        elif not is_within(target, self.boundary):
            self.found.leave(own, display, Reason.OUTSIDE, hint=_OUTSIDE_HINT)
        elif to_directory:
            heappush(self.links, (display, entry.path, target))
        else:
            self.found.place(Candidate(entry.path, target, display, linked=True), folder.chart, self.options)


def _is_manifest_name(name: str) -> bool:
    return name.lower().endswith(MANIFEST_SUFFIXES) or name in KUSTOMIZATION_NAMES
