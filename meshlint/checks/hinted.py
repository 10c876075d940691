"""What a hint spells out is what mends the hit."""

from __future__ import annotations

from meshlint.checks.hit import Hit
from meshlint.checks.mending import Fix, Replace
from meshlint.documents import Field
from meshlint.resources.schema.words.names import misspells
from meshlint.values import regex

_MEANT = regex(r"""Did you mean (?P<quote>['"`])(?P<name>[^'"`]+)(?P=quote)\?""")
_WRITE = regex(r"""Write (?P<quote>['"`])(?P<name>[^'"`: ]+)(?P=quote)\.""")
_CASES = {"Write it in capitals.": str.upper, "Write it in lower case.": str.lower}
_DOUBTFUL = ("AUTHZ", "MTLS")
"""Families in which a name decides who gets in: which one was meant is for a person to say."""


def hinted(hit: Hit, rule: str) -> Fix | None:
    """The fix that the hint of a hit spells out: the one name that was meant, or the very value to write.

    A name that is far from what is written is a guess, and one that lets callers in is not ours to choose.
    """
    at, hint = hit.at, hit.hint or ""
    if not isinstance(at, Field) or not isinstance(at.value, str) or hit.on_key:
        return None
    case = _CASES.get(hint)
    if case is not None:
        return _replaced(at, case(at.value))
    safe = not rule.startswith(_DOUBTFUL)
    meant, written = _MEANT.match(hint), _WRITE.fullmatch(hint)
    if meant is not None:
        near = misspells(at.value, meant["name"], shortest=4 if safe else 3)
        return _replaced(at, meant["name"], safe=safe) if near else None
    return _replaced(at, written["name"], safe=safe) if written is not None else None


def _replaced(at: Field, value: str, *, safe: bool = True) -> Fix:
    return Fix(f'write "{value}" for "{at.value}"', (Replace(at, value),), safe)
