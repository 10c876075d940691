"""Mend findings: try the edits, look at the whole set again, and keep those that do what they claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property

from meshlint.api.edits.editing import Edited, between, on_the_ground, rewritten, texts_after
from meshlint.api.reading.project import Project
from meshlint.checks.mending import Fix
from meshlint.engine.baseline.effect import effect
from meshlint.engine.finding import Finding
from meshlint.fixes import Change, changes_of
from meshlint.sources import SourceSet
from meshlint.values import frozen

_MOST_LOOKS = 60
"""How often the set is looked at; what is left then is left alone."""
_MOST_ROUNDS = 5

Look = Callable[[SourceSet, "Project | None"], "tuple[Project, tuple[Finding, ...]]"]
"""Reads and checks a set of sources: the project and all of its findings, none of them grouped. What is the
same in an earlier project need not be read again.
"""
Key = tuple[str, str, str]


@frozen(eq=False, repr=False)
class Attempt:
    """Findings, what would mend them together, and the characters that this means."""

    findings: tuple[Finding, ...]
    title: str
    changes: tuple[Change, ...]
    fixes: tuple[Fix, ...] = ()

    @property
    def finding(self) -> Finding:
        """The first of the findings."""
        return self.findings[0]


@frozen(repr=False)
class Mended:
    """What was mended: the attempts that were kept and those that were not, and the files before and after.

    `refused` would not have mended what they are for, or would have caused something else.
    """

    kept: tuple[Attempt, ...] = ()
    refused: tuple[Attempt, ...] = ()
    files: tuple[Edited, ...] = ()


@frozen(eq=False, slots=False, repr=False)
class _State:
    """A set of sources and what is found in it."""

    sources: SourceSet
    project: Project
    findings: tuple[Finding, ...]

    @cached_property
    def told(self) -> Counter[Key]:
        """How often what is said of which object."""
        return Counter(map(_key, self.findings))


class _Bench:
    """Where attempts are tried; it counts how often the set was looked at."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self.looks = 0

    def state(self, sources: SourceSet, earlier: _State | None = None) -> _State:
        """The set as it is with these sources, many of them those of an earlier state."""
        self.looks += 1
        return _State(sources, *self.look(sources, None if earlier is None else earlier.project))

    def settle(self, base: _State, attempts: Sequence[Attempt]) -> tuple[_State, list[Attempt]]:
        """The set with as many of the attempts as do what they claim, and these.

        All are tried at once; where that fails, those first that nothing speaks against, then the others, or
        one half and then the other. Their characters count in the texts of `base`, so what was kept already
        is tried anew with the next.
        """
        return self._settled(base, base, [], attempts)

    def _settled(
        self, base: _State, now: _State, kept: list[Attempt], attempts: Sequence[Attempt]
    ) -> tuple[_State, list[Attempt]]:
        if not attempts or self.looks >= _MOST_LOOKS:
            return now, kept
        after = self._tried(base, [*kept, *attempts])
        wrong = frozenset() if after is None else _wrong(base, after, [*kept, *attempts])
        if after is not None and not wrong:
            return after, [*kept, *attempts]
        if len(attempts) == 1:
            return now, kept
        first, second = _parted(attempts, wrong)
        now, kept = self._settled(base, now, kept, first)
        return self._settled(base, now, kept, second)

    def _tried(self, base: _State, attempts: Sequence[Attempt]) -> _State | None:
        """The set with these attempts; None where their characters do not mean what they say."""
        changes = [change for attempt in attempts for change in attempt.changes]
        texts = texts_after(base.sources, changes, [fix for one in attempts for fix in one.fixes])
        return None if texts is None else self.state(rewritten(base.sources, texts), base)


def _wrong(base: _State, after: _State, attempts: Iterable[Attempt]) -> frozenset[Key]:
    """What is said after attempts and should not be: what they were to mend, and what is new."""
    wanted = Counter(_key(finding) for attempt in attempts for finding in attempt.findings)
    new = {key for key, count in after.told.items() if count > base.told[key]}
    return frozenset(new | {key for key, n in wanted.items() if after.told[key] > base.told[key] - n})


def _parted(
    attempts: Sequence[Attempt], wrong: Collection[Key]
) -> tuple[Sequence[Attempt], Sequence[Attempt]]:
    """Attempts in two parts: those about other objects than what is `wrong` and the others, or two halves."""
    objects = {name for _rule, name, _effect in wrong}
    accused = [one for one in attempts if any(str(found.object) in objects for found in one.findings)]
    if 0 < len(accused) < len(attempts):
        return [one for one in attempts if one not in accused], accused
    half = len(attempts) // 2
    return attempts[:half], attempts[half:]


def mended(sources: SourceSet, look: Look, fresh: Callable[[Sequence[Finding]], Iterable[Finding]]) -> Mended:
    """`sources` with all fixes applied that findings of `fresh` have, as far as each does what it claims.

    A fix is kept if its finding is gone and nothing new is said, in any file. Fixes of one round may make the
    next ones possible.
    """
    bench = _Bench(look)
    first = state = bench.state(sources)
    kept: list[Attempt] = []
    refused: dict[Key, Attempt] = {}
    for _round in range(_MOST_ROUNDS):
        found = [one for one in fresh(state.findings) if one.fix is not None and _key(one) not in refused]
        attempts = _apart(_attempt(state, one) for one in found)
        state, done = bench.settle(state, attempts)
        kept += done
        refused |= {_key(one.finding): one for one in attempts if one not in done}
        if not done:
            break
    return Mended(tuple(kept), tuple(refused.values()), between(first.sources, state.sources))


def annotated(
    sources: SourceSet,
    look: Look,
    fresh: Callable[[Sequence[Finding]], Iterable[Finding]],
    attempt: Callable[[Project, Sequence[Finding]], Iterable[Attempt]],
) -> Mended:
    """`sources` with comments that accept the findings of `fresh`, as far as each does what it claims."""
    bench = _Bench(look)
    first = bench.state(sources)
    attempts = list(attempt(first.project, list(fresh(first.findings))))
    state, done = bench.settle(first, attempts)
    left = tuple(one for one in attempts if one not in done)
    return Mended(tuple(done), left, between(first.sources, state.sources))


def _attempt(state: _State, finding: Finding) -> Attempt | None:
    fix = finding.fix
    grounded = on_the_ground(fix, state.sources) if fix is not None else None
    changes = changes_of(grounded) if grounded is not None else None
    if fix is None or grounded is None or not changes:
        return None
    return Attempt((finding,), fix.title, changes, (grounded,))


def _apart(attempts: Iterable[Attempt | None]) -> list[Attempt]:
    """Those that touch different characters; the others wait for the next round."""
    chosen: list[Attempt] = []
    taken: set[tuple[str, int]] = set()
    for attempt in attempts:
        if attempt is None:
            continue
        touched = {
            (change.file, at) for change in attempt.changes for at in range(change.start, change.end + 1)
        }
        if not touched & taken:
            chosen.append(attempt)
            taken |= touched
    return chosen


def _key(finding: Finding) -> Key:
    """What is said of which object, whatever the names and numbers in it."""
    return finding.rule, str(finding.object), effect(finding.message)
