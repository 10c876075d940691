"""Hold findings against suppressions, and suppressions against findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import date
from itertools import islice

from meshlint.engine.catalogue import Catalogue
from meshlint.engine.plan import Plan
from meshlint.engine.raised import Raised, location_of
from meshlint.engine.selectors import selector
from meshlint.engine.suppression.acceptance import Acceptance, Way
from meshlint.engine.suppression.comments import target
from meshlint.engine.suppression.model import Suppression
from meshlint.engine.suppression.remarks import expired, malformed, unexplained, unknown_word, unused
from meshlint.values import frozen

_MOST_GUESSED = 20
"""Of how many unknown words it is said which rule may be meant: comparing takes long."""


_Active = Mapping[tuple[str, int], Sequence["_Word"]]


@frozen(eq=False, repr=False)
class Verdict:
    """The findings that are left, those that are suppressed, what is to say of the suppressions, and their
    list.
    """

    kept: tuple[Raised, ...]
    suppressed: tuple[Raised, ...]
    remarks: tuple[Raised, ...]
    acceptances: tuple[Acceptance, ...] = ()


@frozen(eq=False, repr=False)
class _Word:
    """One word of one suppression, and the rules that it names: None if it names none."""

    suppression: Suppression
    word: str
    rules: frozenset[str] | None


def apply(found: Sequence[Raised], suppressions: Sequence[Suppression], plan: Plan, today: date) -> Verdict:
    """Part `found` by `suppressions` as they count on the day `today`."""
    named = _Names(plan.catalogue)
    words = [entry for suppression in suppressions for entry in _words(suppression, named)]
    active = _by_place(entry for entry in words if not _is_over(entry.suppression, today))
    used: dict[_Word, set[str]] = {}
    kept: list[Raised] = []
    suppressed: list[Raised] = []
    for raised in found:
        covering = _covering_either(active, raised)
        for entry in covering:
            used.setdefault(entry, set()).add(raised.finding.fingerprint)
        (suppressed if covering else kept).append(raised)
    remarks = [*_remarks_on_notes(suppressions, plan, today)]
    remarks += _remarks_on_words(words, used.keys(), plan, today)
    accepted = tuple(_acceptance(entry, used.get(entry, ()), plan, today) for entry in words if entry.rules)
    return Verdict(tuple(kept), tuple(suppressed), tuple(remarks), accepted)


def _acceptance(entry: _Word, covered: Iterable[str], plan: Plan, today: date) -> Acceptance:
    note = entry.suppression
    rules = entry.rules or frozenset()
    return Acceptance(
        way=_way(note),
        place=location_of(note.at),
        word=entry.word or ", ".join(sorted(rules)),
        about=str(note.resource.id) if note.resource is not None else note.about,
        why=note.reason if note.own else "in the words of another tool",
        until=note.expires,
        findings=frozenset(covered),
        could_be_used=note.judged and any(plan.rule(id) is not None for id in rules),
        is_over=_is_over(note, today),
    )


def _way(note: Suppression) -> Way:
    if note.resource is not None:
        return Way.ANNOTATION
    return Way.COMMENT if note.file else Way.CONFIGURATION


class _Names:
    """What words name, each looked up once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._rules: dict[str, frozenset[str] | None] = {}

    def rules(self, word: str) -> frozenset[str] | None:
        """The rules that a word names; None if it names none."""
        if word not in self._rules:
            named = selector(word, self._catalogue)
            self._rules[word] = named.rules if named is not None else None
        return self._rules[word]


def _words(suppression: Suppression, named: _Names) -> Iterator[_Word]:
    if suppression.rules:
        yield _Word(suppression, "", suppression.rules)
    for word in suppression.words if not suppression.malformed else ():
        yield _Word(suppression, word, named.rules(word))


def _by_place(words: Iterable[_Word]) -> dict[tuple[str, int], list[_Word]]:
    """Words by the file and line that they may speak of, 0 for any: a finding meets only these few."""
    places: dict[tuple[str, int], list[_Word]] = {}
    for entry in words:
        places.setdefault((entry.suppression.file, entry.suppression.line), []).append(entry)
    return places


def _covering_either(active: _Active, raised: Raised) -> list[_Word]:
    """The words that cover a finding at its own place, or at the other one of two that it tells of."""
    if not active:
        return []
    beyond = [] if raised.mirrored is None else _covering(active, raised.mirrored)
    return list(dict.fromkeys([*_covering(active, raised), *beyond]))


def _covering(active: _Active, raised: Raised) -> list[_Word]:
    here = target(raised)
    files = {"", raised.finding.location.file}
    if raised.hit.resource is not None:
        files.add(raised.hit.resource.document.file)
    return [
        entry
        for file in sorted(files)
        for line in sorted({0, here.object_line, *here.lines})
        for entry in active.get((file, line), ())
        if entry.rules is not None and raised.rule.id in entry.rules and entry.suppression.covers(here)
    ]


def _is_over(suppression: Suppression, today: date) -> bool:
    return suppression.expires is not None and suppression.expires < today


def _remarks_on_notes(suppressions: Sequence[Suppression], plan: Plan, today: date) -> Iterator[Raised]:
    for suppression in suppressions:
        if suppression.malformed:
            yield from malformed(plan, suppression)
        elif suppression.own and _is_over(suppression, today):
            yield from expired(plan, suppression)
        elif suppression.own and not suppression.reason:
            yield from unexplained(plan, suppression)


def _remarks_on_words(words: Sequence[_Word], used: Set[_Word], plan: Plan, today: date) -> Iterator[Raised]:
    running = {rule.id for rule in plan.rules}
    unknown = dict.fromkeys(entry.word for entry in words if entry.rules is None)
    guessed = set(islice(unknown, _MOST_GUESSED))
    for entry in words:
        note = entry.suppression
        could_be_used = note.own and note.judged and not _is_over(note, today)
        if entry.rules is None:
            yield from unknown_word(plan, note, entry.word, guess=entry.word in guessed)
        elif could_be_used and entry not in used and entry.rules & running:
            yield from unused(plan, note, entry.word)
