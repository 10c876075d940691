"""What other releases say of a mistake: does a later one take it, did an earlier one?"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from meshlint.resources.schema.deprecations import fields, stands_at
from meshlint.resources.schema.explain import REFUSED, Scene, explain
from meshlint.resources.schema.store.catalogue import Entry, built_in
from meshlint.resources.schema.store.releases import DEV, earlier, later, number, server, spans, told
from meshlint.resources.schema.store.store import variant_node, variant_of
from meshlint.resources.schema.violation import Reason, Violation
from meshlint.resources.schema.walk import walk
from meshlint.resources.schema.words.writing import quoted
from meshlint.values import evolve, frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from meshlint.resources.schema.fault import Fault
    from meshlint.resources.schema.store.releases import Releases
    from meshlint.resources.schema.store.store import SchemaStore
    from meshlint.resources.schema.violation import Path

_NAMES: Final = (Reason.UNKNOWN_FIELD, Reason.BAD_ENUM)
"""Faults of a field or value of its own, which a release has or has not."""

Mistakes = frozenset[tuple[Reason, "Path"]]


@frozen(slots=False, repr=False)
class History:
    """One object in the eyes of the releases of the project that owns its kind."""

    key: tuple[str, str, str]
    value: Any
    store: SchemaStore

    def brought_by(self, fault: Fault) -> str:
        """The next release that does not find a fault; "" where none takes the object as it is there.

        A fault that is no field or value of its own is only gone where nothing else has come in its place.
        """
        alone = fault.reason not in _NAMES
        for release, found in self._later:
            if _is_known(fault, found) and not (alone and found - self._own):
                return release
        return ""

    def taken_away_by(self, fault: Fault) -> str:
        """The release since which a fault is one; "" where all known ones find it."""
        since = ""
        for release, found in self._earlier:
            if _is_known(fault, found):
                return since
            since = release
        return ""

    @property
    def is_stated(self) -> bool:
        """Whether the release that counts was stated, or shown by the files, rather than assumed."""
        return self._serving is not None and self._serving[2] in self.store.releases

    def within(self, scene: Scene, fault: Fault) -> Iterator[Violation]:
        """What the development branch finds inside of a field that only it has."""
        if self._serving is None or fault.reason is not Reason.UNKNOWN_FIELD:
            return
        entry, row, project, _ = self._serving
        branch = variant_node(entry, row, variant_of(entry, row, project, DEV))
        depth = len(fault.path)
        for other in walk(branch, self.value):
            if len(other.path) >= depth and other.path[:depth] == fault.path:
                yield explain(scene.under(branch), other)

    @property
    def own(self) -> str:
        """The release that is meant, in words; "" where the kind belongs to no project."""
        return told(*self._serving[2:]) if self._serving else ""

    @cached_property
    def _serving(self) -> tuple[Entry, Entry, str, str] | None:
        group, version, kind = self.key
        entry, row = built_in().entry(group, kind), built_in().version(group, version, kind)
        if self.key in self.store.given or entry is None or row is None:
            return None
        serving = server(entry, row, self.store.releases)
        return (entry, row, *serving) if serving else None

    @cached_property
    def _own(self) -> Mistakes:
        return self._earlier[0][1] if self._earlier else frozenset()

    @cached_property
    def _later(self) -> list[tuple[str, Mistakes]]:
        if self._serving is None:
            return []
        return list(self._judged(later(*self._serving[2:])))

    @cached_property
    def _earlier(self) -> list[tuple[str, Mistakes]]:
        """The meant release and those before it, the newest first."""
        if self._serving is None:
            return []
        own = self._serving[3]
        return list(self._judged([own, *earlier(*self._serving[2:])]))

    def _judged(self, releases: Iterable[str]) -> Iterator[tuple[str, Mistakes]]:
        """What each release that serves the version finds; releases with one schema find the same."""
        if self._serving is None:
            return
        entry, row, project, _ = self._serving
        first, last = next((low, high) for name, low, high in spans(entry, row) if name == project)
        known: dict[int, Mistakes] = {}
        for release in releases:
            if not number(first) <= number(release) <= number(last):
                continue
            variant = variant_of(entry, row, project, release)
            if variant not in known:
                faults = walk(variant_node(entry, row, variant), self.value)
                known[variant] = frozenset((fault.reason, fault.path) for fault in faults)
            yield told(project, release), known[variant]


def _is_known(fault: Fault, found: Mistakes) -> bool:
    """Whether a release takes what a fault is about: it finds none there and knows the fields around."""
    around = {(Reason.UNKNOWN_FIELD, fault.path[:depth]) for depth in range(1, len(fault.path))}
    return (fault.reason, fault.path) not in found and not around & found


def through_releases(history: History, scene: Scene, fault: Fault) -> Iterator[Violation]:
    """A fault as what it is where another release takes the object as it stands.

    Where nobody said which release is meant, the newest one is a guess: what it does not know and the
    development branch does, or an older one did, is told for what it is, and what is within is judged there.
    """
    violation = explain(scene, fault)
    brought = history.brought_by(fault)
    gone = "" if brought or fault.reason not in _NAMES else history.taken_away_by(fault)
    if brought and not history.is_stated:
        yield _only_in_branch(violation, fault, brought, history.own)
        yield from history.within(scene, fault)
    elif brought:
        yield _newer(violation, fault, brought, history.own)
    elif gone and not history.is_stated:
        yield _gone(violation, fault, gone)
    else:
        text = f"{gone} took it away." if gone else ""
        yield evolve(violation, suggestion=" ".join(filter(None, (text, violation.suggestion))))


def _only_in_branch(violation: Violation, fault: Fault, brought: str, own: str) -> Violation:
    message = f"{_named(fault)} is only in {brought}, so {own} does not know it"
    if fault.reason not in _NAMES:
        message = (
            f"{violation.message.removesuffix(f', {REFUSED}')}, so {own} refuses it; only {brought} takes it"
        )
    return evolve(violation, reason=Reason.UNRELEASED, message=message, suggestion="", replacement="")


def _newer(violation: Violation, fault: Fault, brought: str, own: str) -> Violation:
    if fault.reason is Reason.UNKNOWN_FIELD:
        return newer_field(fault.path, str(fault.path[-1]), brought, own)
    message = violation.message.removesuffix(f", {REFUSED}")
    message = f"{message}, so {own} refuses it; {brought} takes it"
    return evolve(violation, reason=Reason.NEWER_VALUE, message=message, suggestion="", replacement="")


def _gone(violation: Violation, fault: Fault, gone: str) -> Violation:
    message = f"{_named(fault)} was taken away by {gone}, so it does nothing from there on"
    return evolve(violation, reason=Reason.TAKEN_AWAY, message=message)


def _named(fault: Fault) -> str:
    return quoted(fault.detail["value"] if fault.reason is Reason.BAD_ENUM else fault.path[-1])


def noted(notes: Iterable[Entry], value: Any, releases: Releases) -> Iterator[Violation]:
    """Fields newer than the meant release, as noted of releases whose definitions are not built in."""
    for path, inner in fields(value):
        for note in notes:
            if stands_at(note, path) and inner is not None:
                project, _, release = note["release"].rpartition(" ")
                own = told(project, ".".join(map(str, releases[project])))
                yield newer_field(path, str(path[-1]), told(project, release), own)


def newer_field(path: Path, name: str, release: str, own: str) -> Violation:
    """A field that the meant release does not know and a later one has."""
    return Violation(path, Reason.NEWER_FIELD, f"{quoted(name)} {new_in(release, own)}", on_key=True)


def new_in(release: str, own: str) -> str:
    """That a release brings something, and what comes of it at the one that is meant."""
    if release.startswith("the development branch"):
        return f"is only in {release}, so {own} does not know it"
    return f"is new in {release}, so {own} does not know it"
