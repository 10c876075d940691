"""What the API server and the webhooks both say of an object is one mistake: who tells it?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from meshlint.admission.istio.vocabulary.mistake import GENERAL, Mistake
from meshlint.admission.remark import Judge
from meshlint.resources.fragments import names_a_patch
from meshlint.resources.schema.violation import Reason
from meshlint.values import frozen

if TYPE_CHECKING:
    from meshlint.admission.remark import Remark
    from meshlint.admission.verdict import Verdict
    from meshlint.resources import Resource
    from meshlint.resources.schema.violation import Path, Violation

WHOLE: Final = frozenset({Reason.WRONG_TYPE, Reason.BAD_ENUM, Reason.UNKNOWN_FIELD})
"""What makes nothing below a field worth a word."""
LACKING: Final = frozenset({Reason.MISSING_FIELD, Reason.NONE_OF_GROUP})
"""What an object that is merged into another one may leave out."""


@frozen(eq=False, repr=False)
class Told:
    """What is told of one object: each mistake once."""

    resource: Resource
    violations: tuple[Violation, ...]
    remarks: tuple[Remark, ...]


def told_once(verdict: Verdict) -> Told:
    """What of a verdict is told.

    The API server asks the webhooks only about what its schemas let pass. Where a webhook speaks of the same
    field, the schema tells it, unless the webhook's mistake has a rule of its own that knows more of it.
    What a patch lacks is no mistake.
    """
    left, kept = list(verdict.violations), []
    others = {remark.at.path for remark in verdict.remarks if remark.mistake != Mistake.SELECTS_ALL}
    for remark in verdict.remarks:
        if remark.judge is Judge.ISTIOD:
            same = [violation for violation in left if _is_same(verdict.resource, remark, violation)]
            # Where a selector has no place at all, it does not matter that it has no labels.
            needless = remark.mistake == Mistake.SELECTS_ALL and remark.at.path in others
            needless = needless or _follows(verdict, remark) or bool(same and remark.mistake in GENERAL)
        else:
            same = [violation for violation in left if _is_around(verdict.resource, remark, violation)]
            needless = bool(same) and not remark.knows_more
        if needless:
            continue
        kept.append(remark)
        left = [violation for violation in left if violation not in same] if remark.refuses else left
    if names_a_patch(verdict.resource.document.file):
        left = [violation for violation in left if violation.reason not in LACKING]
        kept = [remark for remark in kept if remark.mistake != Mistake.MISSING]
    return Told(verdict.resource, tuple(left), tuple(kept))


def _follows(verdict: Verdict, remark: Remark) -> bool:
    """Whether a webhook finds wanting what the schema says more of: a name or value that is written wrongly.

    Of a field with a slip in its name, and of a value that is none, the webhook sees nothing or the default.
    """
    depth = len(verdict.resource.field.path)
    at, *related = (field.path[depth:] for field in (remark.at, *remark.related))
    slips = [one for one in verdict.violations if one.reason in WHOLE]
    wrong = {one.path for one in slips if one.reason is not Reason.UNKNOWN_FIELD}
    inside = [one for one in slips if one.path[:-1] == at]
    misspelt = [one for one in inside if one.reason is Reason.UNKNOWN_FIELD and one.suggestion]
    return (
        _asks_for(remark, misspelt)
        or any(one.path in wrong for one in inside)
        or any(path in wrong for path in (at, *related))
    )


def _asks_for(remark: Remark, misspelt: list[Violation]) -> bool:
    """Whether a remark misses what is there under a misspelt name: it names it, or finds nothing else."""
    words = set(re.findall(r"\w+", f"{remark.message} {remark.hint}"))
    if any(not one.replacement or one.replacement in words for one in misspelt):
        return True
    value = remark.at.value
    return bool(misspelt) and isinstance(value, dict) and set(value) == {one.path[-1] for one in misspelt}


def _is_around(resource: Resource, remark: Remark, violation: Violation) -> bool:
    """Whether the definition of the kind refuses the field that is spoken of, or what holds it."""
    at = remark.at.path[len(resource.field.path) :]
    return violation.reason is not Reason.UNKNOWN_FIELD and at[: len(violation.path)] == violation.path


def _is_same(resource: Resource, remark: Remark, violation: Violation) -> bool:
    depth = len(resource.field.path)
    at, *related = (field.path[depth:] for field in (remark.at, *remark.related))
    if at in violation.related or violation.path in related:
        return True
    return _meets(at, violation.path, violation.reason)


def _meets(place: Path, told: Path, reason: Reason) -> bool:
    """Whether two paths are of one mistake: the same, or one step apart where a message lacks a field."""
    # A spec that is called otherwise is none.
    if place == ("spec",) and len(told) == 1 and reason is Reason.UNKNOWN_FIELD:
        return True
    if place[: len(told)] == told:
        return reason in WHOLE or len(place) - len(told) <= 1
    within = told[: len(place)] == place and len(told) - len(place) == 1
    return within and reason not in WHOLE
