"""What the engine says of suppressions that are unused, expired, unknown or unexplained."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.checks.hit import Hit
from meshlint.engine.plan import Plan
from meshlint.engine.raised import Raised, raise_hit
from meshlint.engine.selectors import unknown_selector
from meshlint.engine.suppression.model import Suppression

UNUSED = "HYGIENE020"
EXPIRED = "HYGIENE021"
UNKNOWN = "HYGIENE022"
UNEXPLAINED = "HYGIENE023"


def unused(plan: Plan, note: Suppression, word: str) -> Iterator[Raised]:
    """`word` covers no finding."""
    message = f'"{word}" is ignored here but not found, so the suppression only hides what may come'
    return _remark(plan, UNUSED, note, message, "Remove it.", word)


def expired(plan: Plan, note: Suppression) -> Iterator[Raised]:
    """The last day of `note` is over."""
    words = ", ".join(note.words)
    message = f'"{words}" was ignored here until {note.expires}, so its findings are told again'
    return _remark(plan, EXPIRED, note, message, "Mend the cause, or set a new day.", words)


def unknown_word(plan: Plan, note: Suppression, word: str, *, guess: bool) -> Iterator[Raised]:
    """`word` names no rule; with `guess` the hint says which one may be meant."""
    message, hint = unknown_selector(word, plan.catalogue, guess=guess)
    return _remark(plan, UNKNOWN, note, f"{message}, so it suppresses nothing", hint, word)


def malformed(plan: Plan, note: Suppression) -> Iterator[Raised]:
    """`note` cannot be understood."""
    hint = "Write `ignore[ID] reason` in a comment, `ID: reason` in an annotation; a day is YYYY-MM-DD."
    return _remark(plan, UNKNOWN, note, f"{note.malformed}, so it suppresses nothing", hint, note.malformed)


def unexplained(plan: Plan, note: Suppression) -> Iterator[Raised]:
    """`note` gives no reason."""
    words = ", ".join(note.words)
    message = f'"{words}" is ignored here without a reason, so nobody can tell whether it still may be'
    return _remark(plan, UNEXPLAINED, note, message, "Write the reason behind it.", words)


def _remark(plan: Plan, id: str, note: Suppression, message: str, hint: str, about: str) -> Iterator[Raised]:
    rule = plan.rule(id)
    if rule is not None:
        yield raise_hit(rule, Hit(note.at, message, resource=note.resource, hint=hint, about=about))
