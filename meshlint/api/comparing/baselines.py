"""The baseline of a run: which file it is, what it was made of, and how it is written."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from meshlint.api.comparing.baseline_files import baseline_file
from meshlint.api.requests.request import Asked
from meshlint.engine.baseline import BASELINE_NAME, Baseline, Entry, baseline_text, entries_of, hold
from meshlint.engine.baseline.file import read_baseline
from meshlint.engine.baseline.model import entry_of
from meshlint.engine.config.discovery import upwards
from meshlint.engine.finding import Finding
from meshlint.engine.outcome import Before
from meshlint.engine.plan import Plan
from meshlint.engine.suppression.acceptance import Acceptance, Way
from meshlint.engine.usage import Mistake, UsageError, did_you_mean
from meshlint.resources import ResourceSet
from meshlint.sources import display_path
from meshlint.values import evolve, frozen

_SHORTEST = 4
"""How many characters of an id name an entry."""


@frozen(repr=False)
class Rewritten:
    """What writing a baseline changed: its display path, what it holds now, what came and what went."""

    file: str
    entries: tuple[Entry, ...]
    added: tuple[Entry, ...] = ()
    removed: tuple[Entry, ...] = ()


def new_baseline_file(asked: Asked) -> Path:
    """Where a baseline is written: over the one that counts, else beside the configuration, else at the root
    of the git work tree, else where the user stands.
    """
    found = baseline_file(evolve(asked, request=evolve(asked.request, no_baseline=False)))
    if found is not None:
        return found
    if asked.config.directory is not None:
        return asked.config.directory / BASELINE_NAME
    here = asked.request.directory
    return next((one for one in upwards(here.resolve()) if (one / ".git").exists()), here) / BASELINE_NAME


def baseline_of(asked: Asked) -> Baseline | None:
    """The baseline that holds findings of a run back; none where no acceptance is to count."""
    file = baseline_file(asked)
    if file is None or (asked.request.no_ignores and asked.request.baseline is None):
        return None
    return read_baseline(file, _shown(file, asked))


def judging(asked: Asked, plan: Plan, objects: ResourceSet, baseline: Baseline) -> Callable[[Entry], bool]:
    """Whether a run could have found what an entry holds: its rule ran, and its object or all was read."""
    running = {rule.id for rule in plan.rules}
    known = {rule.id for rule in plan.catalogue.rules}
    names = {str(one.id) for one in objects.resources}
    whole = _is_covered(baseline.paths, scope(asked, baseline.file))

    def judged(entry: Entry) -> bool:
        if asked.request.changed or (entry.rule in known and entry.rule not in running):
            return False
        return whole or entry.object in names

    return judged


def scope(asked: Asked, file: str) -> tuple[str, ...]:
    """The paths of a run as seen from the directory of the baseline `file`, a display path."""
    here = asked.request.directory.resolve()
    base = (here / file).parent.resolve()
    told = {Path(os.path.relpath(here / path, base)).as_posix() for path in asked.paths if path != "-"}
    return tuple(sorted(told))


def rewritten(
    asked: Asked, findings: Sequence[Finding], plan: Plan, objects: ResourceSet, *, prune: bool
) -> Rewritten:
    """Write the baseline anew with all of `findings`, or with `prune` only without what is gone.

    What people wrote into entries stays, and so does what this run could not have found.
    """
    file = new_baseline_file(asked)
    shown = _shown(file, asked)
    if prune and not file.is_file():
        raise UsageError(Mistake("does not exist, so there is nothing to prune", file=shown))
    before = read_baseline(file, shown) if file.is_file() else Baseline(file=shown)
    held = hold(findings, before, date.min, judging(asked, plan, objects, before))
    if prune:
        gone = set(held.gone)
        after = evolve(before, entries=tuple(one for one in before.entries if one not in gone))
        _write(file, shown, after)
        return Rewritten(shown, after.entries, removed=held.gone)
    kept = [evolve(entry_of(f), why=e.why, until=e.until) for f, e in zip(held.held, held.by, strict=True)]
    added = entries_of(held.new)
    paths = {*before.paths, *scope(asked, shown)}
    entries = tuple(sorted([*kept, *held.unseen, *added]))
    _write(file, shown, Baseline(entries, tuple(sorted(paths))))
    return Rewritten(shown, entries, added, held.gone)


def accepted(asked: Asked, words: Mapping[str, str], until: date | None) -> Rewritten:
    """Write into the baseline why findings are accepted, `words` giving the reason by entry or by rule.

    An entry is named by its id or the first characters of it; raises `UsageError` where one is named that
    does not exist.
    """
    file = new_baseline_file(asked)
    shown = _shown(file, asked)
    before = read_baseline(file, shown)
    reasons: dict[Entry, str] = {}
    for name, why in words.items():
        reasons |= dict.fromkeys(_named(name, before.entries, shown), why)
    changed = {entry: evolve(entry, why=why, until=until) for entry, why in reasons.items()}
    entries = tuple(sorted(changed.get(entry, entry) for entry in before.entries))
    _write(file, shown, evolve(before, entries=entries))
    return Rewritten(shown, entries, added=tuple(sorted(changed.values())))


def acceptances_of(before: Before | None) -> Iterator[Acceptance]:
    """What the baseline of a run accepts, entry by entry."""
    if before is None:
        return
    for finding, entry in zip(before.held, before.by, strict=True):
        yield _acceptance(entry, findings=frozenset({finding.fingerprint}))
    for entry in before.expired:
        yield _acceptance(entry, is_over=True)
    for entry in before.gone:
        yield _acceptance(entry)
    for entry in before.unseen:
        yield _acceptance(entry, could_be_used=False)


def _acceptance(entry: Entry, **more: Any) -> Acceptance:
    about = entry.object or entry.says
    return Acceptance(Way.BASELINE, entry.place, entry.rule, about, entry.why, entry.until, **more)


def _named(name: str, entries: Iterable[Entry], shown: str) -> list[Entry]:
    """The entries that an id, the beginning of one id, or a rule names."""
    entries = list(entries)
    found = [one for one in entries if name in (one.id, one.cause) or one.rule == name.upper()]
    found = found or [one for one in entries if len(name) >= _SHORTEST and one.id.startswith(name.lower())]
    if not found:
        hint = did_you_mean(name, {word for one in entries for word in (one.id, one.rule)})
        raise UsageError(Mistake(f'"{name}" is neither an id nor a rule in the baseline', hint, shown))
    if len({one.cause for one in found}) > 1 and not any(one.rule == name.upper() for one in found):
        raise UsageError(Mistake(f'"{name}" begins several ids in the baseline', "Write more of it.", shown))
    return found


def _write(file: Path, shown: str, baseline: Baseline) -> None:
    """Whole or not at all: a run that is stopped leaves the file as it was."""
    made = file.with_name(f".{file.name}.new")
    try:
        made.write_text(baseline_text(baseline), "utf-8", errors="backslashreplace", newline="\n")
        made.replace(file)
    except OSError as error:
        raise UsageError(Mistake(f"cannot be written: {error.strerror}", file=shown)) from error


def _is_covered(paths: Sequence[str], by: Sequence[str]) -> bool:
    """Whether all that `paths` name lies in what `by` names, both seen from one directory."""
    return bool(paths) and all(any(_lies_in(path, one) for one in by) for path in paths)


def _lies_in(path: str, base: str) -> bool:
    return path == base or (base == "." and not path.startswith("..")) or path.startswith(f"{base}/")


def _shown(file: Path, asked: Asked) -> str:
    return display_path(str(file), str(asked.request.directory), absolute=False)
