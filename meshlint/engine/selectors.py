"""The words with which users name rules: id, name, prefix of an id, profile, ALL."""

from __future__ import annotations

from collections.abc import Iterable

from meshlint.engine.catalogue import Catalogue
from meshlint.engine.rule import Profile, Rule
from meshlint.engine.usage import Mistake, UsageError, did_you_mean
from meshlint.values import frozen, regex

_PREFIX = regex(r"([A-Z]+)([0-9]{0,3})")
_EXACT = 100


@frozen(repr=False)
class Selector:
    """A word that names rules, and how closely: of two words for one rule the closer decides."""

    word: str
    rules: frozenset[str]
    closeness: int


def selectors(words: Iterable[str], catalogue: Catalogue) -> tuple[Selector, ...]:
    """What `words` name; raises `UsageError` that lists the words which name nothing."""
    found = [(word, selector(word, catalogue)) for word in words]
    unknown = [word for word, named in found if named is None]
    if unknown:
        raise UsageError(*(Mistake(*unknown_selector(word, catalogue)) for word in unknown))
    return tuple(named for _, named in found if named is not None)


def selector(word: str, catalogue: Catalogue) -> Selector | None:
    """What `word` names, or None."""
    rule = catalogue.find(word)
    if rule is not None:
        return Selector(word, frozenset({rule.id}), _EXACT)
    if word.upper() == "ALL":
        return Selector(word, frozenset(rule.id for rule in catalogue.rules), 0)
    if word.lower() in list(Profile):
        profile = Profile(word.lower())
        return Selector(word, frozenset(r.id for r in catalogue.rules if r.in_profile(profile)), 1)
    return _prefix(word.upper(), catalogue)


def unknown_selector(word: str, catalogue: Catalogue, *, guess: bool = True) -> tuple[str, str]:
    """What to say of a word that names no rule, and a hint, with `guess` at what may be meant."""
    known = [word for rule in catalogue.rules for word in (rule.id, rule.name)] if guess else []
    known += [*catalogue.families, *Profile, "ALL"] if guess else []
    hint = did_you_mean(word, known) or "`meshlint rules` lists all rules."
    return f'"{word}" names no rule', hint


def closest(rule: Rule, named: Iterable[Selector]) -> int:
    """How closely the closest of the selectors names `rule`; -1 if none does."""
    return max((selector.closeness for selector in named if rule.id in selector.rules), default=-1)


def _prefix(word: str, catalogue: Catalogue) -> Selector | None:
    match = _PREFIX.fullmatch(word)
    if match is None or match.group(1) not in catalogue.families:
        return None
    rules = frozenset(rule.id for rule in catalogue.rules if rule.id.startswith(word))
    if match.group(2) and not rules:
        return None
    return Selector(word, rules, 2 + len(match.group(2)))
