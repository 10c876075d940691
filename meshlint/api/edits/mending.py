"""Mend findings: try the edits, look at the whole set again, and keep those that do what they claim."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from meshlint.api.edits.attempts import Attempt, Key, Place, State, key_of
from meshlint.api.edits.blame import Blame, blame
from meshlint.api.edits.editing import Edited, between, on_the_ground, rewritten, texts_after
from meshlint.api.reading.project import Project
from meshlint.engine.finding import Finding
from meshlint.fixes import changes_of
from meshlint.sources import SourceSet
from meshlint.values import frozen

_MOST_LOOKS = 60
"""How often the set is looked at; what is left then is left alone."""
_MOST_ROUNDS = 5

Look = Callable[[SourceSet, "Project | None"], "tuple[Project, tuple[Finding, ...]]"]
"""Reads and checks a set of sources: the project and all of its findings, none of them grouped. What is the
same in an earlier project need not be read again.
"""


@frozen(repr=False)
class Mended:
    """What was mended: the attempts that were kept and those that were not, and the files before and after.

    `refused` would not have mended what they are for, or would have caused something else.
    """

    kept: tuple[Attempt, ...] = ()
    refused: tuple[Attempt, ...] = ()
    files: tuple[Edited, ...] = ()


class _Bench:
    """Where attempts are tried; it counts how often the set was looked at."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self.looks = 0
        self.failed: dict[frozenset[Attempt], Blame] = {}

    def state(self, sources: SourceSet, earlier: State | None = None) -> State:
        """The set as it is with these sources, many of them those of an earlier state."""
        self.looks += 1
        return State(sources, *self.look(sources, None if earlier is None else earlier.project))

    def settle(self, base: State, attempts: Sequence[Attempt]) -> tuple[State, list[Attempt]]:
        """The set with as many of the attempts as do what they claim, and these.

        All are tried at once. Where that fails, those come first that nothing speaks against, then the
        others, object by object. Their characters count in the texts of `base`, so what was kept already is
        tried anew with the next.
        """
        self.failed.clear()
        return self._settled(base, base, [], attempts)

    def _settled(
        self, base: State, now: State, kept: list[Attempt], attempts: Sequence[Attempt]
    ) -> tuple[State, list[Attempt]]:
        if not attempts:
            return now, kept
        tried = self._tried(base, [*kept, *attempts])
        if isinstance(tried, State):
            return tried, [*kept, *attempts]
        if len(attempts) == 1 or tried is None:
            return now, kept
        suspects = tried.suspects(attempts)
        rest = [one for one in attempts if one not in tried.charges]
        if len(rest) == len(attempts):
            return self._in_parts(base, now, kept, _halves(attempts))
        if not rest and len(suspects) == len(suspects[0]) == 1:
            return self._in_parts(base, now, kept, _by_document(base, attempts))
        now, held = self._settled(base, now, kept, rest)
        if len(held) < len(kept) + len(rest):
            return self._settled(base, now, held, [one for one in attempts if one in tried.charges])
        for alike in suspects:
            now, held = self._one_for_all(base, now, held, alike)
        return now, held

    def _one_for_all(
        self, base: State, now: State, kept: list[Attempt], alike: Sequence[Sequence[Attempt]]
    ) -> tuple[State, list[Attempt]]:
        """With those of groups that can be kept: where nothing can of the first, no other is tried.

        Each of them was accused alike of what is wrong at its own place. Tried by itself, the first shows
        whether it is the cause of that.
        """
        first, *others = alike
        now, held = self._settled(base, now, kept, first)
        known = self.failed.get(frozenset([*kept, *first]))
        if len(held) == len(kept) and known is not None and known.is_of(first):
            return now, held
        return self._settled(base, now, held, [one for group in others for one in group])

    def _in_parts(
        self, base: State, now: State, kept: list[Attempt], parts: Iterable[Sequence[Attempt]]
    ) -> tuple[State, list[Attempt]]:
        for part in parts:
            now, kept = self._settled(base, now, kept, part)
        return now, kept

    def _tried(self, base: State, attempts: Sequence[Attempt]) -> State | Blame | None:
        """The set with these attempts, or who is to blame for what is wrong with it.

        None once the set was looked at too often. Nobody in particular is to blame where the characters do
        not mean what they say.
        """
        name = frozenset(attempts)
        if name in self.failed:
            return self.failed[name]
        if self.looks >= _MOST_LOOKS:
            return None
        changes = [change for attempt in attempts for change in attempt.changes]
        texts = texts_after(base.sources, changes, [fix for one in attempts for fix in one.fixes])
        if texts is None:
            return self.failed.setdefault(name, Blame({}, unexplained=True))
        after = self.state(rewritten(base.sources, texts), base)
        found = blame(base, after, attempts)
        return after if found is None else self.failed.setdefault(name, found)


def _halves(attempts: Sequence[Attempt]) -> list[Sequence[Attempt]]:
    half = len(attempts) // 2
    return [attempts[:half], attempts[half:]]


def _by_document(base: State, attempts: Sequence[Attempt]) -> list[Sequence[Attempt]]:
    """Attempts in parts: those about a document together; or two halves, where all are about one."""
    parts: dict[Place, list[Attempt]] = {}
    for one in attempts:
        parts.setdefault(base.place(one.finding.location), []).append(one)
    return list(parts.values()) if len(parts) > 1 else _halves(attempts)


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
        found = [one for one in fresh(state.findings) if one.fix is not None and key_of(one) not in refused]
        attempts = _apart(_attempt(state, one) for one in found)
        state, done = bench.settle(state, attempts)
        kept += done
        refused |= {key_of(one.finding): one for one in attempts if one not in done}
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


def _attempt(state: State, finding: Finding) -> Attempt | None:
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
